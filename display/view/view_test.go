package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// begins is midnight of Tuesday 24 November 2026 in Rome.
const begins = int64(1_795_474_800_000)

// An exampleOffice is an office of three services and two desks that a test
// moves on step by step.
type exampleOffice struct {
	t     *testing.T
	state *queue.State
	ms    int64 // since midnight
}

func rome(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func newExample(t *testing.T) *exampleOffice {
	o := &exampleOffice{t: t, state: &queue.State{}, ms: 10*3_600_000 + 31*60_000}
	o.do(queue.StartUp{Version: "test", Journal: "j"})
	all := []queue.ServiceID{"anagrafe", "cie", "tributi"}
	o.do(queue.ChangeSetup{Setup: queue.Setup{
		Office: queue.Office{Body: "Comune di Esempio", Name: "Sportello polifunzionale", Place: "Piano terra", Zone: "Europe/Rome"},
		Series: []queue.Series{
			{ID: "a", Letters: "A", First: 1, Last: 999, Width: 3}, {ID: "b", Letters: "B", First: 1, Last: 999, Width: 3},
		},
		Services: []queue.Service{
			{ID: "anagrafe", Name: "Anagrafe", Detail: "Residenza; certificati", Series: "a", StandardMs: 900_000, StandardShare: 0.9},
			{ID: "cie", Name: "Carta d'identità", Series: "b", StandardMs: 1_200_000, StandardShare: 0.9},
			{ID: "tributi", Name: "Tributi", Series: "a", StandardMs: 600_000, StandardShare: 0.8},
		},
		Desks: []queue.Desk{
			{ID: "s1", Label: "1", Group: "g", Profile: queue.Profile{First: all[:1], Help: all[1:]}},
			{ID: "s2", Label: "2", Group: "g", Profile: queue.Profile{First: all[1:]}},
		},
		Outlets: []queue.Outlet{
			{ID: "totem", Name: "Totem", Printer: true, Screen: true},
			{ID: "tasti", Name: "Pulsantiera", Printer: true},
			{ID: "accoglienza", Name: "Accoglienza", Printer: true},
		},
		Rules: queue.DefaultRules(),
	}})
	o.do(queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-24", Begins: begins, Ends: begins + 24*3_600_000,
		Bands: []queue.Band{
			{Opens: begins + 495*60_000, Closes: begins + 13*3_600_000, Services: all[:2]},
			{Opens: begins + 14*3_600_000, Closes: begins + 17*3_600_000},
		},
	}})
	return o
}

func (o *exampleOffice) now() queue.Now {
	return queue.Now{Wall: begins + o.ms, Boot: "b", Mono: o.ms, Synced: true}
}

func (o *exampleOffice) look() Look { return Look{State: o.state, Now: o.now(), Zone: rome(o.t)} }

func (o *exampleOffice) do(c queue.Command) {
	o.t.Helper()
	next, _, err := o.state.Step(o.now(), c)
	if err != nil {
		o.t.Fatalf("%T: %v", c, err)
	}
	o.state = next
	o.ms += 30_000
}

