package escpos

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"eliminacode/device/escpos/profile"
)

// transliterations say what to print when a code page lacks a character. The
// Italian capitals take an apostrophe, as on every typewritten form. The first
// character of an entry is replaced by the rest of it.
var transliterations = func() map[rune]string {
	m := make(map[rune]string)
	for _, entry := range strings.Fields(
		"ÀA' ÈE' ÉE' ÌI' ÒO' ÙU' ÁA' ÍI' ÓO' ÚU' àa' èe' ée' ìi' òo' ùu' áa' íi' óo' úu' " +
			"ÂA ÊE ÎI ÔO ÛU âa êe îi ôo ûu ÄA ËE ÏI ÖO ÜU äa ëe ïi öo üu ŸY ÿy ÃA ÕO ãa õo ÑN ñn ÅA åa " +
			"ÇC çc ČC čc ĆC ćc ŠS šs ŽZ žz ĐD đd ŁL łl ŃN ńn ŚS śs ŹZ źz ŻZ żz ĄA ąa ĘE ęe ĂA ăa ȘS șs ŞS şs ȚT țt " +
			"ŐO őo ŰU űu ĚE ěe ŘR řr ŮU ůu ÝY ýy ØO øo ÆAE æae ŒOE œoe ßss ẞSS ÐD ðd ÞTh þth ğg ĞG ıi İI " +
			"€EUR £GBP ¢c ¥JPY °o ªa ºo №n. ©(c) ®(R) ™(TM) §par. ¶par. " +
			"–- —- ‐- ‑- ‒- ―- −- ─- ━- ═= │| ‘' ’' ‚, ‛' “\" ”\" „\" «\" »\" ‹' ›' ′' ″\" `' ´' " +
			"…... •* ·. ×x ÷: ½1/2 ¼1/4 ¾3/4 ±+/- →> ←< ↑^ ↓v ¹1 ²2 ³3 ≤<= ≥>= ≠!= µu ¡! ¿? ¦|") {
		r := []rune(entry)
		m[r[0]] = string(r[1:])
	}
	// Spaces that are not a space, and marks that take no width.
	for _, r := range "\u00a0\u2002\u2003\u2007\u2009\u202f\t\n\r" {
		m[r] = " "
	}
	for _, r := range "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f" {
		m[r] = ""
	}
	return m
}()

// A char is one character as the printer draws it: its byte, and secondPage when
// that byte stands in the profile's second code page.
type char uint16

const secondPage char = 1 << 8

// encodeText turns text into characters of the profile's code pages. One that
// neither has is transliterated; one that nobody knows, and every control
// character, becomes a question mark, so that no text can ever be read as a
// command. A mark that follows its letter, as text typed on some systems arrives,
// is joined to it first, because no printer can overstrike.
func encodeText(p *profile.Profile, text string) []char {
	out := make([]char, 0, len(text))
	for _, r := range norm.NFC.String(text) {
		out = appendRune(p, out, r)
	}
	return out
}

func appendRune(p *profile.Profile, out []char, r rune) []char {
	if r >= 0x20 && r < 0x7f {
		return append(out, char(r))
	}
	// A no-break space has a byte in most pages, but a fallback space is
	// safer: some fonts draw a box there.
	if r != 0xa0 && r != 0xad {
		if b, ok := profile.Encode(p.CodePage, r); ok {
			return append(out, char(b))
		}
		if b, ok := profile.Encode(p.SecondCodePage, r); ok {
			return append(out, secondPage|char(b))
		}
	}
	if s, ok := transliterations[r]; ok {
		for _, t := range s {
			out = append(out, char(t))
		}
		return out
	}
	return append(out, '?')
}

// wrap breaks encoded text into lines of at most columns characters, at spaces
// where it can; a word longer than a line is cut, because losing it would be
// worse. Runs of spaces become one. Columns below one count as one.
func wrap(text []char, columns int) [][]char {
	columns = max(columns, 1)
	var lines [][]char
	var line []char
	for word := range words(text) {
		switch {
		case len(line) == 0:
		case len(line)+1+len(word) <= columns:
			line = append(append(line, ' '), word...)
			continue
		default:
			lines = append(lines, line)
		}
		for len(word) > columns {
			lines = append(lines, word[:columns])
			word = word[columns:]
		}
		line = slices.Clone(word)
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// balance is wrap with lines as short as they can be without becoming more:
// centred text with one word left over looks torn. A text with a word longer
// than a line stays as it is.
func balance(text []char, columns int) [][]char {
	lines := wrap(text, columns)
	longest := 0
	for word := range words(text) {
		longest = max(longest, len(word))
	}
	for columns--; columns >= longest; columns-- {
		narrower := wrap(text, columns)
		if len(narrower) > len(lines) {
			break
		}
		lines = narrower
	}
	return lines
}

// words yields what stands between spaces.
func words(text []char) iter.Seq[[]char] {
	return func(yield func([]char) bool) {
		for len(text) > 0 {
			end := slices.Index(text, ' ')
			if end < 0 {
				end = len(text)
			}
			if end > 0 && !yield(text[:end]) {
				return
			}
			text = text[min(end+1, len(text)):]
		}
	}
}
