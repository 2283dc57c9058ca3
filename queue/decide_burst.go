package queue

import "fmt"

// mostCancelled bounds what one action cancels: more than eight buttons give in
// the ten minutes for which a burst can be cancelled.
const mostCancelled = 2_000

// decide cancels, in one action, those of a list that still wait. Whom a
// desk has called meanwhile is a person who stands there, and stays.
func (c CancelTickets) decide(d *decision) error {
	if len(c.Tickets) > mostCancelled {
		return fmt.Errorf("%w: cancelling %d tickets at once", ErrBadCommand, len(c.Tickets))
	}
	if err := code("cancellation", c.Why); err != nil {
		return err
	}
	for _, id := range c.Tickets {
		t, err := d.ticket(id)
		if err != nil {
			return err
		}
		if t.State == Waiting {
			d.emit(TicketCancelled{Ticket: t.ID, Why: c.Why})
		}
	}
	return nil
}
