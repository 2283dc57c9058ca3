package access

import (
	"errors"
	"slices"
)

// A DeskAlert says when the manager's live page marks a desk that has been on one
// number for long. It is a means by which people at work can be watched: the law
// wants a ground for it, an agreement or a permit, and that they are told first
// (legge 300/1970, art. 4). The zero value marks nothing.
type DeskAlert struct {
	Minutes int    `json:"minutes,omitempty"` // past which a desk is marked; 0 is never
	Ground  string `json:"ground,omitempty"`  // one of AlertGrounds
	Basis   string `json:"basis,omitempty"`   // one of AlertBases
	// Reference says which agreement or permit it is.
	Reference string `json:"reference,omitempty"`
	// Informed tells that the people at the desks were told.
	Informed bool `json:"informed,omitempty"`
}

// The limit of an alert, in minutes: a shorter one would measure how fast people
// work.
const (
	AlertLeast = 15
	AlertMost  = 240
)

var (
	alertGrounds = []string{"organisation", "safety", "property"}
	alertBases   = []string{"agreement", "permit"}
)

// AlertGrounds are what the law lets such a means be used for.
func AlertGrounds() []string { return slices.Clone(alertGrounds) }

// AlertBases are what allows it: an agreement with who represents the staff, or a
// permit of the labour inspectorate.
func AlertBases() []string { return slices.Clone(alertBases) }

// Validate tells every field that holds what an alert that is on cannot.
func (a DeskAlert) Validate() error {
	return errors.Join(
		field("minutes", a.Minutes >= AlertLeast && a.Minutes <= AlertMost),
		field("ground", slices.Contains(alertGrounds, a.Ground)),
		field("basis", slices.Contains(alertBases, a.Basis)),
		field("reference", isName(a.Reference)),
		field("informed", a.Informed),
	)
}
