package display

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"sync"
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
