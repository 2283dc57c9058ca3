package frame_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"eliminacode/device/frame"
)

func parse(t testing.TB, source string) frame.Template {
	t.Helper()
	template, err := frame.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

// The bytes are worked out by hand, the checksums taken from the standards' own
// examples: 01 03 00 00 00 0A has the CRC C5 CD in Modbus RTU, "123456789" has
// 29B1 as CRC-16/CCITT-FALSE.
func TestEncode(t *testing.T) {
	v := frame.Values{Address: 7, Key: 0x2b, Sequence: 3, Text: "A042"}
	for source, want := range map[string]string{
		"":                                        "",
		"02 'OK' 03":                              "02 4F 4B 03",
		"'a b' 0d":                                "61 20 62 0D",
		"{address} {key} {sequence} {any}":        "07 2B 03 00",
		"{address:digit}":                         "37",
		"{address:dec2} {key:dec3}":               "30 37 30 34 33",
		"{key:hex2}":                              "32 42",
		"{text:4} 0D":                             "41 30 34 32 0D",
		"02 {address} {sum8}":                     "02 07 09",
		"02 ( {address} 'A' ) {sum8}":             "02 07 41 48",
		"02 ( {address} 'A' ) {lrc} 03":           "02 07 41 B8 03",
		"02 ( {address} {text:4} 03 ) {xor8}":     "02 07 41 30 34 32 03 73",
		"02 ( {address} {text:4} 03 ) {xor8:hex}": "02 07 41 30 34 32 03 37 33",
		"01 03 00 00 00 0A {crc16-modbus}":        "01 03 00 00 00 0A C5 CD",
		"'123456789' {crc16-ccitt}":               "31 32 33 34 35 36 37 38 39 29 B1",
		"'123456789' {crc16-modbus:hex}":          "31 32 33 34 35 36 37 38 39 33 37 34 42",
	} {
		template := parse(t, source)
		got, err := template.Encode(v)
		if err != nil || fmt.Sprintf("% X", got) != want {
			t.Errorf("%q gives % X, %v; want %s", source, got, err, want)
		}
		if template.Len() != len(got) {
			t.Errorf("%q says %d bytes and has %d", source, template.Len(), len(got))
		}
	}
}

func TestValuesThatDoNotFit(t *testing.T) {
	for source, v := range map[string]frame.Values{
		"{address}":       {Address: 256},
		"{address:digit}": {Address: 10},
		"{key:dec2}":      {Key: 100},
		"{sequence}":      {Sequence: -1},
		"{text:4}":        {Text: "A04"},
	} {
		if out, err := parse(t, source).Encode(v); !errors.Is(err, frame.ErrValue) || out != nil {
			t.Errorf("%q with %+v gave % X, %v", source, v, out, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"2":                       `"2" is neither`,
		"0x02":                    `"0x02" is neither`,
		"'A":                      `"'A" is neither`,
		"''":                      `"''" is neither`,
		"{adress}":                "there is no field {adress}",
		"{}":                      "there is no field {}",
		"{address} {address}":     "{address} is there twice",
		"{address:dec9}":          `cannot be "dec9"`,
		"{text}":                  "needs its width",
		"{text:0}":                "needs its width",
		"{any:2}":                 "always one byte",
		"{sum8}":                  "nothing before it",
		"02 {sum8} {xor8}":        "more than one checksum",
		"02 {sum8:dec2}":          `cannot be "dec2"`,
		"( 02 {sum8} )":           "inside its own parentheses",
		"( 02":                    "not closed",
		"( 02 )":                  "no checksum behind",
		"( )":                     "closes nothing",
		") 02":                    "closes nothing",
		"( 02 ) ( 03 ) {sum8}":    "more than one pair",
		"02 {sum8} ( 03 )":        "behind the checksum",
		"{text:64} 02":            "more than 64 bytes",
		strings.Repeat("02 ", 65): "more than 64 bytes",
	} {
		if _, err := frame.Parse(source); !errors.Is(err, frame.ErrTemplate) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
}

func TestStyle(t *testing.T) {
	for _, test := range []struct {
		style frame.Style
		text  string
		want  string
		fits  bool
	}{
		{frame.Style{}, "A042", "A042", true},
		{frame.Style{}, "A4", "  A4", true},
		{frame.Style{Align: frame.AlignLeft}, "A4", "A4  ", true},
		{frame.Style{Pad: '0'}, "42", "0042", true},
		{frame.Style{}, "", "    ", true},
		{frame.Style{}, "A0421", "----", false},
		{frame.Style{}, "è€", "  ??", true},
		{frame.Style{Charset: frame.Digits}, "A042", " 042", true},
		{frame.Style{Charset: frame.Digits}, "----", "    ", true},
		{frame.Style{Charset: frame.Digits}, "A12345", "    ", false},
		{frame.Style{Charset: frame.SevenSegment}, "A042", "\x77\x3f\x66\x5b", true},
		{frame.Style{Charset: frame.SevenSegment}, "k4", "\x00\x00\x00\x66", true},
		{frame.Style{Charset: frame.SevenSegment}, "12345", "@@@@", false},
	} {
		if got, fits := test.style.Fit(test.text, 4); got != test.want || fits != test.fits {
			t.Errorf("%+v shows %q as %q (%v), want %q (%v)", test.style, test.text, got, fits, test.want, test.fits)
		}
	}
}
