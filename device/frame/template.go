package frame

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Errors of templates and of what is put into them.
var (
	// ErrTemplate: the text is no template.
	ErrTemplate = errors.New("not a frame")
	// ErrValue: a value does not fit its field.
	ErrValue = errors.New("value does not fit the frame")
)

// MaxBytes bounds a frame.
const MaxBytes = 64

// A Template is a frame with fields. The zero Template is an empty frame; it
// sends nothing and is never found.
type Template struct {
	items []item
	size  int // bytes
	text  string
}

// Values are what fills the fields of a frame. Fields that a template does not
// have are ignored by Encode and zero when they come from a Decoder.
type Values struct {
	Address, Key, Sequence int    // 0 to 255
	Text                   string // as many bytes as the field has
}

type kind uint8

const (
	literal kind = iota
	number       // address, key, sequence
	text
	anything
	checksum
)

type item struct {
	kind     kind
	at, size int    // bytes
	value    byte   // of a literal
	name     string // of the field or checksum
	ascii    int    // base of a number in ASCII, 0: one byte
	from, to int    // what a checksum covers
	asHex    bool   // a checksum in ASCII
}

// formats are the ways in which a number can stand in a frame.
var formats = map[string]struct{ size, base int }{
	"": {1, 0}, "digit": {1, 10}, "dec2": {2, 10}, "dec3": {3, 10}, "hex2": {2, 16},
}

// Parse reads a template. The error Is ErrTemplate and says which word is wrong.
func Parse(source string) (Template, error) {
	p := parser{opened: -1, t: Template{text: source}}
	for _, word := range words(source) {
		if err := p.word(word); err != nil {
			return Template{}, fmt.Errorf("%w: %w", ErrTemplate, err)
		}
		if p.t.size > MaxBytes {
			return Template{}, fmt.Errorf("%w: it has more than %d bytes", ErrTemplate, MaxBytes)
		}
	}
	switch {
	case p.opened >= 0:
		return Template{}, fmt.Errorf("%w: a parenthesis is not closed", ErrTemplate)
	case p.covered != [2]int{} && !p.has[""]:
		return Template{}, fmt.Errorf("%w: parentheses, but no checksum behind them", ErrTemplate)
	}
	return p.t, nil
}

// words splits at spaces, but not inside quotes.
func words(source string) (all []string) {
	for source = strings.TrimSpace(source); source != ""; source = strings.TrimSpace(source) {
		end := strings.IndexByte(source, ' ')
		if source[0] == '\'' {
			if end = strings.IndexByte(source[1:], '\''); end >= 0 {
				end += 2
			}
		}
		if end < 0 {
			end = len(source)
		}
		all = append(all, source[:end])
		source = source[end:]
	}
	return all
}

type parser struct {
	t       Template
	has     map[string]bool // fields, and "" for a checksum
	opened  int             // where the parenthesis stands; -1: none is open
	covered [2]int          // what the closed ones held
}

func (p *parser) word(w string) error {
	switch {
	case w == "(":
		switch {
		case p.opened >= 0 || p.covered != [2]int{}:
			return errors.New("more than one pair of parentheses")
		case p.has[""]:
			return errors.New("parentheses behind the checksum")
		}
		p.opened = p.t.size
		return nil
	case w == ")":
		if p.opened < 0 || p.opened == p.t.size {
			return errors.New("a parenthesis closes nothing")
		}
		p.covered, p.opened = [2]int{p.opened, p.t.size}, -1
		return nil
	case len(w) > 2 && w[0] == '\'' && w[len(w)-1] == '\'':
		return p.literal([]byte(w[1 : len(w)-1]))
	case w[0] == '{' && w[len(w)-1] == '}':
		name, format, _ := strings.Cut(w[1:len(w)-1], ":")
		return p.field(name, format)
	case len(w) == 2:
		if b, err := hex.DecodeString(w); err == nil {
			return p.literal(b)
		}
	}
	return fmt.Errorf("%q is neither a byte such as 02, nor characters such as 'A', nor a field such as {text:4}", w)
}

func (p *parser) literal(bytes []byte) error {
	for _, b := range bytes {
		p.add(item{kind: literal, size: 1, value: b})
	}
	return nil
}

