package display

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// noCopies are a box that finds no copy.
type noCopies struct{}

func (noCopies) Copies(context.Context) []Copy         { return nil }
func (noCopies) PutBack(context.Context, string) error { return ErrNoCopy }
func (noCopies) Shown()                                {}
func (noCopies) Failed() string                        { return "" }

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
