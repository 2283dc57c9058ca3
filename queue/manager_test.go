package queue

import (
	"slices"
	"strings"
	"testing"
)

// TestADeskServesWhatItsOperatorIsQualifiedFor: the profile in force is what the
// desk and its operator have in common, from the opening to the close; the setup
// stays as it was, and the account says nothing more than before.
func TestADeskServesWhatItsOperatorIsQualifiedFor(t *testing.T) {
	h := newHall(t)
	h.issue("anagrafe")
	h.pass(second)
	card := h.issue("cie")
	events := h.do(OpenDesk{By: console("3"), Desk: "3", Account: "x9", Qualified: []ServiceID{"cie", "tributi"}})
	if b := events[0].Body.(DeskOpened); !b.Profile.equal(Profile{First: []ServiceID{"cie"}}) {
		t.Fatalf("recorded profile %+v", b.Profile)
	}
	if got := h.next("3"); got.ID != card.ID {
		t.Fatalf("called %s", got.Number.Text)
	}
	if got := h.next("3"); got != nil {
		t.Errorf("called %s, for which its operator is not qualified", got.Number.Text)
	}
	d, _, _ := h.state.Desk("3")
	if !d.Profile.equal(Profile{First: []ServiceID{"cie"}, Help: []ServiceID{"anagrafe"}}) {
		t.Errorf("the setup says %+v now", d.Profile)
	}
	h.do(CloseDesk{By: console("3"), Desk: "3"})
	h.open("3")
	if !h.state.ProfileInForce("3").equal(d.Profile) {
		t.Errorf("after the close %+v is in force", h.state.ProfileInForce("3"))
	}
	if got := h.next("3"); got == nil || got.Service != "anagrafe" {
		t.Errorf("after the close it calls %v", got)
	}
}

// TestAQualificationIsOfThisDesk: who serves nothing of a desk's profile is told
// so; who serves all of it changes nothing; and the next at the same desk brings
// a profile of their own.
func TestAQualificationIsOfThisDesk(t *testing.T) {
	h := newHall(t)
	h.refused(OpenDesk{By: console("1"), Desk: "1", Account: "a", Qualified: []ServiceID{"cie"}}, ErrNotQualified)
	events := h.do(OpenDesk{By: console("1"), Desk: "1", Account: "a", Qualified: []ServiceID{"tributi", "anagrafe", "cie"}})
	if b := events[0].Body.(DeskOpened); !b.Profile.equal(Profile{}) {
		t.Errorf("an operator for all of it is recorded with %+v", b.Profile)
	}
	h.do(OpenDesk{By: console("1"), Desk: "1", Account: "b", Qualified: []ServiceID{"tributi"}})
	h.nothing(OpenDesk{By: console("1"), Desk: "1", Account: "b", Qualified: []ServiceID{"tributi"}})
	// The manager's other profile holds at once, but for what was left out.
	h.do(SetDeskProfile{By: Cause{Kind: ByManager}, Desk: "1", Profile: Profile{First: []ServiceID{"cie", "anagrafe", "tributi"}}})
	if got := h.state.ProfileInForce("1"); !got.equal(Profile{First: []ServiceID{"cie", "tributi"}}) {
		t.Errorf("in force %+v", got)
	}
	// A pause that a keypad ends keeps it.
	h.do(PauseDesk{By: console("1"), Desk: "1", Why: "break"})
	h.do(CallNext{By: Cause{Kind: ByKeypad, Device: "k"}, Desk: "1"})
	if got := h.state.ProfileInForce("1"); !got.equal(Profile{First: []ServiceID{"cie", "tributi"}}) {
		t.Errorf("in force after the pause %+v", got)
	}
}

