package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxSetupBytes bounds a setup as stored: every day carries one.
const maxSetupBytes = 64 << 10

// startUp records that the program runs again, before it answers anybody.
// Whatever was on its way to paper is now unknown, and nothing is known of
// what the outlets can do.
func (d *decision) startUp(c StartUp) error {
	if d.s.journal == "" {
		if c.Journal == "" {
			return fmt.Errorf("%w: a new journal needs an identity", ErrBadCommand)
		}
		d.emit(JournalBegun{Journal: c.Journal, Version: c.Version})
	}
	d.emit(JournalResumed{Version: c.Version})
	var onTheWay []*Ticket
	d.s.EachUnsettledPaper(func(t *Ticket) bool {
		if t.Paper == PaperRequested {
			onTheWay = append(onTheWay, t)
		}
		return true
	})
	for _, t := range onTheWay {
		d.emit(TicketPrintUnknown{Ticket: t.ID, Job: t.Job, Why: "restart"})
	}
	for i, o := range d.s.outlets {
		if o.Gives != AbleUnknown {
			d.emit(OutletChanged{Outlet: d.s.office.outlets[i].ID, Gives: AbleUnknown, Why: "restart"})
		}
	}
	return nil
}

func (d *decision) changeSetup(c ChangeSetup) error {
	if err := c.Setup.Validate(); err != nil {
		return err
	}
	b, err := json.Marshal(c.Setup)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrBadSetup, err)
	}
	if len(b) > maxSetupBytes {
		return fmt.Errorf("%w: it takes %d bytes and may take %d; shorten the texts", ErrBadSetup, len(b), maxSetupBytes)
	}
	// What is put in force is what a reader of the journal will see, and has
	// no list in common with the caller's.
	var stored Setup
	if err := json.Unmarshal(b, &stored); err != nil {
		return fmt.Errorf("%w: %v", ErrBadSetup, err)
	}
	if err := d.s.lettersStay(stored); err != nil {
		return err
	}
	replan := d.s.day.Open && c.Plan.Date == d.s.plan.Date
	if replan && c.Plan.Ends <= c.Plan.Begins {
		return fmt.Errorf("%w: a day's plan needs an end after its beginning", ErrBadCommand)
	}
	if !d.s.HasSetup() || !sameJSON(stored, d.s.office.setup) {
		d.emit(SetupChanged{Setup: stored})
	}
	if replan && !sameJSON(c.Plan, d.s.plan) {
		d.emit(DayReplanned{Plan: c.Plan.copied()})
	}
	return nil
}

// sameJSON tells whether two values are stored alike.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// lettersStay keeps letters with the series that gave numbers with them, while
// anybody holds one: otherwise two people could hold the same A012.
func (s *State) lettersStay(setup Setup) error {
	if s.office == nil || s.totals.Open() == 0 {
		return nil
	}
	for i, was := range s.office.series {
		if s.series[i].next == 0 {
			continue
		}
		for _, r := range setup.Series {
			if (r.ID == was.ID) != (r.Letters == was.Letters) {
				return fmt.Errorf("%w: series %q gave numbers with the letters %q today; change them when nobody waits or is served any more",
					ErrBadSetup, was.ID, was.Letters)
			}
		}
	}
	return nil
}

// NeedsDay tells whether a business day must be opened at now before anything
// else is decided. A step of the clock alone never ends a day that has open
// tickets: for that, as much time must have gone by.
func (s *State) NeedsDay(now Now) bool {
	return s.office != nil && (!s.day.Open || s.dayOver(now))
}

func (s *State) dayOver(now Now) bool {
	return s.OfficeTime(now) >= s.plan.Ends && (s.totals.Open() == 0 || s.lineTime(now) >= s.plan.Ends)
}

func (d *decision) openDay(c OpenDay) error {
	if d.s.day.Open {
		if !d.s.dayOver(d.now) {
			return nil
		}
		d.endDay()
	}
	if c.Plan.Date == "" || c.Plan.Ends <= c.Plan.Begins {
		return fmt.Errorf("%w: a day's plan needs a date and an end after its beginning", ErrBadCommand)
	}
	if now := d.s.OfficeTime(d.now); c.Plan.Ends <= now {
		return fmt.Errorf("%w: the plan of %s ended %d ms ago", ErrBadCommand, c.Plan.Date, now-c.Plan.Ends)
	}
	before := d.s
	d.emit(DayOpened{
		Day: d.s.day.Ordinal + 1, Journal: d.s.journal, CorrectionMs: d.s.correction,
		Setup: d.s.office.setup, Plan: c.Plan.copied(), Provisional: !d.now.Synced,
	})
	// What the outlets can do outlives the day; it is said again, so that the
	// day can be read by itself.
	for _, o := range d.s.office.outlets {
		if _, was, ok := before.Outlet(o.ID); ok && was.Gives != AbleUnknown {
			d.emit(OutletChanged{Outlet: o.ID, Gives: was.Gives, Why: was.Why})
		}
	}
	return nil
}

