package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/device/serial"
	config "eliminacode/firmware-config"
)

// A machine is the computer that check looks at: its files below a root, and
// what the kernel answers. Tests give another root and other answers.
type machine struct {
	root      string
	chips     func() []gpio.ChipInfo
	volume    func(path string) (volume, error)
	addresses func() []string // without port, of every network
	wire      func(config.Settings, *slog.Logger) (*hardware, error)
	// init makes chips and lines known, before anything else is opened: periph
	// may close descriptor 0.
	init  func() error
	input func(labels ...string) func(line string) (gpio.Pin, error)
	// keypadAt opens a keypad on USB by its path.
	keypadAt func(path string) (keypad.Source, error)
	// portAt opens a serial port.
	portAt func(serial.Settings) (serial.Line, error)
	// run is what a program of the machine prints.
	run func(ctx context.Context, name string, args ...string) (string, error)
}

// thisMachine is the one that the program runs on.
func thisMachine() machine {
	return machine{root: "/", chips: gpio.Survey, volume: volumeOf, addresses: ownAddresses, wire: wire, init: gpio.Init, input: input, keypadAt: keypad.Open, portAt: portAt, run: run}
}

func run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return string(out), err
}

func input(labels ...string) func(string) (gpio.Pin, error) { return gpio.OnChip(labels...).Input }

func portAt(s serial.Settings) (serial.Line, error) { return openLine(s) }

// at is where the machine's path lies for this program.
func (m machine) at(path string) string { return filepath.Join(m.root, path) }

// maxText bounds a file that text reads.
const maxText = 64 << 10

// text is what a small file says, without space around; empty when it cannot
// be read.
func (m machine) text(path string) string {
	f, err := os.Open(m.at(path))
	if err != nil {
		return ""
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, maxText))
	return strings.TrimSpace(string(b))
}

// fields are the lines of a file that parts its fields by colons.
func (m machine) fields(path string) (all [][]string) {
	for line := range strings.Lines(m.text(path)) {
		all = append(all, strings.Split(strings.TrimSpace(line), ":"))
	}
	return all
}

// has tells whether something has this path; a link that leads nowhere is
// nothing.
func (m machine) has(path string) bool {
	_, err := os.Stat(m.at(path))
	return err == nil
}

// glob are the machine's paths that match, in order.
func (m machine) glob(pattern string) []string {
	found, _ := filepath.Glob(m.at(pattern))
	for i, f := range found {
		found[i] = m.named(f)
	}
	return found
}

// named is a path of this program as the machine calls it.
func (m machine) named(path string) string {
	if m.root == "/" {
		return path
	}
	return "/" + strings.TrimPrefix(strings.TrimPrefix(path, m.root), "/")
}

// free are the paths of the patterns behind which something is that none of the
// named ones leads to, each once: two paths may lead to one.
func (m machine) free(named []string, patterns ...string) (free []string) {
	taken := map[string]bool{"": true}
	for _, path := range named {
		if path != "" {
			taken[m.real(path)] = true
		}
	}
	for _, pattern := range patterns {
		for _, path := range m.glob(pattern) {
			if behind := m.real(path); !taken[behind] {
				taken[behind] = true
				free = append(free, path)
			}
		}
	}
	return free
}

// What leads to serial ports and to keypads, the paths that stay first.
const (
	portsByPath   = "/dev/serial/by-path/*"
	keypadsByPath = "/dev/input/by-path/*-event-kbd"
)

// real is the path behind links, or empty.
func (m machine) real(path string) string {
	p, err := filepath.EvalSymlinks(m.at(path))
	if err != nil {
		return ""
	}
	return m.named(p)
}

// holders are the programs that have a device open, as "name (pid)", as far as
// this user may see.
func (m machine) holders(device string) []string {
	var all []string
	for _, fd := range m.glob("/proc/[0-9]*/fd/*") {
		if to, err := os.Readlink(m.at(fd)); err != nil || to != device {
			continue
		}
		process := filepath.Dir(filepath.Dir(fd))
		if filepath.Base(process) == fmt.Sprint(os.Getpid()) {
			continue
		}
		who := m.text(process+"/comm") + " (" + filepath.Base(process) + ")"
		if !slices.Contains(all, who) {
			all = append(all, who)
		}
	}
	return all
}

// A volume is the file system that a folder lies on.
type volume struct {
	free      uint64 // bytes that this user may still write
	inodes    uint64 // files that may still be made
	allInodes uint64 // 0 where they are not counted
	memory    bool   // it is lost when the power is
	readOnly  bool
	device    string // "major:minor"
}

// tmpfs and ramfs as statfs(2) calls them.
const (
	tmpfsMagic = 0x01021994
	ramfsMagic = 0x858458f6
)

func volumeOf(path string) (volume, error) {
	var fs unix.Statfs_t
	var st unix.Stat_t
	if err := errors.Join(unix.Statfs(path, &fs), unix.Stat(path, &st)); err != nil {
		return volume{}, err
	}
	magic := uint32(fs.Type)
	return volume{
		free: fs.Bavail * uint64(fs.Bsize), inodes: fs.Ffree, allInodes: fs.Files,
		memory: magic == tmpfsMagic || magic == ramfsMagic, readOnly: fs.Flags&unix.ST_RDONLY != 0,
		device: fmt.Sprintf("%d:%d", unix.Major(uint64(st.Dev)), unix.Minor(uint64(st.Dev))),
	}, nil
}

// ownAddresses are this machine's addresses that others could reach.
func ownAddresses() []string {
	interfaces, _ := net.InterfaceAddrs()
	var all []string
	for _, a := range interfaces {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			all = append(all, n.IP.String())
		}
	}
	return all
}
