package escpos_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// shortly is a ctx that ends while a ticket is on its way.
func shortly(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func arms() image.Image {
	img := image.NewGray(image.Rect(0, 0, 400, 160))
	for y := range 160 {
		for x := range 400 {
			img.SetGray(x, y, color.Gray{uint8(x * y)})
		}
	}
	return img
}

// A logo is stored by an idle printer, whole and with nothing in between, and
// confirmed; the tickets go on behind it.
func TestStoreLogo(t *testing.T) {
	for _, dialect := range []profile.Logo{profile.LogoGSL, profile.LogoFSP} {
		profile := profile.GenericProcessID()
		profile.Logo = dialect
		want, err := escpos.EncodeLogo(profile, arms())
		if err != nil {
			t.Fatal(err)
		}
		u := newPuppet()
		inRoom(t, noSim, profile, u.wire, func(r *room) {
			r.ready()
			if err := r.p.StoreLogo(r.t.Context(), arms()); err != nil {
				r.t.Fatal(err)
			}
			if n := u.count(string(want)); n != 1 {
				r.t.Errorf("%s: the picture came %d times in one piece", dialect, n)
			}
			if s := r.p.Status(); s.State != device.StateReady {
				r.t.Errorf("status %+v", s)
			}
			if _, err := r.p.Print(r.t.Context(), slip); err != nil {
				r.t.Error(err)
			}
		})
	}
}

// A printer that is deaf while it writes its memory, and forgets what was asked,
// has its time; one that never comes back is an error.
func TestStoreLogoSlow(t *testing.T) {
	u := newPuppet()
	inRoom(t, noSim, profile.GenericProcessID(), u.wire, func(r *room) {
		r.ready()
		go func() {
			time.Sleep(time.Second)
			u.pull(func() { u.mute = true })
			time.Sleep(20 * time.Second)
			u.pull(func() { u.mute, u.muteJob = false, true })
			time.Sleep(5 * time.Second)
			u.pull(func() { u.muteJob = false })
		}()
		began := time.Now()
		if err := r.p.StoreLogo(r.t.Context(), arms()); err != nil {
			r.t.Fatal(err)
		}
		if took := time.Since(began); took < 25*time.Second || took > 40*time.Second {
			r.t.Errorf("took %v", took)
		}
		receipt, err := r.p.Print(r.t.Context(), slip)
		if err != nil || receipt.Rung != device.RungProcessID {
			r.t.Errorf("afterwards %+v, %v", receipt, err)
		}
		u.pull(func() { u.mute = true })
		began = time.Now()
		if err := r.p.StoreLogo(r.t.Context(), arms()); !errors.Is(err, device.ErrSilent) {
			r.t.Errorf("got %v", err)
		}
		if took := time.Since(began); took > 2*time.Minute {
			r.t.Errorf("gave up after %v", took)
		}
	})
}

// It waits no longer for a printer than a ticket does, and never begins where
// there is no place for a logo.
func TestStoreLogoRefused(t *testing.T) {
	inRoom(t, noSim, profile.GenericProcessID(), nil, func(r *room) {
		r.ready()
		r.sim.SetPaperOut(true)
		time.Sleep(2 * time.Second)
		if err := r.p.StoreLogo(r.t.Context(), arms()); !errors.Is(err, device.ErrPaperOut) {
			r.t.Errorf("got %v", err)
		}
	})
	inRoom(t, noSim, shipped(t)[2], nil, func(r *room) {
		if err := r.p.StoreLogo(r.t.Context(), arms()); !errors.Is(err, escpos.ErrNoLogo) {
			r.t.Errorf("got %v", err)
		}
	})
}

// What is stored is what a slip prints, in the printer's own memory and once.
func TestLogoOnPaper(t *testing.T) {
	for _, profile := range profilesWithLogo {
		inRoom(t, printer.Config{}, profile, nil, func(r *room) {
			r.ready()
			if err := r.p.StoreLogo(r.t.Context(), arms()); err != nil {
				r.t.Fatal(err)
			}
			withLogo := typical
			withLogo.Logo = true
			for range 3 {
				if _, err := r.p.Print(r.t.Context(), withLogo); err != nil {
					r.t.Fatal(err)
				}
			}
			if n := r.sim.MemoryWrites(); n != 1 {
				r.t.Errorf("%s: the memory was written %d times", profile.Logo, n)
			}
			for _, ticket := range r.sim.Tickets() {
				if len(ticket.Items) == 0 || ticket.Items[0].Kind != printer.ItemPicture {
					r.t.Errorf("%s: the ticket begins with %+v", profile.Logo, ticket.Items)
				}
			}
			for _, complaint := range r.sim.Complaints() {
				r.t.Errorf("%s: %s", profile.Logo, complaint)
			}
		})
	}
}
