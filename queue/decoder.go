package queue

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A Decoder reads many events one after another, as a start reads all of today.
// Names that come again and again, such as the boot and the desks, share one
// memory. It is used by one goroutine at a time.
type Decoder struct {
	names   []string                 // by a hash; nil when none are shared
	scratch map[string]reflect.Value // by kind: where a body is read before it is copied
}

// sharedNames is how many names a Decoder remembers.
const sharedNames = 512

// NewDecoder makes a Decoder.
func NewDecoder() *Decoder {
	return &Decoder{names: make([]string, sharedNames), scratch: map[string]reflect.Value{}}
}

// Decode reads the encoding of an event. It answers ErrNewerFormat for a
// version or kind of event that this program does not know, and ErrBadEvent for
// the rest.
//
// What AppendJSON writes is read in one pass. Whatever differs from that, a
// fault included, is left to encoding/json, so that both always answer alike.
func (d *Decoder) Decode(b []byte) (Event, error) {
	if len(b) > maxEventBytes {
		return Event{}, fmt.Errorf("%w: %d bytes", ErrBadEvent, len(b))
	}
	if e, ok := d.plain(b); ok {
		return e, nil
	}
	return decodeJSON(b)
}

// name is a text of b that others may hold already.
func (d *Decoder) name(b []byte) string {
	if len(b) == 0 || d.names == nil {
		return string(b)
	}
	at := (len(b)*31 + int(b[0])*7 + int(b[len(b)/2])*131 + int(b[len(b)-1])*17) % len(d.names)
	if d.names[at] != string(b) {
		d.names[at] = string(b)
	}
	return d.names[at]
}

// plain reads an event as AppendJSON writes it; ok is false when it is not.
func (d *Decoder) plain(b []byte) (e Event, ok bool) {
	p := plainText{decoder: d, rest: b}
	if !p.skip(`{"v":1,`) {
		return e, false
	}
	if p.skip(`"prev":`) { // the journal's own
		if _, ok := p.text(); !ok || !p.skip(`,`) {
			return e, false
		}
	}
	var kind []byte
	if !p.skip(`"seq":`) || !p.unsigned(&e.Seq) || e.Seq == 0 ||
		!p.skip(`,"at":`) || !p.object(plainNow, reflect.ValueOf(&e.At).Elem()) ||
		!p.skip(`,"by":`) || !p.object(plainCause, reflect.ValueOf(&e.By).Elem()) ||
		!p.skip(`,"kind":`) {
		return e, false
	}
	if kind, ok = p.text(); !ok || !p.skip(`,"body":`) {
		return e, false
	}
	of := bodies[string(kind)]
	if of.fields == nil {
		return e, false
	}
	body, known := d.scratch[string(kind)]
	if !known {
		body = reflect.New(of.body).Elem()
		if d.scratch != nil {
			d.scratch[string(kind)] = body
		}
	}
	body.SetZero()
	if !p.object(of.fields, body) || string(p.rest) != "}" {
		return e, false
	}
	e.Body, ok = body.Interface().(Body)
	return e, ok
}

// A plainField is a field that is read and written without encoding/json.
type plainField struct {
	member string // its name as JSON, with the colon
	at     int
	kind   reflect.Kind
	omit   bool         // when it is zero
	fields []plainField // of a struct
}

var (
	plainNow   = plainFields(reflect.TypeFor[Now]())
	plainCause = plainFields(reflect.TypeFor[Cause]())
)

// plainFields are the fields of a struct of texts, whole numbers, truths and
// such structs; nil when it has any other.
func plainFields(t reflect.Type) []plainField {
	fields := []plainField{}
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		f := plainField{member: `"` + name + `":`, at: i, kind: t.Field(i).Type.Kind()}
		switch option {
		case "":
		case "omitempty":
			f.omit = f.kind != reflect.Struct // encoding/json never takes one for empty
		case "omitzero":
			f.omit = true
		default:
			return nil
		}
		switch f.kind {
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint64:
		case reflect.Struct:
			f.fields = plainFields(t.Field(i).Type)
		default:
			return nil
		}
		if name == "" || f.kind == reflect.Struct && f.fields == nil {
			return nil
		}
		fields = append(fields, f)
	}
	return fields
}

