package main

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"eliminacode/device"
	"eliminacode/queue/words"
)

// boxStatus is what the box says of itself when a technician asks by holding
// two buttons.
func (a *app) boxStatus(o *office) words.BoxStatus {
	state, _ := o.Watch()
	now := o.Now()
	box := words.BoxStatus{
		Address: reachable(o.address, ownAddresses()), Version: buildVersion(),
		ClockNote: words.In("").ClockNote(now.Synced, state.ClockSure(now), state.ClockDoubtful(now)),
	}
	if o.certificate != nil {
		box.Staff = reachable(o.secure, ownAddresses())
		if o.certificate.Own() {
			box.Fingerprint = o.certificate.Fingerprint()
		}
	}
	if o.access != nil {
		ctx, cancel := context.WithTimeout(context.Background(), printWait)
		defer cancel()
		if err := o.addCode(ctx, &box); err != nil {
			a.log.Warn("the slip has no one-time code", "err", err)
		}
	}
	if a.devices != nil {
		box.Faults = faultLines(a.devices())
	}
	return box
}

// faultLines are the faults of all devices, one a line, those that stop a
// device before those that do not.
func faultLines(devices []health) []string {
	devices = slices.Clone(devices)
	works := func(h health) int {
		if h.State == device.StateDegraded {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(devices, func(a, b health) int { return cmp.Compare(works(a), works(b)) })
	var all []string
	for _, h := range devices {
		if h.State == device.StateReady || h.State == device.StateUnknown {
			continue
		}
		d := h.shown(words.In(""))
		says := []string{d.Words}
		for _, more := range d.Health.More {
			says = append(says, more.Words)
		}
		all = append(all, d.Kind+" "+d.Name+": "+strings.Join(says, ", "))
	}
	return all
}

// names are the names under which the box may be asked for: that of the public
// address, and its own, alone and as multicast DNS has it.
func (m machine) names(public string) (all []string) {
	if u, err := url.Parse(public); err == nil && u.Host != "" {
		all = append(all, u.Host)
	}
	if own := m.text("/proc/sys/kernel/hostname"); own != "" {
		first, _, _ := strings.Cut(own, ".")
		all = append(all, own, first, first+".local")
	}
	return all
}

// opened is the pages' address as somebody can open it: from another machine, or
// else from this one.
func opened(address string, own []string) string {
	if at := reachable(address, own); at != "" {
		return at
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Host = net.JoinHostPort("127.0.0.1", u.Port())
	return u.String()
}

// reachable is the pages' address as another machine would write it: where
// they answer on every address of the box, it is the first of those, IPv4
// before IPv6, and empty when the box has none.
func reachable(address string, own []string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if at, err := netip.ParseAddr(u.Hostname()); err != nil || !at.IsUnspecified() {
		return address
	}
	slices.SortStableFunc(own, func(a, b string) int { return strings.Count(a, ":") - strings.Count(b, ":") })
	if len(own) == 0 {
		return ""
	}
	u.Host = net.JoinHostPort(own[0], u.Port())
	return u.String()
}
