package queue

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (c IssueTicket) decide(d *decision) error {
	if d.s.serviceIndex(c.Service) < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if o := d.s.outletIndex(c.Outlet); o < 0 || d.s.index.outlets[o].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	if err := errors.Join(short("request", c.Request), short("token", c.Token)); err != nil {
		return err
	}
	if c.Class != Ordinary && c.Class != Priority {
		return oneOf("class", c.Class, Priority)
	}
	if err := c.Category.known(); err != nil {
		return err
	}
	if before, err := d.asked(c.Request, andThen(wishOf(c.Service, c.Class, c.Category, c.Outlet, ""), c.Then)); before {
		return err
	}
	if err := d.s.mayPlan(c.Service, c.Then); err != nil {
		return err
	}
	for _, id := range c.Then {
		if err := d.s.mayIssue(id, c.Class, false, d.now); err != nil {
			return fmt.Errorf("planning %q: %w", id, err)
		}
	}
	if err := d.issue(c.Outlet, TicketIssued{Service: c.Service, Class: c.Class, Token: c.Token, Request: c.Request, Promise: c.Promise, Category: c.Category, Language: c.Language.orNone()}, c.Paperless); err != nil {
		return err
	}
	if len(c.Then) > 0 {
		d.plan(ticketID(d.s.day.Ordinal, d.s.tickets.len()), c.Then)
	}
	return nil
}

// issue gives a number at an outlet; b is the event as far as it is the
// citizen's own: service, class, request. paperless tells that the citizen wants it on
// the screen alone.
func (d *decision) issue(outlet OutletID, b TicketIssued, paperless bool) error {
	if err := d.mayPress(d.by); err != nil {
		return err
	}
	if err := d.s.mayIssue(b.Service, b.Class, b.Appointment != "", d.now); err != nil {
		return err
	}
	given, err := d.givenAt(d.s.outletIndex(outlet), paperless)
	if err != nil {
		return err
	}
	number, ok := d.s.nextNumber(d.s.index.services[d.s.serviceIndex(b.Service)].series, d.now)
	if !ok || d.s.tickets.len() >= ticketsPerDay-1 {
		return ErrSeriesExhausted
	}
	b.Ticket, b.Number = ticketID(d.s.day.Ordinal, d.s.tickets.len()+1), number
	b.Outlet, b.Asked, b.Paper = given.outlet, given.asked, given.paper
	b.Ahead = d.s.aheadOfNew(b.Service, b.Class, b.DueAt, d.s.boundTo(&Ticket{bound: b.Desk}), d.now)
	d.emit(b)
	return nil
}

// mayPress keeps a nervous finger or a child from emptying the roll: a button
// or totem rests after each ticket, and gives only so many a minute.
func (d *decision) mayPress(by Cause) error {
	if by.Kind != ByButton && by.Kind != ByTotem {
		return nil
	}
	rules := d.s.index.setup.Rules
	given := 0
	for i := d.s.tickets.len() - 1; i >= 0; i-- {
		t := d.s.tickets.at(i)
		if t.Block != "" {
			continue // handed out before, by a person
		}
		if !d.now.within(60_000, t.Issued) {
			break
		}
		if t.By.Kind != by.Kind || t.By.Device != by.Device {
			continue
		}
		if d.now.within(rules.RestMs, t.Issued) {
			return ErrResting
		}
		if given++; rules.PressesPerMinute > 0 && given >= rules.PressesPerMinute {
			return ErrTooManyPresses
		}
	}
	return nil
}

// issue adds a ticket and moves its series on, in the same step.
func (n *draft) issue(e Event, b TicketIssued) {
	i := n.serviceIndex(b.Service)
	if i < 0 || b.Ticket != ticketID(n.day.Ordinal, n.tickets.len()+1) {
		return
	}
	at := e.At
	if b.HandedAt != 0 {
		ago := max(0, n.OfficeTime(e.At)-b.HandedAt)
		at.Wall, at.Mono = at.Wall-ago, at.Mono-ago
	}
	t := &Ticket{
		ID: b.Ticket, Number: b.Number, Service: b.Service, Class: b.Class,
		Issued: at, By: e.By, Outlet: b.Outlet, Asked: orDefault(b.Asked, b.Outlet), Token: b.Token, Request: b.Request,
		Promise: b.Promise, Ahead: b.Ahead, Category: b.Category, Language: b.Language,
		arrival: arrivalKey(e.Seq), since: n.instantOf(at), Block: b.Block,
	}
	t.wish = wishOf(b.Service, b.Class, b.Category, t.Asked, "")
	if b.HandedAt != 0 && n.plan != nil {
		t.arrival = n.handedKey(b.Ticket, b.HandedAt)
	}
	t.key = t.arrival
	if b.Appointment != "" {
		t.Appointment, t.DueAt, t.Late, t.bound = b.Appointment, b.DueAt, b.Late, b.Desk
		t.Desk = n.boundTo(t)
		n.changeBooking(b.Appointment, func(a *Attendance) { a.State, a.Ticket, a.Late = AttendanceCame, t.ID, b.Late })
	}
	n.enter(t, Waiting, at, e.By)
	n.joinQueue(t)
	if b.Block != "" {
		n.callIn(b.Block, b.Number)
	} else {
		n.setSeries(b.Number.Series, seriesState{next: b.Number.Value + 1, lap: b.Number.Lap})
	}
	if b.Paper == PaperRequested {
		t.Job = 1
	}
	n.add(t, i, b.Paper)
}

