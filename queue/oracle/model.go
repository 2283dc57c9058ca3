package oracle

import (
	"slices"

	"eliminacode/queue"
)

// A dayModel is one business day as the checker understands it.
type dayModel struct {
	c       *Checker
	event   queue.Event // that is being seen
	ordinal int
	plan    queue.DayPlan
	tickets map[queue.TicketID]*ticketModel
	waiting []*ticketModel // in no order that matters
	numbers map[numberKey]queue.TicketID
	newest  map[queue.SeriesID]queue.Number
	// reserved are the numbers of blocks that nobody called in yet, by their block.
	reserved map[numberKey]string
	desks    map[queue.DeskID]*deskModel
	issues   int
	states   map[queue.TicketState]int // how many tickets are in each

	services  map[queue.ServiceID]queue.Service // all of today, those removed since too
	order     *orderModel
	unknown   bool // a service was removed: who serves its tickets is not modelled
	suspended bool
	transfers int
	expired   queue.Now // when somebody expired last

	bookings map[queue.AppointmentID]*bookingModel
	papers   paperRules
	left     leaving
}

type numberKey struct {
	series     queue.SeriesID
	lap, value int
}

type ticketModel struct {
	id      queue.TicketID
	state   queue.TicketState
	number  queue.Number
	class   queue.Class
	service queue.ServiceID
	desk    queue.DeskID // that holds it
	onlyAt  queue.DeskID // that alone may call it
	bound   queue.DeskID // that it was sent to, also while it is called
	held    queue.TicketState
	heldBy  queue.DeskID // the desk that held it last, and in which state
	leg     int

	arrival, place placeModel
	arrived, since waitModel // of the order
	waiting        waitModel // of the present wait
	waited         int64     // in waits of this leg that ended
	waitedThen     int64     // the same, when it was called last
	dueAt          int64
	returning      bool
	returnAfter    int
	endedRan       int64 // how long the box had been on when its visit ended
	endedAt        queue.Now
	calledAt       queue.Now
	lastCall       queue.Now // or recall
	apart          int       // recalls far enough apart, the last of them at apartAt
	apartAt        queue.Now
	startedSeq     uint64       // of the event that began its service with the call
	unseen         bool         // it counts as served though nobody saw how that ended
	before         *ticketModel // as it was when it was called last
	paper          paperModel
	passedOver     int  // in a row, since it is past its maximum
	returned       bool // came back after a no-show, by a person
	issued         queue.Event
	then           []queue.ServiceID // planned after the present service
	left           *ticketModel      // as it was before its plan sent it on, until it is called
	leftSeq        uint64            // of the event that sent it on
	// returnedByItself tells that it came back by itself, after a keypad's
	// clerk went on in haste.
	returnedByItself bool
}

type deskModel struct {
	open, paused, backOffice bool
	ticket                   queue.TicketID
	profile                  queue.Profile     // in force
	whole                    queue.Profile     // of the setup
	left                     []queue.ServiceID // of it, that its operator does not serve
	key                      queue.Now         // the last of its keypad; zero when its console was used since
}

// first are the services that the desk serves by right in the order of service:
// a back office is reached in other ways.
func (x *deskModel) first() []queue.ServiceID {
	if x.backOffice {
		return nil
	}
	return x.profile.First
}

func newDayModel(c *Checker, b queue.DayOpened) *dayModel {
	d := &dayModel{
		c: c, ordinal: b.Day, plan: b.Plan,
		tickets: map[queue.TicketID]*ticketModel{}, numbers: map[numberKey]queue.TicketID{}, reserved: map[numberKey]string{},
		newest: map[queue.SeriesID]queue.Number{}, desks: map[queue.DeskID]*deskModel{},
		states: map[queue.TicketState]int{}, services: map[queue.ServiceID]queue.Service{}, order: newOrderModel(),
		bookings: map[queue.AppointmentID]*bookingModel{}, papers: newPaperRules(),
	}
	for _, a := range b.Appointments {
		d.bookings[a.ID] = &bookingModel{due: a.DueAt, service: a.Service, state: queue.AttendanceExpected}
	}
	d.setupChanged(b.Setup)
	return d
}

func (d *dayModel) setupChanged(s queue.Setup) {
	d.papers.setupChanged(s)
	for _, x := range s.Desks {
		d.desk(x.ID).whole, d.desk(x.ID).backOffice = x.Profile, x.BackOffice
		d.desk(x.ID).narrow()
	}
	had := len(d.services)
	for _, x := range s.Services {
		if _, known := d.services[x.ID]; known {
			had--
		}
		d.services[x.ID] = x
	}
	d.unknown = d.unknown || had > 0
}

