package escpos_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/setting"
	"eliminacode/device/sim/printer"
)

func raw() profile.Profile {
	return profile.Profile{
		Named: setting.Named{Name: "raw"}, Columns: 20, CodePage: "CP858", SettleMs: 4000, BufferBytes: 512, Baud: 9600, Flow: "none",
		Raw: profile.Raw{Begin: "1B 40", BeforeNumber: "3C", AfterNumber: "3E", LineEnd: "0D 0A", End: "0C"},
	}
}

// A raw printer gets its own words and nothing else: no question, no probe, no
// id. What became of a ticket is unknown by design, said at once, and the next
// one has to give it time.
func TestRaw(t *testing.T) {
	u := newPuppet()
	u.mute = true
	inRoom(t, noSim, raw(), u.wire, func(r *room) {
		time.Sleep(time.Minute)
		if s := r.p.Status(); s.State != device.StateDegraded || len(s.Faults) > 0 || s.Rung != device.RungNone {
			r.t.Errorf("status %+v", s)
		}
		began := time.Now()
		for _, number := range []string{"A001", "A002"} {
			_, err := r.p.Print(r.t.Context(), device.Slip{Header: []string{"Comune di un nome lungo assai"}, Number: number, QR: "http://a.it/x"})
			if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, device.ErrNoAnswerExpected) ||
				errors.Is(err, device.ErrNotPrinted) || errors.Is(err, device.ErrSilent) {
				r.t.Errorf("got %v", err)
			}
		}
		if took := time.Since(began); took != 4*time.Second {
			r.t.Errorf("two tickets took %v", took)
		}
		time.Sleep(time.Minute)
		one := "\x1b@Comune di un nome\r\nlungo assai\r\n<A001>\r\nhttp://a.it/x\r\n\x0c"
		if got, want := u.all(), one+strings.Replace(one, "A001", "A002", 1); got != want {
			r.t.Errorf("heard %q\nwant  %q", got, want)
		}
		if c := r.p.Status().Count; c.Unknown != 2 || c.Printed != 0 || c.Failed != 0 {
			r.t.Errorf("counted %+v", c)
		}
	})
}

// Whatever a raw printer babbles confirms nothing, and its line that goes is
// still a fault of its own.
func TestRawLost(t *testing.T) {
	u := newPuppet()
	inRoom(t, noSim, raw(), u.wire, func(r *room) {
		time.Sleep(time.Second)
		u.say(strings.Repeat("\x00\xff\x37\x22abcd\x00", 50))
		if _, err := r.p.Print(r.t.Context(), slip); !errors.Is(err, device.ErrNoAnswerExpected) {
			r.t.Errorf("got %v", err)
		}
		u.hangUp()
		time.Sleep(100 * time.Millisecond)
		if s := r.p.Status(); s.State != device.StateLost {
			r.t.Errorf("status %+v", s)
		}
		time.Sleep(20 * time.Second)
		if s := r.p.Status(); s.State != device.StateDegraded {
			r.t.Errorf("status %+v", s)
		}
	})
	inRoom(t, noSim, raw(), func(cfg *escpos.Config) {
		open := cfg.Open
		cfg.Open = func(ctx context.Context) (escpos.Line, error) {
			line, err := open(ctx)
			return broken{line}, err
		}
	}, func(r *room) {
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrNotPrinted) || errors.Is(err, device.ErrNoAnswerExpected) {
			r.t.Errorf("a line that takes nothing: %v", err)
		}
	})
}

// broken takes no byte.
type broken struct{ escpos.Line }

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// The shipped raw profile prints a whole ticket on a printer that says nothing.
func TestRawOnPaper(t *testing.T) {
	for _, profile := range shipped(t) {
		if !profile.IsRaw() {
			continue
		}
		model := printer.ModelOf(profile)
		inRoom(t, printer.Config{Model: model}, profile, nil, func(r *room) {
			for _, number := range []string{"A042", "A043"} {
				s := typical
				s.Number = number
				if _, err := r.p.Print(r.t.Context(), s); !errors.Is(err, device.ErrNoAnswerExpected) {
					r.t.Fatal(err)
				}
				time.Sleep(5 * time.Second)
				r.sim.Tear()
				time.Sleep(time.Second)
			}
			if got := printed(r.sim); !slices.Equal(got, []string{"A042", "A043"}) {
				r.t.Errorf("on paper %q", got)
			}
			for _, complaint := range r.sim.Complaints() {
				r.t.Error(complaint)
			}
		})
	}
}
