package tomlfile

import (
	"fmt"
	"unicode/utf8"
)

// unreadable tells why data cannot be the text of a file, from which byte on,
// and what to do about it; the problem of a text is empty.
func unreadable(data []byte) (at int, problem, remedy string) {
	if len(data) > MaxBytes {
		return 0, fmt.Sprintf("the file has %d bytes, more than any settings file", len(data)),
			"check that the path names the right file"
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i, "the text is not UTF-8", "save the file as UTF-8"
		}
		i += size
	}
	return 0, "", ""
}
