package display

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"eliminacode/queue"
)

// The speed of a printer and the address of a panel of the settings are changed where the
// device is shown, and stay where a program does not say them.
func TestSpeedAndAddressAreChangedWhereTheDeviceIsShown(t *testing.T) {
	o := newTestOffice(t)
	cfg, walk := o.config(), newTestWalk()
	cfg.Walk = walk
	walk.wired = []Wired{
		{Thing: Thing{PrinterThing, "atrio"}, Meaning: "hall", Model: "generic-80", Baud: 14_400},
		{Thing: Thing{PanelThing, "sala"}, Meaning: "s1", Model: "stx-4", Address: 3},
	}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get(walkHome)
	u.sees(`<option value="14400" selected>14400</option>`, `<option value="0">quella del tipo</option>`, `name="address" min="0" max="255" required value="3"`)
	u.post(walkHome, "action", "name", "kind", "printer", "name", "atrio", "outlet", "hall", "model", "generic-80", "baud", "38400")
	u.post(walkHome, "action", "name", "kind", "printer", "name", "atrio", "outlet", "hall", "model", "generic-80", "baud", "0")
	u.post(walkHome, "action", "name", "kind", "panel", "name", "sala", "desk", "s1", "model", "stx-4", "address", "0")
	u.post(walkHome, "action", "name", "kind", "panel", "name", "sala", "desk", "s1", "model", "stx-4", "address", "256")
	u.sees("Da correggere: Indirizzo", `name="address"`)
	c := &caller{t: t, s: u.s}
	c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "printer", "name": "atrio", "outlet": "hall"}, nil)
	c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "panel", "name": "sala", "desk": "s2"}, nil)
	var bauds, addresses []int
	for _, n := range walk.named {
		if n.Kind == PrinterThing {
			bauds = append(bauds, n.Baud)
		} else {
			addresses = append(addresses, n.Address)
		}
	}
	if !slices.Equal(bauds, []int{38_400, 0, 14_400}) || !slices.Equal(addresses, []int{0, 3}) {
		t.Errorf("the speeds become %v, the addresses %v", bauds, addresses)
	}
}

// A printer that was found may take the place of one of the settings: outlets without a
// printer are offered first, none is chosen where there is not just one such, and both devices
// are in the audit list.
func TestAFoundPrinterTakesThePlaceOfAnother(t *testing.T) {
	o := newTestOffice(t)
	cfg, walk := o.config(), newTestWalk()
	cfg.Walk, cfg.Administration = walk, testAccounts(t)
	const port = "/dev/serial/by-path/usb-0:1.6"
	printing := func() (all []string) {
		for _, x := range o.newest().Setup().Outlets {
			if x.Printer {
				all = append(all, string(x.ID))
			}
		}
		return all
	}()
	if len(printing) < 2 {
		t.Fatalf("the office prints at %v", printing)
	}
	walk.wired = []Wired{{Thing: Thing{PrinterThing, "atrio"}, Meaning: printing[0], Model: "generic-80"}}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get(walkHome)
	found := u.page[strings.Index(u.page, "Porte seriali non ancora usate"):]
	free, taken := strings.Index(found, `<option value="`+printing[1]+`"`), strings.Index(found, `<option value="`+printing[0]+`"`)
	if free < 0 || taken < free || !strings.Contains(found, "(al posto di atrio)") || strings.Contains(found, "non è ancora scelta<") != (len(printing) > 2) {
		t.Errorf("the outlets of a printer that was found: %d, %d\n%s", free, taken, found)
	}
	for i, id := range printing[1:] {
		walk.wired = append(walk.wired, Wired{Thing: Thing{PrinterThing, "p" + strconv.Itoa(i)}, Meaning: id})
	}
	u.get(walkHome)
	u.sees(`<option value="">l&#39;uscita non è ancora scelta</option>`)
	u.post(walkHome, "action", "name", "kind", "printer", "name", port, "model", "generic-58", "outlet", "")
	u.sees("Da correggere: Dove esce il numero")
	u.post(walkHome, "action", "name", "kind", "printer", "name", port, "model", "generic-58", "outlet", printing[0])
	want := []Naming{{Thing: Thing{PrinterThing, port}, Model: "generic-58", Outlet: queue.OutletID(printing[0]), Instead: "atrio"}}
	if !slices.Equal(walk.named, want) {
		t.Errorf("named is %+v", walk.named)
	}
	acts, err := cfg.Administration.AuditBefore(0, 10)
	if err != nil || len(acts) != 2 || acts[0].On != "atrio" || string(acts[0].After) != "{}" || acts[1].On != port {
		t.Errorf("noted is %+v, %v", acts, err)
	}
}
