// Package setting is what the descriptions of devices have in common, be they
// profiles of printers, keymaps, protocols of keypads or frames of panels: how
// it is told what is wrong with one, and the words for a serial line.
//
// It is plain data and pure functions: nothing here reads a file or knows a device.
package setting

import (
	"fmt"
	"slices"
	"strings"
)

// Named is the head of each description.
type Named struct {
	Name string `toml:"name"`
	Note string `toml:"note"` // which devices it is for, told to the technician
}

// Called is Name.
func (n Named) Called() string { return n.Name }

// A Fault is something that a setting may not say.
type Fault struct {
	Key     string // as the settings write it, such as "raw.begin" or "ack[2]", lists counted from 1
	Problem string // what is wrong, without a full stop
	Remedy  string // what to do about it
}

// Error gives the fault on one line.
func (f Fault) Error() string { return f.Key + ": " + f.Problem + "; " + f.Remedy }

// A Judge gathers faults. The zero Judge has found none.
type Judge struct{ Found []Fault }

// Say adds a fault.
func (j *Judge) Say(key, remedy, problem string, args ...any) {
	j.Found = append(j.Found, Fault{Key: key, Problem: fmt.Sprintf(problem, args...), Remedy: remedy})
}

// Below adds the faults of a part that stands below key.
func (j *Judge) Below(key string, faults []Fault) {
	for _, f := range faults {
		f.Key = key + "." + f.Key
		j.Found = append(j.Found, f)
	}
}

// Within refuses a number that is not in low to high.
func (j *Judge) Within(key string, n, low, high int) {
	if n < low || n > high {
		j.Say(key, fmt.Sprintf("write a number from %d to %d", low, high), "%d is out of range", n)
	}
}

// Word refuses a word that is none of known.
func Word[S ~string](j *Judge, key string, word S, known ...S) {
	if !slices.Contains(known, word) {
		var words []string
		for _, k := range known {
			words = append(words, string(k))
		}
		j.Say(key, "use one of: "+strings.Join(words, ", "), "%q has no meaning here", word)
	}
}
