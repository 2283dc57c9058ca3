package main

import (
	"os"
	"slices"
	"testing"

	"eliminacode/device"
)

// An address is told as another machine writes it, and one that is printed for
// somebody at a screen can always be opened.
func TestReachable(t *testing.T) {
	for _, c := range []struct {
		address      string
		own          []string
		want, opened string
	}{
		{"http://127.0.0.1:8080", []string{"10.0.0.7"}, "http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"http://[::]:8080", []string{"fd00::7", "10.0.0.7"}, "http://10.0.0.7:8080", "http://10.0.0.7:8080"},
		{"http://0.0.0.0:80", []string{"fd00::7"}, "http://[fd00::7]:80", "http://[fd00::7]:80"},
		{"http://[::]:8080", nil, "", "http://127.0.0.1:8080"},
	} {
		if got := reachable(c.address, c.own); got != c.want {
			t.Errorf("%s with %v is reached at %q, want %q", c.address, c.own, got, c.want)
		}
		if got := opened(c.address, c.own); got != c.opened {
			t.Errorf("%s with %v is opened at %q, want %q", c.address, c.own, got, c.opened)
		}
	}
}

// TestNames: the box answers to the public name and to its own, also as
// multicast DNS has it.
func TestNames(t *testing.T) {
	m := machine{root: t.TempDir()}
	if err := os.MkdirAll(m.at("/proc/sys/kernel"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, m.at("/proc/sys/kernel/hostname"), "sala.comune.example\n")
	got := m.names("https://coda.comune.example:8443")
	want := []string{"coda.comune.example:8443", "sala.comune.example", "sala", "sala.local"}
	if !slices.Equal(got, want) {
		t.Errorf("the names are %q, want %q", got, want)
	}
}

func TestFaultLines(t *testing.T) {
	got := faultLines([]health{
		{Kind: "printer", Status: device.Status{Name: "sala", State: device.StateReady}},
		{Kind: "printer", Status: device.Status{Name: "atrio", State: device.StateDegraded, Faults: []device.Fault{device.FaultPaperLow}}},
		{Kind: "keypad", Status: device.Status{Name: "sportello-1", State: device.StateUnknown}},
		{Kind: "buttons", Status: device.Status{Name: "pulsantiera", State: device.StateLost, Faults: []device.Fault{device.FaultUnplugged, device.FaultStuck}}},
	})
	want := []string{"pulsanti pulsantiera: Non collegato, Pulsante bloccato", "stampante atrio: Carta in esaurimento"}
	if !slices.Equal(got, want) {
		t.Errorf("the faults are %q, want %q", got, want)
	}
}
