package display

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
)

// A testDemo is a hall without hardware: it keeps what was pressed and has two
// papers.
type testDemo struct {
	mu      sync.Mutex
	pressed []string
	broken  bool
	people  bool
	speed   float64
}

var errNoButton = errors.New("no such button")

func (d *testDemo) Buttons() []DemoButton {
	return []DemoButton{
		{ID: "anagrafe", Label: "Anagrafe e certificati", Lamp: "ready"},
		{ID: "cie", Label: "Carta d'identità elettronica", Lamp: "ready"},
		{ID: "veloci", Label: "Pratiche veloci", Lamp: "off"},
	}
}

func (d *testDemo) Press(button string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if button == "" {
		return errNoButton
	}
	d.pressed = append(d.pressed, button)
	return nil
}

func (d *testDemo) Hold() error { return d.Press("anagrafe+cie") }

func (d *testDemo) Keypads() []DemoKeypad {
	keys := []string{"next", "recall", "no-show", "start", "finish"}
	return []DemoKeypad{{"s1", "1", keys}, {"s2", "2", keys}}
}

func (d *testDemo) Key(keypad, key string) error { return d.Press(keypad + "/" + key) }

func (d *testDemo) Papers() []DemoPaper {
	return []DemoPaper{
		{ID: "0-2", Printer: "Totem all'ingresso", Text: "Comune di Esempio. Il suo numero: A043"},
		{ID: "0-1", Printer: "Totem all'ingresso", Text: "Comune di Esempio. Il suo numero: A042"},
	}
}

func (d *testDemo) Paper(id string) ([]byte, bool) {
	if id != "0-1" && id != "0-2" {
		return nil, false
	}
	paper := image.NewGray(image.Rect(0, 0, 230, 300))
	for i := range paper.Pix {
		paper.Pix[i] = 0xff
	}
	var b bytes.Buffer
	err := png.Encode(&b, paper)
	return b.Bytes(), err == nil
}

func (d *testDemo) Faults() []DemoFault {
	d.mu.Lock()
	defer d.mu.Unlock()
	return []DemoFault{{"totem/paper-out", "Totem all'ingresso", "paper-out", d.broken}}
}

func (d *testDemo) SetFault(_ string, on bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = on
	return nil
}

func (d *testDemo) People() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.people
}

func (d *testDemo) SetPeople(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people = on
}

func (d *testDemo) Speed() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(1, d.speed)
}

func (d *testDemo) SetSpeed(times float64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.speed = times
	return nil
}

func TestDemoPages(t *testing.T) {
	o, d := newTestOffice(t), &testDemo{}
	cfg := o.config()
	cfg.Demo = d
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.post("/demo/pulsanti", "action", "press", "button", "cie")
	u.post("/demo/pulsanti", "action", "key", "keypad", "s1", "key", "next")
	u.post("/demo/pulsanti", "action", "people", "on", "1")
	u.sees("sono al lavoro")
	u.post("/demo/pulsanti", "action", "speed", "times", "10")
	u.post("/demo/carta", "action", "fault", "fault", "totem/paper-out", "on", "1")
	u.sees("Carta esaurita: sì", `src="/demo/carta/0-2.png"`)
	u.post("/demo/pulsanti", "action", "hold")
	if len(d.pressed) != 3 || d.pressed[1] != "s1/next" || d.pressed[2] != "anagrafe+cie" || d.Speed() != 10 {
		t.Errorf("pressed %v at speed %v", d.pressed, d.Speed())
	}
	if status, h, _ := ask(t, request(t, "GET", u.s.url+"/demo/carta/0-1.png", "")); status != 200 || h.Get("Content-Type") != "image/png" {
		t.Errorf("paper: %d %v", status, h)
	}
	for _, path := range []string{"/demo/carta/9-9.png", "/demo/carta/0-1"} {
		if status, _, _ := ask(t, request(t, "GET", u.s.url+path, "")); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	plain := serve(t, o.config(), "")
	if status, _, _ := ask(t, request(t, "GET", plain.url+"/demo/carta", "")); status != 404 {
		t.Errorf("a box that is no demo has demo pages: %d", status)
	}
}

// Where a first run is rehearsed whoever comes sees the paper and presses, since the
// code of the first administrator comes out there; what only a demonstration has is
// refused, and all else is for who has signed in.
func TestARehearsedFirstRunIsOpenToEverybody(t *testing.T) {
	o, d := newTestOffice(t), &testDemo{}
	cfg := closed(t, o)
	cfg.Papers, cfg.Presses = d, d
	s := serve(t, cfg, "")
	post := func(form string) int {
		status, _, _ := ask(t, request(t, "POST", s.url+"/demo/pulsanti", form, "Content-Type", "application/x-www-form-urlencoded", "Origin", s.url))
		return status
	}
	for _, path := range []string{"/demo/carta", "/demo/pulsanti", "/demo/carta/0-1.png"} {
		if status, _, page := ask(t, request(t, "GET", s.url+path, "")); status != 200 || strings.Contains(page, `name="times"`) {
			t.Errorf("%s: %d %s", path, status, page)
		}
	}
	if status := post("action=press&button=cie"); status != 303 || len(d.pressed) != 1 {
		t.Errorf("a press: %d, pressed is %v", status, d.pressed)
	}
	if before := d.Speed(); post("action=speed&times=10") == 303 && d.Speed() != before {
		t.Error("the clock of a real office goes faster")
	}
	if status, h, _ := ask(t, request(t, "GET", s.url+"/accoglienza", "")); status == 200 {
		t.Errorf("the reception is open: %d %v", status, h)
	}
	cfg.Presses = nil
	s = serve(t, cfg, "")
	if status, _, _ := ask(t, request(t, "GET", s.url+"/demo/carta", "")); status == 200 {
		t.Error("the paper of another rehearsal is for everybody")
	}
}
