package cell

import (
	"bufio"
	"io"
	"strings"
)

// A Writer writes the records of a CSV file as RFC 4180 has it, with lines that end in
// CR LF. A text with any separator in it is quoted, and not only with the file's own, as
// encoding/csv does: the spreadsheet of another country splits at another one, and what
// stands behind it would begin a cell, perhaps as a formula. It is for one goroutine.
type Writer struct {
	w         *bufio.Writer
	separator byte
}

// NewWriter writes records whose cells are parted by a separator, ';' or ','.
func NewWriter(w io.Writer, separator byte) *Writer {
	return &Writer{bufio.NewWriter(w), separator}
}

// Write writes a record. Errors are those of the file, and stay until Flush.
func (w *Writer) Write(record []string) error {
	for i, text := range record {
		if i > 0 {
			w.w.WriteByte(w.separator)
		}
		if w.quotes(text) || text == "" && len(record) == 1 {
			w.w.WriteByte('"')
			_, _ = inQuotes.WriteString(w.w, text)
			w.w.WriteByte('"')
		} else {
			w.w.WriteString(text)
		}
	}
	_, err := w.w.WriteString("\r\n")
	return err
}

// Flush writes what is left, and answers the first error.
func (w *Writer) Flush() error { return w.w.Flush() }

// inQuotes writes what stands between quotes: lines end there as they do in the file.
var inQuotes = strings.NewReplacer(`"`, `""`, "\r", "", "\n", "\r\n")

// quotes tells whether a text needs quotes. A number with a decimal comma needs none
// where the comma parts no cells.
func (w *Writer) quotes(text string) bool {
	if strings.IndexByte(text, w.separator) >= 0 || strings.ContainsAny(text, ";\t\"\r\n") || strings.HasPrefix(text, " ") {
		return true
	}
	return strings.Contains(text, ",") && strings.Trim(text, "-0123456789,") != ""
}
