package simulate

import (
	"slices"

	"eliminacode/queue"
)

// A dayModel is one business day as the checker understands it.
type dayModel struct {
	c       *Checker
	ordinal int
	plan    queue.DayPlan
	tickets map[queue.TicketID]*ticketModel
	numbers map[numberKey]queue.TicketID
	newest  map[queue.SeriesID]queue.Number
	desks   map[queue.DeskID]*deskModel
	total   queue.Totals

	transfers int
}

type numberKey struct {
	series     queue.SeriesID
	lap, value int
}

type ticketModel struct {
	state   queue.TicketState
	number  queue.Number
	service queue.ServiceID
	desk    queue.DeskID // that holds it, or that alone may call it
	onlyAt  queue.DeskID
}

type deskModel struct {
	open, paused bool
	ticket       queue.TicketID
	profile      queue.Profile
}

func newDayModel(c *Checker, b queue.DayOpened) *dayModel {
	d := &dayModel{
		c: c, ordinal: b.Day, plan: b.Plan,
		tickets: map[queue.TicketID]*ticketModel{}, numbers: map[numberKey]queue.TicketID{},
		newest: map[queue.SeriesID]queue.Number{}, desks: map[queue.DeskID]*deskModel{},
	}
	d.setupChanged(b.Setup)
	return d
}

func (d *dayModel) setupChanged(s queue.Setup) {
	for _, x := range s.Desks {
		d.desk(x.ID).profile = x.Profile
	}
}

func (d *dayModel) desk(id queue.DeskID) *deskModel {
	if d.desks[id] == nil {
		d.desks[id] = &deskModel{}
	}
	return d.desks[id]
}

func (d *dayModel) counts() queue.Totals { return d.total }

// count moves a ticket between the counts of states.
func (d *dayModel) count(state queue.TicketState, by int) {
	n := &d.total
	at := map[queue.TicketState]*int{
		queue.Waiting: &n.Waiting, queue.Called: &n.Called, queue.Serving: &n.Serving, queue.Parked: &n.Parked,
		queue.Served: &n.Served, queue.NoShow: &n.NoShows, queue.Cancelled: &n.Cancelled, queue.Expired: &n.Expired,
	}
	if p := at[state]; p != nil {
		*p += by
	}
}

// see takes an event of desks or tickets.
func (d *dayModel) see(e queue.Event) {
	switch b := e.Body.(type) {
	case queue.DeskOpened:
		d.desk(b.Desk).open, d.desk(b.Desk).paused = true, false
	case queue.DeskPaused:
		if x := d.desk(b.Desk); !x.open || x.ticket != 0 {
			d.c.report(BreachDesk, x.ticket, b.Desk, "a break at a desk that is closed or holds a ticket")
		}
		d.desk(b.Desk).paused = true
	case queue.DeskClosed:
		x := d.desk(b.Desk)
		if x.ticket != 0 {
			d.c.report(BreachLost, x.ticket, b.Desk, "the desk closed over its ticket")
		}
		x.open, x.paused = false, false
		for _, t := range d.tickets {
			if t.onlyAt == b.Desk {
				t.onlyAt = ""
			}
		}
	case queue.DeskProfileChanged:
		d.desk(b.Desk).profile = b.Profile
	case queue.TicketIssued:
		d.issued(e, b)
	case queue.TicketCalled:
		d.called(b)
	case queue.TicketRecalled:
		d.at(b.Ticket, b.Desk, "", queue.Called)
	case queue.ServiceStarted:
		d.at(b.Ticket, b.Desk, queue.Serving, queue.Called)
	case queue.TicketServed:
		d.at(b.Ticket, b.Desk, queue.Served, queue.Serving)
	case queue.TicketNoShow:
		d.at(b.Ticket, b.Desk, queue.NoShow, queue.Called)
	case queue.TicketTransferred:
		if t := d.at(b.Ticket, b.From, queue.Waiting, queue.Called, queue.Serving); t != nil {
			t.service, t.onlyAt = b.Service, b.Desk
			d.transfers++
		}
	case queue.TicketParked:
		d.at(b.Ticket, b.Desk, queue.Parked, queue.Called, queue.Serving)
	case queue.TicketResumed:
		d.resumed(b)
	case queue.TicketCancelled:
		d.over(b.Ticket, queue.Cancelled)
	case queue.TicketExpired:
		d.over(b.Ticket, queue.Expired)
	default:
		// Papers are another axis: they never move a ticket.
	}
}

func (d *dayModel) issued(e queue.Event, b queue.TicketIssued) {
	if b.Ticket.Day() != d.ordinal || b.Ticket.Ordinal() != d.total.Issued+1 {
		d.c.report(BreachTicketTwice, b.Ticket, "", "the ticket is not the next of its day")
	}
	n := b.Number
	key := numberKey{n.Series, n.Lap, n.Value}
	if _, given := d.numbers[key]; given {
		d.c.report(BreachNumberTwice, b.Ticket, "", n.Text+" was given before in this lap")
	}
	if n.Lap > 0 && d.isOpen(n.Series, n.Value) {
		d.c.report(BreachNumberTwice, b.Ticket, "", n.Text+" is still held by somebody else")
	}
	d.inOrder(b.Ticket, n)
	office := e.At.Wall + d.c.correction
	if !slices.ContainsFunc(d.plan.Bands, func(x queue.Band) bool { return x.Covers(office, b.Service) }) {
		d.c.report(BreachClosed, b.Ticket, "", "a ticket for "+string(b.Service)+", which is closed")
	}
	d.numbers[key], d.newest[n.Series] = b.Ticket, n
	d.tickets[b.Ticket] = &ticketModel{state: queue.Waiting, number: n, service: b.Service}
	d.total.Issued++
	d.count(queue.Waiting, +1)
}

