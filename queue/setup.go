package queue

import (
	"slices"
	"strings"
)

// The names of things in a setup. They are short, stable and never shown to a
// citizen; renaming what people read does not change them.
type (
	ServiceID string // such as "anagrafe"
	DeskID    string // such as "s3"
	SeriesID  string // such as "A"
	OutletID  string // such as "totem"
	GroupID   string // such as "polifunzionali"
)

// A Setup is all that an office decides about itself: what it does, where, and
// by which rules. It is data in the journal; the wiring of the box is not here.
// The toml tags are the keys of an office's file, which faults are told by, and
// the form of a text there; queue/office reads and writes it.
type Setup struct {
	Office   Office    `json:"office" toml:"office"`
	Series   []Series  `json:"series" toml:"series"`
	Services []Service `json:"services" toml:"service"`
	Desks    []Desk    `json:"desks" toml:"desk"`
	Outlets  []Outlet  `json:"outlets" toml:"outlet"`
	Hours    Hours     `json:"hours" toml:"hours"`
	Rules    Rules     `json:"rules" toml:"rules"`
	// Slip is what tickets say.
	Slip SlipTemplate `json:"slip,omitzero" toml:"slip"`
}

// An Office is the body that runs the queue.
type Office struct {
	Body  string `json:"body" toml:"body,omitempty"`           // such as "Comune di Vigevano"
	Name  string `json:"name" toml:"name,omitempty"`           // such as "Sportello polifunzionale"
	Place string `json:"place" toml:"place,omitempty"`         // floor or room, printed on tickets
	Zone  string `json:"zone" toml:"zone,omitempty"`           // IANA name of the time zone; used by calendar and reports only
	Note  string `json:"note,omitempty" toml:"note,omitempty"` // a line of free text on tickets
	// ExcludedLetters are letters that no series may show, such as "IO", which
	// people take for digits.
	ExcludedLetters string `json:"excluded_letters,omitempty" toml:"excluded_letters,omitempty"`
	// Accessibility is the https address of the body's accessibility statement, such
	// as the one on form.agid.gov.it, and Privacy that of its privacy notice. DPO is
	// how to reach its data protection officer. Empty is not said.
	Accessibility string `json:"accessibility,omitempty" toml:"accessibility,omitempty"`
	Privacy       string `json:"privacy,omitempty" toml:"privacy,omitempty"`
	DPO           string `json:"dpo,omitempty" toml:"dpo,omitempty"`
}

// A Series gives numbers such as A001 to A999.
type Series struct {
	ID      SeriesID `json:"id" toml:"id"`
	Letters string   `json:"letters" toml:"letters,omitempty"` // before the digits; may be empty
	First   int      `json:"first" toml:"first"`
	Last    int      `json:"last" toml:"last"`
	Width   int      `json:"width" toml:"width"` // digits, padded with zeros
	// Wrap starts again at First after Last; otherwise issuing stops there.
	Wrap bool `json:"wrap,omitempty" toml:"wrap"`
	// Ranges are the stretches of numbers that the series gives, in rising
	// order, in place of First to Last.
	Ranges []Range `json:"ranges,omitempty" toml:"ranges,numbers"`
}

// SetDefaults makes a series that gives 1 to 999 with three digits.
func (s *Series) SetDefaults() { s.First, s.Last, s.Width = 1, 999, 3 }

