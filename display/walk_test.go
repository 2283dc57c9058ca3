package display

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// testWalk keeps in memory what was tried.
type testWalk struct {
	mu      sync.Mutex
	tried   []Tried
	lost    bool
	changed chan struct{}
	named   []Naming
	chip    string
	asked   []int // addresses of panels on the free port
	begun   bool
	begins  bool // naming a device starts the box again
	// hindered are places that cannot be used, before is a keypad that was found last.
	hindered []Wired
	before   Wired
	without  ThingKind // no such thing is in the settings
	wired    []Wired   // in the settings instead of the usual ones
	shown    int
	sought   int  // how often a printer was looked for on the free port
	unfound  bool // nothing was found that could be named
	searches int  // how often new devices were looked for
}

func newTestWalk() *testWalk { return &testWalk{changed: make(chan struct{})} }

func (w *testWalk) Wired() []Wired {
	if w.wired != nil {
		return w.wired
	}
	return slices.DeleteFunc([]Wired{
		{Thing: Thing{PrinterThing, "atrio"}, Place: "/dev/serial/by-path/usb-0:1.2", Meaning: "hall"},
		{Thing: Thing{PrinterThing, "ingresso"}, Place: "/dev/serial/by-path/usb-0:1.3", Meaning: "door"},
		{Thing: Thing{ButtonThing, "anagrafe"}, Place: "GPIO17", Meaning: "anagrafe"},
		{Thing: Thing{KeypadThing, "sportello-1"}, Place: "/dev/input/by-path/usb-0:1.4-event-kbd", Meaning: "s1"},
		{Thing: Thing{PanelThing, "sala"}, Place: "/dev/serial/by-path/usb-0:1.7", Signs: []PanelSign{{"stx-4", "111"}}},
	}, func(x Wired) bool { return x.Kind == w.without })
}

func (w *testWalk) Search() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.searches++
}

func (w *testWalk) SearchEnds() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.searches == 0 {
		return 0
	}
	return tuesday + 300_000
}

func (*testWalk) Heard() []Heard {
	return []Heard{{Thing: Thing{ButtonThing, "GPIO27"}, At: tuesday}, {Thing: Thing{KeypadThing, "sportello-1"}, Key: "next", At: tuesday, Wired: true}}
}

func (w *testWalk) Found() []Wired {
	w.mu.Lock()
	defer w.mu.Unlock()
	panel := Wired{Thing: Thing{PanelThing, "/dev/serial/by-path/usb-0:1.6"}}
	if len(w.asked) > 0 {
		panel.Signs, panel.Address = []PanelSign{{"stx-4", "111"}, {"digits-3", "222"}}, w.asked[len(w.asked)-1]
	}
	printer := Wired{Thing: Thing{PrinterThing, "/dev/serial/by-path/usb-0:1.6"}}
	switch w.sought {
	case 1:
		printer.Sought, printer.Speeds = Seeking, []int{9600, 19200}
	case 2:
		printer.Sought, printer.Speeds = SeekSilent, []int{9600, 19200, 38400}
	case 3:
		printer.Sought, printer.Speeds, printer.Baud = SeekFound, []int{9600, 19200, 38400}, 38400
	}
	all := slices.Clone(w.hindered)
	if w.before.Kind != "" {
		all = append(all, w.before)
	}
	return append(all, []Wired{
		{Thing: Thing{ButtonThing, "GPIO27"}, Place: "pin 13"},
		{Thing: Thing{KeypadThing, "/dev/input/by-path/usb-0:1.5-event-kbd"}},
		printer,
		panel,
	}...)
}

func (w *testWalk) Show(panel Thing, address int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch panel.Name {
	case "sala":
	case "/dev/serial/by-path/usb-0:1.6":
		w.asked = append(w.asked, address)
	default:
		return ErrNoPanel
	}
	return nil
}

func (w *testWalk) Seek(port Thing) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if port != (Thing{PrinterThing, "/dev/serial/by-path/usb-0:1.6"}) {
		return ErrNoPort
	}
	w.sought++
	return nil
}

func (*testWalk) Models(kind ThingKind) []string {
	return map[ThingKind][]string{PrinterThing: {"generic-80", "generic-58", "custom-kpm"}, KeypadThing: {"numeric", "one-key"}, PanelThing: {"stx-4", "digits-3"}}[kind]
}

