package display

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// A boxClock is that of a box; the test sets it and lets time pass.
type boxClock struct {
	sync.Mutex
	now queue.Now
}

func (c *boxClock) read(time.Time) queue.Now {
	c.Lock()
	defer c.Unlock()
	return c.now
}

// set sets the wall clock; no time passes.
func (c *boxClock) set(wall time.Time) {
	c.Lock()
	defer c.Unlock()
	c.now.Wall = wall.UnixMilli()
}

func (c *boxClock) pass(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.now.Wall += d.Milliseconds()
	c.now.Mono += d.Milliseconds()
}

// byClock is an office with accounts that go by a clock, an administrator who is
// signed in, and the clock.
func byClock(t *testing.T, roles ...access.Role) (s running, p person, c *boxClock) {
	t.Helper()
	c = &boxClock{now: queue.Now{Wall: time.Now().UnixMilli(), Boot: "this one", Mono: 60_000}}
	cfg := closed(t, newTestOffice(t))
	store := accountsBy(t, c.read)
	cfg.Access, cfg.Administration, cfg.WriteTimeout = store, store, 50*time.Millisecond
	firstAdministrator(t, store, roles...)
	s = serve(t, cfg, "")
	p = newPerson(t, s)
	p.withPassword(t, "a.rossi")
	return s, p, c
}

func TestAPairingCodeThatIsOverIsToldOnThePage(t *testing.T) {
	for name, set := range map[string]time.Time{"a clock that is right": time.Now(), "a clock set to 1970": time.UnixMilli(0)} {
		t.Run(name, func(t *testing.T) {
			s, admin, clock := byClock(t)
			board := newPerson(t, s)
			old := board.codeAt(t, "/tabellone")
			clock.set(set)
			clock.pass(10 * time.Minute)
			status, _, body := admin.post(t, "/schermi", "codice", old, "nome", "Atrio", "ruolo", "board")
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Il codice non vale più: scriva quello che lo schermo mostra adesso.") || !strings.Contains(body, `value="Atrio"`) {
				t.Errorf("the code that is over answers %d", status)
			}
			fresh := board.codeAt(t, "/tabellone")
			if fresh == old {
				t.Error("the screen still shows the code that is over")
			}
			if _, at, body := admin.post(t, "/schermi", "codice", fresh, "nome", "Atrio", "ruolo", "board"); !strings.Contains(body, "Schermo collegato") {
				t.Errorf("the code that it shows now leads to %s", at)
			}
			if status, _, _ := board.get(t, "/tabellone"); status != http.StatusOK {
				t.Errorf("the paired screen answers %d", status)
			}
		})
	}
}

// A session that was idle for too long is over on its pages and on the open one,
// and stays so, whatever the clock is set to.
func TestAClockThatIsSetKeepsNobodySignedIn(t *testing.T) {
	_, p, clock := byClock(t, access.Manager)
	begun := time.Now()
	clock.set(time.UnixMilli(0))
	if _, at, _ := p.get(t, "/responsabile"); at != "/responsabile" {
		t.Fatalf("a clock set to 1970 leads to %s", at)
	}
	conn, _ := p.watch(t, "manager")
	clock.pass(4 * time.Hour)
	sentAway(t, conn)
	for _, wall := range []time.Time{time.UnixMilli(0), begun, begun.AddDate(30, 0, 0), begun} {
		clock.set(wall)
		if _, at, _ := p.get(t, "/responsabile"); !strings.HasPrefix(at, "/accesso") {
			t.Errorf("set to %v it leads to %s", wall, at)
		}
	}
}
