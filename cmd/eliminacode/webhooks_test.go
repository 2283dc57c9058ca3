package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestWebhookThroughAKill makes a webhook of a real daemon by API, and is told each
// ticket, also those of which the daemon was killed before it could tell.
func TestWebhookThroughAKill(t *testing.T) {
	t.Parallel() // it waits more than it works
	data := t.TempDir()
	told := make(chan string, 1000)
	var mu sync.Mutex
	down := false
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var e struct {
			Data struct {
				Data struct{ Number string }
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&e); err != nil || down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		told <- e.Data.Data.Number
	}))
	t.Cleanup(receiver.Close)

	d := startServe(t, data)
	token := strings.TrimSpace(runProgram(t, "token", "create", "--role", "technician", "--name", "webhooks", "--data", data))
	r, err := http.NewRequest(http.MethodPost, d.address+"/api/v1/webhooks", bytes.NewBufferString(
		fmt.Sprintf(`{"name":"prova","url":%q,"on_box":true,"kinds":["ticket.issued"]}`, receiver.URL)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
	issue := func(d *served, request string) {
		t.Helper()
		a, status, err := post(context.Background(), http.DefaultClient, d.address+"/api/v1/reception/issue",
			map[string]string{"service": "anagrafe", "outlet": "accoglienza", "request": request})
		if err != nil || a.Ticket == nil {
			t.Fatalf("%d, %v", status, err)
		}
	}
	issue(d, "one")
	if number := <-told; number != "A001" {
		t.Errorf("it is told %s", number)
	}
	mu.Lock()
	down = true
	mu.Unlock()
	issue(d, "two")
	d.kill()
	mu.Lock()
	down = false
	mu.Unlock()
	d = startServe(t, data)
	issue(d, "three")
	seen := map[string]bool{}
	for patience := time.After(3 * time.Minute); !seen["A002"] || !seen["A003"]; {
		select {
		case number := <-told:
			seen[number] = true
		case <-patience:
			t.Fatalf("it is told only %v", seen)
		}
	}
	if info, err := os.Stat(filepath.Join(data, privateName, hooksName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the list of webhooks is kept as %v, %v", info, err)
	}
}

// TestDamagedWebhooksStopNothing starts an office whose list of webhooks is damaged:
// the list is put aside and the office works.
func TestDamagedWebhooksStopNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	folder := filepath.Join(data, privateName)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	d := startServe(t, data)
	d.kill()
	writeFile(t, filepath.Join(folder, hooksName), `{"format":1,"hooks":[{`)
	d = startServe(t, data)
	if _, err := os.Stat(filepath.Join(folder, hooksName+".damaged")); err != nil {
		t.Errorf("the list is not put aside: %v", err)
	}
	says(t, "the log", d.log.String(), "webhooks", "put aside", "/webhook")
}
