package queue

import (
	"fmt"
	"reflect"
)

// A Command is something that a person or a device wants. Each says By whom;
// commands that may come twice over a network carry what their sender believed
// (Finishing, Ticket) or a name of their own (Request), so that the second
// does nothing. A command is given as a value, never as a pointer to one.
type Command interface {
	by() Cause
	// decide emits the events that the command causes, or refuses it.
	decide(*decision) error
}

// A Restoration says at which numbers series go on after a copy was put back.
type Restoration struct {
	// Next are the numbers that a person or the program chose; a series that is
	// not named goes on 100 numbers after its last one that is known.
	Next []SeriesFrom
}

// Commands of the box itself.
type (
	// StartUp is the first command after the program starts.
	StartUp struct {
		Version string
		Journal string // identity for a journal that has none; random
		// Restored tells that the journal is a copy that was put back: it goes
		// on under the new identity, and its series at other numbers.
		Restored *Restoration
	}
	// OpenDay ends the present business day if it is over, and opens the next;
	// a day that goes on under a wrong date gets the right one. Plan is that of
	// the present moment.
	OpenDay struct {
		Plan DayPlan
		// Began is the plan of the moment that State.Began tells, when it tells
		// one.
		Began DayPlan
		// Appointments are those of the day, when another one begins.
		Appointments []Booking
	}
	// AbandonTicket takes a ticket back that was stored only when whoever asked
	// for it had given up, and who cannot ask for it again by name.
	AbandonTicket struct{ Ticket TicketID }
	// Tick does what is due by itself: see State.Due.
	Tick struct{}
	// ReportPaper tells what became of a print job. A job that was unknown may
	// be printed after all.
	ReportPaper struct {
		Ticket TicketID
		Job    int
		Paper  PaperState // printed, failed or unknown
		Rung   string
		Why    string
	}
	// ReportOutlet tells whether an outlet can give numbers.
	ReportOutlet struct {
		Outlet OutletID
		Gives  Ability
		Why    string
	}
)

// Commands of the manager and the technician.
type (
	// ChangeSetup puts another setup in force; Plan is today's plan by it. While the
	// day is open it leaves people without an open desk, or a desk with nothing to
	// serve, only when Sure; see UnattendedError. What was planned for its day was
	// decided then, and is Sure when it comes due.
	ChangeSetup struct {
		By    Cause
		Setup Setup
		Plan  DayPlan
		Sure  bool
	}
	// SetDeskProfile changes what a desk serves from its next call on; Sure is as in
	// ChangeSetup. Who opens a desk and is not qualified for all of its profile is
	// asked nothing: nobody can be made to serve what they may not.
	SetDeskProfile struct {
		By      Cause
		Desk    DeskID
		Profile Profile
		Sure    bool
	}
	// SetHallCapacity changes how many people may wait in the hall; 0 is no limit.
	SetHallCapacity struct {
		By     Cause
		People int
	}
	// PostMessage puts a message on boards, under a name that no other has.
	PostMessage struct {
		By      Cause
		Message Message
	}
	WithdrawMessage struct {
		By      Cause
		Message MessageID
	}
	// SetClock corrects office time, in milliseconds added to the wall clock. While
	// the day is open, a clock that is believed is moved by ten minutes or more only
	// when Sure; see ClockJumpError.
	SetClock struct {
		By           Cause
		CorrectionMs int64
		Sure         bool
	}
	// SuspendOffice stops issuing and calling until ResumeOffice.
	SuspendOffice struct {
		By  Cause
		Why string // a code
	}
	ResumeOffice struct{ By Cause }
	// StopService gives no more tickets of a service today, until
	// ReopenService.
	StopService struct {
		By      Cause
		Service ServiceID
		Why     string // a code
	}
	ReopenService struct {
		By      Cause
		Service ServiceID
	}
	// RestartSeries goes on from another number ("riparti da A058"). Next,
	// when given, is the number that its sender believes to be next. Again tells
	// that numbers which were given today may be given again, where nobody can use
	// them any more; without it a step back over such numbers is refused with a
	// GivenTodayError.
	RestartSeries struct {
		By     Cause
		Series SeriesID
		From   int
		Next   int
		Again  bool
	}
)

