package keep

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"time"

	"eliminacode/device"
)

// A Health is what is known of one device. It may be used from any goroutine.
type Health struct {
	kind, name string
	log        *slog.Logger

	mu    sync.Mutex
	tried bool
	seen  time.Time
	err   error // why it is lost; nil while it is not
	count device.Counters
}

// NewHealth is of a device that was not tried yet. kind is what it is called in
// the log, such as "keypad", name its name in the settings.
func NewHealth(kind, name string, log *slog.Logger) *Health {
	return &Health{kind: kind, name: name, log: log}
}

// Seen says that the device gave a sign of life. One that was lost is back.
func (h *Health) Seen(at time.Time) {
	h.mu.Lock()
	back := h.err != nil
	h.tried, h.seen, h.err = true, at, nil
	if back {
		h.count.Retries++
	}
	h.mu.Unlock()
	if back {
		h.log.Info(h.kind+" is back", "device", h.name)
	}
}

// Lost says why the device cannot be used.
func (h *Health) Lost(err error) {
	h.mu.Lock()
	first := h.err == nil
	h.tried, h.err = true, err
	h.mu.Unlock()
	if first {
		h.log.Warn(h.kind+" is lost", "device", h.name, "err", err)
	}
}

// Count counts something that the device did.
func (h *Health) Count(what func(*device.Counters)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what(&h.count)
}

// IsLost reports whether the device was lost and has not come back.
func (h *Health) IsLost() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err != nil
}

// Status is unknown before the first sign of life, lost with the reason in its
// detail, or ready.
func (h *Health) Status() device.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := device.Status{Name: h.name, State: device.StateReady, Seen: h.seen, Count: h.count}
	switch {
	case !h.tried:
		s.State = device.StateUnknown
	case h.err != nil:
		s.State, s.Faults, s.Detail = device.StateLost, []device.Fault{FaultOf(h.err)}, h.err.Error()
	}
	return s
}

// FaultOf is the word for why a device cannot be used.
func FaultOf(err error) device.Fault {
	switch {
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
