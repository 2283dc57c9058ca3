package queue

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestANumberIsKnownAsPeopleTypeIt: in small letters, with anything between, with
// any count of zeros before its figure; and it is no other number of any series.
func TestANumberIsKnownAsPeopleTypeIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		anySeries := rapid.Custom(func(r *rapid.T) Series {
			return Series{
				Letters: rapid.StringMatching("[A-C]{0,3}").Draw(r, "letters"), Width: rapid.IntRange(1, 4).Draw(r, "width"),
			}
		})
		value := rapid.OneOf(rapid.IntRange(0, 120), rapid.IntRange(0, 9_999))
		series, n := anySeries.Draw(r, "series"), value.Draw(r, "value")
		number := Number{Value: n, Text: series.text(n)}
		figure := strings.TrimLeft(number.Text, "ABC")
		typed := series.Letters + strings.Repeat("0", rapid.IntRange(0, 3).Draw(r, "zeros")) + figure
		if rapid.Bool().Draw(r, "short") {
			if figure = strings.TrimLeft(figure, "0"); figure == "" {
				figure = "0"
			}
			typed = series.Letters + figure
		}
		if rapid.Bool().Draw(r, "small") {
			typed = strings.ToLower(typed)
		}
		between := rapid.SampledFrom([]string{"", " ", "  ", "-", ".", "\t", "\u00a0"})
		var b strings.Builder
		for _, c := range typed {
			b.WriteString(between.Draw(r, "between"))
			b.WriteRune(c)
		}
		b.WriteString(between.Draw(r, "after"))
		if !number.Shows(b.String()) {
			r.Fatalf("%q is not %s", b.String(), number.Text)
		}
		other, m := anySeries.Draw(r, "other series"), value.Draw(r, "other value")
		if same := other.Letters == series.Letters && m == n; number.Shows(other.text(m)) != same {
			r.Fatalf("%q as %s: %v", other.text(m), number.Text, !same)
		}
	})
}

func TestTheNewestOfANumberAsItIsTyped(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	a := h.issue("anagrafe")
	for _, typed := range []string{"A002", "a002", "a2", " A 2 ", "A-02"} {
		if got := h.state.LatestByNumber(typed); got == nil || got.ID != a.ID {
			t.Errorf("%q is %v, want %s", typed, got, a.Number.Text)
		}
	}
	for _, typed := range []string{"", " ", "A", "2", "A20", "A3", "002"} {
		if got := h.state.LatestByNumber(typed); got != nil {
			t.Errorf("%q is %s", typed, got.Number.Text)
		}
	}
}

// FuzzShows: whatever is typed, a number shows it in capitals and small letters alike,
// and nothing that is empty.
func FuzzShows(f *testing.F) {
	for _, s := range []string{"", "A006", "a6", " a 0-6.", "0", "00", "\xff", "ſ6", "A6B"} {
		f.Add(s, "A006")
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, typed, text string) {
		n := Number{Text: text}
		if n.Shows(" "+typed+".") != n.Shows(typed) {
			t.Errorf("%q is %q only without a blank and a dot", typed, text)
		}
		if n.Shows(typed) && strings.Trim(typed, " .-") == "" {
			t.Errorf("%q is %q", typed, text)
		}
		if strings.Trim(typed, " .-\t\n\v\f\r\u0085\u00a0") != "" && !(Number{Text: typed}).Shows(typed) && !strings.ContainsFunc(typed, func(r rune) bool { return r > 127 }) {
			t.Errorf("%q is not itself", typed)
		}
	})
}

// TestRanges: a series gives its ranges in order, wraps from the last to the
// first in another lap, and passes over a number that is still open.
func TestRanges(t *testing.T) {
	setup := testSetup()
	setup.Series[0].Ranges = []Range{{3, 4}, {8, 9}}
	setup.Series[0].Wrap = true
	h := newHallOf(t, setup)
	h.open("1")
	var got []string
	var laps []int
	for range 6 {
		ticket := h.issue("anagrafe")
		got, laps = append(got, ticket.Number.Text), append(laps, ticket.Number.Lap)
		if ticket.Number.Text != "A004" {
			h.do(CancelTicket{By: Cause{Kind: ByReception}, Ticket: ticket.ID, Why: "citizen"})
		}
	}
	if want := []string{"A003", "A004", "A008", "A009", "A003", "A008"}; !slices.Equal(got, want) || !slices.Equal(laps, []int{0, 0, 0, 0, 1, 1}) {
		t.Errorf("got %v in laps %v", got, laps)
	}
}

func TestASeriesThatStops(t *testing.T) {
	setup := testSetup()
	setup.Series[0].Ranges = []Range{{1, 1}, {5, 5}}
	h := newHallOf(t, setup)
	h.issue("anagrafe")
	h.issue("tributi")
	h.refused(IssueTicket{By: Cause{Kind: ByReception}, Service: "anagrafe", Outlet: "list"}, ErrSeriesExhausted)
	if n, ok := h.state.NextNumber("A", h.now); ok {
		t.Errorf("the next number is %+v", n)
	}
	// The next business day begins anew.
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	if n, ok := h.state.NextNumber("A", h.now); !ok || n.Text != "A001" || n.Lap != 0 {
		t.Errorf("the next number is %+v, %v", n, ok)
	}
}

