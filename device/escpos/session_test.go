package escpos_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// A room is a printer in a bubble where time passes only when everybody waits,
// at a real one's speed.
type room struct {
	t      *testing.T
	sim    *printer.Printer
	p      *escpos.Printer
	opened []time.Time // when the line was opened
	writes chan write  // every write of the driver
	late   []string
	mu     sync.Mutex
}

type write struct {
	at   time.Time
	data []byte
}

// inRoom runs f beside a running printer.
func inRoom(t *testing.T, vc printer.Config, profile profile.Profile, change func(*escpos.Config), f func(*room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if vc.Baud == 0 {
			vc.Baud = 9600
		}
		r := &room{t: t, sim: printer.New(vc), writes: make(chan write, 1000)}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { r.sim.Run(ctx) })
		cfg := escpos.Config{
			Name: "totem", Profile: profile, Where: "/dev/ttyTEST",
			Late: func(s device.Slip, _ device.Receipt) {
				r.mu.Lock()
				defer r.mu.Unlock()
				r.late = append(r.late, s.Number)
			},
		}
		cfg.Open = func(context.Context) (escpos.Line, error) {
			r.opened = append(r.opened, time.Now())
			ours, theirs := net.Pipe()
			all.Go(func() { r.sim.Serve(ctx, theirs) })
			return watched{ours, r}, nil
		}
		if change != nil {
			change(&cfg)
		}
		p, err := escpos.NewPrinter(cfg)
		if err != nil {
			t.Fatal(err)
		}
		r.p = p
		all.Go(func() {
			if err := p.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
		f(r)
		cancel()
		all.Wait()
	})
}

// watched notes what the driver writes and when.
type watched struct {
	net.Conn
	r *room
}

func (w watched) Write(b []byte) (int, error) {
	select {
	case w.r.writes <- write{time.Now(), slices.Clone(b)}:
	default:
	}
	return w.Conn.Write(b)
}

func (r *room) ready() {
	r.t.Helper()
	for range 200 {
		if s := r.p.Status().State; s == device.StateReady || s == device.StateDegraded {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	r.t.Fatalf("not ready: %+v", r.p.Status())
}

func (r *room) forget() {
	for len(r.writes) > 0 {
		<-r.writes
	}
}

var slip = device.Slip{Header: []string{"COMUNE"}, Service: "Anagrafe", Number: "A042", QR: "https://example.it/t/x"}

func named(number string) device.Slip {
	s := slip
	s.Number = number
	return s
}

// The first byte of a ticket leaves at once when the printer is idle: its
// status is fresh already, so no question is asked first.
func TestStartsAtOnce(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		for range 40 {
			time.Sleep(777 * time.Millisecond)
			r.forget()
			asked := time.Now()
			if _, err := r.p.Print(r.t.Context(), slip); err != nil {
				r.t.Fatal(err)
			}
			for {
				w := <-r.writes
				if len(w.data) < 20 {
					continue // a question of the idle poll at the same moment
				}
				if waited := w.at.Sub(asked); waited > 0 {
					r.t.Fatalf("first byte after %v", waited)
				}
				break
			}
		}
	})
}

// An idle printer is asked often enough that its status is never older than
// two seconds, and rarely enough that the box sleeps.
func TestIdlePolls(t *testing.T) {
	for _, asb := range []bool{true, false} {
		inRoom(t, printer.Config{Change: func(m *printer.Model) { m.AutomaticStatus = asb }}, profile.GenericProcessID(), nil, func(r *room) {
			r.ready()
			r.forget()
			for range 600 {
				time.Sleep(100 * time.Millisecond)
				if age := time.Since(r.p.Status().Seen); age > 2*time.Second {
					r.t.Fatalf("status is %v old", age)
				}
			}
			most := 60 // a question every 1.4 s and all of them now and then
			if !asb {
				most = 180
			}
			if n := len(r.writes); n > most {
				r.t.Errorf("%d questions in a minute with automatic status %v", n, asb)
			}
		})
	}
}

// confirmsBy makes a printer whose best way of confirming is this one.
func confirmsBy(rung device.Rung) func(*printer.Model) {
	return func(m *printer.Model) {
		m.Ack = m.Ack[slices.Index(m.Ack, rung):]
		if rung == device.RungClean {
			m.Transmit = nil
		}
	}
}

