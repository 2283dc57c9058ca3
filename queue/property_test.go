package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAnyDay lives through random days: any command with any argument, from
// several desks and outlets, over power cuts and steps of the clock. Whatever
// comes, the invariants of the package hold after every command; a repeated
// command does nothing; no older state is changed; and the events alone make
// the same office again, whole, through their encoding, or from today on.
func TestAnyDay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHall(t)
		h.open("1", "3")
		if rapid.Bool().Draw(r, "own rules") {
			// Not every one of them is a setup.
			_, _ = h.step(ChangeSetup{By: Cause{Kind: ByManager}, Setup: anySetup(r), Plan: anyPlan(r, h), Sure: rapid.Bool().Draw(r, "sure")})
		}
		type kept struct {
			state  *State
			digest string
		}
		var older []kept
		for range rapid.IntRange(20, 120).Draw(r, "steps") {
			if rapid.IntRange(0, 15).Draw(r, "keep") == 0 {
				older = append(older, kept{h.state, digest(h.state)})
			}
			anyTime(r, h)
			command := anyCommand(r, h)
			before := h.state
			events, err := h.step(command)
			checkStep(r, h, before, command, events, err)
			checkRules(r, before, events)
			checkPaper(r, before, command, events)
			checkState(r, h.state)
			checkNext(r, h.state, h.now)
			if err == nil && len(events) == 0 {
				checkNothing(r, command, h.state, h.now)
			}
			if repeatable(command) && err == nil {
				if again, _ := h.step(command); len(again) > 0 {
					r.Fatalf("%T %+v came twice, and the second did %v", command, command, kinds(again))
				}
			}
			checkDue(r, h)
		}
		for _, k := range older {
			if digest(k.state) != k.digest {
				r.Fatalf("a later step changed the state after event %d", k.state.Seq())
			}
		}
		checkFolds(r, h)
		checkNumbers(r, h.events)
	})
}

// anyTime lets time pass: mostly a little, sometimes over the expiry or the end
// of the day, sometimes only on the wall clock, sometimes through a power cut.
func anyTime(r *rapid.T, h *hall) {
	switch rapid.IntRange(0, 40).Draw(r, "time") {
	case 0:
		h.now.Wall += rapid.Int64Range(-30*hour, 30*hour).Draw(r, "clock step")
	case 1:
		h.reboot(rapid.Int64Range(-2*hour, 30*hour).Draw(r, "power cut"))
	case 2:
		h.now.Synced = !h.now.Synced
	case 3, 4:
		h.pass(rapid.Int64Range(0, 10*hour).Draw(r, "long"))
	default:
		h.pass(rapid.Int64Range(0, 2*minute).Draw(r, "short"))
	}
}

