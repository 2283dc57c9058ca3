package queue

import (
	"strconv"
	"strings"
	"unicode"
)

// A TicketID names a ticket for ever: the ordinal of its business day times a
// million, plus its ordinal within the day from 1. Zero is no ticket.
type TicketID uint64

const ticketsPerDay = 1_000_000

func ticketID(day, ordinal int) TicketID {
	return TicketID(day)*ticketsPerDay + TicketID(ordinal)
}

// Day is the ordinal of the ticket's business day.
func (t TicketID) Day() int { return int(t / ticketsPerDay) }

// Ordinal is the ticket's place among those issued that day, from 1.
func (t TicketID) Ordinal() int { return int(t % ticketsPerDay) }

// String is the decimal form, as in addresses of pages.
func (t TicketID) String() string { return strconv.FormatUint(uint64(t), 10) }

// ParseTicketID reads the decimal form.
func ParseTicketID(s string) (TicketID, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err != nil {
		return 0, ErrUnknownTicket
	}
	return TicketID(n), nil
}

// A Number is what a citizen reads on the ticket.
type Number struct {
	Series SeriesID `json:"series"`
	Value  int      `json:"value"`
	// Lap counts how often the series began again today, from 0.
	Lap int `json:"lap,omitempty"`
	// Text is the whole number as shown, such as "A042".
	Text string `json:"text"`
}

// Shows tells whether the text, as a person types it, is the number: small letters,
// blanks, hyphens and dots within it do not count, and neither do the zeros before
// its figure. "a 6" is A006. An empty text is no number.
func (n Number) Shows(typed string) bool {
	plain := plainNumber(typed)
	return plain != "" && plain == plainNumber(n.Text)
}

// plainNumber is a number as numbers are compared with what people type.
func plainNumber(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return text
	}
	figure := strings.TrimLeft(text[at:], "0")
	if figure == "" || figure[0] < '0' || figure[0] > '9' {
		figure = "0" + figure
	}
	return text[:at] + figure
}

// A Class is the right by which a ticket waits. It is on no paper, board,
// voice or phone page.
type Class string

// The classes.
const (
	Ordinary Class = ""
	Priority Class = "priority"
	// Appointment has its turn when its time has come.
	Appointment Class = "appointment"
)

// A TicketState is where a ticket stands.
type TicketState string

// The states.
const (
	Waiting   TicketState = "waiting"
	Called    TicketState = "called"
	Serving   TicketState = "serving"
	Parked    TicketState = "parked"
	Served    TicketState = "served"
	NoShow    TicketState = "no-show"
	Cancelled TicketState = "cancelled"
	Expired   TicketState = "expired"
)

// Ended tells whether the visit is over.
func (s TicketState) Ended() bool {
	switch s {
	case Waiting, Called, Serving, Parked:
		return false
	default:
		return true
	}
}

// A PaperState is what became of the paper. It never blocks the queue.
type PaperState string

// The states of the paper.
const (
	Paperless      PaperState = "paperless" // given on a screen
	PaperRequested PaperState = "requested" // on its way to the printer
	PaperPrinted   PaperState = "printed"   // the printer said so
	PaperFailed    PaperState = "failed"    // the printer said it did not
	PaperUnknown   PaperState = "unknown"   // nobody can know: a person looks
)

// WhyRestart is why a paper is unknown that was on its way when the program
// ended.
const WhyRestart = "restart"

// WhyDayClosed is why a paper is unknown that was on its way when its day
// closed.
const WhyDayClosed = "day-closed"

// A Promise is the estimated wait told to the citizen, in milliseconds; both
// zero when none was told.
type Promise struct {
	FromMs int64 `json:"from_ms,omitempty"`
	ToMs   int64 `json:"to_ms,omitempty"`
}

