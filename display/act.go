package display

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"
)

// fields are the values of a form or of a JSON body, by name. All are text, so
// that a plain form and a script send the same.
type fields map[string]string

// An outcome is what a request did, in a code that words.ByCode has a sentence
// for.
type outcome struct {
	state  *queue.State
	events []queue.Event
	code   string
	ticket queue.TicketID // that it made, called or was about; 0 for none
	desk   queue.DeskID   // that acted; empty for none
	missed queue.TicketID // that AVANTI took not to have come; 0 for none
	series queue.SeriesID // that goes on from another number; empty for none
	// appointment that was booked, whose code its holder must be told; or empty.
	appointment queue.AppointmentID
}

func (f fields) ticket(name string) (queue.TicketID, error) {
	if f[name] == "" || f[name] == "0" {
		return 0, nil
	}
	return queue.ParseTicketID(f[name])
}

// do carries a command out and keeps the newest state, whatever the answer.
func (s *Server) do(ctx context.Context, c queue.Command) (outcome, error) {
	state, events, err := s.cfg.Engine.Do(ctx, c)
	if state == nil {
		state, _ = s.cfg.Engine.Watch()
	}
	return outcome{state: state, events: events, code: "done"}, err
}

// takenFrom answers errDeskTaken where another operator than that of an account has a
// desk open. What happens there, and since when, is for nobody else to follow.
func takenFrom(account string, state *queue.State, desk queue.DeskID) error {
	if _, now, ok := state.Desk(desk); ok && account != "" && now.Open && now.Account != "" && now.Account != account {
		return fmt.Errorf("%w: desk %q", errDeskTaken, desk)
	}
	return nil
}

// keptFrom answers errDeskTaken where a program would take the place of a person. Two
// people agree on that between them; with a program nobody has agreed on anything.
func keptFrom(account string, state *queue.State, desk queue.DeskID) error {
	_, now, _ := state.Desk(desk)
	if !strings.HasPrefix(account, programAccount) || strings.HasPrefix(now.Account, programAccount) {
		return nil
	}
	return takenFrom(account, state, desk)
}

// deskAct carries out an action of a console. A desk that another operator has
// opened does nothing for this one but to be moved to, which takes it over and
// leaves the desk where the operator was.
func (s *Server) deskAct(ctx context.Context, desk queue.DeskID, account, action string, f fields) (outcome, error) {
	state, _ := s.cfg.Engine.Watch()
	if _, _, ok := state.Desk(desk); !ok {
		return outcome{}, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, desk)
	}
	if action == "move" {
		if err := keptFrom(account, state, desk); err != nil {
			return outcome{}, err
		}
		if err := s.leaveOtherDesk(ctx, state, desk, account); err != nil {
			return outcome{}, err
		}
		action = "open"
	} else if err := takenFrom(account, state, desk); err != nil {
		return outcome{}, err
	}
	if action == "call" {
		if err := numbered(state, f); err != nil {
			return outcome{}, err
		}
	}
	c, code, err := deskCommand(desk, account, action, f)
	if err != nil {
		return outcome{}, err
	}
	if t, ok := c.(queue.TransferTicket); ok && t.Service == "" {
		// To another desk, for the same service.
		if held := state.Ticket(t.Ticket); held != nil {
			t.Service = held.Service
		}
		c = t
	}
	switch b := c.(type) {
	case queue.OpenDesk:
		b.Qualified = s.narrowing(state, desk, qualified(ctx))
		c = b
	case queue.IssueAtDesk:
		b.Token = s.cfg.Token()
		c = b
	}
	done, err := s.do(ctx, c)
	done.code, done.ticket, done.desk = code, about(c), desk
	if issued, ok := c.(queue.IssueAtDesk); ok && err == nil {
		done.ticket = issuedBy(done, issued.Request)
		done.before(code, "issued-at-desk-before", queue.Serving)
	}
	if code == "called" && err == nil {
		done.missed = queue.MissedIn(done.events)
		if done.ticket = queue.CalledIn(done.events); done.ticket == 0 {
			// The same NEXT again asks for nothing new; a first one finds nobody.
			done.code = "nobody-waiting"
		}
	}
	if code == "closed" && err == nil {
		done.missed = queue.MissedIn(done.events)
		if done.missed == 0 {
			done.ticket, done.code = leftBy(done.events)
		}
	}
	return done, err
}

