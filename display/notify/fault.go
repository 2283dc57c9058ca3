package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"
)

// Faults of an attempt.
const (
	FaultLoopback    = "loopback"            // the address is this box itself
	FaultRefused     = "refused"             // the address is one where no receiver is
	FaultPlain       = "plain"               // http beyond the private network
	FaultRedirect    = "redirect"            // the receiver is elsewhere
	FaultStatus      = "status"              // the receiver does not take it
	FaultTimeout     = "timeout"             // the receiver takes too long
	FaultName        = "name"                // there is no machine of the name
	FaultNames       = "names"               // who knows names does not answer
	FaultClosed      = "closed"              // nothing listens at the port
	FaultUnreachable = "unreachable"         // no way leads there
	FaultNotTLS      = "not-tls"             // https is asked of what speaks http
	FaultUnknownCert = "certificate-unknown" // nobody known vouches for it
	FaultOtherCert   = "certificate-name"    // it is for another name
	FaultOldCert     = "certificate-expired" // it holds no more, or not yet
	FaultBadCert     = "certificate"         // it is no good for another reason
	FaultNoAnswer    = "no-answer"           // whatever else
)

// AttemptFaults are the faults of an attempt.
func AttemptFaults() []string {
	return []string{FaultLoopback, FaultRefused, FaultPlain, FaultRedirect, FaultStatus, FaultTimeout, FaultName, FaultNames, FaultClosed,
		FaultUnreachable, FaultNotTLS, FaultUnknownCert, FaultOtherCert, FaultOldCert, FaultBadCert, FaultNoAnswer}
}

// An aboutError is an error with what it is about.
type aboutError struct {
	err   error
	about string
}

func (e aboutError) Error() string { return e.err.Error() + ": " + e.about }
func (e aboutError) Unwrap() error { return e.err }

// faultOf is the code of what went wrong, and what it is about.
func faultOf(status int, err error) (code, about string) {
	var known aboutError
	if errors.As(err, &known) {
		about = known.about
	}
	for _, x := range []struct {
		err  error
		code string
	}{{errLoopback, FaultLoopback}, {errRefused, FaultRefused}, {errPlain, FaultPlain}, {errRedirect, FaultRedirect}} {
		if errors.Is(err, x.err) {
			return x.code, about
		}
	}
	if status != 0 {
		return FaultStatus, ""
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		if name.IsNotFound {
			return FaultName, name.Name
		}
		return FaultNames, name.Name
	}
	if code := certificateFault(err); code != "" {
		return code, ""
	}
	var dialled *net.OpError
	if errors.As(err, &dialled) && dialled.Addr != nil {
		about = dialled.Addr.String()
	}
	for _, x := range []struct {
		err  error
		code string
	}{
		{context.DeadlineExceeded, FaultTimeout}, {os.ErrDeadlineExceeded, FaultTimeout}, {syscall.ETIMEDOUT, FaultTimeout},
		{syscall.ECONNREFUSED, FaultClosed}, {syscall.ENETUNREACH, FaultUnreachable}, {syscall.EHOSTUNREACH, FaultUnreachable},
		{http.ErrSchemeMismatch, FaultNotTLS},
	} {
		if errors.Is(err, x.err) {
			return x.code, about
		}
	}
	return FaultNoAnswer, about
}

// certificateFault is the code of a certificate that does not prove the receiver;
// empty when the error is another.
func certificateFault(err error) string {
	var unknown x509.UnknownAuthorityError
	var other x509.HostnameError
	var invalid x509.CertificateInvalidError
	var any *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return FaultUnknownCert
	case errors.As(err, &other):
		return FaultOtherCert
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return FaultOldCert
	case errors.As(err, &any):
		return FaultBadCert
	}
	return ""
}
