package view

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/simulate"
)

// Of all kinds of event, what was done at a desk is told of a past day as one thing,
// whatever hand did it; and no kind tells a desk, a hand or whether a moment was seen.
func TestWhatWasDoneAtADeskIsToldAsOneThing(t *testing.T) {
	acts := map[string]bool{}
	for _, e := range released(t) {
		var told []string
		for _, by := range []queue.Cause{
			{Kind: queue.ByConsole, Device: "s1"}, {Kind: queue.ByKeypad, Device: "tastierino-1"}, {Kind: queue.ByKeypad, Device: "tastierino-2", Inferred: true},
		} {
			teller := NewTeller("J", inRome, on(9)) // another day than any of the files'
			teller.Tell(queue.Event{Seq: 1, Body: queue.DayOpened{Day: 7}})
			e.By = by
			if _, opens := e.Body.(queue.DayOpened); opens {
				continue
			}
			if _, closes := e.Body.(queue.DayClosed); closes {
				continue // with it the night begins
			}
			out := teller.Tell(e)
			line, err := json.Marshal(out)
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, string(line))
			if out.Data.Desk != "" || out.Data.FromDesk != "" || out.Device != "" || out.Inferred {
				t.Errorf("%s is told as %s", e.Body.Kind(), line)
			}
			if out.Kind == deskActed {
				acts[e.Body.Kind()] = true
				out.ID, out.Seq = "", 0
				if want := (Event{Journal: "J", Kind: deskActed, At: out.At, By: byStaff}); !same(t, out, want) {
					t.Errorf("%s is told as %s", e.Body.Kind(), line)
				}
			}
		}
		if len(slices.Compact(told)) > 1 {
			t.Errorf("%s by another hand is told otherwise: %q", e.Body.Kind(), told)
		}
		body, err := json.Marshal(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		at := strings.Contains(string(body), `"desk":`) || strings.Contains(string(body), `"from":"s`)
		switch e.Body.(type) {
		case queue.TicketIssued, queue.TicketIssuedAtDesk, queue.AppointmentBooked, queue.SetupChanged, queue.DayOpened, queue.DayReplanned:
			at = false
		}
		if at && !acts[e.Body.Kind()] {
			t.Errorf("%s was done at a desk, and is told as %s", e.Body.Kind(), told)
		}
	}
	if len(acts) < 20 {
		t.Errorf("only %v are acts of desks", acts)
	}
}

func same(t *testing.T, a, b Event) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(x) == string(y)
}

// days are the events of simulated days at desks with consoles and keypads.
func days(t *testing.T, seed uint64) (all []queue.Event) {
	t.Helper()
	setup := office.Reference()
	begins := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC).UnixMilli()
	conduct := simulate.TrialConduct()
	w, err := simulate.New(setup, simulate.Options{Seed: seed, From: begins, Paper: simulate.DefaultPaper(), Conduct: &conduct})
	if err != nil {
		t.Fatal(err)
	}
	c, err := simulate.NewCore(setup, begins, func(_ *queue.State, e []queue.Event) { all = append(all, e...) })
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(w, begins+8*24*3_600_000); err != nil {
		t.Fatal(err)
	}
	return all
}

// A guess is two tickets, by their names, of which an attacker says that one desk
// called both.
type guess struct{ a, b string }

// attackers tie tickets to each other out of the events of past days.
var attackers = map[string]func([]Event) []guess{
	"the end of a service, and the call after it": func(all []Event) (g []guess) {
		ends := []string{"ticket.served", "ticket.no-show", "ticket.parked", "ticket.transferred"}
		for i, e := range all[1:] {
			if before := all[i]; slices.Contains(ends, before.Kind) && e.Kind == "ticket.called" && e.By == before.By {
				g = append(g, guess{before.Data.Ticket, e.Data.Ticket})
			}
		}
		return g
	},
	"one event after another": func(all []Event) (g []guess) {
		for i, e := range all[1:] {
			if e.By == all[i].By {
				g = append(g, guess{all[i].Data.Ticket, e.Data.Ticket})
			}
		}
		return g
	},
	"the tickets named on both sides of what was done at desks": func(all []Event) (g []guess) {
		last, acted := "", false
		for _, e := range all {
			if e.Data.Ticket == "" {
				acted = acted || e.Kind == deskActed
				continue
			}
			if acted {
				g = append(g, guess{last, e.Data.Ticket})
			}
			last, acted = e.Data.Ticket, false
		}
		return g
	},
	"the same hand in the same hour": together(func(e Event) string {
		if e.By == string(queue.ByPrinter) || e.By == string(queue.ByAutomatic) || e.By == string(queue.ByTotem) || e.By == string(queue.ByButton) {
			return ""
		}
		return e.Kind + e.By + e.At
	}),
	"the same hand, hour and service": together(func(e Event) string { return e.Kind + e.By + e.At + e.Data.Service }),
	"moments that nobody saw": together(func(e Event) string {
		if !e.Inferred {
			return ""
		}
		return e.Kind + e.At
	}),
	"the call that was taken back": func(all []Event) (g []guess) {
		for _, e := range all {
			if e.Data.Reopened != "" {
				g = append(g, guess{e.Data.Ticket, e.Data.Reopened})
			}
		}
		return g
	},
}

