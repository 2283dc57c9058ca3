package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestManyAreTold(t *testing.T) {
	for n, want := range map[int]string{0: "0 desks", 1: "1 desk", 2: "2 desks", 5: "5 desks"} {
		if got := many(n, "desk"); got != want {
			t.Errorf("%d is told as %q", n, got)
		}
	}
	if got := manyAs(1, "press", "presses") + manyAs(2, "press", "presses"); got != "1 press2 presses" {
		t.Errorf("told as %q", got)
	}
}

// fixedPlural is a figure with the word for many of it, which is wrong for one. A
// bound has always more than one: "at most %d bytes", "more than %d bytes".
var fixedPlural = regexp.MustCompile(`(?:^|[^%])((?:\w+ \w+ )?)%(?:\[\d+\])?[dv] ((?:[a-z]+ )?[a-z]{2,}[^s]s|people|wait|come)\b`)

// Whatever a command counts may be one: no text has a fixed plural beside a figure.
func TestNothingIsCountedWithAFixedPlural(t *testing.T) {
	if !fixedPlural.MatchString("it has %d bytes") || fixedPlural.MatchString("printer %d is away") {
		t.Error("the expression knows no fixed plural")
	}
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files := gotoken.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != gotoken.STRING {
				return true
			}
			for _, met := range fixedPlural.FindAllStringSubmatch(text.Value, -1) {
				if before := strings.TrimSpace(met[1]); !strings.HasSuffix(before, "at most") && !strings.HasSuffix(before, "more than") {
					t.Errorf("%s: %q: tell it with many", files.Position(text.Pos()), met[0])
				}
			}
			return true
		})
	}
}
