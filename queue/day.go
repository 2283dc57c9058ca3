package queue

import (
	"fmt"
	"slices"
)

// A Day is the business day.
type Day struct {
	Ordinal int // from 1; 0 before the first
	Open    bool
	// Provisional tells that the clock, and with it the date of the day, is not
	// known to be right.
	Provisional bool
}

// Day is the present business day.
func (s *State) Day() Day {
	d := s.day
	d.Provisional = d.Ordinal > 0 && (s.plan.Provisional || !s.sure)
	return d
}

// Plan is today's plan; nil before the first day.
func (s *State) Plan() *DayPlan { return s.plan }

// NeedsDay tells whether OpenDay must be decided at now before anything else:
// no business day is open, the present one is over, or it has the wrong date. A
// step of the clock alone never ends a day that has open tickets: for that, as
// much time must have gone by.
func (s *State) NeedsDay(now Now) bool {
	return s.index != nil && (!s.day.Open || s.dayOver(now) || s.misdated(now))
}

// Began is the office time at which the open day began, at the latest; ok is
// true when that matters: the day was opened by a doubtful clock, now the time
// is known, and the day gets the date on which it began.
func (s *State) Began(now Now) (officeTime int64, ok bool) {
	if !s.day.Open || !s.plan.Provisional || s.ClockDoubtful(now) {
		return 0, false
	}
	lasted, _ := s.Elapsed(s.boots[0].first, now)
	return s.OfficeTime(now) - lasted, true
}

func (c OpenDay) decide(d *decision) error {
	doubtful := d.s.ClockDoubtful(d.now)
	officeTime := d.s.OfficeTime(d.now)
	over := d.s.day.Open && d.s.dayOver(d.now)
	redate := d.s.misdated(d.now) && (!over || d.s.plan.Provisional)
	if d.s.day.Open && !over && !redate {
		return nil
	}
	if c.Plan.Date == "" || c.Plan.Ends <= c.Plan.Begins {
		return fmt.Errorf("%w: a day's plan needs a date and an end after its beginning", ErrBadCommand)
	}
	switch {
	case doubtful:
		c.Plan = provisional(c.Plan, officeTime)
	case c.Plan.Ends <= officeTime:
		return fmt.Errorf("%w: the plan of %s ended %d ms ago", ErrBadCommand, c.Plan.Date, officeTime-c.Plan.Ends)
	case redate && officeTime < c.Plan.Begins:
		return fmt.Errorf("%w: the plan of %s begins in %d ms", ErrBadCommand, c.Plan.Date, c.Plan.Begins-officeTime)
	}
	c.Plan.Provisional = doubtful
	if redate {
		date := c.Plan
		if began, ok := d.s.Began(d.now); ok && c.Began.Begins <= began && began < c.Began.Ends && c.Began.Ends <= officeTime {
			date = c.Began
		}
		d.emitBy(automatic, DayRedated{Date: date.Date, Plan: date.copied()})
		if date.Ends > officeTime {
			d.goOnFromDate()
			return nil
		}
	}
	if d.s.day.Open {
		d.endDay()
	}
	before := d.s.State // as the day leaves it
	reached := int64(0)
	if doubtful {
		reached = d.s.reached
	}
	d.emit(DayOpened{
		Day: d.s.day.Ordinal + 1, Journal: d.s.journal, CorrectionMs: d.s.correction,
		Setup: d.s.index.setup, Plan: c.Plan.copied(), Provisional: !d.s.ClockSure(d.now), Used: d.s.quotasUsed(),
		Appointments: d.s.bookableToday(c.Appointments), Reached: reached, Torn: d.s.torn(),
		Gone: d.s.messagesGone(officeTime), Given: d.s.givenByDate(),
	})
	// What the outlets can do, a suspension and messages outlive the day; they are
	// said again, so that the day can be read by itself.
	for _, o := range d.s.index.outlets {
		if _, was, ok := before.Outlet(o.ID); ok && was.Gives != AbleUnknown {
			d.emit(OutletChanged{Outlet: o.ID, Gives: was.Gives, Why: was.Why})
		}
	}
	if was, suspended := before.Suspended(); suspended {
		d.emit(OfficeSuspended{Why: was.Why})
	}
	for _, m := range before.messages {
		if !m.over(officeTime) {
			d.emit(MessagePosted{Message: m})
		}
	}
	for _, next := range before.restored {
		d.goOnAt(next)
	}
	d.goOnFromDate()
	return nil
}

