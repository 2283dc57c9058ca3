package access

import (
	"sync"
	"time"
)

// Paces bound how many wrong secrets a key may have given in any while: so many at
// once, and then as many as time lets through. Where Delays refuse whoever gave the
// wrong ones, a pace is shared by all who try: it tells when one more may be checked,
// and they take turns. They live in memory, and go by for how long the box has been on.
type Paces struct {
	atOnce int           // wrong tries that a quiet key may give at once
	every  time.Duration // one more each time this has passed
	keep   int           // keys remembered; the one with the least to forgive makes room

	mu    sync.Mutex
	whole map[string]time.Duration // when all wrong tries of a key are forgiven
}

// NewPaces makes paces that let so many wrong tries through at once, and then one in
// every.
func NewPaces(atOnce int, every time.Duration, keep int) *Paces {
	return &Paces{atOnce: atOnce, every: every, keep: keep, whole: map[string]time.Duration{}}
}

// Wait is how long it takes until one more try of a key may be checked, when the box
// has been on for so long; 0 is not at all.
func (p *Paces) Wait(up time.Duration, key string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.whole[key]-up-time.Duration(p.atOnce-1)*p.every, 0)
}

// Wrong remembers a wrong try.
func (p *Paces) Wrong(up time.Duration, key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.whole[key]; !known && len(p.whole) >= p.keep {
		p.makeRoom(up)
	}
	p.whole[key] = max(p.whole[key], up) + p.every
}

// makeRoom forgets the keys that have nothing to forgive, and at least the one that
// has the least: names that a guesser makes up never make room for the one that it
// guesses at.
func (p *Paces) makeRoom(up time.Duration) {
	var least string
	for key, whole := range p.whole {
		if whole <= up {
			delete(p.whole, key)
		} else if least == "" || whole < p.whole[least] {
			least = key
		}
	}
	if len(p.whole) >= p.keep {
		delete(p.whole, least)
	}
}
