package simulate

import (
	"slices"

	"eliminacode/queue"
)

// holding is the ticket of the clerk's desk, if it is still the one meant;
// otherwise somebody else has been at the desk, and the clerk looks again.
func (c *clerk) holding(t *turn, id queue.TicketID) *queue.Ticket {
	_, desk, _ := c.w.state.Desk(c.desk)
	ticket := c.w.state.Ticket(id)
	if desk.Ticket != id || ticket == nil {
		c.in(t, secondMs, c.work)
		return nil
	}
	return ticket
}

// hold goes on with the ticket at the desk, whoever called it.
func (c *clerk) hold(t *turn, id queue.TicketID) {
	ticket := c.holding(t, id)
	if ticket == nil {
		return
	}
	who := c.w.person(id)
	switch {
	case ticket.State == queue.Serving:
		began := ticket.Periods[len(ticket.Periods)-1].Start
		ago, _ := c.w.state.Elapsed(began, t.now)
		c.in(t, c.w.serviceMs(ticket, who)-ago, func(t *turn) { c.conclude(t, id) })
	case who.undo && ticket.Calls == 1 && ticket.Recalls == 0 && len(ticket.Periods) == 2:
		c.in(t, between(c.r, 3*secondMs, 28*secondMs), func(t *turn) { c.undo(t, id) })
	case who.putBack && ticket.Calls == 1 && ticket.Recalls == 0 && len(ticket.Periods) == 2:
		c.in(t, between(c.r, 5*secondMs, 40*secondMs), func(t *turn) { c.putBack(t, id) })
	case c.by.Kind == queue.ByKeypad && who.hasty && ticket.Calls == 1 && (who.unheard || !who.here(c.w.state, ticket, t.now)):
		// Nobody stands up: on to the next. A repetition of the key within
		// three seconds is taken for a bounce.
		c.in(t, between(c.r, 4*secondMs, 19*secondMs), func(t *turn) { c.callNext(t, id) })
	case !who.here(c.w.state, ticket, t.now) || who.unheard && ticket.Recalls == 0 && ticket.Calls == 1:
		c.in(t, callAgain, func(t *turn) { c.recall(t, id) })
	default:
		c.in(t, who.walkMs, func(t *turn) { c.start(t, id) })
	}
}

// recall calls again; who does not come after the second time is a no-show.
func (c *clerk) recall(t *turn, id queue.TicketID) {
	ticket := c.holding(t, id)
	if ticket == nil {
		return
	}
	if ticket.State == queue.Called && ticket.Recalls >= 2 {
		who := c.w.person(id)
		if who.late {
			t.in(who.lateAfterMs, func(t *turn) { t.returnLate(id) })
		}
		if who.lot < 0.5 {
			// Whoever was recalled often enough becomes a no-show by NEXT.
			c.callNext(t, id)
			return
		}
		// A refusal shows in the desk's state, at which work looks.
		_, _ = t.command(queue.MarkNoShow{By: c.by, Desk: c.desk, Ticket: id})
		c.in(t, 3*secondMs, c.work)
		return
	}
	if _, err := t.command(queue.RecallTicket{By: c.by, Desk: c.desk, Ticket: id}); err != nil {
		c.in(t, 3*secondMs, c.work)
		return
	}
	c.hold(t, id)
}

// returnLate is a no-show at the reception, who asks to be put back; one who
// comes too late goes home.
func (t *turn) returnLate(id queue.TicketID) {
	events, err := t.command(queue.ReturnTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: id})
	if err == nil && len(events) > 0 {
		t.w.wake(t, t.w.state.Ticket(id).Service)
	}
}

// undo takes a wrong NEXT back; who was at the desk before is there again.
func (c *clerk) undo(t *turn, id queue.TicketID) {
	if c.holding(t, id) == nil {
		return
	}
	// A refusal means that it is too late: the clerk goes on with whom the
	// desk holds.
	_, _ = t.command(queue.UndoCall{By: c.by, Desk: c.desk, Ticket: id})
	c.in(t, between(c.r, 5*secondMs, 60*secondMs), c.work)
}

// putBack returns somebody called by mistake, and calls the one meant.
func (c *clerk) putBack(t *turn, id queue.TicketID) {
	if c.holding(t, id) == nil {
		return
	}
	_, _ = t.command(queue.PutBack{By: c.by, Desk: c.desk, Ticket: id})
	c.in(t, between(c.r, 2*secondMs, 10*secondMs), c.work)
}

