package escpos

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// upperHalves are the characters of bytes 80 to FF of each code page that a
// profile may name. An undefined byte stands as NUL and is never used.
var upperHalves = map[string]string{
	"CP437": "" +
		"ÇüéâäàåçêëèïîìÄÅ" +
		"ÉæÆôöòûùÿÖÜ¢£¥₧ƒ" +
		"áíóúñÑªº¿⌐¬½¼¡«»" +
		"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧" +
		"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"αßΓπΣσµτΦΘΩδ∞φε∩" +
		"≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
	"CP850": "" +
		"ÇüéâäàåçêëèïîìÄÅ" +
		"ÉæÆôöòûùÿÖÜø£Ø×ƒ" +
		"áíóúñÑªº¿®¬½¼¡«»" +
		"░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
		"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤" +
		"ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀" +
		"ÓßÔÒõÕµþÞÚÛÙýÝ¯´" +
		"\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
	"CP852": "" +
		"ÇüéâäůćçłëŐőîŹÄĆ" +
		"ÉĹĺôöĽľŚśÖÜŤťŁ×č" +
		"áíóúĄąŽžĘę¬źČş«»" +
		"░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐" +
		"└┴┬├─┼Ăă╚╔╩╦╠═╬¤" +
		"đĐĎËďŇÍÎě┘┌█▄ŢŮ▀" +
		"ÓßÔŃńňŠšŔÚŕŰýÝţ´" +
		"\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0",
	"CP858": "" +
		"ÇüéâäàåçêëèïîìÄÅ" +
		"ÉæÆôöòûùÿÖÜø£Ø×ƒ" +
		"áíóúñÑªº¿®¬½¼¡«»" +
		"░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
		"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤" +
		"ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀" +
		"ÓßÔÒõÕµþÞÚÛÙýÝ¯´" +
		"\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
	"CP1252": "" +
		"€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00" +
		"\x00‘’“”•–—˜™š›œ\x00žŸ" +
		"\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯" +
		"°±²³´µ¶·¸¹º»¼½¾¿" +
		"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ" +
		"ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß" +
		"àáâãäåæçèéêëìíîï" +
		"ðñòóôõö÷øùúûüýþÿ",
	"ISO8859-15": "" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯" +
		"°±²³Žµ¶·ž¹º»ŒœŸ¿" +
		"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ" +
		"ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß" +
		"àáâãäåæçèéêëìíîï" +
		"ðñòóôõö÷øùúûüýþÿ",
}

// codePages are the same tables turned round, from character to byte.
var codePages = func() map[string]map[rune]byte {
	pages := make(map[string]map[rune]byte, len(upperHalves))
	for name, half := range upperHalves {
		page := make(map[rune]byte, 128)
		b := 0x80
		for _, r := range half {
			if r != 0 {
				page[r] = byte(b)
			}
			b++
		}
		pages[name] = page
	}
	return pages
}()

// CodePages are the names that a profile may use, sorted.
func CodePages() []string { return slices.Sorted(maps.Keys(upperHalves)) }

// composed joins a letter and a combining mark that follows it, because text
// typed on some systems arrives decomposed and no printer can overstrike.
var composed = pairs(
	"a\u0300à e\u0300è i\u0300ì o\u0300ò u\u0300ù A\u0300À E\u0300È I\u0300Ì O\u0300Ò U\u0300Ù " +
		"a\u0301á e\u0301é i\u0301í o\u0301ó u\u0301ú A\u0301Á E\u0301É I\u0301Í O\u0301Ó U\u0301Ú " +
		"a\u0302â e\u0302ê i\u0302î o\u0302ô u\u0302û A\u0302Â E\u0302Ê I\u0302Î O\u0302Ô U\u0302Û " +
		"a\u0308ä e\u0308ë i\u0308ï o\u0308ö u\u0308ü A\u0308Ä E\u0308Ë I\u0308Ï O\u0308Ö U\u0308Ü " +
		"n\u0303ñ N\u0303Ñ c\u0327ç C\u0327Ç c\u030cč C\u030cČ s\u030cš S\u030cŠ z\u030cž Z\u030cŽ")

func pairs(list string) map[[2]rune]rune {
	m := make(map[[2]rune]rune)
	for _, entry := range strings.Fields(list) {
		r := []rune(entry)
		m[[2]rune{r[0], r[1]}] = r[2]
	}
	return m
}

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
// command.
func (p *Profile) encodeText(text string) []char {
	out := make([]char, 0, len(text))
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if i+1 < len(runes) {
			if joined, ok := composed[[2]rune{r, runes[i+1]}]; ok {
				r = joined
				i++
			}
		}
		out = p.appendRune(out, r)
	}
	return out
}

func (p *Profile) appendRune(out []char, r rune) []char {
	if r >= 0x20 && r < 0x7f {
		return append(out, char(r))
	}
	// A no-break space has a byte in most pages, but a fallback space is
	// safer: some fonts draw a box there.
	if r != 0xa0 && r != 0xad {
		if b, ok := codePages[p.CodePage][r]; ok {
			return append(out, char(b))
		}
		if b, ok := codePages[p.SecondPage][r]; ok {
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
