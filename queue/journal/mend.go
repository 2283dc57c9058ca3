package journal

import (
	"fmt"
	"os"
	"path/filepath"
)

// checkFree makes sure that no page which is in use is also said to be free:
// the next commit would write over it. It reads the branches and not the
// leaves, since it must not make a start wait for a whole month. list is what is
// wrong with the list of free pages, which can be made anew from the pages in
// use; err is what is wrong with those.
func (v *view) checkFree() (list, err error) {
	a := newAccountant(v.tree)
	if err := a.use(v.tree.root, 1); err != nil {
		return nil, v.damaged(0, err)
	}
	events, err := v.events()
	if err != nil {
		return nil, err
	}
	if events.inline == nil {
		c := events.cursor()
		if _, _, err := c.seek(nil); err != nil {
			return nil, v.damaged(0, err)
		}
		if err := a.branches(events.root, len(c.stack)); err != nil {
			return nil, v.damaged(0, err)
		}
	}
	return a.freelist(), nil
}

// forgetFree writes a header that says that there is no list of free pages, as a
// commit writes one: in the place of the older header, so that the one in force
// stays what it is until the new one is whole. bbolt then finds the free pages
// by itself.
func (j *Journal) forgetFree(v *view, why error) error {
	j.log.Warn("making the list of free pages anew", "file", v.name, "err", why)
	f, err := os.OpenFile(filepath.Join(j.dir, v.name), os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("making the list of free pages of %s anew: %w", v.name, err)
	}
	defer f.Close()
	b := make([]byte, pageHeader+metaBytes)
	size := int64(v.tree.pageBytes)
	if _, err = f.ReadAt(b, int64(v.tree.tx%2)*size); err == nil {
		to := v.tree.tx + 1
		order.PutUint64(b, to%2)
		order.PutUint64(b[pageHeader+32:], noFreelist)
		order.PutUint64(b[pageHeader+48:], to)
		order.PutUint64(b[pageHeader+metaSummed:], metaSum(b[pageHeader:]))
		if _, err = f.WriteAt(b, int64(to%2)*size); err == nil {
			err = f.Sync()
		}
	}
	if err != nil {
		return fmt.Errorf("making the list of free pages of %s anew: %w", v.name, err)
	}
	return nil
}

// branches uses the pages of a tree of which all leaves are equally deep.
func (a *accountant) branches(id uint64, height int) error {
	if err := a.use(id, 1); err != nil || height == 1 {
		return err
	}
	p, err := a.t.load(id)
	if err != nil {
		return err
	}
	if p.leaf {
		return fmt.Errorf("page %d is a leaf where a branch belongs", id)
	}
	for i := range p.count {
		if err := a.branches(p.child(i), height-1); err != nil {
			return err
		}
	}
	return nil
}

// salvage finds the events that the bad header of a file led to. bbolt goes on
// with the older header without a word, and what was acknowledged since would
// be given out again. But a commit writes its pages before its header, so the
// events are in the file, and nobody but their writer could have made events
// that continue the chain.
func salvage(dir string, v *view) ([]record, error) {
	f, err := os.Open(filepath.Join(dir, v.name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if older(f, v.tree.header) {
		return nil, nil
	}
	t := &tree{r: f, header: header{pageBytes: v.tree.pageBytes, pages: uint64(info.Size()) / uint64(v.tree.pageBytes)}}
	found := map[Hash][]byte{} // by the hash of the record before
	for id := uint64(2); id < t.pages; id++ {
		p, err := t.load(id)
		if err != nil || !p.leaf {
			continue // free, or of another kind
		}
		for i := range p.count {
			seq, ok := number(p.key(i))
			prev, err := previous(p.value(i))
			if !ok || err != nil || seq <= v.head.Seq {
				continue
			}
			if other := found[prev]; other != nil && string(other) != string(p.value(i)) {
				return nil, v.damaged(seq, fmt.Errorf("%w, and two records claim to be this event", v.spare))
			}
			found[prev] = p.value(i)
		}
	}
	return chain(v.head, found), nil
}

// older tells whether the bad header says that it is the older one. Then the
// good one leads to all that was stored.
func older(f *os.File, good header) bool {
	b := make([]byte, pageHeader+metaBytes)
	// The good header of transaction n stands on page n mod 2.
	if _, err := f.ReadAt(b, int64((good.tx+1)%2)*int64(good.pageBytes)); err != nil {
		return false
	}
	return order.Uint64(b[pageHeader+48:])+1 == good.tx
}

// chain puts records in order, from a head on.
func chain(from head, found map[Hash][]byte) []record {
	var records []record
	for {
		value := found[from.Hash]
		_, e, err := decode(from.Seq+1, value)
		if err != nil {
			return records
		}
		records = append(records, recordOf(e, value))
		from = head{Seq: e.Seq, Hash: hashOf(value)}
	}
}

// mendHeader stores again what a bad header had led to, which also replaces
// the header. A closed file must then end where the next one goes on.
func (j *Journal) mendHeader(l *live, v *view, end head) error {
	records, err := salvage(j.dir, v)
	if err != nil {
		return err
	}
	to := v.head
	if n := len(records); n > 0 {
		to = head{Seq: records[n-1].seq, Hash: hashOf(records[n-1].value)}
	}
	if end != (head{}) && to != end {
		return v.damaged(to.Seq, fmt.Errorf("%w, and what it led to is not found: the next file goes on after event %d", v.spare, end.Seq))
	}
	j.log.Warn("mending a bad header of the journal", "file", v.name, "err", v.spare, "seq", to.Seq, "events", len(records))
	if err := l.commit(records, to); err != nil {
		return fmt.Errorf("mending %s: %w", v.name, err)
	}
	if end == (head{}) {
		j.head = to
	}
	return nil
}

// mendClosed mends a bad header of a month that is not written any more, by what
// the next file says of its end.
func (j *Journal) mendClosed(v *view, next fileMeta) error {
	if j.o.ReadOnly {
		return v.damaged(0, v.spare)
	}
	l, err := j.openLive(v.name, v.meta)
	if err != nil {
		return v.damaged(0, err)
	}
	err = j.mendHeader(l, v, head{Seq: next.First - 1, Hash: next.Prev})
	<-l.retire()
	return err
}
