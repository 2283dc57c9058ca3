package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestSynced watches the daemon's system calls: every acknowledgement must
// follow a completed sync of its record. A SIGKILL cannot see a missing sync,
// since the kernel keeps what was written. The same watch over a journal that
// does not sync must object, or it would prove nothing.
func TestSynced(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("COULD NOT RUN: strace is not installed (apt-get install strace)")
	}
	t.Run("as shipped", func(t *testing.T) {
		late, acknowledged := watched(t, strace, false)
		if len(late) > 0 {
			t.Errorf("%d of %d acknowledgements came before their record was on disk: %v", len(late), acknowledged, late)
		}
	})
	t.Run("without syncs the watch objects", func(t *testing.T) {
		late, acknowledged := watched(t, strace, true)
		if len(late) != acknowledged {
			t.Errorf("the watch objected to %d of %d acknowledgements of a journal that never syncs", len(late), acknowledged)
		}
	})
}

const watchedTickets = 40

// watched issues tickets at a daemon under strace, and lists those that were
// acknowledged too early.
func watched(t *testing.T, strace string, noSync bool) (late []string, acknowledged int) {
	t.Helper()
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	prepareBox(t, "--data", filepath.Join(dir, "data"), "--office", alwaysOpen(t, dir))
	program := programCommand(t.Context(), "serve", "--data", filepath.Join(dir, "data"),
		"--office", alwaysOpen(t, dir), "--listen", "127.0.0.1:0")
	c := exec.CommandContext(t.Context(), strace, append([]string{
		"-f", "-qq", "-s", "200000", "-o", trace,
		"-e", "trace=pwrite64,pwritev,write,writev,sendto,fdatasync,fsync,msync", "--",
	}, program.Args...)...)
	c.Args[len(c.Args)-len(program.Args)] = program.Path
	c.Env = program.Env
	if noSync {
		c.Env = append(c.Env, withoutSyncing+"=1")
	}
	d := startProgram(t, c)
	client := &http.Client{Timeout: 20 * time.Second}
	var numbers []string
	for i := range watchedTickets {
		a, status, err := post(t.Context(), client, d.address+"/api/v1/reception/issue", map[string]string{
			"service": "anagrafe", "outlet": "accoglienza", "request": fmt.Sprintf("watched-%d-", i),
		})
		if err != nil || a.Ticket == nil {
			t.Fatalf("issue %d: status %d, %v\n%s", i, status, err, d.log)
		}
		numbers = append(numbers, a.Ticket.Number)
	}
	client.CloseIdleConnections()
	// strace keeps signals for itself: the daemon is its child.
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", d.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if d.pid, err = strconv.Atoi(strings.TrimSpace(string(children))); err != nil {
		t.Fatalf("strace has the children %q", children)
	}
	d.stop(t)
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	calls := readTrace(string(b))
	for i, number := range numbers {
		if why := calls.early(fmt.Sprintf("watched-%d-", i), number); why != "" {
			late = append(late, number+": "+why)
		}
	}
	return late, len(numbers)
}

// A systemCall is one line of the trace, or two when others came between: the
// places at which it began and ended.
type systemCall struct {
	name       string
	arguments  string
	began, end int
}

type trace []systemCall

var (
	wholeCall   = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += +\d+`)
	begunCall   = regexp.MustCompile(`^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$`)
	resumedCall = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*\) += +\d+`)
)

// readTrace puts the two halves of interrupted calls together. A call that
// failed is not among them.
func readTrace(text string) trace {
	var calls trace
	open := map[string]systemCall{}
	place := 0
	for line := range strings.Lines(text) {
		place++
		line = strings.TrimRight(line, "\n")
		if m := begunCall.FindStringSubmatch(line); m != nil {
			open[m[1]] = systemCall{name: m[2], arguments: m[3], began: place}
		} else if m := resumedCall.FindStringSubmatch(line); m != nil {
			c := open[m[1]]
			delete(open, m[1])
			c.end = place
			calls = append(calls, c)
		} else if m := wholeCall.FindStringSubmatch(line); m != nil {
			calls = append(calls, systemCall{name: m[2], arguments: m[3], began: place, end: place})
		}
	}
	return calls
}

// early says why an acknowledgement came before its record was on disk; empty
// when it did not.
func (calls trace) early(request, number string) string {
	written, file := 0, ""
	answered := 0
	for _, c := range calls {
		switch {
		case written == 0 && strings.HasPrefix(c.name, "pwrite") && strings.Contains(c.arguments, `\"request\":\"`+request):
			written = c.end
			file, _, _ = strings.Cut(c.arguments, ",")
		case answered == 0 && strings.Contains(c.arguments, "HTTP/1.1 201") && strings.Contains(c.arguments, `\"number\":\"`+number+`\"`):
			answered = c.began
		}
	}
	switch {
	case answered == 0:
		return "its answer is not in the trace"
	case written == 0:
		return "its record was never written"
	}
	for _, c := range calls {
		if (c.name == "fdatasync" || c.name == "fsync") && strings.TrimSpace(c.arguments) == file && c.began >= written && c.end <= answered {
			return ""
		}
	}
	return fmt.Sprintf("written at %d, answered at %d, and no sync of file %s between", written, answered, file)
}