func anyCommand(r *rapid.T, h *hall) Command {
	desk := DeskID(rapid.SampledFrom([]string{"1", "1", "2", "2", "3", "3", "9", ""}).Draw(r, "desk"))
	other := DeskID(rapid.SampledFrom([]string{"", "", "1", "2", "3", "9"}).Draw(r, "other desk"))
	service := ServiceID(rapid.SampledFrom([]string{"anagrafe", "anagrafe", "tributi", "cie", "cie", "catasto"}).Draw(r, "service"))
	outlet := OutletID(rapid.SampledFrom([]string{"totem", "totem", "kiosk", "list", "list", "moon"}).Draw(r, "outlet"))
	by := Cause{
		Kind:   rapid.SampledFrom([]CauseKind{ByButton, ByTotem, ByReception, ByReception, ByKeypad, ByConsole, ByConsole}).Draw(r, "by"),
		Device: rapid.SampledFrom([]string{"b1", "b2"}).Draw(r, "device"),
	}
	ticket := anyTicket(r, h, desk)
	job := rapid.IntRange(0, 3).Draw(r, "job")
	if t := h.state.Ticket(ticket); t != nil && rapid.IntRange(0, 4).Draw(r, "right job") > 0 {
		job = t.Job
	}
	ms := rapid.SampledFrom([]int64{0, 1, 5 * minute, 25 * hour, -1, 1 << 62}).Draw(r, "ms")
	if rapid.IntRange(0, 6).Draw(r, "a rule") == 0 {
		return anyRule(r, h, by, service)
	}
	switch rapid.IntRange(0, 47).Draw(r, "command") {
	case 0:
		if rapid.IntRange(0, 3).Draw(r, "a copy") == 0 {
			return StartUp{Version: "v", Journal: fmt.Sprint("journal ", h.state.Seq()), Restored: &Restoration{}}
		}
		return StartUp{Version: "v"}
	case 1, 2:
		officeTime := h.state.OfficeTime(h.now)
		midnight := officeTime - ((officeTime-tuesday)%(24*hour)+24*hour)%(24*hour)
		began := midnight - 24*hour*rapid.Int64Range(0, 2).Draw(r, "days before")
		return OpenDay{
			Plan:         anyMoments(r, testPlan(midnight, fmt.Sprint("day ", midnight))),
			Began:        anyMoments(r, testPlan(began, fmt.Sprint("day ", began))),
			Appointments: []Booking{anyBooking(r, h, service, other), anyBooking(r, h, "cie", "")},
		}
	case 3:
		return Tick{}
	case 4, 5:
		return ReportPaper{Ticket: ticket, Job: job, Paper: rapid.SampledFrom([]PaperState{PaperPrinted, PaperFailed, PaperUnknown, "wet"}).Draw(r, "paper"), Why: "why\xff"}
	case 6:
		return ReportOutlet{Outlet: outlet, Gives: rapid.SampledFrom([]Ability{Able, Unable, AbleUnknown, "maybe"}).Draw(r, "gives")}
	case 7:
		return ChangeSetup{By: by, Setup: anySetup(r), Plan: anyPlan(r, h)}
	case 8:
		var p Profile
		p.First = rapid.SliceOfN(rapid.SampledFrom([]ServiceID{"anagrafe", "tributi", "cie", "catasto"}), 0, 2).Draw(r, "first")
		return SetDeskProfile{By: by, Desk: desk, Profile: p, Sure: rapid.Bool().Draw(r, "sure")}
	case 9:
		return SetClock{By: by, CorrectionMs: rapid.SampledFrom([]int64{0, hour, -hour, 1 << 62, -1 << 62}).Draw(r, "correction"), Sure: rapid.Bool().Draw(r, "sure")}
	case 10:
		return CancelTicket{By: by, Ticket: ticket, Why: rapid.SampledFrom([]string{"citizen", "", "Mario Rossi è andato via"}).Draw(r, "why")}
	case 11:
		return Reprint{By: by, Ticket: ticket, Job: job, Outlet: outlet}
	case 12, 13:
		return OpenDesk{By: by, Desk: desk, Account: rapid.SampledFrom([]string{"", "op-1", "op-2"}).Draw(r, "account"),
			Qualified: rapid.SampledFrom([][]ServiceID{nil, nil, {"anagrafe"}, {"cie"}, {"anagrafe", "cie", "tributi"}}).Draw(r, "qualified")}
	case 14:
		return CloseDesk{By: by, Desk: desk, Current: rapid.SampledFrom([]Current{"", CurrentServed, CurrentNotCome, "gone"}).Draw(r, "current")}
	case 15:
		return PauseDesk{By: by, Desk: desk, Why: "break"}
	case 16, 17, 18:
		return CallNext{By: by, Desk: desk, Finishing: ticket, Outcome: anyOutcome(r)}
	case 19:
		return CallTicket{By: by, Desk: desk, Finishing: h.holds(desk), Ticket: ticket}
	case 20:
		return RecallTicket{By: by, Desk: desk, Ticket: ticket}
	case 21:
		return StartService{By: by, Desk: desk, Ticket: ticket}
	case 22:
		return FinishTicket{By: by, Desk: desk, Ticket: ticket, Outcome: anyOutcome(r)}
	case 23:
		return MarkNoShow{By: by, Desk: desk, Ticket: ticket}
	case 24, 25:
		return TransferTicket{By: by, From: desk, Ticket: ticket, Service: service, Desk: other,
			Place: rapid.SampledFrom([]Place{"", PlaceArrival, PlaceFront, PlaceBack, "roof"}).Draw(r, "place")}
	case 26:
		return ParkTicket{By: by, Desk: desk, Ticket: ticket, ForMs: ms}
	case 39, 40:
		return BookAppointment{By: by, Appointment: anyBooking(r, h, service, other)}
	case 41:
		return CancelAppointment{By: by, Appointment: anyBooking(r, h, service, other).ID}
	case 42, 43:
		return CheckIn{By: by, Appointment: anyBooking(r, h, service, other).ID, Outlet: outlet}
	case 33:
		return UndoCall{By: by, Desk: desk, Ticket: ticket}
	case 34:
		return PutBack{By: by, Desk: desk, Ticket: ticket}
	case 35, 36:
		return ReturnTicket{By: by, Ticket: ticket}
	case 37, 38:
		return Reinstate{By: by, Ticket: ticket}
	case 44:
		return PlanServices{By: by, Ticket: ticket, Services: anyServices(r), Nth: rapid.IntRange(0, 2).Draw(r, "nth")}
	case 45:
		return ServeOn{By: by, Desk: desk, Ticket: ticket, Service: service, Outcome: anyOutcome(r)}
	case 46, 47:
		return IssueAtDesk{By: by, Desk: desk, Service: service, Request: rapid.SampledFrom([]string{"", "", "r1", "r3", "\xff"}).Draw(r, "request")}
	case 27:
		return ResumeTicket{By: by, Desk: desk, Ticket: ticket}
	default:
		return IssueTicket{By: by, Service: service, Outlet: outlet, Class: rapid.SampledFrom([]Class{Ordinary, Priority, "vip"}).Draw(r, "class"),
			Request: rapid.SampledFrom([]string{"", "", "r1", "r2", "\xff"}).Draw(r, "request"), Then: anyServices(r)}
	}
}

