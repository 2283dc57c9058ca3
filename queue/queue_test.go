package queue

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestQueueIsASortedMap holds a queue against a plain map, over random changes,
// and every queue on the way against what it was when it was made.
func TestQueueIsASortedMap(t *testing.T) {
	type pair struct {
		key    uint64
		ticket TicketID
	}
	pairs := func(q queue) []pair {
		var ps []pair
		for key, id := range q.all {
			ps = append(ps, pair{key, id})
		}
		return ps
	}
	rapid.Check(t, func(r *rapid.T) {
		var q queue
		plain := map[uint64]TicketID{}
		type kept struct {
			queue queue
			pairs []pair
		}
		var older []kept
		for range rapid.IntRange(1, 200).Draw(r, "steps") {
			key := rapid.Uint64Range(0, 60).Draw(r, "key")
			if rapid.IntRange(0, 2).Draw(r, "add") > 0 {
				id := TicketID(rapid.Uint64Range(1, 99).Draw(r, "ticket"))
				q, plain[key] = q.with(key, id, nil, false), id
			} else {
				q = q.without(key, false)
				delete(plain, key)
			}
			var want []pair
			for _, k := range slices.Sorted(maps.Keys(plain)) {
				want = append(want, pair{k, plain[k]})
			}
			got := pairs(q)
			if !slices.Equal(got, want) || q.len() != len(want) {
				r.Fatalf("got %v, want %v", got, want)
			}
			k, id, ok := q.head()
			if ok != (len(want) > 0) || ok && (pair{k, id}) != want[0] {
				r.Fatalf("head %d %d %v of %v", k, id, ok, want)
			}
			probe := rapid.Uint64Range(0, 60).Draw(r, "probe")
			before := 0
			for k := range plain {
				if k < probe {
					before++
				}
			}
			if q.at(probe) != plain[probe] || q.before(probe) != before {
				r.Fatalf("at %d: %d, %d before; want %d, %d", probe, q.at(probe), q.before(probe), plain[probe], before)
			}
			older = append(older, kept{q, got})
		}
		for _, k := range older {
			if !slices.Equal(pairs(k.queue), k.pairs) {
				r.Fatalf("an older queue changed from %v", k.pairs)
			}
		}
		// Equal contents have equal shape, however they came about.
		var again queue
		for _, p := range slices.Backward(pairs(q)) {
			again = again.with(p.key, p.ticket, nil, true)
		}
		if !sameShape(q.root, again.root) {
			r.Fatal("the same contents in another shape")
		}
	})
}

func sameShape(a, b *queueNode) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.key == b.key && a.ticket == b.ticket && a.size == b.size && sameShape(a.left, b.left) && sameShape(a.right, b.right)
}

// TestLineStaysShallow: keys come in ascending order, which is the worst there
// is for a tree without balance.
func TestLineStaysShallow(t *testing.T) {
	var q queue
	for key := range uint64(20_000) {
		q = q.with(arrivalKey(key), TicketID(key), nil, true)
	}
	var depth func(*queueNode) int
	depth = func(n *queueNode) int {
		if n == nil {
			return 0
		}
		return 1 + max(depth(n.left), depth(n.right))
	}
	if d := depth(q.root); d > 50 {
		t.Errorf("20,000 in a queue are %d deep", d)
	}
}

func TestVectorIsASlice(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var v vector[int]
		var plain []int
		// A start just below a full level makes the growth of the root likely.
		for i := range rapid.SampledFrom([]int{0, 31, 1_020}).Draw(r, "start") {
			v, plain = v.with(i, i, true), append(plain, i)
		}
		older, olderPlain := v, slices.Clone(plain)
		for range rapid.IntRange(1, 100).Draw(r, "steps") {
			i, x := rapid.IntRange(-2, len(plain)+2).Draw(r, "at"), rapid.Int().Draw(r, "value")
			if rapid.Bool().Draw(r, "append") {
				i = len(plain)
			}
			v = v.with(i, x, false)
			switch {
			case i == len(plain):
				plain = append(plain, x)
			case i >= 0 && i < len(plain):
				plain[i] = x
			}
			if v.len() != len(plain) {
				r.Fatalf("length %d, want %d", v.len(), len(plain))
			}
		}
		for _, c := range []struct {
			v    vector[int]
			want []int
		}{{v, plain}, {older, olderPlain}} {
			for i, want := range c.want {
				if got := c.v.at(i); got != want {
					r.Fatalf("at %d: %d, want %d", i, got, want)
				}
			}
			if c.v.at(-1) != 0 || c.v.at(len(c.want)) != 0 {
				r.Fatal("there is something beyond the ends")
			}
		}
	})
}
