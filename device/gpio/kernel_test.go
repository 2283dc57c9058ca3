package gpio_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/gpio"
)

// simulated is where the kernel's simulator of GPIO chips is set up; it is
// there on the virtual board, and needs root.
const simulated = "/sys/kernel/config/gpio-sim"

// A kernelChip is a chip of the kernel's simulator.
type kernelChip struct {
	t     *testing.T
	root  string
	lines []string
}

const kernelLabel = "eliminacode-test"

func newKernelChip(t *testing.T, lines ...string) *kernelChip {
	t.Helper()
	if _, err := os.Stat(simulated); err != nil {
		t.Skip("this kernel has no gpio-sim; run it on the virtual board")
	}
	c := &kernelChip{t: t, root: filepath.Join(simulated, kernelLabel), lines: lines}
	bank := filepath.Join(c.root, "bank0")
	if err := os.MkdirAll(bank, 0o755); err != nil {
		t.Fatal(err)
	}
	c.put(filepath.Join(bank, "num_lines"), fmt.Sprint(len(lines)))
	c.put(filepath.Join(bank, "label"), kernelLabel)
	for i, name := range lines {
		line := filepath.Join(bank, fmt.Sprint("line", i))
		if err := os.MkdirAll(line, 0o755); err != nil {
			t.Fatal(err)
		}
		c.put(filepath.Join(line, "name"), name)
	}
	c.plug(true)
	t.Cleanup(func() { c.plug(false) })
	return c
}

func (c *kernelChip) put(path, text string) {
	c.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

func (c *kernelChip) get(path string) string {
	c.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// plug brings the chip and takes it away, with all that is open on it.
func (c *kernelChip) plug(in bool) {
	c.t.Helper()
	live := map[bool]string{true: "1", false: "0"}[in]
	if c.get(filepath.Join(c.root, "live")) != live {
		c.put(filepath.Join(c.root, "live"), live)
	}
}

// file is what the simulator shows of a line.
func (c *kernelChip) file(line, what string) string {
	c.t.Helper()
	device := c.get(filepath.Join(c.root, "dev_name"))
	chip := c.get(filepath.Join(c.root, "bank0", "chip_name"))
	for i, name := range c.lines {
		if name == line {
			return filepath.Join("/sys/devices/platform", device, chip, fmt.Sprint("sim_gpio", i), what)
		}
	}
	c.t.Fatalf("no line %s", line)
	return ""
}

// press closes a button's contact for long enough, and opens it again.
func (c *kernelChip) press(line string) {
	c.t.Helper()
	c.put(c.file(line, "pull"), "pull-down")
	time.Sleep(300 * time.Millisecond)
	c.put(c.file(line, "pull"), "pull-up")
	time.Sleep(300 * time.Millisecond)
}

// TestKernelChip drives buttons and lamps of a real kernel's lines. The chip
// goes away and comes back twice: what is open on it is lost, nothing is taken
// for a press, and it works again by itself.
func TestKernelChip(t *testing.T) {
	chip := newKernelChip(t, "BTN1", "GPIO_GCLK", "LAMP1", "LAMP2")
	if err := gpio.Init(); err != nil {
		t.Fatal(err)
	}
	on := gpio.OnChip("no such chip", kernelLabel)
	buttons, err := gpio.NewButtons(gpio.ButtonsConfig{
		Buttons: []gpio.ButtonLine{{Name: "b1", Line: "BTN1"}, {Name: "b2", Line: "GPIO4"}}, Open: on.Input,
	})
	if err != nil {
		t.Fatal(err)
	}
	lamps, err := gpio.NewLamps(gpio.LampsConfig{
		Lamps: []gpio.LampLine{{Name: "l1", Line: "LAMP1"}, {Name: "l2", Line: "LAMP2", ActiveLow: true}}, Open: on.Output,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	presses, ended := make(chan device.Press, 16), make(chan error, 2)
	go func() { ended <- buttons.Run(ctx, func(p device.Press) { presses <- p }) }()
	go func() { ended <- lamps.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for range cap(ended) {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
	becomes := func(want device.State) {
		t.Helper()
		for range 600 {
			all := append(lamps.Status(), buttons.Status())
			reached := true
			for _, s := range all {
				reached = reached && s.State == want
			}
			if reached {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("never %s: %+v, %+v", want, buttons.Status(), lamps.Status())
	}
	lit := func(line, want string) {
		t.Helper()
		time.Sleep(100 * time.Millisecond)
		if got := chip.get(chip.file(line, "value")); got != want {
			t.Errorf("line %s is %s, want %s", line, got, want)
		}
	}
	works := func() {
		t.Helper()
		becomes(device.StateReady)
		for button, line := range map[string]string{"b1": "BTN1", "b2": "GPIO_GCLK"} {
			chip.press(line)
			select {
			case p := <-presses:
				if p.Button != button {
					t.Errorf("a press of %s was reported as %+v", button, p)
				}
			case <-time.After(time.Minute):
				t.Errorf("a press of %s was not reported: %+v", button, buttons.Status())
			}
		}
		for _, light := range []device.Light{device.LightReady, device.LightOff, device.LightReady} {
			for _, lamp := range []string{"l1", "l2"} {
				if err := lamps.Show(lamp, light); err != nil {
					t.Fatal(err)
				}
			}
			high := map[bool]string{true: "1", false: "0"}
			lit("LAMP1", high[light == device.LightReady])
			lit("LAMP2", high[light != device.LightReady])
		}
	}
	works()
	for range 2 {
		chip.plug(false)
		// A lamp that nothing changes does not notice; a button does.
		if err := lamps.Show("l1", device.LightFault); err != nil {
			t.Fatal(err)
		}
		if err := lamps.Show("l2", device.LightFault); err != nil {
			t.Fatal(err)
		}
		becomes(device.StateLost)
		chip.plug(true)
		works()
	}
	if s := buttons.Status(); s.Count.Presses != 6 || s.Count.Retries != 2 || len(presses) > 0 {
		t.Errorf("after all that the buttons say %+v, and %d presses are left over", s, len(presses))
	}
}
