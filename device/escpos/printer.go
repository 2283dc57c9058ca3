package escpos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/keep"
)

// A Line is an open connection to a printer: a serial port, a socket, a pipe.
//
// Read blocks until a byte arrives, an error, or Close. Write obeys the write
// deadline, and on an error returns exactly how many bytes it handed over.
type Line interface {
	io.ReadWriteCloser
	SetWriteDeadline(t time.Time) error
}

// A Config says which printer to talk to.
type Config struct {
	// Name is the name in the settings; it appears in Status.
	Name string
	// Profile is the model. Required.
	Profile profile.Profile
	// Open opens the line. It is called again, with a growing pause, each time
	// the line is lost. Required.
	Open func(ctx context.Context) (Line, error)
	// Where names the line for the technician, such as the port's path.
	Where string
	// StartWithin is how long a slip may wait to be started before it counts
	// as not printed. 0 means 10 s.
	StartWithin time.Duration
	// Speed divides all waits, for a demonstration on a faster clock; see
	// SetSpeed. 0 means 1.
	Speed float64
	// Patience is the least real time in which a printer that is asked may
	// answer, at any speed; see SetPatience.
	Patience time.Duration
	// Late, if set, is told once of each ticket that was given up as unknown
	// and that the printer confirmed afterwards: when its paper came back, when
	// its line was opened again, also after later tickets. Beyond the end of
	// Print's ctx every rung can tell; later only process-id can, for the last
	// 32 such tickets. It must not block.
	Late func(device.Slip, device.Receipt)
	// Log receives one line a fact. Nil discards.
	Log *slog.Logger
}

// Waits at speed 1. The second value of pace is the least that remains at a
// faster speed, because the operating system has no faster clock.
const (
	startWithin = 10 * time.Second
	backoffMin  = 500 * time.Millisecond
	backoffMax  = 10 * time.Second
)

// Printer is a device.Printer that speaks ESC/POS.
type Printer struct {
	cfg     Config
	profile profile.Profile
	jobs    chan *job // unbuffered: a slip that was received is begun at once
	errands chan *errand
	health  *keep.Health
	speed   atomic.Uint64 // bits of a float64
	least   atomic.Int64  // nanoseconds; see SetPatience
	running atomic.Bool
	waiting atomic.Int32 // slips that wait to be started

	// The following belong to the goroutine of Run and outlive one line.
	nextID      uint32
	torn        int       // bytes of a ticket that may lack its end in the printer
	given       []*job    // given up as unknown, oldest first; at most givenMost
	seen        time.Time // last sign of life
	dots        int       // of paper moved since the last refill
	paperWanted bool      // paper was low or out, and no new roll is in
}

// givenMost bounds the tickets whose answer may still come: more than a printer
// can hold in its buffer at 512 bytes each.
const givenMost = 32

var _ device.Printer = (*Printer)(nil)

