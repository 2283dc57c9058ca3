package escpos

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// MaxSlipBytes is the most that one ticket may take on the wire: half a second
// at 9600 baud, and an eighth of a usual receive buffer.
const MaxSlipBytes = 512

// Dot counts of the layout, at 8 dots a millimetre.
const (
	dotsPerMM   = 8
	fontDots    = 12  // width of a character of font A
	fontHeight  = 24  // height of font A
	fontBHeight = 17  // height of font B
	lineDots    = 30  // of a line after ESC @, unless its characters are higher
	tearLines   = 6   // to the tear bar of a printer without a cutter
	gapDots     = 16  // between the parts of a ticket
	qrWantDots  = 200 // 25 mm: read at arm's length by any phone
	maxNumber   = 16  // characters; a number is short or it is a mistake
)

// Encode turns a slip into the bytes of one ticket for this profile, ending in
// the request that the first of its Acks answers. It is pure: same arguments,
// same bytes. The error is device.ErrSlipTooLong when the ticket would take more
// than MaxSlipBytes or its QR content is too long for a code of that size.
//
// Characters that the code page lacks are transliterated, control characters
// become question marks, and no real-time command can occur in the bytes.
func Encode(p profile.Profile, slip device.Slip, id ID) ([]byte, error) {
	t, err := encode(p, slip, id)
	return t.bytes, err
}

// A ticket is a slip as it goes to the printer.
type ticket struct {
	bytes    []byte
	numberAt int // where the number begins: cut off before it, nobody can read it
	dots     int // of paper that it moves, as far as the bytes tell
}

func encode(p profile.Profile, slip device.Slip, id ID) (ticket, error) {
	if err := p.Validate(); err != nil {
		return ticket{}, fmt.Errorf("encoding slip: %w", err)
	}
	e := encoder{profile: p}
	lay := e.layOut
	if p.IsRaw() {
		e.profile.SecondCodePage = ""
		lay = e.layOutRaw
	}
	if err := lay(slip, id); err != nil {
		return ticket{}, fmt.Errorf("encoding slip: %w", err)
	}
	limit := min(MaxSlipBytes, p.BufferBytes)
	if e.out.Len() > limit {
		return ticket{}, fmt.Errorf("encoding slip: %w: it takes %d bytes and %d are allowed; shorten header, facts or notes",
			device.ErrSlipTooLong, e.out.Len(), limit)
	}
	if at := profile.RealTimeAt(e.out.Bytes()); at >= 0 {
		return ticket{}, fmt.Errorf("encoding slip: byte %d: %w", at, ErrRealTime)
	}
	return ticket{bytes: e.out.Bytes(), numberAt: e.numberAt, dots: e.dots}, nil
}

// layOut is a ticket in ESC/POS.
func (e *encoder) layOut(slip device.Slip, id ID) error {
	e.begin()
	if slip.Logo {
		e.logo()
	}
	e.header(slip)
	e.service(slip)
	if err := e.number(slip); err != nil {
		return err
	}
	e.facts(slip)
	if err := e.qr(slip); err != nil {
		return err
	}
	if slip.QR == "" || !e.profile.NativeQR {
		e.feed(gapDots) // a drawn code has its own margin
	}
	e.notes(slip.Notes)
	e.end(id)
	return nil
}

// A style is the look of characters. The encoder sends only what changes.
type style struct {
	width, height int // 1 to 8
	bold, reverse bool
	fontB         bool
}

var bold = style{width: 1, height: 1, bold: true}

type encoder struct {
	profile  profile.Profile
	out      bytes.Buffer
	now      style
	second   bool // the second code page is chosen
	numberAt int
	dots     int // of paper moved so far
}

func (e *encoder) put(b ...byte) { e.out.Write(b) }

func (e *encoder) begin() {
	e.put(commandInit()...)
	if e.profile.AutomaticStatus {
		// Initialising stops automatic status on some models; asking again
		// costs three bytes and yields the status at the start of printing.
		e.put(commandASB()...)
	}
	e.put(e.profile.Begin.Bytes()...)
	e.page()
	e.put(esc, 'a', 1)
	e.now = bold
	e.put(esc, '!', e.now.mode())
}

// mode is the operand of ESC ! for a style whose characters are at most twice
// as wide and high.
func (s style) mode() byte {
	return bit(s.fontB) | bit(s.bold)<<3 | byte(s.height-1)<<4 | byte(s.width-1)<<5
}

// enlarged is bold characters of this size, or of the largest that the printer
// has.
func (e *encoder) enlarged(width, height int) style {
	most := e.profile.LargestSize
	return style{width: min(width, most), height: min(height, most), bold: true}
}

