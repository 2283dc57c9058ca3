package display

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue/words"
)

// Refusals of copies that are made: nothing is left of what was begun.
var (
	// ErrNoPlace: there is no place by that id, or no more.
	ErrNoPlace = errors.New("no such place for a copy")
	// ErrCopying: one copy is made at a time.
	ErrCopying = errors.New("another copy is being made")
	// ErrPlaceFull: the disk at the place has no room for a copy.
	ErrPlaceFull = errors.New("no room for a copy")
	// ErrPlaceClosed: the program may not write at the place.
	ErrPlaceClosed = errors.New("a copy may not be written there")
	// ErrCopyFailed: the copy could not be written, or is not whole when read back.
	ErrCopyFailed = errors.New("the copy failed")
)

const (
	// copyFile is where a browser fetches a copy, and copyFileAPI where a program does.
	copyFile    = technicianHome + "/copia.tar"
	copyFileAPI = "/api/v1/technician/copy.tar"
	copyMedia   = "application/x-tar"
	// slowCopy is how long who fetches a copy may take for a part of it.
	slowCopy = 2 * time.Minute
)

// long lets an answer take as long as a copy may.
func (s *Server) long(do http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		until := time.Now().Add(copyWait + time.Minute)
		control := http.NewResponseController(w)
		if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil {
			s.log.Warn("a copy has to be made as fast as a page", "err", err)
		}
		do(w, r)
	}
}

// box is the box as it is now, with the names of who has copied its journal.
func (s *Server) box(t *words.Tongue) view.Box {
	b := s.cfg.Technician.Box(t)
	for _, made := range []**view.CopyMade{&b.Copy, &b.Fetched} {
		if *made != nil {
			named := **made
			named.Who = s.nameOf(named.Who)
			*made = &named
		}
	}
	return b
}

// makeCopy copies the journal to a place that the technician's page tells.
func (s *Server) makeCopy(r *http.Request, place string) error {
	ctx, done := context.WithTimeout(r.Context(), copyWait)
	defer done()
	made, err := s.cfg.Technician.MakeCopy(ctx, place, s.visitor(r).ID, s.officeTime())
	if err != nil {
		s.log.Warn("a copy was asked for and not made", "err", err)
		return err
	}
	s.note(r, technicians, "copy.make", nil, map[string]string{"folder": made.Folder})
	return nil
}

// atCopy is what a program asks of copies.
func (s *Server) atCopy(r *http.Request, f fields) (outcome, error) {
	return outcome{code: "copy-made"}, s.makeCopy(r, f["place"])
}

// getCopyFile sends a copy as one file, as it is written: it is never in memory as a
// whole. One that breaks off is a file that breaks off, which the browser tells.
func (s *Server) getCopyFile(w http.ResponseWriter, r *http.Request) {
	to := &copySender{w: w, control: http.NewResponseController(w), day: s.officeTime().Format(time.DateOnly)}
	ctx, done := context.WithTimeout(r.Context(), copyWait)
	defer done()
	err := s.cfg.Technician.WriteCopy(ctx, to, s.visitor(r).ID)
	switch {
	case err == nil:
		s.note(r, technicians, "copy.send", nil, map[string]int64{"bytes": to.sent})
		return
	case to.sent == 0:
		s.refuse(w, r, err)
		return
	}
	s.log.Warn("a copy broke off", "sent", to.sent, "err", err)
	panic(http.ErrAbortHandler)
}

// A copySender is an answer that becomes the file of a copy with its first part.
type copySender struct {
	w       http.ResponseWriter
	control *http.ResponseController
	day     string // in the name of the file
	sent    int64  // bytes
}

func (c *copySender) Write(part []byte) (int, error) {
	if len(part) == 0 {
		return 0, nil // it may still be refused
	}
	if err := c.control.SetWriteDeadline(time.Now().Add(slowCopy)); err != nil {
		return 0, fmt.Errorf("giving time for a copy: %w", err)
	}
	if c.sent == 0 {
		h := c.w.Header()
		h.Set("Content-Type", copyMedia)
		h.Set("Content-Disposition", `attachment; filename="copia-`+c.day+`.tar"`)
		h.Set("Cache-Control", "no-store")
	}
	n, err := c.w.Write(part)
	c.sent += int64(n)
	return n, err
}

// A copyBody asks for a copy.
type copyBody struct {
	Place string `json:"place" doc:"Where: the id of one of the places of GET /api/v1/technician"`
}

// registerCopying are the calls that make copies.
func (o *operations) registerCopying(path, tag string) {
	s := o.s
	carry[copyBody](o, technicians, path, "copy", s.atCopy, tag, "Copy the journal into a new folder on a stick or a disk that is mounted; it is read back from there before the answer, which may take minutes")
	made := &o.all[len(o.all)-1]
	made.do = s.long(made.do)
	handle[string](o, technicians, call(http.MethodGet, copyFileAPI, tag, "A copy of the journal as one file, as PUT "+sentCopyAPI+" takes it; one that does not end is not whole"),
		copyMedia, s.long(s.getCopyFile))
}

// A technicianPage is the box, and the closed day that was asked for.
type technicianPage struct {
	view.Box
	// Asked is the date of an earlier closed day; empty for the newest. Untold is why
	// it cannot be told, in words.
	Asked, Untold string
	// Misfits are what of the box does not fit the office; see view.Devices.
	Misfits []view.Found `json:"-"`
	Wiring  string       `json:"-"`
	// Of the clock: the office's time, and what is added to the box's. InForce tells
	// that there is an office whose clock it is.
	InForce                bool
	OfficeMs, CorrectionMs int64
}
