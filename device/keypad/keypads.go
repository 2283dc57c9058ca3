package keypad

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"eliminacode/device"
)

const (
	// readWait is the deadline of each read: how long stopping takes at the
	// most, and how often a grab that had to wait is tried again.
	readWait = time.Second
	// A keypad that is not there is looked for after a wait that doubles
	// between these two; somebody who plugs one in expects it to work.
	firstRetry, lastRetry = 500 * time.Millisecond, 5 * time.Second
	// keysKept bounds the keys that wait for the caller; when it is full,
	// reading waits and the kernel keeps what is typed.
	keysKept = 16
	// eventsAtOnce bounds one read.
	eventsAtOnce = 64
)

// A Keypad says which keypad hangs where.
type Keypad struct {
	Name   string // reported in keys
	Path   string // a stable one: a link below /dev/input/by-path
	Keymap Keymap
}

// Config is what Keypads need to know.
type Config struct {
	Keypads []Keypad
	Open    func(path string) (Source, error) // default Open
	Log     *slog.Logger                      // default none
	// EventBytes is the size of the kernel's events; default that of this
	// machine.
	EventBytes int
}

// Keypads are USB keypads. They implement device.Keypads.
type Keypads struct {
	cfg Config

	mu     sync.Mutex
	health []health // as cfg.Keypads
}

// health is what is known of one keypad.
type health struct {
	open    bool
	seen    time.Time // last key, or when it was opened
	err     error     // why it is lost
	grabErr error     // why its keys also go elsewhere
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
	var faults []error
	names, paths := map[string]bool{}, map[string]bool{}
	for _, k := range cfg.Keypads {
		if names[k.Name] || paths[k.Path] {
			faults = append(faults, fmt.Errorf("keypad %s at %s is there twice; give each a name and a port of its own", k.Name, k.Path))
		}
		if len(k.Keymap.Codes) == 0 {
			faults = append(faults, fmt.Errorf("keypad %s has an empty keymap; give its keys a meaning", k.Name))
		}
		names[k.Name], paths[k.Path] = true, true
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("setting up keypads: %w", err)
	}
	return &Keypads{cfg: cfg, health: make([]health, len(cfg.Keypads))}, nil
}

// Run reports keys until ctx ends; it then returns nil. Keypads that are not
// there are looked for and shown in Status.
func (k *Keypads) Run(ctx context.Context, key func(device.Key)) error {
	keys := make(chan device.Key, keysKept)
	var all sync.WaitGroup
	for i := range k.cfg.Keypads {
		all.Go(func() { k.watch(ctx, i, keys) })
	}
	go func() { all.Wait(); close(keys) }()
	for one := range keys {
		if ctx.Err() == nil {
			key(one)
		}
	}
	return nil
}

