package waiting

import (
	"time"
	_ "time/tzdata" // the box may have no zone files

	"eliminacode/queue"
)

// Rows makes the sheet of a folded day: the state after its DayOpened and all
// that followed, up to and with its DayClosed. Of a day that is still open the
// legs under way are Open, measured up to the last event. A day in a time zone
// that nobody knows is laid out in UTC, and the sheet's Zone says so.
func Rows(day *queue.State) Sheet {
	plan := day.Plan()
	if plan == nil {
		return Sheet{}
	}
	zone := location(day.Setup().Office.Zone)
	m := sheetMaker{
		day: day, zone: zone,
		sheet:    Sheet{Day: day.Day().Ordinal, Date: plan.Date, Zone: zone.String()},
		services: map[queue.ServiceID]int{}, desks: map[queue.DeskID]int{},
		series: map[queue.SeriesID]int{}, channels: map[queue.CauseKind]int{},
	}
	date, err := time.Parse(time.DateOnly, plan.Date)
	if err != nil {
		date = dateOf(time.UnixMilli(plan.Begins).In(zone))
		m.sheet.Date = date.Format(time.DateOnly)
	}
	m.date = date
	setup := day.Setup()
	for _, s := range setup.Services {
		m.service(s.ID)
	}
	for _, d := range setup.Desks {
		m.desk(d.ID)
	}
	for _, s := range setup.Series {
		m.seriesNo(s.ID)
	}
	day.EachTicket(func(t *queue.Ticket) bool {
		m.ticket(t)
		return true
	})
	return m.sheet
}

// RowsOf makes the sheet of a day from its events, which begin with its
// DayOpened. What follows its DayClosed is of no day: a standard that changes
// overnight rewrites no past.
func RowsOf(events []queue.Event) Sheet {
	for i, e := range events {
		if _, ok := e.Body.(queue.DayClosed); ok {
			events = events[:i+1]
			break
		}
	}
	return Rows(queue.Fold(events))
}

// location is a time zone by its IANA name, or UTC. The zone of the machine is
// none: the same events must make the same sheet anywhere.
func location(name string) *time.Location {
	if name == "Local" {
		return time.UTC
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return l
}

// dateOf is midnight UTC of the date that t shows, for counting days.
func dateOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// A sheetMaker is a sheet being made.
type sheetMaker struct {
	day   *queue.State
	zone  *time.Location
	date  time.Time // of the business day, midnight UTC
	sheet Sheet

	services map[queue.ServiceID]int
	desks    map[queue.DeskID]int
	series   map[queue.SeriesID]int
	channels map[queue.CauseKind]int
}

// ticket adds the legs of a visit.
func (m *sheetMaker) ticket(t *queue.Ticket) {
	recalled := -1 // the leg of the visit's last call
	for _, p := range t.Periods {
		if p.Kind == queue.Called && !p.Undone {
			recalled = p.Leg
		}
	}
	for _, measured := range m.day.Legs(t, m.day.LastNow()) {
		l := m.leg(t, measured)
		if l.Leg == recalled {
			l.Recalls = t.Recalls
		}
		m.sheet.rows = append(m.sheet.rows, make([]byte, rowBytes)...)
		m.sheet.row(m.sheet.Len() - 1).put(l)
	}
}

func outcomeOf(l queue.Leg) Outcome {
	if l.Transferred {
		return Transferred
	}
	switch l.End {
	case queue.Served:
		return Served
	case queue.NoShow:
		return NoShow
	case queue.Cancelled:
		return Cancelled
	case queue.Expired:
		return Expired
	default:
		return Open
	}
}

// leg measures what a sheet tells of a leg beside its waits.
func (m *sheetMaker) leg(t *queue.Ticket, measured queue.Leg) Leg {
	periods := measured.Periods
	l := Leg{
		Ticket: t.ID.Ordinal(), Leg: periods[0].Leg, Desk: -1, Outcome: outcomeOf(measured),
		Service: m.service(periods[0].Service),
		Series:  m.seriesNo(t.Number.Series),
		Channel: entry(m.channels, &m.sheet.Channels, t.By.Kind, t.By.Kind),

		Priority: t.Class == queue.Priority, Called: measured.Called,
		FirstWaitMs: measured.FirstWaitMs, WaitMs: measured.WaitMs,
	}
	l.WithinStandard = queue.WithinStandard(l.FirstWaitMs, m.sheet.Services[l.Service].StandardMs)
	l.Minute, l.DateOffset = m.slot(periods[0].Start)
	for i, p := range periods {
		end := p.End
		if end.IsZero() {
			end = m.day.LastNow()
		}
		ms, by := m.day.Elapsed(p.Start, end)
		if !p.Kind.Ended() { // the time until an ended visit went on is in no figure
			l.Inexact = l.Inexact || by != queue.Exact
			l.Inferred = l.Inferred || by == queue.AtLeast
		}
		l.Inferred = l.Inferred || p.By.Inferred || p.EndInferred || p.EndUnknown
		l.UnknownEnd = l.UnknownEnd || p.EndUnknown
		if p.Undone {
			continue // a call that was taken back is part of the wait
		}
		switch p.Kind {
		case queue.Called:
			l.Desk = m.desk(p.Desk)
			l.WalkMs, l.HasWalk = 0, false
			if i+1 < len(periods) && observedStart(p, periods[i+1]) {
				l.WalkMs, l.HasWalk = ms, true
			}
		case queue.Serving:
			l.HasService, l.Desk = true, m.desk(p.Desk)
			l.ServiceMs += ms
		case queue.Parked:
			l.HoldMs += ms
		}
	}
	return l
}

// observedStart tells whether the period after a call is a service whose start
// somebody marked. A start that nobody marked is inferred and stands at the
// very instant of the call.
func observedStart(call, next queue.Period) bool {
	return next.Kind == queue.Serving && !(next.By.Inferred && next.Start == call.Start)
}

// slot is the local minute of the day at an instant, and the days from the
// sheet's date to the local one.
func (m *sheetMaker) slot(at queue.Now) (minute, days int) {
	t := time.UnixMilli(m.day.TimeOf(at)).In(m.zone)
	return t.Hour()*60 + t.Minute(), int(dateOf(t).Sub(m.date) / (24 * time.Hour))
}

// service, desk and seriesNo are places in the tables of the sheet. What a
// change of setup removed during the day is added when its first leg comes.
func (m *sheetMaker) service(id queue.ServiceID) int {
	s, ok := m.day.Service(id)
	if !ok {
		s = queue.Service{ID: id, Name: string(id)}
	}
	return entry(m.services, &m.sheet.Services, id, Service{
		ID: id, Name: s.Name,
		StandardMs: max(0, s.StandardMs), StandardShare: min(max(0, s.StandardShare), 1),
	})
}

func (m *sheetMaker) desk(id queue.DeskID) int {
	d, _, ok := m.day.Desk(id)
	if !ok {
		d = queue.Desk{ID: id, Label: string(id)}
	}
	return entry(m.desks, &m.sheet.Desks, id, Desk{ID: id, Label: d.Label, Group: d.Group})
}

func (m *sheetMaker) seriesNo(id queue.SeriesID) int {
	return entry(m.series, &m.sheet.Series, id, id)
}

// entry is the place of a name in a table, which is added when it is new.
func entry[K comparable, T any](places map[K]int, table *[]T, name K, t T) int {
	i, ok := places[name]
	if !ok {
		i = len(*table)
		places[name] = i
		*table = append(*table, t)
	}
	return i
}
