package access

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"eliminacode/queue"
)

// A Display is how a hall display hangs and what it shows. A totem has a diagonal alone.
type Display struct {
	// Inches is the diagonal of its screen, and Metres the distance from which its
	// calls must be read; 0 is StandardInches, or that of a totem, and StandardMetres.
	Inches float64 `json:"inches,omitempty" minimum:"10" maximum:"120" example:"55" doc:"The diagonal of its screen in inches, 10 to 120; left out for 43, of a totem for 10.1"`
	Metres float64 `json:"metres,omitempty" minimum:"1" maximum:"30" example:"10" doc:"From how far its calls must be read, in metres, 1 to 30; left out for 8"`
	// Hall is where it hangs, in the office's own word: boards of one hall sound
	// together. Empty is the hall of an office that has one.
	Hall string `json:"hall,omitempty" example:"Sala B" doc:"The hall where it hangs: boards of one hall sound together; left out in an office that has one"`
	// Services are those whose calls it shows; none is all.
	Services []string `json:"services,omitempty" example:"[\"anagrafe\"]" doc:"The services whose calls it shows; left out for all"`
	// NoWaits leaves out how many wait for each service.
	NoWaits bool `json:"no_waits,omitempty" doc:"It does not show how many wait for each service"`
	// Look is its appearance: empty is dark.
	Look string `json:"look,omitempty" enum:",chiaro,scuro,contrasto" doc:"Its appearance: chiaro, scuro or contrasto; left out for scuro"`
	// Volume is how loud it plays, in percent; 0 is StandardVolume.
	Volume int `json:"volume,omitempty" minimum:"1" maximum:"100" doc:"How loud it plays, 1 to 100; left out for 80"`
	// Silent boards play nothing.
	Silent bool `json:"silent,omitempty" doc:"It plays nothing"`
}

// What a board has that nobody has said otherwise of.
const (
	StandardInches = 43.0
	StandardMetres = 8.0
	StandardVolume = 80
)

// StandardTotemInches is the diagonal of a totem that nobody has said otherwise of: the
// smallest, so that letters are never too small.
const StandardTotemInches = 10.1

// The bounds of what is said of a board.
const (
	leastInches, mostInches = 10, 120
	leastMetres, mostMetres = 1, 30
	looks                   = "chiaro scuro contrasto"
	longestHall             = 40 // bytes
	mostVolume              = 100
	mostBoardServices       = 64
	longestService          = 64 // bytes of its ID
)

// Filled is the board with what is usual in place of what is not said.
func (d Display) Filled() Display {
	d.Inches, d.Metres = cmp.Or(d.Inches, StandardInches), cmp.Or(d.Metres, StandardMetres)
	d.Look, d.Volume = cmp.Or(d.Look, "scuro"), cmp.Or(d.Volume, StandardVolume)
	return d
}

// Said is what is said of a screen of a role, or nil where all of it is as usual.
func (d Display) Said(role Role) *Display {
	if reflect.DeepEqual(d.at(role), Display{}.at(role)) {
		return nil
	}
	return &d
}

// at is a screen of a role with what is usual in place of what is not said.
func (d Display) at(role Role) Display {
	if role == Totem {
		d.Inches = cmp.Or(d.Inches, StandardTotemInches)
	}
	return d.Filled()
}

// Shows tells whether calls for a service are shown.
func (d Display) Shows(s queue.ServiceID) bool {
	return len(d.Services) == 0 || slices.Contains(d.Services, string(s))
}

// Validate tells every field that holds what it cannot.
func (d Display) Validate() error {
	full := d.Filled()
	return errors.Join(
		field("inches", full.Inches >= leastInches && full.Inches <= mostInches),
		field("metres", full.Metres >= leastMetres && full.Metres <= mostMetres),
		field("hall", d.Hall == "" || len(d.Hall) <= longestHall && isName(d.Hall)),
		field("services", len(d.Services) <= mostBoardServices && each(d.Services, func(s string) bool { return len(s) <= longestService && isName(s) })),
		field("look", slices.Contains(strings.Fields(looks), full.Look)),
		field("volume", full.Volume > 0 && full.Volume <= mostVolume),
	)
}

// Display is how a board hangs and what it shows, or a totem's diagonal, with what is
// usual in place of what is not said.
func (p Paired) Display() Display {
	if p.Board == nil {
		return Display{}.at(p.Role)
	}
	return p.Board.at(p.Role)
}

// fits tells that a screen of the role may have what is said of it.
func (p Paired) fits() bool {
	switch {
	case p.Board == nil || p.Role == Board:
		return true
	case p.Role == Totem:
		return reflect.DeepEqual(*p.Board, Display{Inches: p.Board.Inches})
	}
	return false
}