// anyServices are mostly none.
func anyServices(r *rapid.T) []ServiceID {
	return rapid.SampledFrom([][]ServiceID{nil, nil, nil, {"cie"}, {"tributi"}, {"anagrafe", "cie"}, {"cie", "tributi"}, {"catasto"}, {"cie", "cie"}}).Draw(r, "services")
}

// anyOutcome is mostly none or one of those there are.
func anyOutcome(r *rapid.T) Outcome {
	return rapid.SampledFrom([]Outcome{"", "", OutcomeReleased, OutcomeIncomplete, "happy"}).Draw(r, "outcome")
}

// anyBooking is an appointment soon or lately, of one of a few names.
func anyBooking(r *rapid.T, h *hall, service ServiceID, desk DeskID) Booking {
	return Booking{
		ID:      AppointmentID(rapid.SampledFrom([]string{"a", "b", "c", "d", ""}).Draw(r, "appointment")),
		Service: service, Desk: desk,
		DueAt: h.state.OfficeTime(h.now) + rapid.Int64Range(-20*minute, 40*minute).Draw(r, "due"),
	}
}

// anyTicket is mostly what the desk holds, else one of today, else nonsense.
func anyTicket(r *rapid.T, h *hall, desk DeskID) TicketID {
	switch n := h.state.tickets.len(); rapid.IntRange(0, 5).Draw(r, "which ticket") {
	case 0:
		return rapid.SampledFrom([]TicketID{0, 1, 999_999, 1 << 63, ticketID(h.state.day.Ordinal, n+1)}).Draw(r, "no ticket")
	case 1, 2:
		if n > 0 {
			return ticketID(h.state.day.Ordinal, rapid.IntRange(1, n).Draw(r, "ticket"))
		}
	}
	return h.holds(desk)
}