// morning is a morning in which a bit of everything happens.
func morning(t *testing.T) *exampleOffice {
	o := newExample(t)
	by := func(k queue.CauseKind) queue.Cause { return queue.Cause{Kind: k, Device: "x"} }
	day := queue.TicketID(1_000_000)
	o.do(queue.OpenDesk{By: by(queue.ByConsole), Desk: "s1"})
	o.do(queue.OpenDesk{By: by(queue.ByConsole), Desk: "s2"})
	o.do(queue.IssueTicket{By: by(queue.ByTotem), Service: "anagrafe", Outlet: "totem"})
	o.do(queue.ReportPaper{Ticket: day + 1, Job: 1, Paper: queue.PaperPrinted, Rung: "clean"})
	o.do(queue.CallNext{By: by(queue.ByConsole), Desk: "s1"})
	o.do(queue.StartService{By: by(queue.ByConsole), Desk: "s1", Ticket: day + 1})
	o.do(queue.IssueTicket{By: by(queue.ByReception), Service: "anagrafe", Class: queue.Priority, Outlet: "accoglienza"})
	o.do(queue.IssueTicket{By: by(queue.ByTotem), Service: "cie", Outlet: "totem"})
	o.do(queue.ReportPaper{Ticket: day + 3, Job: 1, Paper: queue.PaperFailed, Why: "paper-out"})
	o.do(queue.CallNext{By: by(queue.ByConsole), Desk: "s2"})
	o.do(queue.ParkTicket{By: by(queue.ByConsole), Desk: "s2", Ticket: day + 3})
	o.do(queue.CallNext{By: by(queue.ByConsole), Desk: "s1", Finishing: day + 1})
	o.do(queue.RecallTicket{By: by(queue.ByConsole), Desk: "s1", Ticket: day + 2})
	o.do(queue.TransferTicket{By: by(queue.ByConsole), From: "s1", Ticket: day + 2, Service: "cie", Desk: "s2"})
	o.do(queue.IssueTicket{By: by(queue.ByButton), Service: "anagrafe", Outlet: "tasti"})
	o.do(queue.ReportPaper{Ticket: day + 4, Job: 1, Paper: queue.PaperUnknown, Why: "silent"})
	o.do(queue.CallNext{By: by(queue.ByConsole), Desk: "s2"})
	o.do(queue.IssueTicket{By: by(queue.ByButton), Service: "cie", Outlet: "tasti"})
	o.do(queue.ReportOutlet{Outlet: "totem", Gives: queue.Unable, Why: "paper-out"})
	return o
}

// pages are the views of one moment, by name.
func pages(t *testing.T, l Look) map[string]any {
	t.Helper()
	seen := func(uint64) Seen { return Seen{Boards: 1, Of: 2} }
	totem, ok := l.Totem("totem")
	one, ok1 := l.Console("s1", seen)
	two, ok2 := l.Console("s2", seen)
	if !ok || !ok1 || !ok2 {
		t.Fatal("a totem or a desk is not there")
	}
	devices := []Device{
		{Name: "Totem", Kind: "stampante", State: "ready", Words: "Funziona", Health: &DeviceHealth{
			Type: "printer", Seen: true, AgoMs: 1500, AtMs: 1_795_512_660_000, Detail: "/dev/ttyUSB0", Trial: "totem",
			Count: DeviceCounts{Printed: 7, PaperMM: 900},
		}},
		{Name: "Sala", Kind: "pulsanti", State: "stopped", Words: "Pulsante bloccato", Do: "Controlli.", Health: &DeviceHealth{
			Type: "buttons", More: []DeviceFault{{Words: "Non collegato", Do: "Controlli il cavo."}}, Count: DeviceCounts{Presses: 3, Bounces: 9, Retries: 1},
		}},
	}
	return map[string]any{
		"board": l.Board(Every), "totem": totem, "console-s1": one, "console-s2": two,
		"reception": l.Reception(""), "manager": l.Manager(devices[:1]), "devices": l.Devices(devices),
	}
}

// TestGolden holds the wire contract still: a changed file is a changed
// contract with every page that is open somewhere.
func TestGolden(t *testing.T) {
	moments := map[string]Look{"morning": morning(t).look(), "empty": {State: &queue.State{}}}
	midday := morning(t)
	midday.ms = 13*3_600_000 + 60_000
	moments["midday"] = midday.look()
	moments["spare"] = elsewhereMorning(t).look()
	for moment, l := range moments {
		all := map[string]any{"board": l.Board(Every), "reception": l.Reception("A00")}
		if moment == "morning" {
			all = pages(t, l)
		}
		if moment == "spare" {
			buttons, _ := l.Totem("tasti")
			all = map[string]any{"buttons": buttons, "reception": l.Reception(""), "manager": l.Manager(nil)}
		}
		for name, v := range all {
			got, err := json.MarshalIndent(v, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			file := filepath.Join("testdata", moment+"-"+name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; write it with -update", err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("%s (-want +got):\n%s", file, d)
			}
		}
	}
}

// TestPublicViewsAreAnonymous looks for the class and its word in what the
// hall sees.
func TestPublicViewsAreAnonymous(t *testing.T) {
	l := morning(t).look()
	totem, _ := l.Totem("totem")
	for name, v := range map[string]any{"board": l.Board(Every), "totem": totem} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"priorit", "precedenza", "class"} {
			if strings.Contains(string(b), word) {
				t.Errorf("%s says %q: %s", name, word, b)
			}
		}
	}
}