// add puts a new ticket of a service into the state.
func (n *draft) add(t *Ticket, service int, paper PaperState) {
	put(n, &n.issued, service, n.issued[service]+1)
	n.countBand(n.TimeOf(t.Issued), t.Service)
	n.totals.Issued++
	if s := n.seriesIndex(t.Number.Series); s >= 0 {
		put(n, &n.given, s, n.given[s].with(uint64(t.Number.Value), t.ID, nil, n.folding))
	}
	n.setPaper(t, paper, "")
	n.setTicket(t, "", false)
	n.nameTickets()
}

func (c IssueAtDesk) decide(d *decision) error {
	service := d.s.serviceIndex(c.Service)
	if service < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if err := errors.Join(short("request", c.Request), short("token", c.Token), c.Category.known()); err != nil {
		return err
	}
	if before, err := d.asked(c.Request, wishOf(c.Service, Ordinary, c.Category, "", c.Desk)); before {
		return err
	}
	i, err := d.asSeen(c.Desk, c.Seen)
	switch {
	case err != nil:
		return err
	case d.s.index.desks[i].removed:
		return ErrDeskClosed
	case d.s.desks[i].Ticket != 0:
		return ErrDeskHasTicket
	case !d.s.index.setup.Rules.CallOutside && !contains(d.s.index.desks[i].served, service):
		return fmt.Errorf("%w: desk %q does not serve %q", ErrNotAllowed, c.Desk, c.Service)
	}
	if err := d.s.MayIssueAtDesk(c.Service, d.now); err != nil {
		return err
	}
	number, ok := d.s.nextNumber(d.s.index.services[service].series, d.now)
	if !ok || d.s.tickets.len() >= ticketsPerDay-1 {
		return ErrSeriesExhausted
	}
	d.emit(TicketIssuedAtDesk{
		Ticket: ticketID(d.s.day.Ordinal, d.s.tickets.len()+1), Number: number, Service: c.Service, Desk: c.Desk,
		Outlet: d.s.index.setup.ReceptionOutlet(), Category: c.Category, Token: c.Token, Request: c.Request,
	})
	return nil
}

// issueAtDesk adds a ticket whose service begins, and moves its series on, in the
// same step.
func (n *draft) issueAtDesk(e Event, b TicketIssuedAtDesk) {
	i := n.serviceIndex(b.Service)
	if i < 0 || b.Ticket != ticketID(n.day.Ordinal, n.tickets.len()+1) {
		return
	}
	t := &Ticket{
		ID: b.Ticket, Number: b.Number, Service: b.Service, Issued: e.At, By: e.By, Desk: b.Desk,
		Outlet: b.Outlet, Asked: b.Outlet, Category: b.Category, Token: b.Token, Request: b.Request,
		arrival: arrivalKey(e.Seq), key: arrivalKey(e.Seq), since: n.instantOf(e.At),
	}
	t.wish = wishOf(b.Service, Ordinary, b.Category, "", b.Desk)
	n.enter(t, Serving, e.At, e.By)
	n.setSeries(b.Number.Series, seriesState{next: b.Number.Value + 1, lap: b.Number.Lap})
	n.add(t, i, Paperless)
	n.hold(b.Desk, t.ID)
}

func (d *decision) ticket(id TicketID) (*Ticket, error) {
	if t := d.s.Ticket(id); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: %d", ErrUnknownTicket, id)
}

func (c CancelTicket) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if t.State == Cancelled {
		return nil
	}
	if t.State.Ended() {
		return wrongState(t)
	}
	if err := code("cancellation", c.Why); err != nil {
		return err
	}
	d.emit(TicketCancelled{Ticket: t.ID, Why: c.Why})
	return nil
}

// mostCancelled bounds what one action cancels: more than eight buttons give in
// the ten minutes for which a burst can be cancelled.
const mostCancelled = 2_000

