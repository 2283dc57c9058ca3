package display

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// With an office in force whoever looks after the devices looks for new ones, tries what
// can be tried without disturbing who is called, and says what each is for.
func TestDevicesAreFoundWithAnOfficeInForce(t *testing.T) {
	o := newTestOffice(t)
	cfg, walk := o.config(), newTestWalk()
	cfg.Walk, cfg.Trial = walk, printsAll
	walk.chip, walk.hindered = "gpio-expander", []Wired{{Thing: Thing{PortThing, "/dev/ttyAMA0"}, Hindrance: PlaceConsole, Holder: "ttyAMA0"}}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get(walkHome)
	u.sees("Cerca dispositivi", "riparte da solo", "cmdline.txt")
	if strings.Contains(u.page, "Ascolta le linee") {
		t.Error("lines are offered to be listened to before a search")
	}
	u.post(walkHome, "action", "search")
	u.sees("Ricerca in corso", "Cerca ancora", "Ascolta le linee", `value="GPIO27"`, "Pressioni", "Cerca la stampante", "Manda i numeri di prova")
	u.post(walkHome, "action", "listen")
	u.post(walkHome, "action", "seek", "name", "/dev/serial/by-path/usb-0:1.6")
	u.sees("Cerco una stampante")
	u.post(walkHome, "action", "show", "name", "/dev/serial/by-path/usb-0:1.6", "address", "7")
	u.sees("Numero che si legge")
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO27", "service", "anagrafe", "outlet", "hall")
	u.sees("Scritto nelle impostazioni")
	if want := []Naming{{Thing: Thing{ButtonThing, "GPIO27"}, Service: "anagrafe", Outlet: "hall"}}; !slices.Equal(walk.named, want) || walk.searches != 1 || walk.sought != 1 || !slices.Equal(walk.asked, []int{7}) {
		t.Errorf("named is %+v, searched %d times, sought %d times, shown at %v", walk.named, walk.searches, walk.sought, walk.asked)
	}

	// A number of a trial on a panel that shows calls would pass for one of them.
	c := &caller{t: t, s: u.s}
	for _, over := range []struct {
		act  string
		body object
	}{{"show", object{"name": "sala"}}, {"came-out", object{"kind": "panel", "name": "sala"}}} {
		var p problem
		if c.call(http.StatusConflict, "POST", "/api/v1/walk/"+over.act, over.body, &p); p.Code != "walk-over" || p.Do == "" {
			t.Errorf("%s: %+v", over.act, p)
		}
	}
	var shown stated[walkPage]
	c.call(http.StatusOK, "POST", "/api/v1/walk/search", object{}, nil)
	if c.call(http.StatusOK, "GET", "/api/v1/state/walk", nil, &shown); shown.View.SearchEnds.UnixMilli() != tuesday+300_000 || walk.searches != 2 {
		t.Errorf("it ends %v, searched %d times", shown.View.SearchEnds, walk.searches)
	}
	var p problem
	walk.unfound = true
	c.call(http.StatusNotFound, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "GPIO27", "service": "anagrafe", "outlet": "hall"}, &p)
	if p.Code != "walk-unfound" || !strings.Contains(p.Detail+p.Do, "Cerca dispositivi") {
		t.Errorf("%+v", p)
	}
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.name" || !strings.Contains(p.Errors[0].Message, "GPIO27") {
		t.Errorf("not told at the name, with what was found: %+v", p.Errors)
	}
}

// What is refused of a device is told in its own form, and at the head of the page where
// the device is gone: never in the form of another one.
func TestARefusalOfADeviceIsToldInItsOwnForm(t *testing.T) {
	o := newTestOffice(t)
	cfg, walk := o.config(), newTestWalk()
	cfg.Walk = walk
	u := &surfer{t: t, s: serve(t, cfg, "")}
	const own, gone = "/dev/serial/by-path/usb-0:1.6", "/dev/serial/by-path/usb-0:1.9"
	u.post(walkHome, "action", "search")
	told := func(name string, posted ...string) (at string) {
		t.Helper()
		u.post(walkHome, append([]string{"name", name}, posted...)...)
		m := readMarkup(u.page)
		for _, p := range m.pieces {
			if p.opens("p") && p.styled("form-told") {
				for _, c := range m.controls[p.within("form")] {
					if c.attr("name") == "name" {
						return c.attr("value")
					}
				}
			}
		}
		return ""
	}
	if at := told(own, "action", "show", "address", "300"); at != own {
		t.Errorf("a wrong address is told at %q", at)
	}
	if at := told(gone, "action", "show", "address", "7"); at != "" {
		t.Errorf("of a port that is gone it is told at %q", at)
	}
	u.sees("un display che si possa usare", `role="alert"`)
	walk.set(func() { walk.unfound = true })
	if told("GPIO28", "action", "name", "kind", "button", "service", "anagrafe", "outlet", "hall"); !strings.Contains(u.page, "Nessun dispositivo trovato") {
		t.Error("what is not found is not told")
	}
}

// A PROVA of a printer of an office in force is looked at by a person.
func TestAPrinterIsTriedWithAnOfficeInForce(t *testing.T) {
	o := newTestOffice(t)
	cfg, walk := o.config(), newTestWalk()
	cfg.Walk, cfg.Trial = walk, printsAll
	setup := o.newest().Setup()
	i := slices.IndexFunc(setup.Outlets, func(x queue.Outlet) bool { return x.Printer })
	walk.wired = []Wired{{Thing: Thing{PrinterThing, "atrio"}, Meaning: string(setup.Outlets[i].ID)}}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.post(walkHome, "action", "trial", "name", "atrio")
	u.sees("si legge bene ed è tagliata?")
	u.post(walkHome, "action", "came-out", "name", "atrio")
	u.sees("È uscita bene")
}
