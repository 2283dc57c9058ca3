package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/queue"
)

// An Event is something that happened in the office, as programs outside are
// told of it: the lines of the event stream and the data of webhooks. Every
// event of the journal is told, so that sequences have no gap, but not all that
// the journal holds of it: no account at a desk, no class, no secret of a
// ticket's page, no reason of a pause, and of a keypad at rest not even where.
//
// Of a day that is over it tells less (withhold), since act by act its events would
// be the report by desk that the box never makes.
type Event struct {
	ID      string `json:"id" doc:"Identity of the journal and sequence, with a dash between: go on after it with Last-Event-ID"`
	Journal string `json:"journal" doc:"Identity of the journal; another one after a backup was put back"`
	Seq     uint64 `json:"seq" doc:"Place in the journal, from 1 without a gap"`
	Kind    string `json:"kind" doc:"What happened, such as ticket.issued; of a day that is over desk.acted for all that was done at desks; other for what this version does not tell"`
	At      string `json:"at" doc:"When, by the office's clock; of a day that is over, only the hour in which it was"`
	By      string `json:"by,omitempty" doc:"Kind of device or role of the person that caused it; of a day that is over staff for desks and reception alike"`
	Device  string `json:"device,omitempty" doc:"The button, outlet, desk or printer that caused it, by its name in the settings; of a day that is over, only a button or totem"`
	// Inferred tells that nobody saw the moment, but it must have been.
	Inferred bool      `json:"inferred,omitempty" doc:"Nobody saw this moment: it follows from a later one"`
	Data     EventData `json:"data"`

	day int // its business day; 0 before the first, and between two days
}

// Over tells whether the event is of a day that is over, when the day under way is
// today: it is then told as withhold leaves it.
func (e Event) Over(today int) bool { return e.day != 0 && e.day != today }

// EventData is what an event is about. A field means the same in every kind of
// event, and is left out where there is nothing to say.
type EventData struct {
	Ticket      string `json:"ticket,omitempty" doc:"The ticket, as other calls name it"`
	Number      string `json:"number,omitempty" doc:"Its number, such as A042"`
	Service     string `json:"service,omitempty" doc:"The service, or that of the ticket"`
	Desk        string `json:"desk,omitempty" doc:"The desk where it happened, or that alone may call the ticket; left out of a day that is over"`
	FromDesk    string `json:"from_desk,omitempty" doc:"The desk that sent the ticket on; left out of a day that is over"`
	Outlet      string `json:"outlet,omitempty" doc:"The button panel, totem or printer; of a day that is over, only where no desk can be meant"`
	Paper       string `json:"paper,omitempty" doc:"State of the paper at the issue: requested or paperless"`
	Job         int    `json:"job,omitempty" doc:"Which print of the ticket, from 1"`
	Appointment string `json:"appointment,omitempty" doc:"The appointment, by its opaque name"`
	DueAt       string `json:"due_at,omitempty" doc:"When the appointment is due"`
	Why         string `json:"why,omitempty" doc:"A code, such as paper-out"`
	Place       string `json:"place,omitempty" doc:"Place in the new queue: arrival, front or back"`
	Ahead       *int   `json:"ahead,omitempty" doc:"People ahead at the issue"`
	EstimateMs  []int  `json:"estimate_ms,omitempty" doc:"Estimated wait at the issue, from and to, in milliseconds"`
	WaitedMs    int64  `json:"waited_ms,omitempty" doc:"How long the ticket had waited in this leg, in milliseconds; left out of a day that is over"`
	ForMs       int64  `json:"for_ms,omitempty" doc:"For how long, in milliseconds"`
	Nth         int    `json:"nth,omitempty" doc:"Which recall of this call, from 1"`
	AfterCalls  int    `json:"after_calls,omitempty" doc:"After how many calls a ticket that came back is next"`
	Reopened    string `json:"reopened,omitempty" doc:"The ticket that is at the desk again"`
	Outcome     string `json:"outcome,omitempty" doc:"How the service ended, if told"`
	Planned     bool   `json:"planned,omitempty" doc:"The service was finished, and the visit goes on by its plan"`
	// Then are the services still to come.
	Then        []string `json:"then,omitempty" doc:"The services that the visit is for after the present one, in order"`
	UnknownEnd  bool     `json:"unknown_end,omitempty" doc:"Nobody knows when this service ended"`
	FromCall    bool     `json:"from_call,omitempty" doc:"The service is taken to have begun with the call"`
	Day         int      `json:"day,omitempty" doc:"Ordinal of the business day, from 1"`
	Date        string   `json:"date,omitempty" doc:"Date of the business day"`
	Provisional bool     `json:"provisional,omitempty" doc:"The clock was not known to be right"`
	Issued      *int     `json:"issued,omitempty" doc:"Tickets of the day that ended"`
	Served      *int     `json:"served,omitempty" doc:"Tickets served in the day that ended"`
	NoShows     *int     `json:"no_shows,omitempty" doc:"Tickets not presented in the day that ended"`
	Expired     *int     `json:"expired,omitempty" doc:"Tickets left when the day ended"`
	Series      string   `json:"series,omitempty" doc:"The series of numbers"`
	From        int      `json:"from,omitempty" doc:"The number at which it goes on"`
	Gives       string   `json:"gives,omitempty" doc:"Whether the outlet can give numbers: yes, no or unknown"`
	Contact     string   `json:"contact,omitempty" doc:"What somebody came for who needed no ticket"`
	Capacity    *int     `json:"capacity,omitempty" doc:"How many people may wait in the hall; 0 is no limit"`
	Message     string   `json:"message,omitempty" doc:"A message of the boards, by its name"`
	Until       string   `json:"until,omitempty" doc:"Until when"`
	StepMs      int64    `json:"step_ms,omitempty" doc:"How far the clock moved, in milliseconds"`
	Version     string   `json:"version,omitempty" doc:"Version of the program"`
	After       string   `json:"after,omitempty" doc:"Identity of the journal whose copy this one goes on from"`
}

