package queue

import (
	"slices"
	"strings"
	"testing"
)

// TestClocks puts people before every way in which a clock can be wrong. The
// wait of the one who was there before, whom desk 1 calls ten minutes after,
// must be right; a press must give a ticket; and the day must have its date.
func TestClocks(t *testing.T) {
	const wrong, back = 10 * minute, 5 * minute
	for _, c := range []struct {
		name   string
		happen func(h *hall)
		waited int64
		date   string
		kinds  []string // of the day and the clock
	}{
		{
			name:   "right all the time",
			happen: func(h *hall) { h.pass(wrong + back) },
			waited: wrong + back, date: "2026-11-24",
		},
		{
			name: "a jump forward, and back",
			happen: func(h *hall) {
				h.now.Wall += 3 * hour
				h.pass(wrong)
				h.do(Tick{})
				h.now.Wall -= 3 * hour
				h.pass(back)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockStepped", "ClockStepped"},
		},
		{
			name: "a jump of a day, with somebody waiting",
			happen: func(h *hall) {
				h.now.Wall += 24 * hour
				h.pass(wrong + back)
			},
			waited: wrong + back, date: "2026-11-25", kinds: []string{"ClockStepped", "DayRedated"},
		},
		{
			name: "a jump back over midnight",
			happen: func(h *hall) {
				h.now.Wall -= 24 * hour
				h.pass(wrong + back)
			},
			waited: wrong + back, date: "2026-11-23", kinds: []string{"ClockStepped", "DayRedated"},
		},
		{
			name: "a restart an hour in the past, never corrected",
			happen: func(h *hall) {
				h.pass(wrong)
				h.now.Synced = false
				h.reboot(-hour)
				h.pass(back)
			},
			// How long the box was off cannot be known, and is not guessed.
			waited: back, date: "2026-11-24",
		},
		{
			name: "a restart an hour in the past, then synchronised",
			happen: func(h *hall) {
				h.pass(wrong)
				h.now.Synced = false
				h.reboot(-hour)
				h.pass(minute)
				h.do(Tick{})
				h.now.Wall, h.now.Synced = h.now.Wall+hour, true
				h.pass(back - minute)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockSynced"},
		},
		{
			name: "first synchronised when it was right already",
			happen: func(h *hall) {
				h.now.Synced = false
				h.reboot(wrong)
				h.do(Tick{})
				h.now.Synced = true
				h.pass(back)
			},
			waited: wrong + back, date: "2026-11-24", kinds: []string{"ClockSynced"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.open("1")
			h.pass(90 * minute)
			first := h.issue("anagrafe")
			before := len(h.events)
			c.happen(h)
			if h.state.NeedsDay(h.now) {
				days := (h.state.OfficeTime(h.now) - tuesday) / (24 * hour)
				if h.state.OfficeTime(h.now) < tuesday {
					days--
				}
				midnight := tuesday + days*24*hour
				h.do(OpenDay{Plan: testPlan(midnight, dateAt(midnight))})
			}
			h.do(IssueTicket{By: Cause{Kind: ByButton, Device: "b"}, Service: "anagrafe", Outlet: "totem"})
			called := h.next("1")
			if called.ID != first.ID || called.Rule.WaitedMs != c.waited {
				t.Errorf("%s was called after %d ms, want %s after %d", called.Number.Text, called.Rule.WaitedMs, first.Number.Text, c.waited)
			}
			if got := h.state.Plan().Date; got != c.date || h.state.Day().Ordinal != 1 {
				t.Errorf("the day is %d, %s, want %s", h.state.Day().Ordinal, got, c.date)
			}
			var kinds []string
			for _, e := range h.events[before:] {
				switch k := e.Body.Kind(); k {
				case "ClockSynced", "ClockStepped", "DayRedated", "DayOpened", "DayClosed":
					kinds = append(kinds, k)
				}
			}
			if !slices.Equal(kinds, c.kinds) {
				t.Errorf("%v happened, want %v", kinds, c.kinds)
			}
		})
	}
}

// TestADoubtfulDayEndsInAQuietNight: where nobody ever sets the clock, a day is
// over when a day has gone by and nothing happened for hours.
func TestADoubtfulDayEndsInAQuietNight(t *testing.T) {
	h := newHall(t)
	h.pass(9 * hour)
	h.open("1")
	h.do(CloseDesk{By: console("1"), Desk: "1"})
	h.now = Now{Wall: 5 * minute, Boot: "b2", Mono: second}
	h.do(StartUp{Version: "test"})
	garbage := testPlan(0, "1970-01-01")
	if got := kinds(h.do(OpenDay{Plan: garbage})); !slices.Equal(got, []string{"DayOpened"}) {
		t.Fatalf("got %v", got)
	}
	h.pass(8 * hour)
	h.issue("anagrafe")
	h.pass(15 * hour)
	h.issue("anagrafe")
	h.pass(3 * hour)
	h.nothing(Tick{})
	h.pass(hour)
	if got := kinds(h.do(Tick{})); !slices.Equal(got, []string{"TicketExpired", "TicketExpired", "DayClosed"}) {
		t.Errorf("after four quiet hours: %v", got)
	}
}

// A wristwatch is a hall whose true time is known to the test, whatever the
// clock of the box shows.
type wristwatch struct {
	*hall
	time int64 // office time, truly
}

func (w *wristwatch) pass(ms int64) {
	w.hall.pass(ms)
	w.time += ms
}

// wake is a power cut of so long, and a start at which the clock shows a time
// that nobody vouches for.
func (w *wristwatch) wake(off, shows int64) {
	w.time += off
	w.now = Now{Wall: shows, Boot: w.now.Boot + "'", Mono: 20 * second}
	w.do(StartUp{Version: "test", Journal: "journal-1"})
	w.day()
}

// day opens or dates the day as the engine does.
func (w *wristwatch) day() []Event {
	w.t.Helper()
	if !w.state.NeedsDay(w.now) {
		return nil
	}
	c := OpenDay{Plan: planOn(w.state.OfficeTime(w.now))}
	if began, ok := w.state.Began(w.now); ok {
		c.Began = planOn(began)
	}
	events := w.do(c)
	if w.state.NeedsDay(w.now) {
		w.t.Fatalf("after %v a day is needed at once", kinds(events))
	}
	return events
}

// planOn is the test office's plan of the day that contains an office time.
func planOn(officeTime int64) DayPlan {
	midnight := officeTime - ((officeTime-tuesday)%(24*hour)+24*hour)%(24*hour)
	return testPlan(midnight, dateAt(midnight))
}

// press is somebody who takes a ticket, which no wrong clock prevents.
func (w *wristwatch) press() *Ticket {
	w.t.Helper()
	w.day()
	w.do(IssueTicket{By: Cause{Kind: ByButton, Device: "b"}, Service: "anagrafe", Outlet: "kiosk"})
	return w.state.tickets.at(w.state.tickets.len() - 1)
}

// shown are the ways in which the clock of a box without network can wake: what
// it shows at a true time.
var shown = []struct {
	name string
	at   func(time int64) int64
}{
	{"right", func(time int64) int64 { return time }},
	{"behind", func(time int64) int64 { return time - 2*hour }},
	{"ahead", func(time int64) int64 { return time + 3*hour }},
	{"1970", func(int64) int64 { return 25 * second }},
}

// TestEveryOrderOfClocks lives through three boots of a box without network, in
// every order of clocks that are right, behind, ahead or of 1970, with people
// who wait all the while; then the true time comes, and later the next day.
func TestEveryOrderOfClocks(t *testing.T) {
	const on, off = 20 * minute, 10 * minute
	for first := range shown {
		for second := range shown {
			for third := range shown {
				order := []int{first, second, third}
				t.Run(shown[first].name+" "+shown[second].name+" "+shown[third].name, func(t *testing.T) {
					w := &wristwatch{hall: &hall{t: t, state: &State{}}, time: tuesday + 11*hour}
					w.now = Now{Wall: shown[first].at(w.time), Boot: "boot", Mono: 20_000}
					w.do(StartUp{Version: "test", Journal: "journal-1"})
					w.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: testSetup()})
					issued := map[TicketID]int64{} // when, truly
					behind := false
					check := func(sure bool) {
						t.Helper()
						waiting := w.state.Totals().Waiting
						if waiting != len(issued) || w.state.Day().Ordinal != 1 {
							t.Fatalf("%d of %d wait, on day %d", waiting, len(issued), w.state.Day().Ordinal)
						}
						if open, _ := w.state.ServiceOpen("anagrafe", w.now); !open && sure {
							t.Error("the service is closed at noon")
						}
						before := TicketID(0)
						for x := range w.state.Waiting("anagrafe") {
							if x.ID < before {
								t.Errorf("%s stands behind a later one", x.Number.Text)
							}
							before = x.ID
							truly := w.time - issued[x.ID]
							boots := strings.Count(w.now.Boot, "'") - strings.Count(x.Issued.Boot, "'")
							least := truly - int64(boots)*off
							ms, by := w.state.Elapsed(x.Issued, w.now)
							if (by == Exact) != (boots == 0) || boots == 0 && ms != truly {
								t.Errorf("%s waits %d ms (%d), truly %d", x.Number.Text, ms, by, truly)
							}
							// A clock that wakes behind one that was right cannot be told
							// from one that was off for longer.
							most := truly
							if behind || !sure {
								most += 5 * hour
							}
							if ms < least || ms > most {
								t.Errorf("%s waits %d minutes, truly %d, and for %d the box was on", x.Number.Text, ms/minute, truly/minute, least/minute)
							}
						}
						if d := digest(Fold(w.events)); d != digest(w.state) {
							t.Error("the events do not make the state")
						}
					}
					for i, clock := range order {
						if i > 0 {
							w.wake(off, shown[clock].at(w.time+off))
						}
						behind = behind || clock == 1
						w.pass(on / 2)
						issued[w.press().ID] = w.time
						check(false)
						w.pass(on / 2)
						w.day()
						w.do(RecordContact{By: Cause{Kind: ByReception}, Contact: ContactForms})
						check(false)
					}
					w.now.Wall, w.now.Synced = w.time, true
					w.do(Tick{})
					w.day()
					check(true)
					if d := w.state.Day(); d.Provisional || !w.state.ClockSure(w.now) || w.state.Plan().Date != "2026-11-24" {
						t.Errorf("the day is %+v of %s", d, w.state.Plan().Date)
					}
					last := w.state.tickets.at(2)
					if at := w.state.TimeOf(last.Issued); at != issued[last.ID] {
						t.Errorf("the last ticket was given at %d, truly at %d", at, issued[last.ID])
					}
					for i := range 3 {
						at := w.state.TimeOf(w.state.tickets.at(i).Issued)
						if at < tuesday-2*hour || at > w.time {
							t.Errorf("ticket %d was given at %d, which is not today or is to come", i+1, at)
						}
					}
					// The power goes with people in the hall; the night passes.
					w.wake(23*hour, shown[third].at(w.time+23*hour))
					w.pass(minute)
					w.now.Wall, w.now.Synced = w.time, true
					w.do(Tick{})
					w.day()
					x := w.press()
					if p := w.state.Plan(); p.Date != "2026-11-25" || w.state.Day() != (Day{Ordinal: 2, Open: true}) || x.Number.Text != "A001" {
						t.Errorf("the next day is %+v of %s, its first number %s", w.state.Day(), p.Date, x.Number.Text)
					}
					for _, e := range w.events {
						if b, ok := e.Body.(DayClosed); ok && b.Expired != 3 {
							t.Errorf("%d expired with their day", b.Expired)
						}
					}
				})
			}
		}
	}
}

