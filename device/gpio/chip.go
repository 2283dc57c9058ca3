package gpio

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
	periph "periph.io/x/conn/v3/gpio"
	"periph.io/x/host/v3/gpioioctl"

	"eliminacode/device"
)

// A Chip is a GPIO chip, by the labels that kernels give it. It opens lines;
// whether it is there at all shows only then, and again each time: a chip may
// come late, go away and come back.
type Chip struct{ labels []string }

// OnChip names a chip by its labels, such as pinctrl-bcm2711; the first one
// that is there is used. Init must have been called before lines are opened.
func OnChip(labels ...string) Chip { return Chip{labels: slices.Clone(labels)} }

// Input opens a line for a button: pulled up, both edges. The error is
// device.ErrLost with ErrNoChip, ErrNoLine, device.ErrDenied or
// device.ErrInUse in its chain.
func (c Chip) Input(line string) (Pin, error) {
	on, l, err := c.known(line)
	switch {
	case err != nil:
		return nil, err
	case l == nil:
		late, err := c.late(line, flagInput|flagActiveLow|flagPullUp|flagEdgeRising|flagEdgeFalling)
		if err != nil {
			return nil, err
		}
		return late, nil
	}
	if err := l.In(periph.PullUp, periph.BothEdges); err != nil {
		l.Close() // Or the driver waits for edges on descriptor 0.
		return nil, refused(line, err)
	}
	// The driver makes what Halt needs on the first wait, and guards it by
	// nothing.
	in := &input{line: l, on: on}
	in.WaitForEdge(time.Millisecond)
	return in, nil
}

// Output opens a line for a lamp, switched off.
func (c Chip) Output(line string, activeLow bool) (Output, error) {
	_, l, err := c.known(line)
	switch {
	case err != nil:
		return nil, err
	case l == nil:
		flags := uint64(flagOutput)
		if activeLow {
			flags |= flagActiveLow
		}
		late, err := c.late(line, flags)
		if err != nil {
			return nil, err
		}
		return late, nil
	}
	out := &output{line: l, activeLow: activeLow}
	if err := out.Set(false); err != nil {
		l.Close()
		return nil, refused(line, err)
	}
	return out, nil
}

// known finds a line among the chips that Init found and that are still the
// same; nil when none of them has the label.
func (c Chip) known(name string) (node, *gpioioctl.GPIOLine, error) {
	for _, label := range c.labels {
		for _, chip := range found() {
			if chip.Label() != label || chip.on.check() != nil {
				continue
			}
			var names []string
			for _, l := range chip.Lines() {
				names = append(names, l.Name())
			}
			i := indexOf(names, chip.Name(), name)
			if i < 0 {
				return node{}, nil, noLine(name, label)
			}
			return chip.on, chip.Lines()[i], nil
		}
	}
	return node{}, nil, nil
}

// late opens a line of a chip that came, or came back, after Init.
func (c Chip) late(name string, flags uint64) (*lateLine, error) {
	for _, label := range c.labels {
		chip, err := openByLabel(label)
		if errors.Is(err, errNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("opening GPIO line %s: %w: %w", name, device.ErrLost, c.missing())
		}
		l, err := openLine(chip, name, flags)
		chip.Close()
		switch {
		case errors.Is(err, errNotFound):
			return nil, noLine(name, label)
		case err != nil:
			return nil, refused(name, err)
		}
		return l, nil
	}
	return nil, fmt.Errorf("opening GPIO line %s: %w: %w", name, device.ErrLost, c.missing())
}

func noLine(name, label string) error {
	return fmt.Errorf("opening GPIO line %s on chip %s: %w: %w; correct the line's name in the settings",
		name, label, device.ErrLost, ErrNoLine)
}

// missing says why no chip has one of the labels.
func (c Chip) missing() error {
	var labels []string
	for _, path := range nodes() {
		if unix.Access(path, unix.R_OK) != nil {
			return fmt.Errorf("%w: %s may not be read; put the service's user in the group gpio", device.ErrDenied, path)
		}
		if label, err := labelOf(path); err == nil {
			labels = append(labels, label)
		}
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
			line, device.ErrLost, device.ErrInUse, err)
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
var errChipGone = errors.New("the GPIO chip went away; it is used again when it is back")

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

// Wake ends a wait; the driver forgets it when there is none.
func (i *input) Wake() {
	// It fails only on a file that is closed, where nobody waits.
	_ = i.line.Halt()
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
