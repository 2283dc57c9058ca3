package waiting

import (
	"cmp"
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
	m := maker{query: q, grouping: g, rows: map[string]*sums{}, dates: map[string]bool{}, desks: map[queue.DeskID]int{}}
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
	cells    []*sums          // of the present sheet; nil until the first leg
	leftOut  int
	desks    map[queue.DeskID]int // their numbers, where it matters how many there are
}

// The sums behind one row.
type sums struct {
	key
	named string // date of the sheet that gave the label

	outcome      [outcomes]int
	visits       int
	waits        []int64   // ms, of the legs in the mean: the newest part of them
	earlier      [][]int64 // the parts before it
	waitMs       int64
	walkMs       int64
	walks        int
	serviceMs    int64
	services     int
	withStandard int
	within       int
	inferred     int
	desks        deskSet  // that the legs were at, where rows are groups of desks
	told         *telling // nil when nothing is asked of it
}

// add counts the legs of a sheet.
func (m *maker) add(s *Sheet) {
	m.dates[s.Date] = true
	m.cells = append(m.cells[:0], make([]*sums, m.grouping.cells(s))...)
	var desks []int
	if m.query.Told || m.query.By == ByGroup {
		desks = m.deskNumbers(s)
	}
	for i := range s.Len() {
		r := s.row(i)
		if m.query.LeaveOutInferred && r.flags()&flagInferred != 0 {
			m.leftOut++
			continue
		}
		cell := m.grouping.cell(r)
		t := m.cells[cell]
		if t == nil {
			t = m.sumsOf(s, cell)
		}
		t.add(r, s.Services[r.u16(atServiceNo)].StandardMs)
		desk := r.u16(atDesk)
		if desks == nil || desk == noDesk {
			continue
		}
		if m.query.By == ByGroup {
			t.desks.add(desks[desk])
		}
		if t.told != nil {
			t.told.tell(r, desks[desk])
		}
	}
}

// sumsOf finds or makes the sums of a cell.
func (m *maker) sumsOf(s *Sheet, cell int) *sums {
	k := m.grouping.key(s, cell)
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
	m.cells[cell] = t
	return t
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
	if ends[outcome] == queue.Served && flags&(flagService|flagUnknownEnd) == flagService {
		// Also of a visit that went on at its desk to this service: nobody waited
		// for it, and somebody was served.
		t.services++
		t.serviceMs += r.ms(atService)
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
	if flags&flagWalk != 0 {
		t.walks++
		t.walkMs += r.ms(atWalk)
	}
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
		told = toldOf(rows)
	}
	if m.query.By == ByGroup {
		rows = withoutFew(rows)
	}
	report := Report{
		From: m.query.From, To: m.query.To, By: m.query.By,
		Days: len(m.dates), LeftOut: m.leftOut, Rows: make([]Row, 0, len(rows)), Told: told,
	}
	total := sums{key: totalKey}
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
func inOrder(a, b *sums) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), queue.CompareNames(a.key.key, b.key.key))
}

// legs is how many there are, of every outcome.
func (t *sums) legs() (n int) {
	for _, legs := range t.outcome {
		n += legs
	}
	return n
}

// join adds the sums of another row, all but its waits.
func (t *sums) join(o *sums) {
	for i, n := range o.outcome {
		t.outcome[i] += n
	}
	t.visits += o.visits
	t.waitMs += o.waitMs
	t.walkMs += o.walkMs
	t.walks += o.walks
	t.serviceMs += o.serviceMs
	t.services += o.services
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
		MeanWalkMs: ratio(t.walkMs, t.walks), WalkN: t.walks,
		MeanServiceMs: ratio(t.serviceMs, t.services), ServiceN: t.services,
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
