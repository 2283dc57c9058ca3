package queue

import "iter"

// vector is a persistent sequence: an append or a change makes a new vector
// and shares all but one path with the old one, so that its cost does not grow
// with what it holds. The zero vector is empty.
type vector[T any] struct {
	n     int
	depth int // levels above the leaves
	root  *vectorNode[T]
}

const (
	vectorBits = 5
	vectorWide = 1 << vectorBits
)

type vectorNode[T any] struct {
	below  []*vectorNode[T] // of a branch
	values []T              // of a leaf
}

func (v vector[T]) len() int { return v.n }

// at is the i-th element, or the zero T when there is none.
func (v vector[T]) at(i int) (t T) {
	if i < 0 || i >= v.n {
		return t
	}
	return v.leaf(i).values[i&(vectorWide-1)]
}

func (v vector[T]) leaf(i int) *vectorNode[T] {
	n := v.root
	for d := v.depth; d > 0; d-- {
		n = n.below[i>>(d*vectorBits)&(vectorWide-1)]
	}
	return n
}

// runs are the elements in order, in the leaves they stand in. same says that the
// other vector has the very same leaf there, and so the same elements: none is
// changed in place while two vectors hold it.
func (v vector[T]) runs(other vector[T]) iter.Seq2[[]T, bool] {
	return func(yield func(run []T, same bool) bool) {
		for i := 0; i < v.n; i += vectorWide {
			leaf := v.leaf(i)
			same := i < other.n && other.leaf(i) == leaf
			if !yield(leaf.values[:len(leaf.values):len(leaf.values)], same) {
				return
			}
		}
	}
}

// with is the vector in which the i-th element is t; i may be the length,
// which appends. Where nobody else holds the vector, an element that is there
// already is replaced in place.
func (v vector[T]) with(i int, t T, inPlace bool) vector[T] {
	switch {
	case i < 0 || i > v.n:
		return v
	case i < v.n && inPlace:
		v.leaf(i).values[i&(vectorWide-1)] = t
		return v
	case i == v.n:
		if v.root != nil && v.n == 1<<((v.depth+1)*vectorBits) {
			v.root = &vectorNode[T]{below: []*vectorNode[T]{v.root}}
			v.depth++
		}
		v.n++
	}
	v.root = v.root.with(v.depth, i, t)
	return v
}

func (n *vectorNode[T]) with(depth, i int, t T) *vectorNode[T] {
	made := &vectorNode[T]{}
	at := i >> (depth * vectorBits) & (vectorWide - 1)
	if depth == 0 {
		if n != nil {
			made.values = extended(n.values, at)
		} else {
			made.values = make([]T, 1)
		}
		made.values[at] = t
		return made
	}
	var child *vectorNode[T]
	if n != nil {
		made.below = extended(n.below, at)
		child = made.below[at]
	} else {
		made.below = make([]*vectorNode[T], 1)
	}
	made.below[at] = child.with(depth-1, i, t)
	return made
}

// extended copies s, with room for index at.
func extended[T any](s []T, at int) []T {
	c := make([]T, max(len(s), at+1))
	copy(c, s)
	return c
}
