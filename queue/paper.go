package queue

import "fmt"

// An OutletState is an outlet at one moment.
type OutletState struct {
	Gives     Ability
	Why       string
	Since     Now
	Unprinted int // tickets on their way to paper
	// Torn tells that the program ended while a slip was on its way, and that
	// nothing was printed since: the printer may still hold a part of it.
	Torn bool
}

// Outlet is an outlet's setup and state; ok is false when there is none.
func (s *State) Outlet(id OutletID) (o Outlet, now OutletState, ok bool) {
	i := s.outletIndex(id)
	if i < 0 {
		return o, now, false
	}
	return s.index.outlets[i].Outlet, *s.outlets[i], true
}

func (s *State) outletIndex(id OutletID) int { return indexOf(s.known().outletAt, id) }

func (n *draft) changeOutlet(id OutletID, change func(*OutletState)) {
	if i := n.outletIndex(id); i >= 0 {
		change(changed(n, &n.outlets, i, nil))
	}
}

// outletRestMs is the least time between two changes of an outlet on disk, so
// that a loose cable does not fill it. That one can no longer give numbers is
// told at once: else whoever presses meanwhile is sent to a printer that is open.
const outletRestMs = 5_000

func (c ReportOutlet) decide(d *decision) error {
	i := d.s.outletIndex(c.Outlet)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	switch c.Gives {
	case Able, Unable, AbleUnknown:
	default:
		return fmt.Errorf("%w: ability %q", ErrBadCommand, c.Gives)
	}
	c.Why = shortened(c.Why)
	o := d.s.outlets[i]
	if o.Gives == c.Gives && o.Why == c.Why {
		return nil
	}
	stops := o.Gives == Able && c.Gives == Unable
	if o.Gives != AbleUnknown && !stops && d.now.within(outletRestMs, o.Since) {
		return ErrTooSoon
	}
	d.emit(OutletChanged(c))
	return nil
}

// A given is how a number reaches the citizen: at which outlet, and on paper or
// not.
type given struct {
	outlet OutletID
	asked  OutletID // where it was asked for, when that is another outlet
	paper  PaperState
}

// givenAt is how a number can be given now to somebody who asks at an outlet.
// The reception's slips may come out of the spare printer, since somebody tells
// the citizen; at a machine the number is on its screen, or it says to go to the
// reception. Whoever wants no paper has the number on the screen, where there is one.
func (d *decision) givenAt(o int, paperless bool) (given, error) {
	outlet, now := d.s.index.outlets[o], d.s.outlets[o]
	here := given{outlet: outlet.ID, paper: PaperRequested}
	if !outlet.Printer || paperless && outlet.Screen {
		here.paper = Paperless
		return here, nil
	}
	if d.s.prints(o) {
		return here, nil
	}
	if spare := d.s.spareOf(o); spare >= 0 && d.by.Kind == ByReception {
		return given{outlet: d.s.index.outlets[spare].ID, asked: outlet.ID, paper: PaperRequested}, nil
	}
	switch {
	case outlet.Screen:
		here.paper = Paperless
		return here, nil
	case now.Gives == Unable:
		return given{}, fmt.Errorf("%w: %s", ErrNoPaper, now.Why)
	default:
		return given{}, ErrPrinterBehind
	}
}

// prints tells whether an outlet's printer takes one more slip: it does not say
// that it cannot, and is not behind.
func (s *State) prints(o int) bool {
	outlet, now := s.index.outlets[o], s.outlets[o]
	return outlet.Printer && !outlet.removed && now.Gives != Unable &&
		now.Unprinted < max(1, s.index.setup.Rules.UnprintedMax)
}

// spareOf is the outlet whose printer takes the slips of another one now, or
// -1. Its printer must have said that it can print: a slip that leaves the
// place where its holder stands goes only where it is sure to be taken.
func (s *State) spareOf(o int) int {
	spare := s.outletIndex(s.index.outlets[o].Spare)
	if spare < 0 || s.outlets[spare].Gives != Able || !s.prints(spare) {
		return -1
	}
	return spare
}

// Spare is the outlet that takes the reception's new slips and those known to
// have failed while an outlet cannot print; ok is false when none can now.
func (s *State) Spare(id OutletID) (o Outlet, ok bool) {
	i := s.outletIndex(id)
	if i < 0 {
		return o, false
	}
	if i = s.spareOf(i); i < 0 {
		return o, false
	}
	return s.index.outlets[i].Outlet, true
}

