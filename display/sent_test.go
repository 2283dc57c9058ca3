package display

import (
	"slices"
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

// TestABackOfficeIsToldWhoseTheQueuesAre holds that its console counts nobody who waits for
// others, and says so of their queues; who was sent to it stands before them.
func TestABackOfficeIsToldWhoseTheQueuesAre(t *testing.T) {
	o := newTestOffice(t)
	setup := o.newest().Setup()
	setup.Desks = slices.Clone(setup.Desks)
	at := slices.IndexFunc(setup.Desks, func(d queue.Desk) bool { return d.ID == "s2" })
	setup.Desks[at].BackOffice = true
	o.must(t, queue.ChangeSetup{Setup: setup})
	o.open(t, "s1")
	o.open(t, "s2")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.issue(t, "anagrafe", queue.Ordinary)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	const others = "Queste code le chiamano gli altri sportelli."
	u.get("/cruscotto/s2")
	u.sees("Nessuno in attesa.", ">In attesa: 0 ", others)
	u.get("/cruscotto/s1")
	if u.sees(">In attesa: 2 "); strings.Contains(u.page, others) {
		t.Error("the queues of a desk that calls from them are told as those of others")
	}
	o.next(t, "s1")
	_, now, _ := o.newest().Desk("s1")
	o.must(t, queue.TransferTicket{By: queue.Cause{Kind: queue.ByConsole}, From: "s1", Ticket: now.Ticket, Service: "anagrafe", Desk: "s2"})
	u.get("/cruscotto/s2")
	u.sees("chiama A001", ">In attesa: 1 ", others)
	if own := strings.Index(u.page, "line-own"); own < 0 || own > strings.Index(u.page, others) {
		t.Error("who was sent to the back office does not stand before the queues of others")
	}
}
