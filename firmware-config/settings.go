package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"eliminacode/device/escpos/profile"
	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/setting"
	"eliminacode/firmware-config/tomlfile"
)

// SchemaNow is the version of the file's format that this program reads. A
// change that an old file would not survive raises it and brings a migration.
const SchemaNow = 1

// Settings are the wiring of one box. example.toml, in this folder and in the
// package that is installed, shows every key with its default.
type Settings struct {
	Schema   int       `toml:"schema"`  // must be SchemaNow
	Data     Data      `toml:"data"`    // where the box keeps what must not be lost
	Web      Web       `toml:"web"`     // where browsers reach it
	Office   Office    `toml:"office"`  // what the office looks like on the first day
	Board    Wiring    `toml:"board"`   // the board that buttons and lamps are wired to
	Printers []Printer `toml:"printer"` // the ticket printers
	Buttons  []Button  `toml:"button"`  // the citizens' push buttons
	Lamps    []Lamp    `toml:"lamp"`    // lights and beepers
	Keypads  []Keypad  `toml:"keypad"`  // the clerks' numeric keypads
	Panels   []Panel   `toml:"panel"`   // numeric LED panels

	Catalogue // beside the built-in one
}

// Data says where the journal and the private database lie.
type Data struct {
	Dir string `toml:"dir"` // absolute; default /var/lib/eliminacode
	// AuditDays is how long an act of who administers stays in the audit list; 30
	// to 3660, default 400.
	AuditDays int `toml:"audit-days"`
}

// Web says where the pages are served.
type Web struct {
	// Listen is the plain port, host:port; default 127.0.0.1:8080, this machine
	// only. To other machines it has what is in the hall, boards, totems and
	// citizens' phones, and nothing for the staff.
	Listen string `toml:"listen"`
	// Staff is the port that has every page for every machine, under TLS, such as
	// ":8443"; default none.
	Staff string `toml:"staff"`
	// Certificate and Key are PEM files for Staff, relative to the settings file,
	// or absolute; default none: the box makes a certificate of its own.
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
	// Public is the address by which citizens' phones reach the box; tickets
	// have a QR code only with it.
	Public string `toml:"public"` // such as https://coda.comune.it; default none
	OIDC   OIDC   `toml:"oidc"`   // the body's own sign-in
}

// OIDC is the body's own sign-in, by OpenID Connect, beside PIN and password.
type OIDC struct {
	// Issuer is the provider's address, as its own document has it; default none:
	// there is no such sign-in, and the other keys say nothing.
	Issuer string `toml:"issuer"`
	Client string `toml:"client"` // the name that the provider knows the box by
	// SecretFile holds the secret that goes with the name, relative to the settings
	// file, or absolute, and for its owner alone; default none, a public client.
	SecretFile string `toml:"secret-file"`
	// Address is that of the staff's pages, as the provider knows it: people come
	// back to /accesso/ente/ritorno below it.
	Address string `toml:"address"`
	// Claim of the token is what the provider calls a person, which an administrator
	// ties to an account; default sub.
	Claim string `toml:"claim"`
	Name  string `toml:"name"` // on the sign-in page; default a general one
	// Reuse lets in who is still signed in at the provider, without asking again;
	// default false, since computers at desks are shared.
	Reuse bool `toml:"reuse"`
}

// Office names the file that the office's settings are imported from when the
// journal is empty. Afterwards they are edited in the browser.
type Office struct {
	File string `toml:"file"` // relative to the settings file, or absolute; default none
}

// Wiring is the board and how its buttons are read.
type Wiring struct {
	Model string `toml:"model"` // a name of Boards(); default desktop, which has no GPIO
	// Chip replaces the label of the model's GPIO chip. With it every line
	// name is accepted: the technician knows the board, we do not.
	Chip       string `toml:"chip"`
	SettleMs   int    `toml:"settle-ms"`     // a contact must rest so long to count; 5 to 200, default 20
	StuckAfter int    `toml:"stuck-after-s"` // seconds held until a button is reported as stuck; 5 to 600, default 30
}

// A Printer is a ticket printer on a serial line.
type Printer struct {
	Name    string `toml:"name"`
	Port    string `toml:"port"`    // a stable path, such as one below /dev/serial/by-path
	Profile string `toml:"profile"` // a name of Known().Profiles; default generic-80
	Baud    int    `toml:"baud"`    // bits a second; default 0, the profile's
	// Flow is empty by default, for the profile's. With dtrdsr the printer's DTR
	// comes to the host's DSR.
	Flow   setting.Flow `toml:"flow"`
	Outlet string       `toml:"outlet"` // the place where it gives numbers, one printer each; default main
}

// A Button is a push button between a line of the board and ground.
type Button struct {
	Name    string `toml:"name"`
	Line    string `toml:"line"`    // name of the GPIO line, such as GPIO17
	Service string `toml:"service"` // the office's name of the service it gives a number for
	Class   string `toml:"class"`   // the office's name of the class of citizen; default empty, the ordinary one
	Outlet  string `toml:"outlet"`  // where the number comes out; default main
}

