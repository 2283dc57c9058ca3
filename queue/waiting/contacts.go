package waiting

import (
	"io"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/cell"
	"eliminacode/queue/words"
)

// Contacts are the people whom the reception helped without a ticket, by day whatever
// the rows of the report go by. They are in no other figure of it, and of no service, desk
// or person: nothing but what somebody came for is known of them.
type Contacts struct {
	Rows []ContactsRow `json:"rows"` // only days with any, in order of date
	// Total is the sum of the rows.
	Total ContactsRow `json:"total"`
}

// A ContactsRow is the contacts of a day.
type ContactsRow struct {
	Key   string `json:"key"` // the date, "2026-11-24"
	Label string `json:"label"`
	// All is the contacts of every kind; also of one that only a later version knows.
	All          int `json:"all"`
	Information  int `json:"information"`
	Forms        int `json:"forms"`
	Complaint    int `json:"complaint"`
	Registration int `json:"registration"`
	// MissingDocument is those who were told before they queued that a document is
	// missing. They are not among all.
	MissingDocument int `json:"missing_document"`
}

// Any tells whether there was any contact at all.
func (c Contacts) Any() bool { return c.Total.All+c.Total.MissingDocument > 0 }

// contactsOf is a row, with the same name in both its columns.
func contactsOf(date string, n queue.Contacts) ContactsRow {
	return ContactsRow{
		Key: date, Label: date, All: n.All, Information: n.Information, Forms: n.Forms,
		Complaint: n.Complaint, Registration: n.Registration, MissingDocument: n.MissingDocument,
	}
}

func (r *ContactsRow) join(o ContactsRow) {
	r.All += o.All
	r.Information += o.Information
	r.Forms += o.Forms
	r.Complaint += o.Complaint
	r.Registration += o.Registration
	r.MissingDocument += o.MissingDocument
}

// contactsOf are the contacts of days in any order, of which two may have one date:
// that of a clock that was wrong when the first one began.
func (m *maker) contactsOf() *Contacts {
	out := &Contacts{Rows: make([]ContactsRow, 0, len(m.contacts)), Total: ContactsRow{Key: totalKey.key, Label: totalKey.label}}
	slices.SortStableFunc(m.contacts, func(a, b ContactsRow) int { return queue.CompareNames(a.Key, b.Key) })
	for _, r := range m.contacts {
		out.Total.join(r)
		if last := len(out.Rows) - 1; last >= 0 && out.Rows[last].Key == r.Key {
			out.Rows[last].join(r)
		} else {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}

// contactsColumns are the headings of a CSV, as in the JSON.
var contactsColumns = []string{"key", "label", "all", "information", "forms", "complaint", "registration", "missing_document"}

// Counts are the contacts of all kinds, of each kind in the order of the reception's
// page, and last those who lacked a document.
func (r ContactsRow) Counts() []int {
	return []int{r.All, r.Information, r.Forms, r.Complaint, r.Registration, r.MissingDocument}
}

// WriteCSV writes the rows and, last, the total, as Report.WriteCSV does.
func (c Contacts) WriteCSV(w io.Writer, sign Decimals) error {
	lines := [][]string{contactsColumns}
	for _, r := range append(slices.Clip(c.Rows), c.Total) {
		lines = append(lines, countsLine(r.Counts(), cell.Text(r.Key), cell.Text(r.Label)))
	}
	return writeCSV(w, sign, lines)
}

// table is the rows and the total as aligned text below Italian headings.
func (c Contacts) table() [][]string {
	lines := [][]string{append([]string{words.In("").ReportColumn(string(ByDay))}, words.ReportContactsHeadings...)}
	for _, r := range append(slices.Clip(c.Rows), c.Total) {
		lines = append(lines, countsLine(r.Counts(), r.Label))
	}
	return lines
}
