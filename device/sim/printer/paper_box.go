package printer

import "image"

// boxMask draws the characters that have to meet at the edges of their cells,
// which no font does at every size: a line and a block. It is nil for all others.
// A line is two dots wide and grows with its character.
func boxMask(r rune, w, h int) *image.Alpha {
	top, bottom := 0, h
	switch r {
	case '█':
	case '─':
		thick := max(h/24, 1) * 2
		top = (h - thick) / 2
		bottom = top + thick
	default:
		return nil
	}
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	for i := top * mask.Stride; i < bottom*mask.Stride; i++ {
		mask.Pix[i] = 0xff
	}
	return mask
}
