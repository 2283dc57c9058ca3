package display

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"eliminacode/display/view"
	"eliminacode/queue/waiting"
)

// An acted is the answer to a command: 201 when it made a ticket.
type acted struct {
	Status int
	Body   answer
}

// Inputs of commands, by the place in their address. Key is the caller's own name
// for the request.
type (
	plainInput[B any] struct {
		Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		Body B
	}
	deskInput[B any] struct {
		Key  string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		Desk string `path:"desk" doc:"The desk, as the office's file names it"`
		Body B
	}
	outletInput[B any] struct {
		Key    string `header:"Idempotency-Key" maxLength:"64" doc:"The caller's own name for this request: sent again, it changes nothing"`
		Outlet string `path:"outlet" doc:"The totem, as the office's file names it"`
		Body   B
	}
)

func (in *plainInput[B]) said() (key string, body any)  { return in.Key, in.Body }
func (in *deskInput[B]) said() (key string, body any)   { return in.Key, in.Body }
func (in *outletInput[B]) said() (key string, body any) { return in.Key, in.Body }

// Bodies of commands. All values are texts, as in the forms of the pages, which
// send the same; a field that a command does not know says nothing.
type (
	nothing struct {
		_ struct{} `additionalProperties:"true"`
	}
	deskBody struct {
		_    struct{} `additionalProperties:"true"`
		Seen string   `json:"seen,omitempty" doc:"seen of the last answer or of the desk's view: what has changed since then is not undone blindly"`
	}
	pauseBody struct {
		_    struct{} `additionalProperties:"true"`
		Why  string   `json:"why,omitempty" doc:"A reason that the desk's view offers"`
		Seen string   `json:"seen,omitempty" doc:"seen of the last answer or of the desk's view"`
	}
	nextBody struct {
		_         struct{} `additionalProperties:"true"`
		Finishing string   `json:"finishing,omitempty" doc:"The ticket that the desk believes it serves; with another one nothing is called"`
		Outcome   string   `json:"outcome,omitempty" doc:"How the service of that ticket ended"`
		Seen      string   `json:"seen,omitempty" doc:"seen of the last answer or of the desk's view"`
	}
	callBody struct {
		_         struct{} `additionalProperties:"true"`
		Ticket    string   `json:"ticket,omitempty" doc:"The ticket to call out of order, where the office allows it"`
		Number    string   `json:"number,omitempty" maxLength:"20" doc:"Its number as it is typed, instead of the ticket"`
		Finishing string   `json:"finishing,omitempty" doc:"The ticket that the desk believes it serves"`
		Outcome   string   `json:"outcome,omitempty" doc:"How the service of that ticket ended"`
		Seen      string   `json:"seen,omitempty" doc:"seen of the last answer or of the desk's view"`
	}
	ticketBody struct {
		_       struct{} `additionalProperties:"true"`
		Ticket  string   `json:"ticket" doc:"The ticket, as answers name it"`
		Outcome string   `json:"outcome,omitempty" doc:"How the service ended, where it ends"`
		Seen    string   `json:"seen,omitempty" doc:"seen of the last answer or of the desk's view"`
	}
	transferBody struct {
		_       struct{} `additionalProperties:"true"`
		Ticket  string   `json:"ticket" doc:"The ticket, as answers name it"`
		Service string   `json:"service,omitempty" doc:"To this service; empty is the same one"`
		Desk    string   `json:"desk,omitempty" doc:"To this desk alone"`
		Place   string   `json:"place,omitempty" enum:"arrival,front,back," doc:"Place in the new queue"`
	}
	parkBody struct {
		_       struct{} `additionalProperties:"true"`
		Ticket  string   `json:"ticket" doc:"The ticket, as answers name it"`
		Minutes string   `json:"minutes,omitempty" pattern:"^[0-9]*$" doc:"For how many minutes; empty is until it is resumed"`
	}
	issueBody struct {
		_       struct{} `additionalProperties:"true"`
		Service string   `json:"service" doc:"The service, as the office's file names it"`
		Class   string   `json:"class,omitempty" enum:"priority," doc:"priority, or empty"`
		Outlet  string   `json:"outlet,omitempty" doc:"Where the ticket comes out"`
		// Category is who the citizen comes for.
		Category string `json:"category,omitempty" doc:"Who the citizen comes for, as the reception's view offers"`
		Request  string `json:"request,omitempty" maxLength:"64" doc:"The caller's name for the request; without it the Idempotency-Key"`
	}
	totemBody struct {
		_       struct{} `additionalProperties:"true"`
		Service string   `json:"service" doc:"The service, as the office's file names it"`
		Request string   `json:"request,omitempty" maxLength:"64" doc:"The caller's name for the request; without it the Idempotency-Key"`
	}
	contactBody struct {
		_       struct{} `additionalProperties:"true"`
		Contact string   `json:"contact" doc:"What somebody came for who needs no ticket, as the reception's view offers"`
		Request string   `json:"request,omitempty" maxLength:"64" doc:"The caller's name for the request; without it the Idempotency-Key"`
	}
	bookBody struct {
		_       struct{} `additionalProperties:"true"`
		Service string   `json:"service" doc:"The service, as the office's file names it"`
		Hour    string   `json:"hour" pattern:"^[0-9]{2}:[0-9]{2}$" doc:"Hour of today, such as 10:30"`
		Desk    string   `json:"desk,omitempty" doc:"The desk that alone may call it"`
		Request string   `json:"request,omitempty" maxLength:"64" doc:"The caller's name for the request; without it the Idempotency-Key"`
	}
	appointmentBody struct {
		_           struct{} `additionalProperties:"true"`
		Appointment string   `json:"appointment" doc:"The appointment, as the answer to book names it"`
	}
	checkInBody struct {
		_           struct{} `additionalProperties:"true"`
		Appointment string   `json:"appointment,omitempty" doc:"The appointment, as the answer to book names it"`
		Code        string   `json:"code,omitempty" maxLength:"300" doc:"What its holder shows: code, number or address of a QR code"`
		Outlet      string   `json:"outlet,omitempty" doc:"Where the ticket comes out"`
	}
	categoryBody struct {
		_        struct{} `additionalProperties:"true"`
		Ticket   string   `json:"ticket" doc:"The ticket, as answers name it"`
		Category string   `json:"category" doc:"Who the citizen comes for, as the reception's view offers"`
	}
	cancelBody struct {
		_      struct{} `additionalProperties:"true"`
		Ticket string   `json:"ticket" doc:"The ticket, as answers name it"`
		Why    string   `json:"why,omitempty" doc:"A reason that the reception's view offers"`
	}
	reprintBody struct {
		_      struct{} `additionalProperties:"true"`
		Ticket string   `json:"ticket" doc:"The ticket, as answers name it"`
		Job    string   `json:"job" pattern:"^[0-9]+$" doc:"The newest print that the caller knows of"`
		Outlet string   `json:"outlet,omitempty" doc:"The printer; empty is where it came out first"`
	}
	burstBody struct {
		_       struct{} `additionalProperties:"true"`
		Outlet  string   `json:"outlet" doc:"Where the burst came out"`
		Tickets string   `json:"tickets,omitempty" doc:"The tickets that were seen, with commas between"`
		Older   string   `json:"older,omitempty" doc:"The first of those that no longer fitted the list"`
	}
	correctionBody struct {
		_          struct{} `additionalProperties:"true"`
		Correction string   `json:"correction" pattern:"^-?[0-9]+$" doc:"Milliseconds to add to what the box reads, in all"`
	}
	outletBody struct {
		_      struct{} `additionalProperties:"true"`
		Outlet string   `json:"outlet" doc:"The outlet, as the office's file names it"`
	}
	whyBody struct {
		_       struct{} `additionalProperties:"true"`
		Service string   `json:"service,omitempty" doc:"The service, where it is about one"`
		Why     string   `json:"why,omitempty" doc:"A reason that the manager's view offers"`
	}
	serviceBody struct {
		_       struct{} `additionalProperties:"true"`
		Service string   `json:"service" doc:"The service, as the office's file names it"`
	}
	capacityBody struct {
		_      struct{} `additionalProperties:"true"`
		People string   `json:"people" pattern:"^[0-9]+$" doc:"How many people may wait; 0 is no limit"`
	}
	restartBody struct {
		_      struct{} `additionalProperties:"true"`
		Series string   `json:"series" doc:"The series, as the office's file names it"`
		From   string   `json:"from" pattern:"^[0-9]+$" doc:"The number at which it goes on"`
		Next   string   `json:"next,omitempty" pattern:"^[0-9]*$" doc:"The number that would have come"`
	}
	messageBody struct {
		_       struct{} `additionalProperties:"true"`
		Message string   `json:"message" doc:"The message, as the manager's view names it"`
	}
)

