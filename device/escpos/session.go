package escpos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"eliminacode/device"
)

// Waits of one connection at speed 1, each with the least that remains at a
// faster one.
const (
	pollIdle     = 2 * time.Second
	pollFlight   = 300 * time.Millisecond
	pollHeld     = 30 * time.Second // while flow control holds the questions back
	fullEvery    = 30 * time.Second
	freshFor     = 2 * time.Second
	replyWithin  = 700 * time.Millisecond
	ackWithin    = 8 * time.Second
	stoppedGrace = 3 * time.Second
	writeWithin  = 3 * time.Second
	frameGap     = 200 * time.Millisecond // between two bytes of one answer
	tailGap      = time.Second            // after which no answer goes on

	pollLeast  = 100 * time.Millisecond
	replyLeast = 250 * time.Millisecond
	ackLeast   = 2 * time.Second
)

// Limits that tell a wrong printer or cable from a bad moment.
const (
	missesAllowed  = 3  // questions without an answer in a row
	garbageAllowed = 64 // bytes that make no sense before the first that does
)

// A session is the conversation over one open line. It belongs to the goroutine
// of Run; only the reader goroutine shares the line with it.
type session struct {
	p      *Printer
	line   Line
	input  chan input
	dec    Decoder
	health health
	spoke  bool // it said something that made sense

	asked      byte // operand of the DLE EOT that awaits its answer, 0 for none
	replyBy    time.Time
	cycle      []byte // operands still to ask
	cycleFull  bool
	cycleBegan time.Time
	misses     int
	pollAt     time.Time
	freshAt    time.Time // when the status was last whole
	fullAt     time.Time // when every question was last answered
	asbSeen    bool
	held       bool // stopped, and flow control holds the questions back
	garbage    int
	lastInput  time.Time

	probe      probe
	rung       device.Rung // empty until the probe has found one
	owed       int         // GS r whose answers have not come
	identity   identity
	job        *job
	errand     *errand
	mouthSince time.Time // when a ticket was first seen in the mouth
	paperGood  time.Time // since when paper that was wanted is there
	restUntil  time.Time // raw: when the next ticket may go

	wake time.Time // the next instant at which something is due
	err  error     // why the session ends
}

type input struct {
	data []byte
	err  error
}

// talk holds the conversation until the line or ctx ends, closes the line, and
// returns when its reader has ended. A job under way then has its outcome.
func talk(ctx context.Context, p *Printer, line Line) (spoke bool) {
	now := time.Now()
	s := &session{p: p, line: line, input: make(chan input, 16), pollAt: now, lastInput: now}
	s.spoke = s.mute() // an open line is all that will be known of it
	s.health.profile = &p.profile
	s.dec.Loose = !p.profile.StrictStatusBits

	// The reader may hold one chunk when the session ends: quit frees it.
	quit := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() { s.read(quit) })
	defer reader.Wait()
	defer line.Close()
	defer close(quit)

	if p.torn > 0 {
		s.owed = 1 // the torn ticket's
	}
	if p.torn > 0 && !s.mute() {
		// Before the first question, which would else be taken for the
		// operands that the printer still awaits.
		for piece := range slices.Chunk(fill(p.torn), pieceBytes) {
			s.send(piece)
		}
	}
	err := s.loop(ctx)
	if ctx.Err() == nil {
		// Before the outcome: who is told of it may look at the status next.
		p.lost(err)
	}
	s.abandon(ctx, err)
	s.endErrand(err)
	return s.spoke
}

func (s *session) read(quit <-chan struct{}) {
	buf := make([]byte, 256)
	for {
		n, err := s.line.Read(buf)
		in := input{err: err}
		if n > 0 {
			in = input{data: append([]byte(nil), buf[:n]...), err: err}
		}
		select {
		case s.input <- in:
		case <-quit:
			return
		}
		if err != nil {
			return
		}
	}
}

