package printer_test

import (
	"image/png"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
)

func (h *host) texts() (tickets, scraps []string) {
	for _, k := range h.p.Tickets() {
		tickets = append(tickets, strings.TrimSpace(k.Text))
	}
	for _, k := range h.p.Scraps() {
		scraps = append(scraps, strings.TrimSpace(k.Text))
	}
	return tickets, scraps
}

func (h *host) wantTexts(tickets, scraps string) {
	h.t.Helper()
	k, s := h.texts()
	if got := strings.Join(k, "|"); got != tickets {
		h.t.Errorf("tickets %q instead of %q", got, tickets)
	}
	if got := strings.Join(s, "|"); got != scraps {
		h.t.Errorf("scraps %q instead of %q", got, scraps)
	}
}

// Where the paper ends in the middle, the ticket comes out in two pieces: the
// first falls out with the old roll, and the rest of the buffer goes on the new.
func TestPaperEndsInTheMiddle(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.p.PaperOutAfter(24)
		h.send("one\n\x1bJ\x80two\n\x1bJ\x80three\nfour\n", cut, executed)
		h.want("stuck", "")
		h.send(ask4)
		h.want("says why", "\x7e")
		h.p.SetPaperOut(false)
		h.want("goes on", "\x00")
		h.wantTexts("three\nfour", "one\n\n\n\ntwo")
		rest, first := h.p.Tickets()[0], h.p.Scraps()[0]
		if first.Complete() || rest.Complete() || first.Bottom != printer.EdgeRoll || rest.Top != printer.EdgeRoll {
			h.t.Errorf("edges %s and %s, complete %v and %v", first.Bottom, rest.Top, first.Complete(), rest.Complete())
		}
		h.send("next\n", cut, executed)
		h.want("next", "\x00")
		if k := h.p.Tickets()[1]; !k.Complete() || k.Top != printer.EdgePartial {
			h.t.Errorf("the next ticket: complete %v, top %s", k.Complete(), k.Top)
		}
	})
}

// A new roll between two tickets breaks none.
func TestNewRollBetweenTickets(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		for range 2 {
			h.send("whole\n", cut, executed)
			h.want("end", "\x00")
			h.p.SetPaperOut(true)
			h.p.SetPaperOut(false)
		}
		h.wantTexts("whole|whole", "")
		if !h.p.Tickets()[1].Complete() {
			h.t.Error("the second ticket counts as broken")
		}
	})
}

// The knife is behind the head: what is not fed past it stays for the next
// ticket, as on a real counter.
func TestKnifeIsBehindTheHead(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.send("up\n\x1bJ\x60down\n\x1dV\x00", executed)
		h.want("cut where it stands", "\x00")
		h.send(cut, executed)
		h.want("and the rest", "\x00")
		h.wantTexts("up|down", "")
		if k := h.p.Tickets(); k[0].Bottom != printer.EdgeCut || k[1].Top != printer.EdgeCut || k[0].Height+k[1].Height != 96+30+96+30 {
			h.t.Errorf("%d and %d dots, %s", k[0].Height, k[1].Height, k[0].Bottom)
		}
	})
}

// All forms of the cut, and how high they leave a ticket of one line after a
// first one of the same.
func TestCuts(t *testing.T) {
	for _, c := range []struct {
		send string
		edge printer.Edge
		dots int
	}{
		{"\x1dVA\x00", printer.EdgeCut, 96 + 30}, {"\x1dVB\x00", printer.EdgePartial, 96 + 30}, {"\x1dVA\x10", printer.EdgeCut, 96 + 30 + 16},
		{"\x1bJ\x60\x1dV\x00", printer.EdgeCut, 96 + 30}, {"\x1bJ\x60\x1dV0", printer.EdgeCut, 96 + 30},
		{"\x1bJ\x60\x1dV\x01", printer.EdgePartial, 96 + 30}, {"\x1bJ\x60\x1dV1", printer.EdgePartial, 96 + 30},
		{"\x1bJ\x60\x1bi", printer.EdgePartial, 96 + 30}, {"\x1bJ\x60\x1bm", printer.EdgePartial, 96 + 30},
	} {
		talk(t, printer.Config{}, func(h *host) {
			h.send("a\n", c.send, "b\n", c.send, executed)
			h.want("end", "\x00")
			k := h.p.Tickets()
			if len(k) != 2 || k[1].Bottom != c.edge || k[1].Items[0].Text != "b" {
				h.t.Fatalf("% X: tickets %+v", c.send, k)
			}
			if k[1].Height != c.dots {
				h.t.Errorf("% X: %d dots instead of %d", c.send, k[1].Height, c.dots)
			}
		})
	}
	for _, c := range []struct {
		model printer.Model
		i, m  printer.Edge
	}{{shipped("custom-vkp80"), printer.EdgeCut, printer.EdgePartial}, {reliance(), printer.EdgePartial, printer.EdgeCut}} {
		talk(t, printer.Config{Model: c.model}, func(h *host) {
			h.send("a\n\x1bd\x08\x1bib\n\x1bd\x08\x1bm", executed)
			h.want("end", "\x00")
			if k := h.p.Tickets(); k[0].Bottom != c.i || k[1].Bottom != c.m {
				h.t.Errorf("%s: ESC i %s, ESC m %s", c.model.Name, k[0].Bottom, k[1].Bottom)
			}
		})
	}
}

