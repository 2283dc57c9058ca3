package notify

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// The box is itself at every address that its interfaces have, and not only at loopback.
func TestTheBoxIsItselfAtItsOwnAddresses(t *testing.T) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	met := false
	for _, a := range own {
		ip, ok := netip.AddrFromSlice(a.(*net.IPNet).IP)
		if ip = ip.Unmap(); !ok || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		met = true
		u := url.URL{Scheme: "https", Host: netip.AddrPortFrom(ip, 8443).String(), Path: "/x"}
		if fault := judge(u.String(), false); fault != FaultLoopback {
			t.Errorf("%s: %q, want %q", &u, fault, FaultLoopback)
		}
		if fault := judge(u.String(), true); fault != "" {
			t.Errorf("%s, whose receiver is said to run here: %q", &u, fault)
		}
		if _, err := newClient("https", false).Get(u.String()); !errors.Is(err, errLoopback) {
			t.Errorf("%s is told: %v", &u, err)
		}
	}
	if !met {
		t.Skip("this machine has no address but loopback")
	}
}

// An address is judged when it is entered, as far as it tells itself where it leads.
func TestAddressesAreJudgedWhenTheyAreEntered(t *testing.T) {
	met := map[string]bool{}
	for _, c := range []struct {
		url   string
		onBox bool
		want  string
	}{
		{"https://protocollo.comune.it/eventi", false, ""},
		{"https://protocollo.comune.it:8443/eventi?ente=1", false, ""},
		{"https://PROTOCOLLO.comune.it./", false, ""},
		{"https://gemeinde-brünn.example/", false, ""},
		{"http://protocollo/eventi", false, ""},
		{"http://192.168.1.7:8080/x", false, ""},
		{"http://[fd00::7]/x", false, ""},
		{"https://203.0.113.9/x", false, ""},
		{"https://[2001:db8::7]/x", false, ""},
		{"http://localhost:8080", true, ""},
		{"http://127.0.0.1:8080", true, ""},
		{"https://[::1]/x", true, ""},

		{"", false, FaultForm},
		{"protocollo.comune.it", false, FaultForm},
		{"ftp://protocollo.comune.it", false, FaultForm},
		{"https:///eventi", false, FaultForm},
		{"https://a b/", false, FaultForm},
		{"https://a..b/", false, FaultForm},
		{"https://.b/", false, FaultForm},
		{"https://a,b/", false, FaultForm},
		{"https://%31%32%37.0.0.1/", false, FaultForm},
		{"https://" + strings.Repeat("a", 64) + ".it/", false, FaultForm},
		{"https://example.org/" + strings.Repeat("x", mostURL), false, FaultLong},
		{"https://me:secret@example.org/", false, FaultPassword},
		{"https://me@example.org/", false, FaultPassword},
		{"https://@example.org/", false, FaultPassword},
		{"https://example.org/#x", false, FaultFragment},
		{"https://example.org/#", false, FaultFragment},
		{"https://example.org:0/", false, FaultPort},
		{"https://example.org:/", false, FaultPort},
		{"https://example.org:65536/", false, FaultPort},
		{"https://example.org:99999999999999999999/", false, FaultPort},

		{"http://2130706433/", true, FaultSpelling},
		{"http://0x7f000001/", true, FaultSpelling},
		{"http://0x7f.1/", true, FaultSpelling},
		{"http://127.1/", true, FaultSpelling},
		{"http://0177.0.0.1/", true, FaultSpelling},
		{"http://127.0.0.01/", true, FaultSpelling},
		{"http://127.0.0.1./", true, FaultSpelling},
		{"http://[::ffff:127.0.0.1]/", true, FaultSpelling},
		{"https://[::ffff:203.0.113.9]/", false, FaultSpelling},
		{"http://１２７.0.0.1/", true, FaultSpelling},
		{"http://127。0。0。1/", true, FaultSpelling},
		{"http://ⓛocalhost/", true, FaultSpelling},
		{"https://300.1.2.3/", false, FaultSpelling},

		{"http://localhost/", false, FaultLoopback},
		{"https://LOCALHOST./", false, FaultLoopback},
		{"https://qui.localhost/", false, FaultLoopback},
		{"https://localhost.localdomain/", false, FaultLoopback},
		{"https://127.0.0.1/", false, FaultLoopback},
		{"https://127.8.9.10/", false, FaultLoopback},
		{"https://[::1]/", false, FaultLoopback},
		{"https://[0:0:0:0:0:0:0:1]/", false, FaultLoopback},
		{"http://0.0.0.0/", true, FaultRefused},
		{"http://0.1.2.3/", true, FaultRefused},
		{"https://[::]/", true, FaultRefused},
		{"http://169.254.169.254/", true, FaultRefused},
		{"https://[fe80::1]/", false, FaultRefused},
		{"https://[fe80::1%25eth0]/", false, FaultRefused},
		{"https://224.0.0.1/", false, FaultRefused},
		{"https://[ff02::1]/", false, FaultRefused},
		{"https://240.0.0.1/", false, FaultRefused},
		{"https://255.255.255.255/", false, FaultRefused},
		{"http://203.0.113.9/", false, FaultPlain},
		{"http://[2001:db8::7]/", true, FaultPlain},
	} {
		if got := judge(c.url, c.onBox); got != c.want {
			t.Errorf("%q, on the box %v: %q, want %q", c.url, c.onBox, got, c.want)
		}
		met[c.want] = true
	}
	for _, fault := range AddressFaults() {
		if !met[fault] {
			t.Errorf("no address is %s", fault)
		}
	}
}

