package view

import (
	"slices"
	"strconv"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// waitingShown is how many of those who wait for a service a console lists.
const waitingShown = 5

// A Seen tells on how many hall displays something is painted.
type Seen struct {
	Boards int `json:"boards"`
	Of     int `json:"of"`
}

// A Console is the page of one desk.
type Console struct {
	Office Heading `json:"office"`
	Day    Day     `json:"day"`
	Desk   string  `json:"desk"`
	Label  string  `json:"label"`
	Open   bool    `json:"open"`
	Paused bool    `json:"paused"`
	State  string  `json:"state"` // in words
	// Seen is what a command says that its sender saw of the desk, so that a
	// copy of it that comes late does nothing.
	Seen    string `json:"seen"`
	Holding *Held  `json:"holding,omitempty"`
	// Suspended says why nobody is called while the office is suspended; empty when
	// it is not. Day says it to the public.
	Suspended string `json:"suspended,omitempty"`
	// Next is the number that AVANTI would call, or empty.
	Next string `json:"next,omitempty"`
	// NextWhy says why that one and no other.
	NextWhy string       `json:"next_why,omitempty"`
	Waiting int          `json:"waiting"` // for this desk, help included; at a back office Own alone
	Queues  []ServiceRow `json:"lines"`
	// Others tells that the lines are those of other desks: a back office calls nobody
	// from them by AVANTI.
	Others bool   `json:"others,omitempty"`
	Own    []Wait `json:"own"` // sent to this desk alone
	// Sent tells, during a pause, how many were sent to this desk, and who calls them
	// meanwhile; empty when nobody was.
	Sent     string         `json:"sent,omitempty"`
	Parked   []Wait         `json:"parked"`
	Services []Choice       `json:"services"` // to transfer to
	Desks    []Choice       `json:"desks"`    // open ones, to transfer to
	Allow    ConsoleActions `json:"allow"`
	// ByNumber tells that the office lets a clerk call a number out of its turn.
	ByNumber bool `json:"-"`
	// Outcomes are what can come of a service, Pauses why a desk rests.
	Outcomes []Choice `json:"outcomes"`
	// Issues are the services for which the desk may give a number itself to who
	// stands at it without one; none while it holds a ticket.
	Issues []Choice `json:"issues,omitempty"`
	Pauses []Choice `json:"pauses"`
}

// A Held is the ticket that a desk has called or serves.
type Held struct {
	Ticket  string `json:"ticket"`
	Number  string `json:"number"`
	Spoken  string `json:"spoken"`
	Service string `json:"service"`
	State   string `json:"state"` // "called" or "serving"
	Words   string `json:"words"` // the state in words
	Since   int64  `json:"since"` // of the state, office time
	Class   string `json:"class,omitempty"`
	Recalls int    `json:"recalls"`
	Reason  string `json:"reason"`
	Seq     uint64 `json:"seq"` // of the call on the boards; 0 when off them
	Seen    Seen   `json:"seen"`
	Shown   string `json:"shown"` // Seen in words
	// Planned is what the visit is for besides, Plans what it may be planned for
	// instead, and ServeOn the next service, where this desk serves it too.
	Planned
	Plans   []Choice `json:"plans"`
	ServeOn *Choice  `json:"serve_on,omitempty"`
}

// A ServiceRow is the queue of one service.
type ServiceRow struct {
	Service    string `json:"service"`
	Name       string `json:"name"`
	Letters    string `json:"letters"`
	Help       bool   `json:"help,omitempty"` // served only when nobody else waits
	Waiting    int    `json:"waiting"`
	First      []Wait `json:"first"`             // the next ones
	Longest    *Wait  `json:"longest,omitempty"` // who has waited longest, of those whose turn may come
	StandardMs int64  `json:"standard_ms"`
	Standard   string `json:"standard"` // in words
}

// A Wait is somebody who waits.
type Wait struct {
	Ticket  string `json:"ticket"`
	Number  string `json:"number"`
	Service string `json:"service,omitempty"`
	// Since is the office time from which a page counts the wait on: that of
	// the present leg, without the hours in which the office was closed or
	// suspended. Of a parked ticket it is since when it is parked.
	Since int64 `json:"since"`
	// StandMs is the wait while it does not grow, since the office is closed
	// between two bands of its day, or suspended; else nil.
	StandMs *int64 `json:"stand_ms,omitempty"`
	Class   string `json:"class,omitempty"`
}

// A Choice is one row of a list to choose from.
type Choice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ConsoleActions tells which buttons do something now. They are a courtesy to
// the clerk: the core decides.
type ConsoleActions struct {
	Open         bool `json:"open"`
	Close        bool `json:"close"`
	Pause        bool `json:"pause"`
	Next         bool `json:"next"`
	Recall       bool `json:"recall"`
	Start        bool `json:"start"`
	Finish       bool `json:"finish"`
	NoShow       bool `json:"no_show"`
	Transfer     bool `json:"transfer"`
	Park         bool `json:"park"`
	CallByNumber bool `json:"call_by_number"`
	Undo         bool `json:"undo"`     // a call of a moment ago
	PutBack      bool `json:"put_back"` // one called by mistake
}

// SeenOf is what a command says that its sender saw of a desk.
func SeenOf(d queue.DeskState) string { return strconv.FormatUint(d.Seq, 10) }

// Console is the view of one desk; ok is false when there is none. seen counts
// the boards that have painted a sequence number.
func (l Look) Console(id queue.DeskID, seen func(seq uint64) Seen) (v Console, ok bool) {
	s := l.State
	desk, now, ok := s.Desk(id)
	if !ok {
		return Console{}, false
	}
	v = Console{
		Office: l.heading(), Day: l.day(), Desk: string(id), Label: desk.Label,
		Open: now.Open, Paused: now.Paused, State: l.tongue().Desk(now), Seen: SeenOf(now),
		Queues: []ServiceRow{}, Own: []Wait{}, Parked: []Wait{}, Services: []Choice{}, Desks: []Choice{},
	}
	v.ByNumber = s.Setup().Rules.CallByNumber
	works := now.Open && !now.Paused
	suspension, suspended := s.Suspended()
	if suspended {
		v.Suspended = l.tongue().Say("console.is-suspended", "why", l.tongue().SuspensionReason(suspension.Why))
	}
	v.Allow = ConsoleActions{
		Open: !works, Close: now.Open, Pause: works && now.Ticket == 0, Next: works && !suspended,
		CallByNumber: works && !suspended && v.ByNumber,
	}
	if t := s.Ticket(now.Ticket); t != nil {
		v.Holding = l.held(t, seen)
		if next := s.Planned(t); len(next) > 0 && (slices.Contains(desk.Profile.First, next[0]) || slices.Contains(desk.Profile.Help, next[0])) {
			v.Holding.ServeOn = &Choice{string(next[0]), v.Holding.Then[0]}
		}
		called := t.State == queue.Called
		v.Allow.Recall, v.Allow.NoShow, v.Allow.Start = called, called, called
		v.Allow.Finish, v.Allow.Transfer, v.Allow.Park = true, true, true
		v.Allow.Undo, v.Allow.PutBack = s.Undoable(id, l.Now) != 0, called
	}
	if next, why, found := s.Next(l.Now, id); found && !suspended {
		v.Next = number(s, next)
		v.NextWhy = l.tongue().Reason(why, v.Next, number(s, why.Passed))
	}
	for _, o := range queue.Outcomes {
		v.Outcomes = append(v.Outcomes, Choice{string(o), l.tongue().Outcome(o)})
	}
	for _, why := range queue.PauseReasons {
		v.Pauses = append(v.Pauses, Choice{why, l.tongue().PauseReason(why)})
	}
	setup := s.Setup()
	for _, x := range desk.Profile.First {
		v.addQueue(l, setup, x, false)
	}
	for _, x := range desk.Profile.Help {
		v.addQueue(l, setup, x, true)
	}
	// What was removed is shown until it is over: the desk calls for it.
	removed := s.RemovedServicesAt(id)
	for _, x := range removed.First {
		v.addQueue(l, setup, x, false)
	}
	for _, x := range removed.Help {
		v.addQueue(l, setup, x, true)
	}
	for t := range s.WaitingAt(id) {
		v.Own = append(v.Own, l.wait(t))
	}
	v.Waiting += len(v.Own)
	if desk.BackOffice {
		v.Others, v.Waiting = len(v.Queues) > 0, len(v.Own)
	}
	if n := s.SentTo(id); n > 0 && now.Paused {
		v.Sent = l.tongue().Say("console.sent-here", "count", n)
	}
	for t := range s.Parked() {
		v.Parked = append(v.Parked, l.wait(t))
	}
	for _, x := range setup.Services {
		v.Services = append(v.Services, Choice{string(x.ID), l.ServiceName(x)})
	}
	if works && now.Ticket == 0 {
		v.Issues = l.issues(desk)
	}
	// For several services in one visit: who stays here is called here again.
	v.Desks = append(v.Desks, Choice{string(id), l.tongue().Say("console.this-desk")})
	for _, d := range setup.Desks {
		if _, other, _ := s.Desk(d.ID); other.Open && d.ID != id {
			name := l.tongue().DeskName(d.Label)
			if other.Paused {
				name = l.tongue().Say("console.to-paused", "desk", name)
			}
			v.Desks = append(v.Desks, Choice{string(d.ID), name})
		}
	}
	return v, true
}

// issues are the services of a desk that give numbers there now.
func (l Look) issues(desk queue.Desk) (offered []Choice) {
	for _, id := range slices.Concat(desk.Profile.First, desk.Profile.Help) {
		if x, ok := l.State.Service(id); ok && l.State.MayIssueAtDesk(id, l.Now) == nil {
			offered = append(offered, Choice{string(id), l.ServiceName(x)})
		}
	}
	return offered
}

func (v *Console) addQueue(l Look, setup queue.Setup, id queue.ServiceID, help bool) {
	x, ok := l.State.Service(id)
	if !ok {
		return
	}
	name := l.ServiceName(x)
	if !slices.ContainsFunc(setup.Services, func(s queue.Service) bool { return s.ID == id }) {
		name = l.tongue().Removed(name)
	}
	row := ServiceRow{
		Service: string(id), Name: name, Letters: letters(setup, x.Series), Help: help,
		First: []Wait{}, StandardMs: x.StandardMs, Standard: words.Wait(x.StandardMs),
	}
	for t := range l.State.Waiting(id) {
		if row.First = append(row.First, l.wait(t)); len(row.First) == waitingShown {
			break
		}
	}
	if t := l.State.LongestIn(id, l.Now); t != nil {
		w := l.wait(t)
		row.Longest = &w
	}
	// Those sent to one desk alone stand apart, and are not for every desk.
	row.Waiting = l.State.WaitingFor(id)
	for _, d := range setup.Desks {
		for t := range l.State.WaitingAt(d.ID) {
			if t.Service == id {
				row.Waiting--
			}
		}
	}
	v.Waiting += row.Waiting
	v.Queues = append(v.Queues, row)
}

func (l Look) held(t *queue.Ticket, seen func(uint64) Seen) *Held {
	h := &Held{
		Ticket: t.ID.String(), Number: t.Number.Text, Spoken: l.tongue().Spoken(t.Number.Text),
		Service: l.serviceOf(t), State: string(t.State), Words: l.tongue().TicketState(t.State),
		Class: l.tongue().Class(t.Class), Recalls: t.Recalls,
		Reason: l.tongue().Reason(t.Rule, t.Number.Text, number(l.State, t.Rule.Passed)),
	}
	if t.Calls == 0 {
		h.Reason = l.tongue().Say("console.given-here")
	}
	h.Planned = l.planned(t)
	h.Plans = l.plans(t, h.Planned)
	if last := len(t.Periods) - 1; last >= 0 {
		h.Since = l.at(t.Periods[last].Start)
	}
	for _, c := range l.State.Calls() {
		if c.Ticket == t.ID {
			h.Seq = c.Seq
		}
	}
	if h.Seq != 0 && seen != nil {
		h.Seen = seen(h.Seq)
		h.Shown = l.tongue().SeenOn(h.Seen.Boards, h.Seen.Of)
	}
	return h
}

// wait is how long the holder of a ticket has been waiting, in this leg.
func (l Look) wait(t *queue.Ticket) Wait {
	w := Wait{
		Ticket: t.ID.String(), Number: t.Number.Text,
		Service: l.serviceOf(t), Class: l.tongue().Class(t.Class),
	}
	switch s, last := l.State, l.State.LastNow(); {
	case t.State != queue.Waiting:
		w.Since = l.at(t.Periods[len(t.Periods)-1].Start)
	case s.WaitsStand(l.Now):
		ms := s.WaitedMs(t, l.Now)
		w.Since, w.StandMs = s.OfficeTime(last)-s.WaitedMs(t, last), &ms
	default:
		// Hours that end after the last event move it on, once.
		w.Since = s.OfficeTime(last) - s.WaitedMs(t, last) + s.ClosedSince(last, l.Now)
	}
	return w
}
