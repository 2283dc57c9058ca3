package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// italianData are the places where Italian stands beside package words, since it
// is no sentence of the program's: what a code page can show, names of
// holidays, texts that only a rehearsal prints.
var italianData = map[string]string{
	"queue/words":               "the sentences themselves",
	"queue/calendar":            "names of holidays",
	"queue/procedure":           "the catalogue, and the words that a search in it leaves out",
	"device/devicetest":         "what the contract suite prints",
	"device/escpos/codepage.go": "letters that a code page lacks",
	"display/web/vendor":        "not ours",
}

// italianWord finds the marks of an Italian sentence: a letter with an accent,
// or a word that stands in nearly every one.
var italianWord = regexp.MustCompile(`(?i)[àèéìòù]|(^|[^\pL])(il|lo|la|le|gli|un|una|uno|di|del|della|dello|dei|delle|da|dal|dalla|dall'|al|alla|all'|allo|nel|nella|con|per|che|non|sono|si|ci|su|sul|sulla|questo|questa|dopo|prima|ora|ore|oggi|senza|nessun|nessuno|sportello|biglietto|stampante|numero|tabellone|attesa|fa)($|[^\pL])`)

// address is the path of a page: its words are names.
var address = regexp.MustCompile(`/\S*`)

// italianSentence tells whether a text of two words or more is Italian.
func italianSentence(text string) bool {
	text = address.ReplaceAllString(text, "")
	return len(strings.Fields(text)) >= 2 && italianWord.MatchString(text)
}

var (
	scriptComment = regexp.MustCompile(`(?m)(^|\s)//.*$`)
	scriptLiteral = regexp.MustCompile("'[^'\n]*'|\"[^\"\n]*\"|`[^`]*`")
)

// italianIn are the Italian sentences of a file, Go or script.
func italianIn(t *testing.T, name string, text []byte) (found []string) {
	t.Helper()
	if filepath.Ext(name) == ".js" {
		for _, literal := range scriptLiteral.FindAllString(scriptComment.ReplaceAllString(string(text), ""), -1) {
			if italianSentence(literal[1 : len(literal)-1]) {
				found = append(found, literal)
			}
		}
		return found
	}
	file, err := parser.ParseFile(gotoken.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok {
			field.Tag = nil // names of keys
		}
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == gotoken.STRING {
			if said, err := strconv.Unquote(literal.Value); err == nil && italianSentence(said) {
				found = append(found, literal.Value)
			}
		}
		return true
	})
	return found
}

// TestItalianStandsInWords keeps every sentence for a person where the same
// thing is always said in the same words.
func TestItalianStandsInWords(t *testing.T) {
	used := map[string]bool{}
	looked := 0
	err := filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel("../..", file)
		name = filepath.ToSlash(name)
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			return fs.SkipDir
		}
		if ext := filepath.Ext(name); d.IsDir() || ext != ".go" && ext != ".js" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		looked++
		found := italianIn(t, name, text)
		for place := range italianData {
			if name == place || strings.HasPrefix(name, place+"/") {
				used[place] = used[place] || len(found) > 0
				return nil
			}
		}
		for _, literal := range found {
			t.Errorf("%s says %s: move it into queue/words", name, literal)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 100 {
		t.Fatalf("looked at %d files only", looked)
	}
	for place := range italianData {
		if place != "display/web/vendor" && !used[place] {
			t.Errorf("%s holds no Italian any more: take it off the list", place)
		}
	}
}

// TestItalianIsFound shows what the search finds in Go and in a script, and what
// it leaves alone.
func TestItalianIsFound(t *testing.T) {
	for _, c := range []struct {
		name, text string
		found      int
	}{
		{"a.go", `package a; const s = "Nessuno in attesa"`, 1},
		{"a.go", "package a; const s = `Ritiri il biglietto`", 1},
		{"a.go", `package a; const s = "no paper here, look at port %d" // il biglietto non esce`, 0},
		{"a.go", `package a; const s = "Sportelli"`, 0},
		{"a.js", `say("L'apparecchio non risponde");`, 1},
		{"a.js", "say(`${n} in attesa`); // il biglietto", 1},
		{"a.js", "// il biglietto 'non esce'\nsay('gone');", 0},
	} {
		if got := italianIn(t, c.name, []byte(c.text)); len(got) != c.found {
			t.Errorf("%s: found %q, want %d", c.text, got, c.found)
		}
	}
}
