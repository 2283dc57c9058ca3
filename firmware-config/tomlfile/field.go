package tomlfile

import (
	"reflect"
	"slices"
	"strings"
)

// Forms are the ways in which values of plain kinds are written as texts, by the
// name that a tag such as `toml:"standard,duration"` gives them: pointers to a
// type that the value's own converts to. So a struct that knows nothing of files
// can be one.
type Forms map[string]Text

func (f Forms) of(name string) reflect.Type {
	form := f[name]
	if form == nil {
		panic("tomlfile: there is no form " + name)
	}
	return reflect.TypeOf(form).Elem()
}

// A field is one of a struct that bears a key.
type field struct {
	key       string
	index     []int // as reflect counts them
	omitEmpty bool  // left out when it is zero
	form      string
}

func fieldsOf(of reflect.Type) (all []field) {
	for _, f := range reflect.VisibleFields(of) {
		key, options, _ := strings.Cut(f.Tag.Get("toml"), ",")
		x := field{key: key, index: f.Index}
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "omitempty":
				x.omitEmpty = true
			case "inline":
				for _, inner := range fieldsOf(f.Type) {
					inner.index = slices.Concat(f.Index, inner.index)
					all = append(all, inner)
				}
			default:
				x.form = option
			}
		}
		if key != "" {
			all = append(all, x)
		}
	}
	return all
}