func anySetup(r *rapid.T) Setup {
	s := testSetup()
	s.Desks[1].Profile.First = []ServiceID{"anagrafe", "cie"}
	s.Desks[1].Profile.Help = []ServiceID{"tributi"}
	if rapid.IntRange(0, 3).Draw(r, "spare") > 0 {
		s.Outlets[0].Spare, s.Outlets[1].Spare = "kiosk", "totem"
	}
	for _, what := range []struct{ kind, id string }{
		{"service", "tributi"}, {"service", "cie"}, {"desk", "3"}, {"desk", "1"}, {"outlet", "totem"},
	} {
		if rapid.IntRange(0, 3).Draw(r, "remove") == 0 {
			s = without(s, what.kind, what.id)
		}
	}
	switch rapid.IntRange(0, 5).Draw(r, "series") {
	case 0:
		s.Series[0].Last, s.Series[0].Wrap = 5, true
	case 1:
		s.Series[1].Letters = "K"
	case 2:
		s.Series[0].Letters, s.Series[1].Letters = "C", "A"
	case 3:
		s.Series[0].First = 100
	}
	anyRules(r, &s)
	s.Rules.UnprintedMax = rapid.IntRange(-1, 9).Draw(r, "unprinted")
	s.Rules.Discipline = rapid.SampledFrom([]Discipline{ByStandard, FirstCome, StrictProfile}).Draw(r, "discipline")
	s.Rules.PriorityRatio = rapid.IntRange(0, 3).Draw(r, "ratio")
	if rapid.Bool().Draw(r, "hurry") {
		s.Services[0].StandardMs, s.Services[0].MaxMs = second, minute
	}
	s.Rules.NoShowRecalls = rapid.IntRange(0, 2).Draw(r, "recalls")
	s.Rules.LateReturnMs, s.Rules.UndoMs = rapid.SampledFrom([]int64{0, hour}).Draw(r, "late"), minute
	s.Rules.CallOutside = rapid.Bool().Draw(r, "outside")
	return s
}

func anyPlan(r *rapid.T, h *hall) DayPlan {
	if p := h.state.Plan(); p != nil && rapid.Bool().Draw(r, "same plan") {
		return *p
	}
	p := testPlan(tuesday, "2026-11-24")
	p.Expiry = rapid.SampledFrom([]int64{0, tuesday, tuesday + 12*hour}).Draw(r, "expiry")
	return anyMoments(r, p)
}

// repeatable tells whether the command carries enough to be known again. What
// the reception issues without naming the request is a ticket each time, and
// every start of the program is written down.
func repeatable(c Command) bool {
	switch c := c.(type) {
	case StartUp:
		return false
	case RecordContact:
		return c.Request != ""
	case IssueTicket:
		return c.Request != "" || c.By.Kind == ByButton || c.By.Kind == ByTotem
	}
	return true
}

func checkStep(r *rapid.T, h *hall, before *State, command Command, events []Event, err error) {
	if err != nil {
		if len(events) > 0 || h.state != before {
			r.Fatalf("%T was refused (%v) and changed something", command, err)
		}
		if !mayRefuse(command, err) {
			r.Fatalf("%T: a refusal that it is not said to have: %v", command, err)
		}
		return
	}
	s := before
	for i, e := range events {
		if e.Seq != before.Seq()+uint64(i)+1 || e.At != h.now {
			r.Fatalf("%T: event %d of %d has sequence %d at %+v", command, i, len(events), e.Seq, e.At)
		}
		if called, ok := e.Body.(TicketCalled); ok {
			if t := s.Ticket(called.Ticket); t == nil || t.State != Waiting {
				r.Fatalf("%T called %v", command, t)
			}
			if _, d, _ := s.Desk(called.Desk); d.Ticket != 0 || !d.Open {
				r.Fatalf("%T called at a desk that is %+v", command, d)
			}
		}
		s = s.Apply(e)
	}
	if len(events) > 0 && digest(s) != digest(h.state) {
		r.Fatalf("%T: its events do not make the state after it", command)
	}
}

// checkDue: a tick does all that is due, and sleeping for as long as Due says
// misses nothing and does not wake for nothing.
func checkDue(r *rapid.T, h *hall) {
	s, _, err := h.state.Step(h.now, Tick{})
	if err != nil && !errors.Is(err, ErrNoSetup) {
		r.Fatal(err)
	}
	ms, ok := s.Due(h.now)
	if !ok {
		return
	}
	if ms == 0 {
		r.Fatalf("something is due right after a tick")
	}
	then := h.now
	then.Wall, then.Mono = then.Wall+ms-1, then.Mono+ms-1
	if _, events, _ := s.Step(then, Tick{}); len(events) > 0 {
		r.Fatalf("%v happened before it was due", kinds(events))
	}
	then.Wall, then.Mono = then.Wall+1, then.Mono+1
	if _, events, _ := s.Step(then, Tick{}); len(events) == 0 {
		r.Fatalf("nothing happened when it was due, after %d ms", ms)
	}
}

