package config

import (
	"slices"
	"strings"

	"eliminacode/device/frame"
)

// A Keypad is a clerk's numeric keypad, on USB (Path) or on a serial line
// (Port). Serial keypads with the same port share its line by their addresses.
type Keypad struct {
	Name   string `toml:"name"`
	Desk   string `toml:"desk"`   // the office's name of the desk it stands on
	Keymap string `toml:"keymap"` // a name of Keymaps or of BuiltInKeymaps(); default numeric
	Path   string `toml:"path"`   // a stable path, such as one below /dev/input/by-path

	Port     string `toml:"port"`     // a stable path, such as one below /dev/serial/by-path
	Protocol string `toml:"protocol"` // a name of Protocols or of BuiltInProtocols(); default byte
	Address  int    `toml:"address"`  // 0 to 255; default 1; of no meaning to protocols without one
	Baud     int    `toml:"baud"`     // bits a second; default 9600
	Flow     string `toml:"flow"`     // none, xonxoff, rtscts or dtrdsr; default none
	RS485    bool   `toml:"rs485"`    // the port's driver switches the line's direction; default false
}

func (k *Keypad) SetDefaults() {
	k.Keymap, k.Protocol, k.Address, k.Baud, k.Flow = "numeric", "byte", 1, 9600, "none"
}

// A Protocol is how a kind of serial keypad speaks, in templates of package
// device/frame. Empty ones are not there.
type Protocol struct {
	Name   string `toml:"name"`
	Note   string `toml:"note"`    // which keypads, for the technician
	Frame  string `toml:"frame"`   // what it sends for a key
	Idle   string `toml:"idle"`    // what it answers to Poll when no key was pressed
	Poll   string `toml:"poll"`    // asks one keypad for its keys; empty: they speak by themselves
	PollMs int    `toml:"poll-ms"` // between two questions on a line, 20 to 5000; default 100
	Ack    string `toml:"ack"`     // answers a good frame
	Nak    string `toml:"nak"`     // answers one with a wrong checksum
	GapMs  int    `toml:"gap-ms"`  // bytes further apart are not of one frame, 0 to 1000; default 100; 0: any
	// RepeatMs is for how long the same frame again is one sent twice, 0 to
	// 5000; default 0, never.
	RepeatMs int    `toml:"repeat-ms"`
	Beep     string `toml:"beep"`   // a key was taken
	Refuse   string `toml:"refuse"` // a key was refused
	LampOn   string `toml:"lamp-on"`
	LampOff  string `toml:"lamp-off"`
	Text     string `toml:"text"` // shows the number that the desk serves
	// Keys are the bytes of the keys, in hexadecimal, by the names of a USB
	// keypad's.
	Keys map[string]string `toml:"keys"`
}

func (p *Protocol) SetDefaults() { p.PollMs, p.GapMs = 100, 100 }

// Codes are the kernel's codes of the keys by the bytes that the keypad sends.
func (p Protocol) Codes() map[byte]uint16 {
	codes := make(map[byte]uint16, len(p.Keys))
	for char, name := range p.Keys {
		if b, err := Bytes(char); err == nil && len(b) == 1 {
			codes[b[0]] = keyCodes[name]
		}
	}
	return codes
}

func (c *checker) keypads(s Settings, ports map[string]portUse) {
	var names, keymaps, protocols []string
	for _, k := range append(BuiltInKeymaps(), s.Keymaps...) {
		keymaps = append(keymaps, k.Name)
	}
	for _, p := range append(BuiltInProtocols(), s.Protocols...) {
		protocols = append(protocols, p.Name)
	}
	paths := map[string]string{}
	for i, k := range s.Keypads {
		key := item("keypad", i)
		names = c.name(key, k.Name, names)
		c.officeName(key+".desk", k.Desk)
		c.known(key+".keymap", "keymap", k.Keymap, keymaps)
		switch {
		case k.Port == "":
			c.path(key+".path", k.Path, wanderingInput, "/dev/input/by-path")
			c.unique(key+".path", k.Path, k.Name, paths, "keypad")
		case k.Path != "":
			c.say(key+".path", "write path for a keypad on USB, or port for one on a serial line", "stands beside port")
		default:
			c.known(key+".protocol", "protocol", k.Protocol, protocols)
			c.serialKeypad(key, k, s, ports)
		}
	}
}

