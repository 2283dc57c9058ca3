package view

import (
	"time"

	"eliminacode/queue/words"
)

// A Box is what the technician's page tells of the box itself, beside its devices.
type Box struct {
	Program string `json:"program" doc:"The version of the program"`
	// Simulated tells that it is a demonstration, with no settings.
	Simulated bool `json:"simulated,omitempty" doc:"It is a demonstration: its devices are simulated and it has no settings"`
	// Rehearsal tells that the devices are simulated, and the settings those of a rehearsal.
	Rehearsal bool `json:"rehearsal,omitempty" doc:"It is a rehearsal: nothing is told of the machine that it runs on"`
	// Settings are the settings that the program read when it started.
	Settings Settings  `json:"settings" doc:"The settings that the program read when it started"`
	Wires    []Wire    `json:"wires" doc:"What the settings say is wired, and what is found there"`
	Spare    []string  `json:"spare,omitempty" doc:"Ports and keypads that are plugged in and that no setting names"`
	Copy     *CopyMade `json:"copy,omitempty" doc:"The last copy of the journal into a folder; left out where none was made"`
	// Fetched is the last one that a browser or a program took.
	Fetched *CopyMade `json:"fetched,omitempty" doc:"The last copy that was sent as a file to a browser or a program, to its end; left out where none was"`
	// Places are where another copy may go.
	Places []CopyPlace `json:"places" doc:"Sticks and disks that are mounted, where another copy may go"`
	Check  *Checked    `json:"check,omitempty" doc:"The last check; left out where none was made since the start"`
	// Closing is the newest business day that closed.
	Closing *ClosedDay `json:"closing,omitempty" doc:"The newest business day that closed, as its slip has it; left out while none has"`
}

// Settings are a file of settings.
type Settings struct {
	File   string `json:"file,omitempty" doc:"Its path; empty where there is none"`
	Schema int    `json:"schema" doc:"The version of its format"`
	AtMs   int64  `json:"at_ms,omitempty" doc:"When the file was last changed, milliseconds since 1970 by the box's clock"`
	// Newer tells that it was changed since the program read it.
	Newer bool `json:"newer" doc:"It was changed since the program read it, and holds from the next start"`
}

// A Wire is one device of the settings.
type Wire struct {
	Type    string `json:"type" doc:"printer, button, lamp, keypad or panel"`
	Kind    string `json:"kind" doc:"The same in words"`
	Name    string `json:"name" doc:"Its name in the settings"`
	Place   string `json:"place" doc:"The port, line or path of the settings"`
	There   string `json:"there,omitempty" doc:"What is found at that place; empty where nothing is"`
	Outlet  string `json:"outlet,omitempty" doc:"Where a number comes out"`
	Service string `json:"service,omitempty" doc:"The service that it gives numbers for"`
	Desk    string `json:"desk,omitempty" doc:"The desk that it belongs to"`
	Profile string `json:"profile,omitempty" doc:"Of a printer: what it understands"`
	// Own tells that the profile is one of the settings.
	Own   bool     `json:"own,omitempty" doc:"The profile is the settings' own, and not the program's"`
	State string   `json:"state" doc:"ready, degraded, stopped, lost or unknown"`
	Words string   `json:"words" doc:"What is wrong, or that it works"`
	Do    string   `json:"do,omitempty" doc:"What to do"`
	Log   []string `json:"log,omitempty" doc:"Its last lines of log since the start, oldest first, in English"`
}

// A CopyMade is a copy of the journal that was made on this box.
type CopyMade struct {
	AtMs   int64  `json:"at_ms" doc:"When, milliseconds since 1970 by the box's clock"`
	Folder string `json:"folder,omitempty" doc:"Into which folder; left out where it was sent as a file"`
	Who    string `json:"who,omitempty" doc:"By whom, while the person or the program has an account; left out where it was not on the pages or by a call"`
}

// A CopyPlace is a stick or a disk that is mounted.
type CopyPlace struct {
	ID        string `json:"id" doc:"Names it for the call that makes a copy"`
	Folder    string `json:"folder" doc:"Where it is mounted"`
	FreeBytes uint64 `json:"free_bytes" doc:"How much may still be written there"`
}

// FreeMB is how much may still be written there, in millions of bytes.
func (p CopyPlace) FreeMB() int { return int(p.FreeBytes / 1_000_000) }

// A ClosedDay is a business day that closed, as its slip has it.
type ClosedDay struct {
	// Unread tells that it cannot be read from the journal; then nothing is told of it.
	Unread bool   `json:"unread,omitempty" doc:"It cannot be read from the journal, and nothing else is told of it"`
	Date   string `json:"date" doc:"Of the business day, YYYY-MM-DD"`
	Day    string `json:"day" doc:"The same in words"`
	Event  uint64 `json:"event" doc:"The number of the event that closed it"`
	Hash   string `json:"hash" doc:"Of the chain of events up to that one, SHA-256 in hexadecimal digits"`

	Issued    int `json:"issued" doc:"Tickets"`
	Served    int `json:"served" doc:"Of them served"`
	NoShows   int `json:"no_shows" doc:"Of them called, and nobody came"`
	Cancelled int `json:"cancelled" doc:"Of them cancelled"`
	Expired   int `json:"expired" doc:"Of them left when the day closed"`
	Unused    int `json:"unused,omitempty" doc:"Numbers of blocks that nobody called"`

	Outlet string `json:"outlet,omitempty" doc:"Where its slip would come out now; left out while no printer is ready"`
}

// Closed is a closed day as the page tells it.
func Closed(t *words.Tongue, c words.Closing) *ClosedDay {
	return &ClosedDay{
		Date: c.Date.Format(time.DateOnly), Day: t.Date(c.Date), Event: c.Seq, Hash: c.Hash,
		Issued: c.Sums.Issued, Served: c.Sums.Served, NoShows: c.Sums.NoShows, Cancelled: c.Cancelled(), Expired: c.Sums.Expired, Unused: c.Sums.Unused,
	}
}

// Lines are the lines of the hash, as on paper.
func (c ClosedDay) Lines() []string { return words.HashLines(c.Hash) }

// A Checked is what a check of the box found.
type Checked struct {
	AtMs  int64   `json:"at_ms" doc:"When, milliseconds since 1970 by the box's clock"`
	Parts []Found `json:"parts" doc:"Part by part"`
}

// A Found is what a check says of one part of the box.
type Found struct {
	Code  string `json:"code" doc:"Which part, as a code: several parts may have the same, such as printer"`
	Part  string `json:"part" doc:"Which part, in words"`
	State string `json:"state" enum:"OK,WARN,FAIL" doc:"How it is"`
	Found string `json:"found,omitempty" doc:"What was found; left out where the detail says all"`
	// Detail is what the system itself says of a fault.
	Detail string `json:"detail,omitempty" doc:"What the system itself says of it, in English"`
	Do     string `json:"do,omitempty" doc:"What to do"`
}

// Wrong are the parts with which something is wrong, the worst first.
func (c Checked) Wrong() (all []Found) {
	for _, state := range []string{"FAIL", "WARN"} {
		for _, f := range c.Parts {
			if f.State == state {
				all = append(all, f)
			}
		}
	}
	return all
}

// Well is how many parts are well.
func (c Checked) Well() int { return len(c.Parts) - len(c.Wrong()) }
