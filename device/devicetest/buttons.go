package devicetest

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A ButtonsBench is a set of buttons under test and the fingers that push
// them. Hands that a driver's bench does not have are nil; their tests are
// skipped.
type ButtonsBench struct {
	Buttons device.Buttons
	Names   []string // at least two; a third is held in the test of a grip of three
	// Push closes a button's contact and Release opens it; nothing happens to
	// a contact that is already so.
	Push, Release   func(button string)
	Unplug, Replug  func()
	Settle          time.Duration // the rest that a press or release needs; at most 200 ms
	StuckAfter      time.Duration // held so long is stuck; zero when the driver does not tell
	ReopensWithin   time.Duration // how long the driver may take to see that it is plugged in again
	NoticesLossSoon time.Duration // how long it may take to see that it is not
}

// TestButtons is the contract of device.Buttons. It runs each test in a bubble
// of testing/synctest, where time costs nothing; open is called inside it.
func TestButtons(t *testing.T, open func(t *testing.T) ButtonsBench) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *buttonsTest)
	}{
		{"one press once", testOnePress},
		{"held is one press", testHeld},
		{"two at once", testTwoAtOnce},
		{"never two calls at a time", testOneCallAtATime},
		{"lost and back", testButtonsLost},
		{"stuck", testStuck},
		{"two held are a grip", testGrip},
		{"three held are one grip", testGripOfAll},
		{"a stuck button is no grip", testGripWithStuck},
		{"a lost grip", testGripLost},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bt := &buttonsTest{ButtonsBench: open(t)}
				if s := bt.Buttons.Status(); s.State == device.StateReady {
					t.Errorf("ready before Run: %+v", s)
				}
				run := func(ctx context.Context) error { return bt.Buttons.Run(ctx, bt.hear) }
				whileRunning(t, run, func() {
					pause(5 * time.Second)
					test.run(t, bt)
				})
				before := len(bt.all())
				bt.Push(bt.Names[0])
				pause(3 * time.Second)
				if n := len(bt.all()); n != before {
					t.Errorf("a press was reported after Run had returned")
				}
				bt.Release(bt.Names[0])
			})
		})
	}
}

type buttonsTest struct {
	ButtonsBench
	listener[device.Press]
}

// push holds a button for as long and then lets it rest open for two seconds.
func (bt *buttonsTest) push(button string, held time.Duration) {
	bt.Push(button)
	pause(held)
	bt.Release(button)
	pause(2 * time.Second)
}

func (bt *buttonsTest) want(t *testing.T, names ...string) []device.Press {
	t.Helper()
	got := bt.all()
	if len(got) != len(names) {
		t.Fatalf("%d presses were reported, want %d: %v", len(got), len(names), got)
	}
	for i, p := range got {
		if p.Button != names[i] || p.Held != nil {
			t.Errorf("press %d is of %q (held %v), want %q", i+1, p.Button, p.Held, names[i])
		}
	}
	if n := bt.Buttons.Status().Count.Presses; n != len(names) {
		t.Errorf("the status counts %d presses, want %d", n, len(names))
	}
	return got
}

// wantGrip wants the presses of two buttons and then their grip, and nothing
// else.
func (bt *buttonsTest) wantGrip(t *testing.T, since time.Time, one, two string) {
	t.Helper()
	var grips []device.Press
	for i, p := range bt.all() {
		if p.Held == nil {
			continue
		}
		grips = append(grips, p)
		if i < 2 {
			t.Errorf("the grip came before both presses: %v", bt.all())
		}
	}
	if len(grips) != 1 {
		t.Fatalf("%d grips were reported, want 1: %v", len(grips), bt.all())
	}
	g := grips[0]
	if g.Button != "" || len(g.Held) != 2 || g.Held[0] != one || g.Held[1] != two {
		t.Errorf("the grip is %+v, want one of %s and %s", g, one, two)
	}
	if after := g.At.Sub(since); after < gripHold || after > gripHold+bt.Settle+100*time.Millisecond {
		t.Errorf("the grip is dated %v after the second button closed, want %v", after, gripHold)
	}
}

func testOnePress(t *testing.T, bt *buttonsTest) {
	if s := bt.Buttons.Status(); s.State != device.StateReady || len(s.Faults) > 0 || s.Name == "" {
		t.Errorf("status of idle buttons: %+v", s)
	}
	pushed := time.Now()
	bt.push(bt.Names[0], 300*time.Millisecond)
	got := bt.want(t, bt.Names[0])
	if late := got[0].At.Sub(pushed); late < 0 || late > bt.Settle+20*time.Millisecond {
		t.Errorf("the press is dated %v after the contact closed", late)
	}
	bt.push(bt.Names[1], 300*time.Millisecond)
	bt.push(bt.Names[0], 300*time.Millisecond)
	bt.want(t, bt.Names[0], bt.Names[1], bt.Names[0])
}

func testHeld(t *testing.T, bt *buttonsTest) {
	bt.push(bt.Names[0], 20*time.Second)
	bt.want(t, bt.Names[0])
}

func testTwoAtOnce(t *testing.T, bt *buttonsTest) {
	bt.Push(bt.Names[0])
	pause(500 * time.Millisecond)
	bt.push(bt.Names[1], 500*time.Millisecond)
	bt.Release(bt.Names[0])
	pause(2 * time.Second)
	bt.want(t, bt.Names[0], bt.Names[1])
}