// eventKinds are the kinds of event that are told, but other.
var eventKinds = []string{
	"ticket.issued", "ticket.called", "ticket.recalled", "ticket.started", "ticket.served", "ticket.no-show", "ticket.transferred",
	"ticket.parked", "ticket.resumed", "ticket.cancelled", "ticket.expired", "ticket.call-undone", "ticket.returned",
	"ticket.put-back", "ticket.reinstated", "ticket.changed", "ticket.planned", "ticket.continued",
	"ticket.issued-at-desk", "desk.acted",
	"paper.printed", "paper.failed", "paper.unknown", "paper.on-screen", "paper.moved", "paper.reprint", "outlet.changed",
	"desk.opened", "desk.closed", "desk.paused", "desk.profile-changed", "desk.seen",
	"day.opened", "day.closed", "day.replanned", "day.redated", "clock.set", "clock.synced", "clock.stepped",
	"office.suspended", "office.resumed", "service.stopped", "service.reopened", "series.restarted", "series.reserved", "hall.capacity-set",
	"message.posted", "message.withdrawn", "contact.recorded", "appointment.booked", "appointment.cancelled", "appointment.missed",
	"journal.begun", "journal.resumed", "setup.changed",
}

// EventKinds are the kinds of event that are told, in the order of lists.
func EventKinds() []string { return slices.Clone(eventKinds) }

// EventID is the name of an event: identity of the journal and sequence.
func EventID(journal string, seq uint64) string {
	return journal + "-" + strconv.FormatUint(seq, 10)
}

// ParseEventID reads the name of an event; ok is false when it is none.
func ParseEventID(id string) (journal string, seq uint64, ok bool) {
	at := strings.LastIndexByte(id, '-')
	if at < 1 {
		return "", 0, false
	}
	seq, err := strconv.ParseUint(id[at+1:], 10, 64)
	return id[:at], seq, err == nil
}

// A Teller tells the events of a journal in order. It begins with the event that
// opened a day, even if what is wanted comes later: it remembers the numbers and
// services of the day's tickets, how the clock was corrected, and which day it is.
// It is used by one goroutine at a time.
type Teller struct {
	journal    string
	today      func() int
	day        int  // of the event, 0 before the first that it knows
	night      bool // the day was closed, and no other one is open
	zoneOf     func(name string) *time.Location
	zone       *time.Location
	correction int64
	tickets    map[queue.TicketID]told
}

