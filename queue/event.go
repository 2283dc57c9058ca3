package queue

// An Event is something that happened. Events are ordered by their sequence
// alone; At is the clock as read.
type Event struct {
	Seq  uint64
	At   Now
	By   Cause
	Body Body
}

// A Body is what an event says. There is one type for each kind; its JSON is
// the encoding on disk, of which fields are added and never changed.
type Body interface {
	// Kind is the name of the event on disk, in the past tense.
	Kind() string
}

// The events of the journal and of the day.
type (
	// JournalBegun opens a journal's life; a restored backup begins another.
	JournalBegun struct {
		Journal string `json:"journal"` // random identity
		Version string `json:"version"` // of the program
		// After is the identity of the journal that was restored.
		After string `json:"after,omitempty"`
		// Next are the numbers at which the next day's series begin, since the
		// restored journal may not know what was given on that day.
		Next []SeriesFrom `json:"next,omitempty"`
		// ClockAnew tells that the trust in the clock begins anew: what the restored
		// journal knew of one was of another start, and may be of another box.
		ClockAnew bool `json:"clock_anew,omitempty"`
	}
	// A SeriesFrom is a number at which a series goes on.
	SeriesFrom struct {
		Series SeriesID `json:"series"`
		From   int      `json:"from"`
	}
	// JournalResumed is on disk before anything is answered after a start.
	// What was on its way to paper then is unknown.
	JournalResumed struct {
		Version string `json:"version"`
	}
	// SetupChanged puts another setup in force.
	SetupChanged struct {
		Setup Setup `json:"setup"`
	}
	// DayOpened begins a business day and carries all that the day needs, so
	// that it can be read for ever by itself.
	DayOpened struct {
		Day          int     `json:"day"` // ordinal, from 1
		Journal      string  `json:"journal"`
		CorrectionMs int64   `json:"correction_ms,omitempty"`
		Setup        Setup   `json:"setup"`
		Plan         DayPlan `json:"plan"`
		// Provisional tells that the clock was not known to be right.
		Provisional bool `json:"provisional,omitempty"`
		// Reached is the office time that had certainly come before a day that
		// opens by a doubtful clock; 0 when none is known.
		Reached int64 `json:"reached,omitempty"`
		// Torn are the outlets whose printer may hold a part of a slip of the
		// day before; see OutletState.
		Torn []OutletID `json:"torn,omitempty"`
		// Used are the tickets that services with a quota gave on earlier days.
		Used []Used `json:"used,omitempty"`
		// Appointments are those of today.
		Appointments []Booking `json:"appointments,omitempty"`
		// Gone are messages of earlier days that are there no more, the last ones.
		Gone []MessageID `json:"gone,omitempty"`
		// Given are the numbers that the last days gave, by their dates: a clock that is
		// put right may bring one of them back.
		Given []GivenOn `json:"given,omitempty"`
	}
	// DayClosed ends a business day. Nothing is open after it.
	DayClosed struct {
		Day     int `json:"day"`
		Issued  int `json:"issued"`
		Served  int `json:"served"`
		NoShows int `json:"no_shows"`
		Expired int `json:"expired"`
		// Unused are the numbers of blocks that nobody called in.
		Unused int `json:"unused,omitempty"`
	}
	// DayReplanned gives the open day another plan, after a change of hours.
	DayReplanned struct {
		Plan DayPlan `json:"plan"`
	}
	// ClockSet corrects office time: office = wall as read + correction.
	ClockSet struct {
		CorrectionMs int64 `json:"correction_ms"`
	}
)

// GivenOn is where the series of a date go on, so that none of its numbers is given
// twice under that date.
type GivenOn struct {
	Date string       `json:"date"`
	Next []SeriesFrom `json:"next"`
}

// Used is how many tickets of its quota a service gave on earlier days.
type Used struct {
	Service ServiceID `json:"service"`
	Tickets int       `json:"tickets"`
}

