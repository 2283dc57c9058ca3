package printer

import (
	"context"
	"image"
)

// fromRows makes a picture of rows of bits, most significant first; nil when
// there are not enough.
func fromRows(data []byte, wide, high int) *image.Gray {
	stride := (wide + 7) / 8
	if wide <= 0 || high <= 0 || len(data) < stride*high {
		return nil
	}
	bits := newBitmap(wide, high)
	for y := range high {
		for x := range wide {
			if data[y*stride+x/8]&(0x80>>(x%8)) != 0 {
				bits.Pix[y*bits.Stride+x] = black
			}
		}
	}
	return bits
}

// fromColumns makes a picture of columns, each of so many bytes from its top.
func fromColumns(data []byte, bytesHigh int) *image.Gray {
	if bytesHigh <= 0 || len(data) < bytesHigh {
		return nil
	}
	bits := newBitmap(len(data)/bytesHigh, 8*bytesHigh)
	for i, b := range data[:bits.Rect.Dx()*bytesHigh] {
		for row := range 8 {
			if b&(0x80>>row) != 0 {
				bits.Pix[(i%bytesHigh*8+row)*bits.Stride+i/bytesHigh] = black
			}
		}
	}
	return bits
}

// picture prints one, as far as it fits the width.
func (p *Printer) picture(ctx context.Context, bits *image.Gray, text string) {
	if room := p.head.room(); bits.Rect.Dx() > room {
		p.blame("picture is %d dots wide and there is room for %d", bits.Rect.Dx(), room)
		bits = bits.SubImage(image.Rect(0, 0, room, bits.Rect.Dy())).(*image.Gray)
	}
	p.stamp(ctx, bits, Item{Kind: ItemPicture, Text: text})
}

// raster is GS v 0 in its own size.
func (p *Printer) raster(ctx context.Context, raw []byte) {
	if len(raw) < 8 || raw[2] != '0' || raw[3] != 0 && raw[3] != '0' {
		p.unknown(raw)
		return
	}
	bits := fromRows(raw[8:], 8*word(raw, 4), word(raw, 6))
	if bits == nil {
		p.unknown(raw)
		return
	}
	p.picture(ctx, bits, "picture")
}