// carry makes a call out of an act of the pages: the same command, with types.
func carry[I any, P interface {
	*I
	said() (key string, body any)
}](o *operations, w who, path, action string, do act, tag, summary string) {
	if action != "" {
		path += "/" + action
	}
	op := huma.Operation{Method: http.MethodPost, Path: path, Tags: []string{tag}, Summary: summary}
	if action == "issue" || action == "check-in" || action == "" {
		made := o.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[answer](), true, "")
		op.Responses = map[string]*huma.Response{"201": {
			Description: "The ticket was made", Content: map[string]*huma.MediaType{"application/json": {Schema: made}},
		}}
	}
	operate(o, w, op, func(ctx context.Context, in *I) (*acted, error) {
		r := requestOf(ctx)
		key, body := P(in).said()
		f, err := fieldsOf(body)
		if err != nil {
			return nil, o.s.refusal(ctx, err)
		}
		if f["request"] == "" && key != "" {
			f["request"] = key
		}
		if action != "" {
			r.SetPathValue("action", action)
		}
		done, err := do(r, f)
		if err != nil {
			return nil, o.s.refusal(ctx, err)
		}
		status, a := o.s.answerOf(r, done)
		return &acted{status, a}, nil
	})
}

// A stated is a view of a page, as the hub sends it.
type stated[V any] struct {
	Kind    string  `json:"kind" enum:"view"`
	Build   string  `json:"build" doc:"Names the program"`
	Journal string  `json:"journal" doc:"seq means nothing in another journal"`
	Seq     uint64  `json:"seq" doc:"Sequence of the newest event that is shown"`
	Now     int64   `json:"now" doc:"Office time, milliseconds since 1970 UTC"`
	Rate    float64 `json:"rate" doc:"Office seconds in one second"`
	View    V       `json:"view"`
}

