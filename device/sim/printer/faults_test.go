package printer_test

import (
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
)

func TestAnswersGoWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		wrong func(p *printer.Printer)
		send  string
		hear  []string // second by second
	}{
		{"deaf", func(p *printer.Printer) { p.SetDeaf(true) }, ask1 + process, []string{""}},
		{"late", func(p *printer.Printer) { p.SetAnswerDelay(1500 * time.Millisecond) }, ask1, []string{"", "\x12"}},
		{"frame cut", func(p *printer.Printer) { p.CutAnswer(2) }, "\x1da\x0e" + ask1, []string{"\x12\x10\x00"}},
		{"block cut, the next one whole", func(p *printer.Printer) { p.CutAnswer(3) }, process + process, []string{"\x37\x22a\x37\x22abcd\x00"}},
		{"short answers are not cut", func(p *printer.Printer) { p.CutAnswer(1) }, ask1 + ask2, []string{"\x12\x12"}},
		{"flow control inside a frame", func(p *printer.Printer) { p.Intrude(2, 0x13, 0x11) }, "\x1da\x0e", []string{"\x10\x00\x13\x11\x00\x00"}},
		{"real time inside a block", func(p *printer.Printer) { p.Intrude(4, 0x12) }, process, []string{"\x37\x22ab\x12cd\x00"}},
		{"noise", func(p *printer.Printer) { p.Say(0xff, 0xc0) }, "", []string{"\xff\xc0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk(t, printer.Config{}, func(h *host) {
				h.send("\r") // the line is up
				c.wrong(h.p)
				h.send(c.send)
				for _, want := range c.hear {
					got := h.hear(time.Second)
					// An answer in real time may come before one of the buffer.
					if c.name == "frame cut" && got == "\x10\x00\x12" {
						got = want
					}
					if got != want {
						h.t.Errorf("heard % X instead of % X", got, want)
					}
				}
			})
		})
	}
}

// The line breaks after any number of answered bytes.
func TestUnpluggedUnderAnAnswer(t *testing.T) {
	for n := 1; n <= 7; n++ {
		talk(t, printer.Config{}, func(h *host) {
			h.send("\r")
			h.p.UnplugAfterAnswers(n)
			h.send(process)
			if got := h.hear(time.Minute); got != "\x37\x22abcd\x00"[:n] {
				h.t.Errorf("heard % X before the line broke after %d", got, n)
			}
			if _, err := h.line.Write([]byte(ask1)); err == nil {
				h.t.Error("the line is still there")
			}
		})
	}
}

// Power fails at each byte of a ticket: what was printed hangs out, nothing
// comes by itself, and the next ticket is not disturbed.
func TestPowerFailsAtEachByte(t *testing.T) {
	ticket := initialise + "\x1d!\x77A042\x1d!\x00\n" + "\x1d(k\x07\x001P0abcd\x1d(k\x03\x001Q0" + cut + executed
	for at := 1; at <= len(ticket); at++ {
		talk(t, printer.Config{Baud: 9600}, func(h *host) {
			h.p.AfterBytes(at, func() { h.p.SetPower(false) })
			h.send(ticket)
			h.hear(5 * time.Second)
			h.p.SetPower(true)
			h.want("nobody asked", "")
			time.Sleep(time.Second)
			h.send(initialise, "\x1d!\x77B001\x1d!\x00\n", cut, executed)
			h.want("next ticket", "\x00")
			tickets := h.p.Tickets()
			last := tickets[len(tickets)-1]
			if !strings.Contains(last.Text, "B001") || len(h.p.Complaints()) > 0 {
				h.t.Errorf("after %d bytes: complaints %q\n%s", at, h.p.Complaints(), last.Text)
			}
			if len(tickets) > 1 && strings.Contains(last.Text, "A042") {
				h.t.Errorf("after %d bytes the first ticket is on the second's paper", at)
			}
		})
	}
}
