package printer

import (
	"bytes"
	"time"
)

// A Cell is the size of a character in dots.
type Cell struct{ Width, Height int }

// A Model is what must be known of a printer to be one: one for each shipped
// profile, so that a test can pair the profile with its device. The sources are
// the makers' command manuals; where they are silent the Model says so.
type Model struct {
	Name string // of the shipped profile that goes with it

	// What GS I answers: one byte each (0: not known to this model), and texts.
	ModelID, TypeID, ROMID        byte
	Maker, Type, Serial, Firmware string

	HeadDots    int     // printable width, 8 dots a millimetre
	PaperDots   int     // width of the roll
	FontA       Cell    //
	FontB       Cell    // zero: has none
	Smooth      bool    // enlarges characters smoothly by itself
	MMPerSecond float64 // of the paper
	BufferBytes int     // receive buffer
	BootTime    time.Duration

	LargestSize int // by how much characters are enlarged at most; 0: 8
	// DoubleByte: has a table of Chinese characters, which FS & and FS . switch on
	// and off.
	DoubleByte bool
	Wakes      Waking // how ESC @ leaves it

	Cutter        bool // else a tear bar
	CutterGapDots int  // way from the head to the knife or bar
	// EscI and EscM are what ESC i and ESC m do, which makers swap; empty: the
	// command is not known.
	EscI, EscM Edge

	EjectorStepMM float64 // one step of GS e 3 and 20; 0: no presenter, no GS e
	PresentCuts   bool    // GS e 3 and 20 cut first
	Retracts      bool    // an abandoned ticket can be drawn back in

	ProcessID     bool   // knows GS ( H
	Transmit      []byte // operands of GS r that it answers; none: not known
	ASB           bool   // knows GS a
	InitStopsASB  bool   // ESC @ switches automatic status off
	QR            bool   // knows GS ( k
	NearEndSensor bool
	LooseBits     bool // leaves the fixed bits of real-time answers clear
	FullStatus    bool // answers DLE EOT 17 and 20
	Custom        bool // has fewer code pages
	Silent        bool // never answers anything

	textOnly bool // of the Config
}

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

// Models are those of the shipped profiles, in the catalogue's order.
func Models() []Model {
	return []Model{
		ModelGenericProcessID(), ModelGeneric(), ModelGeneric58(),
		ModelVKP80(), ModelTG2480(), ModelKPM(), ModelRaw(),
	}
}

// ModelFor is the device that goes with a shipped profile.
func ModelFor(profile string) (Model, bool) {
	for _, m := range Models() {
		if m.Name == profile {
			return m, true
		}
	}
	return Model{}, false
}

// ModelGenericProcessID is an 80 mm printer that says when a job is on paper.
func ModelGenericProcessID() Model {
	m := ModelGeneric()
	m.Name, m.ProcessID, m.InitStopsASB = "generic-80-process-id", true, false
	return m
}

// ModelGeneric is an 80 mm printer with cutter as most makes have it.
func ModelGeneric() Model {
	return Model{
		Name:    "generic-80",
		ModelID: 0x20, TypeID: 0x02, ROMID: 0x20,
		Maker: "ELIMINACODE", Type: "VIRTUAL-80", Serial: "0000042", Firmware: "1.00 SIM",
		HeadDots: 576, PaperDots: 640, FontA: Cell{12, 24}, FontB: Cell{9, 17}, Smooth: true,
		MMPerSecond: 150, BufferBytes: 4096, BootTime: 1500 * time.Millisecond,
		DoubleByte: true, Cutter: true, CutterGapDots: 96, EscI: EdgePartial, EscM: EdgePartial,
		Transmit: []byte{1, 2, '1', '2'}, ASB: true, InitStopsASB: true, QR: true, NearEndSensor: true,
	}
}

// ModelGeneric58 is a 58 mm printer with a tear bar: no cutter, no near-end
// sensor, no QR codes, and answers whose fixed bits cannot be trusted.
func ModelGeneric58() Model {
	m := ModelGeneric()
	m.Name, m.Type = "generic-58", "VIRTUAL-58"
	m.HeadDots, m.PaperDots, m.Smooth = 384, 464, false
	m.MMPerSecond, m.BufferBytes = 70, 512
	m.TypeID, m.Cutter, m.EscI, m.EscM = 0x20, false, "", ""
	m.Transmit, m.ASB, m.QR, m.NearEndSensor, m.LooseBits = nil, false, false, false, true
	return m
}

// custom is what the kiosk printers of Custom share. They answer GS r only for
// 1 and 49, and cut with ESC i in whole.
func custom() Model {
	m := ModelGeneric()
	m.Maker, m.ModelID, m.BootTime, m.DoubleByte = "CUSTOM", 0, 3*time.Second, false
	m.EscI, m.EscM = EdgeCut, EdgePartial
	m.Transmit, m.FullStatus, m.Custom = []byte{1, '1'}, true, true
	return m
}

// ModelVKP80 is a Custom VKP80II: cutter, presenter, retraction. No source gives
// the length of its step; seven millimetres is that of the Reliance, its look-alike.
func ModelVKP80() Model {
	m := custom()
	m.Name, m.Type, m.ModelID = "custom-vkp80", "VKP80II", 0x5d
	m.HeadDots, m.PaperDots, m.FontA, m.FontB = 640, 656, Cell{14, 24}, Cell{10, 24}
	m.EjectorStepMM, m.PresentCuts, m.Retracts = 7, true, true
	return m
}

// ModelTG2480 is a Custom TG2480 or TG02H: 60 mm, cutter, one font.
func ModelTG2480() Model {
	m := custom()
	m.Name, m.Type = "custom-tg2480", "TG02H"
	m.HeadDots, m.PaperDots, m.FontA, m.FontB = 448, 480, Cell{10, 24}, Cell{}
	m.QR, m.NearEndSensor = false, false
	return m
}

// ModelKPM is a Custom KPM with ejector: 24 mm from head to knife, steps of
// 0.625 mm.
func ModelKPM() Model {
	m := custom()
	m.Name, m.Type = "custom-kpm", "KPM216"
	m.HeadDots, m.PaperDots, m.FontA, m.FontB = 640, 656, Cell{13, 24}, Cell{10, 24}
	m.CutterGapDots, m.EjectorStepMM, m.Retracts, m.QR = 192, 0.625, true, false
	return m
}

// ModelReliance is a Pyramid Reliance, which no shipped profile names: like
// Custom's, with ESC i and ESC m swapped and the fixed bits of its real-time
// answers clear.
func ModelReliance() Model {
	m := ModelVKP80()
	m.Name, m.Maker, m.Type, m.ModelID = "pyramid-reliance", "PYRAMID", "RELIANCE", 0
	m.EscI, m.EscM, m.LooseBits = EdgePartial, EdgeCut, true
	return m
}

// ModelRaw is a printer that only listens.
func ModelRaw() Model {
	m := ModelGeneric58()
	m.Name, m.BufferBytes, m.Silent = "raw", 512, true
	return m
}

// answers reports whether GS r n is one that the model knows.
func (m *Model) answers(n byte) bool { return bytes.IndexByte(m.Transmit, n) >= 0 }
