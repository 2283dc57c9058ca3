package waiting

import (
	"encoding/binary"
	"slices"

	"eliminacode/queue"
)

// An UnderWay is the sheet of a day that goes on: visits that had ended when it was
// last made are copied, since no figure of theirs changes any more. The zero
// UnderWay has made none. It is for one goroutine at a time.
type UnderWay struct {
	day   *queue.State
	sheet Sheet
}

// Rows makes the sheet of a day as Rows does, but that desks and services that a
// change of setup removed may stand in its tables in another order.
func (u *UnderWay) Rows(day *queue.State) Sheet {
	switch {
	case u.day == day:
	case u.day == nil || day.Plan() == nil || !day.MeasuresLike(u.day):
		u.sheet = Rows(day)
	default:
		u.sheet = u.goOn(day)
	}
	u.day = day
	return u.sheet
}

// goOn makes the sheet of a later state of the same day.
func (u *UnderWay) goOn(day *queue.State) Sheet {
	m, _ := newSheetMaker(day)
	m.sheet.Services, m.sheet.Desks = slices.Clone(u.sheet.Services), slices.Clone(u.sheet.Desks)
	m.sheet.Series, m.sheet.Channels = slices.Clone(u.sheet.Series), slices.Clone(u.sheet.Channels)
	rows := u.sheet.rows
	for t := range day.Tickets() {
		own := 0
		for own < len(rows) && int(binary.LittleEndian.Uint32(rows[own+atTicket:])) == t.ID.Ordinal() {
			own += rowBytes
		}
		if t.State.Ended() && u.day.Ticket(t.ID) == t {
			m.sheet.rows = append(m.sheet.rows, rows[:own]...)
		} else {
			m.ticket(t)
		}
		rows = rows[own:]
	}
	return m.sheet
}
