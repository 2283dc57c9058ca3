package simulate

import (
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
	"eliminacode/queue/oracle"
)

// oneDay is a clean day of the reference office, up to but not including its
// close, so that a test may spoil it.
func oneDay(t testing.TB, seed uint64) lived {
	t.Helper()
	setup := office.Reference()
	day := calendar.Date{Year: 2009, Month: 12, Day: 1}
	conduct := TrialConduct()
	w, err := Period(setup, Options{Seed: seed, Paper: DefaultPaper(), Conduct: &conduct}, day, day, 230)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := calendar.PlanOn(setup, day)
	if err != nil {
		t.Fatal(err)
	}
	return live(t, setup, w, plan.Ends-1, nil)
}

// find is the index of the nth event of a kind, from 0.
func find(t testing.TB, events []queue.Event, nth int, is func(queue.Body) bool) int {
	t.Helper()
	for i, e := range events {
		if is(e.Body) {
			if nth--; nth < 0 {
				return i
			}
		}
	}
	t.Fatal("the day has no such event")
	return 0
}

// sentOnByPlan tells whether a visit goes on to the next service of its plan.
func sentOnByPlan(b queue.Body) bool { x, ok := b.(queue.TicketTransferred); return ok && x.Planned }

func a[T queue.Body](b queue.Body) bool { _, ok := b.(T); return ok }

// spoil changes the body of an event.
func spoil[T queue.Body](t testing.TB, events []queue.Event, nth int, change func(*T)) []queue.Event {
	i := find(t, events, nth, a[T])
	b := events[i].Body.(T)
	change(&b)
	events[i].Body = b
	return events
}

// renumbered gives the sequence anew after an event was put in or taken out.
func renumbered(events []queue.Event) []queue.Event {
	for i := range events {
		events[i].Seq = uint64(i + 1)
	}
	return events
}

func without(events []queue.Event, i int) []queue.Event {
	return renumbered(slices.Delete(events, i, i+1))
}

func repeated(events []queue.Event, i int) []queue.Event {
	return renumbered(slices.Insert(events, i+1, events[i]))
}

// closedEarly is a day that was closed right after its first ticket, which has
// expired.
func closedEarly(t testing.TB, e []queue.Event) []queue.Event {
	i := find(t, e, 0, a[queue.TicketIssued])
	expired, closed := e[i], e[i]
	expired.Body = queue.TicketExpired{Ticket: e[i].Body.(queue.TicketIssued).Ticket}
	closed.Body = queue.DayClosed{Day: 1, Issued: 1, Expired: 1}
	return renumbered(append(slices.Clone(e[:i+1]), expired, closed))
}

// check holds events, in order from the first of a journal, against the
// invariants, and the live state against the fold of the events. Live may be
// nil. No violation is an empty list.
func check(events []queue.Event, live *queue.State) []oracle.Violation {
	c := oracle.NewChecker()
	for _, e := range events {
		c.See(e)
	}
	if live != nil {
		c.Compare(live)
		c.Fold(events, live)
	}
	return c.Violations()
}