// The events of the office as a whole.
type (
	// DayRedated gives the open day another date, and the plan of that date,
	// once the clock is known to be right. Its numbers go on.
	DayRedated struct {
		Date string  `json:"date"`
		Plan DayPlan `json:"plan"`
	}
	// ClockSynced tells that the wall clock is known to be right from here on.
	// StepMs is how far it was moved against the time that had gone by since
	// the event before; CorrectionMs is the correction from here on.
	ClockSynced struct {
		StepMs       int64 `json:"step_ms"`
		CorrectionMs int64 `json:"correction_ms,omitempty"`
	}
	// ClockStepped tells that the wall clock jumped, by so much.
	ClockStepped struct {
		StepMs int64 `json:"step_ms"`
	}
	// OfficeSuspended stops issuing and calling everywhere, as in an alarm.
	OfficeSuspended struct {
		Why string `json:"why,omitempty"` // a code, such as "alarm"
	}
	OfficeResumed struct{}
	// HallCapacitySet changes how many people may wait in the hall.
	HallCapacitySet struct {
		People int `json:"people"`
	}
	// MessagePosted puts a message on boards.
	MessagePosted struct {
		Message Message `json:"message"`
	}
	MessageWithdrawn struct {
		Message MessageID `json:"message"`
	}
	// ServiceStopped stops issuing for a service, by a person until the day
	// ends, or by the last-ticket rule until the office time Until.
	ServiceStopped struct {
		Service ServiceID `json:"service"`
		Why     string    `json:"why,omitempty"` // a code, such as "last-ticket"
		Until   int64     `json:"until,omitempty"`
	}
	ServiceReopened struct {
		Service ServiceID `json:"service"`
	}
	// SeriesRestarted makes a series go on from another number, in that lap.
	SeriesRestarted struct {
		Series SeriesID `json:"series"`
		From   int      `json:"from"`
		Lap    int      `json:"lap,omitempty"`
	}
	// BlockReserved takes numbers out of a series, to be handed out on paper.
	BlockReserved struct {
		Code    string     `json:"code"`
		Series  SeriesID   `json:"series"`
		Service ServiceID  `json:"service"`
		Numbers []BlockRun `json:"numbers"`
	}
	// ContactRecorded is somebody whom the reception helped without a ticket.
	ContactRecorded struct {
		Contact Contact `json:"contact"`
		Request string  `json:"request,omitempty"`
		// Category is who the citizen came for, if told.
		Category Category `json:"category,omitempty"`
	}
)

// A Contact is what somebody came to the reception for, without a ticket.
type Contact string

// The contacts.
const (
	ContactInformation  Contact = "information"
	ContactForms        Contact = "forms"
	ContactComplaint    Contact = "complaint"
	ContactRegistration Contact = "registration" // a simple one
	// ContactIncomplete is somebody who was told before queueing that a document
	// is missing. It is counted apart: nobody was helped to the end.
	ContactIncomplete Contact = "missing-document"
)

// WhyLastTicket is why the last-ticket rule stops a service.
const WhyLastTicket = "last-ticket"

// The events of desks and outlets.
type (
	DeskOpened struct {
		Desk    DeskID `json:"desk"`
		Account string `json:"account,omitempty"` // opaque
		// Profile is the one in force until the desk closes, when it is less than
		// that of the setup, for what its operator is qualified for.
		Profile Profile `json:"profile,omitzero"`
	}
	DeskClosed struct {
		Desk DeskID `json:"desk"`
	}
	DeskPaused struct {
		Desk DeskID `json:"desk"`
		Why  string `json:"why,omitempty"` // a code of the setup, never free text
	}
	DeskProfileChanged struct {
		Desk    DeskID  `json:"desk"`
		Profile Profile `json:"profile"`
	}
	// OutletChanged tells whether an outlet can give numbers.
	OutletChanged struct {
		Outlet OutletID `json:"outlet"`
		Gives  Ability  `json:"gives"`
		Why    string   `json:"why,omitempty"` // a fault's code, such as "paper-out"
	}
)

// An Ability is yes, no or unknown.
type Ability string

// The abilities.
const (
	Able        Ability = "yes"
	Unable      Ability = "no"
	AbleUnknown Ability = "unknown"
)

