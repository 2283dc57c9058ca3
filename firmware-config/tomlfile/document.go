package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	toml "github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// MaxBytes bounds a file: many times the largest sensible one, so that a wrong
// path (a disk image, a log) is refused and not read.
const MaxBytes = 256 << 10

// maxDepth bounds how deeply tables and lists may be nested; the format itself
// needs three levels.
const maxDepth = 16

// A place is where something stands in the file, both counted from 1; the
// column counts characters, as editors do.
type place struct{ line, column int }

// A node is a value of the file that remembers where it stands. The TOML
// library's own decoder forgets that, and complaints about a value need it.
type node struct {
	kind   unstable.Kind    // Table, ArrayTable, Array, InlineTable or a scalar
	at     place            // of the value; of the header for a table
	text   string           // of a scalar, without quotes
	items  []*node          // of a list
	fields map[string]*node // of a table
	keyAt  map[string]place // of a table: where each key is written
	order  []string         // of a table: its keys as the file has them
	header bool             // a table that had its own [header]
}

func (n *node) isTable() bool { return n.fields != nil }

func (n *node) isList() bool {
	return n.kind == unstable.Array || n.kind == unstable.ArrayTable
}

func newTable(kind unstable.Kind, at place) *node {
	return &node{kind: kind, at: at, fields: map[string]*node{}, keyAt: map[string]place{}}
}

func (n *node) set(key string, at place, value *node) {
	n.fields[key] = value
	n.keyAt[key] = at
	n.order = append(n.order, key)
}

// A document reads TOML into nodes. The grammar is the library's; only what
// the places need is done here.
type document struct {
	file       string
	data       []byte
	lines      []int // offset at which each line begins
	parser     unstable.Parser
	root       *node
	complaints Complaints
	broken     bool // not TOML: what was read of it means nothing
}

// readDocument reads data as TOML. A syntax error ends the reading, because
// what follows it cannot be trusted; it is then the only complaint.
func readDocument(file string, data []byte) *document {
	d := &document{file: file, data: data, lines: lineStarts(data), root: newTable(unstable.Table, place{1, 1})}
	if at, why, ok := unreadable(data); ok {
		d.say(d.placeOf(at), "", why.Problem, why.Remedy)
		d.complaints[0].Unreadable, d.complaints[0].Encoding = why.Unreadable, why.Encoding
		d.broken = true
		return d
	}
	// The mark is no part of the text, and the library would take it for one.
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	d.data, d.lines = data, lineStarts(data)
	d.parser.Reset(data)
	table := d.root
	for d.parser.NextExpression() {
		switch e := d.parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = d.openTable(e)
		case unstable.KeyValue:
			d.keyValue(table, e, 0)
		}
	}
	if err := d.parser.Error(); err != nil {
		d.refuse(err)
	} else if len(d.complaints) == 0 {
		d.askLibrary()
	}
	return d
}

// refuse replaces all complaints by the one about the syntax.
func (d *document) refuse(err error) {
	at, problem, remedy := place{1, 1}, err.Error(), "correct it first, then check again: the rest could not be read"
	var syntax *unstable.ParserError
	if errors.As(err, &syntax) {
		offset := d.offset(syntax.Highlight)
		at = d.placeOf(offset)
		// The library names the first byte of a character as if it were one.
		if r, _ := utf8.DecodeRune(d.data[offset:]); r >= utf8.RuneSelf && r != utf8.RuneError {
			problem = fmt.Sprintf("the character %#U cannot stand here", r)
			remedy = instead(r) + "; then check again: the rest could not be read"
		}
	}
	d.broken, d.complaints = true, nil
	d.say(at, "", "cannot read this as TOML: "+problem, remedy)
}

// instead says what to write for a character that is not of TOML.
func instead(r rune) string {
	switch {
	case unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201E' || r == '\u201A':
		return `write straight quotation marks (") in its place, which a text processor makes curly`
	case !unicode.IsGraphic(r) || unicode.IsSpace(r):
		return "delete it: it is a character that nobody sees"
	default:
		return `put what it belongs to between quotation marks ("), or delete it`
	}
}

// askLibrary lets the library's full decoder judge what the places above do
// not need, such as impossible dates and tables defined in two ways.
func (d *document) askLibrary() {
	var any map[string]any
	err := toml.Unmarshal(d.data, &any)
	var wrong *toml.DecodeError
	d.broken = err != nil
	switch {
	case err == nil:
	case errors.As(err, &wrong):
		line, column := wrong.Position()
		d.say(d.placeOf(d.lineStart(line)+column-1), "", strings.TrimPrefix(wrong.Error(), "toml: "),
			"correct it first, then check again")
	default:
		d.say(place{1, 1}, "", strings.TrimPrefix(err.Error(), "toml: "), "correct it first, then check again")
	}
}

