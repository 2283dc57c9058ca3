package escpos_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// The line is opened again after 0.5, 1, 2, 4, 8, 10, 10 s, and the status says
// why in the technician's words.
func TestBackoff(t *testing.T) {
	for _, c := range []struct {
		err  error
		want device.Fault
	}{
		{fs.ErrNotExist, device.FaultUnplugged}, {fs.ErrPermission, device.FaultDenied},
		{syscall.EBUSY, device.FaultInUse}, {syscall.ECONNREFUSED, device.FaultUnplugged}, {syscall.ENOTTY, device.FaultNotOfKind},
	} {
		var opened []time.Time
		inRoom(t, printer.Config{}, profile.Generic(), func(cfg *escpos.Config) {
			cfg.Open = func(context.Context) (escpos.Line, error) {
				opened = append(opened, time.Now())
				return nil, c.err
			}
		}, func(r *room) {
			time.Sleep(40 * time.Second)
			if s := r.p.Status(); s.State != device.StateLost || !slices.Equal(s.Faults, []device.Fault{c.want}) {
				r.t.Errorf("%v: status %+v", c.err, s)
			}
		})
		var gaps []time.Duration
		for i := range len(opened) - 1 {
			gaps = append(gaps, opened[i+1].Sub(opened[i]))
		}
		want := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second, 10 * time.Second}
		if !slices.Equal(gaps, want) {
			t.Errorf("pauses %v", gaps)
		}
	}
}

// A device that says something else is named as such.
func TestMisread(t *testing.T) {
	inRoom(t, printer.Config{}, profile.Generic(), func(cfg *escpos.Config) {
		cfg.Open = func(context.Context) (escpos.Line, error) {
			ours, theirs := net.Pipe()
			go func() {
				buf := make([]byte, 64)
				for {
					if _, err := theirs.Read(buf); err != nil {
						return
					}
					theirs.Write([]byte{0xff, 0xc0, 0xf8})
				}
			}()
			return ours, nil
		}
	}, func(r *room) {
		time.Sleep(6 * time.Second)
		if s := r.p.Status(); s.State != device.StateLost || !slices.Contains(s.Faults, device.FaultMisread) {
			r.t.Errorf("status %+v", s)
		}
	})
}

// A line that flow control holds back ends the write at its deadline; what left
// before decides what may be said.
func TestLineBusy(t *testing.T) {
	for _, c := range []struct {
		takes int
		want  error
	}{{0, device.ErrNotPrinted}, {30, device.ErrNotPrinted}, {90, device.ErrUnknownOutcome}} {
		inRoom(t, printer.Config{}, profile.GenericProcessID(), func(cfg *escpos.Config) {
			open := cfg.Open
			first := true
			cfg.Open = func(ctx context.Context) (escpos.Line, error) {
				line, err := open(ctx)
				if first {
					first = false
					line = narrow{line, c.takes}
				}
				return line, err
			}
		}, func(r *room) {
			r.ready()
			_, err := r.p.Print(r.t.Context(), slip)
			if !errors.Is(err, c.want) || !errors.Is(err, escpos.ErrLineBusy) {
				r.t.Errorf("after %d bytes: %v", c.takes, err)
			}
			if s := r.p.Status(); !slices.Contains(s.Faults, device.FaultWriteStuck) {
				r.t.Errorf("status %+v", s)
			}
			r.ready()
			if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
				r.t.Error(err)
			}
			tickets := r.sim.Tickets()
			if last := tickets[len(tickets)-1]; last.Biggest() != "A043" {
				r.t.Errorf("the torn ticket and the next hang together: %q", last.Text)
			}
		})
	}
}

// narrow takes only so many bytes of a ticket.
type narrow struct {
	escpos.Line
	takes int
}

func (n narrow) Write(b []byte) (int, error) {
	if len(b) < 60 {
		return n.Line.Write(b)
	}
	written, err := n.Line.Write(b[:n.takes])
	if err != nil {
		return written, err
	}
	return written, timeout{}
}

type timeout struct{}

