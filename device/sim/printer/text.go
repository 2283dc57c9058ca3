package printer

import (
	"context"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A codePage is what bytes from 80 on mean.
type codePage interface{ DecodeByte(b byte) rune }

// pages are the code pages by the n of ESC t, as most printers number them.
var pages = map[byte]codePage{
	0:  charmap.CodePage437,
	1:  katakana{},
	2:  charmap.CodePage850,
	16: charmap.Windows1252,
	17: charmap.CodePage866,
	18: charmap.CodePage852,
	19: charmap.CodePage858,
	40: charmap.ISO8859_15,
}

// katakana is the page that Epson's first printers had; foreign programs take
// its lines and blocks.
type katakana struct{}

const (
	katakanaLines = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯"
	katakanaSigns = "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人░ "
)

// DecodeByte is the character that byte b prints.
func (katakana) DecodeByte(b byte) rune {
	switch {
	case b < 0x80:
		return rune(b)
	case b < 0xa0:
		return []rune(katakanaLines)[b-0x80]
	case b == 0xa0:
		return ' '
	case b < 0xe0:
		return rune(b-0xa1) + '｡'
	}
	return []rune(katakanaSigns)[b-0xe0]
}

// customPages are those of Custom's printers, which have fewer.
var customPages = []byte{0, 2, 19}

// nationalAt are the characters that ESC R replaces.
const nationalAt = "#$@[\\]^`{|}~"

// national are the replacements by the n of ESC R: USA, France, Germany, United
// Kingdom, Denmark, Sweden, Italy, Spain, Japan, Norway, Denmark II, Spain II,
// Latin America, Korea.
var national = []string{
	"#$@[\\]^`{|}~", "#$à°ç§^`éùè¨", "#$§ÄÖÜ^`äöüß", "£$@[\\]^`{|}~", "#$@ÆØÅ^`æøå~",
	"#¤ÉÄÖÅÜéäöåü", "#$@°\\é^ùàòèì", "₧$@¡Ñ¿^`¨ñ}~", "#$@[¥]^`{|}~", "#¤ÉÆØÅÜéæøåü",
	"#$ÉÆØÅÜéæøåü", "#$á¡Ñ¿é`íñóú", "#$á¡Ñ¿éüíñóú", "#$@[₩]^`{|}~",
}

// text prints a byte that is no control character. With the double-byte table
// it may be half of a character.
func (p *Printer) text(ctx context.Context, b byte) {
	h := &p.head
	lead := h.lead
	switch {
	case lead != 0 && b >= 0x40 && b != 0x7f && b != 0xff:
		h.lead = 0
		two, _ := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{lead, b})
		r, _ := utf8.DecodeRune(two)
		p.draw(ctx, r, h.look.wide())
	case lead != 0:
		p.loseLead(ctx)
		p.text(ctx, b)
	case h.double && b > 0x80 && b < 0xff:
		h.lead = b
	default:
		p.character(ctx, h.decode(b))
	}
}

// loseLead leaves a hole where the second byte of a character does not come.
func (p *Printer) loseLead(ctx context.Context) {
	if p.head.lead != 0 {
		p.head.lead = 0
		p.draw(ctx, utf8.RuneError, p.head.look.wide())
	}
}

// wide is the look of a character of two bytes, which is as wide as it is high.
func (l look) wide() look {
	l.cell.Width = l.cell.Height
	return l
}

// decode is the character that byte b prints.
func (h *head) decode(b byte) rune {
	if b >= 0x80 {
		return h.page.DecodeByte(b)
	}
	for i := range len(nationalAt) {
		if nationalAt[i] == b {
			return []rune(national[h.country])[i]
		}
	}
	if b == 0x7f {
		return ' '
	}
	return rune(b)
}
