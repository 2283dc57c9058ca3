package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sort"
)

// maxDepth is deeper than any tree of a file that fits on a disk.
const maxDepth = 24

// A tree reads the buckets of a bbolt file at one transaction. It reads with
// plain reads and checks what it follows, so that a damaged page is an error
// and neither a fault nor an endless walk.
type tree struct {
	r io.ReaderAt
	header
	room *room // where pages are read to; nil is new memory for each
}

// readTree is the tree of a file that nobody writes. spare is what is wrong with
// the header that is not in force.
func readTree(f *os.File) (t *tree, spare, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	h, err, spare := readHeaders(f, info.Size())
	return &tree{r: f, header: h}, spare, err
}

// A room is memory for pages that are used up before others are read into it.
type room struct {
	least     int // bytes that it is made of
	free, all []byte
}

// empty gives all of the room free again.
func (r *room) empty() {
	if r != nil {
		r.free = r.all
	}
}

func (r *room) take(n int) []byte {
	if r == nil {
		return make([]byte, n)
	}
	if len(r.free) < n {
		r.all = make([]byte, max(n, r.least))
		r.free = r.all
	}
	b := r.free[:n:n]
	r.free = r.free[n:]
	return b
}

// load reads a page with all that it overflows into.
func (t *tree) load(id uint64) (page, error) {
	if id < 2 || id >= t.pages {
		return page{}, fmt.Errorf("page %d is outside the file's %d pages", id, t.pages)
	}
	b := t.room.take(t.pageBytes)
	if _, err := t.r.ReadAt(b, int64(id)*int64(t.pageBytes)); err != nil {
		return page{}, fmt.Errorf("reading page %d: %w", id, err)
	}
	if overflow := uint64(order.Uint32(b[12:])); overflow > 0 && order.Uint64(b) == id {
		if overflow >= t.pages-id {
			return page{}, fmt.Errorf("page %d overflows the file", id)
		}
		whole := t.room.take((int(overflow) + 1) * t.pageBytes)
		n := copy(whole, b)
		if _, err := t.r.ReadAt(whole[n:], int64(id+1)*int64(t.pageBytes)); err != nil {
			return page{}, fmt.Errorf("reading page %d: %w", id, err)
		}
		b = whole
	}
	return parsePage(b, id)
}

// A bucket is a sorted set of keys with values.
type bucket struct {
	t      *tree
	root   uint64
	inline *page // for a small bucket, which has no pages of its own
}

// bucket finds a top-level bucket; ok is false when there is none.
func (t *tree) bucket(name string) (b bucket, ok bool, err error) {
	c := bucket{t: t, root: t.root}.cursor()
	k, v, err := c.seek([]byte(name))
	if err != nil || string(k) != name {
		return b, false, err
	}
	if !c.atBucket() {
		return b, false, fmt.Errorf("%s is not a bucket", name)
	}
	b, err = t.nested(v)
	return b, err == nil, err
}

// nested reads the value that describes a bucket.
func (t *tree) nested(v []byte) (bucket, error) {
	if len(v) < bucketHeader {
		return bucket{}, errors.New("a bucket's description is cut off")
	}
	b := bucket{t: t, root: order.Uint64(v)}
	if b.root == 0 {
		p, err := parsePage(v[bucketHeader:], 0)
		if err != nil {
			return bucket{}, fmt.Errorf("inline bucket: %w", err)
		}
		if !p.leaf {
			return bucket{}, errors.New("an inline bucket is not a leaf")
		}
		b.inline = &p
	}
	return b, nil
}

// get is the value of a key, or nil.
func (b bucket) get(k []byte) ([]byte, error) {
	found, v, err := b.cursor().seek(k)
	if err != nil || !bytes.Equal(found, k) {
		return nil, err
	}
	return v, nil
}

// An entry is a key of a bucket with its value.
type entry struct{ key, value []byte }

