package main

import (
	"log/slog"
	"path/filepath"
	"testing"

	"eliminacode/cmd/eliminacode/counters"
	"eliminacode/device"
)

// TestDeviceListCountsWithoutADaemon: what earlier runs have counted is told
// although no daemon runs.
func TestDeviceListCountsWithoutADaemon(t *testing.T) {
	root, data := t.TempDir(), t.TempDir()
	settings := filepath.Join(root, "box.toml")
	writeFile(t, settings, "schema = 1\n[data]\ndir = \""+data+"\"\n[[printer]]\nname = \"atrio\"\nport = \"/dev/serial/by-path/none\"\noutlet = \"a\"\n")
	kept := counters.Open(filepath.Join(data, countersName), slog.New(slog.DiscardHandler))
	kept.Save([]device.Status{{Name: "atrio", Count: device.Counters{Printed: 1234, Failed: 5, PaperMM: 7_500}}})
	out, errs, _ := onMachine(root, "device", "list", "--config", settings)
	says(t, "device list", out+errs, "FAIL  printer atrio: not connected", "1234 printed, 5 not printed", "7.5 m of paper")
}
