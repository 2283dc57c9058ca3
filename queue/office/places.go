package office

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A place is where something stands in the file, both from 1; the column
// counts characters, as editors do.
type place struct{ line, column int }

// places are where the keys and values of a file stand, by path such as
// "service[0].standard", with list items counted from 0. The TOML library's
// decoder forgets this, and a complaint without it helps nobody.
type places struct {
	data   []byte
	starts []int            // of each line
	keys   map[string]place // the key, or the header of a table
	values map[string]place // the value, where the library tells
	lists  map[string]int   // how many [[headers]] of a path came so far
}

// readPlaces walks data, which must be valid TOML.
func readPlaces(data []byte) *places {
	p := &places{data: data, starts: lineStarts(data), keys: map[string]place{"": {1, 1}}, values: map[string]place{}, lists: map[string]int{}}
	var parser unstable.Parser
	parser.Reset(data)
	table := ""
	for parser.NextExpression() {
		switch e := parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = p.header(e)
		case unstable.KeyValue:
			p.keyValue(table, e)
		}
	}
	return p
}

func (p *places) header(e *unstable.Node) string {
	path := ""
	var at place
	for it := e.Key(); it.Next(); {
		n := it.Node()
		path = join(path, string(n.Data))
		at = p.placeOf(int(n.Raw.Offset))
		if it.IsLast() && e.Kind == unstable.ArrayTable {
			p.note(path, at)
			path, p.lists[path] = item(path, p.lists[path]), p.lists[path]+1
		} else if n := p.lists[path]; n > 0 {
			path = item(path, n-1)
		}
		p.note(path, at)
	}
	return path
}

// note keeps the first place of a path.
func (p *places) note(path string, at place) {
	if _, known := p.keys[path]; !known {
		p.keys[path] = at
	}
}

func (p *places) keyValue(table string, e *unstable.Node) {
	path := table
	for it := e.Key(); it.Next(); {
		n := it.Node()
		path = join(path, string(n.Data))
		p.note(path, p.placeOf(int(n.Raw.Offset)))
	}
	p.value(path, e.Value())
}

func (p *places) value(path string, v *unstable.Node) {
	if v.Raw.Length > 0 {
		p.values[path] = p.placeOf(int(v.Raw.Offset))
	}
	i := 0
	for it := v.Children(); it.Next(); {
		switch child := it.Node(); {
		case child.Kind == unstable.Comment:
		case v.Kind == unstable.InlineTable && child.Kind == unstable.KeyValue:
			p.keyValue(path, child)
		case v.Kind == unstable.Array:
			p.value(item(path, i), child)
			i++
		}
	}
}

// of is where the value of a path stands; else its key, else the nearest table
// around it.
func (p *places) of(path string) place {
	for {
		if at, ok := p.values[path]; ok {
			return at
		}
		if at, ok := p.keys[path]; ok {
			return at
		}
		path = parent(path)
	}
}

// key is where the key of a path stands.
func (p *places) key(path string) place {
	if at, ok := p.keys[path]; ok {
		return at
	}
	return p.of(path)
}

func (p *places) placeOf(offset int) place {
	offset = min(max(offset, 0), len(p.data))
	line, _ := slices.BinarySearch(p.starts, offset+1)
	return place{line, utf8.RuneCount(p.data[p.starts[line-1]:offset]) + 1}
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

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// parent drops the last key or index of a path.
func parent(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}
