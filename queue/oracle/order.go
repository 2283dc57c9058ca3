package oracle

import (
	"cmp"
	"slices"
	"strings"

	"eliminacode/queue"
)

// An orderModel is who is next by the page that the office hangs on its wall,
// worked out the slow way: by looking at everybody who waits.
type orderModel struct {
	calls []callModel // of today, those that were undone taken out

	turns  map[string]turnModel // by profile
	passed map[queue.ServiceID]int
	counts map[queue.ServiceID]int // calls at the desks that serve it
}

// A turnModel is whose turn it is at the desks with one profile.
type turnModel struct{ priorities, ordinary int }

// A callModel is what a call means to those who were not called.
type callModel struct {
	ticket   queue.TicketID
	desk     queue.DeskID
	rule     queue.Rule
	first    bool // by rules 1 to 3, before the ordinary people
	inLine   bool // of an ordinary person, by rule 4
	profile  string
	late     []queue.ServiceID // of the desk's first services, those with somebody past the maximum
	onTime   []queue.ServiceID // and those without
	serves   []queue.ServiceID // all whose desks counted the call
	over     []queue.TicketID  // past their maximum, and passed over
	relieved []queue.TicketID  // past their maximum, when it was the turn of the like of them
}

func newOrderModel() *orderModel {
	return &orderModel{turns: map[string]turnModel{}, passed: map[queue.ServiceID]int{}, counts: map[queue.ServiceID]int{}}
}

// profileName is the same for desks that serve the same, in whatever order.
func profileName(p queue.Profile) string {
	list := func(ids []queue.ServiceID) string {
		names := make([]string, len(ids))
		for i, id := range ids {
			names[i] = string(id)
		}
		slices.Sort(names)
		return strings.Join(names, ",")
	}
	return list(p.First) + ";" + list(p.Help)
}

// count takes a call into account.
func (o *orderModel) count(c callModel) {
	o.calls = append(o.calls, c)
	turn := o.turns[c.profile]
	switch {
	case c.rule == queue.RulePriority:
		turn = turnModel{priorities: turn.priorities + 1}
	case c.inLine:
		turn.ordinary++
	}
	o.turns[c.profile] = turn
	for _, s := range c.onTime {
		o.passed[s] = 0
	}
	for _, s := range c.late {
		switch {
		case c.inLine:
			o.passed[s] = 0
		case c.first:
			o.passed[s]++
		}
	}
	for _, s := range c.serves {
		o.counts[s]++
	}
}

// undo takes the last call of a ticket out, as if it had never been, and
// answers with that call.
func (o *orderModel) undo(id queue.TicketID) (undone callModel) {
	calls := o.calls
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].ticket != id {
			continue
		}
		undone = calls[i]
		calls = slices.Delete(calls, i, i+1)
		break
	}
	*o = *newOrderModel()
	for _, c := range calls {
		o.count(c)
	}
	return undone
}

// passedOver counts how often in a row a ticket past its maximum has had to let
// others pass.
func (o *orderModel) passedOver(id queue.TicketID) (n int) {
	for i := len(o.calls) - 1; i >= 0; i-- {
		switch {
		case o.calls[i].ticket == id, slices.Contains(o.calls[i].relieved, id):
			return n
		case slices.Contains(o.calls[i].over, id):
			n++
		}
	}
	return n
}

// A placeModel is where a ticket stands in its queue: those sent to the front
// before everybody else, then by event.
type placeModel struct {
	inLine bool // not sent to the front
	seq    uint64
}

func (p placeModel) before(q placeModel) bool {
	if p.inLine != q.inLine {
		return q.inLine
	}
	return p.seq < q.seq
}

// A scene is who matters to one desk at one moment.
type scene struct {
	d        *dayModel
	desk     queue.DeskID
	services []queue.ServiceID
	help     bool

	sent, returned, early, appointments, priority []*ticketModel
	heads                                         []*ticketModel // of the ordinary lines
	overdue                                       *ticketModel
	bound                                         bool
}

// look collects who waits for the desk: those sent to it, and those who wait
// for some services.
func (d *dayModel) look(desk queue.DeskID, services []queue.ServiceID, help bool) scene {
	s := scene{d: d, desk: desk, services: services, help: help}
	for _, t := range d.waiting {
		own := t.onlyAt == desk
		if !own && (t.onlyAt != "" || !slices.Contains(services, t.service)) {
			continue
		}
		switch {
		case t.returning && t.returnAfter <= d.order.counts[t.service]:
			s.returned = append(s.returned, t)
		case t.returning:
			s.early = append(s.early, t)
		case t.class == queue.Appointment && !(own && t.leg > 0):
			if d.c.clock.officeTime(d.c.clock.now) >= t.dueAt-d.rules().AppointmentEarlyMs {
				s.appointments = append(s.appointments, t)
			}
		case own:
			s.sent = append(s.sent, t)
		case t.class == queue.Priority:
			s.priority = append(s.priority, t)
		default:
			s.addOrdinary(t)
		}
	}
	return s
}

// addOrdinary keeps the first in place of each service, and the one who has
// waited longest of all past their maximum, those sent to the front left out.
func (s *scene) addOrdinary(t *ticketModel) {
	i := slices.IndexFunc(s.heads, func(h *ticketModel) bool { return h.service == t.service })
	switch {
	case i < 0:
		s.heads = append(s.heads, t)
	case t.place.before(s.heads[i].place):
		s.heads[i] = t
	}
	if t.place.inLine && s.d.isLate(t) {
		if s.overdue == nil || older(t, s.overdue) {
			s.overdue = t
		}
		s.bound = s.bound || !s.help && s.d.order.passed[t.service] >= 2
	}
}