// A Range is the numbers from First to Last, both included.
type Range struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// A Service is something citizens come for.
type Service struct {
	ID     ServiceID `json:"id" toml:"id"`
	Name   string    `json:"name" toml:"name,omitempty"`
	Detail string    `json:"detail,omitempty" toml:"detail,omitempty"` // which procedures, for the totem
	Series SeriesID  `json:"series" toml:"series,omitempty"`
	// StandardMs is the published wait that StandardShare of people (0..1)
	// should stay below.
	StandardMs    int64   `json:"standard_ms" toml:"standard,duration"`
	StandardShare float64 `json:"standard_share" toml:"share,share"`
	// DayCap is the most tickets a day; 0 is no cap.
	DayCap int `json:"day_cap,omitempty" toml:"day_cap,omitempty"`
	// MaxMs is the wait beyond which a ticket is overdue; 0 is three times the
	// standard.
	MaxMs int64 `json:"max_ms,omitempty" toml:"max,omitempty,duration"`
	// Week are the service's own weekly hours; none is those of the office.
	Week []WeekBand `json:"week,omitempty" toml:"week"`
	// From and To are the first and the last date, "2026-06-02", on which a
	// temporary service is open; empty is without limit.
	From string `json:"from,omitempty" toml:"from,omitempty,date"`
	To   string `json:"to,omitempty" toml:"to,omitempty,date"`
	// Quota is the most tickets in all, over all days; 0 is no limit.
	Quota int `json:"quota,omitempty" toml:"quota,omitempty"`
	// AppointmentsOnly tells that no tickets are given without an appointment.
	AppointmentsOnly bool `json:"appointments_only,omitempty" toml:"appointments_only,omitempty"`
	// LastTicket stops issuing towards the end of a band as soon as those who
	// wait fill the time that is left.
	LastTicket bool `json:"last_ticket,omitempty" toml:"last_ticket,omitempty"`
	// Published tells that everybody may know, from outside too, how many wait
	// for the service and what was called last.
	Published bool `json:"published,omitempty" toml:"published,omitempty"`
	// Names are what the service is called in other languages.
	Names map[Language]string `json:"names,omitempty" toml:"names"`
}

// maxMs is the wait beyond which a ticket of the service is overdue.
func (s Service) maxMs() int64 {
	if s.MaxMs > 0 {
		return s.MaxMs
	}
	return 3 * s.StandardMs
}

// A Desk is a place where a clerk serves.
type Desk struct {
	ID      DeskID  `json:"id" toml:"id"`
	Label   string  `json:"label" toml:"label,omitempty"` // what boards show and voices say, such as "3"
	Group   GroupID `json:"group" toml:"group,omitempty"`
	Profile Profile `json:"profile" toml:",inline"`
	// BackOffice tells that the desk is reached only by a transfer to it or an
	// appointment for it.
	BackOffice bool `json:"back_office,omitempty" toml:"back_office,omitempty"`
	// Floor and Room tell where the desk is when the hall does not see it: the floor
	// as a whole number, "0" for the ground floor and "-1" below it, and the room as
	// people read it at its door, such as "12" or "Sala A". Empty is not said.
	Floor string `json:"floor,omitempty" toml:"floor,omitempty"`
	Room  string `json:"room,omitempty" toml:"room,omitempty"`
}

// LowestFloor and HighestFloor are the floors that a desk can be on: those that
// every language has words for.
const (
	LowestFloor  = -2
	HighestFloor = 9
)

// A Profile says which services a desk serves.
type Profile struct {
	First []ServiceID `json:"first" toml:"first"`         // served by right
	Help  []ServiceID `json:"help,omitempty" toml:"help"` // served only when nobody waits for the first
}

// An Outlet is a place where tickets come out: a totem, a row of buttons, the
// reception.
type Outlet struct {
	ID   OutletID `json:"id" toml:"id"`
	Name string   `json:"name" toml:"name,omitempty"`
	// Printer tells that tickets come out on paper here.
	Printer bool `json:"printer" toml:"printer"`
	// Screen tells that a number can be given without paper.
	Screen bool `json:"screen,omitempty" toml:"screen"`
	// Several tells that its screen lets one ask for several services with one ticket.
	Several bool `json:"several,omitempty" toml:"several,omitempty"`
	// Spare is the outlet whose printer helps while this one cannot print: it
	// takes the reception's new slips, and those that are known to have failed
	// here; never one of which nobody knows. Empty is none.
	Spare OutletID `json:"spare,omitempty" toml:"spare,omitempty"`
	// Reception tells that the reception prints here. At most one outlet is the
	// reception's; see Setup.ReceptionOutlet.
	Reception bool `json:"reception,omitempty" toml:"reception,omitempty"`
}

