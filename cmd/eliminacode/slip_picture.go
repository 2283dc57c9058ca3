package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/device/bridge"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A slipPicture draws tickets as they will print: the bytes that the real printer
// would get, on the simulated one. One is drawn at a time, and the last ones are
// kept.
type slipPicture struct {
	profile profile.Profile
	status  string // what stands before a ticket's token in its QR code; empty prints none

	mu   sync.Mutex
	kept []drawnSlip // newest first
}

type drawnSlip struct {
	text string
	png  []byte
}

const (
	slipsKept = 32
	// drawMost bounds the drawing of one ticket on a busy box.
	drawMost = 10 * time.Second
)

var errNotDrawn = errors.New("the ticket was not drawn")

// draw is a ticket of a service by a setup that was issued at that time.
func (s *slipPicture) draw(setup queue.Setup, service queue.ServiceID, at time.Time) (png []byte, err error) {
	address := ""
	if s.status != "" {
		address = s.status + "ABCDEFGHJKLM"
	}
	slip := words.Slip(setup, serviceOf(setup, service), sampleTicket(setup, service), at, address)
	job, err := escpos.Encode(s.profile, bridge.Paper(slip), escpos.ID{})
	if err != nil {
		return nil, fmt.Errorf("encoding a ticket: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.kept, func(d drawnSlip) bool { return d.text == string(job) }); i >= 0 {
		return s.kept[i].png, nil
	}
	if png, err = printed(s.profile, job); err != nil {
		return nil, err
	}
	s.kept = append([]drawnSlip{{string(job), png}}, s.kept[:min(len(s.kept), slipsKept-1)]...)
	return png, nil
}

// printed is the paper that comes out of a simulated printer.
func printed(of profile.Profile, job []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), drawMost)
	defer cancel()
	p := printer.New(printer.Config{Model: printer.ModelOf(of), Speed: 1e6, Keep: 1})
	out := make(chan printer.Ticket, 1)
	defer p.Subscribe(func(t printer.Ticket) {
		select {
		case out <- t:
		default:
		}
	})()
	here, there := net.Pipe()
	var all sync.WaitGroup
	all.Go(func() { _ = p.Run(ctx) })
	all.Go(func() { _ = p.Serve(ctx, there) })
	all.Go(func() { // what it answers
		b := make([]byte, 64)
		for {
			if _, err := here.Read(b); err != nil {
				return
			}
		}
	})
	defer all.Wait()
	defer here.Close()
	defer cancel()
	_ = here.SetDeadline(time.Now().Add(drawMost))
	if _, err := here.Write(job); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotDrawn, err)
	}
	select {
	case t := <-out:
		return t.PNG, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errNotDrawn, ctx.Err())
	}
}

func serviceOf(setup queue.Setup, id queue.ServiceID) queue.Service {
	for _, x := range setup.Services {
		if x.ID == id {
			return x
		}
	}
	return queue.Service{ID: id}
}

// sampleTicket is a ticket that somebody may get: the 42nd of its series, with
// four ahead and ten to fifteen minutes to wait.
func sampleTicket(setup queue.Setup, service queue.ServiceID) queue.Ticket {
	const nth = 42
	x := serviceOf(setup, service)
	t := queue.Ticket{Service: service, Ahead: 4, Promise: queue.Promise{FromMs: 600_000, ToMs: 900_000}}
	for _, s := range setup.Series {
		if s.ID == x.Series {
			digits := strconv.Itoa(min(max(nth, s.First), max(s.Last, s.First)))
			t.Number.Text = s.Letters + strings.Repeat("0", max(0, s.Width-len(digits))) + digits
		}
	}
	return t
}

// slipProfile is that of the first printer of the settings; without one, of a
// common kiosk printer.
func slipProfile(s config.Settings) profile.Profile {
	for _, p := range s.Printers {
		if of, ok := s.Profile(p.Profile); ok && !of.IsRaw() {
			return of
		}
	}
	return profile.GenericProcessID()
}
