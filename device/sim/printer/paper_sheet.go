package printer

import (
	"context"
	"image"
)

// A sheet is the page of page mode: everything is drawn on it first and comes
// out at once. Characters and pictures stand with their lowest row on y.
type sheet struct {
	bits      *image.Gray
	area      image.Rectangle
	direction byte // ESC T: 0 from left, 1 from bottom, 2 from right, 3 from top
	y         int  // of the line, in the area as its direction has it
	items     []Item
	used      int // rows of the sheet that areas have reached
}

// maxSheetDots is how high a sheet may be.
const maxSheetDots = 1662

func newSheet(m *Model) *sheet {
	s := &sheet{bits: newBitmap(m.HeadDots, maxSheetDots)}
	s.setArea(s.bits.Rect)
	s.used = 0
	return s
}

// setArea is ESC W.
func (s *sheet) setArea(area image.Rectangle) {
	s.area = area.Intersect(s.bits.Rect)
	s.y = firstLine
}

// firstLine is where the first line of a page stands: one character below the
// upper edge.
const firstLine = 23

// logical is the size of the area as its direction has it.
func (s *sheet) logical() (w, h int) {
	if s.direction == 1 || s.direction == 3 {
		return s.area.Dy(), s.area.Dx()
	}
	return s.area.Dx(), s.area.Dy()
}

// physical is where a point of the area lies on the sheet.
func (s *sheet) physical(x, y int) (int, int) {
	a := s.area
	switch s.direction {
	case 1:
		return a.Min.X + y, a.Max.Y - 1 - x
	case 2:
		return a.Max.X - 1 - x, a.Max.Y - 1 - y
	case 3:
		return a.Max.X - 1 - y, a.Min.Y + x
	}
	return a.Min.X + x, a.Min.Y + y
}

// stamp draws a picture whose lower left is at x, y of the area.
func (s *sheet) stamp(bits *image.Gray, x, y int, item Item) {
	s.draw(bits, x, y)
	s.note(item, x, y, bits.Rect.Size())
}

func (s *sheet) draw(bits *image.Gray, x, y int) {
	top := y - bits.Rect.Dy() + 1
	w, h := s.logical()
	for dy := range bits.Rect.Dy() {
		for dx := range bits.Rect.Dx() {
			lx, ly := x+dx, top+dy
			if bits.Pix[dy*bits.Stride+dx] == white || lx < 0 || ly < 0 || lx >= w || ly >= h {
				continue
			}
			px, py := s.physical(lx, ly)
			s.bits.Pix[py*s.bits.Stride+px] = black
			s.used = max(s.used, py+1)
		}
	}
}

// note keeps what a drawing of some size says.
func (s *sheet) note(item Item, x, y int, size image.Point) {
	if len(s.items) >= maxMarks {
		return // somebody prints over himself for ever
	}
	px, py := s.physical(max(x, 0), max(y-size.Y+1, 0))
	qx, qy := s.physical(x+size.X, y+1)
	item.Align, item.Left = AlignLeft, min(px, qx)
	item.Top, item.Bottom = min(py, qy), max(py, qy)
	s.items = append(s.items, item)
}

// clear is CAN: the area is white again.
func (s *sheet) clear() {
	for y := s.area.Min.Y; y < s.area.Max.Y; y++ {
		for x := s.area.Min.X; x < s.area.Max.X; x++ {
			s.bits.Pix[y*s.bits.Stride+x] = white
		}
	}
	var rest []Item
	for _, item := range s.items {
		if !image.Pt(item.Left, item.Top).In(s.area) {
			rest = append(rest, item)
		}
	}
	s.items = rest
}

// drawOnSheet moves the line buffer to the sheet; the position stays behind it.
func (p *Printer) drawOnSheet() {
	h := &p.head
	if len(h.line) == 0 {
		h.x = 0
		return
	}
	bits, items := drawLine(h.line)
	h.sheet.draw(bits, 0, h.sheet.y)
	for _, item := range items {
		h.sheet.note(item, item.Left, h.sheet.y, bits.Rect.Size())
	}
	h.line, h.x = nil, 0
}

// escPage does the commands of page mode.
func (p *Printer) escPage(ctx context.Context, raw []byte) bool {
	h := &p.head
	switch raw[1] {
	case 'L':
		if p.atLineStart("page mode") && h.sheet == nil {
			h.sheet = newSheet(&p.model)
		}
	case 'S':
		h.sheet, h.line, h.x = nil, nil, 0
	case ff:
		if h.sheet != nil {
			p.printSheet(ctx)
		}
	case 'T':
		if h.sheet != nil {
			p.drawOnSheet()
			h.sheet.direction = (raw[2] &^ '0') & 3
			h.sheet.y = firstLine
		}
	case 'W':
		if h.sheet != nil {
			p.drawOnSheet()
			x, y := h.dotsX(word(raw, 2)), h.dotsY(word(raw, 4))
			h.sheet.setArea(image.Rect(x, y, x+h.dotsX(word(raw, 6)), y+h.dotsY(word(raw, 8))))
		}
	default:
		return false
	}
	return true
}

// printSheet is FF and ESC FF: the sheet comes out as far down as it is used.
func (p *Printer) printSheet(ctx context.Context) {
	h := &p.head
	p.drawOnSheet()
	s := h.sheet
	high := max(s.used, 1)
	if s.area != s.bits.Rect {
		high = max(high, s.area.Max.Y)
	}
	if !p.move(ctx, high) {
		return
	}
	area := h.paper.grow(high)
	blit(area, s.bits, 0, 0)
	for _, item := range s.items {
		item.Left += h.paper.margin()
		item.Top += h.paper.height - high
		item.Bottom += h.paper.height - high
		h.paper.items = append(h.paper.items, item)
	}
	p.cutWhenThere()
}
