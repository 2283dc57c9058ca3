// Package device says what hardware the box has, on one screen.
//
// It owns the words that drivers and the rest of the house share: five small
// interfaces, the values that cross them, and the errors that mean something.
// It never opens anything, never starts a goroutine, and knows nothing of
// queues: a press is a press, not yet a ticket.
//
// Drivers live in the folders below (escpos, serial, gpio, keypad); the same
// devices without hardware live in device/sim; the contract that all of them
// pass is device/devicetest. device/bridge is the only user.
package device

import (
	"context"
	"time"
)

// A Printer turns slips into paper, one at a time.
type Printer interface {
	// Run keeps the printer connected and its status fresh until ctx ends.
	// A lost printer is a Status, never a return.
	Run(ctx context.Context) error

	// Print sends one slip and waits for what became of it, at most until ctx
	// ends. A nil error means the printer said it is on paper. An error that
	// Is ErrNotPrinted means that no readable slip left the printer; one that
	// Is ErrUnknownOutcome means that nobody can know. Print never sends a
	// slip twice. A call while another one is under way waits for its turn.
	Print(ctx context.Context, slip Slip) (Receipt, error)

	// Status is the newest known state. It never blocks.
	Status() Status
	// Watch is Status, and a channel that is closed when its State or its
	// Faults are others.
	Watch() (Status, <-chan struct{})
}

// Buttons are the push buttons that citizens press.
type Buttons interface {
	// Run reports each accepted press by calling press, once per press and
	// never two at a time, until ctx ends. The driver removes contact bounce;
	// how often a person may press is not its business.
	Run(ctx context.Context, press func(Press)) error
	// Status is the newest known state. It never blocks.
	Status() Status
}

// Keypads are the clerks' numeric keypads, each bound to a name.
type Keypads interface {
	// Run reports each key as it goes down, never two at a time, until ctx
	// ends. Autorepeat and releases are dropped by the driver.
	Run(ctx context.Context, key func(Key)) error
	// Status has one entry for each keypad, in the order of the settings.
	Status() []Status
}

// Lamps are the lights and beepers beside buttons and keypads.
type Lamps interface {
	// Run keeps the lamps lit as Show says until ctx ends, then darkens them: a
	// lamp that stays lit would promise a ticket that nobody gives. A lost lamp
	// is a Status, never a return.
	Run(ctx context.Context) error
	// Show sets what a lamp shows. LightBeep and LightError pass by themselves
	// and leave what was there before. It never blocks; an unknown lamp is an
	// error that Is ErrNoLamp, a lost one a status.
	Show(lamp string, light Light) error
	// Status has one entry for each lamp, in the order of the settings.
	Status() []Status
}

// Panels are numeric displays that show the last call without a browser.
type Panels interface {
	// Run keeps the panels' lines open until ctx ends. A lost panel is a
	// Status, never a return.
	Run(ctx context.Context) error
	// Show puts a text on a panel, such as "A042" or "A042 3"; the newest text
	// wins, and it is sent again when a lost panel comes back. The text that is
	// there already is shown anew, blinking where the panel can: a recall. It
	// never blocks. An unknown panel is an error that Is ErrNoPanel.
	Show(panel, text string) error
	// Status has one entry for each panel, in the order of the settings.
	Status() []Status
}

// A Light is what a lamp can say.
type Light uint8

// The lights. Blinking patterns belong to the driver.
const (
	LightOff   Light = iota // closed
	LightReady              // press and you get a ticket
	LightBusy               // wait a moment
	LightFault              // out of paper or out of service
	LightBeep               // one short beep or flash, then as before
	LightError              // one different beep: refused
)

// A Press is one accepted push of a button.
type Press struct {
	Button string    // the name in the settings, such as "anagrafe"
	At     time.Time // when the contact closed, with monotonic reading

	// Held names the buttons of a technician's grip: two that have been held
	// down together for ten seconds. It comes once, after the presses of both,
	// and asks for no ticket; Button is then empty. Nil for a plain press.
	Held []string
}

// A Key is one key of a keypad going down.
type Key struct {
	Keypad string    // the name in the settings
	Code   KeyCode   // what the key means by the keypad's keymap
	At     time.Time // when it went down, with monotonic reading
}

// A KeyCode is a key by meaning, after the keymap.
type KeyCode string

