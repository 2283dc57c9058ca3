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
	next        time.Time  // when the next piece may go
	deadline    time.Time  // of its confirmation
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

// due is when the next piece may go, or the confirmation is overdue.
func (e *errand) due() time.Time {
	if len(e.rest) > 0 {
		return e.next
	}
	return e.deadline
}

// stepErrand sends the next piece. When all are out, the confirmation is that
// of the probe: the printer answers what was placed behind the command.
func (s *session) stepErrand(now time.Time) {
	e := s.flight.errand
	switch {
	case e == nil || len(e.rest) > 0 && now.Before(e.next):
	case len(e.rest) > 0:
		n := min(len(e.rest), pieceBytes)
		s.send(e.rest[:n])
		e.rest = e.rest[n:]
		e.next = now.Add(s.p.pace(pieceEvery, 5*time.Millisecond))
		if len(e.rest) == 0 {
			e.deadline = now.Add(s.p.patience(storeWithin, storeLeast))
			s.inquiry.forget(now.Add(s.p.pace(storeRest, 50*time.Millisecond)))
			s.probe.again(slices.Index(s.p.profile.Ack, s.probe.rung))
		}
	case s.probe.rung != "":
		s.flight.errand = nil
		e.done <- nil
	case !now.Before(e.deadline):
		s.err = fmt.Errorf("waiting for the printer to store its logo: %w", device.ErrSilent)
	}
}

// endErrand gives the errand its outcome when the line ends.
func (s *session) endErrand(err error) {
	e := s.flight.errand
	if e == nil {
		return
	}
	s.p.torn = len(e.bytes)
	s.flight.errand = nil
	e.done <- errors.Join(errors.New("it may or may not be stored"), err)
}
