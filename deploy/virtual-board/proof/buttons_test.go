package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/deploy/virtual-board/wire"
)

// settle is what the settings ask of a contact; a rest that came out longer
// than margin on a busy host may have been long enough.
const settle, margin = 200 * ms, 150 * ms

// chatter is a contact that moves to and fro, and rests so long after each
// move, closed first.
func chatter(rests ...time.Duration) (steps []wire.Step) {
	for i, r := range rests {
		steps = append(steps, wire.Step{Closed: i%2 == 0, Rest: r})
	}
	return steps
}

// then adds the rest that a contact comes to.
func then(steps []wire.Step, closed bool, rest time.Duration) []wire.Step {
	return append(steps, wire.Step{Closed: closed, Rest: rest})
}

// presses is how many presses a contact can have meant at the most, given when
// its steps were in fact made: it closed for long, and between two of them it
// opened for long. It rests for ever after its last step.
func presses(steps []wire.Step, at []int64) (n int) {
	closed := false
	for i, s := range steps {
		long := i == len(steps)-1 || time.Duration(at[i+1]-at[i]) > margin
		if long && s.Closed != closed {
			closed = s.Closed
			if closed {
				n++
			}
		}
	}
	return n
}

// tries is how often a train is tried that the host was too busy to play.
const tries = 20

// played moves a contact until that can have meant no more than so many
// presses: a train that a busy host drags out may be any number of them.
func (b *board) played(line string, most int, steps []wire.Step) (before uint64) {
	b.t.Helper()
	for range tries {
		before = b.last()
		if presses(steps, b.move(line, steps...)) <= most {
			return before
		}
		time.Sleep(still)
	}
	b.t.Fatalf("this machine is too busy to bounce a contact within %v", margin)
	return 0
}

const (
	ms   = time.Millisecond
	hold = 3 * settle
)

// trains are contacts that chatter as they close, as they open, or both; each
// is one press.
var trains = []struct {
	name             string
	closing, opening []time.Duration
}{
	{"1 kHz", slices.Repeat([]time.Duration{ms / 2}, 12), nil},
	{"ragged", []time.Duration{ms / 10, 13 * ms, ms / 2, 37 * ms, ms, 49 * ms}, nil},
	{"slow", slices.Repeat([]time.Duration{60 * ms}, 10), nil},
	{"on release", nil, slices.Repeat([]time.Duration{2 * ms}, 9)},
	{"both", slices.Repeat([]time.Duration{ms}, 6), []time.Duration{25 * ms, ms, 20 * ms}},
	{"a hundred edges", slices.Repeat([]time.Duration{ms / 5}, 100), nil},
}

func bounce(b *board) string {
	b.ready()
	for _, train := range trains {
		// An even number of moves ends open, so that the contact then closes.
		steps := then(chatter(train.closing...), true, hold)
		for i, r := range train.opening {
			steps = then(steps, i%2 == 1, r)
		}
		steps = then(steps, false, hold)
		before := b.played("BUTTON-1", 1, steps)
		ticket, outcome := b.issued(before)
		time.Sleep(still)
		events := b.journal(before)
		if n := len(of(events, "TicketIssued")); n != 1 {
			b.t.Errorf("the train %q gave %d tickets", train.name, n)
		}
		if outcome != "TicketPrinted" {
			b.t.Errorf("the paper of the train %q (%s): %s", train.name, ticket.Body.Number.Text, outcome)
		}
	}
	return fmt.Sprintf("%d trains of up to 100 edges", len(trains))
}

// glitches are contacts that close for less than they must rest.
func glitches(b *board) string {
	b.ready()
	rests := []time.Duration{ms / 2, 5 * ms, 25 * ms, 60 * ms, 100 * ms}
	for _, r := range rests {
		before := b.played("BUTTON-1", 0, then(chatter(r), false, hold))
		time.Sleep(still)
		if n := len(of(b.journal(before), "TicketIssued")); n != 0 {
			b.t.Errorf("a contact closed for %v gave %d tickets", r, n)
		}
	}
	return fmt.Sprintf("%d of %v to %v", len(rests), rests[0], rests[len(rests)-1])
}

// lostEdges presses a button while every edge is taken from under the daemon:
// only the level is left to tell it. The button is held down.
func lostEdges(b *board) string {
	b.ready()
	time.Sleep(still)
	before := b.last()
	b.do("Daemon.Freeze")
	b.move("BUTTON-1", chatter(ms, ms, ms, ms, ms)...)
	var stolen int
	b.call("Daemon.StealEdges", wire.None{}, &stolen)
	b.do("Daemon.Thaw")
	if stolen != 5 {
		b.t.Errorf("%d edges were taken away, not 5", stolen)
	}
	begun := time.Now()
	_, outcome := b.issued(before)
	took := time.Since(begun)
	b.move("BUTTON-1", wire.Step{Rest: hold})
	time.Sleep(still)
	if n := len(of(b.journal(before), "TicketIssued")); n != 1 || outcome != "TicketPrinted" {
		b.t.Errorf("%d tickets, the paper %s", n, outcome)
	}
	return fmt.Sprintf("%d edges taken away, a ticket %.1f s later", stolen, took.Seconds())
}

