package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"eliminacode/display"
	"eliminacode/display/view"
	"eliminacode/queue/journal"
)

// aStick is a technician of a box with a journal and one stick at /media/stick, which
// has so many bytes free.
func aStick(t *testing.T, free *uint64) *technician {
	t.Helper()
	data := t.TempDir()
	d := startServe(t, data)
	d.issue(t, "one")
	d.stop(t)
	writeFile(t, filepath.Join(data, proceduresName), "the catalogue")
	a, err := openArchive(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	m := tree(t, map[string]string{"/media/stick/other": "", "/media/empty/x": "", "/mnt/x": ""})
	m.volume = func(path string) (volume, error) {
		v := volume{free: *free, device: "179:2"}
		if strings.HasPrefix(path, m.at("/media/stick")) {
			v.device = "8:1"
		}
		return v, nil
	}
	return &technician{machine: m, office: &office{data: data, archive: a.(*localArchive), log: slog.New(slog.DiscardHandler)}}
}

// evening is an office time at which it is yesterday still elsewhere.
var evening = time.Date(2026, 11, 24, 0, 30, 5, 0, time.FixedZone("here", 3600))

// TestACopyIsMadeOnAStick: whole, with what lies beside the journal, known as the last
// copy, and such as a box without an office finds; a second one stands beside it.
func TestACopyIsMadeOnAStick(t *testing.T) {
	free := uint64(1 << 40)
	look := aStick(t, &free)
	places := look.machine.copyPlaces(look.office.data)
	if len(places) != 1 || places[0].Folder != "/media/stick" || places[0].FreeBytes != free {
		t.Fatalf("the places are %+v", places)
	}
	for n := range 2 {
		made, err := look.MakeCopy(t.Context(), places[0].ID, "p1", evening)
		if err != nil || !strings.HasPrefix(made.Folder, "/media/stick/eliminacode-2026-11-24-003005") {
			t.Fatalf("%+v, %v", made, err)
		}
		at := look.machine.at(made.Folder)
		j, err := openJournal(at)
		if err != nil {
			t.Fatal(err)
		}
		v, err := j.Verify(t.Context())
		if err = errors.Join(err, j.Close()); err != nil || v.Events == 0 {
			t.Errorf("%+v, %v", v, err)
		}
		if beside, err := os.ReadFile(filepath.Join(at, journal.Beside, proceduresName)); err != nil || string(beside) != "the catalogue" {
			t.Errorf("beside it is %q, %v", beside, err)
		}
		if last, err := lastCopy(look.office.data, lastCopyName); err != nil || last == nil || *last != made || last.Who != "p1" {
			t.Errorf("the last copy is %+v, %v", last, err)
		}
		found := &copies{data: t.TempDir(), machine: look.machine}
		if all := found.Copies(t.Context()); len(all) != n+1 {
			t.Errorf("a box without an office finds %+v", all)
		}
	}
}

// TestACopyIsRefusedAndLeavesNothing: on a full stick, on one that takes nothing, at a
// place that is gone and while another one is made.
func TestACopyIsRefusedAndLeavesNothing(t *testing.T) {
	free := uint64(1 << 40)
	look := aStick(t, &free)
	stick := look.machine.copyPlaces(look.office.data)[0].ID
	refused := func(what, place string, want error) {
		t.Helper()
		if made, err := look.MakeCopy(t.Context(), place, "", evening); !errors.Is(err, want) || made.Folder != "" {
			t.Errorf("%s: %+v, %v", what, made, err)
		}
		left, _ := os.ReadDir(look.machine.at("/media/stick"))
		last, err := lastCopy(look.office.data, lastCopyName)
		if len(left) != 1 || last != nil || err != nil {
			t.Errorf("%s leaves %v, and %+v, %v", what, left, last, err)
		}
	}
	refused("a place that is not there", "../etc", display.ErrNoPlace)
	size, err := sizeBelow(journalDir(look.office.data))
	if err != nil || size == 0 {
		t.Fatalf("the journal has %d bytes, %v", size, err)
	}
	free = size
	refused("a full stick", stick, display.ErrPlaceFull)
	free = 1 << 40
	look.copying.Lock()
	refused("while another is made", stick, display.ErrCopying)
	if err := look.WriteCopy(t.Context(), io.Discard, ""); !errors.Is(err, display.ErrCopying) {
		t.Errorf("a file while another is made: %v", err)
	}
	look.copying.Unlock()
	hangup, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := look.MakeCopy(hangup, stick, "", evening); err == nil {
		t.Error("a copy is made for who has hung up")
	}
	if left, _ := os.ReadDir(look.machine.at("/media/stick")); len(left) != 1 {
		t.Errorf("who hung up leaves %v", left)
	}
	for cause, want := range map[error]error{
		&os.PathError{Err: syscall.ENOSPC}: display.ErrPlaceFull, &os.PathError{Err: syscall.EDQUOT}: display.ErrPlaceFull, journal.ErrFull: display.ErrPlaceFull,
		&os.PathError{Err: syscall.EROFS}: display.ErrPlaceClosed, &os.PathError{Err: syscall.EACCES}: display.ErrPlaceClosed,
		&os.PathError{Err: syscall.EIO}: display.ErrCopyFailed, journal.ErrDamaged: display.ErrCopyFailed, context.Canceled: context.Canceled,
	} {
		if err := notCopied(cause); !errors.Is(err, want) {
			t.Errorf("%v is told as %v", cause, err)
		}
	}
}

// TestACopyAsAFileIsOneThatABoxTakes: what a browser downloads is what a box without an
// office takes.
func TestACopyAsAFileIsOneThatABoxTakes(t *testing.T) {
	free := uint64(1 << 40)
	look := aStick(t, &free)
	var file bytes.Buffer
	fetched := func() *view.CopyMade {
		t.Helper()
		made, err := lastCopy(look.office.data, lastFetchedName)
		if other, err2 := lastCopy(look.office.data, lastCopyName); err != nil || err2 != nil || other != nil {
			t.Errorf("%v, %+v, %v", err, other, err2)
		}
		return made
	}
	if err := look.WriteCopy(t.Context(), brokenPipe{}, "p1"); err == nil || fetched() != nil {
		t.Errorf("one that broke off is told as %+v, %v", fetched(), err)
	}
	if err := look.WriteCopy(t.Context(), &file, "p1"); err != nil {
		t.Fatal(err)
	}
	if made := fetched(); made == nil || made.Who != "p1" || made.AtMs == 0 {
		t.Errorf("after it the box knows of %+v", made)
	}
	taker := &copies{data: t.TempDir(), machine: look.machine, taking: make(chan struct{}, 1)}
	whole := bytes.Clone(file.Bytes())
	if err := taker.Take(t.Context(), &file); err != nil {
		t.Error(err)
	}
	if err := taker.Take(t.Context(), bytes.NewReader(whole[:len(whole)/2])); !errors.Is(err, display.ErrBadCopy) {
		t.Errorf("half of it: %v", err)
	}
}

// A brokenPipe is a browser that has gone.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }
