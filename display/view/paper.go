package view

import (
	"eliminacode/queue"
)

// A Printer is an outlet at which a ticket can be printed again.
type Printer struct {
	Outlet string `json:"outlet"`
	Name   string `json:"name"`
}

// printers are the outlets that can print now, the first one given in front.
func (l Look) printers(first queue.OutletID) []Printer {
	all := []Printer{}
	for _, o := range l.State.Setup().Outlets {
		_, now, _ := l.State.Outlet(o.ID)
		if !o.Printer || now.Gives == queue.Unable {
			continue
		}
		p := Printer{Outlet: string(o.ID), Name: o.Name}
		if o.ID == first {
			all = append([]Printer{p}, all...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// stopped is what is wrong with the printer of an outlet, for the staff, and
// the name of the outlet that helps it out; empty while it prints.
func (l Look) stopped(o queue.Outlet) (sign, spare string) {
	_, now, _ := l.State.Outlet(o.ID)
	if !o.Printer || now.Gives != queue.Unable {
		return "", ""
	}
	f := l.tongue().Fault(now.Why)
	sign = f.What + ". " + f.Do
	if helper, ok := l.State.Spare(o.ID); ok {
		spare = helper.Name
		sign += " " + l.tongue().SpareSign(spare)
	}
	return sign, spare
}

// elsewhere is the name of the outlet where the newest slip of a ticket comes
// out, or empty when that is where the number was asked for.
func elsewhere(s *queue.State, t *queue.Ticket) string {
	if t.Outlet == t.Asked || t.Paper == queue.Paperless {
		return ""
	}
	o, _, _ := s.Outlet(t.Outlet)
	return o.Name
}

// papers are the tickets whose paper somebody has to look at. Those of a printer
// that never confirms stand apart, since they would hide the others.
func (l Look) papers(v *Reception) {
	v.Doubtful, v.NotPrinted, v.Unconfirmed = []TicketRow{}, []TicketRow{}, []TicketRow{}
	var unconfirmed []*queue.Ticket
	for t := range l.State.UnsettledPapers() {
		switch {
		case t.State.Ended() || t.Paper == queue.PaperRequested:
		case t.Paper == queue.PaperFailed:
			v.NotPrinted = l.listed(v.NotPrinted, t)
		case t.PaperWhy == queue.WhyUnconfirmed:
			unconfirmed = append(unconfirmed, t)
		default:
			v.Doubtful = l.listed(v.Doubtful, t)
		}
	}
	v.UnconfirmedCount = len(unconfirmed)
	for i := len(unconfirmed) - 1; i >= 0; i-- {
		v.Unconfirmed = l.listed(v.Unconfirmed, unconfirmed[i])
	}
}

// listed is rows with a ticket more, up to as many as a list holds.
func (l Look) listed(rows []TicketRow, t *queue.Ticket) []TicketRow {
	if len(rows) >= receptionTickets {
		return rows
	}
	return append(rows, l.row(t))
}

// movedShownMs is how long an outlet says where a slip went that it could not
// print.
const movedShownMs = 3 * 60_000

// moved is what an outlet says of the last slips that went to the spare printer
// by themselves: their holders stand before it.
func (l Look) moved(t *queue.Ticket) string {
	ago, _ := l.State.Elapsed(t.PaperAt, l.Now)
	where := elsewhere(l.State, t)
	if where == "" || t.Reprinted || t.State != queue.Waiting || t.By.Kind == queue.ByReception || ago >= movedShownMs ||
		t.Paper != queue.PaperRequested && t.Paper != queue.PaperPrinted {
		return ""
	}
	return l.tongue().MovedSign(t.Number.Text, where)
}
