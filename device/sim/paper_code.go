package sim

import (
	"context"
	"image"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// executeCode does GS ( k: QR codes.
func (p *Printer) executeCode(ctx context.Context, raw, body []byte) {
	h := &p.head
	if p.cfg.NoQR || len(body) < 3 || body[0] != '1' {
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

func (p *Printer) printQR(ctx context.Context) {
	h := &p.head
	levels := map[byte]qr.ErrorCorrectionLevel{'0': qr.L, '1': qr.M, '2': qr.Q, '3': qr.H}
	level, ok := levels[h.qrLevel]
	if !ok {
		p.blame("unknown QR correction level %02X", h.qrLevel)
		return
	}
	code, err := qr.Encode(string(h.qrData), level, qr.Unicode)
	if err != nil || len(h.qrData) == 0 {
		p.blame("QR of %d bytes cannot be drawn", len(h.qrData))
		return
	}
	bits := enlarge(code, h.qrModule, h.qrModule)
	if bits.Rect.Dx() > p.cfg.HeadDots {
		p.blame("QR is %d dots wide and the paper %d", bits.Rect.Dx(), p.cfg.HeadDots)
		return
	}
	p.stamp(ctx, bits, Item{Kind: ItemQR, Text: string(h.qrData), Width: h.qrModule, Height: h.qrModule})
}

// barcode does GS k; only CODE128 is drawn, the others are named.
func (p *Printer) barcode(ctx context.Context, raw []byte) {
	h := &p.head
	if raw[2] != 73 {
		p.blame("barcode kind %d is not drawn", raw[2])
		p.picture(ctx, "barcode", max(h.barHeight, 24))
		return
	}
	data := string(raw[4:])
	for _, set := range []string{"{A", "{B", "{C"} {
		data = strings.ReplaceAll(data, set, "")
	}
	code, err := code128.Encode(data)
	if err != nil {
		p.blame("CODE128 of %q cannot be drawn", data)
		return
	}
	bits := enlarge(code, min(max(h.barModule, 2), 6), max(h.barHeight, 1))
	if bits.Rect.Dx() > p.cfg.HeadDots {
		p.blame("CODE128 is %d dots wide and the paper %d", bits.Rect.Dx(), p.cfg.HeadDots)
		return
	}
	p.stamp(ctx, bits, Item{Kind: ItemBarcode, Text: data, Width: h.barModule, Height: h.barHeight})
}

// enlarge draws each module of a code as w by h dots.
func enlarge(code barcode.Barcode, w, h int) *image.Gray {
	from := code.Bounds()
	bits := newBitmap(from.Dx()*w, from.Dy()*h)
	for y := range bits.Rect.Dy() {
		for x := range bits.Rect.Dx() {
			if r, _, _, _ := code.At(from.Min.X+x/w, from.Min.Y+y/h).RGBA(); r < 0x8000 {
				bits.Pix[y*bits.Stride+x] = black
			}
		}
	}
	return bits
}