// leftBy is the ticket that a desk held which has closed, and the code of what its clerk
// said became of it.
func leftBy(events []queue.Event) (ticket queue.TicketID, code string) {
	code = "closed"
	if ticket = endedIn(events); ticket != 0 {
		return ticket, "closed-served"
	}
	for _, e := range events {
		switch b := e.Body.(type) {
		case queue.TicketNoShow:
			ticket, code = b.Ticket, "closed-no-show"
		case queue.TicketReturned:
			code = "closed-returned"
		}
	}
	return ticket, code
}

// endedIn is the ticket that was served, or sent on to its next service, by the events
// of a command, or 0.
func endedIn(events []queue.Event) queue.TicketID {
	for _, e := range events {
		switch b := e.Body.(type) {
		case queue.TicketServed:
			return b.Ticket
		case queue.TicketTransferred:
			return b.Ticket
		}
	}
	return 0
}

// qualified are the services that whoever sent a request may serve; none is all
// those of the desk.
func qualified(ctx context.Context) (services []queue.ServiceID) {
	v, _ := ctx.Value(visitorKey{}).(access.Visitor)
	for _, q := range v.Qualifications {
		services = append(services, queue.ServiceID(q))
	}
	return services
}

// narrowing are the services of an operator that a desk may leave others out for.
func (s *Server) narrowing(state *queue.State, desk queue.DeskID, own []queue.ServiceID) []queue.ServiceID {
	if len(own) == 0 || s.cfg.Administration == nil {
		return nil
	}
	for _, d := range state.Setup().Desks {
		if d.ID == desk {
			return sharedBy(s.clerksAtWork(), d.Profile, own)
		}
	}
	return own
}

// clerksAtWork are the clerks among whom one cannot be told: who has signed in and may.
func (s *Server) clerksAtWork() []access.Member {
	return slices.DeleteFunc(s.cfg.Administration.Members(), func(m access.Member) bool { return !m.Serves(s.cfg.Provider != nil) })
}

// sharedBy are an operator's services as a desk of some profile may know them: none,
// which is all of the desk's, where fewer than three of the clerks at work would serve
// just the same there. The profile in force stays in the journal after the day, when the key of its
// account is gone, and would tell who of the office sat there. Whoever serves nothing of
// the desk is refused as ever, which no journal keeps.
func sharedBy(clerks []access.Member, profile queue.Profile, own []queue.ServiceID) []queue.ServiceID {
	served := slices.Concat(profile.First, profile.Help)
	common := func(may func(queue.ServiceID) bool) []queue.ServiceID {
		return slices.DeleteFunc(slices.Clone(served), func(id queue.ServiceID) bool { return !may(id) })
	}
	in := common(func(id queue.ServiceID) bool { return slices.Contains(own, id) })
	if len(in) == 0 || len(in) == len(served) {
		return own
	}
	alike := 0
	for _, m := range clerks {
		same := common(func(id queue.ServiceID) bool { return slices.Contains(m.Qualifications, string(id)) })
		if slices.Equal(same, in) {
			alike++
		}
	}
	if alike < waiting.LeastDesks {
		return nil
	}
	return own
}

// leaveOtherDesk closes the desk that an operator has open besides one, unless a
// number is still in service there.
func (s *Server) leaveOtherDesk(ctx context.Context, state *queue.State, desk queue.DeskID, account string) error {
	for _, other := range state.WorkDesks() {
		_, now, _ := state.Desk(other.ID)
		if other.ID == desk || account == "" || !now.Open || now.Account != account {
			continue
		}
		if now.Ticket != 0 {
			return fmt.Errorf("%w: desk %q", queue.ErrDeskHasTicket, other.ID)
		}
		if _, err := s.do(ctx, queue.CloseDesk{By: queue.Cause{Kind: queue.ByConsole, Device: string(other.ID)}, Desk: other.ID}); err != nil {
			return err
		}
	}
	return nil
}

