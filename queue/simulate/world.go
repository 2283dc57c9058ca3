package simulate

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// Do carries a command out and answers with the office after it, as
// queue.State.Step does: the events that it caused, or a refusal with the
// office unchanged. The state is never nil.
type Do func(now queue.Now, c queue.Command) (*queue.State, []queue.Event, error)

// A World is the people of an office: citizens and clerks. See the package
// comment for who drives it and from which goroutine.
type World struct {
	options Options
	setup   queue.Setup // as last seen
	habits  []habit
	zone    *time.Location
	quota   map[calendar.Date]int // visits by day, when their sum is given

	state   *queue.State // as last seen; nil before the first Act
	plan    queue.DayPlan
	date    calendar.Date
	daySeed int64 // days since 1970, for the streams of the day
	todo    agenda
	clerks  []*clerk
	busy    map[queue.OutletID]int64 // until when each printer prints
	empty   map[queue.OutletID]bool  // printers without paper
	done    bool

	citizensOff, clerksOff atomic.Bool
	mu                     sync.Mutex
	byHand                 map[queue.DeskID]bool
}

// New is the world of an office from Options.From on. The setup is what the
// world expects before it sees the office; later it follows the setup in force.
func New(setup queue.Setup, o Options) (*World, error) {
	o, err := o.complete(setup)
	if err != nil {
		return nil, err
	}
	w := &World{options: o, setup: setup, byHand: map[queue.DeskID]bool{}}
	if o.Visits > 0 {
		from, err := calendar.BusinessDate(setup, o.From)
		if err != nil {
			return nil, fmt.Errorf("planning the visits: %w", err)
		}
		if w.quota, err = quotas(setup, o, from); err != nil {
			return nil, err
		}
	}
	if err := w.dawn(o.From); err != nil {
		return nil, err
	}
	return w, nil
}

// Period is the world of whole days, from and to included, in which exactly
// that many tickets are asked for. The reference period is 1 December 2009 to
// 1 May 2010 with 23,037 visits on 124 open days. Further options may be given
// by changing o; its From, To and Visits are set here.
func Period(setup queue.Setup, o Options, from, to calendar.Date, visits int) (*World, error) {
	plan, err := calendar.PlanOn(setup, from)
	if err != nil {
		return nil, fmt.Errorf("planning the first day: %w", err)
	}
	o.From, o.To, o.Visits = plan.Begins, to, visits
	return New(setup, o)
}

// Next is the office time, in milliseconds since 1970 UTC, at which somebody
// acts next; ok is false when the last day is over.
func (w *World) Next() (at int64, ok bool) {
	if w.done {
		return 0, false
	}
	if at, ok := w.todo.next(); ok && at < w.plan.Ends {
		return at, true
	}
	return w.plan.Ends, true
}

// Act lets everybody act whose time has come by the office's clock at now. It
// may be called early, late or again. Its error is a fault of whatever is
// behind do, never a refusal of the office.
func (w *World) Act(now queue.Now, do Do) error { return w.actBy(0, now, do) }

// actBy is Act for people whose own watches are right while the clock of the box
// may not be: people is the true office time, 0 what the office's clock says.
func (w *World) actBy(people int64, now queue.Now, do Do) error {
	if w.done {
		return nil
	}
	t := &turn{w: w, now: now, do: do}
	// A tick changes nothing that is not due, and shows the office as it is.
	if _, err := t.command(queue.Tick{}); err != nil {
		return err
	}
	if t.office = people; people == 0 {
		t.office = w.state.OfficeTime(now)
	}
	if t.office < w.plan.Begins || t.office >= w.plan.Ends {
		if err := w.dawn(t.office); err != nil {
			return err
		}
	}
	for t.err == nil {
		at, ok := w.todo.next()
		if !ok || at > t.office {
			break
		}
		t.late = t.office - at
		w.todo.take().run(t)
	}
	return t.err
}

// SetCitizens switches the arrivals on or off; who is in the hall stays. From
// any goroutine.
func (w *World) SetCitizens(on bool) { w.citizensOff.Store(!on) }

// SetClerks switches all clerks on or off: when off they let go of keyboard
// and keypad, and desks stay as they are. From any goroutine.
func (w *World) SetClerks(on bool) { w.clerksOff.Store(!on) }

// SetByHand leaves one desk to a person at its console: the simulated clerk
// lets go of it for as long as byHand is true. From any goroutine.
func (w *World) SetByHand(desk queue.DeskID, byHand bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.byHand[desk] = byHand
}

func (w *World) isByHand(desk queue.DeskID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.byHand[desk]
}

// dawn plans the business day that holds an office instant: who will come,
// who will work. Whatever is past by then does not happen.
func (w *World) dawn(officeTime int64) error {
	if w.state != nil && w.state.HasSetup() {
		w.setup = w.state.Setup()
	}
	plan, err := calendar.Plan(w.setup, officeTime)
	if err != nil {
		return fmt.Errorf("planning the day: %w", err)
	}
	if w.zone, err = calendar.Zone(w.setup); err != nil {
		return fmt.Errorf("planning the day: %w", err)
	}
	if w.date, err = calendar.ParseDate(plan.Date); err != nil {
		return fmt.Errorf("planning the day: %w", err)
	}
	w.plan, w.todo, w.clerks = plan, agenda{}, nil
	w.busy, w.empty = map[queue.OutletID]int64{}, map[queue.OutletID]bool{}
	w.daySeed = int64(calendar.Date{Year: 1970, Month: time.January, Day: 1}.DaysUntil(w.date))
	w.habits = habitsOf(w.setup)
	if (w.options.To != calendar.Date{}) && w.options.To.Before(w.date) {
		w.done = true
		return nil
	}
	w.planPrinters(officeTime)
	w.planArrivals(officeTime)
	w.planClerks(officeTime)
	w.planContacts(officeTime)
	w.planMishaps(officeTime)
	return nil
}

// A turn is one moment at which people act.
type turn struct {
	w      *World
	now    queue.Now
	office int64 // the people's time: that of the office, as long as its clock is right
	late   int64 // how long after its time the present action comes
	do     Do
	err    error // a fault of the machine; ends the turn
}

// command carries a command out. The error is a refusal, or a fault of the
// machine that also ends the turn.
func (t *turn) command(c queue.Command) ([]queue.Event, error) {
	if t.err != nil {
		return nil, t.err
	}
	state, events, err := t.do(t.now, c)
	if state != nil {
		t.w.state = state
	}
	switch {
	case err != nil && !isRefusal(err):
		t.err = fmt.Errorf("simulating %T: %w", c, err)
		return nil, t.err
	case t.w.state == nil:
		t.err = fmt.Errorf("%w: Do answered without a state", ErrBadOptions)
		return nil, t.err
	case err != nil:
		if _, tick := c.(queue.Tick); tick {
			return nil, nil
		}
		return nil, err
	}
	return events, nil
}

// in writes down what somebody does later.
func (t *turn) in(ms int64, run func(*turn)) { t.w.todo.add(t.office+max(0, ms), run) }
