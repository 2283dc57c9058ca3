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

// stepIdentity asks, and stops waiting.
func (s *session) stepIdentity(now time.Time) {
	i := &s.identity
	if i.ended || s.rung == "" || s.job != nil || s.health.stopped() {
		return
	}
	if i.asked {
		quiet := s.lastInput.Add(s.p.pace(identityQuiet, 50*time.Millisecond))
		if s.after(now, i.sentAt.Add(s.p.patience(identityWithin, identityLeast))) && s.after(now, quiet) {
			i.ended = true
			// What a model babbles must not reach into a ticket's answer.
			s.dec.Settle(func(Answer) {})
		}
		return
	}
	ask := identityQuestions(s.profile().Identity)
	if ask == nil {
		i.ended = true
		return
	}
	// As at the probe: operands that the model takes for text are cleared.
	s.send(append(ask, s.initialise()...))
	i.asked, i.sentAt = true, now
	s.due(now.Add(s.p.patience(identityWithin, identityLeast)))
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

// initialise is ESC @ and what it may have switched off.
func (s *session) initialise() []byte {
	b := commandInit()
	if s.profile().AutomaticStatus {
		b = append(b, commandASB()...)
	}
	return b
}