func (c *checker) serialKeypad(key string, k Keypad, s Settings, ports map[string]portUse) {
	c.within(key+".address", k.Address, 0, 255)
	c.word(key+".flow", k.Flow, flows)
	if k.RS485 && k.Flow == "rtscts" {
		c.say(key+".flow", "write none: RTS switches the direction of an RS-485 line", "%q needs RTS too", k.Flow)
	}
	if p, ok := s.Protocol(k.Protocol); ok {
		c.fitsAddress(key, k.Address, p.Frame)
		if t, err := frame.Parse(p.Frame); err == nil && !t.Has("address") {
			if first, taken := ports[k.Port]; taken && first.kind == "keypad" {
				c.say(key+".port", "give each its own port, or use a protocol with addresses",
					"protocol %q cannot tell it from keypad %s on the same line", k.Protocol, first.name)
				return
			}
		}
	}
	c.shares(key, k.Port, portUse{kind: "keypad", name: k.Name, baud: k.Baud, rs485: k.RS485, flow: k.Flow, protocol: k.Protocol}, k.Address, ports)
}

func (c *checker) ownProtocols(s Settings) {
	var names []string
	for _, p := range BuiltInProtocols() {
		names = append(names, p.Name)
	}
	for i, p := range s.Protocols {
		key := item("protocol", i)
		names = c.name(key, p.Name, names)
		c.protocol(key, p)
	}
}

func (c *checker) protocol(key string, p Protocol) {
	if t := c.template(key+".frame", p.Frame, "address", "key", "sequence"); t.Len() > 0 && !t.Has("key") {
		c.say(key+".frame", "write {key} where the key's byte stands", "has no key")
	}
	for _, one := range []struct {
		name, source string
		fields       []string
	}{
		{"idle", p.Idle, []string{"address"}}, {"poll", p.Poll, []string{"address"}},
		{"ack", p.Ack, []string{"address", "sequence"}}, {"nak", p.Nak, []string{"address"}},
		{"beep", p.Beep, []string{"address"}}, {"refuse", p.Refuse, []string{"address"}},
		{"lamp-on", p.LampOn, []string{"address"}}, {"lamp-off", p.LampOff, []string{"address"}},
		{"text", p.Text, []string{"address", "text"}},
	} {
		if one.source != "" {
			c.template(key+"."+one.name, one.source, one.fields...)
		}
	}
	if p.Idle != "" && p.Poll == "" {
		c.say(key+".idle", "write poll, or leave idle out", "answers a question that nobody asks")
	}
	if (p.LampOn == "") != (p.LampOff == "") {
		c.say(key+".lamp-on", "write both lamp-on and lamp-off, or neither", "a lamp must go on and off")
	}
	c.within(key+".poll-ms", p.PollMs, 20, 5000)
	c.within(key+".gap-ms", p.GapMs, 0, 1000)
	c.within(key+".repeat-ms", p.RepeatMs, 0, 5000)
	c.protocolKeys(key, p)
}

func (c *checker) protocolKeys(key string, p Protocol) {
	if len(p.Keys) == 0 {
		c.say(key+".keys", "add a table [protocol.keys] with lines such as 0D = \"KEY_KPENTER\"", "has no keys")
	}
	for _, char := range sortedKeys(p.Keys) {
		at := key + ".keys." + char
		if b, err := Bytes(char); err != nil || len(b) != 1 || char != strings.ToUpper(char) {
			c.say(at, "write the byte as two digits, such as 0D", "%q is not a byte in hexadecimal", char)
		}
		if _, ok := keyCodes[p.Keys[char]]; !ok {
			c.say(at, "use a name from input-event-codes.h, such as KEY_KPENTER", "there is no key %q", p.Keys[char])
		}
	}
}

// Protocol finds a protocol of serial keypads by name, among the file's own and
// the built-in ones.
func (s Settings) Protocol(name string) (Protocol, bool) {
	for _, p := range append(BuiltInProtocols(), s.Protocols...) {
		if p.Name == name {
			return p, true
		}
	}
	return Protocol{}, false
}

// Frame finds a frame of LED panels by name, among the file's own and the
// built-in ones.
func (s Settings) Frame(name string) (Frame, bool) {
	for _, f := range append(BuiltInFrames(), s.Frames...) {
		if f.Name == name {
			return f, true
		}
	}
	return Frame{}, false
}

// BuiltInProtocols are the protocols of serial keypads that need no settings.
func BuiltInProtocols() []Protocol { return slices.Clone(builtIn().protocols) }

// BuiltInFrames are the frames of LED panels that need no settings.
func BuiltInFrames() []Frame { return slices.Clone(builtIn().frames) }
