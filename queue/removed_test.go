package queue

import (
	"slices"
	"testing"
)

// TestAnAppointmentOutlivesItsServiceAndDesk: who comes today for what a change took
// away is let in and called by the desks that served it, on the page of which the row
// stays until nobody waits any more.
func TestAnAppointmentOutlivesItsServiceAndDesk(t *testing.T) {
	h := newHall(t)
	h.open("1", "3")
	reception := Cause{Kind: ByReception}
	due := h.state.OfficeTime(h.now) + minute
	h.do(BookAppointment{By: reception, Appointment: Booking{ID: "card", Service: "cie", DueAt: due}})
	h.do(BookAppointment{By: reception, Appointment: Booking{ID: "desk", Service: "anagrafe", Desk: "3", DueAt: due}})
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: without(without(h.state.Setup(), "service", "cie"), "desk", "3")})
	h.refused(BookAppointment{By: reception, Appointment: Booking{ID: "another", Service: "cie", DueAt: due}}, ErrUnknownService)
	if got := h.state.RemovedServicesAt("1"); len(got.First)+len(got.Help) != 0 {
		t.Errorf("nobody waits, and desk 1 shows %v", got)
	}
	for id, service := range map[AppointmentID]ServiceID{"card": "cie", "desk": "anagrafe"} {
		h.do(CheckIn{By: reception, Appointment: id, Outlet: "list"})
		a, _ := h.state.Attendance(id)
		if x := h.state.Ticket(a.Ticket); x == nil || x.Service != service || x.Class != Appointment || x.Desk != "" {
			t.Fatalf("%s has the ticket %+v", id, x)
		}
	}
	shows := h.state.RemovedServicesAt("1")
	if !slices.Contains(slices.Concat(shows.First, shows.Help), "cie") || len(shows.First)+len(shows.Help) != 1 {
		t.Errorf("desk 1 shows %v", shows)
	}
	called := map[ServiceID]bool{}
	for range 2 {
		if x := h.next("1"); x != nil {
			called[x.Service] = true
		}
	}
	if !called["cie"] || !called["anagrafe"] {
		t.Errorf("desk 1 called %v", called)
	}
	if got := h.state.RemovedServicesAt("1"); len(got.First)+len(got.Help) != 0 {
		t.Errorf("everybody was called, and desk 1 shows %v", got)
	}
	if got := h.state.RemovedServicesAt("no such desk"); got.First != nil || got.Help != nil {
		t.Errorf("a desk that there is not shows %v", got)
	}
}
