package tomlfile

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Write is a struct as a file that Read reads back the same into a struct that
// starts from the same defaults. A key whose tag says ",omitempty" is left out
// while it is zero; lists and maps without items and nil pointers always are.
// Values that cannot be written as a text, which MarshalText refuses, panic.
func Write(v any, forms Forms) []byte {
	w := &writer{forms: forms}
	w.table(reflect.ValueOf(v), "", "", false)
	return []byte(strings.TrimPrefix(w.b.String(), "\n"))
}

type writer struct {
	b     strings.Builder
	forms Forms
}

// table writes the keys of a struct or map below its header, and after them the
// tables in it, whose headers end its own keys. The header of a table without
// keys of its own is written only if it must be.
func (w *writer) table(v reflect.Value, path, header string, must bool) {
	var lines, tables []func()
	ofMap := v.Kind() == reflect.Map
	add := func(key string, v reflect.Value, form string) {
		full := join(path, key)
		switch {
		case form != "":
			lines = append(lines, func() { fmt.Fprintf(&w.b, "%s = %s\n", key, w.formed(v, form)) })
		case isTables(v):
			tables = append(tables, func() {
				for i := range v.Len() {
					w.table(v.Index(i), full, "\n[["+full+"]]\n", true)
				}
			})
		case isTable(v) || ofMap && v.Kind() == reflect.Map:
			tables = append(tables, func() { w.table(v, full, "\n["+full+"]\n", ofMap) })
		default:
			lines = append(lines, func() { fmt.Fprintf(&w.b, "%s = %s\n", key, inline(v)) })
		}
	}
	if ofMap {
		for _, key := range sortedKeys(v) {
			add(bare(key.String()), v.MapIndex(key), "")
		}
	} else {
		for _, f := range fieldsOf(v.Type()) {
			if x := v.FieldByIndex(f.index); !(f.omitEmpty && x.IsZero()) && !isNothing(x) {
				add(f.key, reflect.Indirect(x), f.form)
			}
		}
	}
	if len(lines) > 0 || must {
		w.b.WriteString(header)
	}
	for _, write := range slices.Concat(lines, tables) {
		write()
	}
}

func isNothing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Pointer:
		return v.IsNil()
	default:
		return false
	}
}

// isTable tells what has a header of its own: structs, and maps of such.
func isTable(v reflect.Value) bool {
	if _, text := v.Interface().(encoding.TextMarshaler); text {
		return false
	}
	return v.Kind() == reflect.Struct || v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.Map
}

func isTables(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && isTable(v.Index(0))
}

// formed is a value, or a list of such, as texts of a form.
func (w *writer) formed(v reflect.Value, form string) string {
	of := w.forms.of(form)
	if v.Kind() != reflect.Slice {
		return inline(v.Convert(of))
	}
	texts := reflect.MakeSlice(reflect.SliceOf(of), v.Len(), v.Len())
	for i := range v.Len() {
		texts.Index(i).Set(v.Index(i).Convert(of))
	}
	return inline(texts)
}

// inline is a value on one line.
func inline(v reflect.Value) string {
	if text, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, err := text.MarshalText()
		if err != nil {
			panic(fmt.Sprintf("tomlfile: writing %v: %v", v, err))
		}
		return Quoted(string(b))
	}
	var parts []string
	switch v.Kind() {
	case reflect.String:
		return Quoted(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, inline(v.Index(i)))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Map:
		for _, key := range sortedKeys(v) {
			parts = append(parts, bare(key.String())+" = "+inline(v.MapIndex(key)))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	default:
		return fmt.Sprint(v)
	}
}

func sortedKeys(v reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
}

// bare is a key without quotes where TOML allows it.
func bare(key string) string {
	for _, r := range key {
		if r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return Quoted(key)
		}
	}
	if key == "" {
		return `""`
	}
	return key
}

// Quoted is a text as a file writes it: a TOML basic string.
func Quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
