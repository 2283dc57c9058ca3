package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A decoder fills a struct from nodes, by the struct's toml tags. It complains
// about every unknown key and every value of the wrong type and goes on, so
// that one reading shows them all; and it notes where each key's value stands,
// so that Validate's complaints find their place.
type decoder struct {
	doc    *document
	places map[string]place // of each key that the file sets, by its full name
	spoilt map[string]bool  // keys already complained about: their value is not judged again
}

// A defaulter is a list's item that does not start from zero values.
type defaulter interface{ setDefaults() }

// decode fills into, a pointer to a struct, and returns what it learned of
// places.
func decode(doc *document, into any) *decoder {
	d := &decoder{doc: doc, places: map[string]place{"": {1, 1}}, spoilt: map[string]bool{}}
	d.table(doc.root, reflect.ValueOf(into).Elem(), "")
	return d
}

func (d *decoder) table(n *node, into reflect.Value, path string) {
	fields := map[string]int{}
	for i := range into.NumField() {
		if tag := into.Type().Field(i).Tag.Get("toml"); tag != "" {
			fields[tag] = i
		}
	}
	for _, key := range n.order {
		full := join(path, key)
		i, known := fields[key]
		if !known {
			d.unknown(n.keyAt[key], full, key, fields)
			continue
		}
		value := n.fields[key]
		d.places[full] = value.at
		d.value(value, into.Field(i), full)
	}
}

func (d *decoder) value(n *node, into reflect.Value, path string) {
	switch into.Kind() {
	case reflect.Struct:
		if !n.isTable() {
			d.wrong(n, path, "a table, written as ["+path+"] above its keys")
			return
		}
		d.table(n, into, path)
	case reflect.Slice:
		d.list(n, into, path)
	case reflect.Map:
		d.mapping(n, into, path)
	case reflect.String:
		if n.kind != unstable.String {
			d.wrong(n, path, "a text in quotes")
			return
		}
		into.SetString(n.text)
	case reflect.Bool:
		if n.kind != unstable.Bool {
			d.wrong(n, path, "true or false, without quotes")
			return
		}
		into.SetBool(n.text == "true")
	case reflect.Int:
		d.integer(n, into, path)
	default:
		panic("config: no rule to decode a " + into.Kind().String())
	}
}

func (d *decoder) integer(n *node, into reflect.Value, path string) {
	if n.kind != unstable.Integer {
		d.wrong(n, path, "a whole number, without quotes")
		return
	}
	number, err := strconv.ParseInt(strings.ReplaceAll(n.text, "_", ""), 0, 32)
	if err != nil {
		d.say(n.at, path, fmt.Sprintf("%s is out of any range", n.text), "write a smaller number")
		return
	}
	into.SetInt(number)
}

func (d *decoder) list(n *node, into reflect.Value, path string) {
	element := into.Type().Elem()
	if !n.isList() {
		want := "a list in square brackets"
		if element.Kind() == reflect.Struct {
			want = "a list of tables, written as [[" + path + "]] above the keys of each"
		}
		d.wrong(n, path, want)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		one := into.Index(i)
		if with, ok := one.Addr().Interface().(defaulter); ok {
			with.setDefaults()
		}
		full := fmt.Sprintf("%s[%d]", path, i+1)
		d.places[full] = item.at
		d.value(item, one, full)
	}
}

func (d *decoder) mapping(n *node, into reflect.Value, path string) {
	if !n.isTable() {
		d.wrong(n, path, "a table, written as ["+path+"] above its keys")
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, key := range n.order {
		full := join(path, key)
		d.places[full] = n.fields[key].at
		one := reflect.New(into.Type().Elem()).Elem()
		d.value(n.fields[key], one, full)
		into.SetMapIndex(reflect.ValueOf(key), one)
	}
}

func (d *decoder) unknown(at place, path, key string, fields map[string]int) {
	known := make([]string, 0, len(fields))
	for name := range fields {
		known = append(known, name)
	}
	slices.Sort(known)
	remedy := "remove it, or use one of: " + strings.Join(known, ", ")
	if near := nearest(key, known); near != "" {
		remedy = fmt.Sprintf("write %q, or remove it", near)
	}
	d.say(at, path, "unknown key", remedy)
}

func (d *decoder) wrong(n *node, path, want string) {
	d.say(n.at, path, "is "+kindName(n), "write "+want)
}

func (d *decoder) say(at place, path, problem, remedy string) {
	d.spoilt[path] = true
	d.doc.say(at, path, problem, remedy)
}

// locate gives Validate's complaints their place: that of the value, else that
// of the nearest table around it. A key that decoding has complained about is
// left out, for its value was never read.
func (d *decoder) locate(found Complaints) {
	for _, c := range found {
		if d.spoilt[c.Key] {
			continue
		}
		at, ok := d.places[c.Key]
		for path := c.Key; !ok; at, ok = d.places[path] {
			path = parent(path)
		}
		d.doc.say(at, c.Key, c.Problem, c.Remedy)
	}
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
