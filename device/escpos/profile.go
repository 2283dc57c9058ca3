package escpos

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"eliminacode/device"
)

// MaxSlipBytes is the most that one ticket may take on the wire: half a second
// at 9600 baud, and an eighth of a usual receive buffer.
const MaxSlipBytes = 512

// A Profile says how one model of printer differs from the others. It is plain
// data: the settings of a box fill it, nothing here reads a file.
type Profile struct {
	// Name identifies the profile, such as "epson-generic".
	Name string

	// Columns is how many characters of font A (12 dots) fit a line: 48 on
	// 80 mm paper, 42 on 180 dpi heads, 32 on 58 mm paper.
	Columns int
	// ColumnsB is the same for font B (9 dots); 0 when the printer has none.
	ColumnsB int
	// HeadDots is the width of the print head, such as 576 or 384.
	HeadDots int

	// CodePage is one of CP437, CP850, CP852, CP858, CP1252, ISO8859-15.
	CodePage string
	// CodePageN is the n of ESC t n that selects it on this model.
	CodePageN byte
	// SecondPage is a page for letters that the first one lacks, such as CP852
	// for Slovene ones beside Italian; the encoder changes over for each run of
	// them. Empty when there is none: they are then transliterated.
	SecondPage string
	// SecondPageN is the n of ESC t n that selects it.
	SecondPageN byte

	// Begin is said at the beginning of each ticket, behind ESC @: what that
	// leaves to a switch or to the memory of the printer, such as FS . for one
	// that may wake with a double-byte table, ESC R 0 for the plain characters of
	// ASCII, and GS L 0 0 for no margin.
	Begin []byte
	// LargestSize is by how much characters may be enlarged at most, 1 to 8.
	LargestSize int

	// Acks are the ways in which the printer may confirm a ticket, best first.
	// The first one that it answers when the line is opened is used.
	Acks []device.Rung
	// StrictFixedBits: real-time answers have bits 1 and 4 set and bits 0 and
	// 7 clear, as Epson says. False accepts models that leave them clear.
	StrictFixedBits bool
	// ASB: the printer reports changes by itself after GS a.
	ASB bool
	// FullStatus: the printer answers DLE EOT 20 with six bytes (Custom,
	// Pyramid).
	FullStatus bool
	// NearEndSensor: the roll has a sensor for paper that runs low. Without
	// one its bits are ignored, because they float.
	NearEndSensor bool

	// Identity is how the printer says what it is after GS I.
	Identity Identity

	// NativeQR: the printer draws QR codes itself. Without it the content is
	// printed as text, because a picture would take seconds on a serial line.
	NativeQR bool
	// Logo is how the printer stores and prints a picture of its own memory.
	Logo LogoDialect

	// FeedBeforeCutDots is fed before Cut, for a cutter that sits behind the
	// head and whose cut command does not feed by itself.
	FeedBeforeCutDots int
	// CutterGapDots is the way from head to knife. A cut command that feeds by
	// itself (GS V 65, 66 and their kin) moves the paper by it.
	CutterGapDots int
	// Cut is the command that cuts, such as GS V 66 0. Empty means that there
	// is no cutter and the paper is torn by hand, unless PresentCuts.
	Cut []byte

	// PresentSteps moves the cut ticket out of the mouth with GS e 3 n. The
	// length of a step differs by model: 0.6 mm on a KPM210, 6.5 mm on a
	// KPM216H, 7 mm on a Reliance. 0 when there is no presenter.
	PresentSteps int
	// PresentCuts: GS e 3 cuts before it presents (VKP80, Reliance).
	PresentCuts bool
	// ClearMouth is the command that takes away a ticket that nobody took. On
	// most models GS e 2 retracts it, where the option is fitted and switched
	// on, and GS e 5 ejects it; on TPTCM the same numbers start a motor.
	ClearMouth []byte
	// ClearMouthSeconds is how long a ticket may hang in the mouth before
	// ClearMouth is sent. 0 leaves it there.
	ClearMouthSeconds int
	// NextPushes: the printer itself ejects or retracts a ticket in the mouth
	// when the next one comes, so that a slip need not wait for it.
	NextPushes bool

	// BufferBytes is the size of the receive buffer, 0 when not known. A slip
	// that does not fit it is refused.
	BufferBytes int
	// SettleMillis is how long the slowest ticket takes from its first byte to
	// the cut. Only rung "clean" and a raw printer's next ticket wait for it,
	// having nothing better.
	SettleMillis int

	// Raw, if set, is all that is known of a printer that never answers, or
	// speaks another language. Acks are then empty, and only Name, Columns,
	// CodePage, BufferBytes and SettleMillis count beside it.
	Raw *Raw
}

