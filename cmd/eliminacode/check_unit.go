package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	config "eliminacode/firmware-config"
)

// A unit is what systemd reads of a service: its file and what an administrator
// laid over it.
type unit map[string][]string

// unitOf reads a unit's file and its drop-ins, in systemd's order.
func (m machine) unitOf(file string) unit {
	files := []string{file}
	for _, folder := range slices.Backward(unitFolders) {
		files = append(files, m.glob(path.Join(folder, serviceName+".d", "*.conf"))...)
	}
	u := unit{}
	for _, f := range files {
		u.read(m.text(f))
	}
	return u
}

// read lays the settings of a file over those before; an empty value takes back
// what was said, as systemd has it.
func (u unit) read(text string) {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case !ok || strings.HasPrefix(key, "#") || strings.HasPrefix(key, ";"):
		case value == "":
			delete(u, key)
		default:
			u[key] = append(u[key], value)
		}
	}
}

// last is a setting of which the last word counts.
func (u unit) last(key string) string {
	if all := u[key]; len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// words are those of a setting that is a list.
func (u unit) words(key string) []string { return strings.Fields(strings.Join(u[key], " ")) }

// is tells whether a switch is on.
func (u unit) is(key string) bool {
	return slices.Contains([]string{"yes", "true", "on", "1"}, u.last(key))
}

// command is the program that the unit starts, and the value of its --config.
func (u unit) command() (program, settings string) {
	words := strings.Fields(u.last("ExecStart"))
	if len(words) == 0 {
		return "", ""
	}
	settings = defaultConfig
	for i, word := range words {
		if value, ok := strings.CutPrefix(word, "--config="); ok {
			settings = value
		} else if word == "--config" && i+1 < len(words) {
			settings = words[i+1]
		}
	}
	return strings.TrimLeft(words[0], "-@:+!"), settings
}

// A user is one of /etc/passwd, with all groups that the service gives it.
type user struct {
	name string
	id   uint32
	in   []uint32
}

// user finds the service's user and groups. A finding says which is missing:
// systemd then starts nothing.
func (m machine) user(u unit) (who user, missing []finding) {
	who.name = u.last("User")
	for _, f := range m.fields("/etc/passwd") {
		if len(f) >= 4 && f[0] == who.name {
			id, err1 := strconv.ParseUint(f[2], 10, 32)
			group, err2 := strconv.ParseUint(f[3], 10, 32)
			if errors.Join(err1, err2) == nil {
				who.id, who.in = uint32(id), []uint32{uint32(group)}
			}
		}
	}
	if who.in == nil {
		return who, []finding{partOf("service-user").fail("no-user", "user", who.name, "dir", defaultData)}
	}
	groups := m.groupsOf()
	for _, name := range slices.Concat(u.words("SupplementaryGroups"), u.words("Group")) {
		g, exists := groups[name]
		if !exists {
			missing = append(missing, partOf("service-user").fail("no-group", "group", name))
			continue
		}
		who.in = append(who.in, g.id)
	}
	for _, g := range groups {
		if slices.Contains(g.members, who.name) {
			who.in = append(who.in, g.id)
		}
	}
	return who, missing
}

// may tells whether the user has the rights of some bits of "rwx" on a file.
func (who user) may(st *syscall.Stat_t, bits uint32) bool {
	switch {
	case who.id == 0:
		return true
	case st.Uid == who.id:
		bits <<= 6
	case slices.Contains(who.in, st.Gid):
		bits <<= 3
	}
	return st.Mode&bits == bits
}

const (
	mayRead  = 4
	mayWrite = 2
	mayEnter = 1
)

// filesMost bounds the files of the data folder that are looked at.
const filesMost = 10_000

// files looks whether the service's user may read its settings and write its
// data, and whether the unit lets it.
func (m machine) files(s config.Settings, u unit, who user) (all []finding) {
	program, settings := u.command()
	if program != "" && !m.has(program) {
		all = append(all, partOf("service-files").fail("unit-no-program", "program", program))
	}
	if f := m.readable(settings, who); f.state != "" {
		all = append(all, f)
	}
	if f := m.inside(s.Data.Dir, u); f.state != "" {
		return append(all, f)
	}
	if f := m.owned(s.Data.Dir, who); f.state != "" {
		return append(all, f)
	}
	if len(all) == 0 {
		all = append(all, partOf("service-files").ok("files-good", "user", who.name, "settings", settings, "dir", s.Data.Dir))
	}
	return all
}

func (m machine) stat(name string) (st syscall.Stat_t, err error) {
	return st, syscall.Stat(m.at(name), &st)
}

// readable looks at a file and the folders on the way to it; the zero finding is that
// the user may read it.
func (m machine) readable(name string, who user) finding {
	p := partOf("service-files")
	st, err := m.stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.fail("unit-no-settings", "file", name)
	case err != nil:
		return finding{} // whoever looks may not see it; the daemon's own log tells
	case !who.may(&st, mayRead):
		return p.fail("files-unread", "user", who.name, "file", name)
	}
	for folder := path.Dir(name); folder != "/" && folder != "."; folder = path.Dir(folder) {
		if st, err := m.stat(folder); err == nil && !who.may(&st, mayEnter) {
			return p.fail("files-unentered", "user", who.name, "folder", folder)
		}
	}
	return finding{}
}

