package cell

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
)

func TestNoCellIsAFormula(t *testing.T) {
	for _, s := range []string{"=cmd", "+1", "-1", "@a", " =a", "\t=a", "\r\n=a", "＝a", "'=a"} {
		if got := Text(s); !strings.HasPrefix(got, "'") {
			t.Errorf("%q stands in a cell as %q", s, got)
		}
	}
	for _, s := range []string{"", "a=b", "carta d'identità", "'a'", "12 €", "–"} {
		if got := Text(s); got != s {
			t.Errorf("%q stands in a cell as %q", s, got)
		}
	}
}

func FuzzACellIsReadAsItWasMeant(f *testing.F) {
	for _, s := range []string{"", "'", "''", "=cmd", "'=cmd", "''=cmd", " '=", "'a", "\n+", "＝"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Read(Text(s)); got != s {
			t.Errorf("%q comes back as %q", s, got)
		}
	})
}

// What a spreadsheet of any country splits a line at stands between quotes.
func TestNoSeparatorStandsBare(t *testing.T) {
	for text, want := range map[string]string{
		"orari;=1+2;nuovi": `"orari;=1+2;nuovi"`, "a,=1": `"a,=1"`, "a\t=1": "\"a\t=1\"", "a\n=1": "\"a\r\n=1\"", `a"b`: `"a""b"`,
		"12,5": "12,5", "-1,25": "-1,25", "carta d'identità": "carta d'identità", "": `""`,
	} {
		for _, separator := range []byte(";,") {
			want := want
			if separator == ',' && strings.Contains(text, ",") && !strings.HasPrefix(want, `"`) {
				want = `"` + want + `"` // a number with a decimal comma, or a name such as it
			}
			var b bytes.Buffer
			w := NewWriter(&b, separator)
			if err := errors.Join(w.Write([]string{text}), w.Flush()); err != nil || b.String() != want+"\r\n" {
				t.Errorf("%q is written as %q, %v; want %q", text, b.String(), err, want)
			}
		}
	}
}

func FuzzARecordIsReadAsItWasWritten(f *testing.F) {
	f.Add("a", "b;c", true)
	f.Add("", "\"\n ,", false)
	f.Add("1,5", "-2", false)
	f.Fuzz(func(t *testing.T, a, b string, semicolons bool) {
		separator := ','
		if semicolons {
			separator = ';'
		}
		var out bytes.Buffer
		w := NewWriter(&out, byte(separator))
		if err := errors.Join(w.Write([]string{a, b}), w.Flush()); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(&out)
		r.Comma = separator
		got, err := r.Read()
		bare := strings.NewReplacer("\r", "")
		if err != nil || len(got) != 2 || got[0] != bare.Replace(a) || got[1] != bare.Replace(b) {
			t.Errorf("%q and %q come back as %q, %v", a, b, got, err)
		}
	})
}