// about is the ticket that a command names, or 0.
func about(c queue.Command) queue.TicketID {
	switch c := c.(type) {
	case queue.RecallTicket:
		return c.Ticket
	case queue.StartService:
		return c.Ticket
	case queue.FinishTicket:
		return c.Ticket
	case queue.MarkNoShow:
		return c.Ticket
	case queue.UndoCall:
		return c.Ticket
	case queue.PutBack:
		return c.Ticket
	case queue.TransferTicket:
		return c.Ticket
	case queue.ServeOn:
		return c.Ticket
	case queue.PlanServices:
		return c.Ticket
	case queue.ParkTicket:
		return c.Ticket
	case queue.ResumeTicket:
		return c.Ticket
	case queue.CancelTicket:
		return c.Ticket
	case queue.ReturnTicket:
		return c.Ticket
	case queue.Reinstate:
		return c.Ticket
	case queue.Reprint:
		return c.Ticket
	case queue.GrantPriority:
		return c.Ticket
	case queue.WithdrawPriority:
		return c.Ticket
	case queue.SetCategory:
		return c.Ticket
	}
	return 0
}

// deskCommand is the command of an action, and the code of its good answer.
func deskCommand(desk queue.DeskID, account, action string, f fields) (queue.Command, string, error) {
	by := queue.Cause{Kind: queue.ByConsole, Device: string(desk)}
	ticket, err := f.ticket("ticket")
	if err != nil {
		return nil, "", err
	}
	finishing, err := f.ticket("finishing")
	if err != nil {
		return nil, "", err
	}
	seen := uint64(0)
	if f["seen"] != "" {
		seen, err = strconv.ParseUint(strings.TrimSpace(f["seen"]), 10, 64)
		if err := noNumber("seen", f["seen"], err); err != nil {
			return nil, "", err
		}
	}
	switch action {
	case "open":
		return queue.OpenDesk{By: by, Desk: desk, Account: account, Seen: seen}, "opened", nil
	case "close":
		return queue.CloseDesk{By: by, Desk: desk, Current: queue.Current(f["current"])}, "closed", nil
	case "pause":
		if f["why"] != "" {
			if _, err := oneOf(f["why"], queue.PauseReasons[:]); err != nil {
				return nil, "", err
			}
		}
		return queue.PauseDesk{By: by, Desk: desk, Why: f["why"], Seen: seen}, "paused", nil
	case "next":
		return queue.CallNext{By: by, Desk: desk, Finishing: finishing, Seen: seen, Outcome: queue.Outcome(f["outcome"])}, "called", nil
	case "call":
		return queue.CallTicket{By: by, Desk: desk, Finishing: finishing, Ticket: ticket, Seen: seen, Outcome: queue.Outcome(f["outcome"])}, "called", nil
	case "recall":
		return queue.RecallTicket{By: by, Desk: desk, Ticket: ticket, Seen: seen}, "recalled", nil
	case "start":
		return queue.StartService{By: by, Desk: desk, Ticket: ticket}, "started", nil
	case "finish":
		return queue.FinishTicket{By: by, Desk: desk, Ticket: ticket, Outcome: queue.Outcome(f["outcome"])}, "finished", nil
	case "no-show":
		return queue.MarkNoShow{By: by, Desk: desk, Ticket: ticket}, "no-show", nil
	case "undo":
		return queue.UndoCall{By: by, Desk: desk, Ticket: ticket}, "undone", nil
	case "put-back":
		return queue.PutBack{By: by, Desk: desk, Ticket: ticket}, "put-back", nil
	case "transfer":
		return queue.TransferTicket{
			By: by, From: desk, Ticket: ticket, Service: queue.ServiceID(f["service"]),
			Desk: queue.DeskID(f["desk"]), Place: queue.Place(f["place"]),
		}, "transferred", nil
	case "serve-on":
		return queue.ServeOn{
			By: by, Desk: desk, Ticket: ticket, Service: queue.ServiceID(f["service"]), Outcome: queue.Outcome(f["outcome"]),
		}, "served-on", nil
	case "issue":
		if err := shortName(f["request"]); err != nil {
			return nil, "", err
		}
		return queue.IssueAtDesk{
			By: by, Desk: desk, Service: queue.ServiceID(f["service"]), Category: queue.Category(f["category"]), Request: f["request"], Seen: seen,
		}, "issued-at-desk", nil
	case "plan":
		nth, err := f.wholeIfAny("nth")
		return queue.PlanServices{By: by, Ticket: ticket, Services: servicesOf(f["services"]), Nth: nth}, "planned", err
	case "park":
		minutes, err := f.wholeIfAny("minutes")
		if err == nil && minutes != int(int32(minutes)) {
			err = wrongValue("minutes", f["minutes"], ruleSize)
		}
		return queue.ParkTicket{By: by, Desk: desk, Ticket: ticket, ForMs: int64(minutes) * 60_000}, "parked", err
	case "resume":
		return queue.ResumeTicket{By: by, Desk: desk, Ticket: ticket}, "resumed", nil
	default:
		return nil, "", fmt.Errorf("%w: no action %q of a desk", errNoPage, action)
	}
}

