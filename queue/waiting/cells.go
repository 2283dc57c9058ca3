package waiting

// A cellTable is the cells of the present sheet. Between sheets all are empty.
type cellTable struct {
	cells []cellSums
	inUse []int // those in which there is something, by their place
	words int   // of a deskSet

	// Of settle, kept for their memory.
	weights []*weight
	few     []bool
	all     weight
}

// A cellSums is a cell of the present sheet: what it tells of desks, until it is known
// whether it is of enough of them.
type cellSums struct {
	of            *sums // nil until the first leg
	walk, service timed
	told          telling
	used          bool
}

// lay makes room for so many cells, of a sheet with so many desks.
func (c *cellTable) lay(cells, desks int) {
	if words := wordsFor(desks); words != c.words || cells > len(c.cells) {
		*c = cellTable{cells: make([]cellSums, cells), words: words, all: newWeight(words)}
	}
}

// used is a cell in which there is something now.
func (c *cellTable) used(at int) *cellSums {
	cell := &c.cells[at]
	if !cell.used {
		cell.used = true
		c.inUse = append(c.inUse, at)
		for _, w := range cell.weights() {
			if w.desks == nil {
				*w = newWeight(c.words)
			}
		}
	}
	return cell
}

// clear empties the cells.
func (c *cellTable) clear() {
	for _, at := range c.inUse {
		cell := &c.cells[at]
		cell.of, cell.used = nil, false
		cell.walk.ms, cell.service.ms, cell.service.untimed = 0, 0, 0
		cell.told.outcomes, cell.told.categories = outcomeTally{}, categoryTally{}
		for _, w := range cell.weights() {
			w.clear()
		}
	}
	c.inUse = c.inUse[:0]
}

func (c *cellSums) weights() [3]*weight {
	return [...]*weight{&c.walk.weight, &c.service.weight, &c.told.weight}
}

// leave notes that there was something to tell of a leg that is left out.
func (c *cellSums) leave(is ruling, desk int) {
	c.service.gone.add(desk, is.n(isServed))
	c.walk.gone.add(desk, is.n(isWalked))
	c.told.gone.add(desk, is.n(isEnded))
}

// tooFew marks, of what the cells in use tell, in their order, what must not be told
// apart, and tells what all of it weighs together.
func (c *cellTable) tooFew(of func(*cellSums) *weight) (few []bool, all *weight) {
	c.weights = c.weights[:0]
	c.all.clear()
	for _, at := range c.inUse {
		w := of(&c.cells[at])
		c.weights = append(c.weights, w)
		c.all.join(w)
	}
	c.few = tooFew(c.few[:0], c.weights, func(i int) key { return c.cells[c.inUse[i]].of.key })
	return c.few, &c.all
}

// A timed is how long something took at desks. How often nobody knows how long must not
// be told: such are in its size, and at no desk, since their time tells of none.
type timed struct {
	weight
	ms      int64 // of those of known time
	untimed int
}

// add counts a time at a desk, once or not at all.
func (t *timed) add(desk int, ms int64, n int) {
	t.ms += ms * int64(n)
	t.size += n
	t.desks.add(desk, n)
}

// addUntimed counts one of unknown time, once or not at all.
func (t *timed) addUntimed(n int) {
	t.untimed += n
	t.size += n
}

// filled is how long all took, when one of unknown time took so long as typical.
func (t *timed) filled(typical int64) int64 { return t.ms + int64(t.untimed)*typical }

// A spent is what may be told of how long something took at desks.
type spent struct {
	ms  int64
	n   int
	few int // of too few desks, and in nothing else
}

// add counts what took so long on a day, or that it is of too few desks.
func (s *spent) add(size int, ms int64, few bool) {
	if few {
		s.few += size
		return
	}
	s.ms += ms
	s.n += size
}

// settle counts what the present sheet tells of desks, where it is of enough of them,
// and empties the cells.
func (m *maker) settle(s *Sheet) {
	m.settleTimed(func(c *cellSums) *timed { return &c.service }, func(t *sums) *spent { return &t.service })
	if m.hides {
		m.settleHidden(s)
	} else {
		m.settleTimed(func(c *cellSums) *timed { return &c.walk }, func(t *sums) *spent { return &t.walk })
	}
	if m.query.Told {
		m.settleTold()
	}
	m.cells.clear()
}

func (m *maker) settleTimed(of func(*cellSums) *timed, into func(*sums) *spent) {
	few, all := m.cells.tooFew(func(c *cellSums) *weight { return &of(c).weight })
	if all.size == 0 {
		return
	}
	none := m.goesOn || all.few()
	var day timed
	for _, at := range m.cells.inUse {
		t := of(&m.cells.cells[at])
		day.ms += t.ms
		day.untimed += t.untimed
	}
	// In whole milliseconds, as what was measured: a fraction would tell of how many it
	// is the mean. One mean for the whole day, so that rows together are as all at once,
	// whatever they go by.
	known := int64(all.size - day.untimed)
	typical := (day.ms + known/2) / max(1, known)
	for i, at := range m.cells.inUse {
		if c := &m.cells.cells[at]; c.of != nil {
			t := of(c)
			into(c.of).add(t.size, t.filled(typical), none || few[i])
		}
	}
	into(&m.total).add(all.size, day.filled(typical), none)
}

// settleHidden counts a sheet of which the rows do not tell who walked and what was
// inferred. Its walks are all legs waited for: how many of them had one is what must not
// be known. The total tells of the whole day, where that may be.
func (m *maker) settleHidden(s *Sheet) {
	waited := 0
	for _, at := range m.cells.inUse {
		c := &m.cells.cells[at]
		c.of.inferredFew += c.of.legs() - c.of.before
		c.of.walk.few += c.walk.size
		waited += c.walk.size
	}
	if m.split == splitUntold {
		m.total.walk.few += waited
		m.total.inferredFew += s.Len()
		return
	}
	day := timed{weight: newWeight(wordsFor(len(s.Desks)))}
	for i := range s.Len() {
		r := s.row(i)
		is := rulingOf(r)
		m.total.inferred += is.n(isInferred)
		if desk := r.u16(atDesk); desk != noDesk {
			day.add(desk, r.ms(atWalk), is.n(isWalked))
		}
	}
	m.total.walk.add(day.size, day.ms, day.few())
}
