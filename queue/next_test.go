package queue

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// issueAs gives a ticket of a class at the reception's list.
func (h *hall) issueAs(service ServiceID, class Class) *Ticket {
	h.t.Helper()
	h.do(IssueTicket{By: Cause{Kind: ByReception}, Service: service, Outlet: "list", Class: class})
	return h.state.tickets.at(h.state.tickets.len() - 1)
}

// wantNext presses NEXT and holds who comes, and by which rule, against want.
func (h *hall) wantNext(desk DeskID, want *Ticket, rule Rule) Reason {
	h.t.Helper()
	got := h.next(desk)
	if got == nil || got.ID != want.ID || got.Rule.Rule != rule {
		h.t.Fatalf("desk %s calls %+v, want %s by %s", desk, got, want.Number.Text, rule)
	}
	return got.Rule
}

func TestPriorityByRatio(t *testing.T) {
	h := newHall(t)
	h.open("1")
	var o, p []*Ticket
	for range 6 {
		o = append(o, h.issueAs("anagrafe", Ordinary))
	}
	for range 3 {
		p = append(p, h.issueAs("tributi", Priority))
	}
	h.pass(minute)
	// The first of the day waits for nobody; then two ordinary ones for each.
	if why := h.wantNext("1", p[0], RulePriority); why.Turn != TurnRatio || why.Ratio != 2 || why.Passed != o[0].ID {
		t.Errorf("reason %+v", why)
	}
	h.wantNext("1", o[0], RuleLongest)
	h.wantNext("1", o[1], RuleLongest)
	h.wantNext("1", p[1], RulePriority)
	h.wantNext("1", o[2], RuleLongest)
	h.wantNext("1", o[3], RuleLongest)
	h.wantNext("1", p[2], RulePriority)
	// Five ordinary ones later, one with priority need not wait for a sixth.
	h.wantNext("1", o[4], RuleLongest)
	h.wantNext("1", o[5], RuleLongest)
	last := h.issueAs("anagrafe", Priority)
	h.issueAs("anagrafe", Ordinary)
	h.wantNext("1", last, RulePriority)
	// Nobody ordinary waits: at once.
	h.next("1")
	alone := h.issueAs("anagrafe", Priority)
	if why := h.wantNext("1", alone, RulePriority); why.Turn != TurnAlone {
		t.Errorf("alone: %+v", why)
	}
	// Out of turn, but issued before the ordinary one.
	first := h.issueAs("anagrafe", Priority)
	h.issueAs("anagrafe", Ordinary)
	if why := h.wantNext("1", first, RulePriority); why.Turn != TurnEarlier {
		t.Errorf("earlier: %+v", why)
	}
}

// TestTheRatioIsOfTheProfile: desks with equal sets of services, in whatever
// order, count together; another profile counts by itself.
func TestTheRatioIsOfTheProfile(t *testing.T) {
	setup := testSetup()
	setup.Desks[1].Profile.First = []ServiceID{"tributi", "anagrafe"}
	h := newHallOf(t, setup)
	h.open("1", "2", "3")
	var o []*Ticket
	for range 4 {
		o = append(o, h.issueAs("anagrafe", Ordinary))
	}
	p := h.issueAs("anagrafe", Priority)
	q := h.issueAs("anagrafe", Priority)
	h.wantNext("1", p, RulePriority)
	h.wantNext("2", o[0], RuleLongest)
	// Desk 3 helps Anagrafe out; with its profile none was called yet.
	h.wantNext("3", q, RulePriority)
	h.wantNext("1", o[1], RuleLongest)
	r := h.issueAs("anagrafe", Priority)
	h.wantNext("2", r, RulePriority)
	h.wantNext("2", o[2], RuleLongest)
	// The counter begins anew with the day.
	h.now.Wall, h.now.Mono = h.now.Wall+24*hour, h.now.Mono+24*hour
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	h.open("1")
	h.issueAs("anagrafe", Ordinary)
	h.wantNext("1", h.issueAs("anagrafe", Priority), RulePriority)
}

