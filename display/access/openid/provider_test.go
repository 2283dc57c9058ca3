package openid

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/access/openid/openidtest"
)

// redirect is where people come back; nothing answers there, the test reads where
// the browser is sent.
const redirect = "http://127.0.0.1:9/ritorno"

// box is a Provider that asks the provider at an issuer.
func box(issuer string, change ...func(*Config)) *Provider {
	c := Config{Issuer: issuer, Client: openidtest.Client, Secret: openidtest.Secret, Redirect: redirect, LookEvery: time.Millisecond}
	for _, f := range change {
		f(&c)
	}
	return New(c)
}

// begun is somebody who has been at the provider and comes back.
func begun(t *testing.T, p *Provider, name string) (access.SignIn, url.Values) {
	t.Helper()
	address, way, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return way, openidtest.SignIn(t, &http.Client{}, address, redirect, name).Query()
}

// TestARealProviderVouchesForAPerson walks the way to a real provider and back, and
// then every way in which what comes back proves nobody.
func TestARealProviderVouchesForAPerson(t *testing.T) {
	real := openidtest.Start(t, 0, redirect)
	p := box(real.Issuer)
	if p.Ready() {
		t.Error("it is ready before anybody has looked")
	}
	way, answer := begun(t, p, "anna.b")
	if !p.Ready() {
		t.Error("it is not ready although it has answered")
	}
	if who, err := p.Finish(t.Context(), way, answer); err != nil || who != "anna.b" {
		t.Fatalf("it is %q, %v", who, err)
	}
	refused := func(why string, p *Provider, way access.SignIn, answer url.Values) {
		t.Helper()
		if who, err := p.Finish(t.Context(), way, answer); !errors.Is(err, access.ErrNotProven) || who != "" {
			t.Errorf("%s: %q, %v", why, who, err)
		}
	}
	refused("a code that was used", p, way, answer)

	other, answer := begun(t, p, "anna.b")
	refused("another browser's answer", p, way, answer)
	refused("no way at all", p, access.SignIn{}, url.Values{"state": {""}, "code": answer["code"]})
	other.Nonce = "another one"
	refused("a token for another sign-in", p, other, answer)

	way, answer = begun(t, p, "anna.b")
	way.Verifier = way.Verifier[1:] + "x"
	refused("a code that another browser asked for", p, way, answer)

	way, answer = begun(t, p, "anna.b")
	answer.Set("iss", "http://127.0.0.1:1")
	refused("an answer of another issuer", p, way, answer)

	way, answer = begun(t, p, "anna.b")
	refused("a person who does not agree", p, way, url.Values{"state": answer["state"], "iss": answer["iss"], "error": {"access_denied"}})

	late := box(real.Issuer, func(c *Config) { c.Now = func() time.Time { return time.Now().Add(3 * time.Hour) } })
	way, answer = begun(t, late, "anna.b")
	refused("a token that is over", late, way, answer)

	mail := box(real.Issuer, func(c *Config) { c.Claim = "email" })
	way, answer = begun(t, mail, "anna.b")
	if who, err := mail.Finish(t.Context(), way, answer); err != nil || who != "anna.b@example.it" {
		t.Errorf("by the address it is %q, %v", who, err)
	}
	way, answer = begun(t, mail, "unverified")
	refused("an address that nobody has verified", mail, way, answer)

	claim := box(real.Issuer, func(c *Config) { c.Claim = "fiscal_number" })
	way, answer = begun(t, claim, "anna.b")
	refused("a claim that the token has not", claim, way, answer)

	secret := box(real.Issuer, func(c *Config) { c.Secret = "another one" })
	way, answer = begun(t, secret, "anna.b")
	refused("a box with another secret", secret, way, answer)
}

// TestAProviderComesBackWithOtherKeys stops the provider and starts it again: it is
// offered only while it answers, and its new keys are fetched.
func TestAProviderComesBackWithOtherKeys(t *testing.T) {
	real := openidtest.Start(t, 0, redirect)
	p := box(real.Issuer)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	until := func(ready bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); p.Ready() != ready; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("it is not ready=%v after a minute", ready)
			}
		}
	}
	until(true)
	way, answer := begun(t, p, "anna.b")
	if who, err := p.Finish(t.Context(), way, answer); err != nil || who != "anna.b" {
		t.Fatalf("it is %q, %v", who, err)
	}
	way, answer = begun(t, p, "anna.b")
	real.Stop()
	if _, err := p.Finish(t.Context(), way, answer); !errors.Is(err, access.ErrAway) {
		t.Errorf("coming back while it is away: %v", err)
	}
	until(false)
	if _, _, err := p.Begin(t.Context()); !errors.Is(err, access.ErrAway) {
		t.Errorf("beginning while it is away: %v", err)
	}
	openidtest.Start(t, real.Port, redirect)
	until(true)
	way, answer = begun(t, p, "anna.b")
	if who, err := p.Finish(t.Context(), way, answer); err != nil || who != "anna.b" {
		t.Errorf("with other keys it is %q, %v", who, err)
	}
}

// TestATokenOfAnotherIssuer: a document that names itself and leads to another
// provider lets nobody in, and one that names another is no provider.
func TestATokenOfAnotherIssuer(t *testing.T) {
	real := openidtest.Start(t, 0, redirect)
	at, err := url.Parse(real.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	named := ""
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/openid-configuration" {
			httputil.NewSingleHostReverseProxy(at).ServeHTTP(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": named, "authorization_endpoint": real.Issuer + "/auth", "token_endpoint": real.Issuer + "/token", "jwks_uri": real.Issuer + "/jwks",
		})
	}))
	defer front.Close()
	named = front.URL
	p := box(front.URL)
	way, answer := begun(t, p, "anna.b")
	answer.Del("iss")
	if who, err := p.Finish(t.Context(), way, answer); !errors.Is(err, access.ErrNotProven) || who != "" {
		t.Errorf("a token of another issuer: %q, %v", who, err)
	}
	named = real.Issuer
	if _, _, err := box(front.URL).Begin(t.Context()); !errors.Is(err, access.ErrAway) {
		t.Errorf("a document of another issuer: %v", err)
	}
}

// TestAProviderThatNeverEnds: an answer without end has one here.
func TestAProviderThatNeverEnds(t *testing.T) {
	over := make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				break
			}
		}
		close(over)
	}))
	defer front.Close()
	if _, _, err := box(front.URL).Begin(t.Context()); !errors.Is(err, access.ErrAway) {
		t.Errorf("%v", err)
	}
	<-over
}
