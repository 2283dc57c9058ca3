package queue

import "fmt"

// A given is how a number comes to whoever asked for it.
type given struct {
	outlet OutletID
	asked  OutletID // where it was asked for, when that is another outlet
	paper  PaperState
}

// givenAt is how a number can be given now to somebody who asks at an outlet.
// Whom the reception serves may walk to the spare printer; who stands alone
// before a machine reads the number on its screen, or is sent to the reception.
func (d *decision) givenAt(o int) (given, error) {
	outlet, now := d.s.office.outlets[o], d.s.outlets[o]
	here := given{outlet: outlet.ID, paper: PaperRequested}
	if !outlet.Printer {
		here.paper = Paperless
		return here, nil
	}
	if d.s.prints(o) {
		return here, nil
	}
	if spare := d.s.spareOf(o); spare >= 0 && d.by.Kind == ByReception {
		return given{outlet: d.s.office.outlets[spare].ID, asked: outlet.ID, paper: PaperRequested}, nil
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
	outlet, now := s.office.outlets[o], s.outlets[o]
	return outlet.Printer && !outlet.removed && now.Gives != Unable &&
		now.Unprinted < max(1, s.office.setup.Rules.UnprintedMax)
}

// spareOf is the outlet whose printer takes the slips of another one now, or
// -1. Its printer must have said that it can print: a slip that leaves the
// place where its holder stands goes only where it is sure to be taken.
func (s *State) spareOf(o int) int {
	spare := s.outletIndex(s.office.outlets[o].Spare)
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
	return s.office.outlets[i].Outlet, true
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
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	outlet := c.Outlet
	if outlet == "" {
		outlet = t.Asked
	}
	i := d.s.outletIndex(outlet)
	if i < 0 || d.s.office.outlets[i].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, outlet)
	}
	if !d.s.office.outlets[i].Printer {
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
