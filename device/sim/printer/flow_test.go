package printer_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
)

// buffer makes a printer of so many bytes, and a slow one.
func buffer(size int) func(*printer.Model) {
	return func(m *printer.Model) { m.BufferBytes, m.MMPerSecond = size, 30 }
}

// The buffer makes the printer busy when 128 bytes are free and ready again at
// 256; in the 45-byte mode at 16 and 26.
func TestBusyThresholds(t *testing.T) {
	for _, c := range []struct{ size, busyAt, readyAt int }{{4096, 128, 256}, {45, 16, 26}} {
		talk(t, printer.Config{Change: buffer(c.size), BusyOnlyWhenFull: true}, func(h *host) {
			var mu sync.Mutex
			var changes []bool
			h.p.OnBusy(func(busy bool) { mu.Lock(); changes = append(changes, busy); mu.Unlock() })
			h.p.SetCoverOpen(true)
			h.send(strings.Repeat("\n", c.size-c.busyAt-1))
			time.Sleep(time.Second)
			if h.p.Busy() {
				h.t.Errorf("busy with %d free", c.busyAt+1)
			}
			h.send("\n")
			time.Sleep(time.Second)
			if !h.p.Busy() {
				h.t.Errorf("not busy with %d free", c.busyAt)
			}
			h.p.SetCoverOpen(false)
			// A line is 30 dots: an eighth of a second at this speed.
			time.Sleep(time.Duration(c.readyAt-c.busyAt)*125*time.Millisecond - 60*time.Millisecond)
			if !h.p.Busy() {
				h.t.Errorf("ready with less than %d free", c.readyAt)
			}
			time.Sleep(time.Second)
			if h.p.Busy() {
				h.t.Errorf("still busy with %d free", c.readyAt)
			}
			mu.Lock()
			defer mu.Unlock()
			if len(changes) != 2 || !changes[0] || changes[1] {
				h.t.Errorf("the line changed %v", changes)
			}
		})
	}
}

// The head takes what comes while it is idle, so that a command may be longer
// than the whole buffer; only a stopped or working one lets bytes wait.
func TestLongCommandThroughShortBuffer(t *testing.T) {
	talk(t, printer.Config{Change: buffer(45), HoldLine: true}, func(h *host) {
		h.send("\x1d(k\x67\x001P0", strings.Repeat("https://x/", 10), "\x1d(k\x03\x001Q0", "\x1dv0\x00\x48\x00\x40\x00", strings.Repeat("\xaa", 72*64))
		time.Sleep(5 * time.Second)
		h.send(cut, executed)
		h.want("end", "\x00")
		if c := h.p.Complaints(); len(c) != 0 || h.p.Tickets()[0].QR() != strings.Repeat("https://x/", 10) {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// What comes into a full buffer is dropped without a word, but a question in
// real time is answered.
func TestFullBuffer(t *testing.T) {
	talk(t, printer.Config{Change: buffer(45)}, func(h *host) {
		h.p.SetPaperOut(true)
		h.send(strings.Repeat("x", 45), "lost", ask2)
		h.want("full", "\x32")
		h.p.SetPaperOut(false)
		time.Sleep(time.Second)
		h.send("\n", cut, executed)
		h.want("end", "\x00")
		if text := h.p.Tickets()[0].Items[0].Text; text != strings.Repeat("x", 45) {
			h.t.Errorf("on paper is %q", text)
		}
		if c := h.p.Complaints(); len(c) != 4 || !strings.Contains(c[0], "buffer full") {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// XOFF and XON follow the busy line: when it is full, and with the switch OFF
// also when it is off line; never twice, and again when it is switched on.
func TestXonXoff(t *testing.T) {
	talk(t, printer.Config{XonXoff: true, Change: buffer(512)}, func(h *host) {
		h.send(ask1)
		h.want("on line", "\x12")
		h.p.SetCoverOpen(true)
		h.want("off line", "\x13")
		h.p.SetPaperOut(true)
		h.send(strings.Repeat("x", 500), ask1)
		h.want("full as well: nothing more", "\x1a")
		h.p.SetPaperOut(false)
		h.want("still off line", "")
		h.p.SetCoverOpen(false)
		h.want("ready", "\x11")
		h.p.SetPower(false)
		h.want("off", "")
		h.p.SetPower(true)
		h.want("starting", "")
		h.want("started", "\x11")
	})
	talk(t, printer.Config{XonXoff: true, Change: buffer(512), BusyOnlyWhenFull: true}, func(h *host) {
		h.send(ask1)
		h.want("on line", "\x12")
		h.p.SetCoverOpen(true)
		h.want("only automatic status tells of it", "\x38\x00\x00\x00")
		h.send(strings.Repeat("x", 400))
		h.want("full", "\x13")
		h.p.SetCoverOpen(false)
		h.want("ready", "\x10\x00\x00\x00\x11")
	})
}

// A line that is held takes nothing while the printer is busy: with the switch
// OFF not even the question why.
func TestHeldLine(t *testing.T) {
	talk(t, printer.Config{HoldLine: true, Change: buffer(512), BusyOnlyWhenFull: true}, func(h *host) {
		h.send(ask1)
		h.want("on line", "\x12")
		h.p.SetCoverOpen(true)
		h.hear(time.Second)
		h.line.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := h.line.Write(bytes.Repeat([]byte("x"), 4000))
		if err == nil || n < 300 || n > 1000 {
			h.t.Errorf("a held line took %d, %v", n, err)
		}
		if c := h.p.Complaints(); len(c) != 0 {
			h.t.Errorf("complaints %q", c)
		}
	})
	talk(t, printer.Config{HoldLine: true}, func(h *host) {
		h.send(ask1)
		h.want("on line", "\x12")
		h.p.SetCoverOpen(true)
		h.send(ask2) // waits at the near end of the line
		h.want("not even the question why", "")
		h.p.SetCoverOpen(false)
		h.want("open again", "\x12")
	})
}

// 258 bytes take 269 ms at 9600 baud, 67 at 38400.
func TestWireTime(t *testing.T) {
	for _, c := range []struct {
		baud int
		want time.Duration
	}{{9600, 268750 * time.Microsecond}, {38400, 67187 * time.Microsecond}} {
		var arrived time.Duration
		talk(t, printer.Config{Baud: c.baud}, func(h *host) {
			began := time.Now()
			h.p.AfterBytes(258, func() { arrived = time.Since(began) })
			h.send(strings.Repeat("\r", 258))
			time.Sleep(time.Second)
		})
		if off := arrived - c.want; off < -2*time.Millisecond || off > 2*time.Millisecond {
			t.Errorf("258 bytes at %d baud took %v instead of %v", c.baud, arrived, c.want)
		}
	}
}
