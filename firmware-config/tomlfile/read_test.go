package tomlfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	toml "github.com/pelletier/go-toml/v2"
	"golang.org/x/text/encoding/charmap"
)

// A menu has a field of every kind.
type menu struct {
	Title   string                       `toml:"title"`
	Seats   int                          `toml:"seats,omitempty"`
	Open    bool                         `toml:"open,omitempty"`
	Weight  grams                        `toml:"weight,omitempty"`
	Words   []string                     `toml:"words"`
	Closing *grams                       `toml:"closing"`
	Names   map[string]string            `toml:"names"`
	Texts   map[string]map[string]string `toml:"texts"`
	Kitchen struct {
		Stoves int `toml:"stoves,omitempty"`
	} `toml:"kitchen"`
	Dishes []dish `toml:"dish"`
	Table  table  `toml:",inline"`
}

// A table knows nothing of how grams are written.
type table struct {
	Cloth    int64  `toml:"cloth,omitempty,grams"`
	Servings []int8 `toml:"servings,grams"`
}

var forms = Forms{"grams": new(grams)}

type dish struct {
	Name  string  `toml:"name"`
	Price int     `toml:"price"`
	Parts []dish  `toml:"part"`
	Sizes []grams `toml:"sizes"`
}

func (d *dish) SetDefaults() { d.Price = 5 }

// grams are written "5 g".
type grams int

func (g *grams) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%d g", g); err != nil {
		return fmt.Errorf("is %q", text)
	}
	return nil
}

func (g grams) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d g", int(g)), nil }
func (grams) Form() string                   { return `a weight in quotes, such as "5 g"` }

const menuFile = `
title = "Menu"
weight = "3 g"
closing = "0 g"
names = { de = "Karte", "x y" = "\u0001\"\\" }
cloth = "90 g"
servings = ["7 g", "8 g"]
[texts.de]
note = ""
[kitchen]
stoves = 4
[[dish]]
name = "zuppa"
[[dish.part]]
name = "pane"
price = 0
sizes = ["1 g", "2 g"]
`

func TestReadFillsEveryKind(t *testing.T) {
	three, none := grams(3), grams(0)
	want := menu{
		Table: table{Cloth: 90, Servings: []int8{7, 8}},
		Title: "Menu", Weight: three, Closing: &none, Names: map[string]string{"de": "Karte", "x y": "\x01\"\\"},
		Texts:  map[string]map[string]string{"de": {"note": ""}},
		Dishes: []dish{{Name: "zuppa", Price: 5, Parts: []dish{{Name: "pane", Sizes: []grams{1, 2}}}}},
	}
	want.Kitchen.Stoves = 4
	var got menu
	if err := Read("menu.toml", []byte(menuFile), &got, forms).Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was read differs (-want +got):\n%s", diff)
	}
	var again menu
	if err := Read("again.toml", Write(want, forms), &again, forms).Err(); err != nil {
		t.Fatalf("%v\n%s", err, Write(want, forms))
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("what was written reads otherwise (-want +got):\n%s\n%s", diff, Write(want, forms))
	}
}

