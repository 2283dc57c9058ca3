package simulate

import (
	"slices"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/oracle"
)

// A badLeaving is a day in which a desk gave its ticket up as no desk does, and what the
// checker must say of it.
type badLeaving struct {
	name  string
	want  oracle.Breach
	says  string
	plant func(e []queue.Event) []queue.Event
}

// badLeavings are spoilt from a day in which keypads and consoles are pressed too soon,
// and people are recalled until they are no-shows.
func badLeavings(t testing.TB) []badLeaving {
	const (
		goesOn  = "a ticket was left as by a desk that closes, and the desk did not"
		notBack = "nobody can have come so soon, and the ticket was not put back"
	)
	// hasty is the no-show of who was put back at once, since nobody can have come.
	hasty := func(e []queue.Event) int {
		for i := range e {
			if b, ok := e[i].Body.(queue.TicketReturned); ok && b.Auto && a[queue.TicketNoShow](e[i-1].Body) {
				return i - 1
			}
		}
		t.Fatal("nobody was put back at once")
		return 0
	}
	gone := func(e []queue.Event, inferred bool) (int, queue.TicketNoShow) {
		for i := range e {
			if b, ok := e[i].Body.(queue.TicketNoShow); ok && e[i].By.Kind == queue.ByConsole && e[i].By.Inferred == inferred {
				return i, b
			}
		}
		t.Fatal("a console had no such no-show")
		return 0, queue.TicketNoShow{}
	}
	backAgain := func(e []queue.Event, i int, id queue.TicketID, inferred bool) []queue.Event {
		back := e[i]
		back.Body, back.By.Inferred = queue.TicketReturned{Ticket: id, Auto: true}, inferred
		return renumbered(slices.Insert(e, i+1, back))
	}
	unseen := func(e []queue.Event, by queue.CauseKind) []queue.Event {
		for i := range e {
			if b, ok := e[i].Body.(queue.TicketServed); ok && e[i].By.Kind == by && !a[queue.DeskClosed](e[i+1].Body) {
				b.UnknownEnd = true
				e[i].Body = b
				return e
			}
		}
		t.Fatal("nobody was served so")
		return nil
	}
	return []badLeaving{
		{"too soon, and not put back", oracle.BreachLost, notBack, func(e []queue.Event) []queue.Event {
			return without(e, hasty(e)+1)
		}},
		{"a desk that closes over who was called just now", oracle.BreachLost, "nobody can have come yet", func(e []queue.Event) []queue.Event {
			i := hasty(e)
			e[i+1].Body = queue.DeskClosed{Desk: e[i].Body.(queue.TicketNoShow).Desk}
			return e
		}},
		{"a no-show that nobody said", oracle.BreachState, "a no-show that nobody said and nothing shows", func(e []queue.Event) []queue.Event {
			i, b := gone(e, false)
			e[i].By.Inferred = true
			return renumbered(slices.DeleteFunc(e, func(x queue.Event) bool {
				recalled, ok := x.Body.(queue.TicketRecalled)
				return ok && recalled.Ticket == b.Ticket
			}))
		}},
		{"a no-show that is put back by itself", oracle.BreachState, "whom nobody had to put back", func(e []queue.Event) []queue.Event {
			i, b := gone(e, false)
			return backAgain(e, i, b.Ticket, true)
		}},
		{"put back as by a desk that closes, and it goes on", oracle.BreachState, goesOn, func(e []queue.Event) []queue.Event {
			i, b := gone(e, false)
			return backAgain(e, i, b.Ticket, false)
		}},
		{"put back after enough calls", oracle.BreachState, "a no-show was put back who was called often enough", func(e []queue.Event) []queue.Event {
			i, b := gone(e, true)
			e[i].By.Inferred = false
			return backAgain(e, i, b.Ticket, false)
		}},
		{"an unseen end at a keypad, and its desk goes on", oracle.BreachState, goesOn, func(e []queue.Event) []queue.Event {
			return unseen(e, queue.ByKeypad)
		}},
		{"an unseen end before a clerk's eyes", oracle.BreachState, "its clerk was there to say", func(e []queue.Event) []queue.Event {
			return unseen(e, queue.ByConsole)
		}},
		{"served so soon that nobody can have come", oracle.BreachState, "a ticket counts as served for which nobody can have come", func(e []queue.Event) []queue.Event {
			i := hasty(e)
			b := e[i].Body.(queue.TicketNoShow)
			e[i].Body = queue.ServiceStarted{Ticket: b.Ticket, Desk: b.Desk, FromCall: true}
			e[i+1].Body = queue.TicketServed{Ticket: b.Ticket, Desk: b.Desk, UnknownEnd: true}
			return e
		}},
	}
}
