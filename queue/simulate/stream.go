package simulate

import (
	"hash/fnv"
	"math/rand/v2"
)

// A stream is a generator of its own for one purpose, so that a draw more in
// one place changes nothing in another.
func stream(seed uint64, purpose string, numbers ...int64) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	for _, n := range numbers {
		var b [8]byte
		for i := range b {
			b[i] = byte(n >> (8 * i))
		}
		h.Write(b[:])
	}
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// between draws evenly from lo to hi, in milliseconds.
func between(r *rand.Rand, lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + r.Int64N(hi-lo+1)
}

// weighted draws an index in proportion to the weights; -1 when all are zero.
func weighted(r *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	last := -1
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		last = i
		if x -= w; x < 0 {
			break
		}
	}
	return last
}
