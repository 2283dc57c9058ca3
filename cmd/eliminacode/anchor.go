package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// An anchor is what the slip of a closed day says of the chain of events: an event,
// and the hash up to it, as far as somebody typed it.
type anchor struct {
	event  uint64
	digits string // hexadecimal, in small letters
}

// leastDigits is how many digits of a hash are compared at least: the first line of
// it on the slip, since a narrow paper may have no room for more.
const leastDigits = 16

// parseAnchor reads what somebody typed off a slip. Its errors are faults of the
// command line.
func parseAnchor(event uint64, hash string) (anchor, error) {
	if event == 0 {
		return anchor{}, usageError{errors.New("--event 0 is no event; type the number after Registro n. on the slip")}
	}
	digits, err := parseDigits(hash)
	if err != nil {
		return anchor{}, usageError{fmt.Errorf("--hash %w", err)}
	}
	return anchor{event, digits}, nil
}

// parseDigits reads the first digits of a hash, or all of them, however they are
// grouped.
func parseDigits(text string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsSpace(r):
		case '0' <= r && r <= '9', 'a' <= r && r <= 'f':
			b.WriteRune(r)
		default:
			return "", fmt.Errorf("has %q, and a hash is of 0 to 9 and a to f only; type it as it stands on the slip", r)
		}
	}
	switch most := 2 * len(journal.Hash{}); {
	case b.Len() < leastDigits:
		return "", fmt.Errorf("has %s, too few to compare; type at least the first %d, and all that the slip has", many(b.Len(), "digit"), leastDigits)
	case b.Len() > most:
		return "", fmt.Errorf("has %s, and a hash has %d; type it as it stands on the slip", many(b.Len(), "digit"), most)
	}
	return b.String(), nil
}

// An anchorFit is what was compared of a slip that fits.
type anchorFit struct {
	Event  uint64
	Digits int
}

// compare holds a slip against a journal whose chain was found whole up to the event
// last. An error says what it means that the slip does not fit, and what to do.
func (a anchor) compare(ctx context.Context, from archive, last uint64) (*anchorFit, error) {
	if a.event > last {
		return nil, fmt.Errorf("the slip does not fit: it tells of event %d, and this journal ends with event %d\n"+
			"It is a copy from before the slip was printed, the journal of another box, or its end was taken away.\n%s", a.event, last, whatToDo)
	}
	r, kind, err := recordAt(ctx, from, a.event)
	if err != nil {
		return nil, err
	}
	if r.Seq != a.event {
		return nil, fmt.Errorf("the slip tells of event %d, and this journal is kept from event %d on; compare it with a copy from before (--data FOLDER)", a.event, r.Seq)
	}
	hash := r.Hash().String()
	if strings.HasPrefix(hash, a.digits) {
		return &anchorFit{a.event, len(a.digits)}, nil
	}
	closes := ""
	if kind != (queue.DayClosed{}).Kind() {
		closes = "Event " + fmt.Sprint(a.event) + " closes no business day here: is the number the slip's?\n"
	}
	return nil, fmt.Errorf("the slip does not fit: event %d has another hash here\n  here: %s\n  slip: %s\n%s"+
		"If both are typed as they stand on the slip, it is of another box, or something up to that event was changed after\n"+
		"the slip was printed, and the chain was made anew over it.\n%s",
		a.event, grouped(hash), grouped(a.digits), closes, whatToDo)
}

// whatToDo when a slip does not fit.
const whatToDo = "Keep the folder as it is, and copy it away: eliminacode journal backup --to FOLDER. Compare the older slips one by\n" +
	"one: the newest that fits tells up to when the journal is as it was. Slips that were printed after a backup, which was\n" +
	"put back since, fit only the folder that the restore set aside. If no slip explains it, tell whoever answers for the office."

// grouped is a hash in groups of four, as on paper.
func grouped(hash string) string { return strings.Join(words.HashLines(hash), " ") }

// recordAt is the first record of an archive from an event on, and what kind of
// event it is.
func recordAt(ctx context.Context, from archive, seq uint64) (r journal.Record, kind string, err error) {
	var line firstLine
	if err := from.Dump(ctx, &line, seq); err != nil && !errors.Is(err, errLineRead) {
		return r, "", fmt.Errorf("reading event %d: %w", seq, err)
	}
	var event struct {
		Seq  uint64 `json:"seq"`
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(line.text, &event); err != nil {
		return r, "", fmt.Errorf("reading event %d: %w", seq, err)
	}
	return journal.Record{Seq: event.Seq, Value: line.text}, event.Kind, nil
}

// A firstLine keeps the first line that is written to it, and takes no more.
type firstLine struct{ text []byte }

// errLineRead: the line is whole.
var errLineRead = errors.New("one line is enough")

func (l *firstLine) Write(b []byte) (int, error) {
	line, _, whole := bytes.Cut(b, []byte("\n"))
	l.text = append(l.text, line...)
	if whole {
		return len(line), errLineRead
	}
	return len(b), nil
}

var _ io.Writer = (*firstLine)(nil)
