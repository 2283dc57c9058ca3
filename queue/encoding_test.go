package queue

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// TestEnvelopeIsEncodingJSONs holds the envelope that is written by hand to
// the type that reads it.
func TestEnvelopeIsEncodingJSONs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Event{
			Seq:  rapid.Uint64().Draw(t, "seq"),
			At:   Now{Wall: rapid.Int64().Draw(t, "wall"), Boot: rapid.String().Draw(t, "boot"), Mono: rapid.Int64().Draw(t, "mono"), Synced: rapid.Bool().Draw(t, "synced")},
			By:   Cause{Kind: CauseKind(rapid.String().Draw(t, "kind")), Device: rapid.String().Draw(t, "device"), Inferred: rapid.Bool().Draw(t, "inferred")},
			Body: JournalBegun{Journal: rapid.String().Draw(t, "journal")},
		}
		got, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(eventJSON{V: FormatVersion, Seq: e.Seq, At: e.At, By: e.By, Kind: e.Body.Kind(), Body: body})
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Fatalf("%s\nand encoding/json writes\n%s", got, want)
		}
	})
}
