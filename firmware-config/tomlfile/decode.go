package tomlfile

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A File is a file that was read: its complaints so far, and where each value
// stands, so that what is found later gets its place too.
type File struct {
	doc    *document
	places map[string]place // of each key that the file sets, by its full name
	spoilt map[string]bool  // keys complained about: their value was not read
	forms  Forms
}

// A Defaulter is an item of a list that does not start from zero values.
type Defaulter interface{ SetDefaults() }

// A Text is a value that people write as a text of some form, or as a TOML date
// without quotes.
type Text interface {
	encoding.TextUnmarshaler // whose error says what is wrong with the text
	// Form says how it is written: a share in quotes, such as "90%".
	Form() string
}

// Read reads data as TOML into a struct, whose fields bear the names of keys in
// tags such as `toml:"name"`; those of an embedded struct count among its own. It
// complains about every unknown key and every value of the wrong kind and goes
// on, so that one reading shows them all. Keys that the file leaves out keep the
// value that they have in the struct. name is what complaints call the file.
//
// Fields are texts, whole numbers of 32 bits, yes or no, lists, structs, maps
// by text, pointers to these, which stay nil for a key that is left out, and any
// Text. A tag may go on with ",omitempty", which matters to Write, with ",inline"
// for a struct whose keys count among those around it, or with the name of one
// of forms.
func Read(name string, data []byte, into any, forms Forms) *File {
	f := &File{doc: readDocument(name, data), places: map[string]place{"": {1, 1}}, spoilt: map[string]bool{}, forms: forms}
	if !f.doc.broken {
		f.table(f.doc.root, reflect.ValueOf(into).Elem(), "")
	}
	return f
}

// Broken tells that the file is no TOML at all: nothing of it was read.
func (f *File) Broken() bool { return f.doc.broken }

// Sound is what stands before the line that makes the file no TOML; all of it where
// it is TOML.
func (f *File) Sound() []byte {
	if !f.doc.broken {
		return f.doc.data
	}
	line := f.doc.complaints[0].Line
	return f.doc.data[:f.doc.lines[min(max(line, 1), len(f.doc.lines))-1]]
}

// Complain adds a complaint about the value at a path such as "printer[2].port",
// lists counted from 1. Its place is that of the value, else that of the nearest
// table around it. What rests on a value that could not be read is left out.
func (f *File) Complain(path string, c Complaint) {
	for p := path; p != ""; p = parent(p) {
		if f.spoilt[p] {
			return
		}
	}
	at, ok := f.places[path]
	for p := path; !ok; at, ok = f.places[p] {
		p = parent(p)
	}
	c.File, c.Line, c.Column, c.Path = f.doc.file, at.line, at.column, path
	f.doc.complaints = append(f.doc.complaints, c)
}

// Err is the complaints in the order of the file as an error, nil when there are
// none.
func (f *File) Err() error { return f.doc.complaints.inOrder().Err() }

func (f *File) table(n *node, into reflect.Value, path string) {
	fields := map[string]field{}
	for _, x := range fieldsOf(into.Type()) {
		fields[x.key] = x
	}
	for _, key := range n.order {
		full := join(path, key)
		x, known := fields[key]
		if !known {
			f.unknown(n.keyAt[key], full, key, fields)
			continue
		}
		value := n.fields[key]
		f.places[full] = value.at
		f.value(value, into.FieldByIndex(x.index), full, x.form)
	}
}

// value reads what n is into a value, as a text of a form where one is named.
func (f *File) value(n *node, into reflect.Value, path, form string) {
	if form != "" && into.Kind() != reflect.Slice {
		text := reflect.New(f.forms.of(form))
		text.Elem().Set(into.Convert(text.Type().Elem())) // stays where the text is refused
		f.text(n, text.Interface().(Text), path)
		into.Set(text.Elem().Convert(into.Type()))
		return
	}
	if text, ok := into.Addr().Interface().(Text); ok {
		f.text(n, text, path)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		f.value(n, into.Elem(), path, form)
	case reflect.Struct:
		if !n.isTable() {
			f.wrong(n, path, "a table, written as "+header(path)+" above its keys")
			return
		}
		f.table(n, into, path)
	case reflect.Slice:
		f.list(n, into, path, form)
	case reflect.Map:
		f.mapping(n, into, path)
	case reflect.String:
		if n.kind != unstable.String {
			f.wrong(n, path, "a text in quotes")
			return
		}
		into.SetString(n.text)
	case reflect.Bool:
		if n.kind != unstable.Bool {
			f.wrong(n, path, "true or false, without quotes")
			return
		}
		into.SetBool(n.text == "true")
	case reflect.Int:
		f.integer(n, into, path)
	default:
		panic("tomlfile: no rule to decode a " + into.Kind().String())
	}
}

