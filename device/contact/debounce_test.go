package contact

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const (
	settle = 20 * time.Millisecond
	stuck  = 30 * time.Second
	idle   = time.Second // what a driver waits for when nothing is going on
)

// A move is a change of the contact at a time.
type move struct {
	at     time.Duration
	closed bool
}

// A trace is everything a contact does, and when the observer stops looking.
type trace struct {
	moves []move
	end   time.Duration
}

func (tr *trace) rest(d time.Duration) { tr.end += d }

func (tr *trace) set(closed bool) { tr.moves = append(tr.moves, move{tr.end, closed}) }

// bounce chatters through the gaps and ends closed or open.
func (tr *trace) bounce(closed bool, gaps ...time.Duration) {
	level := closed == (len(gaps)%2 == 0)
	for _, gap := range gaps {
		tr.set(level)
		tr.rest(gap)
		level = !level
	}
	tr.set(closed)
}

// An observation is what the driver saw and what it made of it.
type observation struct {
	events   []Event         // without Nothing
	closedAt []time.Duration // of each press
	looks    []look
}

// A look is one reading of the level.
type look struct {
	at     time.Duration
	closed bool
	event  Event
}

// observe plays a trace to a Debouncer the way the driver does: a look at each
// edge that is not lost and whenever Wait says so, each look late by what late
// answers. Edges that nobody waits for are kept, up to 16, as the kernel does.
// It returns the events and the times of closing of the presses.
func observe(tr trace, lost func(i int) bool, late func() time.Duration) (seen observation) {
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	d := NewDebouncer(settle, stuck)
	next, level := 0, false
	queued, hint := 0, false
	now := time.Duration(0)
	for now <= tr.end {
		for ; next < len(tr.moves) && tr.moves[next].at <= now; next++ {
			level = tr.moves[next].closed
			if !lost(next) && queued < 16 {
				queued++
			}
		}
		event := d.Sample(start.Add(now), level)
		seen.looks = append(seen.looks, look{now, level, event})
		if event != Nothing {
			seen.events = append(seen.events, event)
		}
		if event == Pressed {
			seen.closedAt = append(seen.closedAt, d.ClosedAt().Sub(start))
		}
		wake := now + max(d.Wait(start.Add(now), idle), 1)
		switch {
		case !d.Settled():
			hint = false
		case hint:
			wake, hint = now+d.Step(), false
		case queued > 0:
			wake, hint = now+1, true
			queued--
		default:
			for i := next; i < len(tr.moves) && tr.moves[i].at < wake; i++ {
				if !lost(i) {
					wake = max(tr.moves[i].at, now+1)
				}
			}
		}
		now = wake + late()
	}
	return seen
}

func presses(events []Event) (n int) {
	for _, e := range events {
		if e == Pressed {
			n++
		}
	}
	return n
}

func none(int) bool               { return false }
func allLost(int) bool            { return true }
func onTime() time.Duration       { return 0 }
func ms(n int) time.Duration      { return time.Duration(n) * time.Millisecond }
func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

func TestDebounce(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(*trace)
		lost  func(int) bool
		want  []Event
	}{
		{"clean press", func(tr *trace) { tr.set(true); tr.rest(ms(100)); tr.set(false); tr.rest(seconds(1)) }, none,
			[]Event{Pressed, Released}},
		{"seven edges in six ms at both ends", func(tr *trace) {
			tr.bounce(true, ms(1), ms(1), ms(1), ms(1), ms(1), ms(1))
			tr.rest(ms(120))
			tr.bounce(false, ms(1), ms(1), ms(1), ms(1), ms(1), ms(1))
			tr.rest(seconds(1))
		}, none, []Event{Pressed, Released}},
		{"a spike is nothing", func(tr *trace) { tr.set(true); tr.rest(ms(5)); tr.set(false); tr.rest(seconds(1)) }, none, nil},
		{"a gap while held is nothing", func(tr *trace) {
			tr.set(true)
			tr.rest(ms(100))
			tr.set(false)
			tr.rest(ms(10))
			tr.set(true)
			tr.rest(ms(100))
			tr.set(false)
			tr.rest(seconds(1))
		}, none, []Event{Pressed, Released}},
		{"two presses", func(tr *trace) {
			for range 2 {
				tr.set(true)
				tr.rest(ms(60))
				tr.set(false)
				tr.rest(ms(60))
			}
			tr.rest(seconds(1))
		}, none, []Event{Pressed, Released, Pressed, Released}},
		{"both edges lost, held for two seconds", func(tr *trace) {
			tr.set(true)
			tr.rest(seconds(2))
			tr.set(false)
			tr.rest(seconds(3))
		}, allLost, []Event{Pressed, Released}},
		{"held for ever", func(tr *trace) { tr.set(true); tr.rest(seconds(300)) }, none, []Event{Pressed, Stuck}},
		{"stuck and free again", func(tr *trace) {
			tr.set(true)
			tr.rest(seconds(40))
			tr.set(false)
			tr.rest(seconds(2))
			tr.set(true)
			tr.rest(ms(200))
			tr.set(false)
			tr.rest(seconds(2))
		}, none, []Event{Pressed, Stuck, Released, Pressed, Released}},
		{"just short of stuck", func(tr *trace) { tr.set(true); tr.rest(seconds(29)); tr.set(false); tr.rest(seconds(2)) }, none,
			[]Event{Pressed, Released}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tr trace
			tr.rest(ms(100))
			test.build(&tr)
			got := observe(tr, test.lost, onTime).events
			if len(got) != len(test.want) {
				t.Fatalf("events %v, want %v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Fatalf("events %v, want %v", got, test.want)
				}
			}
		})
	}
}

