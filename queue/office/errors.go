package office

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrRefused is what Parse's error Is: the file is not a valid office. The
// error is a Complaints; correct the lines it names and read the file again.
var ErrRefused = errors.New("office file refused")

// A Complaint is one fault of an office file, for whoever has it open in an
// editor.
type Complaint struct {
	File   string // the name given to Parse
	Line   int    // from 1
	Column int    // from 1, in characters
	Text   string // what is wrong and what to do
}

// Error is the complaint as "file:line:column: text", which editors turn into
// a link.
func (c Complaint) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", c.File, c.Line, c.Column, c.Text)
}

// Complaints are all faults of one file, in the order of the file. It is an
// error with one line for each.
type Complaints []Complaint

// Error gives one complaint a line.
func (cs Complaints) Error() string {
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = c.Error()
	}
	return strings.Join(lines, "\n")
}

// Is makes errors.Is(err, ErrRefused) true.
func (cs Complaints) Is(target error) bool { return target == ErrRefused }

// inOrder sorts by place and drops what is said twice of the same place.
func (cs Complaints) inOrder() Complaints {
	slices.SortStableFunc(cs, func(a, b Complaint) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(cs)
}
