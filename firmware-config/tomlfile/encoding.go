package tomlfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// byteOrderMark stands before the text of UTF-8 files that editors of Windows
// wrote. It is not part of the text.
const byteOrderMark = "\xEF\xBB\xBF"

// saveAsUTF8 is what to do about every other encoding.
const saveAsUTF8 = `save it as UTF-8 (in the Windows editor: Save as, Encoding "UTF-8") and check it again`

// unreadable is why data cannot be the text of a file, and from which byte on; ok is
// false for a text.
func unreadable(data []byte) (at int, why Complaint, ok bool) {
	if len(data) > MaxBytes {
		return 0, Complaint{
			Unreadable: TooLong, Problem: fmt.Sprintf("the file has %d bytes, more than any settings file", len(data)),
			Remedy: "check that the path names the right file",
		}, true
	}
	if name, alias := wideEncoding(data); name != "" {
		return 0, Complaint{Unreadable: NotUTF8, Encoding: name, Problem: "the file is written in " + name + alias + ", not in UTF-8", Remedy: saveAsUTF8}, true
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == 0:
			return i, Complaint{Unreadable: NoText, Problem: "this is no text: it holds a zero byte", Remedy: "check that the path names the right file"}, true
		case r == utf8.RuneError && size <= 1:
			if at := bytes.IndexFunc(data, controls); at >= 0 {
				return at, Complaint{
					Unreadable: NoText, Problem: fmt.Sprintf("this is no text: it holds the byte %02X", data[at]), Remedy: "check that the path names the right file",
				}, true
			}
			return i, notUTF8(data, i), true
		}
		i += size
	}
	return 0, Complaint{}, false
}

// controls tells whether a character controls what no text does: an image or an archive
// has some, and an editor of any encoding writes none.
func controls(r rune) bool {
	return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r)
}

// wideEncoding names an encoding of two or four bytes a character, by its mark
// or by the zero bytes that every second character of its text begins or ends
// with; alias is what else it is called.
func wideEncoding(data []byte) (name, alias string) {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xFE\xFF")):
		return "UTF-32", ""
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return "UTF-16", ` (what Windows calls "Unicode")`
	}
	head := data[:min(len(data), 64)]
	even, odd := 0, 0
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	if half := len(head) / 2; half >= 4 && (even == 0 && odd >= half*3/4 || odd == 0 && even >= half*3/4) {
		return "UTF-16", ""
	}
	return "", ""
}

// notUTF8 says what a byte is that no UTF-8 text has: most likely a letter of
// Windows-1252, in which older editors of Western Europe save.
func notUTF8(data []byte, at int) Complaint {
	why := Complaint{Unreadable: NotUTF8, Problem: fmt.Sprintf("the byte %02X is not UTF-8", data[at]), Remedy: saveAsUTF8}
	// UTF-8 that was cut short, or a file that is no text, begins otherwise.
	if letter := charmap.Windows1252.DecodeByte(data[at]); letter >= 0xA0 && letter != utf8.RuneError {
		why.Encoding = "Windows-1252"
		why.Problem += fmt.Sprintf(`; the file looks like Windows-1252 ("ANSI"), where it is %q`, letter)
	}
	return why
}
