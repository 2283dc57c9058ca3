package display

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/waiting"
)

// An acted is the answer to a command: 201 when it made a ticket.
type acted struct {
	Status int
	Body   answer
}

// A sent is the input of a call: the body alone. What else it needs stands in
// the address.
type sent[B any] struct{ Body B }

// Values that several commands take. All values of commands are texts, as in the
// forms of the pages, which send the same.
type (
	// OfTicket is the ticket that a command is about.
	OfTicket struct {
		Ticket string `json:"ticket" example:"1000012" doc:"The ticket, as answers name it"`
	}
	// OfService is the service that a command is about.
	OfService struct {
		Service string `json:"service" example:"anagrafe" doc:"The service, as the office's file names it"`
	}
	// Seen is what the sender of a command knows.
	Seen struct {
		Seen string `json:"seen,omitempty" example:"4711" doc:"seen of the last answer or of the desk's view: what has changed since then is not undone blindly"`
	}
	// Ended is how a service ends.
	Ended struct {
		Outcome string `json:"outcome,omitempty" example:"released" doc:"How the service ended, where it ends, as the desk's view offers"`
	}
	// Serving is the ticket in service.
	Serving struct {
		Finishing string `json:"finishing,omitempty" example:"1000011" doc:"The ticket that the desk believes it serves; with another one nothing is called"`
	}
	// Named is the caller's own name for a request.
	Named struct {
		Request string `json:"request,omitempty" maxLength:"64" example:"site-2026-11-24-0815" doc:"A name for the request that no other program gives; without it the Idempotency-Key, which is each program's own"`
	}
	// ComesOut is where the paper comes out.
	ComesOut struct {
		Outlet string `json:"outlet,omitempty" example:"accoglienza" doc:"Where the ticket comes out"`
	}
	// ForMore is what else the same visit is for.
	ForMore struct {
		Then string `json:"then,omitempty" example:"cie,anagrafe" doc:"The services that the same visit is for after the first, in order, with commas between; a totem takes them where the office offers that"`
	}
	// InLanguage is what the citizen reads and hears.
	InLanguage struct {
		Language string `json:"language,omitempty" enum:"it,de,fr,sl,en," doc:"The language that the citizen chose: the ticket and the call of it are in it too; left out for the office's alone"`
	}
	// OfClass is by which right somebody waits.
	OfClass struct {
		Class string `json:"class,omitempty" enum:"priority," doc:"priority, or empty"`
	}
	// For is who the citizen comes for.
	For struct {
		Category string `json:"category,omitempty" example:"firm" doc:"Who the citizen comes for, as the reception's view offers"`
	}
)

