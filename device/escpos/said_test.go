package escpos_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
)

// Every fault that a printer can have is shown by its own word, whichever way
// it is said, and goes when the printer says so.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(*puppet)
		state device.State
		want  []device.Fault
	}{
		{"off line", func(u *puppet) { u.status[1] |= 0x08 }, device.StateStopped, []device.Fault{device.FaultOffline}},
		{"cover", func(u *puppet) { u.status[1] |= 0x08; u.status[2] |= 0x04 }, device.StateStopped, []device.Fault{device.FaultCoverOpen}},
		{"paper end", func(u *puppet) { u.status[1] |= 0x08; u.status[2] |= 0x20; u.status[4] |= 0x6c }, device.StateStopped, []device.Fault{device.FaultPaperOut}},
		{"near end", func(u *puppet) { u.status[4] |= 0x0c }, device.StateDegraded, []device.Fault{device.FaultPaperLow}},
		{"cutter", func(u *puppet) { u.status[2] |= 0x40; u.status[3] |= 0x08 }, device.StateStopped, []device.Fault{device.FaultCutter}},
		{"head hot", func(u *puppet) { u.status[2] |= 0x40; u.status[3] |= 0x40 }, device.StateStopped, []device.Fault{device.FaultHeadHot}},
		{"unrecoverable", func(u *puppet) { u.status[2] |= 0x40; u.status[3] |= 0x20 }, device.StateStopped, []device.Fault{device.FaultError}},
		{"one bit of a sensor", func(u *puppet) { u.status[4] |= 0x48 }, device.StateReady, nil},
		{"full: paper end", func(u *puppet) { u.full[0] |= 0x01 }, device.StateStopped, []device.Fault{device.FaultPaperOut}},
		{"full: near end", func(u *puppet) { u.full[0] |= 0x04 }, device.StateDegraded, []device.Fault{device.FaultPaperLow}},
		{"full: mouth", func(u *puppet) { u.full[0] |= 0x20 }, device.StateDegraded, []device.Fault{device.FaultTicketInExit}},
		{"full: head up", func(u *puppet) { u.full[1] |= 0x01 }, device.StateStopped, []device.Fault{device.FaultCoverOpen}},
		{"full: cover", func(u *puppet) { u.full[1] |= 0x02 }, device.StateStopped, []device.Fault{device.FaultCoverOpen}},
		{"full: keys and motor", func(u *puppet) { u.full[1] |= 0x6c }, device.StateReady, nil},
		{"full: head hot", func(u *puppet) { u.full[2] |= 0x01 }, device.StateStopped, []device.Fault{device.FaultHeadHot}},
		{"full: jam", func(u *puppet) { u.full[2] |= 0x40 }, device.StateStopped, []device.Fault{device.FaultError}},
		{"full: cutter", func(u *puppet) { u.full[3] |= 0x01 }, device.StateStopped, []device.Fault{device.FaultCutter}},
		{"full: flash", func(u *puppet) { u.full[3] |= 0x40 }, device.StateStopped, []device.Fault{device.FaultError}},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := newPuppet()
			inRoom(t, noSim, presenter(), u.wire, func(r *room) {
				r.ready()
				u.pull(func() { c.set(u) })
				time.Sleep(2 * time.Second)
				if s := r.p.Status(); s.State != c.state || !slices.Equal(s.Faults, c.want) {
					r.t.Errorf("status %+v", s)
				}
				u.pull(func() { u.status, u.full = newPuppet().status, [4]byte{} })
				time.Sleep(2 * time.Second)
				if s := r.p.Status(); s.State != device.StateReady || len(s.Faults) > 0 {
					r.t.Errorf("afterwards %+v", s)
				}
			})
		})
	}
}

// A printer that falls silent is lost, and says since when.
func TestFallsSilent(t *testing.T) {
	u := newPuppet()
	inRoom(t, noSim, profile.Generic(), u.wire, func(r *room) {
		r.ready()
		u.pull(func() { u.mute = true })
		went := time.Now()
		time.Sleep(10 * time.Second)
		s := r.p.Status()
		if s.State != device.StateLost || !slices.Equal(s.Faults, []device.Fault{device.FaultSilent}) || s.Seen.Sub(went) > time.Second {
			r.t.Errorf("status %+v", s)
		}
		u.pull(func() { u.mute = false })
		time.Sleep(15 * time.Second)
		if s := r.p.Status(); s.State != device.StateReady || s.Count.Retries == 0 {
			r.t.Errorf("status %+v", s)
		}
	})
}

