package queue

// settle says what became of a print job; job 0 is of whatever job.
func (n *draft) settle(id TicketID, job int, state PaperState, why string) {
	n.change(id, func(t *Ticket) {
		if job == 0 || t.Job == job {
			n.setPaper(t, state, why)
		}
	})
}

// tear notes whether the printer of a ticket's slip may hold a part of one.
func (n *draft) tear(id TicketID, torn bool) {
	t := n.Ticket(id)
	if t == nil {
		return
	}
	if _, now, ok := n.Outlet(t.Outlet); ok && now.Torn != torn {
		n.changeOutlet(t.Outlet, func(o *OutletState) { o.Torn = torn })
	}
}

// ask puts another slip of a ticket on its way.
func (n *draft) ask(id TicketID, job int, outlet OutletID, reprint bool) {
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
func (n *draft) setPaper(t *Ticket, state PaperState, why string) {
	if t.Paper == PaperRequested {
		n.changeOutlet(t.Outlet, func(o *OutletState) { o.Unprinted-- })
	}
	if state == PaperRequested {
		n.changeOutlet(t.Outlet, func(o *OutletState) { o.Unprinted++ })
	}
	before := t.unsettled()
	t.Paper, t.PaperWhy, t.PaperAt = state, why, n.now
	n.listPaper(t, before)
}

// listPaper keeps the list of unsettled papers after a change of a ticket.
func (n *draft) listPaper(t *Ticket, before bool) {
	key := uint64(t.ID.Ordinal())
	switch after := t.unsettled(); {
	case after && !before:
		n.stand(&n.papers, key, t.ID, mark{})
	case before && !after:
		n.leave(&n.papers, key)
	}
}

// unsettled tells whether somebody or something still has to see to the paper.
// A slip that failed or is unknown is nobody's worry once the visit is over.
func (t *Ticket) unsettled() bool {
	return t.Paper == PaperRequested || !t.State.Ended() && (t.Paper == PaperFailed || t.Paper == PaperUnknown)
}
