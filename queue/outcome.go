package queue

import "slices"

// An Outcome is what came of a service, as its clerk tells at the end. Nobody has
// to tell: the empty one is not told.
type Outcome string

// The outcomes.
const (
	OutcomeReleased   Outcome = "released"    // the citizen has what was asked for
	OutcomeBackOffice Outcome = "back-office" // the back office goes on with it
	OutcomeIncomplete Outcome = "incomplete"  // a document or a condition was missing
	OutcomeOtherDesk  Outcome = "other-desk"  // another desk or body is competent
)

// Outcomes are all that can be told, in the order in which they are offered.
var Outcomes = [...]Outcome{OutcomeReleased, OutcomeBackOffice, OutcomeIncomplete, OutcomeOtherDesk}

// known refuses an outcome that is not one.
func (o Outcome) known() error {
	if o != "" && !slices.Contains(Outcomes[:], o) {
		return oneOf("outcome", o, Outcomes[:]...)
	}
	return nil
}
