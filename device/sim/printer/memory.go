package printer

import (
	"context"
	"fmt"
	"image"
	"strconv"
)

// memory is what survives switching off, and wears with every write.
type memory struct {
	old    map[byte]*image.Gray   // of FS q, by number
	byKey  map[string]*image.Gray // of GS ( L 67 and 68, by key code
	writes int
}

// memoryBytes is what a model of this class keeps images in.
const memoryBytes = 256 << 10

func sizeOf(bits *image.Gray) int { return (bits.Rect.Dx() + 7) / 8 * bits.Rect.Dy() }

func (m *memory) free() int {
	free := memoryBytes
	for _, bits := range m.old {
		free -= sizeOf(bits)
	}
	for _, bits := range m.byKey {
		free -= sizeOf(bits)
	}
	return free
}

// MemoryWrites is how often the memory for images was written, which wears it:
// an installer's act, never a ticket's.
func (p *Printer) MemoryWrites() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.memory.writes
}

// defineOldImages is FS q: it replaces all images of its kind.
func (p *Printer) defineOldImages(ctx context.Context, raw []byte) {
	images := make(map[byte]*image.Gray)
	at := 3
	for n := range raw[2] {
		if at+4 > len(raw) {
			break
		}
		x, y := word(raw, at), word(raw, at+2)
		at += 4
		if x*y == 0 || at+8*x*y > len(raw) {
			break
		}
		images[n+1] = fromColumns(raw[at:at+8*x*y], y)
		at += 8 * x * y
	}
	if len(images) != int(raw[2]) || len(images) == 0 {
		p.blame("images of FS q are too big, or there are none")
		return
	}
	p.mu.Lock()
	p.memory.old = images
	p.memory.writes++
	if p.memory.free() < 0 {
		p.complain("images of FS q do not fit the memory")
		p.memory.old = nil
	}
	p.mu.Unlock()
	// The printer begins afresh once the memory is written.
	p.head.initialise()
}

// printOldImage is FS p.
func (p *Printer) printOldImage(ctx context.Context, n, mode byte) {
	p.mu.Lock()
	bits := p.memory.old[n]
	p.mu.Unlock()
	wide, high, ok := scaleOf(mode)
	if bits == nil || !ok {
		p.blame("image %d of FS p is not defined", n)
		return
	}
	p.picture(ctx, enlarge(bits, wide, high), fmt.Sprintf("logo %d", n))
}

// executeGraphics is GS ( L, and GS 8 L for long data. body begins behind the
// length.
func (p *Printer) executeGraphics(ctx context.Context, raw, body []byte) {
	if len(body) < 2 || body[0] != '0' {
		p.unknown(raw)
		return
	}
	switch fn := body[1]; fn {
	case 0, 48, 3, 51:
		p.tellMemory(fn)
	case 2, 50:
		p.printStored(ctx)
	case 1, 49:
		// The resolution of what follows: there is one only.
	case 64:
		p.listMemory()
	case 65:
		if string(body[2:]) == "CLR" {
			p.writeMemory(func(m *memory) { m.byKey = nil })
		}
	case 66:
		if len(body) == 4 {
			p.writeMemory(func(m *memory) { delete(m.byKey, string(body[2:4])) })
		}
	case 67, 68:
		p.defineImage(raw, body)
	case 69:
		p.printImage(ctx, raw, body)
	case 112, 113:
		p.storeImage(raw, body)
	default:
		p.unknown(raw)
	}
}

// tellMemory answers with its size, or with what is free of it.
func (p *Printer) tellMemory(fn byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	flag, bytes := byte(0x30), memoryBytes
	if fn == 3 || fn == 51 {
		flag, bytes = 0x31, p.memory.free()
	}
	p.say(append(append([]byte{0x37, flag}, strconv.Itoa(bytes)...), nul)...)
}

// listMemory answers with the key codes in use, or with one byte that says none.
func (p *Printer) listMemory() {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []byte{0x37, 0x72, 0x40}
	for key := range p.memory.byKey {
		out = append(out, key...)
	}
	p.say(append(out, nul)...)
}

func (p *Printer) writeMemory(f func(*memory)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.memory)
	p.memory.writes++
}

// defineImage is fn 67 (rows) and 68 (columns): a kc1 kc2 b xL xH yL yH, and for
// each colour its number and data.
func (p *Printer) defineImage(raw, body []byte) {
	if len(body) < 11 || body[2] != '0' || body[5] != 1 {
		p.unknown(raw)
		return
	}
	key := string(body[3:5])
	bits := graphic(body[1] == 68, word(body, 6), word(body, 8), body[11:])
	if bits == nil {
		p.blame("image %q has not as many data as its size wants", key)
		return
	}
	p.writeMemory(func(m *memory) {
		if m.byKey == nil {
			m.byKey = make(map[string]*image.Gray)
		}
		m.byKey[key] = bits
		if m.free() < 0 {
			p.complain("image %q does not fit the memory", key)
			delete(m.byKey, key)
		}
	})
}

// printImage is fn 69: kc1 kc2 x y.
func (p *Printer) printImage(ctx context.Context, raw, body []byte) {
	if len(body) != 6 {
		p.unknown(raw)
		return
	}
	p.mu.Lock()
	bits := p.memory.byKey[string(body[2:4])]
	p.mu.Unlock()
	if bits == nil {
		p.blame("image %q is not defined", body[2:4])
		return
	}
	x, y := min(max(int(body[4]), 1), 2), min(max(int(body[5]), 1), 2)
	p.picture(ctx, enlarge(bits, x, y), "logo "+string(body[2:4]))
}

// storeImage is fn 112 (rows) and 113 (columns): a bx by c xL xH yL yH, data.
func (p *Printer) storeImage(raw, body []byte) {
	if len(body) < 10 || body[2] != '0' {
		p.unknown(raw)
		return
	}
	bits := graphic(body[1] == 113, word(body, 6), word(body, 8), body[10:])
	if bits == nil {
		p.blame("graphics have not as many data as their size wants")
		return
	}
	p.head.stored = enlarge(bits, min(max(int(body[3]), 1), 2), min(max(int(body[4]), 1), 2))
}

// printStored is fn 50.
func (p *Printer) printStored(ctx context.Context) {
	bits := p.head.stored
	p.head.stored = nil
	if bits == nil {
		p.blame("no graphics are stored")
		return
	}
	p.picture(ctx, bits, "graphics")
}
