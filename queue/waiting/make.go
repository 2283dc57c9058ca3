package waiting

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Make answers a query from day sheets, in any order; those outside the range
// are passed over. Each sheet is used only until the next one is asked for, so
// that it may read bytes that are valid no longer. The error is a fault of the
// query (ErrNoDate, ErrBadDate, ErrBackwards, ErrBadGrouping) or the first
// that the sheets yield.
func Make(q Query, sheets iter.Seq2[Sheet, error]) (Report, error) {
	g, err := q.check()
	if err != nil {
		return Report{}, err
	}
	m := maker{query: q, grouping: g, rows: map[string]*sums{}, dates: map[string]bool{}}
	for sheet, err := range sheets {
		if err != nil {
			return Report{}, fmt.Errorf("reading day sheets: %w", err)
		}
		if sheet.Date < q.From || sheet.Date > q.To {
			continue
		}
		if q.Contacts && sheet.Contacts != (queue.Contacts{}) {
			m.contacts = append(m.contacts, contactsOf(sheet.Date, sheet.Contacts))
		}
		if sheet.Len() > 0 {
			m.add(&sheet)
		}
	}
	return m.report(), nil
}

// check finds the first fault of a query.
func (q Query) check() (grouping, error) {
	for _, bound := range []struct{ option, date string }{{"--from", q.From}, {"--to", q.To}} {
		if bound.date == "" {
			return grouping{}, fmt.Errorf("%s %w", bound.option, ErrNoDate)
		}
		if _, err := time.Parse(time.DateOnly, bound.date); err != nil {
			return grouping{}, fmt.Errorf("%s %s %w", bound.option, bound.date, ErrBadDate)
		}
	}
	if q.From > q.To {
		return grouping{}, fmt.Errorf("--from %s %w --to %s; exchange the two dates", q.From, ErrBackwards, q.To)
	}
	g, ok := groupings[q.By]
	if !ok {
		return grouping{}, fmt.Errorf("%s %w", strings.TrimSpace("--by "+string(q.By)), ErrBadGrouping)
	}
	return g, nil
}

// A maker is a report being made.
type maker struct {
	query    Query
	grouping grouping
	rows     map[string]*sums // by key
	dates    map[string]bool  // with a ticket
	cells    cellTable
	goesOn   bool // the present sheet
	split    split
	hides    bool // its split, in the rows of this report
	leftOut  int
	// total has what is of enough desks all together; what else it has is the sum
	// of the rows.
	total sums

	place  []int // by groups of desks: where the legs of a cell are counted
	merged int   // and the cell of groups of too few desks

	toldMerged telling // in rows of too few desks
	toldFew    int     // services of days of too few desks

	contacts []ContactsRow // of days, in the order of the sheets
}

// The sums behind one row.
type sums struct {
	key
	named string // date of the sheet that gave the label

	outcome       [outcomes]int
	visits        int
	waits         []int64   // ms, of the legs in the mean: the newest part of them
	earlier       [][]int64 // the parts before it
	waitMs        int64
	longest       int64 // of the waits, ms
	walk, service spent
	withStandard  int
	within        int
	inferred      int
	inferredFew   int      // legs of days on which it is not told which were
	before        int      // legs before the present sheet, where it is such a day
	told          *telling // nil when nothing is asked of it
}

func (m *maker) leavesOut(is ruling) bool {
	return m.query.LeaveOutInferred && is.n(isInferred) != 0 && !m.hides && m.split >= splitParted
}

// add counts the legs of a sheet.
func (m *maker) add(s *Sheet) {
	m.dates[s.Date] = true
	n := m.grouping.cells(s)
	byGroup := m.query.By == ByGroup
	m.goesOn, m.split = s.GoesOn, s.told()
	m.hides = m.split == splitUntold || m.split < splitOpen && m.query.By != ByDay
	if byGroup {
		m.mergeGroups(s)
		n++
	}
	m.cells.lay(n, len(s.Desks))
	rulings := &rulings
	if m.hides {
		rulings = &hidings
	}
	for i := range s.Len() {
		r := s.row(i)
		is := rulings[r.outcome()][r.flags()]
		at := m.grouping.cell(r)
		if byGroup {
			at = m.place[at]
		}
		desk := r.u16(atDesk)
		if m.leavesOut(is) {
			m.leftOut++
			if desk != noDesk {
				m.cells.used(at).leave(is, desk)
			}
			continue
		}
		c := &m.cells.cells[at]
		if c.of == nil {
			m.cells.used(at).of = m.sumsOf(s, at)
		}
		c.of.add(r, is, s.Services[r.u16(atServiceNo)].StandardMs)
		if desk == noDesk {
			continue
		}
		c.service.add(desk, r.ms(atService), is.n(isServed))
		c.service.addUntimed(is.n(isUntimed))
		c.walk.add(desk, r.ms(atWalk), is.n(isWalked))
		if m.query.Told {
			c.told.tell(r, desk, is.n(isEnded))
		}
	}
	m.settle(s)
}