// Commands of citizens and the reception.
type (
	// IssueTicket gives a number. Request, when given, names the request: a
	// repetition on the same day is answered with the same ticket. A request that
	// may come twice needs a name.
	IssueTicket struct {
		By      Cause
		Service ServiceID
		Class   Class
		Outlet  OutletID
		Token   string
		Request string
		Promise Promise
		// Category is who the citizen comes for, if told.
		Category Category
		// Language is the one that the citizen chose; empty is the office's, and so is
		// what is no code of a language.
		Language Language
		// Then are the services that the same visit is for after the first, in
		// order.
		Then []ServiceID
		// Paperless tells that the citizen wants no paper: the number is on the outlet's
		// screen. Where there is no screen it is printed all the same, since nobody could
		// read it.
		Paperless bool
	}
	// PlanServices changes for which services a visit is still to be called after
	// the present one, in order; none takes back what was planned. Nth, when given,
	// says which service of the visit, from 1, its sender saw the ticket at.
	PlanServices struct {
		By       Cause
		Ticket   TicketID
		Services []ServiceID
		Nth      int
	}
	CancelTicket struct {
		By     Cause
		Ticket TicketID
		Why    string
	}
	// CancelTickets cancels many at once, such as a child's burst on a button.
	// Those that nobody waits with any more are left as they are.
	CancelTickets struct {
		By      Cause
		Tickets []TicketID
		Why     string
	}
	// Reprint prints a ticket again, marked RISTAMPA. Job is the last job its
	// sender knows of.
	Reprint struct {
		By     Cause
		Ticket TicketID
		Job    int
		Outlet OutletID // where; empty is where it was asked for
	}
	// RecordContact counts somebody who was helped without a ticket. Request,
	// when given, names the request, so that a repetition is counted once.
	RecordContact struct {
		By      Cause
		Contact Contact
		Request string
		// Category is who the citizen comes for, if told.
		Category Category
	}
	// ReserveBlock takes the next numbers of a service's series out of it, 20 to 50,
	// to be handed out on paper. Code stands on each slip and names the block, so
	// that a repetition reserves nothing.
	ReserveBlock struct {
		By      Cause
		Service ServiceID
		Count   int
		Code    string
	}
	// AdmitReserved makes a ticket of a number of a block that was handed out, such
	// as "A058".
	AdmitReserved struct {
		By       Cause
		Number   string
		Service  ServiceID // empty is that of the block
		Class    Class
		Category Category
		Outlet   OutletID // empty is the reception's
		Token    string
		HandedAt int64 // office time; 0 is now
	}
	// GrantPriority lets a waiting ticket wait by right of priority, at the place
	// that it has by its issue. No reason is stored.
	GrantPriority struct {
		By     Cause
		Ticket TicketID
	}
	WithdrawPriority struct {
		By     Cause
		Ticket TicketID
	}
	// SetCategory says, or corrects, who the holder of a ticket comes for; also
	// once the visit is over. The empty category takes it back.
	SetCategory struct {
		By       Cause
		Ticket   TicketID
		Category Category
	}
)

