package main

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"eliminacode/display"
	"eliminacode/display/access/private"
	config "eliminacode/firmware-config"
)

// looseBox is a data folder whose private files others may read: as a copy is that was
// put back by hand.
func looseBox(t *testing.T) (data string, files []string) {
	t.Helper()
	data = t.TempDir()
	administered(t, data)
	s, err := private.Open(filepath.Join(data, privateName, "access.db"), cheap)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Account(1, "a.rossi"); err != nil { // the key of a day
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(data, privateName)
	if err := os.WriteFile(filepath.Join(dir, "own.pem"), []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		mode := fs.FileMode(0o644)
		if d.IsDir() {
			mode = 0o755
		}
		files = append(files, path)
		return os.Chmod(path, mode)
	}); err != nil {
		t.Fatal(err)
	}
	if len(files) < 4 {
		t.Fatalf("only %v are private; the test shows nothing", files)
	}
	return data, files
}

// TestCheckNamesWhatOthersMayRead: each private file, and the keys that stand elsewhere.
func TestCheckNamesWhatOthersMayRead(t *testing.T) {
	data, files := looseBox(t)
	s := config.Default()
	s.Data.Dir = data
	s.Web.Key, s.Web.OIDC.SecretFile = filepath.Join(data, "given.key"), filepath.Join(data, "secret")
	for file, mode := range map[string]fs.FileMode{s.Web.Key: 0o604, s.Web.OIDC.SecretFile: 0o640} {
		if err := os.WriteFile(file, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	said := lines(machine{}.private(s))
	for _, file := range append(files, s.Web.Key, "chmod -R go= ", "restart the service", "chmod o= ") {
		if !strings.Contains(said, file) {
			t.Errorf("check does not say %s:\n%s", file, said)
		}
	}
	if strings.Contains(said, s.Web.OIDC.SecretFile) || strings.Count(said, "WARN ") != 2 {
		t.Errorf("what only the service's group may read is told too:\n%s", said)
	}
	if _, err := closeLoose(data); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.Web.Key, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := lines(machine{}.private(s)); !strings.HasPrefix(said, "OK ") {
		t.Errorf("a closed folder is told as\n%s", said)
	}
	s.Data.Dir = filepath.Join(data, "none")
	if all := (machine{}).private(s); len(all) > 0 {
		t.Errorf("of a box that has no private folder yet it says %s", lines(all))
	}
}

// TestServeClosesPrivateFiles: at its start, whether the accounts can be read or not,
// and says it once.
func TestServeClosesPrivateFiles(t *testing.T) {
	for _, spoilt := range []bool{false, true} {
		data, files := looseBox(t)
		if spoilt {
			if err := os.WriteFile(filepath.Join(data, privateName, "access.db"), []byte("spoilt"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var log bytes.Buffer
		for range 2 {
			a := &app{data: data, log: slog.New(slog.NewTextHandler(&log, nil)), pages: display.Config{}}
			if err := a.admit(&office{})(); err != nil {
				t.Fatal(err)
			}
		}
		for _, file := range files {
			want := fs.FileMode(0o600)
			info, err := os.Stat(file)
			if err == nil && info.IsDir() {
				want = 0o700
			}
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("spoilt %v: %s has the rights %v (%v)", spoilt, file, info.Mode(), err)
			}
			if !strings.Contains(log.String(), file) {
				t.Errorf("spoilt %v: the log does not name %s", spoilt, file)
			}
		}
		if n := strings.Count(log.String(), "have none now"); n != 1 {
			t.Errorf("spoilt %v: it is said %d times:\n%s", spoilt, n, log.String())
		}
	}
}
