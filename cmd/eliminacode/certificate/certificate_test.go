package certificate

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var morning = time.Date(2026, 11, 24, 9, 31, 0, 0, time.UTC)

func config(t *testing.T, now *time.Time) Config {
	return Config{
		Own: filepath.Join(t.TempDir(), "certificate.pem"), Names: []string{"coda.local", "192.168.1.20"},
		Now: func() time.Time { return *now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

func open(t *testing.T, cfg Config) *Keeper {
	t.Helper()
	k, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A browser reaches the box under each of its names, and sees the fingerprint
// that the box tells.
func TestOwnServesEveryName(t *testing.T) {
	now := morning
	k := open(t, config(t, &now))
	l, err := tls.Listen("tcp", "127.0.0.1:0", k.TLS())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake()
			_ = c.Close()
		}
	}()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// Nobody but a person vouches for it, so the chain is not judged here.
	c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
	defer c.Close()
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	leaf := c.ConnectionState().PeerCertificates[0]
	for _, name := range []string{"coda.local", "192.168.1.20"} {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	if leaf.VerifyHostname("other.local") == nil {
		t.Error("it is for another name too")
	}
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 825*24*time.Hour {
		t.Errorf("it lasts %v", life)
	}
	if got := k.Fingerprint(); len(got) != 32*3-1 || strings.Count(got, ":") != 31 {
		t.Errorf("fingerprint %s", got)
	}
}

// A restart serves the same certificate; other names and a near end make it
// anew with the same key, also while it is served.
func TestOwnIsKept(t *testing.T) {
	now := morning
	cfg := config(t, &now)
	first := open(t, cfg).Fingerprint()
	if again := open(t, cfg).Fingerprint(); again != first {
		t.Error("a restart made another certificate")
	}
	info, err := os.Stat(cfg.Own)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	key := func() string {
		b, err := os.ReadFile(cfg.Own)
		if err != nil {
			t.Fatal(err)
		}
		_, key, _ := strings.Cut(string(b), "PRIVATE KEY")
		return key
	}
	secret := key()
	cfg.Names = append(cfg.Names, "10.0.0.7")
	k := open(t, cfg)
	second := k.Fingerprint()
	if second == first || key() != secret {
		t.Error("another name must make another certificate with the same key")
	}
	now = now.Add(ownLife - renewBefore)
	if third := k.Fingerprint(); third == second || key() != secret {
		t.Error("a near end must make another certificate with the same key")
	}
	if !k.Ends().After(now.Add(700 * 24 * time.Hour)) {
		t.Errorf("it ends at %v", k.Ends())
	}
}

// A file that makes no sense is replaced; one that cannot be written is told.
func TestOwnDamaged(t *testing.T) {
	now := morning
	cfg := config(t, &now)
	if err := os.WriteFile(cfg.Own, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if k := open(t, cfg); len(k.Fingerprint()) == 0 {
		t.Error("no certificate")
	}
	cfg.Own = filepath.Join(t.TempDir(), "nowhere", "certificate.pem")
	if _, err := Open(cfg); !errors.Is(err, ErrOwn) || !strings.Contains(err.Error(), "look at the room") {
		t.Errorf("error %v", err)
	}
}

// A given pair is read again when its files change, and served on when the new
// ones are wrong.
func TestGivenIsReadAgain(t *testing.T) {
	now := morning
	dir := t.TempDir()
	cfg := config(t, &now)
	cfg.Certificate, cfg.Key = filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	give := func(texts ...string) {
		for i, path := range []string{cfg.Certificate, cfg.Key} {
			if err := os.WriteFile(path, []byte(texts[i]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	pair := func() string {
		_, text, err := makeOwn(nil, []string{"coda.comune.example"}, now)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	one, two := pair(), pair()
	if _, err := Open(cfg); !errors.Is(err, ErrGiven) {
		t.Errorf("files that are not there: %v", err)
	}
	give(one, two)
	if _, err := Open(cfg); !errors.Is(err, ErrGiven) || !strings.Contains(err.Error(), "belongs to it") {
		t.Errorf("a key of another certificate: %v", err)
	}
	give(one, one)
	k := open(t, cfg)
	first := k.Fingerprint()
	give(two+"\n", two+"\n")
	if k.Fingerprint() != first {
		t.Error("the files are read at every request")
	}
	now = now.Add(lookEvery)
	second := k.Fingerprint()
	if second == first {
		t.Error("a new pair is not served")
	}
	give("nothing", "nothing")
	now = now.Add(lookEvery)
	if k.Fingerprint() != second {
		t.Error("the last good pair is not served on")
	}
	if k.Own() {
		t.Error("a given pair is not the box's own")
	}
	cfg.Key = ""
	if _, err := Open(cfg); !errors.Is(err, ErrGiven) || !strings.Contains(err.Error(), "name both") {
		t.Errorf("one file alone: %v", err)
	}
}

// No file that is found where the box's own should be stops the box.
func FuzzOwn(f *testing.F) {
	_, text, err := makeOwn(nil, []string{"coda.local"}, morning)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		now := morning
		cfg := config(t, &now)
		if err := os.WriteFile(cfg.Own, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if k := open(t, cfg); k.Fingerprint() == "" {
			t.Error("no certificate")
		}
	})
}
