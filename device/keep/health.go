package keep

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"eliminacode/device"
)

// A Health is what is known of one device. It may be used from any goroutine.
type Health struct {
	kind string
	log  *slog.Logger

	mu    sync.Mutex
	now   device.Status
	newer chan struct{}
	lost  bool // and has not come back
}

// NewHealth is of a device that was not tried yet. kind is what it is called in
// the log, such as "keypad", name its name in the settings.
func NewHealth(kind, name string, log *slog.Logger) *Health {
	return &Health{
		kind: kind, log: log,
		now: device.Status{Name: name, State: device.StateUnknown}, newer: make(chan struct{}),
	}
}

// Seen says that the device gave a sign of life, and works as far as that shows.
func (h *Health) Seen(at time.Time) { h.Told(device.Status{Seen: at, State: device.StateReady}) }

// Told says what a device tells of itself, in all of a status but its name and
// counters. One that was lost is back when anything but StateUnknown is told of it.
func (h *Health) Told(s device.Status) {
	h.mu.Lock()
	back, known := h.lost && s.State != device.StateUnknown, h.now.State != device.StateUnknown
	if back {
		h.lost = false
		h.now.Count.Retries++
	}
	h.now.Seen = s.Seen
	other := h.set(s)
	h.mu.Unlock()
	level := slog.LevelInfo
	if s.State != device.StateReady {
		level = slog.LevelWarn // somebody has to see to it
	}
	switch {
	case back:
		h.say(level, " is back", "state", string(s.State), "faults", s.Faults)
	case other && s.State != device.StateUnknown && (known || s.State != device.StateReady):
		h.say(level, " status", "state", string(s.State), "faults", s.Faults)
	}
}

// Lost says why the device cannot be used.
func (h *Health) Lost(err error) {
	h.mu.Lock()
	h.lost = true
	other := h.set(device.Status{State: device.StateLost, Faults: []device.Fault{FaultOf(err)}, Detail: err.Error()})
	h.mu.Unlock()
	if other {
		h.say(slog.LevelWarn, " is lost", "err", err)
	}
}

// set changes the status and tells whoever watches, when its state or its faults
// are others.
func (h *Health) set(s device.Status) (other bool) {
	other = h.now.State != s.State || !slices.Equal(h.now.Faults, s.Faults)
	h.now.State, h.now.Faults, h.now.Detail, h.now.Rung = s.State, s.Faults, s.Detail, s.Rung
	if other {
		close(h.newer)
		h.newer = make(chan struct{})
	}
	return other
}

func (h *Health) say(level slog.Level, what string, more ...any) {
	h.log.Log(context.Background(), level, h.kind+what, append([]any{"device", h.now.Name}, more...)...)
}

// Count counts something that the device did.
func (h *Health) Count(what func(*device.Counters)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what(&h.now.Count)
}

// IsLost reports whether the device was lost and has not come back.
func (h *Health) IsLost() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lost
}

// Status is unknown before the first sign of life, lost with the reason in its
// detail, or what was told.
func (h *Health) Status() device.Status {
	s, _ := h.Watch()
	return s
}

// Watch is Status and a channel that is closed when State or Faults are others.
func (h *Health) Watch() (device.Status, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.now
	s.Faults = slices.Clone(s.Faults)
	return s, h.newer
}

// FaultOf is the word for why a device cannot be used. An error with a method
// Fault says it itself.
func FaultOf(err error) device.Fault {
	var named interface{ Fault() device.Fault }
	switch {
	case errors.As(err, &named):
		return named.Fault()
	case errors.Is(err, device.ErrSilent):
		return device.FaultSilent
	case errors.Is(err, device.ErrNotOfKind), errors.Is(err, syscall.ENOTTY):
		return device.FaultNotOfKind
	case errors.Is(err, os.ErrDeadlineExceeded):
		return device.FaultWriteStuck
	case errors.Is(err, device.ErrDenied), errors.Is(err, fs.ErrPermission):
		return device.FaultDenied
	case errors.Is(err, device.ErrInUse), errors.Is(err, syscall.EBUSY), errors.Is(err, syscall.EWOULDBLOCK):
		return device.FaultInUse
	default:
		return device.FaultUnplugged
	}
}
