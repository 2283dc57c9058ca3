package queue

import "fmt"

func (c GrantPriority) decide(d *decision) error { return d.reclass(c.Ticket, Priority) }

func (c WithdrawPriority) decide(d *decision) error { return d.reclass(c.Ticket, Ordinary) }

// reclass gives a waiting ticket another class. Only a person of the reception or
// the manager may: a clerk would choose the next caller by it.
func (d *decision) reclass(id TicketID, class Class) error {
	t, err := d.ticket(id)
	switch {
	case err != nil:
		return err
	case d.by.Kind != ByReception && d.by.Kind != ByManager:
		return fmt.Errorf("%w: priority is given by the reception or the manager", ErrNotAllowed)
	case t.Class == Appointment:
		return ErrHasAppointment
	case t.State != Waiting:
		return wrongState(t)
	case t.Class == class:
		return nil
	}
	if class == Priority {
		d.emit(PriorityGranted{Ticket: id})
	} else {
		d.emit(PriorityWithdrawn{Ticket: id})
	}
	return nil
}

// reclass moves a waiting ticket among those of another class. It keeps its key,
// so that it stands there by its issue, or where a transfer has put it.
func (n *draft) reclass(id TicketID, class Class) {
	if t := n.Ticket(id); t == nil || t.State != Waiting {
		return
	}
	n.move(id, func(t *Ticket) {
		t.Class = class
		n.joinQueue(t)
	})
}
