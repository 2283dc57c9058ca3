package frame

import (
	"cmp"
	"fmt"
	"strings"
)

// A Style is how a text becomes the characters of a display.
type Style struct {
	Align   Align   `toml:"align"`
	Pad     Pad     `toml:"pad"`
	Charset Charset `toml:"charset"`
}

// A Pad is an ASCII character that fills what a text leaves; 0 is a space.
type Pad byte

// Form says how a Pad is written.
func (Pad) Form() string { return `one character, such as " " or "0"` }

// UnmarshalText reads the character itself.
func (p *Pad) UnmarshalText(text []byte) error {
	if len(text) != 1 || text[0] < ' ' || text[0] > '~' {
		return fmt.Errorf("%q is not one character", text)
	}
	*p = Pad(text[0])
	return nil
}

// An Align is the side on which a text stands.
type Align string

// The sides; the empty one is right.
const (
	AlignRight Align = "right"
	AlignLeft  Align = "left"
)

// A Charset is what a display's characters are.
type Charset string

// The character sets; the empty one is ASCII.
const (
	ASCII        Charset = "ascii"         // 20 to 7E; other letters are shown as ?
	Digits       Charset = "digits"        // 0 to 9 and space; the rest is left out
	SevenSegment Charset = "seven-segment" // a byte is segments a to g, a the lowest bit
)

// Fit makes a text exactly so wide. One that is wider becomes a row of dashes,
// or of padding where there are digits alone, and ok is false: half a number
// would call somebody else.
func (s Style) Fit(words string, width int) (fitted string, ok bool) {
	pad := byte(cmp.Or(s.Pad, ' '))
	chars := s.Charset.keep(words)
	if len(chars) > width {
		dash := byte('-')
		if s.Charset == Digits {
			dash = pad
		}
		return s.Charset.encode(strings.Repeat(string(dash), width)), false
	}
	fill := strings.Repeat(string(pad), width-len(chars))
	if s.Align == AlignLeft {
		chars += fill
	} else {
		chars = fill + chars
	}
	return s.Charset.encode(chars), true
}

// keep is a text in characters that the set has, each of one byte.
func (c Charset) keep(words string) string {
	return strings.Map(func(r rune) rune {
		switch digit := r >= '0' && r <= '9' || r == ' '; {
		case c == Digits && !digit:
			return -1
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, words)
}

// encode is what the display is sent for characters of ASCII.
func (c Charset) encode(chars string) string {
	if c != SevenSegment {
		return chars
	}
	out := []byte(strings.ToUpper(chars))
	for i, char := range out {
		out[i] = segments[char]
	}
	return string(out)
}

// segments are the characters that seven segments can show, a the lowest bit;
// those that they cannot stay dark.
var segments = map[byte]byte{
	'0': 0x3f, '1': 0x06, '2': 0x5b, '3': 0x4f, '4': 0x66, '5': 0x6d, '6': 0x7d, '7': 0x07, '8': 0x7f, '9': 0x6f,
	'A': 0x77, 'B': 0x7c, 'C': 0x39, 'D': 0x5e, 'E': 0x79, 'F': 0x71, 'G': 0x3d, 'H': 0x76, 'I': 0x30, 'J': 0x1e,
	'L': 0x38, 'N': 0x54, 'O': 0x5c, 'P': 0x73, 'Q': 0x67, 'R': 0x50, 'S': 0x6d, 'T': 0x78, 'U': 0x3e, 'Y': 0x6e,
	'-': 0x40, '_': 0x08, '=': 0x48, '?': 0x53,
}