// The keys that mean something to the office. Digits are "0" to "9".
const (
	KeyNext     KeyCode = "next"
	KeyRecall   KeyCode = "recall"
	KeyNoShow   KeyCode = "no-show"
	KeyStart    KeyCode = "start"
	KeyFinish   KeyCode = "finish"
	KeyTransfer KeyCode = "transfer"
	KeyPause    KeyCode = "pause"
	KeyEnter    KeyCode = "enter"
	KeyClear    KeyCode = "clear"
)

// A Slip is what a printer is asked to put on paper: words only, already in
// the reader's language. How it is laid out is the driver's business: a text
// that is too long for a line is broken at " · " first, which stands between
// two languages. Empty fields take no paper.
type Slip struct {
	Logo    bool     // the picture that an installer stored in the printer
	Header  []string // the body's name, one entry a line
	Date    string   // such as "mar 24 novembre 2026, 10:31"
	Service string   // the service's name
	Caption string   // above the number, such as "Il suo numero"
	Number  string   // printed as big as the paper allows, such as "A042"
	Mark    string   // "RISTAMPA" or "PROVA"; printed reversed
	Facts   []string // people ahead, estimated wait, room
	QR      string   // content of the QR code
	Notes   []string // what happens to who comes late, free text

	// Job is the caller's own name for the slip. A driver hands it back with
	// what it learns of the slip later, and never prints it.
	Job string

	// StartBy is when its first byte must be on the wire at the latest: a slip
	// that has not begun by then has failed (ErrLate) and is never printed.
	// Zero is no limit but that of the call's context.
	StartBy time.Time
}

// A Receipt says how the word "printed" was earned.
type Receipt struct {
	Rung  Rung
	Bytes int           // sent for this slip
	Took  time.Duration // from the first byte to the answer
}

// A Rung is how sure a printer's "printed" is.
type Rung string

// The rungs, best first.
const (
	RungProcessID Rung = "process-id" // the printer echoed the job's id after printing it
	RungExecuted  Rung = "executed"   // it answered a status request placed behind the cut
	RungClean     Rung = "clean"      // its real-time status was clean before and after
	RungNone      Rung = "none"       // it never answers: nobody is told what became of a ticket
)

// A Status is the health of one device, made to be shown.
type Status struct {
	Name   string    // the name in the settings
	State  State     // the one word
	Faults []Fault   // why, worst first; empty when ready
	Seen   time.Time // last sign of life; zero when never
	Detail string    // for the technician: port, identity, last error
	Rung   Rung      // of a printer: how it confirms tickets, once that is known
	Count  Counters  // what it has done since the program started
}

// Counters are what a device has counted since the program started. Those that
// mean nothing to a device stay zero.
type Counters struct {
	Printed int // tickets that the printer confirmed
	Failed  int // tickets known not to be on paper
	Unknown int // tickets of which nobody knows
	PaperMM int // paper moved since the last refill, or the start, in millimetres
	Refills int // times that paper came back after it was low or out
	Presses int // accepted presses, or keys
	Bounces int // changes of a contact that were no press and no release
	Retries int // times that the device was lost and opened again
}

// A State is the one word of a device's health.
type State string

// The states.
const (
	StateReady    State = "ready"    // works
	StateDegraded State = "degraded" // works, but somebody should look: paper low
	StateStopped  State = "stopped"  // answers, but cannot work: paper out, cover open
	StateLost     State = "lost"     // does not answer, or is not there
	StateUnknown  State = "unknown"  // not asked yet
)

// A Fault is a reason for not being ready.
type Fault string

// The faults.
const (
	FaultPaperLow     Fault = "paper-low"
	FaultPaperOut     Fault = "paper-out"
	FaultCoverOpen    Fault = "cover-open"
	FaultCutter       Fault = "cutter"
	FaultHeadHot      Fault = "head-hot"
	FaultTicketInExit Fault = "ticket-in-exit"
	FaultOffline      Fault = "offline"
	FaultError        Fault = "error"
	FaultSilent       Fault = "silent"     // connected, but it does not answer
	FaultUnplugged    Fault = "unplugged"  // the port is not there
	FaultStuck        Fault = "stuck"      // a button that never comes up
	FaultDenied       Fault = "denied"     // no permission
	FaultInUse        Fault = "in-use"     // another program has it
	FaultWriteStuck   Fault = "line-busy"  // flow control holds us back
	FaultMisread      Fault = "misread"    // its answers make no sense: wrong speed or cable
	FaultNotOfKind    Fault = "wrong-path" // the path in the settings is of something else
)
