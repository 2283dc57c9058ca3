package display

import (
	"errors"
	"fmt"
	"time"

	"eliminacode/queue"
)

// ErrUnfound: no device of that kind and name was found.
var ErrUnfound = errors.New("no such device was found")

// overAct tells whether an act of the way to a first office is not for an office in
// force: its steps are over, and a panel of the settings shows calls there, among which
// a number of a trial would pass for one.
func (s *Server) overAct(action string, f fields) bool {
	switch action {
	case "leave":
		return true
	case "show":
		_, err := s.wiredOf(PanelThing, f["name"])
		return err == nil
	case "came-out", "not-out":
		return ThingKind(f["kind"]) == PanelThing
	}
	return false
}

// unfound is the refusal of a name that no device has: its field may be one of those that
// were found of the kind.
func (s *Server) unfound(err error, kind ThingKind, name string) error {
	var names []string
	for _, w := range s.cfg.Walk.Found() {
		if w.Kind == kind && w.Hindrance == "" {
			names = append(names, w.Name)
		}
	}
	return fmt.Errorf("%w: %w", err, queue.ValueError{Field: "name", Rule: queue.RuleOneOf, OneOf: names, Value: name})
}

// A walkFound is a kind of devices with what it may be for.
type walkFound struct {
	walkGroup
	V walkPage
}

// In is a kind of devices with what it may be for.
func (v walkPage) In(g walkGroup) walkFound { return walkFound{g, v} }

// searchEnds is when a search that goes on ends; zero without one.
func (s *Server) searchEnds() time.Time {
	if at := s.cfg.Walk.SearchEnds(); at > 0 {
		return time.UnixMilli(at)
	}
	return time.Time{}
}
