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
	bold, reverse bool
	fontB         bool
}

// size is that of a character in dots, as it stands on the paper.
func (l look) size() (w, h int) { return l.cell.Width * l.width, l.cell.Height * l.height }

// A mark is a character in the line buffer.
type mark struct {
	x      int
	r      rune
	look   look
	smooth bool
}

func (m mark) width() int {
	w, _ := m.look.size()
	return w
}

func (m mark) height() int {
	_, h := m.look.size()
	return h
}

// base is how far above its base line a mark begins: 19 of 24 rows, like the
// characters of a printer's font A.
func (m mark) base() int { return (m.height()*19 + 12) / 24 }

// extent is how wide a line is, and how high above and below the base line that
// its marks share.
func extent(line []mark) (wide, above, below int) {
	for _, m := range line {
		wide = max(wide, m.x+m.width())
		above = max(above, m.base())
		below = max(below, m.height()-m.base())
	}
	return wide, above, below
}

// drawLine draws marks that share a base line.
func drawLine(line []mark) *image.Gray {
	wide, above, below := extent(line)
	area := newBitmap(wide, above+below)
	for _, m := range line {
		drawGlyph(area, m.x, above-m.base(), m)
	}
	return area
}

// readLine is the text of a line.
func readLine(line []mark) Item {
	var text strings.Builder
	words := Item{Kind: ItemText, Left: line[0].x}
	end := words.Left
	for _, m := range line {
		// A gap between two characters reads as the spaces that it is wide.
		if gap := int(math.Round(float64(m.x-end) / float64(m.width()))); gap > 0 {
			text.WriteString(strings.Repeat(" ", gap))
		}
		end = m.x + m.width()
		text.WriteRune(m.r)
		words.read(m.look)
	}
	words.Text = text.String()
	return words
}

// read notes the look of one of the item's characters: that of the biggest.
func (i *Item) read(l look) {
	if l.width*l.height > i.Width*i.Height {
		i.Width, i.Height, i.FontB = l.width, l.height, l.fontB
	}
	i.Bold = i.Bold || l.bold
	i.Reverse = i.Reverse || l.reverse
}
