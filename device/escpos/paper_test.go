package escpos_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
)

const eject = "\x1de\x05"

// presenter is a kiosk printer that holds its tickets out.
func presenter() profile.Profile {
	p := profile.Generic()
	p.Name, p.AutomaticStatus, p.FullStatus = "presenter", false, true
	p.Cut, p.FeedBeforeCutDots, p.PresentSteps, p.PresentCuts = "", 96, 12, true
	p.ClearMouth, p.ClearMouthAfterS, p.NextPushes = "1D 65 05", 60, true
	return p
}

const ticketInMouth = 0x20

// A ticket in the mouth is said, hinders nothing where the next one pushes it
// out, and is taken away when nobody does for a minute, once a minute.
func TestTicketInMouth(t *testing.T) {
	u := newPuppet()
	inRoom(t, noSim, presenter(), u.wire, func(r *room) {
		r.ready()
		u.pull(func() { u.full[0] = ticketInMouth })
		time.Sleep(3 * time.Second)
		if s := r.p.Status(); s.State != device.StateDegraded || !slices.Equal(s.Faults, []device.Fault{device.FaultTicketInExit}) {
			r.t.Errorf("status %+v", s)
		}
		if _, err := r.p.Print(r.t.Context(), slip); err != nil {
			r.t.Errorf("behind a ticket in the mouth: %v", err)
		}
		time.Sleep(55 * time.Second)
		if n := u.count(eject); n != 0 {
			r.t.Errorf("taken away %d times before its minute, which the next ticket began anew", n)
		}
		time.Sleep(10 * time.Second)
		if n := u.count(eject); n != 1 {
			r.t.Errorf("taken away %d times after its minute", n)
		}
		time.Sleep(time.Minute)
		if n := u.count(eject); n != 2 {
			r.t.Errorf("a ticket that would not go was tried %d times in two minutes", n)
		}
		u.pull(func() { u.full[0] = 0 })
		time.Sleep(5 * time.Minute)
		if s := r.p.Status(); s.State != device.StateReady || u.count(eject) != 2 {
			r.t.Errorf("status %+v, taken away %d times", s, u.count(eject))
		}
	})
}

// With no time limit the ticket hangs there for ever.
func TestTicketLeftInMouth(t *testing.T) {
	u := newPuppet()
	profile := presenter()
	profile.ClearMouthAfterS = 0
	inRoom(t, noSim, profile, u.wire, func(r *room) {
		r.ready()
		u.pull(func() { u.full[0] = ticketInMouth })
		time.Sleep(time.Hour)
		if n := u.count(eject); n != 0 {
			r.t.Errorf("taken away %d times", n)
		}
	})
}

// A printer that does not push a ticket out keeps the next one waiting for a few
// seconds and then takes the old one away; it never waits for ever.
func TestNextWaitsForMouth(t *testing.T) {
	u := newPuppet()
	profile := presenter()
	profile.NextPushes = false
	inRoom(t, noSim, profile, u.wire, func(r *room) {
		r.ready()
		u.pull(func() { u.full[0] = ticketInMouth })
		time.Sleep(2 * time.Second)
		go func() {
			for u.count(eject) == 0 {
				time.Sleep(50 * time.Millisecond)
			}
			u.pull(func() { u.full[0] = 0 })
		}()
		began := time.Now()
		if _, err := r.p.Print(r.t.Context(), slip); err != nil {
			r.t.Errorf("got %v", err)
		}
		if waited := time.Since(began); waited < 2*time.Second || waited > 8*time.Second {
			r.t.Errorf("waited %v", waited)
		}
		// One that cannot be moved fails the slip in its time, with the reason.
		u.pull(func() { u.full[0] = ticketInMouth })
		time.Sleep(2 * time.Second)
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrNotPrinted) || !errors.Is(err, escpos.ErrTicketInExit) {
			r.t.Errorf("got %v", err)
		}
	})
}
