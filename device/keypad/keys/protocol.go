package keys

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/device/frame"
	"eliminacode/device/setting"
)

// A Protocol is how serial keypads of one kind speak. Empty templates are not
// there.
type Protocol struct {
	setting.Named
	Frame frame.Template `toml:"frame"` // what a keypad sends for a key

	Idle   frame.Template `toml:"idle"`    // what it answers to Poll when no key was pressed
	Poll   frame.Template `toml:"poll"`    // asks one keypad for its keys; empty: they speak by themselves
	PollMs int            `toml:"poll-ms"` // between two questions on a line, 20 to 5000; default 100

	Ack   frame.Template `toml:"ack"`    // answers a good frame
	Nak   frame.Template `toml:"nak"`    // answers one with a wrong checksum
	GapMs int            `toml:"gap-ms"` // bytes further apart are not of one frame, 0 to 1000; default 100; 0: any
	// RepeatMs is for how long the same frame again, with the same sequence if it
	// has one, is one that was sent twice: 0 to 5000; default 0, never.
	RepeatMs int `toml:"repeat-ms"`

	Beep    frame.Template `toml:"beep"`   // a key was taken
	Refuse  frame.Template `toml:"refuse"` // a key was refused
	LampOn  frame.Template `toml:"lamp-on"`
	LampOff frame.Template `toml:"lamp-off"`
	Text    frame.Template `toml:"text"` // shows the number that the desk serves
	// Keys are the bytes of the keys, in hexadecimal, by the names of a USB
	// keypad's.
	Keys map[string]string `toml:"keys"`
}

// SetDefaults makes a protocol that bears what slow keypads and adapters need.
func (p *Protocol) SetDefaults() { p.PollMs, p.GapMs = 100, 100 }

// PollEvery is PollMs.
func (p Protocol) PollEvery() time.Duration { return time.Duration(p.PollMs) * time.Millisecond }

// Gap is GapMs.
func (p Protocol) Gap() time.Duration { return time.Duration(p.GapMs) * time.Millisecond }

// Repeat is RepeatMs.
func (p Protocol) Repeat() time.Duration { return time.Duration(p.RepeatMs) * time.Millisecond }

// Bytes are those that stand for a key.
func (p Protocol) Bytes() map[byte]bool {
	all := make(map[byte]bool, len(p.Keys))
	for digits := range p.Keys {
		if b, ok := byteOf(digits); ok {
			all[b] = true
		}
	}
	return all
}

// A part is a frame of a protocol: its key in the settings, and which fields it
// may have.
type part struct {
	key      string
	template frame.Template
	fields   []string
}

func (p Protocol) parts() []part {
	address := []string{"address"}
	return []part{
		{"frame", p.Frame, []string{"address", "key", "sequence"}},
		{"idle", p.Idle, address}, {"poll", p.Poll, address},
		{"ack", p.Ack, []string{"address", "sequence"}}, {"nak", p.Nak, address},
		{"beep", p.Beep, address}, {"refuse", p.Refuse, address},
		{"lamp-on", p.LampOn, address}, {"lamp-off", p.LampOff, address},
		{"text", p.Text, []string{"address", "text"}},
	}
}

// Try tells whether an address fits into every frame. The error Is
// frame.ErrValue.
func (p Protocol) Try(address int) error {
	for _, one := range p.parts() {
		if err := one.template.Try(address); err != nil {
			return err
		}
	}
	return nil
}

// Faults are all that is wrong with a protocol but its name.
func (p Protocol) Faults() []setting.Fault {
	var j setting.Judge
	for _, one := range p.parts() {
		if one.template.Written() || one.key == "frame" {
			one.template.Judge(&j, one.key, one.fields...)
		}
	}
	if p.Frame.Len() > 0 && !p.Frame.Has("key") {
		j.Say("frame", "write {key} where the key's byte stands", "has no key")
	}
	if p.Idle.Written() && !p.Poll.Written() {
		j.Say("idle", "write poll, or leave idle out", "answers a question that nobody asks")
	}
	if p.LampOn.Written() != p.LampOff.Written() {
		j.Say("lamp-on", "write both lamp-on and lamp-off, or neither", "a lamp must go on and off")
	}
	j.Within("poll-ms", p.PollMs, 20, 5000)
	j.Within("gap-ms", p.GapMs, 0, 1000)
	j.Within("repeat-ms", p.RepeatMs, 0, 5000)
	p.judgeKeys(&j)
	return j.Found
}

func (p Protocol) judgeKeys(j *setting.Judge) {
	if len(p.Keys) == 0 {
		j.Say("keys", "add a table [protocol.keys] with lines such as 0D = \"KEY_KPENTER\"", "has no keys")
	}
	for _, digits := range slices.Sorted(maps.Keys(p.Keys)) {
		if _, ok := byteOf(digits); !ok {
			j.Say("keys."+digits, "write the byte as two digits, such as 0D", "%q is not a byte in hexadecimal", digits)
		}
		if Code(p.Keys[digits]) == 0 {
			j.Say("keys."+digits, "use a name from input-event-codes.h, such as KEY_KPENTER", "there is no key %q", p.Keys[digits])
		}
	}
}

// byteOf is the byte that two capital hexadecimal digits say.
func byteOf(digits string) (b byte, ok bool) {
	n, err := strconv.ParseUint(digits, 16, 8)
	return byte(n), err == nil && len(digits) == 2 && digits == strings.ToUpper(digits)
}
