package display

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/notify"
	"eliminacode/queue/words"
)

// An Administration is who may come in, as administrators see and change it: each
// change stands in the audit list by the same write. Its errors are those of
// package access.
type Administration interface {
	Members() []access.Member
	Member(id string) (access.Member, error)
	MakeMember(now time.Time, by access.By, m access.Member) (access.Member, error)
	// ChangeMember answers access.ErrChanged when somebody else was first.
	ChangeMember(now time.Time, by access.By, m access.Member) (access.Member, error)
	RemoveMember(now time.Time, by access.By, id string, version uint64) error
	// NewCode is a one-time code with which a member chooses a PIN or a password.
	NewCode(ctx context.Context, now time.Time, by access.By, id string) (access.OneTimeCode, error)

	Screens() []access.Paired
	// Pair lets in the screen that shows a code.
	Pair(now time.Time, by access.By, code string, p access.Paired) (access.Paired, error)
	ChangeScreen(now time.Time, by access.By, p access.Paired) (access.Paired, error)
	RevokeScreen(now time.Time, by access.By, id string) error

	Tokens() []access.Token
	// MakeToken answers once the text that a program shows.
	MakeToken(now time.Time, by access.By, t access.Token) (made access.Token, text string, err error)
	RevokeToken(now time.Time, by access.By, id string) error

	// DeskAlert is the alert of desks that is on; the zero value is none.
	DeskAlert() access.DeskAlert
	SetDeskAlert(now time.Time, by access.By, a access.DeskAlert) error
	ClearDeskAlert(now time.Time, by access.By) error

	// Note puts an act into the audit list that changed something else than who may
	// come in.
	Note(now time.Time, by access.By, what, on string, before, after any) error
	// AuditBefore is a part of the audit list, newest first, from below a
	// sequence; from the newest for 0.
	AuditBefore(seq uint64, most int) ([]access.Entry, error)
	Audit() iter.Seq2[access.Entry, error]
}

// administrators alone see who may come in.
var administrators = only(access.Administrator)

// accountRoutes are the addresses of people, screens, programs and acts.
func (s *Server) accountRoutes() []route {
	if s.cfg.Administration == nil {
		return nil
	}
	return []route{
		{"GET /responsabile/avviso", manager, s.getAlert},
		{"POST /responsabile/avviso", manager, s.postAlert},
		{"GET /persone", administrators, s.getPeople},
		{"POST /persone", administrators, s.postPeople},
		{"GET /persone/{id}", administrators, s.getPerson},
		{"POST /persone/{id}", administrators, s.postPerson},
		{"GET /schermi", administrators, s.getScreens},
		{"POST /schermi", administrators, s.postScreens},
		{"POST /schermi/{id}", administrators, s.postScreen},
		{"GET /programmi", administrators, s.getPrograms},
		{"POST /programmi", administrators, s.postPrograms},
		{"POST /programmi/{id}", administrators, s.postProgram},
		{"GET /atti", administrators, s.getActs},
		{"GET /atti.csv", administrators, s.getActsCSV},
		{"GET /atti.json", administrators, s.getActsJSON},
	}
}

// administrator is who sent a request, as the audit list names it.
func (s *Server) administrator(r *http.Request) access.By {
	by := s.visitor(r).By(access.Administrator)
	by.Name = cmp.Or(by.Name, "demo")
	return by
}

// backTo answers a form that changed who may come in with the page at an address.
func (s *Server) backTo(w http.ResponseWriter, r *http.Request, to, done string, err error) {
	if err != nil {
		s.backFrom(w, r, to, administering(err))
		return
	}
	s.back(w, r, to, nil, done, nil)
}

// administering is an error of an Administration, for who administers: what it says
// of an account is not about the person who asks.
func administering(err error) error {
	switch {
	case errors.Is(err, access.ErrDisabled):
		return fmt.Errorf("%w: %w", errAccountOff, err)
	case errors.Is(err, access.ErrBusy):
		return fmt.Errorf("%w: %w", errAccountsBusy, err)
	}
	return err
}

// faults are the sentences for fields that hold what they cannot, by field.
type faults map[string]string

// faultCodes are the faults of fields that have a sentence of their own.
var faultCodes = []string{
	"login-bad", "login-taken", "subject-bad", "subject-taken", "name-bad", "name-taken", "roles-bad", "rights-bad", "qualifications-bad", "language-bad",
	"role-bad", "place-bad", "code-wrong", "code-expired", "scopes-bad", "expires-bad", "per-minute-bad",
	"inches-bad", "metres-bad", "hall-bad", "services-bad", "volume-bad",
	"minutes-bad", "ground-bad", "basis-bad", "reference-bad", "informed-bad",
}

// fieldFaults are the sentences for the fields that an error finds fault with; none
// when it is no error of a field.
func fieldFaults(t *words.Tongue, err error) faults {
	all := faults{}
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) {
		case access.FieldError:
			reason := "bad"
			for _, r := range []struct {
				err    error
				reason string
			}{{access.ErrTaken, "taken"}, {access.ErrWrong, "wrong"}, {access.ErrExpired, "expired"}} {
				if errors.Is(e.Err, r.err) {
					reason = r.reason
				}
			}
			code := strings.ReplaceAll(e.Field, "_", "-") + "-" + reason
			if !slices.Contains(faultCodes, code) {
				code = "other-bad"
			}
			all[e.Field] = t.Say("accounts.fault-"+code, "scopes", strings.Join(access.Scopes(), ", "))
		case notify.FieldError:
			code := "fault-" + e.Field
			if e.Fault != "" {
				code = e.Field + "-" + e.Fault
			}
			all[e.Field] = t.Say("webhooks." + code)
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				walk(one)
			}
		}
	}
	walk(err)
	return all
}

// faulty marks a page whose form was refused for some of its fields; render points at
// them.
func (p *page) faulty(f faults) *page {
	if len(f) > 0 {
		p.status, p.Failed, p.Flash = http.StatusUnprocessableEntity, true, p.tongue.Say("refusal.bad-fields")
	}
	return p
}

// When is an instant by the office's clock on its wall; empty for none.
func (p *sheet) When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.tongue.Moment(t.In(p.zone))
}

// BoxWhen is an instant by the box's own clock as the office's clock tells it; see
// BoxMoment.
func (p *sheet) BoxWhen(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.When(t.Add(time.Duration(p.correction) * time.Millisecond))
}

// BoxInstant is BoxMoment as programs read it in the attribute of an element.
func (p *sheet) BoxInstant(wallMs int64) string { return instant(wallMs + p.correction) }

// instant is an office time as programs read it.
func instant(officeMs int64) string { return time.UnixMilli(officeMs).UTC().Format(time.RFC3339) }

// DayOf is the day of an instant as it stands on a page.
func (p *sheet) DayOf(t time.Time) string { return p.tongue.ShortDate(t.In(p.zone)) }

// ticked are the boxes of a form that are ticked.
func ticked[T ~string](text string) (all []T) {
	for one := range strings.SplitSeq(text, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, T(one))
		}
	}
	return all
}
