package main

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	config "eliminacode/firmware-config"
)

// Free space below which the box should be looked at, and below which it will
// soon refuse tickets; and the same for files that can still be made.
const (
	spaceLow   = 500 << 20
	spaceGone  = 50 << 20
	inodesLow  = 1000
	inodesGone = 20
)

// data looks at the folder of the journal and the disk below it.
func (m machine) data(s config.Settings) []finding { return []finding{m.dataFolder(s.Data.Dir)} }

func (m machine) dataFolder(dir string) finding {
	p := partOf("data")
	if isDemo(dir) {
		return p.fail("data-demo", "dir", dir)
	}
	if err := m.mounted(dir); err != nil {
		return p.fail("data-unmounted", "detail", err)
	}
	existing := dir
	for {
		if _, err := os.Stat(existing); err == nil || filepath.Dir(existing) == existing {
			break
		}
		existing = filepath.Dir(existing)
	}
	v, err := m.volume(existing)
	if err != nil {
		return p.fail("data-unasked", "dir", existing, "detail", err)
	}
	if v.readOnly {
		return p.fail("data-read-only", "dir", existing)
	}
	if err := unix.Access(existing, unix.W_OK|unix.X_OK); err != nil {
		return p.fail("data-unwritable", "dir", existing, "detail", err)
	}
	free := int(v.free >> 20)
	switch {
	case v.free < spaceGone:
		return p.fail("data-free", "dir", dir, "free", free).advise("data-full")
	case v.allInodes > 0 && v.inodes < inodesGone:
		return p.fail("data-files", "dir", dir, "free", free, "count", int(v.inodes))
	case v.memory:
		return p.warn("data-in-memory", "dir", dir, "free", free)
	case v.free < spaceLow:
		return p.warn("data-free", "dir", dir, "free", free).advise("data-low")
	case v.allInodes > 0 && v.inodes < inodesLow:
		return p.warn("data-files", "dir", dir, "free", free, "count", int(v.inodes)).advise("data-few-files")
	}
	return p.ok("data-free", "dir", dir, "free", free)
}

// disk looks at the health of every disk: what the file system has noticed and
// what the card says of its own wear.
func (m machine) disk(config.Settings) (all []finding) {
	for _, counter := range m.glob("/sys/fs/ext4/*/errors_count") {
		p := partOf("disk", "name", path.Base(path.Dir(counter)))
		n, err := strconv.Atoi(m.text(counter))
		switch {
		case err != nil:
		case n > 0:
			all = append(all, p.warn("disk-errors", "count", n))
		default:
			all = append(all, p.ok("disk-good"))
		}
	}
	for _, folder := range m.glob("/sys/block/mmcblk*/device") {
		if f, ok := m.wear(path.Base(path.Dir(folder)), folder); ok {
			all = append(all, f)
		}
	}
	return all
}

// wear is what an eMMC says of itself, by JEDEC's registers EXT_CSD 267 to 269;
// plain SD cards say nothing.
func (m machine) wear(name, folder string) (f finding, ok bool) {
	p, used := partOf("wear", "name", name), 0
	for _, word := range strings.Fields(m.text(folder + "/life_time")) {
		// One step is a tenth of the life; 0x0B is beyond it.
		if n, err := strconv.ParseUint(word, 0, 8); err == nil {
			used = max(used, int(n)*10)
		}
	}
	end := m.text(folder + "/pre_eol_info")
	n, _ := strconv.ParseUint(end, 0, 8)
	switch {
	case used > 100 || n >= 3:
		return p.fail("wear-up"), true
	case used >= 90 || n == 2:
		return p.warn("wear-near"), true
	}
	return p.ok("wear", "percent", used), used > 0
}
