package printer

import (
	"image"
	"strings"
	"time"
)

// A Ticket is one piece of paper, as a person would hold it and as a program
// would read it.
type Ticket struct {
	Seq    int       // counts tickets, from 1; 0 for a scrap
	At     time.Time // when it was cut
	Items  []Item    // from top to bottom
	Text   string    // plain text, aligned by columns of font A
	PNG    []byte    // one dot a pixel, the whole width of the roll
	Width  int       // dots of the PNG
	Height int       // dots of the PNG, 8 to a millimetre
	Bytes  int       // received for it

	Top, Bottom Edge // how it ends
	// Broken: the paper ended or was torn off in its middle, so the ticket came
	// out in several pieces of which this is one.
	Broken bool
}

// An Edge is how a piece of paper ends.
type Edge string

// The edges.
const (
	EdgeCut     Edge = "cut"
	EdgePartial Edge = "partial" // hangs by a bridge in the middle
	EdgeTorn    Edge = "torn"
	EdgeRoll    Edge = "roll" // the roll begins or ends here
)

// Complete reports whether this is all of a ticket, and cut as one.
func (t Ticket) Complete() bool { return !t.Broken && t.Seq > 0 }

// HeightMM is its length.
func (t Ticket) HeightMM() float64 { return float64(t.Height) / dotsPerMM }

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

// Mark is the text in white on black, such as RISTAMPA or PROVA; empty when
// there is none.
func (t Ticket) Mark() string {
	var marks []string
	for _, item := range t.Items {
		if item.Kind == ItemText && item.Reverse {
			marks = append(marks, strings.TrimSpace(item.Text))
		}
	}
	return strings.Join(marks, " ")
}

// QR is the content of its first QR code; empty when there is none.
func (t Ticket) QR() string {
	for _, item := range t.Items {
		if item.Kind == ItemQR {
			return item.Text
		}
	}
	return ""
}

// An Item is one line of print, or one picture.
type Item struct {
	Kind          ItemKind
	Text          string
	Width, Height int // enlargement of text, dots a module of a code
	Bold, Reverse bool
	FontB         bool
	Align         Align
	Left          int // dots from the left edge of the paper
	Top, Bottom   int // dots from the top of the paper
}

// An ItemKind is what an Item is.
type ItemKind string

// The kinds.
const (
	ItemText    ItemKind = "text"
	ItemQR      ItemKind = "qr"
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

// Dots of a drawing in memory, which are also their places in inks.
const (
	white = 0
	black = 1
)

// maxPaperDots bounds paper that nobody cuts: two metres.
const maxPaperDots = 16000

// A paper is what hangs out of the head. It belongs to Run. Its last row is
// under the head; the knife is at height less the gap.
type paper struct {
	model  *Model
	height int
	pix    []uint8 // grown line by line, model.PaperDots wide
	items  []Item
	top    Edge
	broken bool
}

func newPaper(m *Model) *paper {
	pp := &paper{model: m, top: EdgeRoll}
	pp.grow(m.CutterGapDots)
	return pp
}

// newBitmap is a white drawing of dots.
func newBitmap(w, h int) *image.Gray { return image.NewGray(image.Rect(0, 0, w, h)) }

// margin is the paper on either side of what the head reaches.
func (pp *paper) margin() int { return max((pp.model.PaperDots-pp.model.HeadDots)/2, 0) }

// width is that of the roll.
func (pp *paper) width() int { return max(pp.model.PaperDots, pp.model.HeadDots) }

// grow adds white paper and returns what of it the head reaches.
func (pp *paper) grow(dots int) *image.Gray {
	dots = min(dots, maxPaperDots)
	if over := pp.height + dots - maxPaperDots; over > 0 {
		// Somebody feeds for ever; the beginning has fallen off the desk.
		pp.drop(min(over, pp.height))
	}
	w, from := pp.width(), len(pp.pix)
	pp.pix = append(pp.pix, make([]uint8, dots*w)...)
	pp.height += dots
	if dots == 0 {
		return newBitmap(pp.model.HeadDots, 0)
	}
	all := &image.Gray{Pix: pp.pix[from:], Stride: w, Rect: image.Rect(0, 0, w, dots)}
	m := pp.margin()
	return &image.Gray{Pix: all.Pix[m:], Stride: w, Rect: image.Rect(0, 0, pp.model.HeadDots, dots)}
}

// drop forgets the first rows and whatever was printed on them.
func (pp *paper) drop(rows int) {
	pp.pix = append([]uint8(nil), pp.pix[rows*pp.width():]...)
	pp.height -= rows
	var rest []Item
	for _, item := range pp.items {
		item.Top, item.Bottom = item.Top-rows, item.Bottom-rows
		if item.Bottom > 0 {
			rest = append(rest, item)
		}
	}
	pp.items = rest
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
func (pp *paper) printLine(line []mark, h *head, height int) {
	area := pp.grow(height)
	if len(line) == 0 {
		return
	}
	wide, above, below := extent(line)
	at := h.left + offset(h.align, wide, h.room())
	if !pp.model.textOnly {
		blit(area, drawLine(line), at, 0)
	}
	item := readLine(line)
	item.Align = h.align
	item.Left += at
	pp.add(item, height, above+below)
}

// stamp draws a picture.
func (pp *paper) stamp(bits *image.Gray, item Item, h *head) {
	area := pp.grow(bits.Rect.Dy())
	at := h.left + offset(item.Align, bits.Rect.Dx(), h.room())
	if !pp.model.textOnly {
		blit(area, bits, at, 0)
	}
	item.Left = at
	pp.add(item, bits.Rect.Dy(), bits.Rect.Dy())
}

// add keeps what was drawn at the top of the last rows.
func (pp *paper) add(item Item, rows, high int) {
	item.Left += pp.margin()
	item.Top = pp.height - rows
	item.Bottom = item.Top + high
	pp.items = append(pp.items, item)
}

// blit copies the black of a picture to x, y, as far as there is room.
func blit(to, bits *image.Gray, x, y int) {
	for dy := max(-y, 0); dy < min(bits.Rect.Dy(), to.Rect.Dy()-y); dy++ {
		from, row := bits.Pix[dy*bits.Stride:], to.Pix[(y+dy)*to.Stride:]
		for dx := max(-x, 0); dx < min(bits.Rect.Dx(), to.Rect.Dx()-x); dx++ {
			if from[dx] == black {
				row[x+dx] = black
			}
		}
	}
}
