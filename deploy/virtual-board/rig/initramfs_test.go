package rig

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestInitramfs reads the archive back by the kernel's rules.
func TestInitramfs(t *testing.T) {
	dir := t.TempDir()
	module := filepath.Join(dir, "one.ko")
	if err := os.WriteFile(module, []byte("module"), 0o600); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(dir, "initramfs")
	if err := BuildInitramfs(archive, []Content{{Path: "/init", From: module}, {Path: "/etc/deep/file", Data: []byte("text")}}, []string{module}); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(readArchive(t, archive), " ")
	const want = "etc/ etc/deep/ modules/ dev/ dev/console init=module etc/deep/file=text modules/one.ko=module modules/order=one.ko\n"
	if got != want {
		t.Errorf("the archive has\n%s\nwant\n%s", got, want)
	}
	if err := BuildInitramfs(archive, []Content{{Path: "/init", From: filepath.Join(dir, "none")}}, nil); err == nil {
		t.Error("a file that is not there was packed")
	}
}

// readArchive names an archive's entries in order.
func readArchive(t *testing.T, path string) (entries []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	padded := func(n int) int { return (n + 3) &^ 3 }
	for {
		field := func(i int) int {
			n, err := strconv.ParseInt(string(b[6+8*i:14+8*i]), 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			return int(n)
		}
		const header = 110
		mode, size, name := field(1), field(6), field(11)
		entry := string(b[header : header+name-1])
		if entry == "TRAILER!!!" {
			return entries
		}
		data := b[padded(header+name):][:size]
		switch mode {
		case modeFolder:
			entry += "/"
		case modeProgram:
			entry += "=" + string(data)
		}
		entries = append(entries, entry)
		b = b[padded(padded(header+name)+size):]
	}
}
