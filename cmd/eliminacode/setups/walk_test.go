package setups

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/display"
	"eliminacode/queue/office"
)

func tried(kind display.ThingKind, name string, outcome display.TrialOutcome) display.Tried {
	return display.Tried{Thing: display.Thing{Kind: kind, Name: name}, Outcome: outcome, At: nine, Who: "m1"}
}

func TestWhatWasTriedIsThereAfterARestart(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "setups"), newOffice(t)
	s := open(t, dir, o)
	want := []display.Tried{tried(display.PrinterThing, "atrio", display.TrialCameOut), tried(display.StepThing, "keypads", display.StepLeft)}
	for _, one := range append([]display.Tried{tried(display.PrinterThing, "atrio", display.TrialPrinted)}, want...) {
		if err := s.Try(one); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Try(tried(display.PrinterThing, strings.Repeat("x", mostNameBytes+1), display.TrialPrinted)); err == nil {
		t.Error("a name without a bound is kept")
	}
	again := open(t, dir, o)
	if got, lost := again.Tried(); lost || !cmp.Equal(got, want) {
		t.Errorf("tried is %+v, %v", got, lost)
	}
	// It ends with the first office.
	if err := again.Save(t.Context(), display.SetupAct{Setup: noted(o.state.Setup(), "x"), Base: office.Mark(o.state.Setup()), Who: manager}); err != nil {
		t.Fatal(err)
	}
	for _, from := range []*Store{again, open(t, dir, o)} {
		if got, lost := from.Tried(); lost || len(got) > 0 {
			t.Errorf("with an office in force tried is %+v, %v", got, lost)
		}
	}
}

func TestTrialsAreBounded(t *testing.T) {
	s := open(t, t.TempDir(), newOffice(t))
	s.loadWalk()
	for i := range mostTried {
		s.walk.tried = append(s.walk.tried, tried(display.ButtonThing, strings.Repeat("b", 1+i%100)+string(rune('a'+i/100)), display.TrialPressed))
	}
	if err := s.Try(tried(display.ButtonThing, "one more", display.TrialPressed)); err == nil {
		t.Error("one more is kept")
	}
	if err := s.Try(tried(display.ButtonThing, "ba", display.TrialPressed)); err != nil {
		t.Errorf("one of them cannot be tried again: %v", err)
	}
}

// A file that is damaged is told, and what is tried afterwards is kept.
func TestDamagedWalkIsToldAndBegunAnew(t *testing.T) {
	for _, text := range []string{"", "{", `{"v":99}`, strings.Repeat(" ", mostWalkBytes+1), `{"v":1,"tried":[{"kind":"sofa","name":"x","outcome":"pressed"}]}`,
		`{"v":1,"tried":[{"kind":"button","name":"x","outcome":"eaten"}]}`, `{"v":1,"tried":[{"kind":"button","name":"","outcome":"pressed"}]}`,
		`{"v":1,"tried":[{"kind":"button","name":"x","outcome":"pressed"},{"kind":"button","name":"x","outcome":"pressed"}]}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, walkName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		s := Open(dir, nil, slog.New(slog.NewTextHandler(&log, nil)))
		if got, lost := s.Tried(); !lost || len(got) > 0 || !strings.Contains(log.String(), "begun anew") || !strings.Contains(log.String(), "try the devices again") {
			t.Errorf("%.40q: tried is %v, %v; the log says %s", text, got, lost, log.String())
		}
		one := tried(display.PrinterThing, "atrio", display.TrialCameOut)
		if err := s.Try(one); err != nil {
			t.Fatal(err)
		}
		if got, lost := Open(dir, nil, slog.New(slog.DiscardHandler)).Tried(); lost || !cmp.Equal(got, []display.Tried{one}) {
			t.Errorf("%.40q: begun anew it is %+v, %v", text, got, lost)
		}
	}
}

// The layout that was released is read for ever.
func TestWalkOfEveryLayoutIsRead(t *testing.T) {
	for name, want := range map[string][]display.Tried{
		walkName: {
			tried(display.PrinterThing, "atrio", display.TrialCameOut),
			{Thing: display.Thing{Kind: display.ButtonThing, Name: "anagrafe"}, Outcome: display.TrialPressed, At: nine},
			tried(display.StepThing, "keypads", display.StepLeft),
		},
		"walk-panels.json": {
			tried(display.PanelThing, "sala", display.TrialCameOut),
			tried(display.ChipThing, "gpio-expander", display.LinesAgreed),
		},
	} {
		b, err := os.ReadFile(filepath.Join("testdata", "v1", name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parseWalk(b); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzWalk(f *testing.F) {
	if b, err := os.ReadFile(filepath.Join("testdata", "v1", walkName)); err == nil {
		f.Add(b)
	}
	f.Add([]byte(`{"v":1,"tried":[{"kind":"button","name":"\ud800","outcome":"pressed"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := parseWalk(b)
		if err != nil {
			if all != nil {
				t.Errorf("a file that is refused gives %v", all)
			}
			return
		}
		// What is read can be kept and read again.
		kept, err := json.Marshal(walkFile{layout, all})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parseWalk(kept); err != nil || !cmp.Equal(got, all) {
			t.Errorf("%+v becomes %+v, %v", all, got, err)
		}
	})
}
