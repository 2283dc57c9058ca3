package display

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/waiting"
	"eliminacode/queue/words"
)

// A Technician knows the box itself, for who looks after it. Its methods may be
// called from any goroutine.
type Technician interface {
	// Box is how the box is wired and what it runs, as it is now.
	Box(t *words.Tongue) view.Box
	// Check looks at every part of the box and keeps what it finds for Box. It
	// answers when ctx ends at the latest; false is that another one is under way.
	Check(ctx context.Context) bool
	// ClosedDay is the business day of a date, YYYY-MM-DD, as its slip has it. The error
	// Is ErrNotClosed, ErrClosingGone or ErrClosingUnread when it cannot be told.
	ClosedDay(date string, t *words.Tongue) (view.ClosedDay, error)
	// PrintClosing prints the slip of the business day of a date again, or without one
	// that of the newest that closed, and answers what became of its paper: printed,
	// failed or unknown, with why unless it is printed; see ErrNoneClosed. It answers
	// when ctx ends at the latest.
	PrintClosing(ctx context.Context, date string) (queue.PaperState, error)
	// MakeCopy copies the journal, and what the office keeps beside it, into a new folder
	// at one of the places of Box, by its id, and answers once it was read back from
	// there and verified. The error Is ErrNoPlace, ErrCopying, ErrPlaceFull,
	// ErrPlaceClosed or ErrCopyFailed when there is none. Who is the id of who asks, which
	// the copy has in Box; empty when nobody has signed in. Now, the office's time in its
	// zone, is in the name of the folder.
	MakeCopy(ctx context.Context, place, who string, now time.Time) (view.CopyMade, error)
	// WriteCopy writes a copy of the journal as one file, as Copies.Take reads it, for who
	// asks; once it is written to its end, Box tells it. The error Is ErrCopying or
	// ErrCopyFailed.
	WriteCopy(ctx context.Context, to io.Writer, who string) error
}

// Answers of Technician.ClosedDay and PrintClosing when nothing was sent to a printer.
var (
	// ErrNoneClosed: no business day has closed yet.
	ErrNoneClosed = errors.New("no business day has closed yet")
	// ErrNotClosed: no business day of that date has closed.
	ErrNotClosed = errors.New("no business day of that date has closed")
	// ErrClosingGone: the months in which that day would be are kept no more.
	ErrClosingGone = errors.New("the day is kept no more")
	// ErrClosingUnread: the journal does not yield how the day ended.
	ErrClosingUnread = errors.New("the end of the day cannot be read")
	// ErrNoPrinterReady: no printer of the box can print now.
	ErrNoPrinterReady = errors.New("no printer is ready")
)

const (
	technicianHome = "/responsabile/tecnico"
	// checkWait bounds a check that a page asks for.
	checkWait = time.Minute
)

// errChecking: one check of the box at a time.
var errChecking = errors.New("a check of the box is under way")

// check looks at the box for a page or a program.
func (s *Server) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	if !s.cfg.Technician.Check(ctx) {
		return errChecking
	}
	return nil
}

// errClosingFailed: the printer said that the slip of a closed day did not come out.
var errClosingFailed = errors.New("the slip of the closed day was not printed")

// badDate answers waiting.ErrBadDate for what is no date.
func badDate(date string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fmt.Errorf("%w: %q", waiting.ErrBadDate, date)
	}
	return nil
}

// closedDay is the closed day of a date.
func (s *Server) closedDay(date string, t *words.Tongue) (view.ClosedDay, error) {
	if err := badDate(date); err != nil {
		return view.ClosedDay{}, err
	}
	return s.cfg.Technician.ClosedDay(date, t)
}

