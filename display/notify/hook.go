package notify

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"eliminacode/display/view"
	"eliminacode/queue"
)

const (
	// MostHooks is how many hooks there may be.
	MostHooks = 16
	// MostPending is how many events of a hook may wait to be tried again.
	MostPending = 1000
	// mostDeleted is how many hooks that were deleted are known by their IDs.
	mostDeleted = 64
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
	ErrName    = errors.New("name of a webhook is empty, too long, taken, or has what nobody sees")
	ErrURL     = errors.New("address of a webhook is not valid")
	ErrKind    = errors.New("no such kind of event")
	ErrSecret  = errors.New("secret of a webhook is not valid")
	ErrFull    = errors.New("as many webhooks as there may be")
	ErrUnknown = errors.New("no such webhook")
	// ErrDeleted: there was one, and it was deleted.
	ErrDeleted = errors.New("webhook is deleted already")
	// ErrFuture: a sequence to go on from comes after the newest event.
	ErrFuture = errors.New("no such event yet")
	// ErrDamaged: the document that was kept cannot be read.
	ErrDamaged = errors.New("list of webhooks cannot be read")
)

// A FieldError is a fault of one value of a hook.
type FieldError struct {
	Field string // name, url, kinds or secret
	Fault string // of url, one of AddressFaults; else empty
	Err   error  // one of the faults above
}

func (e FieldError) Error() string {
	if e.Fault == "" {
		return fmt.Sprintf("%s: %v", e.Field, e.Err)
	}
	return fmt.Sprintf("%s: %v: %s", e.Field, e.Err, e.Fault)
}

// Unwrap is the fault.
func (e FieldError) Unwrap() error { return e.Err }

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

// scheme is that of the address.
func (h Hook) scheme() string {
	scheme, _, _ := strings.Cut(h.URL, ":")
	return strings.ToLower(scheme)
}

// validate answers every fault of a hook; where its address leads is none.
func (h Hook) validate() error {
	var faults []error
	if n := utf8.RuneCountInString(strings.TrimSpace(h.Name)); n == 0 || n > mostName || !utf8.ValidString(h.Name) || strings.ContainsFunc(h.Name, queue.Unseen) {
		faults = append(faults, FieldError{"name", "", ErrName})
	}
	if fault := malformed(h.URL); fault != "" {
		faults = append(faults, FieldError{"url", fault, ErrURL})
	}
	if slices.ContainsFunc(h.Kinds, func(k string) bool { return !slices.Contains(view.EventKinds(), k) }) {
		faults = append(faults, FieldError{"kinds", "", ErrKind})
	}
	if _, err := key(h.Secret); err != nil {
		faults = append(faults, FieldError{"secret", "", ErrSecret})
	}
	return errors.Join(faults...)
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
