package display

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Events is the past of the office, in order. It may be used from any goroutine.
type Events interface {
	// Since yields the events from seq on, seq included, and ends with what is
	// the last one at its beginning. An error is the last thing it yields.
	Since(seq uint64) iter.Seq2[queue.Event, error]
	// Opening is the sequence of the event that opened the day of another, or the
	// oldest that is kept. For one that is kept no more it is an EventsGoneError.
	Opening(seq uint64) (uint64, error)
}

const (
	// streamBeat is how often a reader hears that its stream is alive, and how
	// far the journal is.
	streamBeat = 15 * time.Second
	// streamBatch is how many events are read at a time. Between batches other
	// readers have their turn: together they take one core at most.
	streamBatch = 256
)

// Reasons for which a stream ends, by the codes of words.
const (
	endStopping   = "stream-stopping"   // the program ends
	endSlow       = "stream-slow"       // the reader takes too long
	endUnreadable = "stream-unreadable" // the journal cannot be read here
	endBarred     = "stream-barred"     // the reader may read no more, such as after signing out
)

// errSlow: a reader has taken longer over a message than it may.
var errSlow = errors.New("reader is too slow")

// A streamStart is the first message of a stream.
type streamStart struct {
	Journal string `json:"journal"`
	From    uint64 `json:"from"`   // the first event that will come
	Newest  uint64 `json:"newest"` // the newest that there is
}

// A streamPulse tells that a stream is alive.
type streamPulse struct {
	Newest uint64 `json:"newest"`
}

// A streamEnd is the last message of a stream that the server ends.
type streamEnd struct {
	Reason string `json:"reason"` // a code
	Last   string `json:"last"`   // name of the last event that was sent: go on after it
	Say    string `json:"say"`    // a sentence that ends in what to do
}

// A reader is at the other end of a stream. Its methods answer errSlow for a
// reader that took the message but too slowly, and another error for one that is
// gone.
type reader interface {
	start(streamStart) error
	events([]view.Event) error
	pulse(streamPulse) error
	end(streamEnd) error
}

// streams are the event streams under way. The journal is their buffer: a reader
// that is behind costs no memory, only its place.
type streams struct {
	s       *Server
	reading chan struct{} // held while a batch is read; capacity 1

	mu    sync.Mutex
	all   map[*stream]struct{}
	by    map[address]int
	ended sync.WaitGroup
	stop  chan struct{} // closed when the server ends
}

// A stream is one reader's.
type stream struct {
	of     *streams
	next   uint64
	teller *view.Teller
	to     reader
	// may tells whether the reader may still read: before each batch, at each beat, and
	// whenever somebody may come in no more.
	may func() bool
	// cut makes a write that is under way fail.
	cut func()
}

func newStreams(s *Server) *streams {
	return &streams{
		s: s, reading: make(chan struct{}, 1), all: map[*stream]struct{}{}, by: map[address]int{}, stop: make(chan struct{}),
	}
}

// serve sends a reader the events from next on, until it is gone, too slow, may read
// no more, or the server ends, which is said in its tongue. It answers errFull beyond
// the bounds, before anything is sent.
func (a *streams) serve(ctx context.Context, from address, tongue *words.Tongue, next uint64, to reader, may func() bool, cut func()) error {
	state, _ := a.s.cfg.Engine.Watch()
	one := &stream{of: a, next: next, teller: view.NewTeller(state.Journal(), a.s.zone, a.today), to: to, may: may, cut: cut}
	if err := a.enter(one, from); err != nil {
		return err
	}
	defer a.leave(one, from)
	end := one.run(ctx, streamStart{Journal: state.Journal(), From: next, Newest: state.Seq()})
	if end == "" {
		return nil
	}
	last := ""
	if one.next > 1 {
		last = view.EventID(state.Journal(), one.next-1)
	}
	say, _ := tongue.ByCode(end)
	_ = to.end(streamEnd{Reason: end, Last: last, Say: say})
	return nil
}

// today is the day under way.
func (a *streams) today() int {
	state, _ := a.s.cfg.Engine.Watch()
	return view.Today(state)
}

// full tells whether another stream would be refused, before anything of it is
// answered.
func (a *streams) full(from address) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.room(from)
}

// room tells whether an address may have another stream. The caller holds the
// lock.
func (a *streams) room(from address) bool {
	select {
	case <-a.stop:
		return false
	default:
	}
	return len(a.all) < a.s.bounds.Streams && a.by[from] < half(a.s.bounds.Streams)
}

