package printer_test

import (
	"fmt"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
)

// Every cause of being off line shows in each kind of answer where the manuals
// say: DLE EOT 1 to 4, automatic status, full status, and what is left of it
// when it is over.
func TestOfflineCauses(t *testing.T) {
	for _, c := range []struct {
		name            string
		hurt, heal      func(p *printer.Printer)
		eot, asb, whole string
	}{
		{"nothing", func(*printer.Printer) {}, func(*printer.Printer) {}, "12121212", "", "100F00000000"},
		{"cover open", func(p *printer.Printer) { p.SetCoverOpen(true) }, func(p *printer.Printer) { p.SetCoverOpen(false) },
			"1A161212", "38000000", "100F00030000"},
		{"feed button", func(p *printer.Printer) { p.SetFeedButton(true) }, func(p *printer.Printer) { p.SetFeedButton(false) },
			"5A1A1212", "58020000", "100F00200000"},
		{"paper end", func(p *printer.Printer) { p.SetPaperOut(true) }, func(p *printer.Printer) { p.SetPaperOut(false) },
			"1A32127E", "18000F00", "100F05000000"},
		{"near end", func(p *printer.Printer) { p.SetPaperLow(true) }, func(p *printer.Printer) { p.SetPaperLow(false) },
			"1212121E", "10000300", "100F04000000"},
		{"head hot", func(p *printer.Printer) { p.SetHeadHot(time.Hour) }, func(p *printer.Printer) { time.Sleep(time.Hour) },
			"1A525212", "18400000", "100F00000100"},
		{"cutter jam", func(p *printer.Printer) { p.SetCutterJam(true) }, func(p *printer.Printer) { p.SetCutterJam(false) },
			"1A521A12", "18080000", "100F00000001"},
		{"paper jam", func(p *printer.Printer) { p.SetPaperJam(true) }, func(p *printer.Printer) { p.SetPaperJam(false) },
			"1A521612", "18040000", "100F00004000"},
		{"unrecoverable", func(p *printer.Printer) { p.SetUnrecoverable(true) }, func(p *printer.Printer) { p.SetUnrecoverable(false) },
			"1A523212", "18200000", "100F00000004"},
		{"voltage", func(p *printer.Printer) { p.SetVoltageFault(true) }, func(p *printer.Printer) { p.SetVoltageFault(false) },
			"1A523212", "18200000", "100F00000800"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := shipped("custom-vkp80")
			talk(t, printer.Config{Model: m}, func(h *host) {
				h.send("\x1da\xff")
				h.want("automatic status at once", "\x10\x00\x00\x00")
				h.send("A042\n\x1bd\x05")
				time.Sleep(time.Second)
				c.hurt(h.p)
				h.send("more\n\x1bi") // notices what jams
				heard := h.hear(time.Second)
				if got := fmt.Sprintf("%X", heard); got[max(0, len(got)-8):] != c.asb {
					t.Errorf("automatic status %s instead of %s", got, c.asb)
				}
				h.send(ask1, ask2, ask3, ask4, "\x10\x04\x14")
				if got := fmt.Sprintf("%X", h.hear(time.Second)); got != c.eot+maskSpooling(c.whole, h.p) {
					t.Errorf("answers %s instead of %s %s", got, c.eot, c.whole)
				}
				c.heal(h.p)
				h.hear(time.Second)
				h.send(ask1, ask2, ask3, ask4)
				h.want("healed", "\x12\x12\x12\x12")
				// Only a new roll takes the paper with it.
				if n, lost := h.p.Cuts(), len(h.p.Scraps()); n+lost != 1 || (lost == 1) != (c.name == "paper end") {
					t.Errorf("%d tickets, %d scraps", n, lost)
				}
			})
		})
	}
}

// maskSpooling adds the bit that says that received data wait, which they do
// in a printer that is stopped with a cut before it.
func maskSpooling(whole string, p *printer.Printer) string {
	if p.Cuts() == 0 && whole[10:12] != "01" {
		var user byte
		fmt.Sscanf(whole[6:8], "%02X", &user)
		return whole[:6] + fmt.Sprintf("%02X", user|0x04) + whole[8:]
	}
	return whole
}

// Off line for other reasons: starting, testing itself, a cover opened under
// moving paper, paper low where ESC c 4 makes that a stop.
func TestOfflineByItself(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.p.SetPower(false)
		h.p.SetPower(true)
		h.send(ask1)
		h.want("starting", "")
		time.Sleep(time.Second)
		h.send(ask1)
		h.want("started", "\x12")

		h.p.SelfTest()
		time.Sleep(10 * time.Millisecond)
		h.send(ask1, ask2)
		h.want("testing itself", "\x1a\x12")
		h.send(ask1)
		h.want("tested", "\x12")
		if k := h.p.Tickets(); len(k) != 1 || k[0].Items[0].Text != "SELF TEST" {
			h.t.Errorf("the sheet is %+v", k)
		}

		h.send("\x1bd\x40")
		time.Sleep(100 * time.Millisecond)
		h.p.SetCoverOpen(true)
		h.send(ask2, ask3)
		h.want("cover under moving paper", "\x56\x52")
		h.p.SetCoverOpen(false)
		h.send(ask2, ask3)
		h.want("closed", "\x12\x12")
	})
}