// A complaint from outside finds the value, or the nearest table around it, and
// none is added about what could not be read.
func TestComplaintsFindTheirPlace(t *testing.T) {
	f := Read("m.toml", []byte("title = 3\n[[dish]]\n[[dish]]\n  sizes = [ \"1 g\",\n\"2 g\" ]\n"), &menu{}, forms)
	for _, path := range []string{"title", "title.x", "dish[2].sizes[2]", "dish[2].name", "kitchen.stoves", "nothing"} {
		f.Complain(path, Complaint{Problem: path, Remedy: "act"})
	}
	want := `m.toml:1:1: kitchen.stoves; act
m.toml:1:1: nothing; act
m.toml:1:9: title: is a whole number; write a text in quotes
m.toml:3:1: dish[2].name; act
m.toml:5:1: dish[2].sizes[2]; act`
	if err := f.Err(); !errors.Is(err, ErrRefused) || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// A key is found whether its neighbour is a whole word or a slip of the finger.
func TestNearest(t *testing.T) {
	known := []string{"name", "port", "baud"}
	for word, want := range map[string]string{"prot": "port", "nam": "name", "bauds": "baud", "colour": "", strings.Repeat("x", 99): ""} {
		if got := nearest(word, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

func TestAByteOrderMarkIsPassedOver(t *testing.T) {
	var m menu
	if err := Read("m.toml", []byte("\xEF\xBB\xBFtitle = \"Caffè\"\r\nseats = 4\r\n"), &m, forms).Err(); err != nil || m.Title != "Caffè" || m.Seats != 4 {
		t.Errorf("read %+v, %v", m, err)
	}
	err := Read("m.toml", []byte("\xEF\xBB\xBFtitle = 3\r\n"), &m, forms).Err()
	if err == nil || !strings.HasPrefix(err.Error(), "m.toml:1:9: ") {
		t.Errorf("the mark moves the columns: %v", err)
	}
}

// A character that TOML does not have is named as one, with what to write.
func TestAForeignCharacterIsNamed(t *testing.T) {
	for text, says := range map[string]string{
		"title = \u201CCaffè\u201D\n":     `m.toml:1:9: cannot read this as TOML: the character U+201C '“' cannot stand here; write straight quotation marks (")`,
		"title = \u00ABCaffè\u00BB\n":     "straight quotation marks",
		"seats\u00A0= 4\n":                "U+00A0 cannot stand here; delete it",
		"# menu\n\uFEFFtitle = \"Bar\"\n": "m.toml:2:1: cannot read this as TOML: the character U+FEFF cannot stand here; delete it",
		"è = 1\n":                         "U+00E8 'è'",
	} {
		if err := Read("m.toml", []byte(text), &menu{}, forms).Err(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What is no UTF-8 is named, with how to save it rightly.
func TestAnotherEncodingIsNamed(t *testing.T) {
	const text = "title = \"Anagrafe, perché così è\"\n"
	utf16of := func(order binary.AppendByteOrder, mark bool) (b []byte) {
		if mark {
			b = order.AppendUint16(b, 0xFEFF)
		}
		for _, unit := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, unit)
		}
		return b
	}
	windows, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"UTF-16":                       {utf16of(binary.LittleEndian, true), `m.toml:1:1: the file is written in UTF-16 (what Windows calls "Unicode"), not in UTF-8; save it as UTF-8`},
		"UTF-16, the other order":      {utf16of(binary.BigEndian, true), "written in UTF-16"},
		"UTF-16 without a mark":        {utf16of(binary.LittleEndian, false), "written in UTF-16"},
		"that in the other order":      {utf16of(binary.BigEndian, false), "written in UTF-16"},
		"UTF-32":                       {[]byte("\xFF\xFE\x00\x00t\x00\x00\x00"), "written in UTF-32"},
		"Windows-1252":                 {windows, `m.toml:1:25: the byte E9 is not UTF-8; the file looks like Windows-1252 ("ANSI"), where it is 'é'; save it as UTF-8`},
		"a character that was cut":     {[]byte("title = \"Caff\xC3"), "is not UTF-8"},
		"a byte of no encoding":        {[]byte("title = \"\x81\""), "m.toml:1:10: the byte 81 is not UTF-8; save"},
		"an image":                     {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "m.toml:2:1: this is no text: it holds the byte 1A; check that the path names the right file"},
		"a photograph":                 {[]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), "this is no text: it holds the byte 00"},
		"zeros":                        {make([]byte, 100), "zero byte"},
		"a file that is much too long": {bytes.Repeat([]byte("#"), MaxBytes+1), "bytes, more than any settings file; check that the path"},
	} {
		f := Read("m.toml", c.data, &menu{}, forms)
		if err := f.Err(); !f.Broken() || !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzRead feeds anything to Read. It accepts nothing that the TOML library
// refuses, a byte order mark apart; every complaint has a place in the file and
// says what to do; and what it accepts it writes and reads back the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		menuFile, "\xEF\xBB\xBFtitle = \"x\"\r\n", "\xFF\xFEt\x00", "title = \"caff\xE8\"", "[a.b]\n[a]\nb.c=1", "[[dish]]\n[dish.part]",
		"dish = [{name='a'},{part=[[1]]}]", "\"\"=1\n[\"a=b\".'c']\n'x=' = 1979-05-27", "names.\"a[1\".b = 1", "closing = 2020-01-01", "a=[[],[{}],[#\n]]",
		"title = 1\ntitle = 2", "[names]\n\"a.b\" = \"x\"\n\"\" = \"\"", "texts = { a = {}, b = { c = 'd' } }",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m menu
		file := Read("fuzz.toml", data, &m, forms)
		for _, path := range []string{"", "dish[1].name", "names.a[1.b", "a.", "]["} {
			if err := file.Err(); err == nil {
				before := len(file.doc.complaints)
				file.Complain(path, Complaint{Problem: "x", Remedy: "y"})
				if len(file.doc.complaints) != before+1 {
					t.Fatalf("nothing is wrong, and a complaint at %q is lost", path)
				}
				file.doc.complaints = nil
			}
		}
		err := file.Err()
		if err != nil {
			var complaints Complaints
			if !errors.As(err, &complaints) || len(complaints) == 0 {
				t.Fatalf("refused without complaints: %v", err)
			}
			for _, c := range complaints {
				if c.Line < 1 || c.Column < 1 || c.Line > len(data)+1 || c.Column > len(data)+1 || c.Problem == "" || c.Remedy == "" {
					t.Fatalf("incomplete complaint: %#v", c)
				}
			}
			return
		}
		var any map[string]any
		if err := toml.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &any); err != nil {
			t.Fatalf("accepted, but not TOML: %v", err)
		}
		var again menu
		if err := Read("again.toml", Write(m, forms), &again, forms).Err(); err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, Write(m, forms))
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatalf("what was written reads otherwise (-want +got):\n%s\n%s", diff, Write(m, forms))
		}
	})
}
