package main

import (
	"fmt"
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
	c, err := clock.NewSystem()
	if err != nil {
		return one("clock", stateFail, err.Error(), "mount /proc")
	}
	r := c.Read()
	at := time.UnixMilli(r.Wall).In(zone).Format("2006-01-02 15:04:05 MST")
	f := finding{Part: "clock", State: stateOK, Found: at + ", synchronised"}
	if !r.Synced {
		f.State, f.Found = stateWarn, at+", not synchronised"
		f.Do = "if it is wrong, connect the network or set it; tickets are given all the same"
	}
	// Touched by timesyncd at each answer of the network, and kept over restarts.
	if info, err := os.Stat(m.at("/var/lib/systemd/timesync/clock")); err == nil {
		f.Found += ", last set by the network on " + info.ModTime().In(zone).Format("2006-01-02 15:04")
	}
	return []finding{f, m.clockChip()}
}

func (m machine) clockChip() finding {
	if rtc := m.glob("/sys/class/rtc/rtc*"); len(rtc) > 0 {
		return finding{Part: "clock chip", State: stateOK, Found: path.Base(rtc[0]) + " " + m.text(rtc[0]+"/name") + " keeps the time without power, if its battery is fitted"}
	}
	return finding{"clock chip", stateWarn, "there is none: after a power cut the clock stands still until the network sets it",
		"fit one, or see that the box reaches a time server"}
}

// model compares the board that the kernel sees with the one in the settings.
func (m machine) model(s config.Settings) []finding {
	seen := strings.TrimRight(m.text("/proc/device-tree/model"), "\x00")
	board, known := config.BoardByModel(s.Board.Model)
	if seen == "" || !known {
		return nil
	}
	for _, b := range config.Boards() {
		if strings.HasPrefix(seen, b.Title) && b.Model != s.Board.Model {
			return one("board", stateWarn, fmt.Sprintf("this is a %s, and the settings say %s", seen, s.Board.Model),
				fmt.Sprintf("write model = %q below [board], if buttons or lamps are wired to it", b.Model))
		}
	}
	return append(one("board", stateOK, seen, ""), m.bootFiles(s, board)...)
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
		all = one("config.txt", stateWarn, file+" lacks: "+strings.Join(missing, "; "), "add these lines at its end, below [all], and restart the box")
	} else {
		all = one("config.txt", stateOK, file+" has what this board needs", "")
	}
	folder := path.Dir(file)
	if words := m.consoleWords(folder, b); len(words) > 0 && slices.Contains(serialPorts(s), b.UART) {
		all = append(all, finding{"cmdline.txt", stateFail, "the kernel writes on the line of a device: " + strings.Join(words, " "),
			"take these words out of " + folder + "/cmdline.txt and restart the box"})
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
	const fit = "use the board's own power supply and a short thick cable; printers need another one"
	for _, file := range m.glob("/sys/devices/platform/soc/*/get_throttled") {
		bits, err := strconv.ParseUint(strings.TrimPrefix(m.text(file), "0x"), 16, 32)
		switch {
		case err != nil:
			continue
		case bits&underVoltage != 0:
			all = append(all, finding{"power", stateFail, "the voltage is too low", fit})
		case bits&(underVoltage<<sinceStart) != 0:
			all = append(all, finding{"power", stateWarn, "the voltage was too low since the box was started", fit})
		default:
			all = append(all, finding{Part: "power", State: stateOK, Found: "the voltage was never too low since the box was started"})
		}
		if bits&(tooHot|tooHot<<sinceStart) != 0 {
			all = append(all, finding{"speed", stateWarn, "the processor was slowed down since the box was started", "look at power and temperature"})
		}
	}
	for _, file := range m.glob("/sys/class/hwmon/hwmon*/in*_lcrit_alarm") {
		if m.text(path.Dir(file)+"/name") != "rpi_volt" || len(all) > 0 {
			continue
		}
		if m.text(file) == "0" {
			all = append(all, finding{Part: "power", State: stateOK, Found: "the voltage is high enough"})
		} else {
			all = append(all, finding{"power", stateFail, "the voltage is or was too low", fit})
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
	f := finding{Part: "temperature", State: stateOK, Found: fmt.Sprintf("%d °C", hottest)}
	switch {
	case hottest < 0:
		return nil
	case hottest >= hot:
		f.State, f.Do = stateFail, "switch the box off, give it air, and look for what covers it"
	case hottest >= warm:
		f.State, f.Do = stateWarn, "give the box air, or a heat sink"
	}
	return []finding{f}
}
