package main

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"eliminacode/device/escpos/profile"
	"eliminacode/queue"
	officefile "eliminacode/queue/office"
)

var slipTime = time.Date(2026, 11, 24, 10, 31, 0, 0, time.UTC)

// The picture is of paper as wide as the printer's, and longer for more words.
func TestSlipIsDrawnAsItWillPrint(t *testing.T) {
	s := &slipPicture{profile: profile.GenericProcessID(), status: "https://coda.example/b/"}
	setup := officefile.Reference()
	height := func(setup queue.Setup) int {
		t.Helper()
		b, err := s.draw(setup, "anagrafe", slipTime)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds().Dx() < 500 {
			t.Errorf("the paper is %d dots wide", img.Bounds().Dx())
		}
		return img.Bounds().Dy()
	}
	whole := height(setup)
	d := officefile.Edit(setup)
	if err := d.Set("slip.parts", "header, date, service, qr"); err != nil {
		t.Fatal(err)
	}
	if fewer := height(d.Setup()); fewer >= whole {
		t.Errorf("a ticket with fewer parts is %d dots long, the whole %d", fewer, whole)
	}
	if len(s.kept) != 2 {
		t.Errorf("%d are kept", len(s.kept))
	}
	// A box that phones cannot reach prints no QR code, and none is drawn.
	alone := &slipPicture{profile: s.profile}
	b, err := alone.draw(setup, "anagrafe", slipTime)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Dy() >= whole-100 {
		t.Errorf("without a QR code a ticket is %v long, with it %d: %v", img.Bounds().Dy(), whole, err)
	}
	height(setup)
	if len(s.kept) != 2 {
		t.Error("the same ticket is drawn again")
	}
}

func TestDrawnSlipsAreBounded(t *testing.T) {
	s := &slipPicture{profile: profile.GenericProcessID(), kept: make([]drawnSlip, slipsKept)}
	if _, err := s.draw(officefile.Reference(), "cie", slipTime); err != nil {
		t.Fatal(err)
	}
	if len(s.kept) != slipsKept {
		t.Errorf("%d are kept", len(s.kept))
	}
}

// A ticket that is too long for a printer has no picture, and says why.
func TestSlipThatCannotBePrintedHasNoPicture(t *testing.T) {
	s := &slipPicture{profile: profile.Profile{}}
	if _, err := s.draw(officefile.Reference(), "cie", slipTime); err == nil {
		t.Error("a printer that is none draws")
	}
}

func TestSampleTicketHasANumberOfItsSeries(t *testing.T) {
	setup := officefile.Reference()
	if got := sampleTicket(setup, "anagrafe").Number.Text; got != "A042" {
		t.Errorf("the number is %q", got)
	}
	setup.Series[0].First, setup.Series[0].Last = 500, 600
	if got := sampleTicket(setup, "anagrafe").Number.Text; got != "A500" {
		t.Errorf("the number is %q", got)
	}
}
