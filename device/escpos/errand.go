package escpos

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"eliminacode/device"
)

const (
	// A picture goes out in pieces at the pace of 9600 baud, so that neither
	// the port nor a printer without flow control holds more than one.
	pieceBytes = 128
	pieceEvery = 150 * time.Millisecond
	// storeWithin is how long a printer may be busy with its memory; it then
	// answers nothing, and some start anew.
	storeWithin = 60 * time.Second
	storeLeast  = 5 * time.Second
	storeRest   = 500 * time.Millisecond
)

// An errand is something else than a ticket that the printer is sent on.
type errand struct {
	bytes, rest []byte
	next        time.Time   // when the next piece may go
	rung        device.Rung // by which it is confirmed
	deadline    time.Time
	done        chan error // holds one
}

// StoreLogo puts a picture into the printer's own memory, from where every slip
// with Logo prints it for a few bytes. It waits for an idle printer and for its
// confirmation, a minute or so, and no ticket goes out meanwhile.
//
// It is for an installer, never for a ticket: the memory wears out (makers
// speak of ten writings a day), and the dialect FS q erases the other pictures
// there. The answer says that the printer went through the command, not that
// its memory took it; print a slip and look. Beyond EncodeLogo's, the errors
// are those of package device that say why the printer was not ready or not
// heard of again.
func (p *Printer) StoreLogo(ctx context.Context, picture image.Image) error {
	b, err := EncodeLogo(p.profile, picture)
	if err != nil {
		return fmt.Errorf("storing logo: %w", err)
	}
	e := &errand{bytes: b, rest: b, done: make(chan error, 1)}
	wait := time.NewTimer(p.pace(p.cfg.StartWithin, time.Second))
	defer wait.Stop()
	select {
	case p.errands <- e:
	case <-wait.C:
		return fmt.Errorf("storing logo: %w", p.whyNot())
	case <-ctx.Done():
		return fmt.Errorf("storing logo: %w: %w", ctx.Err(), p.whyNot())
	}
	select {
	case err = <-e.done:
	case <-ctx.Done():
		err = fmt.Errorf("it may or may not be stored: %w", ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("storing logo: %w", err)
	}
	return nil
}

// run begins an errand. The printer is idle and its rung known.
func (s *session) run(e *errand) {
	e.rung = s.rung
	s.errand = e
}

// speaking reports whether a command is only half out, so that nothing else may
// be sent.
func (s *session) speaking() bool { return s.errand != nil && len(s.errand.rest) > 0 }

// stepErrand sends the next piece. When all are out, the confirmation is that
// of the probe: the printer answers what was placed behind the command.
func (s *session) stepErrand(now time.Time) {
	e := s.errand
	switch {
	case e == nil:
	case len(e.rest) > 0:
		if !s.after(now, e.next) {
			return
		}
		n := min(len(e.rest), pieceBytes)
		s.send(e.rest[:n])
		e.rest = e.rest[n:]
		e.next = now.Add(s.p.pace(pieceEvery, 5*time.Millisecond))
		s.due(e.next)
		if len(e.rest) == 0 {
			s.awaitStored(now)
		}
	case s.rung != "":
		s.errand = nil
		e.done <- nil
	case s.after(now, e.deadline):
		s.err = fmt.Errorf("waiting for the printer to store its logo: %w", device.ErrSilent)
	}
}

func (s *session) awaitStored(now time.Time) {
	s.errand.deadline = now.Add(s.p.patience(storeWithin, storeLeast))
	s.asked, s.misses, s.cycle = 0, 0, nil
	s.health.known = [5]bool{}
	s.pollAt = now.Add(s.p.pace(storeRest, 50*time.Millisecond))
	s.due(s.pollAt)
	s.rung = ""
	s.probe = probe{repeated: true, next: slices.Index(s.profile().Ack, s.errand.rung)}
}

// endErrand gives the errand its outcome when the line ends.
func (s *session) endErrand(err error) {
	if s.errand == nil {
		return
	}
	s.p.torn = len(s.errand.bytes)
	s.errand.done <- errors.Join(errors.New("it may or may not be stored"), err)
	s.errand = nil
}
