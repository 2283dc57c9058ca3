package queue

import (
	"errors"
	"fmt"
	"slices"
)

// A Suspension is a time in which the office neither issued nor called.
type Suspension struct {
	From Now
	To   Now // zero while it lasts

	from, to instant // the same
	Why      string
}

// The reasons for which an office is suspended.
const (
	WhyAlarm    = "alarm"
	WhyAssembly = "assembly" // of the staff
	WhyBlackout = "blackout"
	WhyFault    = "fault"   // of what the office works with, such as the civil register's programs
	WhyIllness  = "illness" // somebody in the hall needs help
)

// SuspensionReasons are those that a suspension can be given, in the order in
// which they are offered.
var SuspensionReasons = [...]string{WhyAlarm, WhyAssembly, WhyBlackout, WhyFault, WhyIllness}

// StopReasons are those that a stop of a service can be given, in the order in
// which they are offered: too few clerks, a fault as of WhyFault, more people than
// can be served.
var StopReasons = [...]string{"staff", WhyFault, "crowd"}

// A Stop tells whether a service was stopped, or reopened, apart from its hours.
type Stop struct {
	Stopped bool
	Why     string // a code; WhyLastTicket when nobody said so
	Until   int64  // office time; 0 is until the day ends
	Since   Now
}

// A bandCount is how many tickets a service gave in a band that bounds it.
type bandCount struct {
	opens   int64
	service ServiceID
	issued  int
}

// Suspended tells whether the office is suspended, since when and why.
func (s *State) Suspended() (Suspension, bool) {
	if last := len(s.suspensions) - 1; last >= 0 && s.suspensions[last].To.IsZero() {
		return s.suspensions[last], true
	}
	return Suspension{}, false
}

func (s *State) suspended() bool {
	_, yes := s.Suspended()
	return yes
}

func (c SuspendOffice) decide(d *decision) error {
	if err := code("suspension", c.Why); err != nil {
		return err
	}
	if d.s.suspended() {
		return nil
	}
	d.emit(OfficeSuspended{Why: c.Why})
	return nil
}

