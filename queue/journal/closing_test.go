package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestClosingIsInTheChain: the hash of a day's end is what the record after it holds
// of all before it.
func TestClosingIsInTheChain(t *testing.T) {
	j := mustOpen(t, filepath.Join(t.TempDir(), "journal"), Options{NoSync: true})
	defer func() { must(t, j.Close()) }()
	s := &script{}
	mustAppend(t, j, append(s.begin(), s.open("2026-11-24")...)...)
	mustAppend(t, j, s.issue(), s.issue())
	mustAppend(t, j, s.open("2026-11-25")...)
	days, err := j.Days("", "")
	if err != nil || len(days) != 2 {
		t.Fatal(days, err)
	}
	e, hash, err := j.Closing(days[0])
	if err != nil {
		t.Fatal(err)
	}
	if closed, ok := e.Body.(queue.DayClosed); !ok || closed.Day != 1 || closed.Issued != 2 {
		t.Errorf("the day ends with %+v", e)
	}
	for r, err := range j.Records(e.Seq + 1) {
		if err != nil || !strings.Contains(string(r.Value), hash.String()) {
			t.Errorf("event %d does not hold %s: %s (%v)", r.Seq, hash, r.Value, err)
		}
		break
	}
	if _, _, err := j.Closing(days[1]); !errors.Is(err, ErrNotClosed) {
		t.Errorf("the end of an open day: %v", err)
	}
}
