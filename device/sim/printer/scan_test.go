package printer_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"eliminacode/device/sim/printer"
)

// scan lets a foreign reader look at a paper, where there is one.
func scan(t *testing.T, k printer.Ticket, want ...string) {
	t.Helper()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Log("NOT SCANNED by a foreign reader: zbarimg is not installed (package zbar-tools)")
		return
	}
	file := filepath.Join(t.TempDir(), "paper.png")
	if err := os.WriteFile(file, k.PNG, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), reader, "--quiet", file).Output()
	if err != nil {
		t.Errorf("zbarimg: %v", err)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("zbarimg reads %q instead of %q", got, want)
	}
}
