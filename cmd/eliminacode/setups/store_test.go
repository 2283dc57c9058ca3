package setups

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A fakeOffice is the rules of the core behind a lock.
type fakeOffice struct {
	mu    sync.Mutex
	state *queue.State
	newer chan struct{}
	now   queue.Now
}

// nine is 24 November 2026, 9:00 in Rome.
const nine = 1_795_507_200_000

func newOffice(t *testing.T) *fakeOffice {
	t.Helper()
	o := &fakeOffice{state: &queue.State{}, newer: make(chan struct{}), now: queue.Now{Wall: nine, Boot: "b", Mono: 60_000, Synced: true}}
	o.must(t, queue.StartUp{Version: "t", Journal: "t"})
	o.must(t, queue.ChangeSetup{Setup: office.Reference()})
	o.openDay(t)
	return o
}

func (o *fakeOffice) do(c queue.Command) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	state, events, err := o.state.Step(o.now, c)
	if err == nil && len(events) > 0 {
		o.state = state
		close(o.newer)
		o.newer = make(chan struct{})
	}
	return err
}

func (o *fakeOffice) must(t *testing.T, c queue.Command) {
	t.Helper()
	if err := o.do(c); err != nil {
		t.Fatal(err)
	}
}

func (o *fakeOffice) openDay(t *testing.T) {
	t.Helper()
	plan, err := calendar.Plan(o.state.Setup(), o.now.Wall)
	if err != nil {
		t.Fatal(err)
	}
	o.must(t, queue.OpenDay{Plan: plan})
}

// tomorrow lets a day go by.
func (o *fakeOffice) tomorrow(t *testing.T) {
	t.Helper()
	o.mu.Lock()
	o.now.Wall += 86_400_000
	o.now.Mono += 86_400_000
	o.mu.Unlock()
	o.openDay(t)
}

func (o *fakeOffice) Watch() (*queue.State, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state, o.newer
}

func (o *fakeOffice) Now() queue.Now {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *fakeOffice) PutInForce(_ context.Context, by queue.CauseKind, setup queue.Setup, sure bool) error {
	plan, err := calendar.Plan(setup, o.Now().Wall)
	if err != nil {
		return err
	}
	return o.do(queue.ChangeSetup{By: queue.Cause{Kind: by}, Setup: setup, Plan: plan, Sure: sure})
}

func noted(setup queue.Setup, note string) queue.Setup {
	d := office.Edit(setup)
	_ = d.Set("office.note", note)
	return d.Setup()
}

var manager = access.Visitor{Kind: access.Person, ID: "m1", Roles: []access.Role{access.Manager}}

func open(t *testing.T, dir string, o *fakeOffice) *Store {
	t.Helper()
	return Open(dir, o, slog.New(slog.DiscardHandler))
}

func TestDraftsAreThereAfterARestart(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "setups"), newOffice(t)
	s := open(t, dir, o)
	if _, ok := s.Draft("m1"); ok {
		t.Error("there is a draft before any")
	}
	want := display.SetupDraft{Base: o.state.Setup(), Setup: noted(o.state.Setup(), "bozza")}
	if err := s.KeepDraft("m1", want); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, o)
	if got, ok := again.Draft("m1"); !ok || !cmp.Equal(got, want) {
		t.Errorf("the draft is %v, another", ok)
	}
	if _, ok := again.Draft("m2"); ok {
		t.Error("another's draft is shown")
	}
	files, err := filepath.Glob(filepath.Join(dir, "draft-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the files are %v", files)
	}
	if info, _ := os.Stat(files[0]); info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	if err := again.DropDraft("m1"); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Draft("m1"); ok {
		t.Error("it is there after it was dropped")
	}
}

