package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// TestARepeatedLineIsBoundedAndCounted: a fault that comes four times a second
// for a day takes some hundred lines, and a line of another device its own.
func TestARepeatedLineIsBoundedAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&boundedLines{w: &out}, nil))
		const comes = 24 * 3600 * 4
		for i := range comes {
			log.Warn("a printer is lost", "device", "atrio", "err", fmt.Errorf("try %d", i))
			if i%1000 == 999 {
				log.Info("another thing", "ticket", i) // never the same
			}
			time.Sleep(250 * time.Millisecond)
		}
		log.Warn("a printer is lost", "device", "sala", "err", errors.New("try"))
		time.Sleep(sameFor)
		synctest.Wait()
		told, counted := 0, 0
		for line := range strings.Lines(out.String()) {
			if !strings.Contains(line, "device=atrio") {
				continue
			}
			told++
			var n int
			if _, after, ok := strings.Cut(line, " again="); ok {
				if _, err := fmt.Sscanf(after, "%d\n", &n); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				counted += n
			} else {
				counted++
			}
		}
		if most := 6 * 24 * (sameLines + 1); told > most || told < most/2 {
			t.Errorf("told in %d lines, want about %d", told, most)
		}
		if counted != comes {
			t.Errorf("%d are told or counted of %d", counted, comes)
		}
		if n := strings.Count(out.String(), "another thing"); n != comes/1000 {
			t.Errorf("%d lines of another thing, want %d", n, comes/1000)
		}
		if n := strings.Count(out.String(), "device=sala"); n != 1 {
			t.Errorf("%d lines of another device", n)
		}
	})
}

func TestManyDifferentLinesAreAllTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := &boundedLines{w: &out}
		log := slog.New(slog.NewTextHandler(l, nil))
		for i := range 3 * linesKnown {
			log.Info("ticket", "n", i)
		}
		known := func() int {
			l.mu.Lock()
			defer l.mu.Unlock()
			return len(l.known)
		}
		if n := strings.Count(out.String(), "\n"); n != 3*linesKnown || known() > linesKnown {
			t.Errorf("%d lines, %d known", n, known())
		}
		time.Sleep(2 * sameFor)
		synctest.Wait()
		if n := known(); n != 0 {
			t.Errorf("%d lines are known for ever", n)
		}
	})
}

// TestLinesCarrySystemdsPriority runs the program as systemd would, with its
// journal at standard error, and reads the first characters of each line.
func TestLinesCarrySystemdsPriority(t *testing.T) {
	var out bytes.Buffer
	l := &boundedLines{w: &out, priority: true}
	log := slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
	log.Error("e")
	log.Warn("w")
	log.Info("i")
	log.Debug("d")
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, line[:3])
	}
	if s := strings.Join(got, ""); s != "<3><4><6><7>" {
		t.Errorf("the priorities are %s", s)
	}

	journal, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	var st unix.Stat_t
	if err := unix.Fstat(int(journal.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	run := func(stream string) string {
		t.Helper()
		if err := errors.Join(journal.Truncate(0), seekStart(journal)); err != nil {
			t.Fatal(err)
		}
		empty := t.TempDir()
		c := programCommand(t.Context(), "restore", "--from", empty, "--data", empty)
		c.Env = append(c.Env, "JOURNAL_STREAM="+stream)
		c.Stderr = journal
		var exit *exec.ExitError
		if err := c.Run(); !errors.As(err, &exit) {
			t.Fatalf("a restore of nothing: %v", err)
		}
		b, err := os.ReadFile(journal.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if text := run(fmt.Sprintf("%d:%d", st.Dev, st.Ino)); !strings.HasPrefix(text, "<3>eliminacode: ") || !strings.Contains(text, "holds no journal") {
		t.Errorf("under systemd: %s", text)
	}
	if text := run("1:1"); !strings.HasPrefix(text, "eliminacode: ") {
		t.Errorf("elsewhere: %s", text)
	}
}

func seekStart(f *os.File) error {
	_, err := f.Seek(0, 0)
	return err
}

// TestADeviceThatFlapsIsBounded: a noisy cable gives a printer other faults all
// the time, which are one thing that repeats.
func TestADeviceThatFlapsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&boundedLines{w: &out}, nil))
		for i := range 600 {
			log.Warn("printer status", "device", "atrio", "state", "stopped", "faults", fmt.Sprint("fault-", i%23))
			time.Sleep(time.Second)
		}
		time.Sleep(sameFor)
		synctest.Wait()
		if n := strings.Count(out.String(), "\n"); n < sameLines || n > 3*sameLines {
			t.Errorf("ten minutes write %d lines:\n%s", n, out.String())
		}
	})
}
