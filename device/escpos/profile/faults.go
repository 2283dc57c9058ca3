package profile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"eliminacode/device"
)

// A Fault is something that a profile may not say.
type Fault struct {
	Key     string // as the settings write it, such as "raw.begin" or "ack[2]"
	Problem string
	Remedy  string
}

// Error gives the fault on one line.
func (f Fault) Error() string { return f.Key + ": " + f.Problem + "; " + f.Remedy }

// Validate returns every fault of the profile but those of its name and line, at
// once and joined, or nil.
func (p *Profile) Validate() error {
	var all []error
	for _, f := range p.Faults() {
		all = append(all, fmt.Errorf("profile %q: %w", p.Name, f))
	}
	return errors.Join(all...)
}

// Faults are those of Validate, as values.
func (p *Profile) Faults() []Fault {
	var j judge
	j.within("columns", p.Columns, 16, 80)
	j.within("settle-ms", p.SettleMs, 100, 30_000)
	j.within("buffer-bytes", p.BufferBytes, 16, 1<<20)
	word(&j, "code-page", p.CodePage, CodePages())
	if p.IsRaw() {
		j.raw(p.Raw)
		return j.found
	}
	j.layout(p)
	j.ack(p.Ack)
	j.presenter(p)
	return j.found
}

type judge struct{ found []Fault }

func (j *judge) say(key, remedy, problem string, args ...any) {
	j.found = append(j.found, Fault{Key: key, Problem: fmt.Sprintf(problem, args...), Remedy: remedy})
}

func (j *judge) within(key string, n, low, high int) {
	if n < low || n > high {
		j.say(key, fmt.Sprintf("write a number from %d to %d", low, high), "%d is out of range", n)
	}
}

func word[S ~string](j *judge, key string, word S, known []S) {
	if !slices.Contains(known, word) {
		var names []string
		for _, k := range known {
			names = append(names, string(k))
		}
		j.say(key, "use one of: "+strings.Join(names, ", "), "%q has no meaning here", word)
	}
}

func (j *judge) layout(p *Profile) {
	if p.ColumnsB != 0 {
		j.within("columns-b", p.ColumnsB, max(p.Columns, 16), 120)
	}
	j.within("head-dots", p.HeadDots, 192, 1280)
	j.within("code-page-number", p.CodePageNumber, 0, 255)
	j.within("feed-before-cut-dots", p.FeedBeforeCutDots, 0, 1000)
	j.within("cutter-gap-dots", p.CutterGapDots, 0, 1000)
	if p.SecondCodePage != "" {
		word(j, "second-code-page", p.SecondCodePage, CodePages())
	}
	j.within("second-code-page-number", p.SecondCodePageNumber, 0, 255)
	word(j, "logo", p.Logo, []Logo{LogoGSL, LogoFSP, LogoNone})
	word(j, "identity", p.Identity, []Identity{IdentityText, IdentityByte, IdentityNone})
	j.bytes("cut", p.Cut, "1D 56 42 00")
	j.followed("begin", p.Begin, "1C 2E 1B 52 00")
	j.within("largest-size", p.LargestSize, 1, 8)
}

func (j *judge) presenter(p *Profile) {
	j.within("present-steps", p.PresentSteps, 0, 255)
	j.within("clear-mouth-after-s", p.ClearMouthAfterS, 0, 3600)
	j.bytes("clear-mouth", p.ClearMouth, "1D 65 05")
	switch {
	case p.PresentCuts && p.PresentSteps == 0:
		j.say("present-cuts", "write present-steps too, or false", "nothing is presented")
	case p.PresentCuts && p.Cut != "":
		j.say("cut", "write \"\": presenting cuts already", "would cut twice")
	}
	switch {
	case p.ClearMouthAfterS > 0 && (p.ClearMouth == "" || !p.FullStatus):
		j.say("clear-mouth-after-s", "write clear-mouth and full-status = true too, or 0",
			"the ticket in the mouth can be neither seen nor taken away")
	case p.PresentSteps > 0 && p.FullStatus && !p.NextPushes && p.ClearMouthAfterS == 0:
		j.say("next-pushes", "write true if the next ticket pushes it out, else clear-mouth and clear-mouth-after-s",
			"a ticket that nobody takes would stop the printer for ever")
	}
}

func (j *judge) raw(r Raw) {
	const example = "0D 0A"
	j.followed("raw.begin", r.Begin, example)
	j.followed("raw.before-number", r.BeforeNumber, example)
	j.followed("raw.after-number", r.AfterNumber, example)
	j.followed("raw.line-end", r.LineEnd, example)
	j.followed("raw.end", r.End, example)
}

// maxBytes bounds bytes that are written in hexadecimal.
const maxBytes = 16

// bytes checks bytes written in hexadecimal. A command that a printer executes
// the moment it arrives is none of a ticket's.
func (j *judge) bytes(key string, h Hex, example string) {
	b, err := h.Decode()
	switch {
	case err != nil || len(b) > maxBytes:
		j.say(key, fmt.Sprintf("write up to %d bytes as pairs of digits, such as %q", maxBytes, example), "%q is not bytes in hexadecimal", h)
	case RealTimeAt(b) >= 0:
		j.say(key, "leave 10 04, 10 05 and 10 14 out", "%q contains a real-time command", h)
	}
}

// followed checks bytes that others follow, the first of which must not complete
// a real-time command.
func (j *judge) followed(key string, h Hex, example string) {
	j.bytes(key, h, example)
	if b, err := h.Decode(); err == nil && bytes.HasSuffix(b, []byte{0x10}) {
		j.say(key, "move the 10 into the part that follows", "ends in 10, which begins a command that is executed at once")
	}
}

func (j *judge) ack(ack []device.Rung) {
	rungs := []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	if len(ack) == 0 {
		j.say("ack", "name at least one of: process-id, executed, clean", "leaves no way to know what was printed")
	}
	last := -1
	for i, rung := range ack {
		at := fmt.Sprintf("ack[%d]", i+1)
		word(j, at, rung, rungs)
		order := slices.Index(rungs, rung)
		if order >= 0 && order <= last {
			j.say(at, "write them in the order process-id, executed, clean", "%q stands behind a weaker one or twice", rung)
		}
		last = max(last, order)
	}
}
