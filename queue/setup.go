package queue

import "slices"

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
type Setup struct {
	Office   Office    `json:"office"`
	Series   []Series  `json:"series"`
	Services []Service `json:"services"`
	Desks    []Desk    `json:"desks"`
	Outlets  []Outlet  `json:"outlets"`
	Hours    Hours     `json:"hours"`
	Rules    Rules     `json:"rules"`
}

// An Office is the body that runs the queue.
type Office struct {
	Body  string `json:"body"`           // such as "Comune di Vigevano"
	Name  string `json:"name"`           // such as "Sportello polifunzionale"
	Place string `json:"place"`          // floor or room, printed on tickets
	Zone  string `json:"zone"`           // IANA name of the time zone; used by calendar and reports only
	Note  string `json:"note,omitempty"` // a line of free text on tickets
}

// A Series gives numbers such as A001 to A999.
type Series struct {
	ID      SeriesID `json:"id"`
	Letters string   `json:"letters"` // before the digits; may be empty
	First   int      `json:"first"`
	Last    int      `json:"last"`
	Width   int      `json:"width"` // digits, padded with zeros
	// Wrap starts again at First after Last; otherwise issuing stops there.
	Wrap bool `json:"wrap,omitempty"`
}

// A Service is something citizens come for.
type Service struct {
	ID     ServiceID `json:"id"`
	Name   string    `json:"name"`
	Detail string    `json:"detail,omitempty"` // which procedures, for the totem
	Series SeriesID  `json:"series"`
	// StandardMs is the published wait that StandardShare of people (0..1)
	// should stay below.
	StandardMs    int64   `json:"standard_ms"`
	StandardShare float64 `json:"standard_share"`
	// DayCap is the most tickets a day; 0 is no cap.
	DayCap int `json:"day_cap,omitempty"`
}

// A Desk is a place where a clerk serves.
type Desk struct {
	ID      DeskID  `json:"id"`
	Label   string  `json:"label"` // what boards show and voices say, such as "3"
	Group   GroupID `json:"group"`
	Profile Profile `json:"profile"`
}

// A Profile says which services a desk serves.
type Profile struct {
	First []ServiceID `json:"first"`          // served by right
	Help  []ServiceID `json:"help,omitempty"` // served only when nobody waits for the first
}

// An Outlet is a place where tickets come out: a totem, a row of buttons, the
// reception.
type Outlet struct {
	ID   OutletID `json:"id"`
	Name string   `json:"name"`
	// Printer tells that tickets come out on paper here.
	Printer bool `json:"printer"`
	// Screen tells that a number can be given without paper.
	Screen bool `json:"screen,omitempty"`
}

// Hours are the opening hours as data; queue/calendar makes plans of them.
type Hours struct {
	Week []WeekBand `json:"week"`
	// Patron is the patron saint's day as "MM-DD"; empty when there is none.
	Patron string `json:"patron,omitempty"`
	// Holidays tells that Italian public holidays are closed.
	Holidays   bool        `json:"holidays"`
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Cut is the local time "HH:MM" at which one business day ends and the
	// next begins; empty is midnight.
	Cut string `json:"cut,omitempty"`
	// ExpireAfterMs is how long after the last closing those still waiting
	// stay callable before their tickets expire.
	ExpireAfterMs int64 `json:"expire_after_ms"`
}

// A WeekBand is one stretch of opening, every week.
type WeekBand struct {
	Days     []string    `json:"days"`               // "mon" .. "sun"
	Open     string      `json:"open"`               // "HH:MM" local
	Close    string      `json:"close"`              // "HH:MM" local, after Open
	Services []ServiceID `json:"services,omitempty"` // empty is all
}

// An Exception replaces the hours of one date.
type Exception struct {
	Date  string     `json:"date"` // "2026-06-02"
	Why   string     `json:"why,omitempty"`
	Bands []WeekBand `json:"bands,omitempty"` // Days is ignored; none is closed
}

// Rules are the numbers that an office may set about its own order.
type Rules struct {
	// RestMs is how long a button or totem rests after an accepted press.
	RestMs int64 `json:"rest_ms"`
	// PressesPerMinute is the most tickets one button gives in a minute.
	PressesPerMinute int `json:"presses_per_minute"`
	// UnprintedMax is how many tickets of an outlet may be on their way to
	// paper before it gives no more.
	UnprintedMax int `json:"unprinted_max"`
	// RecallRestMs is the least time from a call or recall to the next recall.
	RecallRestMs int64 `json:"recall_rest_ms"`
	// ParkMs is how long a parked ticket stays away unless resumed.
	ParkMs int64 `json:"park_ms"`
	// CallByNumber allows clerks to call a given number out of order.
	CallByNumber bool `json:"call_by_number,omitempty"`
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
	// Why says why the day is closed or different, such as "Natale".
	Why string `json:"why,omitempty"`
}

// copied is the plan with lists of its own.
func (p DayPlan) copied() DayPlan {
	p.Bands = slices.Clone(p.Bands)
	for i := range p.Bands {
		p.Bands[i].Services = slices.Clone(p.Bands[i].Services)
	}
	return p
}

// A Band is a stretch of the day in which tickets are given.
type Band struct {
	Opens    int64       `json:"opens"`
	Closes   int64       `json:"closes"`
	Services []ServiceID `json:"services,omitempty"` // empty is all
}

// Covers tells whether the band gives tickets for service at that office time.
func (b Band) Covers(office int64, service ServiceID) bool {
	if office < b.Opens || office >= b.Closes {
		return false
	}
	if len(b.Services) == 0 {
		return true
	}
	for _, s := range b.Services {
		if s == service {
			return true
		}
	}
	return false
}