// TestAPowerOffIsNoStep: people are left in the hall when the power goes, and
// the next morning the clock learns the time only after a while. Their day is
// over and closes with its own date, whoever told the time; and a power cut of
// a minute, or a step of the clock while the box runs, closes no day.
func TestAPowerOffIsNoStep(t *testing.T) {
	synced := func(w *wristwatch) { w.now.Wall, w.now.Synced = w.time, true }
	for _, c := range []struct {
		name   string
		off    int64
		shows  int64 // after the start, against the true time
		learns func(w *wristwatch)
		over   bool
	}{
		{"behind the last event, then the network", 23 * hour, -24 * hour, synced, true},
		{"just after the last event, then the network", 23 * hour, -23*hour + second, synced, true},
		{"1970, then the network", 23 * hour, -tuesday, synced, true},
		{"1970, then a person in the program", 23 * hour, -tuesday, func(w *wristwatch) {
			w.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: w.time - w.now.Wall, Sure: true})
		}, true},
		{"behind the last event, then a person's hand", 23 * hour, -24 * hour, func(w *wristwatch) { w.now.Wall = w.time }, true},
		{"right from the start, though nobody says so", 23 * hour, 0, func(*wristwatch) {}, true},
		{"off for a minute, 1970, then the network", minute, -tuesday, synced, false},
		{"off for a minute, behind, then the network", minute, -hour, synced, false},
		{"off for a minute, right, then a day ahead", minute, 0, func(w *wristwatch) {
			synced(w)
			w.do(Tick{})
			w.now.Wall += 24 * hour
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wristwatch{hall: newHall(t), time: tuesday + 8*hour + 30*minute}
			w.pass(2 * hour)
			w.open("1")
			w.press()
			held := w.next("1")
			w.pass(minute)
			left := w.press()
			w.now.Synced = false
			w.wake(c.off, w.time+c.off+c.shows)
			w.pass(2 * minute)
			before := len(w.events)
			c.learns(w)
			w.do(Tick{})
			w.day()
			got := w.press()
			var closed []string
			for _, e := range w.events[before:] {
				if b, ok := e.Body.(DayClosed); ok {
					closed = append(closed, "closed")
					if b.Served != 1 || b.Expired != 1 {
						t.Errorf("the day closed with %+v", b)
					}
				}
				if _, ok := e.Body.(DayRedated); ok && c.over {
					t.Error("the day got another date")
				}
			}
			switch {
			case c.over && c.shows == 0:
				// It was closed at the start.
				if w.state.Day().Ordinal != 2 || got.Number.Text != "A001" {
					t.Errorf("day %d, number %s", w.state.Day().Ordinal, got.Number.Text)
				}
			case c.over:
				if len(closed) != 1 || w.state.Day().Ordinal != 2 || got.Number.Text != "A001" || w.state.Plan().Date != "2026-11-25" {
					t.Errorf("%v, day %d of %s, number %s", closed, w.state.Day().Ordinal, w.state.Plan().Date, got.Number.Text)
				}
			default:
				if len(closed) != 0 || got.Number.Text != "A003" || w.fresh(left).State != Waiting || w.holds("1") != held.ID {
					t.Errorf("%v, number %s, %s is %s", closed, got.Number.Text, left.Number.Text, w.fresh(left).State)
				}
			}
		})
	}
}