func TestClosedFromTheStartIsNoPress(t *testing.T) {
	var tr trace
	tr.set(true)
	tr.rest(seconds(40))
	tr.set(false)
	tr.rest(seconds(1))
	tr.set(true)
	tr.rest(seconds(1))
	seen := observe(tr, none, onTime)
	got, at := seen.events, seen.closedAt
	if presses(got) != 1 || at[0] != seconds(41) || got[0] != Stuck {
		t.Errorf("events %v, closed at %v; want stuck, and one press at 41 s", got, at)
	}
}

func TestHeldUpProgramProvesNothing(t *testing.T) {
	// Two looks half a second apart both find the contact closed; that does not
	// prove that it rested.
	start := time.Now()
	d := NewDebouncer(settle, stuck)
	for i := range 5 {
		d.Sample(start.Add(ms(5*i)), false)
	}
	d.Sample(start.Add(ms(100)), true)
	if e := d.Sample(start.Add(ms(600)), true); e != Nothing {
		t.Errorf("two looks gave %v", e)
	}
	if e := d.Sample(start, true); e != Nothing {
		t.Errorf("a clock that runs backwards gave %v", e)
	}
}

// TestPropertyBounces: no train of bounces shorter than the rest yields two
// presses or hides one, however late the looks are; what is shorter than the
// rest yields none. When edges are lost, a press that outlasts the idle wait is
// still found.
func TestPropertyBounces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(1, 3000).Draw(t, "gap in µs")) * time.Microsecond
		}), 0, 12)
		train := func(label string) []time.Duration {
			all, sum := gaps.Draw(t, label), time.Duration(0)
			for i, g := range all {
				if sum += g; sum >= settle {
					return all[:i]
				}
			}
			return all
		}
		lossy := rapid.Bool().Draw(t, "lossy")
		least := 3 * settle
		if lossy {
			least += idle
		}
		var tr trace
		tr.rest(ms(100))
		want := rapid.IntRange(0, 6).Draw(t, "presses")
		var closedFrom []time.Duration
		for range want {
			closedFrom = append(closedFrom, tr.end)
			tr.bounce(true, train("closing")...)
			tr.rest(least + ms(rapid.IntRange(0, 3000).Draw(t, "held in ms")))
			tr.bounce(false, train("opening")...)
			tr.rest(least + ms(rapid.IntRange(0, 3000).Draw(t, "rest in ms")))
			if rapid.Bool().Draw(t, "spike") {
				tr.bounce(false, train("spike")...)
				tr.rest(least)
			}
		}
		tr.rest(seconds(2))
		lostEdge := map[int]bool{}
		if lossy {
			for i := range tr.moves {
				lostEdge[i] = rapid.Bool().Draw(t, "edge lost")
			}
		}
		seen := observe(tr, func(i int) bool { return lostEdge[i] }, func() time.Duration {
			return time.Duration(rapid.IntRange(0, 2000).Draw(t, "late in µs")) * time.Microsecond
		})
		at := seen.closedAt
		if got := presses(seen.events); got != want {
			t.Fatalf("%d presses reported, want %d; events %v of %v", got, want, seen.events, tr.moves)
		}
		for i := range at {
			if late := at[i] - closedFrom[i]; late < 0 || !lossy && late > 2*settle {
				t.Fatalf("press %d is dated %v after its contact first closed", i+1, late)
			}
		}
	})
}

// TestPropertyAnyNoise: whatever a contact does, presses and releases alternate
// and between two presses it was seen at rest and open.
func TestPropertyAnyNoise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr trace
		tr.rest(seconds(1)) // The contact is first believed open.
		level := false
		for range rapid.IntRange(0, 60).Draw(t, "moves") {
			tr.rest(time.Duration(rapid.IntRange(1, 60_000).Draw(t, "gap in µs")) * time.Microsecond)
			level = !level
			tr.set(level)
		}
		tr.rest(seconds(1))
		seen := observe(tr, func(i int) bool { return i%7 == 3 }, func() time.Duration {
			return time.Duration(rapid.IntRange(0, 30_000).Draw(t, "late in µs")) * time.Microsecond
		})
		down, openRest, run := false, true, time.Duration(-1)
		for _, l := range seen.looks {
			switch {
			case l.closed:
				run = -1
			case run < 0:
				run = l.at
			case l.at-run >= settle:
				openRest = true
			}
			if l.event == Pressed && (down || !openRest) || l.event == Released && !down {
				t.Fatalf("event %v at %v without a rest before it: %v", l.event, l.at, seen.looks)
			}
			if l.event == Pressed || l.event == Released {
				down = l.event == Pressed
			}
			if l.event == Pressed {
				openRest = false
			}
		}
	})
}

