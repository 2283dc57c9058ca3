package proof

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"eliminacode/deploy/virtual-board/wire"
)

// cut are the bytes by which this printer's profile ends a slip; how far it
// feeds before comes as one byte more.
var cut = []byte{0x1D, 0x56, 0x42}

// pressed presses the button of the hall and gives its ticket and what became
// of its paper.
func (b *board) pressed() (ticket event, outcome string, slip []byte) {
	b.t.Helper()
	before := b.last()
	at := b.push("BUTTON-1")
	ticket, outcome = b.issued(before)
	_, slip = slipAfter(b.printout(), at)
	return ticket, outcome, slip
}

// works expects the next ticket to be printed once.
func (b *board) works() {
	b.t.Helper()
	b.gives("sala", true)
	ticket, _, _ := b.pressed()
	b.fits(ticket, 1, 1)
	if last := b.lastWord(ticket); last != "TicketPrinted" {
		b.t.Errorf("the next ticket %s: %s", ticket.Body.Number.Text, last)
	}
}

// lastWord is what the journal says in the end became of a ticket's paper: a
// printer may confirm late what was given up as unknown.
func (b *board) lastWord(ticket event) string {
	b.t.Helper()
	kinds := outcomes(b.journal(ticket.Seq), ticket.Body.Ticket)
	return kinds[len(kinds)-1]
}

// fits expects so many papers of a ticket, however long the printer has worked
// since, and a journal that does not say otherwise.
func (b *board) fits(ticket event, least, most int) {
	b.t.Helper()
	number, last := ticket.Body.Number.Text, b.lastWord(ticket)
	n := papers(b.printout(), number)
	if n < least || n > most {
		b.t.Errorf("%s is on %d papers, not %d to %d", number, n, least, most)
	}
	if n == 0 && last == "TicketPrinted" || n > 0 && last == "TicketPrintFailed" {
		b.t.Errorf("%s is on %d papers, and the journal says %s", number, n, last)
	}
}

const salasPort = "/dev/serial/by-path/platform-dummy_hcd.0-usb-0:1:1.0"

// unplugged pulls the printer's plug at different bytes of a slip.
func unplugged(b *board) string {
	b.ready()
	_, outcome, slip := b.pressed()
	whole := bytes.Index(slip, cut)
	if outcome != "TicketPrinted" || whole < 0 {
		b.t.Fatalf("a first slip: %s, % X", outcome, slip)
	}
	var said []string
	for _, at := range []struct {
		bytes, least, most int
	}{
		{1, 0, 0}, {40, 0, 0}, // before the number
		{whole, 0, 1}, // all but the cut: the next slip may push it out
		{whole + len(cut) + 1, 1, 1},
	} {
		b.call("Printer.UnplugAt", at.bytes, &wire.None{})
		ticket, outcome, _ := b.pressed()
		b.gives("sala", false)
		b.links(salasPort, 0)
		// Every byte was on its way when the plug was pulled: nobody can know.
		if outcome != "TicketPrintUnknown" {
			b.t.Errorf("unplugged after %d bytes: %s", at.bytes, outcome)
		}
		b.do("Printer.Plug")
		b.links(salasPort, 1)
		b.works()
		b.fits(ticket, at.least, at.most)
		said = append(said, fmt.Sprint(at.bytes))
	}
	return "after " + strings.Join(said, ", ") + " bytes"
}

// stalled has the printer take nothing from its line for a while.
func stalled(b *board) string {
	b.ready()
	b.call("Printer.Stall", true, &wire.None{})
	begun := time.Now()
	ticket, outcome, _ := b.pressed()
	took := time.Since(begun)
	if outcome != "TicketPrintUnknown" {
		b.t.Errorf("a printer that reads nothing: %s", outcome)
	}
	b.gives("sala", false)
	b.call("Printer.Stall", false, &wire.None{})
	b.works()
	// What was on its way came out as soon as the printer read again.
	b.fits(ticket, 1, 1)
	return fmt.Sprintf("unknown after %.1f s, in the end %s", took.Seconds(), b.lastWord(ticket))
}

// overUSB prints through the serial adapter, and pulls its plug too.
func overUSB(b *board) string {
	b.ready()
	print := func() (event, string) {
		before := b.last()
		b.push("BUTTON-2")
		return b.issued(before)
	}
	ticket, outcome := print()
	if n := b.far.numbers()[ticket.Body.Number.Text]; outcome != "TicketPrinted" || n != 1 {
		b.t.Errorf("%s: %s, %d papers", ticket.Body.Number.Text, outcome, n)
	}
	b.unplugFar()
	b.gives("accoglienza", false)
	b.plugFar()
	b.gives("accoglienza", true)
	again, outcome := print()
	if n := b.far.numbers()[again.Body.Number.Text]; outcome != "TicketPrinted" || n != 1 {
		b.t.Errorf("%s after a new plug: %s, %d papers", again.Body.Number.Text, outcome, n)
	}
	if c := b.far.Complaints(); len(c) > 0 {
		b.t.Errorf("the printer complains: %v", c)
	}
	return fmt.Sprintf("%s and, after a new plug, %s", ticket.Body.Number.Text, again.Body.Number.Text)
}
