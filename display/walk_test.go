package display

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"eliminacode/queue"
)

// testWalk keeps in memory what was tried.
type testWalk struct {
	mu      sync.Mutex
	tried   []Tried
	lost    bool
	changed chan struct{}
}

func newTestWalk() *testWalk { return &testWalk{changed: make(chan struct{})} }

func (*testWalk) Wired() []Wired {
	return []Wired{
		{Thing: Thing{PrinterThing, "atrio"}, Place: "/dev/serial/by-path/usb-0:1.2", Outlet: "hall"},
		{Thing: Thing{PrinterThing, "ingresso"}, Place: "/dev/serial/by-path/usb-0:1.3", Outlet: "door"},
		{Thing: Thing{ButtonThing, "anagrafe"}, Place: "GPIO17"},
		{Thing: Thing{KeypadThing, "sportello-1"}, Place: "/dev/input/by-path/usb-0:1.4-event-kbd"},
	}
}

func (w *testWalk) Tried() ([]Tried, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.tried), w.lost
}

func (w *testWalk) Try(t Tried) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tried = append(slices.DeleteFunc(w.tried, func(x Tried) bool { return x.Thing == t.Thing }), t)
	close(w.changed)
	w.changed = make(chan struct{})
	return nil
}

func (w *testWalk) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// walking is an office that is not there yet, whose printer at the door fails.
func walking(t *testing.T) (*setter, *testWalk) {
	t.Helper()
	o := newTestOffice(t)
	o.state = &queue.State{}
	o.must(t, queue.StartUp{Version: "test", Journal: "journal-1"})
	cfg := o.config()
	setups, walk := &testSetups{o: o, drafts: map[string]SetupDraft{}}, newTestWalk()
	cfg.Setups, cfg.Walk = setups, walk
	cfg.Trial = func(_ context.Context, outlet queue.OutletID) (queue.PaperState, error) {
		if outlet == "door" {
			return queue.PaperFailed, nil
		}
		return queue.PaperPrinted, nil
	}
	return &setter{surfer{t: t, s: serve(t, cfg, "")}, o, setups}, walk
}

// A PROVA is tried before there is an office; only a person's word ends the trial,
// and what the printer refused is tried again.
func TestPrintersAreTriedBeforeThereIsAnOffice(t *testing.T) {
	u, walk := walking(t)
	u.get(setupHome)
	u.sees("I passi", `href="/impostazioni/prove#printers"`, `aria-current="step"`, "Continui da qui")
	u.get(walkHome)
	u.sees("Non ancora provata", "GPIO17", "0 su 2")
	u.post(walkHome, "prova", "atrio")
	u.sees("La PROVA è uscita", "si legge bene ed è tagliata?", "0 su 2")
	u.post(walkHome, "uscita", "atrio")
	u.sees("Scritto.", "È uscita bene", "1 su 2")
	u.post(walkHome, "prova", "ingresso")
	u.sees("La PROVA non è uscita", "1 su 2", "flash-failed")
	u.post(walkHome, "non-uscita", "ingresso")
	u.sees("guardi carta, coperchio e cavo")
	u.post(walkHome, "salta", "keypads", "da", setupHome)
	u.sees("qui non serve")
	if u.at != setupHome+"?esito=walk-kept" {
		t.Errorf("it goes back to %s", u.at)
	}
	if tried, _ := walk.Tried(); len(tried) != 3 || tried[0].At == 0 {
		t.Errorf("kept is %+v", tried)
	}
	for _, posted := range []string{"prova=tetto", "uscita=tetto", "salta=office", "salta=x", ""} {
		if status, _, _ := ask(t, request(t, "POST", u.s.url+walkHome, posted, "Content-Type", "application/x-www-form-urlencoded")); status != http.StatusBadRequest && status != http.StatusSeeOther {
			t.Errorf("%q is answered %d", posted, status)
		}
	}
	if tried, _ := walk.Tried(); len(tried) != 3 {
		t.Errorf("nonsense is kept: %+v", tried)
	}
	walk.lost = true
	u.get(walkHome)
	u.sees("non si legge più")
}

// Whoever sets the box up goes on with the draft that another began.
func TestTheFirstDraftIsOneForAll(t *testing.T) {
	u, _ := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	if _, kept := u.setups.Draft(firstAuthor); !kept {
		t.Error("the draft is one person's")
	}
	u.get(setupHome)
	u.sees(`<li><a href="#parti">`, "fatto")
	u.post("/impostazioni/effetto", "action", "discard")
	u.get(setupHome)
	u.sees(`<li aria-current="step"><a href="#parti">`)
}

// With an office in force there is nothing to try on the way to one.
func TestTheWalkEndsWithTheFirstOffice(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	walk := newTestWalk()
	cfg.Walk = walk
	s := serve(t, cfg, "")
	for _, method := range []string{"GET", "POST"} {
		status, header, _ := ask(t, request(t, method, s.url+walkHome, "salta=keypads", "Content-Type", "application/x-www-form-urlencoded"))
		if status != http.StatusSeeOther || header.Get("Location") != setupHome {
			t.Errorf("%s is answered %d to %q", method, status, header.Get("Location"))
		}
	}
	if tried, _ := walk.Tried(); len(tried) > 0 {
		t.Errorf("kept is %+v", tried)
	}
}

// A press shows on the page by itself, and the pages of the walk are for everybody
// in every language.
func TestTheWalkIsAccessible(t *testing.T) {
	u, walk := walking(t)
	axe, ctx := accessibilityChecker(t), browser(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(u.s.url+walkHome), chromedp.WaitVisible("#buttons"))
	if err := walk.Try(Tried{Thing: Thing{ButtonThing, "anagrafe"}, Outcome: TrialPressed, At: tuesday}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Poll(`document.querySelector('#buttons').innerText.includes('Ha risposto')`, nil))
	u.post(walkHome, "prova", "atrio")
	for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
		for _, path := range []string{walkHome, walkHome + "?lingua=de", setupHome + "?lingua=it", setupHome + "?lingua=sl"} {
			var wide bool
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(u.s.url+path), chromedp.WaitVisible("main h1"),
				chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
			if wide {
				t.Errorf("%s at %s is wider than the screen", path, z.name)
			}
			judge(t, ctx, axe, path+" at "+z.name)
			shot(t, ctx, strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path[1:])+"-"+z.name)
		}
	}
}