// A Lamp is a light or beeper on a line of the board. A lamp that bears the
// name of a button, keypad or desk shows that one's state.
type Lamp struct {
	Name      string `toml:"name"`
	Line      string `toml:"line"`
	ActiveLow bool   `toml:"active-low"` // lit when the line is low; default false
	Beeper    bool   `toml:"beeper"`     // heard, not seen: silent but for beeps; default false
}

func (p *Printer) SetDefaults() { p.Profile, p.Outlet = "generic-80", "main" }
func (b *Button) SetDefaults()  { b.Outlet = "main" }

// Default gives the settings of a box with no file: pages for this machine
// only, no hardware. They are valid.
func Default() Settings {
	return Settings{
		Schema: SchemaNow,
		Data:   Data{Dir: "/var/lib/eliminacode", AuditDays: 400},
		Web:    Web{Listen: "127.0.0.1:8080", OIDC: OIDC{Claim: "sub"}},
		Board:  Wiring{Model: "desktop", SettleMs: 20, StuckAfter: 30},
	}
}

// Load reads the settings file at path. The error Is ErrUnreadable when there
// is nothing to read, and Is ErrRefused, with a tomlfile.Complaints in its chain,
// when something in it is wrong; the settings are then not to be used.
func Load(path string) (Settings, error) {
	f, err := os.Open(path)
	if err != nil {
		return Settings{}, unreadable(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, tomlfile.MaxBytes+1))
	if err != nil {
		return Settings{}, unreadable(path, err)
	}
	return Parse(path, data)
}

func unreadable(path string, err error) error {
	remedy := "check the path and the disk"
	switch {
	case errors.Is(err, os.ErrNotExist):
		remedy = "write it there (eliminacode config example prints one), or name another file with --config"
	case errors.Is(err, os.ErrPermission):
		remedy = "give the service's user the right to read it"
	}
	return fmt.Errorf("%w: reading %s: %w; %s", ErrUnreadable, path, err, remedy)
}

// Parse reads settings from data; name is what complaints call the file. Keys
// that the file leaves out have the values of Default and of example.toml.
// The error, when there is one, is a tomlfile.Complaints.
func Parse(name string, data []byte) (Settings, error) {
	s := Default()
	s.Schema = 0 // The only key without a default: it says how to read the others.
	f := tomlfile.Read(name, data, &s, nil)
	if !f.Broken() {
		for _, fault := range s.faults() {
			f.Complain(fault.Key, complaint(fault))
		}
	}
	if err := f.Err(); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// Known are the built-in descriptions of devices and the file's own. The caller
// may change the lists, not what their entries point to.
func (s Settings) Known() Catalogue {
	all := builtIn()
	return Catalogue{
		Profiles: slices.Concat(all.Profiles, s.Profiles), Keymaps: slices.Concat(all.Keymaps, s.Keymaps),
		Protocols: slices.Concat(all.Protocols, s.Protocols), Frames: slices.Concat(all.Frames, s.Frames),
	}
}

// Profile finds a printer profile by name, among the file's own and the
// built-in ones; so do Keymap, Protocol and Frame for theirs.
func (s Settings) Profile(name string) (profile.Profile, bool) { return find(s.Known().Profiles, name) }
func (s Settings) Keymap(name string) (keys.Keymap, bool)      { return find(s.Known().Keymaps, name) }
func (s Settings) Protocol(name string) (keys.Protocol, bool)  { return find(s.Known().Protocols, name) }
func (s Settings) Frame(name string) (frame.Panel, bool)       { return find(s.Known().Frames, name) }

// Chips are the labels under which the kernel may know the GPIO chip that
// buttons and lamps are wired to; none on a board without GPIO.
func (s Settings) Chips() []string {
	if s.Board.Chip != "" {
		return []string{s.Board.Chip}
	}
	board, _ := BoardByModel(s.Board.Model)
	return board.Chips
}

// Salvage is what can be used of settings that Parse refuses: where the data lies
// and where the pages are served, each as the file has it when nothing is wrong
// with it, else by default. It names no device and no sign-in of the body: people
// come in by PIN and password.
func Salvage(name string, data []byte) Settings {
	s := Default()
	if f := tomlfile.Read(name, data, &s, nil); f.Broken() {
		s = Default()
		tomlfile.Read(name, f.Sound(), &s, nil)
	}
	usual := Default()
	s.Web.OIDC = usual.Web.OIDC
	usual.Data.Dir, usual.Web, usual.Office = s.Data.Dir, s.Web, s.Office
	s = usual
	// The default of one may be what another has: the second look finds that.
	for range 2 {
		s.forgetFaulty()
	}
	return s
}

// forgetFaulty puts the default in the place of what is wrong with data and pages.
func (s *Settings) forgetFaulty() {
	usual := Default()
	for _, fault := range s.faults() {
		switch fault.Key {
		case "data.dir":
			s.Data.Dir = usual.Data.Dir
		case "web.listen":
			s.Web.Listen = usual.Web.Listen
		case "web.staff":
			s.Web.Staff = ""
		case "web.certificate":
			s.Web.Certificate, s.Web.Key = "", ""
		case "web.public":
			s.Web.Public = ""
		}
	}
}
