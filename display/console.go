package display

import (
	"fmt"
	"strings"

	"eliminacode/queue"
)

// maxNumberBytes bounds a number that a clerk types.
const maxNumberBytes = 20

// numbered puts the ticket of a number that a clerk has typed into the fields of an
// action. Capitals, and blanks within the number, do not count.
func numbered(state *queue.State, f fields) error {
	typed, ok := f["number"]
	if !ok {
		return nil
	}
	if len(typed) > maxNumberBytes {
		return fmt.Errorf("%w: number of %d bytes", errBadBody, len(typed))
	}
	t := state.LatestByNumber(strings.ToUpper(strings.Join(strings.Fields(typed), "")))
	if t == nil {
		return fmt.Errorf("%w: number %q", queue.ErrUnknownTicket, typed)
	}
	f["ticket"] = t.ID.String()
	return nil
}

// keyShown is a key, as data-key writes it, as people read it beside what it does.
func keyShown(name string) string { return strings.NewReplacer("Shift+", "⇧", "+", "").Replace(name) }