// checkFolds makes the state again from the events: from all, from their
// encoding, and from the day's opening alone.
func checkFolds(r *rapid.T, h *hall) {
	live := digest(h.state)
	if digest(Fold(h.events)) != live {
		r.Fatal("the events do not make the live state")
	}
	read := make([]Event, len(h.events))
	for i, e := range h.events {
		b, err := json.Marshal(e)
		if err != nil {
			r.Fatal(err)
		}
		if err := json.Unmarshal(b, &read[i]); err != nil {
			r.Fatalf("reading %s: %v", b, err)
		}
	}
	if digest(Fold(read)) != live {
		r.Fatal("the events as stored do not make the live state")
	}
	today := 0
	for i, e := range read {
		if _, ok := e.Body.(DayOpened); ok {
			today = i
		}
	}
	if digest(Fold(read[today:])) != live {
		r.Fatal("the events of today alone do not make the live state")
	}
}

// checkNumbers: every number and every ticket is given once.
func checkNumbers(r *rapid.T, events []Event) {
	numbers, tickets := map[string]bool{}, map[TicketID]bool{}
	var last map[SeriesID]Number
	var day int
	reserved := map[string]bool{}
	for _, e := range events {
		switch b := e.Body.(type) {
		case DayOpened:
			last, day = map[SeriesID]Number{}, b.Day
		case BlockReserved:
			for _, run := range b.Numbers {
				for v := run.First; v <= run.Last; v++ {
					key := fmt.Sprint(day, b.Series, run.Lap, v)
					if numbers[key] || reserved[key] {
						r.Fatalf("reserved after it was given: %+v", b)
					}
					reserved[key] = true
				}
				last[b.Series] = Number{Series: b.Series, Lap: run.Lap, Value: run.Last}
			}
		case DayClosed:
			if left := len(reserved); b.Unused != left {
				r.Fatalf("%d reserved numbers were left, the day says %d", left, b.Unused)
			}
			clear(reserved)
		case TicketIssuedAtDesk:
			key := fmt.Sprint(b.Ticket.Day(), b.Number.Series, b.Number.Lap, b.Number.Value)
			was, ok := last[b.Number.Series]
			if numbers[key] || tickets[b.Ticket] || reserved[key] || ok && (b.Number.Lap < was.Lap || b.Number.Lap == was.Lap && b.Number.Value <= was.Value) {
				r.Fatalf("%+v at a desk, after %+v", b, was)
			}
			numbers[key], tickets[b.Ticket], last[b.Number.Series] = true, true, b.Number
		case TicketIssued:
			key := fmt.Sprint(b.Ticket.Day(), b.Number.Series, b.Number.Lap, b.Number.Value)
			if numbers[key] || tickets[b.Ticket] {
				r.Fatalf("given twice: %+v", b)
			}
			numbers[key], tickets[b.Ticket] = true, true
			if b.Block != "" {
				if !reserved[key] {
					r.Fatalf("of no block: %+v", b)
				}
				delete(reserved, key)
				continue
			}
			if reserved[key] {
				r.Fatalf("given although it was reserved: %+v", b)
			}
			if was, ok := last[b.Number.Series]; ok && (b.Number.Lap < was.Lap || b.Number.Lap == was.Lap && b.Number.Value <= was.Value) {
				r.Fatalf("%+v after %+v", b.Number, was)
			}
			last[b.Number.Series] = b.Number
		}
	}
}

