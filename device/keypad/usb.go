package keypad

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/lamp"
)

const (
	// readWait is the deadline of each read: how long stopping takes at the
	// most, and how often a grab that had to wait is tried again.
	readWait = time.Second
	// eventsAtOnce bounds one read.
	eventsAtOnce = 64
)

// watch opens one keypad on USB and follows it until ctx ends or it is lost.
func (k *Keypads) watch(ctx context.Context, i int, keys chan<- device.Key) (opened bool, err error) {
	source, err := k.cfg.Open(k.cfg.Keypads[i].Path)
	if err != nil {
		return false, err
	}
	k.noteGrab(i, nil)
	k.health[i].Seen(time.Now())
	err = k.follow(ctx, i, source, keys)
	// Closing gives the grab back.
	return true, errors.Join(err, source.Close())
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
	var glow sync.WaitGroup
	lit, dark := context.WithCancel(ctx)
	glow.Go(func() { k.glow(lit, i, source) })
	defer glow.Wait()
	defer dark()
	decoder := NewDecoder(k.cfg.EventBytes)
	buffer := make([]byte, eventsAtOnce*k.cfg.EventBytes)
	grabbed := false
	for {
		if !grabbed {
			var err error
			if grabbed, err = grab(source); err != nil && !elsewhere(err) {
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
	pad := k.cfg.Keypads[i]
	meaning, ok := pad.Keys[code]
	k.health[i].Seen(now)
	if !ok {
		k.cfg.Log.Debug("a key without a meaning", "device", pad.Name, "code", code)
		return
	}
	k.health[i].Count(func(c *device.Counters) { c.Presses++ })
	select {
	case keys <- device.Key{Keypad: pad.Name, Code: meaning, At: now}:
	case <-ctx.Done():
	}
}

// glow lets the keypad's own lights show what Show said, for as long as it is
// open; then they go dark. A keypad without lights is left alone.
func (k *Keypads) glow(ctx context.Context, i int, source Source) {
	defer func() {
		if err := source.Light(false); err != nil {
			k.cfg.Log.Debug("darkening a keypad", "device", k.cfg.Keypads[i].Name, "err", err)
		}
	}()
	shown := false
	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.signals[i].changed:
		case <-wake.C:
		}
		k.mu.Lock()
		on, next := k.signals[i].lamp.On(time.Now())
		k.mu.Unlock()
		if on != shown {
			if err := source.Light(on); err != nil {
				// Either it has none, or it is lost, which the read finds out.
				return
			}
			shown = on
		}
		if wake.Stop(); next != lamp.Never {
			wake.Reset(next)
		}
	}
}
