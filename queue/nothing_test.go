package queue

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// checkNothing: whoever is told that a command was carried out though it wrote no event
// finds the office as the command asks for it.
func checkNothing(r *rapid.T, c Command, s *State, now Now) {
	is := func(id TicketID, states ...TicketState) bool {
		t := s.Ticket(id)
		for _, state := range states {
			if t != nil && t.State == state {
				return true
			}
		}
		return false
	}
	so := true
	switch c := c.(type) {
	case AdmitReserved:
		so = false
		for t := range s.Tickets() {
			so = so || t.Block != "" && t.Number.Shows(c.Number) && t.State == Waiting
		}
	case CheckIn:
		a, _ := s.Attendance(c.Appointment)
		so = is(a.Ticket, Waiting, Called, Serving, Parked)
	case BookAppointment:
		a, _ := s.Attendance(c.Appointment.ID)
		so = a.Booking == c.Appointment && a.State == AttendanceExpected
	case CancelAppointment:
		a, _ := s.Attendance(c.Appointment)
		so = a.State == AttendanceCancelled
	case GrantPriority:
		so = is(c.Ticket, Waiting) && s.Ticket(c.Ticket).Class == Priority
	case WithdrawPriority:
		so = is(c.Ticket, Waiting) && s.Ticket(c.Ticket).Class == Ordinary
	case CancelTicket:
		so = is(c.Ticket, Cancelled)
	case ReturnTicket:
		so = is(c.Ticket, Waiting)
	case Reinstate:
		so = is(c.Ticket, Waiting)
	case StartService:
		so = is(c.Ticket, Serving)
	case ResumeTicket:
		so = is(c.Ticket, Serving)
	case ServeOn:
		so = is(c.Ticket, Serving) && s.Ticket(c.Ticket).Service == c.Service
	case FinishTicket, MarkNoShow, UndoCall, PutBack, ParkTicket, TransferTicket, RecallTicket, CallTicket:
		so = false
	case OpenDesk:
		_, d, _ := s.Desk(c.Desk)
		so = d.Open && !d.Paused
	case CloseDesk:
		_, d, _ := s.Desk(c.Desk)
		so = !d.Open
	case PauseDesk:
		_, d, _ := s.Desk(c.Desk)
		so = d.Paused && d.Why == c.Why
	case ReserveBlock:
		so = false
		for _, b := range s.Blocks() {
			so = so || b.Code == c.Code && b.Service == c.Service && len(s.BlockNumbers(b)) == c.Count
		}
	case SuspendOffice:
		so = s.suspended()
	case ResumeOffice:
		so = !s.suspended()
	case StopService:
		_, so = s.ServiceStop(c.Service, now)
	case ReopenService:
		_, stopped := s.ServiceStop(c.Service, now)
		so = !stopped
	}
	if !so {
		r.Fatalf("%T %+v wrote nothing, is answered as if it had, and it is not so", c, c)
	}
}

// TestNothingIsAnsweredAsDoneThatIsNotSo: what was done before and has come to an end
// since is refused with where it stands, and not said to be done once more.
func TestNothingIsAnsweredAsDoneThatIsNotSo(t *testing.T) {
	ends := map[string]func(h *hall, id TicketID){
		"called":    func(h *hall, id TicketID) { h.next("1") },
		"served":    func(h *hall, id TicketID) { h.next("1"); h.do(FinishTicket{Desk: "1", Ticket: id}) },
		"no-show":   func(h *hall, id TicketID) { h.next("1"); h.do(MarkNoShow{Desk: "1", Ticket: id}) },
		"cancelled": func(h *hall, id TicketID) { h.do(CancelTicket{By: atReception, Ticket: id, Why: "citizen"}) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.open("1")
			h.reserve("anagrafe", 20, "K7QX")
			admit := AdmitReserved{By: atReception, Number: "A003"}
			h.do(admit)
			held := h.state.LatestByNumber("A003")
			grant, withdraw := GrantPriority{By: atReception, Ticket: held.ID}, WithdrawPriority{By: atReception, Ticket: held.ID}
			h.nothing(admit)
			h.nothing(withdraw)
			h.do(grant)
			h.nothing(grant)
			end(h, held.ID)
			for _, c := range []Command{admit, grant, withdraw} {
				h.refused(c, ErrWrongState)
				_, err := h.step(c)
				var wrong StateError
				if !errors.As(err, &wrong) || wrong.Ticket != held.ID || wrong.Number != "A003" || wrong.State != h.state.Ticket(held.ID).State {
					t.Errorf("%T is refused with %v", c, err)
				}
			}
			h.refused(ReserveBlock{By: atReception, Service: "tributi", Count: 20, Code: "K7QX"}, ErrOtherRequest)
			h.refused(ReserveBlock{By: atReception, Service: "anagrafe", Count: 21, Code: "K7QX"}, ErrOtherRequest)

			booked := BookAppointment{By: atReception, Appointment: Booking{ID: "QX7", Service: "cie", DueAt: tuesday + 9*hour}}
			h.do(booked)
			h.nothing(booked)
			checkIn := CheckIn{By: atReception, Appointment: "QX7", Outlet: "list"}
			h.do(checkIn)
			h.nothing(checkIn)
			h.refused(booked, ErrWrongState)
			a, _ := h.state.Attendance("QX7")
			h.do(CancelTicket{By: atReception, Ticket: a.Ticket, Why: "citizen"})
			h.refused(checkIn, ErrWrongState)
			h.open("2")
			parked := h.issue("anagrafe")
			h.next("2")
			for _, ms := range []int64{-1, 24*hour + 1} {
				h.refused(ParkTicket{Desk: "2", Ticket: parked.ID, ForMs: ms}, ErrBadCommand)
			}
			late := BookAppointment{By: atReception, Appointment: Booking{ID: "QX8", Service: "cie", DueAt: tuesday + 9*hour}}
			h.do(late)
			h.pass(3 * hour)
			h.do(Tick{})
			h.refused(late, ErrTooLate)
		})
	}
}
