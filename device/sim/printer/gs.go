package printer

import (
	"context"
	"time"
)

func (p *Printer) executeGS(ctx context.Context, raw []byte) {
	h := &p.head
	n := raw[len(raw)-1]
	switch raw[1] {
	case '!':
		p.selectSize(int(n>>4&7)+1, int(n&7)+1)
	case 'B':
		h.look.reverse = n&1 != 0
	case 'L':
		if p.atLineStart("left margin") {
			h.left = min(word(raw, 2), p.model.HeadDots)
		}
	case 'W':
		if p.atLineStart("width of the printing area") {
			h.area = word(raw, 2)
		}
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
	case 'v':
		p.raster(ctx, raw)
	case 'e':
		p.executeEjector(ctx, raw)
	default:
		p.unknown(raw)
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
	id := map[byte]byte{1: m.ModelID, '1': m.ModelID, 2: m.TypeID, '2': m.TypeID, 3: m.ROMID, '3': m.ROMID}[n]
	text := map[byte]string{65: m.Firmware, 66: m.Maker, 67: m.Type, 68: m.Serial}[n]
	switch {
	case id != 0:
		p.say(id)
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

// executeProcess is GS ( H: 48 echoes the id of the job when the head comes to
// it, and the paper of all before it has moved; 49 asks to be told of going off
// line. No source says what stands in that answer: one character does here.
func (p *Printer) executeProcess(body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(body) == 6 && body[0] == '0' && body[1] == '0':
		id := body[2:]
		for _, b := range id {
			if b < 0x20 || b > 0x7e {
				p.complain("process id % X is not printable", id)
				return
			}
		}
		p.say(append(append([]byte{0x37, 0x22}, id...), nul)...)
	case len(body) == 3 && body[0] == '1' && body[1] == '0':
		p.saysOffline = body[2] == 1 || body[2] == 2
	default:
		p.complain("unknown command 1D 28 48 % X", body)
	}
}

// executeFS does the commands of images in memory, and those of two-byte
// characters, whose own looks leave no trace here.
func (p *Printer) executeFS(ctx context.Context, raw []byte) {
	switch raw[1] {
	case 'p':
		p.printOldImage(ctx, raw[2], raw[3])
	case 'q':
		p.defineOldImages(ctx, raw)
	case '.':
		p.head.double = false
	case '!', '-', 'W', 'S', 'C':
	case '&':
		p.head.double = true
	default:
		p.unknown(raw)
	}
}

// pause lets d of the machine's own time pass.
func (p *Printer) pause(ctx context.Context, d time.Duration) bool {
	p.mu.Lock()
	d = time.Duration(float64(d) / p.speed)
	p.mu.Unlock()
	return sleep(ctx, d)
}
