package config

import (
	"regexp"
	"strings"

	"eliminacode/device/setting"
)

// A Panel is a numeric LED panel on a serial line. Panels with the same port
// share its line by their addresses.
type Panel struct {
	Name    string `toml:"name"`
	Port    string `toml:"port"`    // a stable path, such as one below /dev/serial/by-path
	Baud    int    `toml:"baud"`    // bits a second; default 9600
	RS485   bool   `toml:"rs485"`   // the port's driver switches the line's direction; default false
	Frame   string `toml:"frame"`   // a name of Known().Frames; default stx-4
	Address int    `toml:"address"` // 0 to 255; default 1
	Desk    string `toml:"desk"`    // the office's name of the desk whose calls it shows; default empty, all
	// Text is what it shows of a call: {number} A042, {digits} 042, {desk} 3,
	// each also with a width such as {desk:2}; default {number}.
	Text   string `toml:"text"`
	Closed string `toml:"closed"` // what it shows while nobody is called; default empty, dark
}

func (p *Panel) SetDefaults() { p.Baud, p.Frame, p.Address, p.Text = 9600, "stx-4", 1, "{number}" }

// panelText is the shape of what a panel shows of a call.
var panelText = regexp.MustCompile(`^([^{}]|\{(number|digits|desk)(:[1-9])?\})+$`)

// panelTextMost bounds it.
const panelTextMost = 64

func (c *checker) panels(s Settings, ports map[string]portUse) {
	var names []string
	// A keypad with a display is a panel too.
	for _, k := range s.Keypads {
		names = append(names, k.Name)
	}
	for i, p := range s.Panels {
		key := item("panel", i)
		names = c.name(key, p.Name, names)
		c.known(key+".frame", "frame", p.Frame, namesOf(s.Known().Frames))
		c.Within(key+".address", p.Address, 0, 255)
		if p.Desk != "" {
			c.officeName(key+".desk", p.Desk)
		}
		if !panelText.MatchString(p.Text) || !strings.Contains(p.Text, "{") || len(p.Text) > panelTextMost {
			c.Say(key+".text", "write {number}, {digits} or {desk}, each with a width if you like, such as \"{digits:3}{desk:2}\"",
				"%q does not say what to show of a call", p.Text)
		}
		if f, ok := s.Frame(p.Frame); ok {
			c.fitsAddress(key, p.Address, f.Try)
		}
		c.shares(key, p.Port, portUse{kind: "panel", name: p.Name, baud: p.Baud, rs485: p.RS485}, p.Address, ports)
	}
}

// fitsAddress tries an address in the frames of a device.
func (c *checker) fitsAddress(key string, address int, try func(address int) error) {
	if address >= 0 && address <= 255 && try(address) != nil {
		c.Say(key+".address", "give it a smaller address", "%d does not fit into its frame", address)
	}
}

// A portUse is who speaks on a serial port, and how.
type portUse struct {
	kind, name string
	baud       int
	rs485      bool
	flow       setting.Flow
	protocol   string
	addresses  map[int]string // who has which
}

// printerPorts are the ports that nobody else may use.
func printerPorts(s Settings) map[string]portUse {
	ports := map[string]portUse{}
	for _, p := range s.Printers {
		ports[p.Port] = portUse{kind: "printer", name: p.Name}
	}
	return ports
}

// shares checks the port of a device that may share its line with others of
// its kind.
func (c *checker) shares(key, port string, use portUse, address int, ports map[string]portUse) {
	c.path(key+".port", port, wanderingPort, "/dev/serial/by-path")
	c.Baud(key+".baud", use.baud)
	first, taken := ports[port]
	if !taken || port == "" {
		use.addresses = map[int]string{address: use.name}
		ports[port] = use
		return
	}
	same := "write what " + first.kind + " " + first.name + " has, which shares the port"
	switch {
	case first.kind != use.kind:
		c.Say(key+".port", "give each its own", "%q is already used by %s %s", port, first.kind, first.name)
		return
	case first.baud != use.baud:
		c.Say(key+".baud", same, "%d is another speed on the same line", use.baud)
	case first.rs485 != use.rs485:
		c.Say(key+".rs485", same, "%v differs on the same line", use.rs485)
	case first.flow != use.flow:
		c.Say(key+".flow", same, "%q differs on the same line", use.flow)
	case first.protocol != use.protocol:
		c.Say(key+".protocol", same, "%q is another protocol on the same line", use.protocol)
	}
	if by, ok := first.addresses[address]; ok {
		c.Say(key+".address", "give each its own", "%d is already the address of %s %s", address, first.kind, by)
	}
	first.addresses[address] = use.name
}
