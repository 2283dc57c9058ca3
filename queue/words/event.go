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
