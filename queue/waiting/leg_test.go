package waiting

import (
	"encoding/binary"
	"iter"

	"eliminacode/queue"
)

// Leg is the i-th leg, in order of ticket and leg; i is below Len.
func (s Sheet) Leg(i int) Leg { return s.row(i).leg() }

// Legs are the legs in order of ticket and leg.
func (s Sheet) Legs() iter.Seq2[int, Leg] {
	return func(yield func(int, Leg) bool) {
		for i := range s.Len() {
			if !yield(i, s.Leg(i)) {
				return
			}
		}
	}
}

// leg spells a row out.
func (r *row) leg() Leg {
	f := r.flags()
	l := Leg{
		Ticket:  int(binary.LittleEndian.Uint32(r[atTicket:])),
		Leg:     r.u16(atLeg),
		Service: r.u16(atServiceNo),
		Desk:    r.u16(atDesk),
		Series:  r.u16(atSeries),
		Channel: int(r[atChannel]),
		Outcome: r.outcome(),
		// The first of each list is not told.
		Given:    append([]queue.Outcome{""}, queue.Outcomes[:]...)[r[atGiven]],
		Category: append([]queue.Category{""}, queue.Categories[:]...)[r[atCategory]],

		Minute:     r.u16(atMinute),
		DateOffset: int(int16(r.u16(atDate))),

		FirstWaitMs: r.ms(atFirstWait),
		WaitMs:      r.ms(atWait),
		WalkMs:      r.ms(atWalk),
		ServiceMs:   r.ms(atService),
		HoldMs:      r.ms(atHold),
		Recalls:     r.u16(atRecalls),

		Priority:       f&flagPriority != 0,
		Called:         f&flagCalled != 0,
		HasWalk:        f&flagWalk != 0,
		HasService:     f&flagService != 0,
		Inferred:       f&flagInferred != 0,
		UnknownEnd:     f&flagUnknownEnd != 0,
		WithinStandard: f&flagWithin != 0,
		Inexact:        f&flagInexact != 0,
		Finished:       f&flagFinished != 0,
	}
	if l.Desk == noDesk {
		l.Desk = -1
	}
	return l
}
