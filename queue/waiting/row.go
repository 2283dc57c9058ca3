package waiting

import (
	"encoding/binary"
	"slices"

	"eliminacode/queue"
)

// rowBytes is the width of a row. A change of layout is a new SheetVersion.
const rowBytes = 54

// Offsets in a row. Durations are 48-bit milliseconds: a wait that spans a
// restart is as long as the wall clock says, and a clock without a battery can
// step by decades. They stand first, so that each can be read as a 64-bit word
// without reading past the row.
const (
	atFirstWait = 0  // u48, first waiting period, ms
	atWait      = 6  // u48, all waiting periods, ms
	atWalk      = 12 // u48, ms; means nothing without flagWalk
	atService   = 18 // u48, serving periods, ms
	atHold      = 24 // u48, parked periods, ms
	atFlags     = 30 // u16
	atTicket    = 32 // u32, ordinal within the day, from 1
	atLeg       = 36 // u16, from 0
	atServiceNo = 38 // u16, index in the services of the sheet
	atDesk      = 40 // u16, index in the desks of the sheet; noDesk
	atSeries    = 42 // u16, index in the series of the sheet
	atMinute    = 44 // u16, local minute of the day of the first waiting start
	atDate      = 46 // i16, local date of the same, in days after the sheet's
	atRecalls   = 48 // u16
	atOutcome   = 50 // u8
	atChannel   = 51 // u8, index in the channels of the sheet
	atGiven     = 52 // u8, what came of the service: 0 when not told, else its place in queue.Outcomes from 1
	atCategory  = 53 // u8, of the citizen: 0 when not told, else its place in queue.Categories from 1
)

const (
	flagPriority   = 1 << iota // class
	flagCalled                 // called at least once in this leg
	flagInferred               // some moment of the leg was inferred
	flagUnknownEnd             // the end of the service cannot be known
	flagWithin                 // first wait at most the standard
	flagWalk                   // the walk is known
	flagService                // there is a serving period
	flagInexact                // some duration spans a restart of the box
	flagFinished               // the service ended, and the visit went on by its plan

	flagsAll = flagFinished<<1 - 1
)

const (
	noDesk        = 1<<16 - 1
	minutesOfDay  = 24 * 60
	maxDurationMs = 1<<48 - 1
)

// An Outcome is how a leg ended.
type Outcome uint8

// The outcomes, as stored.
const (
	Open        Outcome = iota // not ended yet
	Served                     // by a desk, to the end
	NoShow                     // called, and did not come
	Transferred                // the visit went on in another leg
	Cancelled                  // by a person, or since no number could be read
	Expired                    // left when the day closed
	outcomes
)

// A row is one leg as stored; its methods are small enough to be inlined.
type row [rowBytes]byte

func (r *row) ms(at int) int64 {
	return int64(binary.LittleEndian.Uint64(r[at:at+8]) & maxDurationMs)
}

func (r *row) u16(at int) int { return int(binary.LittleEndian.Uint16(r[at : at+2])) }

func (r *row) flags() int       { return r.u16(atFlags) }
func (r *row) outcome() Outcome { return Outcome(r[atOutcome]) }

func (r *row) putMs(at int, ms int64) {
	ms = min(max(0, ms), maxDurationMs)
	binary.LittleEndian.PutUint32(r[at:], uint32(ms))
	binary.LittleEndian.PutUint16(r[at+4:], uint16(ms>>32))
}

func (r *row) put16(at, v int) { binary.LittleEndian.PutUint16(r[at:], uint16(v)) }

// A Leg is one row of a sheet, spelt out. Durations are milliseconds.
type Leg struct {
	Ticket  int // ordinal within the day, from 1
	Leg     int // of the visit, from 0
	Service int // index in Sheet.Services
	Desk    int // index in Sheet.Desks: the last that called or served; -1 when none did
	Series  int // index in Sheet.Series
	Channel int // index in Sheet.Channels: what the ticket was issued by
	Outcome Outcome
	// Given is what came of the service, and Category who the citizen was for;
	// empty when nobody told.
	Given    queue.Outcome
	Category queue.Category

	Minute     int // 0..1439, local, when the first waiting period began
	DateOffset int // days from the sheet's date to the local date of the same, clamped to 16 bits

	FirstWaitMs int64
	WaitMs      int64
	WalkMs      int64 // when HasWalk
	ServiceMs   int64 // when HasService
	HoldMs      int64
	// Recalls is of the last call of the visit, and 0 in legs before it: a
	// folded day keeps no others.
	Recalls int

	Priority, Called, HasWalk, HasService         bool
	Inferred, UnknownEnd, WithinStandard, Inexact bool
	// Finished tells of a transferred leg that its service had ended: the visit went on
	// by its plan.
	Finished bool
}

// put writes a leg as a row. Counts too great for their field stay at its
// greatest value.
func (r *row) put(l Leg) {
	r.putMs(atFirstWait, l.FirstWaitMs)
	r.putMs(atWait, l.WaitMs)
	r.putMs(atWalk, l.WalkMs)
	r.putMs(atService, l.ServiceMs)
	r.putMs(atHold, l.HoldMs)
	f := 0
	for _, x := range [...]struct {
		set  bool
		flag int
	}{
		{l.Priority, flagPriority}, {l.Called, flagCalled}, {l.Inferred, flagInferred},
		{l.UnknownEnd, flagUnknownEnd}, {l.WithinStandard, flagWithin}, {l.HasWalk, flagWalk},
		{l.HasService, flagService}, {l.Inexact, flagInexact}, {l.Finished, flagFinished},
	} {
		if x.set {
			f |= x.flag
		}
	}
	r.put16(atFlags, f)
	binary.LittleEndian.PutUint32(r[atTicket:], uint32(l.Ticket))
	r.put16(atLeg, min(l.Leg, 1<<16-1))
	r.put16(atServiceNo, l.Service)
	if l.Desk < 0 {
		l.Desk = noDesk
	}
	r.put16(atDesk, l.Desk)
	r.put16(atSeries, l.Series)
	r.put16(atMinute, l.Minute)
	r.put16(atDate, min(max(-1<<15, l.DateOffset), 1<<15-1))
	r.put16(atRecalls, min(l.Recalls, 1<<16-1))
	r[atOutcome] = byte(l.Outcome)
	r[atChannel] = byte(l.Channel)
	r[atGiven] = byte(1 + slices.Index(queue.Outcomes[:], l.Given))
	r[atCategory] = byte(1 + slices.Index(queue.Categories[:], l.Category))
}
