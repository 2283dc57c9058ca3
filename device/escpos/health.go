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

	basic condition // by DLE EOT 1 to 4, automatic status, GS r
	more  condition // by the full status

	offline, recovering, paperStop, anyError bool
	ticketInExit, spooling, motor            bool
}

// A condition is what both ways can tell.
type condition struct {
	cover, nearEnd, paperEnd           bool
	cutter, mechanical, dead, hot, jam bool
}

// now joins both ways.
func (h *health) now() condition {
	a, b := h.basic, h.more
	return condition{
		cover: a.cover || b.cover, nearEnd: a.nearEnd || b.nearEnd, paperEnd: a.paperEnd || b.paperEnd,
		cutter: a.cutter || b.cutter, mechanical: a.mechanical || b.mechanical,
		dead: a.dead || b.dead, hot: a.hot || b.hot, jam: a.jam || b.jam,
	}
}

// realTime takes the answer to DLE EOT n.
func (h *health) realTime(n, b byte) {
	bit := func(i int) bool { return b&(1<<i) != 0 }
	c := &h.basic
	switch n {
	case askPrinter:
		h.offline, h.recovering = bit(3), bit(5)
	case askOffline:
		c.cover, h.paperStop, h.anyError = bit(2), bit(5), bit(6)
	case askError:
		c.mechanical, c.cutter, c.dead, c.hot = bit(2), bit(3), bit(5), bit(6)
	case askPaper:
		// Both bits of a sensor move together; one alone is noise.
		c.nearEnd = bit(2) && bit(3) && h.profile.NearEndSensor
		c.paperEnd = bit(5) && bit(6)
	}
	if int(n) < len(h.known) {
		h.known[n] = true
	}
}

// automatic takes an automatic status.
func (h *health) automatic(f [4]byte) {
	c := &h.basic
	h.offline, c.cover = f[0]&0x08 != 0, f[0]&0x20 != 0
	h.recovering = f[1]&0x01 != 0
	c.mechanical, c.cutter = f[1]&0x04 != 0, f[1]&0x08 != 0
	c.dead, c.hot = f[1]&0x20 != 0, f[1]&0x40 != 0
	h.anyError = f[1]&0x6c != 0
	h.paper(f[2])
	h.paperStop = c.paperEnd && h.offline
}

// paper takes an answer to GS r 1, which is also a byte of automatic status.
func (h *health) paper(b byte) {
	h.basic.nearEnd = b&0x03 == 0x03 && h.profile.NearEndSensor
	h.basic.paperEnd = b&0x0c == 0x0c
}

// full takes the four bytes of a full status.
func (h *health) full(f [4]byte) {
	paper, user, recoverable, unrecoverable := f[0], f[1], f[2], f[3]
	h.ticketInExit = paper&0x20 != 0
	h.spooling, h.motor = user&0x04 != 0, user&0x08 != 0
	h.more = condition{
		paperEnd: paper&0x01 != 0,
		nearEnd:  paper&0x04 != 0 && h.profile.NearEndSensor,
		cover:    user&0x03 != 0,
		hot:      recoverable&0x01 != 0,
		jam:      recoverable&0x40 != 0,
		cutter:   unrecoverable&0x03 != 0, // the knife, and its cover on some
		dead:     unrecoverable&0x4c != 0, // RAM, EEPROM, flash
	}
}

// complete reports whether every question has had its answer.
func (h *health) complete() bool {
	return h.known[1] && h.known[2] && h.known[3] && h.known[4]
}

func (h *health) stopped() bool {
	c := h.now()
	return h.offline || h.paperStop || h.anyError ||
		c.cover || c.paperEnd || c.cutter || c.mechanical || c.dead || c.hot || c.jam
}

// paperWanted reports whether somebody should bring a roll.
func (h *health) paperWanted() bool {
	c := h.now()
	return c.nearEnd || c.paperEnd
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
	c := h.now()
	add(c.paperEnd || h.paperStop, device.FaultPaperOut)
	add(c.cover, device.FaultCoverOpen)
	add(c.cutter, device.FaultCutter)
	add(c.hot, device.FaultHeadHot)
	add(c.mechanical || c.dead || c.jam || (h.anyError && len(faults) == 0), device.FaultError)
	add(h.offline && len(faults) == 0, device.FaultOffline)
	add(h.ticketInExit, device.FaultTicketInExit)
	add(c.nearEnd && !c.paperEnd, device.FaultPaperLow)
	return faults
}

// unexplained reports whether the printer is off line and nothing says why.
func (h *health) unexplained() bool {
	c := h.now()
	return h.offline && !h.paperStop && !h.anyError && c == condition{nearEnd: c.nearEnd}
}

// reason is the error that stands beside an outcome while the printer is stopped.
func (h *health) reason() error {
	if h.now().paperEnd || h.paperStop {
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
	case h.paperWanted() || h.ticketInExit:
		return device.StateDegraded
	default:
		return device.StateReady
	}
}
