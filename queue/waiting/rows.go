package waiting

import (
	"math"
	"slices"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// Rows makes the sheet of a folded day: the state after its DayOpened and all
// that followed, up to and with its DayClosed. Of a day that is still open the
// legs under way are Open, measured up to the last event. A day in a time zone
// that nobody knows is laid out in UTC, and the sheet's Zone says so.
func Rows(day *queue.State) Sheet {
	m, ok := newSheetMaker(day)
	if !ok {
		return Sheet{}
	}
	for t := range day.Tickets() {
		m.ticket(t)
	}
	return m.made()
}

// made is the sheet once it has all its rows.
func (m *sheetMaker) made() Sheet {
	if !m.sheet.GoesOn {
		m.sheet.split = m.sheet.judge()
	}
	return m.sheet
}

// newSheetMaker begins the sheet of a day; ok is false when none was opened.
func newSheetMaker(day *queue.State) (m *sheetMaker, ok bool) {
	plan := day.Plan()
	if plan == nil {
		return nil, false
	}
	setup := day.Setup()
	zone, err := calendar.Zone(setup)
	if err != nil {
		zone = time.UTC // never that of the machine: the same events must make the same sheet anywhere
	}
	m = &sheetMaker{
		day: day, zone: zone,
		sheet: Sheet{Day: day.Day().Ordinal, Date: plan.Date, Zone: zone.String(), GoesOn: day.Day().Open, Contacts: day.Contacts()},
	}
	date, err := calendar.ParseDate(plan.Date)
	if err != nil {
		date = calendar.DateOf(time.UnixMilli(plan.Begins).In(zone))
		m.sheet.Date = date.String()
	}
	m.begins = beginsInUTC(date)
	for _, s := range setup.Services {
		m.service(s.ID)
	}
	for _, d := range setup.Desks {
		m.desk(d.ID)
	}
	for _, s := range setup.Series {
		place(&m.sheet.Series, s.ID)
	}
	m.sheet.rows = make([]byte, 0, day.Totals().Issued*rowBytes)
	return m, true
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

// A sheetMaker is a sheet being made.
type sheetMaker struct {
	day   *queue.State
	zone  *time.Location
	sheet Sheet

	begins int64 // of the sheet's date in UTC, in milliseconds since 1970
	// The zone is so many milliseconds east of UTC at the instants from from up to
	// until: looking it up costs more than all else of a leg.
	east, from, until int64
}

// ticket adds the legs of a visit.
func (m *sheetMaker) ticket(t *queue.Ticket) {
	recalled := -1 // the leg of the visit's last call
	for _, p := range t.Periods {
		if p.Kind == queue.Called && !p.Undone {
			recalled = p.Leg
		}
	}
	for measured := range m.day.Legs(t, m.day.LastNow()) {
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
		Series:  place(&m.sheet.Series, t.Number.Series),
		Channel: place(&m.sheet.Channels, t.By.Kind),

		Category: t.Category,
		Priority: t.Class == queue.Priority, Called: measured.Called, Finished: measured.Finished,
		FirstWaitMs: measured.FirstWaitMs, WaitMs: measured.WaitMs,
	}
	if l.Outcome == Served || l.Outcome == Transferred {
		l.Given = t.OutcomeOf(l.Leg)
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
	ms := m.day.TimeOf(at)
	if ms < m.from || ms >= m.until {
		m.findZone(time.UnixMilli(ms).In(m.zone))
	}
	const day = 86_400_000
	since := ms + m.east - m.begins
	if days = int(since / day); since%day < 0 {
		days-- // towards the past
	}
	return int(since-int64(days)*day) / 60_000, days
}

// beginsInUTC is when a date begins in UTC, in milliseconds since 1970.
func beginsInUTC(d calendar.Date) int64 {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).UnixMilli()
}

// findZone looks up the stretch in which the zone is as it is at t.
func (m *sheetMaker) findZone(t time.Time) {
	_, east := t.Zone()
	m.east, m.from, m.until = int64(east)*1000, math.MinInt64, math.MaxInt64
	from, until := t.ZoneBounds()
	if !from.IsZero() {
		m.from = from.UnixMilli()
	}
	if !until.IsZero() {
		m.until = until.UnixMilli()
	}
}

// service, desk and place are places in the tables of the sheet. What a change of
// setup removed during the day is added when its first leg comes.
func (m *sheetMaker) service(id queue.ServiceID) int {
	if i := slices.IndexFunc(m.sheet.Services, func(s Service) bool { return s.ID == id }); i >= 0 {
		return i
	}
	s, ok := m.day.Service(id)
	if !ok {
		s.Name = string(id)
	}
	m.sheet.Services = append(m.sheet.Services, Service{
		ID: id, Name: s.Name,
		StandardMs: max(0, s.StandardMs), StandardShare: min(max(0, s.StandardShare), 1),
	})
	return len(m.sheet.Services) - 1
}

func (m *sheetMaker) desk(id queue.DeskID) int {
	if i := slices.IndexFunc(m.sheet.Desks, func(d Desk) bool { return d.ID == id }); i >= 0 {
		return i
	}
	d, _, ok := m.day.Desk(id)
	if !ok {
		d.Label = string(id)
	}
	m.sheet.Desks = append(m.sheet.Desks, Desk{ID: id, Label: d.Label, Group: d.Group})
	return len(m.sheet.Desks) - 1
}

// place is where a name stands in a table, to which it is added when it is new.
func place[T comparable](table *[]T, name T) int {
	i := slices.Index(*table, name)
	if i < 0 {
		i = len(*table)
		*table = append(*table, name)
	}
	return i
}