// TestAKeypadKeepsWhatItsOperatorIsQualifiedFor: a desk that was taken on a page
// serves what its operator may, whatever its keypad does, until it is closed. A desk
// that a keypad opens has no operator that is known, and serves its whole profile.
func TestAKeypadKeepsWhatItsOperatorIsQualifiedFor(t *testing.T) {
	h := newHall(t)
	keypad := Cause{Kind: ByKeypad, Device: "k3"}
	only := Profile{First: []ServiceID{"cie"}}
	h.do(OpenDesk{By: console("3"), Desk: "3", Account: "x9", Qualified: []ServiceID{"cie", "tributi"}})
	h.issue("anagrafe")
	for _, press := range []Command{
		CallNext{By: keypad, Desk: "3"},
		PauseDesk{By: keypad, Desk: "3"}, OpenDesk{By: keypad, Desk: "3", Account: "x9"},
		PauseDesk{By: keypad, Desk: "3"}, CallNext{By: keypad, Desk: "3"},
	} {
		if _, again := press.(OpenDesk); !again {
			h.pass(minute)
		}
		h.do(press)
		if got := h.state.ProfileInForce("3"); !got.equal(only) {
			t.Fatalf("after %+v the desk serves %+v", press, got)
		}
		if _, now, _ := h.state.Desk("3"); now.Ticket != 0 {
			t.Fatalf("after %+v the desk has a number for which its operator is not qualified", press)
		}
	}
	h.do(CloseDesk{By: keypad, Desk: "3"})
	h.do(OpenDesk{By: keypad, Desk: "3"})
	d, now, _ := h.state.Desk("3")
	if !h.state.ProfileInForce("3").equal(d.Profile) || now.Account != "" {
		t.Errorf("opened by its keypad the desk serves %+v for %q", h.state.ProfileInForce("3"), now.Account)
	}
}

// TestAFullHallGivesNoTickets until somebody goes to a desk; who has an
// appointment is let in.
func TestAFullHallGivesNoTickets(t *testing.T) {
	h := newHall(t)
	h.open("1")
	by := Cause{Kind: ByReception}
	h.do(SetHallCapacity{By: Cause{Kind: ByManager}, People: 2})
	h.nothing(SetHallCapacity{By: Cause{Kind: ByManager}, People: 2})
	h.issue("anagrafe")
	h.issue("anagrafe")
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list"}, ErrHallFull)
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list", Class: Priority}, ErrHallFull)
	h.do(BookAppointment{By: by, Appointment: Booking{ID: "x", Service: "cie", DueAt: h.state.OfficeTime(h.now)}})
	h.do(CheckIn{By: by, Appointment: "x", Outlet: "list"})
	called := h.next("1")
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list"}, ErrHallFull)
	h.do(StartService{By: console("1"), Desk: "1", Ticket: called.ID})
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list"}, ErrHallFull)
	h.next("1")
	h.do(StartService{By: console("1"), Desk: "1", Ticket: h.holds("1")})
	h.issue("cie")
	h.refused(SetHallCapacity{By: by, People: -1}, ErrBadCommand)
	h.do(SetHallCapacity{By: by, People: 0})
	h.issue("cie")
	if got := h.state.Setup().Rules.HallCapacity; got != 0 {
		t.Errorf("capacity %d", got)
	}
}

// TestAServiceByAppointmentOnly gives tickets to who has one, even one who comes
// too late for it, and to nobody else.
func TestAServiceByAppointmentOnly(t *testing.T) {
	setup := testSetup()
	setup.Services[2].AppointmentsOnly = true
	h := newHallOf(t, setup)
	by := Cause{Kind: ByReception}
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list"}, ErrAppointmentsOnly)
	h.refused(IssueTicket{By: by, Service: "cie", Outlet: "list", Class: Priority}, ErrAppointmentsOnly)
	for _, id := range []AppointmentID{"x", "y"} {
		h.do(BookAppointment{By: by, Appointment: Booking{ID: id, Service: "cie", DueAt: h.state.OfficeTime(h.now)}})
	}
	h.do(CheckIn{By: by, Appointment: "x", Outlet: "list"})
	h.pass(hour)
	h.do(CheckIn{By: by, Appointment: "y", Outlet: "list"})
	if y := h.state.Ticket(ticketID(1, 2)); !y.Late || y.Class != Ordinary {
		t.Errorf("who came late got %+v", y)
	}
}

