package printer

import (
	"context"

	"eliminacode/device"
)

// Control characters.
const (
	nul  = 0x00
	lf   = 0x0a
	cr   = 0x0d
	dle  = 0x10
	esc  = 0x1b
	fsep = 0x1c
	gs   = 0x1d
)

// A command is one that some model knows.
type command struct {
	operands int                       // how many follow its first two bytes
	length   func(b []byte) int        // instead, where operands tell: as need
	known    func(*Model, []byte) bool // by its first two or three bytes; nil: to every model
	do       func(*Printer, context.Context, []byte)
}

// commands are all, by their first two bytes.
var commands = map[[2]byte]command{
	{esc, '@'}: {do: func(p *Printer, _ context.Context, _ []byte) {
		p.head.initialise()
		if p.model.InitStopsASB {
			p.executeASB(0)
		}
	}},
	// How characters look.
	{esc, 't'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.selectPage(raw[2]) }},
	{esc, 'R'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.selectCountry(raw[2]) }},
	{esc, 'E'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.head.look.bold = raw[2]&1 != 0 }},
	{gs, 'B'}:  {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.head.look.reverse = raw[2]&1 != 0 }},
	{esc, 'M'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.selectFont(raw[2]&1 != 0) }},
	{gs, '!'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) {
		p.selectSize(int(raw[2]>>4&7)+1, int(raw[2]&7)+1)
	}},
	{esc, '!'}: {operands: 1, do: (*Printer).executeMode},
	{esc, '-'}: {operands: 1, do: (*Printer).plainOnly},
	{esc, ' '}: {operands: 1, do: (*Printer).plainOnly},
	{esc, '{'}: {operands: 1, do: (*Printer).plainOnly},
	// Characters of two bytes, whose own looks leave no trace here.
	{fsep, '.'}: {known: hasDoubleByte, do: func(p *Printer, _ context.Context, _ []byte) { p.head.double = false }},
	{fsep, '-'}: {operands: 1, do: func(*Printer, context.Context, []byte) {}},
	{fsep, 'C'}: {operands: 1, do: func(*Printer, context.Context, []byte) {}},
	{fsep, 'S'}: {operands: 2, do: func(*Printer, context.Context, []byte) {}},
	// Where characters stand.
	{esc, 'a'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) {
		if p.atLineStart("alignment") {
			p.head.align = alignOf(raw[2])
		}
	}},
	{esc, '$'}: {operands: 2, do: func(p *Printer, _ context.Context, raw []byte) { p.head.goTo(word(raw, 2)) }},
	{esc, '\\'}: {operands: 2, do: func(p *Printer, _ context.Context, raw []byte) {
		p.head.goTo(p.head.x + int(int16(word(raw, 2))))
	}},
	{gs, 'L'}: {operands: 2, do: func(p *Printer, _ context.Context, raw []byte) {
		if p.atLineStart("left margin") {
			p.head.left = min(word(raw, 2), p.model.HeadDots)
		}
	}},
	{gs, 'W'}: {operands: 2, do: func(p *Printer, _ context.Context, raw []byte) {
		if p.atLineStart("width of the printing area") {
			p.head.area = word(raw, 2)
		}
	}},
	// The paper.
	{esc, '2'}: {do: func(p *Printer, _ context.Context, _ []byte) { p.head.spacing = lineSpacing }},
	{esc, 'd'}: {operands: 1, do: func(p *Printer, ctx context.Context, raw []byte) {
		p.flush(ctx)
		p.feed(ctx, int(raw[2])*p.head.spacing)
	}},
	{esc, 'J'}: {operands: 1, do: func(p *Printer, ctx context.Context, raw []byte) {
		p.flush(ctx)
		p.feed(ctx, int(raw[2]))
	}},
	{esc, 'i'}: {
		known: func(m *Model, _ []byte) bool { return m.EscI != "" },
		do:    func(p *Printer, ctx context.Context, _ []byte) { p.cut(ctx, p.model.EscI, false, 0) },
	},
	{esc, 'm'}: {
		known: func(m *Model, _ []byte) bool { return m.EscM != "" },
		do:    func(p *Printer, ctx context.Context, _ []byte) { p.cut(ctx, p.model.EscM, false, 0) },
	},
	{gs, 'V'}: {length: lengthOfCut, do: (*Printer).executeCut},
	{gs, 'e'}: {
		length: lengthOfEjector, do: (*Printer).executeEjector,
		known: func(m *Model, _ []byte) bool { return m.EjectorStepMM > 0 },
	},
	// Pictures and codes.
	{gs, 'v'}:   {length: lengthOfRaster, do: (*Printer).raster},
	{fsep, 'q'}: {length: lengthOfImages, do: (*Printer).defineOldImages},
	{fsep, 'p'}: {operands: 2, do: (*Printer).printOldImage},
	{gs, '('}:   {length: lengthOfFunction, known: knowsFunction, do: (*Printer).executeFunction},
	// Answers.
	{gs, 'a'}: {
		operands: 1, known: func(m *Model, _ []byte) bool { return m.AutomaticStatus },
		do: func(p *Printer, _ context.Context, raw []byte) { p.executeASB(raw[2]) },
	},
	{gs, 'r'}: {
		operands: 1, known: func(m *Model, _ []byte) bool { return len(m.Transmit) > 0 },
		do: func(p *Printer, _ context.Context, raw []byte) { p.executeTransmit(raw[2]) },
	},
	{gs, 'I'}: {operands: 1, do: func(p *Printer, _ context.Context, raw []byte) { p.executeIdentify(raw[2]) }},
}

