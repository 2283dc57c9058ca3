package sim

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"eliminacode/device"
)

// keptKeys bounds what waits for a caller of Run: keys beyond it are refused to
// the hand that types them, as nobody would wait so long.
const keptKeys = 16

// Keypads are numeric keypads to be typed on from code. They implement
// device.Keypads. All methods may be called from anywhere.
type Keypads struct {
	names []string
	keys  chan device.Key

	mu      sync.Mutex
	running bool
	seen    map[string]time.Time
	lost    map[string]bool
}

// NewKeypads makes keypads of these names.
func NewKeypads(keypads ...string) *Keypads {
	return &Keypads{
		names: slices.Clone(keypads), keys: make(chan device.Key, keptKeys),
		seen: map[string]time.Time{}, lost: map[string]bool{},
	}
}

// Names are the keypads, in the order given.
func (k *Keypads) Names() []string { return slices.Clone(k.names) }

// Run reports keys until ctx ends, then returns nil.
func (k *Keypads) Run(ctx context.Context, key func(device.Key)) error {
	k.mu.Lock()
	k.running = true
	for _, name := range k.names {
		k.seen[name] = time.Now()
	}
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.running = false
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case one := <-k.keys:
			key(one)
		}
	}
}

// Press types a key. The error says why nothing came of it.
func (k *Keypads) Press(keypad string, code device.KeyCode) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !slices.Contains(k.names, keypad):
		return fmt.Errorf("typing on %q: there is no such keypad; there are %v", keypad, k.names)
	case !k.running:
		return fmt.Errorf("typing on %q: nobody listens; start Run first", keypad)
	case k.lost[keypad]:
		return fmt.Errorf("typing on %q: %w; plug it in again", keypad, device.ErrLost)
	}
	now := time.Now()
	k.seen[keypad] = now
	select {
	case k.keys <- device.Key{Keypad: keypad, Code: code, At: now}:
		return nil
	default:
		return fmt.Errorf("typing on %q: %d keys wait already; let the listener catch up", keypad, keptKeys)
	}
}

// Unplug takes a keypad away.
func (k *Keypads) Unplug(keypad string) { k.plug(keypad, true) }

// Replug brings a keypad back.
func (k *Keypads) Replug(keypad string) { k.plug(keypad, false) }

func (k *Keypads) plug(keypad string, lost bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lost[keypad] = lost
}

// Status has one entry for each keypad, in the order given.
func (k *Keypads) Status() []device.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]device.Status, len(k.names))
	for i, name := range k.names {
		all[i] = device.Status{Name: name, State: device.StateReady, Seen: k.seen[name]}
		switch {
		case all[i].Seen.IsZero():
			all[i].State = device.StateUnknown
		case k.lost[name]:
			all[i].State, all[i].Faults = device.StateLost, []device.Fault{device.FaultUnplugged}
		}
	}
	return all
}

// An InputDevice is a keyboard as the kernel's evdev shows it: event bytes to
// read, a grab, and a plug to pull. Its Open gives sources for the real driver
// of device/keypad. All methods may be called from anywhere.
type InputDevice struct {
	eventBytes int

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever anything below changes
	present bool
	down    map[uint16]bool
	console []uint16     // keys that went down while nobody had grabbed it
	open    *InputSource // nil: closed
	foreign bool         // another program has grabbed it
	noLight bool         // it has no lights of its own
	flashes []bool       // each switch of its lights
}

// NewInputDevice makes a keyboard that is plugged in, with events of so many
// bytes: 24 as on 64-bit machines or 16 as on 32-bit ones.
func NewInputDevice(eventBytes int) *InputDevice {
	return &InputDevice{eventBytes: eventBytes, changed: make(chan struct{}), present: true, down: map[uint16]bool{}}
}

// change runs f and wakes readers.
func (d *InputDevice) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
	close(d.changed)
	d.changed = make(chan struct{})
}

// Open opens the keyboard. It fails as the kernel does when it is not there.
func (d *InputDevice) Open() (*InputSource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.present {
		return nil, fmt.Errorf("opening simulated keypad: %w: %w", device.ErrLost, fs.ErrNotExist)
	}
	d.open = &InputSource{device: d}
	return d.open, nil
}

// Key moves a key: 1 down, 0 up, 2 autorepeat, as the kernel writes them,
// each with its SYN_REPORT.
func (d *InputDevice) Key(code uint16, value int32) {
	d.change(func() {
		switch value {
		case 0:
			delete(d.down, code)
		case 1:
			d.down[code] = true
		}
		if !d.present || d.foreign {
			return
		}
		if d.open != nil {
			d.open.unread = append(d.open.unread, d.event(1, code, value)...)
			d.open.unread = append(d.open.unread, d.event(0, 0, 0)...)
		}
		if value == 1 && (d.open == nil || !d.open.grabbed) {
			d.console = append(d.console, code)
		}
	})
}

