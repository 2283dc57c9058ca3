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
	// Bound tells that the ticket, overdue, was called before one that
	// otherwise goes first, since two calls in a row had skipped it.
	Bound bool `json:"bound,omitempty"`
	// Help tells that the desk only helps out with the service, where the rule
	// does not say so itself.
	Help bool `json:"help,omitempty"`
	// SentOn is the ticket that the same command sent on to the next service of its
	// plan; it was not among those to choose from.
	SentOn TicketID `json:"sent_on,omitempty"`
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
// waits for it. It reads only the heads of the queues, so that its cost does
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
	c := choice{
		s: s, desk: d, at: s.instantOf(now), officeTime: s.OfficeTime(now),
		turns: s.turns, profile: s.profileTurn(d),
	}
	if !c.choose(order) {
		return 0, Reason{}, false
	}
	c.why.Passed = s.passed(d, c.chosen.ticket)
	return c.chosen.ticket, c.why, true
}

// A choice is who is next, being worked out: the heads that matter, each found
// in one look over the queues, and then who was chosen.
type choice struct {
	s          *State
	desk       int
	at         instant
	officeTime int64 // the same in office time
	help       bool  // looking at the services that the desk helps out with

	turns   []serviceTurn
	profile profileTurn // at the desk
	run     *run        // the queues as they are there; nil is those of the state

	transferred head // sent to this very desk
	returned    head // whose calls have passed
	early       head // came back, and whose calls have not passed
	appointment head // due
	priority    head // by place
	overdue     head // the oldest ordinary one past its maximum
	ordinary    head // by the office's discipline
	bound       bool // an overdue one was passed over as often as may be

	chosen head
	why    Reason
}

// A head is one who stands first; the zero head is nobody.
type head struct {
	*queueNode
	kind    queueKind
	service int     // that it waits for
	own     bool    // waits for the desk alone
	wait    int64   // in the queue, of an ordinary one
	share   float64 // of the standard, that the wait is
}

func (h *head) there() bool { return h.queueNode != nil }

// choose finds who is next by an order, if anybody is.
func (c *choice) choose(order Order) bool {
	c.lookAtOwn()
	if d := &c.s.index.desks[c.desk]; !d.BackOffice {
		c.lookAt(d.first)
	}
	return c.walk(order) || c.alone()
}

// heads are those of a service's queues, and own those of the desk's.
func (c *choice) heads(service int) *heads {
	if c.run != nil {
		return &c.run.waiting[service]
	}
	return &c.s.waiting[service].heads
}

func (c *choice) own() *heads {
	if c.run != nil {
		return &c.run.own[c.desk]
	}
	return &c.s.own[c.desk].heads
}

// lookAtOwn looks at those who wait for this desk alone.
func (c *choice) lookAtOwn() {
	own := c.own()
	if sent := own.ordinary(); sent != nil {
		c.transferred = head{queueNode: sent, kind: inOrdinary, service: c.serviceOf(sent), own: true}
	}
	if own.returned != nil {
		c.lookAtReturned(head{queueNode: own.returned, kind: inReturned, service: c.serviceOf(own.returned), own: true})
	}
	if own.appointment != nil {
		c.lookAtAppointment(head{queueNode: own.appointment, kind: inAppointment, service: c.serviceOf(own.appointment), own: true})
	}
}

// serviceOf is the service that somebody waits for, or -1.
func (c *choice) serviceOf(n *queueNode) int {
	if t := c.s.Ticket(n.ticket); t != nil {
		return c.s.serviceIndex(t.Service)
	}
	return c.run.newcomer.service
}

// lookAt looks at the heads of some services' queues.
func (c *choice) lookAt(services []int) {
	discipline := c.s.index.setup.Rules.Discipline
	for _, i := range services {
		l := c.heads(i)
		if l.returned != nil {
			c.lookAtReturned(head{queueNode: l.returned, kind: inReturned, service: i})
		}
		if l.appointment != nil {
			c.lookAtAppointment(head{queueNode: l.appointment, kind: inAppointment, service: i})
		}
		if p := l.priority; p != nil && (!c.priority.there() || p.key < c.priority.key) {
			c.priority = head{queueNode: p, kind: inPriority, service: i}
		}
		o := l.ordinary()
		if o == nil {
			continue
		}
		h := head{queueNode: o, kind: inOrdinary, service: i, wait: c.waited(o)}
		h.share = float64(h.wait) / float64(c.s.index.services[i].StandardMs)
		if !c.ordinary.there() || before(&h, &c.ordinary, discipline) {
			c.ordinary = h
		}
		// Who was sent to the front has not waited longest.
		if l.back == nil {
			continue
		}
		if l.back != o {
			h.queueNode, h.wait = l.back, c.waited(l.back)
		}
		if h.wait > c.s.index.services[i].overdue {
			if !c.overdue.there() || h.older(&c.overdue) {
				c.overdue = h
			}
			c.bound = c.bound || !c.help && c.turns[i].passed >= mostPassed
		}
	}
}

