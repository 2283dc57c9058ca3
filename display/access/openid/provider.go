// Package openid lets in people whom the body's own sign-in vouches for, by OpenID
// Connect: the authorization code flow with PKCE, a state and a nonce.
//
// It says what the provider calls a person, and never whose account that is: an
// administrator ties the two. It keeps nothing on disk. The provider may be away at
// any time; nothing but its own sign-in waits for it.
//
// A Provider may be used by any number of goroutines. Run looks for the provider in
// the background; every request to it has an end.
package openid

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"eliminacode/display/access"
)

// A Config says which provider it is, and who asks it.
type Config struct {
	Issuer   string // its address, as its own document has it
	Client   string // the name that the provider knows this box by
	Secret   string // that goes with it; empty for a client without one
	Redirect string // the address where people come back, as the provider knows it
	// Claim of the token names the person; empty is "sub". One that is an e-mail
	// address counts only where the provider has verified it.
	Claim string
	// Reuse lets in who is still signed in at the provider, without asking again.
	Reuse bool
	// Now is the time against which tokens are judged; nil is the box's clock.
	Now func() time.Time
	// LookEvery is how often Run looks whether the provider is there; 0 is a
	// minute.
	LookEvery time.Duration
	Log       *slog.Logger
}

const (
	// answerWait bounds each request to the provider, in time and bytes.
	answerWait  = 8 * time.Second
	answerBytes = 1 << 20
	lookEvery   = time.Minute
	// enough is how young a finding is that needs no other look.
	enough = 5 * time.Second
)

// A Provider is the body's own sign-in.
type Provider struct {
	c      Config
	client *http.Client

	looking sync.Mutex // one look at a time
	mu      sync.Mutex // of what follows
	found   *oidc.Provider
	at      time.Time // of the last look
	away    error     // of the last look
}

// New makes a Provider that has not looked for the provider yet.
func New(c Config) *Provider {
	c.Claim = cmp.Or(c.Claim, "sub")
	c.LookEvery = cmp.Or(c.LookEvery, lookEvery)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Provider{c: c, client: &http.Client{Transport: bounded{http.DefaultTransport.(*http.Transport).Clone()}, Timeout: answerWait}, away: access.ErrAway}
}

// bounded cuts an answer that is longer than any of a provider.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, answerBytes), resp.Body}
	}
	return resp, err
}

