package office

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/queue"
)

// A whole office goes out as a file and comes in again equal byte for byte.
func TestFileIsTheSameAfterARoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		setup := drawSetup(t)
		if len(Faults(setup)) > 0 {
			t.Skip("not a valid office")
		}
		out := Format(setup)
		in, err := Parse("drawn.toml", out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if again := Format(in); !bytes.Equal(out, again) {
			t.Fatalf("the file changed:\n%s", cmp.Diff(string(out), string(again)))
		}
	})
}

// Every value of an office can be written as it reads, so that a form has all
// that a file has.
func TestEveryValueCanBeSetAsItReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawSetup(t)
		d := Edit(want)
		values := Values(want)
		for _, v := range values {
			err := d.Set(v.Path, v.Text)
			if strings.HasSuffix(v.Path, ".id") {
				if !errors.Is(err, ErrNoValue) {
					t.Fatalf("%s may be changed: %v", v.Path, err)
				}
				continue
			}
			if v.Text == "" && strings.HasPrefix(v.Path, "slip.text.") || v.Text == "" && strings.Contains(v.Path, ".names.") {
				continue // an empty text takes it out
			}
			if err != nil {
				t.Fatalf("%s = %q: %v", v.Path, v.Text, err)
			}
		}
		if diff := cmp.Diff(want, Edit(want).Setup()); diff != "" {
			t.Fatalf("a draft is not its setup: %s", diff)
		}
		if diff := cmp.Diff(values, Values(d.Setup()), ignoreEmptyTexts()); diff != "" {
			t.Fatalf("the values changed: %s", diff)
		}
	})
}

// ignoreEmptyTexts leaves out texts in maps that say nothing.
func ignoreEmptyTexts() cmp.Option {
	return cmp.Transformer("told", func(all []Value) (told map[string]string) {
		told = map[string]string{}
		for _, v := range all {
			if v.Text != "" {
				told[v.Path] = v.Text
			}
		}
		return told
	})
}

func TestDraftRefusesWhatIsNoValue(t *testing.T) {
	d := Edit(Reference())
	before := d.Setup()
	for path, text := range map[string]string{
		"service[1].standard": "presto", "service[1].share": "molti", "service[1].day_cap": "dieci", "service[99].name": "x", "service[0].name": "x",
		"service.name": "x", "service[1]": "x", "hours.holidays": "forse", "series[1].ranges": "9", "nothing": "x", "": "x", "service[1].id": "x",
		"format": "2", "service[x].name": "y", "slip.text": "x", "hours.week[1].caps": "x", "hours.stop_calls_after": "x",
	} {
		if err := d.Set(path, text); err == nil {
			t.Errorf("%q = %q is taken", path, text)
		}
	}
	if diff := cmp.Diff(before, d.Setup()); diff != "" {
		t.Errorf("a refused value changed the draft: %s", diff)
	}
}

func TestDraftWritesTextsOfALanguage(t *testing.T) {
	d := Edit(Reference())
	for _, path := range []string{"slip.text.de.note", "service[1].names.sl"} {
		if err := d.Set(path, "Besedilo"); err != nil {
			t.Fatal(err)
		}
	}
	s := d.Setup()
	if s.Slip.Texts["de"]["note"] != "Besedilo" || s.Services[0].Names["sl"] != "Besedilo" {
		t.Errorf("the texts are %v and %v", s.Slip.Texts, s.Services[0].Names)
	}
	d.Set("slip.text.de.note", "")
	if _, there := d.Setup().Slip.Texts["de"]; there {
		t.Error("a language without texts stays")
	}
}

func TestStopOfCallsIsThereOrNot(t *testing.T) {
	d := Edit(Reference())
	if err := d.Set("hours.stop_calls_after", "15m"); err != nil || !d.Setup().Hours.StopCalls || d.Setup().Hours.StopCallsAfterMs != 15*60_000 {
		t.Errorf("hours are %+v (%v)", d.Setup().Hours, err)
	}
	if err := d.Set("hours.stop_calls_after", ""); err != nil || d.Setup().Hours.StopCalls {
		t.Errorf("calls stop still (%v)", err)
	}
}

// A removed service is mentioned nowhere, so that its removal alone makes no
// fault elsewhere.
func TestRemovedServiceIsMentionedNowhere(t *testing.T) {
	for i, x := range Reference().Services {
		d := Edit(Reference())
		d.Set("hours.week[1].services", string(x.ID))
		if err := d.Remove(fmt.Sprintf("service[%d]", i+1)); err != nil {
			t.Fatal(err)
		}
		for _, v := range Values(d.Setup()) {
			lists := strings.HasSuffix(v.Path, ".first") || strings.HasSuffix(v.Path, ".help") || strings.HasSuffix(v.Path, ".services")
			if lists && slices.Contains(strings.Split(v.Text, ", "), string(x.ID)) {
				t.Errorf("%s says %q after service %q is gone", v.Path, v.Text, x.ID)
			}
		}
		for _, f := range Faults(d.Setup()) {
			if !strings.HasSuffix(f.Path, ".id") { // another service that no desk serves
				t.Errorf("without %q: %v", x.ID, f)
			}
		}
	}
}

func TestNewThingsHaveNamesOfTheirOwn(t *testing.T) {
	d := Edit(Reference())
	for _, c := range []struct{ word, want string }{
		{"Carta d'identità elettronica", "carta-d-identita-elettronica"}, {"Carta d'identità elettronica", "carta-d-identita-elettronica-2"},
		{"日本", "x"}, {"", "x-2"}, {"CIE", "cie-2"},
	} {
		n, err := d.Add("service", c.word)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Setup().Services[n-1].ID; got != queue.ServiceID(c.want) {
			t.Errorf("%q is named %q, want %q", c.word, got, c.want)
		}
	}
	if n, _ := d.Add("series", "a"); d.Setup().Series[n-1].Last != 999 {
		t.Error("a new series has no numbers")
	}
	for range 2 * mostItems {
		if _, err := d.Add("desk", "s"); err != nil {
			return
		}
	}
	t.Error("a draft grows without end")
}

func TestItemsMoveWithinTheirList(t *testing.T) {
	d := Edit(Reference())
	first := d.Setup().Services[0].ID
	d.Move("service[1]", -1)
	d.Move("service[1]", 1)
	if d.Setup().Services[1].ID != first {
		t.Error("the first service is not the second")
	}
	for _, path := range []string{"service[99]", "service", "office", "desk[1].first[1]", "service[-1]"} {
		if d.Move(path, 1) == nil || d.Remove(path) == nil {
			t.Errorf("%q is an item", path)
		}
	}
}

func FuzzDraftSet(f *testing.F) {
	for _, v := range Values(Reference()) {
		f.Add(v.Path, v.Text)
	}
	f.Add("slip.text.de.note", "x")
	f.Add("service[1][2].names.", "[")
	f.Fuzz(func(t *testing.T, path, text string) {
		d := Edit(Reference())
		if d.Set(path, text) == nil {
			Faults(d.Setup())
			Values(d.Setup())
		}
		_ = d.Move(path, 1)
		_ = d.Remove(path)
		_, _ = d.Add(path, text)
	})
}
