package waiting

import (
	"cmp"
	"math/bits"

	"eliminacode/queue/words"
)

// What a row tells of fewer than three desks it tells of their operators. Desks are
// counted day by day, and a row is the sum of what may be told of each of its days:
// were they counted over the whole range, the reports of two ranges that differ by one
// day could be subtracted, and the desk that worked alone on that day be read. Of a
// day that goes on two reports differ by one service, which the hall saw called to its
// desk; so none of it is told before the day is closed.

// KeyMerged is the key of the row of all that are of too few desks; no name of a
// setup looks like this.
const KeyMerged = "*"

// LeastDesks is how many desks must have worked on a day in what a row tells of
// desks: the figures of fewer would be those of their operators.
const LeastDesks = 3

// merged names the row of all that are of too few desks, after those that have a
// name.
var merged = key{rank: 1, key: KeyMerged, label: words.ReportMerged}

// A deskSet is the desks that figures of a day are of, by their place in its sheet: a
// bit each.
type deskSet []uint64

// wordsFor is the length of a set of so many desks.
func wordsFor(desks int) int { return max(1, (desks+63)/64) }

// add puts a desk into the set when n is 1, and does nothing when it is 0.
func (d deskSet) add(desk, n int) { d[desk>>6] |= uint64(n) << (desk & 63) }

func (d deskSet) join(o deskSet) {
	for i, word := range o {
		d[i] |= word
	}
}

// len is how many desks there are.
func (d deskSet) len() (n int) {
	for _, word := range d {
		n += bits.OnesCount64(word)
	}
	return n
}

// A weight is of whom a figure tells, and of how much.
type weight struct {
	desks deskSet
	// gone are the desks of what was left out on demand: a report with it and one
	// without it can be subtracted.
	gone deskSet
	size int
}

// newWeight is nothing, with sets of so many words.
func newWeight(words int) weight {
	sets := make(deskSet, 2*words)
	return weight{desks: sets[:words:words], gone: sets[words:]}
}

func (w *weight) join(o *weight) {
	w.desks.join(o.desks)
	w.gone.join(o.gone)
	w.size += o.size
}

func (w *weight) clear() {
	clear(w.desks)
	clear(w.gone)
	w.size = 0
}

// few tells whether a figure is of too few desks, or what was left out of it.
func (w *weight) few() bool {
	gone := w.gone.len()
	return w.desks.len() < LeastDesks || gone > 0 && gone < LeastDesks
}

// tooFew appends to few, for figures of one day, which must not be told apart. While
// these are of too few desks together, the smallest of the others is too: else what
// they lack could be subtracted from the total. Of two that are as small it is the one
// whose key is first. What is of nobody is not marked.
func tooFew(few []bool, of []*weight, keyOf func(int) key) []bool {
	var together weight
	mark := func(i int) {
		few[i] = true
		if together.desks == nil {
			together = newWeight(len(of[i].desks))
		}
		together.join(of[i])
	}
	few = append(few, make([]bool, len(of))...)
	for i, w := range of {
		if w.size > 0 && w.few() {
			mark(i)
		}
	}
	for together.size > 0 && together.few() {
		smallest := -1
		for i, w := range of {
			if w.size == 0 || few[i] {
				continue
			}
			if smallest < 0 || cmp.Or(cmp.Compare(w.size, of[smallest].size), keyOf(i).compare(keyOf(smallest))) < 0 {
				smallest = i
			}
		}
		if smallest < 0 {
			break
		}
		mark(smallest)
	}
	return few
}

// mergeGroups finds, in a sheet whose rows are groups of desks, the cell that each
// desk's legs are counted in: the first of its group, or the one after those of the
// sheet when the group is among those of too few desks.
func (m *maker) mergeGroups(s *Sheet) {
	at := map[string]int{} // the place of a group, by its key
	var groups []*weight
	var keys []key
	place := make([]int, len(s.Desks))
	for i := range s.Desks {
		k := groupKey(s, i)
		g, known := at[k.key]
		if !known {
			g = len(groups)
			at[k.key] = g
			w := newWeight(wordsFor(len(s.Desks)))
			groups, keys = append(groups, &w), append(keys, k)
		}
		place[i] = g
	}
	for i := range s.Len() {
		r := s.row(i)
		if desk := r.u16(atDesk); desk != noDesk && !m.leavesOut(rulingOf(r)) {
			groups[place[desk]].desks.add(desk, 1)
			groups[place[desk]].size++
		}
	}
	few := tooFew(nil, groups, func(i int) key { return keys[i] })
	first := make([]int, len(groups))
	m.merged = len(s.Desks) + 1
	m.place = append(m.place[:0], 0) // what no desk called tells of nobody
	for i, g := range place {
		if first[g] == 0 {
			first[g] = i + 1
		}
		if few[g] {
			m.place = append(m.place, m.merged)
		} else {
			m.place = append(m.place, first[g])
		}
	}
}