// ReceptionOutlet is where the reception's own tickets come out: the outlet that
// is said to be the reception's. A setup that says none, as those written before
// it could be said, keeps what it had: the outlet with "accoglienza" in its id or
// name; else the first that prints and has no screen, since totems have one; else
// the first that prints; else the first. It is empty without outlets.
func (s Setup) ReceptionOutlet() OutletID {
	for _, is := range []func(Outlet) bool{
		func(o Outlet) bool { return o.Reception },
		func(o Outlet) bool { return strings.Contains(strings.ToLower(string(o.ID)+" "+o.Name), "accoglienza") },
		func(o Outlet) bool { return o.Printer && !o.Screen },
		func(o Outlet) bool { return o.Printer },
		func(Outlet) bool { return true },
	} {
		if i := slices.IndexFunc(s.Outlets, is); i >= 0 {
			return s.Outlets[i].ID
		}
	}
	return ""
}

// Hours are the opening hours as data; queue/calendar makes plans of them.
type Hours struct {
	Week []WeekBand `json:"week" toml:"week"`
	// Patron is the patron saint's day as "MM-DD"; empty when there is none.
	Patron string `json:"patron,omitempty" toml:"patron,omitempty"`
	// OwnHolidays are days of every year that are closed here beside the patron
	// saint's, such as those of a province: "MM-DD", or WhitMonday.
	OwnHolidays []string `json:"own_holidays,omitempty" toml:"own_holidays"`
	// Holidays tells that Italian public holidays are closed.
	Holidays   bool        `json:"holidays" toml:"holidays"`
	Exceptions []Exception `json:"exceptions,omitempty" toml:"exception"`
	// Cut is the local time "HH:MM" at which one business day ends and the
	// next begins; empty is midnight.
	Cut string `json:"cut,omitempty" toml:"cut,omitempty,hour"`
	// ExpireAfterMs is how long after the last closing those still waiting
	// stay callable before their tickets expire.
	ExpireAfterMs int64 `json:"expire_after_ms" toml:"expire_after,duration"`
	// StopCalls tells that nobody is called any more StopCallsAfterMs after the
	// last closing; otherwise calls go on as long as somebody waits.
	StopCalls        bool  `json:"stop_calls,omitempty"`
	StopCallsAfterMs int64 `json:"stop_calls_after_ms,omitempty"`
}

// WhitMonday among the own holidays is the Monday 50 days after Easter, a holiday
// of the province of Bolzano.
const WhitMonday = "whit-monday"

// A WeekBand is one stretch of opening, every week.
type WeekBand struct {
	Days     []string    `json:"days" toml:"days"`                   // "mon" .. "sun"
	Open     string      `json:"open" toml:"open,hour"`              // "HH:MM" local
	Close    string      `json:"close" toml:"close,hour"`            // "HH:MM" local, after Open
	Services []ServiceID `json:"services,omitempty" toml:"services"` // empty is all
	// StopIssue is when the last ticket is given, "HH:MM"; empty is at Close.
	StopIssue string `json:"stop_issue,omitempty" toml:"stop_issue,omitempty,hour"`
	// Caps bound the tickets of single services in this band.
	Caps []Cap `json:"caps,omitempty" toml:"caps"`
}

// A Cap is the most tickets of a service in one band of a day.
type Cap struct {
	Service ServiceID `json:"service" toml:"service"`
	Most    int       `json:"most" toml:"most"`
}

// An Exception replaces the hours of one date.
type Exception struct {
	Date  string     `json:"date" toml:"date,date"` // "2026-06-02"
	Why   string     `json:"why,omitempty" toml:"why,omitempty"`
	Bands []WeekBand `json:"bands,omitempty" toml:"band"` // Days is ignored; none is closed
}

