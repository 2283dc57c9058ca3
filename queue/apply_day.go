package queue

// applyDay applies the events of the office as a whole, and tells whether the
// event was one of them.
func (n *State) applyDay(e Event) bool {
	switch b := e.Body.(type) {
	case DayRedated:
		n.plan = &b.Plan
		n.lead = n.OfficeTime(e.At) - n.line
	case DayReplanned:
		n.plan = &b.Plan
	case ClockSet:
		n.correction = b.CorrectionMs
		n.setClock(e.At)
	case ClockSynced:
		n.correction = b.CorrectionMs
		n.trustClock(e.At)
		n.vouched = e.At.Boot
	case ClockStepped:
		n.stepClock(e.At)
	case OfficeSuspended:
		n.suspensions = append(n.suspensions[:len(n.suspensions):len(n.suspensions)], Suspension{From: e.At, from: n.instantOf(e.At), Why: b.Why})
	case OfficeResumed:
		if last := len(n.suspensions) - 1; last >= 0 && n.suspensions[last].To.IsZero() {
			s := n.suspensions[last]
			s.To, s.to = e.At, n.instantOf(e.At)
			n.suspensions = replaced(n.suspensions, last, s)
		}
	case ServiceStopped:
		if i := n.serviceIndex(b.Service); i >= 0 {
			n.stops = replaced(n.stops, i, Stop{Stopped: true, Why: b.Why, Until: b.Until, Since: e.At})
		}
	case ServiceReopened:
		if i := n.serviceIndex(b.Service); i >= 0 {
			n.stops = replaced(n.stops, i, Stop{Since: e.At})
		}
	case SeriesRestarted:
		if n.office == nil {
			break
		}
		if i := at(n.office.seriesAt, b.Series); i >= 0 {
			n.series = replaced(n.series, i, seriesState{next: b.From, lap: b.Lap})
		}
	case ContactRecorded:
		n.contacts.add(b.Contact)
		if b.Request != "" {
			recent := [contactRequests]string{b.Request}
			copy(recent[1:], n.contactRequests[:])
			n.contactRequests = recent
		}
	default:
		return false
	}
	return true
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
func (n *State) countBand(at int64, service ServiceID) {
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
func (n *State) recountBands() {
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
func (n *State) measure(e Event, b TicketServed) {
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