// The rung is the best that both sides know, and the receipt says it.
func TestRungs(t *testing.T) {
	all := profile.GenericProcessID()
	all.Ack = []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	for _, c := range []struct {
		want            device.Rung
		asb, fullStatus bool
	}{
		{device.RungProcessID, true, false},
		{device.RungExecuted, true, false},
		{device.RungClean, true, false},
		{device.RungClean, false, false},
		{device.RungClean, false, true},
	} {
		profile := all
		profile.FullStatus = c.fullStatus
		sim := printer.Config{Change: func(m *printer.Model) {
			confirmsBy(c.want)(m)
			m.AutomaticStatus, m.FullStatus = c.asb, c.fullStatus
		}}
		inRoom(t, sim, profile, nil, func(r *room) {
			for i := range 3 {
				receipt, err := r.p.Print(r.t.Context(), slip)
				if err != nil {
					r.t.Fatal(err)
				}
				if receipt.Rung != c.want {
					r.t.Errorf("rung %s instead of %s", receipt.Rung, c.want)
				}
				if r.sim.Cuts() != i+1 {
					r.t.Errorf("confirmed %d tickets, %d are cut", i+1, r.sim.Cuts())
				}
				if receipt.Took < 300*time.Millisecond || receipt.Took > 4*time.Second {
					r.t.Errorf("took %v", receipt.Took)
				}
			}
		})
	}
}

// A printer that confirms in no allowed way is lost with a reason, not trusted.
func TestNoRung(t *testing.T) {
	profile := profile.GenericProcessID()
	profile.Ack = []device.Rung{device.RungProcessID}
	inRoom(t, printer.Config{Change: confirmsBy(device.RungExecuted)}, profile, nil, func(r *room) {
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrNotPrinted) {
			r.t.Errorf("got %v", err)
		}
		time.Sleep(4 * time.Second)
		if s := r.p.Status(); s.State == device.StateReady {
			r.t.Errorf("status %+v", s)
		}
	})
}

// A slip waits ten seconds for a printer and is then never printed.
func TestStartBound(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		r.sim.SetPaperOut(true)
		time.Sleep(time.Second)
		began := time.Now()
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, device.ErrPaperOut) {
			r.t.Errorf("got %v", err)
		}
		if waited := time.Since(began); waited != 10*time.Second {
			r.t.Errorf("waited %v", waited)
		}
		r.sim.SetPaperOut(false)
		time.Sleep(20 * time.Second)
		if n := r.sim.Cuts(); n != 0 {
			r.t.Errorf("%d tickets came out late", n)
		}
	})
}

// A slip that waits is started when the paper is back in time.
func TestStartsWhenPaperIsBack(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		r.sim.SetPaperOut(true)
		time.Sleep(time.Second)
		go func() { time.Sleep(5 * time.Second); r.sim.SetPaperOut(false) }()
		if _, err := r.p.Print(r.t.Context(), slip); err != nil {
			r.t.Error(err)
		}
	})
}

// Paper that ends in the middle leaves an unknown ticket. When new paper lets
// the printer finish it, that is told, and the ticket is not sent again.
func TestPaperEndsInTheMiddle(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		r.sim.PaperOutAfter(30)
		began := time.Now()
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, device.ErrPaperOut) || errors.Is(err, device.ErrNotPrinted) {
			r.t.Fatalf("got %v", err)
		}
		if waited := time.Since(began); waited > 5*time.Second {
			r.t.Errorf("said so only after %v", waited)
		}
		if s := r.p.Status(); s.State != device.StateStopped || s.Faults[0] != device.FaultPaperOut {
			r.t.Errorf("status %+v", s)
		}
		time.Sleep(time.Minute)
		r.sim.SetPaperOut(false)
		time.Sleep(5 * time.Second)
		r.mu.Lock()
		late := slices.Clone(r.late)
		r.mu.Unlock()
		if !slices.Equal(late, []string{"A042"}) || r.sim.Cuts() != 1 {
			r.t.Errorf("late %q, %d cut", late, r.sim.Cuts())
		}
		if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
			r.t.Error(err)
		}
		if r.sim.Cuts() != 2 {
			r.t.Errorf("%d cut", r.sim.Cuts())
		}
	})
}

// A cover that is opened for a moment delays the answer and nothing else.
func TestCoverOpenedForAMoment(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		go func() {
			time.Sleep(300 * time.Millisecond)
			r.sim.SetCoverOpen(true)
			time.Sleep(2 * time.Second)
			r.sim.SetCoverOpen(false)
		}()
		receipt, err := r.p.Print(r.t.Context(), slip)
		if err != nil || receipt.Took < 2*time.Second {
			r.t.Errorf("got %+v, %v", receipt, err)
		}
	})
}