// decide records what became of a print job. One that was given up as
// unknown may still be confirmed, and by nothing else than its own job.
func (c ReportPaper) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	late := t.Paper == PaperUnknown && c.Paper == PaperPrinted
	if t.Job != c.Job || t.Paper != PaperRequested && !late {
		return nil
	}
	c.Rung, c.Why = shortened(c.Rung), shortened(c.Why)
	switch c.Paper {
	case PaperPrinted:
		d.emit(TicketPrinted{Ticket: t.ID, Job: c.Job, Rung: c.Rung})
	case PaperUnknown:
		d.emit(TicketPrintUnknown{Ticket: t.ID, Job: c.Job, Why: c.Why})
	case PaperFailed:
		d.emit(TicketPrintFailed{Ticket: t.ID, Job: c.Job, Why: c.Why})
		d.giveOtherwise(t)
	default:
		return fmt.Errorf("%w: paper %q", ErrBadCommand, c.Paper)
	}
	return nil
}

// moveWithinMs is how long after it was asked for a slip may still move to the
// spare printer: later its citizen was told otherwise, or has left.
const moveWithinMs = 60_000

// giveOtherwise gives a number whose slip is known not to be on paper in
// another way, so that somebody can read it: by the spare printer, once; on the
// screen of the outlet where it was asked for; and where there is neither, it
// is void. A reprint that failed changes nothing: its holder has, or has seen,
// the number.
func (d *decision) giveOtherwise(t *Ticket) {
	if t.Reprinted {
		return
	}
	asked, _, _ := d.s.Outlet(t.Asked)
	spare, helps := d.s.Spare(t.Asked)
	switch {
	case helps && t.State == Waiting && t.Outlet == t.Asked && d.now.within(moveWithinMs, t.PaperAt):
		d.emit(SlipMoved{Ticket: t.ID, Job: t.Job + 1, Outlet: spare.ID})
	case asked.Screen:
		d.emit(TicketMadePaperless{Ticket: t.ID})
	case t.State == Waiting:
		d.emit(TicketCancelled{Ticket: t.ID, Why: "not-printed"})
	}
}

func (c Reprint) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if t.Job != c.Job || t.Paper == PaperRequested {
		return ErrStale
	}
	if t.State.Ended() {
		return wrongState(t)
	}
	outlet := c.Outlet
	if outlet == "" {
		outlet = t.Asked
	}
	i := d.s.outletIndex(outlet)
	if i < 0 || d.s.index.outlets[i].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, outlet)
	}
	if !d.s.index.outlets[i].Printer {
		return fmt.Errorf("%w: %q has no printer", ErrNoPaper, outlet)
	}
	if d.s.outlets[i].Gives == Unable {
		return fmt.Errorf("%w: %s", ErrNoPaper, d.s.outlets[i].Why)
	}
	// Job 1 is the slip of the issue, even where none was asked for: a later
	// one that fails never voids the number.
	d.emit(ReprintRequested{Ticket: t.ID, Job: max(t.Job, 1) + 1, Outlet: outlet})
	return nil
}

// doubtPapers gives up what was on its way to paper: whether it came out,
// nobody can know.
func (d *decision) doubtPapers(why string) {
	if !d.s.day.Open {
		return
	}
	var onTheWay []*Ticket
	for t := range d.s.UnsettledPapers() {
		if t.Paper == PaperRequested {
			onTheWay = append(onTheWay, t)
		}
	}
	for _, t := range onTheWay {
		d.emit(TicketPrintUnknown{Ticket: t.ID, Job: t.Job, Why: why})
	}
}

// torn are the outlets whose printer may hold a part of a slip.
func (s *State) torn() []OutletID {
	var torn []OutletID
	for i, o := range s.index.outlets {
		if s.outlets[i].Torn && !o.removed {
			torn = append(torn, o.ID)
		}
	}
	return torn
}

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
// A slip that failed or is unknown needs nothing more once the visit is over.
func (t *Ticket) unsettled() bool {
	return t.Paper == PaperRequested || !t.State.Ended() && (t.Paper == PaperFailed || t.Paper == PaperUnknown)
}
