package main

import (
	"fmt"
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
func (m machine) data(s config.Settings) []finding {
	dir := s.Data.Dir
	if isDemo(dir) {
		return one("data", stateFail, dir+" holds a demonstration", "name another folder with [data] dir or --data")
	}
	if err := m.mounted(dir); err != nil {
		return one("data", stateFail, err.Error(), "")
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
		return one("data", stateFail, fmt.Sprintf("asking %s for its space: %v", existing, err), "look at the disk")
	}
	if v.readOnly {
		return one("data", stateFail, existing+" is mounted read-only; the kernel does so when a disk fails",
			"look at dmesg, copy the journal away, and replace the card or mount it for writing")
	}
	if err := unix.Access(existing, unix.W_OK|unix.X_OK); err != nil {
		return one("data", stateFail, fmt.Sprintf("%s cannot be written: %v", existing, err), "give the service's user the right to write there")
	}
	f := finding{Part: "data", State: stateOK, Found: fmt.Sprintf("%s has %d MB free", dir, v.free>>20)}
	switch {
	case v.free < spaceGone:
		f.State, f.Do = stateFail, "make room: with a full disk no ticket is given"
	case v.allInodes > 0 && v.inodes < inodesGone:
		f.State, f.Found, f.Do = stateFail, fmt.Sprintf("%s, and room for %d more files", f.Found, v.inodes), "delete files: with no room for another one the journal cannot begin a month"
	case v.memory:
		f.State, f.Found, f.Do = stateWarn, f.Found+", in memory: all tickets are lost with the power", "name a folder on a disk with [data] dir"
	case v.free < spaceLow:
		f.State, f.Do = stateWarn, "make room soon"
	case v.allInodes > 0 && v.inodes < inodesLow:
		f.State, f.Found, f.Do = stateWarn, fmt.Sprintf("%s, and room for %d more files", f.Found, v.inodes), "delete files soon"
	}
	return []finding{f}
}

// disk looks at the health of every disk: what the file system has noticed and
// what the card says of its own wear.
func (m machine) disk(config.Settings) (all []finding) {
	for _, counter := range m.glob("/sys/fs/ext4/*/errors_count") {
		name := path.Base(path.Dir(counter))
		n, err := strconv.Atoi(m.text(counter))
		switch {
		case err != nil:
		case n > 0:
			all = append(all, finding{"disk " + name, stateWarn, fmt.Sprintf("the file system has met %d errors", n),
				"copy the journal away (eliminacode journal backup), run fsck, and replace the card if it happens again"})
		default:
			all = append(all, finding{Part: "disk " + name, State: stateOK, Found: "the file system has met no error"})
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
func (m machine) wear(name, folder string) (finding, bool) {
	const replace = "copy the journal away (eliminacode journal backup) and replace the card"
	used := 0
	for _, word := range strings.Fields(m.text(folder + "/life_time")) {
		// One step is a tenth of the life; 0x0B is beyond it.
		if n, err := strconv.ParseUint(word, 0, 8); err == nil {
			used = max(used, int(n)*10)
		}
	}
	end := m.text(folder + "/pre_eol_info")
	n, _ := strconv.ParseUint(end, 0, 8)
	f := finding{Part: "wear of " + name, State: stateOK, Found: fmt.Sprintf("at most %d %% of its life is used", used)}
	switch {
	case used > 100 || n >= 3:
		f.State, f.Found, f.Do = stateFail, "the card has used up its life", replace+" now"
	case used >= 90 || n == 2:
		f.State, f.Found, f.Do = stateWarn, "the card is near the end of its life", replace+" soon"
	case used == 0:
		return f, false
	}
	return f, true
}
