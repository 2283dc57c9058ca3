package printer

import (
	"context"
	"fmt"
	"image"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/codabar"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/code93"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/twooffive"
)

// barcode is GS k, whose data end with NUL in the old form and follow their
// count in the new one.
func (p *Printer) barcode(ctx context.Context, raw []byte) {
	h := &p.head
	if len(raw) < 4 {
		p.unknown(raw)
		return
	}
	kind, data := raw[2], raw[4:]
	if kind <= 6 {
		kind, data = kind+65, raw[3:len(raw)-1]
	}
	text, code, err := encodeBarcode(kind, data)
	if err != nil {
		p.blame("%v", err)
		return
	}
	bits := drawCode(code, h.barModule, h.barHeight)
	if bits.Rect.Dx() > h.room() {
		p.blame("barcode is %d dots wide and the paper %d", bits.Rect.Dx(), h.room())
		return
	}
	p.stamp(ctx, h.withText(bits, text), Item{Kind: ItemBarcode, Text: text, Width: h.barModule, Height: h.barHeight})
}

// encodeBarcode is the code of a kind of GS k, 65 to 73, and the text to be read
// below it.
func encodeBarcode(kind byte, data []byte) (text string, code barcode.Barcode, err error) {
	text = string(data)
	switch kind {
	case 65: // UPC-A is EAN-13 with a zero before it, which is not shown.
		code, err = ean.Encode("0" + text)
		if err == nil {
			text = code.Content()[1:]
		}
	case 67, 68:
		code, err = ean.Encode(text)
		if err == nil {
			text = code.Content()
		}
	case 69:
		code, err = code39.Encode(strings.Trim(text, "*"), false, false)
	case 70:
		code, err = twooffive.Encode(text, true)
	case 71:
		code, err = codabar.Encode(text)
	case 72:
		code, err = code93.Encode(text, true, false)
	case 73:
		text, err = code128Text(data)
		if err == nil {
			code, err = code128.Encode(text)
		}
	default:
		return "", nil, fmt.Errorf("barcode kind %d is not drawn", kind)
	}
	if err != nil {
		return "", nil, fmt.Errorf("barcode kind %d of %q cannot be drawn: %w", kind, data, err)
	}
	return text, code, nil
}

// code128Text is what the data of a CODE128 say: code sets begin with a brace,
// in set C each byte is two digits.
func code128Text(data []byte) (string, error) {
	if len(data) < 2 || data[0] != '{' || data[1] < 'A' || data[1] > 'C' {
		return "", fmt.Errorf("data begin without a code set")
	}
	var text strings.Builder
	set := byte(0)
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == '{' && i+1 < len(data):
			i++
			switch data[i] {
			case 'A', 'B', 'C':
				set = data[i]
			case '{':
				text.WriteByte('{')
			case '1', '2', '3', '4', 'S': // functions and shift have no text
			default:
				return "", fmt.Errorf("unknown code {%c", data[i])
			}
		case set == 'C' && b < 100:
			fmt.Fprintf(&text, "%02d", b)
		case set == 'C':
			return "", fmt.Errorf("byte %02X in code set C", b)
		default:
			text.WriteByte(b)
		}
	}
	return text.String(), nil
}

// withText puts the characters above or below the bars, as GS H says.
func (h *head) withText(bits *image.Gray, text string) *image.Gray {
	if h.barText == 0 {
		return bits
	}
	l := look{width: 1, height: 1, cell: h.model.FontA}
	if h.barFont == 1 && h.model.FontB != (Cell{}) {
		l.cell = h.model.FontB
	}
	var line []mark
	for _, r := range text {
		line = append(line, mark{x: len(line) * l.cell.Width, r: r, look: l})
	}
	words, _ := drawLine(line)
	wide := max(bits.Rect.Dx(), words.Rect.Dx())
	high, top := bits.Rect.Dy(), 0
	if h.barText&1 != 0 {
		high, top = high+words.Rect.Dy(), words.Rect.Dy()
	}
	if h.barText&2 != 0 {
		high += words.Rect.Dy()
	}
	out := newBitmap(wide, high)
	blit(out, bits, (wide-bits.Rect.Dx())/2, top)
	if h.barText&1 != 0 {
		blit(out, words, (wide-words.Rect.Dx())/2, 0)
	}
	if h.barText&2 != 0 {
		blit(out, words, (wide-words.Rect.Dx())/2, high-words.Rect.Dy())
	}
	return out
}
