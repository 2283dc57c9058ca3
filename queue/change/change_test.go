package change

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// An hour of the reference office: desk s1 open, people for anagrafe and cie.
type hall struct {
	t     *testing.T
	state *queue.State
	now   queue.Now
}

func newHall(t *testing.T) *hall {
	t.Helper()
	// Tuesday 24 November 2026, 9:00 in Rome.
	h := &hall{t: t, state: &queue.State{}, now: queue.Now{Wall: 1_795_507_200_000, Boot: "b", Mono: 60_000, Synced: true}}
	h.do(queue.StartUp{Version: "t", Journal: "t"})
	setup := office.Reference()
	plan, err := calendar.Plan(setup, h.now.Wall)
	if err != nil {
		t.Fatal(err)
	}
	h.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: setup})
	h.do(queue.OpenDay{Plan: plan})
	return h
}

func (h *hall) do(c queue.Command) {
	h.t.Helper()
	h.now.Wall += 1_600
	h.now.Mono += 1_600
	state, _, err := h.state.Step(h.now, c)
	if err != nil {
		h.t.Fatal(err)
	}
	h.state = state
}

func (h *hall) issue(service queue.ServiceID) {
	h.t.Helper()
	h.do(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: service, Outlet: "accoglienza"})
}

func (h *hall) open(desk queue.DeskID) {
	h.t.Helper()
	h.do(queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: desk})
}

// edited is the setup in force with some values written otherwise.
func (h *hall) edited(change func(d *office.Draft)) queue.Setup {
	d := office.Edit(h.state.Setup())
	change(d)
	return d.Setup()
}

func TestTheSameOfficeChangesNothing(t *testing.T) {
	h := newHall(t)
	h.open("s1")
	h.issue("anagrafe")
	e := Of(h.state, h.now, h.state.Setup())
	if len(e.Differences)+len(e.Faults)+len(e.Waiting)+len(e.Desks) > 0 || e.Refused != nil {
		t.Errorf("nothing was changed, and the effect is %+v", e)
	}
	if e.WeekBefore != 2445 || e.WeekAfter != e.WeekBefore {
		t.Errorf("the week has %d and %d minutes, want 2445", e.WeekBefore, e.WeekAfter)
	}
}

func TestRemovedServiceIsToldWithWhoWaitsForIt(t *testing.T) {
	h := newHall(t)
	h.open("s1")
	h.issue("anagrafe")
	h.issue("anagrafe")
	after := h.edited(func(d *office.Draft) {
		if err := d.Remove("service[1]"); err != nil {
			t.Fatal(err)
		}
	})
	gone := h.state.Setup().Services[0]
	if gone.ID != "anagrafe" {
		t.Fatalf("the first service is %q", gone.ID)
	}
	e := Of(h.state, h.now, after)
	if !e.Valid() {
		t.Fatal(e.Faults)
	}
	if len(e.Waiting) != 1 || !e.Waiting[0].Removed || e.Waiting[0].People != 2 || e.Waiting[0].DesksAfter != 0 {
		t.Errorf("who waits feels %+v", e.Waiting)
	}
	want := Difference{Thing: "service[anagrafe]", Key: "service", Before: gone.Name}
	if !hasDifference(e.Differences, want) || !want.Removed() || want.Added() {
		t.Errorf("the differences are %+v", e.Differences)
	}
	// The core does what was told: the last open one ends it.
	h.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: after, Plan: *h.state.Plan()})
	if n := h.state.WaitingFor("anagrafe"); n != 2 {
		t.Errorf("%d wait after the change", n)
	}
	if _, _, ok := h.state.Next(h.now, "s1"); !ok {
		t.Error("nobody calls them any more")
	}
}

func hasDifference(all []Difference, want Difference) bool {
	for _, d := range all {
		if d == want {
			return true
		}
	}
	return false
}

func TestRemovedOpenDeskIsTold(t *testing.T) {
	h := newHall(t)
	h.open("s1")
	h.issue("anagrafe")
	after := h.edited(func(d *office.Draft) { _ = d.Remove("desk[1]") })
	e := Of(h.state, h.now, after)
	if len(e.Desks) != 1 || !e.Desks[0].Removed || e.Desks[0].Before != "A001" || e.Desks[0].After != "" {
		t.Errorf("the desks feel %+v", e.Desks)
	}
	if len(e.Waiting) != 1 || e.Waiting[0].DesksBefore != 1 || e.Waiting[0].DesksAfter != 0 {
		t.Errorf("who waits feels %+v", e.Waiting)
	}
}

