package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"eliminacode/display/access/openid"
	config "eliminacode/firmware-config"
)

// signIn looks at the body's own sign-in: whether the service may read its secret,
// and whether the provider answers. Nothing is sent that says who anybody is.
func (m machine) signIn(ctx context.Context, s config.Settings) []finding {
	o := s.Web.OIDC
	if o.Issuer == "" {
		return nil
	}
	var all []finding
	if f := m.secret(o); f.state != "" {
		all = append(all, f)
	}
	err := openid.New(openid.Config{Issuer: o.Issuer}).Look(ctx)
	if err == nil {
		return append(all, partOf("sign-in").ok("provider-answers", "issuer", o.Issuer))
	}
	f := partOf("sign-in").warn("provider-away", "issuer", o.Issuer, "detail", faultInShort(err))
	return append(all, adviseAbout(f, err))
}

// secret looks at the file that holds the secret; the zero finding is that there is
// none.
func (m machine) secret(o config.OIDC) finding {
	if o.SecretFile == "" {
		return finding{}
	}
	p := partOf("sign-in-secret")
	here := o
	here.SecretFile = m.at(o.SecretFile)
	if _, err := readSecret(here); err != nil {
		return p.fail("secret-bad", "detail", err)
	}
	if file, ok := m.first(unitFolders, serviceName); ok {
		who, missing := m.user(m.unitOf(file))
		if st, err := m.stat(o.SecretFile); err == nil && len(missing) == 0 && !who.may(&st, mayRead) {
			return p.fail("secret-unread", "user", who.name, "file", o.SecretFile)
		}
	}
	return p.ok("secret-good", "file", o.SecretFile)
}

// longestFault bounds what is told of an answer that is none, in bytes.
const longestFault = 200

// faultInShort is the first line of an error.
func faultInShort(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	if len(line) > longestFault {
		line = strings.ToValidUTF8(line[:longestFault], "") + "..."
	}
	return line
}

// adviseAbout says what to do about a provider that does not answer as one.
func adviseAbout(f finding, err error) finding {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &invalid):
		return f.advise("provider-over")
	case errors.As(err, &unknown):
		return f.advise("provider-unknown")
	case errors.As(err, &name):
		return f.advise("provider-unfound")
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return f.advise("provider-unreached")
	}
	return f
}
