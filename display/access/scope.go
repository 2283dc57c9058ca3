package access

import (
	"fmt"
	"slices"
	"strings"
)

// scopes are the parts of the API that a program's token may be narrowed to, in the
// order of lists, and the pages of the staff as one. What is for people alone, such as
// accounts, or for everybody, is none.
var scopes = []string{
	"blocks", "clock", "copies", "demo", "desks", "devices", "events", "manager", "office", "pages", "procedure-topics", "procedures",
	"reception", "reports", "state", "technician", "totem", "walk", "webhooks",
}

// Scopes are the scopes that a token may have.
func Scopes() []string { return slices.Clone(scopes) }

// KnownScopes refuses scopes that there are not, and tells those that there are. A
// token that was let in by another version keeps its own: they open nothing.
func (t Token) KnownScopes() error {
	for _, scope := range t.Scopes {
		if !slices.Contains(scopes, scope) {
			return FieldError{"scopes", fmt.Errorf("%w: %q is no scope; use some of %s", ErrBadValue, scope, strings.Join(scopes, ", "))}
		}
	}
	return nil
}
