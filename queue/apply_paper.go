package queue

// applyPaper applies the events of a ticket's paper.
func (n *State) applyPaper(e Event) {
	paper := func(id TicketID, job int, state PaperState, why string) {
		n.change(id, func(t *Ticket) {
			if job == 0 || t.Job == job {
				n.setPaper(t, state, why)
			}
		})
	}
	switch b := e.Body.(type) {
	case TicketPrinted:
		paper(b.Ticket, b.Job, PaperPrinted, "")
		n.tear(b.Ticket, false)
	case TicketPrintFailed:
		paper(b.Ticket, b.Job, PaperFailed, b.Why)
	case TicketPrintUnknown:
		paper(b.Ticket, b.Job, PaperUnknown, b.Why)
		if b.Why == WhyRestart {
			n.tear(b.Ticket, true)
		}
	case TicketMadePaperless:
		paper(b.Ticket, 0, Paperless, "")
	case SlipMoved:
		n.ask(b.Ticket, b.Job, b.Outlet, false)
	case ReprintRequested:
		n.ask(b.Ticket, b.Job, b.Outlet, true)
	}
}

// tear notes whether the printer of a ticket's slip may hold a part of one.
func (n *State) tear(id TicketID, torn bool) {
	t := n.Ticket(id)
	if t == nil {
		return
	}
	if _, now, ok := n.Outlet(t.Outlet); ok && now.Torn != torn {
		n.outletChanged(t.Outlet, func(o *OutletState) { o.Torn = torn })
	}
}

// ask puts another slip of a ticket on its way.
func (n *State) ask(id TicketID, job int, outlet OutletID, reprint bool) {
	n.change(id, func(t *Ticket) {
		if outlet != "" && t.Paper != PaperRequested {
			t.Outlet = outlet
		}
		t.Job, t.Reprinted = job, t.Reprinted || reprint
		n.setPaper(t, PaperRequested, "")
	})
}

// setPaper changes the state of a ticket's paper, and with it the list of
// unsettled papers and the count of its outlet.
func (n *State) setPaper(t *Ticket, state PaperState, why string) {
	if t.Paper == PaperRequested {
		n.outletChanged(t.Outlet, func(o *OutletState) { o.Unprinted-- })
	}
	if state == PaperRequested {
		n.outletChanged(t.Outlet, func(o *OutletState) { o.Unprinted++ })
	}
	key := uint64(t.ID.Ordinal())
	before := t.unsettled()
	t.Paper, t.PaperWhy, t.PaperAt = state, why, n.now
	if after := t.unsettled(); after && !before {
		n.papers = n.papers.with(key, t.ID)
	} else if before && !after {
		n.papers = n.papers.without(key)
	}
}

// unsettled tells whether somebody or something still has to see to the paper.
// A slip that failed or is unknown is nobody's worry once the visit is over.
func (t *Ticket) unsettled() bool {
	return t.Paper == PaperRequested || !t.State.Ended() && (t.Paper == PaperFailed || t.Paper == PaperUnknown)
}
