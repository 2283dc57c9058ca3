package keypad

import "eliminacode/device"

// A Keymap says what the keys of a keypad mean. Keys that it does not have
// mean nothing and are ignored.
type Keymap struct {
	Name  string
	Codes map[uint16]device.KeyCode // by the kernel's key code
}

// Numeric is the keymap of a plain numeric keypad, for uses without settings:
// Invio calls the next number, + repeats the call, - is no-show, * starts the
// service, / transfers, Backspace clears, the point pauses.
func Numeric() Keymap {
	return Keymap{Name: "numeric", Codes: map[uint16]device.KeyCode{
		96: device.KeyNext, 78: device.KeyRecall, 74: device.KeyNoShow, 55: device.KeyStart,
		98: device.KeyTransfer, 14: device.KeyClear, 83: device.KeyPause, 121: device.KeyPause,
		82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
	}}
}
