package words

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"eliminacode/queue"
)

// texts are all texts of the staff by language and id.
func texts(t *testing.T) map[queue.Language]map[string]*i18n.Message {
	t.Helper()
	all := map[queue.Language]map[string]*i18n.Message{}
	files, err := staffFiles.ReadDir("staff")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		page, code, _ := strings.Cut(strings.TrimSuffix(f.Name(), ".toml"), ".")
		read, err := readStaffFile(f.Name())
		if err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		in := all[queue.Language(code)]
		if in == nil {
			in = map[string]*i18n.Message{}
			all[queue.Language(code)] = in
		}
		for _, m := range read {
			in[page+"."+m.ID] = m
		}
	}
	return all
}

// forms are the forms of a text by the names of their categories.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

func placeholders(text string) []string {
	var names []string
	for i, part := range splitBraces(text) {
		if i%2 == 1 {
			names = append(names, part)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryTextIsInEveryLanguage(t *testing.T) {
	all := texts(t)
	if got := slices.Sorted(maps.Keys(all)); len(got) != len(StaffLanguages()) {
		t.Fatalf("there are files in %v", got)
	}
	ids := map[string]bool{}
	for _, in := range all {
		for id := range in {
			ids[id] = true
		}
	}
	for id := range ids {
		for _, code := range StaffLanguages() {
			m := all[code][id]
			if m == nil || m.Other == "" {
				t.Errorf("%s: no text %q", code, id)
				continue
			}
			main := all[italian][id]
			if main == nil {
				continue
			}
			if counts(m) != counts(main) {
				t.Errorf("%s: %s: either all languages have plural forms or none", code, id)
			}
			if want, got := placeholders(main.Other), placeholders(m.Other); !slices.Equal(want, got) {
				t.Errorf("%s: %s has the placeholders %v, in Italian %v", code, id, got, want)
			}
			for form, text := range forms(m) {
				if strings.TrimSpace(text) != text && code != "fr" || strings.ContainsAny(text, "<>") && !strings.Contains(text, "< ") {
					t.Errorf("%s: %s: %q has spaces at an end or markup", code, id, text)
				}
				// A form for one may say "un" instead of the figure.
				for _, name := range placeholders(text) {
					if !slices.Contains(placeholders(main.Other), name) {
						t.Errorf("%s: %s, %s: no placeholder {%s}", code, id, form, name)
					}
				}
			}
		}
	}
}

// The forms are those that the language distinguishes for whole numbers up to
// what an office counts.
func TestEveryPluralFormIsThere(t *testing.T) {
	for code, in := range texts(t) {
		needed := map[string]bool{"other": true}
		for n := range 1000 {
			if name := pluralNames[plural.Cardinal.MatchPlural(language.Make(string(code)), n, 0, 0, 0, 0)]; name != "" {
				needed[name] = true
			}
		}
		if code == "sl" && !needed["two"] {
			t.Fatalf("Slovene has only the forms %v", needed)
		}
		for id, m := range in {
			if !counts(m) {
				continue
			}
			there := map[string]bool{}
			for form := range forms(m) {
				there[form] = true
			}
			if diff := cmp.Diff(needed, there); diff != "" {
				t.Errorf("%s: %s has the wrong plural forms (-needed +there):\n%s", code, id, diff)
			}
		}
	}
}

// A saying is one place of the program that says a text.
type saying struct {
	where string
	id    string
	names []string // of what fills it; nil is not known
}

// sayings are the texts that templates and Go files say by their ids, and the
// families of which they make ids from codes.
func sayings(t *testing.T) (all []saying, strs map[string]bool) {
	t.Helper()
	strs = map[string]bool{}
	root := filepath.Join("..", "..")
	for _, folder := range []string{"queue", "display", "cmd", "device"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if d != nil && (d.Name() == "vendor" || d.Name() == "testdata") {
					return filepath.SkipDir
				}
				return err
			}
			switch {
			case strings.HasSuffix(name, ".html"):
				all = append(all, templateSayings(t, name)...)
			case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
				all = append(all, goSayings(t, name, strs)...)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all, strs
}

func templateSayings(t *testing.T, name string) (all []saying) {
	t.Helper()
	for _, n := range templateNodes(t, name) {
		c, ok := n.(*parse.CommandNode)
		if !ok || len(c.Args) < 2 || c.Args[0].String() != "say" {
			continue
		}
		id, ok := c.Args[1].(*parse.StringNode)
		if !ok {
			continue // an id made of a code, whose family stands there as a string
		}
		one := saying{where: filepath.Base(name), id: id.Text, names: []string{}}
		for i := 2; i < len(c.Args); i += 2 {
			if key, ok := c.Args[i].(*parse.StringNode); ok {
				one.names = append(one.names, key.Text)
			}
		}
		all = append(all, one)
	}
	return all
}

// templateNodes are all nodes of a file of templates.
func templateNodes(t *testing.T, name string) (all []parse.Node) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root := parse.New(filepath.Base(name))
	root.Mode = parse.SkipFuncCheck | parse.ParseComments
	trees := map[string]*parse.Tree{}
	if _, err := root.Parse(string(text), "", "", trees); err != nil {
		t.Fatal(err)
	}
	var walk func(n parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			for _, n := range l.Nodes {
				walk(n)
			}
		}
	}
	pipe := func(p *parse.PipeNode) {
		if p != nil {
			for _, c := range p.Cmds {
				walk(c)
			}
		}
	}
	branch := func(b parse.BranchNode) { pipe(b.Pipe); list(b.List); list(b.ElseList) }
	walk = func(n parse.Node) {
		all = append(all, n)
		switch n := n.(type) {
		case *parse.ListNode:
			list(n)
		case *parse.ActionNode:
			pipe(n.Pipe)
		case *parse.IfNode:
			branch(n.BranchNode)
		case *parse.RangeNode:
			branch(n.BranchNode)
		case *parse.WithNode:
			branch(n.BranchNode)
		case *parse.TemplateNode:
			pipe(n.Pipe)
		case *parse.PipeNode:
			pipe(n)
		case *parse.CommandNode:
			for _, a := range n.Args {
				walk(a)
			}
		}
	}
	for _, tree := range trees {
		list(tree.Root)
	}
	return all
}

// goSayings are those of a Go file; all its strings go into strs.
func goSayings(t *testing.T, name string, strs map[string]bool) (all []saying) {
	t.Helper()
	file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == gotoken.STRING {
				strs[text] = true
			}
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || called.Sel.Name != "Say" || len(n.Args) == 0 {
				return true
			}
			id, ok := literal(n.Args[0])
			if !ok || !strings.Contains(id, ".") {
				return true
			}
			one := saying{where: filepath.Base(name), id: id, names: []string{}}
			for i := 1; i < len(n.Args); i += 2 {
				if key, ok := literal(n.Args[i]); ok {
					one.names = append(one.names, key)
				}
			}
			all = append(all, one)
		}
		return true
	})
	return all
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

