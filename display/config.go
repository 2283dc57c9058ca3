package display

import (
	"context"
	"crypto/tls"
	"log/slog"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/procedure"
	"eliminacode/queue/words"
)

// An Engine is the one place where commands go and states come from.
type Engine interface {
	// Do carries a command out and answers when it is on disk. The state may
	// be nil with an error.
	Do(ctx context.Context, c queue.Command) (*queue.State, []queue.Event, error)
	// Watch is the newest state, and a channel that is closed when there is a
	// newer one.
	Watch() (*queue.State, <-chan struct{})
	Now() queue.Now
}

// Procedures are the catalogue that the reception searches.
type Procedures interface {
	// Catalogue is the one in force, or why there is none.
	Catalogue() (*procedure.Catalogue, error)
	// Replace puts the one of a CSV file in force, once it is on disk; a file with
	// a fault changes nothing and is answered with procedure.Faults.
	// The one that was in force is kept as the earlier one.
	Replace(file []byte) (*procedure.Catalogue, error)
	// Earlier is the one that was in force before, nil when none is kept.
	Earlier() *procedure.Catalogue
}

// Papers are virtual printers: the paper that came out, and what breaks them.
type Papers interface {
	// Papers are the newest slips, newest first, at most 24.
	Papers() []DemoPaper
	// Paper is the drawing of a slip as PNG; ok is false when it is gone.
	Paper(id string) (png []byte, ok bool)
	// Faults are the switches that break printers.
	Faults() []DemoFault
	SetFault(id string, on bool) error
}

// Presses are buttons and keypads that are not there, and how one presses them.
type Presses interface {
	// Buttons are the push buttons of the hall.
	Buttons() []DemoButton
	// Press pushes one of them, with all its bouncing.
	Press(button string) error
	// Hold keeps the first two buttons down together for as long as a
	// technician's grip takes, and answers then.
	Hold() error
	// Keypads are the clerks' keypads.
	Keypads() []DemoKeypad
	// Key presses one key of one of them.
	Key(keypad, key string) error
}

// A Demo is the office without hardware: what one can press, and the paper
// that came out.
type Demo interface {
	Papers
	Presses
	// People tells whether simulated citizens and clerks are at work.
	People() bool
	SetPeople(on bool)
	// Speed is how much faster than real the office's clock goes.
	Speed() float64
	SetSpeed(times float64) error
}

// A DemoButton is a push button of the hall.
type DemoButton struct {
	ID    string
	Label string // what is written beside it
	Lamp  string // what its lamp says, as words.Lamp has it; may be empty
}

// A DemoKeypad is a clerk's keypad.
type DemoKeypad struct {
	ID   string
	Desk string   // its label, such as "3"; empty for a keypad that has no desk yet
	Keys []string // their codes, as words.Key has them
}

// A DemoPaper is a slip that came out of a virtual printer.
type DemoPaper struct {
	ID      string
	Printer string
	Text    string // the same in plain text, for who cannot see the drawing
}

// A DemoFault is a switch that breaks a virtual printer.
type DemoFault struct {
	ID     string
	Outlet string // the name of the one whose printer it is
	Fault  string // its code, as words.Fault has it
	On     bool
}

// A Config is all that a Server needs. Engine must be given, and Access or Open.
type Config struct {
	Engine  Engine
	Reports Reports // nil: there is no report page
	Events  Events  // nil: there is no stream of events
	Hooks   Hooks   // nil: there are no webhooks
	// Procedures are what the reception searches; nil: there is no search.
	Procedures Procedures
	// Provider is the body's own sign-in, and ProviderName what people call it; nil:
	// the body has none.
	Provider     Provider
	ProviderName string
	// Administration is who may come in; nil: there are no pages of accounts.
	Administration Administration
	Devices        func(*words.Tongue) []view.Device // nil: no devices to show
	Voice          Voice                             // says calls in the hall; nil: a chime alone
	Demo           Demo                              // nil: there are no demo pages
	Papers         Papers                            // of virtual printers beside a real office; those of Demo if nil
	// Presses are the virtual buttons and keypads of a first run that is rehearsed; those
	// of Demo if nil.
	Presses    Presses
	Technician Technician // what the box is made of; nil: there is no page of it
	// Alarms are what is wrong with the box as a whole, the worst first, by the
	// codes of words.Alarm; nil: nothing ever is.
	Alarms func() []string
	// Trial prints a slip that says PROVA at an outlet, with no number, and
	// answers what became of its paper: printed, failed or unknown. It answers
	// when ctx ends at the latest. Nil: there is nothing to print on.
	Trial func(ctx context.Context, outlet queue.OutletID) (queue.PaperState, error)

	// Access is who may come in; it must be given, unless Open.
	Access Access

	// Setups keeps the drafts and the history of the office; nil: the office is
	// changed with a file.
	Setups Setups
	// Copies are what may be put back where there is no office; nil: a copy is put
	// back from the command line.
	Copies Copies
	// Walk is what hangs on the box; nil: nothing of it is found, tried or changed on the pages.
	Walk Walk
	// Misfits are what of the box, such as its printers, does not fit a setup, in
	// the words of who asks. Nil: the box is not known.
	Misfits func(setup queue.Setup, t *words.Tongue) []view.Found
	// Phones is what stands before a ticket's token in the address of its page, as phones
	// reach it: the one in its QR code. Empty: tickets have none.
	Phones string
	// Slip draws a ticket of a service, issued now in the office's zone, as it
	// would print by a setup. Nil: there is no picture.
	Slip func(setup queue.Setup, service queue.ServiceID, now time.Time) (png []byte, err error)

	// Open lets every visitor do everything until one chooses a role, and asks
	// nobody who it is: for a demonstration that this machine alone can reach.
	Open bool

	// TLS is the certificate of the port that serves every page to every machine;
	// it must be given with that port.
	TLS *tls.Config
	// StaffPort is the number of that port as others reach it, to which who asks
	// the hall's port for a page of the staff is sent; empty for none.
	StaffPort string
	// Hosts are the names under which the box is reached besides loopback ones,
	// each with the port if it is not that of http or https. A proxy in front
	// may keep the name in the Host header or put another that is the box's.
	Hosts []string
	// Build names the program; a page of another build reloads itself.
	Build string
	// Edition tells a start from another one after which every page must load
	// itself anew; it may be empty.
	Edition string
	Log     *slog.Logger // nil: slog.Default()
	// Token makes the random token of a ticket; nil is none.
	Token func() string
	// Rate is how many seconds of office time go by in one second; nil is
	// always 1.
	Rate func() float64
	// Zone finds a time zone by its IANA name; nil is time.LoadLocation.
	Zone func(name string) (*time.Location, error)
	// Bounds are how much of the box may be taken at once.
	Bounds Bounds
	// WriteTimeout is how long a page may take to read one message; one that
	// takes twice as long has been dropped. 0 is 5 s.
	WriteTimeout time.Duration

	// stopped tells why the office cannot start; nil for one that runs.
	stopped func() []StopFault
}
