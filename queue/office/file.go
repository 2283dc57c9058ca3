package office

import (
	"eliminacode/queue"
)

// A file is the layout of an office's file. What it leaves out has the value of
// emptyFile and of the items' SetDefaults.
type file struct {
	Format   int       `toml:"format"`
	Office   head      `toml:"office"`
	Series   []series  `toml:"series"`
	Services []service `toml:"service"`
	Desks    []desk    `toml:"desk"`
	Outlets  []outlet  `toml:"outlet"`
	Slip     slip      `toml:"slip"`
	Hours    hours     `toml:"hours"`
	Rules    rules     `toml:"rules"`
}

// head, outlet, most and slip have the fields of their namesakes in queue, so
// that one is converted into the other.
type (
	head struct {
		Body            string `toml:"body,omitempty"`
		Name            string `toml:"name,omitempty"`
		Place           string `toml:"place,omitempty"`
		Zone            string `toml:"zone,omitempty"`
		Note            string `toml:"note,omitempty"`
		ExcludedLetters string `toml:"excluded_letters,omitempty"`
	}
	outlet struct {
		ID        queue.OutletID `toml:"id"`
		Name      string         `toml:"name,omitempty"`
		Printer   bool           `toml:"printer"`
		Screen    bool           `toml:"screen"`
		Spare     queue.OutletID `toml:"spare,omitempty"`
		Reception bool           `toml:"reception,omitempty"`
	}
	most struct {
		Service queue.ServiceID `toml:"service"`
		Most    int             `toml:"most"`
	}
	slip struct {
		Languages []queue.Language                 `toml:"languages"`
		Parts     []queue.SlipPart                 `toml:"parts"`
		Texts     map[queue.Language]queue.Wording `toml:"text"`
	}
)

type series struct {
	ID      queue.SeriesID `toml:"id"`
	Letters string         `toml:"letters,omitempty"`
	First   int            `toml:"first"`
	Last    int            `toml:"last"`
	Width   int            `toml:"width"`
	Wrap    bool           `toml:"wrap"`
	Ranges  []numbers      `toml:"ranges"`
}

func (s *series) SetDefaults() { s.First, s.Last, s.Width = 1, 999, 3 }

type service struct {
	ID         queue.ServiceID           `toml:"id"`
	Name       string                    `toml:"name,omitempty"`
	Names      map[queue.Language]string `toml:"names"`
	Detail     string                    `toml:"detail,omitempty"`
	Series     queue.SeriesID            `toml:"series,omitempty"`
	Standard   duration                  `toml:"standard"`
	Share      share                     `toml:"share"`
	DayCap     int                       `toml:"day_cap,omitempty"`
	Max        duration                  `toml:"max,omitempty"`
	From       date                      `toml:"from,omitempty"`
	To         date                      `toml:"to,omitempty"`
	Quota      int                       `toml:"quota,omitempty"`
	LastTicket bool                      `toml:"last_ticket,omitempty"`
	Week       []weekBand                `toml:"week"`
}

type desk struct {
	ID         queue.DeskID      `toml:"id"`
	Label      string            `toml:"label,omitempty"`
	Group      queue.GroupID     `toml:"group,omitempty"`
	First      []queue.ServiceID `toml:"first"`
	Help       []queue.ServiceID `toml:"help"`
	BackOffice bool              `toml:"back_office,omitempty"`
}

type hours struct {
	Holidays    bool     `toml:"holidays"`
	Patron      string   `toml:"patron,omitempty"`
	OwnHolidays []string `toml:"own_holidays"`
	Cut         string   `toml:"cut,omitempty"`
	ExpireAfter duration `toml:"expire_after"`
	// StopCallsAfter says by being there that calls stop at all.
	StopCallsAfter *duration   `toml:"stop_calls_after"`
	Week           []weekBand  `toml:"week"`
	Exceptions     []exception `toml:"exception"`
}

type exception struct {
	Date  date   `toml:"date"`
	Why   string `toml:"why,omitempty"`
	Bands []band `toml:"band"`
}

type band struct {
	Open      string            `toml:"open"`
	Close     string            `toml:"close"`
	Services  []queue.ServiceID `toml:"services"`
	StopIssue string            `toml:"stop_issue,omitempty"`
	Caps      []most            `toml:"caps"`
}

