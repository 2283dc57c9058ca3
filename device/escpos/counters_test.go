package escpos_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// Tickets are counted by what became of them, in this program's time.
func TestCounters(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		count := func(want device.Counters) {
			r.t.Helper()
			got := r.p.Status().Count
			got.PaperMM = 0
			if got != want {
				r.t.Errorf("counted %+v, want %+v", got, want)
			}
		}
		for range 3 {
			if _, err := r.p.Print(r.t.Context(), slip); err != nil {
				r.t.Fatal(err)
			}
		}
		count(device.Counters{Printed: 3})
		r.sim.SetPaperOut(true)
		time.Sleep(2 * time.Second)
		if _, err := r.p.Print(r.t.Context(), slip); !errors.Is(err, device.ErrNotPrinted) {
			r.t.Errorf("got %v", err)
		}
		count(device.Counters{Printed: 3, Failed: 1})
		tooLong := slip
		tooLong.Notes = make([]string, 200)
		for i := range tooLong.Notes {
			tooLong.Notes[i] = "una nota"
		}
		if _, err := r.p.Print(r.t.Context(), tooLong); !errors.Is(err, device.ErrSlipTooLong) {
			r.t.Errorf("got %v", err)
		}
		count(device.Counters{Printed: 3, Failed: 1}) // it never was a ticket
		r.sim.SetPaperOut(false)
		r.ready()
		time.Sleep(5 * time.Second)
		count(device.Counters{Printed: 3, Failed: 1, Refills: 1})
		if _, err := r.p.Print(shortly(r.t), slip); !errors.Is(err, device.ErrUnknownOutcome) {
			r.t.Errorf("got %v", err)
		}
		count(device.Counters{Printed: 3, Failed: 1, Unknown: 1, Refills: 1})
		time.Sleep(5 * time.Second)
		count(device.Counters{Printed: 4, Failed: 1, Refills: 1}) // it came after all
		r.sim.UnplugAfter(1)
		time.Sleep(5 * time.Second)
		r.ready()
		count(device.Counters{Printed: 4, Failed: 1, Refills: 1, Retries: 1})
	})
}

// A roll that runs low is refilled once, however its sensor flickers while
// somebody puts in a new one, and its length begins anew.
func TestRefill(t *testing.T) {
	inRoom(t, printer.Config{}, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		if _, err := r.p.Print(r.t.Context(), slip); err != nil {
			r.t.Fatal(err)
		}
		before := r.p.Status().Count
		for range 5 {
			r.sim.SetPaperLow(true)
			time.Sleep(time.Second)
			r.sim.SetPaperLow(false)
			time.Sleep(time.Second)
		}
		if c := r.p.Status().Count; c.Refills != 0 || c.PaperMM != before.PaperMM || c.PaperMM == 0 {
			r.t.Errorf("while it flickers: %+v", c)
		}
		time.Sleep(5 * time.Second)
		if c := r.p.Status().Count; c.Refills != 1 || c.PaperMM != 0 {
			r.t.Errorf("afterwards: %+v", c)
		}
	})
}

// The paper that the layout counts is what each printer moves, within a
// millimetre a ticket.
func TestPaperCounted(t *testing.T) {
	for _, profile := range shipped(t) {
		model := printer.ModelOf(profile)
		if profile.IsRaw() {
			continue
		}
		inRoom(t, printer.Config{Model: model}, profile, nil, func(r *room) {
			r.ready()
			slips := []device.Slip{typical, full, {Number: "A1"}, {Header: full.Header, Notes: full.Notes, Facts: full.Facts, Number: "AB1234"}}
			for _, s := range slips {
				s.Logo = false // its height is the printer's secret
				if _, err := r.p.Print(r.t.Context(), s); err != nil {
					r.t.Fatal(err)
				}
				if !model.Cutter() {
					r.sim.Tear()
					time.Sleep(100 * time.Millisecond)
				}
			}
			moved := 0.0
			for _, ticket := range r.sim.Tickets() {
				moved += ticket.HeightMM()
			}
			counted := r.p.Status().Count.PaperMM
			r.t.Logf("%s: counted %d mm, the printer moved %.0f mm", profile.Name, counted, moved)
			if len(r.sim.Tickets()) != len(slips) || math.Abs(float64(counted)-moved) > float64(len(slips)) {
				r.t.Errorf("%s: counted %d mm, the printer moved %.0f mm in %d tickets", profile.Name, counted, moved, len(r.sim.Tickets()))
			}
		})
	}
}
