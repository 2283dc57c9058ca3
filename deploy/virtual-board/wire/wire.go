// Package wire is what the host and the virtual board say to each other: the
// arguments and answers of the remote calls that guest serves and proof makes.
// It has no code. Instants are nanoseconds of the board's monotonic clock.
package wire

import "time"

// None is no argument, or no answer.
type None struct{}

// A Mount is a file system to mount; its folder is made.
type Mount struct{ Source, Target, Type string }

// A File is a file's whole content.
type File struct {
	Path string
	Data []byte
}

// A Command is a program to run to its end.
type Command struct {
	Argv []string
	Most time.Duration // it is killed after
}

// A Result is how a Command ended and what it said, on both outputs.
type Result struct {
	Code   int
	Output string
}

// A Request goes to the daemon's pages, from the board itself. Bearer is the
// token that it shows.
type Request struct{ Method, URL, Body, Bearer string }

// A Response is the answer to a Request.
type Response struct {
	Status int
	Body   string
}

// Moves are what the contact on a line does: it is closed or open and rests so,
// step by step.
type Moves struct {
	Line  string
	Steps []Step
}

// A Step is one move of a contact, and the rest after it.
type Step struct {
	Closed bool
	Rest   time.Duration
}

// A Chunk is what the printer took from its line at once.
type Chunk struct {
	At   int64
	Data []byte
}

// A Paper is a ticket that the printer has cut.
type Paper struct {
	Number string // its biggest text
	Text   string
	Bytes  int
}

// A Printout is all that the printer has received and made of it.
type Printout struct {
	Chunks     []Chunk
	Papers     []Paper
	Complaints []string // of what the host did wrong
}

// A Heard is what somebody else than the daemon could read of the keypads.
type Heard struct {
	Keys    int    // that went down, by readers without a grab
	Console string // bytes that reached the text console
	Readers int    // that listen
}
