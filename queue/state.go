package queue

import "iter"

// A State is the office at one moment. It is immutable: whoever holds one may
// read it for as long as they like, from any goroutine, while the office goes
// on. The zero State is a box on which nothing happened yet.
type State struct {
	journal    string
	seq        uint64
	now        Now   // of the last event
	steady     int64 // office time that only ever moves with elapsed time; see steadyTime
	lead       int64 // what is added to steady to get office time for what a day does by itself
	correction int64
	doubtful   bool // the clock of this boot is taken to be wrong; see ClockDoubtful
	sure       bool // the clock of this boot is known to be right; see ClockSure
	// vouched is the boot in which the day opened, or in which the network or a
	// person said last what time it is.
	vouched string
	// reached is the office time that has certainly come: by the last clock that
	// was not doubtful, and by what went by since; 0 when there was none.
	reached  int64
	day      Day
	index    *setupIndex
	plan     *DayPlan
	expiries []expiry // of the plan, in order

	tickets  vector[*Ticket] // of today, by ordinal - 1
	waiting  []*queues       // by service index
	own      []*queues       // by desk index: tickets only that desk may call
	profiles []profileTurn   // by profile index
	bookings []*Attendance   // today's appointments, in the order of their booking
	expected queue           // those who may still come in time, by when they are due
	turns    []serviceTurn   // by service index
	desks    []*DeskState    // by index
	outlets  []*OutletState  // by index
	series   []seriesState   // by index
	earlier  []GivenOn       // numbers of the last days before, the newest last
	restored []SeriesFrom    // where the next day's series begin; see JournalBegun
	given    []queue         // by series index: the newest ticket of each value
	issued   []int           // today, by service index
	parked   queue           // by when they come back
	papers   queue           // tickets with an unsettled paper, by ordinal
	calls    []Shown         // the last calls, newest first
	names    names           // of requests
	totals   Totals

	used            []int       // of its quota on earlier days, by service index
	stops           []Stop      // by service index
	bands           []bandCount // of the bands that bound a service
	paces           []pace      // by service index
	pace            pace        // of all services
	boots           []bootClock // of today, the present one last
	suspensions     []Suspension
	messages        []Message
	gone            []MessageID // of messages that are there no more, the last ones
	blocks          []Block
	breaks          []stretch // of the plan, in order
	waits           Waits
	slips           Slips
	contacts        Contacts
	contactRequests []contactRequest // the last, newest first
}

// Totals count today's tickets.
type Totals struct {
	Issued, Calls, Served, NoShows, Cancelled, Expired int
	Waiting, Called, Serving, Parked                   int
}

// Open counts the tickets that have not ended.
func (t Totals) Open() int { return t.Waiting + t.Called + t.Serving + t.Parked }

// Seq is the sequence of the last event.
func (s *State) Seq() uint64 { return s.seq }

// Journal is the identity of the journal that the state was read from.
func (s *State) Journal() string { return s.journal }

// HasSetup tells whether the office was ever set up.
func (s *State) HasSetup() bool { return s.index != nil }

// Setup is the setup in force. Its slices must not be changed.
func (s *State) Setup() Setup { return s.known().setup }

// known is the setup in force by index, or an empty one.
func (s *State) known() *setupIndex {
	if s.index == nil {
		return &noSetup
	}
	return s.index
}

var noSetup setupIndex

// Totals are today's counts.
func (s *State) Totals() Totals { return s.totals }

// Ticket is one of today's tickets, or nil.
func (s *State) Ticket(id TicketID) *Ticket {
	if id.Day() != s.day.Ordinal {
		return nil
	}
	return s.tickets.at(id.Ordinal() - 1)
}

// Tickets are today's, in order of issue.
func (s *State) Tickets() iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		for i := range s.tickets.len() {
			if !yield(s.tickets.at(i)) {
				return
			}
		}
	}
}

// TicketRuns are today's tickets in order of issue, in runs of a few dozen. same says
// that earlier, a state of the same day before this one, has the very same run: what
// was worked out of all its tickets then holds still. Runs must not be changed.
func (s *State) TicketRuns(earlier *State) iter.Seq2[[]*Ticket, bool] {
	return s.tickets.runs(earlier.tickets)
}

// LatestByNumber is the newest of today's tickets that shows the text, such as
// "A042", or nil. Where none shows it letter by letter it is the newest whose
// number it is as people type it, such as "a42".
func (s *State) LatestByNumber(text string) *Ticket {
	var typed *Ticket
	for i := s.tickets.len() - 1; i >= 0; i-- {
		switch t := s.tickets.at(i); {
		case t.Number.Text == text:
			return t
		case typed == nil && t.Number.Shows(text):
			typed = t
		}
	}
	return typed
}

// Service is a service's setup; ok is false when there is none.
func (s *State) Service(id ServiceID) (Service, bool) {
	i := s.serviceIndex(id)
	if i < 0 {
		return Service{}, false
	}
	return s.index.services[i].Service, true
}

// RemovedServices are those that a change of setup took away and for which
// people still wait.
func (s *State) RemovedServices() iter.Seq[Service] {
	return func(yield func(Service) bool) {
		for _, x := range s.known().services {
			if x.removed && s.WaitingFor(x.ID) > 0 && !yield(x.Service) {
				return
			}
		}
	}
}

// RemovedServicesAt are those of RemovedServices that a desk calls people for, first
// and as help.
func (s *State) RemovedServicesAt(id DeskID) (p Profile) {
	i := s.deskIndex(id)
	if i < 0 {
		return p
	}
	of := func(indexes []int) (services []ServiceID) {
		for _, at := range indexes {
			if x := s.index.services[at]; x.removed && s.WaitingFor(x.ID) > 0 {
				services = append(services, x.ID)
			}
		}
		return services
	}
	return Profile{First: of(s.index.desks[i].first), Help: of(s.index.desks[i].help)}
}

// WaitingFor counts who waits for a service, those sent to one desk included.
func (s *State) WaitingFor(id ServiceID) int {
	i := s.serviceIndex(id)
	if i < 0 {
		return 0
	}
	n := s.waiting[i].len()
	for d := range s.own {
		for t := range s.own[d].all {
			if s.Ticket(t).Service == id {
				n++
			}
		}
	}
	return n
}

// Waiting are those who wait for a service: those who came back after a
// no-show, checked-in appointments as they are due, then the others in the order
// of their queue, whatever their class. Those sent to one desk alone are not among
// them.
func (s *State) Waiting(id ServiceID) iter.Seq[*Ticket] {
	return s.in(s.waiting, s.serviceIndex(id))
}

// WaitingAt are those who wait for one desk alone, in order.
func (s *State) WaitingAt(id DeskID) iter.Seq[*Ticket] { return s.in(s.own, s.deskIndex(id)) }

func (s *State) in(all []*queues, i int) iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		if i >= 0 {
			all[i].all(func(t TicketID) bool { return yield(s.Ticket(t)) })
		}
	}
}

// Parked are the parked, soonest back first.
func (s *State) Parked() iter.Seq[*Ticket] { return s.ticketsIn(s.parked) }

// UnsettledPapers are the tickets whose paper is requested, and while the visit
// lasts those whose paper failed or is unknown, oldest first.
func (s *State) UnsettledPapers() iter.Seq[*Ticket] { return s.ticketsIn(s.papers) }

func (s *State) ticketsIn(q queue) iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		q.all(func(_ uint64, t TicketID) bool { return yield(s.Ticket(t)) })
	}
}

func (s *State) serviceIndex(id ServiceID) int { return indexOf(s.known().serviceAt, id) }
