package queue

import "fmt"

// A Suspension is a time in which the office neither issued nor called.
type Suspension struct {
	From Now
	To   Now // zero while it lasts

	from, to instant // the same
	Why      string
}

// A Stop tells whether a service was stopped, or reopened, apart from its hours.
type Stop struct {
	Stopped bool
	Why     string // a code; WhyLastTicket when nobody said so
	Until   int64  // office time; 0 is until the day ends
	Since   Now
}

// Contacts counts who was helped today without a ticket.
type Contacts struct {
	All                                           int
	Information, Forms, Complaints, Registrations int
}

// contactRequests is how far back a repeated request is recognised.
const contactRequests = 8

// A bandCount is how many tickets a service gave in a band that bounds it.
type bandCount struct {
	opens   int64
	service ServiceID
	issued  int
}

// A pace is how long tickets took a desk.
type pace struct {
	served int
	ms     int64
}

// Suspended tells whether the office is suspended, since when and why.
func (s *State) Suspended() (Suspension, bool) {
	if last := len(s.suspensions) - 1; last >= 0 && s.suspensions[last].To.IsZero() {
		return s.suspensions[last], true
	}
	return Suspension{}, false
}

// Contacts counts who was helped today without a ticket.
func (s *State) Contacts() Contacts { return s.contacts }

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

// CallsStopped tells whether nobody is called any more today.
func (s *State) CallsStopped(now Now) bool {
	return s.plan != nil && s.plan.StopCalls != 0 && s.OfficeTime(now) >= s.plan.StopCalls && !s.ClockDoubtful(now)
}

// holds tells whether the band is that of a service at that office time,
// whether or not tickets are still given.
func (b Band) holds(office int64, service ServiceID) bool {
	b.StopIssue = 0
	return b.Covers(office, service)
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

// MayIssue tells why a ticket of a service and class is refused at now, or nil;
// what an outlet can do is not asked. Appointments were promised, so that only
// a suspension stops them; priority is exempt from the last-ticket rule.
func (s *State) MayIssue(id ServiceID, class Class, now Now) error {
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
	service := s.office.services[i]
	switch {
	case service.DayCap > 0 && s.issued[i] >= service.DayCap:
		return ErrDayCapReached
	case service.Quota > 0 && s.used[i]+s.issued[i] >= service.Quota:
		return ErrQuotaReached
	case !s.ClockDoubtful(now) && s.bandFull(id, s.OfficeTime(now)):
		return ErrBandCapReached
	}
	return nil
}

func (s *State) suspended() bool {
	_, yes := s.Suspended()
	return yes
}

// bandFull tells whether every band that is open for a service has given all
// its tickets.
func (s *State) bandFull(id ServiceID, office int64) bool {
	full := false
	for _, b := range s.plan.Bands {
		if !b.Covers(office, id) {
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

// halted refuses what may not be done while the office is suspended or when
// nobody is called any more.
func (d *decision) halted(c Command) error {
	if d.s.suspended() {
		switch c.(type) {
		case IssueTicket, CallNext, CallTicket, RecallTicket, ResumeTicket:
			return ErrSuspended
		}
	}
	if !d.s.CallsStopped(d.now) {
		return nil
	}
	switch c := c.(type) {
	case CallTicket:
		return ErrCallsStopped
	case CallNext:
		// NEXT still finishes what the desk holds, and calls nobody.
		if _, desk, ok := d.s.Desk(c.Desk); ok && desk.Ticket == 0 && c.Finishing == 0 {
			return ErrCallsStopped
		}
	}
	return nil
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

func (c StopService) decide(d *decision) error {
	i := d.s.serviceIndex(c.Service)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	if err := code("stop", c.Why); err != nil {
		return err
	}
	if c.Why == WhyLastTicket {
		return fmt.Errorf("%w: %q is the program's own reason", ErrBadCommand, c.Why)
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

func (c RecordContact) decide(d *decision) error {
	switch c.Contact {
	case ContactInformation, ContactForms, ContactComplaint, ContactRegistration:
	default:
		return fmt.Errorf("%w: contact %q", ErrBadCommand, c.Contact)
	}
	if err := short("request", c.Request); err != nil {
		return err
	}
	for _, r := range d.s.contactRequests {
		if c.Request != "" && r == c.Request {
			return nil
		}
	}
	d.emit(ContactRecorded{Contact: c.Contact, Request: c.Request})
	return nil
}
