package sim

import (
	"image"
	"image/color"
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
	bold, fontB   bool
}

const glyphsKept = 512

var glyphs = glyphCache{masks: make(map[glyphKey]*image.Alpha)}

// mask is the drawn character, as big as its cell.
func (c *glyphCache) mask(g glyph) *image.Alpha {
	key := glyphKey{g.r, g.look.width, g.look.height, g.look.bold, g.look.fontB}
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.masks[key]; ok {
		return m
	}
	if len(c.masks) >= glyphsKept {
		clear(c.masks)
	}
	m := drawMask(g)
	c.masks[key] = m
	return m
}

// drawMask draws at the cell's height and then stretches to its width, so that
// big characters are smooth as on a printer that smooths.
func drawMask(g glyph) *image.Alpha {
	w, h := g.look.cell()
	size, base := 20.0*float64(g.look.height), 19*g.look.height
	natural := 12 * g.look.height
	if g.look.fontB {
		size, base, natural = 15.0*float64(g.look.height), 13*g.look.height, 9*g.look.height
	}
	weight := 0
	if g.look.bold {
		weight = 1
	}
	face, err := opentype.NewFace(fonts()[weight], &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("sim: making font face: " + err.Error())
	}
	defer face.Close()
	mask := image.NewAlpha(image.Rect(0, 0, natural, h))
	d := font.Drawer{Dst: mask, Src: image.NewUniform(color.Alpha{0xff}), Face: face, Dot: fixed.P(0, base)}
	d.DrawString(string(g.r))
	if natural == w {
		return mask
	}
	wide := image.NewAlpha(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(wide, wide.Rect, mask, mask.Rect, draw.Src, nil)
	return wide
}

// drawGlyph burns a character into the paper with its top left at x, y.
func drawGlyph(area *image.Gray, x, y int, g glyph) {
	mask := glyphs.mask(g)
	w, h := g.look.cell()
	for dy := range h {
		for dx := range w {
			if x+dx >= area.Rect.Dx() || y+dy >= area.Rect.Dy() {
				continue
			}
			on := mask.Pix[dy*mask.Stride+dx] >= 0x70
			if g.look.underline && dy >= h-2 {
				on = true
			}
			if on != g.look.reverse {
				area.Pix[(y+dy)*area.Stride+x+dx] = black
			}
		}
	}
}
