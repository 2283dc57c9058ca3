package oracle

import (
	"slices"

	"eliminacode/queue"
)

// A paperModel is the paper of one ticket as the checker understands it.
type paperModel struct {
	state      queue.PaperState
	job        int
	asked      queue.OutletID // where the number was asked for
	outlet     queue.OutletID // where the newest slip comes out
	moved      bool           // to the spare printer, by itself
	reprinted  bool           // by a person
	beforeBoot bool           // on its way when the program started again
}

// paperRules are the printers, and what the last event left open.
type paperRules struct {
	outlets map[queue.OutletID]queue.Outlet // all of today, those removed since too
	gives   map[queue.OutletID]queue.Ability
	onWay   map[queue.OutletID]int // slips on their way
	failed  queue.TicketID         // whose slip failed by the event before
	owed    queue.TicketID         // whose number nobody can read, unless the next event gives it
}

func newPaperRules() paperRules {
	return paperRules{
		outlets: map[queue.OutletID]queue.Outlet{}, gives: map[queue.OutletID]queue.Ability{}, onWay: map[queue.OutletID]int{},
	}
}

func (p *paperRules) setupChanged(s queue.Setup) {
	for _, o := range s.Outlets {
		p.outlets[o.ID] = o
	}
}

// takes tells whether a printer may get one more slip.
func (d *dayModel) takes(o queue.OutletID) bool {
	p := &d.papers
	return p.outlets[o].Printer && p.gives[o] != queue.Unable && p.onWay[o] < max(1, d.c.setup.Rules.UnprintedMax)
}

// isSpare tells whether an outlet may take what another one cannot print.
func (d *dayModel) isSpare(o, of queue.OutletID) bool {
	return d.papers.outlets[of].Spare == o && d.papers.gives[o] == queue.Able && d.takes(o)
}

// seePaper takes an event of somebody's paper.
func (d *dayModel) seePaper(e queue.Event) {
	p := &d.papers
	failed, owed := p.failed, p.owed
	p.failed, p.owed = 0, 0
	if owed != 0 && !gives(e.Body, owed) {
		d.c.report(BreachBurnt, owed, "", "the slip failed, and the number was given in no other way")
	}
	switch b := e.Body.(type) {
	case queue.JournalResumed:
		for _, t := range d.tickets {
			t.paper.beforeBoot = t.paper.state == queue.PaperRequested
		}
	case queue.OutletChanged:
		p.gives[b.Outlet] = b.Gives
	case queue.TicketIssued:
		d.asked(e, b)
	case queue.TicketPrinted:
		d.answered(b.Ticket, b.Job, queue.PaperPrinted)
	case queue.TicketPrintUnknown:
		d.answered(b.Ticket, b.Job, queue.PaperUnknown)
	case queue.TicketPrintFailed:
		if t := d.answered(b.Ticket, b.Job, queue.PaperFailed); t != nil {
			p.failed = t.id
			if !t.paper.reprinted && t.state == queue.Waiting {
				p.owed = t.id
			}
		}
	case queue.TicketMadePaperless:
		if t := d.tickets[b.Ticket]; t == nil || t.paper.state != queue.PaperFailed || !p.outlets[t.paper.asked].Screen {
			d.c.report(BreachPaper, b.Ticket, "", "a number on a screen that is not there, or beside a slip that did not fail")
		} else {
			t.paper.state = queue.Paperless
		}
	case queue.SlipMoved:
		t := d.tickets[b.Ticket]
		switch {
		case t == nil || failed != b.Ticket:
			d.c.report(BreachPaper, b.Ticket, "", "a slip moved that had not failed just now")
		case t.paper.moved || t.paper.reprinted || t.paper.outlet != t.paper.asked:
			d.c.report(BreachPaper, b.Ticket, "", "a slip moved that was not the first")
		case t.state != queue.Waiting || !d.isSpare(b.Outlet, t.paper.asked):
			d.c.report(BreachPaper, b.Ticket, "", "a slip moved to a printer that could not take it, or for nobody")
		}
		d.asksAgain(b.Ticket, b.Job, b.Outlet, e.By)
		if t != nil {
			t.paper.moved = true
		}
	case queue.ReprintRequested:
		if e.By.Kind == queue.ByPrinter || e.By.Kind == queue.ByAutomatic {
			d.c.report(BreachPaper, b.Ticket, "", "a reprint that no person asked for")
		}
		d.asksAgain(b.Ticket, b.Job, b.Outlet, e.By)
		if t := d.tickets[b.Ticket]; t != nil {
			t.paper.reprinted = true
		}
	}
}

