package printer

import (
	"image"
	"strings"
)

// boxRunes are the line-drawing characters of code page 437, and boxArms what
// goes from their middle up, right, down and left: nothing, a line, two lines.
const boxRunes = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫"

var boxArms = []string{
	"0101", "1010", "0110", "0011", "1100", "1001", "1110", "1011", "0111", "1101", "1111",
	"0202", "2020", "0220", "0022", "2200", "2002", "2220", "2022", "0222", "2202", "2222",
	"0210", "0120", "0012", "0021", "1200", "2100", "1002", "2001", "1210", "2120", "1012", "2021",
	"0212", "0121", "1202", "2101", "1212", "2121",
}

// boxMask draws the characters that have to meet at the edges of their cells,
// which no font does at every size; nil for all others. A line is two dots wide
// and grows with its character.
func boxMask(r rune, w, h int) *image.Alpha {
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	fill := func(x0, y0, x1, y1 int) {
		for y := max(y0, 0); y < min(y1, h); y++ {
			for x := max(x0, 0); x < min(x1, w); x++ {
				mask.Pix[y*mask.Stride+x] = 0xff
			}
		}
	}
	switch r {
	case '█':
		fill(0, 0, w, h)
		return mask
	case '▀':
		fill(0, 0, w, h/2)
		return mask
	case '▄':
		fill(0, h/2, w, h)
		return mask
	case '▌':
		fill(0, 0, w/2, h)
		return mask
	case '▐':
		fill(w/2, 0, w, h)
		return mask
	}
	at := strings.IndexRune(boxRunes, r)
	if at < 0 {
		return nil
	}
	// All of them are three bytes long.
	drawArms(boxArms[at/len("─")], w, h, fill)
	return mask
}

// drawArms draws lines from the middle of a cell to its edges.
func drawArms(arms string, w, h int, fill func(x0, y0, x1, y1 int)) {
	thickX, thickY := max(w/12, 1)*2, max(h/24, 1)*2
	midX, midY := (w-thickX)/2, (h-thickY)/2
	shifts := func(n byte, thick int) []int {
		switch n {
		case '1':
			return []int{0}
		case '2':
			return []int{-thick, thick}
		}
		return nil
	}
	// Two lines that meet two lines go on to the outer one.
	moreX, moreY := 0, 0
	if strings.Contains(arms, "2") {
		moreX, moreY = thickX, thickY
	}
	for _, d := range shifts(arms[0], thickX) {
		fill(midX+d, 0, midX+d+thickX, midY+thickY+moreY)
	}
	for _, d := range shifts(arms[1], thickY) {
		fill(midX-moreX, midY+d, w, midY+d+thickY)
	}
	for _, d := range shifts(arms[2], thickX) {
		fill(midX+d, midY-moreY, midX+d+thickX, h)
	}
	for _, d := range shifts(arms[3], thickY) {
		fill(0, midY+d, midX+thickX+moreX, midY+d+thickY)
	}
}
