package printer

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
)

// tear takes the first rows off as a ticket. What the edge goes through belongs
// to the side that has more of it.
func (pp *paper) tear(rows int, edge Edge) Ticket {
	rows = min(rows, pp.height)
	if rows <= 0 {
		return Ticket{}
	}
	t := Ticket{Width: pp.width(), Height: rows, Top: pp.top, Bottom: edge, Broken: pp.broken}
	var rest []Item
	for _, item := range pp.items {
		if (item.Top+item.Bottom)/2 < rows {
			t.Items = append(t.Items, item)
			continue
		}
		item.Top, item.Bottom = item.Top-rows, item.Bottom-rows
		rest = append(rest, item)
	}
	if len(t.Items) > 0 {
		slices.SortStableFunc(t.Items, func(a, b Item) int { return a.Top - b.Top })
		t.Text = plainText(t.Items, pp.margin(), pp.model)
		if !pp.model.textOnly {
			t.PNG = pp.png(rows, edge)
		}
	}
	pp.items = rest
	pp.pix = append([]uint8(nil), pp.pix[rows*pp.width():]...)
	pp.height -= rows
	pp.top, pp.broken = edge, edge == EdgeTorn && len(rest) > 0
	return t
}

// changeRoll is what remains of the old roll; the new one is in place.
func (pp *paper) changeRoll() Ticket {
	printing := len(pp.items) > 0
	t := pp.tear(pp.height, EdgeRoll)
	t.Broken = true
	*pp = *newPaper(pp.model)
	pp.broken = printing
	return t
}

// plainText lays items out by columns of font A.
func plainText(items []Item, margin int, m *Model) string {
	var text strings.Builder
	columns := m.HeadDots / m.FontA.Width
	below := items[0].Top
	for _, item := range items {
		// Three millimetres of nothing read as an empty line.
		text.WriteString(strings.Repeat("\n", min(max(item.Top-below, 0)/24, 3)))
		below = max(below, item.Bottom)
		line := item.Text
		if item.Kind != ItemText {
			line = "[" + string(item.Kind) + " " + line + "]"
		}
		if n := len([]rune(line)); n < columns {
			from := offset(item.Align, n, columns)
			if item.Align == AlignLeft {
				from = min((item.Left-margin)/m.FontA.Width, columns-n)
			}
			line = strings.Repeat(" ", max(from, 0)) + line
		}
		text.WriteString(strings.TrimRight(line, " "))
		text.WriteByte('\n')
	}
	return text.String()
}

// inkDesk is what is seen where there is no paper.
const inkDesk = 2

// inks has more colours than are used: from seventeen on a dot is a byte, which
// the encoder copies in a third of the time that packing takes.
var inks = append(color.Palette{color.White, color.Black, color.Gray{0x88}}, slices.Repeat(color.Palette{color.White}, 14)...)

// png draws the first rows, with the edges as a person would see them.
func (pp *paper) png(rows int, bottom Edge) []byte {
	w := pp.width()
	img := image.NewPaletted(image.Rect(0, 0, w, rows), inks)
	copy(img.Pix, pp.pix[:rows*w])
	drawEdge(img, pp.top, func(depth int) int { return depth })
	drawEdge(img, bottom, func(depth int) int { return rows - 1 - depth })
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, img); err != nil {
		// Encoding a small image into memory cannot fail.
		panic("sim: encoding paper: " + err.Error())
	}
	return b.Bytes()
}

// edgeDots is how deep an edge may reach into the paper: a millimetre.
const edgeDots = dotsPerMM

// drawEdge takes away the paper that an edge is missing. row maps a depth from
// the edge to a row of the picture.
func drawEdge(img *image.Paletted, edge Edge, row func(depth int) int) {
	w := img.Rect.Dx()
	if img.Rect.Dy() < 4*edgeDots {
		return
	}
	for x := range w {
		gone := 0
		switch edge {
		case EdgeTorn:
			// Teeth of a tear bar.
			gone = 1 + abs(x%(2*edgeDots)-edgeDots)*3/4
		case EdgePartial:
			// All but the bridge by which it hung.
			gone = 2
			if abs(2*x-w) < 4*edgeDots {
				gone = 0
			}
		}
		for depth := range gone {
			img.Pix[row(depth)*img.Stride+x] = inkDesk
		}
	}
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
