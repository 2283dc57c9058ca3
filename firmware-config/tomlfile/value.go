package tomlfile

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// ErrNoValue: a path names nothing that could be read or set.
var ErrNoValue = errors.New("there is no such value")

// A Kind is what a value of a file can be, for who edits it apart from the file.
type Kind string

// The kinds.
const (
	KindText   Kind = "text"
	KindNumber Kind = "number"
	KindTruth  Kind = "truth" // its text is "true" or empty
	KindList   Kind = "list"  // of texts, with a comma and a blank between them
)

// A Value is one value of a struct that is written as a file.
type Value struct {
	Path string // as complaints have it, such as "printer[2].port"
	Kind Kind
	Form string // as its tag names it; empty for a plain one
	// Text is the value as one writes it, without the quotes of TOML. One that
	// the file may leave out is empty where it would be.
	Text string
}

// Values are the values of a struct, or of what a pointer points to, in the order
// of its file. Texts in maps are values of their own, by their key.
func Values(of any, forms Forms) (all []Value) {
	values(reflect.Indirect(reflect.ValueOf(of)), "", forms, &all)
	return all
}

func values(v reflect.Value, path string, forms Forms, all *[]Value) {
	if v.Kind() == reflect.Map {
		for _, key := range sortedKeys(v) {
			full := join(path, key.String())
			if one := v.MapIndex(key); one.Kind() == reflect.Map {
				values(one, full, forms, all)
			} else {
				*all = append(*all, Value{full, KindText, "", one.String()})
			}
		}
		return
	}
	for _, f := range fieldsOf(v.Type()) {
		x, full := v.FieldByIndex(f.index), join(path, f.key)
		switch {
		case x.Kind() == reflect.Slice && x.Type().Elem().Kind() == reflect.Struct && f.form == "":
			for i := range x.Len() {
				values(x.Index(i), fmt.Sprintf("%s[%d]", full, i+1), forms, all)
			}
		case x.Kind() == reflect.Struct && f.form == "" || x.Kind() == reflect.Map:
			values(x, full, forms, all)
		default:
			s := slot{x, f, forms}
			*all = append(*all, Value{full, s.kind(), f.form, s.text()})
		}
	}
}

// Set writes the text of a value at a path into the struct that a pointer points
// to. The error Is ErrNoValue, or says in what form the value is written. An
// empty text takes a key out of a map.
func Set(of any, path, text string, forms Forms) error {
	s, set, err := find(reflect.ValueOf(of).Elem(), path, forms)
	if err != nil {
		return err
	}
	if err := s.read(text); err != nil {
		return err
	}
	if set != nil {
		set(s.v)
	}
	return nil
}

// Items is the list of structs at a path, of the struct that a pointer points to.
func Items(of any, path string) (reflect.Value, error) {
	s, _, err := find(reflect.ValueOf(of).Elem(), path, nil)
	if err == nil && s.v.Kind() != reflect.Slice {
		err = fmt.Errorf("%w: %s is no list", ErrNoValue, path)
	}
	return s.v, err
}

// find is the value at a path. What stands in a map cannot be changed in place:
// it is put there by set.
func find(v reflect.Value, path string, forms Forms) (s slot, set func(reflect.Value), err error) {
	s.v = v
	for rest := path; rest != ""; {
		var step string
		step, rest, _ = strings.Cut(rest, ".")
		name, index, listed := strings.Cut(step, "[")
		switch v := s.v; v.Kind() {
		case reflect.Struct:
			if s, err = member(v, name, forms); err != nil {
				return s, nil, fmt.Errorf("%w: %s", err, path)
			}
		case reflect.Map:
			key := reflect.ValueOf(name).Convert(v.Type().Key())
			one := reflect.New(v.Type().Elem()).Elem()
			if old := v.MapIndex(key); old.IsValid() {
				one.Set(old)
			}
			into, before := v, set
			set = func(x reflect.Value) {
				if into.IsNil() {
					into = reflect.MakeMap(into.Type())
				}
				if x.IsZero() || x.Kind() == reflect.Map && x.Len() == 0 {
					x = reflect.Value{}
				}
				into.SetMapIndex(key, x)
				switch {
				case before != nil:
					before(into)
				case into.Len() == 0:
					v.SetZero()
				default:
					v.Set(into)
				}
			}
			s = slot{v: one, forms: forms}
		default:
			return s, nil, fmt.Errorf("%w: %s", ErrNoValue, path)
		}
		if listed {
			i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
			if err != nil || s.v.Kind() != reflect.Slice || i < 1 || i > s.v.Len() {
				return s, nil, fmt.Errorf("%w: %s", ErrNoValue, path)
			}
			s.v = s.v.Index(i - 1)
		}
	}
	return s, set, nil
}