// Another order calls another one next: the effect is that of the rule itself.
func TestAnotherRuleIsToldByWhoComesNext(t *testing.T) {
	h := newHall(t)
	h.open("s1")
	h.issue("anagrafe")
	h.issue("veloci")
	setup := h.state.Setup()
	after := h.edited(func(d *office.Draft) {
		d.Set("rules.discipline", "strict")
		d.Set("desk[1].first", "veloci, anagrafe")
	})
	e := Of(h.state, h.now, after)
	if len(e.Desks) != 1 || e.Desks[0].Before == e.Desks[0].After {
		t.Errorf("the desks feel %+v", e.Desks)
	}
	if !hasDifference(e.Differences, Difference{Thing: "rules", Key: "rules.discipline", Inner: "discipline", After: "strict"}) {
		t.Errorf("the differences are %+v", e.Differences)
	}
	if diff := cmp.Diff(setup, h.state.Setup()); diff != "" {
		t.Errorf("looking changed the office: %s", diff)
	}
}

func TestShorterDayIsToldToWhoWaits(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	after := h.edited(func(d *office.Draft) {
		n, err := d.Add("hours.exception", "")
		if err != nil {
			t.Fatal(err)
		}
		d.Set(item("hours.exception", n, "date"), "2026-11-24")
	})
	e := Of(h.state, h.now, after)
	if len(e.Waiting) != len(after.Services) || e.Waiting[0].ExpireAfter == e.Waiting[0].ExpireBefore || !e.Waiting[0].Stops || e.Waiting[1].People != 0 {
		t.Errorf("who waits on a day that closes feels %+v", e.Waiting)
	}
}

// Whatever stops a service at once is told, with what the core then does: whether it gives
// numbers, who expires, and when who is left does.
func TestWhatStopsAtOnceIsToldAsTheCoreDoesIt(t *testing.T) {
	all := func(d *office.Draft, key, text string) {
		for n := range len(d.Setup().Hours.Week) {
			d.Set(item("hours.week", n+1, key), text)
		}
	}
	for name, change := range map[string]func(d *office.Draft){
		"a service that begins later": func(d *office.Draft) { d.Set("service[1].from", "2026-12-24") },
		"a service that is over":      func(d *office.Draft) { d.Set("service[1].to", "2026-11-20") },
		"hours that are over":         func(d *office.Draft) { all(d, "stop_issue", ""); all(d, "open", "07:00"); all(d, "close", "08:30") },
		"hours still to come":         func(d *office.Draft) { all(d, "stop_issue", ""); all(d, "open", "11:00"); all(d, "close", "12:30") },
		"a day of the week":           func(d *office.Draft) { all(d, "days", "mon") },
		"a closed date": func(d *office.Draft) {
			n, _ := d.Add("hours.exception", "")
			d.Set(item("hours.exception", n, "date"), "2026-11-24")
		},
		"a day that begins now":   func(d *office.Draft) { d.Set("hours.cut", "08:59") },
		"another place on earth":  func(d *office.Draft) { d.Set("office.zone", "Pacific/Kiritimati") },
		"appointments alone":      func(d *office.Draft) { d.Set("service[1].appointments_only", "true") },
		"fewer a day than given":  func(d *office.Draft) { d.Set("service[1].day_cap", "3") },
		"more a day than given":   func(d *office.Draft) { d.Set("service[1].day_cap", "4") },
		"fewer in all than given": func(d *office.Draft) { d.Set("service[1].quota", "2") },
		"a hall that is full":     func(d *office.Draft) { d.Set("rules.hall_capacity", "3") },
		"a note that is not felt": func(d *office.Draft) { d.Set("office.note", "x") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.open("s1")
			for range 3 {
				h.issue("anagrafe")
			}
			after := h.edited(change)
			e := Of(h.state, h.now, after)
			if len(e.Faults) > 0 || e.Refused != nil {
				t.Fatal(e.Faults, e.Refused)
			}
			var told Felt
			for _, f := range e.Waiting {
				if f.Service == "anagrafe" {
					told = f
				}
			}
			plan, err := calendar.Plan(after, h.now.Wall)
			if err != nil {
				t.Fatal(err)
			}
			expiry, _ := lastOf(h.state, h.state, "anagrafe", h.now)
			did, _, err := h.state.Step(h.now, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: after, Plan: plan, Sure: true})
			if err != nil {
				t.Fatal(err)
			}
			did, _, err = did.Step(h.now, queue.Tick{})
			if err != nil {
				t.Fatal(err)
			}
			if stops := did.MayIssue("anagrafe", queue.Ordinary, h.now) != nil; told.Stops != stops {
				t.Errorf("told is that it stops: %t; it does: %t", told.Stops, stops)
			}
			if gone := 3 - did.WaitingFor("anagrafe"); told.Expired != gone {
				t.Errorf("told is that %d expire, and %d do", told.Expired, gone)
			}
			if told.ExpireAfter != 0 && told.ExpireAfter <= h.now.Wall {
				t.Error("the hour at which who is left expires is past")
			}
			if told.Stops && told.ExpireAfter != 0 {
				for _, wait := range []int64{-1, 0} {
					then := h.now
					then.Wall, then.Mono = told.ExpireAfter+wait, then.Mono+told.ExpireAfter+wait-h.now.Wall
					late, _, err := did.Step(then, queue.Tick{})
					if err != nil {
						t.Fatal(err)
					}
					if left := late.WaitingFor("anagrafe"); wait < 0 && left == 0 || wait == 0 && left != 0 {
						t.Errorf("%d ms beside the hour that is told %d wait", wait, left)
					}
				}
			}
			if name == "a note that is not felt" && (len(e.Waiting) > 0 || expiry == 0) {
				t.Errorf("it is felt: %+v", e.Waiting)
			}
		})
	}
}

