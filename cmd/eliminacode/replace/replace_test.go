package replace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// A disk that takes nothing is told apart from a folder where nobody may write.
func TestADiskThatTakesNothingIsTold(t *testing.T) {
	for _, disk := range []error{unix.ENOSPC, unix.EDQUOT, unix.EROFS, unix.EIO} {
		if err := failed("x", &os.PathError{Op: "write", Path: "x", Err: disk}); !errors.Is(err, queue.ErrNotStored) || !errors.Is(err, disk) {
			t.Errorf("%v is told as %v", disk, err)
		}
	}
	if err := failed("x", os.ErrPermission); errors.Is(err, queue.ErrNotStored) {
		t.Errorf("a folder where nobody may write is told as %v", err)
	}
}

func TestFileIsReplacedAsAWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	// What a power cut may have left.
	if err := os.WriteFile(path+".tmp", []byte("half of an earlier one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a first one", "two"} {
		if err := File(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("%q, %v", b, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(path + ".tmp"); err == nil {
		t.Error("the temporary file is left")
	}
}

func TestWhatCannotBeWrittenLeavesTheOldFileAndSaysWhatToDo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	if err := File(filepath.Join(folder, "file"), nil); err == nil || !strings.Contains(err.Error(), "; look at the room") {
		t.Error(err)
	}
	// A folder that is not empty cannot be replaced by a file.
	path := filepath.Join(t.TempDir(), "file")
	if err := os.MkdirAll(filepath.Join(path, "below"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := File(path, []byte("new")); err == nil {
		t.Error("a folder is replaced")
	}
	if _, err := os.Stat(path + ".tmp"); err == nil {
		t.Error("the temporary file is left")
	}
}
