package queue

// A profileTurn counts today's calls at the desks with one profile, to tell
// whether a priority or an ordinary ticket is next.
type profileTurn struct {
	priorities int // called today
	ordinary   int // called since the last of those
}

// due tells whether a priority ticket is next: the first one of the day is
// called at once.
func (p profileTurn) due(ratio int) bool { return p.priorities == 0 || p.ordinary >= ratio }

// A serviceTurn counts today's calls as the queues of one service need them.
type serviceTurn struct {
	// calls counts the calls at the desks that serve it: a ticket that came
	// back after a no-show is called again after some of them.
	calls int64
	// passed counts the calls in a row, at desks with it among their first
	// services, that skipped its first ordinary ticket although it was overdue;
	// resets counts how often such a row ended.
	passed, resets int
}

// A turnTaken is what a call changed in the turns, so that it can be undone.
type turnTaken struct {
	rule          Rule
	profile       int
	before, after profileTurn
	services      []int // whose desks counted the call
	turnsBefore   []serviceTurn
	turnsAfter    []serviceTurn
}

// profileTurn is the turn at a desk.
func (s *State) profileTurn(desk int) profileTurn {
	return s.profiles[s.index.desks[desk].profile]
}

// goesFirst tells whether the call skipped the ordinary person whose turn it
// was. A priority ticket that came earlier than that person skipped nobody.
func (r Reason) goesFirst() bool {
	switch r.Rule {
	case RuleTransferred, RuleReturned, RuleAppointment:
		return true
	case RulePriority:
		return r.Turn != TurnEarlier
	}
	return false
}

// ofOrdinary tells whether the call was of an ordinary person.
func (r Reason) ofOrdinary() bool {
	switch r.Rule {
	case RuleOverdue, RuleLongest, RuleFirstCome, RuleStrict, RuleOldest, RuleHelp:
		return true
	}
	return false
}

// takeTurn counts a call. It looks at the queues as they were before it.
func (n *draft) takeTurn(desk int, service int, why Reason) turnTaken {
	d := &n.index.desks[desk]
	m := turnTaken{rule: why.Rule, profile: d.profile, before: n.profiles[d.profile], turnsBefore: n.turns}
	m.after, m.turnsAfter = m.before, grown(n.turns, len(n.turns))
	at := n.instantOf(n.now)
	d.countCall(service, why, &m.after, m.turnsAfter, func(i int) bool {
		back := n.waiting[i].heads.back
		return back != nil && n.overdue(i, back, at)
	})
	put(n, &n.profiles, d.profile, m.after)
	n.turns = m.turnsAfter // of its own: turnTaken keeps both
	m.services = d.served
	if service >= 0 && !contains(d.served, service) {
		m.services = append([]int{service}, d.served...)
	}
	return m
}

// countCall counts a call at a desk in the turns of its profile and of the
// services. late tells whether an overdue ticket waits for a service, before
// the call.
func (d *indexedDesk) countCall(service int, why Reason, profile *profileTurn, turns []serviceTurn, late func(service int) bool) {
	switch {
	case why.Rule == RulePriority:
		*profile = profileTurn{priorities: profile.priorities + 1}
	case why.ofOrdinary():
		profile.ordinary++
	}
	first, ofOrdinary := why.goesFirst(), why.ofOrdinary()
	for _, i := range d.first {
		t := &turns[i]
		t.calls++
		switch {
		case t.passed == 0 && !first: // nothing to count
		case ofOrdinary || !late(i):
			if t.passed > 0 {
				t.passed, t.resets = 0, t.resets+1
			}
		case first:
			t.passed++
		}
	}
	for _, i := range d.help {
		turns[i].calls++
	}
	if service >= 0 && !contains(d.served, service) {
		turns[service].calls++
	}
}

// giveBackTurn undoes what a call counted, and leaves what was counted since.
func (n *draft) giveBackTurn(m turnTaken) {
	if m.profile >= len(n.profiles) || len(m.turnsAfter) > len(n.turns) {
		return
	}
	p := n.profiles[m.profile]
	if p.priorities == m.after.priorities {
		p = profileTurn{
			priorities: m.before.priorities,
			ordinary:   m.before.ordinary + p.ordinary - m.after.ordinary,
		}
	} else if m.rule == RulePriority {
		p.priorities--
	}
	put(n, &n.profiles, m.profile, p)

	turns := grown(n.turns, len(n.turns))
	for _, i := range m.services {
		t, before, after := &turns[i], m.turnsBefore[i], m.turnsAfter[i]
		t.calls--
		if t.resets == after.resets {
			t.passed += before.passed - after.passed
			t.resets = before.resets
		}
	}
	n.turns = turns
}