// What somebody changed of a thing that another has removed is named before it is lost.
func TestWhatAMergeLosesIsNamed(t *testing.T) {
	base := office.Reference()
	mine, theirs := office.Edit(base), office.Edit(base)
	mine.Set("desk[1].label", "23")
	mine.Set("office.note", "x")
	theirs.Remove("desk[1]")
	lost := Lost(base, mine.Setup(), theirs.Setup())
	if len(lost) != 1 || lost[0].Key != "desk.label" || lost[0].After != "23" {
		t.Errorf("lost are %+v", lost)
	}
	if lost := Lost(base, theirs.Setup(), theirs.Setup()); len(lost) != 0 {
		t.Errorf("what both removed is lost: %+v", lost)
	}
}

// Who keeps what would be lost has it again as in the draft, and a service at its desks;
// all else is as in the other merge.
func TestAMergeThatKeepsLosesNothing(t *testing.T) {
	base := office.Reference()
	mine, theirs := office.Edit(base), office.Edit(base)
	id := base.Services[1].ID
	mine.Set("service[2].standard", "7m")
	mine.Set("desk[1].label", "23")
	for _, thing := range []string{"service[2]", "desk[1]", "outlet[2]"} {
		if err := theirs.Remove(thing); err != nil {
			t.Fatal(err)
		}
	}
	theirs.Set("office.note", "loro")
	got := MergeKeeping(base, mine.Setup(), theirs.Setup())
	if lost := Lost(base, mine.Setup(), theirs.Setup()); len(lost) != 2 {
		t.Fatalf("lost would be %+v", lost)
	}
	if i := slices.IndexFunc(got.Services, func(s queue.Service) bool { return s.ID == id }); i < 0 || got.Services[i].StandardMs != 7*60_000 {
		t.Errorf("the service is not there again: %+v", got.Services)
	}
	if got.Desks[0].ID != base.Desks[0].ID || got.Desks[0].Label != "23" {
		t.Errorf("the desk is not there again: %+v", got.Desks[0])
	}
	for i, d := range base.Desks {
		if diff := cmp.Diff(d.Profile, got.Desks[i].Profile); diff != "" {
			t.Errorf("desk %s serves otherwise (-want +got):\n%s", d.ID, diff)
		}
	}
	if got.Office.Note != "loro" || len(got.Outlets) != len(base.Outlets)-1 {
		t.Error("what the other one did else is not so")
	}
	if faults := office.Faults(got); len(faults) > 0 {
		t.Errorf("it has faults: %v", faults)
	}
	mine = office.Edit(base)
	mine.Set("office.name", "Altro")
	if diff := cmp.Diff(Merge(base, mine.Setup(), theirs.Setup()), MergeKeeping(base, mine.Setup(), theirs.Setup())); diff != "" {
		t.Errorf("nothing would be lost, and it is otherwise (-merge +keeping):\n%s", diff)
	}
}

