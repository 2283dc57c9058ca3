package waiting

import (
	"math/bits"
	"slices"
)

// nearestRank is the place, from 0 in order of length, of the percent-th
// percentile of n waits: ceil(percent*n/100), counted from 1.
func nearestRank(percent, n int) int { return max(0, (percent*n+99)/100-1) }

const (
	// fewWaits are sorted as they are, and below manyWaits a small number of
	// bins does: clearing more would cost more than it saves.
	fewWaits  = 64
	manyWaits = 4096

	smallBinBits = 8
	largeBinBits = 12
)

// A picker finds percentiles without sorting all that it is given: it counts
// the waits into equal bins up to the longest, and sorts only those in the bins
// where the ranks fall. When one absurd wait leaves the others in one bin, this
// is an ordinary sort. It is used again and again for the sake of its memory.
type picker struct {
	count  [1 << largeBinBits]int32
	chosen []int64
}

// percentiles are the median and the p90 of n waits, at least one and none
// below zero or above longest, in parts.
func (p *picker) percentiles(parts [][]int64, n int, longest int64) (median, p90 int64) {
	medianRank, p90Rank := nearestRank(50, n), nearestRank(90, n)
	p.chosen = p.chosen[:0]
	if n <= fewWaits {
		for _, part := range parts {
			p.chosen = append(p.chosen, part...)
		}
		slices.Sort(p.chosen)
		return p.chosen[medianRank], p.chosen[p90Rank]
	}
	shift := p.fill(parts, n, longest)
	medianBin, beforeMedian := p.binOf(medianRank)
	p90Bin, beforeP90 := p.binOf(p90Rank)
	for _, part := range parts {
		for _, ms := range part {
			if b := int(uint64(ms) >> shift); b == medianBin || b == p90Bin {
				p.chosen = append(p.chosen, ms)
			}
		}
	}
	slices.Sort(p.chosen)
	median = p.chosen[medianRank-beforeMedian]
	if p90Bin != medianBin {
		// What was chosen for the median stands before what was for the p90.
		beforeP90 -= int(p.count[medianBin])
	}
	return median, p.chosen[p90Rank-beforeP90]
}

// fill counts the waits into bins; the bin of a wait is the wait shifted right.
func (p *picker) fill(parts [][]int64, n int, longest int64) (shift int) {
	binBits := smallBinBits
	if n >= manyWaits {
		binBits = largeBinBits
	}
	clear(p.count[:1<<binBits])
	shift = max(0, bits.Len64(uint64(longest))-binBits)
	for _, part := range parts {
		for _, ms := range part {
			p.count[uint64(ms)>>shift&(1<<largeBinBits-1)]++
		}
	}
	return shift
}

// binOf is the bin in which a rank falls, and how many waits are in the bins
// before it.
func (p *picker) binOf(rank int) (at, before int) {
	for before+int(p.count[at]) <= rank {
		before += int(p.count[at])
		at++
	}
	return at, before
}
