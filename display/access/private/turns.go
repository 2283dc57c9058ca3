package private

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"eliminacode/display/access"
)

// A check of a secret takes a core and much memory, so that one is made at a time;
// the others wait for their turn, for a while.
const (
	turnPatience = 40 * time.Second
	// busyPatience is how long one waits that only other checks hold up.
	busyPatience  = 10 * time.Second
	mostWaiting   = 64 // strangers, as many with one-time codes, and as many known ones
	mostOfPlace   = 32 // a room of people behind one address
	mostOfName    = 8  // at one address
	mostOfBrowser = 2
	placesServed  = 4096 // remembered for their turn
)

// An asker is one who waits for a check.
type asker struct {
	// browser is a key of who has shown before to be the person; empty for a stranger.
	browser     string
	place, name string // of a stranger
	// code tells that a stranger shows a one-time code: the way in that is left while
	// others are wrong in everybody's name.
	code bool
	// missed is how many wrong tries of this name from this place are not forgiven.
	missed int
	// held is how long its bounds hold it back; nil is not at all.
	held func(up time.Duration) time.Duration
	up   time.Duration // when it came
	came time.Time
	went time.Duration // how long it waited for its turn

	turn chan struct{} // closed when its turn has come, or lost tells that it never will
	lost bool
}

// atTurn is for how long the box had been on when its turn came.
func (a *asker) atTurn() time.Duration { return a.up + a.went }

// wait is how long its bounds hold it back from now on.
func (a *asker) wait() time.Duration {
	if a.held == nil {
		return 0
	}
	return a.held(a.up + time.Since(a.came))
}

// turns let one through at a time. Known browsers come first, but between two of
// them comes a stranger, if one waits. Of strangers the one comes first whose name has
// the fewest wrong tries from its place, and then the places take turns, and the names
// within a place. Whom a bound holds back lets the others pass meanwhile.
type turns struct {
	mu      sync.Mutex
	busy    bool
	known   bool // the last one through was a known one
	waiting []*asker
	served  map[string]uint64 // the turn that a place, or a name at it, had last
	count   uint64
	alarm   *time.Timer // for the first whom a bound lets go
}

func newTurns() *turns { return &turns{served: map[string]uint64{}} }

// enter waits for its turn; leave must be called when it has come. It answers
// access.ErrBusy when too many wait or it has waited long enough, and a WaitError
// where its bounds held it back for so long.
func (t *turns) enter(ctx context.Context, a *asker) (leave func(), err error) {
	if err := t.join(a); err != nil {
		return nil, err
	}
	return t.await(ctx, a)
}

// join puts one among those who wait, or lets it through at once.
func (t *turns) join(a *asker) error {
	a.came, a.turn = time.Now(), make(chan struct{})
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.room(a) {
		return access.ErrBusy
	}
	t.waiting = append(t.waiting, a)
	t.next()
	if !slices.Contains(t.waiting, a) {
		a.went = 0 // nobody was before it
	}
	return nil
}

// await waits for the turn of one that has joined.
func (t *turns) await(ctx context.Context, a *asker) (leave func(), err error) {
	patience := turnPatience
	if a.held == nil {
		patience = busyPatience
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-a.turn:
	case <-timeout.C:
		err = access.ErrBusy
		if wait := a.wait(); wait > 0 {
			err = access.WaitError{For: wait}
		}
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	// Its turn may have come just as it gave up.
	switch at := slices.Index(t.waiting, a); {
	case at >= 0:
		t.waiting = slices.Delete(t.waiting, at, at+1)
		t.next() // nobody is left for whom the alarm was set
		return nil, err
	case a.lost:
		return nil, access.ErrBusy
	}
	return t.leave, nil
}

func (t *turns) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy = false
	t.next()
}