func describeState[V any](o *operations, page, summary string, params ...*huma.Param) {
	op := huma.Operation{Method: http.MethodGet, Path: "/api/v1/state/" + page, Tags: []string{"state"}, Summary: summary}
	describe[stated[V]](o, topic{page: page}.who(), op, "application/json", params...)
}

// register is every call of the API, once.
func (o *operations) register() {
	o.registerDesks()
	o.registerReception()
	o.registerOffice()
	o.registerReading()
	o.registerHooks()
}

func (o *operations) registerDesks() {
	const path, tag = "/api/v1/desks/{desk}", "desks"
	do := o.s.atDesk
	carry[deskInput[deskBody]](o, desks, path, "open", do, tag, "Open a desk")
	carry[deskInput[deskBody]](o, desks, path, "close", do, tag, "Close a desk")
	carry[deskInput[pauseBody]](o, desks, path, "pause", do, tag, "Rest at a desk")
	carry[deskInput[nextBody]](o, desks, path, "next", do, tag, "Finish the ticket in service and call the next one")
	carry[deskInput[callBody]](o, desks, path, "call", do, tag, "Call a given ticket")
	carry[deskInput[ticketBody]](o, desks, path, "recall", do, tag, "Call the same ticket again")
	carry[deskInput[ticketBody]](o, desks, path, "start", do, tag, "Start the service of the ticket that was called")
	carry[deskInput[ticketBody]](o, desks, path, "finish", do, tag, "Finish the service")
	carry[deskInput[ticketBody]](o, desks, path, "no-show", do, tag, "Mark the ticket as not presented")
	carry[deskInput[ticketBody]](o, desks, path, "undo", do, tag, "Take a wrong call back, within 30 s")
	carry[deskInput[ticketBody]](o, desks, path, "put-back", do, tag, "Return a ticket that was called by mistake to its place")
	carry[deskInput[transferBody]](o, desks, path, "transfer", do, tag, "Send the ticket to another service or desk")
	carry[deskInput[parkBody]](o, desks, path, "park", do, tag, "Park the ticket")
	carry[deskInput[ticketBody]](o, desks, path, "resume", do, tag, "Bring a parked ticket back to the desk")
}