// together ties the tickets that have the same key, each to each; those without a key
// are tied to none.
func together(key func(Event) string) func([]Event) []guess {
	return func(all []Event) (g []guess) {
		of := map[string][]string{}
		for _, e := range all {
			k := key(e)
			if k == "" || e.Data.Ticket == "" || slices.Contains(of[k], e.Data.Ticket) {
				continue
			}
			for _, other := range of[k] {
				g = append(g, guess{other, e.Data.Ticket})
			}
			of[k] = append(of[k], e.Data.Ticket)
		}
		return g
	}
}

// called is what the attacker does not know: where each ticket was called last; and what
// everybody does: the others who came in the same hour for the same service.
type called struct {
	desk map[string]queue.DeskID
	slot map[string]string
	of   map[string]map[queue.DeskID]int // how many tickets of a slot each desk called
}

func truthOf(all []queue.Event) called {
	c := called{map[string]queue.DeskID{}, map[string]string{}, map[string]map[queue.DeskID]int{}}
	for i, told := range live(all) {
		e := all[i]
		switch b := e.Body.(type) {
		case queue.TicketIssued, queue.TicketIssuedAtDesk:
			c.slot[told.Data.Ticket] = told.Data.Service + " " + told.At[:13]
		case queue.TicketCalled:
			c.desk[told.Data.Ticket] = b.Desk
		}
	}
	for ticket, desk := range c.desk {
		slot := c.slot[ticket]
		if c.of[slot] == nil {
			c.of[slot] = map[queue.DeskID]int{}
		}
		c.of[slot][desk]++
	}
	return c
}

// judge counts the guesses that are right, and how many are expected to be when the
// second ticket of each is any that was given for its service in its hour, with the spread of that.
func (c called) judge(g []guess) (n int, right, chance, spread float64) {
	seen := map[guess]bool{}
	for _, x := range g {
		desk, known := c.desk[x.a]
		_, also := c.desk[x.b]
		if x.a == x.b || !known || !also || seen[x] || seen[guess{x.b, x.a}] {
			continue
		}
		seen[x] = true
		n++
		if desk == c.desk[x.b] {
			right++
		}
		of, own := c.of[c.slot[x.b]], 0
		if c.slot[x.a] == c.slot[x.b] {
			own = 1 // the first is none of the others
		}
		all := -own
		for _, tickets := range of {
			all += tickets
		}
		if all > 0 {
			p := float64(of[desk]-own) / float64(all)
			chance += p
			spread += p * (1 - p)
		}
	}
	return n, right, chance, math.Sqrt(spread)
}

// TestNobodyTiesTicketsOfAPastDayToADesk: whoever has all events of days that are over
// says of two tickets that one desk called them no better than who knows nothing but
// their service and hour. Of days under way the same attackers do: the desk itself is
// told then, since boards and desks need it.
func TestNobodyTiesTicketsOfAPastDayToADesk(t *testing.T) {
	for seed := range uint64(2) {
		all := days(t, seed+1)
		truth := truthOf(all)
		tell := func(today func() int) (out []Event) {
			teller := NewTeller("J", inRome, today)
			for _, e := range all {
				out = append(out, teller.Tell(e))
			}
			return out
		}
		var day int
		for _, e := range all {
			day = max(day, dayOf(e.Body))
		}
		past := tell(on(day + 1))
		for i, e := range past {
			if e.Seq != all[i].Seq || e.Seq != uint64(i+1) {
				t.Fatalf("event %d is told as %d", i+1, e.Seq)
			}
		}
		better := 0
		for name, attack := range attackers {
			n, right, chance, spread := truth.judge(attack(past))
			t.Logf("seed %d: %s: of %d guesses %.0f are right, where chance has %.1f", seed+1, name, n, right, chance)
			if right > chance+4*spread {
				t.Errorf("seed %d: %s: of %d guesses %.0f are right, where chance has %.1f", seed+1, name, n, right, chance)
			}
			if n, right, chance, spread = truth.judge(attack(live(all))); n > 20 && right > chance+4*spread {
				better++
			}
		}
		if better < 3 {
			t.Errorf("seed %d: only %d attackers tie tickets of days under way to a desk; the test shows nothing", seed+1, better)
		}
	}
}

// live are events as they are told while their day is open, but for the desk.
func live(all []queue.Event) (out []Event) {
	day := 0
	teller := NewTeller("J", inRome, func() int { return day })
	for _, e := range all {
		if opened := dayOf(e.Body); opened > 0 {
			day = opened
		}
		told := teller.Tell(e)
		told.At, told.Device = told.At[:13], ""
		told.Data.Desk, told.Data.FromDesk = "", ""
		out = append(out, told)
	}
	return out
}
