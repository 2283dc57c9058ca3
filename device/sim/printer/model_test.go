package printer_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
	config "eliminacode/firmware-config"
)

var slip = device.Slip{
	Header: []string{"Comune di Prova", "Servizi al cittadino"}, Date: "mar 24 novembre 2026, 10:31",
	Service: "Carta d'identità", Caption: "Il suo numero", Number: "A042",
	Facts: []string{"Persone prima di lei: 3"}, QR: "https://example.it/t/4fQx",
	Notes: []string{"Chi ha la precedenza può passare prima"},
}

// A slip of each shipped profile comes out of its device whole, on one paper,
// with nothing left in front of the knife and nothing complained about.
func TestSlipOfEveryProfile(t *testing.T) {
	for _, p := range config.Default().Known().Profiles {
		bytes, err := escpos.Encode(p, slip, escpos.ID{'a', 'b', 'c', 'd'})
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		m := printer.ModelOf(p)
		t.Run(p.Name, func(t *testing.T) {
			talk(t, printer.Config{Model: m, Baud: p.Baud}, func(h *host) {
				h.send(string(bytes))
				h.hear(30 * time.Second)
				if !m.Cutter() {
					h.p.Tear()
					time.Sleep(time.Second)
				}
				h.checkSlip(m)
			})
		})
	}
}

func (h *host) checkSlip(m printer.Model) {
	h.t.Helper()
	for _, c := range h.p.Complaints() {
		h.t.Errorf("complaint: %s", c)
	}
	tickets := h.p.Tickets()
	if len(tickets) != 1 {
		h.t.Fatalf("%d tickets, %d scraps", len(tickets), len(h.p.Scraps()))
	}
	k := tickets[0]
	if k.Biggest() != "A042" || !k.Complete() {
		h.t.Errorf("number %q, complete %v:\n%s", k.Biggest(), k.Complete(), k.Text)
	}
	for _, want := range []string{"Carta d'identità", "Persone prima di lei: 3", "la precedenza", "4fQx"} {
		if !strings.Contains(k.Text, want) {
			h.t.Errorf("%q is not in\n%s", want, k.Text)
		}
	}
	if m.NativeQR && k.QR() != slip.QR {
		h.t.Errorf("QR %q", k.QR())
	}
	if _, held := h.p.InMouth(); held != (m.EjectorStepMM > 0) {
		h.t.Errorf("ticket in the mouth: %v", held)
	}
	if m.NativeQR {
		scan(h.t, k, "QR-Code:"+slip.QR)
	}
}

// What a model is asked for itself it says as its makers' manuals do.
func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		model     printer.Model
		send, say string
	}{
		{shipped("generic-80"), "\x1dI\x01", "\x20"},
		{shipped("generic-80"), "\x1dIA\x1dIB\x1dIC", "\x5f1.00 SIM\x00\x5fELIMINACODE\x00\x5fVIRTUAL-80\x00"},
		{shipped("custom-vkp80"), "\x1dI\x01", "\x5d"},
		{shipped("custom-vkp80"), "\x1dr\x01\x1dr1", "\x00\x00"},
		{shipped("custom-vkp80"), "\x1dr\x02", ""},
		{shipped("generic-80"), "\x1dr\x02\x1dr2", "\x00\x00"},
		{shipped("generic-80"), process, ""},
		{shipped("generic-80-process-id"), process, "\x37\x22abcd\x00"},
		{shipped("generic-80"), "\x10\x04\x14\x10\x04\x11", ""},
		{shipped("custom-kpm"), "\x10\x04\x14", "\x10\x0f\x00\x00\x00\x00"},
		{reliance(), "\x10\x04\x01\x10\x04\x04", "\x00\x00"},
		{shipped("raw"), ask1 + "\x1dIA" + "\x1da\xff", ""},
	} {
		talk(t, printer.Config{Model: c.model}, func(h *host) {
			h.send(c.send)
			h.want(c.model.Name+" asked "+c.send, c.say)
		})
	}
}

// The driver of each shipped profile prints on its device, earns the surest rung
// that the profile promises, and sends nothing that the device does not know.
func TestDriverOfEveryProfile(t *testing.T) {
	for _, p := range config.Default().Known().Profiles {
		t.Run(p.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { driveProfile(t, p, printer.ModelOf(p), p.Baud) })
		})
	}
}

func driveProfile(t *testing.T, p profile.Profile, m printer.Model, baud int) {
	vp := printer.New(printer.Config{Model: m, Baud: baud})
	cable := sim.NewCable(vp.Serve)
	driver, err := escpos.NewPrinter(escpos.Config{
		Name: "totem", Profile: p, StartWithin: time.Minute,
		Open: func(context.Context) (escpos.Line, error) { return cable.Open() },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { vp.Run(ctx) })
	all.Go(func() { driver.Run(ctx) })
	defer func() { cancel(); cable.Close(); all.Wait() }()

	for _, number := range []string{"A001", "A002", "A003"} {
		s := slip
		s.Number = number
		receipt, err := driver.Print(ctx, s)
		switch {
		case m.IsRaw():
			if !errors.Is(err, device.ErrUnknownOutcome) {
				t.Errorf("printing %s on a printer that never answers: %v", number, err)
			}
		case err != nil || receipt.Rung != p.Ack[0]:
			t.Errorf("printing %s: %v, rung %q", number, err, receipt.Rung)
		}
		time.Sleep(10 * time.Second)
		if !m.Cutter() {
			vp.Tear()
			time.Sleep(time.Second)
		}
		if _, ok := vp.TakeTicket(); ok != (m.EjectorStepMM > 0) {
			t.Errorf("took %s from the mouth: %v", number, ok)
		}
	}
	var numbers []string
	for _, k := range vp.Tickets() {
		numbers = append(numbers, k.Biggest())
	}
	if !slices.Equal(numbers, []string{"A001", "A002", "A003"}) || len(vp.Complaints()) > 0 {
		t.Errorf("on paper are %q; complaints %q", numbers, vp.Complaints())
	}
}