// room tells whether one more may wait, each kind in places of its own. Where they are
// all taken, the newest of the address that has the most of them makes room for one that
// has fewer; and where no address has many more, one of the name that most are at, from
// all addresses, for another name, if its own address has more: who comes from an
// address of one's own is not pushed out by those of a crowded one.
func (t *turns) room(a *asker) bool {
	all, ofPlace, ofName, fromAll := 0, map[string]int{}, 0, map[string]int{}
	for _, other := range t.waiting {
		switch {
		case !a.likewise(other):
		case a.browser != "":
			all++
			ofName += same(a.browser, other.browser)
		default:
			all++
			ofPlace[other.place]++
			fromAll[other.name]++
			if other.place == a.place {
				ofName += same(a.name, other.name)
			}
		}
	}
	if a.browser != "" {
		return all < mostWaiting && ofName < mostOfBrowser
	}
	if ofPlace[a.place] >= mostOfPlace || ofName >= mostOfName {
		return false
	}
	if all < mostWaiting {
		return true
	}
	crowded := func(may func(*asker) bool) int {
		found := -1
		for i, other := range t.waiting {
			if a.likewise(other) && may(other) && (found < 0 || ofPlace[other.place] >= ofPlace[t.waiting[found].place]) {
				found = i
			}
		}
		return found
	}
	newest := crowded(func(*asker) bool { return true })
	if ofPlace[t.waiting[newest].place] <= ofPlace[a.place]+1 {
		most := slices.Max(slices.Collect(maps.Values(fromAll)))
		newest = crowded(func(b *asker) bool { return fromAll[b.name] == most && ofPlace[b.place] > ofPlace[a.place] })
		if newest < 0 || most <= fromAll[a.name]+1 {
			return false
		}
	}
	crowd := t.waiting[newest]
	t.waiting = slices.Delete(t.waiting, newest, newest+1)
	crowd.lost = true
	close(crowd.turn)
	return true
}

// likewise tells whether two wait in the same places.
func (a *asker) likewise(b *asker) bool {
	return (a.browser != "") == (b.browser != "") && a.code == b.code
}

func same(a, b string) int {
	if a == b {
		return 1
	}
	return 0
}

// next lets the one through whose turn it is, if nobody is.
func (t *turns) next() {
	if t.alarm != nil {
		t.alarm.Stop()
		t.alarm = nil
	}
	if t.busy {
		return
	}
	var first *asker
	var soonest time.Duration
	for _, a := range t.waiting {
		if wait := a.wait(); wait > 0 {
			if soonest == 0 || wait < soonest {
				soonest = wait
			}
		} else if first == nil || t.before(a, first) {
			first = a
		}
	}
	if first == nil {
		if soonest > 0 {
			t.alarm = time.AfterFunc(soonest, func() {
				t.mu.Lock()
				defer t.mu.Unlock()
				t.next()
			})
		}
		return
	}
	t.waiting = slices.DeleteFunc(t.waiting, func(a *asker) bool { return a == first })
	t.busy, t.known = true, first.browser != ""
	first.went = time.Since(first.came)
	t.count++
	for _, key := range first.keys() {
		t.served[key] = t.count
	}
	if len(t.served) > placesServed {
		for key, at := range t.served {
			if at+placesServed/4 < t.count {
				delete(t.served, key)
			}
		}
	}
	close(first.turn)
}

// keys are what takes turns.
func (a *asker) keys() [2]string {
	if a.browser != "" {
		return [2]string{"browser " + a.browser, "browser " + a.browser}
	}
	return [2]string{"place " + a.place, "name " + a.place + " " + a.name}
}

// before tells whether the turn of a comes before that of b, both of whom wait; of
// two that are alike it is the one that came first.
func (t *turns) before(a, b *asker) bool {
	if aKnown, bKnown := a.browser != "", b.browser != ""; aKnown != bKnown {
		return aKnown != t.known
	}
	of, to := a.keys(), b.keys()
	return cmp.Or(
		cmp.Compare(a.missed, b.missed),
		cmp.Compare(t.served[of[0]], t.served[to[0]]),
		cmp.Compare(t.served[of[1]], t.served[to[1]]),
	) < 0
}
