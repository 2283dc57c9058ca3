package config

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"eliminacode/device/escpos/profile"
	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/setting"
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

// A Catalogue is the descriptions of devices that other settings name.
type Catalogue struct {
	Profiles  []profile.Profile `toml:"profile"`  // of printers
	Keymaps   []keys.Keymap     `toml:"keymap"`   // of keypads
	Protocols []keys.Protocol   `toml:"protocol"` // of serial keypads
	Frames    []frame.Panel     `toml:"frame"`    // of LED panels
}

// An entry is a description of devices in the catalogue or in a file's own lists.
type entry interface {
	Called() string
	Faults() []setting.Fault
}

func find[E entry](all []E, name string) (found E, ok bool) {
	if i := slices.IndexFunc(all, func(e E) bool { return e.Called() == name }); i >= 0 {
		return all[i], true
	}
	return found, false
}

func namesOf[E entry](all []E) []string {
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Called()
	}
	return names
}

// builtIn reads the embedded data once. A fault in it is a fault of the
// program, found by the tests.
var builtIn = sync.OnceValue(func() (all struct {
	Catalogue
	boards []Board
	legend legendWords
}) {
	boards, err := fs.Glob(files, "boards/*.toml")
	if err != nil || len(boards) == 0 {
		panic("config: no boards are embedded")
	}
	for _, name := range boards {
		var b Board
		mustDecode(name, &b)
		all.boards = append(all.boards, b)
	}
	for _, name := range []string{"printers.toml", "keymaps.toml", "protocols.toml", "frames.toml"} {
		mustDecode(name, &all.Catalogue)
	}
	mustDecode("legend.toml", &all.legend)
	return all
})

func mustDecode(name string, into any) {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("config: reading embedded %s: %v", name, err))
	}
	if err := tomlfile.Read(name, data, into, nil).Err(); err != nil {
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