// event is one struct input_event. Its time is left at zero.
func (d *InputDevice) event(kind, code uint16, value int32) []byte {
	e := make([]byte, d.eventBytes-8, d.eventBytes)
	e = binary.LittleEndian.AppendUint16(e, kind)
	e = binary.LittleEndian.AppendUint16(e, code)
	return binary.LittleEndian.AppendUint32(e, uint32(value))
}

// Overflow makes the reader's queue overflow: it loses what it has not read
// and learns SYN_DROPPED, followed by the tail of a report.
func (d *InputDevice) Overflow(tail uint16) {
	d.change(func() {
		if d.open != nil {
			d.open.unread = slices.Concat(d.event(0, 3, 0), d.event(1, tail, 1), d.event(0, 0, 0))
		}
	})
}

// Unplug takes the keyboard away: reads end with ENODEV and nothing is down.
func (d *InputDevice) Unplug() {
	d.change(func() { d.present, d.down, d.flashes = false, map[uint16]bool{}, append(d.flashes, false) })
}

// Replug brings the keyboard back.
func (d *InputDevice) Replug() { d.change(func() { d.present = true }) }

// TakeElsewhere lets another program grab the keyboard, or give it back.
func (d *InputDevice) TakeElsewhere(take bool) { d.change(func() { d.foreign = take }) }

// WithoutLights takes the keyboard's lights away.
func (d *InputDevice) WithoutLights() { d.change(func() { d.noLight = true }) }

// Lit says whether its lights are on, and how often they went on so far.
func (d *InputDevice) Lit() (on bool, flashes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, on = range d.flashes {
		if on {
			flashes++
		}
	}
	return on, flashes
}

// Console is what somebody else could read along: the keys that went down
// while the keyboard was not grabbed.
func (d *InputDevice) Console() []uint16 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.console)
}

// An InputSource is an open InputDevice. It fits the source of device/keypad.
type InputSource struct {
	device *InputDevice
	// All below is guarded by device.mu.
	unread   []byte
	deadline time.Time
	grabbed  bool
	closed   bool
}

// Read gives event bytes, waiting until there are some.
func (s *InputSource) Read(p []byte) (int, error) {
	for {
		s.device.mu.Lock()
		changed, deadline := s.device.changed, s.deadline
		switch {
		case s.closed:
			s.device.mu.Unlock()
			return 0, os.ErrClosed
		case !s.device.present || s.device.open != s:
			s.device.mu.Unlock()
			return 0, syscall.ENODEV
		case len(s.unread) > 0:
			n := copy(p, s.unread)
			s.unread = s.unread[n:]
			s.device.mu.Unlock()
			return n, nil
		}
		s.device.mu.Unlock()
		left := time.Until(deadline)
		if left <= 0 && !deadline.IsZero() {
			return 0, os.ErrDeadlineExceeded
		}
		if deadline.IsZero() {
			<-changed
			continue
		}
		t := time.NewTimer(left)
		select {
		case <-changed:
		case <-t.C:
		}
		t.Stop()
	}
}

// SetReadDeadline ends reads at t.
func (s *InputSource) SetReadDeadline(t time.Time) error {
	s.device.change(func() { s.deadline = t })
	return nil
}

// KeysDown says whether any key is down.
func (s *InputSource) KeysDown() (bool, error) {
	s.device.mu.Lock()
	defer s.device.mu.Unlock()
	if !s.device.present {
		return false, syscall.ENODEV
	}
	return len(s.device.down) > 0, nil
}

// Grab takes the keyboard, or gives it back.
func (s *InputSource) Grab(take bool) error {
	s.device.mu.Lock()
	defer s.device.mu.Unlock()
	switch {
	case !s.device.present:
		return syscall.ENODEV
	case s.device.foreign && take:
		return syscall.EBUSY
	}
	s.grabbed = take
	return nil
}

// Light switches the keyboard's lights.
func (s *InputSource) Light(on bool) error {
	s.device.mu.Lock()
	defer s.device.mu.Unlock()
	switch {
	case !s.device.present || s.closed:
		return syscall.ENODEV
	case s.device.noLight:
		return errors.ErrUnsupported
	}
	s.device.flashes = append(s.device.flashes, on)
	return nil
}

// Close closes the keyboard and gives the grab back.
func (s *InputSource) Close() error {
	s.device.change(func() {
		s.closed, s.grabbed = true, false
		if s.device.open == s {
			s.device.open = nil
		}
	})
	return nil
}

var _ device.Keypads = (*Keypads)(nil)
