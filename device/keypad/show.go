package keypad

import (
	"fmt"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/lamp"
)

// A signal is what one keypad is to show back to its clerk. All but changed are
// guarded by Keypads.mu.
type signal struct {
	changed chan struct{} // holds at most one: the keypad or its line is to be told
	lamp    lamp.Lamp
	once    frame.Template // a beep or refusal to be sent; empty: none
	text    string
	hasText bool // text was ever given
	telling bool // text is to be sent
	lit     bool // what a serial keypad's lamp was told last
}

// Show sets what a keypad's light or beeper says. One that has none says
// nothing; an unknown keypad is an error that Is device.ErrNoLamp. It never
// blocks.
func (k *Keypads) Show(keypad string, show device.Light) error {
	now := time.Now()
	return k.tell(keypad, device.ErrNoLamp, func(i int) bool {
		s := &k.signals[i]
		if p := k.cfg.Keypads[i].Protocol; p != nil {
			switch {
			case show == device.LightBeep && p.Beep.Len() > 0:
				s.once = p.Beep
				return true
			case show == device.LightError && p.Refuse.Len() > 0:
				s.once = p.Refuse
				return true
			}
		}
		return s.lamp.Show(show, now)
	})
}

// ShowText puts a text on a keypad's display. One that has none shows nothing;
// an unknown keypad is an error that Is device.ErrNoPanel. It never blocks.
func (k *Keypads) ShowText(keypad, text string) error {
	return k.tell(keypad, device.ErrNoPanel, func(i int) bool {
		k.signals[i].text, k.signals[i].hasText, k.signals[i].telling = text, true, true
		return true
	})
}

// tell changes what a keypad shows and wakes whoever tells it.
func (k *Keypads) tell(keypad string, unknown error, change func(i int) (changed bool)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, pad := range k.cfg.Keypads {
		if pad.Name != keypad {
			continue
		}
		if change(i) {
			select {
			case k.signals[i].changed <- struct{}{}:
			default: // An earlier change has yet to be noticed.
			}
		}
		return nil
	}
	return fmt.Errorf("telling keypad %q: %w", keypad, unknown)
}
