package printer

import (
	"context"
	"fmt"
	"image"
)

// memory is what survives switching off, and wears with every write.
type memory struct {
	old    map[byte]*image.Gray   // of FS q, by number
	byKey  map[string]*image.Gray // of GS ( L 67, by key code
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
func (p *Printer) defineOldImages(_ context.Context, raw []byte) {
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

// printOldImage is FS p in its own size.
func (p *Printer) printOldImage(ctx context.Context, raw []byte) {
	n, mode := raw[2], raw[3]
	p.mu.Lock()
	bits := p.memory.old[n]
	p.mu.Unlock()
	if bits == nil || mode != 0 {
		p.blame("image %d of FS p is not defined, or mode %d is not known", n, mode)
		return
	}
	p.picture(ctx, bits, fmt.Sprintf("logo %d", n))
}

// executeGraphics is GS ( L, whose body begins behind the length: images by key.
func (p *Printer) executeGraphics(ctx context.Context, raw, body []byte) {
	switch {
	case len(body) >= 11 && body[0] == '0' && body[1] == 67:
		p.defineImage(raw, body)
	case len(body) == 6 && body[0] == '0' && body[1] == 69:
		p.printImage(ctx, body)
	default:
		p.unknown(raw)
	}
}

// defineImage is fn 67: a kc1 kc2 b xL xH yL yH, and the colour's number and rows.
func (p *Printer) defineImage(raw, body []byte) {
	if body[2] != '0' || body[5] != 1 {
		p.unknown(raw)
		return
	}
	key := string(body[3:5])
	bits := fromRows(body[11:], word(body, 6), word(body, 8))
	if bits == nil {
		p.blame("image %q has not as many data as its size wants", key)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	m := &p.memory
	m.writes++
	if m.byKey == nil {
		m.byKey = make(map[string]*image.Gray)
	}
	m.byKey[key] = bits
	if m.free() < 0 {
		p.complain("image %q does not fit the memory", key)
		delete(m.byKey, key)
	}
}

// printImage is fn 69 in its own size: kc1 kc2 x y.
func (p *Printer) printImage(ctx context.Context, body []byte) {
	p.mu.Lock()
	bits := p.memory.byKey[string(body[2:4])]
	p.mu.Unlock()
	if bits == nil || body[4] != 1 || body[5] != 1 {
		p.blame("image %q is not defined, or to be enlarged", body[2:4])
		return
	}
	p.picture(ctx, bits, "logo "+string(body[2:4]))
}
