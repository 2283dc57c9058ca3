package config

import (
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

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

// A Profile is what must be known of a model of printer to speak to it.
type Profile struct {
	Name     string `toml:"name"`
	Note     string `toml:"note"`      // which printers, for the technician
	Columns  int    `toml:"columns"`   // characters of font A in a line
	ColumnsB int    `toml:"columns-b"` // characters of font B; 0: the printer has none
	HeadDots int    `toml:"head-dots"` // printable width, 8 dots/mm on most heads
	// CodePage is the table of characters, and CodePageNumber the n of ESC t
	// that selects it on this model.
	CodePage       string `toml:"code-page"`
	CodePageNumber int    `toml:"code-page-number"`
	// SecondCodePage has letters that the first lacks, such as Slovene ones
	// beside Italian; empty: they are transliterated.
	SecondCodePage       string `toml:"second-code-page"`
	SecondCodePageNumber int    `toml:"second-code-page-number"`
	// Begin are the bytes at the beginning of each ticket, in hexadecimal: they
	// undo what ESC @ leaves to a switch or to the printer's memory.
	Begin       string `toml:"begin"`
	LargestSize int    `toml:"largest-size"` // by how much characters may be enlarged at most
	// Ack are the rungs of "printed" to try, best first: process-id, executed,
	// clean.
	Ack []string `toml:"ack"`
	// StrictStatusBits: its DLE EOT answers have the fixed bits set as Epson
	// says; off for models that leave them clear.
	StrictStatusBits bool `toml:"strict-status-bits"`
	FullStatus       bool `toml:"full-status"`      // answers DLE EOT 20 with six bytes (Custom, Pyramid)
	AutomaticStatus  bool `toml:"automatic-status"` // reports changes by itself after GS a
	SettleMs         int  `toml:"settle-ms"`        // the slowest ticket, from first byte to cut; rung clean waits so long
	// Cut are the bytes that cut, in hexadecimal; empty for a tear bar, or when
	// presenting cuts.
	Cut string `toml:"cut"`
	// FeedBeforeCutDots brings the last line past the cutter, where the cut
	// command does not do so by itself.
	FeedBeforeCutDots int `toml:"feed-before-cut-dots"`
	// CutterGapDots is the way from head to knife: the paper that a cut command
	// moves which feeds by itself.
	CutterGapDots int  `toml:"cutter-gap-dots"`
	PresentSteps  int  `toml:"present-steps"` // GS e 3 n after the cut; 0: no presenter
	PresentCuts   bool `toml:"present-cuts"`  // GS e 3 n cuts by itself
	// NextPushes: the printer clears its mouth by itself when the next ticket
	// comes, so that it need not wait.
	NextPushes bool `toml:"next-pushes"`
	// ClearMouth are the bytes that retract or eject a ticket which nobody
	// takes, in hexadecimal, and ClearMouthAfter the seconds until then; 0: it
	// may hang there for ever.
	ClearMouth      string `toml:"clear-mouth"`
	ClearMouthAfter int    `toml:"clear-mouth-after-s"`
	BufferBytes     int    `toml:"buffer-bytes"`    // receive buffer
	NearEndSensor   bool   `toml:"near-end-sensor"` // whether "paper low" can be believed
	NativeQR        bool   `toml:"native-qr"`       // draws QR codes by itself
	Logo            string `toml:"logo"`            // how it keeps a picture: gs-l, fs-p or none
	Identity        string `toml:"identity"`        // how it answers GS I: text, byte or none
	Baud            int    `toml:"baud"`            // as it leaves the factory
	Flow            string `toml:"flow"`            // none, xonxoff, rtscts or dtrdsr
	// Raw are the words of a printer that never answers or speaks another
	// language. It is in force when its LineEnd is not empty.
	Raw Raw `toml:"raw"`
}

// A Raw is a ticket in a printer's own bytes, in hexadecimal: lines of text
// that each end in LineEnd, the number's between two of its own.
type Raw struct {
	Begin        string `toml:"begin"`
	BeforeNumber string `toml:"before-number"`
	AfterNumber  string `toml:"after-number"`
	LineEnd      string `toml:"line-end"`
	End          string `toml:"end"`
}

// IsRaw reports whether Raw is in force.
func (p Profile) IsRaw() bool { return p.Raw.LineEnd != "" }

// SetDefaults makes what a profile leaves out that of generic-80.
func (p *Profile) SetDefaults() {
	*p = Profile{
		Columns: 48, ColumnsB: 64, HeadDots: 576, CodePage: "CP858", CodePageNumber: 19,
		SecondCodePage: "CP852", SecondCodePageNumber: 18, Begin: "1C 2E 1B 52 00 1D 4C 00 00", LargestSize: 8,
		Ack: []string{"executed", "clean"}, StrictStatusBits: true, AutomaticStatus: true, SettleMs: 2500,
		Cut: "1D 56 42 10", CutterGapDots: 96, BufferBytes: 4096, NearEndSensor: true, NativeQR: true,
		Logo: "fs-p", Identity: "text", Baud: 19200, Flow: "none",
	}
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
	profiles []Profile
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
		Profiles []Profile `toml:"profile"`
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
func BuiltInProfiles() []Profile { return slices.Clone(builtIn().profiles) }

// BuiltInKeymaps are the keymaps that need no settings.
func BuiltInKeymaps() []Keymap { return slices.Clone(builtIn().keymaps) }
