package tomlfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrRefused is what the error of every refused file Is: the file could be read,
// and something in it is wrong. The chain holds a Complaints value with every
// fault.
var ErrRefused = errors.New("the file is refused")

// A Complaint is one fault of a file, made for whoever has the file open in an
// editor.
type Complaint struct {
	File    string // as given to Read; empty when the value was made in code
	Line    int    // counted from 1; 0 when there is no file
	Column  int    // counted from 1, in characters, at the offending word
	Key     string // such as "printer[2].port", lists counted from 1; empty when Problem names the thing itself
	Path    string // the same also when Problem names the thing itself; empty when it is about the whole file
	Problem string // what is wrong, without a full stop
	Remedy  string // what to do about it
	// Unreadable tells why the file as a whole cannot be read; empty for a fault within
	// it. Encoding is the one that the file is written in, where that is the reason and
	// it is known, such as "UTF-16".
	Unreadable Unreadable
	Encoding   string
}

// Unreadable is why a file as a whole is not the text of one.
type Unreadable string

// The reasons.
const (
	NotUTF8 Unreadable = "not-utf8" // another encoding
	NoText  Unreadable = "no-text"  // it holds what no text does
	TooLong Unreadable = "too-long" // more than MaxBytes
)

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

// Err returns the complaints as an error, nil when there are none: a Complaints
// value of length zero inside an error interface would not be nil.
func (cs Complaints) Err() error {
	if len(cs) == 0 {
		return nil
	}
	return cs
}

// inOrder puts the complaints in the order in which a reader of the file meets
// them; those at one place keep the order they were made in.
func (cs Complaints) inOrder() Complaints {
	slices.SortStableFunc(cs, func(a, b Complaint) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return cs
}
