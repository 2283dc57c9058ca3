package queue

import (
	"cmp"
	"fmt"
	"slices"
)

// An AppointmentID names an appointment in the agenda.
type AppointmentID string

// A Booking is an appointment: a time at which somebody is expected for a service. Who it
// is stands in the agenda, and never here.
type Booking struct {
	ID      AppointmentID `json:"id"`
	Service ServiceID     `json:"service"`
	Desk    DeskID        `json:"desk,omitempty"` // the only one that may call it
	DueAt   int64         `json:"due_at"`         // office time, ms
}

// An AttendanceState is what became of an appointment.
type AttendanceState string

// The states of an appointment.
const (
	AttendanceExpected  AttendanceState = "expected"
	AttendanceCame      AttendanceState = "came"
	AttendanceMissed    AttendanceState = "missed"
	AttendanceCancelled AttendanceState = "cancelled"
)

// An Attendance is an appointment of today and what became of it.
type Attendance struct {
	Booking
	State  AttendanceState
	Ticket TicketID // since its holder checked in
	// Late tells that its holder came after the tolerance, and waits as
	// anybody does.
	Late bool
}

// AppointmentTotals count today's appointments, those cancelled apart: Booked
// is Expected + Came + Missed. Served counts those who came and were served.
type AppointmentTotals struct {
	Booked, Expected, Came, Late, Served, Missed, Cancelled int
}

// Appointments counts today's appointments.
func (s *State) Appointments() AppointmentTotals {
	var n AppointmentTotals
	for _, b := range s.bookings {
		switch b.State {
		case AttendanceExpected:
			n.Expected++
		case AttendanceMissed:
			n.Missed++
		case AttendanceCancelled:
			n.Cancelled++
			continue
		case AttendanceCame:
			n.Came++
			if b.Late {
				n.Late++
			}
			if t := s.Ticket(b.Ticket); t != nil && t.State == Served {
				n.Served++
			}
		}
		n.Booked++
	}
	return n
}

// Attendances are today's appointments, by when they are due.
func (s *State) Attendances() []Attendance {
	all := make([]Attendance, len(s.bookings))
	for i, b := range s.bookings {
		all[i] = *b
	}
	slices.SortStableFunc(all, func(a, b Attendance) int { return cmp.Compare(a.DueAt, b.DueAt) })
	return all
}

// Attendance is one of today's appointments; ok is false when there is none.
func (s *State) Attendance(id AppointmentID) (Attendance, bool) {
	if i := s.bookingIndex(id); i >= 0 {
		return *s.bookings[i], true
	}
	return Attendance{}, false
}

func (s *State) bookingIndex(id AppointmentID) int {
	return slices.IndexFunc(s.bookings, func(b *Attendance) bool { return b.ID == id })
}

// missedAt is when an appointment that is due then is given up, in office time:
// its holder may come as late as the tolerance, to the millisecond.
func (s *State) missedAt(due int64) int64 {
	return due + s.index.setup.Rules.appointmentToleranceMs() + 1
}

// missedIn is how long until the next appointment is given up; ok is false
// when none is expected, or when nobody knows what time it is.
func (s *State) missedIn(now Now) (ms int64, ok bool) {
	key, _, found := s.expected.head()
	if !found || s.plan.Provisional || s.ClockDoubtful(now) {
		return 0, false
	}
	return s.untilDayTime(s.missedAt(dueOf(key)), now), true
}

// expectedKey orders the expected by when they are due, then by booking.
func expectedKey(due int64, index int) uint64 { return dueKey(due, TicketID(index+1)) }

// book adds an appointment to those of today.
func (n *draft) book(a Booking) {
	if n.bookingIndex(a.ID) >= 0 {
		return
	}
	i := len(n.bookings)
	n.bookings = append(n.bookings[:i:i], &Attendance{Booking: a, State: AttendanceExpected})
	n.expected = n.expected.with(expectedKey(a.DueAt, i), TicketID(i+1), nil, n.folding)
}

// changeBooking changes what became of an appointment, which is then not expected any
// more.
func (n *draft) changeBooking(id AppointmentID, change func(*Attendance)) {
	i := n.bookingIndex(id)
	if i < 0 {
		return
	}
	n.expected = n.expected.without(expectedKey(n.bookings[i].DueAt, i), n.folding)
	change(changed(n, &n.bookings, i, nil))
}

// expectAgain expects the appointments that were given up by a slip of the clock that
// has been put right: their time has not come, or has not passed.
func (n *draft) expectAgain() {
	for i, a := range n.bookings {
		if a.State == AttendanceMissed && n.steady+n.lead < n.missedAt(a.DueAt) {
			changed(n, &n.bookings, i, nil).State = AttendanceExpected
			n.expected = n.expected.with(expectedKey(a.DueAt, i), TicketID(i+1), nil, n.folding)
		}
	}
}

// hereAlready refuses what can be done to an appointment only until its holder comes.
func hereAlready() error {
	return fmt.Errorf("%w: the holder of the appointment is here", ErrWrongState)
}

func (c BookAppointment) decide(d *decision) error {
	a := c.Appointment
	if was, ok := d.s.Attendance(a.ID); ok {
		switch {
		case was.Booking != a || was.State == AttendanceCancelled:
			return fmt.Errorf("%w: %q", ErrAppointmentTaken, a.ID)
		case was.State == AttendanceCame:
			return hereAlready()
		case was.State == AttendanceMissed:
			return ErrTooLate
		}
		return nil
	}
	if err := d.s.bookable(a); err != nil {
		return err
	}
	if a.DueAt < d.s.plan.Begins || a.DueAt >= d.s.plan.Ends {
		return ValueError{Field: "hour", Rule: RuleToday}
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
	if i := s.serviceIndex(a.Service); i < 0 || s.index.services[i].removed {
		return fmt.Errorf("%w: %q", ErrUnknownService, a.Service)
	}
	if i := s.deskIndex(a.Desk); a.Desk != "" && (i < 0 || s.index.desks[i].removed) {
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
		return hereAlready()
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
		if t := d.s.Ticket(b.Ticket); t != nil && t.State.Ended() {
			return wrongState(t)
		}
		return nil
	case b.State == AttendanceCancelled:
		return ErrAppointmentCancelled
	}
	if o := d.s.outletIndex(c.Outlet); o < 0 || d.s.index.outlets[o].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	if err := short("token", c.Token); err != nil {
		return err
	}
	// Who comes today is called, whatever was taken away since it was booked: by the
	// desks that served the service, and by any of them where the one desk is gone.
	if d.s.serviceIndex(b.Service) < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, b.Service)
	}
	if i := d.s.deskIndex(b.Desk); i < 0 || d.s.index.desks[i].removed {
		b.Desk = ""
	}
	class, late := Appointment, d.s.OfficeTime(d.now) >= d.s.missedAt(b.DueAt) && !d.s.ClockDoubtful(d.now)
	if late {
		class, b.Desk = Ordinary, ""
	}
	return d.issue(c.Outlet, TicketIssued{
		Service: b.Service, Class: class, Token: c.Token, Promise: c.Promise,
		Appointment: b.ID, DueAt: b.DueAt, Desk: b.Desk, Late: late,
	}, false)
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
