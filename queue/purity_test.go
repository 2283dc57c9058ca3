package queue

import (
	"go/ast"
	"go/token"
	"strconv"
	"testing"
)

// TestPure reads the package's own source: a core that cannot see a clock, a
// disk or another goroutine cannot depend on one.
func TestPure(t *testing.T) {
	allowed := map[string]bool{
		"bytes": true, "cmp": true, "encoding/json": true, "errors": true, "fmt": true, "iter": true, "maps": true,
		"reflect": true, "regexp": true, "slices": true, "strconv": true, "strings": true, "unicode": true, "unicode/utf8": true,
	}
	set, files := source(t)
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			at := func() token.Position { return set.Position(n.Pos()) }
			switch n := n.(type) {
			case *ast.ImportSpec:
				if path, _ := strconv.Unquote(n.Path.Value); !allowed[path] {
					t.Errorf("%v: imports %s", at(), path)
				}
			case *ast.GoStmt:
				t.Errorf("%v: starts a goroutine", at())
			case *ast.ChanType, *ast.SendStmt, *ast.SelectStmt:
				t.Errorf("%v: uses a channel", at())
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					t.Errorf("%v: receives from a channel", at())
				}
			case *ast.FuncDecl:
				if n.Name.Name == "init" {
					t.Errorf("%v: has an init", at())
				}
			}
			return true
		})
	}
}