// loop is the whole conversation: do what is due, then wait for the first of
// an answer, a slip (only when it may start), or the next due instant.
func (s *session) loop(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var rings time.Time // when the timer does
	for s.err == nil {
		now := time.Now()
		s.wake = now.Add(time.Minute)
		s.step(now)
		if s.err != nil {
			return s.err
		}
		s.show()
		var jobs chan *job
		var errands chan *errand
		if s.mayStart(now) {
			jobs = s.p.jobs
			if !s.mute() {
				errands = s.p.errands
			}
			if !s.mute() {
				// A ready printer must not take a slip on an old status.
				s.due(s.freshAt.Add(freshFor))
			}
		}
		if !rings.After(now) || s.wake.Before(rings) {
			// Put off, a timer would wake the processor at its old instant too.
			rings = s.wake
			timer.Reset(time.Until(rings))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case in := <-s.input:
			s.hear(time.Now(), in)
		case j := <-jobs:
			s.begin(j)
		case e := <-errands:
			s.run(e)
		case <-timer.C:
		}
	}
	return s.err
}

// due asks to be woken at t, or earlier.
func (s *session) due(t time.Time) {
	if t.Before(s.wake) {
		s.wake = t
	}
}

// after reports whether t has come, and else asks to be woken then.
func (s *session) after(now, t time.Time) bool {
	if !now.Before(t) {
		return true
	}
	s.due(t)
	return false
}

// step does what is due.
func (s *session) step(now time.Time) {
	if s.mute() {
		return
	}
	for _, step := range []func(time.Time){
		s.stepErrand, s.stepQuestions, s.stepProbe, s.stepIdentity, s.stepMouth, s.stepRefill, s.stepJob,
	} {
		if step(now); s.err != nil {
			return
		}
	}
}

// send writes a whole command, or ends the session. Only whole commands are
// ever sent, so that a question never lands among another one's operands.
func (s *session) send(b []byte) {
	if _, err := s.write(b); err != nil {
		s.err = err
	}
}

func (s *session) write(b []byte) (int, error) {
	deadline := time.Now().Add(s.p.patience(writeWithin, 500*time.Millisecond))
	if err := s.line.SetWriteDeadline(deadline); err != nil {
		return 0, fmt.Errorf("setting write deadline: %w: %w", device.ErrLost, err)
	}
	n, err := s.line.Write(b)
	switch {
	case err == nil && n == len(b):
		return n, nil
	case err == nil:
		// A port that is unplugged under a write says so only by its count.
		err = io.ErrShortWrite
		fallthrough
	default:
		if isTimeout(err) {
			return n, fmt.Errorf("writing %d bytes: %w: %w", len(b), ErrLineBusy, device.ErrSilent)
		}
		return n, fmt.Errorf("writing %d bytes: %w: %w", len(b), device.ErrLost, err)
	}
}

// hear takes what the reader got.
func (s *session) hear(now time.Time, in input) {
	if len(in.data) > 0 && !s.mute() {
		switch quiet := now.Sub(s.lastInput); {
		case quiet > tailGap:
			s.dec.Settle(func(a Answer) { s.answer(now, a) })
		case quiet > frameGap && s.dec.Midway():
			s.dec.Flush(func(a Answer) { s.answer(now, a) })
		}
		s.lastInput = now
		s.dec.Await(s.asked >= askPrinter && s.asked <= askPaper, s.asked == askFull)
		// Byte by byte: an answer may change what is awaited next.
		for i := range in.data {
			s.dec.Feed(in.data[i:i+1], func(a Answer) { s.answer(now, a) })
		}
	}
	if in.err != nil && s.err == nil {
		s.err = fmt.Errorf("reading answers: %w: %w", device.ErrLost, in.err)
	}
}

