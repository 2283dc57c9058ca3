package escpos_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// TestPaperOutIsAWarning: what somebody has to see to is a warning in the log,
// once, and its end is not; so is a fault that takes the place of another.
func TestPaperOutIsAWarning(t *testing.T) {
	var log bytes.Buffer
	change := func(c *escpos.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) }
	inRoom(t, printer.Config{TextOnly: true}, profile.Generic(), change, func(r *room) {
		r.ready()
		said := func(do func()) string {
			before := log.Len()
			do()
			time.Sleep(time.Minute)
			synctest.Wait()
			return log.String()[before:]
		}
		for _, c := range []struct {
			what, level string
			do          func()
			says        string
		}{
			{"paper out", "WARN", func() { r.sim.SetPaperOut(true) }, "paper-out"},
			{"cover open too", "WARN", func() { r.sim.SetCoverOpen(true) }, "cover-open"},
			{"both mended", "INFO", func() { r.sim.SetPaperOut(false); r.sim.SetCoverOpen(false) }, "state=ready"},
		} {
			text := said(c.do)
			if n := strings.Count(text, `level=`+c.level+` msg="printer status"`); n == 0 || n > 2 || !strings.Contains(text, c.says) {
				t.Errorf("%s: %s", c.what, text)
			}
		}
	})
}
