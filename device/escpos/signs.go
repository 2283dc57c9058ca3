package escpos

import (
	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// signs are what a printer has said about itself, by whichever way it came. A
// fault that one way tells counts until that way takes it back: some models
// tell by one what they do not tell by the other.
type signs struct {
	profile *profile.Profile
	known   [5]bool // by operand of DLE EOT 1 to 4
	basic   sign    // by DLE EOT 1 to 4, automatic status, GS r
	more    sign    // by the full status
}

// A sign is what a printer says is so.
type sign uint16

const (
	offline sign = 1 << iota
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

func (s *sign) set(which sign, on bool) {
	*s &^= which
	if on {
		*s |= which
	}
}

func (s *signs) now() sign { return s.basic | s.more }

func (s *signs) has(any sign) bool { return s.now()&any != 0 }

// realTime takes the answer to DLE EOT n.
func (s *signs) realTime(n, b byte) {
	bits := func(mask byte) bool { return b&mask == mask }
	set := s.basic.set
	switch n {
	case askPrinter:
		set(offline, bits(0x08))
	case askOffline:
		set(cover, bits(0x04))
		set(paperStop, bits(0x20))
		set(anyError, bits(0x40))
	case askError:
		set(mechanical, bits(0x04))
		set(cutter, bits(0x08))
		set(dead, bits(0x20))
		set(hot, bits(0x40))
	case askPaper:
		// Both bits of a sensor move together; one alone is noise.
		set(nearEnd, bits(0x0c) && s.profile.NearEndSensor)
		set(paperEnd, bits(0x60))
	}
	s.known[n] = true
}

// automatic takes an automatic status.
func (s *signs) automatic(f [4]byte) {
	set := s.basic.set
	set(offline, f[0]&0x08 != 0)
	set(cover, f[0]&0x20 != 0)
	set(mechanical, f[1]&0x04 != 0)
	set(cutter, f[1]&0x08 != 0)
	set(dead, f[1]&0x20 != 0)
	set(hot, f[1]&0x40 != 0)
	set(anyError, f[1]&0x6c != 0)
	s.paper(f[2])
	set(paperStop, s.basic&offline != 0 && s.basic&paperEnd != 0)
}

// paper takes an answer to GS r 1, which is also a byte of automatic status.
func (s *signs) paper(b byte) {
	s.basic.set(nearEnd, b&0x03 == 0x03 && s.profile.NearEndSensor)
	s.basic.set(paperEnd, b&0x0c == 0x0c)
}

// full takes the four bytes of a full status.
func (s *signs) full(f [4]byte) {
	paper, user, recoverable, unrecoverable := f[0], f[1], f[2], f[3]
	set := s.more.set
	set(paperEnd, paper&0x01 != 0)
	set(nearEnd, paper&0x04 != 0 && s.profile.NearEndSensor)
	set(ticketInExit, paper&0x20 != 0)
	set(cover, user&0x03 != 0)
	set(moving, user&0x0c != 0)
	set(hot, recoverable&0x01 != 0)
	set(jam, recoverable&0x40 != 0)
	set(cutter, unrecoverable&0x03 != 0) // the knife, and its cover on some
	set(dead, unrecoverable&0x4c != 0)   // RAM, EEPROM, flash
}

// complete reports whether every question has had its answer.
func (s *signs) complete() bool { return s.known[1] && s.known[2] && s.known[3] && s.known[4] }

func (s *signs) stopped() bool { return s.has(stoppers) }

// unexplained reports whether the printer is off line and nothing says why.
func (s *signs) unexplained() bool { return s.now()&stoppers == offline }

// faults names what is wrong, worst first. That it is off line, or has an error,
// is said only when nothing better explains it.
func (s *signs) faults() (all []device.Fault) {
	for _, f := range []struct {
		sign  sign
		fault device.Fault
		alone bool
	}{
		{paperEnd | paperStop, device.FaultPaperOut, false}, {cover, device.FaultCoverOpen, false},
		{cutter, device.FaultCutter, false}, {hot, device.FaultHeadHot, false},
		{mechanical | dead | jam, device.FaultError, false}, {anyError, device.FaultError, true},
		{offline, device.FaultOffline, true}, {ticketInExit, device.FaultTicketInExit, false},
	} {
		if s.has(f.sign) && !(f.alone && len(all) > 0) {
			all = append(all, f.fault)
		}
	}
	if s.has(nearEnd) && !s.has(paperEnd) {
		all = append(all, device.FaultPaperLow)
	}
	return all
}

// reason is the error that stands beside an outcome while the printer is stopped.
func (s *signs) reason() error {
	if s.has(paperEnd | paperStop) {
		return device.ErrPaperOut
	}
	return device.ErrStopped
}

func (s *signs) state() device.State {
	switch {
	case !s.complete():
		return device.StateUnknown
	case s.stopped():
		return device.StateStopped
	case s.has(nearEnd | ticketInExit):
		return device.StateDegraded
	default:
		return device.StateReady
	}
}
