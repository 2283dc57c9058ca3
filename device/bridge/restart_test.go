package bridge

import (
	"context"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
)

// A cutOff is an office whose box loses power.
type cutOff struct {
	t     *testing.T
	state *queue.State
	now   queue.Now
}

func (o *cutOff) Do(_ context.Context, c queue.Command) (*queue.State, []queue.Event, error) {
	s, events, err := o.state.Step(o.now, c)
	o.state = s
	return s, events, err
}
func (o *cutOff) Watch() (*queue.State, <-chan struct{}) { return o.state, nil }
func (o *cutOff) Now() queue.Now                         { return o.now }

func (o *cutOff) must(c queue.Command) {
	o.t.Helper()
	if _, _, err := o.Do(context.Background(), c); err != nil {
		o.t.Fatalf("%T: %v", c, err)
	}
}

const dayMs = 86_400_000

// openDay opens the day of the clock, from midnight to midnight UTC.
func (o *cutOff) openDay() {
	o.t.Helper()
	begins := o.state.OfficeTime(o.now) / dayMs * dayMs
	o.must(queue.OpenDay{Plan: queue.DayPlan{
		Date: time.UnixMilli(begins).UTC().Format(time.DateOnly), Begins: begins, Ends: begins + dayMs,
		Bands: []queue.Band{{Opens: begins, Closes: begins + dayMs}},
	}})
}

// cut is a power cut of so long; synced tells whether the clock is right then.
func (o *cutOff) cut(off time.Duration, synced bool) {
	o.now.Wall += off.Milliseconds()
	if !synced {
		o.now.Wall = 25_000
	}
	o.now = queue.Now{Wall: o.now.Wall, Boot: o.now.Boot + "'", Mono: 20_000, Synced: synced}
	o.must(queue.StartUp{Version: "1"})
}

func (o *cutOff) issue() *queue.Ticket {
	o.t.Helper()
	before := o.state.Totals().Issued
	o.must(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "atrio"})
	return o.state.Ticket(queue.TicketID(o.state.Day().Ordinal*1_000_000 + before + 1))
}

// newCutOff is an office on its first day, by a clock that the network vouches
// for or not.
func newCutOff(t *testing.T, wall int64, synced bool) *cutOff {
	setup := newOffice(t).state.Setup()
	o := &cutOff{t: t, state: &queue.State{}, now: queue.Now{Wall: wall, Boot: "b", Mono: 20_000, Synced: synced}}
	o.must(queue.StartUp{Version: "1", Journal: "j"})
	o.must(queue.ChangeSetup{Setup: setup})
	o.openDay()
	return o
}

// A process that dies in the middle of a slip may leave a part of it in the
// printer. Whoever starts next knows, however late, until something is printed.
func TestATornSlipIsRememberedUntilSomethingIsPrinted(t *testing.T) {
	for _, c := range []struct {
		name  string
		lives func(o *cutOff)
		left  bool
	}{
		{"back at once", func(o *cutOff) { o.cut(time.Minute, true) }, true},
		{"back the next morning", func(o *cutOff) { o.cut(15*time.Hour, true); o.openDay() }, true},
		{"back the next morning in 1970, then the network", func(o *cutOff) {
			o.cut(15*time.Hour, false)
			o.now.Wall, o.now.Synced = 20_782*dayMs+30_000_000, true
			o.openDay()
		}, true},
		{"cut off again before anything was printed", func(o *cutOff) {
			o.cut(time.Minute, true)
			o.cut(15*time.Hour, true)
			o.openDay()
			o.cut(time.Minute, true)
		}, true},
		{"its ticket was called in the meantime", func(o *cutOff) {
			o.cut(time.Minute, true)
			o.must(queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
			o.must(queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
			o.must(queue.CloseDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
			o.cut(time.Minute, true)
		}, true},
		{"another was printed since", func(o *cutOff) {
			o.cut(15*time.Hour, true)
			o.openDay()
			o.must(queue.ReportPaper{Ticket: o.issue().ID, Job: 1, Paper: queue.PaperPrinted})
			o.cut(time.Minute, true)
		}, false},
		{"the day ended while the program went on", func(o *cutOff) {
			o.now.Wall, o.now.Mono = o.now.Wall+dayMs, o.now.Mono+dayMs
			o.openDay()
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newCutOff(t, 20_781*dayMs+61_000_000, true)
			o.issue()
			c.lives(o)
			b := New(Config{Engine: o})
			if left := b.leftInPrinter("atrio"); left != c.left {
				t.Errorf("a part of a slip is in the printer: %v, want %v", left, c.left)
			}
			if b.leftInPrinter("banco") {
				t.Error("nothing was on its way to the other printer")
			}
		})
	}
}

// A reprint has the time at which the number was given, as it is known by now.
func TestAReprintHasTheTrueTimeOfIssue(t *testing.T) {
	rome := func(office int64) time.Time { return time.UnixMilli(office).UTC() }
	for _, c := range []struct {
		name  string
		lives func(o *cutOff)
	}{
		{"the network came later", func(o *cutOff) {
			o.now.Wall, o.now.Synced = 20_782*dayMs+36_000_000, true
			o.openDay()
		}},
		{"a person set the clock", func(o *cutOff) {
			o.must(queue.SetClock{By: queue.Cause{Kind: queue.ByConsole}, CorrectionMs: 20_782*dayMs + 36_000_000 - o.now.Wall})
			o.openDay()
		}},
		{"the network came after another start", func(o *cutOff) {
			o.cut(0, false)
			o.now.Wall, o.now.Synced = 20_782*dayMs+36_000_000, true
			o.openDay()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newCutOff(t, 25_000, false)
			o.issue()
			o.now.Wall, o.now.Mono = o.now.Wall+20*60_000, o.now.Mono+20*60_000
			o.must(queue.RecordContact{By: queue.Cause{Kind: queue.ByReception}, Contact: queue.ContactForms})
			c.lives(o)
			b := New(Config{Engine: o, Local: rome})
			x := o.state.LatestByNumber("A001")
			if s := b.slip(o.state, x); !strings.Contains(s.Date, "9:40") && !strings.Contains(s.Date, "9:39") {
				t.Errorf("the slip says %q, and the number was given at 09:40", s.Date)
			}
		})
	}
}