func (c *choice) lookAtReturned(r head) {
	best := &c.early
	if r.service < 0 || r.after <= c.turns[r.service].calls {
		best = &c.returned
	}
	if !best.there() || r.key < best.key {
		*best = r
	}
}

func (c *choice) lookAtAppointment(a head) {
	if a.after-c.s.index.setup.Rules.appointmentEarlyMs() > c.officeTime {
		return
	}
	if !c.appointment.there() || a.key < c.appointment.key {
		c.appointment = a
	}
}

// before tells whether an ordinary head goes before the best so far. Who was
// sent to the front goes before all who were not.
func before(h, best *head, by Discipline) bool {
	if front := h.key < backOfFront; front || best.key < backOfFront {
		return front && h.key < best.key
	}
	switch {
	case by == StrictProfile:
		return false // the services come in the order of the profile
	case by == FirstCome:
		return h.older(best)
	case h.share != best.share:
		return h.share > best.share
	}
	return h.ticket < best.ticket
}

// older tells whether one has waited longer than another; between equals,
// whether it was issued earlier.
func (h *head) older(than *head) bool {
	return h.wait > than.wait || h.wait == than.wait && h.ticket < than.ticket
}

// waited is how long somebody has waited, as the order counts it: since the
// first arrival, or since they were sent to the back.
func (c *choice) waited(n *queueNode) int64 { return c.s.waitedBetween(n.since, c.at) }

// overdue tells whether an ordinary ticket is past its service's maximum.
func (s *State) overdue(service int, n *queueNode, at instant) bool {
	return s.waitedBetween(n.since, at) > s.index.services[service].overdue
}

// walk takes the steps one by one until one has chosen.
func (c *choice) walk(order Order) bool {
	for _, step := range order {
		if c.step(step, order) {
			return true
		}
	}
	return false
}

// step is the order of who is next: each rule is one case.
func (c *choice) step(step Step, order Order) bool {
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
		return !c.help && c.take(c.transferred, Reason{Rule: RuleTransferred})

	case StepReturned:
		return c.take(c.returned, Reason{Rule: RuleReturned, Help: c.help})

	case StepAppointment:
		return c.appointment.there() &&
			c.take(c.appointment, Reason{Rule: RuleAppointment, Help: c.help, DueAt: c.appointment.after})

	case StepPriority:
		switch {
		case !c.priority.there():
			return false
		case !c.ordinary.there():
			return c.choosePriority(TurnAlone)
		case c.profile.due(c.s.index.setup.Rules.priorityRatio()):
			return c.choosePriority(TurnRatio)
		case c.standsEarlier():
			return c.choosePriority(TurnEarlier)
		}
		return false

	case StepOverdue:
		return c.overdue.there() && c.chooseOrdinary(c.overdue, RuleOverdue)

	case StepDiscipline:
		rule := RuleLongest
		switch c.s.index.setup.Rules.Discipline {
		case FirstCome:
			rule = RuleFirstCome
		case StrictProfile:
			rule = RuleStrict
		}
		return c.ordinary.there() && c.chooseOrdinary(c.ordinary, rule)

	case StepHelp:
		d := &c.s.index.desks[c.desk]
		if c.help || d.BackOffice || len(d.help) == 0 {
			return false
		}
		c.help = true
		c.lookAt(d.help)
		return c.walk(order)
	}
	return false
}

// alone calls, when nobody else is there to be called, a ticket that came back
// after a no-show, although not as many calls have gone by as it has to wait for.
func (c *choice) alone() bool {
	return c.take(c.early, Reason{Rule: RuleReturned, Turn: TurnAlone, Help: c.help})
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
	return c.take(c.priority, Reason{
		Rule: RulePriority, Turn: turn, Help: c.help,
		Ratio: c.s.index.setup.Rules.priorityRatio(), Ordinary: c.profile.ordinary,
	})
}

func (c *choice) chooseOrdinary(h head, rule Rule) bool {
	if c.help {
		rule = RuleHelp
	}
	return c.take(h, Reason{
		Rule:    rule,
		Overdue: h.wait > c.s.index.services[h.service].overdue,
	})
}

func (c *choice) take(h head, why Reason) bool {
	if !h.there() {
		return false
	}
	c.chosen, c.why = h, why
	return true
}

// passed is the earliest-issued among the heads of the services that the desk
// was choosing from, when it was issued before the one chosen: of its first
// services, or of the others when nobody waits for those.
func (s *State) passed(desk int, chosen TicketID) TicketID {
	d := &s.index.desks[desk]
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
		q := s.waiting[i]
		for _, n := range [...]*queueNode{q.ordinary.first, q.priority.first} {
			if n != nil {
				waits = true
				id = min(id, n.ticket)
			}
		}
	}
	return id, waits
}
