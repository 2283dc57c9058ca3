package oracle

import (
	"slices"

	"eliminacode/queue"
)

// A bookingModel is an appointment of today.
type bookingModel struct {
	due     int64
	service queue.ServiceID
	state   queue.AttendanceState
	ticket  queue.TicketID
	late    bool
}

// attended moves an appointment on.
func (d *dayModel) attended(id queue.AppointmentID, to queue.AttendanceState, from ...queue.AttendanceState) *bookingModel {
	a := d.bookings[id]
	if a == nil || !slices.Contains(from, a.state) {
		d.c.report(BreachAppointment, 0, "", "the appointment "+string(id)+" cannot become "+string(to))
		return nil
	}
	a.state = to
	return a
}

// notMissed takes back what a wrong clock has given up: whoever has an appointment
// whose time, by the clock put right, has not passed is expected.
func (d *dayModel) notMissed(now int64) {
	for _, a := range d.bookings {
		if a.state == queue.AttendanceMissed && now <= a.due+d.rules().AppointmentToleranceMs {
			a.state = queue.AttendanceExpected
		}
	}
}

// checkedIn is the arrival of an appointment's holder: who comes within the
// tolerance waits for that time, who comes later waits like everybody else.
func (d *dayModel) checkedIn(e queue.Event, b queue.TicketIssued) {
	a := d.attended(b.Appointment, queue.AttendanceCame, queue.AttendanceExpected, queue.AttendanceMissed)
	if a == nil {
		return
	}
	a.ticket, a.late = b.Ticket, b.Late
	late := !d.c.clock.doubtful && d.c.clock.officeTime(e.At) > a.due+d.rules().AppointmentToleranceMs
	if late != b.Late || late == (b.Class == queue.Appointment) || b.DueAt != a.due || b.Service != a.service {
		d.c.report(BreachAppointment, b.Ticket, b.Desk, "the ticket is not that of the appointment")
	}
}

// appointments counts today's appointments as the office does.
func (d *dayModel) appointments() (n queue.AppointmentTotals) {
	for _, a := range d.bookings {
		switch a.state {
		case queue.AttendanceExpected:
			n.Expected++
		case queue.AttendanceMissed:
			n.Missed++
		case queue.AttendanceCancelled:
			n.Cancelled++
			continue
		case queue.AttendanceCame:
			n.Came++
			if a.late {
				n.Late++
			}
			if d.tickets[a.ticket].state == queue.Served {
				n.Served++
			}
		}
		n.Booked++
	}
	return n
}