// endDay closes everything: desks first, so that their last tickets end, then
// those who still wait.
func (d *decision) endDay() {
	for i := range d.s.desks {
		if d.s.desks[i].Open {
			d.shutDesk(i)
		}
	}
	for _, id := range d.open() {
		d.emit(TicketExpired{Ticket: id})
	}
	t := d.s.totals
	d.emit(DayClosed{Day: d.s.day.Ordinal, Issued: t.Issued, Served: t.Served, NoShows: t.NoShows, Expired: t.Expired})
}

// open lists the tickets that have not ended.
func (d *decision) open() []TicketID {
	var ids []TicketID
	if d.s.totals.Open() == 0 {
		return nil
	}
	d.s.EachTicket(func(t *Ticket) bool {
		if !t.State.Ended() {
			ids = append(ids, t.ID)
		}
		return true
	})
	return ids
}

// tick does what is due by itself.
func (d *decision) tick() error {
	line := d.s.lineTime(d.now)
	for {
		key, id, ok := d.s.parked.head()
		if !ok || parkedUntil(key) > line {
			break
		}
		d.emit(TicketResumed{Ticket: id})
	}
	if in, waits := d.s.expiryIn(d.now); waits && in <= 0 {
		for _, id := range d.open() {
			if t := d.s.Ticket(id); d.s.expires(t) {
				d.emit(TicketExpired{Ticket: id})
			}
		}
	}
	if d.s.dayOver(d.now) {
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
	due := s.plan.Ends - s.OfficeTime(now)
	if s.totals.Open() > 0 {
		due = max(due, s.plan.Ends-s.lineTime(now))
	}
	if key, _, found := s.parked.head(); found {
		due = min(due, parkedUntil(key)-s.lineTime(now))
	}
	if in, waits := s.expiryIn(now); waits && s.expirable() {
		due = min(due, in)
	}
	return max(0, due), true
}

// expiryIn is how long until those still waiting expire, by the clock and by
// the time that has gone by, whichever is later; waits is false when the day
// has no expiry or nobody waits.
func (s *State) expiryIn(now Now) (ms int64, waits bool) {
	if s.plan.Expiry == 0 || s.totals.Waiting+s.totals.Parked == 0 {
		return 0, false
	}
	return max(s.plan.Expiry-s.OfficeTime(now), s.plan.Expiry-s.lineTime(now)), true
}

// expirable tells whether anybody waits, or is parked, whom the day's expiry
// concerns.
func (s *State) expirable() bool {
	found := false
	look := func(t *Ticket) bool {
		found = s.expires(t)
		return !found
	}
	for _, lines := range [][]line{s.waiting, s.own, {s.parked}} {
		for _, l := range lines {
			if s.visit(l, look); found {
				return true
			}
		}
	}
	return false
}

// expires tells whether the day's expiry concerns a ticket. Who gets one after
// it, from a person, keeps it until the day ends.
func (s *State) expires(t *Ticket) bool {
	return (t.State == Waiting || t.State == Parked) && s.OfficeTime(t.Issued) < s.plan.Expiry
}

// latestOfficeTime is the end of the year 2199: a correction beyond it is a
// slip of the hand.
const latestOfficeTime = 7_258_118_399_999

func (d *decision) setClock(c SetClock) error {
	if c.CorrectionMs == d.s.correction {
		return nil
	}
	if at := d.now.Wall + c.CorrectionMs; at < 0 || at > latestOfficeTime {
		return fmt.Errorf("%w: a correction of %d ms", ErrBadCommand, c.CorrectionMs)
	}
	d.emit(ClockSet{CorrectionMs: c.CorrectionMs})
	return nil
}

// outletRestMs is the least time between two changes of an outlet on disk, so
// that a loose cable does not fill it.
const outletRestMs = 5_000

func (d *decision) reportOutlet(c ReportOutlet) error {
	i := d.s.outletIndex(c.Outlet)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	switch c.Gives {
	case Able, Unable, AbleUnknown:
	default:
		return fmt.Errorf("%w: ability %q", ErrBadCommand, c.Gives)
	}
	c.Why = shortened(c.Why)
	o := d.s.outlets[i]
	if o.Gives == c.Gives && o.Why == c.Why {
		return nil
	}
	if o.Gives != AbleUnknown && d.now.within(outletRestMs, o.Since) {
		return ErrTooSoon
	}
	d.emit(OutletChanged(c))
	return nil
}
