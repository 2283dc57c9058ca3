package access

import (
	"net/netip"
	"sync"
	"time"
)

// Delays slow down whoever gives wrong secrets: after a few free tries each
// wrong one doubles how long the next must wait, up to a bound. A key names who tries,
// not only who they say they are: else anybody could keep up the delay of anybody
// else. They live in memory, and go by
// for how long the box has been on: no clock that is set makes them longer or shorter.
type Delays struct {
	free    int           // wrong tries that cost nothing
	most    time.Duration // the longest delay
	forgive time.Duration // one wrong try is forgiven each time this has passed
	keep    int           // keys remembered; the one quiet for longest makes room

	mu    sync.Mutex
	tries map[string]tried
}

type tried struct {
	wrong int
	last  time.Duration
}

// NewDelays makes delays that begin after so many free tries, grow to most, and
// forgive one wrong try for each forgive that passes without another.
func NewDelays(free int, most, forgive time.Duration, keep int) *Delays {
	return &Delays{free: free, most: most, forgive: forgive, keep: keep, tries: map[string]tried{}}
}

// Wait is how long a key must still wait before its next try, when the box has been
// on for so long; 0 is not at all.
func (d *Delays) Wait(up time.Duration, key string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, known := d.tries[key]
	if !known {
		return 0
	}
	// Who has waited for a turn may hold an older reading than the last wrong try.
	return max(d.after(t.wrong)-max(up-t.last, 0), 0)
}

// after is the delay after so many wrong tries.
func (d *Delays) after(wrong int) time.Duration {
	n := wrong - d.free
	if n < 0 {
		return 0
	}
	if n > 30 {
		return d.most
	}
	return min(time.Second<<n, d.most)
}

// Wrong remembers a wrong try.
func (d *Delays) Wrong(up time.Duration, key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, known := d.tries[key]
	if !known && len(d.tries) >= d.keep {
		d.makeRoom(up)
	}
	if known {
		up = max(up, t.last)
	}
	d.tries[key] = tried{d.left(t, up) + 1, up}
}

// Left is how many wrong tries of a key are not forgiven yet.
func (d *Delays) Left(up time.Duration, key string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.left(d.tries[key], up)
}

// left are the wrong tries that are not forgiven yet.
func (d *Delays) left(t tried, up time.Duration) int {
	return max(t.wrong-int((up-t.last)/d.forgive), 0)
}

// makeRoom forgets the keys whose wrong tries are forgiven, and at least the one that has
// been quiet for longest.
func (d *Delays) makeRoom(up time.Duration) {
	var quiet string
	var since time.Duration
	for key, t := range d.tries {
		if d.left(t, up) == 0 {
			delete(d.tries, key)
		} else if quiet == "" || t.last < since {
			quiet, since = key, t.last
		}
	}
	if len(d.tries) >= d.keep {
		delete(d.tries, quiet)
	}
}

// Right forgets the wrong tries of a key.
func (d *Delays) Right(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.tries, key)
}

// Place is the part of an address that somebody keeps: a whole IPv4 address, or
// the network of an IPv6 one, within which a machine takes what it likes.
func Place(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address[:min(len(address), 64)]
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
