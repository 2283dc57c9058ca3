package setups

import (
	"os"
	"testing"
	"testing/synctest"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/office"
)

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
