package waiting

import (
	"cmp"
	"slices"
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
		day: day, zone: zone, closed: closedBetween(plan.Bands),
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
	day := &queue.State{}
	for _, e := range events {
		day = day.Apply(e)
		if _, ok := e.Body.(queue.DayClosed); ok {
			break
		}
	}
	return Rows(day)
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

// A span is office time from begins up to ends, in ms since 1970 UTC.
type span struct{ begins, ends int64 }

// closedBetween are the spans between the bands of a day in which no band, of
// any service, is open.
func closedBetween(bands []queue.Band) []span {
	open := make([]span, 0, len(bands))
	for _, b := range bands {
		if b.Closes > b.Opens {
			open = append(open, span{b.Opens, b.Closes})
		}
	}
	slices.SortFunc(open, func(a, b span) int { return cmp.Compare(a.begins, b.begins) })
	var closed []span
	for i, o := range open {
		if i == 0 {
			continue
		}
		if o.begins > open[i-1].ends {
			closed = append(closed, span{open[i-1].ends, o.begins})
		}
		open[i].ends = max(o.ends, open[i-1].ends)
	}
	return closed
}

// A sheetMaker is a sheet being made.
type sheetMaker struct {
	day    *queue.State
	zone   *time.Location
	date   time.Time // of the business day, midnight UTC
	closed []span
	sheet  Sheet

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
	for rest := t.Periods; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Leg == rest[0].Leg {
			n++
		}
		l := m.leg(t, rest[:n])
		rest = rest[n:]
		l.Outcome = Transferred
		if len(rest) == 0 {
			l.Outcome = outcomeOf(t.State)
		}
		if l.Leg == recalled {
			l.Recalls = t.Recalls
		}
		m.sheet.rows = append(m.sheet.rows, make([]byte, rowBytes)...)
		m.sheet.row(m.sheet.Len() - 1).put(l)
	}
}

func outcomeOf(s queue.TicketState) Outcome {
	switch s {
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

// leg measures the periods of one leg, of which there is at least one.
func (m *sheetMaker) leg(t *queue.Ticket, periods []queue.Period) Leg {
	l := Leg{
		Ticket: t.ID.Ordinal(), Leg: periods[0].Leg, Desk: -1,
		Service: m.service(periods[0].Service),
		Series:  m.seriesNo(t.Number.Series),
		Channel: entry(m.channels, &m.sheet.Channels, t.By.Kind, t.By.Kind),

		Priority: t.Class == queue.Priority,
	}
	l.Minute, l.DateOffset = m.slot(periods[0].Start)
	waited, first := false, true // in the first waiting period, as long as it lasts
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
		kind := p.Kind
		if p.Undone {
			kind = queue.Waiting // a call that was taken back interrupts no wait
		}
		switch kind {
		case queue.Waiting:
			ms -= m.closedDuring(p.Start, ms)
			if first {
				l.FirstWaitMs += ms
			}
			waited = true
			l.WaitMs += ms
			continue
		case queue.Called:
			l.Called, l.Desk = true, m.desk(p.Desk)
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
		first = !waited
	}
	standard := m.sheet.Services[l.Service].StandardMs
	l.WithinStandard = waited && l.FirstWaitMs < standard
	return l
}

// observedStart tells whether the period after a call is a service whose start
// somebody marked. A start that nobody marked is inferred and stands at the
// very instant of the call.
func observedStart(call, next queue.Period) bool {
	return next.Kind == queue.Serving && !(next.By.Inferred && next.Start == call.Start)
}

// closedDuring is how much of a period falls between the bands of the day, or
// into a suspension. The period is laid on office time from its start for as
// long as it lasted, so that a step of the clock within it can neither stretch
// nor undo it; where a suspension lies within it, the time that went by says.
func (m *sheetMaker) closedDuring(start queue.Now, ms int64) int64 {
	begins := m.day.TimeOf(start)
	var closed []span
	add := func(from, to int64) {
		if from, to = max(from, 0), min(to, ms); from < to {
			closed = append(closed, span{from, to})
		}
	}
	for _, c := range m.closed {
		add(c.begins-begins, c.ends-begins)
	}
	for _, s := range m.day.Suspensions() {
		to := s.To
		if to.IsZero() {
			to = m.day.LastNow()
		}
		from, lasted := m.apart(start, s.From), m.apart(s.From, to)
		add(from, from+max(0, lasted))
	}
	slices.SortFunc(closed, func(a, b span) int { return cmp.Compare(a.begins, b.begins) })
	var sum, counted int64
	for _, c := range closed {
		sum += max(0, c.ends-max(c.begins, counted))
		counted = max(counted, c.ends)
	}
	return sum
}

// apart is how long after a an instant b is; negative when it is before.
func (m *sheetMaker) apart(a, b queue.Now) int64 {
	if ms, _ := m.day.Elapsed(a, b); ms > 0 {
		return ms
	}
	ms, _ := m.day.Elapsed(b, a)
	return -ms
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