// Bodies of commands.
type (
	nothing   struct{}
	deskBody  struct{ Seen }
	pauseBody struct {
		Why pauseReason `json:"why,omitempty" doc:"The reason; left out, none is told"`
		Seen
	}
	nextBody struct {
		Serving
		Ended
		Seen
	}
	callBody struct {
		Ticket string `json:"ticket,omitempty" example:"1000012" doc:"The ticket to call out of order, where the office allows it"`
		Number string `json:"number,omitempty" maxLength:"20" example:"A042" doc:"Its number as it is typed, instead of the ticket"`
		Serving
		Ended
		Seen
	}
	ticketBody struct{ OfTicket }
	recallBody struct {
		OfTicket
		Seen
	}
	finishBody struct {
		OfTicket
		Ended
	}
	transferBody struct {
		OfTicket
		Service string `json:"service,omitempty" example:"cie" doc:"To this service; empty is the same one"`
		Desk    string `json:"desk,omitempty" example:"s2" doc:"To this desk alone; empty is any that serves the service"`
		Place   string `json:"place,omitempty" enum:"arrival,front,back," doc:"Place in the new queue"`
	}
	serveOnBody struct {
		OfTicket
		OfService
		Ended
	}
	planBody struct {
		OfTicket
		Services string `json:"services,omitempty" example:"cie,anagrafe" doc:"The services that the visit is for after the present one, in order, with commas between; empty is none"`
		Nth      string `json:"nth,omitempty" pattern:"^[0-9]*$" example:"1" doc:"Which service of the visit the present one is, from 1; with another one nothing is changed"`
	}
	issueHereBody struct {
		OfService
		For
		Named
		Seen
	}
	parkBody struct {
		OfTicket
		Minutes string `json:"minutes,omitempty" pattern:"^[0-9]*$" example:"10" doc:"For how many minutes; empty is until it is resumed"`
	}
	issueBody struct {
		OfService
		OfClass
		ComesOut
		For
		ForMore
		InLanguage
		Named
	}
	totemBody struct {
		OfService
		OfClass
		Paper string `json:"paper,omitempty" enum:"no," doc:"no, for who wants no paper: the number is on the totem's screen, with what held tells; left out for paper"`
		ForMore
		InLanguage
		Named
	}
	contactBody struct {
		Contact string `json:"contact" example:"forms" doc:"What somebody came for who needs no ticket, as the reception's view offers"`
		Named
	}
	bookBody struct {
		OfService
		Hour string `json:"hour" pattern:"^[0-9]{1,2}([:.,][0-9]{2})?$" example:"10:30" doc:"Hour of today"`
		Desk string `json:"desk,omitempty" doc:"The desk that alone may call it"`
		Named
	}
	appointmentBody struct {
		Appointment string `json:"appointment" example:"K7M2QX" doc:"The appointment, as the answer to book names it"`
	}
	checkInBody struct {
		Appointment string `json:"appointment,omitempty" example:"K7M2QX" doc:"The appointment, as the answer to book names it"`
		Code        string `json:"code,omitempty" maxLength:"300" doc:"What its holder shows: code, number or address of a QR code"`
		ComesOut
	}
	categoryBody struct {
		OfTicket
		For
	}
	cancelBody struct {
		OfTicket
		Why cancelReason `json:"why,omitempty" doc:"The reason; left out, mistake"`
	}
	reprintBody struct {
		OfTicket
		Job string `json:"job" pattern:"^[0-9]+$" example:"1" doc:"The newest print that the caller knows of"`
		ComesOut
	}
	burstBody struct {
		Outlet  string `json:"outlet" example:"totem" doc:"Where the burst came out"`
		Tickets string `json:"tickets,omitempty" example:"1000011,1000012" doc:"The tickets that were seen, with commas between"`
		Older   string `json:"older,omitempty" doc:"The first of those that no longer fitted the list"`
	}
	reserveBody struct {
		OfService
		Count string `json:"count" pattern:"^[0-9]+$" example:"20" doc:"How many numbers, from 20 to 50"`
		Code  string `json:"code,omitempty" doc:"The code on its slips; without it one is made"`
	}
	admitBody struct {
		Number  string `json:"number" example:"A058" doc:"The number on the slip"`
		Service string `json:"service,omitempty" doc:"The service, if not that of the block"`
		OfClass
		Handed string `json:"handed,omitempty" pattern:"^([0-9]{1,2}([:.,][0-9]{2})?)?$" example:"09:40" doc:"Hour of today at which it was handed out"`
	}
	correctionBody struct {
		Correction string `json:"correction" pattern:"^-?[0-9]+$" example:"-1500" doc:"Milliseconds to add to what the box reads, in all"`
		Sure       string `json:"sure,omitempty" enum:"yes" doc:"Set a clock that is believed by ten minutes or more; without it such a step is refused with clock-jump, whose detail says from when to when"`
	}
	trialBody struct {
		Outlet string `json:"outlet" example:"totem" doc:"The outlet, as the office's file names it"`
	}
	suspendBody struct {
		Why suspensionReason `json:"why" example:"alarm" doc:"The reason, which citizens read too"`
	}
	stopBody struct {
		OfService
		Why stopReason `json:"why" example:"staff" doc:"The reason, which citizens read too"`
	}
	serviceBody  struct{ OfService }
	capacityBody struct {
		People string `json:"people" pattern:"^[0-9]+$" example:"60" doc:"How many people may wait; 0 is no limit"`
	}
	restartBody struct {
		Series string `json:"series" example:"A" doc:"The series, as the office's file names it"`
		From   string `json:"from" pattern:"^[0-9]+$" example:"58" doc:"The number at which it goes on"`
		Next   string `json:"next,omitempty" pattern:"^[0-9]*$" doc:"The number that would have come"`
		Again  string `json:"again,omitempty" enum:"yes" doc:"Give numbers of today again that nobody can use any more; without it a step back over such numbers is refused with given-today, whose detail names them"`
	}
	closeBody struct {
		Current currentTold `json:"current,omitempty" doc:"What becomes of the number that the desk holds: served until now, or not-come, a no-show that is put back once by itself. Only of a number that was called less than 20 s ago may it be left out: that one is put back in any case, once; otherwise it is 409 current-untold"`
	}
	profileBody struct {
		Desk  string                 `json:"desk" example:"s1" doc:"The desk, as the office's file names it"`
		Serve map[string]howItServes `json:"serve" example:"{\"anagrafe\":\"first\",\"cie\":\"help\"}" doc:"What the desk serves, by the service as the office's file names it; what is left out it does not serve"`
		Was   map[string]howItServes `json:"was,omitempty" doc:"What the desk served when serve was decided, in the same form: then only what differs is changed, and a service that somebody else has changed meanwhile is refused with profile-moved; without it serve is the whole profile, whatever it was"`
		Sure  string                 `json:"sure,omitempty" enum:"yes" doc:"Change it though people would wait for a service that no open desk serves, or the desk would serve nothing; without it that is refused with profile-sure, whose detail says which"`
	}
	postBody struct {
		Text   map[string]string `json:"text" example:"{\"it\":\"Oggi si chiude alle 12\"}" doc:"The text by its language, such as it or de; at least one"`
		From   string            `json:"from,omitempty" pattern:"^([0-9]{1,2}([:.,][0-9]{2})?)?$" example:"09:00" doc:"Hour of today from which it is shown; without it, from now on"`
		Until  string            `json:"until,omitempty" pattern:"^([0-9]{1,2}([:.,][0-9]{2})?)?$" example:"12:30" doc:"Hour of today until which it is shown; without it, until it is taken away"`
		Boards []string          `json:"boards,omitempty" example:"[\"Atrio\"]" doc:"The boards that show it, by their names; none is all"`
		Named
	}
	messageBody struct {
		Message string `json:"message" example:"m1" doc:"The message, as the manager's view names it"`
	}
)