// TestSameStateSameBytes is what lets the hub send nothing when nothing
// changed.
func TestSameStateSameBytes(t *testing.T) {
	o := morning(t)
	before := pages(t, o.look())
	o.ms += 4_000
	for name, later := range pages(t, o.look()) {
		if name == "reception" {
			// What a child pressed in the last minute passes by itself.
			continue
		}
		a, _ := json.Marshal(before[name])
		b, _ := json.Marshal(later)
		if !bytes.Equal(a, b) {
			t.Errorf("%s changes with the clock alone:\n%s\n%s", name, a, b)
		}
	}
}

// TestClockStep keeps waits true when the wall clock is set in the middle of
// them.
func TestClockStep(t *testing.T) {
	o := newExample(t)
	o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza"})
	// The wall clock jumps an hour ahead; the monotonic one does not.
	now := o.now()
	now.Wall += 3_600_000
	next, _, err := o.state.Step(now, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	v, _ := Look{State: next, Now: now, Zone: rome(t)}.Console("s1", nil)
	if waited := now.Wall - v.Queues[0].First[0].Since; waited < 29_000 || waited > 31_000 {
		t.Errorf("a wait of 30 s is shown as %d ms", waited)
	}
}

func TestBurst(t *testing.T) {
	o := newExample(t)
	press := func(gapMs int64) {
		o.ms += gapMs - 30_000 // each command is half a minute after the one before
		o.paper(o.issue(queue.ByButton, "tasti"), queue.PaperPrinted, "")
	}
	burst := func() []string { return o.look().Reception("").Outlets[1].BurstNumbers }
	press(0)
	press(20_000) // two people, one after the other
	press(20_000)
	press(14_000)
	if got := burst(); len(got) > 0 {
		t.Errorf("two in a row are a burst: %v", got)
	}
	press(15_000)
	if got := burst(); !slices.Equal(got, []string{"A003", "A004", "A005"}) {
		t.Errorf("burst is %v", got)
	}
	// People who come afterwards hide no burst, and are none.
	o.ms += 5 * 60_000
	press(0)
	if got := burst(); !slices.Equal(got, []string{"A003", "A004", "A005"}) {
		t.Errorf("after somebody came the burst is %v", got)
	}
	// What was left when the others were taken back is real.
	o.do(queue.CancelTickets{By: queue.Cause{Kind: queue.ByReception}, Why: "burst", Tickets: []queue.TicketID{1_000_004}})
	if got := burst(); !slices.Equal(got, []string{"A005"}) {
		t.Errorf("after a part was taken back the burst is %v", got)
	}
	o.ms += 5 * 60_000
	if got := burst(); len(got) > 0 {
		t.Errorf("ten minutes later the burst is still %v", got)
	}
}

// TestABurstIsToldByWhatIsInIt: a child who presses several buttons takes numbers of
// several series, and none that lies between but is somebody else's is told.
func TestABurstIsToldByWhatIsInIt(t *testing.T) {
	o := newExample(t)
	for _, service := range []queue.ServiceID{"anagrafe", "anagrafe", "cie", "anagrafe"} {
		o.ms += 3_000 - 30_000
		o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: "x"}, Service: service, Outlet: "tasti"})
		o.paper(o.state.Ticket(queue.TicketID(1_000_000+o.state.Totals().Issued)), queue.PaperPrinted, "")
	}
	if got := o.look().Reception("").Outlets[1].Numbers(); got != "A001–A003, B001" {
		t.Errorf("the burst is told as %q", got)
	}
	o.do(queue.CancelTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: 1_000_002, Why: "citizen"})
	if got := o.look().Reception("").Outlets[1].Numbers(); got != "A001, A003, B001" {
		t.Errorf("with one gone it is told as %q", got)
	}
}

