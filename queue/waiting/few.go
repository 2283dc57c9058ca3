package waiting

import (
	"slices"

	"eliminacode/queue/words"
)

// KeyMerged is the key of the row of all that are of too few desks; no name of a
// setup looks like this.
const KeyMerged = "*"

// LeastDesks is how many desks a row must be of that goes by desks: the figures
// of fewer would be those of their operators.
const LeastDesks = 3

// merged names the row of all that are of too few desks, after those that have a
// name.
var merged = key{rank: 1, key: KeyMerged, label: words.ReportMerged}

// A deskSet is the desks that figures are of, by their number in the report, as
// far as it matters how many there are.
type deskSet []int

func (d *deskSet) add(desk int) {
	if len(*d) < LeastDesks && !slices.Contains(*d, desk) {
		*d = append(*d, desk)
	}
}

func (d *deskSet) join(o deskSet) {
	for _, desk := range o {
		d.add(desk)
	}
}

// parted parts rows, in their order, into those of enough desks and those that
// must be one row together. If these are still of too few desks, the smallest of
// the others joins them: else what they lack could be subtracted from the total.
// One row alone is all there is, and stays.
func parted[R any](rows []R, of func(R) (desks deskSet, size int)) (whole, few []R) {
	var together deskSet
	for _, r := range rows {
		if desks, _ := of(r); len(desks) < LeastDesks {
			few = append(few, r)
			together.join(desks)
		} else {
			whole = append(whole, r)
		}
	}
	if len(few) > 0 && len(together) < LeastDesks && len(whole) > 0 {
		size := func(i int) int {
			_, n := of(whole[i])
			return n
		}
		smallest := 0
		for i := range whole {
			if size(i) < size(smallest) {
				smallest = i
			}
		}
		few = append(few, whole[smallest])
		whole = slices.Delete(whole, smallest, smallest+1)
	}
	if len(few) == 1 {
		return append(whole, few...), nil
	}
	return whole, few
}

// deskNumbers are the numbers in the report of the desks of a sheet.
func (m *maker) deskNumbers(s *Sheet) []int {
	numbers := make([]int, len(s.Desks))
	for i, d := range s.Desks {
		n, known := m.desks[d.ID]
		if !known {
			n = len(m.desks)
			m.desks[d.ID] = n
		}
		numbers[i] = n
	}
	return numbers
}

// withoutFew are the rows of a report by group, in order, when those of too few
// desks are one. The legs that no desk called tell of nobody, and stay.
func withoutFew(rows []*sums) []*sums {
	var out, atDesks []*sums
	for _, t := range rows {
		if len(t.desks) == 0 {
			out = append(out, t)
		} else {
			atDesks = append(atDesks, t)
		}
	}
	whole, few := parted(atDesks, func(t *sums) (deskSet, int) { return t.desks, t.legs() })
	out = append(out, whole...)
	if len(few) > 0 {
		one := &sums{key: merged}
		for _, t := range few {
			one.join(t)
			one.earlier = append(one.earlier, t.parts()...)
		}
		out = append(out, one)
	}
	slices.SortFunc(out, inOrder)
	return out
}