func (o *operations) registerReception() {
	const path, tag = "/api/v1/reception", "reception"
	do := o.s.atReception
	carry[plainInput[issueBody]](o, reception, path, "issue", do, tag, "Issue a ticket")
	carry[plainInput[contactBody]](o, reception, path, "contact", do, tag, "Count somebody who needs no ticket")
	carry[plainInput[bookBody]](o, reception, path, "book", do, tag, "Book an appointment of today")
	carry[plainInput[appointmentBody]](o, reception, path, "unbook", do, tag, "Cancel an appointment")
	carry[plainInput[checkInBody]](o, reception, path, "check-in", do, tag, "Give the holder of an appointment a ticket")
	carry[plainInput[ticketBody]](o, reception, path, "grant", do, tag, "Grant a ticket priority")
	carry[plainInput[ticketBody]](o, reception, path, "withdraw", do, tag, "Withdraw a ticket's priority")
	carry[plainInput[categoryBody]](o, reception, path, "category", do, tag, "Say who the holder of a ticket comes for")
	carry[plainInput[cancelBody]](o, reception, path, "cancel", do, tag, "Cancel a ticket")
	carry[plainInput[ticketBody]](o, reception, path, "return", do, tag, "Put a no-show back, once")
	carry[plainInput[ticketBody]](o, reception, path, "reinstate", do, tag, "Put a cancelled or expired ticket back")
	carry[plainInput[reprintBody]](o, reception, path, "reprint", do, tag, "Print a ticket again, marked RISTAMPA")
	carry[plainInput[burstBody]](o, reception, path, "burst", do, tag, "Cancel a burst of tickets that were taken for fun")
	carry[outletInput[totemBody]](o, totems, "/api/v1/totem/{outlet}/tickets", "", o.s.atTotem, "totem", "Give a ticket to whoever touched the totem")
}

func (o *operations) registerOffice() {
	const path, tag = "/api/v1/manager", "manager"
	do := o.s.atManager
	carry[plainInput[whyBody]](o, manager, path, "suspend", do, tag, "Suspend the office")
	carry[plainInput[nothing]](o, manager, path, "resume", do, tag, "Resume the office")
	carry[plainInput[whyBody]](o, manager, path, "stop", do, tag, "Stop giving tickets for a service")
	carry[plainInput[serviceBody]](o, manager, path, "reopen", do, tag, "Give tickets for a service again")
	carry[plainInput[map[string]string]](o, manager, path, "profile", do, tag,
		"Say what a desk serves: desk, and for each service serve-SERVICE with first, help or nothing")
	carry[plainInput[capacityBody]](o, manager, path, "capacity", do, tag, "Say how many people may wait in the hall")
	carry[plainInput[restartBody]](o, manager, path, "restart", do, tag, "Let a series go on from another number")
	carry[plainInput[map[string]string]](o, manager, path, "post", do, tag,
		"Put a message on the boards: text-LANGUAGE for each language, and until, an hour of today such as 12:30")
	carry[plainInput[messageBody]](o, manager, path, "withdraw", do, tag, "Take a message off the boards")
	carry[plainInput[nothing]](o, clockSetters, "/api/v1/clock", "confirm", o.s.atClock, "clock", "Say that the office's clock is right")
	carry[plainInput[correctionBody]](o, clockSetters, "/api/v1/clock", "set", o.s.atClock, "clock", "Correct the office's clock")
	if o.s.cfg.Trial != nil {
		carry[plainInput[outletBody]](o, devices, "/api/v1/devices", "trial", o.s.atDevices, "devices", "Print a slip that says PROVA")
	}
}

