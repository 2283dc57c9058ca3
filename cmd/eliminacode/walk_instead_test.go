package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestAPrinterIsReplacedInOneStep finds a printer on another port while an office with two
// printers serves, and puts it in the place of the one that a button prints at: the old one
// is out of the settings at once, and the button's next number comes out of the new one.
func TestAPrinterIsReplacedInOneStep(t *testing.T) {
	t.Parallel() // it waits more than it works
	board := newSimulated(t)
	const old, other, port = "/dev/serial/by-path/usb-0:1.2-port0", "/dev/serial/by-path/usb-0:1.3-port0", "/dev/serial/by-path/usb-0:1.4-port0"
	start := func(port string) func() string {
		return lastTicket(startPrinter(filepath.Join(board.dir, port), func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}, t.Cleanup))
	}
	before, _, after := start(old), start(other), start(port)
	b := startWalked(t, board, "[office]\nfile = \""+alwaysOpen(t, t.TempDir())+"\"\n[board]\nmodel = \"pi4\"\n"+
		"# The one at the door.\n[[printer]]\nname = \"atrio\"\nport = \""+old+"\"\nbaud = 115200\noutlet = \"sala\"\n"+
		"# That of the reception stays.\n[[printer]]\nname = \"banco\"\nport = \""+other+"\"\nbaud = 115200\noutlet = \"banco\"\n"+
		"[[button]]\nname = \"anagrafe\"\nline = \"GPIO27\"\nservice = \"anagrafe\"\noutlet = \"sala\"\n")
	board.pressFor("GPIO27", "A001", before, b.d.log)
	says(t, "taking it away", b.post(walkPath, "remove", "kind", "printer", "name", "atrio"), "al posto di")
	b.post(walkPath, "search")
	b.offered(port)
	says(t, "where it may be", b.page(), "(al posto di atrio)", "l&#39;uscita non è ancora scelta")
	b.named("the new printer", "kind", "printer", "name", port, "outlet", "sala", "model", "generic-80", "baud", "115200")
	board.pressFor("GPIO27", "A002", after, b.d.log)
	written := string(readFile(t, b.file))
	if strings.Contains(written, old) || !strings.Contains(written, other) || !strings.Contains(written, port) || strings.Count(written, "[[printer]]") != 2 {
		t.Errorf("the settings are %s", written)
	}
	if strings.Contains(before(), "A002") {
		t.Error("the old printer has printed it too")
	}
	says(t, "the old one's port", b.page(), `id="printer-`)
}