// What is said exists, and is filled with just what its placeholders ask for.
func TestEveryTextThatIsSaidIsThere(t *testing.T) {
	all, _ := sayings(t)
	if len(all) < 100 {
		t.Fatalf("only %d texts are said", len(all))
	}
	main := texts(t)[italian]
	for _, one := range all {
		m := main[one.id]
		if m == nil {
			t.Errorf("%s says %q, which no file has", one.where, one.id)
			continue
		}
		needed := placeholders(m.Other)
		if counts(m) && !slices.Contains(needed, "count") {
			needed = append(needed, "count")
		}
		slices.Sort(needed)
		slices.Sort(one.names)
		if !slices.Equal(needed, one.names) {
			t.Errorf("%s fills %q with %v, and it has %v", one.where, one.id, one.names, needed)
		}
	}
}

// fromOutside are texts whose codes come with a command and stand nowhere in the
// program.
var fromOutside = map[string]bool{"day.suspended-assembly": true, "day.suspended-blackout": true, "done.checked-in": true}

// A text that nothing says is deleted. One of a family is said when its code, or
// what stands before and after the last hyphens of its code, is a string of the
// program.
func TestEveryTextIsSaid(t *testing.T) {
	all, strs := sayings(t)
	said := map[string]bool{}
	for _, one := range all {
		said[one.id] = true
	}
	for id := range texts(t)[italian] {
		family, code, _ := strings.Cut(id, ".")
		if said[id] || strs[id] || fromOutside[id] || family == "value" || family == "must" || family == "event" {
			continue // those of values go by the keys of an office's file: see display's TestEveryValueOfAnOfficeHasWords, and TestEveryKindOfEventHasASentence
		}
		code = strings.TrimSuffix(code, "-do")
		_, end, _ := strings.Cut(code, "-")
		if !strs[family] && !strs[family+"."] && !familyPrefix(strs, id) || !strs[code] && !strs[end] {
			t.Errorf("nothing says %q", id)
		}
	}
}

