package view

import (
	"cmp"
	"slices"

	"eliminacode/queue"
)

// callsShown is how many calls the manager's page of calls lists, the newest; a
// search finds the others.
const callsShown = 200

// A CallRow is a call of today and why it was that ticket's turn. It does not
// say at which desk.
type CallRow struct {
	At     string `json:"at"` // "10:31"
	Number string `json:"number"`
	Reason string `json:"reason"`
	Undone bool   `json:"undone,omitempty"`
}

// Calls are the calls of today for the manager.
type Calls struct {
	Query string    `json:"query,omitempty"`
	Rows  []CallRow `json:"rows"` // newest first, at most 200
	// Found is how many there are in all. One that was undone is among the rows, and
	// is no call, as in the manager's figures.
	Found int `json:"found"`
	// More tells that there are older ones than the rows.
	More bool `json:"more"`
}

// Calls is the view of the calls of today. query keeps those of tickets whose
// number it is or which hold it, whatever the case.
func (l Look) Calls(query string) Calls {
	v := Calls{Query: query, Rows: []CallRow{}}
	type call struct {
		t      *queue.Ticket
		period *queue.Period
		at     int64
	}
	var calls []call
	for t := range l.State.Tickets() {
		if sought(t.Number, query) {
			for i := range t.Periods {
				if p := &t.Periods[i]; p.Kind == queue.Called && p.Reason != nil {
					calls = append(calls, call{t, p, l.State.TimeOf(p.Start)})
				}
			}
		}
	}
	slices.SortStableFunc(calls, func(a, b call) int { return cmp.Compare(b.at, a.at) })
	for _, c := range calls {
		if !c.period.Undone {
			v.Found++
		}
	}
	v.More = len(calls) > callsShown
	for _, c := range calls[:min(len(calls), callsShown)] {
		row := l.callRow(c.t, *c.period.Reason, c.at)
		row.Undone = c.period.Undone
		v.Rows = append(v.Rows, row)
	}
	return v
}

// lastCalls are those that the boards remember, newest first.
func (l Look) lastCalls() []CallRow {
	rows := []CallRow{}
	for _, c := range l.State.Calls() {
		if t := l.State.Ticket(c.Ticket); t != nil {
			rows = append(rows, l.callRow(t, t.Rule, l.State.TimeOf(c.At)))
		}
	}
	return rows
}

func (l Look) callRow(t *queue.Ticket, why queue.Reason, at int64) CallRow {
	return CallRow{
		At: l.hour(at), Number: t.Number.Text,
		Reason: l.tongue().Reason(why, t.Number.Text, number(l.State, why.Passed)),
	}
}
