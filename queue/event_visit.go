package queue

// The events by which a visit goes another way than forward. They are no
// corrections of earlier events: those stay as they are.
type (
	// CallUndone takes a wrong call back: the ticket stands at its old place.
	CallUndone struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
		// Reopened is the ticket that the undone NEXT had finished; it is at
		// the desk again.
		Reopened TicketID `json:"reopened,omitempty"`
	}
	// TicketReturned puts a no-show back, to be called after some calls.
	TicketReturned struct {
		Ticket     TicketID `json:"ticket"`
		AfterCalls int      `json:"after_calls"`
		// Auto tells that no person asked for it.
		Auto bool `json:"auto,omitempty"`
	}
	// TicketPutBack returns a ticket that was called by mistake to its place.
	TicketPutBack struct {
		Ticket TicketID `json:"ticket"`
		Desk   DeskID   `json:"desk"`
	}
	// TicketReinstated returns a cancelled or expired ticket to its place.
	TicketReinstated struct {
		Ticket TicketID `json:"ticket"`
	}
	// DeskSeen tells that a key was pressed at a desk where nothing was to do.
	DeskSeen struct {
		Desk DeskID `json:"desk"`
	}
)

func (CallUndone) Kind() string       { return "CallUndone" }
func (TicketReturned) Kind() string   { return "TicketReturned" }
func (TicketPutBack) Kind() string    { return "TicketPutBack" }
func (TicketReinstated) Kind() string { return "TicketReinstated" }
func (DeskSeen) Kind() string         { return "DeskSeen" }