// Run looks again and again whether the provider is there, until ctx ends.
func (p *Provider) Run(ctx context.Context) error {
	defer p.client.CloseIdleConnections()
	tick := time.NewTicker(p.c.LookEvery)
	defer tick.Stop()
	for {
		_, _ = p.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Ready tells whether the provider answered when it was last looked for.
func (p *Provider) Ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.away == nil
}

// Look tells whether the provider answers with its document: nil, or access.ErrAway
// with the reason.
func (p *Provider) Look(ctx context.Context) error {
	defer p.client.CloseIdleConnections()
	_, err := p.look(ctx)
	return err
}

// look asks the provider for its document, unless somebody has just done so.
func (p *Provider) look(ctx context.Context) (*oidc.Provider, error) {
	p.looking.Lock()
	defer p.looking.Unlock()
	p.mu.Lock()
	found, away, at := p.found, p.away, p.at
	p.mu.Unlock()
	if !at.IsZero() && time.Since(at) < min(enough, p.c.LookEvery) {
		return found, away
	}
	asking, done := context.WithTimeout(ctx, answerWait)
	defer done()
	fresh, err := oidc.NewProvider(oidc.ClientContext(asking, p.client), p.c.Issuer)
	if ctx.Err() != nil {
		// Who asked has gone away, which says nothing of the provider.
		return nil, fmt.Errorf("%w: %w", access.ErrAway, ctx.Err())
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", access.ErrAway, err)
	}
	if (err == nil) != (away == nil) || at.IsZero() {
		p.tell(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away, p.at = err, time.Now()
	// The one that was found has the keys that were read; it stays while its
	// addresses do.
	if err == nil && (p.found == nil || p.found.Endpoint() != fresh.Endpoint()) {
		p.found = fresh
	}
	return p.found, p.away
}

func (p *Provider) tell(err error) {
	if err != nil {
		p.c.Log.Warn("the body's sign-in does not answer", "issuer", p.c.Issuer, "err", err, "do", "look at the network, at the clock and at [web.oidc]; people come in with PIN or password meanwhile")
		return
	}
	p.c.Log.Info("the body's sign-in answers", "issuer", p.c.Issuer)
}

func (p *Provider) oauth(found *oidc.Provider) oauth2.Config {
	scopes := []string{oidc.ScopeOpenID}
	if p.c.Claim != "sub" {
		scopes = append(scopes, "profile", "email")
	}
	return oauth2.Config{ClientID: p.c.Client, ClientSecret: p.c.Secret, Endpoint: found.Endpoint(), RedirectURL: p.c.Redirect, Scopes: scopes}
}

// Begin is the address at which the provider asks somebody who it is, and what must
// be kept for Finish. It answers access.ErrAway.
func (p *Provider) Begin(ctx context.Context) (address string, way access.SignIn, err error) {
	found, err := p.look(ctx)
	if err != nil {
		return "", way, err
	}
	way = access.SignIn{State: access.NewSecret(), Nonce: access.NewSecret(), Verifier: oauth2.GenerateVerifier()}
	with := []oauth2.AuthCodeOption{oidc.Nonce(way.Nonce), oauth2.S256ChallengeOption(way.Verifier)}
	if !p.c.Reuse {
		with = append(with, oauth2.SetAuthURLParam("prompt", "login"))
	}
	config := p.oauth(found)
	return config.AuthCodeURL(way.State, with...), way, nil
}

// Finish is what the provider calls somebody who has come back with an answer. It
// answers access.ErrAway, or access.ErrNotProven with the reason.
func (p *Provider) Finish(ctx context.Context, way access.SignIn, answer url.Values) (subject string, err error) {
	if err := p.fits(way, answer); err != nil {
		return "", err
	}
	found, err := p.look(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	config := p.oauth(found)
	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(way.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return "", fmt.Errorf("%w: fetching the token: %w", access.ErrNotProven, err)
	case err != nil:
		return "", fmt.Errorf("%w: fetching the token: %w", access.ErrAway, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.c.Client, Now: p.c.Now}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", access.ErrNotProven, err)
	}
	if !same(id.Nonce, way.Nonce) {
		return "", fmt.Errorf("%w: the token is for another sign-in", access.ErrNotProven)
	}
	return p.named(id)
}

// fits refuses an answer that is not to this way.
func (p *Provider) fits(way access.SignIn, answer url.Values) error {
	switch {
	case way.State == "" || !same(answer.Get("state"), way.State):
		return fmt.Errorf("%w: the state is another one", access.ErrNotProven)
	case answer.Has("iss") && answer.Get("iss") != p.c.Issuer:
		return fmt.Errorf("%w: it comes from %q", access.ErrNotProven, answer.Get("iss"))
	case answer.Get("error") != "":
		return fmt.Errorf("%w: the provider says %q", access.ErrNotProven, answer.Get("error"))
	case answer.Get("code") == "":
		return fmt.Errorf("%w: it brings no code", access.ErrNotProven)
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// named is the claim of a token that names the person.
func (p *Provider) named(id *oidc.IDToken) (string, error) {
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", fmt.Errorf("%w: %w", access.ErrNotProven, err)
	}
	name, _ := claims[p.c.Claim].(string)
	if !access.IsSubject(name) {
		return "", fmt.Errorf("%w: its claim %q names nobody", access.ErrNotProven, p.c.Claim)
	}
	if verified, _ := claims["email_verified"].(bool); p.c.Claim == "email" && !verified {
		return "", fmt.Errorf("%w: the provider has not verified the address", access.ErrNotProven)
	}
	return name, nil
}