func (w *testWalk) Name(n Naming) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.unfound {
		return false, ErrUnfound
	}
	if n.Thing.Name == "GPIO99" {
		return false, fmt.Errorf("%w: no such line", ErrNaming)
	}
	w.named = append(w.named, n)
	w.begun = w.begun || w.begins
	return n.Kind != KeypadThing, nil
}

func (w *testWalk) Lines() (file, lines string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.named) == 0 {
		return "/etc/eliminacode/box.toml", ""
	}
	return "/etc/eliminacode/box.toml", "[[keypad]]\nname = \"desk-s1\""
}

func (w *testWalk) Chip() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.chip
}

// set changes what the walk answers while pages ask it.
func (w *testWalk) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *testWalk) Begun() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun
}

func (w *testWalk) Shown() { w.shown++ }

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

// newTestBox is a box that has no office yet.
func newTestBox(t testing.TB) *testOffice {
	t.Helper()
	o := newTestOffice(t)
	o.state = &queue.State{}
	o.must(t, queue.StartUp{Version: "test", Journal: "journal-1"})
	return o
}

// walking is an office that is not there yet, whose printer at the door fails.
func walking(t *testing.T) (*setter, *testWalk) {
	t.Helper()
	o := newTestBox(t)
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
	u.post(walkHome, "action", "trial", "name", "atrio")
	u.sees("La PROVA è uscita", "si legge bene ed è tagliata?", "0 su 2")
	u.post(walkHome, "action", "came-out", "name", "atrio")
	u.sees("Scritto.", "È uscita bene", "1 su 2")
	u.post(walkHome, "action", "trial", "name", "ingresso")
	u.sees("La PROVA non è uscita", "1 su 2", "flash-failed")
	u.post(walkHome, "action", "not-out", "name", "ingresso")
	u.sees("guardi carta, coperchio e cavo")
	u.post(walkHome, "action", "leave", "name", "keypads", "from", setupHome)
	u.sees("qui non serve")
	if u.at != setupHome+"?esito=walk-kept" {
		t.Errorf("it goes back to %s", u.at)
	}
	if tried, _ := walk.Tried(); len(tried) != 3 || tried[0].At == 0 {
		t.Errorf("kept is %+v", tried)
	}
	for _, posted := range []string{"action=trial&name=tetto", "action=came-out&name=tetto", "action=leave&name=office", "action=leave&name=x", "action=x", ""} {
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

// What was found is given a meaning of the draft; where the box may not write its
// settings the page has the lines for a person; what cannot be is refused.
func TestWhatWasFoundIsGivenAMeaning(t *testing.T) {
	u, walk := walking(t)
	u.get(walkHome)
	u.sees("GPIO27", "pin 13", "Prima scriva servizi, sportelli e uscite", "Pressioni", "AVANTI")
	u.post("/impostazioni/effetto", "action", "reference")
	u.get(walkHome)
	u.sees(`name="kind" value="button"><input type="hidden" name="name" value="GPIO27"`, `<option value="anagrafe">Anagrafe e certificati</option>`, `<option value="hall">hall (l&#39;ufficio non ce l&#39;ha)</option>`, `<option value="s1">`, `<option value="totem">Totem`, `<option value="generic-58">`)
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO27", "service", "anagrafe", "class", "priority", "outlet", "hall")
	u.sees("Scritto nelle impostazioni")
	u.post(walkHome, "action", "name", "kind", "keypad", "name", "/dev/input/by-path/usb-0:1.5-event-kbd", "desk", "s1", "model", "numeric")
	u.sees("/etc/eliminacode/box.toml", "[[keypad]]", "da mettere a mano")
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO99", "service", "anagrafe")
	u.sees("flash-failed", "il file delle impostazioni non andrebbe")
	want := []Naming{
		{Thing: Thing{ButtonThing, "GPIO27"}, Service: "anagrafe", Class: queue.Priority, Outlet: "hall"},
		{Thing: Thing{KeypadThing, "/dev/input/by-path/usb-0:1.5-event-kbd"}, Desk: "s1", Model: "numeric"},
	}
	if !slices.Equal(walk.named, want) {
		t.Errorf("named is %+v", walk.named)
	}
	walk.begun = true
	u.get(walkHome)
	u.sees("riparte con le nuove impostazioni")
	if walk.shown != 1 {
		t.Errorf("the page that waits was told %d times", walk.shown)
	}
}

// The lines of a chip that is no known board's are listened to when a person agrees,
// which is kept with who it was.
func TestAChipIsListenedToWhenAPersonAgrees(t *testing.T) {
	u, walk := walking(t)
	u.get(walkHome)
	if strings.Contains(u.page, "Ascolta le linee") {
		t.Error("there is a chip to be listened to")
	}
	c := &caller{t: t, s: u.s}
	c.call(http.StatusBadRequest, "POST", "/api/v1/walk/listen", object{}, nil)
	walk.set(func() { walk.chip = "gpio-expander" })
	u.get(walkHome)
	u.sees("gpio-expander", "Ascolta le linee", "soltanto pulsanti")
	u.post(walkHome, "action", "listen")
	u.sees("in ascolto")
	tried, _ := walk.Tried()
	if !Agreed(tried, "gpio-expander") || Agreed(tried, "another") || strings.Contains(u.page, "Ascolta le linee") {
		t.Errorf("kept is %+v", tried)
	}
	c.call(http.StatusOK, "POST", "/api/v1/walk/listen", object{}, nil)
}

// A panel of the settings shows its number until a person says whether it does; on a
// free port each kind is sent another number, and which one is read says what it is.
func TestPanelsAreTriedByTheirNumbers(t *testing.T) {
	u, walk := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	u.get(walkHome)
	u.sees("Non ancora provato: faccia comparire il suo numero", "Fai comparire 111", "Manda i numeri di prova")
	if strings.Contains(u.page, "Numero che si legge") {
		t.Error("a number can be chosen before any was sent")
	}
	u.post(walkHome, "action", "show", "kind", "panel", "name", "sala")
	u.sees("Numero mandato", "Sul display si legge 111?", "Sì, si legge")
	u.post(walkHome, "action", "not-out", "kind", "panel", "name", "sala")
	u.sees("Il numero non è comparso")
	u.post(walkHome, "action", "came-out", "kind", "panel", "name", "sala")
	tried, _ := walk.Tried()
	if len(tried) != 1 || tried[0].Thing != (Thing{PanelThing, "sala"}) || tried[0].Outcome != TrialCameOut {
		t.Errorf("kept is %+v", tried)
	}
	const port = "/dev/serial/by-path/usb-0:1.6"
	u.post(walkHome, "action", "show", "name", port, "address", "7")
	u.sees("Numero che si legge", `<option value="digits-3">222</option>`, "tutti gli sportelli", `name="address" value="7"`)
	u.post(walkHome, "action", "name", "kind", "panel", "name", port, "model", "digits-3", "desk", "s2", "address", "7")
	u.post(walkHome, "action", "name", "kind", "panel", "name", "sala", "desk", "s1")
	want := []Naming{{Thing: Thing{PanelThing, port}, Model: "digits-3", Desk: "s2", Address: 7}, {Thing: Thing{PanelThing, "sala"}, Desk: "s1"}}
	if !slices.Equal(walk.named, want) || !slices.Equal(walk.asked, []int{7}) {
		t.Errorf("named is %+v, shown at %v", walk.named, walk.asked)
	}
	c := &caller{t: t, s: u.s}
	c.call(http.StatusOK, "POST", "/api/v1/walk/show", object{"name": port, "address": "12"}, nil)
	var p problem
	c.call(http.StatusNotFound, "POST", "/api/v1/walk/show", object{"name": "tetto"}, &p)
	for _, wrong := range []string{"256", "x", "-1"} {
		u.post(walkHome, "action", "show", "name", port, "address", wrong)
		if !regexp.MustCompile(`<input [^>]*name="address"[^>]* value="` + wrong + `"[^>]* aria-invalid="true"[^>]*autofocus`).MatchString(u.page) {
			t.Errorf("address %q is not told at its field: %s", wrong, u.page)
		}
	}
	if p.Code != "no-panel" || !slices.Equal(walk.asked, []int{7, 12}) {
		t.Errorf("%+v, shown at %v", p, walk.asked)
	}
}

// A place that cannot be used is said as such, with who has it and what to do, and is
// not offered as one.
func TestAHinderedPlaceIsToldWithWhatToDo(t *testing.T) {
	u, walk := walking(t)
	const port = "/dev/serial/by-path/usb-0:1.9"
	for _, c := range []struct {
		why, holder, command string
		says                 []string
	}{
		{PlaceTaken, "ModemManager (812)", "systemctl disable --now ModemManager.service", []string{"Lo usa ModemManager (812): lo fermi", "<code lang=\"en\" translate=\"no\">systemctl disable --now ModemManager.service</code>"}},
		{PlaceTaken, "", "", []string{"Lo usa un altro programma: lo fermi"}},
		{PlaceDenied, "", "", []string{"non ha il permesso", "dialout"}},
		{PlaceConsole, "ttyAMA0", "", []string{"console=ttyAMA0", "cmdline.txt"}},
		{PlaceOther, "", "", []string{"un&#39;altra cosa"}},
		{PlaceGone, "", "", []string{"non c&#39;è niente"}},
		{PlaceUnread, "", "", []string{"non è di un tastierino conosciuto"}},
	} {
		walk.set(func() {
			walk.hindered = []Wired{{Thing: Thing{PortThing, port}, Hindrance: c.why, Holder: c.holder, Command: c.command}}
		})
		u.get(walkHome)
		u.sees(append(c.says, "Collegamenti da guardare", port)...)
		if strings.Contains(u.page, `value="`+port) {
			t.Errorf("%s: it is offered all the same", c.why)
		}
		var state struct{ View walkPage }
		c2 := &caller{t: t, s: u.s}
		if c2.call(http.StatusOK, "GET", "/api/v1/state/walk", nil, &state); len(state.View.Hindered) != 1 || state.View.Hindered[0].Hindrance != c.why {
			t.Errorf("%s: a program is told %+v", c.why, state.View.Hindered)
		}
	}
}

// With an office in force there is nothing to try on the way to one. What its devices
// are for may still be mended, and whoever looks after them reads that it has to be.
func TestTheWalkEndsWithTheFirstOffice(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	walk := newTestWalk()
	cfg.Walk = walk
	cfg.Misfits = func(queue.Setup, *words.Tongue) []view.Found {
		return []view.Found{{Code: "office", State: "FAIL", Found: "niente uscita hall", Do: "la corregga"}}
	}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get(walkHome)
	u.sees("Collegamenti", "GPIO17", `<option value="hall" selected>hall (l&#39;ufficio non ce l&#39;ha)</option>`)
	for _, gone := range []string{"Non ancora provata", "Qui non serve", "Fai comparire 111", "Ricerca in corso"} {
		if strings.Contains(u.page, gone) {
			t.Errorf("the page of an office in force says %q", gone)
		}
	}
	u.post(walkHome, "action", "leave", "name", "keypads")
	u.sees("flash-failed", "i passi del primo avvio sono finiti")
	u.post(walkHome, "action", "name", "kind", "printer", "name", "atrio", "outlet", "totem")
	if tried, _ := walk.Tried(); len(tried) > 0 || len(walk.named) != 1 {
		t.Errorf("kept is %+v, named %+v", tried, walk.named)
	}
	u.get("/responsabile/apparecchi")
	u.sees("niente uscita hall", "la corregga", `href="/impostazioni/prove"`)
	c := &caller{t: t, s: u.s}
	var p problem
	c.call(http.StatusConflict, "POST", "/api/v1/walk/leave", object{"name": "keypads"}, &p)
	if p.Code != "walk-over" {
		t.Errorf("%+v", p)
	}
	c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "anagrafe", "service": "anagrafe"}, nil)
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
	u.post(walkHome, "action", "trial", "name", "atrio")
	// What is chosen for a device stays with it when another comes before it.
	u.post("/impostazioni/effetto", "action", "reference")
	const chosen = `[...document.querySelectorAll('#keypads form')].filter(f => f.desk).map(f => f.elements.name.value + ' ' + f.desk.value).join()`
	do(t, ctx, chromedp.Navigate(u.s.url+walkHome), chromedp.WaitVisible("#keypads select"),
		chromedp.Evaluate(`document.getElementById('keypad-'+encodeURIComponent('/dev/input/by-path/usb-0:1.5-event-kbd')).querySelector('[name=desk]').value = 's3'`, nil))
	walk.set(func() { walk.before = Wired{Thing: Thing{KeypadThing, "/dev/input/by-path/usb-0:1.0-event-kbd"}} })
	u.post(walkHome, "action", "came-out", "name", "atrio")
	do(t, ctx, chromedp.Poll(`document.querySelectorAll('#keypads select[name=desk]').length === 3`, nil))
	var all string
	do(t, ctx, chromedp.Evaluate(chosen, &all))
	if want := "sportello-1 s1,/dev/input/by-path/usb-0:1.0-event-kbd ,/dev/input/by-path/usb-0:1.5-event-kbd s3"; all != want {
		t.Errorf("chosen is %s, want %s", all, want)
	}
	u.post(walkHome, "action", "trial", "name", "atrio")
	// With forms for what was found, lines to put in by hand, a chip, and places that
	// cannot be used.
	walk.set(func() {
		walk.chip = "gpio-expander"
		walk.hindered = []Wired{
			{Thing: Thing{PortThing, "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.9:1.0-port0"}, Hindrance: PlaceTaken, Holder: "ModemManager (812)", Command: "systemctl disable --now ModemManager.service"},
			{Thing: Thing{KeypadThing, "/dev/input/by-path/usb-0:1.8-event-kbd"}, Hindrance: PlaceDenied},
		}
	})
	u.post(walkHome, "action", "show", "name", "/dev/serial/by-path/usb-0:1.6")
	u.post(walkHome, "action", "name", "kind", "keypad", "name", "/dev/input/by-path/usb-0:1.5-event-kbd", "desk", "s1", "model", "numeric")
	look := func(name string, paths ...string) {
		for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
			for _, path := range paths {
				var wide bool
				do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(u.s.url+path), chromedp.WaitVisible("main h1"),
					chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
				if wide {
					t.Errorf("%s at %s is wider than the screen", path, z.name)
				}
				judge(t, ctx, axe, path+" at "+z.name)
				shot(t, ctx, name+strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path[1:])+"-"+z.name)
			}
		}
	}
	look("", walkHome, walkHome+"?lingua=de", setupHome+"?lingua=it", setupHome+"?lingua=sl")
	// The same with an office in force, while somebody searches.
	u.o.must(t, queue.ChangeSetup{Setup: office.Reference()})
	u.post(walkHome, "action", "search")
	look("in-force-", walkHome+"?lingua=it", walkHome+"?lingua=fr")
}

