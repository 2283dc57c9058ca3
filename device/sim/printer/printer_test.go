package printer_test

import (
	"bytes"
	"context"
	"image/png"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	config "eliminacode/firmware-config"
)

// shipped is the device of a profile that comes with the program.
func shipped(name string) printer.Model {
	p, ok := config.Settings{}.Profile(name)
	if !ok {
		panic("no profile " + name)
	}
	return printer.ModelOf(p)
}

// reliance is a Pyramid Reliance, which no shipped profile names: like Custom's,
// with ESC i and ESC m swapped and the fixed bits of its real-time answers clear.
func reliance() printer.Model {
	m := shipped("custom-vkp80")
	m.Name, m.Maker, m.Type, m.ModelID = "pyramid-reliance", "PYRAMID", "RELIANCE", 0
	m.EscI, m.EscM, m.StrictStatusBits = printer.EdgePartial, printer.EdgeCut, false
	return m
}

// A host is a test that talks to a printer in a bubble of time.
type host struct {
	t    *testing.T
	p    *printer.Printer
	line net.Conn
}

func talk(t *testing.T, cfg printer.Config, f func(*host)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &host{t: t, p: printer.New(cfg)}
		ctx, cancel := context.WithCancel(t.Context())
		ours, theirs := net.Pipe()
		h.line = ours
		var all sync.WaitGroup
		all.Go(func() { h.p.Run(ctx) })
		all.Go(func() { h.p.Serve(ctx, theirs) })
		f(h)
		cancel()
		all.Wait()
	})
}

func (h *host) send(parts ...string) {
	h.t.Helper()
	if _, err := io.WriteString(h.line, strings.Join(parts, "")); err != nil {
		h.t.Error(err)
	}
}

// hear is what the printer says within d.
func (h *host) hear(d time.Duration) string {
	h.t.Helper()
	var got []byte
	buf := make([]byte, 64)
	h.line.SetReadDeadline(time.Now().Add(d))
	for {
		n, err := h.line.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			return string(got)
		}
	}
}

func (h *host) want(what, answer string) {
	h.t.Helper()
	if got := h.hear(time.Second); got != answer {
		h.t.Errorf("%s: heard % X instead of % X", what, got, answer)
	}
}

const (
	initialise = "\x1b@"
	cut        = "\x1dVB\x00"
	ask1       = "\x10\x04\x01"
	ask2       = "\x10\x04\x02"
	ask3       = "\x10\x04\x03"
	ask4       = "\x10\x04\x04"
	executed   = "\x1dr\x01"
	process    = "\x1d(H\x06\x0000abcd"
)

func TestStatusWhenIdle(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.send(ask1, ask2, ask3, ask4)
		h.want("real time", "\x12\x12\x12\x12")
		h.send("\x1da\x0e")
		h.want("automatic status at once", "\x10\x00\x00\x00")
		h.p.SetCoverOpen(true)
		h.want("cover", "\x38\x00\x00\x00")
		h.p.SetCoverOpen(false)
		h.want("cover closed", "\x10\x00\x00\x00")
		h.send(executed, process)
		h.want("buffered answers", "\x00\x37\x22abcd\x00")
		h.send("\x1dIB")
		h.want("maker", "\x5fELIMINACODE\x00")
	})
}

// A stopped printer answers in real time and never from the buffer.
func TestStoppedAnswersOnlyInRealTime(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.p.SetPaperOut(true)
		h.send(executed, process)
		if got := h.hear(time.Hour); got != "" {
			h.t.Errorf("a stopped printer said % X", got)
		}
		h.send(ask1, ask2, ask3, ask4)
		h.want("real time", "\x1a\x32\x12\x7e")
		h.p.SetPaperOut(false)
		h.want("after paper", "\x00\x37\x22abcd\x00")
	})
}

func TestFullStatus(t *testing.T) {
	talk(t, printer.Config{Change: func(m *printer.Model) { m.FullStatus = true }}, func(h *host) {
		h.p.SetPaperLow(true)
		h.send("\x10\x04\x14")
		h.want("full status", "\x10\x0f\x04\x00\x00\x00")
	})
}

