package oracle

import "eliminacode/queue"

// blockReserved takes numbers out of a series: each follows the one before it, as
// if it had been given, and was neither given nor reserved before.
func (d *dayModel) blockReserved(b queue.BlockReserved) {
	size := 0
	for _, run := range b.Numbers {
		for v := run.First; v <= run.Last; v++ {
			n := queue.Number{Series: b.Series, Value: v, Lap: run.Lap, Text: "a number of block " + b.Code}
			key := numberKey{n.Series, n.Lap, n.Value}
			_, given := d.numbers[key]
			if _, reserved := d.reserved[key]; given || reserved {
				d.c.report(BreachNumberTwice, 0, "", n.Text+" was given or reserved before")
			}
			if n.Lap > 0 && d.isInHand(n.Series, n.Value) {
				d.c.report(BreachNumberTwice, 0, "", n.Text+" is still held by somebody")
			}
			d.inOrder(0, n)
			d.newest[n.Series], d.reserved[key] = n, b.Code
			size++
		}
	}
	if size < 20 || size > 50 {
		d.c.report(BreachNumberSkipped, 0, "", "a block is too small or too large")
	}
}

// handed is a ticket that was in its holder's hand before the reception called it
// in: it waits since then, behind who had come by then. How much of that time the
// office was open is not certain, so that nobody's turn is judged while it waits.
func (d *dayModel) handed(t *ticketModel, at int64) {
	ago := max(0, d.c.clock.officeTime(d.c.clock.now)-at)
	t.arrived = waitModel{open: d.c.clock.open - ago + d.shutDuring(at, at+ago), unsure: -1}
	t.arrival = placeModel{inLine: true}
	for _, other := range d.tickets {
		for _, x := range []struct {
			placeModel
			waitModel
		}{{other.arrival, other.arrived}, {other.place, other.since}} {
			if x.inLine && x.open <= t.arrived.open && x.seq > t.arrival.seq {
				t.arrival.seq = x.seq
			}
		}
	}
	t.place, t.since = t.arrival, t.arrived
}