func (d *dayModel) desk(id queue.DeskID) *deskModel {
	if d.desks[id] == nil {
		d.desks[id] = &deskModel{}
	}
	return d.desks[id]
}

// totals are the counts of the day but for its calls.
func (d *dayModel) totals() queue.Totals {
	n := d.states
	return queue.Totals{
		Issued: d.issues, Waiting: n[queue.Waiting], Called: n[queue.Called], Serving: n[queue.Serving], Parked: n[queue.Parked],
		Served: n[queue.Served], NoShows: n[queue.NoShow], Cancelled: n[queue.Cancelled], Expired: n[queue.Expired],
	}
}

// see takes an event of the day: what it does to people, and to their paper.
func (d *dayModel) see(e queue.Event) {
	d.event = e
	d.seeLeft(e)
	d.seePeople(e)
	d.seePaper(e)
}

func (d *dayModel) seePeople(e queue.Event) {
	switch b := e.Body.(type) {
	case queue.SetupChanged:
		d.setupChanged(b.Setup)
	case queue.DayReplanned:
		d.plan, d.c.lastPlan = b.Plan, &b.Plan
	case queue.DayRedated:
		d.plan, d.c.lastPlan = b.Plan, &b.Plan
		d.c.clock.lead = d.c.clock.officeTime(e.At) - d.c.clock.steady
	case queue.OfficeSuspended:
		d.suspended = true
	case queue.OfficeResumed:
		d.suspended = false
	case queue.SeriesRestarted:
		d.newest[b.Series] = queue.Number{Series: b.Series, Value: b.From - 1, Lap: b.Lap}
	case queue.DeskSeen:
		d.used(b.Desk)
	case queue.DeskOpened:
		d.used(b.Desk)
		d.opened(b)
	case queue.DeskPaused:
		d.used(b.Desk)
		if x := d.desk(b.Desk); !x.open || x.ticket != 0 {
			d.c.report(BreachDesk, x.ticket, b.Desk, "a break at a desk that is closed or holds a ticket")
		}
		d.desk(b.Desk).paused = true
		// Nobody waits for a desk that does not work.
		for _, t := range d.waiting {
			if t.onlyAt == b.Desk {
				t.onlyAt = ""
			}
		}
	case queue.DeskClosed:
		x := d.desk(b.Desk)
		if x.ticket != 0 {
			d.c.report(BreachLost, x.ticket, b.Desk, "the desk closed over its ticket")
		}
		for _, t := range d.waiting {
			if t.onlyAt == b.Desk || x.paused && t.bound == b.Desk {
				t.onlyAt, t.bound = "", ""
			}
		}
		x.open, x.paused, x.left = false, false, nil
		x.narrow()
	case queue.DeskProfileChanged:
		d.desk(b.Desk).whole = b.Profile
		d.desk(b.Desk).narrow()
	case queue.TicketIssued:
		d.issued(e, b)
	case queue.TicketIssuedAtDesk:
		d.issuedAtDesk(e, b)
	case queue.TicketCalled:
		d.called(e, b)
	case queue.TicketRecalled:
		d.at(b.Ticket, b.Desk, "", queue.Called)
	case queue.ServiceStarted:
		d.at(b.Ticket, b.Desk, queue.Serving, queue.Called)
	case queue.TicketServed:
		if t := d.at(b.Ticket, b.Desk, queue.Served, queue.Serving); t != nil {
			d.finished(t, b.Desk)
			t.unseen = b.UnknownEnd
		}
	case queue.TicketNoShow:
		if t := d.at(b.Ticket, b.Desk, queue.NoShow, queue.Called); t != nil {
			t.endedRan, t.endedAt = d.c.clock.ran, d.c.clock.now
		}
	case queue.TicketTransferred:
		if t := d.at(b.Ticket, b.From, queue.Waiting, queue.Called, queue.Serving); t != nil {
			d.goesOn(t, b.From, b.Service, b.Planned)
			t.bound = b.Desk
			d.bind(t)
			t.place, t.since = t.arrival, t.arrived
			switch b.Place {
			case queue.PlaceFront:
				t.place = placeModel{seq: e.Seq}
			case queue.PlaceBack:
				t.place, t.since = placeModel{inLine: true, seq: e.Seq}, d.c.clock.waits()
			}
		}
	case queue.ServicesPlanned:
		d.planned(b)
	case queue.ServiceContinued:
		d.continued(b)
	case queue.TicketParked:
		if t := d.at(b.Ticket, b.Desk, queue.Parked, queue.Called, queue.Serving); t != nil {
			t.bound = ""
		}
	case queue.TicketResumed:
		d.resumed(b)
	case queue.TicketCancelled:
		d.over(e, b.Ticket, queue.Cancelled)
	case queue.TicketExpired:
		d.expired = e.At
		d.over(e, b.Ticket, queue.Expired)
	case queue.BlockReserved:
		d.blockReserved(b)
	case queue.PriorityGranted:
		d.reclassed(b.Ticket, queue.Ordinary, queue.Priority)
	case queue.PriorityWithdrawn:
		d.reclassed(b.Ticket, queue.Priority, queue.Ordinary)
	default:
		d.seeVisit(e)
	}
}

