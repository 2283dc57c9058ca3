// Package keys says what the keys of keypads send and what they mean: the one
// description of a keymap and of a serial keypad's protocol, which the driver and
// the settings of a box use alike, with one judgement of what it may say.
//
// It is plain data and pure functions: nothing here reads a file or knows a
// keypad that is plugged in. The tags are the keys of a [[keymap]] and of a
// [[protocol]] of the settings, which example.toml explains.
package keys

import (
	"maps"
	"slices"

	"eliminacode/device"
	"eliminacode/device/setting"
)

// A Keymap says what the keys of a keypad mean.
type Keymap struct {
	setting.Named
	// Keys are the meanings by the names of the kernel's input-event-codes.h, such
	// as KEY_KPENTER = "next".
	Keys map[string]device.KeyCode `toml:"keys"`
}

// meanings are what keys may mean, in the order in which a clerk needs them.
var meanings = []device.KeyCode{
	device.KeyNext, device.KeyRecall, device.KeyNoShow, device.KeyStart, device.KeyFinish, device.KeyTransfer,
	device.KeyPause, device.KeyEnter, device.KeyClear, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
}

// Meanings are what keys may mean, in the order in which a clerk needs them; the
// digits come last.
func Meanings() []device.KeyCode { return slices.Clone(meanings) }

// ByCode are the meanings by the kernel's code of the key.
func (k Keymap) ByCode() map[uint16]device.KeyCode {
	meanings := make(map[uint16]device.KeyCode, len(k.Keys))
	for name, meaning := range k.Keys {
		if code := Code(name); code != 0 {
			meanings[code] = meaning
		}
	}
	return meanings
}

// ByByte are the meanings by the byte that a keypad of a protocol sends.
func (k Keymap) ByByte(p Protocol) map[uint16]device.KeyCode {
	meanings := make(map[uint16]device.KeyCode, len(p.Keys))
	for digits, name := range p.Keys {
		b, ok := byteOf(digits)
		if meaning := k.Keys[name]; ok && meaning != "" {
			meanings[uint16(b)] = meaning
		}
	}
	return meanings
}

// Faults are all that is wrong with a keymap but its name.
func (k Keymap) Faults() []setting.Fault {
	var j setting.Judge
	if len(k.Keys) == 0 {
		j.Say("keys", "add a table [keymap.keys] with lines such as KEY_KPENTER = \"next\"", "has no keys")
		return j.Found
	}
	next := false
	for _, name := range slices.Sorted(maps.Keys(k.Keys)) {
		if Code(name) == 0 {
			j.Say("keys."+name, "use a name from input-event-codes.h, such as KEY_KPENTER; evtest shows it", "there is no key %q", name)
		}
		setting.Word(&j, "keys."+name, k.Keys[name], meanings...)
		next = next || k.Keys[name] == device.KeyNext
	}
	if !next {
		j.Say("keys", "give one key the meaning \"next\"", "has no key that calls the next number")
	}
	return j.Found
}
