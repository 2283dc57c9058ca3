package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"path"
	"slices"
	"strconv"
	"strings"

	config "eliminacode/firmware-config"
)

// serviceName is the systemd unit of an installed box.
const serviceName = "eliminacode.service"

// Where systemd and udev look for their files, the administrator's first.
var (
	unitFolders = []string{"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}
	ruleFolders = []string{"/etc/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"}
)

const ruleName = "99-eliminacode.rules"

// service looks at what starts the daemon, what rights it then has, and whether
// it runs.
func (m machine) service(ctx context.Context, s config.Settings) (all []finding) {
	p := partOf("service")
	file, ok := m.first(unitFolders, serviceName)
	if !ok {
		return []finding{p.warn("service-none", "unit", serviceName, "folder", unitFolders[0])}
	}
	if len(m.glob("/etc/systemd/system/*.wants/"+serviceName)) == 0 {
		all = append(all, p.warn("service-disabled", "file", file, "unit", serviceName))
	} else {
		all = append(all, p.ok("as-seen", "what", file))
	}
	set := m.unitOf(file)
	if name := set.last("User"); name == "" || name == "root" {
		all = append(all, partOf("rights").warn("rights-root"))
	} else if who, missing := m.user(set); len(missing) > 0 {
		all = append(all, missing...)
	} else {
		all = append(all, m.groups(s, set))
		all = append(all, m.files(s, set, who)...)
	}
	all = append(all, m.running(ctx)...)
	return append(all, m.watchdog(s)...)
}

// first is the first of the folders' files of that name.
func (m machine) first(folders []string, name string) (string, bool) {
	for _, folder := range folders {
		if file := path.Join(folder, name); m.has(file) {
			return file, true
		}
	}
	return "", false
}

// groups looks for the groups that the devices of the settings need.
func (m machine) groups(s config.Settings, u unit) finding {
	p, user := partOf("rights"), u.last("User")
	groups, needed := m.groupsOf(), neededGroups(s)
	var missing, unknown []string
	for _, g := range needed {
		has, exists := groups[g]
		switch {
		case !exists:
			unknown = append(unknown, g)
		case !slices.Contains(has.members, user) && !slices.Contains(u.words("SupplementaryGroups"), g):
			missing = append(missing, g)
		}
	}
	switch {
	case len(unknown) > 0:
		return p.fail("rights-no-group", "groups", strings.Join(unknown, ", "), "command", "groupadd --system "+strings.Join(unknown, "; groupadd --system "))
	case len(missing) > 0:
		return p.fail("rights-missing", "user", user, "groups", strings.Join(missing, ", "), "command", fmt.Sprintf("usermod -aG %s %s", strings.Join(missing, ","), user))
	case len(needed) == 0:
		return p.ok("rights-unneeded", "user", user)
	}
	return p.ok("rights-good", "user", user, "groups", strings.Join(needed, ", "))
}

func neededGroups(s config.Settings) (all []string) {
	if len(serialPorts(s)) > 0 {
		all = append(all, "dialout")
	}
	if len(s.Buttons)+len(s.Lamps) > 0 {
		all = append(all, "gpio")
	}
	if slices.ContainsFunc(s.Keypads, func(k config.Keypad) bool { return k.Path != "" }) {
		all = append(all, "input")
	}
	return all
}

// serialPorts are the ports of the settings.
func serialPorts(s config.Settings) (all []string) {
	for _, p := range s.Printers {
		all = append(all, p.Port)
	}
	for _, p := range s.Panels {
		all = append(all, p.Port)
	}
	for _, k := range s.Keypads {
		if k.Port != "" {
			all = append(all, k.Port)
		}
	}
	return all
}

// keypadPaths are the paths of the keypads of the settings; empty for one on a line.
func keypadPaths(s config.Settings) (all []string) {
	for _, k := range s.Keypads {
		all = append(all, k.Path)
	}
	return all
}

// A group is one of /etc/group.
type group struct {
	id      uint32
	members []string
}

// groupsOf are the machine's groups.
func (m machine) groupsOf() map[string]group {
	all := map[string]group{}
	for _, f := range m.fields("/etc/group") {
		if len(f) == 4 {
			if id, err := strconv.ParseUint(f[2], 10, 32); err == nil {
				all[f[0]] = group{uint32(id), strings.Split(f[3], ",")}
			}
		}
	}
	return all
}

// watchdog looks at what restarts a box that hangs. A desktop has nobody to
// miss it.
func (m machine) watchdog(s config.Settings) []finding {
	if s.Board.Model == "desktop" {
		return nil
	}
	p := partOf("watchdog")
	if len(m.glob("/sys/class/watchdog/watchdog*")) == 0 {
		return []finding{p.warn("watchdog-off")}
	}
	for _, f := range slices.Concat([]string{"/etc/systemd/system.conf"},
		m.glob("/etc/systemd/system.conf.d/*.conf"), m.glob("/usr/lib/systemd/system.conf.d/*.conf")) {
		set := unit{}
		set.read(m.text(f))
		if v := set.last("RuntimeWatchdogSec"); v != "" && v != "0" && v != "off" {
			return []finding{p.ok("watchdog-fed", "file", f)}
		}
	}
	return []finding{p.warn("watchdog-unfed")}
}

// rules looks for the udev rules that give rights on ports, lines and keypads.
func (m machine) rules(s config.Settings) []finding {
	if len(neededGroups(s)) == 0 {
		return nil
	}
	p := partOf("udev-rules")
	file, ok := m.first(ruleFolders, ruleName)
	switch {
	case !ok:
		return []finding{p.warn("rules-none", "rules", ruleName, "folder", ruleFolders[0])}
	case m.text(file) != string(bytes.TrimSpace(config.UdevRules)):
		return []finding{p.warn("rules-other", "file", file)}
	}
	return []finding{p.ok("as-seen", "what", file)}
}

// pages looks at the port of the pages and where they can be reached.
func (m machine) pages(ctx context.Context, s config.Settings, d *daemon) []finding {
	return []finding{m.pagesPart(ctx, s, d)}
}

func (m machine) pagesPart(ctx context.Context, s config.Settings, d *daemon) finding {
	p := partOf("pages")
	if err := checkListen(s.Web.Listen); err != nil {
		return p.fail("pages-bad", "detail", err)
	}
	if d != nil {
		address, err := d.Address(ctx)
		if err != nil {
			return p.fail("pages-unasked", "detail", err)
		}
		if awaited, err := d.Awaited(ctx); err == nil && awaited.Pages != "" {
			return takenPort{awaited.Pages, m.portHolders(awaited.Pages)}.finding(false)
		} else if err == nil && awaited.Staff != "" {
			return takenPort{awaited.Staff, m.portHolders(awaited.Staff)}.finding(true)
		}
		return p.ok("pages-answer", "addresses", strings.Join(m.reachedAt("http", address), ", "))
	}
	l, err := listen(s.Web.Listen)
	if err != nil {
		return unopened(err, false)
	}
	l.Close()
	at := strings.Join(m.reachedAt("http", s.Web.Listen), ", ")
	if s.Web.Staff == "" {
		return p.ok("pages-free", "addresses", at)
	}
	secure, err := listen(s.Web.Staff)
	if err != nil {
		return unopened(err, true)
	}
	secure.Close()
	return p.ok("pages-both-free", "addresses", at, "staff", strings.Join(m.reachedAt("https", s.Web.Staff), ", "))
}

// unopened is why a port cannot be opened.
func unopened(err error, staff bool) finding {
	var taken takenPort
	if errors.As(err, &taken) {
		return taken.finding(staff)
	}
	return partOf("pages").fail("pages-taken", "detail", err)
}

// reachedAt are the addresses at which the pages answer.
func (m machine) reachedAt(scheme, listen string) []string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return []string{listen}
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{scheme + "://" + listen}
	}
	var all []string
	if name := m.text("/proc/sys/kernel/hostname"); name != "" {
		all = append(all, scheme+"://"+net.JoinHostPort(name, port))
	}
	for _, a := range m.addresses() {
		all = append(all, scheme+"://"+net.JoinHostPort(a, port))
	}
	return all
}
