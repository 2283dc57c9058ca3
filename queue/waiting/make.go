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
		if sheet.Date >= q.From && sheet.Date <= q.To && sheet.Len() > 0 {
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
	cells    []cellSums       // of the present sheet
	leftOut  int
	// total has what is of enough desks all together; what else it has is the sum
	// of the rows.
	total sums

	place   []int // by groups of desks: where the legs of a cell are counted
	merged  int   // and the cell of groups of too few desks
	weights []weight

	toldMerged telling // in rows of too few desks
	toldFew    int     // services of days of too few desks
}

// A cellSums is a cell of the present sheet: what it tells of desks, until it is known
// whether it is of enough of them.
type cellSums struct {
	of            *sums // nil until the first leg
	walk, service timed
	told          telling
}

// A timed is how long something took at desks.
type timed struct {
	weight
	ms int64
}

func (t *timed) add(desk int, ms int64) {
	t.ms += ms
	t.size++
	t.desks.add(desk)
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
	walk, service spent
	withStandard  int
	within        int
	inferred      int
	told          *telling // nil when nothing is asked of it
}

// A spent is what may be told of how long something took at desks.
type spent struct {
	ms  int64
	n   int
	few int // of too few desks, and in nothing else
}

// add counts what took so long on a day, or that it is of too few desks.
func (s *spent) add(t timed, few bool) {
	if few {
		s.few += t.size
		return
	}
	s.ms += t.ms
	s.n += t.size
}

func (m *maker) leavesOut(r row) bool {
	return m.query.LeaveOutInferred && r.flags()&flagInferred != 0
}

// add counts the legs of a sheet.
func (m *maker) add(s *Sheet) {
	m.dates[s.Date] = true
	n := m.grouping.cells(s)
	byGroup := m.query.By == ByGroup
	if byGroup {
		m.mergeGroups(s)
		n++
	}
	m.cells = slices.Grow(m.cells[:0], n)[:n]
	clear(m.cells)
	for i := range s.Len() {
		r := s.row(i)
		at := m.grouping.cell(r)
		if byGroup {
			at = m.place[at]
		}
		c := &m.cells[at]
		desk := r.u16(atDesk)
		if m.leavesOut(r) {
			m.leftOut++
			if desk != noDesk {
				c.leave(r, desk)
			}
			continue
		}
		t := c.of
		if t == nil {
			t = m.sumsOf(s, at)
		}
		t.add(r, s.Services[r.u16(atServiceNo)].StandardMs)
		if desk == noDesk {
			continue
		}
		if wasServed(r) {
			c.service.add(desk, r.ms(atService))
		}
		if hasWalk(r) {
			c.walk.add(desk, r.ms(atWalk))
		}
		if t.told != nil {
			c.told.tell(r, desk)
		}
	}
	m.settle()
}

// leave notes at which desks there was something to tell of a leg that is left out.
func (c *cellSums) leave(r row, desk int) {
	if wasServed(r) {
		c.service.gone.add(desk)
	}
	if hasWalk(r) {
		c.walk.gone.add(desk)
	}
	if ended(r) {
		c.told.gone.add(desk)
	}
}

// settle counts what the present sheet tells of desks, where it is of enough of them.
func (m *maker) settle() {
	m.settleTimed(func(c *cellSums) *timed { return &c.service }, func(t *sums) *spent { return &t.service })
	m.settleTimed(func(c *cellSums) *timed { return &c.walk }, func(t *sums) *spent { return &t.walk })
	if m.query.Told {
		m.settleTold()
	}
}

func (m *maker) settleTimed(of func(*cellSums) *timed, into func(*sums) *spent) {
	var all timed
	m.weights = m.weights[:0]
	for i := range m.cells {
		t := of(&m.cells[i])
		m.weights = append(m.weights, t.weight)
		all.join(t.weight)
		all.ms += t.ms
	}
	if all.size == 0 {
		return
	}
	into(&m.total).add(all, all.few())
	few := tooFew(m.weights, m.keyOf)
	for i := range m.cells {
		if c := &m.cells[i]; c.of != nil {
			into(c.of).add(*of(c), all.few() || few[i])
		}
	}
}

// keyOf names a cell of the present sheet in which there is a leg.
func (m *maker) keyOf(cell int) key { return m.cells[cell].of.key }

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
	if s.Date >= t.named {
		t.key, t.named = k, s.Date
	}
	m.cells[cell].of = t
	return t
}

// wasServed tells whether the service time of a leg is known: also of a visit that
// went on at its desk to this service, for which nobody waited.
func wasServed(r row) bool {
	return ends[r.outcome()] == queue.Served && r.flags()&(flagService|flagUnknownEnd) == flagService
}

// hasWalk tells whether the walk of a leg is known.
func hasWalk(r row) bool {
	flags := r.flags()
	return flags&flagWalk != 0 && queue.InMean(ends[r.outcome()], flags&flagCalled != 0)
}

// add counts one leg.
func (t *sums) add(r row, standardMs int64) {
	flags, outcome := r.flags(), r.outcome()
	t.outcome[outcome]++
	if r.u16(atLeg) == 0 {
		t.visits++
	}
	if flags&flagInferred != 0 {
		t.inferred++
	}
	called := flags&flagCalled != 0
	if standardMs > 0 && queue.Judged(ends[outcome], called, flags&flagWithin != 0) {
		t.withStandard++
		if flags&flagWithin != 0 {
			t.within++
		}
	}
	if !queue.InMean(ends[outcome], called) {
		return
	}
	if len(t.waits) == cap(t.waits) {
		// Nothing is copied: ten years of waits are 8 MB.
		t.earlier = t.parts()
		t.waits = make([]int64, 0, min(max(64, 2*cap(t.waits)), 8192))
	}
	wait := r.ms(atWait)
	t.waits = append(t.waits, wait)
	t.waitMs += wait
}

// parts are the waits behind the row.
func (t *sums) parts() [][]int64 {
	if len(t.waits) == 0 {
		return t.earlier
	}
	return append(t.earlier, t.waits)
}

// ends are the outcomes as the rules of queue know them; a transferred leg
// counts as a served one.
var ends = [outcomes]queue.TicketState{
	Open: queue.Waiting, Served: queue.Served, NoShow: queue.NoShow, Transferred: queue.Served,
	Cancelled: queue.Cancelled, Expired: queue.Expired,
}

func (m *maker) report() Report {
	rows := slices.SortedFunc(maps.Values(m.rows), inOrder)
	var told *Told
	if m.query.Told {
		told = m.toldOf(rows)
	}
	report := Report{
		From: m.query.From, To: m.query.To, By: m.query.By,
		Days: len(m.dates), LeftOut: m.leftOut, Rows: make([]Row, 0, len(rows)), Told: told,
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

// join adds the sums of another row, all but its waits and what it tells of desks.
func (t *sums) join(o *sums) {
	for i, n := range o.outcome {
		t.outcome[i] += n
	}
	t.visits += o.visits
	t.waitMs += o.waitMs
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
		Inferred: t.inferred,
	}}
	if n > 0 {
		median, p90 := pick.percentiles(waits, n)
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
