package oracle

import (
	"slices"

	"eliminacode/queue"
)

// seeVisit takes the events by which a visit goes another way than forward.
func (d *dayModel) seeVisit(e queue.Event) {
	switch b := e.Body.(type) {
	case queue.AppointmentBooked:
		a := b.Appointment
		if d.bookings[a.ID] != nil {
			d.c.report(BreachAppointment, 0, a.Desk, "the appointment "+string(a.ID)+" was booked twice")
		}
		d.bookings[a.ID] = &bookingModel{due: a.DueAt, service: a.Service, state: queue.AttendanceExpected}
	case queue.AppointmentCancelled:
		d.attended(b.Appointment, queue.AttendanceCancelled, queue.AttendanceExpected, queue.AttendanceMissed)
	case queue.AppointmentMissed:
		if a := d.attended(b.Appointment, queue.AttendanceMissed, queue.AttendanceExpected); a != nil && d.c.clock.steady+d.c.clock.lead <= a.due+d.rules().AppointmentToleranceMs {
			d.c.report(BreachAppointment, 0, "", "the appointment "+string(b.Appointment)+" was given up before its time was over")
		}
	case queue.CallUndone:
		d.undone(e, b)
	case queue.TicketPutBack:
		if t := d.at(b.Ticket, b.Desk, queue.Waiting, queue.Called); t != nil {
			d.bind(t)
		}
	case queue.TicketReturned:
		t := d.again(b.Ticket, queue.NoShow)
		if t == nil {
			return
		}
		if away := d.c.clock.ran - t.endedRan; !b.Auto && away > d.rules().LateReturnMs {
			d.c.report(BreachState, b.Ticket, "", "a no-show was put back who came too late")
		}
		if !b.Auto && t.returned || b.Auto && t.returnedByItself {
			d.c.report(BreachState, b.Ticket, "", "a no-show was put back twice")
		}
		t.returned, t.returnedByItself = t.returned || !b.Auto, t.returnedByItself || b.Auto
		t.returning, t.returnAfter = true, d.order.counts[t.service]+b.AfterCalls
	case queue.TicketReinstated:
		ends := []queue.TicketState{queue.Cancelled, queue.Expired}
		if t := d.tickets[b.Ticket]; t != nil && t.unseen {
			ends = append(ends, queue.Served)
		}
		if t := d.again(b.Ticket, ends...); t != nil {
			t.returning = false
		}
	}
}

// undone takes a call back: the ticket stands where it stood, the desk holds
// again what the undone NEXT had finished, and no turn was taken.
func (d *dayModel) undone(e queue.Event, b queue.CallUndone) {
	t := d.at(b.Ticket, b.Desk, queue.Waiting, queue.Called)
	if t == nil {
		return
	}
	if ago, exact := sameBoot(t.calledAt, e.At); !exact || ago >= d.rules().UndoMs {
		d.c.report(BreachState, b.Ticket, b.Desk, "a call was undone too late")
	}
	if t.before != nil {
		t.returning, t.returnAfter = t.before.returning, t.before.returnAfter
		t.waiting, t.waited = t.before.waiting, t.before.waited
	}
	d.bind(t)
	call := d.order.undo(b.Ticket)
	for _, id := range append(call.over, call.relieved...) {
		d.tickets[id].passedOver = d.order.passedOver(id)
	}
	r := d.tickets[b.Reopened]
	switch {
	case b.Reopened == 0:
		return
	case r == nil || r.heldBy != b.Desk:
		d.c.report(BreachState, b.Reopened, b.Desk, "an undone call gave the desk a ticket that it had not held")
		return
	}
	switch r.state {
	case queue.Served, queue.NoShow:
		d.move(r, r.held)
	case queue.Waiting:
		if r.left != nil {
			d.cameBack(r)
			break
		}
		d.move(r, queue.Called)
		r.waited = r.waitedThen
		r.returning, r.returnedByItself = false, false
	default:
		d.c.report(BreachState, b.Reopened, b.Desk, "the ticket that an undone call reopened is "+string(r.state))
		return
	}
	r.desk, r.onlyAt = b.Desk, ""
	d.desk(b.Desk).ticket = r.id
}

// again brings a visit that had ended back into its queue.
func (d *dayModel) again(id queue.TicketID, from ...queue.TicketState) *ticketModel {
	t := d.tickets[id]
	if t == nil {
		d.c.report(BreachState, id, "", "the return of a ticket that is not there")
		return nil
	}
	if !slices.Contains(from, t.state) {
		d.c.report(BreachState, id, "", "the return of a ticket that is "+string(t.state))
	}
	for _, other := range d.tickets {
		if other.id > id && other.number.Series == t.number.Series && other.number.Value == t.number.Value {
			d.c.report(BreachNumberTwice, id, "", t.number.Text+" came back after it was given to somebody else")
		}
	}
	d.move(t, queue.Waiting)
	d.bind(t)
	t.passedOver = 0
	return t
}

// reclassed gives a waiting ticket another class. It stands where it stood, and
// how often it was passed over is counted from here on.
func (d *dayModel) reclassed(id queue.TicketID, from, to queue.Class) {
	t := d.tickets[id]
	if t == nil || t.state != queue.Waiting || t.class != from {
		d.c.report(BreachState, id, "", "another class for a ticket that does not wait, or has it already")
		return
	}
	if k := d.event.By.Kind; k != queue.ByReception && k != queue.ByManager {
		d.c.report(BreachState, id, "", "priority changed by "+string(k))
	}
	t.class, t.passedOver = to, 0
	d.order.count(callModel{ticket: id})
}

// bind leaves a waiting ticket to the one desk it was sent to, as long as that
// desk is there to call it and not on a break.
func (d *dayModel) bind(t *ticketModel) {
	t.onlyAt = ""
	if t.bound != "" && !d.desk(t.bound).paused && (t.leg == 0 || d.desk(t.bound).open) {
		t.onlyAt = t.bound
	}
}
