package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/view"
)

// asks calls the API as the technician does.
func (d *served) asks(t *testing.T, method, path string) (status int, body []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, d.address+path, nil)
	if err == nil {
		err = lettered(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%v\n%s", err, d.log)
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// TestTheTechniciansPageTellsOfARealBox: the whole program with a printer and a
// keypad that are not plugged in, whose settings change while it runs and whose
// journal is copied.
func TestTheTechniciansPageTellsOfARealBox(t *testing.T) {
	dir := t.TempDir()
	box, data := filepath.Join(dir, "box.toml"), filepath.Join(dir, "data")
	port, pad := filepath.Join(dir, "no-printer"), filepath.Join(dir, "no-keypad")
	wired := fmt.Sprintf("schema = 1\n[data]\ndir = %q\n[[printer]]\nname = \"atrio\"\nport = %q\noutlet = \"pulsantiera\"\n[[keypad]]\nname = \"sportello-1\"\npath = %q\ndesk = \"s1\"\n", data, port, pad)
	writeFile(t, box, wired)
	d := startBox(t, "--config", box)
	defer d.stop(t)

	told := func() (b view.Box) {
		t.Helper()
		status, body := d.asks(t, http.MethodGet, "/api/v1/technician")
		if err := json.Unmarshal(body, &b); err != nil || status != http.StatusOK {
			t.Fatalf("%d %v %s", status, err, body)
		}
		return b
	}
	b := told()
	for i, want := range []view.Wire{{Type: "printer", Name: "atrio", Place: port, Profile: "generic-80"}, {Type: "keypad", Name: "sportello-1", Place: pad, Desk: "1"}} {
		if i >= len(b.Wires) {
			t.Fatalf("%d wires", len(b.Wires))
		}
		got := b.Wires[i]
		if got.Type != want.Type || got.Name != want.Name || got.Place != want.Place || got.There != "" || got.Profile != want.Profile || want.Desk != "" && got.Desk != want.Desk || got.Words == "" {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	for end := time.Now().Add(time.Minute); len(told().Wires[0].Log) == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the printer that is not there has no line of log")
		}
	}
	if b.Settings.File != box || b.Settings.Schema != 1 || b.Settings.Newer || b.Program != buildVersion() || b.Copy != nil || b.Check != nil {
		t.Errorf("%+v", b)
	}

	status, body := d.asks(t, http.MethodPost, "/api/v1/technician/check")
	var found view.Checked
	if err := json.Unmarshal(body, &found); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s", status, err, body)
	}
	parts := map[string]view.Found{}
	for _, f := range found.Parts {
		parts[f.Code] = f
	}
	if parts["settings"].State != stateOK || parts["pages"].State != stateOK || parts["printer"].State != stateFail || parts["printer"].Part != "stampante atrio" || !strings.Contains(parts["printer"].Found, port) {
		t.Errorf("the check says %s", body)
	}
	if _, there := parts["journal"]; there {
		t.Error("a page has the whole journal read")
	}

	stick := filepath.Join(dir, "stick")
	runProgram(t, "journal", "backup", "--config", box, "--to", stick)
	writeFile(t, box, wired+"# changed\n")
	if err := os.Chtimes(box, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	b = told()
	if b.Copy == nil || b.Copy.Folder != stick || time.Since(time.UnixMilli(b.Copy.AtMs)).Abs() > time.Hour {
		t.Errorf("the copy: %+v", b.Copy)
	}
	if !b.Settings.Newer || b.Check == nil || len(b.Check.Parts) != len(found.Parts) {
		t.Errorf("%+v", b)
	}
	says(t, "the page", d.page(t, "/responsabile/tecnico"), port, "atrio", stick, "stampante atrio", "non c'è", "Il file è cambiato", buildVersion())
}

// A copy that is made while no daemon runs is known at the next start.
func TestACopyWithoutADaemonIsNoted(t *testing.T) {
	data, stick := t.TempDir(), filepath.Join(t.TempDir(), "stick")
	startBox(t, "--data", data).stop(t)
	runProgram(t, "journal", "backup", "--data", data, "--to", stick)
	made, err := lastCopy(data, lastCopyName)
	if err != nil || made == nil || made.Folder != stick {
		t.Errorf("%+v %v", made, err)
	}
}

// The note of a copy is read for ever; a damaged one says what to do.
func TestTheNoteOfTheLastCopyIsReadForEver(t *testing.T) {
	made, err := lastCopy(filepath.Join("testdata", "copied"), lastCopyName)
	if err != nil || made == nil || *made != (view.CopyMade{AtMs: 1795510800000, Folder: "/media/stick/journal"}) {
		t.Errorf("%+v %v", made, err)
	}
	if made, err := lastCopy(t.TempDir(), lastCopyName); made != nil || err != nil {
		t.Errorf("where no copy was made: %+v %v", made, err)
	}
	data := t.TempDir()
	for _, text := range []string{"", "half", `{"at_ms":0,"folder":"/x"}`, `{"at_ms":1}`} {
		writeFile(t, filepath.Join(data, lastCopyName), text)
		if made, err := lastCopy(data, lastCopyName); made != nil || err == nil || !strings.Contains(err.Error(), "make another copy") {
			t.Errorf("%q: %+v %v", text, made, err)
		}
	}
}

func FuzzCopyNote(f *testing.F) {
	f.Add([]byte(`{"at_ms":1795510800000,"folder":"/media/stick/journal"}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if made, err := parseCopyNote(text, lastCopyName); (made == nil) != (err != nil) || err == nil && (made.AtMs <= 0 || made.Folder == "") {
			t.Errorf("%+v %v", made, err)
		}
	})
}

// The ports and keypads that no setting names are told once each, by the path that
// stays when something else is plugged in.
func TestWhatIsPluggedInAndNotUsedIsTold(t *testing.T) {
	m := tree(t, map[string]string{
		"/dev/ttyUSB0": "", "/dev/ttyUSB1": "", "/dev/input/event3": "", "/dev/input/event4": "",
		"/dev/serial/by-path/usb-0:1.2": "-> ../../ttyUSB0", "/dev/serial/by-path/usb-0:1.4": "-> ../../ttyUSB1",
		"/dev/serial/by-id/usb-FTDI": "-> ../../ttyUSB1", "/dev/serial/by-id/usb-used": "-> ../../ttyUSB0",
		"/dev/input/by-path/usb-0:1.3-event-kbd": "-> ../event3", "/dev/input/by-path/usb-0:1.5-event-kbd": "-> ../event4",
	})
	look := technician{settings: settings(t, wired), machine: m}
	if got, want := look.spare(), []string{"/dev/serial/by-path/usb-0:1.4", "/dev/input/by-path/usb-0:1.5-event-kbd"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The log of devices keeps the last lines of each, whoever else writes, and hands
// every line on.
func TestTheLogOfDevicesIsKeptAndBounded(t *testing.T) {
	var out strings.Builder
	kept := &deviceLog{}
	log := slog.New(kept.over(slog.NewTextHandler(&out, nil)))
	log.Info("the office is set up")
	log.Debug("nobody wants to know", "device", "atrio")
	for i := range 100 {
		log.Info("printer is ready", "device", "atrio", "n", i)
	}
	log.With("device", "sportello-1").Warn("keypad lost", "err", strings.Repeat("è", 1000))
	atrio := kept.of("atrio")
	if len(atrio) != logKept || !strings.Contains(atrio[logKept-1], "n=99") || !strings.Contains(atrio[0], fmt.Sprint("n=", 100-logKept)) || strings.Contains(atrio[0], "device=") {
		t.Errorf("%q", atrio)
	}
	if pad := kept.of("sportello-1"); len(pad) != 1 || !strings.Contains(pad[0], "level=WARN") || len(pad[0]) > logLine+len("...") || !strings.HasSuffix(pad[0], "è...") {
		t.Errorf("%q", pad)
	}
	if n := strings.Count(out.String(), "\n"); n != 102 {
		t.Errorf("%d lines were handed on", n)
	}
	for i := range 2 * logDevices {
		log.Info("lost", "device", fmt.Sprint("device ", i))
	}
	if len(kept.lines) > logDevices {
		t.Errorf("%d devices are kept", len(kept.lines))
	}
}
