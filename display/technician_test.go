package display

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue/words"
)

// A testBox is a box with a printer that is out of paper, a button and a keypad that
// is not plugged in.
type testBox struct {
	mu      sync.Mutex
	checked *view.Checked
	busy    bool
	copied  *view.CopyMade
}

var boxTime = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).UnixMilli()

func (b *testBox) Box(t *words.Tongue) view.Box {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := t.Fault("paper-out")
	return view.Box{
		Program:  "1.4.0",
		Settings: view.Settings{File: "/etc/eliminacode/box.toml", Schema: 1, AtMs: boxTime, Newer: true},
		Wires: []view.Wire{
			{Type: "printer", Kind: t.DeviceKind("printer"), Name: "atrio", Place: "/dev/serial/by-path/platform-3f980000.usb-usb-0:1.2:1.0-port0", There: "/dev/ttyUSB0",
				Outlet: "Pulsantiera all'ingresso", Profile: "generic-80", State: "stopped", Words: out.What, Do: out.Do,
				Log: []string{`time=2026-11-24T08:59:01.120Z level=WARN msg="ticket not confirmed" err="paper <out>"`, `time=2026-11-24T08:59:02.007Z level=INFO msg="printer stopped" faults=paper-out`}},
			{Type: "button", Kind: t.DeviceKind("button"), Name: "anagrafe", Place: "GPIO17", There: "pinctrl-bcm2711", Service: "Anagrafe", Outlet: "Pulsantiera all'ingresso", State: "ready", Words: t.DeviceState("ready")},
			{Type: "keypad", Kind: t.DeviceKind("keypad"), Name: "sportello-1", Place: "/dev/input/by-path/usb-0:1.3-event-kbd", Desk: "1", State: "lost", Words: t.Fault("unplugged").What, Do: t.Fault("unplugged").Do},
		},
		Spare: []string{"/dev/input/by-path/usb-0:1.4-event-kbd"},
		Copy:  b.copied, Check: b.checked,
	}
}

// lookedAt is a box that was checked and copied.
func lookedAt() *testBox {
	b := &testBox{copied: &view.CopyMade{AtMs: boxTime, Folder: "/media/stick/journal"}}
	b.Check(context.Background())
	return b
}

func (b *testBox) Check(context.Context) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy {
		return false
	}
	b.checked = &view.Checked{AtMs: boxTime, Parts: []view.Found{
		{Part: "settings", State: "OK", Found: "1 printers, 1 buttons"},
		{Part: "clock chip", State: "WARN", Found: "there is none", Do: "confirm the time after each start"},
		{Part: "keypad sportello-1", State: "FAIL", Found: "/dev/input/by-path/usb-0:1.3-event-kbd is not there",
			Do: "plug it in where it was, or write the right path in the settings; there is:\n/dev/input/by-path/usb-0:1.4-event-kbd"},
	}}
	return true
}

// The technician sees which device is on which port, what is there, its log, the
// versions, and what to do about copies and settings.
func TestTheTechnicianSeesTheBox(t *testing.T) {
	o, box := newTestOffice(t), &testBox{}
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.get(technicianHome)
	u.sees("usb-0:1.2:1.0-port0", "/dev/ttyUSB0", "Carta esaurita", "Pulsantiera all&#39;ingresso", "generic-80", "GPIO17", "pinctrl-bcm2711",
		"Le ultime 2 righe di registro", "paper &lt;out&gt;", "Trovato lì", "<strong>niente</strong>", "usb-0:1.4-event-kbd", "Collegati e non usati",
		"1.4.0", "/etc/eliminacode/box.toml", "Il file è cambiato dopo l&#39;avvio", "non risulta nessuna copia", "eliminacode journal backup --to",
		"nessuno ha controllato l&#39;apparecchio")
	box.mu.Lock()
	box.copied = &view.CopyMade{AtMs: boxTime, Folder: "/media/stick/journal"}
	box.mu.Unlock()
	u.get(technicianHome)
	u.sees("Ultima copia", "<code>/media/stick/journal</code>", "24/11/2026")
}

func TestTheTechnicianChecksTheBox(t *testing.T) {
	o, box := newTestOffice(t), &testBox{}
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.post(technicianHome)
	u.sees("Apparecchio controllato", "2 cose da guardare", "Guasto", "keypad sportello-1", "plug it in where it was", "Attenzione", "clock chip", "1 parte a posto")
	if fail, warn := strings.Index(u.page, "keypad sportello-1</strong>"), strings.Index(u.page, "clock chip"); fail < 0 || fail > warn {
		t.Error("the worst does not stand first")
	}
	box.mu.Lock()
	box.busy = true
	box.mu.Unlock()
	u.post(technicianHome)
	u.sees("Un controllo è già in corso: aspetti qualche secondo e riprovi.")
}

func TestAProgramChecksTheBox(t *testing.T) {
	o, box := newTestOffice(t), &testBox{}
	cfg := closed(t, o)
	cfg.Technician = box
	firstAdministrator(t, cfg.Access, access.Technician)
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	p.withPassword(t, "a.rossi")
	call := func(method, path string) (int, string) {
		t.Helper()
		status, _, body := p.send(t, request(t, method, s.url+path, ""))
		return status, body
	}
	status, body := call(http.MethodGet, "/api/v1/technician")
	var told view.Box
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != http.StatusOK || len(told.Wires) != 3 || told.Check != nil {
		t.Fatalf("%d %v %s", status, err, body)
	}
	status, body = call(http.MethodPost, "/api/v1/technician/check")
	var found view.Checked
	if err := json.Unmarshal([]byte(body), &found); err != nil || status != http.StatusOK || len(found.Wrong()) != 2 || found.Well() != 1 {
		t.Fatalf("%d %v %s", status, err, body)
	}
	box.mu.Lock()
	box.busy = true
	box.mu.Unlock()
	if status, body = call(http.MethodPost, "/api/v1/technician/check"); status != http.StatusConflict || !strings.Contains(body, `"checking"`) || !strings.Contains(body, "riprovi") {
		t.Errorf("a second check is answered %d: %s", status, body)
	}
}
