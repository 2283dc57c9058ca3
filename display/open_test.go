package display

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// publish lets everybody know the waits of services.
func (o *testOffice) publish(t testing.TB, services ...queue.ServiceID) {
	t.Helper()
	setup := o.newest().Setup()
	setup.Services = slices.Clone(setup.Services)
	for i := range setup.Services {
		setup.Services[i].Published = slices.Contains(services, setup.Services[i].ID)
	}
	o.must(t, queue.ChangeSetup{Setup: setup})
}

// hall answers an address of the port that stands open to everybody.
func hall(t *testing.T, o *testOffice, path string) *httptest.ResponseRecorder {
	t.Helper()
	s, err := New(closed(t, o))
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	s.guard(s.mux(true)).ServeHTTP(rec, request(t, http.MethodGet, "http://localhost"+path, ""))
	return rec
}

// An office that publishes nothing has no figures for anybody.
func TestUnpublishedQueuesAreNotThere(t *testing.T) {
	o := newTestOffice(t)
	for _, path := range []string{"/attese", "/api/v1/open/queues.json", "/api/v1/open/queues.csv", "/api/v1/open/queue-monitors.jsonld"} {
		if rec := hall(t, o, path); rec.Code != http.StatusNotFound || !strings.Contains(rec.Body.String(), "non pubblica le attese") {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
}

// The page from outside needs no script and is small, its style included.
func TestWaitsPageIsSmallAndNeedsNoScript(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	var all []queue.ServiceID
	for _, x := range o.newest().Setup().Services {
		all = append(all, x.ID)
	}
	o.publish(t, all...)
	rec := hall(t, o, "/attese")
	body := rec.Body.String()
	if rec.Code != http.StatusOK || strings.Contains(body, "<script") {
		t.Fatalf("%d %s", rec.Code, body)
	}
	size := len(body)
	for _, part := range strings.Split(body, `rel="stylesheet" href="`)[1:] {
		href, _, _ := strings.Cut(part, `"`)
		style := hall(t, o, href)
		if style.Code != http.StatusOK {
			t.Fatalf("%s answers %d", href, style.Code)
		}
		size += style.Body.Len()
	}
	if size > 20_000 {
		t.Errorf("page and style of %d services have %d bytes", len(all), size)
	}
	for _, x := range o.newest().Setup().Services {
		if !strings.Contains(body, strings.ReplaceAll(x.Name, "'", "&#39;")) {
			t.Errorf("%s is not on the page", x.Name)
		}
	}
}

// The three files say the same, any site may read them, and none tells of who
// has priority.
func TestOpenFiguresAgree(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	o.publish(t, "anagrafe", "elettorale")
	var figures struct {
		Services []struct {
			ID, Name, Status string
			Waiting          *int
			Desks            int
			LastCalled       string `json:"last_called"`
		}
	}
	rec := hall(t, o, "/api/v1/open/queues.json")
	if err := json.Unmarshal(rec.Body.Bytes(), &figures); err != nil || len(figures.Services) != 2 {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	if rec.Header().Get("Access-Control-Allow-Origin") != "*" || rec.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("another site may not read it: %v", rec.Header())
	}
	rows, err := csv.NewReader(hall(t, o, "/api/v1/open/queues.csv").Body).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v: %v", err, rows)
	}
	var monitors []struct {
		ID, Type         string
		ServiceStatus    struct{ Type, Value string }
		TicketsToServe   *struct{ Value int }
		TicketServed     *struct{ Value int }
		TicketServedText struct{ Value string } `json:"ticketServedLabel"`
		LinePriority     any
		LastTicketIssued any
	}
	rec = hall(t, o, "/api/v1/open/queue-monitors.jsonld")
	if err := json.Unmarshal(rec.Body.Bytes(), &monitors); err != nil || len(monitors) != 2 {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	for i, x := range figures.Services {
		row, m := rows[i+1], monitors[i]
		if row[1] != x.ID || row[3] != x.Status || row[8] != x.LastCalled {
			t.Errorf("%s is %+v in JSON and %v in CSV", x.ID, x, row)
		}
		if (x.Waiting == nil) != (row[4] == "<3") || (x.Waiting == nil) != (m.TicketsToServe == nil) {
			t.Errorf("%s: %v wait in JSON, %q in CSV, %v in NGSI-LD", x.ID, x.Waiting, row[4], m.TicketsToServe)
		}
		if x.Waiting != nil && *x.Waiting != m.TicketsToServe.Value {
			t.Errorf("%s: %d wait in JSON, %d in NGSI-LD", x.ID, *x.Waiting, m.TicketsToServe.Value)
		}
		if m.Type != "QueueMonitor" || !strings.HasPrefix(m.ID, "urn:ngsi-ld:QueueMonitor:") || strings.ContainsAny(m.ID, " '") ||
			!strings.EqualFold(m.ServiceStatus.Value, x.Status) || m.TicketServedText.Value != x.LastCalled {
			t.Errorf("%s in NGSI-LD: %+v", x.ID, m)
		}
		if m.LinePriority != nil || m.LastTicketIssued != nil {
			t.Errorf("%s tells of priority or of tickets issued", x.ID)
		}
	}
	if strings.Contains(rec.Body.String(), "riority") {
		t.Errorf("it tells of priority: %s", rec.Body)
	}
}
