package queue

import "iter"

// A State is the office at one moment. It is immutable: whoever holds one may
// read it for as long as they like, from any goroutine, while the office goes
// on. The zero State is a box on which nothing happened yet.
type State struct {
	journal    string
	seq        uint64
	now        Now   // of the last event
	line       int64 // office time that only ever moves with elapsed time; see lineTime
	lead       int64 // what is added to line to get office time for what a day does by itself
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
	office   *office
	plan     *DayPlan
	expiries []expiry // of the plan, in order

	tickets  vector[*Ticket] // of today, by ordinal - 1
	waiting  []*lines        // by service index
	own      []*lines        // by desk index: tickets only that desk may call
	profiles []profileTurn   // by profile index
	bookings []*Attendance   // today's appointments, in the order of their booking
	expected line            // those who may still come in time, by when they are due
	turns    []serviceTurn   // by service index
	desks    []*DeskState    // by index
	outlets  []*OutletState  // by index
	series   []seriesState   // by index
	restored []SeriesFrom    // where the next day's series begin; see JournalBegun
	given    []line          // by series index: the newest ticket of each value
	issued   []int           // today, by service index
	parked   line            // by when they come back
	papers   line            // tickets with an unsettled paper, by ordinal
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
	breaks          []stretch // of the plan, in order
	waits           Waits
	slips           Slips
	contacts        Contacts
	contactRequests [contactRequests]string // the last, newest first
}

// A Day is the business day.
type Day struct {
	Ordinal int // from 1; 0 before the first
	Open    bool
	// Provisional tells that the clock, and with it the date of the day, is not
	// known to be right.
	Provisional bool
}

// A DeskState is a desk at one moment.
type DeskState struct {
	Open     bool
	Paused   bool
	Why      string   // of the pause
	Account  string   // opaque
	Ticket   TicketID // called or serving; 0 when idle
	LastCall Now      // zero when it has not called today
	Since    Now      // when it opened, closed or paused last
	// Seq is the sequence of the last event that changed the desk, or that it
	// recalled a ticket with.
	Seq uint64
	// LastKey is the last key of its keypad that did something; zero when the
	// desk was last used from a console.
	LastKey Now

	mark        callMark // of the last call
	finished    TicketID // the last that it finished; after a call, by that NEXT
	finishedSeq uint64
	finishedAt  Now
}

// An OutletState is an outlet at one moment.
type OutletState struct {
	Gives     Ability
	Why       string
	Since     Now
	Unprinted int // tickets on their way to paper
	// Torn tells that the program ended while a slip was on its way, and that
	// nothing was printed since: the printer may still hold a part of it.
	Torn bool
}

type seriesState struct {
	next int // 0 before the first
	lap  int
}

// A Shown is a call as boards show it.
type Shown struct {
	Seq     uint64 // of the newest call or recall: what makes a board sound
	Ticket  TicketID
	Number  Number
	Service ServiceID
	Desk    DeskID
	Label   string // of the desk when it called
	At      Now
	Recalls int
}

// shownCalls is how many calls the state remembers for the boards.
const shownCalls = 12

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

// LastNow is the instant of the last event.
func (s *State) LastNow() Now { return s.now }

// OfficeTime is the office's wall clock at now, in milliseconds since 1970 UTC,
// as it shows. Now is not before the last event; TimeOf is for what was.
func (s *State) OfficeTime(now Now) int64 {
	if now.Synced && !s.now.Synced {
		// A person's correction was for the clock as it was.
		return now.Wall
	}
	return now.Wall + s.correction
}

// CorrectionMs is what is added to the wall clock to get office time.
func (s *State) CorrectionMs() int64 { return s.correction }

// Day is the present business day.
func (s *State) Day() Day {
	d := s.day
	d.Provisional = d.Ordinal > 0 && (s.plan.Provisional || !s.sure)
	return d
}

// Plan is today's plan; nil before the first day.
func (s *State) Plan() *DayPlan { return s.plan }

// HasSetup tells whether an office was ever set up.
func (s *State) HasSetup() bool { return s.office != nil }

// Setup is the setup in force. Its slices must not be changed.
func (s *State) Setup() Setup {
	if s.office == nil {
		return Setup{}
	}
	return s.office.setup
}

// Totals are today's counts.
func (s *State) Totals() Totals { return s.totals }

// Calls are the last calls, newest first, at most 12. The slice must not be
// changed.
func (s *State) Calls() []Shown { return s.calls }

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