// TestAPersonsClockEndsTheDoubt: a box without network wakes in the past and
// stays doubtful, until somebody sets the clock in the program, or moves its
// hands past the last event; then its hours hold again.
func TestAPersonsClockEndsTheDoubt(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(h *hall)
		ends bool
	}{
		{"the same time is confirmed", func(h *hall) { h.do(SetClock{By: Cause{Kind: ByConsole}}) }, true},
		{"set in the program", func(h *hall) { h.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: 45 * minute, Sure: true}) }, true},
		{"set past the last event", func(h *hall) { h.now.Wall += 45 * minute }, true},
		{"set to the minute", func(h *hall) { h.now.Wall += 30*minute - 30*second }, true},
		{"set, and the program started again", func(h *hall) {
			h.now.Wall += 45 * minute
			h.do(StartUp{Version: "again"})
		}, true},
		{"set while the program was off", func(h *hall) {
			h.now.Wall += 45 * minute
			h.now.Mono += minute
			h.do(StartUp{Version: "again"})
		}, true},
		{"set before the last event", func(h *hall) { h.now.Wall += 10 * minute }, false},
		{"set two years on", func(h *hall) { h.now.Wall += 2 * 366 * 24 * hour }, false},
		{"only started again", func(h *hall) { h.do(StartUp{Version: "again"}) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.now.Synced = false
			h.pass(90 * minute)
			h.issue("anagrafe")
			h.reboot(-30 * minute)
			h.pass(minute)
			h.do(Tick{})
			if !h.state.ClockDoubtful(h.now) || !h.state.Day().Provisional {
				t.Fatal("a clock before the last event is not doubted")
			}
			c.set(h)
			h.pass(minute)
			h.do(Tick{})
			if got := !h.state.ClockDoubtful(h.now); got != c.ends || h.state.ClockSure(h.now) != c.ends || h.state.Day().Provisional == c.ends {
				t.Errorf("doubtful %v, sure %v, %+v", !got, h.state.ClockSure(h.now), h.state.Day())
			}
			h.pass(10 * hour) // long after closing
			if open, _ := h.state.ServiceOpen("anagrafe", h.now); open == c.ends {
				t.Errorf("tickets are given after closing: %v", open)
			}
		})
	}
}

