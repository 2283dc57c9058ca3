package setups

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// A cutOffice ends the program before or after it has put a setup in force.
type cutOffice struct {
	*fakeOffice
	after bool
}

var errCut = errors.New("the box is unplugged")

func (o cutOffice) PutInForce(ctx context.Context, by queue.CauseKind, setup queue.Setup, sure bool) error {
	if o.after {
		if err := o.fakeOffice.PutInForce(ctx, by, setup, sure); err != nil {
			return err
		}
	}
	panic(errCut)
}

// Whenever the program ends in the middle of a save, it is whole or not there at the
// next start: in force with who and why in the history, one line in the audit list and
// no draft, or not in force with the draft still there.
func TestASaveThatIsCutOffIsWholeOrNotThere(t *testing.T) {
	for _, c := range []struct {
		name  string
		from  string
		cut   func(*fakeOffice) Office // nil ends after Save
		whole bool
	}{
		{"before it is in force", "", func(o *fakeOffice) Office { return cutOffice{o, false} }, false},
		{"once it is in force", "", func(o *fakeOffice) Office { return cutOffice{o, true} }, true},
		{"before it is noted", "", nil, true},
		{"once it waits for its day", "2026-12-24", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { cutOff(t, c.from, c.cut, c.whole) })
		})
	}
}

func cutOff(t *testing.T, from string, cut func(*fakeOffice) Office, whole bool) {
	dir, o := t.TempDir(), newOffice(t)
	s := open(t, dir, o)
	if cut != nil {
		s.office = cut(o)
	}
	d := display.SetupDraft{Base: o.state.Setup(), Setup: noted(o.state.Setup(), "nuovo")}
	if err := s.KeepDraft("m1", d); err != nil {
		t.Fatal(err)
	}
	act := display.SetupAct{
		Setup: d.Setup, Base: office.Mark(d.Base), Who: manager, Why: "Carta dei servizi", From: from,
		Author: "m1", Note: access.Entry{Seq: 7, Who: manager.By(access.Manager), What: "office.change"},
	}
	func() {
		defer func() { _ = recover() }()
		if err := s.Save(t.Context(), act); err != nil {
			t.Error(err)
		}
	}()
	for start := range 2 { // the second finds nothing to do
		var acts []access.Entry
		again := open(t, dir, o)
		again.Noted = func(e access.Entry) error { acts = append(acts, e); return nil }
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- again.Run(ctx) }()
		synctest.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		want := 0
		if whole && start == 0 {
			want = 1
		}
		if len(acts) != want || want == 1 && (acts[0].What != "office.change" || acts[0].Seq != 7 || acts[0].Who.ID != "m1") {
			t.Errorf("start %d: noted are %v", start+1, acts)
		}
		if _, drafted := again.Draft("m1"); drafted == whole {
			t.Errorf("start %d: there is a draft: %v", start+1, drafted)
		}
		if v := again.Versions(); from == "" && whole && (v[0].Who != "m1" || v[0].Why != act.Why || v[0].Role != access.Manager) {
			t.Errorf("start %d: the history says %+v", start+1, v[0])
		}
		if p := again.Planned(); (len(p) == 1) != (from != "") {
			t.Errorf("start %d: %v wait", start+1, p)
		}
		if _, err := os.Stat(filepath.Join(dir, savingName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("start %d: the save is under way (%v)", start+1, err)
		}
	}
}

// A save that was refused, or has ended well, leaves nothing to do.
func TestASaveThatHasEndedLeavesNothing(t *testing.T) {
	dir, o := t.TempDir(), newOffice(t)
	s := open(t, dir, o)
	bad := o.state.Setup()
	bad.Office.Zone = "Nowhere"
	for _, setup := range []queue.Setup{bad, noted(o.state.Setup(), "nuovo")} {
		err := s.Save(t.Context(), display.SetupAct{Setup: setup, Base: office.Mark(o.state.Setup()), Who: manager, Why: "x", Author: "m1"})
		if err == nil {
			err = s.DropDraft("m2") // another's
			if _, gone := os.Stat(filepath.Join(dir, savingName)); gone != nil {
				t.Error("a save is forgotten that is not noted yet")
			}
			err = errors.Join(err, s.DropDraft("m1"))
		}
		if (err != nil) != (setup.Office.Zone == "Nowhere") {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, savingName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the save is under way (%v)", err)
		}
	}
}

