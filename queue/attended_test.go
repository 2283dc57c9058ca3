package queue

import (
	"errors"
	"slices"
	"testing"
)

// TestAChangeThatLeavesPeopleIsSure holds for a desk's profile and for a whole setup: what
// leaves people whom an open desk calls, or a desk with nothing, is done for who is sure.
func TestAChangeThatLeavesPeopleIsSure(t *testing.T) {
	manager := Cause{Kind: ByManager}
	h := newHall(t)
	cards := func(sure bool) Command {
		return SetDeskProfile{By: manager, Desk: "3", Profile: Profile{First: []ServiceID{"anagrafe"}}, Sure: sure}
	}
	office := func(sure bool) Command {
		s := h.state.Setup()
		s.Desks = slices.Clone(s.Desks)
		for i, d := range s.Desks {
			switch d.ID {
			case "2":
				s.Desks[i].Profile = Profile{First: []ServiceID{"cie"}}
			case "3":
				s.Desks[i].Profile = Profile{First: []ServiceID{"anagrafe"}}
			}
		}
		return ChangeSetup{By: manager, Setup: s, Sure: sure}
	}
	h.do(SetDeskProfile{By: manager, Desk: "2", Profile: Profile{First: []ServiceID{"cie", "tributi"}}})
	h.open("1")
	h.open("3")
	asks := func(c Command, want ...Left) {
		t.Helper()
		before := digest(h.state)
		_, _, err := h.state.Step(h.now, c)
		var left UnattendedError
		if !errors.Is(err, ErrUnattended) || !errors.As(err, &left) || !slices.Equal(left.Left, want) {
			t.Errorf("%T left %v: %v", c, left.Left, err)
		}
		if digest(h.state) != before {
			t.Error("what was refused has changed something")
		}
	}
	// Nobody waits: nobody is left.
	if _, _, err := h.state.Step(h.now, cards(false)); err != nil {
		t.Fatal(err)
	}
	h.issue("cie")
	h.issue("cie")
	asks(cards(false), Left{Service: "cie", Waiting: 2})
	asks(office(false), Left{Service: "cie", Waiting: 2})
	asks(SetDeskProfile{By: manager, Desk: "3"}, Left{Service: "cie", Waiting: 2}, Left{Desk: "3"})
	if _, _, err := h.state.Step(h.now, office(true)); err != nil {
		t.Errorf("a setup that somebody is sure of: %v", err)
	}
	// A change that says nothing of them leaves nobody.
	s := h.state.Setup()
	s.Office.Note = "nota"
	h.do(ChangeSetup{By: manager, Setup: s})
	h.do(cards(true))
	// Who is left already is not left by what comes after.
	h.do(SetDeskProfile{By: manager, Desk: "3", Profile: Profile{First: []ServiceID{"tributi"}}})
	// Of a desk whose operator may not serve it, the profile attends to nobody.
	h = newHall(t)
	h.do(OpenDesk{By: console("3"), Desk: "3", Qualified: []ServiceID{"anagrafe"}})
	h.issue("cie")
	h.do(SetDeskProfile{By: manager, Desk: "2", Profile: Profile{First: []ServiceID{"cie"}}})
	h.do(cards(false))
}
