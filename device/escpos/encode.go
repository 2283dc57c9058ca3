package escpos

import (
	"bytes"
	"fmt"

	"eliminacode/device"
)

// Dot counts of the layout, at 8 dots a millimetre.
const (
	fontDots    = 12  // width of a character of font A
	gapDots     = 16  // between the parts of a ticket
	qrWantDots  = 200 // 25 mm: read at arm's length by any phone
	maxNumber   = 16  // characters; a number is short or it is a mistake
	cornerWidth = 8   // the widest character a printer knows
)

// Encode turns a slip into the bytes of one ticket for this profile, ending in
// the request that the first of its Acks answers. It is pure: same arguments,
// same bytes. The error is device.ErrSlipTooLong when the ticket would take more
// than MaxSlipBytes or its QR content is too long for a code of that size.
//
// Characters that the code page lacks are transliterated, control characters
// become question marks, and no real-time command can occur in the bytes.
func Encode(p Profile, slip device.Slip, id ID) ([]byte, error) {
	job, _, err := encode(p, slip, id)
	return job, err
}

// encode also says at which byte the number begins: a ticket cut off before it
// can be read by nobody.
func encode(p Profile, slip device.Slip, id ID) (job []byte, numberAt int, err error) {
	if err := p.Validate(); err != nil {
		return nil, 0, fmt.Errorf("encoding slip: %w", err)
	}
	e := encoder{profile: p}
	e.begin()
	e.header(slip)
	e.service(slip)
	numberAt, err = e.number(slip)
	if err != nil {
		return nil, 0, fmt.Errorf("encoding slip: %w", err)
	}
	e.facts(slip.Facts)
	if err := e.qr(slip.QR); err != nil {
		return nil, 0, fmt.Errorf("encoding slip: %w", err)
	}
	if slip.QR == "" || !p.NativeQR {
		e.feed(gapDots) // a drawn code has its own margin
	}
	e.notes(slip.Notes)
	e.end(id)

	limit := MaxSlipBytes
	if p.BufferBytes > 0 {
		limit = min(limit, p.BufferBytes)
	}
	if e.out.Len() > limit {
		return nil, 0, fmt.Errorf("encoding slip: %w: it takes %d bytes and %d are allowed; shorten header, facts or notes",
			device.ErrSlipTooLong, e.out.Len(), limit)
	}
	if at := realTimeAt(e.out.Bytes()); at >= 0 {
		return nil, 0, fmt.Errorf("encoding slip: byte %d: %w", at, ErrRealTime)
	}
	return e.out.Bytes(), numberAt, nil
}

// A style is the look of characters. The encoder sends only what changes.
type style struct {
	width, height int // 1 to 8
	bold, reverse bool
	fontB         bool
}

var plain = style{width: 1, height: 1}

type encoder struct {
	profile Profile
	out     bytes.Buffer
	now     style
}

func (e *encoder) put(b ...byte) { e.out.Write(b) }

func (e *encoder) begin() {
	e.put(commandInit()...)
	if e.profile.ASB {
		// Initialising stops automatic status on some models; asking again
		// costs three bytes and yields the status at the start of printing.
		e.put(commandASB()...)
	}
	e.put(esc, 't', e.profile.CodePageN)
	e.put(esc, 'a', 1)
	e.now = plain
}

func (e *encoder) look(s style) {
	if s.fontB != e.now.fontB {
		e.put(esc, 'M', bit(s.fontB))
	}
	if s.width != e.now.width || s.height != e.now.height {
		e.put(gs, '!', byte((s.width-1)<<4|(s.height-1)))
	}
	if s.bold != e.now.bold {
		e.put(esc, 'E', bit(s.bold))
	}
	if s.reverse != e.now.reverse {
		e.put(gs, 'B', bit(s.reverse))
	}
	e.now = s
}

