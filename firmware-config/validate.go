package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"eliminacode/device/setting"
	"eliminacode/firmware-config/tomlfile"
)

// plainName is the shape of every name that other settings, addresses and
// logs refer to.
var plainName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// officePattern is the shape of the names that an office gives to its services,
// desks and outlets.
var officePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)

// Names that the kernel gives in the order of plugging in.
var (
	wanderingPort  = regexp.MustCompile(`^/dev/tty(USB|ACM)[0-9]+$`)
	wanderingInput = regexp.MustCompile(`^/dev/input/event[0-9]+$`)
)

// Validate checks settings that were made or changed in code. It returns nil
// or a tomlfile.Complaints with every fault; the complaints have no place in a
// file.
func (s Settings) Validate() error {
	var all tomlfile.Complaints
	for _, f := range s.faults() {
		all = append(all, complaint(f))
	}
	return all.Err()
}

func complaint(f setting.Fault) tomlfile.Complaint {
	return tomlfile.Complaint{Key: f.Key, Problem: f.Problem, Remedy: f.Remedy}
}

func (s Settings) faults() []setting.Fault {
	c := &checker{}
	c.basics(s)
	own(c, "profile", builtIn().Profiles, s.Profiles)
	own(c, "keymap", builtIn().Keymaps, s.Keymaps)
	own(c, "protocol", builtIn().Protocols, s.Protocols)
	own(c, "frame", builtIn().Frames, s.Frames)
	c.printers(s)
	c.lines(s)
	c.buttons(s)
	ports := printerPorts(s)
	c.keypads(s, ports)
	c.panels(s, ports)
	return c.Found
}

// A checker gathers faults; its methods each look at one part.
type checker struct{ setting.Judge }

func (c *checker) basics(s Settings) {
	switch {
	case s.Schema == 0:
		c.Say("schema", fmt.Sprintf("write schema = %d at the top of the file", SchemaNow), "is missing")
	case s.Schema < 0:
		c.Say("schema", fmt.Sprintf("write schema = %d", SchemaNow), "%d is not a version", s.Schema)
	case s.Schema > SchemaNow:
		c.Say("schema", "update the program, or take the settings that belong to it",
			"%d is newer than this program, which reads %d", s.Schema, SchemaNow)
	}
	if !filepath.IsAbs(s.Data.Dir) {
		c.Say("data.dir", "write the whole path, such as /var/lib/eliminacode", "%q is not an absolute path", s.Data.Dir)
	}
	c.Within("data.audit-days", s.Data.AuditDays, 30, 3660)
	c.ports(s.Web)
	c.public(s.Web)
	c.oidc(s.Web.OIDC)
	if _, ok := BoardByModel(s.Board.Model); !ok {
		var models []string
		for _, b := range Boards() {
			models = append(models, b.Model)
		}
		c.Say("board.model", "use one of: "+strings.Join(models, ", "), "there is no board %q", s.Board.Model)
	}
	c.Within("board.settle-ms", s.Board.SettleMs, 5, 200)
	c.Within("board.stuck-after-s", s.Board.StuckAfter, 5, 600)
}

func (c *checker) public(w Web) {
	if w.Public == "" {
		return
	}
	u, err := url.Parse(w.Public)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || len(w.Public) > maxPublic:
		c.Say("web.public", fmt.Sprintf("write it as https://coda.comune.it, with at most %d characters", maxPublic), "%q is not an address of a page", w.Public)
	case u.Path != "" && u.Path != "/":
		c.Say("web.public", "give the box a name of its own, such as https://coda.comune.it", "%q leads below another site, where pages do not find their parts", w.Public)
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r > unicode.MaxASCII }):
		c.Say("web.public", "write the name as browsers do, with xn--", "%q has letters that browsers send in another form", w.Public)
	}
}

