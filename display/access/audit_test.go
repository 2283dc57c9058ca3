package access

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"
)

func entries(list ...Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func TestCSVHasNoFormula(t *testing.T) {
	var out bytes.Buffer
	e := Entry{Seq: 1, At: noon, Who: By{Name: "=cmd|' /C calc'!A0", Role: Administrator}, What: "member.make", On: "@SUM(1)", After: json.RawMessage(`{"name":"=1+1"}`)}
	if err := WriteCSV(&out, entries(e)); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	if !marked || !strings.Contains(text, "\r\n") {
		t.Error("a spreadsheet does not know that it is UTF-8, or where a line ends")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%q: %v", rows, err)
	}
	for _, cell := range rows[1] {
		if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
			t.Errorf("cell %q is run", cell)
		}
	}
	if rows[1][2] != "'=cmd|' /C calc'!A0" || rows[1][7] != `{"name":"=1+1"}` {
		t.Errorf("%q", rows[1])
	}
}

func TestJSONIsOneArray(t *testing.T) {
	for n := range 3 {
		var out bytes.Buffer
		var list []Entry
		for i := range n {
			list = append(list, Entry{Seq: uint64(i + 1), At: noon, Who: By{Name: "Anna"}, What: "code.make"})
		}
		if err := WriteJSON(&out, entries(list...)); err != nil {
			t.Fatal(err)
		}
		var read []Entry
		if err := json.Unmarshal(out.Bytes(), &read); err != nil || len(read) != n {
			t.Errorf("%d entries: %s: %v", n, out.Bytes(), err)
		}
	}
}
