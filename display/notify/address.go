package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Where a delivery may not go; see the package's comment.
var (
	errLoopback = errors.New("address is this box itself; say so in the webhook if its receiver runs here")
	errRefused  = errors.New("address is not one of a receiver")
	errPlain    = errors.New("http goes only to private networks; use https")
	errRedirect = errors.New("receiver redirects; enter the address that it redirects to")
)

// allowed answers why a hook may not be told at an IP address.
func allowed(ip netip.Addr, scheme string, onBox bool) error {
	ip = ip.Unmap().WithZone("")
	switch {
	case ip.IsLoopback():
		if !onBox {
			return errLoopback
		}
	case !ip.IsValid(), ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast(), ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return errRefused
	case scheme == "http" && !ip.IsPrivate():
		return errPlain
	}
	return nil
}

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
			return allowed(ap.Addr(), scheme, onBox)
		},
	}
	return &http.Client{
		Timeout:       deliverWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
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
