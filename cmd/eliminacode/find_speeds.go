package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"eliminacode/device/escpos"
	"eliminacode/device/serial"
	"eliminacode/display"
	config "eliminacode/firmware-config"
)

// usualSpeeds are those that ticket printers are set to, in bit/s, as they are tried.
var usualSpeeds = []int{9_600, 19_200, 38_400, 115_200, 57_600}

const (
	// answersWithin bounds an answer to a question; a printer answers even when it
	// cannot print.
	answersWithin = 300 * time.Millisecond
	// askedTwice is how often the first question is put at a speed: what a printer took
	// for garbage before may swallow one.
	askedTwice = 2
)

// A speaking is a line whose speed can be changed.
type speaking interface {
	serial.Line
	SetBaud(baud int) error
}

// errOneSpeed: a line has no speed that could be changed.
var errOneSpeed = errors.New("its speed cannot be changed")

// Seek looks for a printer on a port that no setting names, at the usual speeds. Little
// is sent, and only when a person asks: what hangs there may be anything.
func (w *walk) Seek(port display.Thing) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.ports[port.Name]
	if port.Kind != display.PrinterThing || p == nil || !p.open {
		return fmt.Errorf("%w: %q", display.ErrNoPort, port.Name)
	}
	w.goOn()
	p.seeks, p.sought, p.speeds, p.baud = true, display.Seeking, nil, 0
	nudge(p.changed)
	w.tell()
	return nil
}

// seekOn asks at each of the usual speeds whether a printer is there, and leaves the
// line at the speed that it had.
func (w *walk) seekOn(ctx context.Context, p *freePort, l serial.Line, in <-chan serial.Received) (err error) {
	line, ok := l.(speaking)
	if !ok {
		return errOneSpeed
	}
	usual := config.Keypad{}
	usual.SetDefaults()
	defer func() { err = errors.Join(err, line.SetBaud(usual.Baud)) }()
	found := 0
	for _, baud := range usualSpeeds {
		w.seeking(func() { p.speeds = append(p.speeds, baud) })
		if err := line.SetBaud(baud); err != nil {
			return err
		}
		answered, err := answersAll(ctx, line, in)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if answered {
			found = baud
			break
		}
	}
	w.seeking(func() {
		if p.baud, p.sought = found, display.SeekFound; found == 0 {
			p.sought = display.SeekSilent
		}
	})
	return nil
}

// seeking notes how far the search for a printer has come.
func (w *walk) seeking(note func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	note()
	w.tell()
}

// answersAll tells whether a printer answers every question at the speed of a line.
func answersAll(ctx context.Context, l serial.Line, in <-chan serial.Received) (bool, error) {
	questions := escpos.Questions()
	for try := range askedTwice {
		answered, err := answersOne(ctx, l, in, questions[0])
		if err != nil || !answered && try == askedTwice-1 {
			return false, err
		}
		if answered {
			break
		}
	}
	for _, q := range questions[1:] {
		if answered, err := answersOne(ctx, l, in, q); err != nil || !answered {
			return false, err
		}
	}
	return true, nil
}

// answersOne puts a question and tells whether all that comes is its answer.
func answersOne(ctx context.Context, l serial.Line, in <-chan serial.Received, question []byte) (bool, error) {
	var came []byte
	if err := serial.Write(l, question); err != nil {
		return false, err
	}
	patience := time.NewTimer(answersWithin)
	defer patience.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, nil
		case r, ok := <-in:
			if !ok {
				return false, nil
			}
			came = slices.Concat(came, r.Data)
		case <-patience.C:
			return escpos.IsAnswer(came), nil
		}
	}
}