func (c *checker) oidc(o OIDC) {
	if o.Issuer == "" {
		if o.Client != "" || o.SecretFile != "" || o.Address != "" {
			c.Say("web.oidc.issuer", "write the provider's address, or take [web.oidc] out", "is missing")
		}
		return
	}
	c.secureAddress("web.oidc.issuer", "https://login.comune.it", o.Issuer)
	c.secureAddress("web.oidc.address", "https://coda.comune.it:8443", o.Address)
	if u, err := url.Parse(o.Address); err == nil && u.Host != "" && strings.Trim(u.Path, "/") != "" {
		c.Say("web.oidc.address", "write it as https://coda.comune.it:8443", "%q leads below the box's first page", o.Address)
	}
	if o.Client == "" {
		c.Say("web.oidc.client", "write the name that the provider gave the box", "is missing")
	}
	if o.Claim == "" || strings.ContainsFunc(o.Claim, unicode.IsSpace) || len(o.Claim) > maxClaim {
		c.Say("web.oidc.claim", "write the name of a claim, such as sub", "%q is not one", o.Claim)
	}
	if len(o.Name) > maxProviderName {
		c.Say("web.oidc.name", fmt.Sprintf("use at most %d bytes", maxProviderName), "is too long")
	}
}

// What a claim and the name of a provider may have, in bytes.
const (
	maxClaim        = 100
	maxProviderName = 80
)

// secureAddress refuses what is no address of a page under TLS. On the box itself it
// may be plain.
func (c *checker) secureAddress(key, such, address string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		c.Say(key, "write it as "+such, "%q is not an address", address)
	case u.Scheme == "https":
	case u.Scheme != "http" || !loopback(u.Hostname()):
		c.Say(key, "write it as "+such, "%q is not under TLS", address)
	}
}

func loopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// maxPublic keeps the QR code small.
const maxPublic = 60

func (c *checker) ports(w Web) {
	c.port("web.listen", "127.0.0.1:8080", w.Listen)
	if w.Staff != "" {
		c.port("web.staff", ":8443", w.Staff)
		if _, port, _ := net.SplitHostPort(w.Staff); w.Staff == w.Listen && port != "0" {
			c.Say("web.staff", "give the two ports different numbers", "%q is the port of the hall too", w.Staff)
		}
	}
	if (w.Certificate == "") != (w.Key == "") {
		c.Say("web.certificate", "name both certificate and key, or neither", "only one of its two files is named")
	}
}

func (c *checker) port(key, such, address string) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		c.Say(key, "write it as "+such, "%q is not host:port", address)
		return
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		c.Say(key, "write a number from 1 to 65535, such as 8080", "%q is not a port", port)
	}
}

// own checks entries of the file's own, which may not take the name of a built-in
// one.
func own[E entry](c *checker, list string, builtIn, of []E) {
	taken := namesOf(builtIn)
	for i, e := range of {
		key := item(list, i)
		taken = c.name(key, e.Called(), taken)
		c.Below(key, e.Faults())
	}
}

func (c *checker) printers(s Settings) {
	var names []string
	ports, outlets := map[string]string{}, map[string]string{}
	for i, p := range s.Printers {
		key := item("printer", i)
		names = c.name(key, p.Name, names)
		c.known(key+".profile", "profile", p.Profile, namesOf(s.Known().Profiles))
		c.officeName(key+".outlet", p.Outlet)
		c.unique(key+".outlet", p.Outlet, p.Name, outlets, "printer")
		if p.Baud != 0 {
			c.Baud(key+".baud", p.Baud)
		}
		if p.Flow != "" {
			c.Flow(key+".flow", p.Flow)
		}
		c.path(key+".port", p.Port, wanderingPort, "/dev/serial/by-path")
		c.unique(key+".port", p.Port, p.Name, ports, "printer")
	}
}

// lines checks what is soldered to the board: each line exists, and carries
// one thing only.
func (c *checker) lines(s Settings) {
	board, ok := BoardByModel(s.Board.Model)
	if !ok {
		return
	}
	taken := map[string]string{}
	for _, l := range board.Lines {
		if owner := uartOwner(s, board); l.UART && owner != "" {
			taken[l.Name] = "the serial port of " + owner
		}
	}
	for i, b := range s.Buttons {
		c.line(item("button", i)+".line", b.Line, "button "+b.Name, s.Board, board, taken)
	}
	for i, l := range s.Lamps {
		c.line(item("lamp", i)+".line", l.Line, "lamp "+l.Name, s.Board, board, taken)
	}
}

