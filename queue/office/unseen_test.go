package office

import (
	"encoding/json"
	"fmt"
	"testing"

	"eliminacode/queue"
)

// wordy is an office in which each text that people read is said.
func wordy() queue.Setup {
	s := Reference()
	s.Office.Note, s.Office.DPO, s.Office.Place, s.Office.ExcludedLetters = "Anche online", "dpo@example.it", "Piano terra", "IO"
	s.Office.Accessibility, s.Office.Privacy = "https://form.agid.gov.it/view/1", "https://example.it/privacy"
	s.Services[0].Names = map[queue.Language]string{"de": "Meldeamt"}
	s.Slip.Texts = map[queue.Language]queue.Wording{"it": {queue.WordCaption: "Numero"}, "de": {queue.WordNobody: "Niemand"}}
	s.Services[0].From, s.Services[0].To = "2026-01-01", "2026-12-31"
	return s
}

// insert puts a character into one text after another of a decoded document, and
// tells check of each.
func insert(place string, v any, set func(any), r rune, check func(place string)) {
	switch v := v.(type) {
	case string:
		if v == "" {
			return
		}
		set(v[:1] + string(r) + v[1:])
		check(place)
		set(v)
	case map[string]any:
		for k, inner := range v {
			insert(place+"."+k, inner, func(x any) { v[k] = x }, r, check)
		}
	case []any:
		for i, inner := range v {
			insert(fmt.Sprintf("%s[%d]", place, i+1), inner, func(x any) { v[i] = x }, r, check)
		}
	}
}

// TestNoTextOfAnOfficeHasWhatNobodySees: of all that is typed into an office no text
// may hold a character that is not seen or turns what stands around it. A text that is
// new must be looked at too.
func TestNoTextOfAnOfficeHasWhatNobodySees(t *testing.T) {
	if faults := Faults(wordy()); len(faults) > 0 {
		t.Fatalf("the office has faults before: %v", faults)
	}
	for _, r := range []rune{'\u202e', '\n'} {
		b, err := json.Marshal(wordy())
		if err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal(b, &document); err != nil {
			t.Fatal(err)
		}
		texts := 0
		insert("office", document, nil, r, func(place string) {
			texts++
			b, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			var s queue.Setup
			if err := json.Unmarshal(b, &s); err != nil {
				return // not even read
			}
			if len(Faults(s)) == 0 {
				t.Errorf("%s may hold %U", place, r)
			}
		})
		if texts < 150 {
			t.Errorf("only %d texts were tried", texts)
		}
	}
}
