package queue

// A Rule is why a ticket was chosen.
type Rule string

// The rules.
const (
	RuleTransferred Rule = "transferred" // sent to this very desk
	RuleOldest      Rule = "oldest"      // the longest-waiting of the desk's first services
	RuleHelp        Rule = "help"        // nobody waits for the first services; the longest-waiting of the others
	RuleByNumber    Rule = "by-number"   // a clerk's choice
	RuleResumed     Rule = "resumed"     // a parked visit taken back
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
}

// Next is who is next for a desk, and why; ok is false when nobody waits. It
// reads only the heads of the lines, so that its cost does not depend on how
// many wait.
func (s *State) Next(desk DeskID) (id TicketID, why Reason, ok bool) {
	d := s.deskIndex(desk)
	if d < 0 {
		return 0, Reason{}, false
	}
	if _, own, found := s.own[d].head(); found {
		return own, Reason{Rule: RuleTransferred, Passed: s.passed(d, own)}, true
	}
	if id, ok = s.oldest(s.office.desks[d].first); ok {
		return id, Reason{Rule: RuleOldest, Passed: s.passed(d, id)}, true
	}
	if id, ok = s.oldest(s.office.desks[d].help); ok {
		return id, Reason{Rule: RuleHelp, Passed: s.passed(d, id)}, true
	}
	return 0, Reason{}, false
}

// oldest is the first in place among the heads of some services.
func (s *State) oldest(services []int) (best TicketID, ok bool) {
	var bestKey uint64
	for _, i := range services {
		key, id, found := s.waiting[i].head()
		if found && (!ok || key < bestKey) {
			bestKey, best, ok = key, id, true
		}
	}
	return best, ok
}

// passed is the earliest-issued among the heads of the services that the desk
// was choosing from, when it was issued before the one chosen: of its first
// services, or of the others when nobody waits for those.
func (s *State) passed(desk int, chosen TicketID) TicketID {
	earliest := chosen
	d, waits := &s.office.desks[desk], false
	for _, i := range d.first {
		if _, id, ok := s.waiting[i].head(); ok {
			waits = true
			earliest = min(earliest, id)
		}
	}
	for _, i := range d.help {
		if _, id, ok := s.waiting[i].head(); ok && !waits {
			earliest = min(earliest, id)
		}
	}
	if earliest == chosen {
		return 0
	}
	return earliest
}

// ahead counts the waiting tickets that would be called before a new one of
// the service, at the desks that serve it: the open ones, or all when none is.
func (s *State) ahead(service int) int {
	if n, found := s.aheadAt(service, true); found {
		return n
	}
	n, _ := s.aheadAt(service, false)
	return n
}

func (s *State) aheadAt(service int, onlyOpen bool) (n int, found bool) {
	counted := make([]bool, len(s.office.services))
	count := func(services []int) {
		for _, i := range services {
			if !counted[i] {
				counted[i] = true
				n += s.waiting[i].len()
			}
		}
	}
	for i := range s.office.desks {
		d := &s.office.desks[i]
		if d.removed || onlyOpen && (!s.desks[i].Open || s.desks[i].Paused) {
			continue
		}
		first := contains(d.first, service)
		if !first && !contains(d.help, service) {
			continue
		}
		found = true
		n += s.own[i].len()
		count(d.first)
		if !first {
			// Who is helped out waits behind everybody the desk serves.
			count(d.help)
		}
	}
	return n, found
}

func contains(is []int, i int) bool {
	for _, x := range is {
		if x == i {
			return true
		}
	}
	return false
}