// A printer without power for a moment may have lost a ticket's beginning and still
// confirm its end: a question that it never heard tells.
func TestAMomentWithoutPowerIsNotPrinted(t *testing.T) {
	for name, c := range map[string]struct {
		deaf bool
		then string // what it says behind the confirmation
		want error
	}{
		"it hears everything":           {false, "", nil},
		"the question's answer is late": {true, "\x12", nil},
		"the question was never heard":  {true, "", device.ErrUnknownOutcome},
	} {
		u := newPuppet()
		inRoom(t, noSim, profile.GenericProcessID(), u.wire, func(r *room) {
			r.ready()
			probed := 0
			u.pull(func() { u.muteJob, probed = true, len(u.ids) })
			go func() {
				for begun := false; !begun; u.pull(func() { begun = len(u.ids) > probed }) {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(100 * time.Millisecond)
				u.pull(func() { u.mute = c.deaf })
				time.Sleep(300 * time.Millisecond)
				var id string
				u.pull(func() { u.mute, id = false, u.ids[len(u.ids)-1] })
				u.say("\x37\x22" + id + "\x00" + c.then)
			}()
			if _, err := r.p.Print(r.t.Context(), slip); !errors.Is(err, c.want) {
				r.t.Errorf("%s: got %v", name, err)
			}
		})
	}
}

// What a printer says of its own accord about going away is believed at once.
func TestSaysThatItGoes(t *testing.T) {
	for name, said := range map[string]string{"power off": "\x3b1\x00", "off line under a job": "\x37\x231\x00"} {
		u := newPuppet()
		inRoom(t, noSim, profile.GenericProcessID(), u.wire, func(r *room) {
			r.ready()
			u.pull(func() { u.status[1] |= 0x08 })
			u.say(said)
			time.Sleep(200 * time.Millisecond)
			if s := r.p.Status(); s.State != device.StateStopped || !slices.Equal(s.Faults, []device.Fault{device.FaultOffline}) {
				r.t.Errorf("%s: status %+v", name, s)
			}
		})
	}
}

// Somebody who clears the printer's buffer under a ticket makes it unknown.
func TestClearedUnderATicket(t *testing.T) {
	u := newPuppet()
	inRoom(t, noSim, profile.GenericProcessID(), u.wire, func(r *room) {
		r.ready()
		u.pull(func() { u.muteJob = true })
		go func() { time.Sleep(time.Second); u.say("\x37\x25\x00") }()
		_, err := r.p.Print(r.t.Context(), slip)
		if !errors.Is(err, device.ErrUnknownOutcome) || !errors.Is(err, escpos.ErrCleared) {
			r.t.Errorf("got %v", err)
		}
	})
}

// What the printer says that it is stands in the status, and is asked once and
// before the first ticket. A model that answers nothing, or in a way of its own,
// only costs a second.
func TestIdentity(t *testing.T) {
	custom := profile.Generic()
	custom.Identity = profile.IdentityByte
	none := profile.Generic()
	none.Identity = profile.IdentityNone
	for _, c := range []struct {
		name    string
		profile profile.Profile
		answers map[string]string
		want    string
		asked   int
	}{
		{"Epson", profile.Generic(), map[string]string{"\x1dI\x42": "\x5fEPSON\x00", "\x1dI\x43": "\x5fTM-T20III\x00", "\x1dI\x41": "\x5f1.23\x00"}, "EPSON TM-T20III, 1.23", 1},
		{"maker only", profile.Generic(), map[string]string{"\x1dI\x42": "\x5fEPSON\x00"}, "EPSON", 1},
		{"silent", profile.Generic(), nil, "/dev/ttyTEST", 1},
		{"without a head", profile.Generic(), map[string]string{"\x1dI\x42": "RONGTA\x00"}, "/dev/ttyTEST", 1},
		{"Custom", custom, map[string]string{"\x1dI\x01": "\x5d"}, "CUSTOM VKP80II", 1},
		{"not asked", none, nil, "/dev/ttyTEST", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := newPuppet()
			if c.answers != nil {
				u.answers = c.answers
			}
			inRoom(t, noSim, c.profile, u.wire, func(r *room) {
				if _, err := r.p.Print(r.t.Context(), slip); err != nil {
					r.t.Error(err)
				}
				ticket := strings.Index(u.all(), "A042")
				if asked := strings.LastIndex(u.all(), "\x1dI"); asked > ticket {
					r.t.Errorf("asked behind the ticket")
				}
				time.Sleep(time.Minute)
				if s := r.p.Status(); !strings.HasSuffix(s.Detail, c.want) || s.Rung != device.RungExecuted {
					r.t.Errorf("detail %q", s.Detail)
				}
				first := map[profile.Identity]string{profile.IdentityByte: "\x1dI\x01"}[c.profile.Identity]
				if first == "" {
					first = "\x1dI\x42"
				}
				if n := u.count(first); n != c.asked {
					r.t.Errorf("asked %d times", n)
				}
			})
		})
	}
}