// from yields what is in the bucket from a key on, in order. An error is the last
// thing it yields.
func (b bucket) from(k []byte) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		c := b.cursor()
		for k, value, err := c.seek(k); k != nil || err != nil; k, value, err = c.next() {
			if !yield(entry{k, value}, err) || err != nil {
				return
			}
		}
	}
}

// A cursor walks a bucket in the order of its keys. What it answers may be
// kept, unless its tree reads into a room: it is never written again.
type cursor struct {
	b     bucket
	stack []step
	last  []byte // the key before, which the next one must exceed
}

type step struct {
	p page
	i int
}

func (b bucket) cursor() *cursor { return &cursor{b: b} }

// seek goes to the first key that is not before k; the key is nil at the end.
func (c *cursor) seek(k []byte) (found, value []byte, err error) {
	return c.descend(func(p page) int {
		i := sort.Search(p.count, func(i int) bool { return bytes.Compare(p.key(i), k) >= 0 })
		if !p.leaf && (i == p.count || !bytes.Equal(p.key(i), k)) && i > 0 {
			i-- // the branch before may lead to k
		}
		return i
	})
}

// end goes to the last key; it is nil in an empty bucket.
func (c *cursor) end() (found, value []byte, err error) {
	return c.descend(func(p page) int { return max(0, p.count-1) })
}

func (c *cursor) descend(choose func(page) int) (found, value []byte, err error) {
	c.stack, c.last = c.stack[:0], nil
	if err := c.down(c.b.root, choose); err != nil {
		return nil, nil, err
	}
	return c.here()
}

// down goes from a page to a leaf.
func (c *cursor) down(id uint64, choose func(page) int) error {
	for {
		p, err := c.load(id)
		if err != nil {
			return err
		}
		c.stack = append(c.stack, step{p: p, i: choose(p)})
		if p.leaf {
			return nil
		}
		id = p.child(c.stack[len(c.stack)-1].i)
	}
}

func (c *cursor) load(id uint64) (page, error) {
	if c.b.inline != nil && len(c.stack) == 0 {
		return *c.b.inline, nil
	}
	if len(c.stack) == maxDepth {
		return page{}, fmt.Errorf("page %d is deeper than any page can be", id)
	}
	for _, s := range c.stack {
		if s.p.id == id {
			return page{}, fmt.Errorf("page %d leads back to itself", id)
		}
	}
	return c.b.t.load(id)
}

// here is the key at the cursor, or the first one after it.
func (c *cursor) here() (found, value []byte, err error) {
	top := &c.stack[len(c.stack)-1]
	if top.i >= top.p.count {
		return c.up()
	}
	k := top.p.key(top.i)
	if c.last != nil && bytes.Compare(k, c.last) <= 0 {
		return nil, nil, fmt.Errorf("page %d: its keys are out of order", top.p.id)
	}
	c.last = k
	return k, top.p.value(top.i), nil
}

// next goes to the key after the present one; it is nil at the end.
func (c *cursor) next() (found, value []byte, err error) {
	c.stack[len(c.stack)-1].i++
	return c.here()
}

// up leaves an exhausted leaf for the next one.
func (c *cursor) up() (found, value []byte, err error) {
	for len(c.stack) > 1 {
		c.stack = c.stack[:len(c.stack)-1]
		top := &c.stack[len(c.stack)-1]
		if top.i++; top.i < top.p.count {
			if err := c.down(top.p.child(top.i), func(page) int { return 0 }); err != nil {
				return nil, nil, err
			}
			if leaf := c.stack[len(c.stack)-1].p; leaf.count == 0 {
				return nil, nil, fmt.Errorf("page %d is an empty leaf", leaf.id)
			}
			return c.here()
		}
	}
	return nil, nil, nil
}

// atBucket tells whether the cursor stands on a bucket.
func (c *cursor) atBucket() bool {
	top := c.stack[len(c.stack)-1]
	return top.i < top.p.count && top.p.bucket(top.i)
}
