package display

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"
)

// A problem is an error of the API as RFC 9457 has it.
type problem struct {
	Type   string         `json:"type" example:"/problems/desk-closed" doc:"/problems/ and the code"`
	Title  string         `json:"title" example:"The desk is closed or on a break" doc:"What is the matter, in the caller's language"`
	Status int            `json:"status" example:"409" doc:"Status of the answer"`
	Detail string         `json:"detail" example:"The desk is closed or on a break: open it and repeat." doc:"A sentence for a person, in the caller's language, that ends in what to do"`
	Do     string         `json:"do" example:"open it and repeat." doc:"What to do; never empty"`
	Code   string         `json:"code" example:"desk-closed" doc:"Stable name of the refusal, for programs; others may come with later versions"`
	Errors []problemField `json:"errors,omitempty" doc:"The places of the body or the address that are not right, at most 20"`
	Oldest uint64         `json:"oldest,omitempty" doc:"With 410: the first event that there is"`
}

// A problemField is one value of a request that is not right.
type problemField struct {
	Location string `json:"location,omitempty" example:"body.service" doc:"Where it stands: body, query or path, and the name"`
	Code     string `json:"code,omitempty" example:"missing" doc:"Which rule it breaks: unknown, missing, text, whole, truth, list, object, one-of, least, most, long, pattern, date, size, unreadable, no-body, not-taken, twice, escape, either, between, line, code, once, hour, today, later, to-come, digits, event, deep, unserved or general; left out where the office has a rule of its own"`
	Message  string `json:"message" example:"«service» is missing: add it." doc:"What is wrong and what to do, in the caller's language"`
	Say      string `json:"say,omitempty" example:"This is missing: write it here." doc:"The same for a person who filled in a form, to be shown at its field: without the name of the field, and with no word of programs; left out where message is fit for that"`
	Parser   string `json:"parser,omitempty" doc:"What the reader of JSON or of a file says of the place, in English"`
}

// problemOf is the error of a code, for who sent a request.
func (s *Server) problemOf(r *http.Request, status int, code string) problem {
	detail, _ := saying(s.tongueOf(r), r, code)
	p := problem{Type: "/problems/" + code, Status: status, Code: code}
	p.say(detail)
	return p
}

// say makes a sentence that of the problem.
func (p *problem) say(detail string) {
	title, do, both := strings.Cut(detail, ": ")
	if !both {
		do = detail
	}
	p.Title, p.Detail, p.Do = strings.TrimSpace(title), detail, do
}

// problemFor is an error of the office, for who sent a request.
func (s *Server) problemFor(r *http.Request, err error) problem {
	status, code := s.explain(err)
	p := s.problemOf(r, status, code)
	if errors.Is(err, errBadBody) || errors.Is(err, queue.ErrBadCommand) {
		p.Errors = wrongValues(s.tongueOf(r), err)
		if r.Method == http.MethodGet {
			for i, e := range p.Errors {
				p.Errors[i].Location = strings.Replace(e.Location, "body.", "query.", 1) // it has no body
			}
		}
	}
	var faults queue.Faults
	if errors.Is(err, queue.ErrBadSetup) && errors.As(err, &faults) {
		for _, x := range faults {
			text, _ := s.tongueOf(r).SetupValue(change.KeyOf(x.Path))
			p.Errors = append(p.Errors, problemField{Location: "draft." + x.Path, Code: "general", Message: cmp.Or(text.Rule, p.Detail)})
		}
	}
	var size queue.SetupSizeError
	if errors.As(err, &size) {
		p.say(setupTooLong(s.tongueOf(r), size))
		p.Errors = []problemField{{Location: "draft", Code: "general", Message: p.Detail}}
	}
	if p.Code == "unserved" {
		s.nameUnserved(r, &p, err)
	}
	s.nameProfile(r, &p, err)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		p.say(s.tongueOf(r).Say("error.too-large", "most", int(long.Limit)))
	}
	var gone EventsGoneError
	if errors.As(err, &gone) {
		p.Oldest = gone.Oldest
	}
	var given queue.GivenTodayError
	if errors.As(err, &given) {
		p.Detail = s.tongueOf(r).Say("hands.given-today", "numbers", given.Numbers) + " " + p.Detail
	}
	if said := s.stateSaid(r, err); said != "" {
		p.say(said)
	}
	var jump queue.ClockJumpError
	if errors.As(err, &jump) {
		state, _ := s.cfg.Engine.Watch()
		t := s.tongueOf(r)
		p.Detail = t.Say("hands.clock-jump", "from", t.Moment(wallOf(state, jump.FromMs)), "to", t.Moment(wallOf(state, jump.ToMs))) + " " + p.Detail
	}
	return p
}

