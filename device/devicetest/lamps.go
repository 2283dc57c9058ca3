package devicetest

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
)

// A LampsBench is lamps under test and the eyes that see them.
type LampsBench struct {
	Lamps device.Lamps
	Names []string // at least two
	// Lit tells whether people see a lamp lit now.
	Lit func(lamp string) bool
}

// TestLamps is the contract of device.Lamps: what each light looks like, so that
// it can be told from the others without its colour. It runs each test in a
// bubble of testing/synctest; open is called inside it.
func TestLamps(t *testing.T, open func(t *testing.T) LampsBench) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *lampsTest)
	}{
		{"lights that last", testLastingLights},
		{"lights that pass", testPassingLights},
		{"an unknown lamp", testUnknownLamp},
		{"dark at the end", func(t *testing.T, lt *lampsTest) { lt.show(t, device.LightReady) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lt := &lampsTest{open(t)}
				whileRunning(t, lt.Lamps.Run, func() {
					synctest.Wait()
					test.run(t, lt)
				})
				if lt.Lit(lt.Names[0]) {
					t.Error("a lamp is lit though nobody keeps it true any more")
				}
			})
		})
	}
}

type lampsTest struct{ LampsBench }

func (lt *lampsTest) show(t *testing.T, light device.Light) {
	t.Helper()
	if err := lt.Lamps.Show(lt.Names[0], light); err != nil {
		t.Fatalf("showing %d: %v", light, err)
	}
	synctest.Wait()
}

// looks are what an eye sees in a while: how often the lamp changes, and
// whether it is lit at the end.
func (lt *lampsTest) looks(lamp string, d time.Duration) (changes int, lit bool) {
	const glance = 5 * time.Millisecond
	lit = lt.Lit(lamp)
	for range d / glance {
		pause(glance)
		if now := lt.Lit(lamp); now != lit {
			lit = now
			changes++
		}
	}
	return changes, lit
}

func testLastingLights(t *testing.T, lt *lampsTest) {
	const span = 4 * time.Second
	changes := map[device.Light]int{}
	for _, light := range []device.Light{device.LightReady, device.LightBusy, device.LightFault, device.LightOff} {
		lt.show(t, light)
		n, lit := lt.looks(lt.Names[0], span)
		changes[light] = n
		switch light {
		case device.LightReady:
			if n != 0 || !lit {
				t.Errorf("ready changes %d times, lit %v; it is steady", n, lit)
			}
		case device.LightOff:
			if n != 0 || lit {
				t.Errorf("off changes %d times, lit %v; it is dark", n, lit)
			}
		}
		if lt.Lit(lt.Names[1]) {
			t.Errorf("light %d shows on another lamp too", light)
		}
	}
	if busy, fault := changes[device.LightBusy], changes[device.LightFault]; busy < 4 || fault < 2*busy {
		t.Errorf("in %v busy changes %d times and a fault %d times; trouble is plainly quicker", span, busy, fault)
	}
}

func testPassingLights(t *testing.T, lt *lampsTest) {
	for _, base := range []device.Light{device.LightOff, device.LightReady} {
		lt.show(t, base)
		_, lit := lt.looks(lt.Names[0], time.Second)
		pulses := map[device.Light]int{}
		for _, light := range []device.Light{device.LightBeep, device.LightError} {
			lt.show(t, light)
			begun := lt.Lit(lt.Names[0]) != lit
			n, after := lt.looks(lt.Names[0], 2*time.Second)
			if after != lit {
				t.Errorf("after light %d over %d the lamp is lit: %v", light, base, after)
			}
			pulses[light] = n
			if begun {
				pulses[light]++
			}
		}
		if done, refused := pulses[device.LightBeep], pulses[device.LightError]; done < 2 || refused <= done {
			t.Errorf("over %d a beep changes the lamp %d times and a refusal %d times; both are seen and differ", base, done, refused)
		}
	}
}

func testUnknownLamp(t *testing.T, lt *lampsTest) {
	if err := lt.Lamps.Show("nessuno", device.LightReady); !errors.Is(err, device.ErrNoLamp) {
		t.Errorf("an unknown lamp answers %v", err)
	}
}
