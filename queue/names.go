package queue

import (
	"cmp"
	"slices"
)

// names find today's tickets by the names of their requests. They cover the
// tickets up to an ordinal in runs, each sorted and each at least twice as long
// as the next, so that a search looks at few places and a ticket is copied few
// times; the tickets after those are looked at one by one. A run is never
// changed.
type names struct {
	covered int
	runs    [][]uint64
}

// A name in a run is a hash of it above the ordinal of its ticket.
const ordinalBits = 20 // an ordinal is below ticketsPerDay

func nameOf(request string, ordinal int) uint64 {
	return hashed(request)<<ordinalBits | uint64(ordinal)
}

// hashed is FNV-1a of a text, spread over its upper bits.
func hashed(text string) uint64 {
	h := uint64(14_695_981_039_346_656_037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1_099_511_628_211
	}
	return mix(h)
}

// uncovered is how many tickets are looked at one by one at most.
const uncovered = 64

// nameTickets covers the newest tickets, once there are enough.
func (n *draft) nameTickets() {
	count := n.tickets.len()
	if count-n.names.covered < uncovered {
		return
	}
	var run []uint64
	for i := n.names.covered; i < count; i++ {
		if t := n.tickets.at(i); t.Request != "" {
			run = append(run, nameOf(t.Request, t.ID.Ordinal()))
		}
	}
	runs := n.names.runs
	for last := len(runs) - 1; last >= 0 && len(runs[last]) < 2*len(run); last-- {
		run = append(run, runs[last]...)
		runs = runs[:last]
	}
	if len(run) > 0 {
		slices.Sort(run)
		runs = append(runs[:len(runs):len(runs)], run)
	}
	n.names = names{covered: count, runs: runs}
}

// TicketByRequest is the ticket of today that a request with this name was
// given, or nil.
func (s *State) TicketByRequest(request string) *Ticket {
	if request == "" {
		return nil
	}
	for i := s.tickets.len() - 1; i >= s.names.covered; i-- {
		if t := s.tickets.at(i); t.Request == request {
			return t
		}
	}
	first := nameOf(request, 0)
	for _, run := range s.names.runs {
		i, _ := slices.BinarySearchFunc(run, first, cmp.Compare[uint64])
		for ; i < len(run) && run[i]>>ordinalBits == first>>ordinalBits; i++ {
			if t := s.tickets.at(int(run[i]&(1<<ordinalBits-1)) - 1); t.Request == request {
				return t
			}
		}
	}
	return nil
}
