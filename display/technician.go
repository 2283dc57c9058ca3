package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
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
	// PrintClosing prints the slip of the newest business day that closed again, and
	// answers what became of its paper: printed, failed or unknown, with why unless it
	// is printed; see ErrNoneClosed. It answers when ctx ends at the latest.
	PrintClosing(ctx context.Context) (queue.PaperState, error)
}

// Answers of Technician.PrintClosing when nothing was sent to a printer.
var (
	// ErrNoneClosed: no business day has closed yet.
	ErrNoneClosed = errors.New("no business day has closed yet")
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

// printClosing prints the slip of the newest closed day, and answers the code of what
// became of it. A paper that failed is a refusal.
func (s *Server) printClosing(ctx context.Context) (code string, err error) {
	ctx, cancel := context.WithTimeout(ctx, trialWait)
	defer cancel()
	paper, err := s.cfg.Technician.PrintClosing(ctx)
	switch {
	case err == nil:
		return "closing-printed", nil
	case errors.Is(err, ErrNoneClosed) || errors.Is(err, ErrNoPrinterReady):
		return "", err
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

// atClosing is what a program asks of the newest closed day.
func (s *Server) atClosing(r *http.Request, _ fields) (outcome, error) {
	code, err := s.printClosing(r.Context())
	return outcome{code: code}, err
}

func (s *Server) getTechnician(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "technician").flash(r)
	p.View = s.cfg.Technician.Box(l.Tongue)
	s.render(w, r, p)
}

// postTechnician checks the box and shows what was found, or prints the slip of the
// newest closed day.
func (s *Server) postTechnician(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	var code string
	switch f["action"] {
	case "check":
		code, err = "checked", s.check(r.Context())
	case "print":
		code, err = s.printClosing(r.Context())
	default:
		s.refuse(w, r, fmt.Errorf("%w: no action %q of the box", errNoPage, f["action"]))
		return
	}
	extra := url.Values{}
	if err != nil {
		_, code = s.explain(err)
		extra.Set("rifiuto", "1")
	}
	s.back(w, r, technicianHome, extra, code, nil)
}

// registerTechnician are the calls of the technician's page.
func (o *operations) registerTechnician() {
	const path, tag = "/api/v1/technician", "devices"
	s := o.s
	operate(o, technicians, call(http.MethodGet, path, tag, "How the box is wired, what it runs, its logs of devices, its last copy, its last check and the newest business day that closed"),
		func(r *http.Request, _ *struct{}) (view.Box, error) {
			return s.cfg.Technician.Box(s.lookFor(r).Tongue), nil
		})
	operate(o, technicians, call(http.MethodPost, path+"/check", tag, "Look at every part of the box, which takes some seconds"),
		func(r *http.Request, _ *struct{}) (view.Checked, error) {
			if err := s.check(r.Context()); err != nil {
				return view.Checked{}, err
			}
			if c := s.cfg.Technician.Box(s.lookFor(r).Tongue).Check; c != nil {
				return *c, nil
			}
			return view.Checked{}, nil
		})
	carry[nothing](o, technicians, path+"/closing", "print", s.atClosing, tag, "Print the slip of the newest business day that closed again")
}