// servicesOf are services with commas between; what is empty is none.
func servicesOf(list string) (services []queue.ServiceID) {
	for id := range strings.SplitSeq(list, ",") {
		if id != "" {
			services = append(services, queue.ServiceID(id))
		}
	}
	return services
}

// chosenLanguage is the one that a citizen chose; empty is none.
func chosenLanguage(f fields) (queue.Language, error) {
	l := queue.Language(f["language"])
	if l == "" || slices.Contains(words.StaffLanguages(), l) {
		return l, nil
	}
	var known []string
	for _, x := range words.StaffLanguages() {
		known = append(known, string(x))
	}
	return "", wrongValue("language", string(l), queue.RuleOneOf, known...)
}

// totemAct gives a ticket to whoever touched the totem, with priority for who asks for
// it there; the services are several only where the office offers that.
func (s *Server) totemAct(ctx context.Context, from address, outlet queue.OutletID, f fields) (outcome, error) {
	language, err := chosenLanguage(f)
	if err != nil {
		return outcome{}, err
	}
	then := servicesOf(f["then"])
	if state, _ := s.cfg.Engine.Watch(); len(then) > 0 {
		if o, _, ok := state.Outlet(outlet); ok && !o.Several {
			return outcome{}, fmt.Errorf("%w: %q", errOneService, outlet)
		}
	}
	if paper := f["paper"]; paper != "" && paper != paperNo {
		return outcome{}, wrongValue("paper", paper, queue.RuleOneOf, paperNo)
	}
	return s.issue(ctx, from, queue.IssueTicket{
		By: queue.Cause{Kind: queue.ByTotem, Device: string(outlet)}, Paperless: f["paper"] == paperNo,
		Service: queue.ServiceID(f["service"]), Class: queue.Class(f["class"]), Outlet: outlet, Request: f["request"], Then: then, Language: language,
	})
}

// paperNo is the paper of who wants none.
const paperNo = "no"

// maxRequestBytes bounds the name that a page gives its request.
const maxRequestBytes = 64

// shortName refuses a name of a request that no page gives.
func shortName(request string) error {
	if len(request) > maxRequestBytes {
		return fmt.Errorf("%w: %w", errBadBody, queue.ValueError{Field: "request", Rule: queue.RuleLine, Most: maxRequestBytes, Value: request})
	}
	return nil
}

func (s *Server) issue(ctx context.Context, from address, c queue.IssueTicket) (outcome, error) {
	if err := shortName(c.Request); err != nil {
		return outcome{}, err
	}
	if state, _ := s.cfg.Engine.Watch(); state.TicketByRequest(c.Request) == nil {
		if err := s.askers.ticket(from, time.Now()); err != nil {
			return outcome{}, err
		}
	}
	c.Token = s.cfg.Token()
	done, err := s.do(ctx, c)
	done.code = "issued"
	if err != nil {
		return done, err
	}
	done.ticket = issuedBy(done, c.Request)
	done.before("issued", "issued-before", queue.Waiting)
	return done, nil
}

// before gives the outcome of a request that was carried out before the code then, where
// its ticket is not in the state any more that the request left it in.
func (o *outcome) before(code, then string, left queue.TicketState) {
	o.code = code
	if t := o.state.Ticket(o.ticket); len(o.events) == 0 && t != nil && t.State != left {
		o.code = then
	}
}

// issuedBy is the ticket that a request was answered with, now or before; 0 when
// it made none and has no name.
func issuedBy(done outcome, request string) queue.TicketID {
	if id := queue.IssuedIn(done.events); id != 0 {
		return id
	}
	if t := done.state.TicketByRequest(request); t != nil {
		return t.ID
	}
	return 0
}