// checkState holds a state against the invariants, by counting from the
// tickets alone.
func checkState(r *rapid.T, s *State) {
	var want Totals
	places := map[TicketID][]string{}
	in := func(name string, tickets iter.Seq[*Ticket]) {
		for t := range tickets {
			places[t.ID] = append(places[t.ID], name)
		}
	}
	for _, x := range s.expiries {
		concerned := 0
		for t := range s.Tickets() {
			if s.expiresAt(x.at, t) {
				concerned++
			}
		}
		if x.concerned != concerned {
			r.Fatalf("the expiry at %d is said to concern %d, and concerns %d", x.at, x.concerned, concerned)
		}
	}
	unprinted, unsettled, texts := map[OutletID]int{}, []TicketID(nil), map[string]bool{}
	waitingFor := map[ServiceID]int{}
	for _, x := range s.index.services {
		in("waiting for "+string(x.ID), s.Waiting(x.ID))
	}
	for i, d := range s.index.desks {
		in("own of "+string(d.ID), s.WaitingAt(d.ID))
		if t := s.Ticket(s.desks[i].Ticket); t != nil {
			in("held by "+string(d.ID), slices.Values([]*Ticket{t}))
			if !s.desks[i].Open || s.desks[i].Paused {
				r.Fatalf("desk %s holds %s and is %+v", d.ID, t.Number.Text, s.desks[i])
			}
		} else if s.desks[i].Ticket != 0 {
			r.Fatalf("desk %s holds %d, which is not there", d.ID, s.desks[i].Ticket)
		}
		if d.removed && s.desks[i].Open && s.desks[i].Ticket == 0 {
			r.Fatalf("desk %s is gone and stands open", d.ID)
		}
	}
	in("parked", s.Parked())
	for t := range s.Tickets() {
		want.Issued++
		want.Calls += t.Calls
		wantPlace := ""
		switch t.State {
		case Waiting:
			want.Waiting++
			waitingFor[t.Service]++
			wantPlace = "waiting for " + string(t.Service)
			if t.Desk != "" {
				wantPlace = "own of " + string(t.Desk)
			}
		case Called:
			want.Called++
			wantPlace = "held by " + string(t.Desk)
		case Serving:
			want.Serving++
			wantPlace = "held by " + string(t.Desk)
		case Parked:
			want.Parked++
			wantPlace = "parked"
		case Served:
			want.Served++
		case NoShow:
			want.NoShows++
		case Cancelled:
			want.Cancelled++
		case Expired:
			want.Expired++
		}
		if got := places[t.ID]; wantPlace != "" && !slices.Equal(got, []string{wantPlace}) || wantPlace == "" && len(got) > 0 {
			r.Fatalf("%s is %s and stands in %q, want %q", t.Number.Text, t.State, got, wantPlace)
		}
		if !t.State.Ended() {
			if texts[t.Number.Text] {
				r.Fatalf("two people hold %s", t.Number.Text)
			}
			texts[t.Number.Text] = true
		}
		if t.Paper == PaperRequested {
			unprinted[t.Outlet]++
		}
		if t.unsettled() {
			unsettled = append(unsettled, t.ID)
		}
		checkPeriods(r, t)
	}
	if s.Totals() != want {
		r.Fatalf("totals %+v, counted %+v", s.Totals(), want)
	}
	for i, o := range s.index.outlets {
		if s.outlets[i].Unprinted != unprinted[o.ID] {
			r.Fatalf("outlet %s counts %d on their way, there are %d", o.ID, s.outlets[i].Unprinted, unprinted[o.ID])
		}
	}
	for _, x := range s.index.services {
		if n := s.WaitingFor(x.ID); n != waitingFor[x.ID] {
			r.Fatalf("%d wait for %s, counted %d", n, x.ID, waitingFor[x.ID])
		}
	}
	var listed []TicketID
	for t := range s.UnsettledPapers() {
		listed = append(listed, t.ID)
	}
	if !slices.Equal(listed, unsettled) {
		r.Fatalf("papers %v, counted %v", listed, unsettled)
	}
}

// checkPeriods: the periods of a visit follow each other without a gap, and the
// last one lasts exactly as long as the visit.
func checkPeriods(r *rapid.T, t *Ticket) {
	for i, p := range t.Periods {
		last := i == len(t.Periods)-1
		switch {
		case i == 0 && (p.Kind != Waiting && (p.Kind != Serving || p.Desk == "") || p.Start != t.Issued):
			r.Fatalf("%s begins with %+v", t.Number.Text, p)
		case !last && p.End != t.Periods[i+1].Start:
			r.Fatalf("%s has a gap after %+v", t.Number.Text, p)
		case last && !t.State.Ended() && (p.Kind != t.State || !p.End.IsZero()):
			r.Fatalf("%s is %s in %+v", t.Number.Text, t.State, p)
		case last && t.State.Ended() && p.End.IsZero():
			r.Fatalf("%s has ended and its last period goes on", t.Number.Text)
		}
	}
}
