package oracle

import "eliminacode/queue"

// hastyMs is how soon after a call nobody can have come.
const hastyMs = 20_000

// A leaving is what must still follow from how a ticket was given up.
type leaving struct {
	owed   queue.TicketID // must be put back by itself at the same moment
	at     queue.Now
	closes queue.DeskID // must close with the very next event
	seq    uint64       // of the event that said so
	given  queue.Event  // the last no-show
}

// seeLeft takes the events by which a desk gives its ticket up without having finished
// it: nobody is taken for a no-show, put back by itself or said to have been served by
// anybody's word but a clerk's, unless the time since the call or the recalls say so.
func (d *dayModel) seeLeft(e queue.Event) {
	l := &d.left
	if l.owed != 0 && l.at != e.At {
		d.c.report(BreachLost, l.owed, "", "nobody can have come so soon, and the ticket was not put back")
		l.owed = 0
	}
	if l.closes != "" && e.Seq == l.seq+1 {
		if b, ok := e.Body.(queue.DeskClosed); !ok || b.Desk != l.closes {
			d.c.report(BreachState, 0, l.closes, "a ticket was left as by a desk that closes, and the desk did not")
		}
	}
	if e.Seq > l.seq {
		l.closes = ""
	}
	switch b := e.Body.(type) {
	case queue.TicketCalled:
		if t := d.tickets[b.Ticket]; t != nil {
			t.lastCall, t.apart, t.apartAt = e.At, 0, queue.Now{}
		}
	case queue.TicketRecalled:
		if t := d.tickets[b.Ticket]; t != nil {
			t.lastCall = e.At
			if ago, exact := sameBoot(t.apartAt, e.At); !exact || ago >= d.rules().RecallGapMs {
				t.apart, t.apartAt = t.apart+1, e.At
			}
		}
	case queue.CallUndone:
		if t := d.tickets[b.Ticket]; t != nil {
			t.apart = 0
		}
	case queue.ServiceStarted:
		if t := d.tickets[b.Ticket]; t != nil && b.FromCall {
			t.startedSeq = e.Seq
		}
	case queue.TicketNoShow:
		l.given = e
		if t := d.tickets[b.Ticket]; t != nil && e.By.Inferred {
			d.takenForGone(t, e, b)
		}
	case queue.TicketReturned:
		if b.Auto {
			d.backByItself(e, b)
		}
	case queue.TicketServed:
		d.unseenEnd(e, b.Ticket, b.Desk, b.UnknownEnd)
	case queue.TicketTransferred:
		d.unseenEnd(e, b.Ticket, b.From, b.UnknownEnd)
	case queue.DeskClosed:
		if t := d.tickets[l.owed]; t != nil && t.heldBy == b.Desk {
			d.c.report(BreachLost, l.owed, b.Desk, "the desk closed over a ticket for which nobody can have come yet")
			l.owed = 0
		}
	}
}

// tooSoon tells whether nobody can have come for a ticket that is called, and enough
// whether it was called as often as makes a no-show.
func (d *dayModel) tooSoon(t *ticketModel, at queue.Now) (tooSoon, enough bool) {
	ago, exact := sameBoot(t.lastCall, at)
	return exact && ago < hastyMs, t.apart >= d.rules().NoShowRecalls
}

func (d *dayModel) takenForGone(t *ticketModel, e queue.Event, b queue.TicketNoShow) {
	switch soon, enough := d.tooSoon(t, e.At); {
	case enough:
	case !soon:
		d.c.report(BreachState, b.Ticket, b.Desk, "a no-show that nobody said and nothing shows")
	case !t.returnedByItself:
		d.left.owed, d.left.at = b.Ticket, e.At
	}
}

// backByItself is a no-show who is put back without turning up: because nobody can have
// come yet, or because the clerk who closes the desk said that nobody came.
func (d *dayModel) backByItself(e queue.Event, b queue.TicketReturned) {
	l := &d.left
	if l.owed == b.Ticket {
		l.owed = 0
		return
	}
	t, gone := d.tickets[b.Ticket], l.given
	was, ok := gone.Body.(queue.TicketNoShow)
	if t == nil || !ok || was.Ticket != b.Ticket || gone.Seq+1 != e.Seq || gone.At != e.At || gone.By.Inferred || e.By.Inferred || e.By.Kind == queue.ByKeypad {
		d.c.report(BreachState, b.Ticket, "", "a no-show was put back whom nobody had to put back")
		return
	}
	if _, enough := d.tooSoon(t, e.At); enough {
		d.c.report(BreachState, b.Ticket, was.Desk, "a no-show was put back who was called often enough")
	}
	l.closes, l.seq = was.Desk, e.Seq
}

// unseenEnd is the end of a service that nobody saw: of a desk that closes and whose clerk
// was not asked.
func (d *dayModel) unseenEnd(e queue.Event, id queue.TicketID, desk queue.DeskID, unknown bool) {
	t := d.tickets[id]
	if t == nil || !unknown {
		return
	}
	if !e.By.Inferred || e.By.Kind == queue.ByConsole {
		d.c.report(BreachState, id, desk, "the end of a service is unknown, and its clerk was there to say")
	}
	if soon, enough := d.tooSoon(t, e.At); t.startedSeq+1 == e.Seq && (soon || enough) {
		d.c.report(BreachState, id, desk, "a ticket counts as served for which nobody can have come")
	}
	d.left.closes, d.left.seq = desk, e.Seq
}
