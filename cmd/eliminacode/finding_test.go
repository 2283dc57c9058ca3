package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A coded is one place of the program that makes a part or a text of a finding.
type coded struct {
	where   string
	of      string   // partOf, text, ok, warn, fail, advise or ifNone
	code    string   // empty where it is no literal
	names   []string // of what fills it, as far as they stand there
	whole   bool     // all of them do
	advised bool     // another remedy comes after
}

// codeds are all of them, from the source of this package.
func codeds(t *testing.T) (all []coded) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := gotoken.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "finding.go" {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		advised := map[ast.Node]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			one := coded{where: set.Position(call.Pos()).String(), whole: call.Ellipsis == gotoken.NoPos, advised: advised[call]}
			switch f := call.Fun.(type) {
			case *ast.Ident:
				if f.Name == "partOf" || f.Name == "text" {
					one.of = f.Name
				}
			case *ast.SelectorExpr:
				if slices.Contains([]string{"ok", "warn", "fail", "advise", "ifNone"}, f.Sel.Name) {
					one.of = f.Sel.Name
				}
				advised[f.X] = one.of == "advise"
			}
			if one.of == "" || len(call.Args) == 0 {
				return true
			}
			for i, arg := range call.Args {
				literal, is := arg.(*ast.BasicLit)
				if !is || literal.Kind != gotoken.STRING {
					continue
				}
				value, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					one.code = value
				} else if i%2 == 1 {
					one.names = append(one.names, value)
				}
			}
			// What a device tells of itself is made from its code: see below.
			if one.code != "" || one.of != "text" {
				all = append(all, one)
			}
			return true
		})
	}
	return all
}

// TestEveryFindingIsToldInEveryLanguage walks every code of a finding in the source:
// its part, what was found, and what to do where something is wrong, in each language
// of the staff, with everything filled.
func TestEveryFindingIsToldInEveryLanguage(t *testing.T) {
	told := 0
	for _, one := range codeds(t) {
		if one.code == "" {
			t.Errorf("%s: the code of %s is no literal, so that no test finds it", one.where, one.of)
			continue
		}
		ids := map[string][]string{
			"partOf": {"part." + one.code}, "text": {"check." + one.code}, "ok": {"check." + one.code}, "advise": {"check." + one.code + "-do"},
			"warn": {"check." + one.code, "check." + one.code + "-do"},
		}
		ids["fail"], ids["ifNone"] = ids["warn"], ids["advise"]
		for i, id := range ids[one.of] {
			if i > 0 && one.advised {
				continue
			}
			for _, l := range words.StaffLanguages() {
				tongue := words.In(l)
				if !tongue.Knows(id) {
					t.Errorf("%s: %s: no text %s", one.where, l, id)
					continue
				}
				var args []any
				for _, name := range one.names {
					args = append(args, name, 1)
				}
				if said := tongue.Say(id, args...); one.whole && one.of != "advise" && one.of != "ifNone" && strings.Contains(said, "{") {
					t.Errorf("%s: %s: %s is told as %q", one.where, l, id, said)
				}
			}
			told++
		}
	}
	if told < 150 {
		t.Errorf("only %d texts are made in the source", told)
	}
}

