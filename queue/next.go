package queue

import "slices"

// A Rule is why a ticket was chosen.
type Rule string

// The rules.
const (
	RuleTransferred Rule = "transferred" // sent to this very desk
	RuleReturned    Rule = "returned"    // put back after a no-show, when its calls have passed
	RuleAppointment Rule = "appointment" // its time has come, and its holder is here
	RulePriority    Rule = "priority"    // by the ratio, or because no ordinary one stands before it
	RuleOverdue     Rule = "overdue"     // past the service's maximum, the oldest first
	RuleLongest     Rule = "longest"     // the largest wait in proportion to the standard
	RuleFirstCome   Rule = "fifo"        // the largest wait, where the office chose so
	RuleStrict      Rule = "strict"      // by the order of the profile, where the office chose so
	RuleHelp        Rule = "help"        // nobody waits for the first services; one of the others
	RuleByNumber    Rule = "by-number"   // a clerk's choice
	RuleResumed     Rule = "resumed"     // a parked visit taken back
	// RuleOldest is what earlier versions called the largest wait.
	RuleOldest Rule = "oldest"
)

// A Reason is the rule that chose a ticket, with what it took into account; it
// is stored with the call.
type Reason struct {
	Rule Rule `json:"rule"`
	// WaitedMs is how long the ticket had waited in this leg.
	WaitedMs int64 `json:"waited_ms"`
	// Passed is the ticket that had been issued earlier, among those the desk
	// serves, and was passed over; 0 when there was none.
	Passed TicketID `json:"passed,omitempty"`
	// Turn is why it was the turn of the priority people, or of one who came
	// back.
	Turn Turn `json:"turn,omitempty"`
	// Ratio is how many ordinary people the office calls for each with
	// priority, and Ordinary how many were called since the last of those.
	Ratio    int `json:"ratio,omitempty"`
	Ordinary int `json:"ordinary,omitempty"`
	// Overdue tells that the wait was past the service's maximum.
	Overdue bool `json:"overdue,omitempty"`
	// Bound tells that who else would have been next had to let it pass, since
	// two such had gone before it in a row.
	Bound bool `json:"bound,omitempty"`
	// Help tells that the desk only helps out with the service, where the rule
	// does not say so itself.
	Help bool `json:"help,omitempty"`
	// DueAt is when the appointment was due, in office time.
	DueAt int64 `json:"due_at,omitempty"`
}

// A Turn is why a rule had its turn.
type Turn string

// The turns.
const (
	TurnRatio   Turn = "ratio"   // enough ordinary people went before
	TurnAlone   Turn = "alone"   // nobody else waits
	TurnEarlier Turn = "earlier" // stands before the ordinary one that would be next
)

// A Step is one rule in the order of who is next.
type Step string

// The steps, in their order.
const (
	// StepBound calls an overdue ordinary ticket when those of the steps up to
	// priority have passed one over twice in a row.
	StepBound       Step = "bound"
	StepTransferred Step = "transferred"
	StepReturned    Step = "returned"
	StepAppointment Step = "appointment"
	StepPriority    Step = "priority"
	StepOverdue     Step = "overdue"
	StepDiscipline  Step = "discipline"
	// StepHelp walks the order again for the services that the desk helps out
	// with, when nobody waits for its first ones.
	StepHelp Step = "help"
)

// An Order is the steps by which the next one is chosen: the first step that
// finds somebody chooses. It is data, so that a test can leave a step out and
// see that it is missed.
type Order []Step

var defaultOrder = Order{
	StepBound, StepTransferred, StepReturned, StepAppointment,
	StepPriority, StepOverdue, StepDiscipline, StepHelp,
}

// DefaultOrder is the order of every office.
func DefaultOrder() Order { return slices.Clone(defaultOrder) }

// mostPassed is how often in a row an overdue ticket may be passed over: two
// calls of three.
const mostPassed = 2

// Next is who is next for a desk at now, and why; ok is false when nobody
// waits for it. It reads only the heads of the lines, so that its cost does
// not depend on how many wait.
func (s *State) Next(now Now, desk DeskID) (id TicketID, why Reason, ok bool) {
	return s.NextBy(defaultOrder, now, desk)
}

