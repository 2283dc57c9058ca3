package keypad

import "eliminacode/device"

// Numeric is the keymap that the tests type on: that of a plain numeric keypad.
func Numeric() map[uint16]device.KeyCode {
	return map[uint16]device.KeyCode{
		96: device.KeyNext, 78: device.KeyRecall, 74: device.KeyNoShow, 55: device.KeyStart,
		98: device.KeyTransfer, 14: device.KeyClear, 83: device.KeyPause, 121: device.KeyPause,
		82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
	}
}