// Rules are the numbers that an office may set about its own order.
type Rules struct {
	// RestMs is how long a button or totem rests after an accepted press.
	RestMs int64 `json:"rest_ms" toml:"rest,duration"`
	// PressesPerMinute is the most tickets one button gives in a minute.
	PressesPerMinute int `json:"presses_per_minute" toml:"presses_per_minute"`
	// UnprintedMax is how many tickets of an outlet may be on their way to
	// paper before it gives no more.
	UnprintedMax int `json:"unprinted_max" toml:"unprinted_max"`
	// RecallRestMs is the least time from a call or recall to the next recall.
	RecallRestMs int64 `json:"recall_rest_ms" toml:"recall_rest,duration"`
	// ParkMs is how long a parked ticket stays away unless resumed.
	ParkMs int64 `json:"park_ms" toml:"park,duration"`
	// CallByNumber allows clerks to call a given number out of order.
	CallByNumber bool `json:"call_by_number,omitempty" toml:"call_by_number"`
	// CallOutside lets a call by number take a ticket that was sent to another
	// desk, or whose service is not in the desk's profile.
	CallOutside bool `json:"call_outside,omitempty" toml:"call_outside,omitempty"`
	// Discipline is how the next one is chosen among ordinary people.
	Discipline Discipline `json:"discipline,omitempty" toml:"discipline,omitempty"`
	// PriorityRatio is how many ordinary people are called for each with
	// priority; 0 is 2.
	PriorityRatio int `json:"priority_ratio,omitempty" toml:"priority_ratio,omitempty"`
	// TransferPlace is where a transferred ticket stands when the clerk does
	// not say; empty is by first arrival.
	TransferPlace Place `json:"transfer_place,omitempty" toml:"transfer_place,omitempty"`
	// NoShowRecalls is after how many recalls who does not come is a no-show;
	// 0 is 2. RecallGapMs is how far apart they must be; 0 is 30 s.
	NoShowRecalls int   `json:"no_show_recalls,omitempty" toml:"no_show_recalls,omitempty"`
	RecallGapMs   int64 `json:"recall_gap_ms,omitempty" toml:"recall_gap,omitempty,duration"`
	// LateReturnMs is how long a no-show may still turn up and be put back; 0
	// is 15 min. ReturnAfterCalls is after how many calls such a one is next;
	// 0 is 2.
	LateReturnMs     int64 `json:"late_return_ms,omitempty" toml:"late_return,omitempty,duration"`
	ReturnAfterCalls int   `json:"return_after_calls,omitempty" toml:"return_after_calls,omitempty"`
	// UndoMs is how long a wrong call can be undone; 0 is 30 s.
	UndoMs int64 `json:"undo_ms,omitempty" toml:"undo,omitempty,duration"`
	// AppointmentEarlyMs is how long before its time an appointment is due; 0
	// is 2 min. AppointmentToleranceMs is how late its holder may come; 0 is
	// 15 min.
	AppointmentEarlyMs     int64 `json:"appointment_early_ms,omitempty" toml:"appointment_early,omitempty,duration"`
	AppointmentToleranceMs int64 `json:"appointment_tolerance_ms,omitempty" toml:"appointment_tolerance,omitempty,duration"`
	// HallCapacity is how many people may wait in the hall; 0 is no limit. While
	// as many do, no tickets are given but to appointments.
	HallCapacity int `json:"hall_capacity,omitempty" toml:"hall_capacity,omitempty"`
	// Break is what a midday break does to those who wait.
	Break Break `json:"break,omitempty" toml:"break,omitempty"`
}

// A Discipline is how the next one is chosen among ordinary people.
type Discipline string

// The disciplines.
const (
	ByStandard    Discipline = ""       // the largest wait in proportion to the standard
	FirstCome     Discipline = "fifo"   // the largest wait
	StrictProfile Discipline = "strict" // the services in the order of the desk's profile
)

// A Break is what a midday break does to those who wait.
type Break string