// decide cancels, in one action, those of a list that still wait. One
// that a desk has called meanwhile is left alone: its holder is at the desk.
func (c CancelTickets) decide(d *decision) error {
	if len(c.Tickets) > mostCancelled {
		return between("tickets", int64(len(c.Tickets)), 0, mostCancelled)
	}
	if err := code("cancellation", c.Why); err != nil {
		return err
	}
	for _, id := range c.Tickets {
		t, err := d.ticket(id)
		if err != nil {
			return err
		}
		if t.State == Waiting {
			d.emit(TicketCancelled{Ticket: t.ID, Why: c.Why})
		}
	}
	return nil
}

// WhyGone is why a ticket was cancelled that nobody waited for any more when it
// was stored.
const WhyGone = "gone"

func (c AbandonTicket) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Waiting || t.Request != "" {
		return wrongState(t)
	}
	if t.Paper == PaperRequested {
		d.emit(TicketPrintFailed{Ticket: t.ID, Job: t.Job, Why: "late"})
	}
	d.emit(TicketCancelled{Ticket: t.ID, Why: WhyGone})
	return nil
}

// wrongState refuses what cannot be done to a ticket in its state.
func wrongState(t *Ticket) error {
	return fmt.Errorf("%w: %w", ErrWrongState, StateError{t.ID, t.Number.Text, t.State})
}

type seriesState struct {
	next int // 0 before the first
	lap  int
}

func (s *State) seriesIndex(id SeriesID) int { return indexOf(s.known().seriesAt, id) }

// text is the number as shown: the letters, then the digits padded to Width.
func (s Series) text(value int) string {
	digits := strconv.Itoa(value)
	for len(digits) < s.Width {
		digits = "0" + digits
	}
	return s.Letters + digits
}

// Longest is the last number of the series as shown: none has more characters.
func (s Series) Longest() string {
	ranges := s.ranges()
	return s.text(ranges[len(ranges)-1].Last)
}

// ranges are the stretches of numbers that the series gives.
func (s Series) ranges() []Range {
	if len(s.Ranges) > 0 {
		return s.Ranges
	}
	return []Range{{s.First, s.Last}}
}

// from is the least number of the series that is not below value.
func (s Series) from(value int) (int, bool) {
	for _, r := range s.ranges() {
		if value <= r.Last {
			return max(value, r.First), true
		}
	}
	return 0, false
}

// has tells whether the series gives a number.
func (s Series) has(value int) bool {
	n, ok := s.from(value)
	return ok && n == value
}

// gives refuses a number that the series does not give.
func (s Series) gives(field string, value int) error {
	all := s.ranges()
	switch {
	case s.has(value):
		return nil
	case len(all) == 1:
		return between(field, int64(value), int64(all[0].First), int64(all[0].Last))
	}
	wrong := ValueError{Field: field, Rule: RuleOneOf, Value: strconv.Itoa(value)}
	for _, r := range all {
		wrong.OneOf = append(wrong.OneOf, fmt.Sprintf("%d-%d", r.First, r.Last))
	}
	return wrong
}

// size is how many numbers the series gives in one lap.
func (s Series) size() int {
	n := 0
	for _, r := range s.ranges() {
		n += max(0, r.Last-r.First+1)
	}
	return n
}

// overlap is a number that two series would both show, by their letters.
func (s Series) overlap(other Series) (value int, found bool) {
	if s.Letters != other.Letters {
		return 0, false
	}
	for _, a := range s.ranges() {
		for _, b := range other.ranges() {
			if value = max(a.First, b.First); value <= min(a.Last, b.Last) {
				return value, true
			}
		}
	}
	return 0, false
}

// nextNumber is the next number of a series at now. After a wrap, numbers that are
// still in somebody's hand are passed over.
func (s *State) nextNumber(series int, now Now) (Number, bool) {
	if series < 0 {
		return Number{}, false
	}
	return s.numberAfter(series, s.series[series], now)
}

// numberAfter is the next number, at now, of a series that stands there.
func (s *State) numberAfter(series int, stands seriesState, now Now) (Number, bool) {
	def := s.index.series[series]
	value, lap := stands.next, stands.lap
	for range def.size() + 1 {
		n, ok := def.from(value)
		switch {
		case !ok && (!def.Wrap || lap > stands.lap):
			return Number{}, false
		case !ok:
			value, lap = 0, lap+1
		case !s.numberInHand(series, n, now):
			return Number{Series: def.ID, Value: n, Lap: lap, Text: def.text(n)}, true
		default:
			value = n + 1
		}
	}
	return Number{}, false
}

// NextNumber is the number that the next ticket of a series gets at now; ok is false
// when it has none left today, or is not there.
func (s *State) NextNumber(id SeriesID, now Now) (n Number, ok bool) {
	return s.nextNumber(s.seriesIndex(id), now)
}