// opened is a desk that opens, perhaps for less than its profile: never for what
// is not in it, and never for nothing.
func (d *dayModel) opened(b queue.DeskOpened) {
	x := d.desk(b.Desk)
	back := x.paused
	x.open, x.paused, x.left = true, false, nil
	for _, t := range d.waiting {
		if back && t.bound == b.Desk {
			d.bind(t)
		}
	}
	some := func(p queue.Profile) []queue.ServiceID { return slices.Concat(p.First, p.Help) }
	if serves := some(b.Profile); len(serves) > 0 {
		for _, s := range some(x.whole) {
			if !slices.Contains(serves, s) {
				x.left = append(x.left, s)
			}
		}
		for _, s := range serves {
			if !slices.Contains(some(x.whole), s) {
				d.c.report(BreachProfile, 0, b.Desk, "the desk opens for "+string(s)+", which is not in its profile")
			}
		}
	}
	x.narrow()
}

// narrow works out the profile in force.
func (x *deskModel) narrow() {
	x.profile = queue.Profile{}
	for _, s := range x.whole.First {
		if !slices.Contains(x.left, s) {
			x.profile.First = append(x.profile.First, s)
		}
	}
	for _, s := range x.whole.Help {
		if !slices.Contains(x.left, s) {
			x.profile.Help = append(x.profile.Help, s)
		}
	}
}

// roomFor checks that the hall had room for a new ticket, and that its service
// takes people without an appointment.
func (d *dayModel) roomFor(b queue.TicketIssued) {
	most := d.c.setup.Rules.HallCapacity
	switch {
	case b.Class == queue.Appointment:
	case most > 0 && d.states[queue.Waiting]+d.states[queue.Called] >= most:
		d.c.report(BreachClosed, b.Ticket, "", "a ticket while the hall was full")
	case d.services[b.Service].AppointmentsOnly && b.Appointment == "":
		d.c.report(BreachClosed, b.Ticket, "", "a ticket without an appointment for a service by appointment only")
	}
}

// isOver tells whether the day is over, by the clock and by the time that went
// by or that the box was off.
func (d *dayModel) isOver() bool {
	c := &d.c.clock
	return c.officeTime(c.now) >= d.plan.Ends && c.steady+c.lead >= d.plan.Ends
}

// endsRightly holds the close of the day against the rules: a step of the clock
// closes no day over people, a clock that is right closes none before its end,
// and every slip has come to an end.
func (d *dayModel) endsRightly() {
	c := &d.c.clock
	switch {
	case !c.doubtful && c.officeTime(c.now) < d.plan.Ends:
		d.c.report(BreachDay, 0, "", "a day closed before its end")
	case d.expired == c.now && !c.now.IsZero() && c.steady+c.lead < d.plan.Ends:
		d.c.report(BreachDay, 0, "", "a day closed over people, though its time had not gone by")
	}
	for id, t := range d.tickets {
		if t.paper.state == queue.PaperRequested {
			d.c.report(BreachPaper, id, "", "the day closed over a slip that was on its way")
		}
	}
}

