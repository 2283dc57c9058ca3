package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"eliminacode/display"
	"eliminacode/display/access/openid"
	config "eliminacode/firmware-config"
	"eliminacode/queue/calendar"
)

// provider is the body's own sign-in, which the pages offer; nil without one. What
// is wrong with it stops nothing: people come in with PIN and password.
func (a *app) provider(o *office) *openid.Provider {
	if a.oidc.Issuer == "" || o.access == nil {
		return nil
	}
	secret, err := readSecret(a.oidc)
	if err != nil {
		a.log.Error("the body's sign-in is not offered", "err", err)
		return nil
	}
	p := openid.New(openid.Config{
		Issuer: a.oidc.Issuer, Client: a.oidc.Client, Secret: secret, Claim: a.oidc.Claim, Reuse: a.oidc.Reuse,
		Redirect: strings.TrimRight(a.oidc.Address, "/") + display.ReturnPath,
		Now:      o.officeTime, Log: a.log,
	})
	a.pages.Provider, a.pages.ProviderName = p, a.oidc.Name
	return p
}

// officeTime is the time as the office has it: the box's own clock, corrected.
func (o *office) officeTime() time.Time {
	state, _ := o.Watch()
	return time.UnixMilli(state.OfficeTime(o.Now()))
}

// onTheWall is an instant by the box's own clock as the clock on the office's wall shows
// it, which people read; its own zone while there is no office.
func (o *office) onTheWall(at time.Time) time.Time {
	state, _ := o.Watch()
	at = at.Add(time.Duration(state.CorrectionMs()) * time.Millisecond)
	if zone, err := calendar.Zone(state.Setup()); err == nil && state.HasSetup() {
		return at.In(zone)
	}
	return at.Local()
}

// longestSecret bounds the file of a secret, in bytes.
const longestSecret = 4096

// readSecret reads the secret that the provider gave the box, which nobody but the
// service's user may be able to read.
func readSecret(o config.OIDC) (string, error) {
	if o.SecretFile == "" {
		return "", nil
	}
	info, err := os.Stat(o.SecretFile)
	if err != nil {
		return "", fmt.Errorf("reading the secret of [web.oidc]: %w; write it into that file, for the service's user alone", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others (mode %o): chmod 600 %s", o.SecretFile, info.Mode().Perm(), o.SecretFile)
	}
	if info.Size() > longestSecret {
		return "", fmt.Errorf("%s is no secret, it has %s; write the secret alone into it", o.SecretFile, many(info.Size(), "byte"))
	}
	text, err := os.ReadFile(o.SecretFile)
	if err != nil {
		return "", fmt.Errorf("reading the secret of [web.oidc]: %w; give it to the service's user", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("%s is empty; write into it the secret that the provider gave", o.SecretFile)
	}
	return secret, nil
}
