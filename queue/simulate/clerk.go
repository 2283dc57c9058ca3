package simulate

import (
	"errors"
	"math/rand/v2"
	"slices"

	"eliminacode/queue"
)

// A clerk works one duty at one desk. What a clerk does next depends on what
// the office looks like then, not on what the clerk did before: other people
// may have called, closed or transferred at the same desk. A clerk whose desk
// somebody else closed has gone home.
type clerk struct {
	w       *World
	duty    duty
	nth     int
	r       *rand.Rand
	desk    queue.DeskID // empty before and after work
	by      queue.Cause
	may     []queue.ServiceID // that the clerk is qualified for at the desk; none is all
	onBreak bool
	rested  bool // had the break
	idle    bool // nobody to call; looks up now and then
	backlog []queue.TicketID
	plans   int // so that an older plan gives way to a newer one
}

const (
	lookUpMs   = 20 * secondMs // how often an idle clerk looks at the hall
	handsOffMs = 5 * secondMs  // how often a clerk who was sent off asks again
	callAgain  = 31 * secondMs // from a call to its recall, and on to the no-show
)

// at plans what the clerk does at an office time, instead of anything planned
// before.
func (c *clerk) at(officeTime int64, do func(*turn)) {
	c.plans++
	plan := c.plans
	c.w.todo.add(officeTime, func(t *turn) {
		switch {
		case c.plans != plan:
		case c.w.clerksOff.Load() || c.desk != "" && c.w.isByHand(c.desk):
			c.in(t, handsOffMs, do)
		default:
			do(t)
		}
	})
}

func (c *clerk) in(t *turn, ms int64, do func(*turn)) { c.at(t.office+max(0, ms), do) }

// begin takes a desk of the clerk's group that nobody uses, and opens it unless
// it was left open when the program ended.
func (c *clerk) begin(t *turn) {
	if t.office >= c.duty.to {
		return
	}
	if c.w.atWork() >= c.duty.strength {
		// Somebody of the shift before still serves a last ticket.
		c.in(t, 15*secondMs, c.begin)
		return
	}
	desk, keypad := c.freeDesk()
	if desk == "" {
		c.in(t, minuteMs, c.begin)
		return
	}
	c.desk, c.by = desk, queue.Cause{Kind: queue.ByConsole, Device: string(desk)}
	if keypad {
		c.by.Kind = queue.ByKeypad
	}
	c.may = c.qualified()
	switch _, now, _ := c.w.state.Desk(desk); {
	case now.Open && !now.Paused:
		c.in(t, between(c.r, 10*secondMs, 40*secondMs), c.work)
		return
	case keypad:
		// A keypad has no key to open its desk: the first NEXT does.
		c.callNext(t, 0)
		return
	}
	if _, err := t.command(queue.OpenDesk{By: c.by, Desk: desk, Account: c.duty.account, Qualified: c.may}); err != nil {
		c.desk = ""
		c.in(t, minuteMs, c.begin)
		return
	}
	c.in(t, between(c.r, 10*secondMs, 40*secondMs), c.work)
}

// qualified are the services of the desk that the clerk may serve, when they are
// not all: what the desk is there for before all else is always among them.
func (c *clerk) qualified() []queue.ServiceID {
	d, _, _ := c.w.state.Desk(c.desk)
	all := slices.Concat(d.Profile.First, d.Profile.Help)
	if c.r.Float64() >= c.w.options.Conduct.Unqualified || len(all) < 2 {
		return nil
	}
	i := 1 + c.r.IntN(len(all)-1)
	return slices.Delete(all, i, i+1)
}

// freeDesk finds a desk at which nobody works; each fourth desk has a keypad and no screen.
// The search begins elsewhere each day, so that all desks are used.
func (c *clerk) freeDesk() (id queue.DeskID, keypad bool) {
	desks := c.w.setup.Desks
	for i := range desks {
		nth := (i + int(c.w.daySeed)*5) % len(desks)
		d := desks[nth]
		now, _, ok := c.w.state.Desk(d.ID)
		if !ok || now.Group != c.duty.group || c.w.isByHand(d.ID) {
			continue
		}
		if !slices.ContainsFunc(c.w.clerks, func(other *clerk) bool { return other.desk == d.ID }) {
			return d.ID, nth%4 == 3
		}
	}
	return "", false
}

// atWork counts the clerks that have a desk.
func (w *World) atWork() int {
	n := 0
	for _, c := range w.clerks {
		if c.desk != "" {
			n++
		}
	}
	return n
}

// retire ends the clerk's work, whoever closed the desk.
func (c *clerk) retire() { c.desk, c.idle = "", false }

// work looks at the desk and does what comes next.
func (c *clerk) work(t *turn) {
	c.idle = false
	_, desk, ok := c.w.state.Desk(c.desk)
	switch {
	case !ok, !desk.Open:
		c.retire()
	case desk.Paused && !c.onBreak:
		// Somebody else sent the desk into a break; it is theirs to end.
		c.in(t, lookUpMs, c.work)
	case desk.Ticket != 0:
		c.hold(t, desk.Ticket)
	case c.leaving(t):
		// A refusal means that the desk is closed already.
		_, _ = t.command(queue.CloseDesk{By: c.by, Desk: c.desk})
		c.retire()
	case c.wantsBreak(t):
		c.rest(t)
	case c.resume(t):
	case c.issueAtDesk(t):
	default:
		c.callNext(t, 0)
	}
}

