package display

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"eliminacode/display/view"
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
}

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

func (s *Server) getTechnician(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "technician").flash(r)
	p.View = s.cfg.Technician.Box(l.Tongue)
	s.render(w, r, p)
}

// postTechnician checks the box, and shows what was found.
func (s *Server) postTechnician(w http.ResponseWriter, r *http.Request) {
	extra, code := url.Values{}, "checked"
	if s.check(r.Context()) != nil {
		extra.Set("rifiuto", "1")
		code = "checking"
	}
	s.back(w, r, technicianHome, extra, code, nil)
}

// registerTechnician are the calls of the technician's page.
func (o *operations) registerTechnician() {
	const path, tag = "/api/v1/technician", "devices"
	s := o.s
	operate(o, technicians, call(http.MethodGet, path, tag, "How the box is wired, what it runs, its logs of devices, its last copy and its last check"),
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
}
