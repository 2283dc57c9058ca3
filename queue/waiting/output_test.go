package waiting

import (
	"bytes"
	"encoding/csv"
	"errors"
	"regexp"
	"strings"
	"testing"

	"eliminacode/queue/cell"
)

func TestReportsAreWrittenAsEver(t *testing.T) {
	// A day of few desks, and one of enough.
	sheets := append(smallDay(t).sheets(), sheetOf("2026-11-25", desksIn([]string{"a", "a", "a"}), withTimes(0, 8), withTimes(1, 8), withTimes(2, 8)))
	for _, by := range allGroupings {
		r := mustMake(t, Query{From: "2026-11-24", To: "2026-11-25", By: by}, sheets)
		var text, point, js, italian bytes.Buffer
		for _, err := range []error{r.WriteTable(&text), r.WriteCSV(&point, Point), r.WriteJSON(&js), r.WriteCSV(&italian, Comma)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "report-"+string(by)+".txt", text.Bytes())
		golden(t, "report-"+string(by)+".csv", point.Bytes())
		golden(t, "report-"+string(by)+"-italian.csv", italian.Bytes())
		golden(t, "report-"+string(by)+".json", js.Bytes())
	}
}

// Minutes never wrap into hours, and rounding carries into them.
func TestClock(t *testing.T) {
	for ms, want := range map[float64]string{
		0: "0:00", 499: "0:00", 500: "0:01", 59_499: "0:59", 59_500: "1:00",
		3_599_999: "60:00", 75*60_000 + 3_000: "75:03", 540_123.33: "9:00",
	} {
		if got := clock(ms); got != want {
			t.Errorf("clock(%v) = %s, want %s", ms, got, want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestWritersReportFaults(t *testing.T) {
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour}, smallDay(t).sheets())
	for _, err := range []error{r.WriteTable(fullDisk{}), r.WriteCSV(fullDisk{}, Point), r.WriteCSV(fullDisk{}, Comma), r.WriteJSON(fullDisk{})} {
		if !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	}
}

// TestCSVForSpreadsheets: no number has more than two decimals, and no cell is
// taken for a formula, whatever a service is called.
func TestCSVForSpreadsheets(t *testing.T) {
	third, wait := 1.0/3, 540_123.333333
	names := []string{"=1+1", "+39 0541", "-5", "@SUM(A1)", "\t=1+1", " =1+1", "Carte; e altro", `"=1+1"`, "Perché"}
	for _, sign := range []Decimals{Point, Comma} {
		var b bytes.Buffer
		r := Report{}
		for _, name := range names {
			row := Row{Key: name, Label: name}
			row.MeanWaitMs, row.WithinStandard = &wait, &third
			r.Rows = append(r.Rows, row)
		}
		if err := r.WriteCSV(&b, sign); err != nil {
			t.Fatal(err)
		}
		in := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), cell.Mark)))
		number := regexp.MustCompile(`^\d+(\.\d{1,2})?$`)
		if sign == Comma {
			in.Comma, number = ';', regexp.MustCompile(`^\d+(,\d{1,2})?$`)
			if !strings.HasPrefix(b.String(), cell.Mark) {
				t.Error("no mark of UTF-8 tells a spreadsheet how to read the accents")
			}
		}
		lines, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range lines[1 : len(lines)-1] {
			for column, cell := range line {
				switch {
				case column < 2 && strings.TrimPrefix(cell, "'") != names[i]:
					t.Errorf("%s: %q became %q", sign, names[i], cell)
				case column < 2 && strings.ContainsAny(cell[:1], "=+-@\t\r "):
					t.Errorf("%s: a spreadsheet takes %q for a formula", sign, cell)
				case column >= 2 && cell != "" && !number.MatchString(cell):
					t.Errorf("%s: %q in %s", sign, cell, lines[0][column])
				}
			}
		}
	}
}
