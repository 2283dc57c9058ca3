package display

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"eliminacode/display/view"
	"eliminacode/queue/procedure"
	"eliminacode/queue/words"
)

// testProcedures is a catalogue in memory.
type testProcedures struct {
	mu     sync.Mutex
	c      *procedure.Catalogue
	before *procedure.Catalogue
	err    error
}

func (p *testProcedures) Earlier() *procedure.Catalogue {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.before
}

func (p *testProcedures) Catalogue() (*procedure.Catalogue, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.c, p.err
}

func (p *testProcedures) Replace(file []byte) (*procedure.Catalogue, error) {
	c, err := procedure.Parse(file)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.c, p.before, p.err = c, p.c, nil
	return c, nil
}

func TestSearchFindsTheSheetOfAProcedure(t *testing.T) {
	o := newTestOffice(t)
	o.issue(t, "anagrafe", "")
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/accoglienza?pratica=resdenza")
	u.sees("Cambio di residenza", "Anagrafe e certificati", "1 in attesa", "entro 45 giorni", `form="issue" name="service" value="anagrafe"`)
	u.get("/pratiche?pratica=FUNGHI&as=html")
	u.sees("Raccolta dei funghi")
	if strings.Contains(u.page, "<html") || strings.Contains(u.page, "<button") {
		t.Errorf("a part of a page is a whole one, or gives numbers where nobody may:\n%s", u.page)
	}
	u.get("/pratiche?pratica=zzzz")
	u.sees("Nessuna pratica con queste parole: ne provi altre")
	status, _, body := ask(t, request(t, "GET", u.s.url+"/api/v1/procedures?q=resdenza", ""))
	var found view.Search
	if err := json.Unmarshal([]byte(body), &found); status != http.StatusOK || err != nil || found.Found[0].ID != "cambio-residenza" || found.Found[0].Service.Letters != "A" {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := ask(t, request(t, "GET", u.s.url+"/pratiche?pratica="+strings.Repeat("a", procedure.MaxQueryBytes+1), "")); status != http.StatusBadRequest {
		t.Errorf("a query that is too long: %d %s", status, body)
	}
}

// An office without its catalogue gives numbers all the same.
func TestDamagedCatalogueCostsTheSearchAlone(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Procedures = &testProcedures{err: procedure.Faults{{Flaw: procedure.FlawEmpty}}}
	u := &surfer{t: t, s: serve(t, cfg, "")}
	u.get("/accoglienza?pratica=residenza")
	u.sees("chieda al responsabile di caricarlo di nuovo", `value="anagrafe"`)
	if status, _, body := ask(t, request(t, "GET", u.s.url+"/pratiche.csv", "")); status != http.StatusConflict || !strings.Contains(body, "lo carichi di nuovo") {
		t.Errorf("%d %s", status, body)
	}
	u.get("/pratiche")
	u.sees("Carica")
}

// upload posts a file as the form of the manager does.
func (u *surfer) upload(file string) (status int, page string) {
	u.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "pratiche.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		u.t.Fatal(err)
	}
	status, h, page := ask(u.t, request(u.t, "POST", u.s.url+"/pratiche", b.String(),
		"Content-Type", w.FormDataContentType(), "Origin", u.s.url, "Sec-Fetch-Site", "same-origin"))
	if status == http.StatusSeeOther {
		u.get(h.Get("Location"))
		return status, u.page
	}
	return status, page
}

