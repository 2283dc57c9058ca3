package private

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A damaged file is kept as it is under another name, twice in one second too, and the
// store begins anew beside it.
func TestADamagedFileIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	now := time.Date(2026, 11, 29, 12, 30, 0, 0, time.UTC)
	names := map[string]bool{}
	for n := byte(1); n <= 3; n++ {
		spoilt := bytes.Repeat([]byte{n}, 4096)
		must(t, os.WriteFile(path, spoilt, 0o600))
		if _, err := Open(path, Options{}); !errors.Is(err, ErrDamaged) {
			t.Fatalf("a damaged file: %v", err)
		}
		aside, err := SetAside(path, now)
		must(t, err)
		if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, spoilt) || filepath.Dir(aside) != filepath.Dir(path) || names[aside] {
			t.Errorf("it is kept as %s: %v", aside, err)
		}
		names[aside] = true
		s := openAt(t, path)
		if !s.NeedsFirst() {
			t.Error("the new one has somebody")
		}
		must(t, s.Close())
	}
	if !names[path+".damaged-2026-11-29-123000"] {
		t.Errorf("the names are %v", names)
	}
	if _, err := SetAside(filepath.Join(t.TempDir(), "none.db"), now); err == nil {
		t.Error("a file that is not there is set aside")
	}
}