// TestClockSureness: whoever works with a right clock and no network is asked
// about it once after a start, and not every day.
func TestClockSureness(t *testing.T) {
	h := newHall(t)
	sure := func(want bool, when string) {
		t.Helper()
		if got := h.state.ClockSure(h.now); got != want || h.state.ClockDoubtful(h.now) {
			t.Errorf("%s: sure %v, doubtful %v", when, got, h.state.ClockDoubtful(h.now))
		}
		if h.state.Day().Provisional == want {
			t.Errorf("%s: the day is %+v", when, h.state.Day())
		}
	}
	h.issue("anagrafe")
	h.now.Synced = false
	h.pass(minute)
	sure(true, "the network is lost")
	h.reboot(minute)
	sure(false, "a power cut by day")
	h.do(SetClock{By: Cause{Kind: ByConsole}})
	sure(true, "a person looked at it")
	h.nothing(SetClock{By: Cause{Kind: ByConsole}})
	h.pass(24 * hour)
	h.do(OpenDay{Plan: planOn(h.state.OfficeTime(h.now))})
	sure(true, "the next day")
	h.reboot(24 * hour)
	h.do(OpenDay{Plan: planOn(h.state.OfficeTime(h.now))})
	sure(true, "unplugged over night, with a battery")
	h.issue("anagrafe")
	h.now.Wall -= 30 * minute
	sure(true, "set back by half an hour")
	h.now.Wall -= 3 * hour
	if !h.state.ClockDoubtful(h.now) || h.state.ClockSure(h.now) {
		t.Error("a clock that is set back by hours while the box runs is believed")
	}
	h.do(Tick{})
	if !h.state.Day().Provisional {
		t.Error("a clock that turns doubtful during a day is told to nobody")
	}
}

