package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"eliminacode/queue/words"
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
	t.Helper()
	return startBox(t, "--data", data, "--office", alwaysOpen(t, t.TempDir()))
}

// TestBesideADaemon asks a running daemon from the command line, and keeps a
// second daemon off its data and its port.
func TestBesideADaemon(t *testing.T) {
	t.Parallel() // it waits more than it works
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
	says(t, "check", runProgram(t, "check", "--data", data), "a daemon runs on this data folder; "+d.address)

	says(t, "a second daemon on the data", failing(t, 30*time.Second, "serve", "--data", data, "--listen", "127.0.0.1:0"), "in use", "another eliminacode")
	taken := strings.TrimPrefix(d.address, "http://")
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

// smallDisk is a data folder on a file system of six megabytes, and what fills
// the rest of it.
func smallDisk(t *testing.T) (data, ballast string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("COULD NOT RUN: a small disk needs root to be mounted")
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("COULD NOT RUN: mounting a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	data = filepath.Join(disk, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	return data, filepath.Join(disk, "ballast")
}

// issue asks for a ticket by a request's name, each from an address of its own:
// one alone is not given as many as fill a disk.
func (d *served) issue(t testing.TB, request string) (a acknowledgement, status int, answer string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"service": "cie", "outlet": "accoglienza", "request": request})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.address+"/api/v1/reception/issue", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	n := issued.Add(1)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", n>>8&255, n&255))
	r.Header.Set("X-Forwarded-Proto", "https")
	if err := lettered(r); err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%v\n%s", err, d.log)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(b, &a)
	return a, resp.StatusCode, string(b)
}

// issued counts the tickets that were asked for.
var issued atomic.Int64

// fill fills the disk and issues until the first refusal; it answers how many
// tickets there was room for.
func (d *served) fill(t *testing.T, ballast string) (given int) {
	t.Helper()
	// The token of the test is made while there is room for it.
	d.page(t, "/accoglienza")
	if err := os.WriteFile(ballast, make([]byte, 16<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
	for i := range 4000 {
		_, status, answer := d.issue(t, fmt.Sprint("full", i))
		if status == http.StatusCreated {
			given++ // the file still had room of its own
			continue
		}
		says(t, "the refusal", answer, "disco", "tecnico", "not-stored")
		if status != http.StatusServiceUnavailable {
			t.Errorf("the refusal has status %d", status)
		}
		return given
	}
	t.Fatal("the disk never became full")
	return 0
}

// page is what a page says.
func (d *served) page(t *testing.T, path string) string {
	t.Helper()
	status, b := d.asks(t, http.MethodGet, path)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d\n%s", path, status, b)
	}
	return html.UnescapeString(string(b))
}

// TestFullDisk fills the disk under a running daemon: commands are refused in
// words, nothing is lost, and it goes on when there is room again.
func TestFullDisk(t *testing.T) {
	data, ballast := smallDisk(t)
	d := startServe(t, data)
	if _, status, answer := d.issue(t, "before"); status != http.StatusCreated {
		t.Fatalf("on an empty disk: %d %s", status, answer)
	}
	given := 1 + d.fill(t, ballast)
	says(t, "the reception's page", d.page(t, "/accoglienza"), words.In("").Alarm(words.AlarmNotStored).What)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a, status, answer := d.issue(t, "after")
	if status != http.StatusCreated || a.Ticket.Number != fmt.Sprintf("B%03d", given+1) {
		t.Errorf("with room again: %d %s, want B%03d", status, answer, given+1)
	}
	d.stop(t)
	if n := strings.Count(d.log.String(), "refused to write"); n != 1 {
		t.Errorf("the full disk is told %d times in the log:\n%s", n, d.log)
	}
	says(t, "journal verify", runProgram(t, "journal", "verify", "--data", data), "OK:")
}

// TestAFullDiskAtStart starts a daemon on a disk that takes nothing: pages and
// reports come up and say so, and the first ticket after it has its number.
func TestAFullDiskAtStart(t *testing.T) {
	data, ballast := smallDisk(t)
	d := startServe(t, data)
	for _, page := range []string{"/tabellone", "/cruscotto"} {
		d.page(t, page) // makes the token of the test for it while there is room
	}
	given := d.fill(t, ballast)
	d.stop(t)
	d = startServe(t, data)
	says(t, "the board", d.page(t, "/tabellone"), "Tabellone")
	says(t, "the totem", d.page(t, "/totem"), words.In("").Halted())
	for _, page := range []string{"/accoglienza", "/cruscotto", "/responsabile", "/responsabile/attese"} {
		says(t, page, d.page(t, page), words.In("").Alarm(words.AlarmNotStored).Do)
	}
	tomorrow := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	report := runProgram(t, "report", "--data", data, "--from", "2026-01-01", "--to", tomorrow, "--format", "json")
	says(t, "report", report, fmt.Sprintf(`"visits":%d`, given))
	if _, status, answer := d.issue(t, "too-soon"); status != http.StatusServiceUnavailable {
		t.Errorf("a ticket on a full disk: %d %s", status, answer)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a, status, answer := d.issue(t, "after")
	if status != http.StatusCreated || a.Ticket.Number != fmt.Sprintf("B%03d", given+1) {
		t.Errorf("with room again: %d %s, want B%03d", status, answer, given+1)
	}
	if strings.Contains(d.page(t, "/accoglienza"), words.In("").Alarm(words.AlarmNotStored).What) {
		t.Error("the pages still tell of a full disk")
	}
	d.stop(t)
	says(t, "journal verify", runProgram(t, "journal", "verify", "--data", data), "OK:")
}