// issueAtDesk serves somebody who comes to the desk without a ticket. A keypad has
// no key for it.
func (c *clerk) issueAtDesk(t *turn) bool {
	share := c.w.options.Conduct.AtDesk
	if share == 0 || c.by.Kind == queue.ByKeypad || c.r.Float64() >= share {
		return false
	}
	desk, _, _ := c.w.state.Desk(c.desk)
	serves := slices.Concat(desk.Profile.First, desk.Profile.Help)
	if len(serves) == 0 {
		return false
	}
	// A refusal means that the service gives no numbers now.
	events, err := t.command(queue.IssueAtDesk{By: c.by, Desk: c.desk, Service: serves[c.r.IntN(len(serves))]})
	if err != nil {
		return false
	}
	c.hold(t, queue.IssuedIn(events))
	return true
}

// leaving tells whether the shift is over for the clerk: the last of the day
// serve who is in the hall, for a while.
func (c *clerk) leaving(t *turn) bool {
	if t.office < c.duty.to {
		return false
	}
	if !c.duty.last || t.office >= c.duty.stayTo {
		return true
	}
	_, _, waits := c.w.state.Next(t.now, c.desk)
	return !waits
}

func (c *clerk) wantsBreak(t *turn) bool {
	return c.duty.breakAt != 0 && !c.rested && t.office >= c.duty.breakAt && t.office+c.duty.breakMs < c.duty.to
}

func (c *clerk) rest(t *turn) {
	c.rested = true
	if _, err := t.command(queue.PauseDesk{By: c.by, Desk: c.desk, Why: "break"}); err != nil {
		c.in(t, secondMs, c.work)
		return
	}
	c.onBreak = true
	c.in(t, c.duty.breakMs, c.back)
}

func (c *clerk) back(t *turn) {
	c.onBreak = false
	if c.by.Kind == queue.ByKeypad {
		c.callNext(t, 0)
		return
	}
	// A refusal shows in the desk's state, at which work looks.
	_, _ = t.command(queue.OpenDesk{By: c.by, Desk: c.desk, Account: c.duty.account, Qualified: c.may})
	c.in(t, between(c.r, 5*secondMs, 20*secondMs), c.work)
}

// resume takes back a parked visit whose holder has returned.
func (c *clerk) resume(t *turn) bool {
	for len(c.backlog) > 0 {
		id := c.backlog[0]
		c.backlog = c.backlog[1:]
		if ticket := c.w.state.Ticket(id); ticket == nil || ticket.State != queue.Parked {
			continue
		}
		if _, err := t.command(queue.ResumeTicket{By: c.by, Desk: c.desk, Ticket: id}); err == nil {
			c.hold(t, id)
			return true
		}
	}
	return false
}

// callNext finishes what the desk holds and calls; with nobody waiting the
// clerk is idle.
func (c *clerk) callNext(t *turn, finishing queue.TicketID) {
	if c.byNumber(t, finishing) {
		return
	}
	next := queue.CallNext{By: c.by, Desk: c.desk, Finishing: finishing}
	if held := c.w.state.Ticket(finishing); held != nil && held.State == queue.Serving {
		// Of who did not come nothing came, and a keypad has no key to tell it.
		next.Outcome = c.w.person(finishing).outcome
	}
	_, err := t.command(next)
	c.called(t, err)
	c.doubleClick(t, err)
}

// doubleClick presses AVANTI once more with the same click, where the page names
// already whom the first one called. Its refusal changes nothing.
func (c *clerk) doubleClick(t *turn, err error) {
	_, desk, _ := c.w.state.Desk(c.desk)
	if err == nil && c.by.Kind == queue.ByConsole && desk.Ticket != 0 && c.w.person(desk.Ticket).hasty {
		_, _ = t.command(queue.CallNext{By: c.by, Desk: c.desk, Finishing: desk.Ticket})
	}
}

// called looks at what a call has brought.
func (c *clerk) called(t *turn, err error) {
	if err != nil {
		pause := 2 * secondMs
		switch {
		case errors.Is(err, queue.ErrTooSoon):
			pause = 3 * secondMs
		case errors.Is(err, queue.ErrSuspended):
			pause = lookUpMs
		}
		c.in(t, pause, c.work)
		return
	}
	_, desk, _ := c.w.state.Desk(c.desk)
	if desk.Ticket == 0 {
		c.idle = true
		c.in(t, lookUpMs, c.work)
		return
	}
	c.hold(t, desk.Ticket)
}

// byNumber calls somebody out of order, rarely and where the office allows it:
// the second in the queue of one of the desk's services.
func (c *clerk) byNumber(t *turn, finishing queue.TicketID) bool {
	if !c.w.setup.Rules.CallByNumber || c.r.Float64() >= c.w.options.Conduct.ByNumber {
		return false
	}
	desk, _, _ := c.w.state.Desk(c.desk)
	for _, s := range desk.Profile.First {
		nth, chosen := 0, queue.TicketID(0)
		for ticket := range c.w.state.Waiting(s) {
			chosen = ticket.ID
			if nth++; nth == 2 {
				break
			}
		}
		if nth == 2 {
			_, err := t.command(queue.CallTicket{By: c.by, Desk: c.desk, Finishing: finishing, Ticket: chosen})
			c.called(t, err)
			return true
		}
	}
	return false
}

// wake makes an idle clerk notice that somebody came for a service.
func (w *World) wake(t *turn, service queue.ServiceID) {
	for _, c := range w.clerks {
		if !c.idle {
			continue
		}
		desk, _, _ := w.state.Desk(c.desk)
		if slices.Contains(desk.Profile.First, service) || slices.Contains(desk.Profile.Help, service) {
			c.idle = false
			c.in(t, between(c.r, 2*secondMs, 8*secondMs), c.work)
			return
		}
	}
}
