package config

import "eliminacode/device/setting"

// A Keypad is a clerk's numeric keypad, on USB (Path) or on a serial line
// (Port). Serial keypads with the same port share its line by their addresses.
type Keypad struct {
	Name   string `toml:"name"`
	Desk   string `toml:"desk"`   // the office's name of the desk it stands on
	Keymap string `toml:"keymap"` // a name of Known().Keymaps; default numeric
	Path   string `toml:"path"`   // a stable path, such as one below /dev/input/by-path

	Port     string       `toml:"port"`     // a stable path, such as one below /dev/serial/by-path
	Protocol string       `toml:"protocol"` // a name of Known().Protocols; default byte
	Address  int          `toml:"address"`  // 0 to 255; default 1; of no meaning to protocols without one
	Baud     int          `toml:"baud"`     // bits a second; default 9600
	Flow     setting.Flow `toml:"flow"`     // default none
	RS485    bool         `toml:"rs485"`    // the port's driver switches the line's direction; default false
}

func (k *Keypad) SetDefaults() {
	k.Keymap, k.Protocol, k.Address, k.Baud, k.Flow = "numeric", "byte", 1, 9600, setting.FlowNone
}

func (c *checker) keypads(s Settings, ports map[string]portUse) {
	var names []string
	paths := map[string]string{}
	for i, k := range s.Keypads {
		key := item("keypad", i)
		names = c.name(key, k.Name, names)
		c.officeName(key+".desk", k.Desk)
		c.known(key+".keymap", "keymap", k.Keymap, namesOf(s.Known().Keymaps))
		switch {
		case k.Port == "":
			c.path(key+".path", k.Path, wanderingInput, "/dev/input/by-path")
			c.unique(key+".path", k.Path, k.Name, paths, "keypad")
		case k.Path != "":
			c.Say(key+".path", "write path for a keypad on USB, or port for one on a serial line", "stands beside port")
		default:
			c.known(key+".protocol", "protocol", k.Protocol, namesOf(s.Known().Protocols))
			c.serialKeypad(key, k, s, ports)
		}
	}
}

func (c *checker) serialKeypad(key string, k Keypad, s Settings, ports map[string]portUse) {
	c.Within(key+".address", k.Address, 0, 255)
	c.Flow(key+".flow", k.Flow)
	if k.RS485 && k.Flow == setting.FlowRTSCTS {
		c.Say(key+".flow", "write none: RTS switches the direction of an RS-485 line", "%q needs RTS too", k.Flow)
	}
	if p, ok := s.Protocol(k.Protocol); ok {
		c.fitsAddress(key, k.Address, p.Try)
		first, taken := ports[k.Port]
		if taken && first.kind == "keypad" && p.Frame.Len() > 0 && !p.Frame.Has("address") {
			c.Say(key+".port", "give each its own port, or use a protocol with addresses",
				"protocol %q cannot tell it from keypad %s on the same line", k.Protocol, first.name)
			return
		}
	}
	c.shares(key, k.Port, portUse{kind: "keypad", name: k.Name, baud: k.Baud, rs485: k.RS485, flow: k.Flow, protocol: k.Protocol}, k.Address, ports)
}
