package display

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// ask sends a request and answers status, headers and body.
func ask(t testing.TB, r *http.Request) (int, http.Header, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func request(t testing.TB, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// A rebinding page has its own name in the Host header, whatever it points to.
func TestHostHeader(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Hosts = []string{"coda.comune.example", "Sala.local:8080"}
	s := serve(t, cfg, "")
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1": 200, "[::1]:8080": 200,
		"coda.comune.example": 200, "CODA.comune.example.:80": 200, "sala.local": 200,
		"192.168.1.20:8080": 200, "[fe80::1]": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "192.168.1.20.nip.io": 421,
	} {
		if got, _, _ := ask(t, request(t, "GET", s.url+"/", "", "Host", host)); got != want {
			t.Errorf("host %q: %d, want %d", host, got, want)
		}
	}
}

// A page of one of the box's names may act and take a websocket, also where a
// proxy in front puts another host into the request; no other page may.
func TestBehindAProxy(t *testing.T) {
	o := newTestOffice(t)
	cfg := o.config()
	cfg.Hosts = []string{"coda.comune.example", "coda.comune.example:8443", "sala.local"}
	s := serve(t, cfg, "")
	for _, c := range []struct {
		host, origin string
		own          bool
	}{
		{"coda.comune.example", "https://coda.comune.example", true},
		{"coda.comune.example:8443", "https://coda.comune.example:8443", true},
		{"", "https://coda.comune.example", true},
		{"", "https://coda.comune.example:8443", true},
		{"", "http://sala.local", true},
		{"sala.local:8080", "http://sala.local:8080", true},
		{"", "https://coda.comune.example:9443", false},
		{"", "https://evil.example", false},
		{"coda.comune.example", "https://evil.example", false},
		{"", "null", false},
	} {
		host := c.host
		if host == "" {
			host = strings.TrimPrefix(s.url, "http://") // as the proxy reaches it
		}
		want := http.StatusForbidden
		if c.own {
			want = http.StatusSwitchingProtocols
		}
		resp, err := http.DefaultTransport.RoundTrip(request(t, "GET", s.url+"/ws?page=board", "", "Host", host, "Origin", c.origin,
			"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("websocket of %s to %s: %d, want %d", c.origin, host, resp.StatusCode, want)
		}
		status, _, _ := ask(t, request(t, "POST", s.url+"/api/v1/desks/s1/next", `{"finishing":""}`, "Host", host, "Origin", c.origin, "Content-Type", "application/json"))
		if (status == http.StatusForbidden) == c.own {
			t.Errorf("POST of %s to %s: %d", c.origin, host, status)
		}
	}
}

func TestForeignPostsAreRefused(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	s := serve(t, o.config(), "")
	for _, path := range []string{"/cruscotto/s1", "/accoglienza", "/totem", "/api/v1/desks/s1/next", "/api/v1/reception/issue", "/api/v1/totem/totem/tickets"} {
		for _, headers := range [][]string{
			{"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"},
		} {
			seq := o.newest().Seq()
			status, h, body := ask(t, request(t, "POST", s.url+path, "action=close", append(headers, "Content-Type", "application/x-www-form-urlencoded")...))
			if status != http.StatusForbidden || o.newest().Seq() != seq {
				t.Errorf("POST %s with %v: %d", path, headers, status)
			}
			if strings.HasPrefix(path, "/api/") {
				var p problem
				if h.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(body), &p) != nil || p.Code != "foreign-origin" || p.Status != 403 {
					t.Errorf("POST %s: %s %s", path, h.Get("Content-Type"), body)
				}
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	s := serve(t, newTestOffice(t).config(), "")
	for _, p := range sitemap {
		if strings.HasPrefix(p.path, "/demo") {
			continue
		}
		_, h, body := ask(t, request(t, "GET", s.url+p.path, ""))
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", p.path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", p.path, h)
		}
		if strings.Contains(body, "style=") || strings.Contains(body, "onclick") || strings.Contains(body, "<script>") {
			t.Errorf("%s has something inline, which the policy refuses", p.path)
		}
	}
}

// A refusal has the same headers as any page, and its policy names no foreign
// host.
func TestRefusalsHaveTheSameHeaders(t *testing.T) {
	cfg := newTestOffice(t).config()
	cfg.Bounds.Requests = 1
	s := serve(t, cfg, "")
	_, usual, _ := ask(t, request(t, "GET", s.url+"/", ""))
	for what, r := range map[string]*http.Request{
		"foreign host":   request(t, "GET", s.url+"/", "", "Host", "evil.example"),
		"host with more": request(t, "GET", s.url+"/api/v1/state/board", "", "Host", "evil.example;script-src"),
		"foreign origin": request(t, "POST", s.url+"/totem", "a=b", "Origin", "http://evil.example", "Content-Type", "application/x-www-form-urlencoded"),
		"no page":        request(t, "GET", s.url+"/nessuna", ""),
		"no socket":      request(t, "GET", s.url+"/ws?page=nothing", ""),
		"no ticket":      request(t, "GET", s.url+"/b/none", ""),
	} {
		status, h, _ := ask(t, r)
		if status < 400 {
			t.Errorf("%s: %d", what, status)
		}
		for name := range usual {
			if name == "Content-Length" || name == "Date" || name == "Content-Type" {
				continue
			}
			if h.Get(name) == "" {
				t.Errorf("%s (%d): no %s", what, status, name)
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "evil") {
			t.Errorf("%s: policy %q", what, h.Get("Content-Security-Policy"))
		}
	}
}

func TestBadBodies(t *testing.T) {
	o := newTestOffice(t)
	o.open(t, "s1")
	s := serve(t, o.config(), "")
	huge := string(bytes.Repeat([]byte("a"), maxBodyBytes+1))
	for _, c := range []struct {
		path, body, kind string
		want             int
	}{
		{"/api/v1/desks/s1/next", `{"finishing":"` + huge + `"}`, "application/json", 413},
		{"/api/v1/desks/s1/next", `{`, "application/json", 400},
		{"/api/v1/desks/s1/next", `{"finishing":7}`, "application/json", 422},
		{"/api/v1/desks/s1/next", `{"finishing":"x"}`, "application/json", 404},
		{"/api/v1/desks/s1/next", `{}`, "text/plain", 415},
		{"/api/v1/desks/s1/dance", `{}`, "application/json", 404},
		{"/api/v1/desks/nobody/next", `{}`, "application/json", 404},
		{"/api/v1/desks/s1/recall", `{}`, "application/json", 422},
		{"/api/v1/desks/s1/park", `{"minutes":"soon"}`, "application/json", 422},
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza","request":"` + strings.Repeat("r", 65) + `"}`, "application/json", 422},
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza","class":"vip"}`, "application/json", 422},
		{"/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza","class":"appointment"}`, "application/json", 422},
		{"/api/v1/reception/reprint", `{"ticket":"1000001","job":"x"}`, "application/json", 422},
		{"/api/v1/reception/cancel", `{"ticket":"99"}`, "application/json", 404},
		{"/api/v1/totem/nowhere/tickets", `{"service":"anagrafe"}`, "application/json", 404},
		{"/api/v1/totem/totem/tickets", `{"service":"nothing"}`, "application/json", 404},
		{"/api/v1/nothing", `{}`, "application/json", 404},
		{"/accoglienza", "action=issue&service=" + huge, "application/x-www-form-urlencoded", 413},
		{"/cruscotto/nobody", "action=open", "application/x-www-form-urlencoded", 404},
		{"/cruscotto/s1", "action=dance", "application/x-www-form-urlencoded", 404},
	} {
		seq := o.newest().Seq()
		status, h, body := ask(t, request(t, "POST", s.url+c.path, c.body, "Content-Type", c.kind))
		if status != c.want || o.newest().Seq() != seq {
			t.Errorf("POST %s %.40s: %d, want %d; %.200s", c.path, c.body, status, c.want, body)
		}
		var p problem
		if strings.HasPrefix(c.path, "/api/") && (h.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(body), &p) != nil || p.Do == "" || !strings.HasSuffix(p.Detail, p.Do)) {
			t.Errorf("POST %s: %s %s does not say what to do", c.path, h.Get("Content-Type"), body)
		}
	}
}

func TestAssets(t *testing.T) {
	s := serve(t, newTestOffice(t).config(), "")
	base := s.url + s.assets.base()
	for path, want := range map[string]string{
		"/css/staff.css": "text/css; charset=utf-8", "/js/link.js": "text/javascript; charset=utf-8", "/icon.svg": "image/svg+xml",
	} {
		status, h, _ := ask(t, request(t, "GET", base+path, ""))
		if status != 200 || h.Get("Content-Type") != want || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, status, h)
		}
	}
	for _, path := range []string{base + "/../embed.go", base + "/templates/index.html", base + "/%2e%2e/templates/index.html", s.url + "/static/0/css/staff.css", base + "/css"} {
		if status, _, _ := ask(t, request(t, "GET", path, "")); status == 200 {
			t.Errorf("%s is served", path)
		}
	}
}
