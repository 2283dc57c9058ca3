package printer

import (
	"context"
	"slices"
	"time"
)

// plainOnly accepts that underlined, spaced and upside-down characters are
// switched off; they are not drawn here.
func (p *Printer) plainOnly(_ context.Context, raw []byte) {
	if raw[2]&^'0' != 0 {
		p.blame("% X is not drawn here", raw)
	}
}

// executeMode is ESC !: size, weight and font at once.
func (p *Printer) executeMode(_ context.Context, raw []byte) {
	n := raw[2]
	p.selectSize(int(n>>5&1)+1, int(n>>4&1)+1)
	p.head.look.bold = n&8 != 0
	p.selectFont(n&1 != 0)
	if n&0x80 != 0 {
		p.blame("% X is not drawn here", raw)
	}
}

func (p *Printer) selectCountry(n byte) {
	if int(n) >= len(national) {
		p.blame("unknown international set %d", n)
		return
	}
	p.head.country = n
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

func (p *Printer) executeCut(ctx context.Context, raw []byte) {
	switch raw[2] {
	case 0, '0':
		p.cut(ctx, EdgeCut, false, 0)
	case 1, '1':
		p.cut(ctx, EdgePartial, false, 0)
	case 65:
		p.cut(ctx, EdgeCut, true, int(raw[3]))
	case 66:
		p.cut(ctx, EdgePartial, true, int(raw[3]))
	default:
		p.unknown(raw)
	}
}

func (p *Printer) executeASB(mask byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asb = mask
	p.reportASB(true)
}

// executeTransmit answers GS r in the order of the buffer: a stopped
// printer never gets here.
func (p *Printer) executeTransmit(n byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !p.model.answers(n):
		p.complain("unknown command 1D 72 %02X", n)
	case n == 1 || n == '1':
		p.say(p.paperByte())
	default:
		p.say(0x00) // drawer
	}
}

// executeIdentify answers GS I: a byte for some, a text for others, silence for
// what the model does not know of itself.
func (p *Printer) executeIdentify(n byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := &p.model
	text := map[byte]string{65: m.Firmware, 66: m.Maker, 67: m.Type}[n]
	switch {
	case n == 1 && m.ModelID != 0:
		p.say(m.ModelID)
	case text != "":
		p.say(append(append([]byte{0x5f}, text...), nul)...)
	default:
		p.complain("unknown command 1D 49 %02X", n)
	}
}

// executeFunction does the commands that carry their length.
func (p *Printer) executeFunction(ctx context.Context, raw []byte) {
	if len(raw) < 5 {
		p.unknown(raw)
		return
	}
	body := raw[5:]
	switch raw[2] {
	case 'H':
		p.executeProcess(body)
	case 'k':
		p.executeCode(ctx, raw, body)
	case 'L':
		p.executeGraphics(ctx, raw, body)
	}
}

// executeProcess is GS ( H 48: it echoes the id of the job when the head comes to
// it, and the paper of all before it has moved.
func (p *Printer) executeProcess(body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(body) != 6 || body[0] != '0' || body[1] != '0' {
		p.complain("unknown command 1D 28 48 % X", body)
		return
	}
	id := body[2:]
	for _, b := range id {
		if b < 0x20 || b > 0x7e {
			p.complain("process id % X is not printable", id)
			return
		}
	}
	p.say(append(append([]byte{0x37, 0x22}, id...), nul)...)
}

// pause lets d of the machine's own time pass.
func (p *Printer) pause(ctx context.Context, d time.Duration) bool {
	p.mu.Lock()
	d = time.Duration(float64(d) / p.speed)
	p.mu.Unlock()
	return sleep(ctx, d)
}
