package display

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What a device that was found is for is never chosen by the page: its row begins with
// nothing, says so, and is not taken so.
func TestWhatADeviceIsForIsNeverChosenByThePage(t *testing.T) {
	u, walk := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	const port, pad = "/dev/serial/by-path/usb-0:1.6", "/dev/input/by-path/usb-0:1.5-event-kbd"
	u.post(walkHome, "action", "show", "name", port, "address", "1")
	u.get(walkHome)
	for _, name := range []string{"GPIO27", pad, port} {
		_, row, _ := strings.Cut(u.page, `<input type="hidden" name="name" value="`+name+`"><`)
		row, _, _ = strings.Cut(row, "</form>")
		if name == port {
			_, row, _ = strings.Cut(u.page, `<input type="hidden" name="address" value="1">`)
			row, _, _ = strings.Cut(row, "</form>")
		}
		for _, field := range strings.Split(row, "<select ")[1:] {
			if strings.Contains(field, `name="class"`) || strings.Contains(field, `name="model"`) && name == pad {
				continue // for everybody, and the usual keys
			}
			if !strings.Contains(field, `required><option value="">`) {
				t.Errorf("%s begins with something chosen: %s", name, field)
			}
		}
	}
	u.sees("il servizio non è ancora scelto", "lo sportello non è ancora scelto", "il numero non è ancora scelto", `<option value="*">tutti gli sportelli`)
	for field, body := range map[string]object{
		"body.service": {"kind": "button", "name": "GPIO27", "outlet": "totem"},
		"body.desk":    {"kind": "keypad", "name": pad, "model": "numeric"},
		"body.model":   {"kind": "panel", "name": port, "desk": "s1"},
	} {
		var p problem
		c := &caller{t: t, s: u.s}
		c.call(http.StatusBadRequest, "POST", "/api/v1/walk/name", body, &p)
		if !slices.ContainsFunc(p.Errors, func(e problemField) bool { return e.Location == field }) {
			t.Errorf("%v is told %+v", body, p)
		}
	}
	if len(walk.named) != 0 {
		t.Errorf("named is %+v", walk.named)
	}
	u.post(walkHome, "action", "name", "kind", "panel", "name", port, "model", "digits-3", "desk", "*")
	if want := []Naming{{Thing: Thing{PanelThing, port}, Model: "digits-3", Address: 1}}; !slices.Equal(walk.named, want) {
		t.Errorf("named is %+v", walk.named)
	}
}

// Writing what one device is for starts the box again. What was chosen meanwhile for others
// is there when the page has them again; what was sent is not.
func TestWhatIsChosenForOtherDevicesStaysWhileOneIsWritten(t *testing.T) {
	u, walk := walking(t)
	u.post("/impostazioni/effetto", "action", "reference")
	const one, other = "/dev/input/by-path/usb-0:1.0-event-kbd", "/dev/input/by-path/usb-0:1.5-event-kbd"
	walk.before = Wired{Thing: Thing{KeypadThing, one}}
	ctx := browser(t)
	const rows = `const row = (kind, name) => document.getElementById(kind + '-' + encodeURIComponent(name));`
	do(t, ctx, chromedp.Navigate(u.s.url+walkHome), chromedp.WaitVisible("#keypads select"), chromedp.Evaluate(`{`+rows+`
		row('keypad', '`+one+`').querySelector('[name=desk]').value = 's3';
		row('keypad', '`+other+`').querySelector('[name=desk]').value = 's2';
		row('keypad', '`+other+`').querySelector('[name=model]').value = 'one-key';
		row('button', 'GPIO27').querySelector('[name=service]').value = 'anagrafe';
		row('button', 'GPIO27').querySelector('[name=outlet]').value = 'hall';
	}`, nil))
	walk.set(func() { walk.begins = true })
	do(t, ctx, chromedp.Click(`#button-GPIO27 button[value=name]`), chromedp.WaitNotPresent("#keypads"))
	walk.set(func() { walk.begun = false })
	u.post(walkHome, "action", "came-out", "name", "atrio") // the page comes anew
	const chosen = `(() => {` + rows + `
		return [['keypad', '` + one + `'], ['keypad', '` + other + `'], ['button', 'GPIO27']].map(([kind, name]) =>
			[...row(kind, name).querySelectorAll('form.walk-meaning select')].map((field) => field.value).join(' ')).join('|');
	})()`
	var all string
	do(t, ctx, chromedp.WaitVisible("#keypads select"), chromedp.Evaluate(chosen, &all))
	if want := "s3 numeric|s2 one-key|  "; all != want {
		t.Errorf("chosen is %q, want %q", all, want)
	}
	want := []Naming{{Thing: Thing{ButtonThing, "GPIO27"}, Service: "anagrafe", Outlet: "hall"}}
	if !slices.Equal(walk.named, want) {
		t.Errorf("named is %+v", walk.named)
	}
}
