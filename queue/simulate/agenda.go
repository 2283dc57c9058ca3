package simulate

import "container/heap"

// An agenda is what people are going to do, by time; of the same time, what
// was written down first.
type agenda struct {
	items []item
	wrote uint64
}

type item struct {
	at    int64 // office time
	order uint64
	run   func(*turn)
}

func (a *agenda) add(at int64, run func(*turn)) {
	a.wrote++
	heap.Push(a, item{at: at, order: a.wrote, run: run})
}

// next is when the first thing is due.
func (a *agenda) next() (at int64, ok bool) {
	if len(a.items) == 0 {
		return 0, false
	}
	return a.items[0].at, true
}

func (a *agenda) take() item { return heap.Pop(a).(item) }

// Len, Less, Swap, Push and Pop are for container/heap.
func (a *agenda) Len() int { return len(a.items) }

// Less orders by time, then by writing.
func (a *agenda) Less(i, j int) bool {
	x, y := a.items[i], a.items[j]
	return x.at < y.at || x.at == y.at && x.order < y.order
}

// Swap is for container/heap.
func (a *agenda) Swap(i, j int) { a.items[i], a.items[j] = a.items[j], a.items[i] }

// Push is for container/heap.
func (a *agenda) Push(x any) { a.items = append(a.items, x.(item)) }

// Pop is for container/heap.
func (a *agenda) Pop() any {
	last := a.items[len(a.items)-1]
	a.items[len(a.items)-1] = item{}
	a.items = a.items[:len(a.items)-1]
	return last
}
