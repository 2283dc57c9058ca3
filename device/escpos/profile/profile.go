// Package profile says how one model of ticket printer differs from the others:
// the one description of a printer, which the driver, the settings of a box and
// the simulated printer use alike, with one judgement of what it may say.
//
// It is plain data and pure functions: nothing here reads a file or knows a
// printer that is plugged in. The tags are the keys of a [[profile]] of the
// settings, which example.toml explains.
package profile

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"

	"eliminacode/device"
	"eliminacode/device/setting"
)

// A Profile is what must be known of a model of printer to speak to it.
type Profile struct {
	setting.Named

	Columns  int `toml:"columns"`   // characters of font A (12 dots) in a line: 48 on 80 mm paper, 32 on 58 mm
	ColumnsB int `toml:"columns-b"` // characters of font B (9 dots); 0: the printer has none
	HeadDots int `toml:"head-dots"` // printable width, 8 dots/mm on most heads

	// CodePage is the table of characters, a name of CodePages, and CodePageNumber
	// the n of ESC t that selects it on this model.
	CodePage       string `toml:"code-page"`
	CodePageNumber int    `toml:"code-page-number"`
	// SecondCodePage has letters that the first lacks, such as Slovene ones beside
	// Italian: the driver changes over for each run of them. Empty: they are
	// transliterated.
	SecondCodePage       string `toml:"second-code-page"`
	SecondCodePageNumber int    `toml:"second-code-page-number"`
	// Begin is said at the beginning of each ticket, behind ESC @: what that leaves
	// to a switch or to the memory of the printer, such as FS . for one that may
	// wake with a double-byte table, ESC R 0 for the plain characters of ASCII, and
	// GS L 0 0 for no margin.
	Begin       Hex `toml:"begin"`
	LargestSize int `toml:"largest-size"` // by how much characters may be enlarged at most, 1 to 8

	// Ack are the ways in which the printer may confirm a ticket, best first. The
	// first one that it answers when the line is opened is used.
	Ack []device.Rung `toml:"ack"`
	// StrictStatusBits: real-time answers have bits 1 and 4 set and bits 0 and 7
	// clear, as Epson says; off for models that leave them clear.
	StrictStatusBits bool `toml:"strict-status-bits"`
	FullStatus       bool `toml:"full-status"`      // answers DLE EOT 20 with six bytes (Custom, Pyramid)
	AutomaticStatus  bool `toml:"automatic-status"` // reports changes by itself after GS a
	// SettleMs is how long the slowest ticket takes from its first byte to the cut.
	// Only rung "clean" and a raw printer's next ticket wait for it, having nothing
	// better.
	SettleMs int `toml:"settle-ms"`

	// Cut is the command that cuts. Empty: the paper is torn by hand, unless
	// PresentCuts.
	Cut Hex `toml:"cut"`
	// FeedBeforeCutDots brings the last line past a cutter that sits behind the
	// head, where the cut command does not do so by itself.
	FeedBeforeCutDots int `toml:"feed-before-cut-dots"`
	// CutterGapDots is the way from head to knife: the paper that a cut command
	// moves which feeds by itself.
	CutterGapDots int `toml:"cutter-gap-dots"`

	// PresentSteps moves the cut ticket out of the mouth with GS e 3 n. The length
	// of a step differs by model: 0.6 mm on a KPM210, 6.5 mm on a KPM216H, 7 mm on
	// a Reliance. 0: no presenter.
	PresentSteps int  `toml:"present-steps"`
	PresentCuts  bool `toml:"present-cuts"` // GS e 3 n cuts by itself (VKP80, Reliance)
	// NextPushes: the printer itself ejects or retracts a ticket in the mouth when
	// the next one comes, so that a slip need not wait for it.
	NextPushes bool `toml:"next-pushes"`
	// ClearMouth takes away a ticket that nobody took. On most models GS e 2
	// retracts it, where the option is fitted and switched on, and GS e 5 ejects
	// it; on TPTCM the same numbers start a motor. ClearMouthAfterS are the seconds
	// until then; 0: it may hang there for ever.
	ClearMouth       Hex `toml:"clear-mouth"`
	ClearMouthAfterS int `toml:"clear-mouth-after-s"`

	BufferBytes   int  `toml:"buffer-bytes"`    // receive buffer; a slip that does not fit it is refused
	NearEndSensor bool `toml:"near-end-sensor"` // whether "paper low" can be believed: without one its bits float
	// NativeQR: draws QR codes by itself. Without it the content is printed as text,
	// because a picture would take seconds on a serial line.
	NativeQR bool         `toml:"native-qr"`
	Logo     Logo         `toml:"logo"`
	Identity Identity     `toml:"identity"`
	Baud     int          `toml:"baud"` // as it leaves the factory
	Flow     setting.Flow `toml:"flow"`

	Raw Raw `toml:"raw"`
}