// A long flood is one burst, of which the newest are listed one by one.
func TestAFloodIsOneBurst(t *testing.T) {
	o := newExample(t)
	o.ms += 60_000
	for i := range 250 {
		o.ms -= 27_000
		o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: fmt.Sprint(i % 4)}, Service: "anagrafe", Outlet: "tasti"})
		o.paper(o.state.Ticket(queue.TicketID(1_000_001+i)), queue.PaperPrinted, "")
	}
	v := o.look().Reception("").Outlets[1]
	if len(v.Burst) != 250 || v.Numbers() != "A001–A250" || v.Unlisted() != 190 || len(v.Listed()) != 60 || v.Listed()[0] != 190 {
		t.Errorf("a burst of %d, %s, %d not listed", len(v.Burst), v.Numbers(), v.Unlisted())
	}
}

// Whatever is wrong with a device, its page and the manager's say what to do.
func TestEveryDeviceSaysWhatToDo(t *testing.T) {
	var devices []Device
	for _, state := range []string{"ready", "degraded", "stopped", "lost", "unknown"} {
		devices = append(devices, Device{Name: state, State: state, Words: "?"})
	}
	l := newExample(t).look()
	for _, list := range [][]Device{l.Devices(devices).Devices, l.Manager(devices).Devices} {
		for _, d := range list {
			if d.State != "ready" == (d.Do == "") {
				t.Errorf("%s: do %q", d.State, d.Do)
			}
		}
	}
	for _, d := range devices {
		if d.Do != "" {
			t.Error("the caller's devices were changed")
		}
	}
}

// A flood in the reception's name is one thing to take back; tickets as fast as
// a person gives them are none.
func TestAFloodOfTheReceptionIsOneBurst(t *testing.T) {
	o := newExample(t)
	give := func(n int, everyMs int64) {
		for range n {
			o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "accoglienza"})
			o.ms += everyMs - 30_000
			o.paper(o.state.Ticket(queue.TicketID(1_000_000+o.state.Totals().Issued)), queue.PaperPrinted, "")
		}
	}
	give(40, 4_000)
	if v := o.look().Reception("").Outlets[2]; v.HasBurst() {
		t.Errorf("a busy reception is taken for a burst of %d", len(v.Burst))
	}
	give(200, 10)
	v := o.look().Reception("").Outlets[2]
	if len(v.Burst) != 200 || v.Numbers() != "A041–A240" {
		t.Errorf("a burst of %d", len(v.Burst))
	}
}

// Waits on the pages of the staff leave out the hours in which the office was
// closed, as the stored reason and the report do, and stand still in them.
func TestWaitsLeaveOutABreak(t *testing.T) {
	o := newExample(t)
	reception := queue.Cause{Kind: queue.ByReception}
	desk := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	o.do(queue.OpenDesk{By: desk, Desk: "s1"})
	o.do(queue.IssueTicket{By: reception, Service: "anagrafe", Outlet: "accoglienza"})
	plan := *o.state.Plan()
	now := o.state.OfficeTime(o.state.LastNow())   // of the issue
	closes, opens := now+10*60_000, now+130*60_000 // in ten minutes, for two hours
	plan.Bands = []queue.Band{{Opens: plan.Begins, Closes: closes}, {Opens: opens, Closes: plan.Ends}}
	o.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: o.state.Setup(), Plan: plan})
	shown := func() (console, manager Wait, at int64) {
		t.Helper()
		v, _ := o.look().Console("s1", nil)
		m := o.look().Manager(nil)
		if len(v.Queues[0].First) != 1 || m.Longest == nil || m.Services[0].Since != m.Longest.Since {
			t.Fatalf("console %+v, manager %+v", v.Queues, m.Longest)
		}
		return v.Queues[0].First[0], *m.Longest, o.state.OfficeTime(o.now())
	}
	o.ms = closes + 60*60_000 - begins
	for _, ms := range []int64{0, 7 * 60_000} {
		o.ms += ms
		c, m, _ := shown()
		if c.StandMs == nil || m.StandMs == nil || *c.StandMs != 10*60_000 || *m.StandMs != 10*60_000 {
			t.Errorf("in the break: %+v and %+v, want ten minutes that stand", c, m)
		}
	}
	o.ms = opens + 5*60_000 - begins
	if c, m, at := shown(); c.StandMs != nil || at-c.Since != 15*60_000 || m.Since != c.Since {
		t.Errorf("after the break it has waited %d ms, %+v", at-c.Since, m)
	}
	o.do(queue.CallNext{By: desk, Desk: "s1"})
	if why := o.state.Ticket(1_000_001).Rule; why.WaitedMs != 15*60_000 || why.Overdue {
		t.Errorf("called for %+v", why)
	}
	o.do(queue.FinishTicket{By: desk, Desk: "s1", Ticket: 1_000_001})
	if f := o.look().Manager(nil).Today; f.Called != 1 || f.MeanMs != 15*60_000 || *f.MeanWaitMs != 15*60_000 || f.StandardN != 1 {
		t.Errorf("today %+v", f)
	}
}