// The events of a ticket.
type (
	TicketIssued struct {
		Ticket  TicketID   `json:"ticket"`
		Number  Number     `json:"number"`
		Service ServiceID  `json:"service"`
		Class   Class      `json:"class,omitempty"`
		Outlet  OutletID   `json:"outlet"`
		Paper   PaperState `json:"paper"` // requested, paperless, or printed for one of a block
		Token   string     `json:"token,omitempty"`
		Request string     `json:"request,omitempty"`
		Ahead   int        `json:"ahead"`
		Promise Promise    `json:"promise"`
		// Of an appointment: which, when it was due, the only desk that may
		// call it, and whether its holder came late.
		Appointment AppointmentID `json:"appointment,omitempty"`
		DueAt       int64         `json:"due_at,omitempty"`
		Desk        DeskID        `json:"desk,omitempty"`
		Late        bool          `json:"late,omitempty"`
		// Asked is where the number was asked for, when its slip comes out at
		// another outlet: the spare one.
		Asked OutletID `json:"asked,omitempty"`
		// Category is who the citizen comes for, if told.
		Category Category `json:"category,omitempty"`
		// Language is the one that the citizen chose; empty is the office's.
		Language Language `json:"language,omitempty"`
		// Of a number of a block: its code, and when it was handed, in office time, if
		// that is known.
		Block    string `json:"block,omitempty"`
		HandedAt int64  `json:"handed_at,omitempty"`
	}
	// PriorityGranted and PriorityWithdrawn change the class of a ticket that
	// waits.
	PriorityGranted struct {
		Ticket TicketID `json:"ticket"`
	}
	PriorityWithdrawn struct {
		Ticket TicketID `json:"ticket"`
	}
	// CategorySet tells, or corrects, who the holder of a ticket comes for.
	CategorySet struct {
		Ticket   TicketID `json:"ticket"`
		Category Category `json:"category,omitempty"`
	}
	// ServicesPlanned says which services a visit is still for after the present
	// one, in order; none takes back what was planned.
	ServicesPlanned struct {
		Ticket   TicketID    `json:"ticket"`
		Services []ServiceID `json:"services,omitempty"`
	}
	TicketCalled struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
		Reason Reason   `json:"reason"`
	}
	TicketRecalled struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
		Nth    int      `json:"nth"` // of this call, from 1
	}
	// ServiceStarted ends the walk. FromCall tells that nobody said when: the
	// service is taken to have begun with the call, and there is no walk.
	ServiceStarted struct {
		Ticket   TicketID `json:"ticket"`
		Desk     DeskID   `json:"desk"`
		FromCall bool     `json:"from_call,omitempty"`
	}
	TicketServed struct {
		Ticket     TicketID `json:"ticket"`
		Desk       DeskID   `json:"desk"`
		UnknownEnd bool     `json:"unknown_end,omitempty"`
		Outcome    Outcome  `json:"outcome,omitempty"` // if told
	}
	TicketNoShow struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
	}
	// TicketTransferred starts the next leg of the same visit.
	TicketTransferred struct {
		Ticket  TicketID  `json:"ticket"`
		From    DeskID    `json:"from"`
		Service ServiceID `json:"service"`
		Desk    DeskID    `json:"desk,omitempty"` // only this desk may call it
		Place   Place     `json:"place"`
		// Planned tells that the service was finished, and that the visit goes on to
		// the next one of its plan; then also what came of it, and whether nobody
		// knows when it ended.
		Planned    bool    `json:"planned,omitempty"`
		Outcome    Outcome `json:"outcome,omitempty"`
		UnknownEnd bool    `json:"unknown_end,omitempty"`
	}
	// ServiceContinued starts the next leg of the same visit at the same desk, of
	// a service that was planned: its holder is there already.
	ServiceContinued struct {
		Ticket  TicketID  `json:"ticket"`
		Desk    DeskID    `json:"desk"`
		Service ServiceID `json:"service"`
		Outcome Outcome   `json:"outcome,omitempty"` // of the service that ended, if told
	}
	// TicketIssuedAtDesk gives a number to somebody who stands at a desk already,
	// and starts the service. Its number is on the screen of the desk; Outlet is
	// where its paper would come out, if somebody asks for one.
	TicketIssuedAtDesk struct {
		Ticket   TicketID  `json:"ticket"`
		Number   Number    `json:"number"`
		Service  ServiceID `json:"service"`
		Desk     DeskID    `json:"desk"`
		Outlet   OutletID  `json:"outlet"`
		Category Category  `json:"category,omitempty"` // who the citizen comes for, if told
		Token    string    `json:"token,omitempty"`
		Request  string    `json:"request,omitempty"`
	}
	TicketParked struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
		ForMs  int64    `json:"for_ms"`
	}
	// TicketResumed brings a parked ticket back: to the desk that asked for
	// it, or to its place in the queue when its time was up.
	TicketResumed struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk,omitempty"`
	}
	TicketCancelled struct {
		Ticket TicketID `json:"ticket"`
		Why    string   `json:"why"` // a code: "citizen", "not-printed", "burst", "mistake", "gone"
	}
	TicketExpired struct {
		Ticket TicketID `json:"ticket"`
	}
)

// A Place is where a transferred ticket stands in its new queue.
type Place string

