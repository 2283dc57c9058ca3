package queue

import (
	"errors"
	"fmt"
)

func (c IssueTicket) decide(d *decision) error {
	i := d.s.serviceIndex(c.Service)
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownService, c.Service)
	}
	o := d.s.outletIndex(c.Outlet)
	if o < 0 || d.s.office.outlets[o].removed {
		return fmt.Errorf("%w: %q", ErrUnknownOutlet, c.Outlet)
	}
	if err := errors.Join(short("request", c.Request), short("token", c.Token)); err != nil {
		return err
	}
	if c.Class != Ordinary && c.Class != Priority {
		return fmt.Errorf("%w: class %q", ErrBadCommand, c.Class)
	}
	if c.Request != "" && d.s.TicketByRequest(c.Request) != nil {
		return nil
	}
	if err := d.mayPress(c.By); err != nil {
		return err
	}
	if err := d.s.MayIssue(c.Service, c.Class, d.now); err != nil {
		return err
	}
	given, err := d.givenAt(o)
	if err != nil {
		return err
	}
	number, ok := d.s.nextNumber(d.s.office.services[i].series)
	if !ok || d.s.tickets.len() >= ticketsPerDay-1 {
		return ErrSeriesExhausted
	}
	d.emit(TicketIssued{
		Ticket: ticketID(d.s.day.Ordinal, d.s.tickets.len()+1),
		Number: number, Service: c.Service, Class: c.Class, Outlet: given.outlet, Asked: given.asked,
		Paper: given.paper, Token: c.Token, Request: c.Request,
		Ahead: d.s.aheadOfNew(c.Service, c.Class, 0, "", d.now), Promise: c.Promise,
	})
	return nil
}

// mayPress keeps a nervous finger or a child from emptying the roll: a button
// or totem rests after each ticket, and gives only so many a minute.
func (d *decision) mayPress(by Cause) error {
	if by.Kind != ByButton && by.Kind != ByTotem {
		return nil
	}
	rules := d.s.office.setup.Rules
	given := 0
	for i := d.s.tickets.len() - 1; i >= 0; i-- {
		t := d.s.tickets.at(i)
		if !d.now.within(60_000, t.Issued) {
			break
		}
		if t.By.Kind != by.Kind || t.By.Device != by.Device {
			continue
		}
		if d.now.within(rules.RestMs, t.Issued) {
			return ErrResting
		}
		if given++; rules.PressesPerMinute > 0 && given >= rules.PressesPerMinute {
			return ErrTooManyPresses
		}
	}
	return nil
}

// WhyGone is why a ticket was cancelled that nobody waited for any more when it
// was stored.
const WhyGone = "gone"

func (c AbandonTicket) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if t.State != Waiting || t.Request != "" {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	if t.Paper == PaperRequested {
		d.emit(TicketPrintFailed{Ticket: t.ID, Job: t.Job, Why: "late"})
	}
	d.emit(TicketCancelled{Ticket: t.ID, Why: WhyGone})
	return nil
}

func (c CancelTicket) decide(d *decision) error {
	t, err := d.ticket(c.Ticket)
	if err != nil {
		return err
	}
	if t.State == Cancelled {
		return nil
	}
	if t.State.Ended() {
		return fmt.Errorf("%w: %s is %s", ErrWrongState, t.Number.Text, t.State)
	}
	if err := code("cancellation", c.Why); err != nil {
		return err
	}
	d.emit(TicketCancelled{Ticket: t.ID, Why: c.Why})
	return nil
}

func (d *decision) ticket(id TicketID) (*Ticket, error) {
	if t := d.s.Ticket(id); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: %d", ErrUnknownTicket, id)
}