// told is what a Teller remembers of a ticket.
type told struct {
	number  string
	service queue.ServiceID
}

// NewTeller makes a Teller for the journal of an identity; zone finds a time
// zone by its name, and today the day under way when an event is told, as Today
// does: a reader may be a day behind, or fall behind while it reads.
func NewTeller(journal string, zone func(name string) *time.Location, today func() int) *Teller {
	return &Teller{journal: journal, today: today, zoneOf: zone, zone: time.UTC, tickets: map[queue.TicketID]told{}}
}

// Today is the ordinal of the day that is open, or -1 when none is; 0 before the
// first.
func Today(s *queue.State) int {
	if d := s.Day(); d.Open || d.Ordinal == 0 {
		return d.Ordinal
	}
	return -1
}

// Tell is an event as programs outside are told of it.
func (t *Teller) Tell(e queue.Event) Event {
	t.learn(e.Body)
	kind, data := t.tell(e.Body)
	out := Event{
		ID: EventID(t.journal, e.Seq), Journal: t.journal, Seq: e.Seq, Kind: kind,
		At: t.instant(e.At.Wall + t.correction),
		By: string(e.By.Kind), Device: e.By.Device, Inferred: e.By.Inferred, Data: data,
	}
	switch e.Body.(type) {
	case queue.DeskSeen, queue.DeskPaused:
		out.Device = "" // a keypad at rest, or which one, is nobody's business
	}
	if !t.night {
		out.day = t.day
	}
	if out.Over(t.today()) {
		t.withhold(&out, e)
	}
	return out
}

// learn takes in what later events do not say again.
func (t *Teller) learn(b queue.Body) {
	switch b := b.(type) {
	case queue.DayOpened:
		t.zone, t.correction = t.zoneOf(b.Setup.Office.Zone), b.CorrectionMs
		t.day, t.night = b.Day, false
		clear(t.tickets) // no ticket outlives its day
	case queue.DayClosed:
		t.night = true
	case queue.SetupChanged:
		t.zone = t.zoneOf(b.Setup.Office.Zone)
	case queue.ClockSet:
		t.correction = b.CorrectionMs
	case queue.ClockSynced:
		t.correction = b.CorrectionMs
	case queue.TicketIssued:
		t.tickets[b.Ticket] = told{b.Number.Text, b.Service}
	case queue.TicketIssuedAtDesk:
		t.tickets[b.Ticket] = told{b.Number.Text, b.Service}
	case queue.TicketTransferred:
		t.tickets[b.Ticket] = told{t.tickets[b.Ticket].number, b.Service}
	case queue.ServiceContinued:
		t.tickets[b.Ticket] = told{t.tickets[b.Ticket].number, b.Service}
	}
}

// instant writes an office time as ISO 8601 with the office's offset.
func (t *Teller) instant(ms int64) string {
	return time.UnixMilli(ms).In(t.zone).Format("2006-01-02T15:04:05.000Z07:00")
}

// instantIf is instant, or nothing for 0.
func (t *Teller) instantIf(ms int64) string {
	if ms == 0 {
		return ""
	}
	return t.instant(ms)
}

// ticket is the data of an event of a ticket, at a desk if there is one.
func (t *Teller) ticket(id queue.TicketID, desk queue.DeskID) EventData {
	known := t.tickets[id]
	return EventData{Ticket: id.String(), Number: known.number, Service: string(known.service), Desk: string(desk)}
}

// tell is the kind of an event and what it is about. What stands here is all that
// leaves the box.
func (t *Teller) tell(b queue.Body) (kind string, d EventData) {
	for _, tell := range []func(queue.Body) (string, EventData){t.tellTicket, t.tellPaper, t.tellDesk, t.tellOffice} {
		if kind, d = tell(b); kind != "" {
			return kind, d
		}
	}
	return "other", EventData{}
}

