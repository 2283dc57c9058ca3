package printer_test

import (
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"eliminacode/device/sim/printer"
)

// print is the paper that bytes make, on a generic printer.
func print(t *testing.T, m printer.Model, send ...string) (k printer.Ticket, complaints []string) {
	t.Helper()
	talk(t, printer.Config{Model: m}, func(h *host) {
		h.send(send...)
		h.send("\n", "\x1dVA\x00", executed)
		h.hear(time.Minute)
		tickets := h.p.Tickets()
		if len(tickets) > 0 {
			k = tickets[len(tickets)-1]
		}
		complaints = h.p.Complaints()
	})
	return k, complaints
}

// decode is the paper as dots: true is black.
func decode(t *testing.T, k printer.Ticket) image.Image {
	t.Helper()
	img, err := png.Decode(strings.NewReader(string(k.PNG)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// dots are those of an area as lines of text.
func dots(img image.Image, area image.Rectangle) string {
	var s strings.Builder
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r == 0 {
				s.WriteByte('#')
			} else {
				s.WriteByte('.')
			}
		}
		s.WriteByte('\n')
	}
	return s.String()
}

// inkBox is the smallest box with everything black.
func inkBox(img image.Image) image.Rectangle {
	box := image.Rectangle{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r == 0 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// The text of each command's paper, and the complaints about it.
func TestCommandsOnPaper(t *testing.T) {
	for _, c := range []struct{ name, send, text, complaint string }{
		{"absolute position", "a\x1b$\x78\x00b\n", "a         b", ""},
		{"relative position", "a\x1b\\\x18\x00b\x1b\\\xd0\xffc\n", "a  bc", ""},
		{"left margin", "\x1dL\x30\x00a\n", "    a", ""},
		{"area", "\x1dW\x30\x00abcdef\n", "abcd\nef", ""},
		{"full line", strings.Repeat("x", 50) + "\n", strings.Repeat("x", 48) + "\nxx", ""},
		{"alignment", "\x1ba\x01abcd\n\x1ba2x\n\x1ba\x00y\n", "                      abcd\n                                               x\ny", ""},
		{"Italian set", "\x1bR\x06[]`{|}~\x1bR\x00[]\n", "°éùàòèì[]", ""},
		{"code page 858", "\x1bt\x13\x85\x8a\x82\x8d\x95\x97\xb7\xd4\xd5\xf8\n", "àèéìòùÀÈ€°", ""},
		{"code page 437", "\x85\x8a\x82\x8d\x95\x97\xf8\n", "àèéìòù°", ""},
		{"code page 1252", "\x1bt\x10\xe0\xe8\xe9\xec\xf2\xf9\xc0\xc8\x80\xb0\n", "àèéìòùÀÈ€°", ""},
		{"code page 852", "\x1bt\x12\x9f\xe7\xa7\xac\xe6\xa6\n", "čšžČŠŽ", ""},
		{"unknown set", "\x1bR\x20[\n", "[", "unknown international set 32"},
		{"font B", "\x1bM\x01" + strings.Repeat("x", 65) + "\n", strings.Repeat("x", 64) + "\nx", ""},
		{"print mode", "\x1b!\x30ab\x1b!\x00\n", "ab", ""},
		{"unknown command and its operands", "\x1b\x9935a\n", "35a", "unknown command 1B 99"},
		{"unknown function", "\x1d(Zab\n", "Zab", "unknown command 1D 28"},
		{"undefined image", "a\n\x1cp\x01\x00", "a", "image 1 of FS p is not defined"},
		{"undefined graphics", "a\n\x1d(L\x06\x000EG1\x01\x01", "a", `image "G1" is not defined`},
		{"QR without data", "a\n\x1d(k\x03\x001Q0", "a", "QR of 0 bytes cannot be drawn"},
		{"margin in a line", "a\x1dL\x30\x00b\n", "ab", "left margin in the middle of a line"},
		{"underlined", "\x1b-\x01a\n", "a", "1B 2D 01 is not drawn here"},
		{"picture enlarged", "a\n\x1dv0\x01\x01\x00\x01\x00x", "a", "unknown command 1D 76 30 01"},
		{"clear buffer", "a\x10\x14b\n", "ab", "unknown command 10 14"},
		{"page mode", "a\n\x1bL", "a", "unknown command 1B 4C"},
		{"bar code", "a\n\x1dkE", "a\nE", "unknown command 1D 6B"},
		{"presenter on a counter", "\x1de\x05a\n", "a", "unknown command 1D 65"},
	} {
		k, complaints := print(t, shipped("generic-80"), c.send)
		if got := strings.TrimRight(k.Text, "\n"); got != c.text {
			t.Errorf("%s: on paper is\n%s\ninstead of\n%s", c.name, got, c.text)
		}
		if got := strings.Join(complaints, "|"); c.complaint == "" && got != "" || !strings.Contains(got, c.complaint) {
			t.Errorf("%s: complaints %q", c.name, got)
		}
	}
}

// Pictures are drawn dot for dot, by each of the ways to send them.
func TestPicturesDotForDot(t *testing.T) {
	// An eight by eight picture with nothing symmetric about it.
	rows := "\xff\x80\xbc\xa0\xa1\x81\x81\xc1"
	columns := transpose(rows)
	want := "########\n#.......\n#.####..\n#.#.....\n#.#....#\n#......#\n#......#\n##.....#\n"
	define := "\x1d(L\x13\x000C0G1\x01\x08\x00\x08\x001" + rows
	for _, c := range []struct{ name, send string }{
		{"GS v 0", "\x1dv0\x00\x01\x00\x08\x00" + rows},
		{"FS q and FS p", "\x1cq\x01\x01\x00\x01\x00" + columns + "\x1cp\x01\x00"},
		{"GS ( L 67 and 69", define + "\x1d(L\x06\x000EG1\x01\x01"},
	} {
		k, complaints := print(t, shipped("generic-80"), c.send)
		if len(complaints) > 0 {
			t.Errorf("%s: complaints %q", c.name, complaints)
			continue
		}
		top := k.Items[0].Top
		got := dots(decode(t, k), image.Rect(32, top, 40, top+8))
		if got != want {
			t.Errorf("%s: drawn is\n%s", c.name, got)
		}
	}
}

// transpose turns eight rows into eight columns.
func transpose(rows string) string {
	columns := make([]byte, 8)
	for y := range 8 {
		for x := range 8 {
			columns[x] |= rows[y] >> (7 - x) & 1 << (7 - y)
		}
	}
	return string(columns)
}

// Images in memory survive switching off, and count how often they were written.
func TestImageMemory(t *testing.T) {
	define := "\x1d(L\x13\x000C0G1\x01\x08\x00\x08\x001\xff\xff\xff\xff\xff\xff\xff\xff"
	show := "\x1d(L\x06\x000EG1\x01\x01"
	talk(t, printer.Config{}, func(h *host) {
		h.send(define, "\x1cq\x01\x01\x00\x01\x0012345678")
		time.Sleep(time.Second)
		h.p.SetPower(false)
		h.p.SetPower(true)
		time.Sleep(3 * time.Second)
		h.send(show, "\x1cp\x01\x00", cut, executed)
		h.want("end", "\x00")
		if k := h.p.Tickets(); len(k) != 1 || k[0].Items[0].Text != "logo G1" || k[0].Items[1].Text != "logo 1" {
			h.t.Errorf("tickets %+v", k)
		}
		if n := h.p.MemoryWrites(); n != 2 {
			h.t.Errorf("%d writes", n)
		}
		if c := h.p.Complaints(); len(c) != 0 {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// Characters are as big as they are told to be, and marked as they are told. The block of code page 437 fills its cell.
func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, send string
		box        image.Rectangle
	}{
		{"font A", "\xdb", image.Rect(0, 0, 12, 24)},
		{"font B", "\x1bM\x01\xdb", image.Rect(0, 0, 9, 17)},
		{"eight by eight", "\x1d!\x77\xdb", image.Rect(0, 0, 96, 192)},
		{"two by three", "\x1d!\x12\xdb", image.Rect(0, 0, 24, 72)},
		{"print mode double", "\x1b!\x30\xdb", image.Rect(0, 0, 24, 48)},
		{"white on black", "\x1dB\x01   ", image.Rect(0, 0, 36, 24)},
		{"QR of version 1", "\x1d(k\x03\x001C\x06\x1d(k\x04\x001P0A\x1d(k\x03\x001Q0", image.Rect(0, 0, 126, 126)},
		{"one base line", "\x1d!\x11\xdb\x1d!\x00\xdb", image.Rect(0, 0, 36, 48)},
	} {
		k, complaints := print(t, shipped("generic-80"), c.send)
		if got, want := inkBox(decode(t, k)), c.box.Add(image.Pt(32, 96)); got != want || len(complaints) > 0 {
			t.Errorf("%s: drawn in %v instead of %v; complaints %q", c.name, got, want, complaints)
		}
	}
}

// A printer that does not smooth enlarges dots.
func TestSmoothing(t *testing.T) {
	steps := func(smooth bool) int {
		m := shipped("generic-80")
		m.Smooth = smooth
		k, _ := print(t, m, "\x1d!\x77S")
		img, n := decode(t, k), 0
		for y := k.Items[0].Top; y < k.Items[0].Bottom; y++ {
			if dots(img, image.Rect(32, y, 132, y+1)) != dots(img, image.Rect(32, y-1, 132, y)) {
				n++
			}
		}
		return n
	}
	if blocky, smooth := steps(false), steps(true); blocky > 24 || smooth < 2*blocky {
		t.Errorf("%d different rows unsmoothed and %d smoothed", blocky, smooth)
	}
}

// QR codes are read by a program that we did not write.
func TestScanned(t *testing.T) {
	k, complaints := print(t, shipped("generic-80"), "\x1ba\x01\x1d(k\x03\x001C\x05\x1d(k\x14\x001P0https://example.i\x1d(k\x03\x001Q0")
	if len(complaints) > 0 {
		t.Errorf("complaints %q", complaints)
	}
	scan(t, k, "QR-Code:https://example.i")
}
