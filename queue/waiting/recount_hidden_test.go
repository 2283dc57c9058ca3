package waiting

import (
	"maps"
	"slices"

	"eliminacode/queue"
)

// What a recount does not tell, since it would tell of a desk.

// desksOf are the desks of which legs tell something.
func desksOf(groups map[string][]*recounted, tells func(*recounted) bool) int {
	at := map[queue.DeskID]bool{}
	for _, legs := range groups {
		for _, l := range legs {
			if tells(l) {
				at[*l.desk] = true
			}
		}
	}
	return len(at)
}

// anyLeg tells of its desk by being there.
func anyLeg(*recounted) bool { return true }

// such are those legs of groups that are of a kind.
func such(groups map[string][]*recounted, kind func(*recounted) bool) map[string][]*recounted {
	of := map[string][]*recounted{}
	for k, legs := range groups {
		for _, l := range legs {
			if kind(l) {
				of[k] = append(of[k], l)
			}
		}
	}
	return of
}

// fewOf tells whether legs are of fewer than three desks, or what was left out beside them.
func fewOf(legs, gone map[string][]*recounted, tells func(*recounted) bool) bool {
	without := desksOf(gone, tells)
	return desksOf(legs, tells) < 3 || without == 1 || without == 2
}

// smallOf are those groups of a day that are of fewer than three desks, and the one with
// the fewest legs besides while they are not of three together.
func smallOf(inOrder []string, groups, gone map[string][]*recounted, tells func(*recounted) bool) (small map[string][]*recounted) {
	small = map[string][]*recounted{}
	smallGone := map[string][]*recounted{}
	for _, k := range inOrder {
		if one := map[string][]*recounted{k: groups[k]}; len(groups[k]) > 0 && fewOf(one, map[string][]*recounted{k: gone[k]}, tells) {
			small[k], smallGone[k] = groups[k], gone[k]
		}
	}
	for len(small) > 0 && fewOf(small, smallGone, tells) {
		smallest := ""
		for _, k := range inOrder {
			if _, is := small[k]; !is && len(groups[k]) > 0 && (smallest == "" || len(groups[k]) < len(groups[smallest])) {
				smallest = k
			}
		}
		if smallest == "" {
			break
		}
		small[smallest], smallGone[smallest] = groups[smallest], gone[smallest]
	}
	return small
}

// moveSmall puts, of each day, what such legs of small groups there are into one group, and
// tells which groups those were.
func moveSmall(inOrder []string, groups, gone map[string][]*recounted, dates map[string]bool, kind func(*recounted) bool) (moved map[string]map[string]bool) {
	counted := such(groups, kind)
	moved = map[string]map[string]bool{}
	for day := range dates {
		moved[day] = map[string]bool{}
		for k, legs := range smallOf(inOrder, only(counted, day), only(gone, day), anyLeg) {
			moved[day][k] = true
			if k == "*" {
				continue
			}
			groups["*"] = append(groups["*"], legs...)
			groups[k] = slices.DeleteFunc(groups[k], func(l *recounted) bool { return slices.Contains(legs, l) })
			if len(groups[k]) == 0 {
				delete(groups, k)
			}
		}
	}
	return moved
}

// regrouped has what was left out where what it was left out of was moved to.
func regrouped(gone map[string][]*recounted, moved map[string]map[string]bool) map[string][]*recounted {
	to := map[string][]*recounted{}
	for k, legs := range gone {
		for _, l := range legs {
			if l.desk != nil && moved[l.day][k] {
				to["*"] = append(to["*"], l)
			} else {
				to[k] = append(to[k], l)
			}
		}
	}
	return to
}

// hiddenOf are the legs whose time is not told in the row of a group, or in the total.
func hiddenOf(inOrder []string, groups, gone map[string][]*recounted, dates map[string]bool, counts, known func(*recounted) bool) map[string][]*recounted {
	hidden, counted := map[string][]*recounted{}, such(groups, counts)
	lacks := such(gone, func(l *recounted) bool { return l.desk != nil && known(l) })
	for day := range dates {
		today, out := only(counted, day), only(lacks, day)
		if small := smallOf(inOrder, today, out, known); !fewOf(today, out, known) {
			today = small
		} else {
			hidden["total"] = append(hidden["total"], slices.Concat(slices.Collect(maps.Values(today))...)...)
		}
		for k, legs := range today {
			hidden[k] = append(hidden[k], legs...)
		}
	}
	return hidden
}

// recountParts tells where those legs of a day that desks had may be told apart.
func recountParts(legs []*recounted, such, one func(*recounted) bool) int {
	var at [2][]queue.DeskID
	for _, l := range legs {
		if l.desk != nil && such(l) {
			at[map[bool]int{true: 1}[one(l)]] = append(at[map[bool]int{true: 1}[one(l)]], *l.desk)
		}
	}
	if len(at[0]) == 0 || len(at[1]) == 0 {
		return 2
	}
	for _, desks := range at {
		different := slices.Compact(slices.Sorted(slices.Values(desks)))
		for _, d := range different {
			others := 0
			for _, o := range desks {
				if o != d {
					others++
				}
			}
			if len(different) < 3 || len(desks)-others > others {
				return 0
			}
		}
	}
	return 1
}
