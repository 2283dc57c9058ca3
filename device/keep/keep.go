// Package keep keeps devices in use and knows how they are: it lets a driver
// open its device and use it, and do so again, after a pause, whenever the
// device was lost; and it remembers what is known of one device.
//
// It owns the pauses between two tries, the one line of log for a change of a
// device's health, who is told of it, and the word for why it was lost. It opens
// nothing itself and knows no kind of device.
//
// Invariants: a lost device is tried for until the context ends, never more
// often than its pauses say; a state of health is logged when it changes, not
// each time it is met.
package keep

import (
	"context"
	"time"
)

// Pauses are the waits between two tries for a lost device: they double from
// First to Longest, and begin anew once the device was in use. Pace, where there
// is one, says how long a pause is on a clock that runs faster.
type Pauses struct {
	First, Longest time.Duration
	Pace           func(time.Duration) time.Duration
}

var (
	// Plugged is for devices on a cable: somebody who plugs one in expects it
	// to work at once.
	Plugged = Pauses{First: 500 * time.Millisecond, Longest: 5 * time.Second}
	// Soldered is for lines of the board, which come back seldom.
	Soldered = Pauses{First: time.Second, Longest: 30 * time.Second}
)

// Using opens a device and uses it, again and again until ctx ends; it then
// returns. use opens the device, uses it until ctx ends or the device is lost,
// and closes it; it reports whether it could be opened. lost is told each time
// why it could not be opened or used.
func Using(ctx context.Context, p Pauses, use func() (opened bool, err error), lost func(error)) {
	pause := p.First
	for ctx.Err() == nil {
		opened, err := use()
		if err != nil && ctx.Err() == nil {
			lost(err)
		}
		if opened {
			pause = p.First
		}
		wait := pause
		if p.Pace != nil {
			wait = p.Pace(pause)
		}
		Sleep(ctx, wait)
		pause = min(2*pause, p.Longest)
	}
}

// Sleep waits for d, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// UntilBeat is how long it is until the next whole multiple of every by the
// clock on the wall, more than 0. What devices at rest want to have done now and
// then is done at these instants, so that a box wakes once for all of it.
func UntilBeat(now time.Time, every time.Duration) time.Duration {
	wall := now.Round(0)
	return every - wall.Sub(wall.Truncate(every))
}
