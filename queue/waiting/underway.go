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
	runs  []sheetRun // of the day's tickets, once it has gone on
}

// A sheetRun is what the sheet has of a run of tickets.
type sheetRun struct {
	bytes int  // of rows
	ended bool // all its visits have
}

// Rows makes the sheet of a day as Rows does, but that desks and services that a
// change of setup removed may stand in its tables in another order.
func (u *UnderWay) Rows(day *queue.State) Sheet {
	switch {
	case u.day == day:
	case u.day == nil || day.Plan() == nil || !day.MeasuresLike(u.day):
		u.sheet, u.runs = Rows(day), nil
	default:
		u.sheet, u.runs = u.goOn(day)
	}
	u.day = day
	return u.sheet
}

// goOn makes the sheet of a later state of the same day.
func (u *UnderWay) goOn(day *queue.State) (Sheet, []sheetRun) {
	m, _ := newSheetMaker(day)
	m.sheet.Services, m.sheet.Desks = slices.Clone(u.sheet.Services), slices.Clone(u.sheet.Desks)
	m.sheet.Series, m.sheet.Channels = slices.Clone(u.sheet.Series), slices.Clone(u.sheet.Channels)
	rows, runs := u.sheet.rows, make([]sheetRun, 0, len(u.runs)+1)
	for tickets, same := range day.TicketRuns(u.day) {
		if i := len(runs); same && i < len(u.runs) && u.runs[i].ended {
			n := u.runs[i].bytes
			m.sheet.rows = append(m.sheet.rows, rows[:n]...)
			rows, runs = rows[n:], append(runs, u.runs[i])
			continue
		}
		run := sheetRun{bytes: -len(m.sheet.rows), ended: true}
		for _, t := range tickets {
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
			run.ended = run.ended && t.State.Ended()
		}
		run.bytes += len(m.sheet.rows)
		runs = append(runs, run)
	}
	return m.made(), runs
}