// LatestByNumber is the newest of today's tickets that shows the text, such as
// "A042", or nil.
func (s *State) LatestByNumber(text string) *Ticket {
	for i := s.tickets.len() - 1; i >= 0; i-- {
		if t := s.tickets.at(i); t.Number.Text == text {
			return t
		}
	}
	return nil
}

// Desk is a desk's setup and state; ok is false when there is none.
func (s *State) Desk(id DeskID) (d Desk, now DeskState, ok bool) {
	i := s.deskIndex(id)
	if i < 0 {
		return d, now, false
	}
	return s.office.desks[i].Desk, *s.desks[i], true
}

// Service is a service's setup; ok is false when there is none.
func (s *State) Service(id ServiceID) (Service, bool) {
	i := s.serviceIndex(id)
	if i < 0 {
		return Service{}, false
	}
	return s.office.services[i].Service, true
}

// RemovedServices are those that a change of setup took away and for which
// people still wait.
func (s *State) RemovedServices() iter.Seq[Service] {
	return func(yield func(Service) bool) {
		if s.office == nil {
			return
		}
		for _, x := range s.office.services {
			if x.removed && s.WaitingFor(x.ID) > 0 && !yield(x.Service) {
				return
			}
		}
	}
}

// RemovedDesks are those that a change of setup took away and that are open
// until their last ticket ends.
func (s *State) RemovedDesks() iter.Seq[Desk] {
	return func(yield func(Desk) bool) {
		if s.office == nil {
			return
		}
		for i, x := range s.office.desks {
			if x.removed && s.desks[i].Open && !yield(x.Desk) {
				return
			}
		}
	}
}

// Outlet is an outlet's setup and state; ok is false when there is none.
func (s *State) Outlet(id OutletID) (o Outlet, now OutletState, ok bool) {
	i := s.outletIndex(id)
	if i < 0 {
		return o, now, false
	}
	return s.office.outlets[i].Outlet, *s.outlets[i], true
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
// of their line, whatever their class. Those sent to one desk alone are not among
// them.
func (s *State) Waiting(id ServiceID) iter.Seq[*Ticket] {
	return s.in(s.waiting, s.serviceIndex(id))
}

// WaitingAt are those who wait for one desk alone, in order.
func (s *State) WaitingAt(id DeskID) iter.Seq[*Ticket] { return s.in(s.own, s.deskIndex(id)) }

func (s *State) in(all []*lines, i int) iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		if i >= 0 {
			all[i].all(func(t TicketID) bool { return yield(s.Ticket(t)) })
		}
	}
}

// Parked are the parked, soonest back first.
func (s *State) Parked() iter.Seq[*Ticket] { return s.inLine(s.parked) }

// UnsettledPapers are the tickets whose paper is requested, and while the visit
// lasts those whose paper failed or is unknown, oldest first.
func (s *State) UnsettledPapers() iter.Seq[*Ticket] { return s.inLine(s.papers) }

func (s *State) inLine(l line) iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		l.all(func(_ uint64, t TicketID) bool { return yield(s.Ticket(t)) })
	}
}

// ServiceOpen tells whether a service gives tickets at now by the plan, and if
// not, when it will next do so today (0 when not today), in office time. By a
// doubtful clock it does.
func (s *State) ServiceOpen(id ServiceID, now Now) (open bool, opens int64) {
	i := s.serviceIndex(id)
	if i < 0 || s.office.services[i].removed || s.plan == nil || !s.day.Open {
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

func (s *State) serviceIndex(id ServiceID) int {
	if s.office == nil {
		return -1
	}
	return at(s.office.serviceAt, id)
}

func (s *State) deskIndex(id DeskID) int {
	if s.office == nil {
		return -1
	}
	return at(s.office.deskAt, id)
}

func (s *State) outletIndex(id OutletID) int {
	if s.office == nil {
		return -1
	}
	return at(s.office.outletAt, id)
}

func (s *State) seriesIndex(id SeriesID) int {
	if s.office == nil {
		return -1
	}
	return at(s.office.seriesAt, id)
}

// lineTime is office time as it would be had nobody touched the clock since
// the day opened: within one boot it moves with the monotonic reading, across
// boots it follows the wall clock but never goes back.
func (s *State) lineTime(now Now) int64 {
	if now.Boot == s.now.Boot {
		return s.line + max(0, now.Mono-s.now.Mono)
	}
	if s.ClockDoubtful(now) {
		return s.line
	}
	return max(s.line, s.OfficeTime(now)-s.lead)
}