// TestTwoSeriesWithOneLetter share it as long as their numbers differ.
func TestTwoSeriesWithOneLetter(t *testing.T) {
	setup := testSetup()
	setup.Series[0].Last = 499
	setup.Series[1] = Series{ID: "C", Letters: "A", First: 501, Last: 999, Width: 3}
	h := newHallOf(t, setup)
	if a, c := h.issue("anagrafe"), h.issue("cie"); a.Number.Text != "A001" || c.Number.Text != "A501" {
		t.Errorf("got %s and %s", a.Number.Text, c.Number.Text)
	}
	// While somebody holds one, the numbers of one cannot become the other's.
	setup.Series[0].Last, setup.Series[1].First = 599, 600
	h.refused(ChangeSetup{By: Cause{Kind: ByManager}, Setup: setup, Plan: *h.state.Plan()}, ErrBadSetup)
	setup.Series[0].Last, setup.Series[1].First = 400, 501
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: setup, Plan: *h.state.Plan()})
}

// TestARestartIsKnownAgain: a late second copy of it changes nothing.
func TestARestartIsKnownAgain(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	restart := RestartSeries{By: Cause{Kind: ByReception}, Series: "A", From: 58, Next: 2}
	h.do(restart)
	if got := h.issue("anagrafe").Number; got.Text != "A058" || got.Lap != 0 {
		t.Errorf("after the restart: %+v", got)
	}
	h.refused(restart, ErrStale)
	h.refused(RestartSeries{By: Cause{Kind: ByReception}, Series: "Z", From: 1}, ErrUnknownSeries)
	if got := h.issue("anagrafe").Number.Text; got != "A059" {
		t.Errorf("after a late copy of it: %s", got)
	}
}

// TestAQuotaOutlivesTheDay counts what a temporary service gave on all days,
// and the journal of one day says it.
func TestAQuotaOutlivesTheDay(t *testing.T) {
	setup := testSetup()
	setup.Services[1].Quota, setup.Services[1].DayCap = 3, 2
	h := newHallOf(t, setup)
	tributi := IssueTicket{By: Cause{Kind: ByReception}, Service: "tributi", Outlet: "list"}
	h.issue("tributi")
	h.issue("tributi")
	h.refused(tributi, ErrDayCapReached)
	h.pass(24 * hour)
	events := h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	h.state = Fold(events[len(events)-1:])
	h.issue("tributi")
	h.refused(tributi, ErrQuotaReached)
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+48*hour, "2026-11-26")})
	h.refused(tributi, ErrQuotaReached)
	setup.Services[1].Quota = 4
	h.do(ChangeSetup{By: Cause{Kind: ByManager}, Setup: setup, Plan: *h.state.Plan()})
	h.issue("tributi")
	h.refused(tributi, ErrQuotaReached)
}

// TestAStepBackKeepsWhatIsInAHand: a no-show who may still come back has the number
// in hand as one who waits has, and other numbers of today are given again only to
// who says so.
func TestAStepBackKeepsWhatIsInAHand(t *testing.T) {
	h := newHall(t)
	h.open("1")
	for range 4 {
		h.issue("anagrafe")
	}
	h.next("1")
	h.next("1")
	gone := h.next("1")
	h.do(MarkNoShow{By: console("1"), Desk: "1", Ticket: gone.ID})
	restart := func(from int, again bool) RestartSeries {
		return RestartSeries{By: Cause{Kind: ByManager}, Series: "A", From: from, Again: again}
	}
	if gone.Number.Text != "A003" {
		t.Fatalf("the third has %s", gone.Number.Text)
	}
	h.refused(restart(3, true), ErrNumberInHand)
	h.refused(restart(4, true), ErrNumberInHand)
	h.refused(restart(1, false), ErrGivenToday)
	var given GivenTodayError
	if _, err := h.step(restart(1, false)); !errors.As(err, &given) || given.Numbers != "A001–A002" {
		t.Errorf("the numbers of today are told as %v", err)
	}
	if first, last, ok := h.state.GivenToday("A"); !ok || first.Text != "A001" || last.Text != "A004" {
		t.Errorf("given today: %s to %s, %v", first.Text, last.Text, ok)
	}
	if _, _, ok := h.state.GivenToday("C"); ok {
		t.Error("a series that gave nothing gave something")
	}
	h.do(restart(2, true))
	if got := []string{h.issue("anagrafe").Number.Text, h.issue("anagrafe").Number.Text}; got[0] != "A002" || got[1] != "A005" {
		t.Errorf("after the step back: %v", got)
	}
	if err := h.state.Returnable(gone.ID, h.now); err != nil {
		t.Errorf("the no-show cannot come back: %v", err)
	}
	h.pass(15*60*second + 1)
	if err := h.state.Returnable(gone.ID, h.now); !errors.Is(err, ErrTooLate) {
		t.Errorf("after 15 minutes: %v", err)
	}
	h.refused(restart(3, false), ErrGivenToday)
	h.do(restart(3, true))
	if got := h.issue("anagrafe").Number.Text; got != "A003" {
		t.Errorf("once the no-show cannot come back: %s", got)
	}
}