// TestWhatTheSystemSaysStandsLast: a page takes it off the end of a sentence in the
// reader's language, and shows it as English.
func TestWhatTheSystemSaysStandsLast(t *testing.T) {
	const said = "open /dev/ttyUSB0: no such device"
	seen := 0
	for _, one := range codeds(t) {
		if !slices.Contains(one.names, "detail") {
			continue
		}
		seen++
		args := []any{"detail", said}
		for _, name := range one.names {
			if name != "detail" {
				args = append(args, name, "x")
			}
		}
		for _, l := range words.StaffLanguages() {
			tongue := words.In(l)
			x := words.Text{ID: "check." + one.code, Args: args}
			if whole := tongue.Tell(x); !strings.HasSuffix(whole, said) {
				t.Errorf("%s: %s goes on after what the system says: %q", l, one.code, whole)
			}
			before, detail := tongue.TellApart(x)
			if detail != said || strings.Contains(before, said) || strings.HasSuffix(before, ":") || before == "" && l != "en" {
				t.Errorf("%s: %s comes apart as %q and %q", l, one.code, before, detail)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d findings say what the system says", seen)
	}
}

// TestEveryStateOfADeviceIsToldInEveryLanguage: each fault, state and way of confirming
// a ticket that a device may have.
func TestEveryStateOfADeviceIsToldInEveryLanguage(t *testing.T) {
	file, err := parser.ParseFile(gotoken.NewFileSet(), filepath.Join("..", "..", "device", "device.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 {
			return true
		}
		for _, kind := range []string{"Fault", "State", "Rung"} {
			if literal, is := spec.Values[0].(*ast.BasicLit); is && strings.HasPrefix(spec.Names[0].Name, kind) {
				code, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				codes[kind] = append(codes[kind], code)
			}
		}
		return true
	})
	if len(codes["Fault"]) < 10 || len(codes["State"]) < 5 || len(codes["Rung"]) < 4 {
		t.Fatalf("device.go has %v", codes)
	}
	for _, l := range words.StaffLanguages() {
		tongue := words.In(l)
		for _, state := range codes["State"] {
			told := health{Kind: "printer", Status: device.Status{Name: "atrio", State: device.State(state)}}.finding().in(tongue)
			if strings.Contains(told.Found, "check.") || strings.Contains(told.Do, "check.") || (told.State != stateOK) != (told.Do != "") {
				t.Errorf("%s: %s is told as %+v", l, state, told)
			}
		}
		for _, fault := range append(codes["Fault"], "of a later version") {
			told := health{Kind: "printer", Status: device.Status{Name: "atrio", State: device.StateLost, Faults: []device.Fault{device.Fault(fault)}}}.finding().in(tongue)
			if told.Found == "" || told.Do == "" || strings.Contains(told.Found+told.Do, "check.") || strings.Contains(told.Found, "{") || strings.Contains(told.Found, fault+")") != (fault == "of a later version") {
				t.Errorf("%s: %s is told as %+v", l, fault, told)
			}
		}
		for _, rung := range codes["Rung"] {
			told := health{Kind: "printer", Status: device.Status{Name: "atrio", State: device.StateReady, Rung: device.Rung(rung), Detail: "EPSON"}}.finding().in(tongue)
			if strings.Contains(told.Found, "check.") || !strings.HasSuffix(told.Found, "EPSON") || !strings.Contains(told.Found, "(") {
				t.Errorf("%s: %s is told as %+v", l, rung, told)
			}
		}
	}
}

// TestTheCheckIsInTheReadersLanguage: the same findings for two people.
func TestTheCheckIsInTheReadersLanguage(t *testing.T) {
	m := tree(t, map[string]string{"/dev/ttyAMA0": "", "/sys/fs/ext4/mmcblk0p2/errors_count": "3"})
	f := m.port("/dev/serial/by-path/usb-0:1.2", false)
	f.part = words.Text(partOf("printer", "name", "atrio"))
	c := &checked{findings: append(m.disk(settings(t, wired)), f, partOf("data").fail("data-unwritable", "dir", "/srv", "detail", "permission denied"))}
	for l, want := range map[queue.Language][]string{
		"it": {"disco mmcblk0p2", "il file system ha trovato 3 errori", "stampante atrio", "la porta /dev/serial/by-path/usb-0:1.2 non c'è", "ci sono:\n/dev/ttyAMA0 (della scheda)", "in /srv non si può scrivere"},
		"de": {"Datenträger mmcblk0p2", "das Dateisystem hat 3 Fehler bemerkt", "Drucker atrio", "der Anschluss /dev/serial/by-path/usb-0:1.2 ist nicht da", "da ist:\n/dev/ttyAMA0 (der Platine)", "in /srv kann nicht geschrieben werden"},
		"en": {"disk mmcblk0p2", "the file system has met 3 errors", "printer atrio", "port /dev/serial/by-path/usb-0:1.2 is not there", "there is:\n/dev/ttyAMA0 (the board's own)", "/srv cannot be written"},
	} {
		got := c.shown(words.In(l)).Parts
		if len(got) != 3 || got[0].Code != "disk" || got[1].Code != "printer" || got[2].Detail != "permission denied" {
			t.Fatalf("%s: %+v", l, got)
		}
		for i, text := range []string{got[0].Part, got[0].Found, got[1].Part, got[1].Found, got[1].Do, got[2].Found} {
			if !strings.HasSuffix(text, want[i]) {
				t.Errorf("%s: told is %q, want %q", l, text, want[i])
			}
		}
	}
}
