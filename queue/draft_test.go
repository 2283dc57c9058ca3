package queue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is the package's own code, without its tests.
func source(t *testing.T) (files *token.FileSet, all []*ast.File) {
	files = token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 10 {
		t.Fatalf("only %d files were found: %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, file)
	}
	return files, all
}

// isPointerTo tells whether an expression is the type *name.
func isPointerTo(e ast.Expr, name string) bool {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := star.X.(*ast.Ident)
	return ok && of.Name == name
}

// TestEveryEventHasItsEffect holds the switch of apply against the list of
// kinds that can be read from disk.
func TestEveryEventHasItsEffect(t *testing.T) {
	_, all := source(t)
	var cases []string
	for _, file := range all {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != "apply" {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if c, ok := n.(*ast.CaseClause); ok {
					if c.List == nil {
						t.Error("the switch has a default, behind which a kind can be forgotten")
					}
					for _, of := range c.List {
						cases = append(cases, of.(*ast.Ident).Name)
					}
				}
				return true
			})
		}
	}
	slices.Sort(cases)
	if kinds := slices.Sorted(maps.Keys(bodies)); !slices.Equal(cases, kinds) {
		t.Errorf("apply has cases for\n%v\nand there are\n%v", cases, kinds)
	}
}

// TestOnlyADraftIsChanged reads the package's own source: whoever has a *State
// writes into nothing that it holds, since others read it.
func TestOnlyADraftIsChanged(t *testing.T) {
	files, all := source(t)
	writers := 0
	for _, file := range all {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			states := map[string]bool{} // what is a *State here, by name
			for _, list := range []*ast.FieldList{f.Recv, f.Type.Params, f.Type.Results} {
				if list == nil {
					continue
				}
				for _, field := range list.List {
					if list == f.Recv && isPointerTo(field.Type, "draft") {
						writers++
					}
					for _, name := range field.Names {
						states[name.Name] = isPointerTo(field.Type, "State")
					}
				}
			}
			// written tells of a place behind a *State, or behind the state of
			// a decision, that is written.
			written := func(e ast.Expr) {
				behind := false
				for at := e; at != nil; {
					switch x := at.(type) {
					case *ast.SelectorExpr:
						if of, ok := x.X.(*ast.Ident); ok && of.Name == "d" && x.Sel.Name == "s" && behind {
							t.Errorf("%v: writes into the state of a decision", files.Position(e.Pos()))
						}
						at, behind = x.X, true
					case *ast.IndexExpr:
						at, behind = x.X, true
					case *ast.StarExpr:
						at, behind = x.X, true
					case *ast.ParenExpr:
						at = x.X
					case *ast.Ident:
						if behind && states[x.Name] {
							t.Errorf("%v: writes into a State", files.Position(e.Pos()))
						}
						at = nil
					default:
						at = nil
					}
				}
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, to := range n.Lhs {
						written(to)
					}
				case *ast.IncDecStmt:
					written(n.X)
				}
				return true
			})
		}
	}
	if writers < 30 {
		t.Errorf("only %d methods of draft were found", writers)
	}
}
