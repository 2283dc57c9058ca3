package queue

import "strings"

// A Fault is one thing that is wrong with a setup.
type Fault struct {
	// Path is the value that is wrong, in the words of an office's file, lists
	// counted from 1, such as "service[2].standard"; empty is the whole.
	Path    string
	Problem string // what is wrong, with the name of the thing
	Remedy  string // what to do about it
	Err     error  // what the fault Is, for who asks errors.Is; may be nil
}

// Error is the fault on one line.
func (f Fault) Error() string { return f.Problem + "; " + f.Remedy }

func (f Fault) Unwrap() error { return f.Err }

// Faults are all that is wrong with a setup, as an error with a line for each.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap is the faults one by one.
func (fs Faults) Unwrap() []error {
	all := make([]error, len(fs))
	for i, f := range fs {
		all[i] = f
	}
	return all
}