func TestOrdinaryPeopleByDiscipline(t *testing.T) {
	for _, c := range []struct {
		discipline Discipline
		want       [3]int // of those below, in the order of the calls
		rule       Rule
	}{
		{ByStandard, [3]int{2, 0, 1}, RuleLongest},
		{FirstCome, [3]int{0, 1, 2}, RuleFirstCome},
		{StrictProfile, [3]int{1, 2, 0}, RuleStrict},
	} {
		setup := testSetup()
		setup.Rules.Discipline = c.discipline
		setup.Desks[0].Profile.First = []ServiceID{"tributi", "cie", "anagrafe"}
		setup.Services[2].StandardMs = 5 * minute
		h := newHallOf(t, setup)
		h.open("1")
		var people [3]*Ticket
		people[0] = h.issue("anagrafe") // 10 of 15 minutes
		h.pass(minute)
		people[1] = h.issue("tributi") // 9 of 15
		h.pass(3 * minute)
		people[2] = h.issue("cie") // 6 of 5
		h.pass(6 * minute)
		for _, i := range c.want {
			h.wantNext("1", people[i], c.rule)
		}
	}
}

// TestEqualWaitsGoByIssue: the same share of the standard is a tie, and the
// earlier issue wins.
func TestEqualWaitsGoByIssue(t *testing.T) {
	setup := testSetup()
	setup.Desks[0].Profile.First = []ServiceID{"cie", "anagrafe"}
	h := newHallOf(t, setup)
	h.open("1")
	a, b := h.issue("cie"), (*Ticket)(nil) // 20 of 20 minutes
	h.pass(5 * minute)
	b = h.issue("anagrafe") // 15 of 15
	h.pass(15 * minute)
	h.wantNext("1", a, RuleLongest)
	h.wantNext("1", b, RuleLongest)
}

func TestOverdueComesFirst(t *testing.T) {
	setup := testSetup()
	setup.Services[1].StandardMs, setup.Services[1].MaxMs = 5*minute, 10*minute
	setup.Rules.Discipline = FirstCome
	h := newHallOf(t, setup)
	h.open("1")
	a := h.issue("anagrafe") // its maximum is three times 15 minutes
	h.pass(second)
	b := h.issue("tributi")
	h.pass(10 * minute)
	if id, why, _ := h.state.Next(h.now, "1"); id != a.ID || why.Rule != RuleFirstCome || why.Overdue {
		t.Errorf("at its maximum nobody is overdue: %d %+v", id, why)
	}
	h.pass(1)
	if why := h.wantNext("1", b, RuleOverdue); !why.Overdue || why.Passed != a.ID {
		t.Errorf("reason %+v", why)
	}
}

// TestNobodyStarves: while an ordinary one is overdue, whoever may go before it
// does so twice in a row at most.
func TestNobodyStarves(t *testing.T) {
	setup := testSetup()
	setup.Rules.PriorityRatio = 1
	setup.Series[1].Last = 99
	h := newHallOf(t, setup)
	h.open("1", "2", "3")
	var late []*Ticket
	for range 3 {
		late = append(late, h.issue("anagrafe"))
	}
	h.pass(hour)
	var sent []*Ticket
	for range 6 {
		c := h.issue("cie")
		h.next("3")
		h.do(TransferTicket{By: console("3"), From: "3", Ticket: c.ID, Service: "tributi", Desk: "1"})
		sent = append(sent, c)
	}
	h.wantNext("1", sent[0], RuleTransferred)
	h.wantNext("1", sent[1], RuleTransferred)
	if why := h.wantNext("1", late[0], RuleOverdue); !why.Bound {
		t.Errorf("reason %+v", why)
	}
	h.wantNext("1", sent[2], RuleTransferred)
	// Desk 2 lists the service first too: the count is of the service.
	p := h.issueAs("anagrafe", Priority)
	h.issueAs("anagrafe", Priority)
	h.wantNext("2", p, RulePriority)
	if why := h.wantNext("1", late[1], RuleOverdue); !why.Bound {
		t.Errorf("reason %+v", why)
	}
	// Desk 3 only helps out: what it calls passes over nobody of its own.
	h.wantNext("1", sent[3], RuleTransferred)
	h.wantNext("1", sent[4], RuleTransferred)
	h.wantNext("1", late[2], RuleOverdue)
	// Nobody is overdue any more: no bound.
	h.wantNext("1", sent[5], RuleTransferred)
}