// openTable finds or makes the table of a [header] or [[header]].
func (d *document) openTable(e *unstable.Node) *node {
	table := d.root
	keys, places := d.keysOf(e)
	at := d.headerPlace(places[0])
	for i, key := range keys[:len(keys)-1] {
		table = d.within(table, key, places[i])
	}
	key, keyPlace := keys[len(keys)-1], places[len(places)-1]
	old := table.fields[key]
	if e.Kind == unstable.ArrayTable {
		if old != nil && old.kind != unstable.ArrayTable {
			d.twice(keyPlace, key, table.keyAt[key])
			return newTable(unstable.Table, at)
		}
		if old == nil {
			old = &node{kind: unstable.ArrayTable, at: at}
			table.set(key, keyPlace, old)
		}
		item := newTable(unstable.Table, at)
		old.items = append(old.items, item)
		return item
	}
	if old != nil && (old.kind != unstable.Table || old.header) {
		d.twice(keyPlace, key, table.keyAt[key])
		return newTable(unstable.Table, at)
	}
	if old == nil {
		old = newTable(unstable.Table, at)
		table.set(key, keyPlace, old)
	}
	old.header, old.at = true, at
	return old
}

// within steps from a table into the one called key, making it when missing;
// of a list of tables it is the last one, as TOML says.
func (d *document) within(table *node, key string, at place) *node {
	next := table.fields[key]
	if next == nil {
		next = newTable(unstable.Table, at)
		table.set(key, at, next)
	}
	if next.kind == unstable.ArrayTable {
		next = next.items[len(next.items)-1]
	}
	if next.kind != unstable.Table {
		d.twice(at, key, table.keyAt[key])
		return newTable(unstable.Table, at)
	}
	return next
}

// keyValue stores one "key = value" line, the key dotted or not.
func (d *document) keyValue(table *node, e *unstable.Node, depth int) {
	keys, places := d.keysOf(e)
	for i, key := range keys[:len(keys)-1] {
		table = d.within(table, key, places[i])
	}
	key, at := keys[len(keys)-1], places[len(places)-1]
	value := d.value(e.Value(), d.valueOffset(e), depth)
	if _, taken := table.fields[key]; taken {
		d.twice(at, key, table.keyAt[key])
		return
	}
	table.set(key, at, value)
}

// value turns the library's node into ours. A list or inline table carries no
// place of its own in the library, so that its offset comes from outside.
func (d *document) value(v *unstable.Node, offset, depth int) *node {
	n := &node{kind: v.Kind, at: d.placeOf(offset), text: string(v.Data)}
	if depth > maxDepth {
		d.say(n.at, "", "lists and tables are nested too deeply", "remove the inner ones: no key needs them")
		return n
	}
	switch v.Kind {
	case unstable.Array:
		n.text = ""
		for it := v.Children(); it.Next(); {
			if child := it.Node(); child.Kind != unstable.Comment {
				n.items = append(n.items, d.value(child, d.scalarOffset(child, offset), depth+1))
			}
		}
	case unstable.InlineTable:
		n = newTable(unstable.InlineTable, n.at)
		for it := v.Children(); it.Next(); {
			if child := it.Node(); child.Kind == unstable.KeyValue {
				d.keyValue(n, child, depth+1)
			}
		}
	}
	return n
}

// scalarOffset is where a list's item stands; items that are lists themselves
// are placed at the outer one.
func (d *document) scalarOffset(v *unstable.Node, outer int) int {
	if v.Raw.Length > 0 {
		return int(v.Raw.Offset)
	}
	return outer
}

// valueOffset finds the first byte of a key's value: behind the last part of
// the key, the equals sign and blanks.
func (d *document) valueOffset(e *unstable.Node) int {
	end := 0
	for it := e.Key(); it.Next(); {
		end = int(it.Node().Raw.Offset + it.Node().Raw.Length)
	}
	rest := d.data[end:]
	equals := bytes.IndexByte(rest, '=')
	if equals < 0 {
		return end
	}
	end += equals + 1
	for end < len(d.data) && (d.data[end] == ' ' || d.data[end] == '\t') {
		end++
	}
	return end
}

func (d *document) keysOf(e *unstable.Node) (keys []string, places []place) {
	for it := e.Key(); it.Next(); {
		keys = append(keys, string(it.Node().Data))
		places = append(places, d.placeOf(int(it.Node().Raw.Offset)))
	}
	return keys, places
}

// headerPlace is where the bracket of a header stands: the start of the line's
// text, which is where a reader looks for a missing key.
func (d *document) headerPlace(key place) place {
	line := d.data[d.lineStart(key.line):]
	bracket := bytes.IndexByte(line, '[')
	return place{key.line, bracket + 1}
}

func (d *document) twice(at place, key string, first place) {
	d.say(at, "", fmt.Sprintf("%q is already set in line %d", key, first.line), "keep one of the two")
}

func (d *document) say(at place, key, problem, remedy string) {
	d.complaints = append(d.complaints, Complaint{
		File: d.file, Line: at.line, Column: at.column, Key: key, Path: key, Problem: problem, Remedy: remedy,
	})
}

// offset is where a part of the data that the library handed out begins.
func (d *document) offset(part []byte) int {
	return min(max(cap(d.data)-cap(part), 0), len(d.data))
}

func (d *document) placeOf(offset int) place {
	offset = min(max(offset, 0), len(d.data))
	line, exact := slices.BinarySearch(d.lines, offset)
	if exact {
		line++
	}
	return place{line, utf8.RuneCount(d.data[d.lines[line-1]:offset]) + 1}
}

func (d *document) lineStart(line int) int {
	return d.lines[min(max(line, 1), len(d.lines))-1]
}

// lineStarts are the offsets at which lines begin.
func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}
