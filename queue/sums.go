package queue

// The sums of today rest on every ticket, and each change of a ticket keeps them
// up: it is taken out of them as it was and put in as it is, so that nobody has
// to walk through the day. When the plan, the setup or what is known of the
// clock changes they are made anew.

// Waits sum the legs of today that ended.
type Waits struct {
	N      int   // legs in the mean
	SumMs  int64 // of their waits
	Judged int   // legs held against the standard of their service
	Within int   // of those, within it
}

// Waits are those of today. They are the figures of today's report.
func (s *State) Waits() Waits { return s.waits }

// Slips count today's tickets whose paper is not where its holder looks for it.
type Slips struct {
	Moved    int // came out of the spare printer
	Doubtful int // of open visits, that may not be on paper
}

// Slips are those of today.
func (s *State) Slips() Slips { return s.slips }

// countTicket puts a ticket into the sums of today, or takes it out.
func (n *draft) countTicket(t *Ticket, by int) {
	n.countExpiries(t, by)
	n.countWaits(t, by)
	if t.Outlet != t.Asked && !t.Reprinted {
		n.slips.Moved += by
	}
	if t.Paper == PaperUnknown && t.PaperWhy != WhyUnconfirmed && !t.State.Ended() {
		n.slips.Doubtful += by
	}
}

// countWaits puts the legs of a ticket that ended into the sums, or takes them
// out.
func (n *draft) countWaits(t *Ticket, by int) {
	if t.Leg == 0 && !t.State.Ended() {
		return
	}
	for rest := t.Periods; len(rest) > 0; {
		var l Leg
		service := n.serviceIndex(rest[0].Service)
		l, rest = n.leg(t, rest, n.now)
		if InMean(l.End, l.Called) {
			n.waits.N += by
			n.waits.SumMs += int64(by) * l.WaitMs
		}
		if service < 0 || n.index.services[service].StandardMs <= 0 {
			continue
		}
		within := WithinStandard(l.FirstWaitMs, n.index.services[service].StandardMs)
		if Judged(l.End, l.Called, within) {
			n.waits.Judged += by
			if within {
				n.waits.Within += by
			}
		}
	}
}

// recount makes the sums of today anew.
func (n *draft) recount() {
	n.waits, n.slips, n.breaks = Waits{}, Slips{}, nil
	if n.plan != nil {
		n.breaks = closedBetween(n.plan.Bands)
	}
	n.layExpiries()
	n.recountBands()
	for t := range n.Tickets() {
		n.countTicket(t, +1)
	}
}

// sameList tells whether two lists are one in memory.
func sameList[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