func (t *Teller) tellTicket(b queue.Body) (kind string, d EventData) {
	switch b := b.(type) {
	case queue.TicketIssued:
		d = t.ticket(b.Ticket, b.Desk)
		d.Outlet, d.Paper, d.Ahead = string(b.Outlet), string(b.Paper), &b.Ahead
		d.Appointment, d.DueAt = string(b.Appointment), t.instantIf(b.DueAt)
		if b.Promise != (queue.Promise{}) {
			d.EstimateMs = []int{int(b.Promise.FromMs), int(b.Promise.ToMs)}
		}
		return "ticket.issued", d
	case queue.TicketCalled:
		d = t.ticket(b.Ticket, b.Desk)
		d.WaitedMs = b.Reason.WaitedMs
		return "ticket.called", d
	case queue.TicketRecalled:
		d = t.ticket(b.Ticket, b.Desk)
		d.Nth = b.Nth
		return "ticket.recalled", d
	case queue.ServiceStarted:
		d = t.ticket(b.Ticket, b.Desk)
		d.FromCall = b.FromCall
		return "ticket.started", d
	case queue.TicketServed:
		d = t.ticket(b.Ticket, b.Desk)
		d.UnknownEnd, d.Outcome = b.UnknownEnd, string(b.Outcome)
		return "ticket.served", d
	case queue.TicketNoShow:
		return "ticket.no-show", t.ticket(b.Ticket, b.Desk)
	case queue.TicketTransferred:
		d = t.ticket(b.Ticket, b.Desk)
		d.FromDesk, d.Place = string(b.From), string(b.Place)
		d.Planned, d.Outcome, d.UnknownEnd = b.Planned, string(b.Outcome), b.UnknownEnd
		return "ticket.transferred", d
	case queue.ServicesPlanned:
		d = t.ticket(b.Ticket, "")
		for _, s := range b.Services {
			d.Then = append(d.Then, string(s))
		}
		return "ticket.planned", d
	case queue.ServiceContinued:
		d = t.ticket(b.Ticket, b.Desk)
		d.Outcome = string(b.Outcome)
		return "ticket.continued", d
	case queue.TicketIssuedAtDesk:
		d = t.ticket(b.Ticket, b.Desk)
		d.Outlet = string(b.Outlet)
		return "ticket.issued-at-desk", d
	case queue.TicketParked:
		d = t.ticket(b.Ticket, b.Desk)
		d.ForMs = b.ForMs
		return "ticket.parked", d
	case queue.TicketResumed:
		return "ticket.resumed", t.ticket(b.Ticket, b.Desk)
	case queue.TicketCancelled:
		d = t.ticket(b.Ticket, "")
		d.Why = b.Why
		return "ticket.cancelled", d
	case queue.TicketExpired:
		return "ticket.expired", t.ticket(b.Ticket, "")
	case queue.CallUndone:
		d = t.ticket(b.Ticket, b.Desk)
		if b.Reopened != 0 {
			d.Reopened = b.Reopened.String()
		}
		return "ticket.call-undone", d
	case queue.TicketReturned:
		d = t.ticket(b.Ticket, "")
		d.AfterCalls = b.AfterCalls
		return "ticket.returned", d
	case queue.TicketPutBack:
		return "ticket.put-back", t.ticket(b.Ticket, b.Desk)
	case queue.TicketReinstated:
		return "ticket.reinstated", t.ticket(b.Ticket, "")
	// Who waits by which right, and for whom, stays in the office.
	case queue.PriorityGranted:
		return "ticket.changed", t.ticket(b.Ticket, "")
	case queue.PriorityWithdrawn:
		return "ticket.changed", t.ticket(b.Ticket, "")
	case queue.CategorySet:
		return "ticket.changed", t.ticket(b.Ticket, "")
	}
	return "", d
}