// wrongValues are the values that an error finds fault with, each at its field; one in
// general where it names none.
func wrongValues(t *words.Tongue, err error) (all []problemField) {
	for _, wrong := range within[queue.ValueError](err) {
		text := string(wrong.Rule)
		if wrong.Rule == queue.RuleOneOf && len(wrong.OneOf) == 0 {
			text = "none" // there is nothing that could be asked for
		}
		all = append(all, problemField{
			Location: "body." + wrong.Field, Code: string(wrong.Rule),
			Message: t.Say("field."+text, "field", placeName(wrong.Field), "asked", strings.Join(wrong.OneOf, ", "),
				"least", fmt.Sprint(wrong.Least), "most", fmt.Sprint(wrong.Most)),
			Say: wrongSaid(t, text, "least", fmt.Sprint(wrong.Least), "most", fmt.Sprint(wrong.Most)),
		})
	}
	if len(all) == 0 {
		all = []problemField{{Code: "general", Message: t.Say("field.value"), Parser: err.Error()}}
	}
	return all
}

// wrongSaid is a text of the family wrong: what is wrong with a field, for the person who
// filled it in; the general one for what only programs do.
func wrongSaid(t *words.Tongue, rule string, args ...any) string {
	id := "wrong." + rule
	if said := t.Say(id, args...); said != id {
		return said
	}
	return t.Say("wrong.general")
}

// Rules of values that the web itself has.
const (
	ruleSize   queue.ValueRule = "size"   // no number beyond all measure
	ruleEither queue.ValueRule = "either" // not together with OneOf
	ruleDigits queue.ValueRule = "digits" // no number at all
	ruleHour   queue.ValueRule = "hour"   // no hour such as 08:30
	// nothing where something must be
	ruleMissing queue.ValueRule = "missing"
)

// wrongValue is the fault of a value that the web itself finds.
func wrongValue(field, value string, rule queue.ValueRule, oneOf ...string) error {
	return fmt.Errorf("%w: %w", errBadBody, queue.ValueError{Field: field, Rule: rule, OneOf: oneOf, Value: value})
}

// whole is a whole number in a field, which must say one.
func (f fields) whole(name string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(f[name]))
	return n, noNumber(name, f[name], err)
}

// noNumber is the fault of a value that strconv could make no number of; nil where it
// could.
func noNumber(field, value string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, strconv.ErrRange):
		return wrongValue(field, value, ruleSize)
	}
	return wrongValue(field, value, ruleDigits)
}

// hour is the hour in a field, in minutes since midnight. The end of the day is none of it.
func (f fields) hour(name string) (int, error) {
	minutes, ok := queue.ReadHour(f[name])
	switch {
	case !ok:
		return 0, wrongValue(name, f[name], ruleHour)
	case minutes == 24*60:
		return 0, wrongValue(name, f[name], queue.RuleToday)
	}
	return minutes, nil
}

// wholeIfAny is a whole number in a field; 0 where it is empty.
func (f fields) wholeIfAny(name string) (int, error) {
	if f[name] == "" {
		return 0, nil
	}
	return f.whole(name)
}

// within are the errors of a kind that an error wraps, in order.
func within[E error](err error) (all []E) {
	switch e := err.(type) {
	case E:
		return []E{e}
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, within[E](one)...)
		}
	case interface{ Unwrap() error }:
		all = within[E](e.Unwrap())
	}
	return all
}