// Whatever is wrong in a day, the checker objects, and names it.
func TestCheckFindsPlantedBreaches(t *testing.T) {
	clean := oneDay(t, 3).events
	if v := check(clean, nil); len(v) > 0 {
		t.Fatalf("the clean day: %v", v)
	}
	for _, tt := range []struct {
		name  string
		want  oracle.Breach
		plant func(e []queue.Event) []queue.Event
	}{
		{"an event is missing", oracle.BreachSequence, func(e []queue.Event) []queue.Event { return slices.Delete(e, 40, 41) }},
		{"the clock goes back", oracle.BreachClock, func(e []queue.Event) []queue.Event { e[50].At.Mono -= 86_400_000; return e }},
		{"two days at once", oracle.BreachDay, func(e []queue.Event) []queue.Event { return repeated(e, find(t, e, 0, a[queue.DayOpened])) }},
		{"no day", oracle.BreachDay, func(e []queue.Event) []queue.Event { return without(e, find(t, e, 0, a[queue.DayOpened])) }},
		{"a wrong total", oracle.BreachDay, func(e []queue.Event) []queue.Event {
			return append(e, queue.Event{Seq: uint64(len(e) + 1), At: e[len(e)-1].At, Body: queue.DayClosed{Day: 1, Issued: 1}})
		}},
		{"a number given again", oracle.BreachNumberTwice, func(e []queue.Event) []queue.Event {
			first := e[find(t, e, 0, a[queue.TicketIssued])].Body.(queue.TicketIssued).Number
			nth := 0
			for i := range e {
				if b, ok := e[i].Body.(queue.TicketIssued); ok && b.Number.Series == first.Series {
					if nth++; nth == 2 {
						b.Number = first
						e[i].Body = b
					}
				}
			}
			return e
		}},
		{"a number passed over", oracle.BreachNumberSkipped, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 30, func(b *queue.TicketIssued) { b.Number.Value++ })
		}},
		{"a lap too early", oracle.BreachNumberSkipped, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 30, func(b *queue.TicketIssued) { b.Number.Lap++ })
		}},
		{"a ticket issued twice", oracle.BreachTicketTwice, func(e []queue.Event) []queue.Event {
			return repeated(e, find(t, e, 5, a[queue.TicketIssued]))
		}},
		{"a closed service", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 0, func(b *queue.DayOpened) { b.Plan.Bands = nil })
		}},
		{"a closed desk", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			return without(e, find(t, e, 0, a[queue.DeskOpened]))
		}},
		{"another number of people ahead", oracle.BreachAhead, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 40, func(b *queue.TicketIssued) { b.Ahead++ })
		}},
		{"a wait that was another", oracle.BreachWait, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 40, func(b *queue.TicketCalled) { b.Reason.WaitedMs++ })
		}},
		{"a wait over a suspension", oracle.BreachWait, func(e []queue.Event) []queue.Event {
			i := find(t, e, 60, a[queue.TicketIssued])
			at := e[i].At
			return renumbered(slices.Insert(e, i+1, queue.Event{At: at, Body: queue.OfficeSuspended{}},
				queue.Event{At: e[i+1].At, Body: queue.OfficeResumed{}}))
		}},
		{"called twice", oracle.BreachCalledTwice, func(e []queue.Event) []queue.Event {
			return repeated(e, find(t, e, 9, a[queue.TicketCalled]))
		}},
		{"called after its end", oracle.BreachCalledTwice, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 60, func(b *queue.TicketCalled) {
				b.Ticket = e[find(t, e, 0, a[queue.TicketServed])].Body.(queue.TicketServed).Ticket
			})
		}},
		{"one desk with two", oracle.BreachDeskTwo, func(e []queue.Event) []queue.Event {
			return without(e, find(t, e, 20, a[queue.TicketServed]))
		}},
		{"another desk's ticket", oracle.BreachDesk, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 20, func(b *queue.TicketServed) { b.Desk = "nowhere" })
		}},
		{"off its profile", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 0, func(b *queue.DayOpened) {
				b.Setup.Desks = slices.Clone(b.Setup.Desks)
				for i := range b.Setup.Desks {
					b.Setup.Desks[i].Profile.First = []queue.ServiceID{"cie"}
				}
			})
		}},
		{"help that was not needed", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 80, func(b *queue.TicketCalled) { b.Reason.Rule = queue.RuleHelp })
		}},
		{"sent to nobody", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 80, func(b *queue.TicketCalled) { b.Reason.Rule = queue.RuleTransferred })
		}},
		{"served before it began", oracle.BreachState, func(e []queue.Event) []queue.Event {
			// By NEXT at a desk with a keypad alone, both at once.
			i := find(t, e, 0, func(b queue.Body) bool { s, ok := b.(queue.ServiceStarted); return ok && s.FromCall })
			for ; !a[queue.TicketServed](e[i+1].Body) || !a[queue.ServiceStarted](e[i].Body); i++ {
			}
			return without(e, i)
		}},
		{"expired twice", oracle.BreachState, func(e []queue.Event) []queue.Event {
			served := e[find(t, e, 3, a[queue.TicketServed])]
			served.Body = queue.TicketExpired{Ticket: served.Body.(queue.TicketServed).Ticket}
			return renumbered(append(e, served))
		}},
		{"a ticket that never was", oracle.BreachState, func(e []queue.Event) []queue.Event {
			return without(e, find(t, e, 7, a[queue.TicketIssued]))
		}},
		{"one who is not next", oracle.BreachOrder, func(e []queue.Event) []queue.Event {
			for i := range e {
				if b, ok := e[i].Body.(queue.TicketCalled); ok && b.Reason.Rule == queue.RuleLongest && b.Reason.WaitedMs > 10*minuteMs {
					b.Reason.Rule = queue.RuleOverdue
					e[i].Body = b
					break
				}
			}
			return e
		}},
		{"an appointment kept twice", oracle.BreachAppointment, func(e []queue.Event) []queue.Event {
			return repeated(e, find(t, e, 0, a[queue.AppointmentBooked]))
		}},
		{"a call undone too late", oracle.BreachState, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.ServiceStarted])
			b := e[i].Body.(queue.ServiceStarted)
			e[i].Body, e[i].At.Mono = queue.CallUndone{Ticket: b.Ticket, Desk: b.Desk}, e[i].At.Mono+minuteMs
			return e[:i+1]
		}},
		{"a number given while the office is suspended", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketIssued])
			alarm := e[i]
			alarm.Body = queue.OfficeSuspended{Why: "alarm"}
			return renumbered(slices.Insert(e, i, alarm))
		}},
		{"a reserved number given to somebody else", oracle.BreachNumberTwice, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketIssued])
			b := e[i].Body.(queue.TicketIssued)
			block := e[i]
			block.Body = queue.BlockReserved{Code: "K7QX", Series: b.Number.Series, Service: b.Service, Numbers: []queue.BlockRun{{First: b.Number.Value, Last: b.Number.Value + 19}}}
			return renumbered(slices.Insert(e, i, block))
		}},
		{"a number called in that was not reserved", oracle.BreachNumberTwice, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 30, func(b *queue.TicketIssued) { b.Block, b.Paper = "K7QX", queue.PaperPrinted })
		}},
		{"a number given for a hall that is full", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketIssued])
			full := e[i]
			full.Body = queue.HallCapacitySet{People: 1}
			return renumbered(slices.Insert(e, i, full))
		}},
		{"a desk opened for what is not in its profile", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 3, func(b *queue.DeskOpened) { b.Profile.First = []queue.ServiceID{"catasto"} })
		}},
		{"a call beyond what the operator is qualified for", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			called := e[find(t, e, 30, a[queue.TicketCalled])].Body.(queue.TicketCalled)
			i := find(t, e, 0, func(b queue.Body) bool { o, ok := b.(queue.DeskOpened); return ok && o.Desk == called.Desk })
			b := e[i].Body.(queue.DeskOpened)
			b.Profile.First = []queue.ServiceID{"invalidi"}
			e[i].Body = b
			return e
		}},
		{"priority given by a clerk", oracle.BreachState, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketIssued])
			given := e[i]
			given.By.Kind = queue.ByConsole
			given.Body = queue.PriorityGranted{Ticket: e[i].Body.(queue.TicketIssued).Ticket}
			return renumbered(slices.Insert(e, i+1, given))
		}},
		{"a visit that is over before the last of its services", oracle.BreachPlan, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, sentOnByPlan)
			b := e[i].Body.(queue.TicketTransferred)
			e[i].Body = queue.TicketServed{Ticket: b.Ticket, Desk: b.From}
			return e
		}},
		{"a visit that goes on to another service than the next of its plan", oracle.BreachPlan, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, sentOnByPlan)
			b := e[i].Body.(queue.TicketTransferred)
			b.Service = "catasto"
			e[i].Body = b
			return e
		}},
		{"a NEXT that calls whom it sends on", oracle.BreachCalledTwice, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, func(b queue.Body) bool { c, ok := b.(queue.TicketCalled); return ok && c.Reason.SentOn != 0 })
			b := e[i].Body.(queue.TicketCalled)
			b.Ticket = b.Reason.SentOn
			e[i].Body = b
			return e
		}},
		{"a call that leaves out who was not sent on", oracle.BreachOrder, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 30, func(b *queue.TicketCalled) { b.Reason.SentOn = b.Ticket })
		}},
		{"a visit that goes on at its desk to what it is not for", oracle.BreachPlan, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 0, func(b *queue.ServiceContinued) { b.Service = "catasto" })
		}},
		{"a number at a desk that does not serve it", oracle.BreachProfile, func(e []queue.Event) []queue.Event {
			return spoil(t, e, 0, func(b *queue.TicketIssuedAtDesk) { b.Service = "catasto" })
		}},
		{"a number at a desk that holds a ticket", oracle.BreachDeskTwo, func(e []queue.Event) []queue.Event {
			held := e[find(t, e, 0, a[queue.TicketCalled])].Body.(queue.TicketCalled).Desk
			return spoil(t, e, find(t, e, 0, a[queue.TicketCalled]), func(b *queue.TicketIssuedAtDesk) { b.Desk = held })
		}},
		{"a number at a desk, given before", oracle.BreachNumberTwice, func(e []queue.Event) []queue.Event {
			first := e[find(t, e, 0, a[queue.TicketIssued])].Body.(queue.TicketIssued).Number
			return spoil(t, e, 0, func(b *queue.TicketIssuedAtDesk) { b.Number = first })
		}},
		{"a number at a desk that is closed", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			i := find(t, e, 0, a[queue.TicketIssuedAtDesk])
			return before(e, i, queue.DeskClosed{Desk: e[i].Body.(queue.TicketIssuedAtDesk).Desk})
		}},
		{"a ticket for a service that is closed, after the first", oracle.BreachClosed, func(e []queue.Event) []queue.Event {
			i := 1
			for ; !a[queue.ServicesPlanned](e[i].Body) || !a[queue.TicketIssued](e[i-1].Body); i++ {
			}
			opened := e[find(t, e, 0, a[queue.DayOpened])].Body.(queue.DayOpened)
			bands := slices.Clone(opened.Plan.Bands)
			for j := range bands {
				bands[j].Services = []queue.ServiceID{e[i-1].Body.(queue.TicketIssued).Service}
			}
			opened.Plan.Bands = bands
			replanned := e[i-1]
			replanned.Body = queue.DayReplanned{Plan: opened.Plan}
			return renumbered(slices.Insert(e, i-1, replanned))
		}},
		{"a day closed before its end", oracle.BreachDay, func(e []queue.Event) []queue.Event { return closedEarly(t, e) }},
		{"a day closed over a slip on its way", oracle.BreachPaper, func(e []queue.Event) []queue.Event { return closedEarly(t, e) }},
		{"a day closed over people by a step of the clock", oracle.BreachDay, func(e []queue.Event) []queue.Event {
			e = closedEarly(t, e)
			for i := len(e) - 2; i < len(e); i++ {
				e[i].At.Wall += 24 * hourMs
			}
			return e
		}},
		{"a ticket of a day that is over", oracle.BreachDay, func(e []queue.Event) []queue.Event {
			for i := find(t, e, 30, a[queue.TicketIssued]); i < len(e); i++ {
				e[i].At.Wall += 24 * hourMs
				e[i].At.Mono += 24 * hourMs
			}
			return e
		}},
		{"a day closed over people", oracle.BreachLost, func(e []queue.Event) []queue.Event {
			i := find(t, e, 30, a[queue.TicketIssued])
			e[i+1].Body = queue.DayClosed{Day: 1, Issued: 31}
			return e[:i+2]
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := check(tt.plant(slices.Clone(clean)), nil)
			if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Breach == tt.want }) {
				t.Errorf("the checker did not object to %q; it found %v", tt.want, found)
			}
		})
	}
	for _, tt := range badLeavings(t) {
		t.Run(tt.name, func(t *testing.T) {
			found := check(tt.plant(slices.Clone(clean)), nil)
			if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Breach == tt.want && strings.Contains(v.Detail, tt.says) }) {
				t.Errorf("the checker did not say %q: %s; it found %v", tt.want, tt.says, found)
			}
		})
	}
}