// On a port that no setting names a printer is looked for when a person asks; the page
// says what was tried, and what to do with a printer that never answers. The speed that
// was found is chosen already.
func TestAPrinterIsLookedForAtEverySpeed(t *testing.T) {
	u, walk := walking(t)
	const port = "/dev/serial/by-path/usb-0:1.6"
	u.post("/impostazioni/effetto", "action", "reference")
	u.get(walkHome)
	u.sees("Un tastierino che va interrogato", "protocol = &#34;stx-polled&#34;", "Un altro display sulla stessa linea", "[[panel]]", "Pulsanti su un altro chip GPIO", "[board]")
	u.sees("Cerca la stampante", `<option value="">quella del tipo</option>`, `<option value="38400">38400</option>`)
	u.post(walkHome, "action", "seek", "name", port)
	u.sees("Cerco la stampante", "Velocità provate, in bit/s: 9600 19200")
	u.post(walkHome, "action", "seek", "name", port)
	u.sees("Nessuna stampante ha risposto. Velocità provate, in bit/s: 9600 19200 38400", "spenga e riaccenda")
	u.post(walkHome, "action", "seek", "name", port)
	u.sees("Una stampante risponde a 38400 bit/s", `<option value="38400" selected>`)
	u.post(walkHome, "action", "seek", "name", "/dev/ttyS9")
	u.sees("flash-failed", "porta seriale libera")
	u.post(walkHome, "action", "name", "kind", "printer", "name", port, "model", "generic-58", "outlet", "totem", "baud", "12")
	u.sees("Da correggere: Velocità", `name="baud" aria-invalid="true"`)
	u.get(walkHome)
	// The kind is a person's choice, in words, and none is made for them.
	u.sees(`required><option value="">il tipo non è ancora scelto</option>`, `<option value="generic-58">carta da 58 mm, da strappare a mano</option>`)
	u.post(walkHome, "action", "name", "kind", "printer", "name", port, "model", "", "outlet", "totem")
	u.sees("Da correggere: Tipo di stampante", `name="model" required="" aria-invalid="true"`)
	u.post(walkHome, "action", "name", "kind", "printer", "name", port, "model", "generic-58", "outlet", "totem", "baud", "38400")
	if want := (Naming{Thing: Thing{PrinterThing, port}, Model: "generic-58", Outlet: "totem", Baud: 38400}); len(walk.named) != 1 || walk.named[0] != want {
		t.Errorf("named is %+v", walk.named)
	}
}
