package simulate

import (
	"fmt"
	"slices"

	"eliminacode/queue"
)

// planBookings turns some of today's visitors into holders of appointments, and
// adds a few who do not come. All are in the agenda before the doors open, and
// hold a time near that at which they come.
func (w *World) planBookings(from int64, visitors []*visitor, times []int64) {
	share := w.options.Conduct.Appointment
	if share == 0 || len(times) == 0 {
		return
	}
	r := stream(w.options.Seed, "booking", w.daySeed)
	var books []queue.Booking
	book := func(service queue.ServiceID, due int64) queue.AppointmentID {
		b := queue.Booking{
			ID: queue.AppointmentID(fmt.Sprintf("sim-%s-%d", w.date, len(books)+1)), Service: service, DueAt: due, Desk: w.backOffice(service),
		}
		books = append(books, b)
		return b.ID
	}
	for i, v := range visitors {
		// Drawn for all, so that one service more changes nobody else.
		holds, early, late, gone := r.Float64() < share, between(r, 0, 25*minuteMs), between(r, 0, 40*minuteMs), r.Float64()
		if !holds || v.service == "" {
			continue
		}
		due := times[i] + early
		if gone < 0.12 {
			due = times[i] - late
		}
		if w.planned(v.service, due) {
			v.appointment, v.class = book(v.service, due), queue.Ordinary
		}
		if other := due + hourMs; gone > 0.85 && w.planned(v.service, other) {
			book(v.service, other) // whose holder does not come
		}
	}
	if len(books) == 0 {
		return
	}
	opens := stretches(w.plan)[0].from
	w.todo.add(max(from, opens-5*minuteMs), func(t *turn) { t.book(books) })
}

// book writes the agenda of the day into the office, once the office knows what
// day it is.
func (t *turn) book(books []queue.Booking) {
	w, by := t.w, queue.Cause{Kind: queue.ByReception}
	if plan := w.state.Plan(); w.state.Day().Open && plan.Date != w.date.String() {
		t.in(5*minuteMs, func(t *turn) { t.book(books) })
		return
	}
	for i, b := range books {
		// A refusal means that its time is over, in a world that begins late.
		_, _ = t.command(queue.BookAppointment{By: by, Appointment: b})
		if i%9 == 4 {
			t.in(30*minuteMs, func(t *turn) {
				_, _ = t.command(queue.CancelAppointment{By: by, Appointment: b.ID})
			})
		}
	}
}

// backOffice is the desk without public that sees people for a service by
// appointment alone; empty is none.
func (w *World) backOffice(service queue.ServiceID) queue.DeskID {
	for _, d := range w.setup.Desks {
		if d.BackOffice && slices.Contains(d.Profile.First, service) {
			return d.ID
		}
	}
	return ""
}

// planned tells whether a service is open at an office time of today.
func (w *World) planned(service queue.ServiceID, at int64) bool {
	return slices.ContainsFunc(w.plan.Bands, func(b queue.Band) bool { return b.Covers(at, service) })
}
