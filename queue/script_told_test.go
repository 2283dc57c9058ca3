package queue

import (
	"fmt"
	"iter"
	"strings"
)

// told is an event in one line of a script.
func (h *hall) told(e Event) string {
	n := func(id TicketID) string {
		if t := h.state.Ticket(id); t != nil {
			return t.Number.Text
		}
		return id.String()
	}
	s := fmt.Sprintf("%s ", e.Body.Kind())
	switch b := e.Body.(type) {
	case TicketIssued:
		s += fmt.Sprintf("%s %s, %d ahead, paper %s", b.Number.Text, b.Service, b.Ahead, b.Paper)
		if b.Asked != "" {
			s += fmt.Sprintf(" at %s, asked for at %s", b.Outlet, b.Asked)
		}
		if b.Appointment != "" {
			s += ", appointment " + string(b.Appointment)
		}
		if b.Late {
			s += ", too late for it"
		}
	case TicketIssuedAtDesk:
		s += fmt.Sprintf("%s %s at desk %s", b.Number.Text, b.Service, b.Desk)
	case TicketCalled:
		s += fmt.Sprintf("%s at desk %s: %s, waited %s", n(b.Ticket), b.Desk, b.Reason.Rule, span(b.Reason.WaitedMs))
		if b.Reason.Passed != 0 {
			s += ", before " + n(b.Reason.Passed)
		}
		if b.Reason.Turn != "" {
			s += ", turn " + string(b.Reason.Turn)
		}
	case TicketRecalled:
		s += fmt.Sprintf("%s at desk %s, time %d", n(b.Ticket), b.Desk, b.Nth)
	case ServiceStarted:
		s += n(b.Ticket)
		if b.FromCall {
			s += " from the call"
		}
	case TicketServed:
		s += n(b.Ticket)
		if b.UnknownEnd {
			s += ", nobody saw when"
		}
		if b.Outcome != "" {
			s += ", " + string(b.Outcome)
		}
	case TicketTransferred:
		s += fmt.Sprintf("%s to %s, place %s", n(b.Ticket), b.Service, b.Place)
		if b.Desk != "" {
			s += ", desk " + string(b.Desk)
		}
	case TicketParked:
		s += fmt.Sprintf("%s for %s", n(b.Ticket), span(b.ForMs))
	case TicketResumed:
		s += n(b.Ticket)
		if b.Desk != "" {
			s += " at desk " + string(b.Desk)
		}
	case AppointmentBooked:
		s += fmt.Sprintf("%s for %s", b.Appointment.ID, b.Appointment.Service)
	case AppointmentCancelled:
		s += string(b.Appointment)
	case AppointmentMissed:
		s += string(b.Appointment)
	case CallUndone:
		s += fmt.Sprintf("%s at desk %s", n(b.Ticket), b.Desk)
		if b.Reopened != 0 {
			s += ", which has " + n(b.Reopened) + " again"
		}
	case TicketReturned:
		s += fmt.Sprintf("%s after %d calls", n(b.Ticket), b.AfterCalls)
	case TicketPutBack:
		s += n(b.Ticket)
	case TicketReinstated:
		s += n(b.Ticket)
	case DeskSeen:
		s += string(b.Desk)
	case TicketNoShow:
		s += n(b.Ticket)
	case TicketCancelled:
		s += n(b.Ticket) + ": " + b.Why
	case TicketExpired:
		s += n(b.Ticket)
	case TicketPrinted:
		s += fmt.Sprintf("%s job %d", n(b.Ticket), b.Job)
	case TicketPrintFailed:
		s += fmt.Sprintf("%s job %d: %s", n(b.Ticket), b.Job, b.Why)
	case TicketPrintUnknown:
		s += fmt.Sprintf("%s job %d: %s", n(b.Ticket), b.Job, b.Why)
	case TicketMadePaperless:
		s += n(b.Ticket)
	case SlipMoved:
		s += fmt.Sprintf("%s job %d at %s", n(b.Ticket), b.Job, b.Outlet)
	case ReprintRequested:
		s += fmt.Sprintf("%s job %d at %s", n(b.Ticket), b.Job, b.Outlet)
	case DeskOpened:
		s += string(b.Desk)
		if len(b.Profile.First)+len(b.Profile.Help) > 0 {
			s += fmt.Sprintf(", serving %v %v", b.Profile.First, b.Profile.Help)
		}
	case DeskClosed:
		s += string(b.Desk)
	case DeskPaused:
		s += string(b.Desk) + ": " + b.Why
	case DeskProfileChanged:
		s += fmt.Sprintf("%s: %v", b.Desk, b.Profile.First)
	case OutletChanged:
		s += strings.TrimSpace(fmt.Sprintf("%s: %s %s", b.Outlet, b.Gives, b.Why))
	case DayOpened:
		s += fmt.Sprintf("%d, %s", b.Day, b.Plan.Date)
	case DayClosed:
		s += fmt.Sprintf("%d: issued %d, served %d, no-shows %d, expired %d", b.Day, b.Issued, b.Served, b.NoShows, b.Expired)
	case ClockSet:
		s += span(b.CorrectionMs)
	case ClockSynced:
		s += "by " + span(b.StepMs)
	case ClockStepped:
		s += "by " + span(b.StepMs)
	case DayRedated:
		s += b.Date
	case DayReplanned:
		s += b.Plan.Date
	case OfficeSuspended:
		s += b.Why
	case ServiceStopped:
		s += strings.TrimSpace(string(b.Service) + " " + b.Why)
	case ServiceReopened:
		s += string(b.Service)
	case SeriesRestarted:
		s += fmt.Sprintf("%s from %d, lap %d", b.Series, b.From, b.Lap)
	case BlockReserved:
		s += fmt.Sprintf("%s %s %v", b.Code, b.Series, b.Numbers)
	case HallCapacitySet:
		s += fmt.Sprint(b.People)
	case MessagePosted:
		s += string(b.Message.ID)
	case MessageWithdrawn:
		s += string(b.Message)
	case PriorityGranted:
		s += n(b.Ticket)
	case PriorityWithdrawn:
		s += n(b.Ticket)
	case CategorySet:
		s += n(b.Ticket) + ": " + string(b.Category)
	case ContactRecorded:
		s += string(b.Contact)
	}
	s = strings.TrimSpace(s)
	if e.By.Inferred {
		s += " (inferred)"
	}
	return s
}