func writeProblem(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", retryAfter(p.Code))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// retryAfter is for how many seconds a sender of too many requests waits, where
// nothing tells it more exactly.
func retryAfter(code string) string {
	switch code {
	case "many-tickets", "too-many-presses", "wait":
		return "60"
	}
	return "3"
}

// under tells that a request is for a page or a call, or for what lies below it.
func under(r *http.Request, places ...string) bool {
	return slices.ContainsFunc(places, func(place string) bool {
		rest, ok := strings.CutPrefix(r.URL.Path, place)
		return ok && (rest == "" || rest[0] == '/')
	})
}

// toCitizen tells that a request was sent by a citizen at a totem or with a
// phone, and not by somebody of the staff.
func toCitizen(r *http.Request) bool {
	for _, place := range []string{"/totem", "/api/v1/totem/"} {
		if strings.HasPrefix(r.URL.Path, place) {
			return true
		}
	}
	return onPhone(r)
}

// onPhone tells that a request is for the page behind a ticket's QR code, or from it.
func onPhone(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/b/") }

// toProgram tells that a request was sent by a program, one whose token opens nothing
// among them.
func toProgram(r *http.Request) bool {
	v, _ := r.Context().Value(visitorKey{}).(access.Visitor)
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return v.Kind == access.Program || v.Kind == access.Nobody && strings.EqualFold(scheme, "Bearer")
}

// saying is the sentence of a code for who sent a request.
func saying(tongue *words.Tongue, r *http.Request, code string) (sentence string, ok bool) {
	switch {
	case toCitizen(r), r.URL.Path == "/attese":
		return tongue.ToCitizen(code)
	case toProgram(r):
		return tongue.ToProgram(code)
	case under(r, "/accoglienza", "/api/v1/reception"):
		return tongue.AtReception(code)
	case under(r, "/cruscotto", "/api/v1/desks"):
		return tongue.AtDesk(code)
	}
	return tongue.ByCode(code)
}

// problem answers an error by the code of its sentence.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, code string) {
	s.answerProblem(w, r, s.problemOf(r, status, code))
}

// An errorPage is what a person is told instead of a page.
type errorPage struct {
	Detail string
	Desks  bool // the way on is the list of desks
}

// answerProblem answers an error as JSON to programs, as a small page to people.
func (s *Server) answerProblem(w http.ResponseWriter, r *http.Request, told problem) {
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/ws") {
		writeProblem(w, told)
		return
	}
	name := "error"
	if onPhone(r) {
		// A citizen's phone: no way leads from there to the staff's pages.
		name = "phone-error"
	}
	p := s.page(r, name)
	if name == "phone-error" {
		p.Theme = phoneTheme
	}
	p.View, p.status = errorPage{Detail: told.Detail, Desks: told.Code == "unknown-desk"}, told.Status
	s.render(w, r, p)
}

// refuse answers an error of the office.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errFull) || errors.Is(err, errBusy) {
		// Whoever is refused for want of room keeps no connection either.
		w.Header().Set("Connection", "close")
	}
	s.answerProblem(w, r, s.problemFor(r, err))
}

