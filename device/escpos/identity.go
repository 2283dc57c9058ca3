package escpos

import (
	"strings"
	"time"

	"eliminacode/device/escpos/profile"
)

const (
	identityWithin = time.Second
	identityLeast  = 300 * time.Millisecond
	identityQuiet  = 250 * time.Millisecond
)

// An identity is what the printer says that it is. It is asked once after a
// line is opened, before the first ticket, and shown to the technician; nothing
// is decided by it, since many a clone says that it is a TM-T88.
type identity struct {
	asked  bool
	ended  bool
	sentAt time.Time
	parts  []string
}

// busy reports whether answers to GS I may still come. No ticket may start: a
// model that answers in its own way could seem to confirm it.
func (i *identity) busy() bool { return i.asked && !i.ended }

// step says what to send, and whether the time for the answers is over. It is
// called while the way of confirming is known, no ticket is under way and the
// printer is not stopped; heard is when it last said anything.
func (i *identity) step(now, heard time.Time, p *Printer) (ask []byte, over bool) {
	switch {
	case i.ended:
	case i.asked:
		i.ended = !now.Before(i.due(heard, p))
		return nil, i.ended
	default:
		ask = identityQuestions(p.profile.Identity)
		if ask == nil {
			i.ended = true
			return nil, false
		}
		i.asked, i.sentAt = true, now
		// As at the probe: operands that the model takes for text are cleared.
		ask = append(ask, initialise(&p.profile)...)
	}
	return ask, false
}

// due is when the next step is, zero when there is none.
func (i *identity) due(heard time.Time, p *Printer) time.Time {
	if !i.busy() {
		return time.Time{}
	}
	answered := i.sentAt.Add(p.patience(identityWithin, identityLeast))
	if quiet := heard.Add(p.pace(identityQuiet, 50*time.Millisecond)); quiet.After(answered) {
		return quiet
	}
	return answered
}

func identityQuestions(way profile.Identity) []byte {
	switch way {
	case profile.IdentityText:
		return []byte{gs, 'I', 66, gs, 'I', 67, gs, 'I', 65} // maker, model, firmware
	case profile.IdentityByte:
		return []byte{gs, 'I', 1}
	default:
		return nil
	}
}

// block takes a text block.
func (i *identity) block(a Answer) {
	const textBlock = 0x5f
	if !i.busy() || a.Byte != textBlock || len(i.parts) == 3 {
		return
	}
	i.parts = append(i.parts, strings.TrimSpace(a.Text))
	i.ended = len(i.parts) == 3
}

// model takes a byte that is no other answer.
func (i *identity) model(b byte) bool {
	name := customModels[b]
	if !i.busy() || name == "" {
		return false
	}
	i.parts, i.ended = []string{"CUSTOM", name}, true
	return true
}

// customModels are Custom's answers to GS I 1.
var customModels = map[byte]string{0x5d: "VKP80II", 0x95: "VKP80II-EE", 0xb9: "VK80", 0xff: "VKP80III"}

// String is such as "EPSON TM-T20III, 1.23"; empty when nothing was said.
func (i *identity) String() string {
	if len(i.parts) < 3 {
		return strings.Join(i.parts, " ")
	}
	return i.parts[0] + " " + i.parts[1] + ", " + i.parts[2]
}
