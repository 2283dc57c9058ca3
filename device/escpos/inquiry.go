package escpos

import (
	"time"

	"eliminacode/device/keep"
)

// An inquiry keeps the real-time status of a printer fresh, and knows the
// printer's health by it. One question is under way at a time, since the answers
// do not say which question they belong to.
//
// Invariants: while asked is not 0 its answer is due by replyBy; cycle holds what
// is asked after it, and is empty at the end of one; the next cycle begins at the
// instant at. freshAt is when a cycle was last answered to its end, or the
// printer reported everything by itself.
type inquiry struct {
	p     *Printer
	signs signs

	asked   byte // operand of the DLE EOT that awaits its answer, 0 for none
	replyBy time.Time
	cycle   []byte
	whole   bool      // the cycle asks everything
	began   time.Time // when the cycle did
	at      time.Time
	misses  int // questions without an answer in a row
	freshAt time.Time
	wholeAt time.Time // when everything was last answered
	reports bool      // it has reported a change by itself
	held    bool      // stopped, and flow control holds the questions back
}

// A business is what else goes on while questions are asked.
type business struct {
	ticket   bool // a ticket is under way
	storing  bool // the printer writes its memory, and may be deaf
	speaking bool // a command is only half out: nothing else may be sent
	probing  bool // a probe awaits its answer
	paper    bool // an answer to GS r is awaited
	settled  bool // the way of confirming is known
}

// step says which question to send now, 0 for none, and whether the one before
// had no answer that should have had one.
func (q *inquiry) step(now time.Time, b business) (ask byte, missed bool) {
	switch {
	case b.speaking:
		return 0, false
	case q.asked != 0 && now.Before(q.replyBy):
		return 0, false
	case q.asked != 0:
		return 0, q.miss(now, b)
	case len(q.cycle) > 0:
	case q.barred(b) || now.Before(q.at):
		return 0, false
	default:
		q.begin(now, b)
	}
	return q.ask(now, b), false
}

// due is when the next step is, zero when that depends on others.
func (q *inquiry) due(b business) time.Time {
	switch {
	case b.speaking:
		return time.Time{}
	case q.asked != 0:
		return q.replyBy
	case q.barred(b):
		return time.Time{}
	default:
		return q.at
	}
}

// answerBy is when the answer to a question is due, zero when none is awaited.
func (q *inquiry) answerBy(b business) time.Time {
	if b.speaking || q.asked == 0 {
		return time.Time{}
	}
	return q.replyBy
}

// barred: an answer with loose bits looks like the answer to GS r, so the two
// must not be awaited together.
func (q *inquiry) barred(b business) bool { return b.paper && !q.p.profile.StrictStatusBits }

// begin chooses what to ask. A printer that reports changes by itself is asked
// only whether it is on line, which covers every reason to stop and keeps an
// idle box asleep; everything is asked when it is not, and now and then.
func (q *inquiry) begin(now time.Time, b business) {
	full := q.p.profile.FullStatus
	q.began = now
	q.whole = !q.reports || !q.signs.complete() || q.signs.stopped() || b.ticket || full ||
		now.Sub(q.wholeAt) >= q.p.pace(wholeEvery, time.Second)
	q.cycle = []byte{askPrinter}
	if q.whole {
		q.cycle = append(q.cycle, askOffline, askError, askPaper)
	}
	if full {
		q.cycle = append(q.cycle, askFull)
	}
}

// ask takes the next question of the cycle.
func (q *inquiry) ask(now time.Time, b business) byte {
	q.asked, q.cycle = q.cycle[0], q.cycle[1:]
	q.replyBy = now.Add(q.p.patience(replyWithin, replyLeast))
	if rest := q.beat(now); !b.ticket && !b.storing && b.settled && q.misses == 0 && !q.signs.stopped() && rest.After(q.replyBy) {
		// At rest, when the next one is due is soon enough, and needs no timer of
		// its own.
		q.replyBy = rest
	}
	return q.asked
}

