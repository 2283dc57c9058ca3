package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Complaint is one fault in the settings, made for the technician who has
// the file open in an editor.
type Complaint struct {
	File    string // as given to Load or Parse; empty for settings made in code
	Line    int    // counted from 1; 0 when there is no file
	Column  int    // counted from 1, in characters, at the offending word
	Key     string // such as "printer[2].port", lists counted from 1
	Problem string // what is wrong, without a full stop
	Remedy  string // what to do about it
}

// Error gives the complaint on one line, as "file:line:column: key: problem;
// remedy", which editors and terminals turn into a link.
func (c Complaint) Error() string {
	var b strings.Builder
	if c.Line > 0 {
		fmt.Fprintf(&b, "%s:%d:%d: ", c.File, c.Line, c.Column)
	}
	if c.Key != "" {
		b.WriteString(c.Key + ": ")
	}
	b.WriteString(c.Problem + "; " + c.Remedy)
	return b.String()
}

// Complaints are all faults of one file, in the order of the file. It is an
// error whose text has one line for each of them.
type Complaints []Complaint

// Error gives one complaint a line.
func (cs Complaints) Error() string {
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = c.Error()
	}
	return strings.Join(lines, "\n")
}

// Is makes errors.Is(err, ErrRefused) true for complaints.
func (cs Complaints) Is(target error) bool { return target == ErrRefused }

// or returns the complaints as an error, nil when there are none: a Complaints
// value of length zero inside an error interface would not be nil.
func (cs Complaints) or() error {
	if len(cs) == 0 {
		return nil
	}
	return cs
}

// sortByPlace puts the complaints in the order in which a reader of the file
// meets them; those without a place keep the order they were made in.
func (cs Complaints) sortByPlace() {
	slices.SortStableFunc(cs, func(a, b Complaint) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