func (e *encoder) look(s style) {
	if s.fontB != e.now.fontB && s.bold != e.now.bold && s.width == e.now.width && s.height == e.now.height && max(s.width, s.height) <= 2 {
		e.put(esc, '!', s.mode())
		e.now.fontB, e.now.bold = s.fontB, s.bold
	}
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

// feed moves the paper by dots.
func (e *encoder) feed(dots int) {
	e.dots += dots
	e.put(commandFeed(dots)...)
}

// columns is how many characters of a style fit a line.
func (e *encoder) columns(s style) int {
	if s.fontB {
		return e.profile.ColumnsB / s.width
	}
	return e.profile.Columns / s.width
}

func (e *encoder) text(s style, text string) {
	for _, line := range e.lines(text, e.columns(s), balance) {
		e.look(s)
		e.chars(line)
		e.newLine(s)
	}
}

// beside stands in a slip between two texts that may share a line, such as the
// same thing in two languages.
const beside = " · "

// lines breaks a text for a line of so many columns: at beside first, where the
// sign then falls away, and then as breaks does.
func (e *encoder) lines(text string, columns int, breaks func([]char, int) [][]char) [][]char {
	whole := wrap(encodeText(&e.profile, text), columns)
	if len(whole) <= 1 {
		return whole
	}
	var lines [][]char
	for phrase := range strings.SplitSeq(text, beside) {
		lines = append(lines, breaks(encodeText(&e.profile, phrase), columns)...)
	}
	return lines
}

// chars puts characters, and changes the code page where the next one needs it.
func (e *encoder) chars(line []char) {
	for _, c := range line {
		if b := byte(c); b >= 0x80 && e.second != (c&secondPage != 0) {
			e.second = !e.second
			e.page()
		}
		e.put(byte(c))
	}
}

func (e *encoder) page() {
	n := e.profile.CodePageNumber
	if e.second {
		n = e.profile.SecondCodePageNumber
	}
	e.put(esc, 't', byte(n))
}

// newLine ends a line of this style and counts its paper.
func (e *encoder) newLine(s style) {
	height := fontHeight
	if s.fontB {
		height = fontBHeight
	}
	e.put(lf)
	e.dots += max(lineDots, height*s.height)
}

// rule draws a line across the paper with the widest characters, which look the
// same and take the fewest bytes.
func (e *encoder) rule() {
	s := e.enlarged(8, 1)
	e.look(s)
	e.chars(slices.Repeat(encodeText(&e.profile, "─"), e.columns(s)))
	e.newLine(s)
}

// header is bold, as all is down to the notes: what differs is the size, and
// every change of weight would take three bytes.
func (e *encoder) header(slip device.Slip) {
	for _, line := range slip.Header {
		e.text(bold, line)
	}
	e.text(bold, slip.Date)
	if len(slip.Header) > 0 || slip.Date != "" {
		e.rule()
	}
}

func (e *encoder) service(slip device.Slip) {
	if slip.Mark != "" {
		e.feed(gapDots / 2)
		e.mark(slip.Mark)
		e.look(bold)
		e.feed(gapDots)
	}
	s := e.enlarged(2, 2)
	if len(e.lines(slip.Service, e.columns(s), balance)) > 2 {
		s = e.enlarged(1, 2)
	}
	e.text(s, slip.Service)
}

// mark is white on black, with a space on either side so that the black frames
// the words; on two lines it is one block.
func (e *encoder) mark(text string) {
	s := e.enlarged(2, 2)
	s.reverse = true
	lines := e.lines(text, e.columns(s)-2, balance)
	widest := 0
	for _, line := range lines {
		widest = max(widest, len(line)+2)
	}
	for _, line := range lines {
		e.look(s)
		left := (widest - len(line)) / 2
		e.put(bytes.Repeat([]byte{' '}, left)...)
		e.chars(line)
		e.put(bytes.Repeat([]byte{' '}, widest-len(line)-left)...)
		e.newLine(s)
	}
}

func (e *encoder) number(slip device.Slip) error {
	e.text(bold, slip.Caption)
	e.numberAt = e.out.Len()
	number, err := e.numberText(slip)
	if err != nil || len(number) == 0 {
		return err
	}
	// The largest when it fits, else as big as does. Both sides shrink, so that
	// the digits keep their shape.
	size := max(1, min(e.profile.Columns/len(number), e.profile.HeadDots/(fontDots*len(number))))
	big := e.enlarged(size, size)
	e.look(big)
	e.chars(number)
	e.newLine(big)
	return nil
}

func (e *encoder) numberText(slip device.Slip) ([]char, error) {
	number := encodeText(&e.profile, slip.Number)
	if len(number) > maxNumber {
		return nil, fmt.Errorf("%w: number has %d characters and %d are allowed", device.ErrSlipTooLong, len(number), maxNumber)
	}
	return number, nil
}

func (e *encoder) facts(slip device.Slip) {
	if slip.Number == "" {
		e.feed(gapDots) // a number's own cell is white below its digits
	}
	for _, fact := range slip.Facts {
		e.text(bold, fact)
	}
}

func (e *encoder) notes(notes []string) {
	for _, note := range notes {
		e.text(style{width: 1, height: 1, fontB: e.profile.ColumnsB > 0}, note)
	}
}

func (e *encoder) end(id ID) {
	e.dots += endDots(&e.profile)
	e.put(endOfPaper(&e.profile)...)
	switch e.profile.Ack[0] {
	case device.RungProcessID:
		e.put(commandTransmitProcess(id)...)
	case device.RungExecuted:
		e.put(commandTransmitPaper()...)
	}
}

// endOfPaper are the bytes that part a ticket from the roll and hold it out, the
// last of what was printed included.
func endOfPaper(p *profile.Profile) []byte {
	b := commandFeed(p.FeedBeforeCutDots)
	switch {
	case p.PresentCuts:
	case p.Cut == "":
		// Torn by hand: the last line has to pass the tear bar.
		return append(b, esc, 'd', tearLines)
	default:
		b = append(b, p.Cut.Bytes()...)
	}
	if p.PresentSteps > 0 {
		b = append(b, gs, 'e', 3, byte(p.PresentSteps))
	}
	return b
}

// endDots is the paper that endOfPaper moves.
func endDots(p *profile.Profile) int {
	dots, cut := p.FeedBeforeCutDots, p.Cut.Bytes()
	switch {
	case p.PresentCuts:
	case len(cut) == 0:
		dots += tearLines * lineDots
	case len(cut) >= 4 && cut[0] == gs && cut[1] == 'V' && slices.Contains([]byte{65, 66, 97, 98, 103, 104}, cut[2]):
		dots += p.CutterGapDots + int(cut[3]) // it moves the paper to the knife
	}
	return dots
}
