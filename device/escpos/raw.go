package escpos

import (
	"eliminacode/device"
)

// layOutRaw is a ticket in the words of a raw profile: plain lines, and the
// templates around them. There is no id, because nothing can answer.
func (e *encoder) layOutRaw(slip device.Slip, _ ID) error {
	raw := e.profile.Raw
	e.put(raw.Begin.Bytes()...)
	for _, line := range slip.Header {
		e.rawLines(line)
	}
	e.rawLines(slip.Date)
	e.rawLines(slip.Mark)
	e.rawLines(slip.Service)
	e.rawLines(slip.Caption)
	e.numberAt = e.out.Len()
	number, err := e.numberText(slip)
	if err != nil {
		return err
	}
	if len(number) > 0 {
		e.put(raw.BeforeNumber.Bytes()...)
		e.chars(number)
		e.put(raw.AfterNumber.Bytes()...)
		e.rawLine()
	}
	for _, fact := range slip.Facts {
		e.rawLines(fact)
	}
	e.rawLines(slip.QR)
	for _, note := range slip.Notes {
		e.rawLines(note)
	}
	e.put(raw.End.Bytes()...)
	return nil
}

func (e *encoder) rawLines(text string) {
	for _, line := range e.lines(text, e.profile.Columns, wrap) {
		e.chars(line)
		e.rawLine()
	}
}

func (e *encoder) rawLine() {
	e.put(e.profile.Raw.LineEnd.Bytes()...)
	e.dots += lineDots
}

// mute reports whether the printer never answers, so that it is neither asked
// nor probed.
func (s *session) mute() bool { return s.p.profile.IsRaw() }
