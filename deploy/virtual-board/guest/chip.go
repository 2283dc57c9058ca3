package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/deploy/virtual-board/wire"
)

// Chip is the board's GPIO chip: the kernel's simulator, with named lines whose
// contacts are moved through sysfs.
type Chip struct {
	mu    sync.Mutex
	lines map[string]string // path of the pull by the line's name
}

const chipConfig = "/sys/kernel/config/gpio-sim/board"

// Make makes the chip; what names the chip first and then its lines.
func (c *Chip) Make(what []string, _ *wire.None) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	bank := chipConfig + "/bank"
	if err := os.MkdirAll(bank, 0o755); err != nil {
		return err
	}
	label, lines := what[0], what[1:]
	err := errors.Join(put(bank+"/label", label), put(bank+"/num_lines", strconv.Itoa(len(lines))))
	for i, name := range lines {
		line := fmt.Sprintf("%s/line%d", bank, i)
		err = errors.Join(err, os.MkdirAll(line, 0o755), put(line+"/name", name))
	}
	if err != nil {
		return err
	}
	return c.plug(lines)
}

// plug makes the chip appear, every contact open.
func (c *Chip) plug(lines []string) error {
	if err := put(chipConfig+"/live", "1"); err != nil {
		return err
	}
	platform, err := os.ReadFile(chipConfig + "/dev_name")
	if err != nil {
		return err
	}
	name, err := os.ReadFile(chipConfig + "/bank/chip_name")
	if err != nil {
		return err
	}
	c.lines = map[string]string{}
	for i, line := range lines {
		c.lines[line] = filepath.Join("/sys/devices/platform", strings.TrimSpace(string(platform)), strings.TrimSpace(string(name)),
			fmt.Sprintf("sim_gpio%d", i), "pull")
		err = errors.Join(err, put(c.lines[line], "pull-up"))
	}
	return err
}

// Node is the path of the chip's node.
func (c *Chip) Node(_ wire.None, path *string) error {
	name, err := os.ReadFile(chipConfig + "/bank/chip_name")
	*path = "/dev/" + strings.TrimSpace(string(name))
	return err
}

// Unplug takes the chip away under whoever uses it.
func (c *Chip) Unplug(_ wire.None, _ *wire.None) error { return put(chipConfig+"/live", "0") }

// Replug brings the chip back with these lines, which it had before.
func (c *Chip) Replug(lines []string, _ *wire.None) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plug(lines)
}

// Move moves a contact and says when each step was made.
func (c *Chip) Move(m wire.Moves, at *[]int64) error {
	c.mu.Lock()
	path, ok := c.lines[m.Line]
	c.mu.Unlock()
	if !ok {
		return fmt.Errorf("the chip has no line %s", m.Line)
	}
	for _, s := range m.Steps {
		pull := "pull-up"
		if s.Closed {
			pull = "pull-down"
		}
		*at = append(*at, now())
		if err := put(path, pull); err != nil {
			return err
		}
		rest(s.Rest)
	}
	return nil
}

// rest waits; short rests are spun away, since a sleep would be too long.
func rest(d time.Duration) {
	if d >= 5*time.Millisecond {
		time.Sleep(d)
		return
	}
	for end := now() + int64(d); now() < end; {
	}
}

// put writes a kernel's setting.
func put(path, value string) error { return os.WriteFile(path, []byte(value), 0o644) }
