package sim

import (
	"context"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// Bits of a head's look, as ESC ! and GS ! set it.
type look struct {
	width, height int
	bold, reverse bool
	underline     bool
	fontB         bool
}

// cell is the size of a character in dots.
func (l look) cell() (w, h int) {
	if l.fontB {
		return 9 * l.width, 17 * l.height
	}
	return 12 * l.width, 24 * l.height
}

// A head is what a printer remembers between two commands. It belongs to Run.
type head struct {
	life  int
	owed  time.Duration // of motion, not yet slept
	bytes int           // received for the paper since the last cut

	page    *charmap.Charmap
	look    look
	align   Align
	spacing int // line spacing in dots
	line    []glyph
	paper   *paper

	barHeight, barModule, barText int
	qrModule                      int
	qrLevel                       byte
	qrData                        []byte
}

// A glyph is one character in the line buffer.
type glyph struct {
	r    rune
	look look
}

// reset is switching on: paper that was not cut hangs out and stays.
func (h *head) reset(dots int) {
	old := h.paper
	*h = head{life: h.life, bytes: h.bytes}
	h.initialise()
	h.paper = old
	if h.paper == nil {
		h.paper = newPaper(dots)
	}
}

// initialise is ESC @: modes and the line buffer go, received data stays.
func (h *head) initialise() {
	h.page = charmap.CodePage437
	h.look = look{width: 1, height: 1}
	h.align = AlignLeft
	h.spacing = 30
	h.line = nil
	h.barHeight, h.barModule, h.barText = 162, 3, 0
	h.qrModule, h.qrLevel, h.qrData = 3, '0', nil
}

// pages are the code pages by the n of ESC t, as most printers number them.
var pages = map[byte]*charmap.Charmap{
	0:  charmap.CodePage437,
	2:  charmap.CodePage850,
	3:  charmap.CodePage860,
	4:  charmap.CodePage863,
	5:  charmap.CodePage865,
	16: charmap.Windows1252,
	17: charmap.CodePage866,
	18: charmap.CodePage852,
	19: charmap.CodePage858,
	40: charmap.ISO8859_15,
}

// execute does one command. It may take as long as the paper takes to move.
func (p *Printer) execute(ctx context.Context, t token) {
	p.head.bytes += len(t.raw)
	switch b := t.raw[0]; {
	case b == 0x1b:
		p.executeESC(ctx, t.raw)
	case b == 0x1d:
		p.executeGS(ctx, t.raw)
	case b == 0x1c:
		p.executeFS(ctx, t.raw)
	case b == 0x0a:
		p.printLine(ctx)
	case b == 0x09:
		p.character(ctx, ' ')
	case b == 0x0d || b == 0x00:
		// Carriage return is ignored when the switch says so; NUL is no text.
	case b == 0x18:
		p.head.line = nil
	case b < 0x20:
		p.blame("control character %02X in text", b)
	default:
		p.character(ctx, p.head.page.DecodeByte(b))
	}
}

// blame is complain for the head's goroutine, which does not hold the lock.
func (p *Printer) blame(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complain(format, args...)
}

func (p *Printer) unknown(raw []byte) {
	p.blame("unknown command % X", raw[:min(len(raw), 8)])
}

// character adds to the line, and prints the line first when it is full.
func (p *Printer) character(ctx context.Context, r rune) {
	h := &p.head
	w, _ := h.look.cell()
	if lineWidth(h.line)+w > p.cfg.HeadDots {
		p.printLine(ctx)
	}
	h.line = append(h.line, glyph{r, h.look})
}

func lineWidth(line []glyph) int {
	sum := 0
	for _, g := range line {
		w, _ := g.look.cell()
		sum += w
	}
	return sum
}

// printLine prints what the line buffer holds and moves on by a line.
func (p *Printer) printLine(ctx context.Context) {
	h := &p.head
	line := h.line
	height := h.spacing
	for _, g := range line {
		_, gh := g.look.cell()
		height = max(height, gh)
	}
	if !p.move(ctx, height) {
		return
	}
	h.line = nil
	h.paper.printLine(line, h.align, height)
}

// flush prints the line buffer before something that is not text.
func (p *Printer) flush(ctx context.Context) {
	if len(p.head.line) > 0 {
		p.printLine(ctx)
	}
}

func (p *Printer) feed(ctx context.Context, dots int) {
	if p.move(ctx, dots) {
		p.head.paper.feed(dots)
	}
}

func (p *Printer) executeESC(ctx context.Context, raw []byte) {
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case '@':
		h.initialise()
	case 't':
		page, ok := pages[n]
		if !ok {
			p.blame("unknown code page %d", n)
			return
		}
		h.page = page
	case 'a':
		if len(h.line) > 0 {
			p.blame("alignment in the middle of a line")
			return
		}
		h.align = alignOf(n)
	case 'E', 'G':
		h.look.bold = n&1 != 0
	case 'M':
		h.look.fontB = n&1 != 0
	case '-':
		h.look.underline = n&3 != 0
	case '!':
		h.look = look{width: 1, height: 1, reverse: h.look.reverse,
			fontB: n&1 != 0, bold: n&8 != 0, underline: n&0x80 != 0}
		if n&0x10 != 0 {
			h.look.height = 2
		}
		if n&0x20 != 0 {
			h.look.width = 2
		}
	case '2':
		h.spacing = 30
	case '3':
		h.spacing = int(n)
	case 'd':
		p.flush(ctx)
		p.feed(ctx, int(n)*h.spacing)
	case 'J':
		p.flush(ctx)
		p.feed(ctx, int(n))
	case 'i', 'm':
		p.cut(ctx, false)
	case 'p', 'c', 'R', ' ', 'r', '=', 'e', 'D', '{', 'V', '$', '\\':
		// Drawer, sensors, national sets and the like change nothing here.
	default:
		p.unknown(raw)
	}
}

func alignOf(n byte) Align {
	switch n {
	case 1, '1':
		return AlignCenter
	case 2, '2':
		return AlignRight
	default:
		return AlignLeft
	}
}

func (p *Printer) executeFS(ctx context.Context, raw []byte) {
	if raw[1] != 'p' {
		p.unknown(raw)
		return
	}
	p.flush(ctx)
	p.picture(ctx, "logo "+string('0'+raw[2]%10), logoDots)
}

// cut ends a ticket. A jammed knife stops the printer with the ticket uncut.
func (p *Printer) cut(ctx context.Context, feedFirst bool) {
	h := &p.head
	p.flush(ctx)
	if feedFirst {
		p.feed(ctx, cutterGapDots)
	}
	for {
		p.mu.Lock()
		jammed, same := p.state.jammed, p.life == h.life
		if jammed && same {
			p.state.stuck = true
			p.reportASB(false)
			p.notify()
		}
		p.mu.Unlock()
		if !same {
			return
		}
		if !jammed {
			break
		}
		if !p.wait(ctx, func() bool { return !p.stopped() || p.life != h.life }) {
			return
		}
	}
	ticket := h.paper.tear()
	ticket.At = time.Now()
	ticket.Bytes = h.bytes
	h.bytes = 0
	if len(ticket.Items) == 0 {
		// A cut through blank paper is no ticket.
		return
	}
	p.keep(ticket)
}

// cutterGapDots is the way from the head to the knife: 12 mm.
const cutterGapDots = 96
