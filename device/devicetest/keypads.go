package devicetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A KeypadsBench is keypads under test and the fingers that type on them.
// Hands that a driver's bench does not have are nil; their tests are skipped.
type KeypadsBench struct {
	Keypads device.Keypads
	Names   []string // at least two, in the order of Status
	// Type pushes a key and lets it go. The codes used are next, recall and 5.
	Type func(keypad string, code device.KeyCode)
	// Hold pushes a key and holds it for so long, with the autorepeat that a
	// real keypad sends.
	Hold           func(keypad string, code device.KeyCode, held time.Duration)
	Unplug, Replug func(keypad string)
	// Lamps are the keypads' own lights and beepers; nil when they have none.
	Lamps device.Lamps
	// Lit tells whether the keypad's own light is on; nil when it has none.
	Lit func(keypad string) bool
	// Beeped counts what the clerk was told of keys: beeps for those that were
	// taken, refusals for the others; nil when the keypads tell nothing.
	Beeped func(keypad string) (beeps, refusals int)
}

// TestKeypads is the contract of device.Keypads. It runs each test in a bubble
// of testing/synctest, where time costs nothing; open is called inside it.
func TestKeypads(t *testing.T, open func(t *testing.T) KeypadsBench) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *keypadsTest)
	}{
		{"each key once and in order", testKeysInOrder},
		{"no autorepeat", testNoRepeat},
		{"never two calls at a time", testOneKeyAtATime},
		{"quick fingers and a slow listener", testBurst},
		{"one lost, the other works", testKeypadLost},
		{"its light", testKeypadLight},
		{"its beeps", testKeypadBeeps},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kt := &keypadsTest{KeypadsBench: open(t)}
				for _, s := range kt.Keypads.Status() {
					if s.State == device.StateReady {
						t.Errorf("ready before Run: %+v", s)
					}
				}
				run := func(ctx context.Context) error { return kt.Keypads.Run(ctx, kt.hear) }
				whileRunning(t, run, func() {
					pause(2 * time.Second)
					test.run(t, kt)
				})
				before := len(kt.all())
				kt.Type(kt.Names[0], device.KeyNext)
				pause(3 * time.Second)
				if len(kt.all()) != before {
					t.Error("a key was reported after Run had returned")
				}
			})
		})
	}
}

type keypadsTest struct {
	KeypadsBench
	listener[device.Key]
}

// want compares the keys so far, written keypad, code, keypad, code.
func (kt *keypadsTest) want(t *testing.T, words ...string) {
	t.Helper()
	pause(time.Second)
	got := kt.all()
	if len(got) != len(words)/2 {
		t.Fatalf("%d keys were reported, want %v: %v", len(got), words, got)
	}
	for i, k := range got {
		if k.Keypad != words[2*i] || string(k.Code) != words[2*i+1] || k.At.IsZero() {
			t.Errorf("key %d is %+v, want %s %s", i+1, k, words[2*i], words[2*i+1])
		}
	}
}

func testKeysInOrder(t *testing.T, kt *keypadsTest) {
	a, b := kt.Names[0], kt.Names[1]
	status := kt.Keypads.Status()
	if len(status) != len(kt.Names) {
		t.Fatalf("%d entries of status for %d keypads", len(status), len(kt.Names))
	}
	for i, s := range status {
		if s.Name != kt.Names[i] || s.State != device.StateReady || len(s.Faults) > 0 {
			t.Errorf("status of an idle keypad: %+v", s)
		}
	}
	kt.Type(a, device.KeyNext)
	kt.Type(a, "5")
	kt.Type(a, "5")
	kt.want(t, a, "next", a, "5", a, "5")
	kt.Type(b, device.KeyRecall)
	kt.want(t, a, "next", a, "5", a, "5", b, "recall")
}

func testNoRepeat(t *testing.T, kt *keypadsTest) {
	if kt.Hold == nil {
		t.Skip("these keypads have no autorepeat")
	}
	kt.Hold(kt.Names[0], device.KeyNext, 5*time.Second)
	kt.want(t, kt.Names[0], "next")
}

func testOneKeyAtATime(t *testing.T, kt *keypadsTest) {
	kt.slow = 2 * time.Second
	for range 2 {
		for _, name := range kt.Names {
			kt.Type(name, device.KeyNext)
		}
	}
	pause(time.Duration(2*len(kt.Names)+1) * kt.slow)
	if n := len(kt.all()); n != 2*len(kt.Names) {
		t.Errorf("%d keys were reported, want %d", n, 2*len(kt.Names))
	}
	if n := kt.most.Load(); n != 1 {
		t.Errorf("%d calls at a time", n)
	}
}

