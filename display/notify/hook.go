package notify

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"eliminacode/display/view"
)

const (
	// MostHooks is how many hooks there may be.
	MostHooks = 16
	// MostPending is how many events of a hook may wait to be tried again.
	MostPending = 1000
	// mostLogged is how many attempts of a hook are remembered.
	mostLogged = 100
	mostName   = 60  // characters
	mostURL    = 500 // bytes
	secretMark = "whsec_"
	// secretBytes is the length of a secret that is made here.
	secretBytes = 32
)

// Faults of a hook.
var (
	ErrName    = errors.New("name of a webhook is empty, too long or taken")
	ErrURL     = errors.New("address of a webhook is not valid")
	ErrKind    = errors.New("no such kind of event")
	ErrSecret  = errors.New("secret of a webhook is not valid")
	ErrFull    = errors.New("as many webhooks as there may be")
	ErrUnknown = errors.New("no such webhook")
	// ErrFuture: a sequence to go on from comes after the newest event.
	ErrFuture = errors.New("no such event yet")
	// ErrDamaged: the document that was kept cannot be read.
	ErrDamaged = errors.New("list of webhooks cannot be read")
)

// A Hook is where to tell what.
type Hook struct {
	ID   string `json:"id"`
	Name string `json:"name" doc:"How people of the office call it"`
	URL  string `json:"url" doc:"Where events are posted"`
	// Kinds are the kinds of event that are told; none is all.
	Kinds []string `json:"kinds,omitempty" doc:"Kinds of event that are told; none is all"`
	// Secret is that of the signature: whsec_ and base64 of 24 to 64 bytes.
	Secret string `json:"secret,omitempty" doc:"Secret of the signature; answered only when the hook is made"`
	// OnBox tells that the receiver runs on this machine: loopback is allowed.
	OnBox    bool `json:"on_box,omitempty" doc:"The receiver runs on this box"`
	Disabled bool `json:"disabled,omitempty" doc:"Nothing is told at present"`
}

// wants tells whether the hook is told a kind of event.
func (h Hook) wants(kind string) bool { return len(h.Kinds) == 0 || slices.Contains(h.Kinds, kind) }

// validate answers every fault of a hook.
func (h Hook) validate() error {
	var faults []error
	if n := utf8.RuneCountInString(strings.TrimSpace(h.Name)); n == 0 || n > mostName || !utf8.ValidString(h.Name) {
		faults = append(faults, ErrName)
	}
	if _, err := target(h.URL); err != nil {
		faults = append(faults, err)
	}
	for _, k := range h.Kinds {
		if !slices.Contains(view.EventKinds(), k) {
			faults = append(faults, fmt.Errorf("%w: %q", ErrKind, k))
		}
	}
	if _, err := key(h.Secret); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// target reads the address of a hook.
func target(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > mostURL:
		return nil, ErrURL
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "", u.User != nil, u.Fragment != "":
		return nil, fmt.Errorf("%w: write https://host/path, with no name and password in it", ErrURL)
	}
	return u, nil
}

// newSecret makes the secret of a hook.
func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails
	return secretMark + base64.StdEncoding.EncodeToString(b)
}

// key is the bytes of a secret.
func key(secret string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
	if err != nil || !strings.HasPrefix(secret, secretMark) || len(b) < 24 || len(b) > 64 {
		return nil, ErrSecret
	}
	return b, nil
}