// Commands of a desk.
type (
	//
	// Seen, where a command has it, is the DeskState.Seq that its sender saw, or
	// zero when it does not say: a copy that comes late then finds that the desk
	// has moved on, also where it names no ticket or one that is there again.
	OpenDesk struct {
		By      Cause
		Desk    DeskID
		Account string
		// Qualified are the services that its operator may serve, when they are not
		// all; the desk then serves what these and its profile have in common. A
		// keypad names none: at an open desk it leaves the profile in force as it is,
		// and a desk that it opens serves its whole profile.
		Qualified []ServiceID
		Seen      uint64
	}
	// CloseDesk closes a desk. What becomes of the ticket that it still holds, its clerk
	// says in Current, which may be left out of one that was called less than 20 s ago:
	// nobody can have come for it, and it is a no-show that is put back, once. A keypad
	// cannot be asked. There a ticket in service ends, unknown when, and one that was
	// only called fares as with NEXT, or counts as served since its call, unknown until
	// when; all of that is inferred.
	CloseDesk struct {
		By      Cause
		Desk    DeskID
		Current Current
	}
	PauseDesk struct {
		By   Cause
		Desk DeskID
		Why  string
		Seen uint64
	}
	// CallNext finishes the ticket the desk holds, if any, and calls the next
	// one. Finishing is the ticket that the sender believes the desk to hold,
	// or zero for none.
	CallNext struct {
		By        Cause
		Desk      DeskID
		Finishing TicketID
		Outcome   Outcome // of the ticket that it finishes, if told
		Seen      uint64
	}
	// CallTicket calls a given ticket out of order, where the office allows it. One
	// that NEXT would call is called by the rule that it would be called by.
	CallTicket struct {
		By        Cause
		Desk      DeskID
		Finishing TicketID
		Outcome   Outcome // of the ticket that it finishes, if told
		Ticket    TicketID
		Seen      uint64
	}
	RecallTicket struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
		Seen   uint64
	}
	StartService struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// FinishTicket ends the service. A visit that is planned for another one goes
	// on to it, as with CallNext.
	FinishTicket struct {
		By      Cause
		Desk    DeskID
		Ticket  TicketID
		Outcome Outcome // if told
	}
	MarkNoShow struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// TransferTicket sends the ticket on to another service, and to one desk
	// alone when Desk is given.
	TransferTicket struct {
		By      Cause
		From    DeskID
		Ticket  TicketID
		Service ServiceID
		Desk    DeskID
		Place   Place // empty is by first arrival
	}
	// ServeOn begins the next service at the desk that holds the ticket: one that
	// is planned for it and that the desk serves. Outcome is of the service that ends.
	ServeOn struct {
		By      Cause
		Desk    DeskID
		Ticket  TicketID
		Service ServiceID
		Outcome Outcome
	}
	// IssueAtDesk gives a number to somebody who stands at a desk without one, and
	// begins the service there: nobody waits for it and nobody is called. Request,
	// when given, names the request, as in IssueTicket.
	IssueAtDesk struct {
		By       Cause
		Desk     DeskID
		Service  ServiceID
		Category Category // who the citizen comes for, if told
		Token    string
		Request  string
		Seen     uint64
	}
	// ParkTicket puts the visit aside; ForMs zero is the office's usual time.
	ParkTicket struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
		ForMs  int64
	}
	// ResumeTicket takes a parked ticket back to a desk that holds none.
	ResumeTicket struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
)

// Commands by which a visit goes another way than forward.
type (
	// UndoCall takes a wrong call back, shortly after it: Ticket is the one
	// that was called.
	UndoCall struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// ReturnTicket puts a no-show back who turned up late, once.
	ReturnTicket struct {
		By     Cause
		Ticket TicketID
	}
	// PutBack returns a ticket that was called by mistake to its place.
	PutBack struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// Reinstate returns a ticket of today that was cancelled by mistake, has
	// expired, or counts as served though nobody saw it, to its place.
	Reinstate struct {
		By     Cause
		Ticket TicketID
	}
)

// Commands of the agenda and of who comes by appointment.
type (
	// BookAppointment adds an appointment for today; those of other days are
	// handed to OpenDay when their day comes.
	BookAppointment struct {
		By          Cause
		Appointment Booking
	}
	CancelAppointment struct {
		By          Cause
		Appointment AppointmentID
	}
	// CheckIn gives the holder of an appointment a ticket. Who comes after the
	// tolerance waits as anybody does.
	CheckIn struct {
		By          Cause
		Appointment AppointmentID
		Outlet      OutletID
		Token       string
		Promise     Promise
	}
)

var (
	automatic = Cause{Kind: ByAutomatic}
	printer   = Cause{Kind: ByPrinter}
)

