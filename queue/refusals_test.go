package queue

import (
	"errors"
	"go/ast"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// mayRefuse tells that a command of a kind may be refused with an error.
func mayRefuse(c Command, err error) bool {
	return slices.ContainsFunc(Refusals(c), func(known error) bool { return errors.Is(err, known) })
}

// TestRefusalsAreThoseOfTheSource reads the package's own source: a command is said to be
// refused with just those errors that its decide reaches, itself or by what it calls.
// What holds for every command, or while the office is suspended or the calls are
// stopped, is not decide's; TestAnyDay finds what is missing of that.
func TestRefusalsAreThoseOfTheSource(t *testing.T) {
	set, files := source(t)
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}, Importer: nobody{}}
	pkg, _ := config.Check("queue", set, files, info)
	uses := map[types.Object][]types.Object{}
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			of := info.Defs[f.Name]
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					// What is compared with is not answered.
					to, ok := n.Fun.(*ast.SelectorExpr)
					return !ok || to.Sel.Name != "Is"
				case *ast.Ident:
					if used := info.Uses[n]; used != nil {
						uses[of] = append(uses[of], used)
					}
				}
				return true
			})
		}
	}
	byOthers := []string{"ErrBadCommand", "ErrSuspended", "ErrCallsStopped"}
	kinds := 0
	for of := range uses {
		f, ok := of.(*types.Func)
		if !ok || f.Name() != "decide" || f.Signature().Recv() == nil {
			continue
		}
		kind, ok := f.Signature().Recv().Type().(*types.Named)
		if !ok {
			continue // a decision decides for all of them
		}
		kinds++
		reached, seen := map[string]bool{}, map[types.Object]bool{}
		var walk func(types.Object)
		walk = func(x types.Object) {
			if seen[x] {
				return
			}
			seen[x] = true
			for _, used := range uses[x] {
				switch used := used.(type) {
				case *types.Var:
					if used.Parent() == pkg.Scope() && strings.HasPrefix(used.Name(), "Err") {
						reached[used.Name()] = true
					}
				case *types.Func:
					walk(used)
				}
			}
		}
		walk(of)
		for _, name := range byOthers {
			delete(reached, name)
		}
		if want, got := slices.Sorted(maps.Keys(reached)), saidOf(t, files, kind.Obj().Name(), byOthers); !slices.Equal(got, want) {
			t.Errorf("%s is said to be refused with %v, and its source has %v", kind.Obj().Name(), got, want)
		}
	}
	if kinds < 40 {
		t.Errorf("only %d kinds of command were found", kinds)
	}
	for kind := range ownRefusals {
		if kind.PkgPath() != reflect.TypeFor[State]().PkgPath() {
			t.Errorf("%v is no command", kind)
		}
	}
}

// saidOf are the names of the errors in ownRefusals of a kind of command.
func saidOf(t *testing.T, files []*ast.File, kind string, but []string) (names []string) {
	t.Helper()
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			row, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			call, ok := row.Key.(*ast.CallExpr)
			if !ok {
				return true
			}
			index, ok := call.Fun.(*ast.IndexExpr)
			if !ok || index.Index.(*ast.Ident).Name != kind {
				return true
			}
			for _, e := range row.Value.(*ast.CompositeLit).Elts {
				if name := e.(*ast.Ident).Name; !slices.Contains(but, name) {
					names = append(names, name)
				}
			}
			return false
		})
	}
	slices.Sort(names)
	return names
}
