package main

import (
	"bytes"
	"cmp"
	"context"
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
	file, ok := m.first(unitFolders, serviceName)
	if !ok {
		return one("service", stateWarn, "no "+serviceName+" is installed: the daemon does not start by itself", "copy "+serviceName+" from the folder deploy of the program's source to "+unitFolders[0]+", or start the daemon by hand")
	}
	all = append(all, finding{Part: "service", State: stateOK, Found: file})
	if len(m.glob("/etc/systemd/system/*.wants/"+serviceName)) == 0 {
		all[0].State, all[0].Found, all[0].Do = stateWarn, file+" is not enabled: it does not start with the box", "run: systemctl enable --now "+serviceName
	}
	set := m.unitOf(file)
	if name := set.last("User"); name == "" || name == "root" {
		all = append(all, finding{"rights", stateWarn, "the service runs as root", "write User=eliminacode below [Service] in the unit"})
	} else if who, missing := m.user(set); len(missing) > 0 {
		all = append(all, missing...)
	} else {
		all = append(all, m.groups(s, set)...)
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
func (m machine) groups(s config.Settings, u unit) []finding {
	user := u.last("User")
	groups := m.groupsOf()
	var missing, unknown []string
	for _, g := range neededGroups(s) {
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
		return one("rights", stateFail, "this system has no group "+strings.Join(unknown, ", "), "run: groupadd --system "+strings.Join(unknown, "; groupadd --system "))
	case len(missing) > 0:
		return one("rights", stateFail, fmt.Sprintf("user %s is not in group %s", user, strings.Join(missing, ", ")),
			fmt.Sprintf("run: usermod -aG %s %s; then restart the service", strings.Join(missing, ","), user))
	}
	return one("rights", stateOK, fmt.Sprintf("user %s has the groups it needs: %s", user, cmp.Or(strings.Join(neededGroups(s), ", "), "none")), "")
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
	if len(m.glob("/sys/class/watchdog/watchdog*")) == 0 {
		return one("watchdog", stateWarn, "the board's watchdog is off: a box that hangs stays so", "write dtparam=watchdog=on in config.txt and restart the box")
	}
	for _, f := range slices.Concat([]string{"/etc/systemd/system.conf"},
		m.glob("/etc/systemd/system.conf.d/*.conf"), m.glob("/usr/lib/systemd/system.conf.d/*.conf")) {
		set := unit{}
		set.read(m.text(f))
		if v := set.last("RuntimeWatchdogSec"); v != "" && v != "0" && v != "off" {
			return one("watchdog", stateOK, "systemd feeds it ("+f+")", "")
		}
	}
	return one("watchdog", stateWarn, "nobody feeds the board's watchdog: a box that hangs stays so",
		"write RuntimeWatchdogSec=14 below [Manager] in /etc/systemd/system.conf.d/watchdog.conf and restart the box")
}

// rules looks for the udev rules that give rights on ports, lines and keypads.
func (m machine) rules(s config.Settings) []finding {
	if len(neededGroups(s)) == 0 {
		return nil
	}
	file, ok := m.first(ruleFolders, ruleName)
	switch {
	case !ok:
		return one("udev rules", stateWarn, ruleName+" is not installed: other programs may greet the printer", "copy it from the folder firmware-config of the program's source to "+ruleFolders[0]+", and run: udevadm control --reload")
	case m.text(file) != string(bytes.TrimSpace(config.UdevRules)):
		return one("udev rules", stateWarn, file+" is not that of this program", "copy it again from the folder firmware-config of the program's source, if nobody has changed it on purpose")
	}
	return one("udev rules", stateOK, file, "")
}

// pages looks at the port of the pages and where they can be reached.
func (m machine) pages(ctx context.Context, s config.Settings, d *daemon) []finding {
	if err := checkListen(s.Web.Listen); err != nil {
		return one("pages", stateFail, err.Error(), "")
	}
	if d != nil {
		address, err := d.Address(ctx)
		if err != nil {
			return one("pages", stateFail, err.Error(), "restart the daemon")
		}
		return one("pages", stateOK, "a daemon runs on this data folder; "+strings.Join(m.reachedAt("http", address), ", "), "")
	}
	at := strings.Join(m.reachedAt("http", s.Web.Listen), ", ")
	l, err := listen(s.Web.Listen)
	if err != nil {
		return one("pages", stateFail, err.Error(), "")
	}
	l.Close()
	if s.Web.Staff == "" {
		return one("pages", stateOK, at+" is free; the staff's pages are for this machine alone", "")
	}
	secure, err := listen(s.Web.Staff)
	if err != nil {
		return one("pages", stateFail, err.Error(), "")
	}
	secure.Close()
	return one("pages", stateOK, at+" and, for the staff, "+strings.Join(m.reachedAt("https", s.Web.Staff), ", ")+" are free", "")
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
