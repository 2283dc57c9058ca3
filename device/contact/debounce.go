package contact

import "time"

// samplesPerRest is how many times a contact is looked at while it rests. Each
// look counts for at most its share of the rest, so that a program that was
// held up between two looks does not take two for a whole rest.
const samplesPerRest = 4

// An Event is what one look at a contact brought to light.
type Event uint8

// The events. Most looks bring none.
const (
	Nothing  Event = iota
	Pressed        // the contact has rested closed, after having rested open
	Released       // the contact has rested open, after having rested closed
	Stuck          // the contact has been closed for too long; once, until it is released
)

// A position is where a Debouncer believes that the contact rests.
type position uint8

const (
	positionUnknown position = iota // since the start it has not rested anywhere
	positionOpen
	positionClosed
)

// A Debouncer turns looks at a bouncing contact into presses. It is a pure
// state machine: time comes in as a value, edges are not needed, and levels
// that were missed between two looks do no harm.
//
// Its promise: however a contact chatters, two presses are never reported
// without a rest open between them, nor one without a rest closed; so a train
// of bounces shorter than Settle yields at most the one press it belongs to.
// A contact that is closed from the start is not a press: nobody knows when it
// was closed.
type Debouncer struct {
	settle, stuck time.Duration

	believed position
	level    bool          // of the last look
	last     time.Time     // when that was; zero before the first
	since    time.Time     // first look of the run of equal levels
	rested   time.Duration // proven length of that run, at most settle
	closedAt time.Time     // when the contact that is believed closed was closed
	alarmed  bool          // Stuck was given
	leaving  bool          // it left where it was believed to rest, and has not rested since
	bounced  bool          // the last look found it back there
}

// NewDebouncer makes a debouncer for one contact. Settle is how long the
// contact must rest, stuck how long it may be closed before Stuck; both
// must be positive.
func NewDebouncer(settle, stuck time.Duration) *Debouncer {
	return &Debouncer{settle: settle, stuck: stuck}
}

// Sample takes a look: at the time now the contact was closed, or not. Times
// must not run backwards; one that does counts as no time passed.
func (d *Debouncer) Sample(now time.Time, closed bool) Event {
	event := d.look(now, closed)
	d.bounced = d.leaving && d.Settled() && event == Nothing
	d.leaving = d.believed != positionUnknown && !d.Settled()
	return event
}

// Bounced says whether the last look brought a bounce to light: the contact had
// left where it rests and is back, or an edge, if one made us look, changed
// nothing. A press and a release are none, however many looks they take.
func (d *Debouncer) Bounced(edge bool) bool { return d.bounced || edge && d.Settled() }

func (d *Debouncer) look(now time.Time, closed bool) Event {
	if d.last.IsZero() || closed != d.level {
		d.level, d.since, d.last, d.rested = closed, now, now, 0
		return Nothing
	}
	share := min(max(now.Sub(d.last), 0), d.Step())
	d.rested = min(d.rested+share, d.settle)
	d.last = now
	switch {
	case d.rested < d.settle:
		return Nothing
	case closed && d.believed != positionClosed:
		return d.close()
	case !closed && d.believed != positionOpen:
		return d.open()
	case closed && !d.alarmed && now.Sub(d.closedAt) >= d.stuck:
		d.alarmed = true
		return Stuck
	}
	return Nothing
}

func (d *Debouncer) close() Event {
	before := d.believed
	d.believed, d.closedAt = positionClosed, d.since
	if before == positionUnknown {
		return Nothing
	}
	return Pressed
}

func (d *Debouncer) open() Event {
	before := d.believed
	d.believed, d.alarmed = positionOpen, false
	if before == positionUnknown {
		return Nothing
	}
	return Released
}

// ClosedAt is when the contact of the last Pressed closed for good: the
// first look that found it closed and was not contradicted.
func (d *Debouncer) ClosedAt() time.Time { return d.closedAt }

// Settled says that the contact rests where it is believed to be. Otherwise it
// is to be looked at again after Wait, edge or no edge.
func (d *Debouncer) Settled() bool {
	return d.believed == positionOpen && !d.level || d.believed == positionClosed && d.level
}

// Wait is how long after now the next look is due at the latest; idle is the
// answer when nothing is going on.
func (d *Debouncer) Wait(now time.Time, idle time.Duration) time.Duration {
	if !d.Settled() {
		return d.Step()
	}
	if d.believed == positionClosed && !d.alarmed {
		left := d.stuck - now.Sub(d.closedAt)
		return min(max(left, d.Step()), idle)
	}
	return idle
}

// Step is how long after a look the next is due while the contact does not rest.
func (d *Debouncer) Step() time.Duration { return max(d.settle/samplesPerRest, 1) }
