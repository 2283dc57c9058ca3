package escpos

import (
	"errors"
	"fmt"
	"slices"

	"eliminacode/device"
)

// MaxSlipBytes is the most that one ticket may take on the wire: half a second
// at 9600 baud, and an eighth of a usual receive buffer.
const MaxSlipBytes = 512

// A Profile says how one model of printer differs from the others. It is plain
// data: the settings of a box fill it, nothing here reads a file.
type Profile struct {
	// Name identifies the profile, such as "epson-generic".
	Name string

	// Columns is how many characters of font A (12 dots) fit a line: 48 on
	// 80 mm paper, 42 on 180 dpi heads, 32 on 58 mm paper.
	Columns int
	// ColumnsB is the same for font B (9 dots); 0 when the printer has none.
	ColumnsB int
	// HeadDots is the width of the print head, such as 576 or 384.
	HeadDots int

	// CodePage is one of CP437, CP850, CP858, CP1252, ISO8859-15.
	CodePage string
	// CodePageN is the n of ESC t n that selects it on this model.
	CodePageN byte

	// Acks are the ways in which the printer may confirm a ticket, best first.
	// The first one that it answers when the line is opened is used.
	Acks []device.Rung
	// StrictFixedBits: real-time answers have bits 1 and 4 set and bits 0 and
	// 7 clear, as Epson says. False accepts models that leave them clear.
	StrictFixedBits bool
	// ASB: the printer reports changes by itself after GS a.
	ASB bool
	// FullStatus: the printer answers DLE EOT 20 with six bytes (Custom,
	// Pyramid).
	FullStatus bool
	// NearEndSensor: the roll has a sensor for paper that runs low. Without
	// one its bits are ignored, because they float.
	NearEndSensor bool

	// NativeQR: the printer draws QR codes itself. Without it the content is
	// printed as text, because a picture would take seconds on a serial line.
	NativeQR bool

	// FeedBeforeCutDots is fed before Cut, for a cutter that sits behind the
	// head and whose cut command does not feed by itself.
	FeedBeforeCutDots int
	// Cut is the command that cuts, such as GS V 66 0. Empty means that there
	// is no cutter and the paper is torn by hand.
	Cut []byte
	// PresentSteps moves the cut ticket out of the mouth with GS e 3 n. The
	// length of a step differs by model. 0 when there is no presenter.
	PresentSteps int

	// BufferBytes is the size of the receive buffer, 0 when not known. A slip
	// that does not fit it is refused.
	BufferBytes int
	// SettleMillis is how long the slowest ticket takes from its first byte to
	// the cut. Only rung "clean" waits for it, having nothing better.
	SettleMillis int
}

// Generic is a plain 80 mm printer with Epson's commands and no process id.
func Generic() Profile {
	return Profile{
		Name:            "epson-generic",
		Columns:         48,
		ColumnsB:        64,
		HeadDots:        576,
		CodePage:        "CP858",
		CodePageN:       19,
		Acks:            []device.Rung{device.RungExecuted, device.RungClean},
		StrictFixedBits: true,
		ASB:             true,
		NearEndSensor:   true,
		NativeQR:        true,
		Cut:             []byte{gs, 'V', 66, 0},
		BufferBytes:     4096,
		SettleMillis:    2500,
	}
}

// GenericProcessID is an 80 mm printer that confirms a ticket by its id.
func GenericProcessID() Profile {
	p := Generic()
	p.Name = "epson-process-id"
	p.Acks = []device.Rung{device.RungProcessID, device.RungExecuted}
	return p
}

// Generic58 is a plain 58 mm printer.
func Generic58() Profile {
	p := Generic()
	p.Name = "generic-58"
	p.Columns, p.ColumnsB, p.HeadDots = 32, 42, 384
	return p
}

// Validate returns every fault of the profile at once, joined, or nil.
func (p Profile) Validate() error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf("profile %q: "+format, append([]any{p.Name}, args...)...))
		}
	}
	fault(p.Name == "", "has no name")
	fault(p.Columns < 16 || p.Columns > 80, "columns must be from 16 to 80, not %d", p.Columns)
	fault(p.ColumnsB != 0 && (p.ColumnsB < p.Columns || p.ColumnsB > 120),
		"font B columns must be 0 or from %d to 120, not %d", p.Columns, p.ColumnsB)
	fault(p.HeadDots < 192 || p.HeadDots > 1280, "head dots must be from 192 to 1280, not %d", p.HeadDots)
	fault(codePages[p.CodePage] == nil,
		"code page must be CP437, CP850, CP858, CP1252 or ISO8859-15, not %q", p.CodePage)
	fault(len(p.Acks) == 0, "allows no way to confirm a ticket; name process-id, executed or clean")
	for i, rung := range p.Acks {
		fault(rungOrder(rung) < 0, "knows no rung %q; use process-id, executed or clean", rung)
		fault(i > 0 && rungOrder(rung) <= rungOrder(p.Acks[i-1]), "rungs must stand best first, each once")
	}
	fault(p.FeedBeforeCutDots < 0 || p.FeedBeforeCutDots > 1000,
		"feed before cut must be from 0 to 1000 dots, not %d", p.FeedBeforeCutDots)
	fault(len(p.Cut) > 16, "cut command must have at most 16 bytes, not %d", len(p.Cut))
	fault(realTimeAt(p.Cut) >= 0, "cut command must not contain a real-time command")
	fault(p.PresentSteps < 0 || p.PresentSteps > 255, "present steps must be from 0 to 255, not %d", p.PresentSteps)
	fault(p.BufferBytes < 0, "buffer must not be negative")
	fault(p.SettleMillis < 0 || p.SettleMillis > 30_000,
		"settle time must be from 0 to 30000 ms, not %d", p.SettleMillis)
	fault(p.SettleMillis == 0 && slices.Contains(p.Acks, device.RungClean),
		"rung clean needs a settle time in ms, such as 2500")
	return errors.Join(faults...)
}

func rungOrder(r device.Rung) int {
	return slices.Index([]device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}, r)
}
