package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"eliminacode/cmd/eliminacode/counters"
	"eliminacode/device"
)

// TestEveryFaultHasEnglishWords: each fault that a device may have is told to a
// technician in English, with what to do.
func TestEveryFaultHasEnglishWords(t *testing.T) {
	file, err := parser.ParseFile(gotoken.NewFileSet(), filepath.Join("..", "..", "device", "device.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Fault") || len(spec.Values) != 1 {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		what, do := health{Kind: "printer", Status: device.Status{State: device.StateLost, Faults: []device.Fault{device.Fault(code)}}}.inEnglish()
		if what == "" || do == "" || strings.Contains(what, code) && strings.Contains(what, "(") {
			t.Errorf("%s is told as %q -> %q", code, what, do)
		}
		return true
	})
	if found < 10 {
		t.Errorf("only %d faults were found in device.go", found)
	}
}

// TestDeviceListCountsWithoutADaemon: what earlier runs have counted is told
// although no daemon runs.
func TestDeviceListCountsWithoutADaemon(t *testing.T) {
	root, data := t.TempDir(), t.TempDir()
	settings := filepath.Join(root, "box.toml")
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+data+"\"\n[[printer]]\nname = \"atrio\"\nport = \"/dev/serial/by-path/none\"\noutlet = \"a\"\n")
	kept := counters.Open(filepath.Join(data, countersName), slog.New(slog.DiscardHandler))
	kept.Save([]device.Status{{Name: "atrio", Count: device.Counters{Printed: 1234, Failed: 5, PaperMM: 7_500}}})
	out, errs, _ := onMachine(root, "device", "list", "--config", settings)
	says(t, "device list", out+errs, "FAIL  printer atrio: not connected", "1234 printed, 5 not printed", "7.5 m of paper")
}
