package cell

import (
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