func TestNewNameIsNoNewOrder(t *testing.T) {
	before := office.Reference()
	d := office.Edit(before)
	d.Set("service[1].name", "Altro")
	if got := Between(before, d.Setup()); len(got) != 1 || got[0].Inner != "name" {
		t.Errorf("a new name is %+v", got)
	}
	d.Move("service[1]", 1)
	if got := Between(before, d.Setup()); len(got) != 2 || got[1].Inner != "order" {
		t.Errorf("another order is %+v", got)
	}
}

func TestFaultsKeepTheirPaths(t *testing.T) {
	h := newHall(t)
	after := h.edited(func(d *office.Draft) { d.Set("service[2].standard", "0s") })
	e := Of(h.state, h.now, after)
	if len(e.Faults) != 1 || e.Faults[0].Path != "service[2].standard" || e.Valid() {
		t.Errorf("the faults are %+v", e.Faults)
	}
}

// What would strand a number that somebody holds is the core's own refusal.
func TestRefusalOfTheCoreIsTold(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	after := h.edited(func(d *office.Draft) { d.Set("series[1].letters", "Q") })
	if e := Of(h.state, h.now, after); !errors.Is(e.Refused, queue.ErrBadSetup) {
		t.Errorf("the refusal is %v", e.Refused)
	}
}

func TestFirstOfficeHasNobodyWaiting(t *testing.T) {
	e := Of(&queue.State{}, queue.Now{Wall: 1_795_507_200_000, Boot: "b", Synced: true}, office.Reference())
	if !e.Valid() || e.Refused != nil || len(e.Waiting) > 0 || e.WeekBefore != 0 || e.WeekAfter != 2445 {
		t.Errorf("the effect of a first office is %+v", e)
	}
}

func TestMergeTakesBothPeoplesWork(t *testing.T) {
	base := office.Reference()
	mine, theirs := office.Edit(base), office.Edit(base)
	mine.Set("service[1].standard", "20m")
	mine.Set("office.note", "mia")
	n, _ := mine.Add("service", "Nozze")
	mine.Set(item("service", n, "name"), "Nozze")
	theirs.Set("service[1].name", "Anagrafe e altro")
	theirs.Set("service[2].standard", "7m")
	theirs.Set("office.note", "loro")
	theirs.Remove("desk[3]")
	n, _ = theirs.Add("outlet", "Secondo totem")

	got := Merge(base, mine.Setup(), theirs.Setup())
	if x := got.Services[0]; x.StandardMs != 20*60_000 || x.Name != "Anagrafe e altro" {
		t.Errorf("the first service is %+v", x)
	}
	if got.Services[1].StandardMs != 7*60_000 || got.Services[len(got.Services)-1].ID != "nozze" {
		t.Error("what one of them added or changed alone is not there")
	}
	if len(got.Desks) != len(base.Desks)-1 || len(got.Outlets) != len(base.Outlets)+1 || got.Outlets[n-1].ID != "secondo-totem" {
		t.Error("what they removed or added is not so")
	}
	if got.Office.Note != "mia" {
		t.Errorf("the note is %q", got.Office.Note)
	}
	want := []Difference{{"office", "office.note", "note", "loro", "mia"}}
	if diff := cmp.Diff(want, Clashes(base, mine.Setup(), theirs.Setup())); diff != "" {
		t.Errorf("clashes (-want +got):\n%s", diff)
	}
}

// Two people each add a service to one desk, and one takes one away: the desk has
// what both wanted, and that is no clash.
func TestMergeKeepsWhatBothAddToADesk(t *testing.T) {
	base := office.Reference()
	mine, theirs := office.Edit(base), office.Edit(base)
	for d, name := range map[*office.Draft]string{mine: "Asilo", theirs: "Mensa"} {
		n, _ := d.Add("service", name)
		d.Set(item("service", n, "name"), name)
	}
	mine.Set("desk[1].first", "anagrafe, stato-civile, asilo")
	theirs.Set("desk[1].first", "anagrafe, veloci, mensa")
	base.Desks[0].Profile.First = []queue.ServiceID{"anagrafe", "stato-civile", "veloci"}
	got := Merge(base, mine.Setup(), theirs.Setup())
	if diff := cmp.Diff([]queue.ServiceID{"anagrafe", "asilo", "mensa"}, got.Desks[0].Profile.First); diff != "" {
		t.Errorf("the desk serves (-want +got):\n%s", diff)
	}
	if all := Clashes(base, mine.Setup(), theirs.Setup()); len(all) > 0 {
		t.Errorf("clashes are %+v", all)
	}
}

