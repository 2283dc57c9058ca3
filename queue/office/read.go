package office

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	toml "github.com/pelletier/go-toml/v2"

	"eliminacode/queue"
)

// A reader turns decoded TOML into a setup and collects complaints. A path it
// complained of is spoilt: what validation later says of the same value is a
// consequence and is left out.
type reader struct {
	file       string
	places     *places
	complaints Complaints
	spoilt     map[string]bool
}

func (r *reader) say(at place, format string, args ...any) {
	r.complaints = append(r.complaints, Complaint{File: r.file, Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) wrong(path string, value any, want string) {
	r.spoilt[path] = true
	r.say(r.places.of(path), "%s is %s; write %s", keyName(path), kindOf(value), want)
}

// keyName is the key of a path, as the file has it: a line number says better
// than an index which of several it is.
func keyName(path string) string {
	path, _, _ = strings.Cut(path[strings.LastIndexByte(path, '.')+1:], "[")
	return path
}

func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return "a date or time without quotes"
	}
}

// A table is one table of the file being read. Every key asked for is known;
// close complains of the others.
type table struct {
	*reader
	path   string
	values map[string]any
	known  []string
}

func (r *reader) table(path string, values map[string]any) *table {
	return &table{reader: r, path: path, values: values}
}

func (t *table) get(key string) (value any, path string, ok bool) {
	t.known = append(t.known, key)
	value, ok = t.values[key]
	return value, join(t.path, key), ok
}

// close complains of every key that nobody asked for.
func (t *table) close() {
	for key := range t.values {
		if slices.Contains(t.known, key) {
			continue
		}
		// The order of the map does not show: complaints are sorted by place.
		t.say(t.places.key(join(t.path, key)), "unknown key %q; remove it or use one of: %s", key, strings.Join(t.known, ", "))
	}
}

func (t *table) text(key string) string {
	value, path, ok := t.get(key)
	if !ok {
		return ""
	}
	return t.asText(path, value)
}

func (r *reader) asText(path string, value any) string {
	s, ok := value.(string)
	if !ok {
		r.wrong(path, value, "a text in quotes")
	}
	return s
}

// date is a text, or a TOML date without quotes.
func (t *table) date(key string) string {
	value, path, ok := t.get(key)
	if !ok {
		return ""
	}
	if d, local := value.(toml.LocalDate); local {
		return d.String()
	}
	return t.asText(path, value)
}

func (t *table) texts(key string) []string {
	value, path, ok := t.get(key)
	if !ok {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		t.wrong(path, value, "a list of texts in square brackets")
		return nil
	}
	var texts []string
	for i, v := range list {
		texts = append(texts, t.asText(item(path, i), v))
	}
	return texts
}

func (t *table) yes(key string) bool {
	value, path, ok := t.get(key)
	if !ok {
		return false
	}
	b, ok := value.(bool)
	if !ok {
		t.wrong(path, value, "true or false, without quotes")
	}
	return b
}

// number is a whole number; otherwise is what stands for a missing one.
func (t *table) number(key string, otherwise int) int {
	value, path, ok := t.get(key)
	if !ok {
		return otherwise
	}
	n, ok := value.(int64)
	if !ok || n > 1_000_000_000 || n < -1_000_000_000 {
		t.wrong(path, value, "a whole number of at most nine digits, without quotes")
		return otherwise
	}
	return int(n)
}

// has tells whether a key is there.
func (t *table) has(key string) bool {
	_, there := t.values[key]
	return there
}

// ranges are stretches of numbers, each as "1-499".
func (t *table) ranges(key string) []queue.Range {
	var ranges []queue.Range
	for i, text := range t.texts(key) {
		from, to, found := strings.Cut(text, "-")
		first, errFirst := strconv.Atoi(strings.TrimSpace(from))
		last, errLast := strconv.Atoi(strings.TrimSpace(to))
		if path := item(join(t.path, key), i); !found || errFirst != nil || errLast != nil {
			if !t.spoilt[path] {
				t.wrong(path, text, `a range of numbers in quotes, such as "1-499"`)
			}
			t.spoilt[join(t.path, key)] = true
			continue
		}
		ranges = append(ranges, queue.Range{First: first, Last: last})
	}
	return ranges
}

// durationMs is a duration in whole milliseconds.
func (t *table) durationMs(key string, otherwise int64) int64 {
	value, path, ok := t.get(key)
	if !ok {
		return otherwise
	}
	s, isText := value.(string)
	d, err := time.ParseDuration(s)
	if !isText || err != nil || d%time.Millisecond != 0 {
		t.wrong(path, value, `a duration in quotes, such as "90s", "15m" or "1h30m"`)
		return otherwise
	}
	return d.Milliseconds()
}

// share is a share such as "90%", as a number from 0 to 1.
func (t *table) share(key string) float64 {
	value, path, ok := t.get(key)
	if !ok {
		return 0
	}
	s, _ := value.(string)
	share, ok := parseShare(s)
	if !ok {
		t.wrong(path, value, `a share in quotes, such as "90%"`)
	}
	return share
}

func (t *table) sub(key string) *table {
	value, path, ok := t.get(key)
	if !ok {
		return t.table(path, nil)
	}
	values, ok := value.(map[string]any)
	if !ok {
		t.wrong(path, value, "a table, as ["+path+"] above its keys")
	}
	return t.table(path, values)
}

func (t *table) tables(key string) []*table {
	value, path, ok := t.get(key)
	if !ok {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		t.wrong(path, value, "a list of tables, as [["+path+"]] above the keys of each")
		return nil
	}
	var tables []*table
	for i, v := range list {
		values, ok := v.(map[string]any)
		if !ok {
			t.wrong(item(path, i), v, "a table")
			continue
		}
		tables = append(tables, t.table(item(path, i), values))
	}
	return tables
}

// parseShare reads "90%"; the point may be a comma. The point is moved in the
// text, so that a share survives being written and read to the last bit.
func parseShare(s string) (share float64, ok bool) {
	digits, found := strings.CutSuffix(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), "%")
	if !found {
		return 0, false
	}
	for _, r := range digits {
		if (r < '0' || r > '9') && r != '.' {
			return 0, false
		}
	}
	if _, err := strconv.ParseFloat(digits, 64); err != nil {
		return 0, false
	}
	share, err := strconv.ParseFloat(digits+"e-2", 64)
	return share, err == nil
}

// formatShare is the inverse of parseShare.
func formatShare(share float64) string {
	digits := strconv.FormatFloat(share, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	for len(fraction) < 2 {
		fraction += "0"
	}
	whole = strings.TrimLeft(whole+fraction[:2], "0")
	if whole == "" {
		whole = "0"
	}
	if rest := fraction[2:]; rest != "" {
		whole += "." + rest
	}
	return whole + "%"
}
