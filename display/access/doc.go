// Package access says who asks, and what they may: roles, rights, the visitor
// of a request, and the rules of PINs, passwords, codes and tokens.
//
// It never decides about a ticket and never answers a request. It has no disk:
// people, sessions, pairings, tokens, day keys and the audit list lie in the
// private file that display/access/private keeps, so that display can ask for a
// role without ever reaching a database.
//
// A person's identity ends here. The journal carries, where a desk is opened,
// an account that is a keyed hash of it under the key of the day, and nothing
// else of a person.
//
// Values of this package may be used by any number of goroutines, since none of
// them changes.
package access