// Print, wire and head take the time that real ones take.
func TestTakesItsTime(t *testing.T) {
	for _, speed := range []float64{1, 10} {
		talk(t, printer.Config{Baud: 9600, Change: func(m *printer.Model) { m.MMPerSecond = 100 }, Speed: speed}, func(h *host) {
			began := time.Now()
			body := strings.Repeat("x", 957)
			h.send(body, "\n")
			wire := time.Since(began)
			// The last quarter may still be in the hands of the reader.
			if want := time.Duration(958.0 / 960 / speed * float64(time.Second)); wire < want*7/10 || wire > want*11/10 {
				h.t.Errorf("wire took %v instead of %v", wire, want)
			}
			h.send("\x1bd\xff", executed) // 255 lines of 30 dots: 956 mm
			buf := make([]byte, 1)
			if _, err := io.ReadFull(h.line, buf); err != nil {
				h.t.Fatal(err)
			}
			paper := time.Since(began)
			if want := time.Duration(9.6 / speed * float64(time.Second)); paper < want || paper > want*3/2 {
				h.t.Errorf("paper took %v instead of about %v", paper, want)
			}
		})
	}
}

func TestTicketIsDrawnAndRead(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		var cuts []int
		cancel := h.p.Subscribe(func(k printer.Ticket) { cuts = append(cuts, k.Seq) })
		h.send(initialise, "\x1bt\x13\x1ba\x01", "\x1bE\x01Citt\x85\x1bE\x00\n", "\x1d!\x77A042\x1d!\x00\n",
			"\x1dB\x01 PROVA \x1dB\x00\n", "\x1bM\x015,00 \xd5\x1bM\x00\n",
			"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x07\x001P0abcd\x1d(k\x03\x001Q0",
			"\x1dv0\x00\x02\x00\x02\x00\xff\x00\x00\xff", cut, executed)
		h.want("end", "\x00")
		cancel()
		tickets := h.p.Tickets()
		if len(tickets) != 1 || !slices.Equal(cuts, []int{1}) {
			h.t.Fatalf("%d tickets, cuts %v, complaints %q", len(tickets), cuts, h.p.Complaints())
		}
		k := tickets[0]
		if k.Biggest() != "A042" {
			h.t.Errorf("biggest is %q", k.Biggest())
		}
		for _, want := range []string{"Città", "5,00 €", "[qr abcd]", "[picture picture]"} {
			if !strings.Contains(k.Text, want) {
				h.t.Errorf("%q is not in\n%s", want, k.Text)
			}
		}
		if !k.Items[0].Bold || k.Items[0].Align != printer.AlignCenter || !k.Items[2].Reverse || !k.Items[3].FontB {
			h.t.Errorf("items %+v", k.Items)
		}
		img, err := png.Decode(bytes.NewReader(k.PNG))
		if err != nil {
			h.t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != 640 || b.Dx() != k.Width || b.Dy() != k.Height {
			h.t.Errorf("picture is %v and paper %d by %d", b, k.Width, k.Height)
		}
		// The middle third of the number's line must be neither white nor black.
		dark := 0
		for y := k.Items[1].Top; y < k.Items[1].Bottom; y++ {
			for x := 224; x < 416; x++ {
				if r, _, _, _ := img.At(x, y).RGBA(); r == 0 {
					dark++
				}
			}
		}
		if dark < 5_000 || dark > 25_000 {
			h.t.Errorf("the number has %d black dots", dark)
		}
		if c := h.p.Complaints(); len(c) != 0 {
			h.t.Errorf("complaints %q", c)
		}
	})
}

func TestComplaints(t *testing.T) {
	for _, c := range []struct{ send, want string }{
		{"\x1b\x99", "unknown command 1B 99"},
		{"\x1bt\x63", "unknown code page 99"},
		{"abc\x1ba\x01\n", "alignment in the middle of a line"},
		{"\x1bJ" + ask1 + "\n", "real-time command 04 01 inside another command"},
		{"\x1dv0\x00\x03\x00\x01\x00" + ask2, "real-time command 04 02 inside another command"},
		{strings.Repeat("x", 5000), "receive buffer full"},
		{"\x01", "control character 01"},
	} {
		talk(t, printer.Config{}, func(h *host) {
			if strings.Contains(c.want, "full") {
				h.p.SetPaperOut(true)
			}
			h.send(c.send)
			time.Sleep(10 * time.Second)
			if got := strings.Join(h.p.Complaints(), "|"); !strings.Contains(got, c.want) {
				h.t.Errorf("% X: complaints %q", c.send[:min(len(c.send), 8)], got)
			}
		})
	}
}