// The places.
const (
	PlaceArrival Place = "arrival" // by first arrival
	PlaceFront   Place = "front"
	PlaceBack    Place = "back"
)

// WhyUnconfirmed is why nobody knows of a slip from a printer of a kind that
// never answers: its silence is no fault.
const WhyUnconfirmed = "unconfirmed"

// The events of a ticket's paper.
type (
	TicketPrinted struct {
		Ticket TicketID `json:"ticket"`
		Job    int      `json:"job"`
		Rung   string   `json:"rung"` // how the word was earned
	}
	TicketPrintFailed struct {
		Ticket TicketID `json:"ticket"`
		Job    int      `json:"job"`
		Why    string   `json:"why"` // a code, such as "paper-out"
	}
	TicketPrintUnknown struct {
		Ticket TicketID `json:"ticket"`
		Job    int      `json:"job"`
		Why    string   `json:"why"`
	}
	// TicketMadePaperless gives the number on the outlet's screen instead.
	TicketMadePaperless struct {
		Ticket TicketID `json:"ticket"`
	}
	// SlipMoved sends a slip that is known to have failed to the spare printer,
	// once and by itself. It is still the first that can be read.
	SlipMoved struct {
		Ticket TicketID `json:"ticket"`
		Job    int      `json:"job"`
		Outlet OutletID `json:"outlet"`
	}
	// ReprintRequested is a person's act; its slip is marked RISTAMPA.
	ReprintRequested struct {
		Ticket TicketID `json:"ticket"`
		Job    int      `json:"job"`
		Outlet OutletID `json:"outlet"`
	}
)

// The events by which a visit goes another way than forward. They are no
// corrections of earlier events: those stay as they are.
type (
	// CallUndone takes a wrong call back: the ticket stands at its old place.
	CallUndone struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
		// Reopened is the ticket that the undone NEXT had finished; it is at
		// the desk again.
		Reopened TicketID `json:"reopened,omitempty"`
	}
	// TicketReturned puts a no-show back, to be called after some calls.
	TicketReturned struct {
		Ticket     TicketID `json:"ticket"`
		AfterCalls int      `json:"after_calls"`
		// Auto tells that no person asked for it.
		Auto bool `json:"auto,omitempty"`
	}
	// TicketPutBack returns a ticket that was called by mistake to its place.
	TicketPutBack struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
	}
	// TicketReinstated returns a ticket to its place that was cancelled, has
	// expired, or counted as served though nobody saw how its service ended.
	TicketReinstated struct {
		Ticket TicketID `json:"ticket"`
	}
	// DeskSeen tells that a key was pressed at a desk where nothing was to do.
	DeskSeen struct {
		Desk DeskID `json:"desk"`
	}
)

// The events of today's appointments. Checking in is TicketIssued.
type (
	AppointmentBooked struct {
		Appointment Booking `json:"appointment"`
	}
	AppointmentCancelled struct {
		Appointment AppointmentID `json:"appointment"`
	}
	// AppointmentMissed tells that nobody came within the tolerance.
	AppointmentMissed struct {
		Appointment AppointmentID `json:"appointment"`
	}
)