// howItServes is how a desk serves a service: serveFirst, serveHelp, or not at all.
type howItServes string

// Schema says what it may be.
func (howItServes) Schema(huma.Registry) *huma.Schema {
	return optionalOf([]string{serveFirst, serveHelp})
}

// Reasons, by what has them: each may be given those alone that the core knows.
type (
	pauseReason      string
	cancelReason     string
	suspensionReason string
	stopReason       string
	currentTold      string
)

func (pauseReason) Schema(huma.Registry) *huma.Schema  { return optionalOf(queue.PauseReasons[:]) }
func (cancelReason) Schema(huma.Registry) *huma.Schema { return optionalOf(cancelReasons) }

func (suspensionReason) Schema(huma.Registry) *huma.Schema { return textOf(queue.SuspensionReasons[:]) }

func (stopReason) Schema(huma.Registry) *huma.Schema { return textOf(queue.StopReasons[:]) }
func (currentTold) Schema(huma.Registry) *huma.Schema {
	return optionalOf(queue.Currents[:])
}

// textOf is the schema of a text that is one of some.
func textOf[T ~string](some []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, x := range some {
		s.Enum = append(s.Enum, string(x)) // huma compares what it read, a string
	}
	return s
}

// optionalOf is textOf of a text that may be empty as well.
func optionalOf[T ~string](some []T) *huma.Schema { return textOf(append(slices.Clone(some), "")) }

