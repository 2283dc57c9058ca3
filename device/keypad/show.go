package keypad

import (
	"context"
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

// Lamps are the keypads' lights and beepers. One that has none says nothing;
// their health is the keypads', and Keypads.Run drives them.
func (k *Keypads) Lamps() device.Lamps { return lamps{shown{k}} }

// Panels are the keypads' displays. One that has none shows nothing; their
// health is the keypads', and Keypads.Run drives them.
func (k *Keypads) Panels() device.Panels { return panels{shown{k}} }

// shown is what the keypads show back.
type shown struct{ *Keypads }

func (shown) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (shown) Status() []device.Status { return nil }

type lamps struct{ shown }

func (k lamps) Show(keypad string, show device.Light) error {
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

type panels struct{ shown }

func (k panels) Show(keypad, text string) error {
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
