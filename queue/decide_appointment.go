package queue

import (
	"errors"
	"fmt"
)

// Commands of the agenda and of who comes by appointment.
type (
	// BookAppointment adds an appointment for today; those of other days are
	// handed to OpenDay when their day comes.
	BookAppointment struct {
		By          Cause
		Appointment Booking
	}
	CancelAppointment struct {
		By          Cause
		Appointment AppointmentID
	}
	// CheckIn gives the holder of an appointment a ticket. Who comes after the
	// tolerance waits as anybody does.
	CheckIn struct {
		By          Cause
		Appointment AppointmentID
		Outlet      OutletID
		Token       string
		Promise     Promise
	}
)

func (c BookAppointment) by() Cause   { return c.By }
func (c CancelAppointment) by() Cause { return c.By }
func (c CheckIn) by() Cause           { return c.By }

func (c BookAppointment) decide(d *decision) error {
	a := c.Appointment
	if was, ok := d.s.Attendance(a.ID); ok {
		if was.Booking == a && was.State != AttendanceCancelled {
			return nil
		}
		return fmt.Errorf("%w: %q", ErrAppointmentTaken, a.ID)
	}
	if err := d.s.bookable(a); err != nil {
		return err
	}
	if a.DueAt < d.s.plan.Begins || a.DueAt >= d.s.plan.Ends {
		return fmt.Errorf("%w: the appointment is not of today", ErrBadCommand)
	}
	if d.s.OfficeTime(d.now) >= d.s.missedAt(a.DueAt) && !d.s.ClockDoubtful(d.now) {
		return ErrTooLate
	}
	d.emit(AppointmentBooked{Appointment: a})
	return nil
}

// bookable tells whether an appointment can be kept at all.
func (s *State) bookable(a Booking) error {
	if err := short("appointment", string(a.ID)); err != nil {
		return err
	}
	if a.ID == "" {
		return fmt.Errorf("%w: the appointment has no name", ErrBadCommand)
	}
	if i := s.serviceIndex(a.Service); i < 0 || s.office.services[i].removed {
		return fmt.Errorf("%w: %q", ErrUnknownService, a.Service)
	}
	if i := s.deskIndex(a.Desk); a.Desk != "" && (i < 0 || s.office.desks[i].removed) {
		return fmt.Errorf("%w: %q", ErrUnknownDesk, a.Desk)
	}
	return nil
}

// bookableToday are the appointments that the office can keep, each name once.
// The others are for the agenda to see to: a day opens all the same.
func (s *State) bookableToday(all []Booking) []Booking {
	var kept []Booking
	names := map[AppointmentID]bool{}
	for _, a := range all {
		if !names[a.ID] && s.bookable(a) == nil {
			names[a.ID] = true
			kept = append(kept, a)
		}
	}
	return kept
}

func (c CancelAppointment) decide(d *decision) error {
	b, ok := d.s.Attendance(c.Appointment)
	switch {
	case !ok:
		return fmt.Errorf("%w: %q", ErrUnknownAppointment, c.Appointment)
	case b.State == AttendanceCancelled:
		return nil
	case b.State == AttendanceCame:
		return fmt.Errorf("%w: the holder of the appointment is here", ErrWrongState)
	}
	d.emit(AppointmentCancelled{Appointment: b.ID})
	return nil
}

func (c CheckIn) decide(d *decision) error {
	b, ok := d.s.Attendance(c.Appointment)
	switch {
	case !ok:
		return fmt.Errorf("%w: %q", ErrUnknownAppointment, c.Appointment)
	case b.State == AttendanceCame:
		return nil
	case b.State == AttendanceCancelled:
		return ErrAppointmentCancelled
	}
	o := d.s.outletIndex(c.Outlet)
	if o < 0 || d.s.office.outlets[o].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	if err := errors.Join(short("token", c.Token), d.s.bookable(b.Booking)); err != nil {
		return err
	}
	if err := d.mayPress(c.By); err != nil {
		return err
	}
	class, late := Appointment, d.s.OfficeTime(d.now) >= d.s.missedAt(b.DueAt) && !d.s.ClockDoubtful(d.now)
	if late {
		class, b.Desk = Ordinary, ""
	}
	if err := d.s.MayIssue(b.Service, class, d.now); err != nil {
		return err
	}
	given, err := d.givenAt(o)
	if err != nil {
		return err
	}
	i := d.s.serviceIndex(b.Service)
	number, ok := d.s.nextNumber(d.s.office.services[i].series)
	if !ok || d.s.tickets.len() >= ticketsPerDay-1 {
		return ErrSeriesExhausted
	}
	d.emit(TicketIssued{
		Ticket: ticketID(d.s.day.Ordinal, d.s.tickets.len()+1),
		Number: number, Service: b.Service, Class: class, Outlet: given.outlet, Asked: given.asked,
		Paper: given.paper, Token: c.Token, Promise: c.Promise,
		Ahead:       d.s.aheadOfNew(b.Service, class, b.DueAt, b.Desk, d.now),
		Appointment: b.ID, DueAt: b.DueAt, Desk: b.Desk, Late: late,
	})
	return nil
}

// missAppointments gives up those whose time is over.
func (d *decision) missAppointments() {
	for {
		in, ok := d.s.missedIn(d.now)
		if !ok || in > 0 {
			return
		}
		d.missFirst()
	}
}

// missFirst gives up the first that is expected.
func (d *decision) missFirst() {
	_, i, _ := d.s.expected.head()
	d.emit(AppointmentMissed{Appointment: d.s.bookings[i-1].ID})
}
