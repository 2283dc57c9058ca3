package queue

import (
	"fmt"
	"testing"
)

var atReception = Cause{Kind: ByReception}

// reserve reserves a block, and is its numbers.
func (h *hall) reserve(service ServiceID, count int, code string) []BlockNumber {
	h.t.Helper()
	h.do(ReserveBlock{By: atReception, Service: service, Count: count, Code: code})
	blocks := h.state.Blocks()
	return h.state.BlockNumbers(blocks[len(blocks)-1])
}

// TestABlockTakesItsNumbersOutOfTheSeries: the numbers follow the last one given,
// nobody else is given one of them, the same request reserves nothing more, and
// what is left is counted when the day closes.
func TestABlockTakesItsNumbersOutOfTheSeries(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	numbers := h.reserve("anagrafe", 25, "K7QX")
	if first, last := numbers[0].Text, numbers[24].Text; len(numbers) != 25 || first != "A002" || last != "A026" {
		t.Fatalf("%d numbers, %s to %s", len(numbers), first, last)
	}
	h.nothing(ReserveBlock{By: atReception, Service: "anagrafe", Count: 25, Code: "K7QX"})
	if next := h.issue("tributi"); next.Number.Text != "A027" {
		t.Errorf("the next ticket is %s", next.Number.Text)
	}
	h.do(AdmitReserved{By: atReception, Number: "A002"})
	h.do(AdmitReserved{By: atReception, Number: "A026"})
	h.pass(24 * hour)
	events := h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	for _, e := range events {
		if b, ok := e.Body.(DayClosed); ok && b.Unused != 23 {
			t.Errorf("the day closed with %d numbers unused", b.Unused)
		}
	}
	if len(h.state.Blocks()) != 0 {
		t.Error("a block outlived its day")
	}
	h.refused(AdmitReserved{By: atReception, Number: "A003"}, ErrNotReserved)
}

// TestAHandedNumberIsAnOrdinaryTicket: it waits for the block's service or another,
// is called like any, and cannot be called in twice.
func TestAHandedNumberIsAnOrdinaryTicket(t *testing.T) {
	h := newHall(t)
	h.open("1")
	h.reserve("anagrafe", 20, "K7QX")
	h.do(AdmitReserved{By: atReception, Number: "A005", Category: CategoryFirm})
	h.do(AdmitReserved{By: atReception, Number: "A004", Service: "tributi", Class: Priority})
	h.nothing(AdmitReserved{By: atReception, Number: "A005"})
	h.nothing(AdmitReserved{By: atReception, Number: "a 5"})
	a := h.state.LatestByNumber("A005")
	if a.Service != "anagrafe" || a.Block != "K7QX" || a.Paper != PaperPrinted || a.Category != CategoryFirm || a.Outlet != "list" {
		t.Errorf("called in as %+v", a)
	}
	for _, want := range []string{"A004", "A005"} {
		if got := h.next("1"); got.Number.Text != want {
			t.Errorf("called %s, want %s", got.Number.Text, want)
		}
	}
	h.refused(AdmitReserved{By: atReception, Number: "A021"}, ErrNotReserved)
	h.refused(AdmitReserved{By: atReception, Number: "A006", Class: "vip"}, ErrBadCommand)
	h.refused(AdmitReserved{By: atReception, Number: "A006", Service: "catasto"}, ErrUnknownService)
	h.refused(AdmitReserved{By: atReception, Number: "A006", Outlet: "moon"}, ErrUnknownOutlet)
	h.do(SuspendOffice{By: atReception, Why: WhyAlarm})
	h.refused(AdmitReserved{By: atReception, Number: "A006"}, ErrSuspended)
}

// TestWhoWasHandedANumberWaitsSinceThen: the place is behind who had come by then
// and before who came later, and the wait counts from the hour that was told.
func TestWhoWasHandedANumberWaitsSinceThen(t *testing.T) {
	h := newHall(t)
	h.open("1")
	h.reserve("anagrafe", 20, "K7QX")
	at := func(ms int64) int64 { return tuesday + 8*hour + ms }
	to := func(ms int64) { h.pass(at(ms) - h.state.OfficeTime(h.now)) }
	to(40 * minute)
	before := h.issue("anagrafe") // A021
	to(50 * minute)
	later := h.issue("anagrafe") // A022
	to(60 * minute)
	for number, handed := range map[string]int64{"A001": 46, "A002": 44, "A003": 46} {
		h.do(AdmitReserved{By: atReception, Number: number, HandedAt: at(handed * minute)})
	}
	// The two of one minute stand as they were called in.
	same := []string{"A001", "A003"}
	if h.state.LatestByNumber("A003").ID < h.state.LatestByNumber("A001").ID {
		same = []string{"A003", "A001"}
	}
	for i, want := range []string{before.Number.Text, "A002", same[0], same[1], later.Number.Text} {
		got := h.next("1")
		if got.Number.Text != want {
			t.Fatalf("call %d is of %s, want %s", i+1, got.Number.Text, want)
		}
	}
	if got := h.state.LatestByNumber("A002").Rule.WaitedMs; got != 16*minute {
		t.Errorf("A002 waited %s, want 16m", span(got))
	}
	for _, wrong := range []int64{at(61 * minute), at(28 * minute), 1} {
		h.refused(AdmitReserved{By: atReception, Number: "A010", HandedAt: wrong}, ErrNotThen)
	}
}