func (a *streams) enter(one *stream, from address) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.room(from) {
		return errFull
	}
	a.all[one] = struct{}{}
	a.by[from]++
	a.ended.Add(1)
	return nil
}

func (a *streams) leave(one *stream, from address) {
	a.mu.Lock()
	delete(a.all, one)
	if a.by[from]--; a.by[from] == 0 {
		delete(a.by, from)
	}
	a.mu.Unlock()
	a.ended.Done()
}

// close tells every reader that the server ends, and returns when all have left.
// Who does not take that within stopWait is cut off.
func (a *streams) close() {
	a.mu.Lock()
	close(a.stop)
	a.mu.Unlock()
	whenLeft(&a.ended, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		for one := range a.all {
			one.cut()
		}
	})
}

// whenLeft waits until all have ended. Who has not within stopWait is cut off, and again
// until it has.
func whenLeft(ended *sync.WaitGroup, cut func()) {
	left := make(chan struct{})
	go func() {
		ended.Wait()
		close(left)
	}()
	for wait := stopWait; ; wait = stopWait / 10 {
		select {
		case <-left:
			return
		case <-time.After(wait):
			cut()
		}
	}
}

// run sends what there is, and then what comes. It answers why the server ends
// the stream, or nothing when the reader is gone.
func (one *stream) run(ctx context.Context, start streamStart) (end string) {
	if err := one.to.start(start); err != nil {
		return endOf(err)
	}
	learn, err := one.of.s.cfg.Events.Opening(one.next)
	if err != nil {
		return one.unreadable(err)
	}
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	for due := false; ; {
		state, newer := one.of.s.cfg.Engine.Watch()
		changed := one.of.s.accessChanged() // before it is asked, so that no change is missed
		if !one.may() {
			return endBarred
		}
		if due {
			if err := one.to.pulse(streamPulse{Newest: state.Seq()}); err != nil {
				return endOf(err)
			}
			due = false
		}
		if one.next <= state.Seq() {
			if end, ok := one.catchUp(ctx, min(learn, one.next), state.Seq()); !ok {
				return end
			}
			learn = one.next
		}
		select {
		case <-ctx.Done():
			return ""
		case <-one.of.stop:
			return endStopping
		case <-beat.C:
			due = true
		case <-newer:
		case <-changed:
		}
	}
}

// endOf is why a stream ends after a message that did not arrive in time.
func endOf(err error) string {
	if errors.Is(err, errSlow) {
		return endSlow
	}
	return ""
}

func (one *stream) unreadable(err error) string {
	one.of.s.log.Error("reading the journal for an event stream", "seq", one.next, "err", err)
	return endUnreadable
}

// catchUp sends the events up to last. Those from learn on that come before the
// next one are read for what they tell of the day. ok is false when the stream
// ends.
func (one *stream) catchUp(ctx context.Context, learn, last uint64) (end string, ok bool) {
	var batch []view.Event
	flush := func() (string, bool) {
		if len(batch) > 0 {
			if err := one.to.events(batch); err != nil {
				return endOf(err), false
			}
			batch = batch[:0]
		}
		return "", true
	}
	read := 0
	if !one.take(ctx) {
		return one.stopped(), false
	}
	held := true
	defer func() {
		if held {
			<-one.of.reading
		}
	}()
	for e, err := range one.of.s.cfg.Events.Since(learn) {
		if err != nil {
			if end, ok := flush(); !ok {
				return end, false
			}
			return one.unreadable(err), false
		}
		told := one.teller.Tell(e)
		if e.Seq >= one.next {
			batch = append(batch, told)
			one.next = e.Seq + 1
		}
		if e.Seq >= last {
			break
		}
		if read++; read%streamBatch == 0 {
			<-one.of.reading
			held = false
			if end, ok := flush(); !ok {
				return end, false
			}
			runtime.Gosched()
			if held = one.take(ctx); !held {
				return one.stopped(), false
			}
		}
	}
	<-one.of.reading
	held = false
	return flush()
}

// take waits for the turn to read; false when the stream ends first.
func (one *stream) take(ctx context.Context) bool {
	select {
	case <-one.of.stop:
		return false
	default:
	}
	if !one.may() {
		return false
	}
	select {
	case one.of.reading <- struct{}{}:
		return true
	case <-ctx.Done():
	case <-one.of.stop:
	}
	return false
}

// stopped is why a stream ended whose turn to read never came.
func (one *stream) stopped() string {
	select {
	case <-one.of.stop:
		return endStopping
	default:
	}
	if !one.may() {
		return endBarred
	}
	return ""
}
