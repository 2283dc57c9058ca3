package oracle

import "eliminacode/queue"

// isInHand tells whether somebody certainly can use a number: a ticket that has not
// ended or of a no-show who may come back has it, or it is on the paper of a block.
// Of a no-show from before a power cut nobody knows exactly how long ago it was.
func (d *dayModel) isInHand(series queue.SeriesID, value int) bool {
	return d.inHand(series, value, func(t *ticketModel) bool {
		away, exact := sameBoot(t.endedAt, d.c.clock.now)
		return exact && away <= d.rules().LateReturnMs
	})
}

// mayBeInHand is isInHand of what nobody knows exactly besides.
func (d *dayModel) mayBeInHand(series queue.SeriesID, value int) bool {
	return d.inHand(series, value, func(t *ticketModel) bool { return d.c.clock.ran-t.endedRan <= d.rules().LateReturnMs })
}

func (d *dayModel) inHand(series queue.SeriesID, value int, inTime func(*ticketModel) bool) bool {
	for _, t := range d.tickets {
		if t.number.Series == series && t.number.Value == value &&
			(!t.state.Ended() || t.state == queue.NoShow && !t.returned && inTime(t)) {
			return true
		}
	}
	for key := range d.reserved {
		if key.series == series && key.value == value {
			return true
		}
	}
	return false
}
