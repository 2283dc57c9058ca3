package display

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// A desk is chosen once at a computer: on any other day, whoever signs in there and
// however, the console is that of the same desk. Another one is a click away, and one
// at which somebody else works asks who is to be there.
func TestAComputerRemembersItsDesk(t *testing.T) {
	o, s := withTwoClerks(t)
	here := newPerson(t, s)
	here.atDesk(t, "s4", "b.verdi", "927461")
	if _, at, _ := here.get(t, "/cruscotto"); at != "/cruscotto/s4" {
		t.Errorf("after a PIN at a desk the console is %s", at)
	}
	if _, at, body := here.get(t, "/cruscotto?scegli"); at != "/cruscotto?scegli" || !strings.Contains(body, "Scelga lo sportello") {
		t.Errorf("another desk cannot be chosen: %s", at)
	}
	if _, _, body := here.get(t, "/cruscotto/s3"); !strings.Contains(body, `href="/cruscotto?scegli" aria-current="page"`) {
		t.Error("no link leads from a desk to the others")
	}
	here.post(t, "/uscita")
	// The next morning, from the address that everybody knows.
	if _, at, body := here.get(t, "/cruscotto"); !strings.HasPrefix(at, "/accesso") || !strings.Contains(body, `name="sportello" value="s3"`) {
		t.Errorf("signing in asks for the desk again: %s", at)
	}
	here.post(t, "/accesso", "come", "pin", "sportello", "s3", "nome", "b.verdi", "segreto", "927461", "poi", "/cruscotto")
	if _, at, _ := here.get(t, "/cruscotto"); at != "/cruscotto/s3" {
		t.Errorf("the next day the console is %s", at)
	}
	here.post(t, "/cruscotto/s3", "action", "open")

	// Somebody else has chosen the desk at another computer, before or since.
	there := newPerson(t, s)
	there.atDesk(t, "s3", "c.neri", "584213")
	status, at, body := there.get(t, "/cruscotto")
	if status != http.StatusConflict || at != "/cruscotto/s3" || !strings.Contains(body, "lavora un&#39;altra persona") || !strings.Contains(body, `value="move"`) || !strings.Contains(body, `href="/cruscotto?scegli">Gli altri sportelli`) {
		t.Errorf("%d %s: who works at the desk is not told politely", status, at)
	}
	if _, at, body := there.get(t, "/cruscotto?scegli"); at != "/cruscotto?scegli" || !strings.Contains(body, "desk-card") {
		t.Errorf("no way leads on: %s", at)
	}

	// One that was taken away is chosen anew.
	here.post(t, "/cruscotto/s3", "action", "close")
	setup := o.newest().Setup()
	setup.Desks = slices.DeleteFunc(slices.Clone(setup.Desks), func(d queue.Desk) bool { return d.ID == "s3" })
	o.must(t, queue.ChangeSetup{Setup: setup})
	if _, at, body := here.get(t, "/cruscotto"); at != "/cruscotto" || !strings.Contains(body, "desk-card") {
		t.Errorf("a desk that is gone leads to %s", at)
	}
}

// A page that nobody may see chooses nothing.
func TestADeskThatIsNotThereIsNotRemembered(t *testing.T) {
	s := serve(t, newTestOffice(t).config(), "")
	p := newPerson(t, s)
	if status, _, _ := p.get(t, "/cruscotto/s99"); status != http.StatusNotFound {
		t.Fatal(status)
	}
	if _, at, _ := p.get(t, "/cruscotto"); at != "/cruscotto" {
		t.Errorf("it leads to %s", at)
	}
	if _, at, _ := p.get(t, "/cruscotto/s2"); at != "/cruscotto/s2" {
		t.Fatal(at)
	}
	if _, at, _ := p.get(t, "/cruscotto"); at != "/cruscotto/s2" {
		t.Errorf("without accounts it leads to %s", at)
	}
}
