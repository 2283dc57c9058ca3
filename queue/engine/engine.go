// Package engine runs an office: one goroutine owns the state, puts every
// change on disk, and only then lets anybody see it.
//
// It owns the order in which commands are decided, the sharing of one sync
// among the commands that come together (group commit), the opening of days
// and the ticks of what happens by itself. It never decides anything about a
// ticket: that is package queue. It knows no database: the journal is an
// interface of one method.
//
// Invariants. A state that was published, and an answer that was given, rest
// only on events that the journal has synced. After a write that may or may
// not have reached the disk, Run ends and nothing more is answered.
//
// New takes the state over; Run owns the state until its context ends. Do and Watch
// may be called from any goroutine, before, during and after Run.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/queue"
)

var (
	// ErrStopped: the engine is not running, or stopped before it could answer.
	// Whether the command was carried out is not known; ask again.
	ErrStopped = errors.New("the office engine has stopped")
	// ErrJournal: a write failed in such a way that nobody knows what the disk
	// holds. The process must end; its next start reads what is really there.
	ErrJournal = errors.New("the journal cannot be trusted any more; restart the program")
)

// Journal is where events go. Append returns when all of them are synced, and
// does not keep the slice.
type Journal interface {
	Append(events []queue.Event) error
}

// A Config is what an engine needs from outside.
type Config struct {
	Journal Journal
	// Start is the office as the journal leaves it; nil is a new box.
	Start *queue.State
	// Now reads the clock.
	Now func() queue.Now
	// Real is how long so many milliseconds of Now's time really take; nil is
	// as long as they say. A clock that runs faster needs it.
	Real func(ms int64) time.Duration
	// Plan makes the plan of the business day that contains an office time.
	Plan func(setup queue.Setup, officeTime int64) (queue.DayPlan, error)
	// NothingWritten tells that Append failed but left the journal as it was,
	// as when the disk is full: the commands are refused and the office goes on.
	NothingWritten func(error) bool
	// Room tries whether Append would find room; nil is not to be tried. It is
	// asked only after Append failed so.
	Room func() error
	// Version is the program's; Journal identifies a journal that is new.
	Version   string
	JournalID string
	// Restored tells that the journal is a copy, which goes on as another one;
	// nil when it is not.
	Restored *queue.Restoration
	Log      *slog.Logger
}

const (
	// requestsWaiting bounds the commands that wait to be decided. When it is
	// full, Do waits, until its context ends.
	requestsWaiting = 256
	// groupMost bounds the commands that share one sync.
	groupMost = 1024
	// longestSleep bounds the wait for what happens by itself, since a step of
	// the wall clock moves it and nobody tells.
	longestSleep = 20 * time.Second
)

// An Engine runs one office.
type Engine struct {
	cfg      Config
	requests chan request
	ready    chan struct{}
	stopped  chan struct{}
	newest   atomic.Pointer[published]
	running  atomic.Bool

	publishing sync.Mutex // held while newest is replaced
}

type published struct {
	state   *queue.State
	refuses error // why the journal takes nothing; nil when it does
	hangs   bool  // a sync is under way and takes too long
	newer   chan struct{}
}

type request struct {
	ctx     context.Context // of the caller; nil for nobody
	command queue.Command
	to      chan answer // nil for nobody
}

type answer struct {
	state  *queue.State
	events []queue.Event
	err    error
}

// New makes an engine. It starts nothing.
func New(cfg Config) *Engine {
	e := &Engine{
		cfg:      cfg,
		requests: make(chan request, requestsWaiting),
		ready:    make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	if e.cfg.Real == nil {
		e.cfg.Real = func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
	}
	if e.cfg.NothingWritten == nil {
		e.cfg.NothingWritten = func(error) bool { return false }
	}
	if e.cfg.Log == nil {
		e.cfg.Log = slog.New(slog.DiscardHandler)
	}
	if e.cfg.Start == nil {
		e.cfg.Start = &queue.State{}
	}
	e.newest.Store(&published{state: e.cfg.Start, newer: make(chan struct{})})
	e.cfg.Start = nil // the office moves on, and the old state with all its tickets is not kept
	return e
}

// Ready is closed when the start is on disk and commands are answered.
func (e *Engine) Ready() <-chan struct{} { return e.ready }

// Now reads the clock that the engine decides by.
func (e *Engine) Now() queue.Now { return e.cfg.Now() }

// Watch is the newest state that is on disk, and a channel that is closed when
// there is a newer one. A slow watcher skips what lies between.
func (e *Engine) Watch() (*queue.State, <-chan struct{}) {
	p := e.newest.Load()
	return p.state, p.newer
}

// Refuses is why the journal takes nothing at present, so that every command
// is refused; nil when it does. Watch tells of a change.
func (e *Engine) Refuses() error { return e.newest.Load().refuses }

// Hangs tells that the disk does not answer at present, so that every command
// waits. Watch tells of a change.
func (e *Engine) Hangs() bool { return e.newest.Load().hangs }

// Do carries a command out and answers when it is on disk: the state after it,
// and the events it caused, which are none if it asked for nothing new. An
// error that is one of package queue's is a refusal: nothing changed. When ctx
// ends first, the command may still be carried out if it was being stored; one
// that only waited for its turn is not.
func (e *Engine) Do(ctx context.Context, c queue.Command) (*queue.State, []queue.Event, error) {
	r := request{ctx: ctx, command: c, to: make(chan answer, 1)}
	select {
	case e.requests <- r:
	case <-e.stopped:
		return nil, nil, ErrStopped
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("waiting for the office engine: %w", ctx.Err())
	}
	select {
	case a := <-r.to:
		return a.state, a.events, a.err
	case <-e.stopped:
		// The answer may have come in the same moment.
		select {
		case a := <-r.to:
			return a.state, a.events, a.err
		default:
			return nil, nil, ErrStopped
		}
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("waiting for the disk: %w", ctx.Err())
	}
}

// Run owns the state until ctx ends. It returns nil after an orderly stop, and ErrJournal when the process must end.
func (e *Engine) Run(ctx context.Context) error {
	if !e.running.CompareAndSwap(false, true) {
		return errors.New("the office engine runs already")
	}
	defer close(e.stopped)
	o := owner{Engine: e, tip: e.newest.Load().state}
	if err := o.start(); err != nil {
		return err
	}
	return o.run(ctx)
}

func (e *Engine) publish(p published) {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	e.replace(p)
}

func (e *Engine) replace(p published) {
	p.newer = make(chan struct{})
	old := e.newest.Swap(&p)
	close(old.newer)
}
