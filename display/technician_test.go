package display

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A testBox is a box with a printer that is out of paper, a button and a keypad that
// is not plugged in.
type testBox struct {
	mu      sync.Mutex
	checked *view.Checked
	busy    bool
	copied  *view.CopyMade
	fetched *view.CopyMade
	closing *view.ClosedDay
	paper   queue.PaperState // of the slip of a closed day
	unpaper error            // why it is not printed
	prints  int              // how often it was asked for
	printed string           // of which date the last time
	made    []string         // where copies were made
	uncopy  error            // why none is made
	file    string           // what a copy as a file has
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
		Copy:  b.copied, Fetched: b.fetched, Check: b.checked, Closing: b.closing,
		Places: []view.CopyPlace{{ID: "a1", Folder: "/media/stick", FreeBytes: 7_500_000_000}},
	}
}

// ClosedDay is that of 20 November; nothing else has closed, and what was before
// November is kept no more.
func (b *testBox) ClosedDay(date string, t *words.Tongue) (view.ClosedDay, error) {
	switch {
	case date < "2026-11":
		return view.ClosedDay{}, ErrClosingGone
	case date == "2026-11-19":
		return view.ClosedDay{}, ErrClosingUnread
	case date != "2026-11-20":
		return view.ClosedDay{}, ErrNotClosed
	}
	day := closedDay()
	day.Date, day.Day, day.Event = date, "venerdì 20 novembre 2026", 99
	return *day, nil
}

func (b *testBox) MakeCopy(ctx context.Context, place, who string, _ time.Time) (view.CopyMade, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, bounded := ctx.Deadline(); !bounded || b.uncopy != nil {
		return view.CopyMade{}, b.uncopy
	}
	if place != "a1" {
		return view.CopyMade{}, ErrNoPlace
	}
	b.made = append(b.made, place)
	b.copied = &view.CopyMade{AtMs: boxTime, Folder: "/media/stick/eliminacode-1", Who: who}
	return *b.copied, nil
}

func (b *testBox) WriteCopy(_ context.Context, to io.Writer, who string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := io.WriteString(to, b.file); err != nil {
		return err
	}
	if b.uncopy == nil {
		b.fetched = &view.CopyMade{AtMs: boxTime, Who: who}
	}
	return b.uncopy
}