// numberInHand tells whether somebody can still use a number of the series at now:
// its ticket has not ended, it is of a no-show who may come back, or it is
// reserved. Only the newest ticket of a number can be in a hand.
func (s *State) numberInHand(series, value int, now Now) bool {
	t := s.Ticket(s.given[series].at(uint64(value)))
	return t != nil && (!t.State.Ended() || s.mayReturn(t, now)) || s.reserved(s.index.series[series].ID, value)
}

// GivenToday are the lowest and the highest number of a series that tickets of today
// have; ok is false when none has one.
func (s *State) GivenToday(id SeriesID) (first, last Number, ok bool) {
	i := s.seriesIndex(id)
	if i < 0 || s.given[i].first == nil {
		return first, last, false
	}
	highest := s.given[i].root
	for highest.right != nil {
		highest = highest.right
	}
	return s.Ticket(s.given[i].first.ticket).Number, s.Ticket(highest.ticket).Number, true
}

// givenAgain are the numbers of a series from one on that were given today and that
// nobody can use at now, as people read them; empty when there are none.
func (s *State) givenAgain(series, from int, now Now) string {
	def := s.index.series[series]
	var free []Number
	for n := s.given[series].from(uint64(from)); n != nil; n = s.given[series].from(n.key + 1) {
		if value := int(n.key); !s.numberInHand(series, value, now) {
			free = append(free, Number{Series: def.ID, Value: value, Text: def.text(value)})
		}
	}
	return Stretches(free)
}

// mostTold bounds the stretches of numbers that are told one by one.
const mostTold = 12

// Stretches are numbers as people read them, such as "A001–A002, A004, C001": those
// that follow one another in their series as one stretch, series by series in the order
// in which they first come. Of very many stretches the first are told.
func Stretches(numbers []Number) string {
	var all []Number
	order := map[SeriesID]int{}
	for _, n := range numbers {
		if _, known := order[n.Series]; !known {
			order[n.Series] = len(order)
		}
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b Number) int {
		return cmp.Or(order[a.Series]-order[b.Series], a.Lap-b.Lap, a.Value-b.Value)
	})
	var told []string
	for i := 0; i < len(all); {
		first := all[i]
		last := first
		for i++; i < len(all) && all[i].Series == last.Series && all[i].Lap == last.Lap && all[i].Value <= last.Value+1; i++ {
			last = all[i]
		}
		one := first.Text
		if last.Value > first.Value {
			one += "–" + last.Text
		}
		if len(told) == mostTold {
			return strings.Join(told, ", ") + ", …"
		}
		told = append(told, one)
	}
	return strings.Join(told, ", ")
}

// decide goes on from another number, as when a roll of numbered paper
// was torn. A number that is behind the next one begins another lap, since no
// number is given twice in one.
func (c RestartSeries) decide(d *decision) error {
	i := d.s.seriesIndex(c.Series)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownSeries, c.Series)
	}
	def, now := d.s.index.series[i], d.s.series[i]
	if err := def.gives("from", c.From); err != nil {
		return err
	}
	next, _ := def.from(now.next)
	switch {
	case c.From == next:
		return nil
	case c.Next != 0 && c.Next != next:
		return ErrStale
	case d.s.numberInHand(i, c.From, d.now):
		return fmt.Errorf("%w: %s", ErrNumberInHand, def.text(c.From))
	}
	if again := d.s.givenAgain(i, c.From, d.now); again != "" && !c.Again {
		return fmt.Errorf("%w: %w", ErrGivenToday, GivenTodayError{again})
	}
	d.goOnAt(SeriesFrom{Series: c.Series, From: c.From})
	return nil
}

// numbersStay keeps the numbers of a series that gave some today from being
// given by another one while anybody holds one: otherwise two people could
// hold the same A012. The chain of the error holds the Faults, at the letters that would.
func (s *State) numbersStay(setup Setup) error {
	if s.index == nil || s.totals.Open() == 0 && s.blocksLeft() == 0 {
		return nil
	}
	var faults Faults
	for i, was := range s.index.series {
		if s.series[i].next == 0 {
			continue
		}
		for j, r := range setup.Series {
			problem := ""
			if n, both := was.overlap(r); r.ID != was.ID && both {
				problem = fmt.Sprintf("series %q gave numbers such as %s today, and series %q would give them again", was.ID, was.text(n), r.ID)
			} else if r.ID == was.ID && r.Letters != was.Letters {
				problem = fmt.Sprintf("series %q gave numbers with the letters %q today", was.ID, was.Letters)
			}
			at := fmt.Sprintf("series[%d].letters", j+1)
			if problem != "" && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Path == at }) {
				faults = append(faults, Fault{Path: at, Problem: problem, Remedy: "change it when nobody waits or is served any more"})
			}
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w:\n%w", ErrBadSetup, faults)
	}
	return nil
}

func (n *draft) setSeries(id SeriesID, next seriesState) {
	if i := n.seriesIndex(id); i >= 0 {
		put(n, &n.series, i, next)
	}
}
