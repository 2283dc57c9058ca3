package printer

import (
	"context"
	"slices"
)

func (p *Printer) executeESC(ctx context.Context, raw []byte) {
	if p.escLook(raw) || p.escPlace(raw) {
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
		h.spacing = int(n)
	case 'd':
		p.flush(ctx)
		p.feed(ctx, int(n)*h.spacing)
	case 'J':
		p.flush(ctx)
		p.feed(ctx, int(n))
	case 'i':
		p.cut(ctx, p.model.EscI, false, 0)
	case 'm':
		p.cut(ctx, p.model.EscM, false, 0)
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
	case 'M':
		p.selectFont(n&1 != 0)
	case '!':
		p.selectSize(int(n>>5&1)+1, int(n>>4&1)+1)
		h.look.bold = n&8 != 0
		p.selectFont(n&1 != 0)
		p.plainOnly(raw, n>>7)
	case '-', ' ', '{':
		p.plainOnly(raw, n&^'0')
	default:
		return false
	}
	return true
}

// plainOnly accepts that underlined, spaced and upside-down characters are
// switched off; they are not drawn here.
func (p *Printer) plainOnly(raw []byte, n byte) {
	if n != 0 {
		p.blame("% X is not drawn here", raw)
	}
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

// atLineStart blames the host for what is possible only there.
func (p *Printer) atLineStart(what string) bool {
	if len(p.head.line) > 0 {
		p.blame("%s in the middle of a line", what)
		return false
	}
	return true
}

// escPlace does the commands that say where characters stand.
func (p *Printer) escPlace(raw []byte) bool {
	h := &p.head
	switch raw[1] {
	case 'a':
		if p.atLineStart("alignment") {
			h.align = alignOf(raw[2])
		}
	case '$':
		h.goTo(word(raw, 2))
	case '\\':
		h.goTo(h.x + int(int16(word(raw, 2))))
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
