package tomlfile

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Replaced is the file, without a byte order mark, with another value at a path, written
// as a file has it, and every other byte as it stands. Ok is false where the file does not
// set the value, or not as one of that kind: a text in quotes on one line, a whole number
// in figures.
func (f *File) Replaced(path, written string) (data []byte, ok bool) {
	at, there := f.places[path]
	if !there || f.doc.broken || at.line < 1 || at.line > len(f.doc.lines) {
		return nil, false
	}
	begin := f.doc.lines[at.line-1]
	for range at.column - 1 {
		_, size := utf8.DecodeRune(f.doc.data[begin:])
		begin += size
	}
	find := wholeEnd
	if strings.HasPrefix(written, `"`) {
		find = textEnd
	}
	end, ok := find(f.doc.data, begin)
	if !ok {
		return nil, false
	}
	data = append(data, f.doc.data[:begin]...)
	data = append(data, written...)
	return append(data, f.doc.data[end:]...), true
}

// Given is the file, without a byte order mark, with one more value in a table of a
// list, named such as button[2], and every other byte as it stands. Ok is false where
// the table has no header of its own, or has the key already.
func (f *File) Given(table, key, written string) (data []byte, ok bool) {
	item := f.listed(table)
	if item == nil {
		return nil, false
	}
	if _, there := item.fields[key]; there {
		return nil, false
	}
	begin, end := f.doc.lines[item.at.line-1], len(f.doc.data)
	if item.at.line < len(f.doc.lines) {
		end = f.doc.lines[item.at.line]
	}
	header := string(f.doc.data[begin:end])
	plain := strings.TrimRight(header, "\r\n")
	indent := plain[:len(plain)-len(strings.TrimLeft(plain, " \t"))]
	// The new line comes right under the header, where no other value is cut in two.
	newLine := cmp.Or(header[len(plain):], "\n")
	data = append(data, f.doc.data[:begin]...)
	data = append(data, plain+newLine+indent+bare(key)+" = "+written+newLine...)
	return append(data, f.doc.data[end:]...), true
}

// listed is a table of a list that has a header of its own, named such as button[2]; nil
// where there is none.
func (f *File) listed(table string) *node {
	list, nth, _ := strings.Cut(strings.TrimSuffix(table, "]"), "[")
	n, err := strconv.Atoi(nth)
	tables := f.doc.root.fields[list]
	if err != nil || f.doc.broken || tables == nil || tables.kind != unstable.ArrayTable || n < 1 || n > len(tables.items) {
		return nil
	}
	if item := tables.items[n-1]; item.at.line >= 1 && item.at.line <= len(f.doc.lines) {
		return item
	}
	return nil
}

// Without is the file, without a byte order mark and without a table of a list, named
// such as button[2]. What stands before the header of the next table stays from the last
// value of this one on, since it is about that one. Ok is false where the table has no
// header of its own.
func (f *File) Without(table string) (data []byte, ok bool) {
	item := f.listed(table)
	if item == nil {
		return nil, false
	}
	first, last := item.at.line, len(f.doc.lines)+1 // the line behind it
	for _, n := range f.doc.root.fields {
		headers := n.items
		if n.kind == unstable.Table {
			headers = []*node{n}
		} else if n.kind != unstable.ArrayTable {
			continue
		}
		for _, h := range headers {
			if h.at.line > first {
				last = min(last, h.at.line)
			}
		}
	}
	line := func(n int) []byte { // from 1
		end := len(f.doc.data)
		if n < len(f.doc.lines) {
			end = f.doc.lines[n]
		}
		return f.doc.data[f.doc.lines[n-1]:end]
	}
	for last <= len(f.doc.lines) && last > first+1 {
		if before := bytes.TrimSpace(line(last - 1)); len(before) > 0 && before[0] != '#' {
			break
		}
		last--
	}
	data = append(data, f.doc.data[:f.doc.lines[first-1]]...)
	if last <= len(f.doc.lines) {
		data = append(data, f.doc.data[f.doc.lines[last-1]:]...)
	}
	return data, true
}

// wholeEnd is behind the whole number in figures that begins at an offset.
func wholeEnd(data []byte, begin int) (end int, ok bool) {
	end = begin
	for end < len(data) && (data[end] >= '0' && data[end] <= '9' || data[end] == '_' || end == begin && data[end] == '+') {
		end++
	}
	behind := end == len(data) || bytes.IndexByte([]byte(" \t\r\n#"), data[end]) >= 0
	return end, end > begin && behind
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
