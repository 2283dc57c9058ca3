package display

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// noCopies are a box that finds no copy.
type noCopies struct{}

func (noCopies) Copies(context.Context) []Copy               { return nil }
func (noCopies) PutBack(context.Context, string, bool) error { return ErrNoCopy }
func (noCopies) Take(context.Context, io.Reader) error       { return ErrBadCopy }
func (noCopies) Shown()                                      {}
func (noCopies) Failed() string                              { return "" }

// Where there is an office no copy is put back from the pages, whatever is sent.
func TestACopyIsPutBackOnlyWhereThereIsNoOffice(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Copies = noCopies{}
	s := serve(t, cfg, "")
	if status, header, _ := ask(t, request(t, "GET", s.url+copiesHome, "")); status != http.StatusSeeOther || header.Get("Location") != setupHome {
		t.Errorf("the page answers %d to %q", status, header.Get("Location"))
	}
	status, _, body := ask(t, request(t, "POST", s.url+copiesHome, "copia=x", "Content-Type", "application/x-www-form-urlencoded"))
	if status != http.StatusConflict || !strings.Contains(body, "eliminacode restore") {
		t.Errorf("a copy is answered %d %s", status, body)
	}
}

// takenCopies remember what was sent.
type takenCopies struct {
	noCopies
	sent []byte
	err  error
}

func (c *takenCopies) Take(_ context.Context, sent io.Reader) (err error) {
	if c.sent, err = io.ReadAll(sent); err != nil {
		return fmt.Errorf("%w: %w", ErrBadCopy, err)
	}
	return c.err
}

// twoCopies are a copy that can be put back and one that cannot.
type twoCopies struct {
	noCopies
	back  []string // the ids that were put back
	shown int
}

func (c *twoCopies) PutBack(_ context.Context, id string, another bool) error {
	switch {
	case id == "c3" && !another:
		return ErrAnotherOffice
	case id != "a1" && id != "c3":
		return ErrNoCopy
	}
	c.back = append(c.back, id)
	return nil
}

func (c *twoCopies) Shown() { c.shown++ }

func (*twoCopies) Copies(context.Context) []Copy {
	return []Copy{
		{ID: "a1", Folder: "/media/tecnico/CHIAVETTA/copie/una-cartella-dal-nome-lungo-2026-11-27", Body: "Comune di Pontelungo", Name: "Servizi demografici", Day: "2026-11-27", Series: []string{"A158", "B101"}},
		{ID: "c3", Folder: "/media/tecnico/CHIAVETTA/altra", Body: "Comune di Altrove", Name: "Sportello", Day: "2026-11-26", Instead: "Comune di Pontelungo, Servizi demografici"},
		{ID: "b2", Folder: "/media/tecnico/CHIAVETTA/rotta", Unfit: "the backup itself is damaged"},
	}
}

// The pages of copies are for everybody in every language: the list, the question,
// and the one that waits.
func TestTheCopiesAreAccessible(t *testing.T) {
	o := newTestBox(t)
	cfg := o.config()
	cfg.Copies, cfg.Setups = &twoCopies{}, &testSetups{o: o, drafts: map[string]SetupDraft{}}
	s := serve(t, cfg, "")
	axe, ctx := accessibilityChecker(t), browser(t)
	for _, z := range []size{{"1280x720", 1280, 720}, {"390x844", 390, 844}} {
		for i, path := range []string{copiesHome, copiesHome + "?lingua=de", copiesHome + "?lingua=it&copia=a1", copiesHome + "?copia=c3", copiesHome + "?esito=copy-begun"} {
			var wide bool
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"),
				chromedp.Evaluate(`document.documentElement.scrollWidth > innerWidth`, &wide))
			if wide {
				t.Errorf("%s at %s is wider than the screen", path, z.name)
			}
			judge(t, ctx, axe, path+" at "+z.name)
			shot(t, ctx, fmt.Sprint("copies-", i, "-", z.name))
		}
	}
}

