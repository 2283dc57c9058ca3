package display

import (
	"net/http"
	"slices"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/office"
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

// What a device is stands on the page whole and can be changed, and the device can be
// taken away, which says what is missing then; the same with an office in force.
func TestADeviceIsShownWholeAndTakenAway(t *testing.T) {
	u, walk := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	walk.wired = []Wired{
		{Thing: Thing{PrinterThing, "atrio"}, Meaning: "totem", Model: "custom-kpm", Baud: 38400},
		{Thing: Thing{PrinterThing, "ingresso"}, Meaning: "accoglienza", Model: "generic-80"},
		{Thing: Thing{ButtonThing, "anagrafe-priority"}, Place: "GPIO2", Meaning: "anagrafe", Outlet: "totem", Class: "priority"},
		{Thing: Thing{KeypadThing, "k"}, Meaning: "s1", Model: "one-key"},
		{Thing: Thing{PanelThing, "sala"}, Model: "digits-3", Address: 7, Signs: []PanelSign{{"digits-3", "111"}}},
	}
	c := &caller{t: t, s: u.s}
	for range 2 {
		u.get(walkHome)
		u.sees(`<option value="priority" selected>con precedenza`, `<option value="one-key" selected>`, `<option value="custom-kpm" selected>`,
			`<option value="digits-3" selected>`, `<option value="38400" selected>`, `max="255" required value="7"`, "non prende più il numero", `name="action" value="remove"`)
		walk.named = nil
		u.post(walkHome, "action", "name", "kind", "button", "name", "anagrafe-priority", "service", "anagrafe", "outlet", "totem", "class", "")
		c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "anagrafe-priority", "class": "priority"}, nil)
		u.post(walkHome, "action", "remove", "kind", "button", "name", "anagrafe-priority")
		u.sees("Tolto dalle impostazioni")
		c.call(http.StatusOK, "POST", "/api/v1/walk/remove", object{"kind": "keypad", "name": "k"}, nil)
		want := []Naming{
			{Thing: Thing{ButtonThing, "anagrafe-priority"}, Service: "anagrafe", Outlet: "totem"},
			{Thing: Thing{ButtonThing, "anagrafe-priority"}, Class: "priority"},
			{Thing: Thing{ButtonThing, "anagrafe-priority"}, Gone: true},
			{Thing: Thing{KeypadThing, "k"}, Gone: true},
		}
		if !slices.Equal(walk.named, want) {
			t.Errorf("named is %+v", walk.named)
		}
		// A printer of which buttons have need stays while there are others.
		var p problem
		c.call(http.StatusConflict, "POST", "/api/v1/walk/remove", object{"kind": "printer", "name": "atrio"}, &p)
		if p.Code != "outlet-needed" || len(walk.named) != 4 {
			t.Errorf("%+v, named is %+v", p, walk.named)
		}
		c.call(http.StatusBadRequest, "POST", "/api/v1/walk/remove", object{"kind": "button", "name": "nope"}, nil)
		c.call(http.StatusBadRequest, "POST", "/api/v1/walk/name", object{"kind": "keypad", "name": "k", "desk": "s1", "model": "nope"}, nil)
		u.o.must(t, queue.ChangeSetup{Setup: office.Reference()})
	}
}
