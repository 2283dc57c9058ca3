package sim

import (
	"context"
	"image"
)

func (p *Printer) executeGS(ctx context.Context, raw []byte) {
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case '!':
		h.look.width, h.look.height = int(n>>4&7)+1, int(n&7)+1
	case 'B':
		h.look.reverse = n&1 != 0
	case 'V':
		p.executeCut(ctx, raw)
	case 'a':
		p.executeASB(n)
	case 'r':
		p.executeTransmit(n)
	case 'I':
		p.executeIdentify(n)
	case '(':
		p.executeFunction(ctx, raw)
	case 'h':
		h.barHeight = int(n)
	case 'w':
		h.barModule = int(n)
	case 'H':
		h.barText = int(n & 3)
	case 'k':
		p.flush(ctx)
		p.barcode(ctx, raw)
	case 'v':
		p.flush(ctx)
		p.raster(ctx, raw)
	case 'e', 'f', 'b', 'L', 'W', 'P':
		// Presenter, barcode font, smoothing, margins: no trace on this paper.
	default:
		p.unknown(raw)
	}
}

func (p *Printer) executeCut(ctx context.Context, raw []byte) {
	switch raw[2] {
	case 0, 1, '0', '1':
		p.cut(ctx, false)
	case 65, 66, 97, 98, 103, 104:
		if raw[3] > 0 {
			p.flush(ctx)
			p.feed(ctx, int(raw[3]))
		}
		p.cut(ctx, true)
	default:
		p.unknown(raw)
	}
}

func (p *Printer) executeASB(mask byte) {
	if p.cfg.NoASB {
		p.unknown([]byte{0x1d, 'a', mask})
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asb = mask
	p.reportASB(true)
}

// executeTransmit answers GS r in the order of the buffer: a stopped printer
// never gets here.
func (p *Printer) executeTransmit(n byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.cfg.NoExecuted:
		p.complain("unknown command 1D 72 %02X", n)
	case n == 1 || n == '1':
		p.say(p.paperByte())
	case n == 2 || n == '2':
		p.say(0x00)
	default:
		p.complain("unknown command 1D 72 %02X", n)
	}
}

func (p *Printer) executeIdentify(n byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := func(s string) { p.say(append(append([]byte{0x5f}, s...), 0)...) }
	switch n {
	case 1, '1', 2, '2', 3, '3':
		p.say(0x20)
	case 65:
		text("1.00 SIM")
	case 66:
		text("ELIMINACODE")
	case 67:
		text("VIRTUAL-80")
	case 68:
		text("0000042")
	default:
		p.complain("unknown command 1D 49 %02X", n)
	}
}

// executeFunction does the commands that carry their length.
func (p *Printer) executeFunction(ctx context.Context, raw []byte) {
	body := raw[5:]
	switch raw[2] {
	case 'H':
		p.executeProcess(raw, body)
	case 'k':
		p.executeCode(ctx, raw, body)
	case 'L':
		if len(body) >= 2 && body[1] == 'E' {
			p.flush(ctx)
			p.picture(ctx, "logo", logoDots)
			return
		}
		p.unknown(raw)
	case 'K', 'E', 'M', 'D', 'A':
		// Density, speed, switches: no trace on this paper.
	default:
		p.unknown(raw)
	}
}

func (p *Printer) executeProcess(raw, body []byte) {
	if p.cfg.NoProcessID {
		p.unknown(raw)
		// As text: such a model prints the operands it does not know.
		for _, b := range body {
			if b >= 0x20 {
				p.head.line = append(p.head.line, glyph{rune(b), p.head.look})
			}
		}
		return
	}
	if len(body) == 6 && body[0] == '0' && body[1] == '0' {
		id := body[2:]
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, b := range id {
			if b < 0x20 || b > 0x7e {
				p.complain("process id % X is not printable", id)
				return
			}
		}
		p.say(append(append([]byte{0x37, 0x22}, id...), 0)...)
	}
}

// raster draws GS v 0.
func (p *Printer) raster(ctx context.Context, raw []byte) {
	if len(raw) < 8 {
		p.unknown(raw)
		return
	}
	bytesWide, high := int(raw[4])+int(raw[5])<<8, int(raw[6])+int(raw[7])<<8
	data := raw[8:]
	if bytesWide == 0 || high == 0 || len(data) < bytesWide*high {
		p.unknown(raw)
		return
	}
	bits := newBitmap(bytesWide*8, high)
	for y := range high {
		for x := range bytesWide * 8 {
			if data[y*bytesWide+x/8]&(0x80>>(x%8)) != 0 {
				bits.Pix[y*bits.Stride+x] = black
			}
		}
	}
	p.stamp(ctx, bits, Item{Kind: ItemPicture, Text: "picture"})
}

const logoDots = 96

// picture draws a frame for something that only a real printer's memory holds.
func (p *Printer) picture(ctx context.Context, name string, dots int) {
	bits := newBitmap(3*dots, dots)
	for y := range dots {
		for x := range 3 * dots {
			if y < 3 || y >= dots-3 || x < 3 || x >= 3*dots-3 {
				bits.Pix[y*bits.Stride+x] = black
			}
		}
	}
	p.stamp(ctx, bits, Item{Kind: ItemPicture, Text: name})
}

// stamp moves the paper under a picture and keeps it.
func (p *Printer) stamp(ctx context.Context, bits *image.Gray, item Item) {
	if !p.move(ctx, bits.Rect.Dy()) {
		return
	}
	item.Align = p.head.align
	p.head.paper.stamp(bits, item)
}
