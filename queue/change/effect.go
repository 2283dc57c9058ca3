package change

import (
	"errors"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// An Effect is what it means to put a setup in force.
type Effect struct {
	Differences []Difference
	// Faults are what must be mended first; Notices what may be meant.
	Faults, Notices queue.Faults
	// WeekBefore and WeekAfter are how long the office is open in an ordinary
	// week, in minutes; WeekBefore is 0 before the first setup.
	WeekBefore, WeekAfter int
	// Refused is the core's refusal, as when a series would give a number that
	// somebody holds; nil when it would do it now.
	Refused error
	// Asks is what it would leave now, so that the core does it for who is sure alone.
	Asks []queue.Left
	// Waiting are the services whose people feel it, in the order of the setup
	// in force; a change for a later day is felt by nobody who waits now.
	Waiting []Felt
	// Desks are those that are open, and either are there no more or would call
	// another one next.
	Desks []DeskFelt
	// Stranded are the appointments that lose their hours, service or desk, by when
	// they are due: those of today, which are all that the state knows.
	Stranded []Stranded
	// Turn is what it makes of the office's date; nil when that stays.
	Turn *Turn
}

// A Stranded is an expected appointment that a change leaves without hours, service
// or desk. Its holder can still check in today, and is called by the desks that served
// the service.
type Stranded struct {
	queue.Booking
	Name string // of the service
	// Removed: the service is there no more. DeskRemoved: the desk that alone may call
	// it is there no more; Label is what it is called. With neither, it is due when its
	// service is not open.
	Removed, DeskRemoved bool
	Label                string
}

// Valid tells whether the setup may be put in force at all.
func (e Effect) Valid() bool { return len(e.Faults) == 0 }

// A Felt is what changes for those who wait for one service.
type Felt struct {
	Service queue.ServiceID
	Name    string
	People  int // who wait for it
	// Removed: the service is there no more; its last open one ends it.
	Removed bool
	// DesksBefore and DesksAfter are how many open desks serve it.
	DesksBefore, DesksAfter int
	// StandardBefore and StandardAfter are its standards, in milliseconds.
	StandardBefore, StandardAfter int64
	// Stops: it gives numbers now, and would give none from now on; Opens is when it would
	// again today, as office time in milliseconds, 0 when not today.
	// Why is what the core would refuse a number with then; nil while it stops by its hours.
	Stops bool
	Opens int64
	Why   error
	// Expired are how many of them expire at once. Uncalled: nobody calls the others.
	Expired  int
	Uncalled bool
	// Sooner and Later are how many of them get fewer people before them, or
	// more. At most LookedAt of all who wait are looked at.
	Sooner, Later int
	// ExpireBefore and ExpireAfter are when the last of those who wait expires, should
	// nobody be called, as office time in milliseconds; 0 where nobody waits.
	ExpireBefore, ExpireAfter int64
}

// LookedAt is how many people's places are compared, the first of each queue.
const LookedAt = 300

// A DeskFelt is an open desk that goes on otherwise.
type DeskFelt struct {
	Desk    queue.DeskID
	Label   string
	Removed bool // it closes when it holds no ticket
	// Before and After are the numbers that it would call next; empty is none.
	Before, After string
}

// Of is the effect of a setup on the office as it is now.
func Of(state *queue.State, now queue.Now, after queue.Setup) Effect {
	before := state.Setup()
	e := Effect{Faults: office.Faults(after), Differences: Between(before, after)}
	if state.HasSetup() {
		e.WeekBefore, _ = calendar.WeeklyMinutes(before)
	}
	if !e.Valid() {
		return e
	}
	e.Notices = office.Notices(after)
	e.WeekAfter, _ = calendar.WeeklyMinutes(after)
	plan, err := calendar.Plan(after, state.OfficeTime(now))
	if err != nil {
		e.Refused = err
		return e
	}
	command := queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: after, Plan: plan}
	next, _, err := state.Step(now, command)
	var asks queue.UnattendedError
	if errors.As(err, &asks) {
		e.Asks, command.Sure = asks.Left, true
		next, _, err = state.Step(now, command)
	}
	if err != nil {
		e.Refused = err
		return e
	}
	if state.HasSetup() && state.Day().Open {
		e.Turn = turn(state, now, after)
		// What is due at once is done at once.
		if next.NeedsDay(now) {
			if opened, _, err := next.Step(now, queue.OpenDay{Plan: plan}); err == nil {
				next = opened
			}
		}
		if ticked, _, err := next.Step(now, queue.Tick{}); err == nil {
			next = ticked
		}
		e.feel(state, next, now)
		e.strand(state, after, plan)
	}
	return e
}

// strand finds the appointments that the office keeps now and would not keep with
// another setup and its plan of today.
func (e *Effect) strand(state *queue.State, after queue.Setup, plan queue.DayPlan) {
	if state.Plan().Provisional {
		return // nobody knows what day it is
	}
	for _, a := range state.Attendances() {
		if a.State != queue.AttendanceExpected || !open(*state.Plan(), a.Booking) {
			continue
		}
		x := Stranded{Booking: a.Booking, Name: string(a.Service)}
		if s, ok := state.Service(a.Service); ok {
			x.Name = s.Name // also of a service that an earlier change took away
		}
		if d, _, ok := state.Desk(a.Desk); ok {
			x.Label = d.Label
		}
		// What is gone already was told by the change that took it away.
		if _, there := named(state, a.Service); there {
			x.Removed = !slices.ContainsFunc(after.Services, func(s queue.Service) bool { return s.ID == a.Service })
		}
		if slices.ContainsFunc(state.Setup().Desks, func(d queue.Desk) bool { return d.ID == a.Desk }) {
			x.DeskRemoved = !slices.ContainsFunc(after.Desks, func(d queue.Desk) bool { return d.ID == a.Desk })
		}
		if x.Removed || x.DeskRemoved || !open(plan, a.Booking) {
			e.Stranded = append(e.Stranded, x)
		}
	}
}