func (JournalBegun) Kind() string         { return "JournalBegun" }
func (JournalResumed) Kind() string       { return "JournalResumed" }
func (SetupChanged) Kind() string         { return "SetupChanged" }
func (DayOpened) Kind() string            { return "DayOpened" }
func (DayClosed) Kind() string            { return "DayClosed" }
func (DayReplanned) Kind() string         { return "DayReplanned" }
func (ClockSet) Kind() string             { return "ClockSet" }
func (DeskOpened) Kind() string           { return "DeskOpened" }
func (DeskClosed) Kind() string           { return "DeskClosed" }
func (DeskPaused) Kind() string           { return "DeskPaused" }
func (DeskProfileChanged) Kind() string   { return "DeskProfileChanged" }
func (OutletChanged) Kind() string        { return "OutletChanged" }
func (TicketIssued) Kind() string         { return "TicketIssued" }
func (TicketCalled) Kind() string         { return "TicketCalled" }
func (TicketRecalled) Kind() string       { return "TicketRecalled" }
func (ServiceStarted) Kind() string       { return "ServiceStarted" }
func (TicketServed) Kind() string         { return "TicketServed" }
func (TicketNoShow) Kind() string         { return "TicketNoShow" }
func (TicketTransferred) Kind() string    { return "TicketTransferred" }
func (ServicesPlanned) Kind() string      { return "ServicesPlanned" }
func (ServiceContinued) Kind() string     { return "ServiceContinued" }
func (TicketIssuedAtDesk) Kind() string   { return "TicketIssuedAtDesk" }
func (TicketParked) Kind() string         { return "TicketParked" }
func (TicketResumed) Kind() string        { return "TicketResumed" }
func (TicketCancelled) Kind() string      { return "TicketCancelled" }
func (TicketExpired) Kind() string        { return "TicketExpired" }
func (TicketPrinted) Kind() string        { return "TicketPrinted" }
func (TicketPrintFailed) Kind() string    { return "TicketPrintFailed" }
func (TicketPrintUnknown) Kind() string   { return "TicketPrintUnknown" }
func (TicketMadePaperless) Kind() string  { return "TicketMadePaperless" }
func (SlipMoved) Kind() string            { return "SlipMoved" }
func (ReprintRequested) Kind() string     { return "ReprintRequested" }
func (DayRedated) Kind() string           { return "DayRedated" }
func (ClockSynced) Kind() string          { return "ClockSynced" }
func (ClockStepped) Kind() string         { return "ClockStepped" }
func (OfficeSuspended) Kind() string      { return "OfficeSuspended" }
func (HallCapacitySet) Kind() string      { return "HallCapacitySet" }
func (MessagePosted) Kind() string        { return "MessagePosted" }
func (MessageWithdrawn) Kind() string     { return "MessageWithdrawn" }
func (OfficeResumed) Kind() string        { return "OfficeResumed" }
func (ServiceStopped) Kind() string       { return "ServiceStopped" }
func (ServiceReopened) Kind() string      { return "ServiceReopened" }
func (SeriesRestarted) Kind() string      { return "SeriesRestarted" }
func (ContactRecorded) Kind() string      { return "ContactRecorded" }
func (PriorityGranted) Kind() string      { return "PriorityGranted" }
func (PriorityWithdrawn) Kind() string    { return "PriorityWithdrawn" }
func (CategorySet) Kind() string          { return "CategorySet" }
func (BlockReserved) Kind() string        { return "BlockReserved" }
func (CallUndone) Kind() string           { return "CallUndone" }
func (TicketReturned) Kind() string       { return "TicketReturned" }
func (TicketPutBack) Kind() string        { return "TicketPutBack" }
func (TicketReinstated) Kind() string     { return "TicketReinstated" }
func (DeskSeen) Kind() string             { return "DeskSeen" }
func (AppointmentBooked) Kind() string    { return "AppointmentBooked" }
func (AppointmentCancelled) Kind() string { return "AppointmentCancelled" }
func (AppointmentMissed) Kind() string    { return "AppointmentMissed" }

// deskOf is the desk at which an event happened, or none.
func deskOf(b Body) DeskID {
	switch b := b.(type) {
	case DeskOpened:
		return b.Desk
	case DeskPaused:
		return b.Desk
	case DeskSeen:
		return b.Desk
	case TicketCalled:
		return b.Desk
	case TicketRecalled:
		return b.Desk
	case ServiceStarted:
		return b.Desk
	case TicketServed:
		return b.Desk
	case TicketNoShow:
		return b.Desk
	case TicketTransferred:
		return b.From
	case ServiceContinued:
		return b.Desk
	case TicketIssuedAtDesk:
		return b.Desk
	case TicketParked:
		return b.Desk
	case TicketResumed:
		return b.Desk
	case CallUndone:
		return b.Desk
	case TicketPutBack:
		return b.Desk
	}
	return ""
}

// IssuedIn is the ticket that is issued by the events of a command, or 0.
func IssuedIn(events []Event) TicketID {
	for _, e := range events {
		switch b := e.Body.(type) {
		case TicketIssued:
			return b.Ticket
		case TicketIssuedAtDesk:
			return b.Ticket
		}
	}
	return 0
}

// MissedIn is the ticket whose holder a command took not to have come, without being
// told so, or 0.
func MissedIn(events []Event) TicketID {
	for _, e := range events {
		if b, ok := e.Body.(TicketNoShow); ok && e.By.Inferred {
			return b.Ticket
		}
	}
	return 0
}

// CalledIn is the ticket that is called by the events of a command, or 0.
func CalledIn(events []Event) TicketID {
	for _, e := range events {
		if b, ok := e.Body.(TicketCalled); ok {
			return b.Ticket
		}
	}
	return 0
}
