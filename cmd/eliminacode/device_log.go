package main

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// What is kept of the log of devices.
const (
	logKept    = 12  // lines of each device
	logDevices = 256 // devices
	logLine    = 400 // bytes of a line
)

// deviceLog keeps the last lines of log of each device, for the technician's page.
// Its methods may be called from any goroutine.
type deviceLog struct {
	mu    sync.Mutex
	lines map[string][]string
}

// over is a handler that keeps what passes it.
func (l *deviceLog) over(h slog.Handler) slog.Handler { return keptLog{h, l, nil} }

// of are the last lines of a device, oldest first.
func (l *deviceLog) of(device string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[device])
}

func (l *deviceLog) add(device, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines == nil {
		l.lines = map[string][]string{}
	}
	all, known := l.lines[device]
	if !known && len(l.lines) >= logDevices {
		return
	}
	if len(line) > logLine {
		line = strings.ToValidUTF8(line[:logLine], "") + "..."
	}
	all = append(all, line)
	l.lines[device] = all[max(len(all)-logKept, 0):]
}

// A keptLog hands on what it keeps.
type keptLog struct {
	slog.Handler
	log  *deviceLog
	with []slog.Attr
}

// Handle implements slog.Handler.
func (k keptLog) Handle(ctx context.Context, r slog.Record) error {
	device := ""
	find := func(a slog.Attr) bool {
		if a.Key == "device" {
			device = a.Value.String()
		}
		return device == ""
	}
	for _, a := range k.with {
		find(a)
	}
	r.Attrs(find)
	if device != "" {
		var line bytes.Buffer
		text := slog.NewTextHandler(&line, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "device" {
				return slog.Attr{}
			}
			return a
		}})
		if text.WithAttrs(k.with).Handle(ctx, r) == nil {
			k.log.add(device, strings.TrimSpace(line.String()))
		}
	}
	return k.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (k keptLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return keptLog{k.Handler.WithAttrs(attrs), k.log, append(slices.Clone(k.with), attrs...)}
}

// WithGroup implements slog.Handler.
func (k keptLog) WithGroup(name string) slog.Handler {
	return keptLog{k.Handler.WithGroup(name), k.log, k.with}
}