func testOneCallAtATime(t *testing.T, bt *buttonsTest) {
	bt.slow = 3 * time.Second
	for _, name := range bt.Names {
		bt.Push(name)
	}
	pause(time.Second)
	for _, name := range bt.Names {
		bt.Release(name)
	}
	pause(time.Duration(len(bt.Names)+1) * bt.slow)
	if n := len(bt.all()); n != len(bt.Names) {
		t.Errorf("%d presses were reported, want one of each of %v", n, bt.Names)
	}
	if n := bt.most.Load(); n != 1 {
		t.Errorf("%d calls at a time", n)
	}
}

func testButtonsLost(t *testing.T, bt *buttonsTest) {
	if bt.Unplug == nil {
		t.Skip("these buttons cannot be unplugged")
	}
	bt.Unplug()
	pause(max(bt.NoticesLossSoon, time.Second))
	if s := bt.Buttons.Status(); s.State != device.StateLost || len(s.Faults) == 0 {
		t.Errorf("status of unplugged buttons: %+v", s)
	}
	bt.push(bt.Names[0], time.Second)
	bt.want(t)
	bt.Replug()
	pause(max(bt.ReopensWithin, time.Second))
	if s := bt.Buttons.Status(); s.State != device.StateReady || len(s.Faults) > 0 {
		t.Errorf("status of buttons that are back: %+v", s)
	}
	bt.want(t)
	bt.push(bt.Names[0], time.Second)
	bt.want(t, bt.Names[0])
}

func testStuck(t *testing.T, bt *buttonsTest) {
	if bt.StuckAfter == 0 {
		t.Skip("these buttons do not tell when they are stuck")
	}
	bt.Push(bt.Names[0])
	pause(bt.StuckAfter - time.Second)
	if s := bt.Buttons.Status(); s.State != device.StateReady {
		t.Errorf("status a second before a button counts as stuck: %+v", s)
	}
	pause(3 * time.Second)
	s := bt.Buttons.Status()
	if s.State != device.StateDegraded || len(s.Faults) != 1 || s.Faults[0] != device.FaultStuck || s.Detail == "" {
		t.Errorf("status of a stuck button: %+v", s)
	}
	// The others go on working.
	bt.push(bt.Names[1], time.Second)
	bt.want(t, bt.Names[0], bt.Names[1])
	bt.Release(bt.Names[0])
	pause(2 * time.Second)
	if s := bt.Buttons.Status(); s.State != device.StateReady || len(s.Faults) > 0 {
		t.Errorf("status of a button that came up: %+v", s)
	}
	bt.push(bt.Names[0], time.Second)
	bt.want(t, bt.Names[0], bt.Names[1], bt.Names[0])
}

// gripHold is how long two buttons are down together in a technician's grip.
const gripHold = 10 * time.Second

func testGrip(t *testing.T, bt *buttonsTest) {
	one, two := bt.Names[0], bt.Names[1]
	// A moment short, twice, is none.
	for range 2 {
		bt.Push(one)
		pause(time.Second)
		bt.Push(two)
		pause(gripHold - time.Second)
		bt.Release(one)
		bt.Release(two)
		pause(2 * time.Second)
	}
	bt.want(t, one, two, one, two)
	bt.Push(two)
	pause(3 * time.Second)
	bt.Push(one)
	since := time.Now()
	pause(gripHold + 2*time.Second)
	bt.wantGrip(t, since, two, one)
	bt.Release(two)
	pause(2 * time.Second)
	bt.wantGrip(t, since, two, one)
	// The next one is another.
	bt.Push(two)
	pause(gripHold + time.Second)
	if got := bt.all(); got[len(got)-1].Held == nil {
		t.Errorf("a second grip was not reported: %v", got)
	}
	bt.Release(one)
	bt.Release(two)
}

func testGripOfAll(t *testing.T, bt *buttonsTest) {
	if len(bt.Names) < 3 {
		t.Skip("these buttons are fewer than three")
	}
	var since time.Time
	for i, name := range bt.Names {
		bt.Push(name)
		if i == 1 {
			since = time.Now()
		}
		pause(time.Second)
	}
	pause(gripHold + 10*time.Second)
	for _, name := range bt.Names {
		bt.Release(name)
		pause(time.Second)
	}
	bt.wantGrip(t, since, bt.Names[0], bt.Names[1])
}

func testGripWithStuck(t *testing.T, bt *buttonsTest) {
	if bt.StuckAfter == 0 {
		t.Skip("these buttons do not tell when they are stuck")
	}
	bt.Push(bt.Names[0])
	pause(bt.StuckAfter + 2*time.Second)
	bt.Push(bt.Names[1])
	pause(gripHold + 5*time.Second)
	bt.want(t, bt.Names[0], bt.Names[1])
	bt.Release(bt.Names[1])
	bt.Release(bt.Names[0])
}

func testGripLost(t *testing.T, bt *buttonsTest) {
	if bt.Unplug == nil {
		t.Skip("these buttons cannot be unplugged")
	}
	bt.Push(bt.Names[0])
	pause(time.Second)
	bt.Push(bt.Names[1])
	pause(gripHold - 5*time.Second)
	bt.Unplug()
	pause(gripHold)
	bt.Replug()
	pause(max(bt.ReopensWithin, gripHold))
	// Contacts that were closed when the line came back were closed nobody
	// knows when.
	bt.want(t, bt.Names[0], bt.Names[1])
	bt.Release(bt.Names[0])
	bt.Release(bt.Names[1])
}
