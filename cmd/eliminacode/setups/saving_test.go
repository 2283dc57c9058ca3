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

// What cannot be read of a save that was cut off keeps no office back.
func TestADamagedSaveIsForgotten(t *testing.T) {
	for _, text := range []string{"", "{", `{"v":99}`, `{"v":1,"mark":7}`} {
		dir, o := t.TempDir(), newOffice(t)
		s := open(t, dir, o)
		s.Noted = func(access.Entry) error { t.Error("something is noted"); return nil }
		if err := os.WriteFile(filepath.Join(dir, savingName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.cutOff(o.state)
		if _, err := os.Stat(filepath.Join(dir, savingName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: it is still there (%v)", text, err)
		}
	}
}
