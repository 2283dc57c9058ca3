package display

import (
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// A desk that was taken away while it holds somebody stands in the lists of desks until it
// is free: its operator comes back to it and ends the service, and where the operator went
// home another one takes it over, as at any desk.
func TestARemovedDeskIsFoundUntilItIsFree(t *testing.T) {
	o, s := withTwoClerks(t)
	issue := func() queue.TicketID { return o.issue(t, "anagrafe", queue.Ordinary) }
	held := issue()
	here := newPerson(t, s)
	here.atDesk(t, "s4", "b.verdi", "927461")
	here.post(t, "/cruscotto/s4", "action", "open")
	here.post(t, "/cruscotto/s4", "action", "next")
	if _, now, _ := o.newest().Desk("s4"); now.Ticket != held {
		t.Fatalf("desk s4 holds %v", now.Ticket)
	}
	setup := o.newest().Setup()
	setup.Desks = slices.DeleteFunc(slices.Clone(setup.Desks), func(d queue.Desk) bool { return d.ID == "s4" })
	o.must(t, queue.ChangeSetup{Setup: setup})

	if _, _, body := here.get(t, "/cruscotto?scegli"); !strings.Contains(body, `href="/cruscotto/s4"`) || !strings.Contains(body, "(tolto)") {
		t.Error("the desk is not among those to choose from")
	}
	// Who works there may not work elsewhere besides.
	here.post(t, "/cruscotto/s1", "action", "move")
	if _, now, _ := o.newest().Desk("s1"); now.Open {
		t.Error("an operator has two desks")
	}
	here.post(t, "/uscita")
	other := newPerson(t, s)
	if _, _, body := other.get(t, "/accesso?pin"); !strings.Contains(body, `<option value="s4">`) {
		t.Error("nobody can sign in at the desk")
	}
	other.atDesk(t, "s4", "c.neri", "584213")
	other.post(t, "/cruscotto/s4", "action", "move")
	_, now, _ := o.newest().Desk("s4")
	if now.Ticket != held || !now.Open {
		t.Fatalf("the desk is %+v", now)
	}
	other.post(t, "/cruscotto/s4", "action", "start", "ticket", held.String())
	other.post(t, "/cruscotto/s4", "action", "finish", "ticket", held.String())
	if x := o.newest().Ticket(held); x.State != queue.Served {
		t.Errorf("the number is %s", x.State)
	}
	if _, _, body := other.get(t, "/cruscotto?scegli"); strings.Contains(body, `href="/cruscotto/s4"`) {
		t.Error("a desk that is gone is offered")
	}
	other.post(t, "/cruscotto/s4", "action", "open")
	if _, now, _ := o.newest().Desk("s4"); now.Open {
		t.Error("a desk that is gone opens")
	}
}
