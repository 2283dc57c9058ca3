package queue

// Commands by which a visit goes another way than forward.
type (
	// UndoCall takes a wrong call back, shortly after it: Ticket is the one
	// that was called.
	UndoCall struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// ReturnTicket puts a no-show back who turned up late, once.
	ReturnTicket struct {
		By     Cause
		Ticket TicketID
	}
	// PutBack returns a ticket that was called by mistake to its place.
	PutBack struct {
		By     Cause
		Desk   DeskID
		Ticket TicketID
	}
	// Reinstate returns a ticket of today that was cancelled by mistake, or
	// has expired, to its place.
	Reinstate struct {
		By     Cause
		Ticket TicketID
	}
)

func (c UndoCall) by() Cause     { return c.By }
func (c ReturnTicket) by() Cause { return c.By }
func (c PutBack) by() Cause      { return c.By }
func (c Reinstate) by() Cause    { return c.By }
