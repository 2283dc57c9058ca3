package printer

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"eliminacode/device/escpos/profile"
)

// A Config says what model is simulated, and how it is set up and wired.
// The zero value is an 80 mm printer with everything, on an infinitely fast line.
type Config struct {
	Model Model // that of profile.GenericProcessID when zero
	// Change, if set, makes another device of it, such as one with a smaller buffer.
	Change func(*Model)

	Baud  int     // speed of the wire in bit/s, ten bits a byte; 0 is unlimited
	Speed float64 // all times are divided by this; 1 when 0
	Keep  int     // papers to remember of each kind; 50 when 0
	// TextOnly draws no paper: Ticket.PNG is nil, and a test that reads words takes
	// a third of the time.
	TextOnly bool

	XonXoff  bool // says 13 when it is busy and 11 when it is ready again
	HoldLine bool // stops reading while it is busy, as a wired RTS/CTS would
	// BusyOnlyWhenFull is the switch that keeps the line open while the printer
	// is off line: busy means a full buffer only. Automatic status is then on
	// from the beginning for on-line changes, as nothing else would tell.
	BusyOnlyWhenFull bool
	// RetractAfter is how long a ticket is held out for a person; 0 is for ever.
	RetractAfter time.Duration
}

// model is the Model with the rest of cfg applied.
func (cfg *Config) model() Model {
	m := cfg.Model
	if m.HeadDots == 0 {
		m = ModelOf(profile.GenericProcessID())
	}
	m.textOnly = cfg.TextOnly
	if cfg.Change != nil {
		cfg.Change(&m)
	}
	return m
}

// dotsPerMM is the resolution of a 203 dpi head.
const dotsPerMM = 8

// maxComplaints bounds the record; the first ones matter most.
const maxComplaints = 100

// A Printer is the simulated printer. Make it with New.
type Printer struct {
	cfg   Config
	model Model

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	speed   float64
	state   condition
	conns   map[*conn]struct{}
	frame   framer
	ear     ear

	queue   []token // received, not yet executed
	used    int     // bytes of the receive buffer in use
	hungry  bool    // the head waits for bytes and takes each as it comes
	full    bool    // the buffer was full and has not drained enough
	busy    bool    // the busy line
	onBusy  []func(bool)
	life    int // counts how often what was received was thrown away
	power   int // counts switchings on and resets
	rolls   int // counts rolls of paper put in
	chores  []func(context.Context)
	wire    wireFaults
	asb     byte // mask of GS a; 0 is silent
	lastASB [4]byte

	memory     memory
	mouth      mouth
	papers     papers
	complaints []string
	received   int // bytes, ever
	unheard    struct {
		questions int // DLE EOT that came while it was without power, ever
		last      byte
	}
	alarms []alarm

	head head // belongs to Run
}

// New makes a printer that is switched on, full of paper and closed.
func New(cfg Config) *Printer {
	if cfg.Speed <= 0 {
		cfg.Speed = 1
	}
	if cfg.Keep <= 0 {
		cfg.Keep = 50
	}
	p := &Printer{
		cfg:     cfg,
		model:   cfg.model(),
		changed: make(chan struct{}),
		speed:   cfg.Speed,
		conns:   make(map[*conn]struct{}),
	}
	p.frame.model = &p.model
	p.papers.subs = make(map[int]func(Ticket))
	p.asb = p.initialASB()
	p.lastASB = p.automatic()
	p.head.model = &p.model
	p.head.paper = newPaper(&p.model)
	p.head.switchOn()
	return p
}

// Model is what is simulated.
func (p *Printer) Model() Model { return p.model }

// Run is the print head: it executes what was received, until ctx ends.
func (p *Printer) Run(ctx context.Context) error {
	for {
		var t token
		var chore func(context.Context)
		if !p.wait(ctx, func() bool {
			t, chore = token{}, nil
			return p.nextWork(&t, &chore)
		}) {
			return nil
		}
		if chore != nil {
			chore(ctx)
			continue
		}
		p.execute(ctx, t)
		p.release(t.held, p.head.life)
	}
}

// nextWork takes what the head does next; false when there is nothing. The lock
// is held. It also lets the head notice what happened behind its back.
func (p *Printer) nextWork(t *token, chore *func(context.Context)) bool {
	p.head.notice(p)
	p.hungry = false
	if len(p.chores) > 0 && !p.state.off {
		*chore = p.chores[0]
		p.chores = p.chores[1:]
		return true
	}
	if p.stopped() || p.state.selfTest {
		return false
	}
	if len(p.queue) == 0 {
		p.hungry = true
		p.used -= p.frame.eat()
		p.flow()
		return false
	}
	*t = p.queue[0]
	p.queue = p.queue[1:]
	return true
}

// wait blocks until ready, called with the lock held, says so; false when ctx
// has ended.
func (p *Printer) wait(ctx context.Context, ready func() bool) bool {
	for {
		p.mu.Lock()
		ok, changed := ready(), p.changed
		p.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// notify wakes whoever waits. The lock is held.
func (p *Printer) notify() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// SetSpeed divides all times by factor from now on.
func (p *Printer) SetSpeed(factor float64) {
	if factor <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.speed = factor
}

// later calls f with the lock held after d, unless the printer was switched off
// or reset in between. The lock is held.
func (p *Printer) later(d time.Duration, f func()) {
	power := p.power
	time.AfterFunc(time.Duration(float64(d)/p.speed), func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.power == power {
			f()
		}
	})
}

// Complaints are what hosts did wrong, the first hundred.
func (p *Printer) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

// complain records a mistake of the host. The lock is held.
func (p *Printer) complain(format string, args ...any) {
	if len(p.complaints) < maxComplaints {
		p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
	}
}

// blame is complain for the head's goroutine, which does not hold the lock.
func (p *Printer) blame(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complain(format, args...)
}

func (p *Printer) unknown(raw []byte) {
	p.blame("unknown command % X", raw[:min(len(raw), 8)])
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
