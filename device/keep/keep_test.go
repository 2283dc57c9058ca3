package keep_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/keep"
)

// The pauses double up to the longest, and begin anew once the device was in
// use; the end of the context is no loss.
func TestUsing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		began, lost := time.Now(), 0
		var tried []time.Duration
		keep.Using(ctx, keep.Plugged, func() (bool, error) {
			tried = append(tried, time.Since(began))
			if len(tried) != 5 {
				return false, fs.ErrNotExist
			}
			keep.Sleep(ctx, time.Second)
			return true, io.EOF
		}, func(error) { lost++ })
		var want []time.Duration
		for _, ms := range []int{0, 500, 1500, 3500, 7500, 9000, 10000, 12000, 16000} {
			want = append(want, time.Duration(ms)*time.Millisecond)
		}
		if !slices.Equal(tried, want) || lost != len(want) {
			t.Errorf("tried at %v and lost %d times, want %v", tried, lost, want)
		}
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("it returned after %v, not when its context ended", took)
		}
	})
}

// A device that is lost and comes back is one line of log each, however often it
// is tried for, and one retry.
func TestHealth(t *testing.T) {
	var log bytes.Buffer
	h := keep.NewHealth("keypad", "s1", slog.New(slog.NewTextHandler(&log, nil)))
	if s := h.Status(); s.State != device.StateUnknown || s.Name != "s1" || !s.Seen.IsZero() {
		t.Errorf("at first %+v", s)
	}
	for range 3 {
		h.Lost(fmt.Errorf("opening: %w", fs.ErrPermission))
	}
	if s := h.Status(); s.State != device.StateLost || !slices.Equal(s.Faults, []device.Fault{device.FaultDenied}) || !strings.Contains(s.Detail, "opening") || !h.IsLost() {
		t.Errorf("lost: %+v", s)
	}
	at := time.Unix(1_800_000_000, 0)
	for range 3 {
		h.Seen(at)
	}
	h.Count(func(c *device.Counters) { c.Presses += 2 })
	if s := h.Status(); s.State != device.StateReady || s.Faults != nil || s.Detail != "" || !s.Seen.Equal(at) || s.Count.Retries != 1 || s.Count.Presses != 2 {
		t.Errorf("back: %+v", s)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 2 {
		t.Errorf("%d lines of log:\n%s", lines, log.String())
	}
}

func TestFaultOf(t *testing.T) {
	for err, want := range map[error]device.Fault{
		fs.ErrPermission:       device.FaultDenied,
		device.ErrDenied:       device.FaultDenied,
		syscall.EBUSY:          device.FaultInUse,
		syscall.EWOULDBLOCK:    device.FaultInUse,
		device.ErrInUse:        device.FaultInUse,
		device.ErrSilent:       device.FaultSilent,
		device.ErrNotOfKind:    device.FaultNotOfKind,
		syscall.ENOTTY:         device.FaultNotOfKind,
		os.ErrDeadlineExceeded: device.FaultWriteStuck,
		fs.ErrNotExist:         device.FaultUnplugged,
		io.EOF:                 device.FaultUnplugged,
	} {
		if got := keep.FaultOf(errors.Join(device.ErrLost, fmt.Errorf("opening: %w", err))); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
}

func TestUntilBeat(t *testing.T) {
	at := time.Date(2026, 11, 28, 8, 15, 3, 250_000_000, time.UTC)
	for every, want := range map[time.Duration]time.Duration{
		time.Second: 750 * time.Millisecond, 2 * time.Second: 750 * time.Millisecond, 5 * time.Second: 1750 * time.Millisecond,
	} {
		if got := keep.UntilBeat(at, every); got != want {
			t.Errorf("every %v: %v, want %v", every, got, want)
		}
		if got := keep.UntilBeat(at.Add(want), every); got != every {
			t.Errorf("at a beat, every %v: %v", every, got)
		}
	}
}

// A device that tells of itself: each change is one line of log and wakes whoever
// watches, the same again does neither; unknown after lost is not back.
func TestTold(t *testing.T) {
	var log bytes.Buffer
	h := keep.NewHealth("printer", "atrio", slog.New(slog.NewTextHandler(&log, nil)))
	at := time.Unix(1_800_000_000, 0)
	for _, step := range []struct {
		what    string
		do      func()
		changes bool
		says    string // of the log; empty is nothing
	}{
		{"ready at first", func() { h.Told(device.Status{Seen: at, State: device.StateReady, Detail: "COM1"}) }, true, ""},
		{"no paper", func() {
			h.Told(device.Status{Seen: at, State: device.StateStopped, Faults: []device.Fault{device.FaultPaperOut}})
		}, true, `level=WARN msg="printer status"`},
		{"still none", func() {
			h.Told(device.Status{Seen: at, State: device.StateStopped, Faults: []device.Fault{device.FaultPaperOut}})
		}, false, ""},
		{"paper", func() { h.Told(device.Status{Seen: at, State: device.StateReady, Detail: ""}) }, true, `level=INFO msg="printer status"`},
		{"lost", func() { h.Lost(io.EOF) }, true, `level=WARN msg="printer is lost"`},
		{"lost for another reason", func() { h.Lost(fs.ErrPermission) }, true, "permission"},
		{"open again", func() { h.Told(device.Status{Seen: at, State: device.StateUnknown, Detail: ""}) }, true, ""},
		{"lost again", func() { h.Lost(fs.ErrPermission) }, true, "permission"},
		{"back", func() { h.Told(device.Status{Seen: at, State: device.StateReady, Detail: ""}) }, true, `level=INFO msg="printer is back"`},
	} {
		log.Reset()
		_, newer := h.Watch()
		step.do()
		changed := false
		select {
		case <-newer:
			changed = true
		default:
		}
		if changed != step.changes || (step.says == "") != (log.Len() == 0) || !strings.Contains(log.String(), step.says) {
			t.Errorf("%s: changed %v, log %q", step.what, changed, log.String())
		}
	}
	if s := h.Status(); s.Count.Retries != 1 || h.IsLost() {
		t.Errorf("at the end %+v", s)
	}
}