func bit(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// feed moves the paper by dots, which are motion units of the head.
func (e *encoder) feed(dots int) {
	for ; dots > 0; dots -= 255 {
		e.put(esc, 'J', byte(min(dots, 255)))
	}
}

// columns is how many characters of a style fit a line.
func (e *encoder) columns(s style) int {
	if s.fontB {
		return e.profile.ColumnsB / s.width
	}
	return e.profile.Columns / s.width
}

func (e *encoder) text(s style, text string) {
	lines := wrap(encodeText(e.profile.CodePage, text), e.columns(s))
	if len(lines) == 0 {
		return
	}
	e.look(s)
	for _, line := range lines {
		e.put(line...)
		e.put(lf)
	}
}

// rule draws a line across the paper with characters eight times as wide, which
// look the same and take an eighth of the bytes.
func (e *encoder) rule() {
	s := style{width: cornerWidth, height: 1}
	e.look(s)
	e.put(bytes.Repeat(encodeText(e.profile.CodePage, "─"), e.columns(s))...)
	e.put(lf)
}

func (e *encoder) header(slip device.Slip) {
	for i, line := range slip.Header {
		s := plain
		if i == 0 {
			s.bold = true
		}
		e.text(s, line)
	}
	e.text(plain, slip.Date)
	if len(slip.Header) > 0 || slip.Date != "" {
		e.rule()
	}
}

func (e *encoder) service(slip device.Slip) {
	if slip.Mark != "" {
		e.feed(gapDots / 2)
		e.mark(slip.Mark)
		e.look(plain)
		e.feed(gapDots)
	}
	s := style{width: 2, height: 2, bold: true}
	if len(wrap(encodeText(e.profile.CodePage, slip.Service), e.columns(s))) > 2 {
		s = style{width: 1, height: 2, bold: true}
	}
	e.text(s, slip.Service)
}

// mark is white on black, with a space on either side so that the black frames
// the word.
func (e *encoder) mark(text string) {
	s := style{width: 2, height: 2, bold: true, reverse: true}
	for _, line := range wrap(encodeText(e.profile.CodePage, text), e.columns(s)-2) {
		e.look(s)
		e.put(' ')
		e.put(line...)
		e.put(' ', lf)
	}
}

func (e *encoder) number(slip device.Slip) (at int, err error) {
	if slip.Caption != "" {
		e.feed(gapDots / 2)
		e.text(plain, slip.Caption)
	}
	at = e.out.Len()
	number := encodeText(e.profile.CodePage, slip.Number)
	if len(number) == 0 {
		return at, nil
	}
	if len(number) > maxNumber {
		return 0, fmt.Errorf("%w: number has %d characters and %d are allowed", device.ErrSlipTooLong, len(number), maxNumber)
	}
	// Eight by eight when it fits, else as big as does. Both sides shrink, so
	// that the digits keep their shape.
	size := min(cornerWidth, max(1, e.profile.Columns/len(number)), max(1, e.profile.HeadDots/(fontDots*len(number))))
	e.look(style{width: size, height: size, bold: true})
	e.put(number...)
	e.put(lf)
	e.look(plain)
	return at, nil
}

func (e *encoder) facts(facts []string) {
	if len(facts) == 0 {
		return
	}
	e.look(plain)
	e.feed(gapDots / 2)
	for _, fact := range facts {
		e.text(style{width: 1, height: 1, bold: true}, fact)
	}
	e.look(plain)
}

func (e *encoder) notes(notes []string) {
	for _, note := range notes {
		e.text(style{width: 1, height: 1, fontB: e.profile.ColumnsB > 0}, note)
	}
}

func (e *encoder) end(id ID) {
	e.look(plain)
	e.feed(e.profile.FeedBeforeCutDots)
	e.put(e.profile.Cut...)
	if len(e.profile.Cut) == 0 {
		// Torn by hand: the last line has to pass the tear bar.
		e.put(esc, 'd', 6)
	}
	if e.profile.PresentSteps > 0 {
		e.put(gs, 'e', 3, byte(e.profile.PresentSteps))
	}
	switch e.profile.Acks[0] {
	case device.RungProcessID:
		e.put(commandTransmitProcess(id)...)
	case device.RungExecuted:
		e.put(commandTransmitPaper()...)
	}
}