// TestADayGetsTheDateOnWhichItBegan: a day that was opened by a doubtful clock
// and never learned its date is over by the time somebody knows the time.
func TestADayGetsTheDateOnWhichItBegan(t *testing.T) {
	for _, c := range []struct {
		name  string
		lives func(w *wristwatch)
		kinds []string
		dates []string
	}{
		{"learned the same day", func(w *wristwatch) { w.pass(4 * hour) }, []string{"DayRedated"}, []string{"2026-11-24"}},
		{"left on over night", func(w *wristwatch) { w.pass(26 * hour) }, []string{"DayRedated", "DayClosed", "DayOpened"}, []string{"2026-11-24", "2026-11-25"}},
		{"left on for less than a day", func(w *wristwatch) { w.pass(22 * hour) }, []string{"DayRedated", "DayClosed", "DayOpened"}, []string{"2026-11-24", "2026-11-25"}},
		{"unplugged in the evening", func(w *wristwatch) {
			w.pass(8 * hour)
			w.press()
			w.wake(14*hour+30*minute, 25*second)
			w.pass(minute)
		}, []string{"DayRedated", "DayClosed", "DayOpened"}, []string{"2026-11-24", "2026-11-25"}},
		{"a power cut by day", func(w *wristwatch) { w.wake(minute, 25*second) }, []string{"DayRedated"}, []string{"2026-11-24"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wristwatch{hall: &hall{t: t, state: &State{}, now: Now{Wall: 25 * second, Boot: "boot", Mono: 20 * second}}, time: tuesday + 9*hour}
			w.do(StartUp{Version: "test", Journal: "journal-1"})
			w.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: testSetup()})
			w.press()
			c.lives(w)
			before := len(w.events)
			w.now.Wall, w.now.Synced = w.time, true
			w.do(Tick{})
			w.day()
			var got, dates []string
			for _, e := range w.events[before:] {
				switch b := e.Body.(type) {
				case DayRedated:
					got, dates = append(got, b.Kind()), append(dates, b.Date)
				case DayOpened:
					got, dates = append(got, b.Kind()), append(dates, b.Plan.Date)
				case DayClosed:
					got = append(got, b.Kind())
				}
			}
			if !slices.Equal(got, c.kinds) || !slices.Equal(dates, c.dates) {
				t.Errorf("%v %v, want %v %v", got, dates, c.kinds, c.dates)
			}
		})
	}
}