type weekBand struct {
	Days []string `toml:"days"`
	band
}

type rules struct {
	Rest             duration `toml:"rest"`
	PressesPerMinute int      `toml:"presses_per_minute"`
	UnprintedMax     int      `toml:"unprinted_max"`
	RecallRest       duration `toml:"recall_rest"`
	Park             duration `toml:"park"`
	CallByNumber     bool     `toml:"call_by_number"`
	CallOutside      bool     `toml:"call_outside,omitempty"`

	Discipline       queue.Discipline `toml:"discipline,omitempty"`
	PriorityRatio    int              `toml:"priority_ratio,omitempty"`
	TransferPlace    queue.Place      `toml:"transfer_place,omitempty"`
	NoShowRecalls    int              `toml:"no_show_recalls,omitempty"`
	RecallGap        duration         `toml:"recall_gap,omitempty"`
	LateReturn       duration         `toml:"late_return,omitempty"`
	ReturnAfterCalls int              `toml:"return_after_calls,omitempty"`
	Undo             duration         `toml:"undo,omitempty"`
	Break            queue.Break      `toml:"break,omitempty"`

	AppointmentEarly     duration `toml:"appointment_early,omitempty"`
	AppointmentTolerance duration `toml:"appointment_tolerance,omitempty"`
}

func emptyFile() file { return file{Format: FormatVersion, Rules: rulesFile(queue.DefaultRules())} }

// setup is the file as the setup that it describes.
func (f file) setup() queue.Setup {
	return queue.Setup{
		Office: queue.Office(f.Office),
		Series: each(f.Series, func(x series) queue.Series {
			return queue.Series{
				ID: x.ID, Letters: x.Letters, First: x.First, Last: x.Last, Width: x.Width, Wrap: x.Wrap,
				Ranges: each(x.Ranges, func(n numbers) queue.Range { return queue.Range(n) }),
			}
		}),
		Services: each(f.Services, service.setup),
		Desks: each(f.Desks, func(x desk) queue.Desk {
			return queue.Desk{ID: x.ID, Label: x.Label, Group: x.Group, Profile: queue.Profile{First: x.First, Help: x.Help}, BackOffice: x.BackOffice}
		}),
		Outlets: each(f.Outlets, func(x outlet) queue.Outlet { return queue.Outlet(x) }),
		Hours:   f.Hours.setup(),
		Rules:   f.Rules.setup(),
		Slip:    queue.SlipTemplate(f.Slip),
	}
}

// fileOf is the file that describes a setup.
func fileOf(s queue.Setup) file {
	return file{
		Format: FormatVersion,
		Office: head(s.Office),
		Series: each(s.Series, func(x queue.Series) series {
			return series{
				ID: x.ID, Letters: x.Letters, First: x.First, Last: x.Last, Width: x.Width, Wrap: x.Wrap,
				Ranges: each(x.Ranges, func(r queue.Range) numbers { return numbers(r) }),
			}
		}),
		Services: each(s.Services, serviceFile),
		Desks: each(s.Desks, func(x queue.Desk) desk {
			return desk{ID: x.ID, Label: x.Label, Group: x.Group, First: x.Profile.First, Help: x.Profile.Help, BackOffice: x.BackOffice}
		}),
		Outlets: each(s.Outlets, func(x queue.Outlet) outlet { return outlet(x) }),
		Slip:    slip(s.Slip),
		Hours:   hoursFile(s.Hours),
		Rules:   rulesFile(s.Rules),
	}
}

func (x service) setup() queue.Service {
	return queue.Service{
		ID: x.ID, Name: x.Name, Names: x.Names, Detail: x.Detail, Series: x.Series,
		StandardMs: int64(x.Standard), StandardShare: float64(x.Share), DayCap: x.DayCap, MaxMs: int64(x.Max),
		From: string(x.From), To: string(x.To), Quota: x.Quota, LastTicket: x.LastTicket, Week: each(x.Week, weekBand.setup),
	}
}

func serviceFile(x queue.Service) service {
	return service{
		ID: x.ID, Name: x.Name, Names: x.Names, Detail: x.Detail, Series: x.Series,
		Standard: duration(x.StandardMs), Share: share(x.StandardShare), DayCap: x.DayCap, Max: duration(x.MaxMs),
		From: date(x.From), To: date(x.To), Quota: x.Quota, LastTicket: x.LastTicket, Week: each(x.Week, weekBandFile),
	}
}

