package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// failing runs the program, which must fail within the time, and returns all
// that it said.
func failing(t *testing.T, within time.Duration, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	out, err := programCommand(ctx, args...).CombinedOutput()
	var exit *exec.ExitError
	if ctx.Err() != nil || !errors.As(err, &exit) {
		t.Fatalf("eliminacode %s: %v, want a failure within %v\n%s", strings.Join(args, " "), err, within, out)
	}
	return string(out)
}

func says(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q: %s", what, w, text)
		}
	}
}

func startServe(t *testing.T, data string) *served {
	return startProgram(t, programCommand(t.Context(), "serve", "--data", data, "--office", alwaysOpen(t, t.TempDir()), "--listen", "127.0.0.1:0"))
}

// TestBesideADaemon asks a running daemon from the command line, and keeps a
// second daemon off its data and its port.
func TestBesideADaemon(t *testing.T) {
	data := filepath.Join(t.TempDir(), strings.Repeat("a-rather-long-folder-name-", 4), "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	d := startServe(t, data)
	defer d.stop(t)
	if _, status, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/reception/issue", map[string]string{"service": "cie", "outlet": "accoglienza"}); status != http.StatusCreated {
		t.Fatalf("issuing: status %d, %v", status, err)
	}
	says(t, "journal verify", runProgram(t, "journal", "verify", "--data", data), "OK:")
	says(t, "journal dump", runProgram(t, "journal", "dump", "--data", data), `"kind":"TicketIssued"`)
	today := time.Now()
	report := runProgram(t, "report", "--data", data, "--from", today.AddDate(0, 0, -1).Format(time.DateOnly), "--to", today.AddDate(0, 0, 1).Format(time.DateOnly), "--format", "json")
	says(t, "report", report, `"visits":1`)
	shown := runProgram(t, "office", "show", "--data", data)
	says(t, "office show", shown, "Comune di Prova", `id = "cie"`)
	another := filepath.Join(t.TempDir(), "office.toml")
	writeFile(t, another, strings.Replace(shown, "Comune di Prova", "Comune di Poi", 1))
	says(t, "office change", runProgram(t, "office", "change", another, "--data", data), "is changed")
	says(t, "office show after the change", runProgram(t, "office", "show", "--data", data), "Comune di Poi")
	writeFile(t, another, strings.Replace(shown, `series = "B"`, `series = "Z"`, 1))
	says(t, "a change to a series that is not there", failing(t, 30*time.Second, "office", "change", another, "--data", data), "office.toml:", `"Z"`)
	copied := filepath.Join(t.TempDir(), "copy")
	says(t, "journal backup", runProgram(t, "journal", "backup", "--data", data, "--to", copied), "is copied")
	says(t, "a second backup to the same place", failing(t, 30*time.Second, "journal", "backup", "--data", data, "--to", copied), "exists")
	says(t, "check", runProgram(t, "check", "--data", data), "a daemon runs on this data folder")

	says(t, "a second daemon on the data", failing(t, 30*time.Second, "serve", "--data", data, "--listen", "127.0.0.1:0"), "in use", "another eliminacode")
	taken := strings.TrimPrefix(d.address, "http://")
	says(t, "a daemon on a taken port", failing(t, 30*time.Second, "serve", "--data", t.TempDir(), "--listen", taken), taken+" is taken", "--listen")
	says(t, "a demonstration on a taken port", failing(t, 30*time.Second, "demo", "--listen", taken), "is taken")
}

// TestALockIsNotWaitedFor opens a journal that a program holds which answers
// nobody.
func TestALockIsNotWaitedFor(t *testing.T) {
	data := t.TempDir()
	d := startServe(t, data)
	if err := os.Remove(filepath.Join(data, controlName)); err != nil {
		t.Fatal(err)
	}
	says(t, "journal verify", failing(t, 20*time.Second, "journal", "verify", "--data", data), "in use")
	d.stop(t)
}

// TestAFlippedByteIsFound changes one byte of a record and asks every command
// that reads it.
func TestAFlippedByteIsFound(t *testing.T) {
	data := t.TempDir()
	d := startServe(t, data)
	if _, _, err := post(t.Context(), http.DefaultClient, d.address+"/api/v1/reception/issue", map[string]string{"service": "cie", "outlet": "accoglienza", "request": "find-me"}); err != nil {
		t.Fatal(err)
	}
	d.stop(t)
	files, err := filepath.Glob(filepath.Join(journalDir(data), "journal-*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the journal is %v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	// Older copies of the page may lie about; the record is in all of them.
	damaged := bytes.ReplaceAll(b, []byte("find-me"), []byte("find-mE"))
	if bytes.Equal(b, damaged) {
		t.Fatal("the record is not in the file")
	}
	if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, "journal verify", failing(t, 30*time.Second, "journal", "verify", "--data", data), "damaged", filepath.Base(files[0]), "backup")
	out := failing(t, 30*time.Second, "journal", "verify", "--data", data, "--json")
	var verdict struct{ OK bool }
	if err := json.Unmarshal([]byte(out), &verdict); err != nil || verdict.OK {
		t.Errorf("the verdict as JSON is %s, %v", out, err)
	}
	says(t, "check", failing(t, 30*time.Second, "check", "--data", data, "--listen", "127.0.0.1:0"), "FAIL  journal")
}

// TestFullDisk fills the disk under a running daemon: commands are refused in
// words, nothing is lost, and it goes on when there is room again.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("COULD NOT RUN: a small disk needs root to be mounted")
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("COULD NOT RUN: mounting a small disk: %v", err)
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	data := filepath.Join(disk, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	d := startServe(t, data)
	issue := func(request string) (acknowledgement, int, string) {
		body, _ := json.Marshal(map[string]string{"service": "cie", "outlet": "accoglienza", "request": request})
		resp, err := http.Post(d.address+"/api/v1/reception/issue", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%v\n%s", err, d.log)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var a acknowledgement
		_ = json.Unmarshal(answer, &a)
		return a, resp.StatusCode, string(answer)
	}
	if _, status, answer := issue("before"); status != http.StatusCreated {
		t.Fatalf("on an empty disk: %d %s", status, answer)
	}
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 16<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
	given, refused := 1, false
	for i := range 4000 {
		_, status, answer := issue(fmt.Sprint("full", i))
		if status == http.StatusCreated {
			given++ // the file still had room of its own
			continue
		}
		says(t, "the refusal", answer, "disco", "tecnico", "not-stored")
		if status != http.StatusServiceUnavailable {
			t.Errorf("the refusal has status %d", status)
		}
		refused = true
		break
	}
	if !refused {
		t.Fatal("the disk never became full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a, status, answer := issue("after")
	if status != http.StatusCreated || a.Ticket.Number != fmt.Sprintf("B%03d", given+1) {
		t.Errorf("with room again: %d %s, want B%03d", status, answer, given+1)
	}
	d.stop(t)
	says(t, "journal verify", runProgram(t, "journal", "verify", "--data", data), "OK:")
}