func (StartUp) by() Cause             { return automatic }
func (OpenDay) by() Cause             { return automatic }
func (Tick) by() Cause                { return automatic }
func (AbandonTicket) by() Cause       { return automatic }
func (ReportPaper) by() Cause         { return printer }
func (c ReportOutlet) by() Cause      { return Cause{Kind: ByPrinter, Device: string(c.Outlet)} }
func (c ChangeSetup) by() Cause       { return c.By }
func (c SetDeskProfile) by() Cause    { return c.By }
func (c SetHallCapacity) by() Cause   { return c.By }
func (c PostMessage) by() Cause       { return c.By }
func (c WithdrawMessage) by() Cause   { return c.By }
func (c SetClock) by() Cause          { return c.By }
func (c IssueTicket) by() Cause       { return c.By }
func (c PlanServices) by() Cause      { return c.By }
func (c CancelTicket) by() Cause      { return c.By }
func (c CancelTickets) by() Cause     { return c.By }
func (c Reprint) by() Cause           { return c.By }
func (c OpenDesk) by() Cause          { return c.By }
func (c CloseDesk) by() Cause         { return c.By }
func (c PauseDesk) by() Cause         { return c.By }
func (c CallNext) by() Cause          { return c.By }
func (c CallTicket) by() Cause        { return c.By }
func (c RecallTicket) by() Cause      { return c.By }
func (c StartService) by() Cause      { return c.By }
func (c FinishTicket) by() Cause      { return c.By }
func (c MarkNoShow) by() Cause        { return c.By }
func (c TransferTicket) by() Cause    { return c.By }
func (c ServeOn) by() Cause           { return c.By }
func (c IssueAtDesk) by() Cause       { return c.By }
func (c ParkTicket) by() Cause        { return c.By }
func (c ResumeTicket) by() Cause      { return c.By }
func (c SuspendOffice) by() Cause     { return c.By }
func (c ResumeOffice) by() Cause      { return c.By }
func (c StopService) by() Cause       { return c.By }
func (c ReopenService) by() Cause     { return c.By }
func (c RestartSeries) by() Cause     { return c.By }
func (c RecordContact) by() Cause     { return c.By }
func (c ReserveBlock) by() Cause      { return c.By }
func (c AdmitReserved) by() Cause     { return c.By }
func (c GrantPriority) by() Cause     { return c.By }
func (c WithdrawPriority) by() Cause  { return c.By }
func (c SetCategory) by() Cause       { return c.By }
func (c UndoCall) by() Cause          { return c.By }
func (c ReturnTicket) by() Cause      { return c.By }
func (c PutBack) by() Cause           { return c.By }
func (c Reinstate) by() Cause         { return c.By }
func (c BookAppointment) by() Cause   { return c.By }
func (c CancelAppointment) by() Cause { return c.By }
func (c CheckIn) by() Cause           { return c.By }

// Decide says which events a command causes at now, in order, or refuses it
// with one of the errors of this package. A command that was already carried
// out, or that asks for nothing new, causes no events and is no error.
func (s *State) Decide(now Now, c Command) ([]Event, error) {
	_, events, err := s.Step(now, c)
	return events, err
}

// Step is Decide, and the state after the events.
func (s *State) Step(now Now, c Command) (*State, []Event, error) {
	if c == nil || reflect.ValueOf(c).Kind() == reflect.Pointer {
		return s, nil, fmt.Errorf("%w: none was given, or a pointer to one", ErrBadCommand)
	}
	d := decision{now: now, by: c.by(), s: s.draft()}
	if err := short("device", d.by.Device); err != nil {
		return s, nil, err
	}
	d.watchClock()
	if err := d.decide(c); err != nil {
		return s, nil, err
	}
	d.closeRemovedDesks()
	d.stopFull()
	if len(d.events) == 0 {
		return s, nil, nil
	}
	return d.s.seal(), d.events, nil
}

// A decision is a command being worked out: the events so far, and the state
// after them.
type decision struct {
	now    Now
	by     Cause
	s      *draft
	events []Event
}

func (d *decision) emit(b Body) { d.emitBy(d.by, b) }

func (d *decision) emitBy(by Cause, b Body) {
	e := Event{Seq: d.s.seq + 1, At: d.now, By: by, Body: b}
	d.events = append(d.events, e)
	d.s.apply(e)
}

// decide lets a command be decided, if it may be at all now.
func (d *decision) decide(c Command) error {
	switch c.(type) {
	case StartUp, ChangeSetup:
		return c.decide(d)
	}
	if d.s.index == nil {
		return ErrNoSetup
	}
	switch c.(type) {
	case OpenDay, ReportOutlet, SetClock:
		return c.decide(d)
	}
	if !d.s.day.Open {
		if _, idle := c.(Tick); idle {
			return nil
		}
		return ErrNoDay
	}
	if err := d.halted(c); err != nil {
		return err
	}
	return c.decide(d)
}
