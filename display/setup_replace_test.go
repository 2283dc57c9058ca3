package display

import (
	"bytes"
	"errors"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"eliminacode/queue/office"
)

// asks posts what would take the place of a draft, and stays on the page that asks.
func (u *setter) asks(path string, v url.Values) {
	u.t.Helper()
	u.asked(path, "application/x-www-form-urlencoded", v.Encode())
}

func (u *setter) asked(path, media, body string) {
	u.t.Helper()
	status, _, page := ask(u.t, request(u.t, "POST", u.s.url+path, body, "Content-Type", media, "Origin", u.s.url, "Sec-Fetch-Site", "same-origin"))
	u.at, u.page = path, page
	if status != http.StatusConflict {
		u.t.Fatalf("POST %s: %d %s", path, status, page)
	}
}

// A draft with changes gives its place only after a question that says what is lost;
// then it can be brought back, and the two change places.
func TestDraftIsNotReplacedWithoutAQuestion(t *testing.T) {
	base := newSetter(t).o.newest().Setup()
	for _, x := range []struct {
		name, path string
		sent       url.Values
		then       string
	}{
		{"reference", "/impostazioni/effetto", url.Values{"action": {"reference"}}, "L&#39;ufficio di riferimento è ora la sua bozza"},
		{"version", "/impostazioni/storia", url.Values{"version": {"1"}}, "La versione è ora la sua bozza"},
		{"planned", "/impostazioni/programmate", url.Values{"action": {"take-up"}, "plan": {"1"}}, "È ora la sua bozza"},
	} {
		t.Run(x.name, func(t *testing.T) {
			u := newSetter(t)
			u.planned("2026-12-01", "Dicembre", "office.note", "Chiuso il 24")
			d := office.Edit(base)
			if err := d.Set("office.note", "In vigore"); err != nil {
				t.Fatal(err)
			}
			if err := u.setups.Save(t.Context(), SetupAct{Setup: d.Setup(), Base: office.Mark(base)}); err != nil {
				t.Fatal(err)
			}
			u.edit("/impostazioni/ufficio", "keep", "office.place", "Piano 2")
			u.asks(x.path, x.sent)
			u.sees("Ha già una bozza", "<ins>Piano 2</ins>", "Sostituisci", "Torna alla bozza", `href="/impostazioni/effetto"`)
			if u.draft().Office.Place != "Piano 2" {
				t.Fatal("the draft is another before anybody was asked")
			}
			sent := []string{"replaces", regexpValue(t, u.page, "replaces")}
			for name := range x.sent {
				sent = append(sent, name, u.hidden(name))
			}
			u.post(x.path, sent...)
			u.sees(x.then)
			if u.draft().Office.Place == "Piano 2" {
				t.Error("it is not replaced")
			}
			replaced := u.draft()
			u.get("/impostazioni")
			u.sees("Riprendi la bozza di prima")
			u.post("/impostazioni/effetto", "action", "bring-back")
			u.sees("La bozza di prima è di nuovo la sua bozza", "<ins>Piano 2</ins>")
			u.post("/impostazioni/effetto", "action", "bring-back")
			if diff := cmp.Diff(replaced, u.draft()); diff != "" {
				t.Errorf("the other is not back: %s", diff)
			}
		})
	}
}

// regexpValue is the value of the button of that name.
func regexpValue(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `name="`+name+`" value="`)
	value, _, end := strings.Cut(rest, `"`)
	if !ok || !end {
		t.Fatalf("no %s in %s", name, page)
	}
	return html.UnescapeString(value)
}

// A file takes no draft's place without a question either, the one that is in force
// too: what was sent is sent again by the page that asks.
func TestFileTakesNoDraftsPlaceUnasked(t *testing.T) {
	u := newSetter(t)
	file := string(office.Format(u.o.newest().Setup()))
	form := func(fields ...string) (media, body string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		var err error
		for i := 0; i < len(fields); i += 2 {
			err = errors.Join(err, w.WriteField(fields[i], fields[i+1]))
		}
		if len(fields) == 0 {
			part, e := w.CreateFormFile("file", "ufficio.toml")
			if err = e; e == nil {
				_, err = part.Write([]byte(file))
			}
		}
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), b.String()
	}
	u.edit("/impostazioni/ufficio", "keep", "office.place", "Piano 2")
	media, body := form()
	u.asked("/impostazioni/ufficio.toml", media, body)
	u.sees("Ha già una bozza", "<ins>Piano 2</ins>", `enctype="multipart/form-data"`)
	if u.draft().Office.Place != "Piano 2" {
		t.Fatal("the draft is gone")
	}
	// A browser ends the lines of a hidden field as the web does.
	media, body = form("text", strings.ReplaceAll(regexpValue(t, u.page, "text"), "\n", "\r\n"), "replaces", regexpValue(t, u.page, "replaces"))
	status, h, page := ask(t, request(t, "POST", u.s.url+"/impostazioni/ufficio.toml", body, "Content-Type", media, "Origin", u.s.url, "Sec-Fetch-Site", "same-origin"))
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, page)
	}
	u.get(h.Get("Location"))
	u.sees("Il file dice quello che è già in vigore", "Riprendi la bozza di prima")
	if _, kept := u.setups.Draft("demo"); kept {
		t.Error("there is a draft that changes nothing")
	}
	u.post("/impostazioni/effetto", "action", "bring-back")
	if u.draft().Office.Place != "Piano 2" {
		t.Error("the draft is not back")
	}
	u.post("/impostazioni/effetto", "action", "discard")
	u.sees("Bozza buttata", "Riprendi la bozza di prima")
	u.post("/impostazioni/effetto", "action", "bring-back")
	u.post("/impostazioni/effetto", "action", "bring-back")
	u.sees("Non c&#39;è una bozza di prima")
}

// A program names the draft that it replaces, and is told so.
func TestProgramNamesTheDraftThatItReplaces(t *testing.T) {
	c, o, _ := withSetups(t)
	d := c.draft()
	file := string(office.Format(o.newest().Setup()))
	for _, x := range []struct{ method, path, body string }{
		{"POST", "/api/v1/office/draft/reference", ""},
		{"POST", "/api/v1/office/history/1/draft", ""},
		{"PUT", "/api/v1/office/draft.toml", file},
	} {
		c.call(http.StatusOK, "POST", "/api/v1/office/draft/set", object{"mark": c.draft().Mark, "values": object{"office.place": "Piano 2"}}, &d)
		send := func(path string) (int, string) {
			header := []string{}
			if x.body != "" {
				header = []string{"Content-Type", "application/toml"}
			}
			status, _, body := ask(t, request(t, x.method, c.s.url+path, x.body, header...))
			return status, body
		}
		if status, body := send(x.path); status != http.StatusConflict || !strings.Contains(body, "draft-kept-already") || c.draft().Mark != d.Mark {
			t.Errorf("%s: %d %s", x.path, status, body)
		}
		if status, body := send(x.path + "?replaces=another"); status != http.StatusConflict {
			t.Errorf("%s: %d %s", x.path, status, body)
		}
		if status, body := send(x.path + "?replaces=" + d.Mark); status != http.StatusOK || c.draft().Mark == d.Mark {
			t.Errorf("%s: %d %s", x.path, status, body)
		}
		if !c.draft().Earlier {
			t.Error("the answer does not say that an earlier draft is kept")
		}
		c.call(http.StatusOK, "POST", "/api/v1/office/draft/bring-back", nil, nil)
		if c.draft().Mark != d.Mark {
			t.Errorf("%s: the draft is not back", x.path)
		}
	}
}