// start marks the beginning of the service; a keypad has no key for it, so
// that there it begins unseen.
func (c *clerk) start(t *turn, id queue.TicketID) {
	ticket := c.holding(t, id)
	if ticket == nil {
		return
	}
	if c.by.Kind == queue.ByKeypad {
		c.in(t, c.w.serviceMs(ticket, c.w.person(id)), func(t *turn) { c.conclude(t, id) })
		return
	}
	if _, err := t.command(queue.StartService{By: c.by, Desk: c.desk, Ticket: id}); err != nil {
		c.in(t, secondMs, c.work)
		return
	}
	c.hold(t, id)
}

// conclude ends a service: sent on, put aside, or done.
func (c *clerk) conclude(t *turn, id queue.TicketID) {
	ticket := c.holding(t, id)
	if ticket == nil {
		return
	}
	who := c.w.person(id)
	if who.category != "" && ticket.Category == "" {
		_, _ = t.command(queue.SetCategory{By: c.by, Ticket: id, Category: who.category})
	}
	parked := slices.ContainsFunc(ticket.Periods, func(p queue.Period) bool { return p.Kind == queue.Parked })
	switch {
	case who.transfer && ticket.Leg == 0 && c.transfer(t, ticket, who):
		c.in(t, between(c.r, 5*secondMs, 20*secondMs), c.work)
	case who.goesOn && c.serveOn(t, ticket, who):
		c.in(t, 2*secondMs, c.work)
	case who.park && !parked && c.park(t, id, who):
		c.in(t, between(c.r, 3*secondMs, 10*secondMs), c.work)
	case c.leaving(t), c.wantsBreak(t), len(c.backlog) > 0, who.lot < 0.4:
		// A refusal shows in the desk's state, at which work looks.
		_, _ = t.command(queue.FinishTicket{By: c.by, Desk: c.desk, Ticket: id, Outcome: who.outcome})
		c.in(t, between(c.r, 3*secondMs, 40*secondMs), c.work)
	default:
		c.callNext(t, id)
	}
}

// transfer sends a visit on to another service that an open desk serves; now
// and then to one desk alone.
func (c *clerk) transfer(t *turn, ticket *queue.Ticket, who person) bool {
	var desks []queue.DeskID
	shares := make([]float64, len(c.w.habits))
	at := make([]queue.DeskID, len(c.w.habits))
	for _, d := range c.w.setup.Desks {
		now, state, ok := c.w.state.Desk(d.ID)
		// Now and then to one where nobody works just now.
		if !ok || !state.Open || state.Paused && who.lot >= 0.1 || d.ID == c.desk {
			continue
		}
		desks = append(desks, d.ID)
		for i, h := range c.w.habits {
			if h.service != ticket.Service && slices.Contains(now.Profile.First, h.service) {
				shares[i], at[i] = h.share, d.ID
			}
		}
	}
	i := weighted(c.r, shares)
	if len(desks) == 0 || i < 0 {
		return false
	}
	send := queue.TransferTicket{By: c.by, From: c.desk, Ticket: ticket.ID, Service: c.w.habits[i].service}
	switch {
	case who.lot < 0.25:
		send.Desk = at[i]
	case who.lot < 0.45:
		send.Place = queue.PlaceBack
	case who.lot < 0.55:
		send.Place = queue.PlaceFront
	}
	_, err := t.command(send)
	return err == nil
}

// serveOn begins the next planned service at once, where the desk serves it.
func (c *clerk) serveOn(t *turn, ticket *queue.Ticket, who person) bool {
	then := c.w.state.Planned(ticket)
	desk, _, _ := c.w.state.Desk(c.desk)
	if len(then) == 0 || c.by.Kind == queue.ByKeypad || !slices.Contains(slices.Concat(desk.Profile.First, desk.Profile.Help), then[0]) {
		return false
	}
	_, err := t.command(queue.ServeOn{By: c.by, Desk: c.desk, Ticket: ticket.ID, Service: then[0], Outcome: who.outcome})
	return err == nil
}

// park puts a visit aside; its holder comes back to this desk, unless the time
// was up first and the ticket stands in its queue again.
func (c *clerk) park(t *turn, id queue.TicketID, who person) bool {
	if _, err := t.command(queue.ParkTicket{By: c.by, Desk: c.desk, Ticket: id}); err != nil {
		return false
	}
	t.in(who.backAfterMs, func(t *turn) {
		if c.desk == "" {
			return
		}
		c.backlog = append(c.backlog, id)
		if c.idle {
			c.in(t, 2*secondMs, c.work)
		}
	})
	return true
}