// open tells whether a service is open when an appointment for it is due. When its last
// ticket is given does not matter: the appointment has its place.
func open(plan queue.DayPlan, a queue.Booking) bool {
	return slices.ContainsFunc(plan.Bands, func(b queue.Band) bool {
		b.StopIssue = 0
		return b.Covers(a.DueAt, a.Service)
	})
}

// feel compares the office as it is with the same office after the change.
func (e *Effect) feel(state, next *queue.State, now queue.Now) {
	left := LookedAt
	for _, x := range slices.Concat(state.Setup().Services, slices.Collect(state.RemovedServices())) {
		f := Felt{
			Service: x.ID, Name: x.Name, People: state.WaitingFor(x.ID),
			DesksBefore: openFor(state, x.ID), DesksAfter: openFor(next, x.ID),
			StandardBefore: x.StandardMs, StandardAfter: x.StandardMs,
		}
		was, _ := state.ServiceOpen(x.ID, now)
		is, opens := next.ServiceOpen(x.ID, now)
		f.Stops = was && !is
		if why := next.MayIssue(x.ID, queue.Ordinary, now); is && why != nil && state.MayIssue(x.ID, queue.Ordinary, now) == nil {
			f.Stops, f.Why = true, why
		}
		if f.Stops {
			f.Opens, f.Uncalled = opens, next.CallsStopped(now)
		}
		f.ExpireBefore, _ = lastOf(state, state, x.ID, now)
		f.ExpireAfter, f.Expired = lastOf(state, next, x.ID, now)
		if y, ok := named(next, x.ID); ok {
			f.StandardAfter = y.StandardMs
		} else {
			_, f.Removed = named(state, x.ID)
		}
		if f.People == 0 && (!f.Stops || f.Removed) {
			continue
		}
		for t := range state.Waiting(x.ID) {
			if left--; left < 0 || ended(next, t.ID) {
				break
			}
			switch was, is := state.Ahead(t.ID, now), next.Ahead(t.ID, now); {
			case is < was:
				f.Sooner++
			case is > was:
				f.Later++
			}
		}
		if f.changes() {
			e.Waiting = append(e.Waiting, f)
		}
	}
	for _, d := range state.Setup().Desks {
		_, at, ok := state.Desk(d.ID)
		if !ok || !at.Open {
			continue
		}
		f := DeskFelt{Desk: d.ID, Label: d.Label, Before: nextAt(state, now, d.ID)}
		f.Removed = !slices.ContainsFunc(next.Setup().Desks, func(y queue.Desk) bool { return y.ID == d.ID })
		if !f.Removed {
			f.After = nextAt(next, now, d.ID)
		}
		if f.Removed || f.Before != f.After {
			e.Desks = append(e.Desks, f)
		}
	}
}

// changes tells whether anything is other for those who wait.
func (f Felt) changes() bool {
	return f.Removed || f.Stops || f.Expired > 0 || f.DesksBefore != f.DesksAfter || f.StandardBefore != f.StandardAfter ||
		f.Sooner > 0 || f.Later > 0 || f.ExpireBefore != f.ExpireAfter
}

// lastOf is when the last of those who wait in a state for a service expires as the state
// goes on, which is after it: the core is asked at each instant of its plan. Expired are
// how many have already.
func lastOf(state, goesOn *queue.State, id queue.ServiceID, now queue.Now) (at int64, expired int) {
	var waiting []queue.TicketID
	for t := range state.Waiting(id) {
		if ended(goesOn, t.ID) {
			expired++
		} else {
			waiting = append(waiting, t.ID)
		}
	}
	plan := goesOn.Plan()
	for _, at := range slices.Concat(plan.BreakExpiries, []int64{plan.Expiry, plan.Ends}) {
		in := at - goesOn.OfficeTime(now)
		if in <= 0 || len(waiting) == 0 {
			continue
		}
		then := now
		then.Wall, then.Mono = then.Wall+in, then.Mono+in
		ticked, _, err := goesOn.Step(then, queue.Tick{})
		if err == nil && !slices.ContainsFunc(waiting, func(t queue.TicketID) bool { return !ended(ticked, t) }) {
			return at, expired
		}
	}
	return 0, expired
}

// ended tells whether a ticket has ended, also with its day.
func ended(state *queue.State, id queue.TicketID) bool {
	t := state.Ticket(id)
	return t == nil || t.State.Ended()
}

func nextAt(state *queue.State, now queue.Now, desk queue.DeskID) string {
	id, _, ok := state.Next(now, desk)
	if !ok {
		return ""
	}
	return state.Ticket(id).Number.Text
}

// named is a service of the setup in force.
func named(state *queue.State, id queue.ServiceID) (queue.Service, bool) {
	all := state.Setup().Services
	i := slices.IndexFunc(all, func(x queue.Service) bool { return x.ID == id })
	if i < 0 {
		return queue.Service{}, false
	}
	return all[i], true
}

// openFor counts the open desks whose profile has a service.
func openFor(state *queue.State, id queue.ServiceID) (n int) {
	for _, d := range state.Setup().Desks {
		_, at, ok := state.Desk(d.ID)
		serves := slices.Contains(d.Profile.First, id) || slices.Contains(d.Profile.Help, id)
		if ok && at.Open && !at.Paused && serves {
			n++
		}
	}
	return n
}
