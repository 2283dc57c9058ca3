package simulate

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

func at(t testing.TB, local string) int64 {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	x, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	return x.UnixMilli()
}

func newWorld(t testing.TB, setup queue.Setup, o Options) *World {
	t.Helper()
	w, err := New(setup, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestSameSeedSameEvents(t *testing.T) {
	week := func(seed uint64) []queue.Event {
		setup := office.Reference()
		w := newWorld(t, setup, Options{Seed: seed, From: at(t, "2026-03-02 00:00"), Paper: DefaultPaper()})
		return live(t, setup, w, at(t, "2026-03-09 00:00"), nil).events
	}
	one, again, other := week(7), week(7), week(8)
	if len(one) < 3_000 {
		t.Fatalf("a week has only %d events", len(one))
	}
	if !reflect.DeepEqual(one, again) {
		t.Error("the same seed gave other events")
	}
	if reflect.DeepEqual(one, other) {
		t.Error("another seed gave the same events")
	}
}

// The events as they are on disk, folded up to any point, give the office as
// it was at that point.
func TestLiveStateIsTheFoldOfStoredEvents(t *testing.T) {
	setup := office.Reference()
	w := newWorld(t, setup, Options{Seed: 11, From: at(t, "2026-03-02 00:00"), Paper: DefaultPaper()})
	r := rand.New(rand.NewPCG(11, 0))
	var stored []queue.Event
	cuts := 0
	live(t, setup, w, at(t, "2026-03-06 00:00"), func(s *queue.State, events []queue.Event) {
		for _, e := range events {
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			var back queue.Event
			if err := json.Unmarshal(b, &back); err != nil {
				t.Fatal(err)
			}
			stored = append(stored, back)
		}
		if r.IntN(400) == 0 {
			cuts++
			for _, v := range check(stored, s) {
				t.Fatalf("seed 11, at event %d: %v", s.Seq(), v)
			}
		}
	})
	if cuts == 0 {
		t.Error("no cut was made")
	}
}

// People at the keyboards who know nothing of the simulation: the clerks cope,
// and the rules hold.
func TestPeopleMeddle(t *testing.T) {
	setup := office.Reference()
	for seed := range uint64(3) {
		w := newWorld(t, setup, Options{Seed: seed, From: at(t, "2026-03-02 00:00"), To: calendar.Date{Year: 2026, Month: 3, Day: 7},
			Paper: &Paper{FastestMs: 500, SlowestMs: 4_000, Failed: 0.03, Unknown: 0.03}})
		r := rand.New(rand.NewPCG(seed, 99))
		start, _ := w.Next()
		var events []queue.Event
		c, err := NewCore(setup, start, func(_ *queue.State, e []queue.Event) { events = append(events, e...) })
		if err != nil {
			t.Fatal(err)
		}
		accepted, unseen := 0, 0
		for until := start; ; until += between(r, secondMs, 90*secondMs) {
			if err := c.Run(w, until); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if _, ok := w.Next(); !ok {
				break
			}
			if !c.State().Day().Open {
				continue
			}
			if _, done, err := c.Do(c.Now(), meddling(r, c.State())); err == nil && len(done) > 0 {
				accepted++
				if b, ok := done[0].Body.(queue.TicketReinstated); ok && wasUnseen(events, b.Ticket) {
					unseen++
				}
			} else if err != nil && !isRefusal(err) {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		for _, v := range check(events, c.State()) {
			t.Errorf("seed %d: %v", seed, v)
		}
		if accepted < 500 {
			t.Errorf("seed %d: only %d meddlings were accepted", seed, accepted)
		}
		if unseen == 0 {
			t.Errorf("seed %d: nobody whom a desk closed over was put back", seed)
		}
	}
}

// wasUnseen tells whether the last that was said of how a ticket was served is that nobody
// saw it.
func wasUnseen(events []queue.Event, id queue.TicketID) bool {
	for _, e := range slices.Backward(events) {
		if b, ok := e.Body.(queue.TicketServed); ok && b.Ticket == id {
			return b.UnknownEnd
		}
	}
	return false
}

// meddling is a command that makes some sense, for any ticket and desk.
func meddling(r *rand.Rand, s *queue.State) queue.Command {
	setup := s.Setup()
	desk := setup.Desks[r.IntN(len(setup.Desks))].ID
	_, now, _ := s.Desk(desk)
	held, any := now.Ticket, now.Ticket
	if n := s.Totals().Issued; n > 0 {
		any = queue.TicketID(s.Day().Ordinal*1_000_000 + 1 + r.IntN(n))
	}
	if r.IntN(10) == 0 {
		held = any
	}
	by := queue.Cause{Kind: queue.ByConsole, Device: string(desk)}
	service := setup.Services[r.IntN(len(setup.Services))].ID
	switch r.IntN(21) {
	case 0:
		return queue.OpenDesk{By: by, Desk: desk}
	case 1:
		c := queue.CloseDesk{By: by, Desk: desk, Current: [...]queue.Current{"", queue.CurrentServed, queue.CurrentNotCome}[r.IntN(3)]}
		if r.IntN(3) == 0 {
			c.By.Kind, c.Current = queue.ByKeypad, "" // which cannot be asked
		}
		return c
	case 2:
		return queue.PauseDesk{By: by, Desk: desk, Why: "meeting"}
	case 3, 4:
		return queue.CallNext{By: by, Desk: desk, Finishing: held}
	case 5:
		return queue.CallTicket{By: by, Desk: desk, Finishing: held, Ticket: any}
	case 6:
		return queue.RecallTicket{By: by, Desk: desk, Ticket: held}
	case 7:
		return queue.StartService{By: by, Desk: desk, Ticket: held}
	case 8:
		return queue.FinishTicket{By: by, Desk: desk, Ticket: held}
	case 9:
		return queue.MarkNoShow{By: by, Desk: desk, Ticket: held}
	case 10:
		return queue.TransferTicket{By: by, From: desk, Ticket: held, Service: service}
	case 11:
		return queue.ParkTicket{By: by, Desk: desk, Ticket: held, ForMs: between(r, 0, 10*minuteMs)}
	case 12:
		return queue.ResumeTicket{By: by, Desk: desk, Ticket: any}
	case 13:
		return queue.CancelTicket{By: by, Ticket: any, Why: "mistake"}
	case 16:
		return queue.GrantPriority{By: queue.Cause{Kind: queue.ByReception}, Ticket: any}
	case 17:
		return queue.WithdrawPriority{By: queue.Cause{Kind: queue.ByManager}, Ticket: any}
	case 18:
		return queue.OpenDesk{By: by, Desk: desk, Account: "op99", Qualified: []queue.ServiceID{service}}
	case 19: // a slip of the hand, which is asked about
		far := between(r, 10*minuteMs, 3*hourMs)
		if r.IntN(2) == 0 {
			far = -far
		}
		return queue.SetClock{By: queue.Cause{Kind: queue.ByManager}, CorrectionMs: s.CorrectionMs() + far}
	case 20: // somebody whom a desk closed over is at the reception
		for t := range s.Tickets() {
			if t.EndUnseen() {
				any = t.ID
			}
		}
		return queue.Reinstate{By: queue.Cause{Kind: queue.ByReception}, Ticket: any}
	case 14:
		return queue.Reprint{By: by, Ticket: any, Job: 1}
	default:
		return queue.IssueTicket{By: queue.Cause{Kind: queue.ByTotem, Device: "hand"}, Service: service, Outlet: setup.Outlets[0].ID}
	}
}

// span counts the events of a kind that a stretch of time brings.
func span[T queue.Body](t *testing.T, c *Core, w *World, until int64) (n int) {
	t.Helper()
	c.Sink = func(_ *queue.State, events []queue.Event) {
		for _, e := range events {
			if a[T](e.Body) {
				n++
			}
		}
	}
	if err := c.Run(w, until); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSwitches(t *testing.T) {
	setup := office.Reference()
	from := at(t, "2026-03-03 10:30")
	w := newWorld(t, setup, Options{Seed: 2, From: from, Paper: DefaultPaper()})
	c, err := NewCore(setup, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := span[queue.TicketCalled](t, c, w, from+20*minuteMs); n == 0 {
		t.Error("nobody was called in the first twenty minutes of a world that begins in the morning")
	}
	w.SetClerks(false)
	if n := span[queue.TicketCalled](t, c, w, from+40*minuteMs); n != 0 {
		t.Errorf("%d calls by clerks who are switched off", n)
	}
	w.SetClerks(true)
	w.SetCitizens(false)
	if n := span[queue.TicketIssued](t, c, w, from+85*minuteMs); n != 0 {
		t.Errorf("%d tickets for citizens who are switched off", n)
	}
	if n := c.State().Totals().Waiting; n != 0 {
		t.Errorf("%d people still wait, though nobody came and the clerks were back", n)
	}
	w.SetCitizens(true)
	if n := span[queue.TicketCalled](t, c, w, from+105*minuteMs); n == 0 {
		t.Error("no calls after both were switched on again")
	}
	var open queue.DeskID
	for _, d := range setup.Desks {
		if _, now, _ := c.State().Desk(d.ID); now.Open && !now.Paused {
			open = d.ID
		}
	}
	w.SetByHand(open, true)
	_, before, _ := c.State().Desk(open)
	span[queue.TicketCalled](t, c, w, from+125*minuteMs)
	if _, after, _ := c.State().Desk(open); after.Ticket != before.Ticket || after.LastCall != before.LastCall {
		t.Errorf("desk %s was left to a person, and its clerk went on", open)
	}
}

func TestClockJumps(t *testing.T) {
	setup := office.Reference()
	from := at(t, "2026-03-03 09:00")
	w := newWorld(t, setup, Options{Seed: 3, From: from, Paper: DefaultPaper()})
	c, err := NewCore(setup, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	span[queue.TicketIssued](t, c, w, from+hourMs)
	// Two hours forward, within the day: not everybody comes at once.
	if _, _, err := c.Do(c.Now(), queue.SetClock{CorrectionMs: 2 * hourMs, Sure: true}); err != nil {
		t.Fatal(err)
	}
	if n := span[queue.TicketIssued](t, c, w, c.officeTime()+minuteMs); n > 6 {
		t.Errorf("%d tickets in the minute after the jump", n)
	}
	// Days forward and back: the world plans the day it finds.
	for _, jump := range []string{"2026-03-06 09:30", "2026-03-05 10:00"} {
		correction := at(t, jump) - c.Now().Wall
		if _, _, err := c.Do(c.Now(), queue.SetClock{CorrectionMs: correction, Sure: true}); err != nil {
			t.Fatal(err)
		}
		if err := w.Act(c.Now(), c.Do); err != nil {
			t.Fatal(err)
		}
		next, ok := w.Next()
		if !ok || next < at(t, jump) || next > at(t, jump)+hourMs {
			t.Errorf("after the jump to %s somebody acts next at %s", jump, time.UnixMilli(next))
		}
	}
}

func TestPowerCuts(t *testing.T) {
	setup := office.Reference()
	from := at(t, "2026-03-02 00:00")
	w := newWorld(t, setup, Options{Seed: 6, From: from, To: calendar.Date{Year: 2026, Month: 3, Day: 7}, Paper: DefaultPaper()})
	var events []queue.Event
	c, err := NewCore(setup, from, func(_ *queue.State, e []queue.Event) { events = append(events, e...) })
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(6, 6))
	for until := from; ; until += between(r, hourMs, 5*hourMs) {
		if err := c.Run(w, until); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.Next(); !ok {
			break
		}
		if err := c.Wake(between(r, secondMs, 20*minuteMs), 0, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range check(events, c.State()) {
		t.Error(v)
	}
}

// Clerks click AVANTI twice, and nobody is lost by the second click.
func TestADoubleClickIsRefused(t *testing.T) {
	setup := office.Reference()
	w := newWorld(t, setup, Options{Seed: 5, From: at(t, "2026-03-02 00:00"), Paper: DefaultPaper()})
	core, err := NewCore(setup, at(t, "2026-03-02 00:00")-1, nil)
	if err != nil {
		t.Fatal(err)
	}
	until, again, pressed := at(t, "2026-03-02 13:00"), 0, 0
	for next, ok := w.Next(); ok && next < until; next, ok = w.Next() {
		core.forward(next)
		if err := w.actBy(core.True(), core.Now(), func(now queue.Now, c queue.Command) (*queue.State, []queue.Event, error) {
			s, events, err := core.Do(now, c)
			if _, is := c.(queue.CallNext); is {
				pressed++
				if errors.Is(err, queue.ErrJustCalled) {
					again++
				}
			}
			return s, events, err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if again < 10 || again > pressed/2 {
		t.Errorf("of %d times AVANTI %d were a second click", pressed, again)
	}
}

// Offices of other kinds live too: one desk, a midday break, no printer.
func TestSmallOffice(t *testing.T) {
	setup := queue.Setup{
		Office:   queue.Office{Body: "Comune di Borgo", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "n", First: 1, Last: 9, Width: 1, Wrap: true}},
		Services: []queue.Service{{ID: "tutto", Name: "Tutto", Series: "n", StandardMs: 15 * minuteMs, StandardShare: 0.9}},
		Desks:    []queue.Desk{{ID: "1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"tutto"}}}},
		Outlets:  []queue.Outlet{{ID: "schermo", Screen: true}},
		Hours: queue.Hours{Week: []queue.WeekBand{
			{Days: []string{"mon", "tue"}, Open: "09:00", Close: "12:00"}, {Days: []string{"mon", "tue"}, Open: "15:00", Close: "17:30"},
		}, ExpireAfterMs: 10 * minuteMs},
		Rules: queue.DefaultRules(),
	}
	from := calendar.Date{Year: 2026, Month: 3, Day: 2}
	w, err := Period(setup, Options{Seed: 1}, from, from.AddDays(13), 97)
	if err != nil {
		t.Fatal(err)
	}
	l := live(t, setup, w, 0, nil)
	if l.counts.Visits != 97 || l.counts.Days != 4 || l.counts.MostOpen != 1 {
		t.Errorf("%d visits on %d days at %d desks, want 97 on 4 at 1", l.counts.Visits, l.counts.Days, l.counts.MostOpen)
	}
	for _, v := range check(l.events, l.state) {
		t.Error(v)
	}
}

// A world without an end has about as many visits as it was told.
func TestVisitsPerDay(t *testing.T) {
	setup := office.Reference()
	w := newWorld(t, setup, Options{Seed: 9, From: at(t, "2026-02-02 00:00"), VisitsPerDay: 100, Paper: DefaultPaper()})
	l := live(t, setup, w, at(t, "2026-03-02 00:00"), nil)
	if mean := float64(l.counts.Visits) / float64(l.counts.Days); mean < 90 || mean > 110 {
		t.Errorf("%.0f visits a day, want about 100", mean)
	}
}

func TestOptionsThatDoNotFit(t *testing.T) {
	setup := office.Reference()
	for name, o := range map[string]Options{
		"visits without a last day":  {Visits: 5},
		"negative staff":             {Staff: -1},
		"printing backwards":         {Paper: &Paper{FastestMs: 5, SlowestMs: 1}},
		"a period without open days": {Visits: 5, From: at(t, "2026-03-01 00:00"), To: calendar.Date{Year: 2026, Month: 3, Day: 1}},
	} {
		if _, err := New(setup, o); !errors.Is(err, ErrBadOptions) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	setup.Office.Zone = "nowhere"
	if _, err := New(setup, Options{}); !errors.Is(err, calendar.ErrUnknownZone) {
		t.Errorf("an unknown zone: got %v", err)
	}
}

func TestAFaultOfTheMachineEndsTheTurn(t *testing.T) {
	setup := office.Reference()
	from := at(t, "2026-03-03 10:00")
	w := newWorld(t, setup, Options{Seed: 1, From: from})
	broken := errors.New("disk full")
	err := w.Act(queue.Now{Wall: from, Boot: "x"}, func(queue.Now, queue.Command) (*queue.State, []queue.Event, error) {
		return &queue.State{}, nil, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