// isLate tells whether an ordinary ticket has waited past its maximum.
func (d *dayModel) isLate(t *ticketModel) bool {
	return d.c.clock.since(t.since) > d.maximum(t.service)
}

// older tells whether a has waited longer than b; between equals, whether it was
// issued earlier.
func older(a, b *ticketModel) bool {
	return a.since.open < b.since.open || a.since.open == b.since.open && a.id < b.id
}

// first is the least of some tickets.
func first(ts []*ticketModel, less func(a, b *ticketModel) bool) *ticketModel {
	var best *ticketModel
	for _, t := range ts {
		if best == nil || less(t, best) {
			best = t
		}
	}
	return best
}

func byPlace(a, b *ticketModel) bool { return a.place.before(b.place) }

// ordinary is the next by rule 4, apart from those past their maximum: who was
// sent to the front of a queue goes before all who were not.
func (s *scene) ordinary() (*ticketModel, queue.Rule) {
	rule, less := queue.RuleLongest, func(a, b *ticketModel) bool {
		// Waits in proportion to the standards, without a division.
		x := s.d.c.clock.since(a.since) * s.d.services[b.service].StandardMs
		y := s.d.c.clock.since(b.since) * s.d.services[a.service].StandardMs
		return x > y || x == y && a.id < b.id
	}
	switch s.d.c.setup.Rules.Discipline {
	case queue.FirstCome:
		rule, less = queue.RuleFirstCome, older
	case queue.StrictProfile:
		rule, less = queue.RuleStrict, func(a, b *ticketModel) bool {
			return slices.Index(s.services, a.service) < slices.Index(s.services, b.service)
		}
	}
	return first(s.heads, func(a, b *ticketModel) bool {
		if a.place.inLine && b.place.inLine {
			return less(a, b)
		}
		return byPlace(a, b)
	}), rule
}

// A pick is who is next, and by which rule. First tells that the ordinary
// people let it pass.
type pick struct {
	t     *ticketModel
	rule  queue.Rule
	first bool
}

// next is the page's order of service.
func (s *scene) next() (pick, bool) {
	ordinary, rule := s.ordinary()
	if s.overdue != nil {
		ordinary, rule = s.overdue, queue.RuleOverdue
	}
	if s.help {
		rule = queue.RuleHelp
	}
	// Somebody with priority who stands before the ordinary one goes before.
	priority := first(s.priority, byPlace)
	earlier := priority != nil && ordinary != nil && byPlace(priority, ordinary)
	if s.bound {
		if earlier {
			return pick{priority, queue.RulePriority, false}, true
		}
		return pick{ordinary, rule, false}, true
	}
	if t := first(s.sent, byPlace); t != nil {
		return pick{t, queue.RuleTransferred, true}, true
	}
	if t := first(s.returned, byTurn); t != nil {
		return pick{t, queue.RuleReturned, true}, true
	}
	if t := first(s.appointments, func(a, b *ticketModel) bool {
		return cmp.Or(cmp.Compare(a.dueAt, b.dueAt), cmp.Compare(a.id, b.id)) < 0
	}); t != nil {
		return pick{t, queue.RuleAppointment, true}, true
	}
	if priority != nil {
		due := ordinary == nil || s.d.due(s.desk)
		if due || earlier {
			return pick{priority, queue.RulePriority, due}, true
		}
	}
	return pick{ordinary, rule, false}, ordinary != nil
}

func byTurn(a, b *ticketModel) bool {
	return cmp.Or(cmp.Compare(a.returnAfter, b.returnAfter), cmp.Compare(a.id, b.id)) < 0
}

// due tells whether it is the turn of somebody with priority at a desk.
func (d *dayModel) due(desk queue.DeskID) bool {
	turn := d.order.turns[profileName(d.desk(desk).profile)]
	return turn.priorities == 0 || turn.ordinary >= d.rules().PriorityRatio
}

// next is who is next for a desk, and the scene in which that was decided; ok
// is false when nobody is.
func (d *dayModel) next(desk queue.DeskID) (p pick, s scene, ok bool) {
	x := d.desk(desk)
	s = d.look(desk, x.first(), false)
	if p, ok = s.next(); ok {
		return p, s, true
	}
	early := s.early
	if !x.backOffice && len(x.profile.Help) > 0 {
		s = d.look(desk, x.profile.Help, true)
		if p, ok = s.next(); ok {
			return p, s, true
		}
		early = append(early, s.early...)
	}
	// Nobody else is there: who came back need not let more calls pass.
	t := first(early, byTurn)
	return pick{t, queue.RuleReturned, true}, s, t != nil
}

// rules are the office's, with what is usual where it said nothing.
func (d *dayModel) rules() queue.Rules {
	r := d.c.setup.Rules
	r.PriorityRatio = cmp.Or(r.PriorityRatio, 2)
	r.AppointmentEarlyMs = cmp.Or(r.AppointmentEarlyMs, 2*minuteMs)
	r.AppointmentToleranceMs = cmp.Or(r.AppointmentToleranceMs, 15*minuteMs)
	r.NoShowRecalls = cmp.Or(r.NoShowRecalls, 2)
	r.RecallGapMs = cmp.Or(r.RecallGapMs, 30*secondMs)
	r.UndoMs = cmp.Or(r.UndoMs, 30*secondMs)
	r.LateReturnMs = cmp.Or(r.LateReturnMs, 15*minuteMs)
	return r
}

// maximum is the wait beyond which an ordinary ticket of a service is overdue.
func (d *dayModel) maximum(id queue.ServiceID) int64 {
	s := d.services[id]
	if s.MaxMs > 0 {
		return s.MaxMs
	}
	return 3 * s.StandardMs
}
