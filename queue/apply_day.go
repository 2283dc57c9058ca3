package queue

// suspend begins a time in which the office neither issues nor calls.
func (n *draft) suspend(e Event, b OfficeSuspended) {
	began := Suspension{From: e.At, from: n.instantOf(e.At), Why: b.Why}
	n.suspensions = append(n.suspensions[:len(n.suspensions):len(n.suspensions)], began)
}

// endSuspension ends the suspension that lasts.
func (n *draft) endSuspension(e Event) {
	if s, lasts := n.Suspended(); lasts {
		s.To, s.to = e.At, n.instantOf(e.At)
		put(n, &n.suspensions, len(n.suspensions)-1, s)
	}
}

// stop stops a service, or reopens it.
func (n *draft) stop(id ServiceID, s Stop) {
	if i := n.serviceIndex(id); i >= 0 {
		put(n, &n.stops, i, s)
	}
}

// restart lets a series go on from another number.
func (n *draft) restart(b SeriesRestarted) {
	if n.office == nil {
		return
	}
	if i := at(n.office.seriesAt, b.Series); i >= 0 {
		put(n, &n.series, i, seriesState{next: b.From, lap: b.Lap})
	}
}

// countContact counts somebody who was helped without a ticket.
func (n *draft) countContact(b ContactRecorded) {
	n.contacts.add(b.Contact)
	if b.Request != "" {
		recent := [contactRequests]string{b.Request}
		copy(recent[1:], n.contactRequests[:])
		n.contactRequests = recent
	}
}

// add counts a contact; one of a kind that a later version knows counts in all.
func (c *Contacts) add(kind Contact) {
	c.All++
	switch kind {
	case ContactInformation:
		c.Information++
	case ContactForms:
		c.Forms++
	case ContactComplaint:
		c.Complaints++
	case ContactRegistration:
		c.Registrations++
	}
}

// countBand counts a ticket in the bands that bound its service.
func (n *draft) countBand(at int64, service ServiceID) {
	if n.plan == nil {
		return
	}
	for _, b := range n.plan.Bands {
		if _, capped := b.cap(service); !capped || !b.holds(at, service) {
			continue
		}
		i := n.bandAt(b.Opens, service)
		if i < 0 {
			i = len(n.bands)
			n.bands = grown(n.bands, i+1)
			n.bands[i] = bandCount{opens: b.Opens, service: service}
		}
		counted := n.bands[i]
		counted.issued++
		put(n, &n.bands, i, counted)
	}
}

// recountBands counts the day's tickets in its bands again, after the bands or
// the hours of the tickets changed.
func (n *draft) recountBands() {
	n.bands = nil
	if n.plan == nil || !n.plan.capped() {
		return
	}
	n.EachTicket(func(t *Ticket) bool {
		n.countBand(n.TimeOf(t.Issued), t.Periods[0].Service)
		return true
	})
}

func (s *State) bandAt(opens int64, service ServiceID) int {
	for i, b := range s.bands {
		if b.opens == opens && b.service == service {
			return i
		}
	}
	return -1
}

// measure counts how long a desk was taken by a ticket that it has served, from
// the call on, in the state before the event.
func (n *draft) measure(e Event, b TicketServed) {
	t := n.Ticket(b.Ticket)
	if t == nil || b.UnknownEnd || t.State.Ended() {
		return
	}
	i := n.serviceIndex(t.Service)
	if i < 0 {
		return
	}
	from := len(t.Periods)
	for from > 0 && (t.Periods[from-1].Kind == Called || t.Periods[from-1].Kind == Serving) {
		from--
	}
	if from == len(t.Periods) {
		return
	}
	ms, by := n.Elapsed(t.Periods[from].Start, e.At)
	if by != Exact {
		return
	}
	p := n.paces[i]
	put(n, &n.paces, i, pace{served: p.served + 1, ms: p.ms + ms})
	n.pace = pace{served: n.pace.served + 1, ms: n.pace.ms + ms}
}
