package keypad

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"eliminacode/device"
	"eliminacode/device/keep"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/serial"
)

// keysKept bounds the keys that wait for the caller; when it is full, reading
// waits and the kernel keeps what is typed.
const keysKept = 16

// A Keypad says which keypad hangs where: on USB at a path, or on the serial
// line of a port.
type Keypad struct {
	Name string // reported in keys
	// Keys are their meanings by the kernel's key code, or by the byte of a serial
	// one's key. Those that are not here mean nothing and are ignored.
	Keys map[uint16]device.KeyCode

	Path string // on USB, a stable one: a link below /dev/input/by-path

	Port     string         // on a serial line; keypads with the same one share it
	Address  int            // 0 to 255; of no meaning to protocols without one
	Protocol *keys.Protocol // one and the same for all on a port
}

// Config is what Keypads need to know.
type Config struct {
	Keypads []Keypad
	Open    func(path string) (Source, error)      // default Open
	Line    func(port string) (serial.Line, error) // opens a serial line; needed for keypads that have a port
	Log     *slog.Logger                           // default none
	// EventBytes is the size of the kernel's events; default that of this
	// machine.
	EventBytes int
}

// Keypads are the clerks' keypads, on USB and on serial lines. They implement
// device.Keypads; what they show back is Lamps and Panels.
type Keypads struct {
	cfg    Config
	ports  map[string]*port
	health []*keep.Health // as cfg.Keypads

	strangers atomic.Pointer[func(port string, said Said)]

	mu      sync.Mutex
	grabErr []error  // as cfg.Keypads: why its keys also go elsewhere
	signals []signal // as cfg.Keypads
}

// New checks the settings and makes the keypads; it opens nothing.
func New(cfg Config) (*Keypads, error) {
	cfg.EventBytes = cmp.Or(cfg.EventBytes, EventBytes)
	if cfg.Open == nil {
		cfg.Open = Open
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	k := &Keypads{
		cfg: cfg, ports: map[string]*port{},
		grabErr: make([]error, len(cfg.Keypads)), signals: make([]signal, len(cfg.Keypads)),
	}
	var faults []error
	names, places := map[string]bool{}, map[string]bool{}
	for i, pad := range cfg.Keypads {
		if names[pad.Name] || places[pad.place()] {
			faults = append(faults, fmt.Errorf("keypad %s at %s is there twice; give each a name and a place of its own", pad.Name, pad.place()))
		}
		if len(pad.Keys) == 0 {
			faults = append(faults, fmt.Errorf("keypad %s has an empty keymap; give its keys a meaning", pad.Name))
		}
		names[pad.Name], places[pad.place()] = true, true
		k.signals[i].changed = make(chan struct{}, 1)
		k.health = append(k.health, keep.NewHealth("keypad", pad.Name, cfg.Log))
		if pad.Port == "" {
			continue
		}
		if err := k.join(i); err != nil {
			faults = append(faults, fmt.Errorf("keypad %s: %w", pad.Name, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("setting up keypads: %w", err)
	}
	return k, nil
}

// Strangers has heard called for each key of a keypad on one of the lines whose address
// is none of a keypad's. It is called from the goroutine of the line and must not block.
func (k *Keypads) Strangers(heard func(port string, said Said)) { k.strangers.Store(&heard) }

// place is where a keypad hangs, for people.
func (pad Keypad) place() string {
	if pad.Port == "" {
		return pad.Path
	}
	return fmt.Sprintf("%s, address %d", pad.Port, pad.Address)
}

// join puts a keypad on its line.
func (k *Keypads) join(i int) error {
	pad := k.cfg.Keypads[i]
	if pad.Protocol == nil || k.cfg.Line == nil {
		return errors.New("a keypad on a line needs a protocol and a way to open the line")
	}
	on := k.ports[pad.Port]
	if on == nil {
		on = &port{name: pad.Port, protocol: pad.Protocol, changed: make(chan struct{}, 1)}
		k.ports[pad.Port] = on
	}
	on.members = append(on.members, i)
	// Show wakes the line and not the keypad.
	k.signals[i].changed = on.changed
	if on.protocol != pad.Protocol {
		return fmt.Errorf("it speaks another protocol than keypad %s on the same line", k.cfg.Keypads[on.members[0]].Name)
	}
	if len(on.members) > 1 && !pad.Protocol.Frame.Has("address") {
		return errors.New("its protocol has no address, so that it must be alone on its line")
	}
	return pad.Protocol.Try(pad.Address)
}

// Run reports keys until ctx ends; it then returns nil. Keypads that are not
// there are looked for and shown in Status.
func (k *Keypads) Run(ctx context.Context, key func(device.Key)) error {
	keys := make(chan device.Key, keysKept)
	var all sync.WaitGroup
	for i, pad := range k.cfg.Keypads {
		if pad.Port == "" {
			all.Go(func() {
				keep.Using(ctx, keep.Plugged, func() (bool, error) { return k.watch(ctx, i, keys) }, k.health[i].Lost)
			})
		}
	}
	for _, on := range k.ports {
		all.Go(func() { k.attend(ctx, on, keys) })
	}
	go func() { all.Wait(); close(keys) }()
	for one := range keys {
		if ctx.Err() == nil {
			key(one)
		}
	}
	return nil
}

// noteGrab notes whether a keypad's keys reach us alone.
func (k *Keypads) noteGrab(i int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil && k.grabErr[i] == nil {
		k.cfg.Log.Warn("keypad cannot be grabbed", "device", k.cfg.Keypads[i].Name, "err", err)
	}
	k.grabErr[i] = err
}

// Status has one entry for each keypad, in the order of the settings. A keypad
// that another program has grabbed is stopped: its keys do not reach us.
func (k *Keypads) Status() []device.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]device.Status, len(k.health))
	for i, h := range k.health {
		s := h.Status()
		err := k.grabErr[i]
		if s.State == device.StateReady && err != nil {
			s.State, s.Faults, s.Detail = device.StateStopped, []device.Fault{keep.FaultOf(err)}, err.Error()
		}
		place := k.cfg.Keypads[i].place()
		if s.Detail != "" {
			place += ": "
		}
		s.Detail = place + s.Detail
		all[i] = s
	}
	return all
}

var _ device.Keypads = (*Keypads)(nil)