// A reportQuestionInput asks how long people waited.
type reportQuestionInput struct {
	From string `query:"from" required:"true" format:"date" doc:"The first business day"`
	To   string `query:"to" required:"true" format:"date" doc:"The last business day"`
	By   string `query:"by" enum:"hour,day,service,group" default:"hour" doc:"What a row is"`
	// LeaveOutInferred leaves out what nobody saw.
	LeaveOutInferred bool `query:"leave_out_inferred" doc:"Leave out legs of which some moment was inferred"`
}

type reportAnswer struct{ Body waiting.Report }

func (o *operations) registerReading() {
	describeState[view.Board](o, "board", "The hall display")
	describeState[view.Totem](o, "totem", "A totem", query("outlet", "The totem, as the office's file names it"))
	describeState[view.Console](o, "console", "The console of a desk", query("desk", "The desk, as the office's file names it"))
	describeState[view.Reception](o, "reception", "The reception", query("q", "A number to search for"))
	describeState[view.Manager](o, "manager", "The manager's first page")
	describeState[[]view.ManagerDesk](o, "desks", "The desks")
	describeState[view.Devices](o, "devices", "Printers, buttons, keypads and boards, with what to do")
	if o.s.cfg.Reports != nil {
		op := huma.Operation{Method: http.MethodGet, Path: "/api/v1/reports/waits", Tags: []string{"reports"}, Summary: "How long people waited"}
		operate(o, reports, op, func(ctx context.Context, in *reportQuestionInput) (*reportAnswer, error) {
			ctx, done := context.WithTimeout(ctx, reportWait)
			defer done()
			report, err := o.s.cfg.Reports.Report(ctx, waiting.Query{
				From: in.From, To: in.To, By: waiting.Grouping(in.By), LeaveOutInferred: in.LeaveOutInferred,
			})
			if err != nil {
				return nil, o.s.refusal(ctx, err)
			}
			return &reportAnswer{report}, nil
		})
	}
	if o.s.cfg.Events != nil {
		describe[view.Event](o, streamReaders, huma.Operation{
			Method: http.MethodGet, Path: "/api/v1/events", Tags: []string{"events"}, Summary: "What happens, as server-sent events",
			Description: "Each event is one message without a name, with its id. The first message is named start {journal, from, newest}; " +
				"beat {newest} comes every 15 s; end {reason, last, say} before the server ends the stream. " +
				"After a break go on with Last-Event-ID or after. 409 other-journal: a backup was put back, begin with from=1. " +
				"The same over a websocket is at /api/v1/events/ws: messages {type, start|event|beat|end}.",
		}, "text/event-stream",
			query("from", "The first sequence that is wanted, from 1; without it, from now on"),
			query("after", "The id of the last event that the reader has; the header Last-Event-ID counts first"))
	}
	open := func(path, summary string) huma.Operation {
		return huma.Operation{
			Method: http.MethodGet, Path: path, Tags: []string{"open"}, Summary: summary,
			Description: "Only services that the office publishes; fewer than three people waiting are not counted.",
		}
	}
	describe[view.Open](o, everybody, open("/api/v1/open/queues.json", "The queues, for everybody"), "application/json")
	describe[string](o, everybody, open("/api/v1/open/queues.csv", "The queues, as a table"), "text/csv")
	describe[[]monitor](o, everybody, open("/api/v1/open/queue-monitors.jsonld", "The queues, as QueueMonitor of FIWARE (NGSI-LD)"), "application/ld+json")
}
