package display

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestWhoHangsUpIsNoError: a client that is gone before its answer, and a full
// disk that the engine has told of, make no line in the log; a fault does.
func TestWhoHangsUpIsNoError(t *testing.T) {
	o := newTestOffice(t)
	var log bytes.Buffer
	cfg := o.config()
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		fmt.Errorf("waiting for the disk: %w", context.Canceled),
		fmt.Errorf("%w: disk is full", queue.ErrNotStored),
	} {
		if status, code := s.explain(err); status != 503 || code == "" || log.Len() > 0 {
			t.Errorf("%v: %d %q, and the log says %s", err, status, code, log.String())
		}
	}
	if status, _ := s.explain(errors.New("a fault")); status != 500 || log.Len() == 0 {
		t.Errorf("a fault: %d, and the log says %q", status, log.String())
	}
}

// A fullDisk is an office that can store nothing.
type fullDisk struct{ *testOffice }

func (o fullDisk) Do(context.Context, queue.Command) (*queue.State, []queue.Event, error) {
	return o.newest(), nil, fmt.Errorf("%w: disk is full", queue.ErrNotStored)
}

// TestWhoReadsOfAFullDisk: the citizen at the totem is sent to the reception, the
// staff to the technician, with and without script.
func TestWhoReadsOfAFullDisk(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Engine = fullDisk{o}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for path, send := range map[string]string{
		"/api/v1/totem/totem/tickets": "accoglienza",
		"/totem":                      "accoglienza",
		"/api/v1/reception/issue":     "tecnico",
		"/accoglienza":                "tecnico",
	} {
		body, kind := `{"service":"anagrafe","outlet":"totem"}`, "application/json"
		if strings.HasPrefix(path, "/api/v1/totem/") {
			body = `{"service":"anagrafe"}` // the address says which
		}
		if !strings.HasPrefix(path, "/api/") {
			body, kind = url.Values{"action": {"issue"}, "service": {"anagrafe"}, "outlet": {"totem"}}.Encode(), "application/x-www-form-urlencoded"
		}
		r := httptest.NewRequest("POST", "http://127.0.0.1"+path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:40000"
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if to := w.Header().Get("Location"); to != "" {
			w = httptest.NewRecorder()
			r := httptest.NewRequest("GET", "http://127.0.0.1"+to, nil)
			r.RemoteAddr = "127.0.0.1:40000"
			s.Handler().ServeHTTP(w, r)
		}
		said := strings.Contains(w.Body.String(), "avvisi subito il tecnico")
		if said != (send == "tecnico") || send == "accoglienza" && !strings.Contains(w.Body.String(), "si rivolga all&#39;accoglienza") && !strings.Contains(w.Body.String(), "si rivolga all'accoglienza") {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
}