// sumsOf finds or makes the sums of a cell.
func (m *maker) sumsOf(s *Sheet, cell int) *sums {
	k := merged
	if m.query.By != ByGroup || cell != m.merged {
		k = m.grouping.key(s, cell)
	}
	t := m.rows[k.key]
	if t == nil {
		t = &sums{}
		if m.query.Told {
			t.told = &telling{}
		}
		m.rows[k.key] = t
	}
	if m.hides {
		t.before = t.legs()
	}
	if s.Date >= t.named {
		t.key, t.named = k, s.Date
	}
	return t
}

// add counts one leg. What holds of some legs and not of others is added without a
// branch, which the processor would guess wrongly for every fourth of a million.
func (t *sums) add(r *row, is ruling, standardMs int64) {
	t.outcome[r.outcome()]++
	if r.u16(atLeg) == 0 {
		t.visits++
	}
	t.inferred += is.n(isInferred)
	if standardMs > 0 {
		t.withStandard += is.n(isJudged)
		t.within += is.n(isKept)
	}
	n := len(t.waits)
	if n == cap(t.waits) {
		// Nothing is copied: ten years of waits are 8 MB.
		t.earlier = t.parts()
		t.waits = make([]int64, 0, min(max(64, 2*n), 8192))
		n = 0
	}
	wait, known := r.ms(atWait), is.n(isWaited)
	t.waits = t.waits[:n+1]
	t.waits[n] = wait
	t.waits = t.waits[:n+known]
	t.waitMs += wait * int64(known)
	t.longest = max(t.longest, wait*int64(known))
}

// parts are the waits behind the row.
func (t *sums) parts() [][]int64 {
	if len(t.waits) == 0 {
		return t.earlier
	}
	return append(t.earlier, t.waits)
}

func (m *maker) report() Report {
	rows := slices.SortedFunc(maps.Values(m.rows), inOrder)
	var told *Told
	if m.query.Told {
		told = m.toldOf(rows)
	}
	var contacts *Contacts
	if m.query.Contacts {
		contacts = m.contactsOf()
	}
	report := Report{
		From: m.query.From, To: m.query.To, By: m.query.By,
		Days: len(m.dates), LeftOut: m.leftOut, Rows: make([]Row, 0, len(rows)), Told: told, Contacts: contacts,
	}
	total := &m.total
	total.key = totalKey
	var waits [][]int64
	var pick picker
	for _, t := range rows {
		report.Rows = append(report.Rows, t.row(&pick, t.parts()))
		total.join(t)
		waits = append(waits, t.parts()...)
	}
	report.Total = total.row(&pick, waits)
	report.Visits = report.Total.Visits
	return report
}

// totalKey names the row of all together.
var totalKey = key{key: "total", label: words.ReportTotal}

// inOrder compares rows by where they stand in a report.
func inOrder(a, b *sums) int { return a.key.compare(b.key) }

// legs is how many there are, of every outcome.
func (t *sums) legs() (n int) {
	for _, legs := range t.outcome {
		n += legs
	}
	return n
}

// join adds the sums of another row, all but its waits, what it tells of desks and
// what it does not tell.
func (t *sums) join(o *sums) {
	for i, n := range o.outcome {
		t.outcome[i] += n
	}
	t.visits += o.visits
	t.waitMs += o.waitMs
	t.longest = max(t.longest, o.longest)
	t.withStandard += o.withStandard
	t.within += o.within
	t.inferred += o.inferred
}

// row makes the figures of sums and of waits, which may be in parts.
func (t *sums) row(pick *picker, waits [][]int64) Row {
	n := 0
	for _, part := range waits {
		n += len(part)
	}
	r := Row{Key: t.key.key, Label: t.label, Figures: Figures{
		Visits: t.visits, Legs: t.legs(),
		Served: t.outcome[Served], NoShows: t.outcome[NoShow], Transferred: t.outcome[Transferred],
		Cancelled: t.outcome[Cancelled], Expired: t.outcome[Expired], Open: t.outcome[Open],

		MeanWaitMs: ratio(t.waitMs, n), WaitN: n,
		WithinStandard: ratio(int64(t.within), t.withStandard), StandardN: t.withStandard,
		MeanWalkMs: ratio(t.walk.ms, t.walk.n), WalkN: t.walk.n, WalkFewDesks: t.walk.few,
		MeanServiceMs: ratio(t.service.ms, t.service.n), ServiceN: t.service.n, ServiceFewDesks: t.service.few,
		Inferred: t.inferred, InferredFewDesks: t.inferredFew,
	}}
	if n > 0 {
		median, p90 := pick.percentiles(waits, n, t.longest)
		r.MedianWaitMs, r.P90WaitMs = &median, &p90
	}
	return r
}

// ratio is sum over n, or nil when there is none.
func ratio(sum int64, n int) *float64 {
	if n == 0 {
		return nil
	}
	mean := float64(sum) / float64(n)
	return &mean
}