// A Ticket is one visit: a number, and every period it went through. It never
// changes once it is in a State; a change makes another.
type Ticket struct {
	ID      TicketID
	Number  Number
	Service ServiceID // of the present leg
	Class   Class
	State   TicketState
	// Desk holds the ticket while called or serving; while waiting it is the
	// desk it was transferred to, if it may be served nowhere else.
	Desk    DeskID
	Issued  Now
	By      Cause
	Asked   OutletID // where it was asked for
	Outlet  OutletID // where its newest slip comes out
	Token   string   // random, for the status page behind the QR code
	Request string   // the caller's own name for the request, to answer a retry
	Promise Promise
	Ahead   int // people ahead when issued

	Paper    PaperState
	Job      int    // the newest print job, from 1; 0 when never requested
	PaperWhy string // why it failed or is unknown
	PaperAt  Now    // when the state of the paper last changed
	// Reprinted tells that a person asked for its newest slip: it is marked
	// RISTAMPA. One that moved to the spare printer by itself is not, since no
	// other can be read.
	Reprinted bool

	Periods []Period
	Leg     int // legs so far, from 0: a transfer starts the next
	Recalls int // of the present call
	Called  Now // last call or recall
	Calls   int // calls in all
	Rule    Reason
	Why     string  // why it was cancelled
	Outcome Outcome // once served, if told
	Block   string  // whose number it has; empty is none
	// Category is who the holder comes for, if told.
	Category Category
	// Language is the one that the holder chose; empty is the office's.
	Language Language
	plan     *visitPlan // nil of a visit for one service

	// Returned tells that it was put back after a no-show by a person.
	Returned bool

	// Of an appointment: which, when it was due in office time, and whether
	// its holder came too late for it.
	Appointment AppointmentID
	DueAt       int64
	Late        bool

	wish        uint64  // what its request asked for, hashed
	arrival     uint64  // key by first arrival, for the whole visit
	key         uint64  // in its queue, while waiting
	since       instant // from which its wait counts in the order
	bound       DeskID  // the only desk that may call it, also while it is called
	returning   bool    // came back after a no-show and waits for its turn
	returnedBy  DeskID  // the desk whose keypad passed over it in haste, once put back
	calledBy    DeskID  // the desk of the last call
	reinstated  bool    // after it had ended in a way that was none; see Reinstatable
	apart       int     // recalls of the present call that were far enough apart
	apartAt     Now     // the last of those
	returnAfter int64   // how many calls its service must have had by then
	parkedKey   uint64  // key among the parked, while parked
}

// A Period is a stretch of a visit.
type Period struct {
	Kind    TicketState // Waiting, Called, Serving or Parked; an end, of the time until a visit went on after all
	Service ServiceID
	Desk    DeskID
	Leg     int
	Start   Now
	End     Now // zero while it lasts
	By      Cause
	// EndInferred tells that nobody saw the end; EndUnknown that it cannot be
	// known at all, as when a desk closes over its last ticket.
	EndInferred bool
	EndUnknown  bool
	// Finished tells that a service ended with it though the visit went on, to the
	// next service of its plan.
	Finished bool
	// Undone tells that the call was taken back: it never was one.
	Undone bool
	// Reason is why it was called; nil of another period.
	Reason *Reason
}

// endedAt is when the last period ended; zero while it lasts.
func (t *Ticket) endedAt() Now {
	if len(t.Periods) == 0 {
		return Now{}
	}
	return t.Periods[len(t.Periods)-1].End
}

// EndUnseen tells that a ticket counts as served though nobody saw how its service
// ended: a desk closed over it and its clerk was not asked, as with a keypad.
func (t *Ticket) EndUnseen() bool {
	n := len(t.Periods)
	return t.State == Served && n > 0 && t.Periods[n-1].EndUnknown
}

// Reinstatable tells whether a ticket has ended in a way that a person may say was none:
// it was cancelled, has expired, or counts as served though nobody saw it.
func (t *Ticket) Reinstatable() bool {
	return t.State == Cancelled || t.State == Expired || t.EndUnseen()
}

// returnKey orders those who came back by when their turn is, then by issue.
func (t *Ticket) returnKey() uint64 { return dueKey(t.returnAfter, t.ID) }

// usualPeriods is how many periods most visits have: waiting, called, serving.
const usualPeriods = 3

// enter ends the present period of a ticket and begins the next one.
func (n *draft) enter(t *Ticket, kind TicketState, at Now, by Cause) {
	n.endPeriod(t, at, by.Inferred, 1)
	t.State = kind
	t.Periods = append(t.Periods, Period{Kind: kind, Service: t.Service, Desk: t.Desk, Leg: t.Leg, Start: at, By: by})
}

// endPeriod ends the present period of a ticket and makes room for more. The
// periods are copied, since an older ticket may still read its own.
func (n *draft) endPeriod(t *Ticket, at Now, inferred bool, more int) {
	switch length := len(t.Periods) + more; {
	case !n.folding:
		t.Periods = append(make([]Period, 0, length), t.Periods...)
	case length > cap(t.Periods):
		t.Periods = append(make([]Period, 0, max(length, usualPeriods)), t.Periods...)
	}
	if last := len(t.Periods) - 1; last >= 0 && t.Periods[last].End.IsZero() {
		t.Periods[last].End = at
		t.Periods[last].EndInferred = inferred
	}
}