// The first office of a new box is noted by whoever puts it in force, and by nobody else:
// nothing was cut off, although the history begins in the middle of it.
func TestTheFirstOfficeIsNotTakenForOneThatWasCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &fakeOffice{state: &queue.State{}, newer: make(chan struct{}), now: queue.Now{Wall: nine, Boot: "b", Mono: 60_000, Synced: true}}
		o.must(t, queue.StartUp{Version: "t", Journal: "t"})
		s := open(t, t.TempDir(), o)
		s.Noted = func(e access.Entry) error { t.Errorf("it is noted: %+v", e); return nil }
		defer running(t, s)()
		act := display.SetupAct{Setup: office.Reference(), Who: manager, Why: "Si comincia", Author: "first", Note: access.Entry{What: "office.change"}}
		if err := s.KeepDraft("first", display.SetupDraft{Setup: act.Setup}); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, drafted := s.Draft("first"); !drafted {
			t.Error("the draft has ended before who saved it ends it")
		}
		if v := s.Versions(); len(v) != 1 || v[0].Why != act.Why {
			t.Errorf("the history says %+v", v)
		}
	})
}

// What cannot be read of a save that was cut off keeps no office back.
func TestADamagedSaveIsForgotten(t *testing.T) {
	for _, text := range []string{"", "{", `{"v":99}`, `{"v":1,"mark":7}`} {
		dir, o := t.TempDir(), newOffice(t)
		s := open(t, dir, o)
		s.Noted = func(access.Entry) error { t.Error("something is noted"); return nil }
		if err := os.WriteFile(filepath.Join(dir, savingName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.cutOff()
		if _, err := os.Stat(filepath.Join(dir, savingName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: it is still there (%v)", text, err)
		}
	}
}

// untilCut does something that may be cut off by the end of the program.
func untilCut(do func()) {
	defer func() {
		if r := recover(); r != nil && r != errCut {
			panic(r)
		}
	}()
	do()
}

// A setup that waited for its day has who planned it and why in the history also when the
// program ends in the middle, before it is in force or after, and is put in force once.
func TestAPlanThatIsCutOffKeepsWhoAndWhy(t *testing.T) {
	for name, after := range map[string]bool{"before it is in force": false, "once it is in force": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, o := t.TempDir(), newOffice(t)
				s := open(t, dir, o)
				base := o.state.Setup()
				if err := s.Save(t.Context(), display.SetupAct{Setup: noted(base, "domani"), Base: office.Mark(base), Who: manager, Why: "Da domani", From: "2026-11-25"}); err != nil {
					t.Fatal(err)
				}
				s.remember(version{})
				o.tomorrow(t)
				s.office = cutOffice{o, after}
				untilCut(func() { s.putPlanned(t.Context(), o.state) })
				for start := range 2 {
					again := open(t, dir, o)
					stop := running(t, again)
					synctest.Wait()
					stop()
					if v := again.Versions(); len(v) != 2 || v[0].Who != "m1" || v[0].Why != "Da domani" || v[0].Role != access.Manager {
						t.Errorf("start %d: the history says %+v", start+1, v)
					}
					if o.state.Setup().Office.Note != "domani" || len(again.Planned()) != 0 {
						t.Errorf("start %d: it waits still", start+1)
					}
				}
				if _, err := os.Stat(s.path(changingName)); err == nil {
					t.Error("the change is under way still")
				}
			})
		})
	}
}

// A change of a desk's profile that is cut off has its author in the history and a line in
// the audit list, once; one that did not happen has neither.
func TestAProfileThatIsCutOffKeepsWhoAndItsAct(t *testing.T) {
	for name, after := range map[string]bool{"before it holds": false, "once it holds": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, o := t.TempDir(), newOffice(t)
				s := open(t, dir, o)
				note := access.Entry{Seq: 7, Who: manager.By(access.Manager), What: "desk.profile", On: "1"}
				untilCut(func() {
					_ = s.By(manager, note, func() error {
						if after {
							o.must(t, queue.SetDeskProfile{By: queue.Cause{Kind: queue.ByManager}, Desk: "s1", Profile: queue.Profile{First: []queue.ServiceID{"anagrafe"}}})
						}
						panic(errCut)
					})
				})
				var acts []access.Entry
				for range 2 {
					again := open(t, dir, o)
					again.Noted = func(e access.Entry) error { acts = append(acts, e); return nil }
					stop := running(t, again)
					synctest.Wait()
					stop()
					v := again.Versions()
					if by := v[0].Who; after && (len(v) != 2 || by != "m1") || !after && (len(v) != 1 || by != "") {
						t.Errorf("the history says %+v", v)
					}
				}
				if after && (len(acts) != 1 || acts[0].On != "1" || acts[0].Seq != 7) || !after && len(acts) != 0 {
					t.Errorf("noted are %+v", acts)
				}
			})
		})
	}
}
