package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"eliminacode/device/setting"
	"eliminacode/firmware-config/tomlfile"
)

// Additions are devices that a settings file is given, with the keys that matter for
// them; all others have their defaults.
type Additions struct {
	Printers []NewPrinter `toml:"printer"`
	Buttons  []NewButton  `toml:"button"`
	Keypads  []NewKeypad  `toml:"keypad"`
	Panels   []NewPanel   `toml:"panel"`
}

// A NewPrinter, a NewButton, a NewKeypad and a NewPanel have the keys of a Printer, a
// Button, a Keypad and a Panel.
type NewPrinter struct {
	Name    string `toml:"name"`
	Port    string `toml:"port"`
	Profile string `toml:"profile"`
	Baud    int    `toml:"baud,omitempty"` // 0: the profile's
	Outlet  string `toml:"outlet"`
}

type NewButton struct {
	Name    string `toml:"name"`
	Line    string `toml:"line"`
	Service string `toml:"service"`
	Class   string `toml:"class,omitempty"`
	Outlet  string `toml:"outlet"`
}

type NewKeypad struct {
	Name   string `toml:"name"`
	Path   string `toml:"path,omitempty"` // on USB
	Desk   string `toml:"desk"`
	Keymap string `toml:"keymap"`
	// Of a serial one.
	Port     string `toml:"port,omitempty"`
	Protocol string `toml:"protocol,omitempty"`
	Address  *int   `toml:"address"` // nil on USB and for a protocol without one
	// As they are on the line, when there is a keypad already.
	Baud  int          `toml:"baud,omitempty"`
	Flow  setting.Flow `toml:"flow,omitempty"`
	RS485 bool         `toml:"rs485,omitempty"`
}

type NewPanel struct {
	Name    string `toml:"name"`
	Port    string `toml:"port"`
	Frame   string `toml:"frame"`
	Address int    `toml:"address"`
	Desk    string `toml:"desk,omitempty"` // empty: the calls of all desks
}

// TOML is the additions as a settings file has them.
func (a Additions) TOML() []byte { return tomlfile.Write(a, nil) }

// Extend is a settings file with devices at its end, and what stands in it as it is,
// comments too. Data may be empty. The error Is ErrRefused when the whole cannot be
// used, and holds the whole's complaints.
func Extend(name string, data []byte, a Additions) ([]byte, error) {
	whole := slices.Clone(data)
	if len(bytes.TrimSpace(whole)) == 0 {
		whole = fmt.Appendf(nil, "schema = %d\n", SchemaNow)
	}
	if !bytes.HasSuffix(whole, []byte("\n")) {
		whole = append(whole, '\n')
	}
	return judged(name, append(append(whole, '\n'), a.TOML()...), nil)
}

// judged is a whole settings file, unless it was not made or cannot be used.
func judged(name string, whole []byte, err error) ([]byte, error) {
	if err == nil {
		_, err = Parse(name, whole)
	}
	if err != nil {
		return nil, err
	}
	return whole, nil
}

// A Text is a value of a settings file, at a key such as button[2].service: one that
// stands in quotes, or a whole number.
type Text struct {
	Key, Text string
	Whole     bool // Text is a whole number, which has no quotes
}

// Written is the value as a settings file has it.
func (t Text) Written() string {
	if t.Whole {
		return t.Text
	}
	return tomlfile.Quoted(t.Text)
}

// Change is a settings file with other texts as the values of keys, all of them at once,
// and all else as it is, comments too. A key that a device leaves out gets a line of its
// own. The error Is ErrRefused when the whole cannot be used, and Is ErrNoText when the
// file has the value in another way than in quotes on one line or in figures, or lacks it
// where a line cannot be added.
func Change(name string, data []byte, texts ...Text) ([]byte, error) {
	whole, err := Retext(name, data, texts...)
	return judged(name, whole, err)
}

// Without is a settings file without a device, named such as button[2], and all else as
// it is, comments too. The error Is ErrRefused when the rest cannot be used, and Is
// ErrNoText when the device has no lines of its own.
func Without(name string, data []byte, device string) ([]byte, error) {
	whole, err := Cut(name, data, device)
	return judged(name, whole, err)
}

// Cut is Without for a file to which more is done before it can be used: what it answers
// was not judged.
func Cut(name string, data []byte, device string) ([]byte, error) {
	s := Default()
	whole, ok := tomlfile.Read(name, data, &s, nil).Without(device)
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoText, device)
	}
	return whole, nil
}

// Retext is Change for a file to which more is done before it can be used: what it
// answers was not judged.
func Retext(name string, data []byte, texts ...Text) ([]byte, error) {
	for _, t := range texts {
		s, ok := Default(), false
		file := tomlfile.Read(name, data, &s, nil)
		if data, ok = file.Replaced(t.Key, t.Written()); !ok {
			device := strings.LastIndexByte(t.Key, '.')
			data, ok = file.Given(t.Key[:max(device, 0)], t.Key[device+1:], t.Written())
		}
		if !ok {
			return nil, fmt.Errorf("%w: %s", ErrNoText, t.Key)
		}
	}
	return data, nil
}