// What would not pass at entry and was kept before can still be read and switched
// off, and nothing else of it is changed without its address being judged.
func TestAHookFromBeforeCanBeSwitchedOff(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	h := mustSave(t, s, Hook{Name: "Qui", URL: "https://example.org"})
	s.find(h.ID).Hook.URL = "http://127.0.0.1:9/"
	if err := s.keep(); err != nil {
		t.Fatal(err)
	}
	s = o.sender(t)
	h = s.List()[0].Hook
	h.Disabled = true
	h = mustSave(t, s, h)
	h.URL = "http://127.0.0.1:10/"
	var wrong FieldError
	if _, err := s.Save(h); !errors.As(err, &wrong) || wrong.Field != "url" || wrong.Fault != FaultLoopback {
		t.Errorf("another address of the kind: %v", err)
	}
}

// Each way in which a delivery can fail is a code, and what it is about stands beside.
func TestAFailedAttemptHasItsCode(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	plain, _ := receiver(t, func(http.ResponseWriter, *http.Request) {})
	mute, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		_ = conn.Close()
	})
	safe := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer safe.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	moved, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://me:pw@elsewhere.example/new?secret=1", http.StatusMovedPermanently)
	})
	for name, c := range map[string]struct{ url, fault, about string }{
		"closed":      {"http://" + closed, FaultClosed, closed},
		"plain http":  {"https" + strings.TrimPrefix(plain, "http"), FaultNotTLS, ""},
		"hangs up":    {mute, FaultNoAnswer, ""},
		"certificate": {safe.URL, FaultUnknownCert, ""},
		"redirect":    {moved, FaultRedirect, "https://elsewhere.example/new"},
	} {
		h := mustSave(t, s, Hook{Name: name, URL: c.url, OnBox: true})
		if a, err := s.Test(t.Context(), h.ID); err != nil || a.Fault != c.fault || a.About != c.about || a.Detail != "" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	for name, c := range map[string]struct {
		err          error
		fault, about string
	}{
		"no such name":  {&net.DNSError{Name: "nope.example", IsNotFound: true}, FaultName, "nope.example"},
		"no name known": {&net.DNSError{Name: "nope.example", IsTimeout: true}, FaultNames, "nope.example"},
		"other name":    {certificateOf(t, safe, "other.example"), FaultOtherCert, ""},
	} {
		if fault, about := faultOf(0, &url.Error{Op: "Post", Err: c.err}); fault != c.fault || about != c.about {
			t.Errorf("%s: %q about %q", name, fault, about)
		}
	}
	for _, code := range AddressFaults()[6:] {
		if !slices.Contains(AttemptFaults(), code) {
			t.Errorf("%s is no fault of an attempt", code)
		}
	}
}

// certificateOf is what is wrong with a server's certificate under a name.
func certificateOf(t *testing.T, s *httptest.Server, name string) error {
	t.Helper()
	c := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	c.ServerName = name
	conn, err := tls.Dial("tcp", s.Listener.Addr().String(), c)
	if err == nil {
		_ = conn.Close()
	}
	return err
}
