package display

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// Copies are the backups of a journal that the box finds on its disks, for a box
// that has no office yet. Its methods may be called from any goroutine.
type Copies interface {
	// Copies are those found, at most a few dozen, in the order of their folders.
	Copies(ctx context.Context) []Copy
	// PutBack has the box stop its pages, put a copy in the place of its journal and
	// start again. It answers when that is agreed, before it is done. The error Is
	// ErrNoCopy when there is none by that id that can be put back.
	PutBack(ctx context.Context, id string) error
	// Shown tells that the page which waits for it is in the browser.
	Shown()
	// Failed is why the last copy was not put back, in the words of the log; empty
	// when none failed since the program was started.
	Failed() string
}

// A Copy is a backup of a journal, and what it holds.
type Copy struct {
	ID     string
	Folder string
	Body   string // whose office it is
	Name   string // of the office
	Day    string // the last day in it, such as "2026-11-27"; empty when it has none
	// Series are the numbers at which they would go on, such as "A158".
	Series []string
	// Unfit is why it cannot be put back, in the words of the log; empty when it can.
	Unfit string
}

// ErrNoCopy: no copy by that id can be put back.
var ErrNoCopy = errors.New("no such copy can be put back")

// errOfficeThere: a copy is only put back on these pages where there is no office.
var errOfficeThere = errors.New("there is an office already")

// copiesHome is the address of the page that puts a copy back.
const copiesHome = setupHome + "/copia"

// A copiesPage lists the copies; Chosen is the one that is asked about.
type copiesPage struct {
	Copies []Copy
	Chosen *Copy
	Failed string
	Begun  bool // the box is putting one back
}

func (s *Server) getCopies(w http.ResponseWriter, r *http.Request) {
	if state, _ := s.cfg.Engine.Watch(); state.HasSetup() {
		http.Redirect(w, r, setupHome, http.StatusSeeOther)
		return
	}
	q := r.URL.Query()
	p := s.page(r, "copies").flash(r)
	v := copiesPage{Failed: s.cfg.Copies.Failed(), Begun: q.Get("esito") == "copy-begun" && s.cfg.Copies.Failed() == ""}
	if v.Begun {
		// The page comes anew by its script once the box answers again.
		p.Refresh = stoppedSeconds
	} else {
		v.Copies = s.cfg.Copies.Copies(r.Context())
		i := slices.IndexFunc(v.Copies, func(c Copy) bool { return c.ID == q.Get("copia") && c.Unfit == "" })
		if i >= 0 {
			v.Chosen = &v.Copies[i]
		}
	}
	p.View = v
	s.render(w, r, p)
	if v.Begun {
		s.cfg.Copies.Shown()
	}
}

func (s *Server) postCopies(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if state, _ := s.cfg.Engine.Watch(); state.HasSetup() {
		s.refuse(w, r, errOfficeThere)
		return
	}
	if err := s.cfg.Copies.PutBack(r.Context(), f["copia"]); err != nil {
		s.backFrom(w, r, copiesHome, err)
		return
	}
	http.Redirect(w, r, copiesHome+"?esito=copy-begun", http.StatusSeeOther)
}