func (f *File) text(n *node, into Text, path string) {
	if n.kind != unstable.String && n.kind != unstable.LocalDate {
		f.wrong(n, path, into.Form())
		return
	}
	if err := into.UnmarshalText([]byte(n.text)); err != nil {
		f.say(n.at, path, err.Error(), "write "+into.Form())
	}
}

func (f *File) integer(n *node, into reflect.Value, path string) {
	if n.kind != unstable.Integer {
		f.wrong(n, path, "a whole number, without quotes")
		return
	}
	number, err := strconv.ParseInt(strings.ReplaceAll(n.text, "_", ""), 0, 32)
	if err != nil {
		f.say(n.at, path, fmt.Sprintf("%s is out of any range", n.text), "write a smaller number")
		return
	}
	into.SetInt(number)
}

func (f *File) list(n *node, into reflect.Value, path, form string) {
	element := into.Type().Elem()
	if !n.isList() {
		want := "a list in square brackets"
		if element.Kind() == reflect.Struct {
			want = "a list of tables, written as " + header(path+"[]") + " above the keys of each"
		}
		f.wrong(n, path, want)
		return
	}
	into.SetZero()
	if len(n.items) > 0 {
		into.Set(reflect.MakeSlice(into.Type(), len(n.items), len(n.items)))
	}
	for i, item := range n.items {
		one := into.Index(i)
		if with, ok := one.Addr().Interface().(Defaulter); ok {
			with.SetDefaults()
		}
		full := fmt.Sprintf("%s[%d]", path, i+1)
		f.places[full] = item.at
		f.value(item, one, full, form)
	}
}

func (f *File) mapping(n *node, into reflect.Value, path string) {
	if !n.isTable() {
		f.wrong(n, path, "a table, written as "+header(path)+" above its keys")
		return
	}
	into.SetZero()
	if len(n.order) > 0 {
		into.Set(reflect.MakeMap(into.Type()))
	}
	for _, key := range n.order {
		full := join(path, key)
		f.places[full] = n.fields[key].at
		one := reflect.New(into.Type().Elem()).Elem()
		f.value(n.fields[key], one, full, "")
		into.SetMapIndex(reflect.ValueOf(key).Convert(into.Type().Key()), one)
	}
}

// header is how a table is written: that of an item of a list in double brackets.
func header(path string) string {
	name := itemPattern.ReplaceAllString(path, "")
	if strings.HasSuffix(path, "]") {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

// itemPattern is the place in a list, which no header says.
var itemPattern = regexp.MustCompile(`\[\d*\]`)

func (f *File) unknown(at place, path, key string, fields map[string]field) {
	known := slices.Sorted(maps.Keys(fields))
	remedy := "remove it, or use one of: " + strings.Join(known, ", ")
	if near := nearest(key, known); near != "" {
		remedy = fmt.Sprintf("write %q, or remove it", near)
	}
	f.say(at, path, "unknown key", remedy)
}

func (f *File) wrong(n *node, path, want string) {
	f.say(n.at, path, "is "+kindName(n), "write "+want)
}

func (f *File) say(at place, path, problem, remedy string) {
	f.spoilt[path] = true
	f.doc.say(at, path, problem, remedy)
}

func kindName(n *node) string {
	switch n.kind {
	case unstable.String:
		return "a text"
	case unstable.Bool:
		return "true or false"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number with a decimal point"
	case unstable.Array:
		return "a list"
	case unstable.ArrayTable:
		return "a list of tables"
	case unstable.Table, unstable.InlineTable:
		return "a table"
	default:
		return "a date or time"
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// parent drops the last part of a key's full name: an index or a word.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// nearest is the known word that differs from word by at most two letters,
// empty when there is none; it catches slips of the finger.
func nearest(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(word, k); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	return best
}

// editDistance counts the letters to insert, drop or replace to make b of a
// (Levenshtein). Words longer than any key are never near.
func editDistance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			swap := diagonal
			if a[i] != b[j] {
				swap++
			}
			diagonal = row[j+1]
			row[j+1] = min(swap, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