// Each step goes on from the ones before it; one that cannot be taken is left out,
// and what was changed meanwhile is told with its value.
func TestStepsAreTakenInOrder(t *testing.T) {
	base := office.Reference()
	step := func(values ...string) Step {
		d := office.Edit(base)
		for i := 0; i < len(values); i += 2 {
			if err := d.Set(values[i], values[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		return Step{base, d.Setup()}
	}
	gone := office.Edit(base)
	for i := range base.Desks {
		gone.Remove(item("desk", len(base.Desks)-i, ""))
	}
	all := Along(base, []Step{
		step("office.note", "uno", "service[1].standard", "20m"), {base, gone.Setup()}, step("office.note", "due"),
	})
	if len(all[0].Clashes)+len(all[0].Faults) > 0 {
		t.Errorf("the first step: %+v", all[0])
	}
	if len(all[1].Faults) == 0 {
		t.Error("an office without desks has no faults")
	}
	last := all[2]
	if s := last.Setup; s.Office.Note != "due" || s.Services[0].StandardMs != 20*60_000 || len(s.Desks) != len(base.Desks) {
		t.Errorf("after all steps the note is %q", s.Office.Note)
	}
	if diff := cmp.Diff([]Difference{{"office", "office.note", "note", "uno", "due"}}, last.Clashes); diff != "" {
		t.Errorf("clashes (-want +got):\n%s", diff)
	}
}

// Who changed nothing gets the other's work, and the other way round.
func TestMergeWithNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := office.Reference()
		d := office.Edit(base)
		for range rapid.IntRange(0, 6).Draw(t, "edits") {
			switch n := rapid.IntRange(1, 5).Draw(t, "n"); rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				d.Set(item("service", n, "name"), rapid.SampledFrom([]string{"Uno", "Due"}).Draw(t, "name"))
			case 1:
				d.Remove(item("desk", n, ""))
			case 2:
				d.Add("series", "x")
			case 3:
				d.Set("slip.text.de.note", rapid.SampledFrom([]string{"", "Guten Tag"}).Draw(t, "text"))
			case 4:
				d.Move(item("service", n, ""), 1)
			}
		}
		other := d.Setup()
		if diff := cmp.Diff(other, Merge(base, base, other)); diff != "" {
			t.Fatalf("I changed nothing, and lost of the other's: %s", diff)
		}
		if diff := cmp.Diff(other, Merge(base, other, base)); diff != "" {
			t.Fatalf("the other changed nothing, and I lost: %s", diff)
		}
		if same := len(Between(base, other)) == 0; same != cmp.Equal(base, other) {
			t.Fatalf("Between finds %v, and they are equal: %v", Between(base, other), !same)
		}
	})
}

// item is a path in a list.
func item(list string, n int, key string) string {
	path := fmt.Sprintf("%s[%d]", list, n)
	if key != "" {
		path += "." + key
	}
	return path
}