// Without a cutter a person tears: whole when the printer was at rest.
func TestTornByHand(t *testing.T) {
	talk(t, printer.Config{Model: shipped("generic-58")}, func(h *host) {
		var seen []string
		h.p.Subscribe(func(k printer.Ticket) { seen = append(seen, k.Items[0].Text) })
		h.send("A042\n\x1bd\x06")
		time.Sleep(5 * time.Second)
		h.p.Tear()
		time.Sleep(time.Second)
		h.send("A043\n\x1bd\x06half a li")
		time.Sleep(5 * time.Second)
		h.p.Tear()
		time.Sleep(time.Second)
		h.wantTexts("A042", "A043")
		if k := h.p.Tickets()[0]; k.Bottom != printer.EdgeTorn || !k.Complete() || strings.Join(seen, "|") != "A042" {
			h.t.Errorf("torn ticket: %s, complete %v, told of %q", k.Bottom, k.Complete(), seen)
		}
		h.send("\x1dVA\x00")
		time.Sleep(time.Second)
		if c := h.p.Complaints(); len(c) != 1 || c[0] != "cut without a cutter" {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// A presenter holds the ticket until a person takes it, another comes, its time
// is over, or the host wants it back.
func TestPresenter(t *testing.T) {
	one := "A042\n\x1bd\x08"
	talk(t, printer.Config{Model: shipped("custom-vkp80"), RetractAfter: 5 * time.Second}, func(h *host) {
		status := func(what, want string) {
			h.t.Helper()
			h.send("\x10\x04\x14")
			h.want(what, "\x10\x0f"+want+"\x00\x00\x00")
		}
		h.send(one, "\x1de\x03\x0c")
		time.Sleep(time.Second)
		status("held", "\x20")
		if k, ok := h.p.TakeTicket(); !ok || k.Items[0].Text != "A042" {
			h.t.Errorf("took %v", ok)
		}
		status("taken", "\x00")

		h.send(one, "\x1de\x03\x0c")
		time.Sleep(4 * time.Second)
		status("within its time", "\x20")
		time.Sleep(2 * time.Second)
		status("drawn back", "\x00")

		h.send(one, "\x1de\x03\x0c")
		time.Sleep(time.Second)
		h.send("\x1de\x02")
		time.Sleep(time.Second)
		status("retracted", "\x00")
		if n := len(h.p.Retracted()); n != 2 {
			h.t.Errorf("%d retracted", n)
		}

		h.send(one, "\x1de\x03\x0c")
		time.Sleep(2 * time.Second)
		h.send("\x1de\x05")
		time.Sleep(time.Second)
		status("ejected", "\x00")
		if c := h.p.Complaints(); len(c) != 0 {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// A ticket that nobody takes is drawn back when the printer is set up so, or is
// pushed out by the next one.
func TestAbandonedTicket(t *testing.T) {
	one := "A042\n\x1bd\x08\x1de\x03\x0c"
	talk(t, printer.Config{Model: shipped("custom-kpm"), RetractAfter: 30 * time.Second}, func(h *host) {
		h.send("\x1bJ\xff\x1dV\x00", "A042\n\x1bJ\xff\x1dV\x00\x1de\x03\x50")
		time.Sleep(29 * time.Second)
		if _, held := h.p.InMouth(); !held {
			h.t.Error("drawn back too early")
		}
		time.Sleep(10 * time.Second)
		if _, held := h.p.InMouth(); held || len(h.p.Retracted()) != 1 {
			h.t.Errorf("held %v, %d retracted", held, len(h.p.Retracted()))
		}
		if _, ok := h.p.TakeTicket(); ok {
			h.t.Error("took what is not there")
		}
	})
	talk(t, printer.Config{Model: shipped("custom-vkp80")}, func(h *host) {
		h.send(one, strings.Replace(one, "A042", "A043", 1))
		time.Sleep(10 * time.Second)
		if k, _ := h.p.TakeTicket(); k.Items[0].Text != "A043" {
			h.t.Errorf("in the mouth is %q", k.Text)
		}
		if _, ok := h.p.TakeTicket(); ok {
			h.t.Error("took two")
		}
	})
}

// What a person reads at a glance, and the edges that he sees.
func TestTicketTells(t *testing.T) {
	talk(t, printer.Config{}, func(h *host) {
		h.send("\x1ba\x01\x1dB\x01 RISTAMPA \x1dB\x00\n\x1d!\x77A042\x1d!\x00\n\x1d(k\x07\x001P0abcd\x1d(k\x03\x001Q0", cut, executed)
		h.want("end", "\x00")
		k := h.p.Tickets()[0]
		if k.Mark() != "RISTAMPA" || k.Biggest() != "A042" || k.QR() != "abcd" || k.HeightMM() != float64(k.Height)/8 || !k.Complete() {
			h.t.Errorf("ticket %+v", k.Items)
		}
		img, err := png.Decode(strings.NewReader(string(k.PNG)))
		if err != nil {
			h.t.Fatal(err)
		}
		gray := func(x int) bool { r, _, _, _ := img.At(x, k.Height-1).RGBA(); return r != 0 && r != 0xffff }
		if !gray(10) || !gray(600) || gray(320) {
			h.t.Error("a partial cut leaves its bridge and nothing else")
		}
	})
}