// familyPrefix tells that an id is made from a string such as "report.by-".
func familyPrefix(strs map[string]bool, id string) bool {
	for i := range id {
		if id[i] == '-' && strs[id[:i+1]] {
			return true
		}
	}
	return false
}

var (
	tag       = regexp.MustCompile(`(?s)<[^>]*>`)
	shownAttr = regexp.MustCompile(`(?:aria-label|aria-description|alt|title|placeholder|label)="([^"]*)"`)
	letters   = regexp.MustCompile(`\pL{2,}`)
)

// What a template shows comes from the catalogue, also what only a screen reader
// says.
func TestNoTextStandsInATemplate(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "display", "web", "templates", "*.html"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d templates: %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "api.html") {
			continue // for who writes programs, in English like the document that it shows
		}
		for _, found := range textLeft(t, name) {
			t.Errorf("%s shows %q: put it into a file of queue/words/staff", filepath.Base(name), found)
		}
	}
}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

func textLeft(t *testing.T, name string) (found []string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := action.ReplaceAllString(string(b), "")
	for _, attr := range shownAttr.FindAllStringSubmatch(text, -1) {
		if letters.MatchString(attr[1]) {
			found = append(found, attr[1])
		}
	}
	for _, shown := range tag.Split(text, -1) {
		if shown = strings.TrimSpace(shown); letters.MatchString(shown) && shown != "min" {
			found = append(found, shown)
		}
	}
	// A string of an action is shown when it is more than a name.
	for _, n := range templateNodes(t, name) {
		if s, ok := n.(*parse.StringNode); ok && len(strings.Fields(s.Text)) > 1 && letters.MatchString(s.Text) {
			found = append(found, s.Text)
		}
	}
	return found
}

// A style draws signs and what an attribute says, but no words of its own.
func TestNoTextStandsInAStyle(t *testing.T) {
	content, quoted, escape := regexp.MustCompile(`content:([^;}]*)`), regexp.MustCompile(`"([^"]*)"`), regexp.MustCompile(`\\[0-9a-fA-F]{1,6}`)
	names, err := filepath.Glob(filepath.Join("..", "..", "display", "web", "static", "css", "*.css"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d styles: %v", len(names), err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range content.FindAllString(string(b), -1) {
			for _, drawn := range quoted.FindAllString(value, -1) {
				if letters.MatchString(escape.ReplaceAllString(drawn, "")) {
					t.Errorf("%s draws %s: take it from an attribute that a template fills", filepath.Base(name), drawn)
				}
			}
		}
	}
}