// The office as it is, held against events that say otherwise.
func TestCompareFindsAnotherOffice(t *testing.T) {
	l := oneDay(t, 4)
	if v := check(l.events, l.state); len(v) > 0 {
		t.Fatalf("the clean day: %v", v)
	}
	cut := find(t, l.events, 100, a[queue.TicketCalled])
	past := queue.Fold(l.events[:cut])
	found := map[oracle.Breach]bool{}
	for _, v := range check(l.events, past) {
		found[v.Breach] = true
	}
	if !found[oracle.BreachFold] || !found[oracle.BreachLost] {
		t.Errorf("found %v, want %s and %s", found, oracle.BreachFold, oracle.BreachLost)
	}
	after := queue.Fold(l.events[:cut+1])
	c := oracle.NewChecker()
	for _, e := range l.events[:cut] {
		c.See(e)
	}
	c.Compare(after)
	if !slices.ContainsFunc(c.Violations(), func(v oracle.Violation) bool { return v.Breach == oracle.BreachDesk }) {
		t.Errorf("found %v, want %s", c.Violations(), oracle.BreachDesk)
	}
}

// A period that ends before it begins can only be made by an event whose clock
// went back; the fold keeps it as read.
func TestCompareFindsNegativeDurations(t *testing.T) {
	l := oneDay(t, 5)
	i := find(t, l.events, 40, a[queue.TicketServed])
	l.events[i].At.Mono -= 3_600_000
	found := check(l.events, queue.Fold(l.events))
	if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Breach == oracle.BreachDuration }) {
		t.Errorf("found %v, want %s", found, oracle.BreachDuration)
	}
}
