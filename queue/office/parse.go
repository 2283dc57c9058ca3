package office

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"eliminacode/firmware-config/tomlfile"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/words"
)

// FormatVersion is the version of the file's layout that this program writes
// and the newest that it reads.
const FormatVersion = 1

// Parse reads an office file. The name stands before every complaint; no file
// is opened. A setup that comes without an error passes queue.Setup.Validate
// and calendar.Validate. The error Is tomlfile.ErrRefused and is a
// tomlfile.Complaints with every fault found.
func Parse(name string, data []byte) (queue.Setup, error) {
	in := emptyFile()
	f := tomlfile.Read(name, data, &in, forms)
	if f.Broken() {
		return queue.Setup{}, f.Err()
	}
	setup := in.setup()
	for _, fault := range slices.Concat(formatFaults(in.Format), Faults(setup)) {
		f.Complain(fault.Path, tomlfile.Complaint{Problem: fault.Problem, Remedy: fault.Remedy})
	}
	if err := f.Err(); err != nil {
		return queue.Setup{}, err
	}
	return setup, nil
}

// A FileFault is a fault of an office file, for who shows it in words of its own.
type FileFault struct {
	Line, Column    int    // counted from 1, in characters
	Path            string // of the value, such as "service[2].standard"; empty when it is about the whole file
	Problem, Remedy string // in English, without a full stop
	// Unreadable tells why the file as a whole cannot be read, "not-utf8", "no-text" or
	// "too-long", and Encoding in which it is written, where that is known; else empty.
	Unreadable, Encoding string
}

// FileFaults are the faults in an error of Parse, in the order of the file.
func FileFaults(err error) (all []FileFault) {
	var complaints tomlfile.Complaints
	if errors.As(err, &complaints) {
		for _, c := range complaints {
			all = append(all, FileFault{c.Line, c.Column, c.Path, c.Problem, c.Remedy, string(c.Unreadable), c.Encoding})
		}
	}
	return all
}

// Format writes a setup as an office file that Parse reads back the same; the
// comments of a file that the setup came from are gone. Durations of more than
// 292 years cannot be written.
func Format(s queue.Setup) []byte { return tomlfile.Write(fileOf(s), forms) }

// Faults are all faults of a setup, as Parse finds them in a file.
func Faults(setup queue.Setup) queue.Faults {
	faults := slices.Concat(setup.Faults(), calendar.Faults(setup), daysOfOneDate(setup.Hours))
	faults = append(faults, unspoken(setup.Slip, faults)...)
	if len(faults) == 0 {
		faults = tooLong(setup)
	}
	return faults
}

func formatFaults(version int) queue.Faults {
	switch {
	case version > FormatVersion:
		return queue.Faults{{Path: "format", Problem: fmt.Sprintf("format %d was written by a newer program, this one reads up to %d", version, FormatVersion), Remedy: "update the program"}}
	case version < 1:
		return queue.Faults{{Path: "format", Problem: fmt.Sprintf("format %d is no format", version), Remedy: fmt.Sprintf("write %d", FormatVersion)}}
	}
	return nil
}

// daysOfOneDate finds exceptions that name days of the week beside their date,
// which the calendar ignores.
func daysOfOneDate(h queue.Hours) (faults queue.Faults) {
	for i, e := range h.Exceptions {
		for j, b := range e.Bands {
			if len(b.Days) > 0 {
				faults = append(faults, queue.Fault{Path: fmt.Sprintf("hours.exception[%d].band[%d].days", i+1, j+1),
					Problem: fmt.Sprintf("exception %s: its hours are those of one date", e.Date), Remedy: "leave days out"})
			}
		}
	}
	return faults
}

// unspoken are the languages that no catalogue is in: the setup would be valid,
// and its tickets would say less than they should. What is no language at all
// is among the faults already.
func unspoken(s queue.SlipTemplate, faults queue.Faults) (more queue.Faults) {
	known := words.Languages()
	say := func(path string, l queue.Language) {
		said := slices.ContainsFunc(faults, func(f queue.Fault) bool { return f.Path == path })
		if !said && !slices.Contains(known, l) {
			more = append(more, queue.Fault{Path: path, Problem: fmt.Sprintf("slip: nothing is written in the language %q yet", string(l)),
				Remedy: "use one of " + strings.Trim(fmt.Sprint(known), "[]")})
		}
	}
	for i, l := range s.Languages {
		say(fmt.Sprintf("slip.languages[%d]", i+1), l)
	}
	for _, l := range slices.Sorted(maps.Keys(s.Texts)) {
		say("slip.text."+string(l), l)
	}
	return more
}

// tooLong tells of tickets with more text than a printer takes at once.
func tooLong(setup queue.Setup) queue.Faults {
	service, n := words.Longest(setup)
	if n <= words.SlipRoom {
		return nil
	}
	path := "slip"
	if setup.Office.Note != "" {
		path = "office.note"
	}
	return queue.Faults{{Path: path, Problem: fmt.Sprintf("slip: the tickets of service %q have %d characters and %d fit", service.ID, n, words.SlipRoom),
		Remedy: "shorten the note or the names, or name fewer parts"}}
}
