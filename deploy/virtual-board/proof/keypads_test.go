package proof

import (
	"fmt"
	"time"

	"eliminacode/deploy/virtual-board/rig"
	"eliminacode/deploy/virtual-board/wire"
	"eliminacode/queue"
)

// deskOf is what the settings bind each keypad to.
var deskOf = map[string]string{"left": "s1", "right": "s2"}

// keyRest is longer than the office takes a second NEXT for a slip of the
// finger.
const keyRest = 3500 * time.Millisecond

// give makes a ticket that needs no printer, for somebody to be called.
func (b *board) give(service string) queue.TicketID {
	b.t.Helper()
	ticket, status := b.request("schermo", service, fmt.Sprint("r", time.Now().UnixNano()))
	if status != 201 {
		b.t.Fatalf("giving a ticket: status %d", status)
	}
	return ticket
}

// openDesks opens both keypads' desks.
func (b *board) openDesks() {
	b.t.Helper()
	for _, desk := range deskOf {
		b.takeDesk(desk)
	}
}

// next types NEXT and expects a call to the keypad's own desk.
func (b *board) next(keypad string) {
	b.t.Helper()
	before := b.last()
	if err := b.Type(keypad, "kp_enter"); err != nil {
		b.t.Fatal(err)
	}
	var calls []event
	b.until("NEXT on the keypad "+keypad+" calls somebody", func() bool {
		calls = of(b.journal(before), "TicketCalled")
		return len(calls) > 0
	})
	if c := calls[0]; len(calls) != 1 || c.Body.Desk != deskOf[keypad] || c.By.Kind != "keypad" || c.By.Device != keypad {
		b.t.Errorf("NEXT on the keypad %s made %d calls, the first to desk %s by %s %s", keypad, len(calls), c.Body.Desk, c.By.Kind, c.By.Device)
	}
}

// nextAtBoth calls from each keypad for its own desk, while others listen.
func nextAtBoth(b *board) string {
	b.ready()
	b.openDesks()
	b.do("Ears.Listen")
	for range 2 * len(rig.Keypads) {
		b.give("anagrafe")
	}
	for range 2 {
		for _, k := range rig.Keypads {
			b.next(k)
		}
		time.Sleep(keyRest)
	}
	b.unheard()
	return fmt.Sprintf("4 calls; %d readers and the console heard nothing", len(rig.Keypads))
}

// unheard expects that whoever listens beside the daemon has heard nothing.
func (b *board) unheard() {
	b.t.Helper()
	var h wire.Heard
	b.call("Ears.Heard", wire.None{}, &h)
	if h.Keys != 0 || h.Console != "" || h.Readers != len(rig.Keypads) {
		b.t.Errorf("%d readers beside the daemon heard %d keys, and the console %q", h.Readers, h.Keys, h.Console)
	}
}

// replugKeypad pulls a keypad's plug and puts it back.
func replugKeypad(b *board) string {
	b.ready()
	b.openDesks()
	for _, k := range rig.Keypads {
		other := rig.Keypads[0]
		if k == other {
			other = rig.Keypads[1]
		}
		b.give("anagrafe")
		b.give("anagrafe")
		if err := b.UnplugKeypad(k); err != nil {
			b.t.Fatal(err)
		}
		b.becomes(k, "lost")
		b.next(other)
		if err := b.PlugKeypad(k); err != nil {
			b.t.Fatal(err)
		}
		b.becomes(k, "ready")
		time.Sleep(keyRest)
		b.do("Ears.Listen")
		b.next(k)
		b.unheard()
		time.Sleep(keyRest)
	}
	return "each in its turn, the other one working on"
}
