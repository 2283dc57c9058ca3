package queue

// ahead counts the waiting tickets that would be called before a new one of
// the service and class, at the desks that serve it: the open ones, or all
// when none is.
func (s *State) ahead(service int, now Now, class Class) int {
	if n, found := s.aheadAt(service, now, class, true); found {
		return n
	}
	n, _ := s.aheadAt(service, now, class, false)
	return n
}

func (s *State) aheadAt(service int, now Now, class Class, onlyOpen bool) (n int, found bool) {
	counted := make([]bool, len(s.office.services))
	first, priority, ordinary := 0, 0, 0
	count := func(services []int) {
		for _, i := range services {
			if !counted[i] {
				counted[i] = true
				l := s.waiting[i]
				first += l.appointment.len() + l.returned.len()
				priority += l.priority.len()
				ordinary += l.ordinary.len()
			}
		}
	}
	for i := range s.office.desks {
		d := &s.office.desks[i]
		away := !s.desks[i].Open || s.desks[i].Paused || s.presumedAway(i, now)
		if d.removed || d.BackOffice || onlyOpen && away {
			continue
		}
		serves := contains(d.first, service)
		if !serves && !contains(d.help, service) {
			continue
		}
		found = true
		first += s.own[i].len()
		count(d.first)
		if !serves {
			// Who is helped out waits behind everybody the desk serves.
			count(d.help)
		}
	}
	if class == Appointment {
		return first, found
	}
	if class == Priority {
		// Between two of them go as many ordinary people as the ratio says.
		ordinary = min(ordinary, priority*s.office.setup.Rules.priorityRatio())
	}
	return first + priority + ordinary, found
}

// awayMs is after how long without a key a desk that has only a keypad is
// presumed to be away.
const awayMs = 30 * 60_000

// PresumedAway tells whether nobody is taken to be at an open desk: its last
// key was pressed half an hour ago, and nobody uses its console.
func (s *State) PresumedAway(desk DeskID, now Now) bool {
	i := s.deskIndex(desk)
	return i >= 0 && s.presumedAway(i, now)
}

func (s *State) presumedAway(desk int, now Now) bool {
	d := s.desks[desk]
	if !d.Open || d.Paused || d.LastKey.IsZero() {
		return false
	}
	gone, _ := now.Since(d.LastKey)
	return gone >= awayMs
}
