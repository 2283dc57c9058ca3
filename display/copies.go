package display

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Copies are the backups of a journal that the box finds on its disks, for a box
// that has no office yet. Its methods may be called from any goroutine.
type Copies interface {
	// Copies are those found, at most a few dozen, in the order of their folders.
	Copies(ctx context.Context) []Copy
	// PutBack has the box stop its pages, put a copy in the place of its journal and
	// start again. It answers when that is agreed, before it is done. The error Is
	// ErrNoCopy when there is none by that id that can be put back, and
	// ErrAnotherOffice when it is of another office than the one that was there and
	// another does not say that it may be.
	PutBack(ctx context.Context, id string, another bool) error
	// Take keeps a copy that somebody sends, as eliminacode journal backup writes it
	// into a file, and answers once it is whole and one of the copies; one at a time,
	// and in the place of the last one that was sent. The error Is ErrBadCopy when it
	// is none, ErrCopyTooBig when there is no room for it, and ErrTaking while another
	// one comes.
	Take(ctx context.Context, sent io.Reader) error
	// Shown tells that the page which waits for it is in the browser.
	Shown()
	// Failed is why the last copy was not put back, in the words of the log; empty
	// when none failed since the program was started.
	Failed() string
}

// A Copy is a backup of a journal, and what it holds.
type Copy struct {
	ID     string   `json:"id"`
	Folder string   `json:"folder"`
	Body   string   `json:"body,omitempty" doc:"Whose office it is"`
	Name   string   `json:"name,omitempty" doc:"Of the office"`
	Day    string   `json:"day,omitempty" doc:"The last day in it, such as 2026-11-27; left out when it has none"`
	Series []string `json:"series,omitempty" doc:"The numbers at which its series would go on, such as A158"`
	// Instead is the office that was there, where the copy is of another one.
	Instead string `json:"instead,omitempty" doc:"The office that was there, where the copy is of another one: to put it back another must say so"`
	Unfit   string `json:"unfit,omitempty" doc:"Why it cannot be put back, in English; left out when it can"`
}

// Refusals of copies.
var (
	// ErrNoCopy: no copy by that id can be put back.
	ErrNoCopy = errors.New("no such copy can be put back")
	// ErrAnotherOffice: the copy is of another office than the one that was there.
	ErrAnotherOffice = errors.New("the copy is of another office")
	// ErrBadCopy: what was sent is no copy, or not a whole one.
	ErrBadCopy = errors.New("no copy was sent")
	// ErrCopyTooBig: there is no room for a copy of that size.
	ErrCopyTooBig = errors.New("the copy is too big")
	// ErrTaking: another copy is being sent.
	ErrTaking = errors.New("another copy is being sent")
)

const (
	// maxCopyBytes bounds a copy that is sent: many years of the largest office.
	maxCopyBytes = 4 << 30
	// copyWait is how long it may take to come.
	copyWait = 30 * time.Minute
)

// errOfficeThere: a copy is only put back on these pages where there is no office.
var errOfficeThere = errors.New("there is an office already")

// copiesHome is the address of the page that puts a copy back, sentCopy that to which
// one is sent.
const (
	copiesHome = setupHome + "/copia"
	sentCopy   = copiesHome + "/file"
)

// copiesRoutes are the addresses where a copy is put back; none where none can be.
func (s *Server) copiesRoutes() []route {
	if s.cfg.Copies == nil {
		return nil
	}
	return []route{
		{"GET " + copiesHome, setters, s.getCopies},
		{"POST " + copiesHome, setters, s.postCopies},
		{"POST " + sentCopy, setters, s.postSentCopy},
	}
}

// A copiesPage lists the copies; Chosen is the one that is asked about.
type copiesPage struct {
	Copies []Copy
	Chosen *Copy
	Failed string
	Begun  bool // the box is putting one back
}

func (s *Server) getCopies(w http.ResponseWriter, r *http.Request) {
	if s.inForce() {
		// The box has started again with the copy, and the page that waited comes.
		if r.URL.Query().Get("esito") == "copy-begun" {
			s.back(w, r, setupHome, nil, "copy-put-back", nil)
			return
		}
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
	if s.inForce() {
		s.refuse(w, r, errOfficeThere)
		return
	}
	if err := s.putCopyBack(r, f["copia"], f["altro"] == "1"); err != nil {
		if errors.Is(err, ErrAnotherOffice) {
			// The question again.
			_, code := s.explain(err)
			s.back(w, r, copiesHome, url.Values{"rifiuto": {"1"}, "copia": {f["copia"]}}, code, nil)
			return
		}
		s.backFrom(w, r, copiesHome, err)
		return
	}
	http.Redirect(w, r, copiesHome+"?esito=copy-begun", http.StatusSeeOther)
}

// putCopyBack has a copy put back, and notes who wanted it and which: the accounts, and
// the audit list with them, stay as they are.
func (s *Server) putCopyBack(r *http.Request, id string, another bool) error {
	all := s.cfg.Copies.Copies(r.Context())
	if err := s.cfg.Copies.PutBack(r.Context(), id, another); err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(c Copy) bool { return c.ID == id }); i >= 0 {
		s.note(r, setters, "copy.put-back", nil, map[string]string{"folder": all[i].Folder})
	}
	return nil
}

// postSentCopy takes a copy that a browser sends.
func (s *Server) postSentCopy(w http.ResponseWriter, r *http.Request) {
	if s.inForce() {
		s.refuse(w, r, errOfficeThere)
		return
	}
	file, err := sentFile(r)
	if err == nil {
		err = s.takeCopy(w, r, file)
	}
	if err != nil {
		s.backFrom(w, r, copiesHome, err)
		return
	}
	s.back(w, r, copiesHome, nil, "copy-taken", nil)
}

// takeCopy takes a copy as it comes: it is never in memory as a whole.
func (s *Server) takeCopy(w http.ResponseWriter, r *http.Request, file io.Reader) error {
	// A large file takes longer than a page may.
	until := time.Now().Add(copyWait)
	control := http.NewResponseController(w)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(time.Minute))); err != nil {
		s.log.Warn("a copy has to come as fast as a page", "err", err)
	}
	ctx, done := context.WithDeadline(r.Context(), until)
	defer done()
	err := s.cfg.Copies.Take(ctx, file)
	if err != nil {
		// A browser that cannot send on shows no answer.
		_, _ = io.Copy(io.Discard, file)
		s.log.Warn("a copy was sent and not taken", "err", err)
	}
	if err == nil {
		s.note(r, setters, "copy.take", nil, nil)
	}
	if tooBig := new(http.MaxBytesError); errors.As(err, &tooBig) {
		err = ErrCopyTooBig
	}
	return err
}

// sentFile is the file of a posted form, to be read once.
func sentFile(r *http.Request) (io.Reader, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBadBody, err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
}
