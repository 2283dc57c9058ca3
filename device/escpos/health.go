package escpos

import (
	"eliminacode/device"
)

// health is what a printer has said about itself, by whichever way it came.
type health struct {
	profile *Profile
	known   [5]bool // by operand of DLE EOT 1 to 4

	offline, recovering                bool
	cover, paperStop, anyError         bool
	cutter, mechanical, dead, hot      bool
	nearEnd, paperEnd                  bool
	ticketInExit, spooling, motor, jam bool
}

// realTime takes the answer to DLE EOT n.
func (h *health) realTime(n, b byte) {
	bit := func(i int) bool { return b&(1<<i) != 0 }
	switch n {
	case askPrinter:
		h.offline, h.recovering = bit(3), bit(5)
	case askOffline:
		h.cover, h.paperStop, h.anyError = bit(2), bit(5), bit(6)
	case askError:
		h.mechanical, h.cutter, h.dead, h.hot = bit(2), bit(3), bit(5), bit(6)
	case askPaper:
		// Both bits of a sensor move together; one alone is noise.
		h.nearEnd = bit(2) && bit(3) && h.profile.NearEndSensor
		h.paperEnd = bit(5) && bit(6)
	}
	if int(n) < len(h.known) {
		h.known[n] = true
	}
}

// automatic takes an automatic status.
func (h *health) automatic(f [4]byte) {
	h.offline, h.cover = f[0]&0x08 != 0, f[0]&0x20 != 0
	h.recovering = f[1]&0x01 != 0
	h.mechanical, h.cutter = f[1]&0x04 != 0, f[1]&0x08 != 0
	h.dead, h.hot = f[1]&0x20 != 0, f[1]&0x40 != 0
	h.anyError = f[1]&0x6c != 0
	h.nearEnd = f[2]&0x03 == 0x03 && h.profile.NearEndSensor
	h.paperEnd = f[2]&0x0c == 0x0c
	h.paperStop = h.paperEnd && h.offline
}

// paper takes an answer to GS r 1.
func (h *health) paper(b byte) {
	h.nearEnd = b&0x03 == 0x03 && h.profile.NearEndSensor
	h.paperEnd = b&0x0c == 0x0c
}

// full takes the four bytes of a full status.
func (h *health) full(f [4]byte) {
	paper, user, recoverable, unrecoverable := f[0], f[1], f[2], f[3]
	h.paperEnd = paper&0x01 != 0
	h.nearEnd = paper&0x04 != 0 && h.profile.NearEndSensor
	h.ticketInExit = paper&0x20 != 0
	h.cover = user&0x03 != 0
	h.spooling, h.motor = user&0x04 != 0, user&0x08 != 0
	h.hot = recoverable&0x01 != 0
	h.jam = recoverable&0x40 != 0
	h.cutter = unrecoverable&0x03 != 0 // the knife, and its cover on some
	h.dead = unrecoverable&0x4c != 0   // RAM, EEPROM, flash
}

// complete reports whether every question has had its answer.
func (h *health) complete() bool {
	return h.known[1] && h.known[2] && h.known[3] && h.known[4]
}

func (h *health) stopped() bool {
	return h.offline || h.cover || h.paperStop || h.paperEnd || h.anyError ||
		h.cutter || h.mechanical || h.dead || h.hot || h.jam
}

// faults names what is wrong, worst first. Off-line is said only when nothing
// better explains it.
func (h *health) faults() []device.Fault {
	var faults []device.Fault
	add := func(wrong bool, f device.Fault) {
		if wrong {
			faults = append(faults, f)
		}
	}
	add(h.paperEnd || h.paperStop, device.FaultPaperOut)
	add(h.cover, device.FaultCoverOpen)
	add(h.cutter, device.FaultCutter)
	add(h.hot, device.FaultHeadHot)
	add(h.mechanical || h.dead || h.jam || (h.anyError && len(faults) == 0), device.FaultError)
	add(h.offline && len(faults) == 0, device.FaultOffline)
	add(h.ticketInExit, device.FaultTicketInExit)
	add(h.nearEnd && !h.paperEnd, device.FaultPaperLow)
	return faults
}

// reason is the error that stands beside an outcome while the printer is stopped.
func (h *health) reason() error {
	if h.paperEnd || h.paperStop {
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
	case h.nearEnd || h.ticketInExit:
		return device.StateDegraded
	default:
		return device.StateReady
	}
}
