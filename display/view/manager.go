package view

import (
	"slices"

	"eliminacode/queue"
)

// A Manager is the manager's first page: the office now, and today's figures.
type Manager struct {
	Office   Heading       `json:"office"`
	Day      Day           `json:"day"`
	Waiting  int           `json:"waiting"`
	Longest  *Wait         `json:"longest,omitempty"` // who has waited longest
	Services []ManagerRow  `json:"services"`
	Desks    []ManagerDesk `json:"desks"`
	Working  int           `json:"working"` // desks open and not on a break
	Devices  []Device      `json:"devices"`
	Stopped  []Stopped     `json:"stopped"` // outlets that cannot print
	Today    Figures       `json:"today"`
	Hands    Hands         `json:"hands"`
	// Calls are the last ones, newest first, with why it was whose turn.
	Calls []CallRow `json:"calls"`
}

// A ManagerRow is one service now.
type ManagerRow struct {
	Service    string `json:"service"`
	Name       string `json:"name"`
	Letters    string `json:"letters"`
	Open       bool   `json:"open"`
	Hours      string `json:"hours,omitempty"`
	Stopped    string `json:"stopped,omitempty"` // why it gives no more tickets, apart from its hours
	Removed    bool   `json:"removed,omitempty"` // taken away, and there until nobody waits for it
	Waiting    int    `json:"waiting"`
	Unattended int    `json:"unattended,omitempty"` // of them, those who wait while no open desk serves it
	Number     string `json:"number,omitempty"`     // of who has waited longest, of those whose turn may come
	Since      int64  `json:"since,omitempty"`      // of the same, as of a Wait
	StandMs    *int64 `json:"stand_ms,omitempty"`
	StandardMs int64  `json:"standard_ms"`
}

// A ManagerDesk is one desk now. It tells nothing of who sits there, nor since when
// the desk is at what it does: from that one could tell how fast a person works.
type ManagerDesk struct {
	Desk   string `json:"desk"`
	Label  string `json:"label"`
	Open   bool   `json:"open"`
	Paused bool   `json:"paused"`
	Words  string `json:"words"`
	Number string `json:"number,omitempty"`
	Doing  string `json:"doing,omitempty"` // the state of that ticket in words
	// Over tells that the desk has been on that number past the limit, where the
	// office may tell it. It is for the page alone: what is sent to programs could be
	// kept.
	Over bool `json:"-"`
}

// A Stopped is an outlet whose printer cannot print, and what to do.
type Stopped struct {
	Outlet string `json:"outlet"`
	Name   string `json:"name"`
	Sign   string `json:"sign"`
	Spare  string `json:"spare,omitempty"` // the name of the outlet that helps it out
}

// Figures are today's counts, and the waits of the legs that ended, counted as
// the report counts them.
type Figures struct {
	Issued    int   `json:"issued"`
	Calls     int   `json:"calls"`
	Served    int   `json:"served"`
	Serving   int   `json:"serving"`
	NoShows   int   `json:"no_shows"`
	Cancelled int   `json:"cancelled"`
	Expired   int   `json:"expired"`
	Parked    int   `json:"parked"`
	Called    int   `json:"called_once"` // legs called and served: the n of the mean
	MeanMs    int64 `json:"mean_ms"`     // mean wait, in whole milliseconds
	Within    int   `json:"within"`      // legs within their service's standard, of StandardN
	StandardN int   `json:"standard_n"`  // legs held against it
	Moved     int   `json:"moved"`       // slips that the spare printer took
	Doubtful  int   `json:"doubtful"`    // open tickets that may not be on paper
	Provision bool  `json:"provisional"` // the clock was not known to be right
	// The mean wait and the share within the standard, nil of none.
	MeanWaitMs     *float64 `json:"mean_wait_ms"`
	WithinStandard *float64 `json:"within_standard"`
}