// The breaks.
const (
	BreakKeeps   Break = ""       // they keep their places
	BreakExpires Break = "expire" // their tickets expire, as at the end of the day
)

// orDefault is value, or what stands for zero.
func orDefault[T int | int64 | OutletID](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func (r Rules) priorityRatio() int    { return orDefault(r.PriorityRatio, 2) }
func (r Rules) noShowRecalls() int    { return orDefault(r.NoShowRecalls, 2) }
func (r Rules) recallGapMs() int64    { return orDefault(r.RecallGapMs, 30_000) }
func (r Rules) lateReturnMs() int64   { return orDefault(r.LateReturnMs, 15*60_000) }
func (r Rules) returnAfterCalls() int { return orDefault(r.ReturnAfterCalls, 2) }
func (r Rules) undoMs() int64         { return orDefault(r.UndoMs, 30_000) }
func (r Rules) appointmentEarlyMs() int64 {
	return orDefault(r.AppointmentEarlyMs, 2*60_000)
}
func (r Rules) appointmentToleranceMs() int64 {
	return orDefault(r.AppointmentToleranceMs, 15*60_000)
}

func (r Rules) transferPlace() Place {
	if r.TransferPlace == "" {
		return PlaceArrival
	}
	return r.TransferPlace
}

// DefaultRules are the rules of an office that never thought about them.
func DefaultRules() Rules {
	return Rules{
		RestMs:           1_500,
		PressesPerMinute: 20,
		UnprintedMax:     3,
		RecallRestMs:     2_000,
		ParkMs:           15 * 60_000,
	}
}

// A DayPlan is one business day, worked out: instants instead of hours, so
// that the core needs no time zone. All instants are office time in
// milliseconds since 1970 UTC.
type DayPlan struct {
	Date string `json:"date"` // "2026-11-24", local
	// Begins and Ends bound the business day.
	Begins int64  `json:"begins"`
	Ends   int64  `json:"ends"`
	Bands  []Band `json:"bands,omitempty"`
	// Expiry is when those still waiting expire; 0 is at Ends.
	Expiry int64 `json:"expiry,omitempty"`
	// StopCalls is when nobody is called any more; 0 is never.
	StopCalls int64 `json:"stop_calls,omitempty"`
	// BreakExpiries are when those who wait over a midday break expire.
	BreakExpiries []int64 `json:"break_expiries,omitempty"`
	// Provisional tells that nobody knew what day it was: every service is
	// open until the clock is right and the day gets its date.
	Provisional bool `json:"provisional,omitempty"`
	// Why says why the day is closed or different, such as "Natale".
	Why string `json:"why,omitempty"`
}

// copied is the plan with lists of its own.
func (p DayPlan) copied() DayPlan {
	p.Bands = slices.Clone(p.Bands)
	for i := range p.Bands {
		p.Bands[i].Services = slices.Clone(p.Bands[i].Services)
		p.Bands[i].Caps = slices.Clone(p.Bands[i].Caps)
	}
	p.BreakExpiries = slices.Clone(p.BreakExpiries)
	return p
}

// A Band is a stretch of the day in which tickets are given.
type Band struct {
	Opens    int64       `json:"opens"`
	Closes   int64       `json:"closes"`
	Services []ServiceID `json:"services,omitempty"` // empty is all
	// StopIssue is when the last ticket is given; 0 is at Closes.
	StopIssue int64 `json:"stop_issue,omitempty"`
	// Caps bound the tickets of single services in this band.
	Caps []Cap `json:"caps,omitempty"`
}

// Covers tells whether the band gives tickets for service at that office time.
func (b Band) Covers(officeTime int64, service ServiceID) bool {
	return b.receives(officeTime, service) && (b.StopIssue == 0 || officeTime < b.StopIssue)
}

// receives tells whether people are received for the service at that office time.
func (b Band) receives(officeTime int64, service ServiceID) bool {
	return officeTime >= b.Opens && officeTime < b.Closes && (len(b.Services) == 0 || slices.Contains(b.Services, service))
}
