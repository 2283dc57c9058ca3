package access

import (
	"slices"
	"time"

	"eliminacode/queue"
)

// A Kind is what a visitor is.
type Kind string

// The kinds of visitor. The zero value is Nobody.
const (
	Nobody  Kind = ""        // has shown nothing that is known here
	Person  Kind = "person"  // has logged in
	Screen  Kind = "screen"  // was paired
	Program Kind = "program" // has a token
)

// A Visitor is who asks: the one value that stands for whoever sent a request.
// The zero value is nobody, who may what anybody may.
type Visitor struct {
	Kind Kind
	// ID is the person's, the pairing's or the token's, never a secret. It is
	// not to be stored in the journal.
	ID string
	// Name is how people of the office call the person, screen or program.
	Name  string
	Roles []Role
	// Rights are those of a person.
	Rights []Right
	// Language is the person's; empty is the office's.
	Language queue.Language
	// Desk is where a person who works at a desk has sat down; empty is none.
	Desk queue.DeskID
	// Outlet is that of a paired totem; empty is none.
	Outlet queue.OutletID
	// Display is how a paired board hangs and what it shows.
	Display Display
	// Qualifications are the services that a person may serve, by their IDs; none
	// is all that a desk serves.
	Qualifications []string
	// Scopes are those of a program's token; nil is all that its role may.
	Scopes []string
	// Quota is what a program's token has left; zero for everybody else.
	Quota Quota
}

// A Quota is what a token has left of its requests. What was used comes back
// evenly.
type Quota struct {
	PerMinute int           // how many it has a minute; 0 is no quota
	Left      int           // how many it has now
	Whole     time.Duration // until it has all of them again
}

// May tells whether the visitor has one of the roles. Nobody has any.
func (v Visitor) May(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(v.Roles, r) })
}

// Has tells whether the visitor has a right beside those of the roles.
func (v Visitor) Has(right Right) bool { return slices.Contains(v.Rights, right) }

// InScope tells whether what the visitor asks lies within the scopes of its
// token. Whoever has no scopes is bounded by the roles alone.
func (v Visitor) InScope(scope string) bool {
	return len(v.Scopes) == 0 || slices.Contains(v.Scopes, scope)
}
