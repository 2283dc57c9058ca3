package waiting

import "eliminacode/queue"

// A ruling is what the rules say of a leg, a bit each. They look at nothing but its
// outcome and its flags, so that each is asked once and not for each leg.
type ruling uint8

// The bits of a ruling, by their place.
const (
	isInferred = iota // some moment of it was
	isWaited          // it is in the mean wait
	isJudged          // it is held against the standard of its service, if that has one
	isKept            // and was within it
	isServed          // its service time is known: also of a visit that went on at its desk to this service, for which nobody waited
	isWalked          // its walk is known
	isUntimed         // it was served, and the end of its service is unknown
	isEnded           // its service ended, so that something may be told of it; one that went on elsewhere before tells nothing
)

// n is 1 where the bit is set, and 0 elsewhere.
func (is ruling) n(bit int) int { return int(is>>bit) & 1 }

// rulings are by outcome and flags.
var rulings = func() (all [outcomes][flagsAll + 1]ruling) {
	for outcome := range outcomes {
		for flags := range flagsAll + 1 {
			all[outcome][flags] = rule(outcome, flags)
		}
	}
	return all
}()

// hidings are the same, but that nothing is inferred and every wait ends with a walk:
// nobody learns from them which legs were.
var hidings = func() (all [outcomes][flagsAll + 1]ruling) {
	for outcome := range outcomes {
		for flags := range flagsAll + 1 {
			is := rulings[outcome][flags]
			all[outcome][flags] = is&^(1<<isInferred|1<<isWalked) | ruling(is.n(isWaited)<<isWalked)
		}
	}
	return all
}()

// rulingOf is of a leg of a sheet that was checked: badRow.
func rulingOf(r *row) ruling { return rulings[r.outcome()][r.flags()] }

// ends are the outcomes as the rules of queue know them; a transferred leg
// counts as a served one.
var ends = [outcomes]queue.TicketState{
	Open: queue.Waiting, Served: queue.Served, NoShow: queue.NoShow, Transferred: queue.Served,
	Cancelled: queue.Cancelled, Expired: queue.Expired,
}

func rule(outcome Outcome, flags int) (is ruling) {
	end := ends[outcome]
	called, within := flags&flagCalled != 0, flags&flagWithin != 0
	for bit, holds := range map[int]bool{
		isInferred: flags&flagInferred != 0,
		isWaited:   queue.InMean(end, called),
		isJudged:   queue.Judged(end, called, within),
		isKept:     queue.Judged(end, called, within) && within,
		isServed:   end == queue.Served && flags&(flagService|flagUnknownEnd) == flagService,
		isUntimed:  end == queue.Served && flags&flagService != 0 && flags&flagUnknownEnd != 0,
		isWalked:   flags&flagWalk != 0 && queue.InMean(end, called),
		isEnded:    outcome == Served || flags&flagFinished != 0,
	} {
		if holds {
			is |= 1 << bit
		}
	}
	return is
}
