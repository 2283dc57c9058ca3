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
		{"tabs", "a\tb\tc\n", "a       b       c", ""},
		{"tab positions", "\x1bD\x04\x0a\x00a\tb\tc\n", "a   b     c", ""},
		{"no tabs", "\x1bD\x00a\tb\n", "ab", ""},
		{"absolute position", "a\x1b$\x78\x00b\n", "a         b", ""},
		{"relative position", "a\x1b\\\x18\x00b\x1b\\\xd0\xffc\n", "a  bc", ""},
		{"left margin", "\x1dL\x30\x00a\n", "    a", ""},
		{"area", "\x1dW\x30\x00abcdef\n", "abcd\nef", ""},
		{"full line", strings.Repeat("x", 50) + "\n", strings.Repeat("x", 48) + "\nxx", ""},
		{"character spacing", "\x1b \x0c" + strings.Repeat("x", 25) + "\n", strings.Repeat("x", 24) + "\nx", ""},
		{"motion units", "\x1dP\xcb\x66\x1b$\x78\x00b\n", "          b", ""},
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
		{"cancel outside page mode", "abc\x18d\n", "abcd", ""},
		{"undefined image", "a\n\x1cp\x01\x00", "a", "image 1 of FS p is not defined"},
		{"undefined graphics", "a\n\x1d(L\x06\x000EG1\x01\x01", "a", `image "G1" is not defined`},
		{"nothing stored", "a\n\x1d(L\x02\x0002", "a", "no graphics are stored"},
		{"nothing downloaded", "a\n\x1d/\x00", "a", "no image is downloaded"},
		{"QR without data", "a\n\x1d(k\x03\x001Q0", "a", "QR of 0 bytes cannot be drawn"},
		{"margin in a line", "a\x1dL\x30\x00b\n", "ab", "left margin in the middle of a line"},
		{"paper backwards", "a\n\x1be\x02", "a", "paper does not go backwards: 1B 65 02"},
		{"presenter on a counter", "\x1de\x05a\n", "a", "unknown command 1D 65"},
		{"EAN-13", "\x1dkC\x0c800123456789", "[barcode 8001234567897]", ""},
		{"EAN-8, old form", "\x1dk\x031234567\x00", "[barcode 12345670]", ""},
		{"UPC-A", "\x1dkA\x0b03600029145", "[barcode 036000291452]", ""},
		{"CODE39", "\x1dkE\x05A0042", "[barcode A0042]", ""},
		{"interleaved", "\x1dkF\x041234", "[barcode 1234]", ""},
		{"Codabar", "\x1dkG\x06A1234B", "[barcode A1234B]", ""},
		{"CODE93", "\x1dkH\x04AB12", "[barcode AB12]", ""},
		{"CODE128", "\x1dkI\x0a{BAb{{{C\x0c\x22", "[barcode Ab{1234]", ""},
		{"CODE128 without a set", "\x1dkI\x041234", "", "barcode kind 73"},
	} {
		k, complaints := print(t, printer.ModelGeneric(), c.send)
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
	store := "\x1d(L\x12\x000p0\x01\x011\x08\x00\x08\x00" + rows
	define := "\x1d(L\x13\x000C0G1\x01\x08\x00\x08\x001" + rows
	byColumns := "\x1d(L\x13\x000D0G1\x01\x08\x00\x08\x001" + columns
	long := "\x1d8L\x12\x00\x00\x000p0\x01\x011\x08\x00\x08\x00" + rows
	for _, c := range []struct {
		name, send string
		w, h       int
	}{
		{"GS v 0", "\x1dv0\x00\x01\x00\x08\x00" + rows, 1, 1},
		{"GS v 0 wide", "\x1dv0\x01\x01\x00\x08\x00" + rows, 2, 1},
		{"GS v 0 high", "\x1dv02\x01\x00\x08\x00" + rows, 1, 2},
		{"GS v 0 both", "\x1dv0\x03\x01\x00\x08\x00" + rows, 2, 2},
		{"ESC * 8 single", "\x1b*\x00\x08\x00" + columns + "\n", 2, 3},
		{"ESC * 8 double", "\x1b*\x01\x08\x00" + columns + "\n", 1, 3},
		{"ESC * 24 single", "\x1b*\x20\x08\x00" + spread(columns) + "\n", 2, 1},
		{"ESC * 24 double", "\x1b*\x21\x08\x00" + spread(columns) + "\n", 1, 1},
		{"GS * and GS /", "\x1d*\x01\x01" + columns + "\x1d/\x02", 1, 2},
		{"FS q and FS p", "\x1cq\x01\x01\x00\x01\x00" + columns + "\x1cp\x01\x03", 2, 2},
		{"GS ( L 112 and 50", store + "\x1d(L\x02\x0002", 1, 1},
		{"GS 8 L 112 and 50", long + "\x1d(L\x02\x000\x02", 1, 1},
		{"GS ( L 67 and 69", define + "\x1d(L\x06\x000EG1\x02\x01", 2, 1},
		{"GS ( L 68 and 69", byColumns + "\x1d(L\x06\x000EG1\x01\x02", 1, 2},
	} {
		k, complaints := print(t, printer.ModelGeneric(), c.send)
		if len(complaints) > 0 {
			t.Errorf("%s: complaints %q", c.name, complaints)
			continue
		}
		top := k.Items[0].Top
		got := dots(decode(t, k), image.Rect(32, top, 32+8*c.w, top+8*c.h))
		if got != magnify(want, c.w, c.h) {
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

// spread makes columns of 24 dots of columns of eight.
func spread(columns string) string {
	var s strings.Builder
	for i := range len(columns) {
		s.WriteString(columns[i:i+1] + "\x00\x00")
	}
	return s.String()
}

func magnify(picture string, w, h int) string {
	var s strings.Builder
	for line := range strings.Lines(picture) {
		var wide strings.Builder
		for _, r := range strings.TrimSuffix(line, "\n") {
			wide.WriteString(strings.Repeat(string(r), w))
		}
		s.WriteString(strings.Repeat(wide.String()+"\n", h))
	}
	return s.String()
}

// Images in memory survive switching off, are replaced and deleted, and count
// how often they were written.
func TestImageMemory(t *testing.T) {
	define := "\x1d(L\x13\x000C0G1\x01\x08\x00\x08\x001\xff\xff\xff\xff\xff\xff\xff\xff"
	show := "\x1d(L\x06\x000EG1\x01\x01"
	talk(t, printer.Config{}, func(h *host) {
		h.send("\x1d(L\x02\x0000\x1d(L\x02\x0003", define, "\x1d(L\x02\x0003")
		h.want("memory", "\x37\x30262144\x00\x37\x31262144\x00\x37\x31262136\x00")
		h.send("\x1d(L\x04\x000@KC")
		h.want("keys", "\x37\x72\x40G1\x00")
		h.send("\x1cq\x01\x01\x00\x01\x0012345678")
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
		h.send("\x1d(L\x04\x000BG1", show, executed)
		h.want("deleted", "\x00")
		if c := h.p.Complaints(); len(c) != 1 || !strings.Contains(c[0], "not defined") {
			h.t.Errorf("complaints %q", c)
		}
	})
}

// Page mode draws first and prints at once, in each of its four directions.
func TestPageMode(t *testing.T) {
	area := "\x1bW\x40\x00\x00\x00\x80\x00\x60\x00" // x 64, y 0, 128 by 96
	for _, c := range []struct {
		name, direction string
		box             image.Rectangle // of a black block at the beginning of the first line, from the area's corner
	}{
		{"left to right", "\x00", image.Rect(0, 0, 12, 24)},
		{"bottom to top", "\x01", image.Rect(0, 84, 24, 96)},
		{"upside down", "\x02", image.Rect(116, 72, 128, 96)},
		{"top to bottom", "\x03", image.Rect(104, 0, 128, 12)},
	} {
		k, complaints := print(t, printer.ModelGeneric(), "\x1bL", area, "\x1bT", c.direction, "\xdb\x0c")
		if len(complaints) > 0 {
			t.Errorf("%s: complaints %q", c.name, complaints)
		}
		want := c.box.Add(image.Pt(32+64, 96))
		if got := inkBox(decode(t, k)); got != want {
			t.Errorf("%s: drawn in %v instead of %v", c.name, got, want)
		}
	}
	for _, c := range []struct{ name, send, text string }{
		{"FF prints and leaves", "\x1bLa\n\x0cb\n", "a\nb"},
		{"ESC FF prints again", "\x1bLa\n\x1b\x0c\x1b\x0c\x1bSb\n", "a\na\nb"},
		{"ESC S throws away", "\x1bLa\n\x1bSb\n", "b"},
		{"CAN deletes the area", "\x1bLa\n\x18b\n\x0c", "b"},
		{"positions", "\x1bL\x1d$\x40\x00\x1b$\x78\x00low\x1d$\x17\x00\x1b$\x00\x00high\x1d\\\x40\x00next\n\x0c", "high\n          low\nnext"},
		{"pictures", "\x1bL\x1d$\x80\x00\x1dv0\x00\x01\x00\x08\x00abcdefgh\x1d$\xf0\x01\x1dkE\x02AB\x0c", "[picture picture]\n[barcode AB]"},
	} {
		k, complaints := print(t, printer.ModelGeneric(), c.send)
		got := strings.Join(strings.FieldsFunc(k.Text, func(r rune) bool { return r == '\n' }), "\n")
		if got != c.text || len(complaints) > 0 {
			t.Errorf("%s: on paper is\n%s\ncomplaints %q", c.name, k.Text, complaints)
		}
	}
}

// Characters are as big as they are told to be, turned as they are told, and
// marked as they are told. The block of code page 437 fills its cell.
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
		{"turned", "\x1d!\x01\x1bV\x01\xdb", image.Rect(0, 0, 48, 12)},
		{"upside down", "\x1b{\x01\xdb", image.Rect(564, 0, 576, 24)},
		{"underlined", "\x1b-\x02   ", image.Rect(0, 22, 36, 24)},
		{"white on black", "\x1dB\x01   ", image.Rect(0, 0, 36, 24)},
		{"white on black, spaced", "\x1b \x04\x1dB\x01   ", image.Rect(0, 0, 48, 24)},
		{"not underlined when white on black", "\x1dB\x01\x1b-\x01\xdb\x1dB\x00\x1b-\x00\xdb", image.Rect(12, 0, 24, 24)},
		{"QR of version 1", "\x1d(k\x03\x001C\x06\x1d(k\x04\x001P0A\x1d(k\x03\x001Q0", image.Rect(0, 0, 126, 126)},
		{"one base line", "\x1d!\x11\xdb\x1d!\x00\xdb", image.Rect(0, 0, 36, 48)},
	} {
		k, complaints := print(t, printer.ModelGeneric(), c.send)
		if got, want := inkBox(decode(t, k)), c.box.Add(image.Pt(32, 96)); got != want || len(complaints) > 0 {
			t.Errorf("%s: drawn in %v instead of %v; complaints %q", c.name, got, want, complaints)
		}
	}
}

// A printer that does not smooth enlarges dots; GS b makes it smooth.
func TestSmoothing(t *testing.T) {
	m := printer.ModelGeneric()
	m.Smooth = false
	steps := func(send string) int {
		k, _ := print(t, m, send)
		img, n := decode(t, k), 0
		for y := k.Items[0].Top; y < k.Items[0].Bottom; y++ {
			if dots(img, image.Rect(32, y, 132, y+1)) != dots(img, image.Rect(32, y-1, 132, y)) {
				n++
			}
		}
		return n
	}
	if blocky, smooth := steps("\x1d!\x77S"), steps("\x1db\x01\x1d!\x77S"); blocky > 24 || smooth < 2*blocky {
		t.Errorf("%d different rows unsmoothed and %d smoothed", blocky, smooth)
	}
}

// Barcodes and QR codes are read by a program that we did not write.
func TestScanned(t *testing.T) {
	k, complaints := print(t, printer.ModelGeneric(), "\x1ba\x01\x1dw\x02\x1dh\x60\x1dH\x02",
		"\x1dkI\x0a{BA04-{C\x0c\x22\n\x1dkC\x0c800123456789\n\x1dkE\x05A0042\n\x1d(k\x03\x001C\x05\x1d(k\x14\x001P0https://example.i\x1d(k\x03\x001Q0")
	if len(complaints) > 0 {
		t.Errorf("complaints %q", complaints)
	}
	scan(t, k, "CODE-128:A04-1234", "EAN-13:8001234567897", "CODE-39:A0042", "QR-Code:https://example.i")
}
