package printer

import (
	"image"
	"math"
	"strings"
)

// A look is how a character is printed.
type look struct {
	width, height int // enlargement, 1 to 8
	cell          Cell
	bold, double  bool // emphasised and double strike look the same
	reverse       bool
	rotated       bool // by 90 degrees clockwise
	fontB         bool
	underline     int // dots
}

// size is that of a character in dots, as it stands on the paper.
func (l look) size() (w, h int) {
	w, h = l.cell.Width*l.width, l.cell.Height*l.height
	if l.rotated {
		// The cell is turned, and the enlargement with it.
		return l.cell.Height * l.height, l.cell.Width * l.width
	}
	return w, h
}

// A mark is one thing in the line buffer: a character, or a bit image.
type mark struct {
	x      int
	r      rune
	look   look
	smooth bool
	space  int // dots to its right
	bits   *image.Gray
}

func (m mark) width() int {
	if m.bits != nil {
		return m.bits.Rect.Dx()
	}
	w, _ := m.look.size()
	return w + m.space
}

func (m mark) height() int {
	if m.bits != nil {
		return m.bits.Rect.Dy()
	}
	_, h := m.look.size()
	return h
}

// base is how far above its base line a mark begins: 19 of 24 rows, like the
// characters of a printer's font A.
func (m mark) base() int { return (m.height()*19 + 12) / 24 }

// heights are those of a line, above and below the base line that its marks
// share.
func heights(line []mark) (above, below int) {
	for _, m := range line {
		above = max(above, m.base())
		below = max(below, m.height()-m.base())
	}
	return above, below
}

func tallest(line []mark) int {
	above, below := heights(line)
	return above + below
}

// drawLine draws marks that share a base line, and says what they read.
func drawLine(line []mark) (*image.Gray, []Item) {
	above, below := heights(line)
	wide := 0
	for _, m := range line {
		wide = max(wide, m.x+m.width())
	}
	area := newBitmap(wide, above+below)
	for _, m := range line {
		switch {
		case m.bits != nil:
			blit(area, m.bits, m.x, above-m.base())
		default:
			drawGlyph(area, m.x, above-m.base(), m)
		}
	}
	return area, readLine(line)
}

// readLine is the text of a line as one item, and its pictures as another.
func readLine(line []mark) []Item {
	var items []Item
	var text strings.Builder
	words, picture := Item{Kind: ItemText}, Item{Kind: ItemPicture, Text: "picture"}
	end, begun, drawn := 0, false, false
	for _, m := range line {
		if m.bits != nil {
			if !drawn {
				picture.Left, drawn = m.x, true
			}
			end = m.x + m.width()
			continue
		}
		w, _ := m.look.size()
		if !begun {
			words.Left, begun, end = m.x, true, m.x
		}
		// A gap between two characters reads as the spaces that it is wide.
		if gap := int(math.Round(float64(m.x-end) / float64(w))); gap > 0 {
			text.WriteString(strings.Repeat(" ", gap))
		}
		end = m.x + m.width()
		text.WriteRune(m.r)
		words.read(m.look)
	}
	if begun {
		words.Text = text.String()
		items = append(items, words)
	}
	if drawn {
		items = append(items, picture)
	}
	return items
}

// read notes the look of one of the item's characters: that of the biggest.
func (i *Item) read(l look) {
	if l.width*l.height > i.Width*i.Height {
		i.Width, i.Height, i.FontB = l.width, l.height, l.fontB
	}
	i.Bold = i.Bold || l.bold || l.double
	i.Reverse = i.Reverse || l.reverse
	i.Underline = i.Underline || l.underline > 0
}
