package queue

// The last-ticket rule: in the last hour of a band, a service that asked for it
// gives no more tickets once those who wait would fill the time that is left,
// at the pace at which the open desks have served today. It looks at the band
// that is open; who stops a service otherwise, or opens it again, is a person.

const (
	// lastTicketMs is how long before the end of a band the rule begins.
	lastTicketMs = 3_600_000
	// measuredLeast is how many must have been served before a pace is one.
	measuredLeast = 5
)

// stopFull stops the services whose time left is full.
func (d *decision) stopFull() {
	if d.s.index == nil || !d.s.index.lastTickets || !d.s.day.Open {
		return
	}
	for i := range d.s.index.services {
		if in, until, ok := d.s.fullIn(i, d.now); ok && in <= 0 {
			d.emitBy(automatic, ServiceStopped{Service: d.s.index.services[i].ID, Why: WhyLastTicket, Until: until})
		}
	}
}

// fullIn is how long until the rule stops a service, should nothing happen, and
// until when it then gives no tickets; ok is false when it will not.
func (s *State) fullIn(service int, now Now) (ms, until int64, ok bool) {
	x := &s.index.services[service]
	if !x.LastTicket || x.removed || s.plan == nil || s.plan.Provisional || s.ClockDoubtful(now) {
		return 0, 0, false
	}
	if _, stopped := s.stopAt(service, now); stopped {
		return 0, 0, false
	}
	if s.pace.served < measuredLeast || s.WaitingFor(x.ID) == 0 {
		return 0, 0, false
	}
	officeTime := s.OfficeTime(now)
	for _, b := range s.plan.Bands {
		ends := b.issuesUntil()
		if officeTime >= ends || !b.Covers(b.Opens, x.ID) {
			continue
		}
		if since := s.stops[service].Since; !since.IsZero() && s.OfficeTime(since) >= b.Opens {
			continue // A person opened it again, and only a person stops it now.
		}
		need, ok := s.neededFrom(service, b.Closes, now)
		if full := max(b.Opens, b.Closes-lastTicketMs, need); ok && full < ends {
			return full - officeTime, b.Closes, true
		}
	}
	return 0, 0, false
}

// neededFrom is the office time from which the desks that serve a service need
// all the time that is left until closes. A desk whose clerk will be presumed
// away by then serves nobody from that instant on.
func (s *State) neededFrom(service int, closes int64, now Now) (from int64, ok bool) {
	if need, serves := s.needMs(service, now, 0); serves {
		from, ok = closes-need, true
	}
	for i := range s.desks {
		in, keypad := s.awayIn(i, now)
		if !keypad || in <= 0 {
			continue
		}
		if need, serves := s.needMs(service, now, in); serves {
			if at := max(closes-need, s.OfficeTime(now)+in); !ok || at < from {
				from, ok = at, true
			}
		}
	}
	return from, ok
}

// needMs is how long the open desks that serve a service need for all who wait
// for what they serve, those left out whose clerk will be presumed away after so
// many milliseconds; ok is false when there is no such desk.
func (s *State) needMs(service int, now Now, after int64) (ms int64, ok bool) {
	counted := make([]bool, len(s.index.services))
	desks := int64(0)
	count := func(services []int) {
		for _, i := range services {
			if !counted[i] {
				counted[i] = true
				ms += int64(s.waiting[i].len()) * s.paceMs(i)
			}
		}
	}
	for i := range s.index.desks {
		d := &s.index.desks[i]
		away, keypad := s.awayIn(i, now)
		if d.removed || d.BackOffice || !s.desks[i].Open || keypad && away <= after || !contains(d.first, service) && !contains(d.help, service) {
			continue
		}
		desks++
		count(d.first)
		if !contains(d.first, service) {
			count(d.help)
		}
	}
	if desks == 0 {
		return 0, false
	}
	return ms / desks, true
}

// paceMs is how long a ticket of a service takes a desk, by what was measured
// today: of the service itself when that is enough, else of all.
func (s *State) paceMs(service int) int64 {
	p := s.paces[service]
	if p.served < measuredLeast {
		p = s.pace
	}
	if p.served == 0 {
		return 0
	}
	return p.ms / int64(p.served)
}

// A pace is how long tickets took a desk.
type pace struct {
	served int
	ms     int64
}

// measure counts how long a desk was taken by a ticket that it has served, from
// the call on, in the state before the event.
func (n *draft) measure(e Event, id TicketID) {
	t := n.Ticket(id)
	if t == nil || t.State.Ended() {
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