// A temporary service leaves the places where tickets are given after its last
// day.
func TestATemporaryServiceLeavesTheTotem(t *testing.T) {
	for to, listed := range map[string]bool{"": true, "2026-11-24": true, "2026-11-23": false} {
		o := newExample(t)
		setup := o.state.Setup()
		setup.Services = slices.Clone(setup.Services)
		setup.Services[1].From, setup.Services[1].To = "2026-11-01", to
		if to == "" {
			setup.Services[1].From = ""
		}
		o.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup, Plan: *o.state.Plan()})
		totem, _ := o.look().Totem("totem")
		has := slices.ContainsFunc(totem.Services, func(x TotemService) bool { return x.ID == string(setup.Services[1].ID) })
		reception := slices.ContainsFunc(o.look().Reception("").Services, func(x TotemService) bool { return x.ID == string(setup.Services[1].ID) })
		if has != listed || reception != listed {
			t.Errorf("until %q: on the totem %v, at the reception %v", to, has, reception)
		}
	}
}

func TestSeen(t *testing.T) {
	for _, c := range []struct {
		seen Seen
		want string
	}{
		{Seen{}, "Nessun tabellone collegato: chiami il numero a voce."},
		{Seen{Boards: 2, Of: 2}, "Visto su 2 tabelloni su 2"},
		{Seen{Boards: 1, Of: 2}, "Visto su 1 tabellone su 2: attenda o chiami a voce."},
	} {
		if got := words.In("").SeenOn(c.seen.Boards, c.seen.Of); got != c.want {
			t.Errorf("%+v is %q, want %q", c.seen, got, c.want)
		}
	}
}

// TestSentToOneDesk is counted once, and by that desk alone.
func TestSentToOneDesk(t *testing.T) {
	o := newExample(t)
	by := queue.Cause{Kind: queue.ByConsole}
	o.do(queue.OpenDesk{By: by, Desk: "s1"})
	o.do(queue.OpenDesk{By: by, Desk: "s2"})
	o.do(queue.IssueTicket{By: by, Service: "anagrafe", Outlet: "accoglienza"})
	o.do(queue.CallNext{By: by, Desk: "s1"})
	o.do(queue.TransferTicket{By: by, From: "s1", Ticket: 1_000_001, Service: "cie", Desk: "s2"})
	one, _ := o.look().Console("s1", nil)
	two, _ := o.look().Console("s2", nil)
	if one.Waiting != 0 || two.Waiting != 1 || len(two.Own) != 1 || two.Queues[0].Waiting != 0 {
		t.Errorf("s1 sees %d waiting and s2 %d, of them %d its own", one.Waiting, two.Waiting, len(two.Own))
	}
}

// TestABackOfficeCountsItsOwnAlone: who waits for others is no number of a desk that
// calls nobody from the queues, whose lines are told as those of others.
func TestABackOfficeCountsItsOwnAlone(t *testing.T) {
	o := newExample(t)
	setup := o.state.Setup()
	setup.Desks = slices.Clone(setup.Desks)
	setup.Desks[1].BackOffice = true
	o.do(queue.ChangeSetup{Setup: setup})
	by := queue.Cause{Kind: queue.ByConsole}
	o.do(queue.OpenDesk{By: by, Desk: "s1"})
	o.do(queue.OpenDesk{By: by, Desk: "s2"})
	for _, service := range []queue.ServiceID{"anagrafe", "cie"} {
		o.do(queue.IssueTicket{By: by, Service: service, Outlet: "accoglienza"})
	}
	if v, _ := o.look().Console("s2", nil); v.Waiting != 0 || v.Next != "" || !v.Others {
		t.Errorf("%d wait for the back office, its next is %q, the lines are of others: %v", v.Waiting, v.Next, v.Others)
	}
	o.do(queue.CallNext{By: by, Desk: "s1"})
	o.do(queue.TransferTicket{By: by, From: "s1", Ticket: 1_000_001, Service: "cie", Desk: "s2"})
	two, _ := o.look().Console("s2", nil)
	one, _ := o.look().Console("s1", nil)
	if two.Waiting != 1 || two.Next != "A001" || one.Others {
		t.Errorf("%d wait for the back office, its next is %q; the lines of the other are of others: %v", two.Waiting, two.Next, one.Others)
	}
}

