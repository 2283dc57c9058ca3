package display

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/procedure"
)

// A program finds a procedure by words, reads its sheet, and takes the catalogue out
// and in.
func TestProceduresByAPI(t *testing.T) {
	o := newTestOffice(t)
	c := &caller{t: t, s: serve(t, o.config(), "")}
	var found view.Search
	c.call(http.StatusOK, "GET", "/api/v1/procedures?q=residensa", nil, &found)
	if len(found.Found) == 0 || !strings.Contains(strings.ToLower(found.Found[0].Name), "residenza") {
		t.Fatalf("%+v", found)
	}
	var sheet view.ProcedureSheet
	c.call(http.StatusOK, "GET", "/api/v1/procedures/"+found.Found[0].ID, nil, &sheet)
	if sheet != found.Found[0] {
		t.Errorf("%+v, want %+v", sheet, found.Found[0])
	}
	c.call(http.StatusNotFound, "GET", "/api/v1/procedures/none", nil, nil)
	c.call(http.StatusUnprocessableEntity, "GET", "/api/v1/procedures?q="+strings.Repeat("x", procedure.MaxQueryBytes+1), nil, nil)
	_, h, file := ask(t, request(t, "GET", c.s.url+"/api/v1/procedures.csv", ""))
	if !strings.HasPrefix(h.Get("Content-Type"), "text/csv") {
		t.Errorf("%v", h)
	}
	status, _, body := ask(t, request(t, "PUT", c.s.url+"/api/v1/procedures.csv", file, "Content-Type", "text/csv"))
	var done replaced
	if err := json.Unmarshal([]byte(body), &done); err != nil || status != http.StatusOK || done.Procedures != len(procedure.Reference().All()) {
		t.Errorf("%d %s", status, body)
	}
}

// What the manager's other pages and the reception's blocks show, calls answer.
func TestOtherPagesByAPI(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Administration = testAccounts(t)
	c := &caller{t: t, s: serve(t, cfg, "")}
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	c.call(http.StatusOK, "POST", "/api/v1/desks/s1/next", object{}, nil)
	var calls view.Calls
	c.call(http.StatusOK, "GET", "/api/v1/manager/calls?q=a0", nil, &calls)
	if len(calls.Rows) != 1 || calls.Rows[0].Reason == "" {
		t.Errorf("%+v", calls)
	}
	var profiles view.Profiles
	c.call(http.StatusOK, "GET", "/api/v1/manager/profiles", nil, &profiles)
	if len(profiles.Desks) == 0 || len(profiles.Services) == 0 {
		t.Errorf("%+v", profiles)
	}
	c.call(http.StatusOK, "POST", "/api/v1/blocks/reserve", object{"service": "anagrafe", "count": "20"}, nil)
	var blocks view.Blocks
	c.call(http.StatusOK, "GET", "/api/v1/blocks", nil, &blocks)
	if len(blocks.Blocks) != 1 {
		t.Fatalf("%+v", blocks)
	}
	var block view.Block
	c.call(http.StatusOK, "GET", "/api/v1/blocks/"+blocks.Blocks[0].Code, nil, &block)
	if len(block.Numbers) != 20 {
		t.Errorf("%+v", block)
	}
	var said answer
	c.call(http.StatusCreated, "POST", "/api/v1/blocks/admit", object{"number": block.Numbers[0].Number}, &said)
	if said.Ticket == nil || said.Ticket.Number != block.Numbers[0].Number {
		t.Errorf("%+v", said)
	}
	c.call(http.StatusNotFound, "GET", "/api/v1/blocks/none", nil, nil)

	var alert access.DeskAlert
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/manager/alert", object{"minutes": 1, "ground": "", "basis": "", "reference": "", "informed": false}, nil)
	on := access.DeskAlert{Minutes: 30, Ground: access.AlertGrounds()[0], Basis: access.AlertBases()[0], Reference: "Accordo del 3/11", Informed: true}
	c.call(http.StatusNoContent, "POST", "/api/v1/manager/alert", on, nil)
	if c.call(http.StatusOK, "GET", "/api/v1/manager/alert", nil, &alert); alert != on {
		t.Errorf("%+v", alert)
	}
	c.call(http.StatusNoContent, "POST", "/api/v1/manager/alert/off", nil, nil)
	alert = access.DeskAlert{}
	if c.call(http.StatusOK, "GET", "/api/v1/manager/alert", nil, &alert); alert != (access.DeskAlert{}) {
		t.Errorf("%+v", alert)
	}
}
