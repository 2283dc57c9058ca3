package simulate

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/oracle"
)

// errObjected ends a trial at the first objection.
var errObjected = errors.New("the checker objected")

// mutated is the Do of an office that chooses by another order: whatever NEXT
// calls is replaced by whom that order would have called.
func mutated(c *Core, order queue.Order) Do {
	return func(now queue.Now, cmd queue.Command) (*queue.State, []queue.Event, error) {
		next, isNext := cmd.(queue.CallNext)
		if !isNext || c.state.NeedsDay(now) {
			return c.Do(now, cmd)
		}
		before := c.state
		_, events, err := before.Step(now, cmd)
		if err != nil {
			return before, nil, err
		}
		at := slices.IndexFunc(events, func(e queue.Event) bool { return a[queue.TicketCalled](e.Body) })
		s, hall := before, before // hall: as it was when the NEXT chose
		var kept []queue.Event
		sentOn := queue.TicketID(0)
		for i, e := range events {
			if i == at {
				break
			}
			if b, ok := e.Body.(queue.TicketTransferred); ok && b.Planned {
				sentOn = b.Ticket
			}
			if kept, s = append(kept, e), s.Apply(e); sentOn == 0 {
				hall = s
			}
		}
		if id, why, ok := hall.NextBy(order, now, next.Desk); ok && !s.CallsStopped(now) {
			why.SentOn = sentOn
			why.WaitedMs = s.WaitedMs(s.Ticket(id), now)
			e := queue.Event{Seq: s.Seq() + 1, At: now, By: next.By, Body: queue.TicketCalled{Ticket: id, Desk: next.Desk, Reason: why}}
			kept, s = append(kept, e), s.Apply(e)
		}
		// What follows the call, such as a no-show who comes back by itself.
		for i := at + 1; at >= 0 && i < len(events); i++ {
			e := events[i]
			e.Seq = s.Seq() + 1
			kept, s = append(kept, e), s.Apply(e)
		}
		c.state = s
		if len(kept) > 0 && c.Sink != nil {
			c.Sink(s, kept)
		}
		return s, kept, nil
	}
}

// mutantDays is how long a wrong order may go on before the checker must have
// objected.
const mutantDays = 200

// strained is the conduct of people who give every rule something to do: many
// with priority, sent on to one desk, or late, and all of them patient.
func strained() *Conduct {
	c := TrialConduct()
	c.Priority, c.Transfer, c.Absent, c.Late, c.PatienceMs = 0.25, 0.12, 0.07, 0.9, 0
	return &c
}

// objection lives days under an order until the checker objects, and answers
// with its first words.
func objection(t *testing.T, order queue.Order) (found []oracle.Violation, day int) {
	t.Helper()
	days := 0
	trial := Trial{
		Setup: office.Reference(), Days: mutantDays,
		Options: Options{
			Seed: 1, From: at(t, "2026-01-05 00:00"), Paper: DefaultPaper(), Mishaps: DefaultMishaps(),
			VisitsPerDay: 240, Conduct: strained(),
		},
	}
	r, err := trial.begin()
	if err != nil {
		t.Fatal(err)
	}
	r.core.act = mutated(r.core, order)
	r.trial.Sink = func(events []queue.Event) error {
		for _, e := range events {
			if a[queue.DayOpened](e.Body) {
				days++
			}
		}
		if len(r.checker.Violations()) > 0 {
			return errObjected
		}
		return nil
	}
	if err := r.live(); err != nil && !errors.Is(err, errObjected) {
		t.Fatal(err)
	}
	return r.checker.Violations(), days
}

// Each step of the order of service left out, and each two neighbours
// exchanged: the checker objects, every time.
func TestCheckerMissesEveryStep(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	if raced {
		t.Skip("too slow with the race detector; make rules lives it without")
	}
	whole := queue.DefaultOrder()
	if found, _ := objection(t, whole); len(found) > 0 {
		t.Fatalf("the order as it is: %v", found[0])
	}
	mutants := map[string]queue.Order{}
	var names []string
	add := func(name string, o queue.Order) {
		names = append(names, name)
		mutants[name] = o
	}
	for i, step := range whole {
		add(fmt.Sprintf("without %s", step), slices.Delete(slices.Clone(whole), i, i+1))
	}
	for i := range len(whole) - 1 {
		swapped := slices.Clone(whole)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		add(fmt.Sprintf("%s before %s", whole[i+1], whole[i]), swapped)
	}
	breaches := map[oracle.Breach]bool{}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			found, day := objection(t, mutants[name])
			if len(found) == 0 {
				t.Fatalf("the checker did not object in %d days", mutantDays)
			}
			t.Logf("day %d: %v", day, found[0])
			for _, v := range found {
				breaches[v.Breach] = true
			}
		})
	}
	// Each promise of the page is missed by itself, too.
	for _, b := range []oracle.Breach{oracle.BreachOrder, oracle.BreachProfile, oracle.BreachBehind, oracle.BreachRatio, oracle.BreachStarved} {
		if !breaches[b] {
			t.Errorf("no wrong order was called %q", b)
		}
	}
	t.Logf("breaches found: %v", breaches)
}