// show tells where everybody is.
func (h *hall) show() []string {
	var out []string
	list := func(title string, tickets iter.Seq[*Ticket]) {
		if names := numbers(tickets); len(names) > 0 {
			out = append(out, "  "+title+": "+strings.Join(names, " "))
		}
	}
	for _, s := range h.state.index.services {
		list(string(s.ID), h.state.Waiting(s.ID))
	}
	for i, d := range h.state.index.desks {
		list("for desk "+string(d.ID)+" alone", h.state.WaitingAt(d.ID))
		if t := h.state.Ticket(h.state.desks[i].Ticket); t != nil {
			out = append(out, fmt.Sprintf("  desk %s: %s %s", d.ID, t.State, t.Number.Text))
		}
	}
	list("parked", h.state.Parked())
	list("papers to see to", h.state.UnsettledPapers())
	list("marked RISTAMPA", func(yield func(*Ticket) bool) {
		for t := range h.state.Tickets() {
			if t.Reprinted && !yield(t) {
				return
			}
		}
	})
	var calls []string
	for _, c := range h.state.Calls() {
		calls = append(calls, c.Number.Text+">"+c.Label)
	}
	if len(calls) > 0 {
		out = append(out, "  board: "+strings.Join(calls, " "))
	}
	t := h.state.Totals()
	return append(out, fmt.Sprintf("  issued %d, waiting %d, called %d, serving %d, parked %d, served %d, no-shows %d, cancelled %d, expired %d",
		t.Issued, t.Waiting, t.Called, t.Serving, t.Parked, t.Served, t.NoShows, t.Cancelled, t.Expired))
}

// span is a duration in words.
func span(ms int64) string {
	switch {
	case ms%hour == 0 && ms != 0:
		return fmt.Sprintf("%dh", ms/hour)
	case ms%minute == 0 && ms != 0:
		return fmt.Sprintf("%dm", ms/minute)
	case ms%second == 0:
		return fmt.Sprintf("%ds", ms/second)
	default:
		return fmt.Sprintf("%dms", ms)
	}
}