// inside looks whether the unit lets its service write into the data folder; the zero
// finding is that it does.
func (m machine) inside(dir string, u unit) finding {
	below := func(tops ...string) bool {
		return slices.ContainsFunc(tops, func(top string) bool {
			return top != "" && (dir == top || strings.HasPrefix(dir, strings.TrimSuffix(top, "/")+"/"))
		})
	}
	opened := u.words("ReadWritePaths")
	for i, name := range opened {
		opened[i] = strings.TrimLeft(name, "-+")
	}
	for _, name := range u.words("StateDirectory") {
		name, _, _ = strings.Cut(name, ":")
		opened = append(opened, path.Join("/var/lib", name))
	}
	p := partOf("service-files")
	switch {
	case below(opened...):
		return finding{}
	case u.is("PrivateTmp") && below("/tmp", "/var/tmp"):
		return p.fail("unit-own-tmp", "dir", dir, "another", defaultData).advise("unit-another")
	case (u.is("ProtectHome") || slices.Contains([]string{"tmpfs", "read-only"}, u.last("ProtectHome"))) && below("/home", "/root", "/run/user"):
		return p.fail("unit-hides", "dir", dir, "another", defaultData).advise("unit-another")
	case u.last("ProtectSystem") == "strict",
		u.last("ProtectSystem") == "full" && below("/usr", "/boot", "/efi", "/etc"),
		u.is("ProtectSystem") && below("/usr", "/boot", "/efi"):
		return p.fail("unit-closed", "dir", dir, "unit", serviceName)
	}
	return finding{}
}

// owned looks whether the user may write all that lies in the data folder; the zero
// finding is that it may.
func (m machine) owned(dir string, who user) finding {
	p := partOf("service-files")
	var wrong []string
	seen := 0
	err := filepath.WalkDir(m.at(dir), func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > filesMost {
			return fs.SkipAll
		}
		needed := uint32(mayRead | mayWrite)
		switch {
		case entry.IsDir():
			needed |= mayEnter
		case !entry.Type().IsRegular():
			return nil
		}
		var st syscall.Stat_t
		if syscall.Stat(name, &st) == nil && !who.may(&st, needed) {
			wrong = append(wrong, m.named(name))
		}
		return nil
	})
	switch {
	case len(wrong) > 1:
		return p.fail("files-more", "user", who.name, "file", wrong[0], "count", len(wrong)-1, "dir", dir).advise("files-unwritable")
	case len(wrong) > 0:
		return p.fail("files-unwritable", "user", who.name, "file", wrong[0], "dir", dir)
	case errors.Is(err, fs.ErrPermission) && os.Geteuid() != 0:
		return p.warn("files-unseen", "dir", dir)
	}
	return finding{}
}

// What systemd says when it could not start a service, by the exit status that
// it puts in the program's place (systemd.exec(5)): the working folder, the program,
// groups, the user, namespaces, the state folder.
var startFaults = []string{"200", "203", "216", "217", "226", "238"}

// justStarted is how long after a start a service that was restarted before is
// not believed to run.
const justStarted = 30 // seconds

// logLines are how many last lines of the service's log are shown.
const logLines = "6"

// running asks systemd whether the service runs. Where systemd does not answer
// there is nothing to say.
func (m machine) running(ctx context.Context) []finding {
	shown, err := m.run(ctx, "systemctl", "show", serviceName,
		"--property=ActiveState,SubState,NRestarts,ExecMainStatus,ActiveEnterTimestampMonotonic")
	if err != nil {
		return nil
	}
	said := unit{}
	said.read(shown)
	p, restarts := partOf("service-state"), said.last("NRestarts")
	var f finding
	switch active, sub := said.last("ActiveState"), said.last("SubState"); {
	case active == "active" && restarts != "" && restarts != "0" && m.upFor(said.last("ActiveEnterTimestampMonotonic")) < justStarted:
		f = p.fail("unit-restarted", "times", restarts, "unit", serviceName).advise("unit-restart")
	case active == "active":
		return []finding{p.ok("unit-runs")}
	case sub == "auto-restart", active == "activating":
		f = p.fail("unit-flapping", "times", restarts, "unit", serviceName).advise("unit-restart")
	case active == "failed":
		f = p.fail("unit-failed", "unit", serviceName).advise("unit-restart")
	default:
		return []finding{p.warn("unit-stopped", "unit", serviceName)}
	}
	if status := said.last("ExecMainStatus"); slices.Contains(startFaults, status) {
		f.found = text("unit-why", "what", f.found, "why", text("start-"+status), "status", status)
	}
	if log, err := m.run(ctx, "journalctl", "--unit", serviceName, "--lines", logLines, "--output", "cat", "--no-pager"); err == nil && log != "" {
		f.found = text("unit-log", "what", f.found, "detail", strings.TrimSpace(log))
	}
	return []finding{f}
}

// upFor is how many seconds ago, by the time since boot, something was at so
// many microseconds.
func (m machine) upFor(at string) float64 {
	up, _, _ := strings.Cut(m.text("/proc/uptime"), " ")
	now, err1 := strconv.ParseFloat(up, 64)
	then, err2 := strconv.ParseFloat(at, 64)
	if errors.Join(err1, err2) != nil {
		return justStarted
	}
	return now - then/1e6
}
