package queue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source parses the package without its tests.
func source(t *testing.T) (*token.FileSet, []*ast.File) {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 10 {
		t.Fatalf("only %d files were found: %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return set, files
}

// receiver is the name of the type that a function is a method of, or "".
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	name, _ := of.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

// TestOnlyADraftWrites reads the package's own source: no function but the
// methods of a draft assigns to a field of a State or of what hangs on it.
func TestOnlyADraftWrites(t *testing.T) {
	set, files := source(t)
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	// What other packages are is of no interest here.
	config := types.Config{Error: func(error) {}, Importer: nobody{}}
	pkg, _ := config.Check("queue", set, files, info)
	kept := map[*types.Var]string{}
	for _, name := range []string{"State", "Ticket", "DeskState", "OutletState", "Attendance", "queues"} {
		of := pkg.Scope().Lookup(name).Type().Underlying().(*types.Struct)
		for i := range of.NumFields() {
			kept[of.Field(i)] = name + "." + of.Field(i).Name()
		}
	}
	writes := 0
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			written := func(to ast.Expr) {
				for to != nil {
					switch x := to.(type) {
					case *ast.SelectorExpr:
						if s := info.Selections[x]; s != nil {
							field, _ := s.Obj().(*types.Var)
							name, of := kept[field]
							switch {
							case of && receiver(f) == "draft":
								writes++
							case of:
								t.Errorf("%v: %s writes into %s", set.Position(x.Pos()), f.Name.Name, name)
							}
						}
						to = x.X
					case *ast.IndexExpr:
						to = x.X
					case *ast.StarExpr:
						to = x.X
					case *ast.ParenExpr:
						to = x.X
					default:
						to = nil
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
	if writes < 50 {
		t.Errorf("only %d writes were found in the methods of a draft", writes)
	}
}

// nobody is an importer that knows no package.
type nobody struct{}

func (nobody) Import(path string) (*types.Package, error) { return nil, ErrBadCommand }

// TestEveryEventHasItsEffect holds the cases of draft.effect to the kinds of
// event that a journal can hold: each has one.
func TestEveryEventHasItsEffect(t *testing.T) {
	_, files := source(t)
	var cases []string
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if !ok || receiver(f) != "draft" || f.Name.Name != "effect" {
				return true
			}
			for _, stmt := range f.Body.List[0].(*ast.TypeSwitchStmt).Body.List {
				for _, of := range stmt.(*ast.CaseClause).List {
					cases = append(cases, of.(*ast.Ident).Name)
				}
			}
			return false
		})
	}
	slices.Sort(cases)
	kinds := slices.Sorted(maps.Keys(bodies))
	if !slices.Equal(cases, kinds) {
		t.Errorf("the cases are\n%s\nthe kinds of event are\n%s", strings.Join(cases, " "), strings.Join(kinds, " "))
	}
}