func (p *parser) field(name, format string) error {
	word := "{" + name + "}"
	if p.has[name] && name != "any" {
		return fmt.Errorf("%s is there twice", word)
	}
	if p.has == nil {
		p.has = map[string]bool{}
	}
	p.has[name] = true
	switch name {
	case "address", "key", "sequence":
		f, ok := formats[format]
		if !ok {
			return fmt.Errorf("%s cannot be %q; it can be digit, dec2, dec3, hex2, or nothing for one byte", word, format)
		}
		p.add(item{kind: number, name: name, size: f.size, ascii: f.base})
		return nil
	case "text":
		n, err := strconv.Atoi(format)
		if err != nil || n < 1 || n > MaxBytes {
			return fmt.Errorf("%s needs its width, such as {text:4}", word)
		}
		p.add(item{kind: text, name: name, size: n})
		return nil
	case "any":
		if format != "" {
			return fmt.Errorf("%s is always one byte", word)
		}
		p.add(item{kind: anything, size: 1})
		return nil
	}
	sum, ok := checksums[name]
	if !ok {
		return fmt.Errorf("there is no field %s", word)
	}
	return p.checksum(name, format, sum.size)
}

func (p *parser) checksum(name, format string, size int) error {
	switch {
	case p.has[""]:
		return errors.New("more than one checksum")
	case p.opened >= 0:
		return fmt.Errorf("{%s} stands inside its own parentheses", name)
	case p.t.size == 0:
		return fmt.Errorf("{%s} has nothing before it", name)
	case format != "" && format != "hex":
		return fmt.Errorf("{%s} cannot be %q; it can be hex, or nothing for bytes", name, format)
	}
	p.has[""] = true
	sum := item{kind: checksum, name: name, size: size, from: 0, to: p.t.size}
	if p.covered != [2]int{} {
		sum.from, sum.to = p.covered[0], p.covered[1]
	}
	if format == "hex" {
		sum.asHex, sum.size = true, 2*size
	}
	p.add(sum)
	return nil
}

func (p *parser) add(i item) {
	i.at = p.t.size
	p.t.items = append(p.t.items, i)
	p.t.size += i.size
}

// UnmarshalText is Parse. A text that is refused leaves an empty frame that is
// Written all the same, so that nothing else complains of its absence.
func (t *Template) UnmarshalText(text []byte) (err error) {
	*t, err = Parse(string(text))
	t.text = string(text)
	return err
}

// Form says how a template is written.
func (Template) Form() string { return "it as example.toml explains" }

// Written tells that somebody wrote a template, be it right or wrong.
func (t Template) Written() bool { return strings.TrimSpace(t.text) != "" }

// Len is the number of bytes of a frame.
func (t Template) Len() int { return t.size }

// Has tells whether a frame has a field: address, key, sequence or text.
func (t Template) Has(field string) bool {
	return slices.ContainsFunc(t.items, func(i item) bool { return i.name == field && i.kind != checksum })
}

// TextWidth is the number of characters of the frame's text; 0 when it has none.
func (t Template) TextWidth() int {
	for _, i := range t.items {
		if i.kind == text {
			return i.size
		}
	}
	return 0
}

// Try tells whether an address fits into the frame. The error Is ErrValue.
func (t Template) Try(address int) error {
	_, err := t.Encode(Values{Address: address, Text: strings.Repeat(" ", t.TextWidth())})
	return err
}

// Encode gives the bytes of a frame. The error Is ErrValue.
func (t Template) Encode(v Values) ([]byte, error) {
	out := make([]byte, 0, t.size)
	for _, i := range t.items {
		switch i.kind {
		case literal:
			out = append(out, i.value)
		case anything:
			out = append(out, 0)
		case text:
			if len(v.Text) != i.size {
				return nil, fmt.Errorf("%w: the text %q has not %d characters", ErrValue, v.Text, i.size)
			}
			out = append(out, v.Text...)
		case number:
			digits, err := i.digits(*v.field(i.name))
			if err != nil {
				return nil, err
			}
			out = append(out, digits...)
		case checksum:
			out = append(out, i.sum(out)...)
		}
	}
	return out, nil
}

// field is the value of a field that is a number.
func (v *Values) field(name string) *int {
	switch name {
	case "address":
		return &v.Address
	case "key":
		return &v.Key
	default:
		return &v.Sequence
	}
}

// digits are a number as it stands in a frame.
func (i item) digits(n int) ([]byte, error) {
	if n < 0 || n > 255 {
		return nil, fmt.Errorf("%w: %s %d is not in 0 to 255", ErrValue, i.name, n)
	}
	if i.ascii == 0 {
		return []byte{byte(n)}, nil
	}
	s := strings.ToUpper(strconv.FormatInt(int64(n), i.ascii))
	if len(s) > i.size {
		return nil, fmt.Errorf("%w: %s %d has more than %d digits", ErrValue, i.name, n, i.size)
	}
	return []byte(strings.Repeat("0", i.size-len(s)) + s), nil
}

// sum is a checksum as it stands behind what a frame has before it.
func (i item) sum(before []byte) []byte {
	raw := checksums[i.name].of(before[i.from:i.to])
	if i.asHex {
		return []byte(strings.ToUpper(hex.EncodeToString(raw)))
	}
	return raw
}