// mostGiven is of how many days before their numbers are known.
const mostGiven = 3

// givenByDate is what DayOpened says of the days before, of which the open one is the
// last.
func (s *State) givenByDate() []GivenOn {
	if s.day.Ordinal == 0 || s.plan == nil || s.plan.Provisional {
		return s.earlier
	}
	on := GivenOn{Date: s.plan.Date}
	for i, x := range s.index.series {
		if next := s.series[i].next; next != 0 && x.has(next) {
			on.Next = append(on.Next, SeriesFrom{x.ID, next})
		}
	}
	all := slices.DeleteFunc(slices.Clone(s.earlier), func(g GivenOn) bool { return g.Date == on.Date })
	if len(on.Next) > 0 {
		all = append(all, on)
	}
	return all[max(0, len(all)-mostGiven):]
}

// goOnFromDate lets the series of a day whose date there has been already go on behind
// the numbers given then: no number is given twice under a date, though somebody had
// set the clock to the next day for a moment.
func (d *decision) goOnFromDate() {
	for _, g := range d.s.earlier {
		if g.Date != d.s.plan.Date {
			continue
		}
		for _, next := range g.Next {
			if i := d.s.seriesIndex(next.Series); i >= 0 && d.s.series[i].next < next.From {
				d.goOnAt(next)
			}
		}
	}
}

// openDay begins a day from its event alone: nothing of the day before is
// left, so that a start folds today and nothing else.
func (n *draft) openDay(e Event, b DayOpened) {
	n.State = State{
		journal: b.Journal, seq: e.Seq, now: e.At, correction: b.CorrectionMs,
		day: Day{Ordinal: b.Day, Open: true}, plan: &b.Plan,
		doubtful: b.Plan.Provisional, sure: !b.Provisional, vouched: e.At.Boot, reached: b.Reached,
		gone: b.Gone, earlier: b.Given,
	}
	n.steady = n.OfficeTime(e.At)
	if !n.doubtful {
		n.reached = n.steady
	}
	n.beginBoot(e.At, Now{}, b.CorrectionMs)
	n.setIndex(indexSetup(b.Setup, nil))
	for _, a := range b.Appointments {
		n.book(a)
	}
	for _, o := range b.Torn {
		n.changeOutlet(o, func(o *OutletState) { o.Torn = true })
	}
	for _, u := range b.Used {
		if i := n.serviceIndex(u.Service); i >= 0 {
			n.used[i] = u.Tickets
		}
	}
}

// provisionalMs is how long a day lasts whose hours nobody knows.
const provisionalMs = 24 * 3_600_000

// provisional is the plan of a day that begins by a doubtful clock: open from
// now on, and nobody expires.
func provisional(plan DayPlan, officeTime int64) DayPlan {
	return DayPlan{
		Date: plan.Date, Begins: officeTime, Ends: officeTime + provisionalMs,
		Bands: []Band{{Opens: officeTime, Closes: officeTime + provisionalMs}},
	}
}

// quotasUsed is how much of its quota each service has given so far.
func (s *State) quotasUsed() []Used {
	var used []Used
	for i, x := range s.index.services {
		if n := s.used[i] + s.issued[i]; x.Quota > 0 && !x.removed && n > 0 {
			used = append(used, Used{Service: x.ID, Tickets: n})
		}
	}
	return used
}

// endDay closes everything: desks first, so that their last tickets end, then
// those who still wait. A printer that answers later answers for a day that is
// closed: what is on its way to paper then is given up as unknown.
func (d *decision) endDay() {
	d.doubtPapers(WhyDayClosed)
	for i := range d.s.desks {
		if d.s.desks[i].Open {
			d.shutDesk(i)
		}
	}
	for _, id := range d.open() {
		d.emit(TicketExpired{Ticket: id})
	}
	for d.s.expected.len() > 0 {
		d.missFirst()
	}
	t := d.s.totals
	d.emit(DayClosed{Day: d.s.day.Ordinal, Issued: t.Issued, Served: t.Served, NoShows: t.NoShows, Expired: t.Expired, Unused: d.s.blocksLeft()})
}

