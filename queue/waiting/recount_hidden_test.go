package waiting

import (
	"maps"
	"slices"

	"eliminacode/queue"
)

// What a recount does not tell, since it would tell of a desk.

func desksOf(groups map[string][]*recounted) int {
	at := map[queue.DeskID]bool{}
	for _, legs := range groups {
		for _, l := range legs {
			at[*l.desk] = true
		}
	}
	return len(at)
}

// smallOf are those groups of a day that are of fewer than three desks, and the one with
// the fewest legs besides while they are not of three together.
func smallOf(inOrder []string, groups map[string][]*recounted) (small map[string][]*recounted) {
	small = map[string][]*recounted{}
	smallest := ""
	for _, k := range inOrder {
		switch {
		case len(groups[k]) == 0:
		case desksOf(map[string][]*recounted{k: groups[k]}) < 3:
			small[k] = groups[k]
		case smallest == "" || len(groups[k]) < len(groups[smallest]):
			smallest = k
		}
	}
	if len(small) > 0 && desksOf(small) < 3 && smallest != "" {
		small[smallest] = groups[smallest]
	}
	return small
}

// moveSmall puts, of each day, what such legs of small groups there are into one group.
func moveSmall(inOrder []string, groups map[string][]*recounted, dates map[string]bool, such func(*recounted) bool) {
	counted := map[string][]*recounted{}
	for k, legs := range groups {
		for _, l := range legs {
			if such(l) {
				counted[k] = append(counted[k], l)
			}
		}
	}
	for day := range dates {
		for k, legs := range smallOf(inOrder, only(counted, day)) {
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
}

// hiddenOf are the legs whose time is not told in the row of a group, or in the total.
func hiddenOf(inOrder []string, groups map[string][]*recounted, dates map[string]bool, known func(*recounted) bool) map[string][]*recounted {
	hidden, counted := map[string][]*recounted{}, map[string][]*recounted{}
	for k, legs := range groups {
		for _, l := range legs {
			if known(l) {
				counted[k] = append(counted[k], l)
			}
		}
	}
	for day := range dates {
		today := only(counted, day)
		if small := smallOf(inOrder, today); desksOf(today) >= 3 {
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