// A change says which appointments of today it leaves without hours, service or desk:
// those that it takes them from, and no others.
func TestStrandedAppointmentsAreTold(t *testing.T) {
	h := newHall(t)
	at := func(hour, minute int64) int64 { return h.state.Plan().Begins + (hour*60+minute)*60_000 }
	book := func(id queue.AppointmentID, service queue.ServiceID, desk queue.DeskID, due int64) {
		h.do(queue.BookAppointment{By: queue.Cause{Kind: queue.ByReception}, Appointment: queue.Booking{ID: id, Service: service, Desk: desk, DueAt: due}})
	}
	book("late", "cie", "", at(15, 47))
	book("noon", "anagrafe", "", at(11, 55))
	book("desk", "anagrafe", "s1", at(10, 0))
	book("closed", "anagrafe", "", at(19, 0)) // outside the hours as they are
	book("gone", "anagrafe", "", at(16, 0))
	h.do(queue.CancelAppointment{By: queue.Cause{Kind: queue.ByReception}, Appointment: "gone"})
	stranded := func(change func(d *office.Draft)) (all string) {
		for _, x := range Of(h.state, h.now, h.edited(change)).Stranded {
			all += fmt.Sprintf("%s %v %v %s %s; ", x.ID, x.Removed, x.DeskRemoved, x.Name, x.Label)
		}
		return all
	}
	services := h.state.Setup().Services
	name := func(id queue.ServiceID) string {
		for _, s := range services {
			if s.ID == id {
				return s.Name
			}
		}
		return ""
	}
	for _, c := range []struct {
		change func(d *office.Draft)
		want   string
	}{
		{func(*office.Draft) {}, ""},
		{func(d *office.Draft) { d.Set("hours.week[1].close", "12:00") }, "late false false " + name("cie") + " ; "},
		// The last ticket is given before the appointment, which has its place all the same.
		{func(d *office.Draft) { d.Set("hours.week[1].stop_issue", "11:00") }, ""},
		{func(d *office.Draft) { d.Set("service[1].from", "2027-01-01") }, "desk false false " + name("anagrafe") + " 1; noon false false " + name("anagrafe") + " ; "},
		{func(d *office.Draft) { d.Remove("desk[1]") }, "desk false true " + name("anagrafe") + " 1; "},
	} {
		if got := stranded(c.change); got != c.want {
			t.Errorf("stranded are %q, want %q", got, c.want)
		}
	}

	// What is gone was told by the change that took it away, and is told no more; where
	// another change still takes something from it, it has its name.
	gone := func(d *office.Draft) { d.Remove("service[1]"); d.Remove("desk[1]") }
	if got, want := stranded(gone), "desk true true "+name("anagrafe")+" 1; noon true false "+name("anagrafe")+" ; "; got != want {
		t.Errorf("stranded are %q, want %q", got, want)
	}
	taken := h.edited(gone)
	plan, err := calendar.Plan(taken, h.state.OfficeTime(h.now))
	if err != nil {
		t.Fatal(err)
	}
	h.do(queue.ChangeSetup{By: queue.Cause{Kind: queue.ByManager}, Setup: taken, Plan: plan})
	if got := stranded(func(*office.Draft) {}); got != "" {
		t.Errorf("another change tells it again: %q", got)
	}
	if got, want := stranded(func(d *office.Draft) { d.Set("hours.week[1].open", "11:00") }), "desk false false "+name("anagrafe")+" 1; "; got != want {
		t.Errorf("stranded are %q, want %q", got, want)
	}
}

// Of a thing that is added, its dates, its bounds and its hours are told; of a day without
// hours, that it is closed.
func TestFactsOfWhatIsAdded(t *testing.T) {
	h := newHall(t)
	after := h.state.Setup()
	after.Services = append(slices.Clone(after.Services), queue.Service{
		ID: "tari", Name: "Sportello TARI", Series: after.Series[0].ID, StandardMs: 900_000, StandardShare: 0.9, DayCap: 10, From: "2026-12-01", To: "2026-12-18",
		AppointmentsOnly: true, Week: []queue.WeekBand{{Days: []string{"mon", "thu"}, Open: "09:00", Close: "12:00"}},
	})
	after.Hours.Exceptions = append(slices.Clone(after.Hours.Exceptions), queue.Exception{Date: "2026-11-30", Why: "Ponte"})
	facts := Facts(after)
	for thing, want := range map[string][]Difference{
		"service[tari]": {
			{Key: "service.day_cap", Inner: "day_cap", After: "10"}, {Key: "service.from", Inner: "from", After: "2026-12-01"},
			{Key: "service.to", Inner: "to", After: "2026-12-18"}, {Key: "service.appointments_only", Inner: "appointments_only", After: "true"},
			{Key: "service.week", Inner: "week[1]", After: "mon, thu; 09:00-12:00"},
		},
		"hours.exception[2026-11-30]": {{Key: "hours.exception.why", Inner: "why", After: "Ponte"}, {Key: "hours.exception.band", Inner: "band"}},
		"desk[s1]":                    {{Key: "desk.first", Inner: "first", After: strings.Join(idsOf(after.Desks[0].Profile.First), ", ")}},
	} {
		for _, d := range want {
			d.Thing = thing
			if !slices.Contains(facts[thing], d) {
				t.Errorf("of %s, %+v is not among %+v", thing, d, facts[thing])
			}
		}
	}
	for _, d := range facts["service[tari]"] {
		if d.After == "" || d.Key == "service.quota" {
			t.Errorf("what is left out is told: %+v", d)
		}
	}
}

func idsOf(ids []queue.ServiceID) (all []string) {
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}