// beat is the next instant for a question at rest.
func (q *inquiry) beat(now time.Time) time.Time {
	return now.Add(keep.UntilBeat(now, q.p.pace(pollIdle, pollLeast)))
}

// soon brings the next cycle forward to t.
func (q *inquiry) soon(t time.Time) {
	if t.Before(q.at) {
		q.at = t
	}
}

// everything has all questions asked at the instant t.
func (q *inquiry) everything(t time.Time) { q.at, q.wholeAt = t, time.Time{} }

// forget is for a printer that may be started anew: nothing said before counts.
func (q *inquiry) forget(at time.Time) {
	q.asked, q.misses, q.cycle = 0, 0, nil
	q.signs.known = [5]bool{}
	q.at = at
}

// awaits says which answers a decoder should expect: a one-byte real-time one,
// and a full status.
func (q *inquiry) awaits() (realTime, full bool) {
	return q.asked >= askPrinter && q.asked <= askPaper, q.asked == askFull
}

// realTime takes the answer to DLE EOT 1 to 4, and full that to DLE EOT 20. They
// report whether the cycle is at its end.
func (q *inquiry) realTime(now time.Time, b business, answer byte) (ended bool) {
	if expected, _ := q.awaits(); !expected {
		return false
	}
	q.signs.realTime(q.asked, answer)
	return q.answered(now, b)
}

func (q *inquiry) full(now time.Time, b business, frame [4]byte) (ended bool) {
	if q.asked != askFull {
		return false
	}
	q.signs.full(frame)
	return q.answered(now, b)
}

func (q *inquiry) answered(now time.Time, b business) (ended bool) {
	q.asked, q.misses = 0, 0
	if len(q.cycle) > 0 {
		return false
	}
	if !q.whole && q.signs.has(offline) {
		// It stopped and did not say why.
		q.everything(now)
		return false
	}
	q.freshAt = now
	if q.whole {
		q.wholeAt = now
	}
	if b.ticket || b.probing || q.signs.stopped() && !q.reports {
		q.at = now.Add(q.p.pace(pollFlight, pollLeast))
	} else {
		q.at = q.beat(now)
	}
	return true
}

// automatic takes what the printer reports by itself.
func (q *inquiry) automatic(now time.Time, frame [4]byte) {
	q.reports = true
	q.signs.automatic(frame)
	if q.signs.complete() {
		q.freshAt = now
	}
}

// miss notes that a question had no answer in time, and reports whether that is
// a fault.
func (q *inquiry) miss(now time.Time, b business) bool {
	q.asked, q.cycle = 0, nil
	// An answer that is merely late must not pass for the next question's.
	q.at = now.Add(q.p.pace(replyWithin, replyLeast))
	switch {
	case b.storing:
		return false
	case q.reports && q.signs.stopped():
		// With the switch "busy when off line" the printer's flow control
		// keeps our questions in the port while it is stopped. It told us why
		// by itself and will tell us when it is over.
		q.held = true
		q.at = now.Add(q.p.pace(pollHeld, time.Second))
		return false
	}
	q.misses++
	return true
}

// fresh reports whether a slip may begin on the status: a clean one, at most 2 s
// old, and no answer under way that would say more.
func (q *inquiry) fresh(now time.Time) bool {
	age := now.Sub(q.freshAt)
	return q.signs.complete() && !q.signs.stopped() && age < freshFor && (q.asked == 0 || age < freshFor/2)
}

// wonders reports whether the printer is off line and the answers that say why
// are still to come: what is shown waits for them.
func (q *inquiry) wonders() bool {
	asking := q.asked != 0 || len(q.cycle) > 0 || q.wholeAt.IsZero()
	return q.signs.complete() && q.signs.unexplained() && asking && !q.held
}

// proves reports whether the cycle that has ended shows a ticket printed, which
// would be out at the instant settled at the latest: it began after that, asked
// everything, and shows nothing wrong and nothing moving.
func (q *inquiry) proves(settled time.Time) bool {
	return q.whole && !q.began.Before(settled) && !q.signs.stopped() &&
		!q.signs.has(moving)
}
