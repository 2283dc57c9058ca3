package journal

import (
	"bytes"
	"errors"
	"fmt"
)

// account checks every page of a file: each is used once or free, of a kind
// that fits, and its keys are in order. It does what bbolt's own check does,
// but follows nothing that it has not checked.
func (t *tree) account() error {
	a := newAccountant(t)
	if err := a.freelist(); err != nil {
		return err
	}
	if err := a.visit(t.root, 0, nil, nil); err != nil {
		return err
	}
	for id, used := range a.used {
		if !used {
			return fmt.Errorf("page %d is neither used nor free", id)
		}
	}
	return nil
}

type accountant struct {
	t    *tree
	used []bool
}

func newAccountant(t *tree) *accountant {
	a := &accountant{t: t, used: make([]bool, t.pages)}
	a.used[0], a.used[1] = true, true // the headers
	return a
}

func (a *accountant) use(id, count uint64) error {
	for i := id; i < id+count; i++ {
		if i >= uint64(len(a.used)) {
			return fmt.Errorf("page %d is outside the file", i)
		}
		if a.used[i] {
			return fmt.Errorf("page %d is used twice, or used and free", i)
		}
		a.used[i] = true
	}
	return nil
}

// freelist reads the list of free pages.
func (a *accountant) freelist() error {
	id := a.t.header.freelist
	if id == noFreelist {
		return errors.New("it has no list of free pages")
	}
	if id < 2 || id >= a.t.pages {
		return fmt.Errorf("the list of free pages is outside the file, on page %d", id)
	}
	head := make([]byte, pageHeader+8)
	at := int64(id) * int64(a.t.pageBytes)
	if _, err := a.t.r.ReadAt(head, at); err != nil {
		return fmt.Errorf("reading the list of free pages: %w", err)
	}
	overflow := uint64(order.Uint32(head[12:]))
	if order.Uint64(head) != id || order.Uint16(head[8:]) != flagFreelist || overflow >= a.t.pages-id {
		return fmt.Errorf("page %d is not the list of free pages", id)
	}
	if err := a.use(id, overflow+1); err != nil {
		return err
	}
	// A count that does not fit into its field stands before the list.
	count, skip := uint64(order.Uint16(head[10:])), 0
	if count == 0xFFFF {
		count, skip = order.Uint64(head[pageHeader:]), 8
	}
	room := (overflow+1)*uint64(a.t.pageBytes) - pageHeader - uint64(skip)
	if count > room/8 {
		return fmt.Errorf("the list of free pages says that it has %d", count)
	}
	list := make([]byte, count*8)
	if _, err := a.t.r.ReadAt(list, at+pageHeader+int64(skip)); err != nil {
		return fmt.Errorf("reading the list of free pages: %w", err)
	}
	for ; len(list) > 0; list = list[8:] {
		if err := a.use(order.Uint64(list), 1); err != nil {
			return fmt.Errorf("list of free pages: %w", err)
		}
	}
	return nil
}

// visit accounts for a page and all below it. Its keys are from..until, the
// latter not included; nil is no bound.
func (a *accountant) visit(id uint64, depth int, from, until []byte) error {
	if depth == maxDepth {
		return fmt.Errorf("page %d is deeper than any page can be", id)
	}
	p, err := a.t.load(id)
	if err != nil {
		return err
	}
	if err := a.use(id, p.overflow+1); err != nil {
		return err
	}
	return a.elements(p, depth, from, until)
}

func (a *accountant) elements(p page, depth int, from, until []byte) error {
	for i := range p.count {
		k := p.key(i)
		if i > 0 && bytes.Compare(k, p.key(i-1)) <= 0 || bytes.Compare(k, from) < 0 || until != nil && bytes.Compare(k, until) >= 0 {
			return fmt.Errorf("page %d: its keys are out of order", p.id)
		}
		if !p.leaf {
			end := until
			if i+1 < p.count {
				end = p.key(i + 1)
			}
			if err := a.visit(p.child(i), depth+1, k, end); err != nil {
				return err
			}
			continue
		}
		if !p.bucket(i) {
			continue
		}
		b, err := a.t.nested(p.value(i))
		if err != nil {
			return fmt.Errorf("page %d: %w", p.id, err)
		}
		if b.inline != nil {
			err = a.elements(*b.inline, depth+1, nil, nil)
		} else {
			err = a.visit(b.root, depth+1, nil, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
