package printer

import (
	"context"
	"fmt"
	"image"
	"sync"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// executeCode does GS ( k: QR codes.
func (p *Printer) executeCode(ctx context.Context, raw, body []byte) {
	h := &p.head
	if len(body) < 3 || body[0] != '1' {
		p.unknown(raw)
		return
	}
	switch body[1] {
	case 'A':
		if body[2] != '2' {
			p.blame("QR model %c instead of 2", body[2])
		}
	case 'C':
		h.qrModule = min(max(int(body[2]), 1), 16)
	case 'E':
		h.qrLevel = body[2]
	case 'P':
		h.qrData = append([]byte(nil), body[3:]...)
	case 'Q':
		p.flush(ctx)
		p.printQR(ctx)
	default:
		p.unknown(raw)
	}
}

// drawQR draws the stored data, or says why it cannot.
func (h *head) drawQR() (*image.Gray, error) {
	levels := map[byte]qr.ErrorCorrectionLevel{'0': qr.L, '1': qr.M, '2': qr.Q, '3': qr.H}
	level, ok := levels[h.qrLevel]
	if !ok {
		return nil, fmt.Errorf("unknown QR correction level %02X", h.qrLevel)
	}
	return drawn.bits(fmt.Sprintf("%c%d %s", h.qrLevel, h.qrModule, h.qrData), func() (*image.Gray, error) {
		code, err := qr.Encode(string(h.qrData), level, qr.Unicode)
		if err != nil || len(h.qrData) == 0 {
			return nil, fmt.Errorf("QR of %d bytes cannot be drawn", len(h.qrData))
		}
		return drawCode(code, h.qrModule), nil
	})
}

// mostDrawn bounds the codes that are kept drawn.
const mostDrawn = 64

// drawn are the codes that printers drew last: a code is costly to make, and the
// same few come again when a ticket is printed at each of a thousand points.
var drawn drawnCodes

// drawnCodes keep codes by what they say and how big they are. Nobody changes one.
type drawnCodes struct {
	mu  sync.Mutex
	all map[string]*image.Gray
}

func (d *drawnCodes) bits(key string, draw func() (*image.Gray, error)) (*image.Gray, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if bits, ok := d.all[key]; ok {
		return bits, nil
	}
	bits, err := draw()
	if err != nil {
		return nil, err
	}
	if d.all == nil || len(d.all) >= mostDrawn {
		d.all = map[string]*image.Gray{}
	}
	d.all[key] = bits
	return bits, nil
}

func (p *Printer) printQR(ctx context.Context) {
	h := &p.head
	bits, err := h.drawQR()
	if err != nil {
		p.blame("%v", err)
		return
	}
	if bits.Rect.Dx() > h.room() {
		p.blame("QR is %d dots wide and the paper %d", bits.Rect.Dx(), h.room())
		return
	}
	p.stamp(ctx, bits, Item{Kind: ItemQR, Text: string(h.qrData), Width: h.qrModule, Height: h.qrModule})
}

// drawCode draws each module of a code as size by size dots.
func drawCode(code barcode.Barcode, size int) *image.Gray {
	from := code.Bounds()
	bits := newBitmap(from.Dx()*size, from.Dy()*size)
	for y := range bits.Rect.Dy() {
		for x := range bits.Rect.Dx() {
			if r, _, _, _ := code.At(from.Min.X+x/size, from.Min.Y+y/size).RGBA(); r < 0x8000 {
				bits.Pix[y*bits.Stride+x] = black
			}
		}
	}
	return bits
}