// Manager is the view of the manager's first page.
func (l Look) Manager(devices []Device) Manager {
	s := l.State
	v := Manager{
		Office: l.heading(), Day: l.day(), Waiting: s.Totals().Waiting,
		Services: []ManagerRow{}, Desks: []ManagerDesk{}, Devices: l.brief(devices), Today: l.figures(), Calls: l.lastCalls(), Hands: l.hands(),
	}
	setup := s.Setup()
	// What was removed is shown until it is over: the sums are over all.
	for removed := range s.RemovedServices() {
		removed.Name = l.tongue().Removed(removed.Name)
		setup.Services = append(slices.Clip(setup.Services), removed)
	}
	setup.Desks = l.WorkDesks()
	for i, x := range setup.Services {
		open, opens := s.ServiceOpen(x.ID, l.Now)
		line := ManagerRow{
			Service: string(x.ID), Name: l.ServiceName(x), Letters: letters(setup, x.Series),
			Open: open, Removed: i >= len(s.Setup().Services), Waiting: s.WaitingFor(x.ID), Unattended: s.Unattended(x.ID, "", queue.Profile{}), StandardMs: x.StandardMs,
		}
		if !open && opens != 0 {
			line.Hours = l.tongue().ServiceOpens(l.hour(opens))
		}
		if stop, stopped := s.ServiceStop(x.ID, l.Now); stopped {
			line.Stopped = l.tongue().Stopped(stop)
			if stop.Why != queue.WhyLastTicket && stop.Why != "" {
				line.Stopped = l.tongue().StopReason(stop.Why)
			}
		}
		if t := s.LongestFor(x.ID, l.Now); t != nil {
			w := l.wait(t)
			line.Number, line.Since, line.StandMs = w.Number, w.Since, w.StandMs
		}
		v.Services = append(v.Services, line)
	}
	if t := s.LongestWaiting(l.Now); t != nil {
		w := l.wait(t)
		v.Longest = &w
	}
	for i, d := range setup.Desks {
		v.addDesk(l, d)
		v.Desks[i].Over = l.pastLimit(d.ID)
	}
	v.Stopped = []Stopped{}
	for _, o := range setup.Outlets {
		if sign, spare := l.stopped(o); sign != "" {
			v.Stopped = append(v.Stopped, Stopped{Outlet: string(o.ID), Name: o.Name, Sign: sign, Spare: spare})
		}
	}
	return v
}

// WorkDesks are queue.State.WorkDesks; the labels of those that were taken away say so.
func (l Look) WorkDesks() []queue.Desk {
	desks := slices.Clone(l.State.WorkDesks())
	for i := len(l.State.Setup().Desks); i < len(desks); i++ {
		desks[i].Label = l.tongue().Removed(desks[i].Label)
	}
	return desks
}

// Desks are the desks at which somebody works or may work, as they are now.
func (l Look) Desks() []ManagerDesk {
	v := Manager{Desks: []ManagerDesk{}}
	for _, d := range l.WorkDesks() {
		v.addDesk(l, d)
	}
	return v.Desks
}

func (v *Manager) addDesk(l Look, d queue.Desk) {
	_, now, _ := l.State.Desk(d.ID)
	m := ManagerDesk{
		Desk: string(d.ID), Label: d.Label, Open: now.Open, Paused: now.Paused,
		Words: l.tongue().Desk(now),
	}
	if t := l.State.Ticket(now.Ticket); t != nil {
		m.Number, m.Doing = t.Number.Text, l.tongue().TicketState(t.State)
	}
	if now.Open && !now.Paused {
		v.Working++
	}
	v.Desks = append(v.Desks, m)
}

// pastLimit tells whether a desk has been on one number past the limit.
func (l Look) pastLimit(id queue.DeskID) bool {
	_, now, _ := l.State.Desk(id)
	t := l.State.Ticket(now.Ticket)
	if l.DeskLimitMs == 0 || t == nil || len(t.Periods) == 0 {
		return false
	}
	ms, _ := l.State.Elapsed(t.Periods[len(t.Periods)-1].Start, l.Now)
	return ms > l.DeskLimitMs
}

// figures are what the state has counted; the waits are those of the report of
// today.
func (l Look) figures() Figures {
	t, waits, slips := l.State.Totals(), l.State.Waits(), l.State.Slips()
	f := Figures{
		Issued: t.Issued, Calls: t.Calls, Served: t.Served, Serving: t.Serving, NoShows: t.NoShows,
		Cancelled: t.Cancelled, Expired: t.Expired, Parked: t.Parked, Provision: l.State.Day().Provisional,
		Called: waits.N, Within: waits.Within, StandardN: waits.Judged, Moved: slips.Moved, Doubtful: slips.Doubtful,
	}
	if waits.N > 0 {
		mean := float64(waits.SumMs) / float64(waits.N)
		f.MeanMs, f.MeanWaitMs = int64(mean), &mean
	}
	if waits.Judged > 0 {
		share := float64(waits.Within) / float64(waits.Judged)
		f.WithinStandard = &share
	}
	return f
}
