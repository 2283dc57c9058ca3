package waiting

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"eliminacode/queue/cell"
	"eliminacode/queue/words"
)

// WriteJSON writes the report as one line of JSON.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}

// Decimals is the sign between the units and the decimals of a CSV, and with it
// the sign between two cells.
type Decimals string

const (
	Point Decimals = "point" // and commas between cells
	Comma Decimals = "comma" // and semicolons: what the spreadsheets of an Italian desktop open
)

// csvColumns are named as in the JSON; the share within standard stands there as
// a percentage too, since two decimals are coarse for a fraction.
var csvColumns = []string{
	"key", "label", "visits", "legs", "served", "no_shows", "transferred", "cancelled", "expired", "open",
	"mean_wait_ms", "median_wait_ms", "p90_wait_ms", "wait_n", "standard_n", "within_standard", "within_standard_percent",
	"mean_walk_ms", "walk_n", "mean_service_ms", "service_n", "inferred", "walk_few_desks", "service_few_desks",
	"inferred_few_desks",
}

// WriteCSV writes the rows and, last, the total, as RFC 4180 has it: a line of
// headings named as in the JSON, CR LF, UTF-8, numbers with at most two decimals.
// A figure of no leg at all is empty. With Comma a mark of UTF-8 comes first. No
// cell is one that a spreadsheet takes for a formula.
func (r Report) WriteCSV(w io.Writer, sign Decimals) error {
	lines := [][]string{csvColumns}
	for _, row := range r.Rows {
		lines = append(lines, csvLine(row, sign))
	}
	return writeCSV(w, sign, append(lines, csvLine(r.Total, sign)))
}

func writeCSV(w io.Writer, sign Decimals, lines [][]string) error {
	separator := byte(',')
	if sign == Comma {
		separator = ';'
		if _, err := io.WriteString(w, cell.Mark); err != nil {
			return fmt.Errorf("writing report: %w", err)
		}
	}
	c := cell.NewWriter(w, separator)
	for _, line := range lines {
		_ = c.Write(line) // Flush answers what it does
	}
	if err := c.Flush(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}

func csvLine(r Row, sign Decimals) []string {
	n := strconv.Itoa
	ms := func(v *int64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	}
	mean := func(v *float64) string {
		if v == nil {
			return ""
		}
		text := strconv.FormatFloat(math.Round(*v*100)/100, 'f', -1, 64)
		if sign == Comma {
			text = strings.Replace(text, ".", ",", 1)
		}
		return text
	}
	var percent *float64
	if r.WithinStandard != nil {
		v := 100 * *r.WithinStandard
		percent = &v
	}
	return []string{
		cell.Text(r.Key), cell.Text(r.Label), n(r.Visits), n(r.Legs), n(r.Served), n(r.NoShows), n(r.Transferred), n(r.Cancelled), n(r.Expired), n(r.Open),
		mean(r.MeanWaitMs), ms(r.MedianWaitMs), ms(r.P90WaitMs), n(r.WaitN), n(r.StandardN), mean(r.WithinStandard), mean(percent),
		mean(r.MeanWalkMs), n(r.WalkN), mean(r.MeanServiceMs), n(r.ServiceN), n(r.Inferred), n(r.WalkFewDesks), n(r.ServiceFewDesks),
		n(r.InferredFewDesks),
	}
}

// countsLine is a row of counts as text: its names, then the counts.
func countsLine(counts []int, names ...string) []string {
	for _, n := range counts {
		names = append(names, strconv.Itoa(n))
	}
	return names
}

// WriteTable writes the report as aligned text with Italian headings. Only
// here are times rounded, to the nearest second, as minutes and seconds:
// minutes go on beyond 59, since an hour that wraps looks like a short wait.
func (r Report) WriteTable(w io.Writer) error {
	lines := [][]string{append([]string{words.In("").ReportColumn(string(r.By))}, words.ReportHeadings...)}
	for _, row := range r.Rows {
		lines = append(lines, tableLine(row))
	}
	tables := [][][]string{append(lines, tableLine(r.Total))}
	if r.Told != nil {
		tables = append(tables, r.Told.table(r.By))
	}
	if r.Contacts != nil {
		tables = append(tables, r.Contacts.table())
	}
	b := bufio.NewWriter(w)
	b.WriteString(words.ReportTitle(r.From, r.To, r.Visits, r.Days, r.LeftOut, r.FewDesks(), r.InferredFewDesks()))
	for _, lines := range tables {
		b.WriteString("\n")
		writeTable(b, lines)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}

// writeTable writes lines of cells, each column as wide as its widest cell.
func writeTable(b *bufio.Writer, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		for i, cell := range line {
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString(cell + gap) // names stand left, figures right
			} else {
				b.WriteString("  " + gap + cell)
			}
		}
		b.WriteString("\n")
	}
}

// nothing stands for a figure of no leg at all.
const nothing = "-"

func tableLine(r Row) []string {
	n := strconv.Itoa
	ms := func(v *int64) string {
		if v == nil {
			return nothing
		}
		return clock(float64(*v))
	}
	mean := func(v *float64) string {
		if v == nil {
			return nothing
		}
		return clock(*v)
	}
	inferred := n(r.Inferred)
	switch {
	case r.InferredFewDesks == 0:
	case r.InferredOf() == 0:
		inferred = nothing
	default:
		inferred += "/" + n(r.InferredOf())
	}
	share := nothing
	if r.WithinStandard != nil {
		share = strings.Replace(strconv.FormatFloat(100**r.WithinStandard, 'f', 1, 64), ".", ",", 1) + "%"
	}
	return []string{
		r.Label, n(r.Visits), n(r.Legs), n(r.Served), n(r.NoShows), n(r.Transferred), n(r.Cancelled), n(r.Expired), n(r.Open),
		mean(r.MeanWaitMs), ms(r.MedianWaitMs), ms(r.P90WaitMs), n(r.WaitN), share, n(r.StandardN),
		mean(r.MeanWalkMs), n(r.WalkN), mean(r.MeanServiceMs), n(r.ServiceN), inferred,
	}
}

// clock is a time in milliseconds as minutes and seconds, "75:03".
func clock(ms float64) string {
	seconds := int64(ms/1000 + 0.5)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
