package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device/gpio"
	config "eliminacode/firmware-config"
	"eliminacode/queue/words"
)

// tree makes a machine of the files; a text that begins with "-> " is a link.
func tree(t *testing.T, files map[string]string) machine {
	t.Helper()
	m := machine{
		root:      t.TempDir(),
		chips:     func() []gpio.ChipInfo { return nil },
		volume:    func(string) (volume, error) { return volume{free: 1 << 40}, nil },
		addresses: func() []string { return []string{"192.168.1.20"} },
		run:       func(context.Context, string, ...string) (string, error) { return "", exec.ErrNotFound },
	}
	for name, text := range files {
		at := m.at(name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, link := strings.CutPrefix(text, "-> "); link {
			err = os.Symlink(to, at)
		} else {
			err = os.WriteFile(at, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// lines are findings in short, as the text output has them.
func lines(all []finding) (text string) {
	for _, f := range inEnglish(all) {
		text += fmt.Sprintf("%s %s: %s -> %s\n", f.State, f.Part, f.Found, f.Do)
	}
	return text
}

// A looked is a machine, a look at it, and what must be said.
type looked struct {
	name  string
	files map[string]string
	says  []string // in this order
}

func (c looked) check(t *testing.T, look func(machine) []finding) {
	t.Helper()
	got := lines(look(tree(t, c.files)))
	rest := got
	for _, want := range c.says {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Errorf("%s: no %q in\n%s", c.name, want, got)
			return
		}
		rest = after
	}
	if len(c.says) == 0 && got != "" {
		t.Errorf("%s: says %s", c.name, got)
	}
}

// settings are a box's, read as from a file.
func settings(t *testing.T, text string) config.Settings {
	t.Helper()
	s, err := config.Parse("box.toml", []byte("schema = 1\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wired are the settings of a box with one of each.
const wired = `
[board]
model = "pi4"
[[printer]]
name = "atrio"
port = "/dev/serial/by-path/usb-0:1.2"
[[button]]
name = "anagrafe"
line = "GPIO17"
service = "anagrafe"
[[lamp]]
name = "anagrafe"
line = "GPIO22"
[[keypad]]
name = "sportello-1"
path = "/dev/input/by-path/usb-0:1.3-event-kbd"
desk = "s1"
`

func TestCheckDisk(t *testing.T) {
	for _, c := range []looked{
		{"nothing known", nil, nil},
		{"a good card", map[string]string{
			"/sys/fs/ext4/mmcblk0p2/errors_count": "0\n", "/sys/fs/ext4/features/lazy_itable_init": "supported",
			"/sys/block/mmcblk0/device/life_time": "0x01 0x02\n", "/sys/block/mmcblk0/device/pre_eol_info": "0x01\n",
		}, []string{"OK disk mmcblk0p2: the file system has met no error", "OK wear of mmcblk0: at most 20 %"}},
		{"errors", map[string]string{"/sys/fs/ext4/mmcblk0p2/errors_count": "3\n"},
			[]string{"WARN disk mmcblk0p2: the file system has met 3 errors", "backup"}},
		{"an old card", map[string]string{"/sys/block/mmcblk0/device/life_time": "0x09 0x01"},
			[]string{"WARN wear of mmcblk0: the card is near the end", "soon"}},
		{"a card that says so itself", map[string]string{"/sys/block/mmcblk0/device/life_time": "0x00 0x00", "/sys/block/mmcblk0/device/pre_eol_info": "0x02"},
			[]string{"WARN wear of mmcblk0"}},
		{"a dead card", map[string]string{"/sys/block/mmcblk0/device/life_time": "0x0B 0x01"},
			[]string{"FAIL wear of mmcblk0: the card has used up its life", "now"}},
		{"an SD card, which says nothing", map[string]string{"/sys/block/mmcblk0/device/type": "SD"}, nil},
		{"nonsense", map[string]string{"/sys/fs/ext4/x/errors_count": "?", "/sys/block/mmcblk0/device/life_time": "life"}, nil},
	} {
		c.check(t, func(m machine) []finding { return m.disk(config.Default()) })
	}
}

func TestCheckData(t *testing.T) {
	s := config.Default()
	s.Data.Dir = filepath.Join(t.TempDir(), "not", "yet", "there")
	for name, c := range map[string]struct {
		v    volume
		err  error
		says string
	}{
		"good":             {volume{free: 1 << 40, inodes: 1 << 20, allInodes: 1 << 21}, nil, "OK data: "},
		"no inodes at all": {volume{free: 1 << 40}, nil, "OK data: "},
		"low":              {volume{free: spaceLow - 1}, nil, "WARN data: "},
		"gone":             {volume{free: spaceGone - 1}, nil, "FAIL data: "},
		"few files":        {volume{free: 1 << 40, inodes: inodesLow - 1, allInodes: 1 << 20}, nil, "WARN data: "},
		"no more files":    {volume{free: 1 << 40, inodes: 3, allInodes: 1 << 20}, nil, "room for 3 more files -> delete files"},
		"memory":           {volume{free: 1 << 40, memory: true}, nil, "in memory: all tickets are lost with the power -> name a folder on a disk"},
		"read-only":        {volume{free: 1 << 40, readOnly: true}, nil, "is mounted read-only"},
		"a broken disk":    {volume{}, os.ErrInvalid, "-> look at the disk"},
	} {
		m := machine{root: "/", volume: func(string) (volume, error) { return c.v, c.err }}
		if got := lines(m.data(s)); !strings.Contains(got, c.says) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if v, err := volumeOf(t.TempDir()); err != nil || v.free == 0 || v.device == "" {
		t.Errorf("this machine's: %+v, %v", v, err)
	}
}

func TestCheckBoard(t *testing.T) {
	full := "dtparam=watchdog=on\n[pi3]\nenable_uart=0\n[pi4]\nenable_uart=1 # for the printer\n[all]\ndtoverlay=disable-bt\ngpio=4-13,16-27=ip,pu\n"
	for _, c := range []looked{
		{"no device tree", nil, nil},
		{"the right board", map[string]string{"/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\x00", "/boot/firmware/config.txt": full},
			[]string{"OK board: Raspberry Pi 4 Model B Rev 1.4 ->", "OK config.txt: /boot/firmware/config.txt"}},
		{"an older place, a line in another board's section", map[string]string{"/proc/device-tree/model": "Raspberry Pi 4 Model B", "/boot/config.txt": strings.Replace(full, "[pi4]", "[pi5]", 1)},
			[]string{"WARN config.txt: /boot/config.txt lacks: enable_uart=1 -> add these lines"}},
		{"another board", map[string]string{"/proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0"},
			[]string{"WARN board: this is a Raspberry Pi 5", `-> write model = "pi5"`}},
		{"a console on a line that no printer uses", map[string]string{"/proc/device-tree/model": "Raspberry Pi 4", "/boot/config.txt": full, "/boot/cmdline.txt": "console=serial0,115200 console=tty1"},
			[]string{"OK config.txt"}},
	} {
		c.check(t, func(m machine) []finding { return m.model(settings(t, wired)) })
	}
	own := settings(t, strings.ReplaceAll(wired, "/dev/serial/by-path/usb-0:1.2", "/dev/ttyAMA0"))
	looked{"a console on the printer's line", map[string]string{
		"/proc/device-tree/model": "Raspberry Pi 4", "/boot/firmware/config.txt": full, "/boot/firmware/cmdline.txt": "console=serial0,115200 console=tty1",
	}, []string{"FAIL cmdline.txt: the kernel writes on the line of a device: console=serial0,115200 ->"}}.check(t, func(m machine) []finding { return m.model(own) })
}

func TestCheckSupply(t *testing.T) {
	const throttled = "/sys/devices/platform/soc/soc:firmware/get_throttled"
	for _, c := range []looked{
		{"nothing known", nil, nil},
		{"good", map[string]string{throttled: "0\n", "/sys/class/thermal/thermal_zone0/temp": "51200\n"},
			[]string{"OK power", "OK temperature: 51 °C"}},
		{"low now, and slowed down", map[string]string{throttled: "50005\n"}, []string{"FAIL power: the voltage is too low -> use the board's own", "WARN speed"}},
		{"low before", map[string]string{throttled: "0x10000\n"}, []string{"WARN power: the voltage was too low since"}},
		{"by hwmon", map[string]string{"/sys/class/hwmon/hwmon1/name": "rpi_volt\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"}, []string{"FAIL power"}},
		{"well by hwmon", map[string]string{"/sys/class/hwmon/hwmon1/name": "rpi_volt\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n"}, []string{"OK power"}},
		{"another sensor", map[string]string{"/sys/class/hwmon/hwmon1/name": "nct6775\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"}, nil},
		{"warm", map[string]string{"/sys/class/thermal/thermal_zone0/temp": "40000", "/sys/class/thermal/thermal_zone1/temp": "78000"}, []string{"WARN temperature: 78 °C -> give"}},
		{"hot", map[string]string{"/sys/class/thermal/thermal_zone0/temp": "90000"}, []string{"FAIL temperature: 90 °C -> switch"}},
	} {
		c.check(t, func(m machine) []finding { return m.supply(config.Default()) })
	}
}

func TestCheckClockChip(t *testing.T) {
	looked{"none", nil, []string{"WARN clock chip: there is none"}}.check(t, func(m machine) []finding { return []finding{m.clockChip()} })
	looked{"one", map[string]string{"/sys/class/rtc/rtc0/name": "rpi-rtc"}, []string{"OK clock chip: rtc0 rpi-rtc"}}.check(t, func(m machine) []finding { return []finding{m.clockChip()} })
	looked{"set by the network", map[string]string{"/var/lib/systemd/timesync/clock": ""}, []string{"last set by the network on " + english().ShortDate(time.Now().UTC())}}.check(t, func(m machine) []finding { return m.clock(time.UTC) })
	// The office's zone counts, never that of the machine.
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("CET", 3600)} {
		at := time.Now().In(zone).Format(" MST,")
		if f := thisMachine().clock(zone)[0].in(english()); !strings.Contains(f.Found, at) {
			t.Errorf("in %s the clock is told as %q", zone, f.Found)
		}
		// On the technician's page it is told as each language writes a day.
		told := thisMachine().clock(zone)[0].in(words.In("de")).Found
		if day := words.In("de").ShortDate(time.Now().In(zone)); !strings.Contains(told, day+", ") {
			t.Errorf("in %s the clock is told in German as %q, without %q", zone, told, day)
		}
	}
}

func TestCheckService(t *testing.T) {
	const unit = "/lib/systemd/system/eliminacode.service"
	const enabled = "/etc/systemd/system/multi-user.target.wants/eliminacode.service"
	shipped, err := os.ReadFile(filepath.Join("..", "..", "deploy", "eliminacode.service"))
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]string{
		unit: string(shipped), enabled: "-> " + unit,
		"/usr/bin/eliminacode": "", "/etc/eliminacode/box.toml": "",
		"/etc/passwd":                         fmt.Sprintf("root:x:0:0::/root:/bin/sh\neliminacode:x:%d:990::/:/bin/false\n", os.Getuid()),
		"/etc/group":                          "root:x:0:\neliminacode:x:990:\ndialout:x:20:\ngpio:x:997:pi\ninput:x:995:\n",
		"/sys/class/watchdog/watchdog0/state": "active",
		"/etc/systemd/system.conf.d/20-watchdog.conf": "[Manager]\nRuntimeWatchdogSec=14\n",
	}
	but := func(changes ...string) map[string]string {
		files := map[string]string{}
		for name, text := range good {
			files[name] = text
		}
		for i := 0; i < len(changes); i += 2 {
			if files[changes[i]] = changes[i+1]; changes[i+1] == "" {
				delete(files, changes[i])
			}
		}
		return files
	}
	for _, c := range []looked{
		{"good", good, []string{"OK service: /lib/systemd", "OK rights: user eliminacode has the groups it needs: dialout, gpio, input", "OK watchdog: systemd feeds it (/etc/systemd/system.conf.d/20-watchdog.conf)"}},
		{"not installed", nil, []string{"WARN service: no eliminacode.service is installed", "-> copy eliminacode.service from the folder deploy of the program's source to /etc/systemd/system"}},
		{"not enabled", but(enabled, ""), []string{"WARN service", "systemctl enable --now eliminacode.service"}},
		{"no such group", but("/etc/group", "eliminacode:x:990:\ndialout:x:20:\ninput:x:995:\n"), []string{"FAIL service user: this system has no group gpio: systemd starts nothing (216/GROUP) -> run: groupadd --system gpio"}},
		{"no group for a device", but(unit, "[Service]\nUser=eliminacode\n", "/etc/group", "dialout:x:20:eliminacode\ninput:x:995:eliminacode\n"), []string{"FAIL rights: this system has no group gpio -> run: groupadd --system gpio"}},
		{"no such user", but("/etc/passwd", "root:x:0:0::/root:/bin/sh\n"), []string{"FAIL service user: this system has no user eliminacode: systemd starts nothing (217/USER) -> run: useradd --system"}},
		{"no program", but("/usr/bin/eliminacode", ""), []string{"FAIL service files: the unit starts /usr/bin/eliminacode, which is not there"}},
		{"no settings", but("/etc/eliminacode/box.toml", ""), []string{"FAIL service files: the unit names the settings /etc/eliminacode/box.toml, which are not there"}},
		{"not in a group", but(unit, "[Service]\nUser=eliminacode\nSupplementaryGroups=input\n"), []string{"FAIL rights: user eliminacode is not in group dialout, gpio -> run: usermod -aG dialout,gpio eliminacode"}},
		{"in the groups by /etc/group", but(unit, "User=eliminacode\n", "/etc/group", "dialout:x:1:eliminacode\ngpio:x:2:pi,eliminacode\ninput:x:3:eliminacode\n"), []string{"OK rights"}},
		{"root", but(unit, "[Service]\nExecStart=/usr/bin/eliminacode serve\n"), []string{"WARN rights: the service runs as root"}},
		{"no watchdog", but("/sys/class/watchdog/watchdog0/state", ""), []string{"WARN watchdog: the board's watchdog is off"}},
		{"a hungry watchdog", but("/etc/systemd/system.conf.d/20-watchdog.conf", "[Manager]\n#RuntimeWatchdogSec=14\n"), []string{"WARN watchdog: nobody feeds"}},
	} {
		c.check(t, func(m machine) []finding { return m.service(t.Context(), settings(t, wired)) })
	}
}

// TestCheckWhatTheServiceMayTouch: files of somebody else and folders that the
// unit keeps from its service are found before the service fails on them.
func TestCheckWhatTheServiceMayTouch(t *testing.T) {
	const strict = "[Service]\nExecStart=/usr/bin/eliminacode serve --config /etc/eliminacode/box.toml\nUser=eliminacode\nStateDirectory=eliminacode\nProtectSystem=strict\nProtectHome=yes\nPrivateTmp=yes\n"
	const another = "/etc/systemd/system/eliminacode.service.d/office.conf"
	passwd := func(id int) string { return fmt.Sprintf("eliminacode:x:%d:990::/:/bin/false\n", id) }
	for _, c := range []struct {
		looked
		dir  string
		user int
	}{
		{looked{"all its own", nil, []string{"OK service files: user eliminacode may read /etc/eliminacode/box.toml and write /var/lib/eliminacode"}}, defaultData, os.Getuid()},
		{looked{"settings of another", nil, []string{"FAIL service files: user eliminacode may not read /etc/eliminacode/box.toml -> run: chmod a+r /etc/eliminacode/box.toml"}}, defaultData, os.Getuid() + 1},
		{looked{"data of another", map[string]string{defaultData + "/journal/2026-01.db": ""}, []string{"FAIL service files: user eliminacode may not write /var/lib/eliminacode and 2 more -> run: chown -R eliminacode: /var/lib/eliminacode"}}, defaultData, os.Getuid() + 1},
		{looked{"below another folder", nil, []string{"FAIL service files: the unit lets its service write nothing in /srv/coda (ProtectSystem) -> run: systemctl edit eliminacode.service, and write below [Service]: ReadWritePaths=/srv/coda"}}, "/srv/coda", os.Getuid()},
		{looked{"a name that only begins alike", nil, []string{"FAIL service files: the unit lets its service write nothing in /var/lib/eliminacode2"}}, "/var/lib/eliminacode2", os.Getuid()},
		{looked{"opened by a drop-in", map[string]string{another: "[Service]\nReadWritePaths=-/srv/coda\n"}, []string{"OK service files"}}, "/srv/coda/data", os.Getuid()},
		{looked{"hidden", nil, []string{"FAIL service files: the unit hides /home/pi/data"}}, "/home/pi/data", os.Getuid()},
		{looked{"a passing folder", nil, []string{"FAIL service files: the service has a /tmp of its own"}}, "/tmp/data", os.Getuid()},
		{looked{"no protection", map[string]string{another: "[Service]\nProtectSystem=\n"}, []string{"OK service files"}}, "/srv/coda", os.Getuid()},
	} {
		files := map[string]string{
			"/etc/systemd/system/eliminacode.service": strict, "/usr/bin/eliminacode": "", "/etc/eliminacode/box.toml": "",
			"/etc/passwd": passwd(c.user), "/etc/group": "dialout:x:20:\n",
		}
		for name, text := range c.files {
			files[name] = text
		}
		c.files = files
		s := config.Default()
		s.Data.Dir = c.dir
		c.check(t, func(m machine) []finding { return m.service(t.Context(), s) })
	}
}

// TestCheckWhetherTheServiceRuns: a service that systemd starts again and again
// is found, with the end of its log.
func TestCheckWhetherTheServiceRuns(t *testing.T) {
	for _, c := range []struct{ says, want string }{
		{"ActiveState=active\nSubState=running\nNRestarts=0\nExecMainStatus=0\nActiveEnterTimestampMonotonic=999000000\n", "OK service state: the service runs"},
		{"ActiveState=active\nSubState=running\nNRestarts=3\nActiveEnterTimestampMonotonic=1000000\n", "OK service state: the service runs"},
		{"ActiveState=active\nSubState=running\nNRestarts=41\nActiveEnterTimestampMonotonic=999000000\n", "FAIL service state: the service has only just been started again (restart no. 41); its log ends:\nread-only file system ->"},
		{"ActiveState=activating\nSubState=auto-restart\nNRestarts=12\nExecMainStatus=217\n", "FAIL service state: the service does not stay up: systemd has started it again (restarts: 12); its user does not exist (status 217); its log ends:\nread-only file system -> correct what its log says, then run: systemctl restart eliminacode.service"},
		{"ActiveState=failed\nSubState=failed\nExecMainStatus=203\n", "FAIL service state: the service has failed; the program cannot be executed (status 203)"},
		{"ActiveState=inactive\nSubState=dead\n", "WARN service state: the service does not run -> run: systemctl start eliminacode.service"},
	} {
		m := tree(t, map[string]string{"/proc/uptime": "1000.00 900.00\n"})
		m.run = func(_ context.Context, name string, _ ...string) (string, error) {
			if name == "journalctl" {
				return "read-only file system\n", nil
			}
			return c.says, nil
		}
		if got := lines(m.running(t.Context())); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: says %s", c.says, got)
		}
	}
	m := tree(t, nil)
	if got := m.running(t.Context()); got != nil {
		t.Errorf("without systemd it says %v", got)
	}
}

// TestUnitLetsTheProgramSeeItsNetwork: without netlink the kernel tells nobody
// the box's addresses.
func TestUnitLetsTheProgramSeeItsNetwork(t *testing.T) {
	shipped, err := os.ReadFile(filepath.Join("..", "..", "deploy", "eliminacode.service"))
	if err != nil {
		t.Fatal(err)
	}
	u := unit{}
	u.read(string(shipped))
	families := u.words("RestrictAddressFamilies")
	for _, needed := range []string{"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"} {
		if !slices.Contains(families, needed) {
			t.Errorf("the unit allows %v and not %s", families, needed)
		}
	}
}

func TestCheckRules(t *testing.T) {
	for _, c := range []looked{
		{"missing", nil, []string{"WARN udev rules: 99-eliminacode.rules is not installed", "-> copy it from the folder firmware-config"}},
		{"there", map[string]string{"/usr/lib/udev/rules.d/99-eliminacode.rules": string(config.UdevRules)}, []string{"OK udev rules: /usr/lib"}},
		{"the administrator's own", map[string]string{"/usr/lib/udev/rules.d/99-eliminacode.rules": string(config.UdevRules), "/etc/udev/rules.d/99-eliminacode.rules": "# none\n"}, []string{"WARN udev rules: /etc"}},
	} {
		c.check(t, func(m machine) []finding { return m.rules(settings(t, wired)) })
	}
	looked{"no devices", nil, nil}.check(t, func(m machine) []finding { return m.rules(config.Default()) })
}

func TestCheckPages(t *testing.T) {
	files := map[string]string{"/proc/sys/kernel/hostname": "code\n"}
	for listen, want := range map[string][]string{
		"127.0.0.1:8080":   {"http://127.0.0.1:8080"},
		"0.0.0.0:8080":     {"http://code:8080", "http://192.168.1.20:8080"},
		":80":              {"http://code:80", "http://192.168.1.20:80"},
		"192.168.1.20:443": {"http://192.168.1.20:443"},
	} {
		if got := tree(t, files).reachedAt("http", listen); !slices.Equal(got, want) {
			t.Errorf("%s: %v", listen, got)
		}
	}
}

func TestCheckPorts(t *testing.T) {
	const name = "/dev/serial/by-path/usb-0:1.2"
	plugged := map[string]string{name: "-> ../../ttyUSB0", "/dev/ttyUSB0": "", "/sys/class/tty/ttyUSB0/dev": "188:0", "/sys/class/tty/console/active": "tty0 ttyAMA0\n"}
	with := func(more ...string) map[string]string {
		files := map[string]string{}
		for n, text := range plugged {
			files[n] = text
		}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	for _, c := range []looked{
		{"good", plugged, []string{" : "}},
		{"nothing plugged in", nil, []string{"FAIL", "is not there -> no serial adapter"}},
		{"in another socket", map[string]string{"/dev/serial/by-path/usb-0:1.4": "-> ../../ttyUSB0", "/dev/serial/by-id/usb-FTDI": "-> ../../ttyUSB0", "/dev/ttyUSB0": "", "/dev/ttyAMA0": ""},
			[]string{"FAIL", "is not there", "\n/dev/serial/by-path/usb-0:1.4\n/dev/serial/by-id/usb-FTDI\n/dev/ttyAMA0 (the board's own)"}},
		{"a link to nothing", map[string]string{name: "-> ../../ttyUSB0"}, []string{"FAIL", "is not there"}},
		{"no tty", map[string]string{name: "-> ../../null", "/dev/null": "", "/sys/class/tty/tty0/dev": "4:0"}, []string{"FAIL", "is no serial port -> write the path of a serial port in the settings; none is there now"}},
		{"no tty, and a port", map[string]string{name: "-> ../../null", "/dev/null": "", "/sys/class/tty/tty0/dev": "4:0", "/dev/ttyAMA0": ""},
			[]string{"FAIL", "is no serial port -> write the path of a serial port in the settings; there is:\n/dev/ttyAMA0 (the board's own)"}},
		{"the kernel's console", with("/sys/class/tty/console/active", "tty0 ttyUSB0\n"), []string{"FAIL", "the kernel's console writes on ttyUSB0 -> take console=ttyUSB0"}},
		{"a getty", with("/proc/321/fd/0", "-> /dev/ttyUSB0", "/proc/321/comm", "agetty\n"), []string{"FAIL", "in use by agetty (321) -> run: systemctl disable --now serial-getty@ttyUSB0.service"}},
		{"ModemManager", with("/proc/9/fd/0", "-> /dev/null", "/proc/9/fd/17", "-> /dev/ttyUSB0", "/proc/9/comm", "ModemManager\n"), []string{"FAIL", "ModemManager (9)", "disable --now ModemManager"}},
		{"another program", with("/proc/9/fd/17", "-> /dev/ttyUSB0", "/proc/9/comm", "minicom\n"), []string{"FAIL", "minicom (9) -> stop that program"}},
	} {
		c.check(t, func(m machine) []finding { return []finding{m.port(name, false)} })
	}
	looked{"the daemon's own", with("/proc/9/fd/17", "-> /dev/ttyUSB0", "/proc/9/comm", "eliminacode\n"), []string{" : "}}.
		check(t, func(m machine) []finding { return []finding{m.port(name, true)} })
}

func TestCheckKeypads(t *testing.T) {
	const name = "/dev/input/by-path/usb-0:1.3-event-kbd"
	for _, c := range []looked{
		{"good", map[string]string{name: "-> ../event3", "/dev/input/event3": ""}, []string{" : "}},
		{"none", nil, []string{"FAIL", "no keypad is plugged in"}},
		{"elsewhere", map[string]string{"/dev/input/by-path/usb-0:1.1-event-kbd": "-> ../event3", "/dev/input/by-path/usb-0:1.1-event-mouse": "-> ../event4"},
			[]string{"FAIL", "write the right path", "\n/dev/input/by-path/usb-0:1.1-event-kbd\n"}},
	} {
		c.check(t, func(m machine) []finding { return []finding{m.keypad(name)} })
	}
}

func TestCheckGPIO(t *testing.T) {
	chip := func(label string, lines ...string) []gpio.ChipInfo {
		c := gpio.ChipInfo{Label: label, Path: "/dev/gpiochip0"}
		for i := 0; i < len(lines); i += 2 {
			c.Lines = append(c.Lines, gpio.LineInfo{Name: lines[i], Consumer: lines[i+1]})
		}
		return []gpio.ChipInfo{{Label: "raspberrypi-exp-gpio"}, c}
	}
	for name, c := range map[string]struct {
		chips   []gpio.ChipInfo
		files   map[string]string
		running bool
		err     error
		says    []string
	}{
		"free":        {chips: chip("pinctrl-bcm2711", "GPIO17", "", "GPIO22", ""), says: []string{"OK GPIO: chip pinctrl-bcm2711 at /dev/gpiochip0: free lines 2 of 2"}},
		"in use":      {chips: chip("pinctrl-bcm2711", "GPIO17", "spi0 CS0", "GPIO22", ""), says: []string{"1 of 2", "FAIL line GPIO17: GPIO17 of button anagrafe is in use by spi0 CS0"}},
		"the daemon":  {chips: chip("pinctrl-bcm2711", "GPIO17", "eliminacode@7", "GPIO22", "eliminacode@7"), running: true, says: []string{"OK GPIO", "lines 2 of 2, and the daemon's"}},
		"missing":     {chips: chip("pinctrl-bcm2711", "GPIO17", ""), says: []string{"FAIL line GPIO22: pinctrl-bcm2711 has no line GPIO22 for lamp anagrafe"}},
		"other board": {chips: chip("pinctrl-rp1"), says: []string{"FAIL GPIO: there is no chip pinctrl-bcm2711", "raspberrypi-exp-gpio, pinctrl-rp1"}},
		"no rights":   {files: map[string]string{"/dev/gpiochip0": ""}, says: []string{"FAIL GPIO", "group gpio"}},
		"no GPIO":     {says: []string{"FAIL GPIO", "this machine has no GPIO"}},
		"a fault":     {err: os.ErrPermission, says: []string{"FAIL GPIO: permission denied"}},
	} {
		looked{name, c.files, c.says}.check(t, func(m machine) []finding {
			m.chips = func() []gpio.ChipInfo { return c.chips }
			return m.gpio(settings(t, wired), c.running, c.err)
		})
	}
	looked{"nothing wired", nil, nil}.check(t, func(m machine) []finding { return m.gpio(config.Default(), false, os.ErrPermission) })
}

// TestCheckSignIn: the secret and the provider of the body's own sign-in.
func TestCheckSignIn(t *testing.T) {
	hang := make(chan struct{})
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		issuer, _ := strings.CutSuffix(r.URL.Path, "/.well-known/openid-configuration")
		switch issuer {
		case "/good":
			fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"jwks_uri":%q}`,
				provider.URL+issuer, provider.URL+"/a", provider.URL+"/t", provider.URL+"/k")
		case "/another":
			fmt.Fprintf(w, `{"issuer":"https://login.example","authorization_endpoint":"/a","token_endpoint":"/t","jwks_uri":"/k"}`)
		case "/hangs":
			<-hang
		default:
			http.Error(w, strings.Repeat("no such page ", 10_000), http.StatusNotFound)
		}
	}))
	defer provider.Close()
	defer close(hang)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()

	const unit = "/lib/systemd/system/eliminacode.service"
	service := func(id int) map[string]string {
		return map[string]string{"/etc/eliminacode/secret": "s3cret\n", unit: "[Service]\nUser=eliminacode\n",
			"/etc/passwd": fmt.Sprintf("eliminacode:x:%d:990::/:/bin/false\n", id), "/etc/group": "eliminacode:x:990:\n"}
	}
	const needsSecret = "secret-file = \"/etc/eliminacode/secret\"\n"
	for _, c := range []struct {
		looked
		issuer, more string
	}{
		{looked{"none", nil, nil}, "", ""},
		{looked{"without a secret", nil, []string{"OK sign-in: " + provider.URL + "/good answers"}}, provider.URL + "/good", ""},
		{looked{"with a secret", service(os.Getuid()), []string{"OK sign-in secret: /etc/eliminacode/secret", "OK sign-in:"}}, provider.URL + "/good", needsSecret},
		{looked{"no secret", nil, []string{"FAIL sign-in secret: reading the secret of [web.oidc]", "write it into that file", "OK sign-in:"}}, provider.URL + "/good", needsSecret},
		{looked{"an empty one", map[string]string{"/etc/eliminacode/secret": " \n"}, []string{"FAIL sign-in secret", "is empty; write into it"}}, provider.URL + "/good", needsSecret},
		{looked{"that of another user", service(os.Getuid() + 1), []string{"FAIL sign-in secret: user eliminacode may not read /etc/eliminacode/secret", "-> run: chown eliminacode /etc/eliminacode/secret"}}, provider.URL + "/good", needsSecret},
		{looked{"another issuer", nil, []string{"WARN sign-in:", "-> write [web.oidc] issuer just as", "PIN or password meanwhile"}}, provider.URL + "/another", ""},
		{looked{"no provider", nil, []string{"WARN sign-in:", "404", "...", "-> write [web.oidc] issuer just as"}}, provider.URL + "/none", ""},
		{looked{"nobody", nil, []string{"WARN sign-in:", "-> look at the network"}}, gone.URL, ""},
		{looked{"an unknown authority", nil, []string{"WARN sign-in:", "-> install the certificate"}}, untrusted.URL, ""},
		{looked{"one that never answers", nil, []string{"WARN sign-in:", "-> look at the network"}}, provider.URL + "/hangs", ""},
	} {
		s := config.Default()
		if c.issuer != "" {
			s = settings(t, fmt.Sprintf("[web.oidc]\nissuer = %q\nclient = \"coda\"\naddress = \"https://coda.example\"\n", c.issuer)+c.more)
		}
		c.check(t, func(m machine) []finding {
			ctx := t.Context()
			if strings.HasSuffix(c.issuer, "/hangs") {
				var end context.CancelFunc
				ctx, end = context.WithTimeout(ctx, 50*time.Millisecond)
				defer end()
			}
			return m.signIn(ctx, s)
		})
	}
	m := tree(t, service(os.Getuid()))
	if err := os.Chmod(m.at("/etc/eliminacode/secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := lines(m.signIn(t.Context(), settings(t, fmt.Sprintf("[web.oidc]\nissuer = %q\nclient = \"coda\"\naddress = \"https://coda.example\"\n", provider.URL+"/good")+needsSecret))); !strings.Contains(got, "FAIL sign-in secret") || !strings.Contains(got, "chmod 600") {
		t.Errorf("a secret that others can read: %s", got)
	}
}

// TestCheckIsBounded looks at a disk that never answers.
func TestCheckIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &inspection{}
		begun := time.Now()
		hang := make(chan struct{})
		i.look(t.Context(), lookMost, partOf("disks"), func(context.Context) []finding { <-hang; return nil })
		close(hang)
		if took := time.Since(begun); took != lookMost || !failed(i.findings) {
			t.Errorf("after %v: %s", took, lines(i.findings))
		}
	})
}