// A Raw is a ticket in the own words of a printer that never answers or speaks
// another language: lines of text that each end in LineEnd, the number's between
// two of its own. It is in force when LineEnd is not empty; then Ack means
// nothing, and only Columns, CodePage, BufferBytes and SettleMs count beside it.
type Raw struct {
	Begin        Hex `toml:"begin"`
	BeforeNumber Hex `toml:"before-number"`
	AfterNumber  Hex `toml:"after-number"`
	LineEnd      Hex `toml:"line-end"`
	End          Hex `toml:"end"`
}

// IsRaw reports whether Raw is in force.
func (p *Profile) IsRaw() bool { return p.Raw.LineEnd != "" }

// Acks reports whether the printer may confirm a ticket in this way.
func (p *Profile) Acks(rung device.Rung) bool { return !p.IsRaw() && slices.Contains(p.Ack, rung) }

// A Logo is a way of keeping a picture in the printer.
type Logo string

// The ways.
const (
	LogoNone Logo = "none"
	LogoGSL  Logo = "gs-l" // GS ( L functions 67 and 69, under a key
	LogoFSP  Logo = "fs-p" // FS q and FS p, by number; older, and obsolete at Epson
)

// An Identity is a way of answering GS I. None is trusted: clones say that they
// are what they are not.
type Identity string

// The ways.
const (
	IdentityNone Identity = "none" // does not answer
	IdentityText Identity = "text" // 5F text 00 for maker, model and firmware (Epson)
	IdentityByte Identity = "byte" // one byte that stands for the model (Custom)
)

// A Hex is bytes as people write them, such as "1D 56 42 00".
type Hex string

// Decode fails where h is not pairs of hexadecimal digits.
func (h Hex) Decode() ([]byte, error) {
	return hex.DecodeString(strings.Join(strings.Fields(string(h)), ""))
}

// Bytes are those of a Hex that a profile without faults has.
func (h Hex) Bytes() []byte {
	b, _ := h.Decode()
	return b
}

// RealTimeAt is the index of the first command in b that a printer executes the
// moment it arrives, even inside the data of another one (DLE EOT, DLE ENQ, DLE
// DC4), or -1.
func RealTimeAt(b []byte) int {
	for i := range len(b) - 1 {
		if b[i] == 0x10 && bytes.IndexByte([]byte{0x04, 0x05, 0x14}, b[i+1]) >= 0 {
			return i
		}
	}
	return -1
}

// SetDefaults makes what a profile leaves out that of Generic.
func (p *Profile) SetDefaults() {
	*p = Generic()
	p.Name = ""
}

// Generic is an 80 mm printer with cutter as most makes have it.
func Generic() Profile {
	return Profile{
		Named: setting.Named{Name: "generic-80"}, Columns: 48, ColumnsB: 64, HeadDots: 576,
		CodePage: "CP858", CodePageNumber: 19, SecondCodePage: "CP852", SecondCodePageNumber: 18,
		Begin: "1C 2E 1B 52 00 1D 4C 00 00", LargestSize: 8,
		Ack: []device.Rung{device.RungExecuted, device.RungClean}, StrictStatusBits: true, AutomaticStatus: true,
		SettleMs: 2500, Cut: "1D 56 42 10", CutterGapDots: 96, BufferBytes: 4096, NearEndSensor: true, NativeQR: true,
		Logo: LogoFSP, Identity: IdentityText, Baud: 19200, Flow: setting.FlowNone,
	}
}

// GenericProcessID is an 80 mm printer that says when a job is on paper.
func GenericProcessID() Profile {
	p := Generic()
	p.Name, p.Logo, p.Baud = "generic-80-process-id", LogoGSL, 38400
	p.Ack = []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	return p
}