func (ResumeOffice) decide(d *decision) error {
	if d.s.suspended() {
		d.emit(OfficeResumed{})
	}
	return nil
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

// ServiceStop tells whether a service is stopped at now, and why.
func (s *State) ServiceStop(id ServiceID, now Now) (Stop, bool) {
	if i := s.serviceIndex(id); i >= 0 {
		return s.stopAt(i, now)
	}
	return Stop{}, false
}

func (s *State) stopAt(service int, now Now) (Stop, bool) {
	stop := s.stops[service]
	if stop.Stopped && stop.Until != 0 && s.OfficeTime(now) >= stop.Until {
		return Stop{}, false
	}
	return stop, stop.Stopped
}

func (c StopService) decide(d *decision) error {
	i := d.s.serviceIndex(c.Service)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if err := code("stop", c.Why); err != nil {
		return err
	}
	if c.Why == WhyLastTicket {
		return oneOf("why", c.Why, StopReasons[:]...)
	}
	if stop, stopped := d.s.stopAt(i, d.now); stopped && stop.Why != WhyLastTicket {
		return nil
	}
	d.emit(ServiceStopped{Service: c.Service, Why: c.Why})
	return nil
}

func (c ReopenService) decide(d *decision) error {
	i := d.s.serviceIndex(c.Service)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if _, stopped := d.s.stopAt(i, d.now); stopped {
		d.emit(ServiceReopened{Service: c.Service})
	}
	return nil
}

func (n *draft) setStop(service ServiceID, stop Stop) {
	if i := n.serviceIndex(service); i >= 0 {
		put(n, &n.stops, i, stop)
	}
}

// CallsStopped tells whether nobody is called any more today.
func (s *State) CallsStopped(now Now) bool {
	return s.plan != nil && s.plan.StopCalls != 0 && s.OfficeTime(now) >= s.plan.StopCalls && !s.ClockDoubtful(now)
}

// halted refuses what may not be done while the office is suspended or when
// nobody is called any more.
func (d *decision) halted(c Command) error {
	if d.s.suspended() {
		switch c.(type) {
		case IssueTicket, IssueAtDesk, AdmitReserved, CallNext, CallTicket, RecallTicket, ResumeTicket:
			return ErrSuspended
		}
	}
	if !d.s.CallsStopped(d.now) {
		return nil
	}
	switch c := c.(type) {
	case CallTicket, IssueAtDesk:
		return ErrCallsStopped
	case CallNext:
		// NEXT still finishes what the desk holds, and calls nobody.
		if _, desk, ok := d.s.Desk(c.Desk); ok && desk.Ticket == 0 && c.Finishing == 0 {
			return ErrCallsStopped
		}
	}
	return nil
}

// MayIssue tells why a ticket of a service and class is refused at now, or nil;
// what an outlet can do is not asked. Appointments were promised, so that only
// a suspension stops them; priority is exempt from the last-ticket rule.
func (s *State) MayIssue(id ServiceID, class Class, now Now) error {
	return s.mayIssue(id, class, class == Appointment, now)
}

// MayIssueAtDesk is MayIssue for who stands at a desk and is served at once: a hall
// that is full is no reason, since nobody waits in it.
func (s *State) MayIssueAtDesk(id ServiceID, now Now) error {
	if err := s.MayIssue(id, Ordinary, now); !errors.Is(err, ErrHallFull) {
		return err
	}
	return nil
}

// mayIssue is MayIssue of somebody who has an appointment, perhaps one that was
// missed and gives no right any more, or has none.
func (s *State) mayIssue(id ServiceID, class Class, appointed bool, now Now) error {
	i := s.serviceIndex(id)
	switch {
	case i < 0:
		return fmt.Errorf("%w: %q", ErrUnknownService, id)
	case s.suspended():
		return ErrSuspended
	case class == Appointment:
		return nil
	}
	if open, _ := s.ServiceOpen(id, now); !open {
		return ErrServiceClosed
	}
	if stop, stopped := s.stopAt(i, now); stopped && (stop.Why != WhyLastTicket || class != Priority) {
		return ErrServiceStopped
	}
	service := s.index.services[i]
	switch {
	case service.AppointmentsOnly && !appointed:
		return ErrAppointmentsOnly
	case service.DayCap > 0 && s.issued[i] >= service.DayCap:
		return ErrDayCapReached
	case service.Quota > 0 && s.used[i]+s.issued[i] >= service.Quota:
		return ErrQuotaReached
	case !s.ClockDoubtful(now) && s.bandFull(id, s.OfficeTime(now)):
		return ErrBandCapReached
	case s.HallFull():
		return ErrHallFull
	}
	return nil
}

// Receives tells whether people are received for a service at an office time of today,
// its last tickets given or not. By a plan that nobody made they are.
func (s *State) Receives(id ServiceID, officeTime int64) bool {
	return s.plan == nil || s.plan.Provisional ||
		slices.ContainsFunc(s.plan.Bands, func(b Band) bool { return b.receives(officeTime, id) })
}

// ServiceOpen tells whether a service gives tickets at now by the plan, and if
// not, when it will next do so today (0 when not today), in office time. By a
// doubtful clock it does.
func (s *State) ServiceOpen(id ServiceID, now Now) (open bool, opens int64) {
	i := s.serviceIndex(id)
	if i < 0 || s.index.services[i].removed || s.plan == nil || !s.day.Open {
		return false, 0
	}
	if s.plan.Provisional || s.ClockDoubtful(now) {
		return true, 0
	}
	at := s.OfficeTime(now)
	for _, b := range s.plan.Bands {
		if b.Covers(at, id) {
			return true, 0
		}
		if at < b.Opens && b.Covers(b.Opens, id) && (opens == 0 || b.Opens < opens) {
			opens = b.Opens
		}
	}
	return false, opens
}

// ServiceOver tells whether a temporary service has had its last day. By a day
// whose date nobody knows it has not.
func (s *State) ServiceOver(x Service) bool {
	return x.To != "" && s.plan != nil && !s.plan.Provisional && s.plan.Date > x.To
}

// bandFull tells whether every band that is open for a service has given all
// its tickets.
func (s *State) bandFull(id ServiceID, officeTime int64) bool {
	full := false
	for _, b := range s.plan.Bands {
		if !b.Covers(officeTime, id) {
			continue
		}
		most, capped := b.cap(id)
		at := s.bandAt(b.Opens, id)
		switch {
		case !capped, at < 0 && most > 0, at >= 0 && s.bands[at].issued < most:
			return false
		}
		full = true
	}
	return full
}

func (s *State) bandAt(opens int64, service ServiceID) int {
	for i, b := range s.bands {
		if b.opens == opens && b.service == service {
			return i
		}
	}
	return -1
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

// holds tells whether the band is that of a service at that office time,
// whether or not tickets are still given.
func (b Band) holds(officeTime int64, service ServiceID) bool {
	b.StopIssue = 0
	return b.Covers(officeTime, service)
}

// issuesUntil is when the band gives its last ticket.
func (b Band) issuesUntil() int64 {
	if b.StopIssue != 0 {
		return min(b.StopIssue, b.Closes)
	}
	return b.Closes
}

// capped tells whether any band of the day bounds a service.
func (p *DayPlan) capped() bool {
	for _, b := range p.Bands {
		if len(b.Caps) > 0 {
			return true
		}
	}
	return false
}

// cap is the most tickets of a service in the band.
func (b Band) cap(service ServiceID) (most int, ok bool) {
	for _, c := range b.Caps {
		if c.Service == service {
			return c.Most, true
		}
	}
	return 0, false
}