// Automatic status comes only for the groups that are on.
func TestAutomaticStatusGroups(t *testing.T) {
	for _, c := range []struct {
		mask            string
		low, cover, jam string
	}{
		{"\x02", "", "\x38\x00\x03\x00", "\x18\x08\x00\x00"},
		{"\x04", "", "", "\x18\x08\x00\x00"},
		{"\x08", "\x10\x00\x03\x00", "", ""},
		{"\x40", "", "", ""},
		{"\x00", "", "", ""},
	} {
		talk(t, printer.Config{}, func(h *host) {
			h.send("\x1da", c.mask)
			first := h.hear(time.Second)
			if (len(first) == 4) != (c.mask != "\x00") {
				h.t.Errorf("mask % X: at once % X", c.mask, first)
			}
			h.p.SetPaperLow(true)
			h.want("paper low", c.low)
			h.p.SetCoverOpen(true)
			h.want("cover", c.cover)
			h.p.SetPaperLow(false)
			h.p.SetCoverOpen(false)
			h.hear(time.Second)
			h.p.SetCutterJam(true)
			h.send("x\n", cut)
			h.want("jam", c.jam)
		})
	}
}

// A model without the sensor never says that paper is low, and a loose one
// leaves the fixed bits clear.
func TestSensorsAndLooseBits(t *testing.T) {
	talk(t, printer.Config{Model: shipped("custom-tg2480")}, func(h *host) {
		h.p.SetPaperLow(true)
		h.send(ask4, executed)
		h.want("no sensor", "\x12\x00")
		h.p.SetPaperOut(true)
		h.send(ask4)
		h.want("paper end without one", "\x72")
	})
	talk(t, printer.Config{Model: reliance()}, func(h *host) {
		h.p.SetPaperLow(true)
		h.send(ask4)
		h.want("near end", "\x0c")
		h.p.SetPaperOut(true)
		h.send(ask4)
		h.want("paper end", "\x6c")
	})
}

// DLE ENQ recovers from what can be recovered from, once its cause is gone, and
// is ignored at all other times.
func TestRecovery(t *testing.T) {
	for _, n := range []string{"\x01", "\x02"} {
		talk(t, printer.Config{}, func(h *host) {
			h.send("\x1bE\x01A041\n", cut, executed)
			h.want("first", "\x00")
			h.send("\x10\x05", n)
			h.p.SetCoverOpen(true)
			h.send("\x10\x05", n, ask1)
			h.want("a cover is not closed by it", "\x1a")
			h.p.SetCoverOpen(false)

			h.p.SetCutterJam(true)
			h.send("A042\n", cut, "A043\n", cut, executed)
			h.hear(5 * time.Second)
			h.send("\x10\x05", n, ask3)
			h.want("the cause is still there", "\x1a")
			h.p.Free()
			h.send(ask1, ask3)
			h.want("waits to be told", "\x3a\x1a")
			h.send("\x10\x05", n, ask1)
			if n == "\x01" {
				h.want("goes on", "\x12\x00")
				if h.p.Cuts() != 3 {
					h.t.Errorf("%d tickets", h.p.Cuts())
				}
				return
			}
			h.want("forgets the rest", "\x12")
			h.send("A044\n", cut, executed)
			h.want("new one", "\x00")
			tickets := h.p.Tickets()
			last := tickets[len(tickets)-1]
			if len(tickets) != 2 || len(last.Items) != 2 || !last.Items[1].Bold {
				h.t.Errorf("modes are lost, or paper: %+v", last.Items)
			}
		})
	}
}

// A jam that is freed leaves an error, until the host or a hand clears it.
func TestFreedPaperJam(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.send("\x1da\x04")
		h.want("at once", "\x10\x00\x00\x00")
		h.p.SetPaperJam(true)
		h.send("A042\n", cut, executed)
		h.want("jam", "\x18\x04\x00\x00")
		h.p.Free()
		h.want("freed", "\x18\x05\x00\x00")
		h.send(ask1, ask2, ask3)
		h.want("waiting", "\x3a\x52\x16")
		h.send("\x10\x05\x01")
		h.want("recovered", "\x10\x00\x00\x00\x00")
		if h.p.Cuts() != 1 {
			h.t.Error("the line that failed was not printed")
		}
	})
}
