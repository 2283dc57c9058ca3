package devicetest

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A PanelsBench is panels under test and the hands that can hurt them. Hands
// that a driver's bench does not have are nil; their tests are skipped.
type PanelsBench struct {
	Panels device.Panels
	Names  []string // at least two, in the order of Status, all of four characters
	// Shown is what people read on a panel, without spaces around it.
	Shown func(panel string) string
	// Blinking tells whether it blinks; nil when these panels cannot.
	Blinking       func(panel string) bool
	Unplug, Replug func()             // the line of all
	PowerCycle     func(panel string) // it forgets its text; nil when these are not sent it again
	Within         time.Duration      // after which a panel shows what it was told
	ReopensWithin  time.Duration      // how long the driver may take to see that the line is back
	RepeatsWithin  time.Duration      // how long a panel that was switched off may be dark
}

// TestPanels is the contract of device.Panels. It runs each test in a bubble of
// testing/synctest, where time costs nothing; open is called inside it.
func TestPanels(t *testing.T, open func(t *testing.T) PanelsBench) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *panelsTest)
	}{
		{"each its own", testEachItsOwn},
		{"the newest wins", testNewestWins},
		{"shown before the line is there", testShownEarly},
		{"an unknown panel", testUnknownPanel},
		{"a recall blinks", testRecallBlinks},
		{"lost and back", testPanelsLost},
		{"switched off and on", testPanelForgets},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pt := &panelsTest{PanelsBench: open(t)}
				for _, s := range pt.Panels.Status() {
					if s.State == device.StateReady || s.State == device.StateLost {
						t.Errorf("state before Run: %+v", s)
					}
				}
				whileRunning(t, pt.Panels.Run, func() {
					test.run(t, pt)
					pt.show(t, pt.Names[0], "E999")
					pause(pt.Within)
				})
				// A frozen number would pass for a live one.
				pt.want(t, pt.Names[0], "")
			})
		})
	}
}

type panelsTest struct{ PanelsBench }

// show also checks that Show does not block.
func (pt *panelsTest) show(t *testing.T, panel, text string) {
	t.Helper()
	began := time.Now()
	if err := pt.Panels.Show(panel, text); err != nil {
		t.Errorf("showing %q on %s: %v", text, panel, err)
	}
	if took := time.Since(began); took > 0 {
		t.Errorf("Show took %v", took)
	}
}

func (pt *panelsTest) want(t *testing.T, panel, text string) {
	t.Helper()
	if got := pt.Shown(panel); got != text {
		t.Errorf("%s shows %q, want %q", panel, got, text)
	}
}

func testEachItsOwn(t *testing.T, pt *panelsTest) {
	pause(time.Second)
	status := pt.Panels.Status()
	if len(status) != len(pt.Names) {
		t.Fatalf("%d entries of status for %d panels", len(status), len(pt.Names))
	}
	for i, s := range status {
		if s.Name != pt.Names[i] || s.State != device.StateReady || len(s.Faults) > 0 {
			t.Errorf("status of a panel that works: %+v", s)
		}
	}
	pt.show(t, pt.Names[0], "A042")
	pt.show(t, pt.Names[1], "B007")
	pause(pt.Within)
	pt.want(t, pt.Names[0], "A042")
	pt.want(t, pt.Names[1], "B007")
	pt.show(t, pt.Names[1], "")
	pause(pt.Within)
	pt.want(t, pt.Names[0], "A042")
	pt.want(t, pt.Names[1], "")
}

func testNewestWins(t *testing.T, pt *panelsTest) {
	pause(time.Second)
	for i := range 500 {
		for _, name := range pt.Names {
			pt.show(t, name, fmt.Sprintf("A%03d", i))
		}
	}
	pause(pt.Within)
	for _, name := range pt.Names {
		pt.want(t, name, "A499")
	}
}

func testShownEarly(t *testing.T, pt *panelsTest) {
	if pt.Unplug == nil {
		t.Skip("these panels cannot be unplugged")
	}
	pt.Unplug()
	pause(time.Second)
	pt.show(t, pt.Names[0], "A001")
	pause(time.Minute)
	pt.Replug()
	pause(pt.ReopensWithin)
	pt.want(t, pt.Names[0], "A001")
}

func testUnknownPanel(t *testing.T, pt *panelsTest) {
	if err := pt.Panels.Show("nobody", "A001"); !errors.Is(err, device.ErrNoPanel) {
		t.Errorf("showing on a panel that is not there: %v", err)
	}
}

func testRecallBlinks(t *testing.T, pt *panelsTest) {
	if pt.Blinking == nil {
		t.Skip("these panels do not blink")
	}
	name := pt.Names[0]
	pt.show(t, name, "A042")
	pause(pt.Within)
	if pt.Blinking(name) {
		t.Error("a call blinks like a recall")
	}
	pt.show(t, name, "A042")
	pause(pt.Within)
	pt.want(t, name, "A042")
	if !pt.Blinking(name) {
		t.Error("a recall does not blink")
	}
	pause(time.Minute)
	pt.want(t, name, "A042")
	if pt.Blinking(name) {
		t.Error("a recall blinks for a minute")
	}
}

func testPanelsLost(t *testing.T, pt *panelsTest) {
	if pt.Unplug == nil {
		t.Skip("these panels cannot be unplugged")
	}
	pt.show(t, pt.Names[0], "A001")
	pt.show(t, pt.Names[1], "B001")
	pause(pt.Within)
	pt.Unplug()
	pause(time.Second)
	for _, s := range pt.Panels.Status() {
		if s.State != device.StateLost || len(s.Faults) == 0 {
			t.Errorf("status of a panel that is unplugged: %+v", s)
		}
	}
	pt.show(t, pt.Names[0], "A002")
	pause(time.Minute)
	pt.Replug()
	pause(pt.ReopensWithin)
	for _, s := range pt.Panels.Status() {
		if s.State != device.StateReady || len(s.Faults) > 0 || s.Count.Retries != 1 {
			t.Errorf("status of a panel that is back: %+v", s)
		}
	}
	pt.want(t, pt.Names[0], "A002")
	pt.want(t, pt.Names[1], "B001")
}

func testPanelForgets(t *testing.T, pt *panelsTest) {
	if pt.PowerCycle == nil {
		t.Skip("these panels are not sent their text again")
	}
	pt.show(t, pt.Names[0], "A042")
	pause(pt.Within)
	pt.PowerCycle(pt.Names[0])
	pt.want(t, pt.Names[0], "")
	pause(pt.RepeatsWithin)
	pt.want(t, pt.Names[0], "A042")
}