// TestManagersSumsEqualTheirRows: also after a service and a desk were taken
// away while people waited, the rows add up to what stands above them.
func TestManagersSumsEqualTheirRows(t *testing.T) {
	o := newExample(t)
	o.do(queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s1"})
	o.do(queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2"})
	for _, service := range []queue.ServiceID{"anagrafe", "cie", "cie", "cie"} {
		o.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: service, Outlet: "tasti"})
		o.do(queue.ReportPaper{Ticket: queue.TicketID(1_000_000 + o.state.Totals().Issued), Job: 1, Paper: queue.PaperPrinted})
	}
	o.do(queue.CallNext{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2"})
	setup := o.state.Setup()
	setup.Services = slices.Concat(setup.Services[:1], setup.Services[2:])
	setup.Desks = slices.Clone(setup.Desks[:1])
	setup.Desks[0].Profile = queue.Profile{First: []queue.ServiceID{"anagrafe", "tributi"}}
	o.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup, Plan: *o.state.Plan()})
	v := o.look().Manager(nil)
	waiting, working := 0, 0
	for _, line := range v.Services {
		waiting += line.Waiting
	}
	for _, desk := range v.Desks {
		if desk.Open && !desk.Paused {
			working++
		}
	}
	if waiting != v.Waiting || waiting != 3 {
		t.Errorf("%d wait by the rows and %d by the sum, want 3: %+v", waiting, v.Waiting, v.Services)
	}
	if working != v.Working || working != 2 {
		t.Errorf("%d desks work by the rows and %d by the sum, want 2: %+v", working, v.Working, v.Desks)
	}
}

// Where the office has switched it on, a desk past the limit is marked, on the page
// alone and without a time; nobody but the manager sees it.
func TestADeskPastTheLimitIsMarked(t *testing.T) {
	o := morning(t)
	over := func(limitMs int64) (marked []string, sent string) {
		l := o.look()
		l.DeskLimitMs = limitMs
		b, err := json.Marshal(l.Manager(nil).Desks)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range l.Manager(nil).Desks {
			if d.Over {
				marked = append(marked, d.Desk)
			}
		}
		if slices.ContainsFunc(l.Desks(), func(d ManagerDesk) bool { return d.Over }) {
			t.Error("the desks of the clerks' page are marked")
		}
		return marked, string(b)
	}
	o.ms += 15*60_000 + 1
	if marked, _ := over(0); marked != nil {
		t.Errorf("marked while it is off: %v", marked)
	}
	_, off := over(0)
	for limit, want := range map[int64][]string{15 * 60_000: {"s2"}, 60 * 60_000: nil} {
		marked, sent := over(limit)
		if !slices.Equal(marked, want) {
			t.Errorf("with a limit of %d ms %v are marked, want %v", limit, marked, want)
		}
		if sent != off {
			t.Errorf("with a limit of %d ms programs are sent %s", limit, sent)
		}
	}
}

// The manager is told what each desk does, and never since when: how long a desk
// takes is how fast a person works.
func TestTheManagerIsNotToldHowLongADeskTakes(t *testing.T) {
	o := morning(t)
	o.ms += 11 * 60_000
	b, err := json.Marshal(o.look().Manager(nil).Desks)
	if err != nil {
		t.Fatal(err)
	}
	var desks []map[string]any
	if err := json.Unmarshal(b, &desks); err != nil || len(desks) == 0 {
		t.Fatalf("%s: %v", b, err)
	}
	for _, desk := range desks {
		for name, value := range desk {
			if _, number := value.(float64); number {
				t.Errorf("desk %v tells %s %v", desk["desk"], name, value)
			}
		}
	}
}