func (timeout) Error() string   { return "deadline" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// A machine that stands still for a while, as a small board does under a heavy load,
// takes no printer for silent: its timers ring late and all at once, before it has
// read what was answered meanwhile.
func TestMachineThatStoodStillMissesNoAnswer(t *testing.T) {
	for _, p := range []profile.Profile{profile.Generic(), profile.GenericProcessID()} {
		var line *still
		inRoom(t, printer.Config{}, p, func(cfg *escpos.Config) {
			open := cfg.Open
			cfg.Open = func(ctx context.Context) (escpos.Line, error) {
				plain, err := open(ctx)
				line = &still{Line: plain}
				return line, err
			}
		}, func(r *room) {
			r.ready()
			line.stands.Store(true)
			for i := range 10 {
				if _, err := r.p.Print(r.t.Context(), named(fmt.Sprintf("A%03d", i+1))); err != nil {
					r.t.Errorf("ticket %d: %v", i+1, err)
				}
			}
			line.stands.Store(false)
			if s := r.p.Status(); s.State != device.StateReady {
				r.t.Errorf("status %+v", s)
			}
		})
	}
}

// still is a line of a machine that stands still after each question, for longer than
// its answer may take, and whose reader is the last to go on.
type still struct {
	escpos.Line
	stands atomic.Bool
	until  atomic.Int64 // of UnixNano
}

func (s *still) Write(b []byte) (int, error) {
	const stands = 800 * time.Millisecond
	if !s.stands.Load() || len(b) > 3 {
		return s.Line.Write(b)
	}
	s.until.Store(time.Now().Add(stands + 50*time.Millisecond).UnixNano())
	n, err := s.Line.Write(b)
	time.Sleep(stands)
	return n, err
}

func (s *still) Read(b []byte) (int, error) {
	n, err := s.Line.Read(b)
	time.Sleep(time.Until(time.Unix(0, s.until.Load())))
	return n, err
}

// A printer whose switch says "busy when off line" lets no question through
// while it is stopped. It told why by itself, and is not called lost.
func TestHeldBackWhileStopped(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), func(cfg *escpos.Config) {
		open := cfg.Open
		cfg.Open = func(ctx context.Context) (escpos.Line, error) {
			line, err := open(ctx)
			return &deaf{Line: line}, err
		}
	}, func(r *room) {
		r.ready()
		r.sim.SetPaperOut(true)
		for range 100 {
			time.Sleep(time.Second)
			if s := r.p.Status(); s.State != device.StateStopped {
				r.t.Fatalf("status %+v", s)
			}
		}
		r.sim.SetPaperOut(false)
		r.ready()
		if _, err := r.p.Print(r.t.Context(), slip); err != nil {
			r.t.Error(err)
		}
	})
}

// deaf swallows questions after the printer has said that it is off line.
type deaf struct {
	escpos.Line
	mu      sync.Mutex
	offline bool
}

func (d *deaf) Read(b []byte) (int, error) {
	n, err := d.Line.Read(b)
	if n == 4 && b[0]&0x93 == 0x10 {
		d.mu.Lock()
		d.offline = b[0]&0x08 != 0
		d.mu.Unlock()
	}
	return n, err
}

func (d *deaf) Write(b []byte) (int, error) {
	d.mu.Lock()
	offline := d.offline
	d.mu.Unlock()
	if offline {
		return len(b), nil
	}
	return d.Line.Write(b)
}

// The plug is pulled all along a ticket. Whatever was said is
// true, and the next ticket is whole, alone on its paper, and not disturbed by
// what the torn one left in the printer.
func TestUnpluggedAllAlong(t *testing.T) {
	for _, profile := range []profile.Profile{profile.GenericProcessID(), profile.Generic()} {
		inRoom(t, printer.Config{TextOnly: true}, profile, nil, func(r *room) {
			r.ready()
			receipt, err := r.p.Print(r.t.Context(), slip)
			if err != nil {
				r.t.Fatal(err)
			}
			for at := 1; at <= receipt.Bytes; at += 3 {
				r.ready()
				before := r.sim.Cuts()
				r.sim.UnplugAfter(at)
				_, err := r.p.Print(r.t.Context(), named("T001"))
				if _, err := r.p.Print(r.t.Context(), named("N002")); err != nil {
					r.t.Fatalf("after %d bytes the next ticket: %v", at, err)
				}
				torn := 0
				tickets := r.sim.Tickets()
				for _, k := range tickets[max(0, len(tickets)-(r.sim.Cuts()-before)):] {
					if k.Biggest() == "T001" {
						torn++
					}
				}
				if torn > 1 || errors.Is(err, device.ErrNotPrinted) && torn > 0 {
					r.t.Fatalf("after %d bytes: %d torn tickets on paper, but %v", at, torn, err)
				}
				if last := tickets[len(tickets)-1]; last.Biggest() != "N002" || strings.Contains(last.Text, "T001") {
					r.t.Fatalf("after %d bytes the next ticket reads\n%s", at, last.Text)
				}
			}
			for _, complaint := range r.sim.Complaints() {
				if strings.Contains(complaint, "real-time") {
					r.t.Error(complaint)
				}
			}
		})
	}
}
