package queue

import "testing"

// TestStretchesAreOfOneSeriesAndHaveNoGap, whatever the order in which numbers come.
func TestStretchesAreOfOneSeriesAndHaveNoGap(t *testing.T) {
	a := func(n, lap int) Number {
		return Number{Series: "A", Value: n, Lap: lap, Text: Series{Letters: "A", Width: 3}.text(n)}
	}
	c := func(n int) Number { return Number{Series: "C", Value: n, Text: Series{Letters: "C", Width: 3}.text(n)} }
	var many []Number
	for n := range 20 {
		many = append(many, a(2*n+1, 0))
	}
	for _, x := range []struct {
		numbers []Number
		want    string
	}{
		{nil, ""},
		{[]Number{a(7, 0)}, "A007"},
		{[]Number{a(1, 0), a(2, 0), c(1), a(3, 0)}, "A001–A003, C001"},
		{[]Number{a(1, 0), a(2, 0), c(1), a(4, 0)}, "A001–A002, A004, C001"},
		{[]Number{c(2), a(1, 0), c(1)}, "C001–C002, A001"},
		{[]Number{a(99, 0), a(1, 1), a(2, 1)}, "A099, A001–A002"},
		{many[:12], "A001, A003, A005, A007, A009, A011, A013, A015, A017, A019, A021, A023"},
		{many, "A001, A003, A005, A007, A009, A011, A013, A015, A017, A019, A021, A023, …"},
	} {
		if got := Stretches(x.numbers); got != x.want {
			t.Errorf("%v are told as %q, want %q", x.numbers, got, x.want)
		}
	}
}

// TestTheNextNumberIsThatOfNow: a no-show may come back for a while, and keeps the
// number until then and no longer, though nothing happens meanwhile.
func TestTheNextNumberIsThatOfNow(t *testing.T) {
	h := newHall(t)
	h.open("3")
	// The series has three numbers and begins again.
	for i := range 3 {
		x := h.issue("cie")
		h.next("3")
		if i == 0 {
			h.do(MarkNoShow{By: console("3"), Desk: "3", Ticket: x.ID})
		}
	}
	h.next("3")
	if n, _ := h.state.NextNumber("C", h.now); n.Text != "C02" {
		t.Fatalf("the next number is %s", n.Text)
	}
	h.pass(16 * minute)
	told, _ := h.state.NextNumber("C", h.now)
	if got := h.issue("cie"); got.Number.Text != "C01" || told != got.Number {
		t.Errorf("%s was told, and %s given", told.Text, got.Number.Text)
	}
}
