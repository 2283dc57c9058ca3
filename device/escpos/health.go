package escpos

import (
	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// health is what a printer has said about itself, by whichever way it came. A
// fault that one way tells counts until that way takes it back: some models
// tell by one what they do not tell by the other.
type health struct {
	profile *profile.Profile
	known   [5]bool // by operand of DLE EOT 1 to 4
	basic   signs   // by DLE EOT 1 to 4, automatic status, GS r
	more    signs   // by the full status
}

// signs are what a printer says is so.
type signs uint16

const (
	offline signs = 1 << iota
	paperStop
	paperEnd
	cover
	cutter
	mechanical
	dead
	hot
	jam
	anyError // by itself it says no more
	nearEnd
	ticketInExit
	moving // printing, or something received and not printed yet
)

// stoppers keep the printer from printing.
const stoppers = offline | paperStop | paperEnd | cover | cutter | mechanical | dead | hot | jam | anyError

func (s *signs) set(which signs, on bool) {
	*s &^= which
	if on {
		*s |= which
	}
}

func (h *health) now() signs { return h.basic | h.more }

func (h *health) has(any signs) bool { return h.now()&any != 0 }

// realTime takes the answer to DLE EOT n.
func (h *health) realTime(n, b byte) {
	bits := func(mask byte) bool { return b&mask == mask }
	s := &h.basic
	switch n {
	case askPrinter:
		s.set(offline, bits(0x08))
	case askOffline:
		s.set(cover, bits(0x04))
		s.set(paperStop, bits(0x20))
		s.set(anyError, bits(0x40))
	case askError:
		s.set(mechanical, bits(0x04))
		s.set(cutter, bits(0x08))
		s.set(dead, bits(0x20))
		s.set(hot, bits(0x40))
	case askPaper:
		// Both bits of a sensor move together; one alone is noise.
		s.set(nearEnd, bits(0x0c) && h.profile.NearEndSensor)
		s.set(paperEnd, bits(0x60))
	}
	h.known[n] = true
}

// automatic takes an automatic status.
func (h *health) automatic(f [4]byte) {
	s := &h.basic
	s.set(offline, f[0]&0x08 != 0)
	s.set(cover, f[0]&0x20 != 0)
	s.set(mechanical, f[1]&0x04 != 0)
	s.set(cutter, f[1]&0x08 != 0)
	s.set(dead, f[1]&0x20 != 0)
	s.set(hot, f[1]&0x40 != 0)
	s.set(anyError, f[1]&0x6c != 0)
	h.paper(f[2])
	s.set(paperStop, *s&offline != 0 && *s&paperEnd != 0)
}

// paper takes an answer to GS r 1, which is also a byte of automatic status.
func (h *health) paper(b byte) {
	h.basic.set(nearEnd, b&0x03 == 0x03 && h.profile.NearEndSensor)
	h.basic.set(paperEnd, b&0x0c == 0x0c)
}

// full takes the four bytes of a full status.
func (h *health) full(f [4]byte) {
	paper, user, recoverable, unrecoverable := f[0], f[1], f[2], f[3]
	s := &h.more
	s.set(paperEnd, paper&0x01 != 0)
	s.set(nearEnd, paper&0x04 != 0 && h.profile.NearEndSensor)
	s.set(ticketInExit, paper&0x20 != 0)
	s.set(cover, user&0x03 != 0)
	s.set(moving, user&0x0c != 0)
	s.set(hot, recoverable&0x01 != 0)
	s.set(jam, recoverable&0x40 != 0)
	s.set(cutter, unrecoverable&0x03 != 0) // the knife, and its cover on some
	s.set(dead, unrecoverable&0x4c != 0)   // RAM, EEPROM, flash
}

// complete reports whether every question has had its answer.
func (h *health) complete() bool { return h.known[1] && h.known[2] && h.known[3] && h.known[4] }

func (h *health) stopped() bool { return h.has(stoppers) }

// unexplained reports whether the printer is off line and nothing says why.
func (h *health) unexplained() bool { return h.now()&stoppers == offline }

// faults names what is wrong, worst first. That it is off line, or has an error,
// is said only when nothing better explains it.
func (h *health) faults() (all []device.Fault) {
	for _, f := range []struct {
		signs signs
		fault device.Fault
		alone bool
	}{
		{paperEnd | paperStop, device.FaultPaperOut, false}, {cover, device.FaultCoverOpen, false},
		{cutter, device.FaultCutter, false}, {hot, device.FaultHeadHot, false},
		{mechanical | dead | jam, device.FaultError, false}, {anyError, device.FaultError, true},
		{offline, device.FaultOffline, true}, {ticketInExit, device.FaultTicketInExit, false},
	} {
		if h.has(f.signs) && !(f.alone && len(all) > 0) {
			all = append(all, f.fault)
		}
	}
	if h.has(nearEnd) && !h.has(paperEnd) {
		all = append(all, device.FaultPaperLow)
	}
	return all
}

// reason is the error that stands beside an outcome while the printer is stopped.
func (h *health) reason() error {
	if h.has(paperEnd | paperStop) {
		return device.ErrPaperOut
	}
	return device.ErrStopped
}

func (h *health) state() device.State {
	switch {
	case !h.complete():
		return device.StateUnknown
	case h.stopped():
		return device.StateStopped
	case h.has(nearEnd | ticketInExit):
		return device.StateDegraded
	default:
		return device.StateReady
	}
}