func hasDoubleByte(m *Model, _ []byte) bool { return m.DoubleByte }

func knowsFunction(m *Model, b []byte) bool {
	switch b[2] {
	case 'H':
		return m.Acks(device.RungProcessID)
	case 'k':
		return m.NativeQR
	default:
		return b[2] == 'L'
	}
}

// command is the one that b begins, if the model has it.
func (m *Model) command(b []byte) (command, bool) {
	if lettered(b) && len(b) < 3 {
		return command{}, false
	}
	c, known := commands[[2]byte(b)]
	return c, known && (c.known == nil || c.known(m, b))
}

// lettered reports whether it is the third byte that names the command.
func lettered(b []byte) bool { return b[0] == gs && b[1] == '(' }

// maxCommand bounds what is held of one command. A longer one is no command.
const maxCommand = 1 << 20

// need is how long the command that begins with b is, as far as b tells: it is
// whole when need is at most len(b). A command that the model does not know is
// two bytes, since a real one prints the operands as text.
func (m *Model) need(b []byte) int {
	switch {
	case b[0] == dle:
		return needRealTime(b)
	case b[0] != esc && b[0] != fsep && b[0] != gs:
		return 1
	case len(b) < 2:
		return 2
	case lettered(b) && len(b) < 3:
		return 3
	}
	c, known := m.command(b)
	switch {
	case !known:
		return 2
	case c.length == nil:
		return 2 + c.operands
	case len(b) < 3:
		return 3
	default:
		return min(c.length(b), maxCommand)
	}
}

// word is the little-endian number at b[at:].
func word(b []byte, at int) int { return int(b[at]) + int(b[at+1])<<8 }

func lengthOfCut(b []byte) int {
	switch b[2] {
	case 65, 66, 97, 98, 103, 104:
		return 4
	default:
		return 3
	}
}

func lengthOfEjector(b []byte) int {
	if b[2] == 3 {
		return 4
	}
	return 3
}

func lengthOfFunction(b []byte) int {
	if len(b) < 5 {
		return 5
	}
	return 5 + word(b, 3)
}

func lengthOfRaster(b []byte) int {
	if len(b) < 8 {
		return 8
	}
	return 8 + word(b, 4)*word(b, 6)
}

// lengthOfImages is n images of a width and height in bytes each.
func lengthOfImages(b []byte) int {
	at := 3
	for range b[2] {
		if at+4 > len(b) {
			return at + 4
		}
		at += 4 + 8*word(b, at)*word(b, at+2)
		if at > maxCommand {
			return at
		}
	}
	return at
}
