package printer

import (
	"image"
	"image/color"
	"math"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// fonts are the two weights of Go Mono, whose characters are 0.6 em wide: at 20
// pixels they are the 12 by 24 cells of a printer's font A.
var fonts = sync.OnceValue(func() (pair [2]*opentype.Font) {
	for i, ttf := range [][]byte{gomono.TTF, gomonobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("sim: parsing embedded font: " + err.Error())
		}
		pair[i] = f
	}
	return pair
})

// A glyphCache holds drawn characters. A ticket has some sixty different ones.
type glyphCache struct {
	mu    sync.Mutex
	masks map[glyphKey]*image.Alpha
}

type glyphKey struct {
	r             rune
	width, height int
	cell          Cell
	bold, smooth  bool
}

const glyphsKept = 512

var glyphs = glyphCache{masks: make(map[glyphKey]*image.Alpha)}

// mask is the drawn character, as big as its cell.
func (c *glyphCache) mask(m mark) *image.Alpha {
	l := m.look
	key := glyphKey{m.r, l.width, l.height, l.cell, l.bold, m.smooth}
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.masks[key]; ok {
		return m
	}
	if len(c.masks) >= glyphsKept {
		clear(c.masks)
	}
	mask := drawMask(key)
	c.masks[key] = mask
	return mask
}

// drawMask draws at the cell's height and then stretches to its width. A printer
// that does not smooth has one drawing of each character and enlarges its dots.
func drawMask(k glyphKey) *image.Alpha {
	w, h := k.cell.Width*k.width, k.cell.Height*k.height
	if box := boxMask(k.r, w, h); box != nil {
		return box
	}
	if !k.smooth && k.width*k.height > 1 {
		one := k
		one.width, one.height = 1, 1
		big := image.NewAlpha(image.Rect(0, 0, w, h))
		small := sharpen(drawMask(one))
		draw.NearestNeighbor.Scale(big, big.Rect, small, small.Rect, draw.Src, nil)
		return big
	}
	natural := image.NewAlpha(image.Rect(0, 0, (h+1)/2, h))
	face := faceFor(k.bold, float64(h)*20/24)
	defer face.Close()
	d := font.Drawer{
		Dst: natural, Src: image.NewUniform(color.Alpha{0xff}), Face: face,
		Dot: fixed.P(0, int(math.Round(float64(h)*19/24))),
	}
	d.DrawString(string(k.r))
	if natural.Rect.Dx() == w {
		return natural
	}
	wide := image.NewAlpha(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(wide, wide.Rect, natural, natural.Rect, draw.Src, nil)
	return wide
}

func faceFor(bold bool, size float64) font.Face {
	weight := 0
	if bold {
		weight = 1
	}
	face, err := opentype.NewFace(fonts()[weight], &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("sim: making font face: " + err.Error())
	}
	return face
}

// inked is how dark a point of a mask is to become a dot.
const inked = 0x70

// sharpen makes dots of a drawing.
func sharpen(m *image.Alpha) *image.Alpha {
	out := image.NewAlpha(m.Rect)
	for i, v := range m.Pix {
		if v >= inked {
			out.Pix[i] = 0xff
		}
	}
	return out
}

// drawGlyph burns a character into the paper with its top left at x, y.
func drawGlyph(area *image.Gray, x, y int, m mark) {
	mask := glyphs.mask(m)
	for dy := range min(mask.Rect.Dy(), area.Rect.Dy()-y) {
		for dx := range min(mask.Rect.Dx(), area.Rect.Dx()-x) {
			if mask.Pix[dy*mask.Stride+dx] >= inked != m.look.reverse {
				area.Pix[(y+dy)*area.Stride+x+dx] = black
			}
		}
	}
}

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