// isOpen tells whether a number is held by a ticket that has not ended.
func (d *dayModel) isOpen(series queue.SeriesID, value int) bool {
	for _, t := range d.tickets {
		if t.number.Series == series && t.number.Value == value && !t.state.Ended() {
			return true
		}
	}
	return false
}

// inOrder checks that a number follows the one before it: the next one, or
// after a lap the first, passing over only numbers that are still held.
func (d *dayModel) inOrder(id queue.TicketID, n queue.Number) {
	i := slices.IndexFunc(d.c.setup.Series, func(s queue.Series) bool { return s.ID == n.Series })
	if i < 0 {
		d.c.report(BreachNumberSkipped, id, "", "a number of an unknown series")
		return
	}
	def := d.c.setup.Series[i]
	value, lap := def.First, 0
	if before, ok := d.newest[n.Series]; ok {
		value, lap = before.Value+1, before.Lap
	}
	for range def.Last - def.First + 2 {
		if value > def.Last {
			value, lap = def.First, lap+1
		}
		if value == n.Value && lap == n.Lap {
			return
		}
		if lap == 0 || !d.isOpen(n.Series, value) {
			break
		}
		value++
	}
	d.c.report(BreachNumberSkipped, id, "", n.Text+" does not follow the number before it")
}

func (d *dayModel) called(b queue.TicketCalled) {
	t, x := d.tickets[b.Ticket], d.desk(b.Desk)
	if t == nil {
		d.c.report(BreachState, b.Ticket, b.Desk, "a call of a ticket that is not there")
		return
	}
	if t.state != queue.Waiting {
		d.c.report(BreachCalledTwice, b.Ticket, b.Desk, "a call of a ticket that is "+string(t.state))
	}
	if !x.open || x.paused {
		d.c.report(BreachClosed, b.Ticket, b.Desk, "a call from a desk that is closed or on a break")
	}
	if x.ticket != 0 {
		d.c.report(BreachDeskTwo, b.Ticket, b.Desk, "a call from a desk that holds a ticket")
	}
	d.allowed(t, b)
	d.take(b.Ticket, t, b.Desk, queue.Called)
}

// allowed checks that the rule that chose a ticket could have chosen it.
func (d *dayModel) allowed(t *ticketModel, b queue.TicketCalled) {
	x := d.desk(b.Desk)
	first, help := slices.Contains(x.profile.First, t.service), slices.Contains(x.profile.Help, t.service)
	switch {
	case b.Reason.Rule == queue.RuleByNumber:
		// A clerk's own choice answers to no profile.
	case t.onlyAt != "" && t.onlyAt != b.Desk:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the ticket was sent to another desk alone")
	case b.Reason.Rule == queue.RuleTransferred && t.onlyAt != b.Desk:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the ticket was not sent to this desk")
	case b.Reason.Rule == queue.RuleOldest && !first:
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the desk does not serve "+string(t.service)+" by right")
	case b.Reason.Rule == queue.RuleHelp && (first || !help):
		d.c.report(BreachProfile, b.Ticket, b.Desk, "the desk does not help out with "+string(t.service))
	}
	if b.Reason.Rule != queue.RuleHelp {
		return
	}
	for _, other := range d.tickets {
		if other.state == queue.Waiting && other.onlyAt == "" && slices.Contains(x.profile.First, other.service) {
			d.c.report(BreachProfile, b.Ticket, b.Desk, "help was given while somebody waited for what the desk serves by right")
			return
		}
	}
}

// at is something that a desk does with the ticket it holds; to is the
// ticket's state after it, empty for the same.
func (d *dayModel) at(id queue.TicketID, desk queue.DeskID, to queue.TicketState, from ...queue.TicketState) *ticketModel {
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
	if d.desk(b.Desk).ticket != 0 {
		d.c.report(BreachDeskTwo, b.Ticket, b.Desk, "a return to a desk that holds a ticket")
	}
	d.take(b.Ticket, t, b.Desk, queue.Serving)
}

// over ends a ticket wherever it is.
func (d *dayModel) over(id queue.TicketID, state queue.TicketState) {
	t := d.tickets[id]
	if t == nil || t.state.Ended() {
		d.c.report(BreachState, id, "", "the end of a ticket that is not there or had ended")
		return
	}
	d.move(t, state)
	d.release(id, t)
}

func (d *dayModel) move(t *ticketModel, to queue.TicketState) {
	d.count(t.state, -1)
	d.count(to, +1)
	t.state = to
}

func (d *dayModel) take(id queue.TicketID, t *ticketModel, desk queue.DeskID, to queue.TicketState) {
	d.move(t, to)
	t.desk, t.onlyAt = desk, ""
	d.desk(desk).ticket = id
}

func (d *dayModel) release(id queue.TicketID, t *ticketModel) {
	if x := d.desk(t.desk); t.desk != "" && x.ticket == id {
		x.ticket = 0
	}
	t.desk = ""
}