func (t *Teller) tellPaper(b queue.Body) (kind string, d EventData) {
	paper := func(id queue.TicketID, job int, outlet queue.OutletID, why string) EventData {
		d := t.ticket(id, "")
		d.Job, d.Outlet, d.Why = job, string(outlet), why
		return d
	}
	switch b := b.(type) {
	case queue.TicketPrinted:
		return "paper.printed", paper(b.Ticket, b.Job, "", "")
	case queue.TicketPrintFailed:
		return "paper.failed", paper(b.Ticket, b.Job, "", b.Why)
	case queue.TicketPrintUnknown:
		return "paper.unknown", paper(b.Ticket, b.Job, "", b.Why)
	case queue.TicketMadePaperless:
		return "paper.on-screen", paper(b.Ticket, 0, "", "")
	case queue.SlipMoved:
		return "paper.moved", paper(b.Ticket, b.Job, b.Outlet, "")
	case queue.ReprintRequested:
		return "paper.reprint", paper(b.Ticket, b.Job, b.Outlet, "")
	case queue.OutletChanged:
		return "outlet.changed", EventData{Outlet: string(b.Outlet), Gives: string(b.Gives), Why: b.Why}
	}
	return "", d
}

func (t *Teller) tellDesk(b queue.Body) (kind string, d EventData) {
	switch b := b.(type) {
	case queue.DeskOpened:
		return "desk.opened", EventData{Desk: string(b.Desk)}
	case queue.DeskClosed:
		return "desk.closed", EventData{Desk: string(b.Desk)}
	case queue.DeskPaused:
		// Why a person leaves a desk stays in the office.
		return "desk.paused", EventData{Desk: string(b.Desk)}
	case queue.DeskProfileChanged:
		return "desk.profile-changed", EventData{Desk: string(b.Desk)}
	case queue.DeskSeen:
		return "desk.seen", d
	}
	return "", d
}

func (t *Teller) tellOffice(b queue.Body) (kind string, d EventData) {
	switch b := b.(type) {
	case queue.JournalBegun:
		return "journal.begun", EventData{Version: b.Version, After: b.After}
	case queue.JournalResumed:
		return "journal.resumed", EventData{Version: b.Version}
	case queue.SetupChanged:
		return "setup.changed", d
	case queue.DayOpened:
		return "day.opened", EventData{Day: b.Day, Date: b.Plan.Date, Provisional: b.Provisional}
	case queue.DayClosed:
		return "day.closed", EventData{Day: b.Day, Issued: &b.Issued, Served: &b.Served, NoShows: &b.NoShows, Expired: &b.Expired}
	case queue.DayReplanned:
		return "day.replanned", EventData{Date: b.Plan.Date}
	case queue.DayRedated:
		return "day.redated", EventData{Date: b.Date}
	case queue.ClockSet:
		return "clock.set", d
	case queue.ClockSynced:
		return "clock.synced", EventData{StepMs: b.StepMs}
	case queue.ClockStepped:
		return "clock.stepped", EventData{StepMs: b.StepMs}
	case queue.OfficeSuspended:
		return "office.suspended", EventData{Why: b.Why}
	case queue.OfficeResumed:
		return "office.resumed", d
	case queue.ServiceStopped:
		return "service.stopped", EventData{Service: string(b.Service), Why: b.Why, Until: t.instantIf(b.Until)}
	case queue.ServiceReopened:
		return "service.reopened", EventData{Service: string(b.Service)}
	case queue.SeriesRestarted:
		return "series.restarted", EventData{Series: string(b.Series), From: b.From}
	case queue.BlockReserved:
		return "series.reserved", EventData{Series: string(b.Series), Service: string(b.Service)}
	case queue.ContactRecorded:
		return "contact.recorded", EventData{Contact: string(b.Contact)}
	case queue.HallCapacitySet:
		return "hall.capacity-set", EventData{Capacity: &b.People}
	case queue.MessagePosted:
		return "message.posted", EventData{Message: string(b.Message.ID)}
	case queue.MessageWithdrawn:
		return "message.withdrawn", EventData{Message: string(b.Message)}
	case queue.AppointmentBooked:
		a := b.Appointment
		return "appointment.booked", EventData{
			Appointment: string(a.ID), Service: string(a.Service), Desk: string(a.Desk), DueAt: t.instantIf(a.DueAt),
		}
	case queue.AppointmentCancelled:
		return "appointment.cancelled", EventData{Appointment: string(b.Appointment)}
	case queue.AppointmentMissed:
		return "appointment.missed", EventData{Appointment: string(b.Appointment)}
	}
	return "", d
}