// ownName is the Idempotency-Key of a request as the journal keeps it. That of a
// program is its own: another may number its requests alike.
func (s *Server) ownName(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	v := s.visitor(r)
	if key == "" || v.Kind != access.Program {
		return key
	}
	sum := sha256.Sum256([]byte(v.ID + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}

// carry makes a call out of an act of the pages: the same command, with types. The
// script of the pages sends of a form what its call takes.
func carry[B any](o *operations, w who, path, action string, do act, tag, summary string) {
	if action != "" {
		path += "/" + action
	}
	op := call(http.MethodPost, path, tag, summary)
	op.Parameters = placesIn(path)
	if slices.Contains([]string{"issue", "check-in", "admit", ""}, action) {
		made := o.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[answer](), true, "")
		op.Responses = map[string]*huma.Response{"201": {
			Description: "The ticket was made", Content: map[string]*huma.MediaType{jsonMedia: {Schema: made}},
		}}
	}
	take(o, w, op, func(r *http.Request, body B) (*acted, error) {
		f, err := fieldsOf(body)
		if err != nil {
			return nil, err
		}
		if f["request"] == "" {
			f["request"] = o.s.ownName(r)
		}
		if action != "" {
			r.SetPathValue("action", action)
		}
		done, err := do(r, f)
		if err != nil {
			return nil, err
		}
		status, a := o.s.answerOf(r, done)
		return &acted{status, a}, nil
	})
	schema := &huma.Schema{}
	if body := o.documented(op.Method, path).RequestBody; body != nil {
		schema = body.Content[jsonMedia].Schema
	}
	o.forms = append(o.forms, o.formCallOf(w, path, action, schema))
}

// A stated is a view of a page, as the hub sends it.
type stated[V any] struct {
	Kind    string  `json:"kind" enum:"view"`
	Build   string  `json:"build" doc:"Names the program"`
	Journal string  `json:"journal" doc:"seq means nothing in another journal"`
	Seq     uint64  `json:"seq" doc:"Sequence of the newest event that is shown"`
	Now     int64   `json:"now" doc:"Office time, milliseconds since 1970 UTC"`
	Rate    float64 `json:"rate" doc:"Office seconds in one second"`
	Clock   int64   `json:"clock" doc:"The box's own clock when this was made, in ms since 1970 UTC"`
	View    V       `json:"view"`
}

func describeState[V any](o *operations, page, summary string, params ...*huma.Param) {
	op := call(http.MethodGet, "/api/v1/state/"+page, "state", summary)
	describe[stated[V]](o, topic{page: page}.who(), op, jsonMedia, params...)
}

// register is every call of the API, once.
func (o *operations) register() {
	o.registerDesks()
	o.registerReception()
	o.registerOffice()
	o.registerReading()
	o.registerLooking()
	o.registerHooks()
	o.registerAccounts()
	o.registerSetup()
	o.registerFirst()
	o.registerDemo()
}

func (o *operations) registerDesks() {
	const path, tag = "/api/v1/desks/{desk}", "desks"
	do := o.s.atDesk
	carry[deskBody](o, desks, path, "open", do, tag, "Open a desk")
	carry[deskBody](o, desks, path, "move", do, tag, "Close the desk where one is, and open this one")
	carry[closeBody](o, desks, path, "close", do, tag, "Close a desk")
	carry[pauseBody](o, desks, path, "pause", do, tag, "Rest at a desk")
	carry[nextBody](o, desks, path, "next", do, tag, "Finish the ticket in service and call the next one")
	carry[callBody](o, desks, path, "call", do, tag, "Call a given ticket")
	carry[recallBody](o, desks, path, "recall", do, tag, "Call the same ticket again")
	carry[ticketBody](o, desks, path, "start", do, tag, "Start the service of the ticket that was called")
	carry[finishBody](o, desks, path, "finish", do, tag, "Finish the service")
	carry[ticketBody](o, desks, path, "no-show", do, tag, "Mark the ticket as not presented")
	carry[ticketBody](o, desks, path, "undo", do, tag, "Take a wrong call back, within 30 s")
	carry[ticketBody](o, desks, path, "put-back", do, tag, "Return a ticket that was called by mistake to its place")
	carry[transferBody](o, desks, path, "transfer", do, tag, "Send the ticket to another service or desk")
	carry[serveOnBody](o, desks, path, "serve-on", do, tag, "Begin the next planned service of the ticket at this desk")
	carry[planBody](o, desks, path, "plan", do, tag, "Change which services the ticket is for after the present one")
	carry[issueHereBody](o, desks, path, "issue", do, tag, "Give a number to somebody who stands at this desk without one, and begin the service")
	carry[parkBody](o, desks, path, "park", do, tag, "Park the ticket")
	carry[ticketBody](o, desks, path, "resume", do, tag, "Bring a parked ticket back to the desk")
}

func (o *operations) registerReception() {
	const path, tag = "/api/v1/reception", "reception"
	do := o.s.atReception
	carry[issueBody](o, reception, path, "issue", do, tag, "Issue a ticket")
	carry[contactBody](o, reception, path, "contact", do, tag, "Count somebody who needs no ticket")
	carry[bookBody](o, reception, path, "book", do, tag, "Book an appointment of today")
	carry[appointmentBody](o, reception, path, "unbook", do, tag, "Cancel an appointment")
	carry[checkInBody](o, reception, path, "check-in", do, tag, "Give the holder of an appointment a ticket")
	carry[ticketBody](o, reception, path, "grant", do, tag, "Grant a ticket priority")
	carry[ticketBody](o, reception, path, "withdraw", do, tag, "Withdraw a ticket's priority")
	carry[categoryBody](o, reception, path, "category", do, tag, "Say who the holder of a ticket comes for")
	carry[cancelBody](o, reception, path, "cancel", do, tag, "Cancel a ticket")
	carry[ticketBody](o, reception, path, "return", do, tag, "Put a no-show back, once")
	carry[ticketBody](o, reception, path, "reinstate", do, tag, "Put a ticket back at its place that was cancelled or has expired, or that counts as served since a desk closed over it and nobody saw how that ended")
	carry[reprintBody](o, reception, path, "reprint", do, tag, "Print a ticket again, marked RISTAMPA")
	carry[burstBody](o, reception, path, "burst", do, tag, "Cancel a burst of tickets that were taken for fun")
	const blocks, emergency = "/api/v1/blocks", "blocks"
	carry[reserveBody](o, reception, blocks, "reserve", o.s.atBlock, emergency, "Reserve a block of numbers that are handed out on paper")
	carry[admitBody](o, reception, blocks, "admit", o.s.atBlock, emergency, "Let a number of a block be called as any other")
	carry[totemBody](o, totems, "/api/v1/totem/{outlet}/tickets", "", o.s.atTotem, "totem", "Give a ticket to whoever touched the totem")
}

func (o *operations) registerOffice() {
	const path, tag = "/api/v1/manager", "manager"
	do := o.s.atManager
	carry[suspendBody](o, manager, path, "suspend", do, tag, "Suspend the office")
	carry[nothing](o, manager, path, "resume", do, tag, "Resume the office")
	carry[stopBody](o, manager, path, "stop", do, tag, "Stop giving tickets for a service")
	carry[serviceBody](o, manager, path, "reopen", do, tag, "Give tickets for a service again")
	carry[profileBody](o, manager, path, "profile", do, tag, "Say what a desk serves, from its next call on")
	carry[capacityBody](o, manager, path, "capacity", do, tag, "Say how many people may wait in the hall")
	carry[restartBody](o, manager, path, "restart", do, tag, "Let a series go on from another number")
	carry[postBody](o, manager, path, "post", do, tag, "Put a message on the boards")
	carry[messageBody](o, manager, path, "withdraw", do, tag, "Take a message off the boards")
	carry[nothing](o, clockSetters, "/api/v1/clock", "confirm", o.s.atClock, "clock", "Say that the office's clock is right")
	carry[correctionBody](o, clockSetters, "/api/v1/clock", "set", o.s.atClock, "clock", "Correct the office's clock")
	carry[trialBody](o, devices, "/api/v1/devices", "trial", o.s.atDevices, "devices", "Print a slip that says PROVA")
}

// A reportQuestionInput asks how long people waited.
type reportQuestionInput struct {
	From string `query:"from" required:"true" format:"date" doc:"The first business day"`
	To   string `query:"to" required:"true" format:"date" doc:"The last business day"`
	By   string `query:"by" enum:"hour,day,service,group" default:"hour" doc:"What a row is"`
	// LeaveOutInferred leaves out what nobody saw.
	LeaveOutInferred bool `query:"leave_out_inferred" doc:"Leave out legs of which some moment was inferred, of days where that tells of no desk: of most days only by=day"`
	// Told asks besides for outcomes and categories.
	Told bool `query:"told" doc:"Tell besides what came of the services and whom they were for"`
	// Contacts asks besides for who was helped without a ticket.
	Contacts bool `query:"contacts" doc:"Tell besides whom the reception helped without a ticket, by day and kind"`
}

func (o *operations) registerReading() {
	describeState[view.Board](o, "board", "The hall display",
		query("hall", "The hall whose announcements it has; left out in an office that has one. A board that was paired has its own whatever stands here"),
		query("service", "A service whose calls are told, again for each further one; left out for all"))
	describeState[view.Totem](o, "totem", "A totem", placed("outlet", "The totem, as the office's file names it; one that was paired is shown its own whatever stands here"))
	describeState[view.Voting](o, "voting", "The voting screen of a desk", placed("desk", "The desk, as the office's file names it; a screen that was paired is shown its own whatever stands here"))
	describeState[view.Console](o, "console", "The console of a desk", placed("desk", "The desk, as the office's file names it"))
	describeState[view.Attendant](o, "attendant", "The page of who helps people in the hall")
	describeState[view.Reception](o, "reception", "The reception", query("q", "A number to search for"))
	describeState[view.Manager](o, "manager", "The manager's first page")
	describeState[[]view.ManagerDesk](o, "desks", "The desks")
	describeState[view.Devices](o, "devices", "Printers, buttons, keypads and boards, with what to do")
	if o.s.cfg.Reports != nil {
		op := call(http.MethodGet, "/api/v1/reports/waits", "reports", "How long people waited")
		op.Description = "What tells of desks is told once their day is closed, and of at least three that worked on it: walk and service times of fewer are left out of a row " +
			"and of the total and counted in walk_few_desks and service_few_desks; groups of fewer are the row *; what fewer told is in the row * of told, " +
			"or in its few_desks when fewer than three worked at all. The day that goes on counts as one of too few, since two reports of it could be " +
			"subtracted. Which legs were inferred tells of desks that have a keypad. It is told in every row of a day on which no desk has such legs, or all of them are; " +
			"by day, and in the total, of a day on which at least three desks have such legs and at least three have others, and none has more of either than all the rest; and nowhere of " +
			"any other. Where it is not told, inferred_few_desks has all the legs, inferred or not, walk_few_desks all of them that were waited for, " +
			"and leave_out_inferred leaves none out; left_out says how many it did. Services whose end nobody saw are told apart nowhere: " +
			"they are in service_n or service_few_desks as the others, and in mean_service_ms with the mean of those of their day whose end is known, in whole milliseconds. Waits are always told. Contacts without a ticket go by day, whatever the rows go by, and are of no service, desk or person."
		operate(o, reports, op, func(r *http.Request, in *reportQuestionInput) (waiting.Report, error) {
			ctx, done := context.WithTimeout(r.Context(), reportWait)
			defer done()
			return o.s.cfg.Reports.Report(ctx, waiting.Query{
				From: in.From, To: in.To, By: waiting.Grouping(in.By), LeaveOutInferred: in.LeaveOutInferred, Told: in.Told, Contacts: in.Contacts,
			})
		})
	}
	if o.s.cfg.Events != nil {
		describe[view.Event](o, streamReaders, huma.Operation{
			Method: http.MethodGet, Path: "/api/v1/events", Tags: []string{"events"}, Summary: "What happens, as server-sent events",
			Description: "Each event is one message without a name, with its id. The first message is named start {journal, from, newest}; " +
				"beat {newest} comes every 15 s; end {reason, last, say} before the server ends the stream: stream-stopping (the program stops), " +
				"stream-slow (the reader was too slow), stream-unreadable (the journal cannot be read there) or stream-barred (the reader's token or session is over). " +
				"After a break go on with Last-Event-ID or after: no event is missed and none comes twice. " +
				"409 other-journal: a backup was put back, begin with from=1. 409 no-event-yet: the sequence comes after the next one. " +
				"The same over a websocket is at /api/v1/events/ws: messages {type, start|event|beat|end}. " +
				"What is done at desks is told while the day is open. Of a day that is over (day.closed) it is told no more, also to a reader " +
				"that is late and to webhooks that are sent again: each act of a desk, from a call to the end of a service, is desk.acted, with its sequence " +
				"and its hour and without ticket or desk, so that no order of events ties tickets to a desk; by is staff for desks and reception alike; " +
				"a ticket that staff gave has its number and service alone; device and outlet are left out where a desk could be meant, inferred " +
				"everywhere, and at is the hour. What came of tickets and what desks took is told by reports, in sums and of three desks together. " +
				"The kinds of event are " + strings.Join(view.EventKinds(), ", ") + "; other is what this version does not tell.",
		}, "text/event-stream",
			query("from", "The first sequence that is wanted, from 1; without it, from now on"),
			query("after", "The id of the last event that the reader has, as id of an event says it: the journal, a hyphen and its sequence, a whole number from 0, such as K3QZ7M-60. What is of another form is refused with 422, and errors says so at query.after, or at header.Last-Event-ID; an event of another journal, or one that has not happened, with 409. Not together with from; the header Last-Event-ID counts first"))
	}
	open := func(path, summary string) huma.Operation {
		return huma.Operation{
			Method: http.MethodGet, Path: path, Tags: []string{"open"}, Summary: summary,
			Description: "Only services that the office publishes; fewer than three people waiting are not counted.",
		}
	}
	describe[view.Open](o, everybody, open("/api/v1/open/queues.json", "The queues, for everybody"), jsonMedia)
	describe[string](o, everybody, open("/api/v1/open/queues.csv", "The queues, as a table"), "text/csv")
	describe[[]monitor](o, everybody, open("/api/v1/open/queue-monitors.jsonld", "The queues, as QueueMonitor of FIWARE (NGSI-LD)"), "application/ld+json")
}
