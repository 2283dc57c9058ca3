package waiting

import (
	"bytes"
	"errors"
	"testing"
)

func TestReportsAreWrittenAsEver(t *testing.T) {
	sheets := smallDay(t).sheets()
	for _, by := range allGroupings {
		r := mustMake(t, Query{From: "2026-11-24", To: "2026-11-24", By: by}, sheets)
		var text, csv, js bytes.Buffer
		for _, err := range []error{r.WriteTable(&text), r.WriteCSV(&csv), r.WriteJSON(&js)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "report-"+string(by)+".txt", text.Bytes())
		golden(t, "report-"+string(by)+".csv", csv.Bytes())
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
	for _, err := range []error{r.WriteTable(fullDisk{}), r.WriteCSV(fullDisk{}), r.WriteJSON(fullDisk{})} {
		if !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	}
}
