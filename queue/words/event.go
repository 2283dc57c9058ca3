package words

import "strings"

// EventKind is what happened, as people say it, by the kind of event that programs
// are told, such as "ticket.issued"; the kind itself for one that has no words, such
// as that of a later version.
func (t *Tongue) EventKind(kind string) string {
	if text := t.ifAny("event", strings.ReplaceAll(kind, ".", "-")); text != "" {
		return text
	}
	return kind
}

// Scope is a part of the API that the token of a program may be narrowed to, as
// people say it, by its code, such as "reception"; the code itself for one that has
// no words, such as that of another version.
func (t *Tongue) Scope(code string) string {
	if text := t.ifAny("scope", code); text != "" {
		return text
	}
	return code
}
