package keypad

import "eliminacode/device"

// A Keymap says what the keys of a keypad mean. Keys that it does not have
// mean nothing and are ignored.
type Keymap struct {
	Name  string
	Codes map[uint16]device.KeyCode // by the kernel's key code
}
