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
	if f := m.secret(o); f.State != "" {
		all = append(all, f)
	}
	err := openid.New(openid.Config{Issuer: o.Issuer}).Look(ctx)
	if err == nil {
		return append(all, finding{Part: "sign-in", State: stateOK, Found: o.Issuer + " answers"})
	}
	return append(all, finding{"sign-in", stateWarn, o.Issuer + ": " + faultInShort(err),
		remedyOfSignIn(err) + "; people come in with PIN or password meanwhile"})
}

// secret looks at the file that holds the secret; the zero finding is that there is
// none.
func (m machine) secret(o config.OIDC) finding {
	if o.SecretFile == "" {
		return finding{}
	}
	const part = "sign-in secret"
	here := o
	here.SecretFile = m.at(o.SecretFile)
	if _, err := readSecret(here); err != nil {
		return finding{part, stateFail, err.Error(), ""}
	}
	if file, ok := m.first(unitFolders, serviceName); ok {
		who, missing := m.user(m.unitOf(file))
		if st, err := m.stat(o.SecretFile); err == nil && len(missing) == 0 && !who.may(&st, mayRead) {
			return finding{part, stateFail, "user " + who.name + " may not read " + o.SecretFile + ": the sign-in is not offered",
				"run: chown " + who.name + " " + o.SecretFile + "; then restart the service"}
		}
	}
	return finding{Part: part, State: stateOK, Found: o.SecretFile + " is for its owner alone"}
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

// remedyOfSignIn is what to do about a provider that does not answer as one.
func remedyOfSignIn(err error) string {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &invalid):
		return "look whether the box's own clock is right: date; if it is, the provider's certificate is over"
	case errors.As(err, &unknown):
		return "install the certificate of the body's own authority: copy it as a .crt file to /usr/local/share/ca-certificates and run: update-ca-certificates"
	case errors.As(err, &name):
		return "look whether the box finds names on its network, and whether the name in [web.oidc] issuer is right"
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "look at the network from the box to the provider, and at any firewall between them"
	}
	return "write [web.oidc] issuer just as the provider's own document has it, at its address with /.well-known/openid-configuration"
}
