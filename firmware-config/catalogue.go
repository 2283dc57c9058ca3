package config

import (
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"eliminacode/device/escpos/profile"

	"eliminacode/firmware-config/tomlfile"
)

// Data that the settings' words refer to. It is in TOML, read and judged by
// the same code as a box's own settings.
//
//go:embed boards printers.toml keymaps.toml protocols.toml frames.toml legend.toml
var files embed.FS

// ExampleTOML shows every key of the settings with its default, in comments.
//
//go:embed example.toml
var ExampleTOML []byte

// UdevRules are the rules that the package installs as
// /etc/udev/rules.d/99-eliminacode.rules: rights on ports, pins and keypads,
// and nobody else's fingers on the printer's line.
//
//go:embed 99-eliminacode.rules
var UdevRules []byte

// A Board is a computer that the box may be built on, as the kernel names its
// parts.
type Board struct {
	Model string   `toml:"model"` // the name in the settings
	Title string   `toml:"title"` // for people
	Chips []string `toml:"chips"` // labels of its GPIO chip, by kernel; none: no GPIO
	Lines []Line   `toml:"line"`  // the lines that may be used
	UART  string   `toml:"uart"`  // the header's own serial port; empty: none
	// ConfigTxt are the lines that config.txt on the boot partition needs, and
	// CmdlineRemove the words to take out of cmdline.txt.
	ConfigTxt     []string `toml:"config-txt"`
	CmdlineRemove []string `toml:"cmdline-remove"`
}

// A Line is a GPIO line of a board's header.
type Line struct {
	Name string `toml:"name"` // as the kernel calls it, such as GPIO17
	Pin  int    `toml:"pin"`  // on the 40-pin header
	UART bool   `toml:"uart"` // taken when a printer uses the board's UART
	Note string `toml:"note"` // for the technician
}

// Bytes are those that a text of the settings writes in hexadecimal, such as
// "1D 56 42 00".
func Bytes(hexadecimal string) ([]byte, error) {
	return hex.DecodeString(strings.Join(strings.Fields(hexadecimal), ""))
}

// A Keymap says what the keys of a keypad mean. Keys are named as in the
// kernel's input-event-codes.h.
type Keymap struct {
	Name string            `toml:"name"`
	Note string            `toml:"note"`
	Keys map[string]string `toml:"keys"` // such as KEY_KPENTER = "next"
}

// Codes are the kernel's codes of the keys and what each means: next, recall,
// no-show, start, finish, transfer, pause, enter, clear, or a digit.
func (k Keymap) Codes() map[uint16]string {
	codes := make(map[uint16]string, len(k.Keys))
	for name, meaning := range k.Keys {
		if code, ok := keyCodes[name]; ok {
			codes[code] = meaning
		}
	}
	return codes
}

type catalogue struct {
	boards   []Board
	profiles []profile.Profile
	keymaps  []Keymap

	legend    legendWords
	protocols []Protocol
	frames    []Frame
}

// builtIn reads the embedded data once. A fault in it is a fault of the
// program, found by the tests.
var builtIn = sync.OnceValue(func() catalogue {
	var all catalogue
	boards, err := fs.Glob(files, "boards/*.toml")
	if err != nil || len(boards) == 0 {
		panic("config: no boards are embedded")
	}
	for _, name := range boards {
		var b Board
		mustDecode(name, &b)
		all.boards = append(all.boards, b)
	}
	var printers struct {
		Profiles []profile.Profile `toml:"profile"`
	}
	mustDecode("printers.toml", &printers)
	var keymaps struct {
		Keymaps []Keymap `toml:"keymap"`
	}
	mustDecode("keymaps.toml", &keymaps)
	var protocols struct {
		Protocols []Protocol `toml:"protocol"`
	}
	mustDecode("protocols.toml", &protocols)
	var frames struct {
		Frames []Frame `toml:"frame"`
	}
	mustDecode("frames.toml", &frames)
	all.profiles, all.keymaps = printers.Profiles, keymaps.Keymaps
	mustDecode("legend.toml", &all.legend)
	all.protocols, all.frames = protocols.Protocols, frames.Frames
	return all
})

func mustDecode(name string, into any) {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("config: reading embedded %s: %v", name, err))
	}
	if err := tomlfile.Read(name, data, into).Err(); err != nil {
		panic(fmt.Sprintf("config: embedded data:\n%v", err))
	}
}

// Boards are all known boards, by file name. The caller may change the slice,
// not what its entries point to.
func Boards() []Board { return slices.Clone(builtIn().boards) }

// BoardByModel finds a board by the name that the settings use.
func BoardByModel(model string) (Board, bool) {
	for _, b := range builtIn().boards {
		if b.Model == model {
			return b, true
		}
	}
	return Board{}, false
}

// BuiltInProfiles are the printer profiles that need no settings.
func BuiltInProfiles() []profile.Profile { return slices.Clone(builtIn().profiles) }

// BuiltInKeymaps are the keymaps that need no settings.
func BuiltInKeymaps() []Keymap { return slices.Clone(builtIn().keymaps) }
