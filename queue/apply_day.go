package queue

// openDay begins a day from its event alone: nothing of the day before is
// left, so that a start folds today and nothing else.
func (n *draft) openDay(e Event, b DayOpened) {
	n.State = State{
		journal: b.Journal, seq: e.Seq, now: e.At, correction: b.CorrectionMs,
		day: Day{Ordinal: b.Day, Open: true}, plan: &b.Plan,
		doubtful: b.Plan.Provisional, sure: !b.Provisional, vouched: e.At.Boot, reached: b.Reached,
	}
	n.line = n.OfficeTime(e.At)
	if !n.doubtful {
		n.reached = n.line
	}
	n.beginBoot(e.At, Now{}, b.CorrectionMs)
	n.setOffice(newOffice(b.Setup, nil))
	for _, a := range b.Appointments {
		n.book(a)
	}
	for _, o := range b.Torn {
		n.changeOutlet(o, func(o *OutletState) { o.Torn = true })
	}
	for _, u := range b.Used {
		if i := n.serviceIndex(u.Service); i >= 0 {
			n.used[i] = u.Tickets
		}
	}
}

// setOffice puts an office in force and makes room for what it added.
func (n *draft) setOffice(o *office) {
	n.office = o
	n.waiting = grownLines(n.waiting, len(o.services))
	n.turns = grown(n.turns, len(o.services))
	n.profiles = grown(n.profiles, len(o.profileAt))
	n.issued = grown(n.issued, len(o.services))
	n.used = grown(n.used, len(o.services))
	n.stops = grown(n.stops, len(o.services))
	n.paces = grown(n.paces, len(o.services))
	n.own = grownLines(n.own, len(o.desks))
	n.series = grown(n.series, len(o.series))
	n.given = grown(n.given, len(o.series))
	had := len(n.desks)
	n.desks = grown(n.desks, len(o.desks))
	for i := had; i < len(n.desks); i++ {
		n.desks[i] = &DeskState{}
	}
	had = len(n.outlets)
	n.outlets = grown(n.outlets, len(o.outlets))
	for i := had; i < len(n.outlets); i++ {
		n.outlets[i] = &OutletState{Gives: AbleUnknown}
	}
}

// grownLines is grown, with nobody in the lines that it adds.
func grownLines(s []*lines, length int) []*lines {
	c := grown(s, length)
	for i := len(s); i < length; i++ {
		c[i] = &lines{}
	}
	return c
}

func (n *draft) suspend(e Event, why string) {
	n.suspensions = append(n.suspensions[:len(n.suspensions):len(n.suspensions)], Suspension{From: e.At, from: n.instantOf(e.At), Why: why})
}

func (n *draft) endSuspension(e Event) {
	if x, suspended := n.Suspended(); suspended {
		x.To, x.to = e.At, n.instantOf(e.At)
		put(n, &n.suspensions, len(n.suspensions)-1, x)
	}
}

func (n *draft) setStop(service ServiceID, stop Stop) {
	if i := n.serviceIndex(service); i >= 0 {
		put(n, &n.stops, i, stop)
	}
}

func (n *draft) setSeries(id SeriesID, next seriesState) {
	if i := n.seriesIndex(id); i >= 0 {
		put(n, &n.series, i, next)
	}
}

// countContact counts a contact and remembers its request.
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
	for t := range n.Tickets() {
		n.countBand(n.TimeOf(t.Issued), t.Periods[0].Service)
	}
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
