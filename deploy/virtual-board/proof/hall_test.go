package proof

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"eliminacode/deploy/virtual-board/rig"
	"eliminacode/deploy/virtual-board/wire"
)

// consoleHears shows that the proofs that no key leaks could fail: without the
// daemon the same keys reach whoever listens.
func consoleHears(b *board) string {
	b.links("/dev/input/by-path/*-event-kbd", len(rig.Keypads))
	b.do("Ears.Listen")
	for _, k := range rig.Keypads {
		if err := b.Type(k, "kp_5", "kp_enter"); err != nil {
			b.t.Fatal(err)
		}
	}
	var h wire.Heard
	b.until("both keypads are heard, and on the console", func() bool {
		b.call("Ears.Heard", wire.None{}, &h)
		return h.Keys == 4 && h.Console != ""
	})
	return fmt.Sprintf("%d readers heard %d keys, the console %d bytes", h.Readers, h.Keys, len(h.Console))
}

// bare runs the daemon on a board without chip and printers.
func bare(b *board) string {
	b.serve()
	for device, state := range map[string]string{
		"pulsantiera": "lost", "sala": "lost", "accoglienza": "lost", "left": "ready", "right": "ready",
	} {
		b.becomes(device, state)
	}
	b.stopServing()
	return "the daemon stays, three devices are shown as lost"
}

// check plugs all in, has the shipped program look at it, and print without a
// daemon.
func check(b *board) string {
	b.assemble()
	r := b.run("check", "--config", "/etc/eliminacode/box.toml")
	for _, part := range []string{"printer sala", "printer accoglienza", "buttons pulsantiera", "keypad left", "keypad right"} {
		if !strings.Contains(r.Output, "OK    "+part) {
			b.t.Errorf("check does not find %s", part)
		}
	}
	if r.Code != 0 || b.t.Failed() {
		b.t.Errorf("check exits with %d:\n%s", r.Code, r.Output)
	}
	if r := b.run("device", "test", "printer", "sala", "--config", "/etc/eliminacode/box.toml"); r.Code != 0 {
		b.t.Errorf("device test printer exits with %d:\n%s", r.Code, r.Output)
	}
	if out := b.printout(); len(out.Papers) != 1 || !strings.Contains(out.Papers[0].Text, "PROVA") {
		b.t.Errorf("device test printer left %d papers: %v", len(out.Papers), out.Papers)
	}
	return fmt.Sprintf("%d parts are OK, PROVA on paper", strings.Count(r.Output, "OK  "))
}

// descriptors looks into the daemon, which was started with a second node of
// the chip beside the first, as some boards' systems have it.
func descriptors(b *board) string {
	b.ready()
	var wrong []string
	b.call("Daemon.Descriptors", wire.None{}, &wrong)
	if len(wrong) > 0 {
		b.t.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return "with " + twin + " beside the chip's own node"
}

// press presses a button once.
func press(b *board) string {
	b.ready()
	before := b.last()
	at := b.push("BUTTON-1")
	ticket, outcome := b.issued(before)
	out := b.printout()
	first, slip := slipAfter(out, at)
	number := ticket.Body.Number.Text
	switch {
	case outcome != "TicketPrinted":
		b.t.Errorf("the paper of %s: %s", number, outcome)
	case papers(out, number) != 1:
		b.t.Errorf("%s is on %d papers", number, papers(out, number))
	case !bytes.Contains(slip, []byte(number)):
		b.t.Errorf("the slip on the wire does not name %s: % X", number, slip)
	}
	if len(out.Complaints) > 0 {
		b.t.Errorf("the printer complains: %s", strings.Join(out.Complaints, "; "))
	}
	time.Sleep(still)
	if n := len(of(b.journal(before), "TicketIssued")); n != 1 {
		b.t.Errorf("one press, %d tickets", n)
	}
	rested := time.Duration(first-at) - settle
	return fmt.Sprintf("%s in %d bytes, the first %v after the contact had rested", number, out.Papers[len(out.Papers)-1].Bytes, rested.Round(ms))
}

// oops are words of a kernel that has gone wrong.
var oops = regexp.MustCompile(`(?m)^.*(Oops|BUG:|WARNING:|Unable to handle|Call trace|rcu: INFO|blocked for more than).*$`)

// kernelCalm reads all that the kernel has said while the other proofs ran.
func kernelCalm(b *board) string {
	var said string
	b.call("System.KernelLog", wire.None{}, &said)
	for _, line := range oops.FindAllString(said, -1) {
		b.t.Errorf("the kernel says: %s", line)
	}
	return fmt.Sprintf("%d lines of its log", strings.Count(said, "\n"))
}