// NewPrinter checks the configuration. Nothing is opened before Run.
func NewPrinter(cfg Config) (*Printer, error) {
	if err := cfg.Profile.Validate(); err != nil {
		return nil, fmt.Errorf("making printer %q: %w", cfg.Name, err)
	}
	if cfg.Open == nil {
		return nil, fmt.Errorf("making printer %q: no function that opens its line", cfg.Name)
	}
	if cfg.StartWithin <= 0 {
		cfg.StartWithin = startWithin
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Printer{
		cfg:     cfg,
		profile: cfg.Profile,
		jobs:    make(chan *job),
		errands: make(chan *errand),
		// A printer may still hold a ticket of the process before this one:
		// its id must not meet ours.
		nextID: rand.Uint32N(idCount),
	}
	p.SetSpeed(cfg.Speed)
	p.SetPatience(cfg.Patience)
	p.health = keep.NewHealth("printer", cfg.Name, cfg.Log)
	p.told(device.Status{State: device.StateUnknown})
	return p, nil
}

// Distrust says that the process before this one may have died in the middle of
// a ticket, so that the printer may hold half of one: what it holds is ended and
// cut off before anything else is printed. It is called before Run.
func (p *Printer) Distrust() { p.torn = MaxSlipBytes }

// SetSpeed divides all waits by factor from now on. Values that are not above
// zero count as 1.
func (p *Printer) SetSpeed(factor float64) {
	if !(factor > 0) || math.IsInf(factor, 0) {
		factor = 1
	}
	p.speed.Store(math.Float64bits(factor))
}

// SetPatience sets the least real time before silence is taken for a fault, from
// the next question on. A virtual printer stops answering only when a test or a visitor
// has it do so; until then a late answer means that the computer is busy.
func (p *Printer) SetPatience(least time.Duration) { p.least.Store(int64(least)) }

// patience scales a wait for the printer's answer.
func (p *Printer) patience(d, least time.Duration) time.Duration {
	return max(p.pace(d, least), time.Duration(p.least.Load()))
}

// pace scales a wait, never below least when the clock runs faster.
func (p *Printer) pace(d, least time.Duration) time.Duration {
	factor := math.Float64frombits(p.speed.Load())
	if factor == 1 {
		return d
	}
	return max(time.Duration(float64(d)/factor), min(least, d))
}

// Status is the newest known state. It never blocks.
func (p *Printer) Status() device.Status { return p.health.Status() }

// Watch is Status and a channel that is closed when State or Faults are others.
func (p *Printer) Watch() (device.Status, <-chan struct{}) { return p.health.Watch() }

// Print sends one slip and waits for what became of it. See device.Printer.
//
// A slip waits until its StartBy, or else at most Config.StartWithin, for a
// printer that is connected, on line and free; then it is device.ErrNotPrinted
// and will never be sent. Once started, the end of ctx yields
// device.ErrUnknownOutcome. With a raw profile the outcome of a slip that was
// sent is always unknown, with device.ErrNoAnswerExpected.
func (p *Printer) Print(ctx context.Context, slip device.Slip) (device.Receipt, error) {
	// A slip that cannot be encoded must not wait for a printer to say so.
	if _, err := Encode(p.profile, slip, ID{' ', ' ', ' ', ' '}); err != nil {
		return device.Receipt{}, fmt.Errorf("printing slip: %w: %w", device.ErrNotPrinted, err)
	}
	j := &job{slip: slip, by: slip.StartBy, done: make(chan outcome, 1)}
	if j.by.IsZero() {
		j.by = time.Now().Add(p.pace(p.cfg.StartWithin, time.Second))
	}
	o := p.follow(ctx, j)
	p.health.Count(func(c *device.Counters) {
		switch {
		case o.err == nil:
			c.Printed++
		case isUnknown(o.err):
			c.Unknown++
		default:
			c.Failed++
		}
	})
	return o.receipt, o.err
}

// follow is a job from its wait to its outcome.
func (p *Printer) follow(ctx context.Context, j *job) outcome {
	if err := p.start(ctx, j); err != nil {
		return outcome{err: err}
	}
	select {
	case o := <-j.done:
		return o
	case <-ctx.Done():
	}
	if !j.state.CompareAndSwap(jobOpen, jobLeft) {
		// It ended at the same moment; the answer is worth more.
		return <-j.done
	}
	return outcome{err: fmt.Errorf("printing slip: %w: %w", device.ErrUnknownOutcome, ctx.Err())}
}

// start hands the job to Run, or says why it was never begun.
func (p *Printer) start(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("printing slip: %w: %w", device.ErrNotPrinted, err)
	}
	if err := j.late(time.Now()); err != nil {
		return err
	}
	select {
	case p.jobs <- j:
		return nil
	default:
	}
	wait := time.NewTimer(time.Until(j.by))
	defer wait.Stop()
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	select {
	case p.jobs <- j:
		return nil
	case <-wait.C:
		return fmt.Errorf("printing slip: %w: %w: %w", device.ErrNotPrinted, device.ErrLate, p.whyNot())
	case <-ctx.Done():
		return fmt.Errorf("printing slip: %w: %w: %w", device.ErrNotPrinted, ctx.Err(), p.whyNot())
	}
}