// answer takes one thing that the printer said.
func (s *session) answer(now time.Time, a Answer) {
	if a.Kind == KindUnknown {
		if s.identity.model(a.Byte) {
			return
		}
		s.garbage++
		if !s.spoke && s.garbage > garbageAllowed {
			s.err = fmt.Errorf("listening: %w", ErrMisread)
		}
		return
	}
	s.spoke, s.held = true, false
	s.p.seen = now
	switch a.Kind {
	case KindRealTime:
		if s.asked >= askPrinter && s.asked <= askPaper {
			s.health.realTime(s.asked, a.Byte)
			s.answered(now)
		}
	case KindFull:
		if s.asked == askFull {
			s.health.full(a.Frame)
			s.answered(now)
		}
	case KindASB:
		s.asbSeen = true
		s.health.automatic(a.Frame)
		if s.health.complete() {
			s.freshAt = now
		}
	case KindPaper:
		s.owed = max(0, s.owed-1)
		switch {
		case s.probe.paper(now):
			s.health.paper(a.Byte)
		case s.job != nil && s.job.rung == device.RungExecuted:
			s.health.paper(a.Byte)
			s.finish(now, nil)
		}
	case KindProcess:
		s.process(now, a.Text)
	case KindBlock:
		s.block(now, a)
	}
}

// block takes what else a printer may say of its own accord.
func (s *session) block(now time.Time, a Answer) {
	const powerOff, response = 0x3b, 0x37
	switch {
	case a.Byte == powerOff, a.Byte == response && strings.HasPrefix(a.Text, "\x23"):
		// It is about to go, or off line under a job whose id was awaited: ask
		// for the reason at once.
		s.health.offline = true
		s.pollAt, s.fullAt = now, time.Time{}
	case a.Byte == response && strings.HasPrefix(a.Text, "\x25"):
		if s.job != nil {
			s.finish(now, fmt.Errorf("%w: %w", device.ErrUnknownOutcome, ErrCleared))
		}
	default:
		s.identity.block(a)
	}
}

// process takes an echoed id.
func (s *session) process(now time.Time, text string) {
	switch {
	case s.job != nil && s.job.rung == device.RungProcessID && text == string(s.job.id[:]):
		s.finish(now, nil)
	case s.probe.process(text):
	default:
		if j := s.p.cameBack(text); j != nil {
			s.p.confirmedLate(j, now)
		}
	}
}

// show publishes the status when it says something new.
func (s *session) show() {
	if !s.spoke && s.p.status.Load().State == device.StateLost {
		// An open port is no printer yet: what was wrong before still is.
		return
	}
	if s.mute() {
		s.p.publish(s.muteStatus())
		return
	}
	if s.asksWhy() {
		return
	}
	state, faults := s.health.state(), s.health.faults()
	if s.rung == "" && (state == device.StateReady || state == device.StateDegraded) && !s.probe.repeated {
		// It is not known yet whether it will confirm anything.
		state, faults = device.StateUnknown, nil
	}
	detail := s.p.detail("")
	if s.rung != "" {
		detail = s.p.detail(join(s.identity.String(), "confirms by "+string(s.rung)))
	}
	old := s.p.status.Load()
	s.p.publish(device.Status{State: state, Faults: faults, Detail: detail})
	if old.State != state || !slices.Equal(old.Faults, faults) {
		level := slog.LevelWarn // somebody has to see to it
		if state == device.StateReady || state == device.StateUnknown {
			level = slog.LevelInfo
		}
		s.p.cfg.Log.Log(context.Background(), level, "printer status", "device", s.p.cfg.Name, "state", string(state), "faults", faults)
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// abandon gives the job under way its outcome when the line ends.
func (s *session) abandon(ctx context.Context, err error) {
	if s.job == nil {
		return
	}
	// Bytes that the kernel still held are gone, so the printer may wait in
	// the middle of a command.
	s.p.torn = s.job.bytes
	if s.job.numberless {
		s.finish(time.Now(), fmt.Errorf("%w: %w", device.ErrNotPrinted, err))
		return
	}
	reason := err
	if !errors.Is(err, device.ErrSilent) && !errors.Is(err, device.ErrLost) && ctx.Err() == nil {
		reason = fmt.Errorf("%w: %w", device.ErrLost, err)
	}
	s.finish(time.Now(), fmt.Errorf("%w: %w", device.ErrUnknownOutcome, reason))
}