// testBurst types faster than anybody listens: nothing is lost, and each keypad's
// keys stay in order.
func testBurst(t *testing.T, kt *keypadsTest) {
	kt.slow = 300 * time.Millisecond
	a, b := kt.Names[0], kt.Names[1]
	typed := map[string][]device.KeyCode{a: {}, b: {}}
	for range 4 {
		for _, code := range []device.KeyCode{"5", "5", device.KeyNext} {
			kt.Type(a, code)
			typed[a] = append(typed[a], code)
		}
		kt.Type(b, device.KeyRecall)
		typed[b] = append(typed[b], device.KeyRecall)
	}
	pause(20 * time.Second)
	heard := map[string][]device.KeyCode{}
	for _, k := range kt.all() {
		heard[k.Keypad] = append(heard[k.Keypad], k.Code)
	}
	for name, want := range typed {
		if !slices.Equal(heard[name], want) {
			t.Errorf("%s: typed %v, heard %v", name, want, heard[name])
		}
	}
}

func testKeypadLost(t *testing.T, kt *keypadsTest) {
	if kt.Unplug == nil {
		t.Skip("these keypads cannot be unplugged")
	}
	a, b := kt.Names[0], kt.Names[1]
	kt.Unplug(a)
	pause(3 * time.Second)
	s := kt.Keypads.Status()
	if s[0].State != device.StateLost || len(s[0].Faults) == 0 || s[1].State != device.StateReady {
		t.Errorf("status with the first keypad unplugged: %+v", s)
	}
	kt.Type(a, device.KeyNext)
	kt.Type(b, device.KeyNext)
	kt.want(t, b, "next")
	kt.Replug(a)
	pause(10 * time.Second)
	if s := kt.Keypads.Status()[0]; s.State != device.StateReady || len(s.Faults) > 0 {
		t.Errorf("status of a keypad that is back: %+v", s)
	}
	kt.Type(a, device.KeyRecall)
	kt.want(t, b, "next", a, "recall")
}

// lamps are the keypads as what shows something back.
func (kt *keypadsTest) lamps(t *testing.T) device.Lamps {
	t.Helper()
	if err := kt.Lamps.Show("nobody", device.LightReady); !errors.Is(err, device.ErrNoLamp) {
		t.Errorf("lighting a keypad that is not there: %v", err)
	}
	return kt.Lamps
}

func testKeypadLight(t *testing.T, kt *keypadsTest) {
	if kt.Lit == nil {
		t.Skip("these keypads have no light")
	}
	lamps, a, b := kt.lamps(t), kt.Names[0], kt.Names[1]
	show := func(name string, light device.Light) {
		t.Helper()
		began := time.Now()
		if err := lamps.Show(name, light); err != nil || time.Since(began) > 0 {
			t.Errorf("showing %d on %s took %v: %v", light, name, time.Since(began), err)
		}
	}
	want := func(what string, onA, onB bool) {
		t.Helper()
		pause(time.Second)
		if kt.Lit(a) != onA || kt.Lit(b) != onB {
			t.Errorf("%s: lit are %v and %v, want %v and %v", what, kt.Lit(a), kt.Lit(b), onA, onB)
		}
	}
	want("at first", false, false)
	show(a, device.LightReady)
	want("somebody waits", true, false)
	show(a, device.LightBeep)
	show(b, device.LightError)
	want("after a beep and a refusal", true, false)
	if kt.Unplug != nil {
		kt.Unplug(a)
		pause(3 * time.Second)
		show(b, device.LightReady)
		kt.Replug(a)
		pause(10 * time.Second)
		want("back", true, true)
		show(b, device.LightOff)
	}
	show(a, device.LightOff)
	want("nobody waits", false, false)
}

func testKeypadBeeps(t *testing.T, kt *keypadsTest) {
	if kt.Beeped == nil {
		t.Skip("these keypads tell nothing of keys")
	}
	lamps, a := kt.lamps(t), kt.Names[0]
	for i, light := range []device.Light{device.LightBeep, device.LightError, device.LightBeep} {
		if err := lamps.Show(a, light); err != nil {
			t.Error(err)
		}
		pause(time.Second)
		if beeps, refusals := kt.Beeped(a); beeps != (i+2)/2 || refusals != (i+1)/2 {
			t.Errorf("after %d keys: %d beeps and %d refusals", i+1, beeps, refusals)
		}
	}
	if beeps, refusals := kt.Beeped(kt.Names[1]); beeps+refusals > 0 {
		t.Errorf("the other keypad was told %d times", beeps+refusals)
	}
}