// open lists the tickets that have not ended.
func (d *decision) open() []TicketID {
	var ids []TicketID
	if d.s.totals.Open() == 0 {
		return nil
	}
	for t := range d.s.Tickets() {
		if !t.State.Ended() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// decide does what is due by itself.
func (Tick) decide(d *decision) error {
	steady := d.s.steadyTime(d.now)
	for {
		key, id, ok := d.s.parked.head()
		if !ok || dueOf(key) > steady {
			break
		}
		d.emit(TicketResumed{Ticket: id})
	}
	d.missAppointments()
	d.expire()
	if _, redate := d.s.Began(d.now); !redate && d.s.dayOver(d.now) {
		d.endDay()
	}
	return nil
}

// Due is how long from now, in milliseconds, until something happens by itself
// and a Tick should be sent; ok is false when nothing will.
func (s *State) Due(now Now) (ms int64, ok bool) {
	if !s.day.Open {
		return 0, false
	}
	due := int64(latestOfficeTime)
	if _, redate := s.Began(now); !redate {
		// A day that only now gets its date ends with OpenDay.
		due = s.dayEndsIn(now)
	}
	if key, _, found := s.parked.head(); found {
		due = min(due, dueOf(key)-s.steadyTime(now))
	}
	if in, waits := s.missedIn(now); waits {
		due = min(due, in)
	}
	for _, x := range s.expiriesAt(now) {
		if x.concerned > 0 {
			due = min(due, s.untilDayTime(x.at, now))
		}
	}
	if s.index.lastTickets {
		for i := range s.index.services {
			if in, _, will := s.fullIn(i, now); will {
				due = min(due, in)
			}
		}
	}
	return max(0, due), due < latestOfficeTime
}

// expire ends the visits of those who waited up to an expiry that has come.
func (d *decision) expire() {
	for _, x := range d.s.expiriesAt(d.now) {
		if x.concerned == 0 || d.s.untilDayTime(x.at, d.now) > 0 {
			continue
		}
		for _, id := range d.open() {
			if d.s.expiresAt(x.at, d.s.Ticket(id)) {
				d.emit(TicketExpired{Ticket: id})
			}
		}
	}
}

// An expiry is an instant of the day at which those who wait expire, in office
// time, and how many it concerns.
type expiry struct {
	at        int64
	concerned int
}

// expiriesAt are those of the day; none by a doubtful clock.
func (s *State) expiriesAt(now Now) []expiry {
	if s.plan.Provisional || s.ClockDoubtful(now) {
		return nil
	}
	return s.expiries
}

// layExpiries makes the expiries of the plan, of which none concerns anybody yet.
func (n *draft) layExpiries() {
	n.expiries = nil
	if n.plan == nil {
		return
	}
	for _, at := range n.plan.BreakExpiries {
		n.expiries = append(n.expiries, expiry{at: at})
	}
	if n.plan.Expiry != 0 {
		n.expiries = append(n.expiries, expiry{at: n.plan.Expiry})
	}
}

// countExpiries adds a ticket to the count of each expiry that concerns it, or
// takes it away.
func (n *draft) countExpiries(t *Ticket, by int) {
	for i, x := range n.expiries {
		if n.expiresAt(x.at, t) {
			x.concerned += by
			put(n, &n.expiries, i, x)
		}
	}
}

// untilDayTime is how long until an instant of the plan, by the clock and by
// the time that has gone by, whichever is later.
func (s *State) untilDayTime(at int64, now Now) int64 {
	return max(at-s.OfficeTime(now), at-s.dayTime(now))
}

// expiresAt tells whether an expiry concerns a ticket: one that waited, or was
// parked, before it. Who gets one after it, from a person, or was at a desk
// then, keeps it until the day ends; so does an appointment that is due later.
func (s *State) expiresAt(at int64, t *Ticket) bool {
	if t.State != Waiting && t.State != Parked || t.DueAt > at {
		return false
	}
	return s.TimeOf(t.Periods[len(t.Periods)-1].Start) < at
}
