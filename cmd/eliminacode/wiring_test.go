package main

import (
	"log/slog"
	"testing"

	"eliminacode/device/bridge"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// TestExampleIsWired picks drivers for every device of the example and binds
// each to what it is for.
func TestExampleIsWired(t *testing.T) {
	s, err := config.Parse("example.toml", config.ExampleTOML)
	if err != nil {
		t.Fatal(err)
	}
	h, err := wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cfg := h.bind()
	if cfg.Printers["main"] == nil || cfg.Buttons == nil || cfg.Keypads == nil || cfg.Lamps == nil || cfg.Panels == nil {
		t.Errorf("a device is missing: %+v", cfg)
	}
	if got := cfg.Bindings["anagrafe"]; got != (bridge.Button{Service: "anagrafe", Outlet: "main", Lamp: "anagrafe"}) {
		t.Errorf("the button is for %+v", got)
	}
	if cfg.Desks["sportello-2"] != "sportello-2" || cfg.Bells["sportello-2"] != "sportello-2" {
		t.Errorf("keypads are on %v, lamps of desks are %v", cfg.Desks, cfg.Bells)
	}
	if got := cfg.Signs["corridoio"]; got != (bridge.Panel{Text: "{number}"}) {
		t.Errorf("the panel shows %+v", got)
	}
	var names []string
	for _, d := range h.devices() {
		names = append(names, d.Kind+" "+d.Name)
	}
	if want := 6; len(names) != want {
		t.Errorf("devices %v, want %d", names, want)
	}
	s.Panels[0].Desk = "sportello-9"
	if faults := misbound(s, queue.Setup{}); len(faults) == 0 || faults[len(faults)-1].Error() !=
		`panel "corridoio" names the desk "sportello-9", which the office does not have; correct the settings or the office` {
		t.Errorf("faults %v", faults)
	}
}