// given checks the number of a new ticket, which may be one of a block.
func (d *dayModel) given(id queue.TicketID, n queue.Number, ofBlock string) {
	if !d.c.clock.doubtful && !d.plan.Provisional && d.isOver() {
		d.c.report(BreachDay, id, "", "a ticket of a day that is over")
	}
	if id.Day() != d.ordinal || id.Ordinal() != d.issues+1 {
		d.c.report(BreachTicketTwice, id, "", "the ticket is not the next of its day")
	}
	key := numberKey{n.Series, n.Lap, n.Value}
	switch block, reserved := d.reserved[key]; {
	case ofBlock == "" && reserved:
		d.c.report(BreachNumberTwice, id, "", n.Text+" is reserved for the paper of block "+block)
	case ofBlock != "" && (!reserved || block != ofBlock):
		d.c.report(BreachNumberTwice, id, "", n.Text+" is not of block "+ofBlock+", or was called in before")
	}
	delete(d.reserved, key)
	if _, given := d.numbers[key]; given {
		d.c.report(BreachNumberTwice, id, "", n.Text+" was given before in this lap")
	}
	if n.Lap > 0 && d.isInHand(n.Series, n.Value) {
		d.c.report(BreachNumberTwice, id, "", n.Text+" is still held by somebody else")
	}
	if ofBlock == "" {
		d.inOrder(id, n)
		d.newest[n.Series] = n
	}
	if d.suspended {
		d.c.report(BreachClosed, id, "", "a ticket while the office is suspended")
	}
	d.numbers[key] = id
}

func (d *dayModel) issued(e queue.Event, b queue.TicketIssued) {
	d.given(b.Ticket, b.Number, b.Block)
	if b.Block == "" {
		d.roomFor(b)
	}
	if b.Class != queue.Appointment && b.Block == "" && !d.opens(b.Service) {
		d.c.report(BreachClosed, b.Ticket, "", "a ticket for "+string(b.Service)+", which is closed")
	}
	t := &ticketModel{
		id: b.Ticket, number: b.Number, service: b.Service, class: b.Class, dueAt: b.DueAt, bound: b.Desk, issued: e,
		arrival: placeModel{inLine: true, seq: e.Seq}, arrived: d.c.clock.waits(),
	}
	t.place, t.since = t.arrival, t.arrived
	if b.HandedAt != 0 {
		d.handed(t, b.HandedAt)
	}
	d.tickets[b.Ticket] = t
	d.issues++
	d.bind(t)
	d.enter(t, queue.Waiting)
	if b.Appointment != "" {
		d.checkedIn(e, b)
	}
	if b.Block == "" {
		d.aheadTold(t, b)
	}
}

// issuedAtDesk is a number for somebody whom a desk serves at once: a desk that
// is free, and that serves what the citizen came for.
func (d *dayModel) issuedAtDesk(e queue.Event, b queue.TicketIssuedAtDesk) {
	d.given(b.Ticket, b.Number, "")
	d.used(b.Desk)
	x := d.desk(b.Desk)
	if !x.open || x.paused {
		d.c.report(BreachClosed, b.Ticket, b.Desk, "a number at a desk that is closed or on a break")
	}
	if x.ticket != 0 {
		d.c.report(BreachDeskTwo, b.Ticket, b.Desk, "a number at a desk that holds a ticket")
	}
	if !d.opens(b.Service) || d.services[b.Service].AppointmentsOnly {
		d.c.report(BreachClosed, b.Ticket, b.Desk, "a number for "+string(b.Service)+", which gives none")
	}
	if serves := slices.Concat(x.profile.First, x.profile.Help); !d.c.setup.Rules.CallOutside && !d.unknown && !slices.Contains(serves, b.Service) {
		d.c.report(BreachProfile, b.Ticket, b.Desk, "a number at a desk that does not serve "+string(b.Service))
	}
	if _, there := d.papers.outlets[b.Outlet]; !there {
		d.c.report(BreachPaper, b.Ticket, b.Desk, "a number whose paper could come out nowhere")
	}
	t := &ticketModel{
		id: b.Ticket, number: b.Number, service: b.Service, issued: e, desk: b.Desk,
		arrival: placeModel{inLine: true, seq: e.Seq}, arrived: d.c.clock.waits(),
		paper: paperModel{state: queue.Paperless, outlet: b.Outlet, asked: b.Outlet},
	}
	t.place, t.since = t.arrival, t.arrived
	d.tickets[b.Ticket] = t
	d.issues++
	d.enter(t, queue.Serving)
	x.ticket = b.Ticket
}

// opens tells whether a service gives tickets: by the plan, or by any hour
// while nobody knows what time it is.
func (d *dayModel) opens(service queue.ServiceID) bool {
	if d.plan.Provisional || d.c.clock.doubtful {
		return true
	}
	officeTime := d.c.clock.officeTime(d.c.clock.now)
	return slices.ContainsFunc(d.plan.Bands, func(x queue.Band) bool { return x.Covers(officeTime, service) })
}

