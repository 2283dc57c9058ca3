package simulate

import "slices"

// An agenda is what people are going to do, the next thing last; of the same
// time, what was written down first comes first.
type agenda []item

type item struct {
	at  int64 // office time
	run func(*turn)
}

func (a *agenda) add(at int64, run func(*turn)) {
	i, _ := slices.BinarySearchFunc(*a, at, func(x item, at int64) int {
		if x.at > at {
			return -1
		}
		return 1
	})
	*a = slices.Insert(*a, i, item{at, run})
}

// next is when the first thing is due.
func (a agenda) next() (at int64, ok bool) {
	if len(a) == 0 {
		return 0, false
	}
	return a[len(a)-1].at, true
}

func (a *agenda) take() item {
	last := len(*a) - 1
	next := (*a)[last]
	*a = slices.Delete(*a, last, last+1)
	return next
}