// printClosing prints the slip of the closed day of a date, or without one of the
// newest, and answers the code of what became of it. A paper that failed is a refusal.
func (s *Server) printClosing(ctx context.Context, date string) (code string, err error) {
	if date != "" {
		if err := badDate(date); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, trialWait)
	defer cancel()
	paper, err := s.cfg.Technician.PrintClosing(ctx, date)
	if err == nil {
		return "closing-printed", nil
	}
	for _, unprinted := range []error{ErrNoneClosed, ErrNotClosed, ErrClosingGone, ErrNoPrinterReady} {
		if errors.Is(err, unprinted) {
			return "", err
		}
	}
	s.log.Warn("the slip of a closed day was not printed again", "paper", paper, "err", err)
	switch {
	case errors.Is(err, ErrClosingUnread):
		return "", err
	case paper == queue.PaperFailed:
		return "", errClosingFailed
	}
	return "closing-unknown", nil
}

// atClosing is what a program asks of a closed day.
func (s *Server) atClosing(r *http.Request, f fields) (outcome, error) {
	code, err := s.printClosing(r.Context(), f["date"])
	return outcome{code: code}, err
}

func (s *Server) getTechnician(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "technician").flash(r)
	v := technicianPage{Box: s.box(l.Tongue), Asked: r.URL.Query().Get("giorno")}
	v.Misfits, v.Wiring = s.misfits(l)
	v.InForce, v.OfficeMs, v.CorrectionMs = l.State.HasSetup(), l.State.OfficeTime(l.Now), l.State.CorrectionMs()
	if v.Asked != "" {
		day, err := s.closedDay(v.Asked, l.Tongue)
		if v.Closing = &day; err != nil {
			_, code := s.explain(err)
			v.Closing = nil
			v.Untold, _ = l.Tongue.ByCode(code)
		}
	}
	p.View = v
	s.render(w, r, p)
}

// postTechnician checks the box and shows what was found, makes a copy, or prints the
// slip of a closed day.
func (s *Server) postTechnician(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	var code string
	extra := url.Values{}
	switch f["action"] {
	case "check":
		code, err = "checked", s.check(r.Context())
	case "print":
		if code, err = s.printClosing(r.Context(), f["date"]); f["date"] != "" {
			extra.Set("giorno", f["date"])
		}
	case "copy":
		code, err = "copy-made", s.makeCopy(r, f["place"])
	default:
		s.refuse(w, r, fmt.Errorf("%w: no action %q of the box", errNoPage, f["action"]))
		return
	}
	if err != nil {
		_, code = s.explain(err)
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, technicianHome, extra, code, nil)
}

// A closingQuestion asks for a closed day.
type closingQuestion struct {
	Date string `query:"date" required:"true" format:"date" doc:"The business day"`
}

// A closingBody asks for the slip of a closed day.
type closingBody struct {
	Date string `json:"date,omitempty" example:"2026-11-24" doc:"The business day; left out it is the newest that closed"`
}

// registerTechnician are the calls of the technician's page.
func (o *operations) registerTechnician() {
	const path, tag = "/api/v1/technician", "devices"
	s := o.s
	operate(o, technicians, call(http.MethodGet, path, tag, "How the box is wired, what it runs, its logs of devices, its last copy and the places for another, its last check and the newest business day that closed"),
		func(r *http.Request, _ *struct{}) (view.Box, error) {
			return s.box(s.lookFor(r).Tongue), nil
		})
	operate(o, technicians, call(http.MethodPost, path+"/check", tag, "Look at every part of the box, which takes some seconds"),
		func(r *http.Request, _ *struct{}) (view.Checked, error) {
			if err := s.check(r.Context()); err != nil {
				return view.Checked{}, err
			}
			if c := s.box(s.lookFor(r).Tongue).Check; c != nil {
				return *c, nil
			}
			return view.Checked{}, nil
		})
	operate(o, technicians, call(http.MethodGet, path+"/closing", tag, "A business day that closed, as its slip has it"),
		func(r *http.Request, in *closingQuestion) (view.ClosedDay, error) {
			return s.closedDay(in.Date, s.lookFor(r).Tongue)
		})
	carry[closingBody](o, technicians, path+"/closing", "print", s.atClosing, tag, "Print the slip of a business day that closed again")
	o.registerCopying(path, tag)
}
