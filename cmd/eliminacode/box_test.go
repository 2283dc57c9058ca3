package main

import (
	"slices"
	"testing"

	"eliminacode/device"
)

func TestReachable(t *testing.T) {
	for _, c := range []struct {
		address string
		own     []string
		want    string
	}{
		{"http://127.0.0.1:8080", []string{"10.0.0.7"}, "http://127.0.0.1:8080"},
		{"http://[::]:8080", []string{"fd00::7", "10.0.0.7"}, "http://10.0.0.7:8080"},
		{"http://0.0.0.0:80", []string{"fd00::7"}, "http://[fd00::7]:80"},
		{"http://[::]:8080", nil, ""},
	} {
		if got := reachable(c.address, c.own); got != c.want {
			t.Errorf("%s with %v is reached at %q, want %q", c.address, c.own, got, c.want)
		}
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
