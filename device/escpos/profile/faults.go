package profile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"eliminacode/device"
	"eliminacode/device/setting"
)

// Validate returns every fault of the profile but those of its name, at once and
// joined, or nil.
func (p *Profile) Validate() error {
	var all []error
	for _, f := range p.Faults() {
		all = append(all, fmt.Errorf("profile %q: %w", p.Name, f))
	}
	return errors.Join(all...)
}

// Faults are those of Validate, as values.
func (p Profile) Faults() []setting.Fault {
	var j judge
	j.Within("columns", p.Columns, 16, 80)
	j.Within("settle-ms", p.SettleMs, 100, 30_000)
	j.Within("buffer-bytes", p.BufferBytes, 16, 1<<20)
	j.Flow("flow", p.Flow)
	j.Baud("baud", p.Baud)
	setting.Word(&j.Judge, "code-page", p.CodePage, CodePages()...)
	if p.IsRaw() {
		j.raw(p.Raw)
		return j.Found
	}
	j.layout(&p)
	j.ack(p.Ack)
	j.presenter(&p)
	return j.Found
}

type judge struct{ setting.Judge }

func (j *judge) layout(p *Profile) {
	if p.ColumnsB != 0 {
		j.Within("columns-b", p.ColumnsB, max(p.Columns, 16), 120)
	}
	j.Within("head-dots", p.HeadDots, 192, 1280)
	j.Within("code-page-number", p.CodePageNumber, 0, 255)
	j.Within("feed-before-cut-dots", p.FeedBeforeCutDots, 0, 1000)
	j.Within("cutter-gap-dots", p.CutterGapDots, 0, 1000)
	if p.SecondCodePage != "" {
		setting.Word(&j.Judge, "second-code-page", p.SecondCodePage, CodePages()...)
	}
	j.Within("second-code-page-number", p.SecondCodePageNumber, 0, 255)
	setting.Word(&j.Judge, "logo", p.Logo, LogoGSL, LogoFSP, LogoNone)
	setting.Word(&j.Judge, "identity", p.Identity, IdentityText, IdentityByte, IdentityNone)
	j.bytes("cut", p.Cut, "1D 56 42 00")
	j.followed("begin", p.Begin, "1C 2E 1B 52 00")
	j.Within("largest-size", p.LargestSize, 1, 8)
}

func (j *judge) presenter(p *Profile) {
	j.Within("present-steps", p.PresentSteps, 0, 255)
	j.Within("clear-mouth-after-s", p.ClearMouthAfterS, 0, 3600)
	j.bytes("clear-mouth", p.ClearMouth, "1D 65 05")
	switch {
	case p.PresentCuts && p.PresentSteps == 0:
		j.Say("present-cuts", "write present-steps too, or false", "nothing is presented")
	case p.PresentCuts && p.Cut != "":
		j.Say("cut", "write \"\": presenting cuts already", "would cut twice")
	}
	switch {
	case p.ClearMouthAfterS > 0 && (p.ClearMouth == "" || !p.FullStatus):
		j.Say("clear-mouth-after-s", "write clear-mouth and full-status = true too, or 0",
			"the ticket in the mouth can be neither seen nor taken away")
	case p.PresentSteps > 0 && p.FullStatus && !p.NextPushes && p.ClearMouthAfterS == 0:
		j.Say("next-pushes", "write true if the next ticket pushes it out, else clear-mouth and clear-mouth-after-s",
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
		j.Say(key, fmt.Sprintf("write up to %d bytes as pairs of digits, such as %q", maxBytes, example), "%q is not bytes in hexadecimal", h)
	case RealTimeAt(b) >= 0:
		j.Say(key, "leave 10 04, 10 05 and 10 14 out", "%q contains a real-time command", h)
	}
}

// followed checks bytes that others follow, the first of which must not complete
// a real-time command.
func (j *judge) followed(key string, h Hex, example string) {
	j.bytes(key, h, example)
	if b, err := h.Decode(); err == nil && bytes.HasSuffix(b, []byte{0x10}) {
		j.Say(key, "move the 10 into the part that follows", "ends in 10, which begins a command that is executed at once")
	}
}

func (j *judge) ack(ack []device.Rung) {
	rungs := []device.Rung{device.RungProcessID, device.RungExecuted, device.RungClean}
	if len(ack) == 0 {
		j.Say("ack", "name at least one of: process-id, executed, clean", "leaves no way to know what was printed")
	}
	last := -1
	for i, rung := range ack {
		at := fmt.Sprintf("ack[%d]", i+1)
		setting.Word(&j.Judge, at, rung, rungs...)
		order := slices.Index(rungs, rung)
		if order >= 0 && order <= last {
			j.Say(at, "write them in the order process-id, executed, clean", "%q stands behind a weaker one or twice", rung)
		}
		last = max(last, order)
	}
}
