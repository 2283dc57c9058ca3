package gpio

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
	periph "periph.io/x/conn/v3/gpio"
	"periph.io/x/host/v3/gpioioctl"

	"eliminacode/device"
)

// A Chip is a GPIO chip, by the labels that kernels give it. It opens lines;
// whether it is there at all shows only then.
type Chip struct{ labels []string }

// OnChip names a chip by its labels, such as pinctrl-bcm2711; the first one
// that is there is used. Init must have been called before lines are opened.
func OnChip(labels ...string) Chip { return Chip{labels: slices.Clone(labels)} }

// Input opens a line for a button: pulled up, both edges. The error is
// device.ErrLost with ErrNoChip, ErrNoLine or ErrDenied in its chain.
func (c Chip) Input(line string) (Pin, error) {
	on, l, err := c.line(line)
	if err != nil {
		return nil, err
	}
	if err := l.In(periph.PullUp, periph.BothEdges); err != nil {
		l.Close() // Or the driver waits for edges on descriptor 0.
		return nil, refused(line, err)
	}
	return &input{line: l, on: on}, nil
}

// Output opens a line for a lamp, switched off.
func (c Chip) Output(line string, activeLow bool) (Output, error) {
	_, l, err := c.line(line)
	if err != nil {
		return nil, err
	}
	out := &output{line: l, activeLow: activeLow}
	if err := out.Set(false); err != nil {
		l.Close()
		return nil, refused(line, err)
	}
	return out, nil
}

// line finds the line and its chip's node.
func (c Chip) line(name string) (node, *gpioioctl.GPIOLine, error) {
	for _, label := range c.labels {
		for _, chip := range found() {
			if chip.Label() != label {
				continue
			}
			on, err := nodeAt(chip.Path())
			if err != nil {
				return node{}, nil, fmt.Errorf("opening GPIO line %s: chip %s went away: %w; restart the service when it is back: %w",
					name, label, device.ErrLost, err)
			}
			// The driver puts the chip's name before a line's name that
			// another chip has too.
			for _, l := range chip.Lines() {
				if l.Name() == name || l.Name() == chip.Name()+"-"+name {
					return on, l, nil
				}
			}
			return node{}, nil, fmt.Errorf("opening GPIO line %s on chip %s: %w: %w; correct the line's name in the settings",
				name, label, device.ErrLost, ErrNoLine)
		}
	}
	return node{}, nil, fmt.Errorf("opening GPIO line %s: %w: %w", name, device.ErrLost, c.missing())
}

// missing says why no chip has one of the labels.
func (c Chip) missing() error {
	nodes, err := filepath.Glob("/dev/gpiochip*")
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if unix.Access(n, unix.R_OK) != nil {
			return fmt.Errorf("%w: %s may not be read; put the service's user in the group gpio", ErrDenied, n)
		}
	}
	var labels []string
	for _, chip := range found() {
		labels = append(labels, chip.Label())
	}
	if len(labels) == 0 {
		return fmt.Errorf("%w: this machine has none; set [board] in the settings to the board that is used", ErrNoChip)
	}
	return fmt.Errorf("%w with label %s; this board has: %s", ErrNoChip, strings.Join(c.labels, " or "), strings.Join(labels, ", "))
}

// refused explains a line that is there but cannot be had. The driver hands
// the kernel's answer on as text only.
func refused(line string, err error) error {
	if strings.Contains(err.Error(), unix.EBUSY.Error()) {
		return fmt.Errorf("opening GPIO line %s: %w: %w: another program or overlay uses it; give the button another line or stop the other: %w",
			line, device.ErrLost, ErrDenied, err)
	}
	return fmt.Errorf("opening GPIO line %s: %w: %w", line, device.ErrLost, err)
}

// A node is the file of a chip, as it was when a line was opened. A chip that
// vanished and came back has another one, and the old line is dead.
type node struct {
	path string
	info os.FileInfo
}

func nodeAt(path string) (node, error) {
	info, err := os.Stat(path)
	return node{path: path, info: info}, err
}

// errChipGone: see node.
var errChipGone = errors.New("the GPIO chip went away; restart the service when it is back")

func (n node) check() error {
	now, err := os.Stat(n.path)
	if err != nil || !os.SameFile(now, n.info) {
		return fmt.Errorf("reading a GPIO line: %w: %w", device.ErrLost, errChipGone)
	}
	return nil
}

// input is an open line with a button.
type input struct {
	line *gpioioctl.GPIOLine
	on   node
}

// Closed reads the level. A vanished chip reads low as well, so that low is
// believed only after looking for the chip.
func (i *input) Closed() (bool, error) {
	if i.line.Read() == periph.High {
		return false, nil
	}
	if err := i.on.check(); err != nil {
		return false, err
	}
	return true, nil
}

func (i *input) WaitForEdge(timeout time.Duration) bool {
	// Zero would wait for ever and less would not wait at all.
	return i.line.WaitForEdge(max(timeout, time.Millisecond))
}

func (i *input) Close() error {
	i.line.Close()
	return nil
}

// output is an open line with a lamp.
type output struct {
	line      *gpioioctl.GPIOLine
	activeLow bool
}

func (o *output) Set(on bool) error {
	if err := o.line.Out(periph.Level(on != o.activeLow)); err != nil {
		return fmt.Errorf("setting GPIO line %s: %w", o.line.Name(), err)
	}
	return nil
}

func (o *output) Close() error {
	o.line.Close()
	return nil
}
