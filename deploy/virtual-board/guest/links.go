package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// keepLinks makes the stable names of serial ports and keypads, and keeps them
// right for ever as devices come and go. It does what the two rule files of
// udev do that the product's settings count on: 60-serial and 60-persistent-input.
func keepLinks() error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return fmt.Errorf("listening to the kernel's events: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1}); err != nil {
		return fmt.Errorf("listening to the kernel's events: %w", err)
	}
	links := map[string]string{}
	go func() {
		buf := make([]byte, 64<<10)
		for {
			if err := relink(links, wanted()); err != nil {
				fmt.Println("links:", err)
			}
			// A lost event is no harm: the next look sees everything.
			if _, err := unix.Read(fd, buf); err != nil && !errors.Is(err, unix.ENOBUFS) && !errors.Is(err, unix.EINTR) {
				fmt.Println("links:", err)
				return
			}
		}
	}()
	return nil
}

// relink makes the links that are wanted of those that are there.
func relink(there, want map[string]string) error {
	var faults error
	for link := range there {
		if want[link] != there[link] {
			faults = errors.Join(faults, os.Remove(link))
			delete(there, link)
		}
	}
	for link, node := range want {
		if there[link] == node {
			continue
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(node, link)); err != nil {
			faults = errors.Join(faults, err)
			continue
		}
		there[link] = node
	}
	return faults
}

// wanted are the links of what is plugged in now, each with its node.
func wanted() map[string]string {
	links := map[string]string{}
	for _, class := range []string{"/sys/class/tty/ttyUSB*", "/sys/class/tty/ttyACM*", "/sys/class/input/event*"} {
		entries, err := filepath.Glob(class)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			device, err := filepath.EvalSymlinks(entry)
			if err != nil {
				continue // It has just gone.
			}
			name := filepath.Base(entry)
			stable, ok := stableName(device)
			switch {
			case !ok:
			case strings.HasPrefix(name, "tty"):
				links["/dev/serial/by-path/"+stable] = "/dev/" + name
			case isKeyboard(device):
				links["/dev/input/by-path/"+stable+"-event-kbd"] = "/dev/input/" + name
			}
		}
	}
	return links
}

var (
	platformPart = regexp.MustCompile(`^([0-9a-f]+\.pcie|dummy_hcd\.[0-9]+)$`)
	pciPart      = regexp.MustCompile(`^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$`)
	usbPart      = regexp.MustCompile(`^[0-9]+-([0-9.]+):([0-9.]+)$`)
	usbTTY       = regexp.MustCompile(`/ttyUSB[0-9]+/tty/`)
)

// stableName is what udev calls a USB device by the way to its plug, given its
// path in /sys/devices; false when it does not hang on a USB.
func stableName(device string) (string, bool) {
	var parts []string
	onUSB := false
	for _, p := range strings.Split(device, "/") {
		switch {
		case platformPart.MatchString(p):
			parts = append(parts, "platform-"+p)
		case pciPart.MatchString(p):
			parts = append(parts, "pci-"+p)
		case usbPart.MatchString(p):
			m := usbPart.FindStringSubmatch(p)
			parts = append(parts, "usb-0:"+m[1]+":"+m[2])
			onUSB = true
		}
	}
	if usbTTY.MatchString(device) {
		parts = append(parts, "port0")
	}
	return strings.Join(parts, "-"), onUSB
}

// isKeyboard says whether an input has the keys that udev takes a keyboard by:
// the first row and all before it.
func isKeyboard(device string) bool {
	b, err := os.ReadFile(filepath.Join(filepath.Dir(device), "capabilities", "key"))
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	words := strings.Fields(string(b))
	if err != nil || len(words) == 0 {
		return false
	}
	low, err := strconv.ParseUint(words[len(words)-1], 16, 64)
	const firstRows = 0xFFFFFFFE
	return err == nil && low&firstRows == firstRows
}