func TestCatalogueGoesOutAndComesBackIn(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	kept := cfg.Procedures.(*testProcedures)
	u := &surfer{t: t, s: serve(t, cfg, "")}
	status, h, file := ask(t, request(t, "GET", u.s.url+"/pratiche.csv", ""))
	if status != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || !strings.Contains(h.Get("Content-Disposition"), "pratiche.csv") {
		t.Fatalf("%d %v", status, h)
	}
	if status, page := u.upload(file); status != http.StatusSeeOther || !strings.Contains(page, "Catalogo caricato: 73 pratiche.") {
		t.Errorf("%d %s", status, page)
	}
	if again := string(kept.c.Format()); again != file {
		t.Error("the catalogue is not the same after it went out and came back")
	}
	for name, bad := range map[string]struct {
		file   string
		status int
		want   string
	}{
		"cell":  {"codice;pratica;servizio\nX;Y;z\n", 422, "Riga 2, colonna A (codice): «X» non è un codice; usi solo"},
		"empty": {"", 422, "non c&#39;è nessuna pratica; scarichi"},
		"long":  {strings.Repeat("x", procedure.MaxFileBytes+1), 413, "il file ha più di 524.288 byte; accorci"},
		"huge":  {strings.Repeat("x", maxUploadBytes+1), 413, "il file ha più di 524.288 byte; accorci"},
	} {
		if status, page := u.upload(bad.file); status != bad.status || !strings.Contains(page, bad.want) || !strings.Contains(page, "Catalogo: 73 pratiche") {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
	put := func(file string) (int, string) {
		status, _, body := ask(t, request(t, "PUT", u.s.url+"/api/v1/procedures.csv", file, "Content-Type", "text/csv"))
		return status, body
	}
	if status, body := put("codice,pratica,servizio\nx,Boschi,boschi\n"); status != http.StatusOK || !strings.HasPrefix(body, `{"procedures":1,"astray":["x"],"added":["x"],"changed":[],"removed":["`) || strings.Count(body, ",") != 72+4 {
		t.Errorf("%d %s", status, body)
	}
	u.get("/pratiche?pratica=boschi")
	u.sees("Qui non c&#39;è un servizio per questa pratica", "corregga la colonna")
	if status, body := put("codice\n"); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"code":"bad-file"`) || !strings.Contains(body, "Riga 1: manca") {
		t.Errorf("%d %s", status, body)
	}
	for _, size := range []int{procedure.MaxFileBytes + 1, maxUploadBytes + 1} {
		if status, body := put(strings.Repeat("x", size)); status != http.StatusRequestEntityTooLarge || !strings.Contains(body, `"code":"too-large"`) || !strings.Contains(body, "524") {
			t.Errorf("a file of %d bytes: %d %s", size, status, body)
		}
	}
}

// A file that was cut off within a line is refused; one that was cut off between two is
// taken, and the page names what is gone and leads back.
func TestACatalogueThatWasCutOffCostsNothing(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	_, _, file := ask(t, request(t, "GET", u.s.url+"/pratiche.csv", ""))
	lines := strings.SplitAfter(file, "\n")
	if status, page := u.upload(strings.Join(lines[:3], "") + lines[3][:20]); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Riga 4: ci sono meno celle") {
		t.Errorf("cut off within a line: %d %s", status, page)
	}
	if status, page := u.upload(strings.Join(lines[:37], "")); status != http.StatusSeeOther ||
		!strings.Contains(page, "Catalogo caricato: 36 pratiche.") || !strings.Contains(page, "37 pratiche non ci sono più") || !strings.Contains(page, "Torna al catalogo di prima (73 pratiche)") {
		t.Errorf("cut off between lines: %d %s", status, page)
	}
	u.post("/pratiche/prima")
	u.sees("Catalogo caricato: 73 pratiche.", "Torna al catalogo di prima (36 pratiche)")
	c := &caller{t: t, s: u.s}
	var done replaced
	c.call(http.StatusOK, "POST", "/api/v1/procedures/back", nil, &done)
	if done.Procedures != 36 || len(done.Removed) != 37 || len(done.Added) != 0 {
		t.Errorf("%+v", done)
	}
}

func TestEveryFlawOfAFileHasASentence(t *testing.T) {
	for _, flaw := range []procedure.Flaw{
		procedure.FlawEmpty, procedure.FlawLong, procedure.FlawMany, procedure.FlawNotUTF8, procedure.FlawQuote, procedure.FlawHeading,
		procedure.FlawHeadingTwice, procedure.FlawHeadingMissing, procedure.FlawCells, procedure.FlawShort, procedure.FlawMissing, procedure.FlawID,
		procedure.FlawIDTwice, procedure.FlawText, procedure.FlawControl, procedure.FlawDays,
	} {
		for _, l := range words.StaffLanguages() {
			if said := flawed(words.In(l), procedure.Fault{Flaw: flaw, Line: 3, Column: 2, Heading: "costo"}); strings.Contains(said, "flaw.") || !strings.Contains(said, "3") {
				t.Errorf("%s in %s: %q", flaw, l, said)
			}
		}
	}
}
