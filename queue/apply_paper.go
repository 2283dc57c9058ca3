package queue

// jobEnded tells what became of a print job of a ticket, if it is the newest.
func (n *draft) jobEnded(id TicketID, job int, state PaperState, why string) {
	n.change(id, func(t *Ticket) {
		if t.Job == job {
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

// setPaper changes the state of a ticket's paper, and with it what its outlet
// has yet to print.
func (n *draft) setPaper(t *Ticket, state PaperState, why string) {
	if t.Paper == PaperRequested {
		n.changeOutlet(t.Outlet, func(o *OutletState) { o.Unprinted-- })
	}
	if state == PaperRequested {
		n.changeOutlet(t.Outlet, func(o *OutletState) { o.Unprinted++ })
	}
	t.Paper, t.PaperWhy, t.PaperAt = state, why, n.now
}

// unsettled tells whether somebody or something still has to see to the paper.
// A slip that failed or is unknown is nobody's worry once the visit is over.
func (t *Ticket) unsettled() bool {
	return t.Paper == PaperRequested || !t.State.Ended() && (t.Paper == PaperFailed || t.Paper == PaperUnknown)
}