// gives tells whether an event lets somebody read the number whose slip failed,
// or takes it back.
func gives(b queue.Body, id queue.TicketID) bool {
	switch b := b.(type) {
	case queue.SlipMoved:
		return b.Ticket == id
	case queue.TicketMadePaperless:
		return b.Ticket == id
	case queue.TicketCancelled:
		return b.Ticket == id
	default:
		return false
	}
}

// asked is the paper of a new ticket.
func (d *dayModel) asked(e queue.Event, b queue.TicketIssued) {
	t, p := d.tickets[b.Ticket], &d.papers
	t.paper = paperModel{state: b.Paper, outlet: b.Outlet, asked: b.Asked}
	if b.Asked == "" {
		t.paper.asked = b.Outlet
	}
	switch own := p.outlets[b.Outlet]; {
	case b.Block != "":
		if b.Paper != queue.PaperPrinted {
			d.c.report(BreachBurnt, b.Ticket, "", "a number of a block that is not on paper")
		}
		return
	case b.Paper == queue.Paperless:
		if own.Printer && !own.Screen {
			d.c.report(BreachBurnt, b.Ticket, "", "a number without paper where there is no screen")
		}
		return
	case !d.takes(b.Outlet):
		d.c.report(BreachPaper, b.Ticket, "", "a slip for a printer that could not take it")
	case b.Asked != "" && (e.By.Kind != queue.ByReception || d.takes(b.Asked) || !d.isSpare(b.Outlet, b.Asked)):
		d.c.report(BreachPaper, b.Ticket, "", "a slip elsewhere without need, or for somebody whom nobody tells")
	}
	t.paper.job = 1
	p.onWay[b.Outlet]++
}

// answered is the end of a job.
func (d *dayModel) answered(id queue.TicketID, job int, state queue.PaperState) *ticketModel {
	t := d.tickets[id]
	if t == nil || t.paper.job != job {
		d.c.report(BreachPaper, id, "", "an answer about a job that is not the newest")
		return nil
	}
	x := &t.paper
	late := x.state == queue.PaperUnknown && state == queue.PaperPrinted
	switch {
	case x.state != queue.PaperRequested && !late:
		d.c.report(BreachPaper, id, "", "a second answer about one job")
		return nil
	case x.beforeBoot && state != queue.PaperUnknown && !late:
		d.c.report(BreachPaper, id, "", "an answer about a job of the program before this one")
	}
	if x.state == queue.PaperRequested {
		d.papers.onWay[x.outlet]--
	}
	x.state, x.beforeBoot = state, false
	return t
}

// asksAgain puts another slip of a ticket on its way.
func (d *dayModel) asksAgain(id queue.TicketID, job int, outlet queue.OutletID, by queue.Cause) {
	t := d.tickets[id]
	if t == nil || t.paper.state == queue.PaperRequested || job != max(t.paper.job, 1)+1 || t.state.Ended() {
		d.c.report(BreachPaper, id, "", "another slip beside one on its way, or of a visit that is over, by "+string(by.Kind))
		return
	}
	t.paper.state, t.paper.job, t.paper.outlet = queue.PaperRequested, job, outlet
	d.papers.onWay[outlet]++
}

// comparePapers holds the papers of the office, and the list that the reception
// looks at, against the events.
func (d *dayModel) comparePapers(s *queue.State) {
	var listed []queue.TicketID
	for t := range s.UnsettledPapers() {
		listed = append(listed, t.ID)
	}
	for t := range s.Tickets() {
		want := d.tickets[t.ID]
		if want == nil {
			continue
		}
		x := want.paper
		if t.Paper != x.state || t.Job != x.job || t.Outlet != x.outlet || t.Asked != x.asked || t.Reprinted != x.reprinted {
			d.c.report(BreachPaper, t.ID, "", "the office has another paper than its events")
		}
		if x.beforeBoot {
			d.c.report(BreachPaper, t.ID, "", "still on its way after the program started again")
		}
		lost := (x.state == queue.PaperFailed || x.state == queue.PaperUnknown) && !want.state.Ended()
		if lost && !slices.Contains(listed, t.ID) {
			d.c.report(BreachBurnt, t.ID, "", "nobody may have the number, and the reception is not shown it")
		}
	}
}
