package waiting

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue"
)

// contactDays are days with contacts, not in order: one without any ticket, one without
// any contact, and two of one date.
func contactDays() []Sheet {
	with := func(date string, c queue.Contacts, legs ...Leg) Sheet {
		s := sheetOf(date, desksIn([]string{"a", "a", "a"}), legs...)
		s.Contacts = c
		return s
	}
	return []Sheet{
		with("2026-11-26", queue.Contacts{All: 1, Complaint: 1}),
		with("2026-11-24", queue.Contacts{All: 6, Information: 3, Forms: 2, Registration: 1, MissingDocument: 2}, withTimes(0, 8)),
		with("2026-11-25", queue.Contacts{}, withTimes(0, 8)),
		with("2026-11-24", queue.Contacts{MissingDocument: 5}, withTimes(1, 8)),
		with("2026-12-24", queue.Contacts{All: 100, Forms: 100}),
	}
}

// TestContactsGoByDayWhateverTheRowsGoBy: and of no desk, and in no other figure.
func TestContactsGoByDayWhateverTheRowsGoBy(t *testing.T) {
	want := &Contacts{
		Rows: []ContactsRow{
			{Key: "2026-11-24", Label: "2026-11-24", All: 6, Information: 3, Forms: 2, Registration: 1, MissingDocument: 7},
			{Key: "2026-11-26", Label: "2026-11-26", All: 1, Complaint: 1},
		},
		Total: ContactsRow{Key: "total", Label: "Totale", All: 7, Information: 3, Forms: 2, Complaint: 1, Registration: 1, MissingDocument: 7},
	}
	for _, by := range allGroupings {
		q := Query{From: "2026-11-01", To: "2026-11-30", By: by}
		without := mustMake(t, q, contactDays())
		q.Contacts = true
		r := mustMake(t, q, contactDays())
		if diff := cmp.Diff(want, r.Contacts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", by, diff)
		}
		if r.Contacts = nil; !cmp.Equal(without, r) {
			t.Errorf("%s: contacts change the other figures: %s", by, cmp.Diff(without, r))
		}
		if r.Days != 2 || r.Visits != 3 {
			t.Errorf("%s: %d days and %d visits; a day of contacts alone has no visit", by, r.Days, r.Visits)
		}
	}
}

func TestContactsAreWrittenAsEver(t *testing.T) {
	r := mustMake(t, Query{From: everFrom, To: everTo, By: ByHour, Contacts: true}, contactDays())
	var text, point, italian, js bytes.Buffer
	for _, err := range []error{r.WriteTable(&text), r.Contacts.WriteCSV(&point, Point), r.Contacts.WriteCSV(&italian, Comma), r.WriteJSON(&js)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "contacts.txt", text.Bytes())
	golden(t, "contacts.csv", point.Bytes())
	golden(t, "contacts-italian.csv", italian.Bytes())
	golden(t, "contacts.json", js.Bytes())
	if err := r.Contacts.WriteCSV(fullDisk{}, Point); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}

// TestEveryContactIsInTheReport: each kind that the reception can count is in a column of
// its own, on a day that goes on and on one that is over, also read back from the disk.
func TestEveryContactIsInTheReport(t *testing.T) {
	h := openHall(t, "2026-11-24", "08:15", "13:00")
	var under UnderWay
	under.Rows(h.state)
	for i, kind := range queue.ContactKinds {
		for range i + 1 {
			h.must(queue.RecordContact{By: queue.Cause{Kind: queue.ByReception}, Contact: kind})
		}
	}
	if got, want := under.Rows(h.state).Contacts, h.state.Contacts(); got != want {
		t.Errorf("a sheet under way goes on with %+v, want %+v", got, want)
	}
	want := []int{1 + 2 + 3 + 4, 1, 2, 3, 4, 5}
	for range 2 {
		for _, s := range h.sheets() {
			stored, err := Decode(s.Encode())
			if err != nil {
				t.Fatal(err)
			}
			r := mustMake(t, Query{From: everFrom, To: everTo, By: ByService, Contacts: true}, []Sheet{stored})
			if len(r.Contacts.Rows) != 1 || !slices.Equal(r.Contacts.Rows[0].Counts(), want) || !r.Contacts.Any() {
				t.Errorf("contacts %+v, want %v", r.Contacts, want)
			}
		}
		h.pass(20 * 60 * minute)
		h.must(queue.Tick{})
	}
	if (Contacts{}).Any() {
		t.Error("there is none")
	}
}
