package display

import (
	"net/http"
	"slices"
	"testing"
)

// What the settings name and the office does not have is shown as such, and a way out
// of it is offered whatever comes first: a button may have an outlet of the office,
// where its printer is put with it.
func TestWhatTheOfficeLacksIsShownAndLeftBehind(t *testing.T) {
	u, walk := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	const stray, lacks = "altrove", " (l&#39;ufficio non ce l&#39;ha)</option>"
	walk.wired = []Wired{
		{Thing: Thing{PrinterThing, "atrio"}, Place: "/dev/serial/by-path/usb-0:1.2", Meaning: stray},
		{Thing: Thing{ButtonThing, "old"}, Place: "GPIO17", Meaning: "catasto", Outlet: stray},
		{Thing: Thing{KeypadThing, "k"}, Place: "/dev/input/by-path/usb-0:1.4-event-kbd", Meaning: "s99"},
	}
	u.get(walkHome)
	u.sees(`<option value="altrove" selected>altrove`+lacks, `<option value="catasto" selected>catasto`+lacks, `<option value="s99" selected>s99`+lacks)
	u.post(walkHome, "action", "name", "kind", "button", "name", "GPIO27", "service", "anagrafe", "outlet", "totem")
	u.post(walkHome, "action", "name", "kind", "button", "name", "old", "service", "anagrafe", "outlet", "totem")
	u.post(walkHome, "action", "name", "kind", "button", "name", "old", "service", "anagrafe", "outlet", stray)
	want := []Naming{
		{Thing: Thing{ButtonThing, "GPIO27"}, Service: "anagrafe", Outlet: "totem", Printer: "atrio"},
		{Thing: Thing{ButtonThing, "old"}, Service: "anagrafe", Outlet: "totem", Printer: "atrio"},
		{Thing: Thing{ButtonThing, "old"}, Service: "anagrafe", Outlet: stray},
	}
	if !slices.Equal(walk.named, want) {
		t.Errorf("named is %+v", walk.named)
	}
	// With two such printers nobody knows which one is meant.
	walk.wired = append(walk.wired, Wired{Thing: Thing{PrinterThing, "ingresso"}, Meaning: "ingresso"})
	u.post(walkHome, "action", "name", "kind", "button", "name", "old", "service", "anagrafe", "outlet", "totem")
	u.sees("flash-failed", "«Dove esce il numero»: a quell&#39;uscita non c&#39;è nessuna stampante")
	var p problem
	c := &caller{t: t, s: u.s}
	c.call(http.StatusConflict, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "old", "service": "anagrafe", "outlet": "totem"}, &p)
	if p.Code != "outlet-unserved" || len(walk.named) != 3 {
		t.Errorf("%+v, named is %+v", p, walk.named)
	}
	// Two printers of the office change places.
	walk.wired = []Wired{{Thing: Thing{PrinterThing, "atrio"}, Meaning: "totem"}, {Thing: Thing{PrinterThing, "ingresso"}, Meaning: "x"}}
	u.get(walkHome)
	u.sees("(al posto di atrio)</option>")
}