// whyNot is the error that explains why a slip could not be started.
func (p *Printer) whyNot() error {
	s := p.Status()
	for _, f := range s.Faults {
		switch f {
		case device.FaultPaperOut:
			return device.ErrPaperOut
		case device.FaultSilent, device.FaultMisread, device.FaultWriteStuck:
			return device.ErrSilent
		}
	}
	switch s.State {
	case device.StateStopped:
		return device.ErrStopped
	case device.StateLost, device.StateUnknown:
		return device.ErrLost
	}
	if !p.profile.NextPushes && slices.Contains(s.Faults, device.FaultTicketInExit) {
		return ErrTicketInExit
	}
	return ErrBusy
}

// Run keeps the printer connected until ctx ends, and returns when all that it
// started has ended. Only one Run may be under way.
func (p *Printer) Run(ctx context.Context) error {
	if !p.running.CompareAndSwap(false, true) {
		return fmt.Errorf("running printer %q: it runs already", p.cfg.Name)
	}
	defer p.running.Store(false)
	pauses := keep.Pauses{First: backoffMin, Longest: backoffMax, Pace: func(d time.Duration) time.Duration {
		return p.pace(d, 50*time.Millisecond)
	}}
	keep.Using(ctx, pauses, func() (spoke bool, err error) {
		line, err := p.cfg.Open(ctx)
		if err != nil {
			return false, fmt.Errorf("opening line: %w", err)
		}
		// One that can be opened and says nothing is tried for less and less often.
		return talk(ctx, p, line), nil
	}, p.lost)
	p.told(device.Status{State: device.StateUnknown})
	return nil
}

// lost turns the end of a line into a status.
func (p *Printer) lost(err error) {
	if p.cfg.Where != "" {
		err = fmt.Errorf("%s: %w", p.cfg.Where, err)
	}
	p.health.Lost(err)
}

// told is what the printer says of itself.
func (p *Printer) told(s device.Status) {
	s.Seen = p.seen
	if p.cfg.Where != "" && s.Detail != "" {
		s.Detail = p.cfg.Where + ": " + s.Detail
	} else {
		s.Detail += p.cfg.Where
	}
	p.health.Told(s)
}

func (p *Printer) newID() ID {
	p.nextID++
	return idOf(p.nextID)
}

// moved counts paper: so many dots, or none since a new roll is in.
func (p *Printer) moved(dots int, refilled bool) {
	p.dots += dots
	if refilled {
		p.dots = 0
	}
	p.health.Count(func(c *device.Counters) {
		c.PaperMM = p.dots / dotsPerMM
		if refilled {
			c.Refills++
		}
	})
}

// giveUp remembers a ticket whose answer may still come.
func (p *Printer) giveUp(j *job) {
	p.given = append(p.given, j)
	if len(p.given) > givenMost {
		p.given = slices.Delete(p.given, 0, 1)
	}
}

// cameBack forgets and returns the ticket with this id, nil when there is none.
func (p *Printer) cameBack(id string) *job {
	i := slices.IndexFunc(p.given, func(j *job) bool { return string(j.id[:]) == id })
	if i < 0 {
		return nil
	}
	j := p.given[i]
	p.given = slices.Delete(p.given, i, i+1)
	return j
}

// confirmedLate tells of a ticket that was called unknown and is printed.
func (p *Printer) confirmedLate(j *job, now time.Time) {
	p.health.Count(func(c *device.Counters) {
		c.Unknown--
		c.Printed++
	})
	p.cfg.Log.Info("ticket confirmed late", "device", p.cfg.Name, "took", now.Sub(j.firstByte))
	if p.cfg.Late != nil {
		p.cfg.Late(j.slip, j.receipt(now))
	}
}

func isUnknown(err error) bool { return errors.Is(err, device.ErrUnknownOutcome) }

// isTimeout tells a line that did not take bytes in time from one that is gone.
func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