// uartOwner is who hangs on the board's own serial port, empty when nobody does.
func uartOwner(s Settings, board Board) string {
	ours := func(port string) bool {
		return board.UART != "" && (port == board.UART || port == "/dev/serial0")
	}
	for _, p := range s.Printers {
		if ours(p.Port) {
			return "printer " + p.Name
		}
	}
	for _, k := range s.Keypads {
		if ours(k.Port) {
			return "keypad " + k.Name
		}
	}
	for _, p := range s.Panels {
		if ours(p.Port) {
			return "panel " + p.Name
		}
	}
	return ""
}

func (c *checker) line(key, line, owner string, wiring Wiring, board Board, taken map[string]string) {
	if line == "" {
		c.Say(key, "write the name of the GPIO line, such as GPIO17", "is missing")
		return
	}
	exists := slices.ContainsFunc(board.Lines, func(l Line) bool { return l.Name == line })
	switch {
	case wiring.Chip != "" || exists:
	case len(board.Chips) == 0:
		c.Say(key, "set [board] model to the board that the wire is on", "board %s has no GPIO lines", board.Model)
		return
	default:
		c.Say(key, "use one of: "+lineNames(board), "board %s has no line %q for a button or lamp", board.Model, line)
		return
	}
	if by := taken[line]; by != "" {
		c.Say(key, "give each its own line", "%s is already taken by %s", line, by)
		return
	}
	taken[line] = owner
}

func (c *checker) buttons(s Settings) {
	var names, lampNames, outlets []string
	for _, p := range s.Printers {
		outlets = append(outlets, p.Outlet)
	}
	for i, b := range s.Buttons {
		key := item("button", i)
		names = c.name(key, b.Name, names)
		c.officeName(key+".service", b.Service)
		if b.Class != "" {
			c.plain(key+".class", b.Class)
		}
		// An office without printers shows numbers on screens only, whose
		// outlets are paired in the browser; then every word may be right.
		if len(s.Printers) > 0 {
			c.known(key+".outlet", "printer with the outlet", b.Outlet, outlets)
		} else {
			c.officeName(key+".outlet", b.Outlet)
		}
	}
	for i, l := range s.Lamps {
		lampNames = c.name(item("lamp", i), l.Name, lampNames)
	}
}

// name checks the name of a list's entry and returns the names taken so far.
func (c *checker) name(key, name string, taken []string) []string {
	key += ".name"
	if slices.Contains(taken, name) && name != "" {
		c.Say(key, "choose another name", "%q is already taken", name)
		return taken
	}
	c.plain(key, name)
	return append(taken, name)
}

func (c *checker) plain(key, word string) {
	switch {
	case word == "":
		c.Say(key, "write a name of small letters, digits and hyphens", "is missing")
	case !plainName.MatchString(word):
		c.Say(key, "use at most 32 small letters, digits and hyphens, such as \"anagrafe-2\"", "%q is not a plain name", word)
	}
}

// officeName checks the name of something of the office, which may use more
// letters than the box's own names.
func (c *checker) officeName(key, word string) {
	switch {
	case word == "":
		c.Say(key, "write the name that the office's settings give it", "is missing")
	case !officePattern.MatchString(word):
		c.Say(key, "use the name that the office's settings give it: at most 32 letters, digits, - and _", "%q is not a name", word)
	}
}

func (c *checker) known(key, what, name string, known []string) {
	if slices.Contains(known, name) {
		return
	}
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	c.Say(key, "use one of: "+strings.Join(known, ", "), "there is no %s %q", what, name)
}

func (c *checker) path(key, path string, wandering *regexp.Regexp, stable string) {
	switch {
	case path == "":
		c.Say(key, "write the device's path; ls -l "+stable+" shows it", "is missing")
	case wandering.MatchString(path):
		c.Say(key, "use its name below "+stable+"; ls -l "+stable+" shows it",
			"%q may be another device after the next start", path)
	case !filepath.IsAbs(path):
		c.Say(key, "write the whole path, such as one below "+stable, "%q is not an absolute path", path)
	}
}

func (c *checker) unique(key, value, owner string, taken map[string]string, what string) {
	if first, ok := taken[value]; ok && value != "" {
		c.Say(key, "give each its own", "%q is already used by %s %s", value, what, first)
		return
	}
	taken[value] = owner
}

func item(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i+1) }

func lineNames(b Board) string {
	names := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		names[i] = l.Name
	}
	return strings.Join(names, ", ")
}