// NextBy is Next by another order.
func (s *State) NextBy(order Order, now Now, desk DeskID) (id TicketID, why Reason, ok bool) {
	d := s.deskIndex(desk)
	if d < 0 {
		return 0, Reason{}, false
	}
	c := choice{s: s, desk: d, line: s.lineTime(now), office: s.OfficeTime(now)}
	c.lookAtOwn()
	if !s.office.desks[d].BackOffice {
		c.lookAt(s.office.desks[d].first)
	}
	if c.walk(order) || c.alone() {
		return c.chosen, c.why, true
	}
	return 0, Reason{}, false
}

// A choice is who is next, being worked out: the heads that matter, each found
// in one look over the lines, and then who was chosen.
type choice struct {
	s            *State
	desk         int
	line, office int64 // the instant, by both ways to count it
	help         bool  // looking at the services that the desk helps out with

	transferred head // sent to this very desk
	returned    head // whose calls have passed
	early       head // came back, and whose calls have not passed
	appointment head // due
	priority    head // by place
	overdue     head // the oldest ordinary one past its maximum
	ordinary    head // by the office's discipline
	bound       bool // an overdue one was passed over as often as may be

	chosen TicketID
	why    Reason
}

// A head is one who stands first; the zero head is nobody.
type head struct {
	*lineNode
	service int
}

func (h head) there() bool { return h.lineNode != nil }

// lookAtOwn looks at those who wait for this desk alone.
func (c *choice) lookAtOwn() {
	own := c.s.own[c.desk]
	c.transferred = head{own.ordinary.first, -1}
	c.lookAtReturned(own, -1)
	c.lookAtAppointment(own, -1)
}

// lookAt looks at the heads of some services' lines.
func (c *choice) lookAt(services []int) {
	discipline := c.s.office.setup.Rules.Discipline
	for _, i := range services {
		l := c.s.waiting[i]
		if l.returned.first != nil {
			c.lookAtReturned(l, i)
		}
		if l.appointment.first != nil {
			c.lookAtAppointment(l, i)
		}
		if p := l.priority.first; p != nil && (!c.priority.there() || p.key < c.priority.key) {
			c.priority = head{p, i}
		}
		o := l.ordinary.first
		if o == nil {
			continue
		}
		if !c.ordinary.there() || c.before(o, i, discipline) {
			c.ordinary = head{o, i}
		}
		if old := c.s.overdueAt(i, c.line); old != nil {
			if !c.overdue.there() || older(old, c.overdue.lineNode) {
				c.overdue = head{old, i}
			}
			c.bound = c.bound || !c.help && c.s.turns[i].passed >= mostPassed
		}
	}
}

func (c *choice) lookAtReturned(l *lines, service int) {
	r := l.returned.first
	if r == nil {
		return
	}
	if service < 0 {
		service = c.s.serviceIndex(c.s.Ticket(r.ticket).Service)
	}
	best := &c.early
	if service < 0 || r.since <= c.s.turns[service].calls {
		best = &c.returned
	}
	if !best.there() || r.key < best.key {
		*best = head{r, service}
	}
}

func (c *choice) lookAtAppointment(l *lines, service int) {
	a := l.appointment.first
	if a == nil || a.since-c.s.office.setup.Rules.appointmentEarlyMs() > c.office {
		return
	}
	if !c.appointment.there() || a.key < c.appointment.key {
		c.appointment = head{a, service}
	}
}

// before tells whether an ordinary head goes before the best so far. Who was
// sent to the front goes before all who were not.
func (c *choice) before(o *lineNode, service int, by Discipline) bool {
	best := c.ordinary
	if front := o.key < backOfFront; front || best.key < backOfFront {
		return front && o.key < best.key
	}
	switch by {
	case StrictProfile:
		return false // the services come in the order of the profile
	case FirstCome:
		return older(o, best.lineNode)
	}
	mine := float64(c.line-o.since) / float64(c.s.office.services[service].StandardMs)
	its := float64(c.line-best.since) / float64(c.s.office.services[best.service].StandardMs)
	if mine != its {
		return mine > its
	}
	return o.ticket < best.ticket
}

// older tells whether a has waited longer than b; between equals, whether it
// was issued earlier.
func older(a, b *lineNode) bool {
	return a.since < b.since || a.since == b.since && a.ticket < b.ticket
}

// overdueAt is the ordinary one who has waited longest for a service, if past
// its maximum, or nil. Who was sent to the front has not waited longest.
func (s *State) overdueAt(service int, line int64) *lineNode {
	n := s.waiting[service].ordinary.from(backOfFront)
	if n == nil || line-n.since <= s.office.services[service].overdue {
		return nil
	}
	return n
}