// A Raw is a ticket in a printer's own words. Each line of text is followed by
// LineEnd; the number's line stands between BeforeNumber and AfterNumber.
type Raw struct {
	Begin, BeforeNumber, AfterNumber, LineEnd, End []byte
}

// An Identity is a way of answering GS I.
type Identity string

// The ways. Neither is trusted: clones say that they are what they are not.
const (
	IdentityNone Identity = ""     // does not answer
	IdentityText Identity = "text" // 5F text 00 for maker, model and firmware (Epson)
	IdentityByte Identity = "byte" // one byte that stands for the model (Custom)
)

// A LogoDialect is a way of keeping a picture in the printer.
type LogoDialect string

// The dialects.
const (
	LogoNone LogoDialect = ""
	LogoGSL  LogoDialect = "gs-l" // GS ( L functions 67 and 69, under a key
	LogoFSP  LogoDialect = "fs-p" // FS q and FS p, by number; older, and obsolete at Epson
)

// Generic is a plain 80 mm printer with Epson's commands and no process id.
func Generic() Profile {
	return Profile{
		Name:            "epson-generic",
		Columns:         48,
		ColumnsB:        64,
		HeadDots:        576,
		CodePage:        "CP858",
		CodePageN:       19,
		SecondPage:      "CP852",
		SecondPageN:     18,
		Begin:           []byte{fs, '.', esc, 'R', 0, gs, 'L', 0, 0},
		LargestSize:     8,
		Acks:            []device.Rung{device.RungExecuted, device.RungClean},
		StrictFixedBits: true,
		ASB:             true,
		NearEndSensor:   true,
		Identity:        IdentityText,
		NativeQR:        true,
		Logo:            LogoFSP,
		Cut:             []byte{gs, 'V', 66, 0},
		CutterGapDots:   96,
		BufferBytes:     4096,
		SettleMillis:    2500,
	}
}

// GenericProcessID is an 80 mm printer that confirms a ticket by its id.
func GenericProcessID() Profile {
	p := Generic()
	p.Name = "epson-process-id"
	p.Acks = []device.Rung{device.RungProcessID, device.RungExecuted}
	p.Logo = LogoGSL
	return p
}

// Generic58 is a plain 58 mm printer.
func Generic58() Profile {
	p := Generic()
	p.Name = "generic-58"
	p.Columns, p.ColumnsB, p.HeadDots = 32, 42, 384
	p.Logo, p.SecondPage, p.SecondPageN = LogoNone, "", 0
	return p
}

// Validate returns every fault of the profile at once, joined, or nil.
func (p Profile) Validate() error {
	f := faults{name: p.Name}
	f.add(p.Name == "", "has no name")
	f.add(p.Columns < 16 || p.Columns > 80, "columns must be from 16 to 80, not %d", p.Columns)
	f.add(codePages[p.CodePage] == nil, "code page must be one of %s, not %q", strings.Join(CodePages(), ", "), p.CodePage)
	f.add(p.SecondPage != "" && (codePages[p.SecondPage] == nil || p.Raw != nil),
		"second code page must be empty or one of %s, and empty when raw, not %q", strings.Join(CodePages(), ", "), p.SecondPage)
	f.add(p.BufferBytes < 0, "buffer must not be negative")
	f.add(p.SettleMillis < 0 || p.SettleMillis > 30_000,
		"settle time must be from 0 to 30000 ms, not %d", p.SettleMillis)
	if p.Raw != nil {
		f.raw(p)
	} else {
		f.layout(p)
		f.acks(p)
		f.presenter(p)
	}
	return errors.Join(f.found...)
}

// faults gathers what is wrong with a profile.
type faults struct {
	name  string
	found []error
}

func (f *faults) add(wrong bool, format string, args ...any) {
	if wrong {
		f.found = append(f.found, fmt.Errorf("profile %q: "+format, append([]any{f.name}, args...)...))
	}
}

