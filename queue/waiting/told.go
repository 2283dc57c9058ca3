package waiting

import (
	"io"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/cell"
	"eliminacode/queue/words"
)

// Told is what clerks and reception told: what came of services, and who they were
// for. It is counted over the services that ended. What fewer than three desks told
// in a row on a day is in one row together, whatever rows go by, and a day on which
// fewer than three told anything at all, or that goes on, is in none: it would tell how
// operators work.
type Told struct {
	Rows []ToldRow `json:"rows"` // as in the report, and last what was merged
	// Total is the sum of the rows.
	Total ToldRow `json:"total"`
	// FewDesks is the services of days that are in no row, and of the day that goes on.
	FewDesks int `json:"few_desks"`
}

// A ToldRow is what was told of some services. Outcomes and categories each sum
// up to Services.
type ToldRow struct {
	Key        string         `json:"key"`
	Label      string         `json:"label"`
	Services   int            `json:"services"` // that ended
	Outcomes   OutcomeCounts  `json:"outcomes"`
	Categories CategoryCounts `json:"categories"`
}

// OutcomeCounts counts services by what came of them.
type OutcomeCounts struct {
	Released   int `json:"released"`
	BackOffice int `json:"back_office"`
	Incomplete int `json:"incomplete"`
	OtherDesk  int `json:"other_desk"`
	NotTold    int `json:"not_told"`
}

// CategoryCounts counts services by who they were for.
type CategoryCounts struct {
	Citizen     int `json:"citizen"`
	Firm        int `json:"firm"`
	Association int `json:"association"`
	Body        int `json:"body"`
	NotTold     int `json:"not_told"`
}

// AnyTold tells whether anybody told anything.
func (t Told) AnyTold() bool {
	return t.Total.Outcomes.NotTold < t.Total.Services || t.Total.Categories.NotTold < t.Total.Services
}

// A telling is the counts behind one row of what was told. Of a row over several days
// it weighs nothing.
type telling struct {
	weight
	outcomes   outcomeTally
	categories categoryTally
}

// The counts of each, from those that were not told.
type (
	outcomeTally  [len(queue.Outcomes) + 1]int
	categoryTally [len(queue.Categories) + 1]int
)

// tell counts what was told of a leg at a desk of the sheet, once or not at all.
func (t *telling) tell(r *row, desk, n int) {
	t.outcomes[min(int(r[atGiven]), len(queue.Outcomes))] += n
	t.categories[min(int(r[atCategory]), len(queue.Categories))] += n
	t.size += n
	t.desks.add(desk, n)
}

// count adds what was told elsewhere.
func (t *telling) count(o *telling) {
	for i, n := range o.outcomes {
		t.outcomes[i] += n
	}
	for i, n := range o.categories {
		t.categories[i] += n
	}
	t.size += o.size
}

func (t *telling) row(k key) ToldRow {
	o, c := t.outcomes, t.categories
	return ToldRow{
		Key: k.key, Label: k.label, Services: t.size,
		Outcomes:   OutcomeCounts{Released: o[1], BackOffice: o[2], Incomplete: o[3], OtherDesk: o[4], NotTold: o[0]},
		Categories: CategoryCounts{Citizen: c[1], Firm: c[2], Association: c[3], Body: c[4], NotTold: c[0]},
	}
}

// settleTold counts what the present sheet tells, in its rows or in the one of too few
// desks.
func (m *maker) settleTold() {
	few, all := m.cells.tooFew(func(c *cellSums) *weight { return &c.told.weight })
	if all.size > 0 && (m.goesOn || all.few()) {
		m.toldFew += all.size
		return
	}
	for i, at := range m.cells.inUse {
		switch c := &m.cells.cells[at]; {
		case c.of == nil:
		case few[i]:
			m.toldMerged.count(&c.told)
		default:
			c.of.told.count(&c.told)
		}
	}
}

// toldOf are the rows of what was told, from those of a report in order.
func (m *maker) toldOf(rows []*sums) *Told {
	one := m.toldMerged
	out := &Told{Rows: make([]ToldRow, 0, len(rows)+1), FewDesks: m.toldFew}
	var total telling
	for _, t := range rows {
		if t.key.key == KeyMerged {
			one.count(t.told) // groups that are merged in the report are so here too
			continue
		}
		if t.told.size > 0 {
			out.Rows = append(out.Rows, t.told.row(t.key))
		}
		total.count(t.told)
	}
	if one.size > 0 {
		out.Rows = append(out.Rows, one.row(merged))
	}
	total.count(&one)
	out.Total = total.row(totalKey)
	return out
}

// toldColumns are the headings of a CSV, as in the JSON.
var toldColumns = []string{
	"key", "label", "services", "released", "back_office", "incomplete", "other_desk", "outcome_not_told",
	"citizen", "firm", "association", "body", "category_not_told",
}

// Counts are the services, their outcomes and their categories, in the order of
// queue.Outcomes and queue.Categories, each with what was not told last.
func (r ToldRow) Counts() []int {
	o, c := r.Outcomes, r.Categories
	return []int{
		r.Services, o.Released, o.BackOffice, o.Incomplete, o.OtherDesk, o.NotTold,
		c.Citizen, c.Firm, c.Association, c.Body, c.NotTold,
	}
}

// WriteCSV writes the rows and, last, the total, as Report.WriteCSV does.
func (t Told) WriteCSV(w io.Writer, sign Decimals) error {
	lines := [][]string{toldColumns}
	for _, r := range append(slices.Clip(t.Rows), t.Total) {
		lines = append(lines, countsLine(r.Counts(), cell.Text(r.Key), cell.Text(r.Label)))
	}
	return writeCSV(w, sign, lines)
}

// table is the rows and the total as aligned text below Italian headings.
func (t Told) table(by Grouping) [][]string {
	lines := [][]string{append([]string{words.In("").ReportColumn(string(by))}, words.ReportToldHeadings...)}
	for _, r := range append(slices.Clip(t.Rows), t.Total) {
		lines = append(lines, countsLine(r.Counts(), r.Label))
	}
	return lines
}
