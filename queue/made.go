package queue

// IssuedIn is the ticket that is issued by the events of a command, or 0.
func IssuedIn(events []Event) TicketID {
	for _, e := range events {
		if b, ok := e.Body.(TicketIssued); ok {
			return b.Ticket
		}
	}
	return 0
}

// CalledIn is the ticket that is called by the events of a command, or 0.
func CalledIn(events []Event) TicketID {
	for _, e := range events {
		if b, ok := e.Body.(TicketCalled); ok {
			return b.Ticket
		}
	}
	return 0
}
