package frame

import (
	"slices"
	"time"

	"eliminacode/device/setting"
)

// A Panel is how a kind of LED panel is told what to show: a [[frame]] of the
// settings, which example.toml explains.
type Panel struct {
	setting.Named
	Show    Template `toml:"frame"`    // has a text
	Blink   Template `toml:"blink"`    // shows a recall; default empty, Show does
	BlinkS  int      `toml:"blink-s"`  // seconds until Show takes the place of Blink, 1 to 60; default 5
	RepeatS int      `toml:"repeat-s"` // seconds until the text is sent again, for panels that forget it at power-off; 0 to 3600, 0: never; default 30
	Style
}

// SetDefaults makes a panel that shows ASCII on the right.
func (p *Panel) SetDefaults() {
	*p = Panel{BlinkS: 5, RepeatS: 30, Style: Style{Align: AlignRight, Pad: ' ', Charset: ASCII}}
}

// BlinkFor is BlinkS.
func (p Panel) BlinkFor() time.Duration { return time.Duration(p.BlinkS) * time.Second }

// Repeat is RepeatS.
func (p Panel) Repeat() time.Duration { return time.Duration(p.RepeatS) * time.Second }

// Try tells whether an address fits into all that a panel is sent. The error Is
// ErrValue.
func (p Panel) Try(address int) error {
	if err := p.Show.Try(address); err != nil {
		return err
	}
	return p.Blink.Try(address)
}

// Faults are all that is wrong with a panel but its name.
func (p Panel) Faults() []setting.Fault {
	var j setting.Judge
	p.Show.Judge(&j, "frame", "address", "text")
	if p.Show.Len() > 0 && p.Show.TextWidth() == 0 {
		j.Say("frame", "write {text:4} where the number goes, with as many characters as the panel has", "has no text")
	}
	if p.Blink.Written() {
		p.Blink.Judge(&j, "blink", "address", "text")
	}
	if show, blink := p.Show.TextWidth(), p.Blink.TextWidth(); p.Show.Len() > 0 && p.Blink.Len() > 0 && blink != show {
		j.Say("blink", "write the same {text} as in frame", "shows %d characters, frame %d", blink, show)
	}
	j.Within("blink-s", p.BlinkS, 1, 60)
	j.Within("repeat-s", p.RepeatS, 0, 3600)
	setting.Word(&j, "align", p.Align, AlignRight, AlignLeft)
	setting.Word(&j, "charset", p.Charset, ASCII, Digits, SevenSegment)
	return j.Found
}

// Judge refuses a template that is not written, or has other fields than these.
func (t Template) Judge(j *setting.Judge, key string, fields ...string) {
	if !t.Written() {
		j.Say(key, "write the bytes of the frame, such as \"02 {address} {text:4} {sum8} 03\"", "is missing")
	}
	for _, field := range []string{"address", "key", "sequence", "text"} {
		if t.Has(field) && !slices.Contains(fields, field) {
			j.Say(key, "leave it out", "{%s} has no meaning here", field)
		}
	}
}
