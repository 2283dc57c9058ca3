package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatTheOfficeLacksIsMendedInForce: a printer and its button leave their outlet out
// of the settings, and the office has none by the usual name. Whoever looks after the
// devices reads that, mends it on the page with the office in force, and the next press
// gives a ticket.
func TestWhatTheOfficeLacksIsMendedInForce(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const port = "/dev/serial/by-path/usb-0:1.2-port0"
	paper := startPrinter(filepath.Join(board.dir, port), func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}, t.Cleanup)
	b := startWalked(t, board, "[office]\nfile = \""+alwaysOpen(t, t.TempDir())+"\"\n[board]\nmodel = \"pi4\"\n"+
		"[[printer]] # in the hall\nname = \"atrio\"\nport = \""+port+"\"\nbaud = 115200\n"+
		"[[button]]\nname = \"anagrafe\"\nline = \"GPIO27\"\nservice = \"anagrafe\"\n")
	before := string(readFile(t, b.file))
	pages := []string{"/responsabile/apparecchi", "/responsabile/tecnico"}
	for _, path := range pages {
		says(t, path, browse(t, b.client, "GET", b.d.address+path, nil), "vanno d", "main", `href="`+walkPath+`"`)
	}
	says(t, "the wiring", b.page(), "Collegamenti", `<option value="main" selected>main (l&#39;ufficio non ce l&#39;ha)`)
	b.named("the printer's outlet", "kind", "printer", "name", "atrio", "outlet", "sala")
	after := strings.Replace(before, "# in the hall\n", "# in the hall\noutlet = \"sala\"\n", 1)
	after = strings.Replace(after, "[[button]]\n", "[[button]]\noutlet = \"sala\"\n", 1)
	if got := string(readFile(t, b.file)); got != after {
		t.Errorf("the settings are %s", got)
	}
	for _, path := range pages {
		if page := browse(t, b.client, "GET", b.d.address+path, nil); strings.Contains(page, `id="h-misfits"`) || !strings.Contains(page, `href="`+walkPath+`"`) {
			t.Errorf("%s after it was mended: %s", path, page)
		}
	}
	board.pressFor("GPIO27", "A001", lastTicket(paper), b.d.log)
}