// TestAReservedNumberIsGivenInNoLap: after a wrap the numbers of a block are passed
// over until they were called in and their holders have gone.
func TestAReservedNumberIsGivenInNoLap(t *testing.T) {
	setup := testSetup()
	setup.Series[0].Last, setup.Series[0].Wrap = 30, true
	h := newHallOf(t, setup)
	for range 15 {
		h.issue("anagrafe")
	}
	for t := range h.state.Tickets() {
		h.do(CancelTicket{By: atReception, Ticket: t.ID, Why: "citizen"})
	}
	numbers := h.reserve("anagrafe", 25, "K7QX") // A016..A030, then A001..A010
	if last := numbers[24]; last.Text != "A010" || last.Lap != 1 {
		t.Fatalf("the last is %+v", last)
	}
	if got := h.issue("anagrafe").Number; got.Text != "A011" || got.Lap != 1 {
		t.Errorf("then %+v is given", got)
	}
	h.do(AdmitReserved{By: atReception, Number: "A017"})
	h.do(CancelTicket{By: atReception, Ticket: h.state.LatestByNumber("A017").ID, Why: "citizen"})
	for _, want := range []string{"A012", "A013", "A014", "A015", "A017"} {
		if got := h.issue("anagrafe").Number; got.Text != want {
			t.Errorf("then %s is given, want %s", got.Text, want)
		}
	}
	h.refused(ReserveBlock{By: atReception, Service: "anagrafe", Count: 20, Code: "SECOND"}, ErrSeriesExhausted)
}

// TestBlocksAreBounded: in size, in number, and by the code on their slips; the
// letters of reserved numbers stay what they are.
func TestBlocksAreBounded(t *testing.T) {
	h := newHall(t)
	for _, c := range []ReserveBlock{{Count: 19, Code: "K7QX"}, {Count: 51, Code: "K7QX"}, {Count: 20}, {Count: 20, Code: "kilo"}, {Count: 20, Code: "K7"}} {
		c.By, c.Service = atReception, "anagrafe"
		h.refused(c, ErrBadCommand)
	}
	h.refused(ReserveBlock{By: atReception, Service: "catasto", Count: 20, Code: "K7QX"}, ErrUnknownService)
	h.refused(ReserveBlock{By: atReception, Service: "cie", Count: 20, Code: "K7QX"}, ErrSeriesExhausted) // gives 1 to 3
	for i := range mostBlocks {
		h.do(ReserveBlock{By: atReception, Service: "anagrafe", Count: 20, Code: fmt.Sprint("K", 100+i)})
	}
	h.refused(ReserveBlock{By: atReception, Service: "anagrafe", Count: 20, Code: "LAST"}, ErrTooManyBlocks)
	setup := testSetup()
	setup.Series[0].Letters = "K"
	h.refused(ChangeSetup{By: atReception, Setup: setup, Plan: *h.state.plan}, ErrBadSetup)
}

// TestABlockOfNoSenseOnDiskIsLeftAlone: what is on disk is never argued with, and
// never takes for ever.
func TestABlockOfNoSenseOnDiskIsLeftAlone(t *testing.T) {
	for _, run := range []BlockRun{{First: -1 << 62, Last: 1 << 62}, {First: 9, Last: 1}, {First: 1, Last: 500}, {First: -5, Last: 5}, {First: 999_990, Last: 1_000_005}} {
		h := newHall(t)
		after := h.state.Apply(Event{Seq: h.state.Seq() + 1, At: h.now, Body: BlockReserved{Code: "K7QX", Series: "A", Service: "anagrafe", Numbers: []BlockRun{run}}})
		if len(after.Blocks()) != 0 {
			t.Errorf("%+v is a block", run)
		}
	}
}