func TestTextLeftIsFound(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.html")
	text := `{{define "title"}}{{say "x.y"}}{{end}}<p class="a" title="{{say "x.z"}} sala">{{if .On}}sì{{else}}–{{end}} 3 <kbd>F2</kbd>{{printf "Sportello %d" 3}}</p>`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := textLeft(t, name), []string{" sala", "sì– 3", "Sportello %d"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestSay(t *testing.T) {
	day := time.Date(2026, time.November, 24, 10, 31, 5, 0, time.UTC)
	for _, c := range []struct {
		got, want string
	}{
		{In("it").Say("desk.name", "label", "3"), "Sportello 3"},
		{In("sl").Say("desk.name", "label", "3"), "Okence 3"},
		{In("lld").Say("desk.name", "label", "3"), "Sportello 3"},
		{In("de").Say("no.such-text"), "no.such-text"},
		{In("de").Say("desk.name"), "Schalter {label}"},
		{In("sl").Duration(60_000), "1 minuta"},
		{In("sl").Duration(120_000), "2 minuti"},
		{In("sl").Duration(180_000), "3 minute"},
		{In("sl").Duration(300_000), "5 minut"},
		{In("sl").Duration(101 * 60_000), "1 ura in 41 minut"},
		{In("fr").Duration(0), "moins d'une minute"},
		{In("it").Say("totem.waiting", "count", 1_000_000), "1.000.000 in attesa"},
		{In("en").Count(23037), "23,037"},
		{In("fr").Count(23037), "23\u202f037"},
		{In("de").Percent(0.986), "98,6 %"},
		{In("en").Percent(0.986), "98.6%"},
		{In("de").Date(day), "Dienstag, 24. November 2026"},
		{In("en").Ago(3 * 86_400_000), "3 days ago"},
		{In("sl").Ago(2 * 86_400_000), "pred 2 dnevoma"},
		{In("de").Reason(queue.Reason{Rule: queue.RulePriority, Turn: queue.TurnRatio, Ratio: 2}, "B003", "A012"), "B003 vor A012: Vorrang 1:2."},
	} {
		if c.got != c.want {
			t.Errorf("said %q, want %q", c.got, c.want)
		}
	}
}

// A file is written with the signs of a keyboard, and said with those of its
// language.
func TestSignsAreThoseOfTheLanguage(t *testing.T) {
	for _, c := range []struct {
		language   queue.Language
		text, want string
	}{
		{"it", "«A» : b", "«A» : b"},
		{"de", "Drücken Sie «A».", "Drücken Sie „A“."},
		{"de", "Drücken Sie „A“.", "Drücken Sie „A“."},
		{"en", "press «A»", "press “A”"},
		{"sl", "pritisnite «A» ali «B»", "pritisnite »A« ali »B«"},
		{"sl", "pritisnite »A« ali »B«", "pritisnite »A« ali »B«"},
		{"fr", "appuyez sur « A » : {b} ?", "appuyez sur «\u00a0A\u00a0»\u00a0: {b}\u00a0?"},
		{"fr", "voir\u00a0: «\u00a0A\u00a0»", "voir\u00a0: «\u00a0A\u00a0»"},
	} {
		if got := signed(c.language, c.text); got != c.want {
			t.Errorf("%s: %q is said %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

// A text that a language lacks is said in Italian.
func TestALackingTextIsSaidInItalian(t *testing.T) {
	bundle := i18n.NewBundle(language.Slovenian)
	if err := bundle.AddMessages(language.Slovenian, &i18n.Message{ID: "p.two", Other: "{n} dva"}); err != nil {
		t.Fatal(err)
	}
	tongue := &Tongue{code: "sl", texts: i18n.NewLocalizer(bundle, "sl")}
	if got := tongue.Say("p.two", "n", "2"); got != "2 dva" {
		t.Errorf("said %q", got)
	}
	if got := tongue.Say("format.minutes", "count", 1); got != "1 minuto" {
		t.Errorf("said %q", got)
	}
}

// Every text that counts has a form for 0, 1, 2 and 5, with the number in it or
// words for it, and no two forms of one text lack a number that the others have.
func TestEveryCountedTextIsSaidForEveryNumber(t *testing.T) {
	for _, language := range StaffLanguages() {
		tongue := In(language)
		if len(tongue.counted) == 0 {
			t.Errorf("%s counts nothing", language)
		}
		for id := range tongue.counted {
			for _, n := range []int{0, 1, 2, 5} {
				if said := tongue.Say(id, "count", n); said == "" || said == id || strings.Contains(said, "{count}") {
					t.Errorf("%s: %s for %d is %q", language, id, n, said)
				}
			}
		}
	}
}