// walk takes the steps one by one until one has chosen.
func (c *choice) walk(order Order) bool {
	for _, step := range order {
		if c.take(step, order) {
			return true
		}
	}
	return false
}

// take is the order of DOMAIN's section on who is next: each rule is one case.
func (c *choice) take(step Step, order Order) bool {
	switch step {
	case StepBound:
		if !c.bound || !c.overdue.there() {
			return false
		}
		if c.standsEarlier() {
			return c.choosePriority(TurnEarlier)
		}
		c.chooseOrdinary(c.overdue, RuleOverdue)
		c.why.Bound = true
		return true

	case StepTransferred:
		return !c.help && c.choose(c.transferred, Reason{Rule: RuleTransferred})

	case StepReturned:
		return c.choose(c.returned, Reason{Rule: RuleReturned, Help: c.help})

	case StepAppointment:
		return c.appointment.there() &&
			c.choose(c.appointment, Reason{Rule: RuleAppointment, Help: c.help, DueAt: c.appointment.since})

	case StepPriority:
		switch {
		case !c.priority.there():
			return false
		case !c.ordinary.there():
			return c.choosePriority(TurnAlone)
		case c.s.profileTurn(c.desk).due(c.s.office.setup.Rules.priorityRatio()):
			return c.choosePriority(TurnRatio)
		case c.standsEarlier():
			return c.choosePriority(TurnEarlier)
		}
		return false

	case StepOverdue:
		return c.overdue.there() && c.chooseOrdinary(c.overdue, RuleOverdue)

	case StepDiscipline:
		rule := RuleLongest
		switch c.s.office.setup.Rules.Discipline {
		case FirstCome:
			rule = RuleFirstCome
		case StrictProfile:
			rule = RuleStrict
		}
		return c.ordinary.there() && c.chooseOrdinary(c.ordinary, rule)

	case StepHelp:
		d := &c.s.office.desks[c.desk]
		if c.help || d.BackOffice || len(d.help) == 0 {
			return false
		}
		c.help = true
		c.lookAt(d.help)
		return c.walk(order)
	}
	return false
}

// alone calls who came back before the calls have passed, when nobody else is
// there to be called.
func (c *choice) alone() bool {
	return c.choose(c.early, Reason{Rule: RuleReturned, Turn: TurnAlone, Help: c.help})
}

// standsEarlier tells whether somebody with priority stands before the
// ordinary one that would be next: such a one never waits behind it.
func (c *choice) standsEarlier() bool {
	next := c.overdue
	if !next.there() {
		next = c.ordinary
	}
	return c.priority.there() && next.there() && c.priority.key < next.key
}

func (c *choice) choosePriority(turn Turn) bool {
	return c.choose(c.priority, Reason{
		Rule: RulePriority, Turn: turn, Help: c.help,
		Ratio: c.s.office.setup.Rules.priorityRatio(), Ordinary: c.s.profileTurn(c.desk).ordinary,
	})
}

func (c *choice) chooseOrdinary(h head, rule Rule) bool {
	if c.help {
		rule = RuleHelp
	}
	return c.choose(h, Reason{
		Rule:    rule,
		Overdue: c.line-h.since > c.s.office.services[h.service].overdue,
	})
}

func (c *choice) choose(h head, why Reason) bool {
	if !h.there() {
		return false
	}
	c.chosen, c.why = h.ticket, why
	c.why.Passed = c.s.passed(c.desk, h.ticket)
	return true
}

// passed is the earliest-issued among the heads of the services that the desk
// was choosing from, when it was issued before the one chosen: of its first
// services, or of the others when nobody waits for those.
func (s *State) passed(desk int, chosen TicketID) TicketID {
	d := &s.office.desks[desk]
	earliest, waits := s.earliest(d.first, chosen)
	if !waits {
		earliest, _ = s.earliest(d.help, chosen)
	}
	if earliest == chosen {
		return 0
	}
	return earliest
}

// earliest is the earliest-issued of the heads of some services and one more;
// waits is false when nobody waits for them.
func (s *State) earliest(services []int, id TicketID) (earliest TicketID, waits bool) {
	for _, i := range services {
		l := s.waiting[i]
		for _, n := range [...]*lineNode{l.ordinary.first, l.priority.first} {
			if n != nil {
				waits = true
				id = min(id, n.ticket)
			}
		}
	}
	return id, waits
}
