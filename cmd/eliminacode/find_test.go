package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device/gpio"
)

// Only lines that may have a button are listened to: of a board's chip those of its
// header, also when the settings name the chip by hand, since the others are the
// network's and the card's; of another chip those with a name of their own.
func TestOnlyLinesForButtonsAreListenedTo(t *testing.T) {
	board := gpio.ChipInfo{Label: "pinctrl-bcm2711", Lines: []gpio.LineInfo{
		{Name: "GPIO17"}, {Name: "GPIO27", Consumer: "w1"}, {Name: "TXD1"}, {Name: "GPIO14"}, {Name: "SD_DATA0_R"}, {Name: "GPIO22"}, {Name: "GPIO5"},
	}}
	other := gpio.ChipInfo{Label: "mcp23017", Lines: []gpio.LineInfo{{Name: "A0"}, {Name: "A1"}, {}, {Name: "A2"}, {Name: "A2"}, {Name: "A3", Consumer: "x"}}}
	chips := func() []gpio.ChipInfo { return []gpio.ChipInfo{other, board} }
	const button = "[[button]]\nname = \"b\"\nline = %q\nservice = \"s\"\noutlet = \"o\"\n[[lamp]]\nname = \"b\"\nline = %q\n"
	for name, c := range map[string]struct {
		settings, byHand string
		want             []string
	}{
		"a board":                  {"[board]\nmodel = \"pi4\"\n" + fmt.Sprintf(button, "GPIO22", "GPIO5"), "", []string{"GPIO17"}},
		"its chip, by hand":        {"[board]\nmodel = \"desktop\"\nchip = \"pinctrl-bcm2711\"\n", "", []string{"GPIO17", "GPIO22", "GPIO5"}},
		"another chip":             {"[board]\nmodel = \"pi4\"\nchip = \"mcp23017\"\n", "mcp23017", []string{"A0", "A1"}},
		"one of them is used":      {"[board]\nmodel = \"desktop\"\nchip = \"mcp23017\"\n" + fmt.Sprintf(button, "A1", "A3"), "mcp23017", []string{"A0"}},
		"a chip that is not there": {"[board]\nmodel = \"pi4\"\nchip = \"elsewhere\"\n", "", nil},
		"no GPIO":                  {"", "", nil},
	} {
		w := &walk{wiring: wiring{machine: machine{chips: chips}, settings: settings(t, c.settings)}}
		var got []string
		if chip, there := w.machine.chip(w.settings.Chips()); there {
			for _, l := range w.freeLines(chip) {
				got = append(got, l.Name)
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) || w.Chip() != c.byHand {
			t.Errorf("%s: %v of %q, want %v of %q", name, got, w.Chip(), c.want, c.byHand)
		}
	}
}

// TestAButtonOnAChipNamedByHandIsFound presses buttons of a chip that is no known
// board's: none is found before a person agrees to its lines being listened to, which
// holds when the box starts again; what is found is given a meaning and works.
func TestAButtonOnAChipNamedByHandIsFound(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := startWalked(t, newSimulated(t), "[board]\nmodel = \"desktop\"\nchip = \""+byHand+"\"\n")
	b.post("/impostazioni/effetto", "reference")
	says(t, "the chip", b.page(), byHand, `name="action" value="listen"`)
	up := b.board.press("KEY-1")
	time.Sleep(time.Second)
	up()
	if strings.Contains(b.page(), `value="KEY-1"`) {
		t.Error("a line is listened to that nobody has agreed to")
	}
	says(t, "the chip", b.post(walkPath, "listen"), "in ascolto")
	b.pressed("KEY-1", `value="KEY-1"`)
	b.named("a meaning", "kind", "button", "name", "KEY-1", "service", "anagrafe", "outlet", "totem")
	b.pressed("KEY-1", "Ha risposto")
	b.pressed("KEY-2", `value="KEY-2"`)
}