// explained is the status of an error, and its code where words has none for it. An
// error that wraps another stands before it.
var explained = []struct {
	err    error
	status int
	code   string
}{
	{errNoPage, http.StatusNotFound, "no-page"},
	{errMethod, http.StatusMethodNotAllowed, "wrong-method"},
	{ErrNoCopy, http.StatusNotFound, "no-copy"},
	{ErrAnotherOffice, http.StatusConflict, "another-office"},
	{ErrBadCopy, http.StatusBadRequest, "bad-copy"},
	{ErrCopyTooBig, http.StatusRequestEntityTooLarge, "copy-too-big"},
	{ErrTaking, http.StatusConflict, "copy-taking"},
	{errOfficeThere, http.StatusConflict, "office-there"},
	{ErrUnfound, http.StatusNotFound, "walk-unfound"},
	{ErrNaming, http.StatusConflict, "walk-refused"},
	{errProfileMoved, http.StatusConflict, "profile-moved"},
	{errSetupSure, http.StatusConflict, "setup-sure"},
	{errOutletUnserved, http.StatusConflict, "outlet-unserved"},
	{errOutletUnsaid, http.StatusUnprocessableEntity, "outlet-unsaid"},
	{errOutletNeeded, http.StatusConflict, "outlet-needed"},
	{ErrNoPanel, http.StatusNotFound, "no-panel"},
	{ErrNoPort, http.StatusNotFound, "no-port"},
	{errWalkOver, http.StatusConflict, "walk-over"},
	{errNoTicket, http.StatusNotFound, "no-ticket"},
	{errOneService, http.StatusConflict, "one-service"},
	{errForeignHost, http.StatusMisdirectedRequest, "foreign-host"},
	{errForeignOrigin, http.StatusForbidden, "foreign-origin"},
	{errSignIn, http.StatusUnauthorized, "sign-in"},
	{errNotYours, http.StatusForbidden, "not-yours"},
	{errNotInScope, http.StatusForbidden, "not-in-scope"},
	{errTokenBusy, http.StatusTooManyRequests, "token-busy"},
	{errBadMedia, http.StatusUnsupportedMediaType, "bad-media"},
	{errBadFields, http.StatusUnprocessableEntity, "bad-fields"},
	{errBadFile, http.StatusUnprocessableEntity, "bad-file"},
	{errTooLong, http.StatusRequestEntityTooLarge, "too-large"},
	{errEventsGone, http.StatusGone, "events-gone"},
	{errBadBody, http.StatusBadRequest, "bad-body"},
	{errNoCatalogue, http.StatusConflict, "no-catalogue"},
	{errNoEarlier, http.StatusNotFound, "no-earlier-catalogue"},
	{errNotPublished, http.StatusNotFound, "not-published"},
	{errNoPrinters, http.StatusConflict, "no-printers"},
	{errTrialFailed, http.StatusConflict, "trial-failed"},
	{errChecking, http.StatusConflict, "checking"},
	{ErrNoPlace, http.StatusNotFound, "no-place"},
	{ErrCopying, http.StatusConflict, "copying"},
	{ErrPlaceFull, http.StatusConflict, "place-full"},
	{ErrPlaceClosed, http.StatusConflict, "place-closed"},
	{ErrCopyFailed, http.StatusConflict, "copy-failed"},
	{ErrNotClosed, http.StatusNotFound, "closing-not-there"},
	{ErrClosingGone, http.StatusGone, "closing-gone"},
	{ErrNoneClosed, http.StatusConflict, "closing-none"},
	{ErrClosingUnread, http.StatusInternalServerError, "closing-unread"},
	{ErrNoPrinterReady, http.StatusConflict, "no-printer-ready"},
	{errClosingFailed, http.StatusConflict, "closing-failed"},
	{queue.ErrOtherRequest, http.StatusUnprocessableEntity, ""},
	{notify.ErrFull, http.StatusConflict, "webhook-full"},
	{notify.ErrUnknown, http.StatusNotFound, "webhook-unknown"},
	{notify.ErrFuture, http.StatusConflict, "no-event-yet"},
	{errOtherJournal, http.StatusConflict, "other-journal"},
	{errNoEventYet, http.StatusConflict, "no-event-yet"},
	{errFull, http.StatusServiceUnavailable, "full"},
	{errBusy, http.StatusTooManyRequests, "busy"},
	{errManyTickets, http.StatusTooManyRequests, "many-tickets"},
	{waiting.ErrNoDate, http.StatusBadRequest, "bad-date"},
	{waiting.ErrBadDate, http.StatusBadRequest, "bad-date"},
	{waiting.ErrBackwards, http.StatusBadRequest, "backwards"},
	{waiting.ErrBadGrouping, http.StatusBadRequest, "bad-grouping"},
	{ErrSetupChanged, http.StatusConflict, "setup-changed"},
	{ErrDraftsFull, http.StatusConflict, "drafts-full"},
	{ErrPlansFull, http.StatusConflict, "plans-full"},
	{ErrNoPlan, http.StatusNotFound, "unknown-plan"},
	{errPlanEnded, http.StatusConflict, "no-plan"},
	{errDraftKept, http.StatusConflict, "draft-kept-already"},
	{errNoAside, http.StatusNotFound, "no-earlier-draft"},
	{ErrNoVersion, http.StatusNotFound, "no-version"},
	{errDraftChanged, http.StatusConflict, "draft-changed"},
	{errNothingToSave, http.StatusConflict, "nothing-to-save"},
	{errNoWhy, http.StatusBadRequest, "no-why"},
	{errBadFrom, http.StatusBadRequest, "bad-from"},
	{errTwoDays, http.StatusBadRequest, "two-days"},
	{errBadDecimals, http.StatusBadRequest, "bad-decimals"},
	{errAccessLost, http.StatusServiceUnavailable, "access-lost"},
	{errDeskTaken, http.StatusConflict, "desk-taken"},
	{errAccountOff, http.StatusConflict, "account-disabled"},
	{errAccountsBusy, http.StatusServiceUnavailable, "accounts-busy"},
	{access.ErrChanged, http.StatusConflict, "entry-changed"},
	{access.ErrLast, http.StatusConflict, "last-administrator"},
	{access.ErrUnknown, http.StatusNotFound, "entry-gone"},
	{access.ErrFull, http.StatusConflict, "entries-full"},
	{access.ErrNotAllowed, http.StatusForbidden, "pin-opens-nothing"},
	{access.ErrDisabled, http.StatusForbidden, "access-disabled"},
	{access.ErrWait, http.StatusTooManyRequests, "wait"},
	{access.ErrBusy, http.StatusServiceUnavailable, "signing-in-busy"},
	{access.ErrShortPIN, http.StatusBadRequest, "pin-short"},
	{access.ErrShortPassword, http.StatusBadRequest, "password-short"},
	{access.ErrDigitsOnly, http.StatusBadRequest, "password-digits"},
	{access.ErrLong, http.StatusBadRequest, "secret-long"},
	{access.ErrRow, http.StatusBadRequest, "secret-row"},
	{access.ErrRepeated, http.StatusBadRequest, "secret-repeated"},
	{access.ErrDate, http.StatusBadRequest, "pin-date"},
	{access.ErrFew, http.StatusBadRequest, "secret-few"},
	{access.ErrFewLetters, http.StatusBadRequest, "password-letters"},
	{access.ErrCommon, http.StatusBadRequest, "password-common"},
	{access.ErrUnreadable, http.StatusBadRequest, "secret-unreadable"},
	{access.ErrNotPIN, http.StatusBadRequest, "not-a-pin"},
	{access.ErrLikeName, http.StatusBadRequest, "secret-like-name"},
	{access.ErrBadValue, http.StatusBadRequest, "bad-account"},
	{access.ErrTaken, http.StatusConflict, "login-taken"},
	{access.ErrExpired, http.StatusForbidden, "wrong-login"},
	{access.ErrAway, http.StatusBadGateway, "provider-away"},
	{access.ErrNotProven, http.StatusForbidden, "not-proven"},
	{access.ErrWrong, http.StatusForbidden, "wrong-login"},
	{errWrongFirstCode, http.StatusForbidden, "wrong-first-code"},
	{errWrongSecret, http.StatusForbidden, "wrong-secret"},
	// Who asked has hung up and reads no answer.
	{context.Canceled, http.StatusServiceUnavailable, ""},
	{errDiskFails, http.StatusServiceUnavailable, "disk-fails"},
	{queue.ErrNotStored, http.StatusServiceUnavailable, ""},
	{queue.ErrBadCommand, http.StatusBadRequest, ""},
	{queue.ErrSetupTooLong, http.StatusRequestEntityTooLarge, ""},
	{queue.ErrBadSetup, http.StatusUnprocessableEntity, ""},
	{queue.ErrUnknownTicket, http.StatusNotFound, ""},
	{queue.ErrUnknownDesk, http.StatusNotFound, ""},
	{queue.ErrUnknownService, http.StatusNotFound, ""},
	{queue.ErrUnknownOutlet, http.StatusNotFound, ""},
	{queue.ErrUnknownMessage, http.StatusNotFound, ""},
	{queue.ErrNoSuchTime, http.StatusBadRequest, ""},
	{queue.ErrTooManyPresses, http.StatusTooManyRequests, ""},
	{queue.ErrResting, http.StatusTooManyRequests, ""},
	{queue.ErrTooSoon, http.StatusTooManyRequests, ""},
}

// explain is the status and the code of an error. A fault that is no refusal is
// logged, since nobody else will tell of it.
func (s *Server) explain(err error) (status int, code string) {
	status, code = explanation(err)
	if status == http.StatusInternalServerError || errors.Is(err, queue.ErrNotKept) {
		s.log.Error("carrying out a request", "err", err)
	}
	return status, code
}

// explanation is the status and the code of an error.
func explanation(err error) (status int, code string) {
	var gone EventsGoneError
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &gone):
		err = errEventsGone
	case errors.As(err, &long):
		err = errTooLong
	case errors.Is(err, queue.ErrNotStored) && (errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EIO)):
		err = errDiskFails
	}
	for _, e := range explained {
		if errors.Is(err, e.err) {
			return e.status, cmp.Or(e.code, words.RefusalCode(err))
		}
	}
	if words.IsRefusal(err) {
		return http.StatusConflict, words.RefusalCode(err)
	}
	return http.StatusInternalServerError, words.RefusalCode(err)
}