// will changes what the box does from now on.
func (b *testBox) will(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

// PrintClosing prints a slip, or what the test says of it.
func (b *testBox) PrintClosing(ctx context.Context, date string) (queue.PaperState, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.prints++
	b.printed = date
	if _, bounded := ctx.Deadline(); !bounded {
		return queue.PaperUnknown, errors.New("a slip may last for ever")
	}
	return b.paper, b.unpaper
}

// closedDay is a day that closed, as its slip has it.
func closedDay() *view.ClosedDay {
	c := view.Closed(words.In(""), words.Closing{
		Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Seq: 123456, Hash: strings.Repeat("0123456789abcdef", 4),
		Sums: queue.DayClosed{Day: 6, Issued: 186, Served: 170, NoShows: 8, Expired: 5, Unused: 7},
	})
	c.Outlet = "Punto accoglienza"
	return c
}

// lookedAt is a box that was checked and copied, and whose yesterday has closed.
func lookedAt() *testBox {
	b := &testBox{copied: &view.CopyMade{AtMs: boxTime, Folder: "/media/stick/journal"}, closing: closedDay(), paper: queue.PaperPrinted}
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
		{Code: "settings", Part: "impostazioni", State: "OK", Found: "stampanti 1, pulsanti 1"},
		{Code: "clock-chip", Part: "orologio con batteria", State: "WARN", Found: "non c'è", Do: "ne monti uno"},
		{Code: "keypad", Part: "tastierino sportello-1", State: "FAIL", Found: "/dev/input/by-path/usb-0:1.3-event-kbd non c'è", Detail: "no such file or directory",
			Do: "lo ricolleghi dov'era, o scriva il percorso giusto nelle impostazioni; ci sono:\n/dev/input/by-path/usb-0:1.4-event-kbd"},
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
	u.sees("L&#39;ora dell&#39;ufficio è 24/11/2026", `action="/orologio"`, "Usa l&#39;ora di questo computer")
	u.sees("Ultima copia", "<code>/media/stick/journal</code>", "24/11/2026")
}

func TestTheTechnicianChecksTheBox(t *testing.T) {
	o, box := newTestOffice(t), &testBox{}
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.post(technicianHome, "action", "check")
	u.sees("Apparecchio controllato", "2 cose da guardare", "Guasto", "tastierino sportello-1", "lo ricolleghi dov&#39;era", `Il sistema dice, in inglese:</span> <span class="found-detail" lang="en">no such file or directory<`, "Attenzione", "orologio con batteria", "1 parte a posto")
	if fail, warn := strings.Index(u.page, "tastierino sportello-1</strong>"), strings.Index(u.page, "orologio con batteria"); fail < 0 || fail > warn {
		t.Error("the worst does not stand first")
	}
	box.mu.Lock()
	box.busy = true
	box.mu.Unlock()
	u.post(technicianHome, "action", "check")
	u.sees("Un controllo è già in corso: aspetti qualche secondo e riprovi.")
}

// The newest closed day is told as on its slip, with how to compare it, and the slip is
// printed again: what became of its paper is told, and why nothing was sent.
func TestTheTechnicianPrintsAClosingAgain(t *testing.T) {
	o, box := newTestOffice(t), &testBox{}
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.get(technicianHome)
	u.sees("Nessuna giornata si è ancora chiusa")
	if strings.Contains(u.page, `value="print"`) {
		t.Error("what has not closed can be printed")
	}
	box.will(func() { box.closing = &view.ClosedDay{Unread: true} })
	u.get(technicianHome)
	u.sees("La chiusura non si legge dal giornale", "eliminacode journal verify")
	box.will(func() { box.closing = closedDay() })
	u.get(technicianHome)
	u.sees("lunedì 23 novembre 2026", "<dd>186</dd>", "<dd>170</dd>", "<dd>8</dd>", "<dd>3</dd>", "<dd>5</dd>", "<dd>7</dd>", "123456",
		`<code class="hash-line">0123 4567 89ab cdef</code>`, "Esce da «Punto accoglienza»",
		"eliminacode journal verify --event 123456 --hash &#39;0123 4567 89ab cdef&#39;")
	if n := strings.Count(u.page, `class="hash-line"`); n != 4 {
		t.Errorf("the hash has %d lines", n)
	}
	box.will(func() { box.closing.Outlet = "" })
	u.get(technicianHome)
	u.sees("nessuna stampante è pronta")

	for _, c := range []struct {
		paper  queue.PaperState
		err    error
		says   string
		status int
		code   string
	}{
		{queue.PaperPrinted, nil, "Il foglio di chiusura è uscito", http.StatusOK, "closing-printed"},
		{queue.PaperFailed, errors.New("paper is out"), "Il foglio di chiusura non è uscito", http.StatusConflict, "closing-failed"},
		{queue.PaperUnknown, errors.New("it does not answer"), "Forse il foglio di chiusura è uscito", http.StatusOK, "closing-unknown"},
		{queue.PaperFailed, ErrNoPrinterReady, "Nessuna stampante è pronta: guardi", http.StatusConflict, "no-printer-ready"},
		{queue.PaperFailed, ErrNoneClosed, "Nessuna giornata si è ancora chiusa", http.StatusConflict, "closing-none"},
		{queue.PaperFailed, fmt.Errorf("%w: damaged", ErrClosingUnread), "La chiusura non si legge", http.StatusInternalServerError, "closing-unread"},
	} {
		box.will(func() { box.paper, box.unpaper = c.paper, c.err })
		u.post(technicianHome, "action", "print")
		u.sees(c.says)
		status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/technician/closing/print", "{}", "Content-Type", "application/json"))
		if status != c.status || !strings.Contains(body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", c.code, status, body)
		}
	}
	if status, _, _ := send(t, u.s, technicianHome, "action", "burn"); status != http.StatusNotFound {
		t.Errorf("an unknown action answers %d", status)
	}
	box.will(func() {
		if box.prints != 12 {
			t.Errorf("it was printed %d times, want 12", box.prints)
		}
	})
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

// An earlier closed day is shown and printed by its date, on the page and by a call;
// where there is none it is said why.
func TestTheTechnicianSeesAnEarlierClosing(t *testing.T) {
	o, box := newTestOffice(t), lookedAt()
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.get(technicianHome + "?giorno=2026-11-20")
	u.sees("venerdì 20 novembre 2026", "<dd>99</dd>", `name="date" value="2026-11-20"`, "Torna all&#39;ultima giornata chiusa")
	u.post(technicianHome, "action", "print", "date", "2026-11-20")
	u.sees("Il foglio di chiusura è uscito", "venerdì 20 novembre 2026")
	box.will(func() {
		if box.printed != "2026-11-20" {
			t.Errorf("printed is the slip of %q", box.printed)
		}
	})
	for _, c := range []struct {
		date   string
		status int
		code   string
		says   string
	}{
		{"2026-11-20", http.StatusOK, "", "venerdì 20 novembre 2026"},
		{"2026-11-21", http.StatusNotFound, "closing-not-there", "In questa data non si è chiusa"},
		{"2026-10-31", http.StatusGone, "closing-gone", "non conserva più il giornale"},
		{"2026-11-19", http.StatusInternalServerError, "closing-unread", "La chiusura non si legge"},
	} {
		u.get(technicianHome + "?giorno=" + c.date)
		u.sees(c.says)
		status, _, body := ask(t, request(t, "GET", u.s.url+"/api/v1/technician/closing?date="+c.date, ""))
		if status != c.status || c.code != "" && !strings.Contains(body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", c.date, status, body)
		}
		if c.code != "" && strings.Contains(u.page, `value="print"`) {
			t.Errorf("%s can be printed", c.date)
		}
	}
	u.get(technicianHome + "?giorno=ieri")
	if strings.Contains(u.page, `value="print"`) {
		t.Error("what is no date can be printed")
	}
	if status, _, body := ask(t, request(t, "POST", u.s.url+"/api/v1/technician/closing/print", `{"date":"ieri"}`, "Content-Type", "application/json")); status != http.StatusBadRequest || !strings.Contains(body, "bad-date") {
		t.Errorf("what is no date: %d %s", status, body)
	}
}

// A copy is made from the page and by a call, on a stick or as a file, and stands in the
// list of acts; why one is not made is said, and is no act.
func TestTheTechnicianMakesACopy(t *testing.T) {
	o, box := newTestOffice(t), &testBox{file: "the months"}
	cfg := closed(t, o)
	cfg.Technician, cfg.Administration = box, cfg.Access.(*private.Store)
	firstAdministrator(t, cfg.Access, access.Technician)
	s := serve(t, cfg, "")
	p := newPerson(t, s)
	p.withPassword(t, "a.rossi")
	if _, _, page := p.get(t, technicianHome); !strings.Contains(page, "/media/stick") || !strings.Contains(page, "7500 MB liberi") && !strings.Contains(page, "7.500 MB liberi") || !strings.Contains(page, "copia.tar") {
		t.Errorf("the page has no place for a copy: %s", page)
	}
	acts := func(what string) (n int) {
		for e, err := range cfg.Administration.Audit() {
			if err != nil {
				t.Fatal(err)
			}
			if e.What == what {
				n++
			}
		}
		return n
	}
	api := func(body string) (int, string) {
		t.Helper()
		status, _, answer := p.send(t, request(t, http.MethodPost, s.url+"/api/v1/technician/copy", body, "Content-Type", "application/json"))
		return status, answer
	}
	if _, _, page := p.post(t, technicianHome, "action", "copy", "place", "a1"); !strings.Contains(page, "Copia fatta e riletta") || !strings.Contains(page, "/media/stick/eliminacode-1") {
		t.Errorf("the page says %s", page)
	}
	if status, body := api(`{"place":"a1"}`); status != http.StatusOK || !strings.Contains(body, "copy-made") {
		t.Errorf("by a call: %d %s", status, body)
	}
	box.will(func() {
		if !slices.Equal(box.made, []string{"a1", "a1"}) {
			t.Errorf("copies were made at %v", box.made)
		}
	})
	for _, path := range []string{copyFile, copyFileAPI} {
		resp, err := p.Do(request(t, http.MethodGet, s.url+path, ""))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if h := resp.Header; err != nil || resp.StatusCode != http.StatusOK || string(body) != "the months" || h.Get("Content-Type") != copyMedia || !strings.Contains(h.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d %v %s, %v", path, resp.StatusCode, h, body, err)
		}
	}
	// Where nothing but a download is known, it is a copy too, with who took it.
	box.will(func() { box.copied = nil })
	_, _, page := p.get(t, technicianHome)
	if !strings.Contains(page, "Ultima scaricata") || strings.Count(page, "Anna Rossi") != 2 || strings.Contains(page, "non risulta nessuna copia") {
		t.Errorf("after a download the page says %s", page)
	}
	if _, _, body := p.get(t, "/api/v1/technician"); !strings.Contains(body, `"fetched":{"at_ms":`) || !strings.Contains(body, `"who":"Anna Rossi"`) {
		t.Errorf("after a download a program is told %s", body)
	}
	if acts("copy.make") != 2 || acts("copy.send") != 2 {
		t.Errorf("the acts have %d copies made and %d sent", acts("copy.make"), acts("copy.send"))
	}
	for err, want := range map[error]struct {
		status int
		code   string
		says   string
	}{
		ErrNoPlace:     {http.StatusNotFound, "no-place", "Questa chiavetta non c&#39;è più"},
		ErrCopying:     {http.StatusConflict, "copying", "Si sta già facendo una copia"},
		ErrPlaceFull:   {http.StatusConflict, "place-full", "non c&#39;è posto per la copia"},
		ErrPlaceClosed: {http.StatusConflict, "place-closed", "il programma non può scrivere"},
		ErrCopyFailed:  {http.StatusConflict, "copy-failed", "La copia non è riuscita"},
	} {
		box.will(func() { box.uncopy, box.file = fmt.Errorf("%w: of the system", err), "" })
		if _, _, page := p.post(t, technicianHome, "action", "copy", "place", "a1"); !strings.Contains(page, want.says) {
			t.Errorf("%v: the page says %s", err, page)
		}
		if status, body := api(`{"place":"a1"}`); status != want.status || !strings.Contains(body, `"`+want.code+`"`) {
			t.Errorf("%v: %d %s", err, status, body)
		}
		if status, _, body := p.get(t, copyFileAPI); status != want.status || !strings.Contains(body, `"`+want.code+`"`) {
			t.Errorf("%v: the file answers %d %s", err, status, body)
		}
	}
	box.will(func() { box.file, box.uncopy = "half", ErrCopyFailed })
	if resp, err := p.Do(request(t, http.MethodGet, s.url+copyFileAPI, "")); err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil {
			t.Error("half a copy comes as a whole file")
		}
	}
	if acts("copy.make") != 2 || acts("copy.send") != 2 {
		t.Error("what was not made is an act")
	}
}

// What the box's own clock dated is told by the office's clock, as the head of the page
// tells the time: after a correction no page has the dates of two clocks.
func TestAPageTellsOneClock(t *testing.T) {
	o, box := newTestOffice(t), &testBox{copied: &view.CopyMade{AtMs: boxTime, Folder: "/media/stick/journal"}}
	o.must(t, queue.SetClock{By: queue.Cause{Kind: queue.ByTechnician}, CorrectionMs: 6 * 24 * 3_600_000, Sure: true})
	cfg := o.config()
	cfg.Technician = box
	u := surfer{t: t, s: serve(t, cfg, "")}
	u.get(technicianHome)
	u.sees("L&#39;ora dell&#39;ufficio è 30/11/2026", "<code>/media/stick/journal</code>")
	if at := regexp.MustCompile(`2[0-9]/11/2026,`).FindString(u.page); at != "" {
		t.Errorf("the page dates something %s by the box's own clock", at)
	}
	u.sees(`datetime="2026-11-30T09:00:00Z"`)
	if at := regexp.MustCompile(`datetime="2026-11-2[0-9]`).FindString(u.page); at != "" {
		t.Errorf("a program reads %s, by the box's own clock", at)
	}
	box.file = "the months"
	if _, h, _ := ask(t, request(t, "GET", u.s.url+copyFile, "")); h.Get("Content-Disposition") != `attachment; filename="copia-2026-11-30.tar"` {
		t.Errorf("a copy is called %s", h.Get("Content-Disposition"))
	}
}
