package main

import (
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/device/clock"
	config "eliminacode/firmware-config"
)

// clock looks at the time, told in a zone, who set it last, and what keeps it
// without power.
func (m machine) clock(zone *time.Location) []finding {
	p := partOf("clock")
	c, err := clock.NewSystem()
	if err != nil {
		return []finding{p.fail("clock-unread", "detail", err)}
	}
	r := c.Read()
	at := time.UnixMilli(r.Wall).In(zone)
	f := p.ok("clock-synced", "at", at, "zone", at.Format("MST"))
	if !r.Synced {
		f = p.warn("clock-unsynced", "at", at, "zone", at.Format("MST"))
	}
	// Touched by timesyncd at each answer of the network, and kept over restarts.
	if info, err := os.Stat(m.at("/var/lib/systemd/timesync/clock")); err == nil {
		f.found = text("clock-by-network", "clock", f.found, "when", info.ModTime().In(zone))
	}
	return []finding{f, m.clockChip()}
}

func (m machine) clockChip() finding {
	p := partOf("clock-chip")
	if rtc := m.glob("/sys/class/rtc/rtc*"); len(rtc) > 0 {
		return p.ok("chip-there", "chip", path.Base(rtc[0])+" "+m.text(rtc[0]+"/name"))
	}
	return p.warn("chip-missing")
}

// model compares the board that the kernel sees with the one in the settings.
func (m machine) model(s config.Settings) []finding {
	p := partOf("board")
	seen := strings.TrimRight(m.text("/proc/device-tree/model"), "\x00")
	board, known := config.BoardByModel(s.Board.Model)
	if seen == "" || !known {
		return nil
	}
	for _, b := range config.Boards() {
		if strings.HasPrefix(seen, b.Title) && b.Model != s.Board.Model {
			return []finding{p.warn("board-other", "seen", seen, "model", s.Board.Model, "right", strconv.Quote(b.Model))}
		}
	}
	return append([]finding{p.ok("as-seen", "what", seen)}, m.bootFiles(s, board)...)
}

// bootFolders are where the boot partition is, by age of the system.
var bootFolders = []string{"/boot/firmware", "/boot"}

// bootFiles looks for the lines that the board's firmware needs.
func (m machine) bootFiles(s config.Settings, b config.Board) (all []finding) {
	file, ok := m.first(bootFolders, "config.txt")
	if !ok {
		return nil
	}
	if missing := missingLines(m.text(file), b); len(missing) > 0 {
		all = append(all, partOf("config-txt").warn("config-lacks", "file", file, "lines", strings.Join(missing, "; ")))
	} else {
		all = append(all, partOf("config-txt").ok("config-good", "file", file))
	}
	folder := path.Dir(file)
	if words := m.consoleWords(folder, b); len(words) > 0 && slices.Contains(serialPorts(s), b.UART) {
		all = append(all, partOf("cmdline-txt").fail("console-words", "words", strings.Join(words, " "), "file", folder+"/cmdline.txt"))
	}
	return all
}

// missingLines are the lines of the board that config.txt does not have where
// they count: outside of every [section], or in [all] or one of this board.
func missingLines(text string, b config.Board) (missing []string) {
	var has []string
	counts := true
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			name = strings.TrimSuffix(name, "]")
			counts = name == "all" || name == b.Model || b.Model == "zero2w" && name == "pi02" || strings.HasPrefix(b.Model, "pi") && name == "cm"+b.Model[2:]
			continue
		}
		if counts {
			has = append(has, line)
		}
	}
	for _, want := range b.ConfigTxt {
		if !slices.Contains(has, want) {
			missing = append(missing, want)
		}
	}
	return missing
}

// consoleWords are the words of cmdline.txt that do harm.
func (m machine) consoleWords(folder string, b config.Board) (all []string) {
	for _, word := range strings.Fields(m.text(folder + "/cmdline.txt")) {
		if slices.Contains(b.CmdlineRemove, word) {
			all = append(all, word)
		}
	}
	return all
}

// What the firmware of a Raspberry Pi says in get_throttled: bits of now, and
// the same 16 higher for ever since the start.
const (
	underVoltage = 1 << 0
	tooHot       = 1<<1 | 1<<2 | 1<<3
	sinceStart   = 16
)

// supply looks at voltage and temperature.
func (m machine) supply(config.Settings) (all []finding) {
	p := partOf("power")
	for _, file := range m.glob("/sys/devices/platform/soc/*/get_throttled") {
		bits, err := strconv.ParseUint(strings.TrimPrefix(m.text(file), "0x"), 16, 32)
		switch {
		case err != nil:
			continue
		case bits&underVoltage != 0:
			all = append(all, p.fail("power-low").advise("power"))
		case bits&(underVoltage<<sinceStart) != 0:
			all = append(all, p.warn("power-was-low").advise("power"))
		default:
			all = append(all, p.ok("power-never-low"))
		}
		if bits&(tooHot|tooHot<<sinceStart) != 0 {
			all = append(all, partOf("speed").warn("slowed"))
		}
	}
	for _, file := range m.glob("/sys/class/hwmon/hwmon*/in*_lcrit_alarm") {
		if m.text(path.Dir(file)+"/name") != "rpi_volt" || len(all) > 0 {
			continue
		}
		if m.text(file) == "0" {
			all = append(all, p.ok("power-enough"))
		} else {
			all = append(all, p.fail("power-alarm").advise("power"))
		}
	}
	return append(all, m.temperature()...)
}

// Degrees Celsius from which a board slows down, and at which it is near its
// limit.
const (
	warm = 75
	hot  = 85
)

func (m machine) temperature() []finding {
	hottest := -1
	for _, file := range m.glob("/sys/class/thermal/thermal_zone*/temp") {
		if n, err := strconv.Atoi(m.text(file)); err == nil && n > 0 {
			hottest = max(hottest, n/1000)
		}
	}
	p := partOf("temperature")
	switch {
	case hottest < 0:
		return nil
	case hottest >= hot:
		return []finding{p.fail("degrees", "degrees", hottest).advise("hot")}
	case hottest >= warm:
		return []finding{p.warn("degrees", "degrees", hottest).advise("warm")}
	}
	return []finding{p.ok("degrees", "degrees", hottest)}
}