// TestABackOfficeDesk is reached by a transfer to it alone.
func TestABackOfficeDesk(t *testing.T) {
	setup := testSetup()
	setup.Desks = append(setup.Desks, Desk{ID: "b", Label: "B", BackOffice: true})
	h := newHallOf(t, setup)
	h.open("1", "b")
	a := h.issue("anagrafe")
	h.nothing(CallNext{By: console("b"), Desk: "b"})
	h.next("1")
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: a.ID, Service: "anagrafe", Desk: "b"})
	h.nothing(CallNext{By: console("1"), Desk: "1"})
	h.wantNext("b", a, RuleTransferred)
}

// TestAnOrderIsData: without a step, its people are not chosen by it.
func TestAnOrderIsData(t *testing.T) {
	h := newHall(t)
	h.open("1")
	o, p := h.issueAs("anagrafe", Ordinary), h.issueAs("anagrafe", Priority)
	without := slices.DeleteFunc(DefaultOrder(), func(s Step) bool { return s == StepPriority })
	if id, _, _ := h.state.NextBy(without, h.now, "1"); id != o.ID {
		t.Errorf("without priority: %d", id)
	}
	if id, _, _ := h.state.Next(h.now, "1"); id != p.ID {
		t.Errorf("the usual order: %d", id)
	}
	if id, _, ok := h.state.NextBy(nil, h.now, "1"); ok {
		t.Errorf("by no rule at all: %d", id)
	}
}

