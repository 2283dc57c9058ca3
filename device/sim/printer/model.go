package printer

import (
	"bytes"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// A Cell is the size of a character in dots.
type Cell struct{ Width, Height int }

// A Model is a printer as its profile says it is, and what the profile leaves
// open because nobody who prints needs to know it. The sources are the makers'
// command manuals; where they are silent the Model says so.
type Model struct {
	profile.Profile

	// What GS I answers: a byte (0: not known to this model), and texts.
	ModelID               byte
	Maker, Type, Firmware string

	PaperDots    int     // width of the roll
	FontA, FontB Cell    // font B is zero when there is none
	Smooth       bool    // enlarges characters smoothly
	MMPerSecond  float64 // of the paper
	BootTime     time.Duration
	// DoubleByte: has a table of Chinese characters, which FS & and FS . switch on
	// and off.
	DoubleByte bool
	Wakes      Waking // how ESC @ leaves it

	// EscI and EscM are what ESC i and ESC m do, which makers swap; empty: the
	// command is not known.
	EscI, EscM    Edge
	EjectorStepMM float64 // one step of GS e 3; 0: no presenter, no GS e
	Retracts      bool    // an abandoned ticket can be drawn back in
	Transmit      []byte  // operands of GS r that it answers; none: not known
	InitStopsASB  bool    // ESC @ switches automatic status off
	Custom        bool    // has fewer code pages

	textOnly bool // of the Config
}

// Cutter reports whether there is a knife; else there is a tear bar, at the same
// place.
func (m Model) Cutter() bool { return !m.IsRaw() && (m.Cut != "" || m.PresentCuts) }

// A Waking is what a printer's switches and memory make of it when it is switched
// on, and again at every ESC @. The zero value is what the manuals call default.
type Waking struct {
	DoubleByte    bool // with its table of Chinese characters
	Country       byte // n of ESC R
	Page          byte // n of ESC t
	FontB         bool
	Width, Height int // enlargement; 0: none
	Left          int // margin in dots
}

// ModelOf is the device that goes with a profile.
func ModelOf(p profile.Profile) Model {
	m := Model{
		Profile: p,
		ModelID: 0x20,
		Maker:   "ELIMINACODE", Type: "VIRTUAL-80", Firmware: "1.00 SIM",
		PaperDots: p.HeadDots + 64, FontA: Cell{p.HeadDots / p.Columns, 24}, Smooth: true,
		MMPerSecond: 150, BootTime: 1500 * time.Millisecond,
		DoubleByte: true, EscI: EdgePartial, EscM: EdgePartial, InitStopsASB: !p.Acks(device.RungProcessID),
	}
	if p.ColumnsB > 0 {
		m.FontB = Cell{p.HeadDots / p.ColumnsB, 17}
	}
	if p.Acks(device.RungExecuted) {
		m.Transmit = []byte{1, 2, '1', '2'}
	}
	if !m.Cutter() {
		// As small ones are: a tear bar, and an enlargement that shows its dots.
		m.Type, m.PaperDots = "VIRTUAL-58", p.HeadDots+80
		m.Smooth, m.MMPerSecond, m.EscI, m.EscM = false, 70, "", ""
	}
	if p.FullStatus {
		m.custom()
	}
	return m
}

// custom is what the kiosk printers of Custom share. They answer GS r only for
// 1 and 49, and cut with ESC i in whole. No source gives the length of the VKP80's
// step; seven millimetres is that of the Reliance, its look-alike.
func (m *Model) custom() {
	m.Maker, m.Type, m.ModelID, m.BootTime, m.DoubleByte = "CUSTOM", "", 0, 3*time.Second, false
	m.EscI, m.EscM, m.Custom, m.PaperDots = EdgeCut, EdgePartial, true, m.HeadDots+16
	if len(m.Transmit) > 0 {
		m.Transmit = []byte{1, '1'}
	}
	if m.FontB.Width > 0 {
		m.FontB.Height = 24
	}
	switch {
	case m.PresentCuts:
		m.Type, m.ModelID, m.EjectorStepMM, m.Retracts = "VKP80II", 0x5d, 7, true
	case m.PresentSteps > 0:
		m.Type, m.EjectorStepMM, m.Retracts = "KPM216", 0.625, true
	default:
		m.Type, m.PaperDots = "TG02H", m.HeadDots+32
	}
}

// answers reports whether GS r n is one that the model knows.
func (m *Model) answers(n byte) bool { return bytes.IndexByte(m.Transmit, n) >= 0 }