func (f *faults) layout(p Profile) {
	f.add(p.ColumnsB != 0 && (p.ColumnsB < p.Columns || p.ColumnsB > 120),
		"font B columns must be 0 or from %d to 120, not %d", p.Columns, p.ColumnsB)
	f.add(p.HeadDots < 192 || p.HeadDots > 1280, "head dots must be from 192 to 1280, not %d", p.HeadDots)
	f.add(len(p.Begin) > maxTemplate, "commands at the beginning must have at most %d bytes, not %d", maxTemplate, len(p.Begin))
	// Another command follows: its first byte must not complete one.
	f.add(realTimeAt(p.Begin) >= 0 || bytes.HasSuffix(p.Begin, []byte{dle}),
		"commands at the beginning must neither contain a real-time command nor end in 10")
	f.add(p.LargestSize < 1 || p.LargestSize > 8, "characters must be enlarged from 1 to 8 times at most, not %d", p.LargestSize)
	f.add(p.FeedBeforeCutDots < 0 || p.FeedBeforeCutDots > 1000,
		"feed before cut must be from 0 to 1000 dots, not %d", p.FeedBeforeCutDots)
	f.add(p.CutterGapDots < 0 || p.CutterGapDots > 1000, "cutter gap must be from 0 to 1000 dots, not %d", p.CutterGapDots)
	f.add(len(p.Cut) > maxTemplate, "cut command must have at most %d bytes, not %d", maxTemplate, len(p.Cut))
	f.add(realTimeAt(p.Cut) >= 0, "cut command must not contain a real-time command")
	f.add(!slices.Contains([]LogoDialect{LogoNone, LogoGSL, LogoFSP}, p.Logo), "knows no logo dialect %q; use gs-l or fs-p", p.Logo)
	f.add(!slices.Contains([]Identity{IdentityNone, IdentityText, IdentityByte}, p.Identity), "knows no identity %q; use text or byte", p.Identity)
}

func (f *faults) acks(p Profile) {
	f.add(len(p.Acks) == 0, "allows no way to confirm a ticket; name process-id, executed or clean")
	for i, rung := range p.Acks {
		f.add(rungOrder(rung) < 0, "knows no rung %q; use process-id, executed or clean", rung)
		f.add(i > 0 && rungOrder(rung) <= rungOrder(p.Acks[i-1]), "rungs must stand best first, each once")
	}
	f.add(p.SettleMillis == 0 && slices.Contains(p.Acks, device.RungClean),
		"rung clean needs a settle time in ms, such as 2500")
}

func (f *faults) presenter(p Profile) {
	f.add(p.PresentSteps < 0 || p.PresentSteps > 255, "present steps must be from 0 to 255, not %d", p.PresentSteps)
	f.add(p.PresentCuts && p.PresentSteps == 0, "cuts by presenting, but presents no steps")
	f.add(p.PresentCuts && len(p.Cut) > 0, "cuts by presenting, so it must not have a cut command too")
	f.add(len(p.ClearMouth) > maxTemplate, "command that clears the mouth must have at most %d bytes, not %d", maxTemplate, len(p.ClearMouth))
	f.add(realTimeAt(p.ClearMouth) >= 0, "command that clears the mouth must not contain a real-time command")
	f.add(p.ClearMouthSeconds < 0 || p.ClearMouthSeconds > 3600,
		"seconds until the mouth is cleared must be from 0 to 3600, not %d", p.ClearMouthSeconds)
	f.add(p.ClearMouthSeconds > 0 && (len(p.ClearMouth) == 0 || !p.FullStatus),
		"clears the mouth only with a command for it and the full status, which shows the ticket")
	f.add(p.FullStatus && p.PresentSteps > 0 && !p.NextPushes && p.ClearMouthSeconds == 0,
		"would wait for ever for a ticket in the mouth; allow the next one to push it out, or clear it after some seconds")
}

func (f *faults) raw(p Profile) {
	f.add(len(p.Acks) > 0, "is raw and can confirm nothing; name no rung")
	f.add(p.SettleMillis == 0, "is raw and needs a settle time in ms between two tickets, such as 4000")
	for _, part := range []struct {
		name  string
		bytes []byte
	}{
		{"begin", p.Raw.Begin}, {"before-number", p.Raw.BeforeNumber}, {"after-number", p.Raw.AfterNumber},
		{"line-end", p.Raw.LineEnd}, {"end", p.Raw.End},
	} {
		f.add(len(part.bytes) > maxTemplate, "raw %s must have at most %d bytes, not %d", part.name, maxTemplate, len(part.bytes))
		// Another part may follow: its first byte must not complete a command.
		f.add(realTimeAt(part.bytes) >= 0 || bytes.HasSuffix(part.bytes, []byte{dle}),
			"raw %s must neither contain a real-time command nor end in 10", part.name)
	}
	f.add(len(p.Raw.LineEnd) == 0, "raw line-end must not be empty; 0A ends a line on most printers")
}

// maxTemplate bounds the bytes of a command that is data.
const maxTemplate = 16

// cutFeeds reports whether the cut command moves the paper to the knife.
func (p *Profile) cutFeeds() bool {
	return len(p.Cut) >= 4 && p.Cut[0] == gs && p.Cut[1] == 'V' && slices.Contains([]byte{65, 66, 97, 98, 103, 104}, p.Cut[2])
}

func rungOrder(r device.Rung) int {
	return slices.Index([]device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}, r)
}
