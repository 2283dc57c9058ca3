package oracle

import (
	"fmt"

	"eliminacode/queue"
)

// A Breach names an invariant of the office that was broken.
type Breach string

// The invariants a Checker knows.
const (
	// BreachSequence: an event's sequence is not one more than the last.
	BreachSequence Breach = "sequence"
	// BreachClock: the monotonic clock went back within one boot.
	BreachClock Breach = "clock"
	// BreachDay: something happened outside a day, or a day's ordinal or
	// totals are wrong.
	BreachDay Breach = "day"
	// BreachNumberTwice: a number was given twice in a day, series and lap, or
	// again while its last holder was still there.
	BreachNumberTwice Breach = "number-twice"
	// BreachNumberSkipped: a number was passed over without a reason.
	BreachNumberSkipped Breach = "number-skipped"
	// BreachTicketTwice: a ticket's identity is not the next of its day.
	BreachTicketTwice Breach = "ticket-twice"
	// BreachClosed: a ticket was given for a service that was closed, or a
	// desk called that was closed or on a break.
	BreachClosed Breach = "closed"
	// BreachCalledTwice: a ticket was called that did not wait: called again
	// without a recall, a return or a transfer.
	BreachCalledTwice Breach = "called-twice"
	// BreachDeskTwo: a desk got a ticket while it held another.
	BreachDeskTwo Breach = "desk-two"
	// BreachDesk: a desk did something with a ticket that it did not hold.
	BreachDesk Breach = "desk"
	// BreachProfile: a desk called somebody whom the rule it gave does not
	// let it call.
	BreachProfile Breach = "profile"
	// BreachOrder: somebody was called whose turn it was not.
	BreachOrder Breach = "order"
	// BreachBehind: an ordinary ticket was called while one with priority
	// stood before it in the queue.
	BreachBehind Breach = "behind"
	// BreachRatio: the ratio of those with priority was not kept within one.
	BreachRatio Breach = "ratio"
	// BreachStarved: a ticket past its maximum was passed over more than twice
	// in a row by desks that serve it by right.
	BreachStarved Breach = "starved"
	// BreachState: an event does not fit the ticket's state.
	BreachState Breach = "state"
	// BreachPlan: a visit for several services went on to another one than the
	// next of its plan, or was over before the last.
	BreachPlan Breach = "plan"
	// BreachLost: issued = waiting + called + serving + parked + ended does
	// not hold, or the office counts otherwise than its events.
	BreachLost Breach = "lost"
	// BreachDuration: a period ends before it begins, or two overlap.
	BreachDuration Breach = "duration"
	// BreachFold: the live state is not the fold of the events.
	BreachFold Breach = "fold"
	// BreachAppointment: an appointment was kept twice, given up too early, or
	// counted otherwise than its events say.
	BreachAppointment Breach = "appointment"
	// BreachPaper: a slip was printed, moved or marked otherwise than the rules
	// of the paper allow: one that nobody knows of moved, one moved twice, a
	// person's reprint is not marked, or a printer was given more than it takes.
	BreachPaper Breach = "paper"
	// BreachBurnt: a number is left that nobody can read, on paper, on a screen
	// or in the reception's list.
	BreachBurnt Breach = "burnt"
	// BreachWait: a call says another wait than there was, or hours count in
	// which the office was closed or suspended.
	BreachWait Breach = "wait"
	// BreachAhead: a ticket says another number of people ahead than would be
	// called before it.
	BreachAhead Breach = "ahead"
	// BreachReport: the report about a day says otherwise than its events.
	BreachReport Breach = "report"
)

// A Violation is one breach that was found.
type Violation struct {
	Seq    uint64         `json:"seq"` // of the event that shows it
	Breach Breach         `json:"breach"`
	Ticket queue.TicketID `json:"ticket,omitempty"`
	Desk   queue.DeskID   `json:"desk,omitempty"`
	Detail string         `json:"detail"`
}

// String is the violation on one line.
func (v Violation) String() string {
	return fmt.Sprintf("event %d: %s: ticket %d, desk %q: %s", v.Seq, v.Breach, v.Ticket, v.Desk, v.Detail)
}

// maxViolations bounds what a Checker keeps: the first ones say what is wrong.
const maxViolations = 1_000