// TestMessagesForTheBoards: a few at once, each under its own name, for some
// boards and some time; they outlive the day.
func TestMessagesForTheBoards(t *testing.T) {
	h := newHall(t)
	by := Cause{Kind: ByManager}
	at := h.state.OfficeTime(h.now)
	m := func(id MessageID) Message {
		return Message{ID: id, Texts: map[Language]string{"it": "Si chiude alle 12", "de": "Heute bis 12 Uhr"}, Boards: []string{}}
	}
	shown := func(board string, at int64) (ids []MessageID) {
		for _, m := range h.state.Messages() {
			if m.Shown(board, at) {
				ids = append(ids, m.ID)
			}
		}
		return ids
	}
	first := m("a")
	first.From, first.Until, first.Boards = at+hour, at+2*hour, []string{"sala"}
	h.do(PostMessage{By: by, Message: first})
	h.nothing(PostMessage{By: by, Message: first})
	h.refused(PostMessage{By: by, Message: m("a")}, ErrMessageTaken)
	for _, id := range []MessageID{"b", "c", "d"} {
		h.do(PostMessage{By: by, Message: m(id)})
	}
	h.refused(PostMessage{By: by, Message: m("e")}, ErrTooManyMessages)
	if got := shown("sala", at); !slices.Equal(got, []MessageID{"b", "c", "d"}) {
		t.Errorf("now the board shows %v", got)
	}
	if got := shown("sala", at+hour); !slices.Equal(got, []MessageID{"a", "b", "c", "d"}) {
		t.Errorf("in an hour the board shows %v", got)
	}
	if got := append(shown("altra", at+hour), shown("sala", at+2*hour)...); slices.Contains(got, "a") {
		t.Errorf("another board, or a later time: %v", got)
	}
	h.do(WithdrawMessage{By: by, Message: "b"})
	h.nothing(WithdrawMessage{By: by, Message: "b"})
	h.refused(WithdrawMessage{By: by, Message: "never"}, ErrUnknownMessage)
	h.do(PostMessage{By: by, Message: m("e")})
	h.pass(24 * hour)
	h.do(OpenDay{Plan: testPlan(tuesday+24*hour, "2026-11-25")})
	if got := shown("sala", h.state.OfficeTime(h.now)); !slices.Equal(got, []MessageID{"c", "d", "e"}) {
		t.Errorf("the next day the board shows %v", got)
	}
	// A page that lay open since yesterday is told that it is done, for as long as it may
	// lie there.
	for range 3 {
		h.nothing(WithdrawMessage{By: by, Message: "b"})
		h.nothing(WithdrawMessage{By: by, Message: "a"})
		h.refused(WithdrawMessage{By: by, Message: "never"}, ErrUnknownMessage)
		h.pass(24 * hour)
		h.do(OpenDay{Plan: testPlan(h.state.OfficeTime(h.now), "2026-11-26")})
	}
	for _, bad := range []Message{
		{}, {ID: "x"}, {ID: "x", Texts: map[Language]string{"it": ""}}, {ID: "x", Texts: map[Language]string{"Italiano": "a"}},
		{ID: "x", Texts: map[Language]string{"it": "a\nb"}}, {ID: "x", Texts: map[Language]string{"it": "a\u202eb"}}, {ID: "x", Texts: map[Language]string{"it": "a\u200bb"}}, {ID: "x", Texts: map[Language]string{"it": strings.Repeat("è", longestMessage+1)}},
		{ID: "x", Texts: map[Language]string{"it": "a"}, Until: 1}, {ID: "x", Texts: map[Language]string{"it": "a"}, From: -1},
		{ID: "x", Texts: map[Language]string{"it": "a"}, Boards: make([]string, mostBoards+1)},
	} {
		h.refused(PostMessage{By: by, Message: bad}, ErrBadCommand)
	}
}
