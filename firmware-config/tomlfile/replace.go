package tomlfile

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Replaced is the file, without a byte order mark, with another text as the value at
// a path, and every other byte as it stands. Ok is false where the file does not set
// the value, or not as a text in quotes on one line.
func (f *File) Replaced(path, text string) (data []byte, ok bool) {
	at, there := f.places[path]
	if !there || f.doc.broken || at.line < 1 || at.line > len(f.doc.lines) {
		return nil, false
	}
	begin := f.doc.lines[at.line-1]
	for range at.column - 1 {
		_, size := utf8.DecodeRune(f.doc.data[begin:])
		begin += size
	}
	end, ok := textEnd(f.doc.data, begin)
	if !ok {
		return nil, false
	}
	data = append(data, f.doc.data[:begin]...)
	data = append(data, quoted(text)...)
	return append(data, f.doc.data[end:]...), true
}

// textEnd is behind the text in quotes that begins at an offset.
func textEnd(data []byte, begin int) (end int, ok bool) {
	line, _, _ := bytes.Cut(data[min(begin, len(data)):], []byte("\n"))
	if len(line) == 0 || line[0] != '"' && line[0] != '\'' || strings.HasPrefix(string(line), strings.Repeat(string(line[:1]), 3)) {
		return 0, false
	}
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && line[0] == '"':
			i++
		case line[i] == line[0]:
			return begin + i + 1, true
		}
	}
	return 0, false
}