// inOrder checks that a number follows the one before it: the next one, or
// after a lap the first, passing over only numbers that are still in somebody's hand.
func (d *dayModel) inOrder(id queue.TicketID, n queue.Number) {
	i := slices.IndexFunc(d.c.setup.Series, func(s queue.Series) bool { return s.ID == n.Series })
	if i < 0 {
		d.c.report(BreachNumberSkipped, id, "", "a number of an unknown series")
		return
	}
	def := d.c.setup.Series[i]
	ranges := def.Ranges
	if len(ranges) == 0 {
		ranges = []queue.Range{{First: def.First, Last: def.Last}}
	}
	value, lap := 0, 0
	if before, ok := d.newest[n.Series]; ok {
		value, lap = before.Value+1, before.Lap
	}
	// The numbers that may follow are those of this lap from value on, then
	// all of the next one.
	for ; lap <= n.Lap; value, lap = 0, lap+1 {
		for _, r := range ranges {
			for v := max(value, r.First); v <= r.Last; v++ {
				if v == n.Value && lap == n.Lap {
					return
				}
				if !d.mayBeInHand(n.Series, v) {
					d.c.report(BreachNumberSkipped, id, "", n.Text+" does not follow the number before it")
					return
				}
			}
		}
	}
	d.c.report(BreachNumberSkipped, id, "", n.Text+" is no number of its series")
}

// at is something that a desk does with the ticket it holds; to is the
// ticket's state after it, empty for the same.
func (d *dayModel) at(id queue.TicketID, desk queue.DeskID, to queue.TicketState, from ...queue.TicketState) *ticketModel {
	d.used(desk)
	t := d.tickets[id]
	if t == nil {
		d.c.report(BreachState, id, desk, "an event of a ticket that is not there")
		return nil
	}
	if !slices.Contains(from, t.state) {
		d.c.report(BreachState, id, desk, "the ticket is "+string(t.state))
	}
	if t.desk != desk || d.desk(desk).ticket != id {
		d.c.report(BreachDesk, id, desk, "the desk does not hold the ticket")
	}
	t.held, t.heldBy = t.state, desk
	if to == "" {
		return t
	}
	d.move(t, to)
	if to != queue.Serving {
		d.release(id, t)
	}
	return t
}

func (d *dayModel) resumed(b queue.TicketResumed) {
	t := d.tickets[b.Ticket]
	if t == nil || t.state != queue.Parked {
		d.c.report(BreachState, b.Ticket, b.Desk, "the ticket was not parked")
		return
	}
	if b.Desk == "" {
		d.move(t, queue.Waiting)
		return
	}
	d.used(b.Desk)
	if d.suspended {
		d.c.report(BreachClosed, b.Ticket, b.Desk, "a return to a desk while the office is suspended")
	}
	if d.desk(b.Desk).ticket != 0 {
		d.c.report(BreachDeskTwo, b.Ticket, b.Desk, "a return to a desk that holds a ticket")
	}
	d.take(b.Ticket, t, b.Desk, queue.Serving)
}

// over ends a ticket wherever it is.
func (d *dayModel) over(e queue.Event, id queue.TicketID, state queue.TicketState) {
	t := d.tickets[id]
	if t == nil || t.state.Ended() {
		d.c.report(BreachState, id, "", "the end of a ticket that is not there or had ended")
		return
	}
	d.move(t, state)
	d.release(id, t)
	t.endedRan, t.endedAt = d.c.clock.ran, d.c.clock.now
}

func (d *dayModel) move(t *ticketModel, to queue.TicketState) {
	d.states[t.state]--
	if t.state == queue.Waiting {
		t.waited += d.c.clock.since(t.waiting)
		i := slices.Index(d.waiting, t)
		d.waiting = slices.Delete(d.waiting, i, i+1)
	}
	d.enter(t, to)
}

// enter is a ticket's arrival in a state.
func (d *dayModel) enter(t *ticketModel, state queue.TicketState) {
	d.states[state]++
	t.state = state
	if state == queue.Waiting {
		t.waiting = d.c.clock.waits()
		d.waiting = append(d.waiting, t)
	}
}

func (d *dayModel) take(id queue.TicketID, t *ticketModel, desk queue.DeskID, to queue.TicketState) {
	d.move(t, to)
	t.desk, t.onlyAt, t.returning, t.passedOver = desk, "", false, 0
	d.desk(desk).ticket = id
}

func (d *dayModel) release(id queue.TicketID, t *ticketModel) {
	if x := d.desk(t.desk); t.desk != "" && x.ticket == id {
		x.ticket = 0
	}
	t.desk = ""
}
