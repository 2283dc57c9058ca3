package main

import (
	"testing"

	"eliminacode/queue"
)

// Each fault that the page shows can be had, also of a printer that is called as its
// port is, which is how one is found on a box without an office.
func TestEveryFaultShownCanBeHad(t *testing.T) {
	v, err := newVirtualPrinters([]queue.Outlet{{ID: "totem", Name: "Totem", Printer: true}, {ID: "usb-0:1.3-port0", Name: "usb-0:1.3-port0", Printer: true}}, t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	shown := v.Faults()
	if len(shown) != 2*len(demoFaults) {
		t.Fatalf("%d faults are shown: %v", len(shown), shown)
	}
	for i, f := range shown {
		for _, on := range []bool{true, false} {
			if err := v.SetFault(f.ID, on); err != nil {
				t.Errorf("%s, %v: %v", f.ID, on, err)
			}
			if now := v.Faults()[i]; now.On != on {
				t.Errorf("%s, set %v, is shown %v", f.ID, on, now.On)
			}
			if of, _ := ofFault(f.ID); v.broken(of) != on {
				t.Errorf("%s is broken %v with %s %v", of, v.broken(of), f.ID, on)
			}
		}
	}
	for _, none := range []string{"", ".", "totem", "totem.", ".paper-out", "usb-0:1.paper-out"} {
		if err := v.SetFault(none, true); err == nil {
			t.Errorf("there is a fault %q", none)
		}
	}
}