// A ticket given up as unknown is told exactly once when its answer comes after
// all: at once, behind later tickets, on a line opened anew, and never twice.
func TestLateAnswers(t *testing.T) {
	for _, how := range []string{"at once", "behind later tickets", "on a new line"} {
		t.Run(how, func(t *testing.T) {
			u := newPuppet()
			inRoom(t, noSim, profile.GenericProcessID(), u.wire, func(r *room) {
				r.ready()
				u.pull(func() { u.muteJob = true })
				_, err := r.p.Print(r.t.Context(), named("L001"))
				if !errors.Is(err, device.ErrUnknownOutcome) {
					r.t.Fatalf("got %v", err)
				}
				u.mu.Lock()
				var id string
				for _, asked := range u.ids {
					if strings.Contains(string(u.heard), "L001") && strings.Index(string(u.heard), asked) > strings.Index(string(u.heard), "L001") {
						id = asked
						break
					}
				}
				u.mu.Unlock()
				u.pull(func() { u.muteJob = false })
				switch how {
				case "behind later tickets":
					for i := range 5 {
						if _, err := r.p.Print(r.t.Context(), named(fmt.Sprintf("N%03d", i))); err != nil {
							r.t.Fatal(err)
						}
					}
				case "on a new line":
					u.hangUp()
					time.Sleep(5 * time.Second)
				}
				if before := r.p.Status().Count; before.Unknown != 1 {
					r.t.Errorf("counted %+v", before)
				}
				for range 3 {
					u.say("\x37\x22" + id + "\x00")
					time.Sleep(time.Second)
				}
				r.mu.Lock()
				defer r.mu.Unlock()
				if !slices.Equal(r.late, []string{"L001"}) {
					r.t.Errorf("late %q", r.late)
				}
				if after := r.p.Status().Count; after.Unknown != 0 || after.Printed < 1 {
					r.t.Errorf("counted %+v", after)
				}
			})
		})
	}
}

// Beyond the end of its caller a ticket is still followed, and told by every
// rung that confirms it.
func TestLateBeyondCaller(t *testing.T) {
	for _, profile := range []profile.Profile{profile.Generic(), profile.GenericProcessID()} {
		inRoom(t, noSim, profile, nil, func(r *room) {
			r.ready()
			if _, err := r.p.Print(shortly(r.t), named("L001")); !errors.Is(err, device.ErrUnknownOutcome) {
				r.t.Fatalf("got %v", err)
			}
			if _, err := r.p.Print(r.t.Context(), named("N002")); err != nil {
				r.t.Fatal(err)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if !slices.Equal(r.late, []string{"L001"}) {
				r.t.Errorf("%s: late %q", profile.Name, r.late)
			}
			if c := r.p.Status().Count; c.Printed != 2 || c.Unknown != 0 {
				r.t.Errorf("%s: counted %+v", profile.Name, c)
			}
		})
	}
}
