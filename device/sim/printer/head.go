package printer

import (
	"context"
	"image"
	"time"
)

// modes are what ESC @ puts back to their beginnings.
type modes struct {
	page    codePage
	country byte // of ESC R
	double  bool // bytes from 81 on are the first of two
	lead    byte // such a first byte, until the second comes; 0: none
	look    look
	align   Align
	spacing int // line spacing in dots
	left    int // margin in dots
	area    int // width of the printing area in dots

	qrModule int
	qrLevel  byte
	qrData   []byte
}

// lineSpacing is the default one, in dots.
const lineSpacing = 30

func initialModes(m *Model) modes {
	h := modes{
		look:  look{cell: m.FontA},
		align: AlignLeft, spacing: lineSpacing, area: m.HeadDots, qrModule: 3, qrLevel: '0',
	}
	w := m.Wakes
	h.page, h.country, h.double, h.left = pages[w.Page], w.Country, w.DoubleByte && m.DoubleByte, w.Left
	h.look.width, h.look.height = max(1, w.Width), max(1, w.Height)
	if w.FontB && m.FontB != (Cell{}) {
		h.look.fontB, h.look.cell = true, m.FontB
	}
	return h
}

// A head is what a printer remembers between two commands. It belongs to Run.
type head struct {
	modes
	model *Model
	life  int
	power int
	rolls int
	owed  time.Duration // of motion, not yet slept
	bytes int           // received for the paper since the last cut

	line  []mark
	x     int // where the next mark stands in the line
	paper *paper
}

// notice catches up with what happened behind the head's back: a new power-up,
// a cleared buffer, a new roll, paper torn off. The lock is held.
func (h *head) notice(p *Printer) {
	if h.power != p.power {
		h.power = p.power
		h.switchOn()
	}
	if h.life != p.life {
		h.life = p.life
		h.line, h.x = nil, 0
	}
	if h.rolls != p.rolls {
		h.rolls = p.rolls
		p.papers.keepScrap(h.paper.changeRoll(), h.bytes, p.cfg.Keep)
	}
	if p.papers.tears > 0 {
		p.papers.tears = 0
		p.tearOff()
	}
}

// switchOn begins afresh; paper that was not cut hangs out and stays.
func (h *head) switchOn() {
	h.modes = initialModes(h.model)
	h.line, h.x = nil, 0
}

// initialise is ESC @: modes and the line buffer go, received data stays.
func (h *head) initialise() {
	h.modes = initialModes(h.model)
	h.line, h.x = nil, 0
}

// room is how wide a line may be.
func (h *head) room() int {
	return max(min(h.area, h.model.HeadDots-h.left), h.model.FontA.Width)
}

// execute does one command. It may take as long as the paper takes to move.
func (p *Printer) execute(ctx context.Context, t token) {
	h := &p.head
	h.bytes += len(t.raw)
	b := t.raw[0]
	if len(t.raw) > 1 || b < 0x20 {
		p.loseLead(ctx)
	}
	switch {
	case len(t.raw) == 1 && b < 0x20:
		p.control(ctx, b)
	case len(t.raw) == 1:
		p.text(ctx, b)
	default:
		c, known := p.model.command(t.raw)
		if !known {
			p.unknown(t.raw)
			return
		}
		c.do(p, ctx, t.raw)
	}
}

func (p *Printer) control(ctx context.Context, b byte) {
	switch b {
	case lf:
		p.printLine(ctx)
	case cr, nul:
		// Carriage return is ignored when the switch says so; NUL is no text.
	default:
		p.blame("control character %02X in text", b)
	}
}

// character adds to the line, and prints the line first when it is full.
func (p *Printer) character(ctx context.Context, r rune) { p.draw(ctx, r, p.head.look) }

func (p *Printer) draw(ctx context.Context, r rune, l look) {
	h := &p.head
	m := mark{r: r, look: l, smooth: p.model.Smooth}
	if h.x+m.width() > h.room() && h.x > 0 {
		p.printLine(ctx)
	}
	h.add(m)
}

// maxMarks bounds a line on which a host prints over itself for ever.
const maxMarks = 2000

func (h *head) add(m mark) {
	if len(h.line) >= maxMarks {
		return
	}
	m.x = h.x
	h.x += m.width()
	h.line = append(h.line, m)
}

// printLine prints what the line buffer holds and moves on by a line.
func (p *Printer) printLine(ctx context.Context) {
	h := &p.head
	line := h.line
	_, above, below := extent(line)
	height := min(max(h.spacing, above+below), maxPaperDots)
	if !p.move(ctx, height) {
		return
	}
	h.line, h.x = nil, 0
	h.paper.printLine(line, h, height)
}

// flush prints the line buffer before something that is not text.
func (p *Printer) flush(ctx context.Context) {
	if len(p.head.line) > 0 {
		p.printLine(ctx)
	}
}

func (p *Printer) feed(ctx context.Context, dots int) {
	dots = min(dots, maxPaperDots)
	if p.move(ctx, dots) {
		p.head.paper.grow(dots)
	}
}

// stamp puts a picture where the head stands.
func (p *Printer) stamp(ctx context.Context, bits *image.Gray, item Item) {
	h := &p.head
	p.flush(ctx)
	if bits.Rect.Dy() > maxPaperDots {
		bits = bits.SubImage(image.Rect(0, 0, bits.Rect.Dx(), maxPaperDots)).(*image.Gray)
	}
	if !p.move(ctx, bits.Rect.Dy()) {
		return
	}
	item.Align = h.align
	h.paper.stamp(bits, item, h)
}

// move lets the paper travel by dots at the head's speed. It waits while the
// printer is stopped, and reports false when the work is forgotten: switched
// off, or ctx ended.
func (p *Printer) move(ctx context.Context, dots int) bool {
	if dots <= 0 {
		return true
	}
	var pause time.Duration
	forgotten := false
	if !p.wait(ctx, func() bool { return p.mayMove(dots, &pause, &forgotten) }) || forgotten {
		return false
	}
	// Short moves add up, because the operating system cannot sleep for less.
	h := &p.head
	h.owed += pause
	if h.owed >= time.Millisecond {
		ok := sleep(ctx, h.owed)
		h.owed = 0
		if !ok {
			return false
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.moving = false
	return p.life == h.life && p.power == h.power
}

// mayMove says whether the paper moves now, and how long it takes. The lock is
// held.
func (p *Printer) mayMove(dots int, pause *time.Duration, forgotten *bool) bool {
	if p.life != p.head.life || p.power != p.head.power {
		*forgotten = true
		return true
	}
	p.head.notice(p)
	s := &p.state
	switch {
	case p.stopped():
		return false
	case s.limited && s.leftDots < dots:
		p.changeLocked(func(s *condition) { s.limited, s.paperOut, s.paperLow = false, true, true })
		return false
	case s.crumple:
		p.changeLocked(func(s *condition) { s.fault = faultMechanical })
		return false
	}
	s.leftDots -= dots
	s.moving = true
	*pause = time.Duration(float64(dots) / dotsPerMM / p.model.MMPerSecond / p.speed * float64(time.Second))
	return true
}
