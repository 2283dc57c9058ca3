package display

import (
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestWhoIsSentToAPausedDeskIsToldOf holds that a number sent to a desk waits for no pause
// of it, and that both clerks read so: who sends it there, and who pauses.
func TestWhoIsSentToAPausedDeskIsToldOf(t *testing.T) {
	o, s := withTwoClerks(t)
	number := o.issue(t, "anagrafe", queue.Ordinary)
	verdi, neri := newPerson(t, s), newPerson(t, s)
	verdi.atDesk(t, "s3", "b.verdi", "927461")
	neri.atDesk(t, "s4", "c.neri", "584213")
	neri.post(t, "/cruscotto/s4", "action", "open")
	verdi.post(t, "/cruscotto/s3", "action", "open")
	send := func() (body string) {
		verdi.post(t, "/cruscotto/s3", "action", "next")
		_, _, body = verdi.post(t, "/cruscotto/s3", "action", "transfer", "ticket", number.String(), "desk", "s4")
		if x := o.newest().Ticket(number); x.State != queue.Waiting {
			t.Fatalf("the number is %s", x.State)
		}
		return body
	}
	const told = "Sportello 4 è in pausa: finché non riprende"
	if body := send(); strings.Contains(body, told) {
		t.Error("a pause is told of a desk that works")
	}
	const alone = "1 numero aspetta questo sportello"
	if _, _, body := neri.get(t, "/cruscotto/s4"); strings.Contains(body, alone) {
		t.Error("a pause is told at a desk that works")
	}
	if _, _, body := neri.post(t, "/cruscotto/s4", "action", "pause", "why", "break"); !strings.Contains(body, alone) {
		t.Error("who pauses is not told that somebody waits for the desk")
	}
	if body := send(); !strings.Contains(body, told) {
		t.Error("who sends a number to a paused desk is not told")
	}
	if verdi.post(t, "/cruscotto/s3", "action", "next"); o.newest().Ticket(number).Desk != "s3" {
		t.Error("no other desk calls who was sent to the paused one")
	}
	verdi.post(t, "/cruscotto/s3", "action", "put-back", "ticket", number.String())
	neri.post(t, "/cruscotto/s4", "action", "open")
	if _, _, body := neri.get(t, "/cruscotto/s4"); strings.Contains(body, alone) {
		t.Error("a pause is told at a desk that works again")
	}
	if verdi.post(t, "/cruscotto/s3", "action", "next"); o.newest().Ticket(number).State != queue.Waiting {
		t.Error("another desk calls who was sent to the one that works again")
	}
}

// TestADeskWhoseOperatorSignsOutRests holds for a desk that is free: nobody is there to call
// who was sent to it.
func TestADeskWhoseOperatorSignsOutRests(t *testing.T) {
	o, s := withTwoClerks(t)
	state := func() queue.DeskState { _, now, _ := o.newest().Desk("s3"); return now }
	verdi := newPerson(t, s)
	verdi.atDesk(t, "s3", "b.verdi", "927461")
	verdi.post(t, "/cruscotto/s3", "action", "open")
	neri := newPerson(t, s)
	neri.atDesk(t, "s3", "c.neri", "584213")
	neri.post(t, "/uscita")
	if now := state(); !now.Open || now.Paused {
		t.Errorf("somebody else signs out at another computer: %+v", now)
	}
	verdi.post(t, "/uscita")
	if now := state(); !now.Open || !now.Paused {
		t.Fatalf("the operator is gone: %+v", now)
	}
	o.issue(t, "anagrafe", queue.Ordinary)
	verdi.atDesk(t, "s3", "b.verdi", "927461")
	verdi.post(t, "/cruscotto/s3", "action", "open")
	verdi.post(t, "/cruscotto/s3", "action", "next")
	verdi.post(t, "/uscita")
	if now := state(); now.Paused || now.Ticket == 0 {
		t.Errorf("the number in service is not at the desk: %+v", now)
	}
}

// TestATransferToAClosedDeskNamesTheOtherDesk holds that nobody is told to open the desk at
// which they sit.
func TestATransferToAClosedDeskNamesTheOtherDesk(t *testing.T) {
	o, s := withTwoClerks(t)
	number := o.issue(t, "anagrafe", queue.Ordinary)
	verdi := newPerson(t, s)
	verdi.atDesk(t, "s3", "b.verdi", "927461")
	verdi.post(t, "/cruscotto/s3", "action", "open")
	verdi.post(t, "/cruscotto/s3", "action", "next")
	_, _, body := verdi.post(t, "/cruscotto/s3", "action", "transfer", "ticket", number.String(), "desk", "s4")
	if !strings.Contains(body, "Lo sportello scelto è chiuso") || strings.Contains(body, "lo apra e ripeta") {
		t.Error("the page does not say which desk is closed")
	}
}