// A knife that jams stops the printer with the ticket still in it.
func TestCutterJam(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		r.sim.SetCutterJam(true)
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, device.ErrStopped) {
			r.t.Errorf("got %v", err)
		}
		if s := r.p.Status(); s.State != device.StateStopped || !slices.Contains(s.Faults, device.FaultCutter) {
			r.t.Errorf("status %+v", s)
		}
		r.sim.SetCutterJam(false)
		r.ready()
		if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
			r.t.Error(err)
		}
	})
}

// A printer that is switched off under a ticket forgets it; nobody can know.
func TestSwitchedOffUnderATicket(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		go func() { time.Sleep(200 * time.Millisecond); r.sim.SetPower(false) }()
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, device.ErrSilent) {
			r.t.Errorf("got %v", err)
		}
		if s := r.p.Status(); s.State != device.StateLost || !slices.Contains(s.Faults, device.FaultSilent) {
			r.t.Errorf("status %+v", s)
		}
		r.sim.SetPower(true)
		if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
			r.t.Error(err)
		}
		if n := r.sim.Cuts(); n > 2 {
			r.t.Errorf("%d cut", n)
		}
	})
}

// The end of ctx while the printer works is an unknown outcome at once; the
// next ticket waits for the printer all the same.
func TestContextEndsInFlight(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		ctx, cancel := context.WithTimeout(r.t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := r.p.Print(ctx, slip)
		if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, context.DeadlineExceeded) {
			r.t.Errorf("got %v", err)
		}
		if _, err := r.p.Print(r.t.Context(), named("A043")); err != nil {
			r.t.Error(err)
		}
		if n := r.sim.Cuts(); n != 2 {
			r.t.Errorf("%d cut", n)
		}
	})
}

// Paper that runs low is said and hinders nothing; without a sensor it is not
// believed.
func TestPaperLow(t *testing.T) {
	for _, sensor := range []bool{true, false} {
		profile := profile.GenericProcessID()
		profile.NearEndSensor = sensor
		inRoom(t, printer.Config{}, profile, nil, func(r *room) {
			r.ready()
			r.sim.SetPaperLow(true)
			time.Sleep(2 * time.Second)
			want := device.StateReady
			if sensor {
				want = device.StateDegraded
			}
			if s := r.p.Status(); s.State != want {
				r.t.Errorf("status %+v", s)
			}
			if _, err := r.p.Print(r.t.Context(), slip); err != nil {
				r.t.Error(err)
			}
		})
	}
}

// Run may not be doubled, and what cannot work is refused when it is made.
func TestMisuse(t *testing.T) {
	if _, err := escpos.NewPrinter(escpos.Config{Profile: profile.Generic()}); err == nil {
		t.Error("no Open, no error")
	}
	if _, err := escpos.NewPrinter(escpos.Config{Open: func(context.Context) (escpos.Line, error) { return nil, io.EOF }}); err == nil {
		t.Error("no profile, no error")
	}
	inRoom(t, printer.Config{}, profile.Generic(), nil, func(r *room) {
		r.ready()
		if err := r.p.Run(r.t.Context()); err == nil {
			r.t.Error("a second Run, no error")
		}
	})
}

// TestPatience: with patience a silence is not judged sooner at any speed, and
// is once patience is taken back.
func TestPatience(t *testing.T) {
	fast := func(c *escpos.Config) { c.Speed, c.Patience = 60, 5*time.Second }
	inRoom(t, printer.Config{}, profile.GenericProcessID(), fast, func(r *room) {
		silent := func() bool { return slices.Contains(r.p.Status().Faults, device.FaultSilent) }
		time.Sleep(4 * time.Second)
		r.sim.SetPower(false)
		time.Sleep(4 * time.Second)
		if silent() {
			t.Error("silence was judged before patience was over")
		}
		time.Sleep(time.Minute)
		if !silent() {
			t.Error("silence was never judged")
		}
		r.sim.SetPower(true)
		time.Sleep(time.Minute)
		r.p.SetPatience(0)
		time.Sleep(time.Second)
		r.sim.SetPower(false)
		time.Sleep(2 * time.Second)
		if !silent() {
			t.Error("silence is judged with patience that was taken back")
		}
	})
}