func TestDraftsAreBounded(t *testing.T) {
	s := open(t, t.TempDir(), newOffice(t))
	for i := range mostDrafts {
		if err := s.KeepDraft(fmt.Sprint(i), display.SetupDraft{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.KeepDraft("one more", display.SetupDraft{}); !errors.Is(err, display.ErrDraftsFull) {
		t.Errorf("one more: %v", err)
	}
	if err := s.KeepDraft("0", display.SetupDraft{}); err != nil {
		t.Errorf("one of them can no longer be written: %v", err)
	}
}

// A file that is damaged is told, and the office goes on without it.
func TestDamagedFilesAreToldAndLeft(t *testing.T) {
	dir, o := t.TempDir(), newOffice(t)
	var log strings.Builder
	s := Open(dir, o, slog.New(slog.NewTextHandler(&log, nil)))
	for _, text := range []string{"", "{", `{"v":99}`, strings.Repeat("x", mostBytes+1), `{"v":1,"base":7}`} {
		log.Reset()
		path := filepath.Join(dir, draftName("m1"))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Draft("m1"); ok || !strings.Contains(log.String(), "move it away") {
			t.Errorf("%.20q is a draft, or nothing is said: %s", text, log.String())
		}
		if b, _ := os.ReadFile(path); string(b) != text {
			t.Error("it is gone")
		}
	}
}

func TestSaveIsRefusedOnTopOfAnother(t *testing.T) {
	o := newOffice(t)
	s := open(t, t.TempDir(), o)
	base := office.Mark(o.state.Setup())
	first := noted(o.state.Setup(), "prima")
	if err := s.Save(t.Context(), display.SetupAct{Setup: first, Base: base, Who: manager, Why: "uno"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), display.SetupAct{Setup: noted(first, "seconda"), Base: base, Who: manager}); !errors.Is(err, display.ErrSetupChanged) {
		t.Errorf("the second save: %v", err)
	}
	if o.state.Setup().Office.Note != "prima" {
		t.Errorf("in force is %q", o.state.Setup().Office.Note)
	}
}

// Of many who save at once on one office exactly one comes through.
func TestOneOfManySavesAtOnceComesThrough(t *testing.T) {
	o := newOffice(t)
	s := open(t, t.TempDir(), o)
	was := o.state.Setup()
	base := office.Mark(was)
	var all sync.WaitGroup
	saved := make(chan int, 20)
	for i := range 20 {
		setup := noted(was, fmt.Sprint("di ", i))
		all.Go(func() {
			if s.Save(t.Context(), display.SetupAct{Setup: setup, Base: base, Who: manager}) == nil {
				saved <- i
			}
		})
	}
	all.Wait()
	if len(saved) != 1 {
		t.Errorf("%d saves came through", len(saved))
	}
}

func TestVersionsSayWhoAndWhy(t *testing.T) {
	dir, o := t.TempDir(), newOffice(t)
	s := open(t, dir, o)
	s.remember(version{})
	setup := noted(o.state.Setup(), "x")
	if err := s.Save(t.Context(), display.SetupAct{Setup: setup, Base: office.Mark(o.state.Setup()), Who: manager, Why: "Orario estivo"}); err != nil {
		t.Fatal(err)
	}
	for _, from := range []*Store{s, open(t, dir, o)} {
		all := from.Versions()
		if len(all) != 2 || all[0].Number != 2 || all[0].Why != "Orario estivo" || all[0].Role != access.Manager || all[0].Who != "m1" || all[0].Mark != office.Mark(setup) || all[1].Role != "" {
			t.Fatalf("the versions are %+v", all)
		}
		if got, err := from.Version(1); err != nil || !cmp.Equal(got, office.Reference()) {
			t.Errorf("version 1: %v", err)
		}
		if _, err := from.Version(3); !errors.Is(err, display.ErrNoVersion) {
			t.Errorf("version 3: %v", err)
		}
	}
	// Without the index they are found all the same.
	if err := os.Remove(filepath.Join(dir, "versions.json")); err != nil {
		t.Fatal(err)
	}
	if all := open(t, dir, o).Versions(); len(all) != 2 || all[0].Why != "Orario estivo" {
		t.Errorf("without the index the versions are %+v", all)
	}
}

func TestVersionsAreBounded(t *testing.T) {
	dir, o := t.TempDir(), newOffice(t)
	s := open(t, dir, o)
	s.load()
	for n := range mostVersions {
		s.index.Versions = append(s.index.Versions, version{Number: n + 1, Mark: fmt.Sprint(n)})
	}
	if err := s.write(versionName(1), versionFile{V: layout}); err != nil {
		t.Fatal(err)
	}
	s.remember(version{})
	if all := s.Versions(); len(all) != mostVersions || all[0].Number != mostVersions+1 {
		t.Errorf("%d versions are kept", len(all))
	}
	if _, err := os.Stat(filepath.Join(dir, versionName(1))); err == nil {
		t.Error("the oldest one is still there")
	}
}

// running runs the store in a bubble until the test ends.
func running(t *testing.T, s *Store) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestChangeOfAnotherWayIsAVersionToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		defer running(t, s)()
		if n := len(s.Versions()); n != 1 {
			t.Fatalf("%d versions at the start", n)
		}
		o.must(t, queue.SetDeskProfile{By: queue.Cause{Kind: queue.ByManager}, Desk: "s1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}})
		synctest.Wait()
		if n := len(s.Versions()); n != 2 {
			t.Errorf("%d versions after a profile was changed", n)
		}
	})
}

// A change by another way has its author, and what nobody is known for stays nobody's.
func TestChangeOfAnotherWayHasItsAuthor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		defer running(t, s)()
		profile := func(services ...queue.ServiceID) func() error {
			return func() error {
				return o.do(queue.SetDeskProfile{By: queue.Cause{Kind: queue.ByManager}, Desk: "s1", Profile: queue.Profile{First: services}})
			}
		}
		if err := s.By(manager, access.Entry{}, profile("anagrafe")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := s.By(manager, access.Entry{}, profile("catasto")); !errors.Is(err, queue.ErrUnknownService) {
			t.Errorf("a profile of no service: %v", err)
		}
		if err := profile("veloci")(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		var who []string
		for _, v := range s.Versions() {
			who = append(who, v.Who+" "+string(v.Role))
		}
		if want := []string{" ", "m1 manager", " "}; !slices.Equal(who, want) {
			t.Errorf("the versions are of %q, want %q", who, want)
		}
	})
}

// TestWhatIsDueIsSure holds for a plan whose day has come while people wait: nobody is
// there to be asked, and it was decided when it was planned.
func TestWhatIsDueIsSure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := open(t, t.TempDir(), o)
		d := office.Edit(o.state.Setup())
		_ = d.Set("desk[13].first", "veloci")
		_ = d.Set("desk[13].help", "")
		base := office.Mark(o.state.Setup())
		act := display.SetupAct{Setup: d.Setup(), Base: base, Who: manager, Why: "Senza carte", From: "2026-11-25"}
		if err := s.Save(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		waits := func() {
			o.must(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s13"})
			o.must(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "cie", Outlet: o.state.Setup().Outlets[0].ID, Class: queue.Ordinary})
		}
		waits()
		act.From = ""
		if err := s.Save(t.Context(), act); !errors.Is(err, queue.ErrUnattended) {
			t.Errorf("from now on: %v", err)
		}
		o.tomorrow(t)
		waits()
		s.putPlanned(t.Context(), o.state)
		if len(s.Planned()) > 0 || slices.Contains(o.state.Setup().Desks[12].Profile.First, "cie") {
			t.Errorf("the plan waits still: %+v", s.Planned())
		}
	})
}

func TestPlannedSetupHoldsFromItsDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, o := t.TempDir(), newOffice(t)
		s := open(t, dir, o)
		base := o.state.Setup()
		if err := s.Save(t.Context(), display.SetupAct{Setup: noted(base, "domani"), Base: office.Mark(base), Who: manager, Why: "Da domani", From: "2026-11-25"}); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir, o) // after a restart
		defer running(t, s)()
		if o.state.Setup().Office.Note == "domani" {
			t.Fatal("it holds today")
		}
		// Meanwhile somebody changes something else, which stays.
		d := office.Edit(base)
		_ = d.Set("office.place", "Piano 2")
		if err := s.Save(t.Context(), display.SetupAct{Setup: d.Setup(), Base: office.Mark(base), Who: manager}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		o.tomorrow(t)
		synctest.Wait()
		if got := o.state.Setup().Office; got.Note != "domani" || got.Place != "Piano 2" {
			t.Errorf("in force is %+v", got)
		}
		if len(s.Planned()) > 0 {
			t.Error("it is planned still")
		}
		if all := s.Versions(); all[0].Why != "Da domani" || all[0].Who != "m1" {
			t.Errorf("the last version is %+v", all[0])
		}
	})
}

// Files of every released layout are read for ever: these are added to, never
// edited.
func TestFilesOfEveryLayoutAreRead(t *testing.T) {
	o := newOffice(t)
	dir := filepath.Join("testdata", "v1")
	if *update {
		small := office.Empty()
		small.Office = queue.Office{Body: "Comune", Zone: "Europe/Rome"}
		w := open(t, dir, o)
		w.index = index{}
		w.loaded = true
		if err := errors.Join(
			w.KeepDraft("m1", display.SetupDraft{Base: small, Setup: noted(small, "bozza")}),
			w.record(small, nine, version{Role: access.Manager, Who: "m1", Why: "Apertura"}),
			w.write(onlyPlan, plan{V: layout, Base: small, Setup: noted(small, "domani"), From: "2026-11-25", Role: access.Manager, Kind: queue.ByManager, Who: "m1", Why: "Domani"}),
			w.addPlan(plan{Base: small, Setup: noted(small, "gennaio"), From: "2027-01-07", Role: access.Technician, Kind: queue.ByTechnician, Who: "t1", Why: "Gennaio", Failed: "bad-setup", Tried: "2027-01-07"}),
		); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, dir, o)
	if d, ok := s.Draft("m1"); !ok || d.Setup.Office.Note != "bozza" || d.Base.Office.Body != "Comune" {
		t.Errorf("the draft is %+v, %v", d, ok)
	}
	all := s.Versions()
	if len(all) != 1 || all[0].Why != "Apertura" || all[0].At.UnixMilli() != nine || all[0].Role != access.Manager {
		t.Errorf("the versions are %+v", all)
	}
	if setup, err := s.Version(1); err != nil || setup.Office.Body != "Comune" {
		t.Errorf("version 1: %v", err)
	}
	// The file without a number is of the time when one setup at most could wait.
	if all := s.Planned(); len(all) != 2 || all[0].From != "2026-11-25" || all[0].Setup.Office.Note != "domani" || all[1].Failed != "bad-setup" || all[1].Base.Office.Body != "Comune" {
		t.Errorf("planned are %+v", all)
	}
}

func FuzzFiles(f *testing.F) {
	names := []string{"versions.json", "planned.json", "planned-000001.json", "version-000001.json"}
	for _, name := range names {
		if b, err := os.ReadFile(filepath.Join("testdata", "v1", name)); err == nil {
			f.Add(name, b)
		}
	}
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		if !slices.Contains(names, name) {
			return
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		s := Open(dir, nil, slog.New(slog.DiscardHandler))
		s.Versions()
		s.Planned()
		_, _ = s.Version(1)
	})
}