// TestAPersonsCorrectionEndsWithTheNetwork: a box that was corrected by a person
// and starts again with the network's time is not corrected twice.
func TestAPersonsCorrectionEndsWithTheNetwork(t *testing.T) {
	h := newHall(t)
	h.now.Synced = false
	h.pass(minute)
	h.do(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: 2 * hour, Sure: true})
	h.now.Synced = true
	h.reboot(2 * hour)
	if h.state.CorrectionMs() != 0 || h.state.NeedsDay(h.now) || h.state.OfficeTime(h.now) != h.now.Wall {
		t.Errorf("corrected by %d ms", h.state.CorrectionMs())
	}
}

// TestEveryPaperEndsWithItsDay: a slip on its way when the day closes is
// unknown from then on, also over a re-dating.
func TestEveryPaperEndsWithItsDay(t *testing.T) {
	h := newHall(t)
	h.do(IssueTicket{By: Cause{Kind: ByButton, Device: "b"}, Service: "anagrafe", Outlet: "totem"})
	x := h.state.tickets.at(0)
	h.now.Wall += 48 * hour
	h.do(OpenDay{Plan: planOn(h.state.OfficeTime(h.now))})
	if got := h.fresh(x); got.Paper != PaperRequested {
		t.Fatalf("a new date made the paper %s", got.Paper)
	}
	h.pass(16 * hour)
	h.do(Tick{})
	if got := h.fresh(x); got.Paper != PaperUnknown || got.PaperWhy != WhyDayClosed || got.State != Expired {
		t.Errorf("the paper is %s (%s) of a ticket that is %s", got.Paper, got.PaperWhy, got.State)
	}
	if n := h.state.papers.len(); n != 0 {
		t.Errorf("%d papers of a closed day are unsettled", n)
	}
}

// TestNobodySetsAnImpossibleTime: a time before this program, or after the next
// hundred years, is a slip of whoever types it, or a computer without a battery.
func TestNobodySetsAnImpossibleTime(t *testing.T) {
	h := newHall(t)
	for _, wall := range []int64{0, EarliestTime - 1, latestOfficeTime + 1} {
		h.refused(SetClock{By: Cause{Kind: ByConsole}, CorrectionMs: wall - h.now.Wall}, ErrNoSuchTime)
	}
}
