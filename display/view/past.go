package view

import (
	"strings"
	"time"

	"eliminacode/queue"
)

// deskActed is the kind of all that was done at desks on a day that is over.
const deskActed = "desk.acted"

// byStaff is the cause of what the people of the office did on a day that is over:
// one for all, since a desk that alone has a keypad would be known by it.
const byStaff = "staff"

// withhold takes from an event of a day that is over what would tell what somebody at
// a desk did. A desk calls its next ticket in the same instant in which it ends the one
// before: the order of events alone would tie tickets to each other, ten in a row, and
// who knows the desk of one would have those of all. So what was done at desks is told
// as desk.acted, which has its place in the sequence and its hour and is about nothing
// else: events could be exchanged, one act for any other, and nobody would see it.
// What came of the tickets is told by reports, in sums.
//
// A ticket that a desk gave is told as one that the reception gave, since few desks
// give any. The rest keeps what it is about, but no desk, no hand and no moment.
// Between two days, when nobody is at a desk, there is nothing to take.
func (t *Teller) withhold(out *Event, e queue.Event) {
	ms := e.At.Wall + t.correction
	at := time.UnixMilli(ms).In(t.zone)
	into := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	out.At, out.Inferred = t.instant(ms-ms%1000-into.Milliseconds()), false
	if isDeskAct(out.Kind, e.By.Kind) {
		out.Kind, out.By, out.Device, out.Data = deskActed, byStaff, "", EventData{}
		return
	}
	out.Data.Desk, out.Data.FromDesk, out.Data.WaitedMs = "", "", 0
	switch e.By.Kind {
	case queue.ByButton, queue.ByTotem:
		return
	case queue.ByReception, queue.ByKeypad, queue.ByConsole:
		out.By = byStaff
	}
	out.Device = "" // a desk, its keypad or its printer
	switch e.Body.(type) {
	case queue.OutletChanged:
	case queue.TicketIssued, queue.TicketIssuedAtDesk:
		out.Kind = "ticket.issued"
		d := out.Data
		out.Data = EventData{Ticket: d.Ticket, Number: d.Number, Service: d.Service, Appointment: d.Appointment, DueAt: d.DueAt}
	default:
		out.Data.Outlet = ""
	}
}

// isDeskAct tells whether an event was done at a desk, by its kind and by what caused
// it. The end of a service that is inferred from the close of the day, or from a call,
// is one too; and what a desk's hand did to a ticket, which was most likely there.
func isDeskAct(kind string, by queue.CauseKind) bool {
	switch kind {
	case "ticket.called", "ticket.recalled", "ticket.started", "ticket.served", "ticket.no-show", "ticket.transferred",
		"ticket.continued", "ticket.parked", "ticket.resumed", "ticket.returned", "ticket.call-undone", "ticket.put-back",
		"desk.opened", "desk.closed", "desk.paused", "desk.profile-changed", "desk.seen":
		return true
	case "ticket.issued", "ticket.issued-at-desk":
		return false
	}
	of, _, _ := strings.Cut(kind, ".")
	return (by == queue.ByKeypad || by == queue.ByConsole) && (of == "ticket" || of == "paper" || of == "contact")
}
