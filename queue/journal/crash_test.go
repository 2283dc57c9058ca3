package journal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
)

// asNobody runs f on a thread without the rights of root.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The thread ends with the goroutine, and its lost rights with it.
		runtime.LockOSThread()
		if err := unix.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		f()
	}()
	<-done
}

const crashFolder = "JOURNAL_TEST_CRASH_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashFolder); dir != "" {
		appendUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// appendUntilKilled appends for as long as it may, begins a month every few
// tickets, and says what was acknowledged.
func appendUntilKilled(dir string) {
	j, err := Open(dir, Options{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	seq, _ := j.Last()
	s := &script{seq: seq}
	today, err := collected(j.Today())
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	for _, e := range today {
		if d, ok := e.Body.(queue.DayOpened); ok {
			s.day = d.Day
		}
	}
	for i := 0; ; i++ {
		var events []queue.Event
		if i%8 == 0 {
			date := time.Date(2026, time.Month(1+s.day), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			events = append(events, s.open(date)...)
		}
		events = append(events, s.issue(), s.issue())
		if err := j.Append(events); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(s.seq)
	}
}

// Whenever the process is killed, what it acknowledged is there, whole.
func TestKilledAtAnyMoment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	rounds := 20
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashFolder+"="+dir)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		r := bufio.NewScanner(out)
		acked := uint64(0)
		for r.Scan() {
			n, err := strconv.ParseUint(r.Text(), 10, 64)
			if err != nil {
				t.Fatalf("the child says %q", r.Text())
			}
			if acked == 0 {
				time.AfterFunc(time.Duration(2+5*round)*time.Millisecond, func() { cmd.Process.Kill() })
			}
			acked = n
		}
		_ = cmd.Wait()
		_, _ = io.Copy(io.Discard, out)

		// A reader sees the same as the next writer, and mends nothing.
		reader := mustOpen(t, dir, Options{ReadOnly: true})
		seen, seenHash := reader.Last()
		if round%4 == 3 {
			_, err = reader.Verify(context.Background())
			must(t, err)
		}
		reader.Close()
		j := mustOpen(t, dir, Options{})
		stored, hash := j.Last()
		if stored < acked || stored != seen || hash != seenHash {
			t.Fatalf("acknowledged %d, a reader sees %d, stored %d", acked, seen, stored)
		}
		j.Close()
	}
	v, err := verified(dir)
	must(t, err)
	if v.Files < 2 {
		t.Fatalf("only %d files: no rotation was killed", v.Files)
	}
	t.Logf("%d events in %d files after %d kills", v.Events, v.Files, rounds)
}

// The power may go between any two steps of a rotation: both halves of the
// Append are there afterwards, or neither.
func TestARotationIsWholeOrNothing(t *testing.T) {
	for step, name := range []string{"prepared", "pivoted", "published", "unfinished"} {
		t.Run(name, func(t *testing.T) {
			j, s, want := begun(t)
			batch := append(s.open("2026-12-01"), s.issue())
			records, to, err := j.encodeAll(batch, j.head)
			must(t, err)
			middle := head{records[0].seq, hashOf(records[0].value)}
			next, err := j.prepare(records[1:], middle, to)
			must(t, err)
			if name == "pivoted" || name == "published" {
				must(t, j.live.commit(records[:1], middle))
				want = append(want, batch...)
			}
			if name == "published" {
				must(t, j.publish(next.meta))
			}
			<-next.retire()
			must(t, j.Close())
			if name == "unfinished" {
				must(t, os.Truncate(filepath.Join(j.dir, nextName), 2*pageBytes))
			}
			for _, o := range []Options{{ReadOnly: true}, {}, {}} {
				k := mustOpen(t, j.dir, o)
				same(t, all(t, k), want)
				if _, err := k.Verify(context.Background()); err != nil {
					t.Fatal(err)
				}
				k.Close()
			}
			if _, err := os.Stat(filepath.Join(j.dir, nextName)); err == nil {
				t.Fatalf("step %d left %s behind", step, nextName)
			}
		})
	}
}
