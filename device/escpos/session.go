package escpos

import (
	"context"
	"fmt"
	"io"
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
	wholeEvery   = 30 * time.Second
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

// A session is the conversation over one open line: what arrives goes to the
// machines that it is made of, what they want said goes out, and each says when
// it is next due. It belongs to the goroutine of Run; only the reader goroutine
// shares the line with it.
type session struct {
	p         *Printer
	line      Line
	input     chan input
	dec       Decoder
	lastInput time.Time
	spoke     bool // it said something that made sense
	garbage   int
	err       error // why the session ends

	inquiry  inquiry  // the questions, and the printer's health by their answers
	probe    probe    // how tickets are confirmed
	flight   flight   // the ticket or errand under way
	identity identity // what the printer says that it is
	mouth    mouth    // a ticket that nobody has taken yet
	refill   refill   // paper that was wanted
}

type input struct {
	data []byte
	err  error
}

// talk holds the conversation until the line or ctx ends, closes the line, and
// returns when its reader has ended. A job under way then has its outcome.
func talk(ctx context.Context, p *Printer, line Line) (spoke bool) {
	now := time.Now()
	s := &session{
		p: p, line: line, input: make(chan input, 16), lastInput: now,
		inquiry: inquiry{p: p, at: now, signs: signs{profile: &p.profile}}, probe: probe{p: p}, flight: flight{p: p},
	}
	s.spoke = s.mute() // an open line is all that will be known of it
	s.dec.Loose = !p.profile.StrictStatusBits

	// The reader may hold one chunk when the session ends: quit frees it.
	quit := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() { s.read(quit) })
	defer reader.Wait()
	defer line.Close()
	defer close(quit)

	if p.torn > 0 {
		s.probe.owed = 1 // the torn ticket's
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
		s.catchUp(ctx)
		now := time.Now()
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
		}
		if due := s.due(now); !due.IsZero() && (!rings.After(now) || due.Before(rings)) {
			// Put off, a timer would wake the processor at its old instant too.
			rings = due
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
			s.flight.errand = e
		case <-timer.C:
		}
	}
	return s.err
}

// lateMost is how late a timer rings on a machine that is not held up.
const lateMost = 50 * time.Millisecond

// catchUp hears what has arrived before an answer that is due is taken for missed.
// One that is overdue by more than a timer's lateness says that the machine stood
// still, or that a command was long in going out: the reader gets as long to bring
// what it has, but no longer than an answer may take.
func (s *session) catchUp(ctx context.Context) {
	late := s.overdue(time.Now())
	if late < 0 {
		return
	}
	grace := time.NewTimer(0)
	defer grace.Stop()
	if late > lateMost {
		grace.Reset(min(late, s.p.pace(replyWithin, replyLeast)))
	}
	for over := false; s.err == nil && s.overdue(time.Now()) >= 0; {
		select {
		case in := <-s.input:
			s.hear(time.Now(), in)
			continue
		default:
		}
		if over {
			return
		}
		select {
		case in := <-s.input:
			s.hear(time.Now(), in)
		case <-grace.C:
			over = true
		case <-ctx.Done():
			return
		}
	}
}

// overdue is for how long an answer has been due, negative when none is.
func (s *session) overdue(now time.Time) time.Duration {
	by := s.inquiry.answerBy(s.business())
	if s.flight.job != nil {
		by = first(by, s.flight.due())
	}
	if s.mute() || by.IsZero() {
		return -1
	}
	return now.Sub(by)
}

// business is what else is under way, on which it rests what may be asked now.
func (s *session) business() business {
	return business{
		ticket: s.flight.job != nil, storing: s.flight.errand != nil, speaking: s.flight.speaking(),
		probing: s.probe.waiting, settled: s.probe.rung != "",
		paper: s.flight.awaits(device.RungExecuted) || s.probe.awaits(device.RungExecuted),
	}
}

// quiet reports whether nothing is under way and the printer could do something.
func (s *session) quiet() bool {
	return s.flight.idle() && s.probe.rung != "" && !s.identity.busy() && !s.inquiry.signs.stopped()
}

// step does what is due.
func (s *session) step(now time.Time) {
	if s.mute() {
		return
	}
	for _, step := range []func(time.Time){
		s.stepErrand, s.stepJob, s.stepInquiry, s.stepProbe, s.stepIdentity, s.stepMouth,
	} {
		if step(now); s.err != nil {
			return
		}
	}
	s.refill.step(now, &s.inquiry.signs, s.p)
}

// due is the next instant at which something is due by itself, zero when there
// is none. It heeds what step heeds: what waits for others is not due.
func (s *session) due(now time.Time) time.Time {
	if s.mute() {
		if s.flight.rest.After(now) {
			return s.flight.rest
		}
		return time.Time{}
	}
	next := first(s.flight.due(), s.inquiry.due(s.business()))
	if s.inquiry.signs.complete() {
		next = first(next, s.refill.due(s.p))
		if s.flight.job == nil {
			next = first(next, s.probe.due(s.inquiry.signs.stopped()))
		}
	}
	if s.mayIdentify() {
		next = first(next, s.identity.due(s.lastInput, s.p))
	}
	if s.quiet() {
		next = first(next, s.mouth.due(s.p))
		if s.inquiry.fresh(now) {
			// A ready printer must not take a slip on an old status.
			next = first(next, s.inquiry.freshAt.Add(freshFor))
		}
	}
	return next
}

// stepInquiry asks.
func (s *session) stepInquiry(now time.Time) {
	ask, missed := s.inquiry.step(now, s.business())
	if ask != 0 {
		s.send(commandAsk(ask))
	}
	if !missed {
		if s.flight.confirmed && s.inquiry.asked == 0 {
			s.finish(now, nil)
		}
		return
	}
	if s.flight.silent = s.flight.job != nil; s.flight.confirmed || s.flight.awaits(device.RungClean) {
		s.finish(now, errFellSilent)
	}
	s.probe.missed()
	switch {
	case s.inquiry.misses < missesAllowed:
	case !s.spoke && s.garbage > 0:
		s.err = fmt.Errorf("asking status: %w", ErrMisread)
	default:
		s.err = fmt.Errorf("asking status: %w; check that it is switched on, and its cable and speed", device.ErrSilent)
	}
}

// stepProbe finds how tickets are confirmed.
func (s *session) stepProbe(now time.Time) {
	if s.flight.job != nil || !s.inquiry.signs.complete() {
		return
	}
	b, err := s.probe.step(now, s.inquiry.signs.stopped(), s.inquiry.misses == 0, s.flight.errand != nil)
	if err != nil {
		s.err = err
		return
	}
	if b == nil {
		return
	}
	s.send(b)
	if s.probe.awaits(device.RungClean) {
		// Behind what was sent, and by the clock too.
		s.inquiry.everything(now.Add(time.Millisecond))
	}
}

func (s *session) mayIdentify() bool {
	return s.probe.rung != "" && s.flight.job == nil && !s.inquiry.signs.stopped()
}

// stepIdentity asks the printer what it is.
func (s *session) stepIdentity(now time.Time) {
	if !s.mayIdentify() {
		return
	}
	ask, over := s.identity.step(now, s.lastInput, s.p)
	if ask != nil {
		s.send(ask)
	}
	if over {
		// The rest of a long answer must not be read as part of a ticket's.
		s.dec.Settle(func(Answer) {})
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
		for i := range in.data {
			// Byte by byte: an answer may change what is awaited next.
			s.dec.Await(s.inquiry.awaits())
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
	s.spoke, s.inquiry.held = true, false
	s.p.seen = now
	switch a.Kind {
	case KindRealTime:
		s.answered(now, s.inquiry.realTime(now, s.business(), a.Byte))
	case KindFull:
		s.answered(now, s.inquiry.full(now, s.business(), a.Frame))
	case KindASB:
		s.inquiry.automatic(now, a.Frame)
	case KindPaper:
		s.probe.owed = max(0, s.probe.owed-1)
		switch {
		case s.probe.paper(now):
			s.inquiry.signs.paper(a.Byte)
		case s.flight.awaits(device.RungExecuted):
			s.inquiry.signs.paper(a.Byte)
			s.confirm(now)
		}
	case KindProcess:
		s.process(now, a.Text)
	case KindBlock:
		s.block(now, a)
	}
}

// answered takes a whole status at the end of a cycle.
func (s *session) answered(now time.Time, ended bool) {
	if !ended {
		return
	}
	if s.inquiry.whole {
		s.probe.status(s.inquiry.began)
	}
	if s.flight.awaits(device.RungClean) && s.inquiry.proves(s.flight.settled) {
		s.finish(now, nil)
	}
}

// block takes what else a printer may say of its own accord.
func (s *session) block(now time.Time, a Answer) {
	const powerOff, response = 0x3b, 0x37
	switch {
	case a.Byte == powerOff, a.Byte == response && strings.HasPrefix(a.Text, "\x23"):
		// It is about to go, or off line under a job whose id was awaited: ask
		// for the reason at once.
		s.inquiry.signs.basic.set(offline, true)
		s.inquiry.everything(now)
	case a.Byte == response && strings.HasPrefix(a.Text, "\x25"):
		if s.flight.job != nil {
			s.finish(now, fmt.Errorf("%w: %w", device.ErrUnknownOutcome, ErrCleared))
		}
	default:
		s.identity.block(a)
	}
}

// process takes an echoed id.
func (s *session) process(now time.Time, text string) {
	switch {
	case s.flight.awaits(device.RungProcessID) && text == string(s.flight.job.id[:]):
		s.confirm(now)
	case s.probe.process(text):
	default:
		if j := s.p.cameBack(text); j != nil {
			s.p.confirmedLate(j, now)
		}
	}
}

// show tells what the printer says of itself.
func (s *session) show() {
	switch {
	case !s.spoke && s.p.health.IsLost():
		// An open port is no printer yet: what was wrong before still is.
	case s.mute():
		// Never plainly ready: with its cable pulled out it would look the same.
		s.p.told(device.Status{State: device.StateDegraded, Rung: device.RungNone})
	case s.inquiry.wonders():
	case s.probe.rung != "":
		s.p.told(device.Status{State: s.inquiry.signs.state(), Faults: s.inquiry.signs.faults(), Detail: s.identity.String(), Rung: s.probe.rung})
	case s.inquiry.signs.stopped() || s.probe.repeated:
		s.p.told(device.Status{State: s.inquiry.signs.state(), Faults: s.inquiry.signs.faults()})
	default: // it is not known yet whether it will confirm anything
		s.p.told(device.Status{State: device.StateUnknown})
	}
}