// appendPlain appends the JSON of a struct, as encoding/json writes it.
func appendPlain(b []byte, fields []plainField, of reflect.Value) []byte {
	open := len(b)
	b = append(b, '{')
	for i := range fields {
		f := &fields[i]
		v := of.Field(f.at)
		if f.omit && v.IsZero() {
			continue
		}
		if len(b) > open+1 {
			b = append(b, ',')
		}
		b = append(b, f.member...)
		switch f.kind {
		case reflect.String:
			b = appendText(b, v.String())
		case reflect.Bool:
			b = strconv.AppendBool(b, v.Bool())
		case reflect.Uint64:
			b = strconv.AppendUint(b, v.Uint(), 10)
		case reflect.Struct:
			b = appendPlain(b, f.fields, v)
		default:
			b = strconv.AppendInt(b, v.Int(), 10)
		}
	}
	return append(b, '}')
}

// A plainText is JSON without white space, escapes and fractions, on its way
// to be read. Each method answers whether it found what it looks for.
type plainText struct {
	decoder *Decoder
	rest    []byte
}

func (p *plainText) skip(text string) bool {
	if len(p.rest) < len(text) || string(p.rest[:len(text)]) != text {
		return false
	}
	p.rest = p.rest[len(text):]
	return true
}

// text is a text of ASCII in which nothing is escaped.
func (p *plainText) text() ([]byte, bool) {
	if len(p.rest) == 0 || p.rest[0] != '"' {
		return nil, false
	}
	for i, c := range p.rest[1:] {
		switch {
		case c == '"':
			text := p.rest[1 : 1+i]
			p.rest = p.rest[i+2:]
			return text, true
		case c < ' ' || c >= 0x7f || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

// unsigned reads a whole number that is far from the greatest.
func (p *plainText) unsigned(to *uint64) bool {
	n, i := uint64(0), 0
	for ; i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9'; i++ {
		n = n*10 + uint64(p.rest[i]-'0')
	}
	if i == 0 || i > 18 || i > 1 && p.rest[0] == '0' {
		return false
	}
	*to, p.rest = n, p.rest[i:]
	return true
}

func (p *plainText) signed(to *int64) bool {
	minus := p.skip(`-`)
	var n uint64
	ok := p.unsigned(&n)
	if *to = int64(n); minus {
		*to = -*to
	}
	return ok
}

// object reads a struct whose members stand in the order of its fields; any of
// them may be missing.
func (p *plainText) object(fields []plainField, to reflect.Value) bool {
	if !p.skip(`{`) {
		return false
	}
	if p.skip(`}`) {
		return true
	}
	for i := range fields {
		f := &fields[i]
		if !p.skip(f.member) {
			continue
		}
		if !p.value(f, to.Field(f.at)) {
			return false
		}
		if !p.skip(`,`) {
			return p.skip(`}`)
		}
	}
	return false
}

func (p *plainText) value(f *plainField, to reflect.Value) bool {
	switch f.kind {
	case reflect.String:
		text, ok := p.text()
		to.SetString(p.decoder.name(text))
		return ok
	case reflect.Bool:
		to.SetBool(p.skip(`true`))
		return to.Bool() || p.skip(`false`)
	case reflect.Uint64:
		var n uint64
		ok := p.unsigned(&n)
		to.SetUint(n)
		return ok
	case reflect.Struct:
		return p.object(f.fields, to)
	default:
		var n int64
		ok := p.signed(&n)
		to.SetInt(n)
		return ok && !to.OverflowInt(n)
	}
}