// stuckAfter is what the settings say.
const stuckAfter = 12 * time.Second

func stuck(b *board) string {
	b.ready()
	before := b.last()
	begun := time.Now()
	b.move("BUTTON-1", wire.Step{Closed: true})
	b.becomes("pulsantiera", "degraded")
	alarm := time.Since(begun)
	if alarm < stuckAfter {
		b.t.Errorf("a button is stuck after %v", alarm)
	}
	words := b.health("pulsantiera").Words
	time.Sleep(2 * time.Second)
	b.move("BUTTON-1", wire.Step{})
	b.becomes("pulsantiera", "ready")
	if n := len(of(b.journal(before), "TicketIssued")); n != 1 {
		b.t.Errorf("a button that was held down gave %d tickets", n)
	}
	before = b.last()
	b.push("BUTTON-1")
	if _, outcome := b.issued(before); outcome != "TicketPrinted" {
		b.t.Errorf("after it was freed: %s", outcome)
	}
	return fmt.Sprintf("alarm %q after %.1f s", words, alarm.Seconds())
}

// gripHold is how long a technician holds two buttons.
const gripHold = 10 * time.Second

// grip holds both buttons until the box prints how it is, and takes back the
// tickets that they gave.
func grip(b *board) string {
	b.ready()
	before, printed := b.last(), len(b.printout().Papers)
	b.move("BUTTON-1", wire.Step{Closed: true})
	begun := time.Now()
	b.move("BUTTON-2", wire.Step{Closed: true})
	var slip string
	b.until("the state of the box is on paper", func() bool {
		papers := b.printout().Papers[printed:]
		i := slices.IndexFunc(papers, func(p wire.Paper) bool { return strings.Contains(p.Text, "Stato dell'apparecchio") })
		if i >= 0 {
			slip = papers[i].Text
		}
		return i >= 0
	})
	if took := time.Since(begun); took < gripHold {
		b.t.Errorf("two buttons were a technician's grip after %v", took)
	}
	for _, line := range lines[:2] {
		b.move(line, wire.Step{Rest: hold})
	}
	for _, part := range []string{"Orologio:", "Versione:"} {
		if !strings.Contains(slip, part) {
			b.t.Errorf("the slip does not say %s\n%s", part, slip)
		}
	}
	events := b.journal(before)
	if gave, back := len(of(events, "TicketIssued")), len(of(events, "TicketCancelled")); gave != 2 || back != 2 {
		b.t.Errorf("the grip gave %d tickets and took %d back", gave, back)
	}
	return "2 tickets taken back, clock and version on paper"
}

// chipGone takes the chip away under the daemon and brings it back.
func chipGone(b *board) string {
	b.ready()
	b.do("Chip.Unplug")
	b.becomes("pulsantiera", "lost")
	before := b.last()
	b.call("Chip.Replug", lines, &wire.None{})
	time.Sleep(still)
	if n := len(of(b.journal(before), "TicketIssued")); n != 0 {
		b.t.Errorf("a chip that came back gave %d tickets", n)
	}
	b.becomes("pulsantiera", "ready")
	b.push("BUTTON-1")
	if _, outcome := b.issued(before); outcome != "TicketPrinted" {
		b.t.Errorf("after it came back: %s", outcome)
	}
	return strings.Join(lines[:2], " and ") + " lost, and back by themselves"
}

// TestPresses counts the presses of contacts whose moments are known.
func TestPresses(t *testing.T) {
	for _, c := range []struct {
		rests []time.Duration // closed first
		want  int
	}{
		{[]time.Duration{ms, ms}, 0},
		{[]time.Duration{hold, hold}, 1},
		{[]time.Duration{ms, ms, hold, ms, ms, hold}, 1},
		{[]time.Duration{hold, ms, hold, hold}, 1},
		{[]time.Duration{hold, hold, hold, hold}, 2},
		{[]time.Duration{ms, ms, ms}, 1}, // it stays closed
	} {
		steps, at, now := chatter(c.rests...), []int64(nil), int64(0)
		for _, r := range c.rests {
			at = append(at, now)
			now += int64(r)
		}
		if got := presses(steps, at); got != c.want {
			t.Errorf("%v is %d presses, want %d", c.rests, got, c.want)
		}
	}
}
