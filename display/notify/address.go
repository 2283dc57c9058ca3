package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Where a delivery may not go; see the package's comment.
var (
	errLoopback = errors.New("address is this box itself; say so in the webhook if its receiver runs here")
	errRefused  = errors.New("address is not one of a receiver")
	errPlain    = errors.New("http goes only to private networks; use https")
	errRedirect = errors.New("receiver redirects; enter the address that it redirects to")
)

// Faults of an address that stand in it, beside those of an Attempt that are known
// before anything is sent: FaultLoopback, FaultRefused and FaultPlain.
const (
	FaultForm     = "form"     // it is not scheme, host and path
	FaultLong     = "long"     // more than mostURL bytes
	FaultPassword = "password" // it has a name or a password in it
	FaultFragment = "fragment" // it has a part that no receiver is sent
	FaultPort     = "port"     // no such port
	FaultSpelling = "spelling" // the host is an IP address that is not written as one
)

// AddressFaults are the faults of an address that is entered.
func AddressFaults() []string {
	return []string{FaultForm, FaultLong, FaultPassword, FaultFragment, FaultPort, FaultSpelling, FaultLoopback, FaultRefused, FaultPlain}
}

// judge is why events may not be posted to an address, as far as the address itself
// tells; empty is nothing. Where a name leads is judged at each delivery.
func judge(address string, onBox bool) (fault string) {
	if fault := malformed(address); fault != "" {
		return fault
	}
	u, _ := url.Parse(address) // it has a form
	host := u.Hostname()
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && (ip.Is4In6() || ip.Is4() && strings.HasPrefix(u.Host, "[")):
		return FaultSpelling
	case err == nil:
		if err := allowed(ip, u.Scheme, onBox); err != nil {
			fault, _ = faultOf(0, err)
		}
		return fault
	case strings.Contains(host, ":"):
		return FaultForm
	}
	// Readers of addresses take other signs for the plain ones, "①" for 1 and "。"
	// for a point: who reads the list of webhooks must not be misled.
	name := strings.ToLower(host)
	if strings.ToLower(norm.NFKC.String(name)) != name || strings.Contains(name, "。") {
		return FaultSpelling
	}
	name = strings.TrimSuffix(name, ".")
	labels := strings.Split(name, ".")
	// Programs take what ends in a number for an IP address, whatever its base and
	// however many parts it has.
	if last := labels[len(labels)-1]; last != "" && (strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")) {
		return FaultSpelling
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			return FaultForm
		}
	}
	if own := labels[len(labels)-1] == "localhost" || thisBox[name]; own && !onBox {
		return FaultLoopback
	}
	return ""
}

// thisBox are the names that /etc/hosts gives the machine itself.
var thisBox = map[string]bool{"localhost.localdomain": true, "ip6-localhost": true, "ip6-loopback": true}

// malformed is why an address is none, whomever it leads to.
func malformed(address string) (fault string) {
	if len(address) > mostURL {
		return FaultLong
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return FaultForm
	case u.User != nil:
		return FaultPassword
	case strings.Contains(address, "#"):
		return FaultFragment
	}
	if port, err := strconv.Atoi(u.Port()); strings.HasSuffix(u.Host, ":") || u.Port() != "" && (err != nil || port < 1 || port > 65535) {
		return FaultPort
	}
	return ""
}

// allowed answers why a hook may not be told at an IP address.
func allowed(ip netip.Addr, scheme string, onBox bool) error {
	ip = ip.Unmap().WithZone("")
	switch {
	case ip.IsLoopback(), ownAddress(ip):
		if !onBox {
			return errLoopback
		}
	case !ip.IsValid(), ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast(), thisNetwork.Contains(ip), reserved.Contains(ip):
		return errRefused
	case scheme == "http" && !ip.IsPrivate():
		return errPlain
	}
	return nil
}

// ownAddress tells that an IP address is one that an interface of this box has now. It
// is asked anew each time: a lease of the network may have changed it since.
func ownAddress(ip netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return false // the kernel does not say: it is judged by what it is of
	}
	return slices.ContainsFunc(own, func(a net.Addr) bool {
		p, ok := a.(*net.IPNet)
		if !ok {
			return false
		}
		has, ok := netip.AddrFromSlice(p.IP)
		return ok && has.Unmap() == ip
	})
}

// Where no machine is: RFC 1122 and RFC 1112. The second ends with the broadcast.
var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
	reserved    = netip.MustParsePrefix("240.0.0.0/4")
)

const (
	// deliverWait bounds a delivery as a whole.
	deliverWait = 15 * time.Second
	// answerBytes bounds what is read of an answer.
	answerBytes = 4 << 10
)

// newClient makes the client of one hook.
func newClient(scheme string, onBox bool) *http.Client {
	dialer := net.Dialer{
		Timeout: deliverWait,
		Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%w: %s", errRefused, address)
			}
			if err := allowed(ap.Addr(), scheme, onBox); err != nil {
				return aboutError{err, ap.Addr().String()}
			}
			return nil
		},
	}
	return &http.Client{
		Timeout: deliverWait,
		CheckRedirect: func(to *http.Request, _ []*http.Request) error {
			// What comes after the path may hold a secret of the receiver.
			return aboutError{errRedirect, (&url.URL{Scheme: to.URL.Scheme, Host: to.URL.Host, Path: to.URL.Path}).String()}
		},
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			},
			TLSHandshakeTimeout:    deliverWait,
			ResponseHeaderTimeout:  deliverWait,
			MaxResponseHeaderBytes: 16 << 10,
			MaxConnsPerHost:        1,
			IdleConnTimeout:        time.Minute,
		},
	}
}
