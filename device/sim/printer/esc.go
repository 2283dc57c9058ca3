package printer

import (
	"context"
	"slices"
)

func (p *Printer) executeESC(ctx context.Context, raw []byte) {
	if p.escLook(raw) || p.escPlace(raw) || p.escPage(ctx, raw) {
		return
	}
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case '@':
		h.initialise()
		if p.model.InitStopsASB {
			p.executeASB(0)
		}
	case '2':
		h.spacing = 30
	case '3':
		h.spacing = h.dotsY(int(n))
	case 'd':
		p.flush(ctx)
		p.feed(ctx, int(n)*h.spacing)
	case 'J':
		p.flush(ctx)
		p.feed(ctx, h.dotsY(int(n)))
	case 'i':
		p.cut(ctx, p.model.EscI, false, 0)
	case 'm':
		p.cut(ctx, p.model.EscM, false, 0)
	case 'v':
		p.executeTransmit('1')
	case 'c':
		p.selectSensors(raw[2], n)
	case '*':
		p.columnImage(raw)
	case '&', '%', '?':
		p.blame("downloaded characters are not known: % X", raw[:2])
	case 'e':
		p.blame("paper does not go backwards: % X", raw)
	case '<', '=', 'p', 'r':
		// Home, peripheral, drawer and colour change nothing here.
	default:
		p.unknown(raw)
	}
}

// escLook does the commands that change the look of characters.
func (p *Printer) escLook(raw []byte) bool {
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case 't':
		p.selectPage(n)
	case 'R':
		if int(n) >= len(national) {
			p.blame("unknown international set %d", n)
			return true
		}
		h.country = n
	case 'E':
		h.look.bold = n&1 != 0
	case 'G':
		h.look.double = n&1 != 0
	case 'M':
		p.selectFont(n&1 != 0)
	case '-':
		p.selectUnderline(n)
	case '!':
		p.selectSize(int(n>>5&1)+1, int(n>>4&1)+1)
		h.look.bold = n&8 != 0
		h.look.underline = int(n >> 7)
		p.selectFont(n&1 != 0)
	case ' ':
		h.charSpace = min(h.dotsX(int(n)), 255)
	case '{':
		if p.atLineStart("upside-down printing") {
			h.upside = n&1 != 0
		}
	case 'V':
		h.look.rotated = n == 1 || n == '1' || n == 2 || n == '2'
	default:
		return false
	}
	return true
}

func (p *Printer) selectPage(n byte) {
	page, ok := pages[n]
	if !ok || p.model.Custom && !slices.Contains(customPages, n) {
		p.blame("unknown code page %d", n)
		return
	}
	p.head.page = page
}

func (p *Printer) selectFont(b bool) {
	h := &p.head
	if b && p.model.FontB == (Cell{}) {
		p.blame("there is no font B")
		return
	}
	h.look.fontB, h.look.cell = b, p.model.FontA
	if b {
		h.look.cell = p.model.FontB
	}
}

func (p *Printer) selectSize(width, height int) {
	if most := p.model.LargestSize; most > 0 && max(width, height) > most {
		p.blame("characters are enlarged at most %d times, not %d by %d", most, width, height)
		width, height = min(width, most), min(height, most)
	}
	p.head.look.width, p.head.look.height = width, height
}

func (p *Printer) selectUnderline(n byte) {
	if n >= '0' {
		n -= '0'
	}
	if n > 2 {
		p.blame("unknown underline %d", n)
		return
	}
	p.head.look.underline = int(n)
}

// atLineStart blames the host for what is possible only there.
func (p *Printer) atLineStart(what string) bool {
	if len(p.head.line) > 0 && p.head.sheet == nil {
		p.blame("%s in the middle of a line", what)
		return false
	}
	return true
}

// escPlace does the commands that say where characters stand.
func (p *Printer) escPlace(raw []byte) bool {
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case 'a':
		if p.atLineStart("alignment") {
			h.align = alignOf(n)
		}
	case '$':
		h.goTo(h.dotsX(word(raw, 2)))
	case '\\':
		h.goTo(h.x + h.dotsX(int(int16(word(raw, 2)))))
	case 'D':
		h.tabs = nil
		for _, column := range raw[2 : len(raw)-1] {
			w := h.look.cell.Width*h.look.width + h.charSpace
			h.tabs = append(h.tabs, int(column)*w)
		}
	default:
		return false
	}
	return true
}

// goTo moves within the line, if there is room.
func (h *head) goTo(x int) {
	if x >= 0 && x < h.room() {
		h.x = x
	}
}

// headDPI is the resolution by which motion units of GS P are measured.
const headDPI = 203

func (h *head) dotsX(units int) int { return inDots(units, h.unitX) }
func (h *head) dotsY(units int) int { return inDots(units, h.unitY) }

func inDots(units, perInch int) int {
	if perInch == 0 {
		return units
	}
	return units * headDPI / perInch
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

// selectSensors is ESC c: 4 chooses the sensor that stops printing, 5 disables
// the feed button.
func (p *Printer) selectSensors(which, n byte) {
	p.change(func(s *condition) {
		switch which {
		case '4':
			s.lowStops = n&3 != 0
		case '5':
			s.buttonDead = n&1 != 0
		}
	})
}
