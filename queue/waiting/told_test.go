package waiting

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// toldDay is a day of what was told at four desks, one of which gave the other
// service alone.
func toldDay() Sheet {
	served := func(desk, service int, given queue.Outcome, who queue.Category) Leg {
		return Leg{Desk: desk, Service: service, Outcome: Served, Called: true, Given: given, Category: who, Minute: 9 * 60, WaitMs: 3 * minute, FirstWaitMs: 3 * minute}
	}
	sentOn := served(2, 0, queue.OutcomeOtherDesk, queue.CategoryBody)
	sentOn.Outcome, sentOn.Finished = Transferred, true
	elsewhere := served(0, 0, "", queue.CategoryCitizen)
	elsewhere.Outcome = Transferred
	return sheetOf(
		"2026-11-24", desksIn([]string{"a", "a", "a", "b"}),
		served(0, 0, queue.OutcomeReleased, queue.CategoryCitizen),
		served(1, 0, queue.OutcomeReleased, queue.CategoryFirm),
		served(2, 0, "", ""),
		served(1, 0, queue.OutcomeBackOffice, queue.CategoryAssociation),
		sentOn,
		elsewhere,
		served(3, 1, queue.OutcomeIncomplete, queue.CategoryCitizen),
		Leg{Desk: 2, Outcome: NoShow, Called: true, Category: queue.CategoryFirm},
		Leg{Desk: -1, Outcome: Expired, Category: queue.CategoryBody},
		Leg{Desk: 1, Called: true, Category: queue.CategoryBody},
	)
}

// TestToldIsCountedOverServicesThatEnded: not of who did not come, waits, is at a
// desk, or was sent elsewhere before anything had come of it.
func TestToldIsCountedOverServicesThatEnded(t *testing.T) {
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour, Told: true}, []Sheet{toldDay()})
	want := ToldRow{
		Key: "total", Label: "Totale", Services: 6,
		Outcomes:   OutcomeCounts{Released: 2, BackOffice: 1, Incomplete: 1, OtherDesk: 1, NotTold: 1},
		Categories: CategoryCounts{Citizen: 2, Firm: 1, Association: 1, Body: 1, NotTold: 1},
	}
	if r.Told.Total != want {
		t.Errorf("told %+v, want %+v", r.Told.Total, want)
	}
	if without := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour}, []Sheet{toldDay()}); without.Told != nil {
		t.Error("nobody asked what was told")
	}
}

func TestToldIsWrittenAsEver(t *testing.T) {
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour, Told: true}, []Sheet{toldDay()})
	var text, point, italian, js bytes.Buffer
	for _, err := range []error{r.WriteTable(&text), r.Told.WriteCSV(&point, Point), r.Told.WriteCSV(&italian, Comma), r.WriteJSON(&js)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "told.txt", text.Bytes())
	golden(t, "told.csv", point.Bytes())
	golden(t, "told-italian.csv", italian.Bytes())
	golden(t, "told.json", js.Bytes())
	if err := r.Told.WriteCSV(fullDisk{}, Point); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}

// No service is called a formula.
func TestToldForSpreadsheets(t *testing.T) {
	var b strings.Builder
	if err := (Told{Rows: []ToldRow{{Key: "x", Label: "=1+1"}}}).WriteCSV(&b, Point); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\r\n")
	if !slices.Contains(lines, "x,'=1+1,0,0,0,0,0,0,0,0,0,0,0") || len(lines[0]) == 0 || strings.Count(lines[0], ",") != strings.Count(lines[1], ",") {
		t.Errorf("%q", lines)
	}
}

// What clerks tell while people are served is what the report says of the day.
func TestReportTellsWhatClerksTold(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	for i, desk := range []queue.DeskID{"s1", "s2", "s4", "s1"} {
		h.issue([]queue.ServiceID{"anagrafe", "anagrafe", "stato-civile", "stato-civile"}[i])
		id := h.call(desk)
		h.pass(minute)
		h.must(queue.SetCategory{By: byConsole, Ticket: id, Category: queue.Categories[i]})
		h.must(queue.FinishTicket{By: byConsole, Desk: desk, Ticket: id, Outcome: queue.Outcomes[i]})
		h.pass(minute)
	}
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour, Told: true}, h.sheets())
	want := []int{4, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0}
	if len(r.Told.Rows) != 1 || r.Told.Rows[0].Key != "8" || !slices.Equal(r.Told.Rows[0].Counts(), want) || !slices.Equal(r.Told.Total.Counts(), want) {
		t.Errorf("told %+v, want %v", r.Told, want)
	}
}

// TestAPlannedServiceThatEndedIsCounted: told or not, with a NEXT, at the same desk, or
// since nobody knows when it ended; a visit that was sent elsewhere is not.
func TestAPlannedServiceThatEndedIsCounted(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	begin := func(then ...queue.ServiceID) queue.TicketID {
		t.Helper()
		h.must(queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "anagrafe", Outlet: "totem", Then: then})
		id := h.call("s1")
		h.pass(minute)
		h.must(queue.StartService{By: byConsole, Desk: "s1", Ticket: id})
		h.pass(minute)
		return id
	}
	told := func(want ...int) {
		t.Helper()
		all := telling{weight: newWeight(1)} // of one desk, which a report does not tell of
		for _, s := range h.sheets() {
			for i := range s.Len() {
				all.tell(s.row(i), 0, rulingOf(s.row(i)).n(isEnded))
			}
		}
		if got := all.row(totalKey).Counts()[:6]; !slices.Equal(got, want) {
			t.Errorf("services, released, back office, incomplete, other desk, not told: %v, want %v", got, want)
		}
	}
	id := begin("cie", "stato-civile")
	told(0, 0, 0, 0, 0, 0)
	h.must(queue.ServeOn{By: byConsole, Desk: "s1", Ticket: id, Service: "cie"})
	told(1, 0, 0, 0, 0, 1)
	h.must(queue.FinishTicket{By: byConsole, Desk: "s1", Ticket: id})
	told(2, 0, 0, 0, 0, 2)
	h.must(queue.CancelTicket{By: byConsole, Ticket: id, Why: "citizen"})
	id = begin("cie")
	h.must(queue.FinishTicket{By: byConsole, Desk: "s1", Ticket: id, Outcome: queue.OutcomeReleased})
	told(3, 1, 0, 0, 0, 2)
	id = begin("stato-civile")
	h.must(queue.TransferTicket{By: byConsole, From: "s1", Ticket: id, Service: "cie"})
	told(3, 1, 0, 0, 0, 2)

	// A NEXT that is undone ended nothing.
	begin("cie")
	h.issue("anagrafe")
	next := h.call("s1")
	told(4, 1, 0, 0, 0, 3)
	h.must(queue.UndoCall{By: byConsole, Desk: "s1", Ticket: next})
	told(3, 1, 0, 0, 0, 2)
	h.must(queue.CloseDesk{By: queue.Cause{Kind: queue.ByKeypad}, Desk: "s1"})
	told(4, 1, 0, 0, 0, 3)
}
