package simulate

import (
	"fmt"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// Options say which days a World lives and how busy they are. The zero value
// of each field is a sensible choice, said beside it.
type Options struct {
	Seed uint64
	// From is the office time, in milliseconds since 1970 UTC, at which the
	// world begins; in the middle of a day it begins with the clerks at work
	// and the hall empty.
	From int64
	// To is the last day; zero is no end.
	To calendar.Date
	// Visits is how many tickets are asked for in all, on the open days to To;
	// 0 leaves the number of each day to chance, around VisitsPerDay.
	Visits int
	// Crowd is how many people come, besides, in the first minutes after From:
	// those who would be in the hall already had the world begun earlier.
	Crowd int
	// VisitsPerDay is the mean over the open days; 0 is 186, or 13 a desk in
	// offices of fewer than 14 desks.
	VisitsPerDay float64
	// Staff is how many clerks there are for two shifts; 0 is 15, or one more
	// than the desks where there are fewer than 14.
	Staff int
	// Conduct is how people behave; nil is DefaultConduct, in a Trial TrialConduct.
	Conduct *Conduct
	// Paper is the printer's model; nil leaves printing to a real printer.
	Paper *Paper
	// Mishaps say what goes wrong; nil is nothing.
	Mishaps *Mishaps
}

// A Conduct is how citizens and clerks behave, as shares of tickets (0..1).
type Conduct struct {
	Priority float64 // have precedence
	// Appointment have one, and come near its time; the others are walk-ins.
	Appointment float64
	Absent      float64 // gone when called, however short the wait
	Unheard     float64 // come only when called again
	Transfer    float64 // are sent on to another service
	Park        float64 // are put aside once, to fetch or fill in something
	Cancel      float64 // give their ticket back while they wait
	ByNumber    float64 // calls out of order, where the office allows it
	Undo        float64 // calls that the clerk takes back at once
	PutBack     float64 // calls by mistake of somebody else, put back into the queue
	Late        float64 // no-shows who turn up later and ask at the reception
	Hasty       float64 // calls at a keypad after which the clerk does not wait for who does not come; on a page, double clicks
	Regret      float64 // cancelled tickets that the reception brings back
	Unqualified float64 // duties of clerks who may not serve one service of their desk
	Granted     float64 // are given priority by the reception while they wait
	Told        float64 // have their category and outcome written down
	Contacts    float64 // come to the reception besides, and need no ticket
	Several     float64 // come for more than one service, with one ticket
	AtDesk      float64 // times that a free desk serves somebody who has no ticket
	Replanned   float64 // find out while they wait that they need one more, or one less
	// PatienceMs is the median of how long people stay before they leave
	// without a word; 0 is for ever.
	PatienceMs int64
}

// DefaultConduct is the conduct of the reference office.
func DefaultConduct() Conduct {
	return Conduct{
		Priority: 0.06, Appointment: 0.04, Absent: 0.02, Unheard: 0.05, Transfer: 0.035, Park: 0.02,
		Cancel: 0.007, ByNumber: 0.004, PatienceMs: 75 * minuteMs,
		Undo: 0.005, PutBack: 0.003, Late: 0.35, Hasty: 0.3, Regret: 0.25, Contacts: 0.10,
		Unqualified: 0.05, Granted: 0.01, Told: 0.5,
	}
}

// TrialConduct is the default of a Trial. In the reference office, whose waits are
// known, everybody takes a ticket and comes for one service; here some come for
// several, and some go to a desk that is free.
func TrialConduct() Conduct {
	c := DefaultConduct()
	c.Several, c.Replanned, c.AtDesk = 0.05, 0.02, 0.02
	return c
}

// Paper is a simple model of the printers, one at each outlet: a ticket after
// the other, each within some time.
type Paper struct {
	FastestMs, SlowestMs int64   // to print one ticket
	Failed, Unknown      float64 // shares (0..1) of jobs that end so
}

// DefaultPaper is a healthy printer.
func DefaultPaper() *Paper { return &Paper{FastestMs: 700, SlowestMs: 1_500} }

// WornPaper is a printer near its end.
func WornPaper() *Paper {
	return &Paper{FastestMs: 700, SlowestMs: 2_500, Failed: 0.004, Unknown: 0.003}
}

const (
	secondMs = int64(1_000)
	minuteMs = 60 * secondMs
	hourMs   = 60 * minuteMs
)

// complete fills in the choices that were left open.
func (o Options) complete(setup queue.Setup) (Options, error) {
	if o.Conduct == nil {
		c := DefaultConduct()
		o.Conduct = &c
	}
	desks := len(setup.Desks)
	if o.VisitsPerDay == 0 {
		o.VisitsPerDay = min(186, 13*float64(desks))
	}
	if o.Staff == 0 {
		o.Staff = min(15, desks+1)
	}
	switch {
	case o.Crowd < 0 || o.Visits < 0 || o.VisitsPerDay < 0 || o.Staff < 0:
		return o, fmt.Errorf("%w: visits, visits a day and staff are %d, %v and %d; none of them may be below 0", ErrBadOptions, o.Visits, o.VisitsPerDay, o.Staff)
	case o.Visits > 0 && o.To == calendar.Date{}:
		return o, fmt.Errorf("%w: %d visits need a last day; set To", ErrBadOptions, o.Visits)
	case o.Paper != nil && (o.Paper.FastestMs < 0 || o.Paper.SlowestMs < o.Paper.FastestMs):
		return o, fmt.Errorf("%w: printing takes %d to %d ms; write the shorter time first", ErrBadOptions, o.Paper.FastestMs, o.Paper.SlowestMs)
	}
	return o, o.Mishaps.validate()
}
