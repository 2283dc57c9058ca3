package procedure

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
	"eliminacode/queue/bar"
	"eliminacode/queue/office"
)

func TestEveryProcedureOfTheReferenceOfficeHasASheet(t *testing.T) {
	c := Reference()
	if n := len(c.All()); n < 70 || n > 80 {
		t.Errorf("%d procedures", n)
	}
	if astray := c.Astray(office.Reference()); len(astray) > 0 {
		t.Errorf("of services that the office does not have: %v", astray)
	}
	services := map[queue.ServiceID]int{}
	for _, p := range c.All() {
		services[p.Service]++
		if p.Who == "" || p.Documents == "" || p.Cost == "" || p.Time == "" || p.Where == "" || p.Office == "" {
			t.Errorf("%s: the sheet has empty cells: %+v", p.ID, p)
		}
	}
	for _, s := range office.Reference().Services {
		if of := strings.Split(s.Detail, ";"); len(of) != services[s.ID] {
			t.Errorf("%s: %d sheets for the %d procedures of its detail", s.ID, services[s.ID], len(of))
		}
		for of := range strings.SplitSeq(s.Detail, ";") {
			if found := c.Find("it", of, 3); !slices.ContainsFunc(found, func(p Procedure) bool { return p.Service == s.ID }) {
				t.Errorf("%q of %s is not found: %v", of, s.ID, ids(found))
			}
		}
	}
}

func ids(all []Procedure) (names []ID) {
	for _, p := range all {
		names = append(names, p.ID)
	}
	return names
}

func TestSearchFindsByWords(t *testing.T) {
	c := Reference()
	for _, test := range []struct {
		why, query string
		first      ID
	}{
		{"a word of the name", "residenza", "cambio-residenza"},
		{"one letter missing", "resdenza", "cambio-residenza"},
		{"one letter too much", "ressidenza", "cambio-residenza"},
		{"one letter wrong", "residemza", "cambio-residenza"},
		{"two exchanged", "residneza", "cambio-residenza"},
		{"the first letter wrong", "tesidenza", "cambio-residenza"},
		{"one mistake in what is typed so far", "resdenz", "cambio-residenza"},
		{"capitals", "RESIDENZA", "cambio-residenza"},
		{"the beginning", "funghi", "funghi"},
		{"while typing", "fung", "funghi"},
		{"without the accent", "invalidita", "invalidita-civile"},
		{"with the accent", "invalidità civile", "invalidita-civile"},
		{"with an accent that is none", "invàlidita civìle", "invalidita-civile"},
		{"an apostrophe", "carta d'identità rubata", "cie-smarrimento"},
		{"another word for it", "testamento biologico", "dat"},
		{"a shorter one", "cie minori", "cie-minori"},
		{"plural for singular", "certificati di residenza", "certificato-residenza"},
		{"words that say nothing", "vorrei fare il cambio di indirizzo", "cambio-indirizzo"},
		{"the order does not count", "elettorale tessera", "tessera-elettorale"},
		{"digits", "104", "legge-104"},
		{"decomposed accents", "invalidita\u0300", "invalidita-civile"},
	} {
		found := c.Find("it", test.query, 10)
		if len(found) == 0 || found[0].ID != test.first {
			t.Errorf("%s: %q finds %v, not %s first", test.why, test.query, ids(found), test.first)
		}
	}
	for _, query := range []string{"", " ", "'", "zzzz", "x", "\xff\xff"} {
		if found := c.Find("it", query, 10); len(found) > 0 {
			t.Errorf("%q finds %v", query, ids(found))
		}
	}
}

// A word that some procedure has is never taken for a misspelt other one.
func TestMisspellingCountsOnlyWhereNothingElseFits(t *testing.T) {
	c := parsed(t, "codice;pratica;servizio\ncane;Un cane;a\npane;Il pane;a\n")
	if got := ids(c.Find("it", "cane", 9)); !slices.Equal(got, []ID{"cane"}) {
		t.Errorf("cane finds %v", got)
	}
	if got := ids(c.Find("it", "tane", 9)); len(got) != 2 {
		t.Errorf("tane finds %v", got)
	}
}

