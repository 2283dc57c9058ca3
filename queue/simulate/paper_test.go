package simulate

import (
	"slices"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
	"eliminacode/queue/oracle"
)

// brokenPaper is printers that fail all the time.
func brokenPaper() *Paper {
	return &Paper{FastestMs: 700, SlowestMs: 9_000, Failed: 0.08, Unknown: 0.05}
}

// helpingOut is the reference office in which each printer has a spare one.
func helpingOut() queue.Setup {
	setup := office.Reference()
	setup.Outlets = slices.Clone(setup.Outlets)
	for i, spare := range []queue.OutletID{"accoglienza", "accoglienza", "pulsantiera"} {
		setup.Outlets[i].Spare = spare
	}
	return setup
}

// Days on which printers run out of paper, fail and fall silent all the time,
// and the box goes off: every kind of trouble comes, and every number can be
// read somewhere.
func TestPapers(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	began := time.Now()
	mishaps := DefaultMishaps()
	mishaps.PaperOuts, mishaps.PowerCuts = 12, 1
	seen := map[string]int{}
	unknown := map[queue.TicketID]bool{}
	out := try(t, Trial{
		Setup: helpingOut(), Options: Options{Seed: 2, Paper: brokenPaper(), Mishaps: mishaps}, Days: days(t, 60, 4),
		Sink: func(events []queue.Event) error {
			for _, e := range events {
				switch b := e.Body.(type) {
				case queue.TicketIssued:
					if b.Asked != "" {
						seen["new tickets at the spare printer"]++
					}
				case queue.SlipMoved:
					seen["slips that moved"]++
				case queue.TicketPrintUnknown:
					unknown[b.Ticket] = true
					if b.Why == "restart" {
						seen["papers in doubt after a restart"]++
					}
				case queue.ReprintRequested:
					seen["reprints"]++
					delete(unknown, b.Ticket)
				case queue.TicketPrinted:
					if unknown[b.Ticket] {
						seen["papers confirmed late"]++
					}
				case queue.TicketMadePaperless:
					seen["numbers on a screen instead"]++
				case queue.TicketCancelled:
					if b.Why == "not-printed" {
						seen["numbers voided"]++
					}
				}
			}
			return nil
		},
	})
	for _, v := range out.Violations {
		t.Error(v)
	}
	for _, what := range []string{
		"new tickets at the spare printer", "slips that moved", "papers in doubt after a restart", "reprints",
		"papers confirmed late", "numbers on a screen instead", "numbers voided",
	} {
		if seen[what] == 0 && !raced {
			t.Errorf("there were no %s", what)
		}
	}
	logCounts(t, out, began)
	t.Logf("papers %v", seen)
}

// brokenDay is a day of printers that help each other out, up to but not
// including its close.
func brokenDay(t testing.TB) lived {
	t.Helper()
	day := calendar.Date{Year: 2009, Month: time.December, Day: 1}
	mishaps := &Mishaps{PaperOuts: 20}
	w, err := Period(helpingOut(), Options{Seed: 9, Paper: brokenPaper(), Mishaps: mishaps}, day, day, 230)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := calendar.PlanOn(helpingOut(), day)
	if err != nil {
		t.Fatal(err)
	}
	return live(t, helpingOut(), w, plan.Ends-1, nil)
}

// before puts what an outlet says before an event.
func before(events []queue.Event, i int, says queue.Body) []queue.Event {
	e := events[i]
	e.Body = says
	return renumbered(slices.Insert(events, i, e))
}

// Whatever is wrong with a paper, the checker objects.
func TestCheckFindsWrongPapers(t *testing.T) {
	l := brokenDay(t)
	if v := check(l.events, l.state); len(v) > 0 {
		t.Fatalf("the day as it was: %v", v)
	}
	moved := func(e []queue.Event) (int, queue.SlipMoved) {
		i := find(t, e, 0, a[queue.SlipMoved])
		return i, e[i].Body.(queue.SlipMoved)
	}
	elsewhere := func(b queue.Body) bool { i, ok := b.(queue.TicketIssued); return ok && i.Asked != "" }
	for _, tt := range []struct {
		name  string
		want  oracle.Breach
		plant func(e []queue.Event) []queue.Event
	}{
		{"a slip of which nobody knows moved", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i, b := moved(e)
			e[i-1].Body = queue.TicketPrintUnknown{Ticket: b.Ticket, Job: 1}
			return e
		}},
		{"a slip moved later", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i, b := moved(e)
			return before(e, i, queue.OutletChanged{Outlet: b.Outlet, Gives: queue.Able})
		}},
		{"a slip moved twice", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i, _ := moved(e)
			return repeated(e, i)
		}},
		{"a slip moved to another printer", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 0, func(b *queue.SlipMoved) { b.Outlet = "totem" })
		}},
		{"a slip moved to a printer of which nobody knows", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i, b := moved(e)
			return before(e, i-1, queue.OutletChanged{Outlet: b.Outlet, Gives: queue.AbleUnknown})
		}},
		{"a number that nobody can read", oracle.BreachBurnt, func(e []queue.Event) []queue.Event {
			i, _ := moved(e)
			return without(e, i)
		}},
		{"a number on no screen", oracle.BreachBurnt, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, func(b queue.Body) bool { x, ok := b.(queue.TicketIssued); return ok && x.Outlet == "pulsantiera" })
			b := e[i].Body.(queue.TicketIssued)
			b.Paper = queue.Paperless
			e[i].Body = b
			return e
		}},
		{"a reprint by itself", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			e[find(t, e, 0, a[queue.ReprintRequested])].By = queue.Cause{Kind: queue.ByAutomatic}
			return e
		}},
		{"a slip for a printer without paper", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i := find(t, e, 40, a[queue.TicketIssued])
			return before(e, i, queue.OutletChanged{Outlet: e[i].Body.(queue.TicketIssued).Outlet, Gives: queue.Unable})
		}},
		{"a press that prints elsewhere", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			e[find(t, e, 0, elsewhere)].By.Kind = queue.ByButton
			return e
		}},
		{"a slip elsewhere without need", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, elsewhere)
			return before(e, i, queue.OutletChanged{Outlet: e[i].Body.(queue.TicketIssued).Asked, Gives: queue.Able})
		}},
		{"an answer about another job", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 30, func(b *queue.TicketPrinted) { b.Job++ })
		}},
		{"a second answer", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			return repeated(e, find(t, e, 30, a[queue.TicketPrinted]))
		}},
		{"a slip printed after a restart", oracle.BreachPaper, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketPrinted])
			again := e[i]
			again.Body = queue.JournalResumed{}
			return renumbered(slices.Insert(e, i, again))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := check(tt.plant(slices.Clone(l.events)), nil)
			if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Breach == tt.want }) {
				t.Errorf("the checker did not object to %q; it found %v", tt.want, found)
			}
		})
	}
	t.Run("the office has another mark", func(t *testing.T) {
		e := slices.Clone(l.events)
		i := find(t, e, 0, a[queue.ReprintRequested])
		b := e[i].Body.(queue.ReprintRequested)
		e[i].Body = queue.SlipMoved(b)
		c := oracle.NewChecker()
		for _, x := range l.events {
			c.See(x)
		}
		c.Compare(queue.Fold(e))
		if !slices.ContainsFunc(c.Violations(), func(v oracle.Violation) bool { return v.Breach == oracle.BreachPaper && v.Ticket == b.Ticket }) {
			t.Errorf("found %v", c.Violations())
		}
	})
}