// TestPropertyOracle: whatever a contact does, in chatter of microseconds or
// holds of minutes, the presses are those of an oracle that sees the whole
// trace at once: it cuts the trace into stretches at rest, and a press is a
// stretch closed behind one open. Only what is clearly a rest or clearly none
// is drawn: a look comes up to a share of a rest late, and two looks do not see
// what lies between them, so that a train of chatter as long as a rest may be
// taken for one.
func TestPropertyOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr trace
		tr.rest(seconds(1))
		level, rested := false, false // In the oracle's eyes the contact rests open.
		var want []Event
		const train = settle - settle/samplesPerRest
		chattered := time.Duration(0) // so long, without a rest
		stretches := rapid.IntRange(1, 40).Draw(t, "stretches")
		for i := range stretches {
			level = !level
			tr.set(level)
			var d time.Duration
			switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
			case i == stretches-1 || kind == 9:
				d = stuck + seconds(rapid.IntRange(2, 60).Draw(t, "minute"))
			case kind >= 5 || chattered >= train-1:
				d = 2*settle + ms(rapid.IntRange(0, 5_000).Draw(t, "rest"))
			default:
				d = time.Duration(rapid.Int64Range(1, int64(train-chattered)).Draw(t, "chatter in ns"))
			}
			tr.rest(d)
			if d < settle {
				chattered += d
				continue
			}
			chattered = 0
			switch {
			case level && !rested:
				want = append(want, Pressed)
			case !level && rested:
				want = append(want, Released)
			}
			if level && d > stuck && (len(want) == 0 || want[len(want)-1] != Stuck) {
				want = append(want, Stuck)
			}
			rested = level
		}
		got := observe(tr, none, onTime).events
		// A hold that chatter interrupts is one hold: when it counts as stuck
		// depends on its whole length, which the oracle does not add up.
		if without := notStuck(got); !slices.Equal(without, notStuck(want)) {
			t.Fatalf("events %v, want %v, of %v", got, want, tr.moves)
		}
		for i, e := range got {
			if e == Stuck && (i == 0 || got[i-1] != Pressed) {
				t.Fatalf("stuck without a press before it, or twice in one hold: %v", got)
			}
		}
		if level && got[len(got)-1] != Stuck {
			t.Fatalf("held to the end for more than %v and not stuck: %v", stuck, got)
		}
	})
}

func notStuck(events []Event) []Event {
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e == Stuck })
}

// FuzzDebouncer plays any looks, late, early and backwards in time: it never
// reports two presses without a release between them, nor anything without a
// rest that could have been proven, and its waits are positive.
func FuzzDebouncer(f *testing.F) {
	f.Add([]byte{0x00, 0x05, 0x05, 0x05, 0x05, 0x85, 0x85, 0x85, 0x85, 0x85, 0x05, 0x05, 0x05, 0x05, 0x05})
	f.Add([]byte{0x81, 0x01, 0x81, 0x01, 0x81, 0x85, 0x85, 0x85, 0x85, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x40, 0xc0, 0x40, 0xc0})
	f.Fuzz(func(t *testing.T, looks []byte) {
		d := NewDebouncer(settle, stuck)
		start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		now, down, run, last := start, false, 0, false
		for i, b := range looks {
			// The top bit is the level; the rest is how much later the look is, in
			// milliseconds, seconds where it is large, and back where it is 0x40.
			closed, later := b&0x80 != 0, ms(int(b&0x3f))
			switch {
			case b&0x7f == 0x40:
				later = -time.Second
			case b&0x40 != 0:
				later *= 1000
			}
			now = now.Add(later)
			if i > 0 && closed == last {
				run++
			} else {
				run = 1
			}
			last = closed
			event := d.Sample(now, closed)
			if event != Nothing && run <= samplesPerRest {
				t.Fatalf("event %v after %d equal looks", event, run)
			}
			switch {
			case event == Pressed && (down || !closed), event == Released && closed, event == Stuck && !closed:
				t.Fatalf("event %v while the contact is closed: %v, held: %v", event, closed, down)
			}
			down = event == Pressed || down && event != Released
			if w := d.Wait(now, idle); w <= 0 || w > idle {
				t.Fatalf("wait %v", w)
			}
		}
	})
}
