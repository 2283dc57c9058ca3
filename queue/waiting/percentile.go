package waiting

import "slices"

// nearestRank is the place, from 0 in order of length, of the percent-th
// percentile of n waits: ceil(percent*n/100), counted from 1.
func nearestRank(percent, n int) int {
	return max(0, (percent*n+99)/100-1)
}

const (
	binShift = 12   // a bin is 4.096 s wide
	bins     = 4096 // 4 h 39 min; the last bin has all that is longer
	// fewWaits are sorted as they are: clearing the bins would cost more.
	fewWaits = 1024
)

// A picker finds percentiles without sorting all that it is given: it counts
// the waits into bins, and sorts only those in the bins where the ranks fall.
// It is used again and again for the sake of its memory.
type picker struct {
	count  [bins]int32
	chosen []int64
}

func bin(ms int64) int { return int(min(uint64(ms)>>binShift, bins-1)) }

// percentiles are the median and the p90 of n waits, at least one, in parts.
func (p *picker) percentiles(parts [][]int64, n int) (median, p90 int64) {
	medianRank, p90Rank := nearestRank(50, n), nearestRank(90, n)
	p.chosen = p.chosen[:0]
	if n <= fewWaits {
		for _, part := range parts {
			p.chosen = append(p.chosen, part...)
		}
		slices.Sort(p.chosen)
		return p.chosen[medianRank], p.chosen[p90Rank]
	}
	clear(p.count[:])
	for _, part := range parts {
		for _, ms := range part {
			p.count[bin(ms)]++
		}
	}
	medianBin, beforeMedian := p.binOf(medianRank)
	p90Bin, beforeP90 := p.binOf(p90Rank)
	for _, part := range parts {
		for _, ms := range part {
			if b := bin(ms); b == medianBin || b == p90Bin {
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

// binOf is the bin in which a rank falls, and how many waits are in the bins
// before it.
func (p *picker) binOf(rank int) (at, before int) {
	for {
		if next := before + int(p.count[at]); rank < next {
			return at, before
		} else {
			before = next
		}
		at++
	}
}
