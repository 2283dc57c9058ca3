package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/cell"
)

// openFor is how long public figures are served before they are made anew: all
// who look in one moment see the same, and cost the box one look.
const openFor = 2 * time.Second

// openFigures are the public figures as they were made last.
type openFigures struct {
	mu   sync.Mutex
	by   map[queue.Language]view.Open
	made time.Time
	some bool
}

// of answers the figures in a language, or errNotPublished.
func (o *openFigures) of(l view.Look) (view.Open, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Since(o.made) >= openFor {
		o.by, o.made = map[queue.Language]view.Open{}, time.Now()
	}
	language := l.Tongue.Language()
	v, known := o.by[language]
	if !known {
		v, o.some = l.Open()
		o.by[language] = v
	}
	if !o.some {
		return v, errNotPublished
	}
	return v, nil
}

// figures are the public figures for who asks.
func (s *Server) figures(r *http.Request) (view.Open, error) {
	return s.open.of(s.lookFor(r))
}

// getWaits answers /attese: the public figures as a page that needs no script.
func (s *Server) getWaits(w http.ResponseWriter, r *http.Request) {
	v, err := s.figures(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p := s.pageAt(s.lookFor(r), "waits")
	p.View, p.Theme, p.Refresh = v, theme(r, phoneTheme), unaidedRefresh
	s.render(w, r, p)
}

// openData answers public figures by what write makes of them. Pages of any site may
// read them.
func (s *Server) openData(mime string, write func(w http.ResponseWriter, v view.Open) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		v, err := s.figures(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", mime)
		if err := write(w, v); err != nil {
			s.log.Debug("sending public figures", "err", err)
		}
	}
}

func writeOpenJSON(w http.ResponseWriter, v view.Open) error { return json.NewEncoder(w).Encode(v) }

// writeOpenCSV writes a row for each service. Where there is no number the cell
// is empty, and waiting says "<3" for few.
func writeOpenCSV(w http.ResponseWriter, v view.Open) error {
	out := cell.NewWriter(w, ',')
	rows := [][]string{{"at", "service", "name", "status", "waiting", "desks", "estimate_from_minutes", "estimate_to_minutes", "last_called"}}
	for _, x := range v.Services {
		waiting, from, to := "<3", "", ""
		if x.Waiting != nil {
			waiting = strconv.Itoa(*x.Waiting)
		}
		if len(x.EstimateMinutes) == 2 {
			from, to = strconv.Itoa(x.EstimateMinutes[0]), strconv.Itoa(x.EstimateMinutes[1])
		}
		rows = append(rows, []string{v.At, x.ID, x.Name, x.Status, waiting, strconv.Itoa(x.Desks), from, to, x.LastCalled})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell.Text(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// ngsiContext is where the names of the model are explained.
const ngsiContext = "https://smart-data-models.github.io/data-models/context.jsonld"

// A monitor is a QueueMonitor of FIWARE's smart data models, as NGSI-LD has it.
// It has what the office publishes and no more: no number of tickets issued, and
// no priority line.
type monitor struct {
	Context []string `json:"@context"`
	ID      string   `json:"id"`
	Type    string   `json:"type"`

	LocalID    property `json:"localId"`
	Office     property `json:"officeName"`
	Service    property `json:"serviceName"`
	ServiceID  property `json:"serviceId"`
	Status     property `json:"serviceStatus"`
	Note       property `json:"serviceStatusNote,omitzero"`
	Line       property `json:"queueLine"`
	LastCalled property `json:"ticketServedLabel,omitzero"`
	Served     property `json:"ticketServed,omitzero"`
	Waiting    property `json:"ticketsToServe,omitzero"`
	Modified   property `json:"dateModified"`
}

// A property is a Property of NGSI-LD.
type property struct {
	Type  string `json:"type"`
	Value any    `json:"value"`
}

func valueOf(v any) property { return property{Type: "Property", Value: v} }

// writeMonitors writes an entity for each service.
func writeMonitors(w http.ResponseWriter, v view.Open) error {
	all := []monitor{}
	for _, x := range v.Services {
		m := monitor{
			Context: []string{ngsiContext}, Type: "QueueMonitor",
			ID:      fmt.Sprintf("urn:ngsi-ld:QueueMonitor:%s:%s:%s", urnPart(v.Office.Body), urnPart(v.Office.Name), urnPart(x.ID)),
			LocalID: valueOf(x.ID), Office: valueOf(v.Office.Name), Service: valueOf(x.Name), ServiceID: valueOf(x.ID),
			Status:   valueOf(strings.ToUpper(x.Status[:1]) + x.Status[1:]),
			Line:     valueOf(x.ID),
			Modified: property{Type: "Property", Value: map[string]string{"@type": "DateTime", "@value": v.At}},
		}
		if x.Note != "" {
			m.Note = valueOf(x.Note)
		}
		if x.LastCalled != "" {
			m.LastCalled = valueOf(x.LastCalled)
			if n, err := strconv.Atoi(strings.TrimLeft(x.LastCalled, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")); err == nil {
				m.Served = valueOf(n)
			}
		}
		if x.Waiting != nil {
			m.Waiting = valueOf(*x.Waiting)
		}
		all = append(all, m)
	}
	return json.NewEncoder(w).Encode(all)
}

// urnPart is a name as a part of a URN: what has no place there is written in
// percent signs.
func urnPart(name string) string {
	return url.PathEscape(strings.ToLower(strings.Join(strings.Fields(name), "-")))
}
