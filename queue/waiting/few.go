package waiting

import (
	"cmp"
	"slices"

	"eliminacode/queue/words"
)

// What a row tells of fewer than three desks it tells of their operators. Desks are
// counted day by day, and a row is the sum of what may be told of each of its days:
// were they counted over the whole range, the reports of two ranges that differ by one
// day could be subtracted, and the desk that worked alone on that day be read.

// KeyMerged is the key of the row of all that are of too few desks; no name of a
// setup looks like this.
const KeyMerged = "*"

// LeastDesks is how many desks must have worked on a day in what a row tells of
// desks: the figures of fewer would be those of their operators.
const LeastDesks = 3

// merged names the row of all that are of too few desks, after those that have a
// name.
var merged = key{rank: 1, key: KeyMerged, label: words.ReportMerged}

// A deskSet is the desks that figures of a day are of, by their place in its sheet, as
// far as it matters how many there are.
type deskSet struct {
	desks [LeastDesks]uint16
	n     int
}

// add is small enough to be inlined: most desks are those of the legs before.
func (d *deskSet) add(desk int) {
	if d.n < LeastDesks {
		d.note(uint16(desk))
	}
}

func (d *deskSet) note(desk uint16) {
	if !slices.Contains(d.desks[:d.n], desk) {
		d.desks[d.n] = desk
		d.n++
	}
}

func (d *deskSet) join(o deskSet) {
	for _, desk := range o.desks[:o.n] {
		d.add(int(desk))
	}
}

// A weight is of whom a figure tells, and of how much.
type weight struct {
	desks deskSet
	// gone are the desks of what was left out on demand: a report with it and one
	// without it can be subtracted.
	gone deskSet
	size int
}

func (w *weight) join(o weight) {
	w.desks.join(o.desks)
	w.gone.join(o.gone)
	w.size += o.size
}

// few tells whether a figure is of too few desks, or what was left out of it.
func (w weight) few() bool {
	return w.desks.n < LeastDesks || w.gone.n > 0 && w.gone.n < LeastDesks
}

// tooFew marks, of figures of one day, those that must not be told apart. While these
// are of too few desks together, the smallest of the others is too: else what they
// lack could be subtracted from the total. Of two that are as small it is the one whose
// key is first. What is of nobody is not marked.
func tooFew(of []weight, keyOf func(int) key) []bool {
	few := make([]bool, len(of))
	var together weight
	for i, w := range of {
		if w.size > 0 && w.few() {
			few[i] = true
			together.join(w)
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
		few[smallest] = true
		together.join(of[smallest])
	}
	return few
}

// mergeGroups finds, in a sheet whose rows are groups of desks, the cell that each
// desk's legs are counted in: the first of its group, or the one after those of the
// sheet when the group is among those of too few desks.
func (m *maker) mergeGroups(s *Sheet) {
	at := map[string]int{} // the place of a group, by its key
	var groups []weight
	var keys []key
	place := make([]int, len(s.Desks))
	for i := range s.Desks {
		k := groupKey(s, i)
		g, known := at[k.key]
		if !known {
			g = len(groups)
			at[k.key] = g
			groups, keys = append(groups, weight{}), append(keys, k)
		}
		place[i] = g
	}
	for i := range s.Len() {
		r := s.row(i)
		if desk := r.u16(atDesk); desk != noDesk && !m.leavesOut(r) {
			groups[place[desk]].desks.add(desk)
			groups[place[desk]].size++
		}
	}
	few := tooFew(groups, func(i int) key { return keys[i] })
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