func (h hours) setup() queue.Hours {
	s := queue.Hours{
		Holidays: h.Holidays, Patron: h.Patron, OwnHolidays: h.OwnHolidays, Cut: h.Cut, ExpireAfterMs: int64(h.ExpireAfter),
		Week: each(h.Week, weekBand.setup),
		Exceptions: each(h.Exceptions, func(e exception) queue.Exception {
			return queue.Exception{Date: string(e.Date), Why: e.Why, Bands: each(e.Bands, band.setup)}
		}),
	}
	if h.StopCallsAfter != nil {
		s.StopCalls, s.StopCallsAfterMs = true, int64(*h.StopCallsAfter)
	}
	return s
}

func hoursFile(s queue.Hours) hours {
	h := hours{
		Holidays: s.Holidays, Patron: s.Patron, OwnHolidays: s.OwnHolidays, Cut: s.Cut, ExpireAfter: duration(s.ExpireAfterMs),
		Week: each(s.Week, weekBandFile),
		Exceptions: each(s.Exceptions, func(e queue.Exception) exception {
			return exception{Date: date(e.Date), Why: e.Why, Bands: each(e.Bands, bandFile)}
		}),
	}
	if s.StopCalls {
		after := duration(s.StopCallsAfterMs)
		h.StopCallsAfter = &after
	}
	return h
}

func (b band) setup() queue.WeekBand {
	return queue.WeekBand{
		Open: b.Open, Close: b.Close, Services: b.Services, StopIssue: b.StopIssue,
		Caps: each(b.Caps, func(c most) queue.Cap { return queue.Cap(c) }),
	}
}

func (b weekBand) setup() queue.WeekBand {
	s := b.band.setup()
	s.Days = b.Days
	return s
}

func bandFile(b queue.WeekBand) band {
	return band{
		Open: b.Open, Close: b.Close, Services: b.Services, StopIssue: b.StopIssue,
		Caps: each(b.Caps, func(c queue.Cap) most { return most(c) }),
	}
}

func weekBandFile(b queue.WeekBand) weekBand { return weekBand{b.Days, bandFile(b)} }

func (r rules) setup() queue.Rules {
	return queue.Rules{
		RestMs: int64(r.Rest), PressesPerMinute: r.PressesPerMinute, UnprintedMax: r.UnprintedMax,
		RecallRestMs: int64(r.RecallRest), ParkMs: int64(r.Park), CallByNumber: r.CallByNumber, CallOutside: r.CallOutside,
		Discipline: r.Discipline, PriorityRatio: r.PriorityRatio, TransferPlace: r.TransferPlace,
		NoShowRecalls: r.NoShowRecalls, RecallGapMs: int64(r.RecallGap), LateReturnMs: int64(r.LateReturn),
		ReturnAfterCalls: r.ReturnAfterCalls, UndoMs: int64(r.Undo), Break: r.Break,
		AppointmentEarlyMs: int64(r.AppointmentEarly), AppointmentToleranceMs: int64(r.AppointmentTolerance),
	}
}

func rulesFile(r queue.Rules) rules {
	return rules{
		Rest: duration(r.RestMs), PressesPerMinute: r.PressesPerMinute, UnprintedMax: r.UnprintedMax,
		RecallRest: duration(r.RecallRestMs), Park: duration(r.ParkMs), CallByNumber: r.CallByNumber, CallOutside: r.CallOutside,
		Discipline: r.Discipline, PriorityRatio: r.PriorityRatio, TransferPlace: r.TransferPlace,
		NoShowRecalls: r.NoShowRecalls, RecallGap: duration(r.RecallGapMs), LateReturn: duration(r.LateReturnMs),
		ReturnAfterCalls: r.ReturnAfterCalls, Undo: duration(r.UndoMs), Break: r.Break,
		AppointmentEarly: duration(r.AppointmentEarlyMs), AppointmentTolerance: duration(r.AppointmentToleranceMs),
	}
}

// each converts the items of a list; none stays none.
func each[A, B any](list []A, convert func(A) B) []B {
	var all []B
	for _, x := range list {
		all = append(all, convert(x))
	}
	return all
}