// plainNext is who is next, worked out from all tickets one by one instead of
// from the heads of queues.
func plainNext(s *State, now Now, desk DeskID) (TicketID, Rule) {
	d := s.deskIndex(desk)
	if d < 0 {
		return 0, ""
	}
	x, rules := &s.index.desks[d], s.index.setup.Rules
	waited := func(t *Ticket) int64 { return s.waitedBetween(t.since, s.instantOf(now)) }
	var waiting []*Ticket
	for t := range s.Tickets() {
		if t.State == Waiting && (t.Desk == "" || t.Desk == desk) {
			waiting = append(waiting, t)
		}
	}
	pick := func(which func(*Ticket) bool, order func(a, b *Ticket) int) *Ticket {
		found := slices.DeleteFunc(slices.Clone(waiting), func(t *Ticket) bool { return !which(t) })
		if len(found) == 0 {
			return nil
		}
		return slices.MinFunc(found, order)
	}
	service := func(t *Ticket) int { return s.serviceIndex(t.Service) }
	byPlace := func(a, b *Ticket) int { return cmp.Compare(a.key, b.key) }
	oldest := func(a, b *Ticket) int { return cmp.Or(cmp.Compare(waited(b), waited(a)), cmp.Compare(a.ID, b.ID)) }
	for stage, services := range [][]int{x.first, x.help} {
		if x.BackOffice {
			services = nil
		}
		own := func(t *Ticket) bool { return t.Desk == desk }
		here := func(t *Ticket) bool {
			return own(t) && stage == 0 || t.Desk == "" && slices.Contains(services, service(t))
		}
		ofOrdinary := func(class Class) func(*Ticket) bool {
			return func(t *Ticket) bool {
				return here(t) && !own(t) && !t.returning && t.Class == class
			}
		}
		sent := pick(func(t *Ticket) bool {
			return here(t) && own(t) && !t.returning && (t.Leg > 0 || t.Class != Appointment)
		}, byPlace)
		returned := pick(func(t *Ticket) bool {
			return here(t) && t.returning && t.returnAfter <= s.turns[service(t)].calls
		}, func(a, b *Ticket) int { return cmp.Compare(a.returnKey(), b.returnKey()) })
		booked := pick(func(t *Ticket) bool {
			return here(t) && !t.returning && t.Class == Appointment && (!own(t) || t.Leg == 0) &&
				t.DueAt-rules.appointmentEarlyMs() <= s.OfficeTime(now)
		}, func(a, b *Ticket) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.ID, b.ID)) })
		first := pick(ofOrdinary(Priority), byPlace)
		// Of each service only the first in the queue can be next.
		stands := func(behind uint64) func(*Ticket) bool {
			return func(t *Ticket) bool {
				return ofOrdinary(Ordinary)(t) && t.key >= behind && !slices.ContainsFunc(waiting, func(o *Ticket) bool {
					return ofOrdinary(Ordinary)(o) && o.Service == t.Service && o.key >= behind && o.key < t.key
				})
			}
		}
		late := pick(func(t *Ticket) bool {
			return stands(backOfFront)(t) && waited(t) > s.index.services[service(t)].maxMs()
		}, oldest)
		next := pick(stands(0), func(a, b *Ticket) int {
			af, bf := a.key < backOfFront, b.key < backOfFront
			i, j := slices.Index(services, service(a)), slices.Index(services, service(b))
			switch {
			case af && bf:
				return cmp.Compare(a.key, b.key)
			case af:
				return -1
			case bf:
				return 1
			case rules.Discipline == StrictProfile:
				return cmp.Or(cmp.Compare(i, j), cmp.Compare(a.key, b.key))
			case rules.Discipline == FirstCome:
				return oldest(a, b)
			}
			wait := func(t *Ticket) float64 {
				return float64(waited(t)) / float64(s.index.services[service(t)].StandardMs)
			}
			return cmp.Or(cmp.Compare(wait(b), wait(a)), cmp.Compare(a.ID, b.ID))
		})
		ordinary := late
		if ordinary == nil {
			ordinary = next
		}
		bound := false
		for _, i := range x.first {
			bound = bound || stage == 0 && s.turns[i].passed >= 2 && func() bool { b := s.waiting[i].heads.back; return b != nil && s.overdue(i, b, s.instantOf(now)) }()
		}
		earlier := first != nil && ordinary != nil && first.key < ordinary.key
		switch {
		case bound && earlier:
			return first.ID, RulePriority
		case bound:
			return late.ID, RuleOverdue
		case sent != nil:
			return sent.ID, RuleTransferred
		case returned != nil:
			return returned.ID, RuleReturned
		case booked != nil:
			return booked.ID, RuleAppointment
		case first != nil && (ordinary == nil || earlier || s.profileTurn(d).due(rules.priorityRatio())):
			return first.ID, RulePriority
		case ordinary != nil && stage == 1:
			return ordinary.ID, RuleHelp
		case late != nil:
			return late.ID, RuleOverdue
		case ordinary != nil:
			return ordinary.ID, map[Discipline]Rule{ByStandard: RuleLongest, FirstCome: RuleFirstCome, StrictProfile: RuleStrict}[rules.Discipline]
		}
	}
	// Who came back is called before the calls have passed when nobody else is there.
	var alone *Ticket
	for _, t := range waiting {
		served := t.Desk == desk || !x.BackOffice && slices.Contains(x.served, service(t))
		if served && t.returning && (alone == nil || t.returnKey() < alone.returnKey()) {
			alone = t
		}
	}
	if alone != nil {
		return alone.ID, RuleReturned
	}
	return 0, ""
}

// checkNext holds Next against plainNext at every desk.
func checkNext(r *rapid.T, s *State, now Now) {
	for _, d := range s.index.desks {
		id, why, ok := s.Next(now, d.ID)
		want, rule := plainNext(s, now, d.ID)
		if id != want || why.Rule != rule || ok != (id != 0) {
			r.Fatalf("desk %s calls %d by %s, want %d by %s", d.ID, id, why.Rule, want, rule)
		}
	}
}