func member(v reflect.Value, key string, forms Forms) (slot, error) {
	for _, f := range fieldsOf(v.Type()) {
		if f.key == key {
			return slot{v.FieldByIndex(f.index), f, forms}, nil
		}
	}
	return slot{}, ErrNoValue
}

// A slot is where one value lies, and how it is written.
type slot struct {
	v     reflect.Value
	field field
	forms Forms
}

func (s slot) kind() Kind {
	switch s.v.Kind() {
	case reflect.Bool:
		return KindTruth
	case reflect.Int:
		return KindNumber
	case reflect.Slice:
		return KindList
	case reflect.Int64:
		if s.field.form == "" {
			return KindNumber
		}
	}
	return KindText
}

func (s slot) text() string {
	if isNothing(s.v) || s.field.omitEmpty && s.v.IsZero() {
		return ""
	}
	v := reflect.Indirect(s.v)
	switch {
	case v.Kind() == reflect.Slice:
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = s.one(v.Index(i))
		}
		return strings.Join(texts, ", ")
	case v.Kind() == reflect.Bool && !v.Bool():
		return ""
	}
	return s.one(v)
}

// one is a value, or an item of a list, as it is written.
func (s slot) one(v reflect.Value) string {
	if s.field.form != "" {
		v = v.Convert(s.forms.of(s.field.form))
	}
	if text, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, err := text.MarshalText()
		if err != nil {
			panic(fmt.Sprintf("tomlfile: writing %v: %v", v, err))
		}
		return string(b)
	}
	return fmt.Sprint(v.Interface())
}

// read puts what a text says into the value. One that is refused leaves it as it
// was.
func (s slot) read(text string) error {
	switch {
	case s.v.Kind() == reflect.Slice:
		list := reflect.MakeSlice(s.v.Type(), 0, 0)
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			one := reflect.New(s.v.Type().Elem()).Elem()
			if err := s.readOne(one, item); err != nil {
				return err
			}
			list = reflect.Append(list, one)
		}
		s.v.Set(list)
		if list.Len() == 0 {
			s.v.SetZero()
		}
		return nil
	case s.v.Kind() == reflect.Struct || s.v.Kind() == reflect.Map:
		return ErrNoValue
	case text == "":
		s.v.SetZero()
		return nil
	case s.v.Kind() == reflect.Pointer:
		one := reflect.New(s.v.Type().Elem())
		if err := s.readOne(one.Elem(), text); err != nil {
			return err
		}
		s.v.Set(one)
		return nil
	default:
		return s.readOne(s.v, text)
	}
}

func (s slot) readOne(into reflect.Value, text string) error {
	if s.field.form != "" {
		formed := reflect.New(s.forms.of(s.field.form))
		formed.Elem().Set(into.Convert(formed.Type().Elem()))
		if err := readText(formed.Interface().(Text), text); err != nil {
			return err
		}
		into.Set(formed.Elem().Convert(into.Type()))
		return nil
	}
	if formed, ok := into.Addr().Interface().(Text); ok {
		return readText(formed, text)
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("is %q; write true or false", text)
		}
		into.SetBool(text == "true")
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return fmt.Errorf("is %q; write a whole number", text)
		}
		into.SetInt(n)
	default:
		return ErrNoValue
	}
	return nil
}

func readText(into Text, text string) error {
	if err := into.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%w; write %s", err, into.Form())
	}
	return nil
}
