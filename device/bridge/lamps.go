package bridge

import (
	"context"
	"errors"
	"time"

	"eliminacode/device"
	"eliminacode/device/keep"
	"eliminacode/queue"
)

const (
	// lampsEvery is how often the lamps are compared with the office when
	// nothing happens: a service opens and closes by the hour. Whatever happens
	// is shown at once.
	lampsEvery = 5 * time.Second
	// lampsSoon is the same while a button rests: its lamp is to say so no
	// longer than that is true.
	lampsSoon = 100 * time.Millisecond
)

// show sets a lamp, wherever there is one of that name.
func (b *Bridge) show(lamp string, light device.Light) {
	if lamp == "" {
		return
	}
	for _, lamps := range b.cfg.Lamps {
		if err := lamps.Show(lamp, light); err != nil && !errors.Is(err, device.ErrNoLamp) {
			b.cfg.Log.Warn("a lamp cannot be set", "lamp", lamp, "err", err)
		}
	}
}

// light keeps the lamps beside buttons and desks true. It alone sets what they
// show for longer than a beep.
func (b *Bridge) light(ctx context.Context) {
	shown, bells := map[string]device.Light{}, map[string]*bell{}
	set := func(lamp string, light device.Light) {
		if was, known := shown[lamp]; lamp != "" && (!known || was != light) {
			b.show(lamp, light)
			shown[lamp] = light
		}
	}
	for lamp := range b.cfg.Bells {
		bells[lamp] = &bell{}
	}
	again := time.NewTimer(lampsEvery)
	defer again.Stop()
	for {
		state, newer := b.cfg.Engine.Watch()
		now, next := b.cfg.Engine.Now(), keep.UntilBeat(time.Now(), lampsEvery)
		for name, bound := range b.cfg.Bindings {
			light := lightOf(state, now, name, bound)
			set(bound.Lamp, light)
			if light == device.LightBusy {
				next = lampsSoon
			}
		}
		for lamp, desk := range b.cfg.Bells {
			light, ring := bells[lamp].look(state, now, desk)
			set(lamp, light)
			if ring {
				b.show(lamp, device.LightBeep)
			}
		}
		again.Reset(next)
		select {
		case <-newer:
		case <-again.C:
		case <-ctx.Done():
			for lamp := range shown {
				b.show(lamp, device.LightOff)
			}
			return
		}
	}
}

// lightOf is what the lamp beside a button says: what the rules of the office
// would answer to a press of it now.
func lightOf(state *queue.State, now queue.Now, name string, bound Button) device.Light {
	_, err := state.Decide(now, bound.issue(name))
	switch {
	case err == nil:
		return device.LightReady
	case errors.Is(err, queue.ErrResting), errors.Is(err, queue.ErrTooManyPresses), errors.Is(err, queue.ErrPrinterBehind):
		return device.LightBusy
	case errors.Is(err, queue.ErrNoPaper), errors.Is(err, queue.ErrUnknownOutlet), errors.Is(err, queue.ErrUnknownService):
		return device.LightFault
	default:
		return device.LightOff
	}
}

// A bell is what the lamp of a desk remembers from one look to the next. It
// rings when the first person comes for a clerk who has nobody to call.
type bell struct {
	resting bool // at the last look the desk was open and free, and nobody waited for it
}

// look is what the lamp shows of a desk, and whether it rings: it is lit while
// the desk is open and free and somebody waits whom it may call.
func (b *bell) look(state *queue.State, now queue.Now, desk queue.DeskID) (light device.Light, ring bool) {
	_, d, ok := state.Desk(desk)
	_, suspended := state.Suspended()
	free := ok && d.Open && !d.Paused && d.Ticket == 0 && !suspended
	_, _, waits := state.Next(now, desk)
	ring = b.resting && free && waits
	b.resting = free && !waits
	if free && waits {
		return device.LightReady, ring
	}
	return device.LightOff, ring
}
