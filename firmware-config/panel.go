package config

import (
	"regexp"
	"slices"
	"strings"

	"eliminacode/device/frame"
)

// A Panel is a numeric LED panel on a serial line. Panels with the same port
// share its line by their addresses.
type Panel struct {
	Name    string `toml:"name"`
	Port    string `toml:"port"`    // a stable path, such as one below /dev/serial/by-path
	Baud    int    `toml:"baud"`    // bits a second; default 9600
	RS485   bool   `toml:"rs485"`   // the port's driver switches the line's direction; default false
	Frame   string `toml:"frame"`   // a name of Frames or of BuiltInFrames(); default stx-4
	Address int    `toml:"address"` // 0 to 255; default 1
	Desk    string `toml:"desk"`    // the office's name of the desk whose calls it shows; default empty, all
	// Text is what it shows of a call: {number} A042, {digits} 042, {desk} 3,
	// each also with a width such as {desk:2}; default {number}.
	Text   string `toml:"text"`
	Closed string `toml:"closed"` // what it shows while nobody is called; default empty, dark
}

func (p *Panel) SetDefaults() { p.Baud, p.Frame, p.Address, p.Text = 9600, "stx-4", 1, "{number}" }

// A Frame is how a kind of LED panel is told what to show.
type Frame struct {
	Name    string `toml:"name"`
	Note    string `toml:"note"`     // which panels, for the technician
	Frame   string `toml:"frame"`    // a template of package device/frame with a text
	Blink   string `toml:"blink"`    // the same for a recall; default empty, Frame
	BlinkS  int    `toml:"blink-s"`  // seconds that a recall blinks, 1 to 60; default 5
	RepeatS int    `toml:"repeat-s"` // the text is sent again so often, 0 to 3600; 0: never; default 30
	Align   string `toml:"align"`    // right or left; default right
	Pad     string `toml:"pad"`      // the character that fills what is left; default a space
	Charset string `toml:"charset"`  // ascii, digits or seven-segment; default ascii
}

func (f *Frame) SetDefaults() {
	*f = Frame{BlinkS: 5, RepeatS: 30, Align: "right", Pad: " ", Charset: "ascii"}
}

var (
	aligns   = []string{string(frame.AlignRight), string(frame.AlignLeft)}
	charsets = []string{string(frame.ASCII), string(frame.Digits), string(frame.SevenSegment)}
)

// panelText is the shape of what a panel shows of a call.
var panelText = regexp.MustCompile(`^([^{}]|\{(number|digits|desk)(:[1-9])?\})+$`)

// panelTextMost bounds it.
const panelTextMost = 64

func (c *checker) ownFrames(s Settings) {
	var names []string
	for _, f := range BuiltInFrames() {
		names = append(names, f.Name)
	}
	for i, f := range s.Frames {
		key := item("frame", i)
		names = c.name(key, f.Name, names)
		c.frame(key, f)
	}
}

func (c *checker) frame(key string, f Frame) {
	show := c.template(key+".frame", f.Frame, "address", "text")
	if show.Len() > 0 && show.TextWidth() == 0 {
		c.say(key+".frame", "write {text:4} where the number goes, with as many characters as the panel has", "has no text")
	}
	if f.Blink != "" {
		blink := c.template(key+".blink", f.Blink, "address", "text")
		if blink.Len() > 0 && show.Len() > 0 && blink.TextWidth() != show.TextWidth() {
			c.say(key+".blink", "write the same {text} as in frame", "shows %d characters, frame %d", blink.TextWidth(), show.TextWidth())
		}
	}
	c.within(key+".blink-s", f.BlinkS, 1, 60)
	c.within(key+".repeat-s", f.RepeatS, 0, 3600)
	c.word(key+".align", f.Align, aligns)
	c.word(key+".charset", f.Charset, charsets)
	if len(f.Pad) != 1 || f.Pad[0] < ' ' || f.Pad[0] > '~' {
		c.say(key+".pad", "write one character, such as \" \" or \"0\"", "%q is not one character", f.Pad)
	}
}

// template checks a frame, which may have these fields only.
func (c *checker) template(key, source string, fields ...string) frame.Template {
	t, err := frame.Parse(source)
	switch {
	case source == "":
		c.say(key, "write the bytes of the frame, such as \"02 {address} {text:4} {sum8} 03\"", "is missing")
	case err != nil:
		c.say(key, "write it as example.toml explains", "%v", err)
	default:
		for _, field := range []string{"address", "key", "sequence", "text"} {
			if t.Has(field) && !slices.Contains(fields, field) {
				c.say(key, "leave it out", "{%s} has no meaning here", field)
			}
		}
	}
	return t
}

func (c *checker) panels(s Settings, ports map[string]portUse) {
	var names, frames []string
	for _, f := range append(BuiltInFrames(), s.Frames...) {
		frames = append(frames, f.Name)
	}
	// A keypad with a display is a panel too.
	for _, k := range s.Keypads {
		names = append(names, k.Name)
	}
	for i, p := range s.Panels {
		key := item("panel", i)
		names = c.name(key, p.Name, names)
		c.known(key+".frame", "frame", p.Frame, frames)
		c.within(key+".address", p.Address, 0, 255)
		if p.Desk != "" {
			c.officeName(key+".desk", p.Desk)
		}
		if !panelText.MatchString(p.Text) || !strings.Contains(p.Text, "{") || len(p.Text) > panelTextMost {
			c.say(key+".text", "write {number}, {digits} or {desk}, each with a width if you like, such as \"{digits:3}{desk:2}\"",
				"%q does not say what to show of a call", p.Text)
		}
		if f, ok := s.Frame(p.Frame); ok {
			c.fitsAddress(key, p.Address, f.Frame)
		}
		c.shares(key, p.Port, portUse{kind: "panel", name: p.Name, baud: p.Baud, rs485: p.RS485}, p.Address, ports)
	}
}

// fitsAddress tries an address in a frame.
func (c *checker) fitsAddress(key string, address int, source string) {
	t, err := frame.Parse(source)
	if err != nil || address < 0 || address > 255 {
		return
	}
	if _, err := t.Encode(frame.Values{Address: address, Text: strings.Repeat(" ", t.TextWidth())}); err != nil {
		c.say(key+".address", "give it a smaller address", "%d does not fit into its frame", address)
	}
}

// A portUse is who speaks on a serial port, and how.
type portUse struct {
	kind, name string
	baud       int
	rs485      bool
	flow       string
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
	c.baud(key+".baud", use.baud)
	first, taken := ports[port]
	if !taken || port == "" {
		use.addresses = map[int]string{address: use.name}
		ports[port] = use
		return
	}
	same := "write what " + first.kind + " " + first.name + " has, which shares the port"
	switch {
	case first.kind != use.kind:
		c.say(key+".port", "give each its own", "%q is already used by %s %s", port, first.kind, first.name)
		return
	case first.baud != use.baud:
		c.say(key+".baud", same, "%d is another speed on the same line", use.baud)
	case first.rs485 != use.rs485:
		c.say(key+".rs485", same, "%v differs on the same line", use.rs485)
	case first.flow != use.flow:
		c.say(key+".flow", same, "%q differs on the same line", use.flow)
	case first.protocol != use.protocol:
		c.say(key+".protocol", same, "%q is another protocol on the same line", use.protocol)
	}
	if by, ok := first.addresses[address]; ok {
		c.say(key+".address", "give each its own", "%d is already the address of %s %s", address, first.kind, by)
	}
	first.addresses[address] = use.name
}
