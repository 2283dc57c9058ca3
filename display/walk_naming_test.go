package display

import (
	"net/http"
	"slices"
	"testing"
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