// A copy that is sent is handed on as it came; what was not taken is said with what
// to do.
func TestACopyIsSent(t *testing.T) {
	o := newTestBox(t)
	cfg := o.config()
	copies := &takenCopies{}
	cfg.Copies, cfg.Setups, cfg.Administration = copies, &testSetups{o: o, drafts: map[string]SetupDraft{}}, testAccounts(t)
	s := serve(t, cfg, "")
	const form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"copia.tar\"\r\n\r\nthe bytes\r\n--x--\r\n"
	for _, c := range []struct {
		body, kind string
		err        error
		to         string
	}{
		{form, "multipart/form-data; boundary=x", nil, "esito=copy-taken"},
		{form, "multipart/form-data; boundary=x", fmt.Errorf("%w: no tar", ErrBadCopy), "esito=bad-copy&rifiuto=1"},
		{form, "multipart/form-data; boundary=x", ErrCopyTooBig, "esito=copy-too-big&rifiuto=1"},
		{form, "multipart/form-data; boundary=x", ErrTaking, "esito=copy-taking&rifiuto=1"},
		{"--x--\r\n", "multipart/form-data; boundary=x", nil, "esito=bad-body&rifiuto=1"},
		{"file=x", "application/x-www-form-urlencoded", nil, "esito=bad-body&rifiuto=1"},
	} {
		copies.sent, copies.err = nil, c.err
		status, header, _ := ask(t, request(t, "POST", s.url+sentCopy, c.body, "Content-Type", c.kind))
		if to := header.Get("Location"); status != http.StatusSeeOther || to != copiesHome+"?"+c.to {
			t.Errorf("%q, %v: answered %d to %q", c.body, c.err, status, to)
		}
		if c.body == form && string(copies.sent) != "the bytes" {
			t.Errorf("handed on is %q", copies.sent)
		}
	}
	if acts, err := cfg.Administration.AuditBefore(0, 10); err != nil || len(acts) != 1 || acts[0].What != "copy.take" {
		t.Errorf("of one taken and four refused the acts are %+v, %v", acts, err)
	}
}

// A copy of another office than the one that was there says which is which, and is put
// back only once a person has agreed to that.
func TestACopyOfAnotherOfficeIsAgreedTo(t *testing.T) {
	o := newTestBox(t)
	cfg := o.config()
	copies := &twoCopies{}
	cfg.Copies, cfg.Setups, cfg.Administration = copies, &testSetups{o: o, drafts: map[string]SetupDraft{}}, testAccounts(t)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get(copiesHome + "?copia=a1")
	if strings.Contains(u.page, `name="altro"`) {
		t.Error("a copy of the same office asks whether it is another one")
	}
	u.get(copiesHome + "?copia=c3")
	u.sees("Comune di Altrove", "Comune di Pontelungo, Servizi demografici", `name="altro" value="1" required`,
		"vengono messe da parte", "nulla di ciò che era preparato entra in vigore", "Restano le persone con i loro accessi")
	u.post(copiesHome, "copia", "c3")
	u.sees("flash-failed", "altro ufficio", `name="altro" value="1" required`)
	c := &caller{t: t, s: u.s}
	c.call(http.StatusConflict, "POST", "/api/v1/copies/c3/put-back", nil, nil)
	if len(copies.back) > 0 {
		t.Errorf("put back is %v", copies.back)
	}
	c.call(http.StatusOK, "POST", "/api/v1/copies/c3/put-back?another=true", nil, nil)
	u.post(copiesHome, "copia", "c3", "altro", "1")
	if len(copies.back) != 2 {
		t.Errorf("put back is %v", copies.back)
	}
	acts, err := cfg.Administration.AuditBefore(0, 10)
	if err != nil || len(acts) != 2 {
		t.Fatalf("of one refused and two put back the acts are %+v, %v", acts, err)
	}
	for _, a := range acts {
		if a.What != "copy.put-back" || !strings.Contains(string(a.After), "/CHIAVETTA/altra") {
			t.Errorf("the act is %s %s", a.What, a.After)
		}
	}
}

// Whoever waited for a copy to be put back is told what stays and what does not hold any
// more, once the box has the office of the copy.
func TestAfterACopyThePageSaysWhatStays(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Copies, cfg.Setups = &twoCopies{}, newTestSetups(o)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	status, headers, _ := ask(t, request(t, http.MethodGet, u.s.url+copiesHome+"?esito=copy-begun", ""))
	if status != http.StatusSeeOther || headers.Get("Location") != setupHome+"?esito=copy-put-back" {
		t.Fatalf("%d, to %s", status, headers.Get("Location"))
	}
	u.get(setupHome + "?esito=copy-put-back")
	u.sees("La copia è rimessa", "sono messe da parte nella cartella dei dati")
	if _, headers, _ := ask(t, request(t, http.MethodGet, u.s.url+copiesHome, "")); headers.Get("Location") != setupHome {
		t.Errorf("who did not wait for it is led to %s", headers.Get("Location"))
	}
}