// watch keeps one keypad open.
func (k *Keypads) watch(ctx context.Context, i int, keys chan<- device.Key) {
	wait := firstRetry
	for ctx.Err() == nil {
		source, err := k.cfg.Open(k.cfg.Keypads[i].Path)
		if err == nil {
			wait = firstRetry
			k.found(i)
			err = k.follow(ctx, i, source, keys)
			// Closing gives the grab back.
			if closeErr := source.Close(); closeErr != nil {
				k.cfg.Log.Warn("closing a keypad", "device", k.cfg.Keypads[i].Name, "err", closeErr)
			}
		}
		if err != nil {
			k.lose(i, err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
		wait = min(2*wait, lastRetry)
	}
}

// follow reports the keys of an open keypad until ctx ends (nil) or it is
// lost.
func (k *Keypads) follow(ctx context.Context, i int, source Source, keys chan<- device.Key) error {
	// A deadline in the past ends a read that is under way when ctx ends.
	stop := context.AfterFunc(ctx, func() {
		if err := source.SetReadDeadline(time.Unix(1, 0)); err != nil {
			k.cfg.Log.Debug("ending a keypad's read", "device", k.cfg.Keypads[i].Name, "err", err)
		}
	})
	defer stop()
	decoder := NewDecoder(k.cfg.EventBytes)
	buffer := make([]byte, eventsAtOnce*k.cfg.EventBytes)
	grabbed := false
	for {
		if !grabbed {
			var err error
			if grabbed, err = grab(source); err != nil && !denied(err) {
				return fmt.Errorf("grabbing keypad: %w: %w", device.ErrLost, err)
			} else {
				k.noteGrab(i, err)
			}
		}
		if err := source.SetReadDeadline(time.Now().Add(readWait)); err != nil {
			return fmt.Errorf("reading keypad: %w: %w", device.ErrLost, err)
		}
		// After the deadline is set, or the end of ctx could be overwritten.
		if ctx.Err() != nil {
			return nil
		}
		n, err := source.Read(buffer)
		decoder.Feed(buffer[:n], func(code uint16) { k.down(ctx, i, code, keys) })
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("reading keypad: %w: %w; plug it in again", device.ErrLost, err)
		}
	}
}

// grab takes the keypad once all its keys are up. A key that goes down between
// looking and taking is seen afterwards, and the keypad given back for a while.
func grab(source Source) (bool, error) {
	down, err := source.KeysDown()
	if err != nil || down {
		return false, err
	}
	if err := source.Grab(true); err != nil {
		return false, err
	}
	if down, err = source.KeysDown(); err != nil {
		return false, err
	}
	if down {
		return false, source.Grab(false)
	}
	return true, nil
}

// down hands on a key that went down, if the keymap knows it.
func (k *Keypads) down(ctx context.Context, i int, code uint16, keys chan<- device.Key) {
	now := time.Now()
	k.mu.Lock()
	k.health[i].seen = now
	k.mu.Unlock()
	pad := k.cfg.Keypads[i]
	meaning, ok := pad.Keymap.Codes[code]
	if !ok {
		k.cfg.Log.Debug("a key without a meaning", "device", pad.Name, "code", code)
		return
	}
	select {
	case keys <- device.Key{Keypad: pad.Name, Code: meaning, At: now}:
	case <-ctx.Done():
	}
}

func (k *Keypads) found(i int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.health[i].err != nil {
		k.cfg.Log.Info("keypad is back", "device", k.cfg.Keypads[i].Name)
	}
	k.health[i] = health{open: true, seen: time.Now()}
}

func (k *Keypads) lose(i int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.health[i].err == nil {
		k.cfg.Log.Warn("keypad is lost", "device", k.cfg.Keypads[i].Name, "err", err)
	}
	k.health[i] = health{seen: k.health[i].seen, err: err}
}

func (k *Keypads) noteGrab(i int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil && k.health[i].grabErr == nil {
		k.cfg.Log.Warn("keypad cannot be grabbed", "device", k.cfg.Keypads[i].Name, "err", err)
	}
	k.health[i].grabErr = err
}

// Status has one entry for each keypad, in the order of the settings. A keypad
// that another program has grabbed is stopped: its keys do not reach us.
func (k *Keypads) Status() []device.Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]device.Status, len(k.health))
	for i, h := range k.health {
		pad := k.cfg.Keypads[i]
		all[i] = device.Status{Name: pad.Name, State: device.StateReady, Seen: h.seen, Detail: pad.Path}
		switch {
		case h.err != nil:
			all[i].State, all[i].Faults = device.StateLost, []device.Fault{faultOf(h.err)}
			all[i].Detail = pad.Path + ": " + h.err.Error()
		case !h.open:
			all[i].State = device.StateUnknown
		case h.grabErr != nil:
			all[i].State, all[i].Faults = device.StateStopped, []device.Fault{faultOf(h.grabErr)}
			all[i].Detail = pad.Path + ": " + h.grabErr.Error()
		}
	}
	return all
}

var _ device.Keypads = (*Keypads)(nil)