// Switched off, a printer is silent and forgets; paper that hangs out stays.
func TestPower(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.send("\x1da\x0e")
		h.want("automatic status", "\x10\x00\x00\x00")
		h.send("first\n")
		time.Sleep(time.Second)
		h.p.SetCoverOpen(true)
		h.want("cover", "\x38\x00\x00\x00")
		h.send("forgotten\n")
		time.Sleep(time.Second)
		h.p.SetPower(false)
		h.send(ask1, "lost\n")
		h.want("off", "")
		h.p.SetCoverOpen(false)
		h.p.SetPower(true)
		h.send(ask1, "lost too\n")
		h.want("while it starts", "")
		time.Sleep(time.Second)
		h.send(ask1)
		h.want("real time", "\x12")
		h.send("second\n", cut, executed)
		h.want("end", "\x00")
		if text := h.p.Tickets()[0].Text; strings.Contains(text, "forgotten") || strings.Contains(text, "lost") ||
			!strings.Contains(text, "first") || !strings.Contains(text, "second") {
			h.t.Errorf("paper:\n%s", text)
		}
	})
}

func TestCutterJam(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.p.SetCutterJam(true)
		h.send("A042\n", cut, executed)
		h.want("stuck", "")
		h.send(ask1, ask2, ask3)
		h.want("real time", "\x1a\x52\x1a")
		if h.p.Cuts() != 0 {
			h.t.Error("a jammed knife cut")
		}
		h.p.SetCutterJam(false)
		h.want("freed", "\x00")
		if h.p.Cuts() != 1 {
			h.t.Error("the ticket was not cut")
		}
	})
}

func TestKeepsTheLast(t *testing.T) {
	talk(t, printer.Config{Keep: 3}, func(h *host) {
		for i := range 7 {
			h.send(string(rune('a'+i)), "\n", cut)
		}
		h.send(executed)
		h.hear(time.Minute)
		tickets := h.p.Tickets()
		if len(tickets) != 3 || tickets[0].Seq != 5 || tickets[2].Seq != 7 || h.p.Cuts() != 7 {
			h.t.Errorf("kept %d of %d", len(tickets), h.p.Cuts())
		}
	})
}

// No bytes make the printer panic, hang or grow, however they are cut.
func TestAnyBytes(t *testing.T) {
	pieces := []string{initialise, cut, ask1, executed, process, "\x1d(k\x03\x001Q0", "\x1d(k", "\x1dv0\x00\xff\xff\xff\xff",
		"\x1dk", "\x1bD", "\x1d!\x77", "text\n", "\x1b", "\x1d", "\x10", "\x1c", "\x1b3\x00", "\x1bJ\xff"}
	rapid.Check(t, func(rt *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 8, 16)), 0, 40).Draw(rt, "in"), "")
		talk(t, printer.Config{Speed: 1e6}, func(h *host) {
			go io.Copy(io.Discard, h.line)
			h.line.Write([]byte(in))
			synctest.Wait()
		})
	})
}

func TestPTYKeepsItsName(t *testing.T) {
	link := filepath.Join(t.TempDir(), "printer")
	pty, err := sim.OpenPTY(link)
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	if pty.Path() != link {
		t.Errorf("path is %s", pty.Path())
	}
	pty.Unplug()
	if _, err := filepath.EvalSymlinks(link); err == nil {
		t.Error("the path is there without a plug")
	}
	if err := pty.Replug(); err != nil {
		t.Fatal(err)
	}
	if _, err := filepath.EvalSymlinks(link); err != nil {
		t.Error(err)
	}
	pty.Close()
	if err := pty.Replug(); err == nil {
		t.Error("a closed port was plugged in")
	}
}
