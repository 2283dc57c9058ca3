package display

const examplePort = "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.4:1.0-port0"

// FileLines are lines of the settings file for what the page of the trials cannot set,
// by its step: a keypad that has to be asked, a further panel on a line, and buttons on
// a chip that is no board's. A person puts their own port, address and desk there.
var FileLines = map[string]string{
	"keypads": "[[keypad]]\nname = \"s2\"\nport = \"" + examplePort + "\"\nprotocol = \"stx-polled\"\naddress = 2\ndesk = \"s2\"\n",
	"panels":  "[[panel]]\nname = \"sopra-2\"\nport = \"" + examplePort + "\"\nframe = \"stx-4\"\naddress = 2\ndesk = \"s2\"\n",
	"buttons": "[board]\nchip = \"gpio-sim.0-node0\"\n",
}

// InFile are the lines for what this step cannot set.
func (g walkGroup) InFile() string { return FileLines[g.Name] }
