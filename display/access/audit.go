package access

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"eliminacode/queue/cell"
)

// An Entry is one administrative act in the audit list.
type Entry struct {
	Seq    uint64          `json:"seq" doc:"Place in the list, from 1"`
	At     time.Time       `json:"at,omitzero" doc:"When, by the office's clock; left out where the act cannot be read"`
	Who    By              `json:"who" doc:"Who did it"`
	What   string          `json:"what" doc:"What was done, such as member.change"` // "member.change": a code, see Acts
	On     string          `json:"on,omitempty" doc:"What it was done to, by its name"`
	Before json.RawMessage `json:"before,omitempty" doc:"The values before"`
	After  json.RawMessage `json:"after,omitempty" doc:"The values after"`
}

// ActUnread is what stands in the place of an act that is damaged on disk: its sequence
// is all that is known of it.
const ActUnread = "audit.unread"

// A Column is one more column of the audit list as CSV, such as what its codes mean in
// the words of who reads it.
type Column struct {
	Heading string
	Of      func(Entry) string
}

// WriteJSON writes entries as one JSON array.
func WriteJSON(w io.Writer, entries iter.Seq2[Entry, error]) error {
	before := "["
	for e, err := range entries {
		if err != nil {
			return err
		}
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("writing entry %d: %w", e.Seq, err)
		}
		if _, err := fmt.Fprintf(w, "%s\n%s", before, text); err != nil {
			return err
		}
		before = ","
	}
	if before == "[" {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

// WriteCSV writes entries as CSV (RFC 4180) that a spreadsheet opens: with semicolons, a
// mark that it is UTF-8, and with no cell that it would run as a formula. Columns with
// the codes of the list come first, those that are told after them.
func WriteCSV(w io.Writer, entries iter.Seq2[Entry, error], told ...Column) error {
	if _, err := io.WriteString(w, cell.Mark); err != nil {
		return err
	}
	out := cell.NewWriter(w, ';')
	heading := []string{"seq", "at", "who", "role", "what", "on", "before", "after"}
	for _, c := range told {
		heading = append(heading, c.Heading)
	}
	if err := out.Write(heading); err != nil {
		return err
	}
	for e, err := range entries {
		if err != nil {
			return err
		}
		at := ""
		if !e.At.IsZero() {
			at = e.At.Format(time.RFC3339)
		}
		row := []string{
			strconv.FormatUint(e.Seq, 10), at, e.Who.Name, string(e.Who.Role), e.What, e.On,
			string(e.Before), string(e.After),
		}
		for _, c := range told {
			row = append(row, c.Of(e))
		}
		for i := range row {
			row[i] = cell.Text(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}
