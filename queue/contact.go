package queue

import "slices"

// Contacts counts who was helped today without a ticket.
type Contacts struct {
	All                                         int
	Information, Forms, Complaint, Registration int
	// MissingDocument are those who were told that a document is missing. They are not
	// among all.
	MissingDocument int
}

// ContactKinds are all that can be counted, in the order of the reception's page.
var ContactKinds = [...]Contact{ContactInformation, ContactForms, ContactComplaint, ContactRegistration, ContactIncomplete}

// A contactRequest is a request to count a contact.
type contactRequest struct {
	name     string
	contact  Contact
	category Category
}

// contactRequests is how far back a repeated request is recognised.
const contactRequests = 8

// Contacts counts who was helped today without a ticket.
func (s *State) Contacts() Contacts { return s.contacts }

func (c RecordContact) decide(d *decision) error {
	if !slices.Contains(ContactKinds[:], c.Contact) {
		return oneOf("contact", c.Contact, ContactKinds[:]...)
	}
	if err := c.Category.known(); err != nil {
		return err
	}
	if err := short("request", c.Request); err != nil {
		return err
	}
	for _, r := range d.s.contactRequests {
		switch {
		case c.Request == "" || r.name != c.Request:
		case r.contact != c.Contact || r.category != c.Category:
			return ErrOtherRequest
		default:
			return nil
		}
	}
	d.emit(ContactRecorded{Contact: c.Contact, Request: c.Request, Category: c.Category})
	return nil
}

// countContact counts a contact and remembers its request.
func (n *draft) countContact(b ContactRecorded) {
	n.contacts.add(b.Contact)
	if b.Request != "" {
		recent := append([]contactRequest{{b.Request, b.Contact, b.Category}}, n.contactRequests...)
		n.contactRequests = recent[:min(len(recent), contactRequests)]
	}
}

// add counts a contact; one of a kind that a later version knows counts in all.
func (c *Contacts) add(kind Contact) {
	if kind == ContactIncomplete {
		c.MissingDocument++
		return
	}
	c.All++
	switch kind {
	case ContactInformation:
		c.Information++
	case ContactForms:
		c.Forms++
	case ContactComplaint:
		c.Complaint++
	case ContactRegistration:
		c.Registration++
	}
}
