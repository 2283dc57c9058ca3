package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"
)

// A Ticket is one piece of paper, as a person would hold it and as a program
// would read it.
type Ticket struct {
	Seq    int       // counts cuts, from 1
	At     time.Time // when it was cut
	Items  []Item    // from top to bottom
	Text   string    // plain text, aligned by columns of font A
	PNG    []byte    // one dot a pixel, one bit a pixel
	Width  int       // dots
	Height int       // dots
	Bytes  int       // received for it
}

// Biggest is the text in the largest characters, which on a queue ticket is its
// number.
func (t Ticket) Biggest() string {
	best, text := 0, ""
	for _, item := range t.Items {
		// A rule is made of wide characters but is no text.
		if size := item.Width * item.Height; item.Kind == ItemText && item.Height > 1 && size > best {
			best, text = size, item.Text
		}
	}
	return text
}

// An Item is one line of print, or one picture.
type Item struct {
	Kind          ItemKind
	Text          string
	Width, Height int // enlargement of text, dots a module of a code
	Bold, Reverse bool
	FontB         bool
	Align         Align
}

// An ItemKind is what an Item is.
type ItemKind string

// The kinds.
const (
	ItemText    ItemKind = "text"
	ItemQR      ItemKind = "qr"
	ItemBarcode ItemKind = "barcode"
	ItemPicture ItemKind = "picture"
)

// An Align is where a line stands on the paper.
type Align string

// The alignments.
const (
	AlignLeft   Align = "left"
	AlignCenter Align = "center"
	AlignRight  Align = "right"
)

const (
	black = 0x00
	white = 0xff
)

// maxPaperDots bounds paper that nobody cuts: two metres.
const maxPaperDots = 16000

// A paper is what hangs out of the printer. It belongs to Run.
type paper struct {
	width  int
	height int
	pix    []uint8 // grown line by line
	items  []Item
	text   strings.Builder
}

func newPaper(width int) *paper { return &paper{width: width} }

func newBitmap(w, h int) *image.Gray {
	bits := image.NewGray(image.Rect(0, 0, w, h))
	for i := range bits.Pix {
		bits.Pix[i] = white
	}
	return bits
}

// grow adds white paper and returns it.
func (pp *paper) grow(dots int) *image.Gray {
	if pp.height+dots > maxPaperDots {
		// Somebody feeds for ever; the beginning has fallen off the desk.
		drop := min(pp.height, pp.height+dots-maxPaperDots)
		pp.pix = append([]uint8(nil), pp.pix[drop*pp.width:]...)
		pp.height -= drop
	}
	from := len(pp.pix)
	pp.pix = append(pp.pix, bytes.Repeat([]byte{white}, dots*pp.width)...)
	pp.height += dots
	return &image.Gray{Pix: pp.pix[from:], Stride: pp.width, Rect: image.Rect(0, 0, pp.width, dots)}
}

func (pp *paper) feed(dots int) {
	pp.grow(dots)
	if dots >= 24 && pp.text.Len() > 0 {
		pp.text.WriteByte('\n')
	}
}

// offset is where something of this width begins.
func offset(align Align, width, room int) int {
	switch align {
	case AlignCenter:
		return max((room-width)/2, 0)
	case AlignRight:
		return max(room-width, 0)
	default:
		return 0
	}
}

// printLine draws a line of characters that share a base line.
func (pp *paper) printLine(line []glyph, align Align, height int) {
	area := pp.grow(height)
	if len(line) == 0 {
		pp.text.WriteByte('\n')
		return
	}
	tallest := 0
	for _, g := range line {
		_, h := g.look.cell()
		tallest = max(tallest, h)
	}
	x := offset(align, lineWidth(line), pp.width)
	var text strings.Builder
	item := Item{Kind: ItemText, Align: align}
	for _, g := range line {
		w, h := g.look.cell()
		drawGlyph(area, x, tallest-h, g)
		x += w
		text.WriteRune(g.r)
		if g.look.width*g.look.height > item.Width*item.Height {
			item.Width, item.Height = g.look.width, g.look.height
			item.FontB = g.look.fontB
		}
		item.Bold = item.Bold || g.look.bold
		item.Reverse = item.Reverse || g.look.reverse
	}
	item.Text = text.String()
	pp.add(item)
}

// stamp draws a picture.
func (pp *paper) stamp(bits *image.Gray, item Item) {
	area := pp.grow(bits.Rect.Dy())
	x := offset(item.Align, bits.Rect.Dx(), pp.width)
	for y := range bits.Rect.Dy() {
		copy(area.Pix[y*area.Stride+x:(y+1)*area.Stride], bits.Pix[y*bits.Stride:y*bits.Stride+bits.Rect.Dx()])
	}
	pp.add(item)
}

// add keeps the structure and the plain text of what was drawn.
func (pp *paper) add(item Item) {
	pp.items = append(pp.items, item)
	text := item.Text
	if item.Kind != ItemText {
		text = "[" + string(item.Kind) + " " + item.Text + "]"
	}
	columns := pp.width / 12
	if n := len([]rune(text)); n < columns {
		text = strings.Repeat(" ", offset(item.Align, n, columns)) + text
	}
	pp.text.WriteString(strings.TrimRight(text, " "))
	pp.text.WriteByte('\n')
}

// tear takes the paper off as a ticket and begins a new one.
func (pp *paper) tear() Ticket {
	t := Ticket{Items: pp.items, Text: pp.text.String(), Width: pp.width, Height: pp.height}
	if len(t.Items) > 0 {
		t.PNG = pp.png()
	}
	*pp = paper{width: pp.width}
	return t
}

// png encodes the paper with one bit a dot.
func (pp *paper) png() []byte {
	img := image.NewPaletted(image.Rect(0, 0, pp.width, pp.height), color.Palette{color.White, color.Black})
	for i, v := range pp.pix {
		if v < 0x80 {
			img.Pix[i] = 1
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, img); err != nil {
		// Encoding a small image into memory cannot fail.
		panic("sim: encoding paper: " + err.Error())
	}
	return b.Bytes()
}
