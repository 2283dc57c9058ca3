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
	var calls []call
	for t := range l.State.Tickets() {
		if sought(t, query) {
			for i := range t.Periods {
				if p := &t.Periods[i]; isCall(p) {
					calls = append(calls, call{t, p, l.State.TimeOf(p.Start)})
				}
			}
		}
	}
	slices.SortStableFunc(calls, newestFirst)
	for _, c := range calls {
		if !c.period.Undone {
			v.Found++
		}
	}
	v.More = len(calls) > callsShown
	for _, c := range calls[:min(len(calls), callsShown)] {
		v.Rows = append(v.Rows, l.callRow(c))
	}
	return v
}

// A call is one of a ticket, which may have been called before and after it.
type call struct {
	ticket *queue.Ticket
	period *queue.Period
	at     int64 // office time
}

func isCall(p *queue.Period) bool { return p.Kind == queue.Called && p.Reason != nil }

func newestFirst(a, b call) int { return cmp.Compare(b.at, a.at) }

// lastCallsShown is how many calls the manager's first page lists.
const lastCallsShown = 12

// lastCalls are the newest calls that stand, newest first: each of a ticket that was
// called more than once. They are looked for without a list of all.
func (l Look) lastCalls() []CallRow {
	var last []call
	for t := range l.State.Tickets() {
		for i := range slices.Backward(t.Periods) {
			p := &t.Periods[i]
			c := call{t, p, l.State.TimeOf(p.Start)}
			full := len(last) == lastCallsShown
			if full && c.at < last[lastCallsShown-1].at {
				break // and what was before it is older still
			}
			if !isCall(p) || p.Undone {
				continue
			}
			if full {
				last = last[:lastCallsShown-1]
			}
			at, _ := slices.BinarySearchFunc(last, c, newestFirst)
			last = slices.Insert(last, at, c)
		}
	}
	rows := []CallRow{}
	for _, c := range last {
		rows = append(rows, l.callRow(c))
	}
	return rows
}

func (l Look) callRow(c call) CallRow {
	why, text := *c.period.Reason, c.ticket.Number.Text
	return CallRow{
		At: l.hour(c.at), Number: text, Undone: c.period.Undone,
		Reason: l.tongue().Reason(why, text, number(l.State, why.Passed)),
	}
}