func TestProceduresThatFitFewerWordsAreLeftOut(t *testing.T) {
	c := parsed(t, "codice;pratica;servizio\na1;Rosso verde;a\na2;Verde;a\na3;Verde rosso blu;a\n")
	if got := ids(c.Find("it", "rosso verde", 9)); !slices.Equal(got, []ID{"a1", "a3"}) {
		t.Errorf("finds %v", got)
	}
	if got := c.Find("it", "verde", 2); len(got) != 2 {
		t.Errorf("at most two, and there are %d", len(got))
	}
}

func parsed(t *testing.T, file string) *Catalogue {
	t.Helper()
	c, err := Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRoundTripIsEqual(t *testing.T) {
	reference := Reference()
	file := reference.Format()
	again := parsed(t, string(file))
	if diff := cmp.Diff(reference.All(), again.All()); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(file, again.Format()) {
		t.Error("the bytes differ")
	}
}

func TestFileIsReadAsSpreadsheetsWriteIt(t *testing.T) {
	want := []Procedure{{ID: "x", Name: "Nome, con virgola", Service: "s", Cost: "«uno»; due", TargetDays: 30}}
	for name, file := range map[string]string{
		"semicolons":        "codice;pratica;servizio;costo;giorni\nx;Nome, con virgola;s;\"«uno»; due\";30\n",
		"commas":            "codice,pratica,servizio,costo,giorni\nx,\"Nome, con virgola\",s,«uno»; due,30\n",
		"mark and CR LF":    "\uFEFFcodice;pratica;servizio;costo;giorni\r\nx;Nome, con virgola;s;\"«uno»; due\";30\r\n",
		"no last line end":  "codice;pratica;servizio;costo;giorni\nx;Nome, con virgola;s;\"«uno»; due\";30",
		"another order":     "giorni;Costo;SERVIZIO;pratica;codice\n30;\"«uno»; due\";s;Nome, con virgola;x\n",
		"empty columns":     "codice;pratica;servizio;costo;giorni;;\nx;Nome, con virgola;s;\"«uno»; due\";30;;\n;;;;;;\n",
		"blanks":            " codice ;pratica;servizio;costo;giorni\n x ; Nome,  con virgola;s;\"«uno»;\n due\"; 30 \n",
		"blank lines":       "\n\ncodice;pratica;servizio;costo;giorni\n\nx;Nome, con virgola;s;\"«uno»; due\";30\n\n",
		"a shorter heading": "codice;pratica;servizio;giorni;costo\nx;Nome, con virgola;s;30;\"«uno»; due\"\n",
	} {
		c, err := Parse([]byte(file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, c.All()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A spreadsheet leaves out the empty cells at the end of a line: the catalogue is the
// same, and so are the bytes that it is written with. Cells that must be filled are
// missed at their place.
func TestEmptyCellsAtTheEndOfALineMayBeLeftOut(t *testing.T) {
	whole := string(Reference().Format())
	cut := strings.ReplaceAll(whole, "\r\n", ";\r\n")
	for cut != strings.ReplaceAll(cut, ";\r\n", "\r\n") {
		cut = strings.ReplaceAll(cut, ";\r\n", "\r\n")
	}
	if strings.Count(cut, ";") == strings.Count(whole, ";") {
		cut = strings.ReplaceAll(cut, ";sì\r\n", "\r\n") // no line of the reference ends empty
		whole = strings.ReplaceAll(whole, ";sì\r\n", ";\r\n")
	}
	if len(cut) == len(whole) {
		t.Fatal("no cell is left out")
	}
	c, err := Parse([]byte(cut))
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Format()) != whole {
		t.Error("the bytes differ")
	}
	c, err = Parse([]byte("codice;pratica;servizio;costo\nx;Nome\n"))
	if err != nil || c.All()[0].Service != "" || c.All()[0].Name != "Nome" {
		t.Errorf("two cells of four: %v", err)
	}
	var faults Faults
	if _, err := Parse([]byte("codice;pratica;servizio;costo\nx\n")); !errors.As(err, &faults) || len(faults) != 1 || faults[0].Flaw != FlawMissing || faults[0].Column != 2 {
		t.Errorf("without a name: %v", err)
	}
}

func TestFormulaIsDefusedOnTheWayOutAndRestoredOnTheWayIn(t *testing.T) {
	c := parsed(t, "codice;pratica;servizio\nx;=cmd|' /C calc'!A0;s\n")
	if c.All()[0].Name != "=cmd|' /C calc'!A0" {
		t.Errorf("read as %q", c.All()[0].Name)
	}
	file := string(c.Format())
	if !strings.Contains(file, ";'=cmd|") {
		t.Errorf("written as %q", file)
	}
	if again := parsed(t, file); again.All()[0].Name != c.All()[0].Name {
		t.Errorf("comes back as %q", again.All()[0].Name)
	}
}

func TestEveryFaultSaysWhereAndWhatToDo(t *testing.T) {
	const head = "codice;pratica;servizio;giorni\n"
	long := strings.Repeat("a", MaxNameBytes+1)
	for name, test := range map[string]struct {
		file string
		want []string // the beginnings
	}{
		"nothing":      {"", []string{"there is no procedure"}},
		"only heading": {head, []string{"there is no procedure"}},
		"too long":     {strings.Repeat("x", MaxFileBytes+1), []string{"the file has more than"}},
		"too many":     {head + strings.Repeat("x;y;z;\n", MaxProcedures+1), []string{"there are more than"}},
		"Windows":      {head + "x;Identit\xe0;s;\n", []string{"line 2: not UTF-8"}},
		"quote":        {head + "x;a \"b\" c;s;\n", []string{"line 2: a quotation mark"}},
		"heading":      {"codice;pratica;servizio;boh\nx;y;z;\n", []string{`line 1, column D: unknown heading "boh"`}},
		"twice":        {"codice;pratica;servizio;pratica\nx;y;z;\n", []string{`line 1, column D: the heading "pratica" is there twice`}},
		"no heading": {"x;Residenza;anagrafe\n", []string{
			`line 1, column A: unknown heading "x"`, `line 1, column B: unknown heading "Residenza"`, `line 1, column C: unknown heading "anagrafe"`,
			`line 1: the heading "codice" is missing`, `line 1: the heading "pratica" is missing`, `line 1: the heading "servizio" is missing`}},
		"cells":      {head + "x;y;z;1;w\n", []string{"line 2, column E: more cells than the 4 headings"}},
		"cut off":    {head + "x;y;z;1\nw;y;z", []string{"line 3: fewer cells than the 4 headings, as in a file that was cut off"}},
		"example":    {"codice;pratica;servizio;esempio\nx;y;z;forse\n", []string{`line 2, column D (esempio): "forse" is neither yes nor no; write sì`}},
		"missing":    {head + "x;;z;\n", []string{"line 2, column B (pratica): empty"}},
		"short name": {head + "Càmbio;y;z;\n", []string{`line 2, column A (codice): "Càmbio" is no short name`}},
		"name twice": {head + "x;y;z;\nx;y;z;\n", []string{`line 3, column A (codice): "x" stands in line 2 too`}},
		"long":       {head + "x;" + long + ";z;\n", []string{"line 2, column B (pratica): longer than 120 bytes"}},
		"unseen":     {head + "x;a\u202eb;z;\n", []string{"line 2, column B (pratica): holds a character"}},
		"joiner":     {head + "x;a;z\u200b;\n", []string{"line 2, column C (servizio): holds a character"}},
		"control":    {head + "x;a\x00b;z;\n", []string{"line 2, column B (pratica): holds a character"}},
		"days":       {head + "x;y;z;tre\nv;y;z;-1\nw;y;z;731\n", []string{`line 2, column D (giorni): "tre"`, `line 3, column D (giorni): "-1"`, `line 4, column D (giorni): "731"`}},
	} {
		_, err := Parse([]byte(test.file))
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != len(test.want) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, f := range faults {
			if got := f.Error(); !strings.HasPrefix(got, test.want[i]) || !strings.Contains(got, "; ") {
				t.Errorf("%s: %q, not %q and what to do", name, got, test.want[i])
			}
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	_, err := Parse([]byte("codice;pratica;servizio\n" + strings.Repeat(";a;b\n", 400)))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != maxFaults {
		t.Errorf("%d faults", len(faults))
	}
}

// The bound of a search holds for a query of any length.
func TestWorkOfASearchIsBounded(t *testing.T) {
	if got := asked(strings.Repeat("abc ", 1_000_000)); len(got) > maxQueryWords {
		t.Errorf("%d words of a query count", len(got))
	}
	if got := asked(strings.Repeat("a", 1_000_000)); len(got) != 1 || len(got[0]) > maxWordBytes {
		t.Errorf("%d bytes of a word count", len(got[0]))
	}
	if got := asked(strings.Repeat("à", 200)); !strings.HasPrefix(got[0], "aaaa") {
		t.Errorf("a cut query is %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("codice;pratica;servizio;altre parole;chi;documenti;costo;tempo;dove;ufficio;giorni\nx;y;z;a, b;c;d;5 €;e;f;g;7\n"))
	f.Add([]byte("\uFEFFcodice,pratica,servizio,giorni\r\nx,\"a\nb\",'=c,12\r\n"))
	f.Add([]byte("codice;pratica;servizio\nx;''=a;s\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		c, err := Parse(file)
		if err != nil {
			if err.Error() == "" {
				t.Error("a fault says nothing")
			}
			return
		}
		out := c.Format()
		again, err := Parse(out)
		if len(out) > MaxFileBytes {
			return // quotation marks may make it longer than it may be
		}
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%q", err, out)
		}
		if diff := cmp.Diff(c.All(), again.All()); diff != "" {
			t.Fatal(diff)
		}
		if !bytes.Equal(out, again.Format()) {
			t.Fatal("the bytes differ")
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "residenza", "carta d'identità", "à", "\xff", "aaaa aaaa"} {
		f.Add(s)
	}
	c := Reference()
	f.Fuzz(func(t *testing.T, query string) {
		seen := map[ID]bool{}
		found := c.Find("it", query, 10)
		for _, p := range found {
			if seen[p.ID] {
				t.Fatalf("%s is found twice", p.ID)
			}
			seen[p.ID] = true
		}
		if len(found) > 10 {
			t.Fatalf("%d are found", len(found))
		}
	})
}

// BenchmarkFind holds a search to a millisecond at each key that somebody types, in
// the reference catalogue, and to twenty in the longest that may be.
func BenchmarkFind(b *testing.B) {
	var longest strings.Builder
	longest.WriteString("codice;pratica;servizio;documenti\n")
	for i := range MaxProcedures {
		fmt.Fprintf(&longest, "p%d;Pratica;s;%s\n", i, words(i, 100))
	}
	c, err := Parse([]byte(longest.String()))
	if err != nil {
		b.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		of    *Catalogue
		query string
		bar   float64
	}{
		{"words", Reference(), "cambio di residenza", 1},
		{"misspelt", Reference(), "resdenza", 1},
		{"longest", c, strings.Repeat("qzqzqzqz ", maxQueryWords), 20},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				var rounds []float64
				for range bar.Rounds {
					const searches = 20
					began := time.Now()
					for range searches {
						test.of.Find("it", test.query, 10)
					}
					rounds = append(rounds, time.Since(began).Seconds()*1_000/searches)
				}
				bar.AtMost(b, "ms/search", test.bar, rounds)
			}
		})
	}
}

// words are n words of eight letters that no other i has.
func words(i, n int) string {
	var all []string
	for j := range n {
		word := make([]byte, 8)
		for k, v := 0, i*n+j; k < len(word); k, v = k+1, v/20 {
			word[k] = "bcdfghjklmnpqrstvwxz"[v%20]
		}
		all = append(all, string(word))
	}
	return strings.Join(all, " ")
}
