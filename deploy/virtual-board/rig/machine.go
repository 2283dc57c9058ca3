package rig

import (
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Keypads are the names of the machine's keypads. They are of one make, and
// only the plug tells them apart.
var Keypads = []string{"left", "right"}

// A Config says what to boot.
type Config struct {
	Kernel, Initramfs string
	// DiskSocket is where the disk's Disk listens.
	DiskSocket string
	// Logs is a folder for what the machine and qemu say.
	Logs string
	// Clock is the time on the machine's clock when it starts.
	Clock time.Time
}

// A Machine is one running virtual board.
type Machine struct {
	// Agent calls what guest serves.
	Agent *rpc.Client
	// Booted is the time from the start of qemu to the agent's first answer.
	Booted time.Duration

	qemu    *exec.Cmd
	monitor *monitor
	sockets string // a folder; short, since the kernel bounds their paths
	ended   chan struct{}
}

// bootMost is how long a boot may take: ten times what it takes on two cores
// that are busy with other things.
const bootMost = 90 * time.Second

// Boot starts a machine and waits until its agent answers.
func Boot(cfg Config) (*Machine, error) {
	dir, err := os.MkdirTemp("", "board")
	if err != nil {
		return nil, err
	}
	m := &Machine{sockets: dir, ended: make(chan struct{})}
	if err := m.boot(cfg); err != nil {
		return nil, errors.Join(err, m.Kill())
	}
	return m, nil
}

func (m *Machine) boot(cfg Config) error {
	// qemu connects to both, so that neither has to be waited for.
	control, err := net.Listen("unix", filepath.Join(m.sockets, "control"))
	if err != nil {
		return err
	}
	defer control.Close()
	qmp, err := net.Listen("unix", filepath.Join(m.sockets, "qmp"))
	if err != nil {
		return err
	}
	defer qmp.Close()
	log, err := os.Create(filepath.Join(cfg.Logs, "qemu.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	begun := time.Now()
	// A board has its processor to itself: what else the host does must not slow it
	// down, as far as the host lets it have that.
	m.qemu = exec.Command("nice", append([]string{"-n", "-15", "qemu-system-aarch64"}, m.arguments(cfg)...)...)
	m.qemu.Stdout, m.qemu.Stderr = log, log
	// However the host's program ends, it leaves no machine behind.
	m.qemu.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.qemu.Start(); err != nil {
		m.qemu = nil
		return fmt.Errorf("starting qemu: %w", err)
	}
	go func() {
		m.qemu.Wait() //nolint:errcheck // It ends by being killed.
		control.Close()
		qmp.Close()
		close(m.ended)
	}()
	conn, err := qmp.Accept()
	if err != nil {
		return fmt.Errorf("starting qemu: it ended at once; see %s", log.Name())
	}
	if m.monitor, err = newMonitor(conn); err != nil {
		return err
	}
	if conn, err = control.Accept(); err != nil {
		return fmt.Errorf("starting qemu: it ended at once; see %s", log.Name())
	}
	m.Agent = rpc.NewClient(conn)
	var up time.Duration
	if err := m.CallWithin(bootMost, "System.Uptime", struct{}{}, &up); err != nil {
		return fmt.Errorf("booting: %w", err)
	}
	m.Booted = time.Since(begun)
	return nil
}

// arguments are qemu's. It interprets the processor (TCG) whatever the host
// could do, so that a proof means the same everywhere.
func (m *Machine) arguments(cfg Config) []string {
	args := []string{
		"-M", "virt", "-accel", "tcg,thread=multi,tb-size=256", "-cpu", "cortex-a53", "-smp", "1", "-m", "512",
		"-nodefaults", "-display", "none", "-no-reboot",
		"-kernel", cfg.Kernel, "-initrd", cfg.Initramfs,
		"-append", "console=ttyAMA0 quiet loglevel=4 panic=-1 mitigations=off nokaslr cryptomgr.notests random.trust_cpu=on",
		"-rtc", "base=" + cfg.Clock.UTC().Format("2006-01-02T15:04:05"),
		"-serial", "file:" + filepath.Join(cfg.Logs, "console.log"),
		"-qmp", "unix:" + filepath.Join(m.sockets, "qmp"),
		"-device", "virtio-serial-pci",
		"-chardev", "socket,id=control,path=" + filepath.Join(m.sockets, "control"),
		"-device", "virtserialport,chardev=control,nr=1",
		"-blockdev", "driver=nbd,node-name=disk,server.type=unix,server.path=" + cfg.DiskSocket + ",export=disk",
		"-device", "virtio-blk-pci,drive=disk,write-cache=on",
		"-device", "qemu-xhci,id=usb,addr=" + usbSlot,
		"-chardev", "socket,id=line,server=on,wait=off,path=" + m.usbSerial(),
		"-device", "usb-serial,chardev=line,bus=usb.0,port=" + usbSerialPort,
	}
	for _, k := range Keypads {
		// qemu sends keys to a keyboard by the display that it belongs to.
		args = append(args, "-device", "bochs-display,romfile=,id="+displayOf(k), "-device", keypadDevice(k))
	}
	return args
}

// Where the USB controller sits on the PCI, and the serial adapter on it: the
// stable names of what hangs there are made of both.
const usbSlot, usbSerialPort = "10.0", "3"

func displayOf(keypad string) string { return "display-" + keypad }

// portOf is the USB port of a keypad, from 1.
func portOf(keypad string) string {
	for i, k := range Keypads {
		if k == keypad {
			return fmt.Sprint(i + 1)
		}
	}
	return "" // qemu refuses it.
}

// keypadProperties are a keypad's, as qemu's -device and device_add take them.
func keypadProperties(keypad string) map[string]string {
	return map[string]string{"driver": "usb-kbd", "id": keypad, "bus": "usb.0", "port": portOf(keypad), "display": displayOf(keypad)}
}

func keypadDevice(keypad string) string {
	p := keypadProperties(keypad)
	var all []string
	for _, name := range []string{"id", "bus", "port", "display"} {
		all = append(all, name+"="+p[name])
	}
	return p["driver"] + "," + strings.Join(all, ",")
}

func (m *Machine) usbSerial() string { return filepath.Join(m.sockets, "line") }

// PlugSerial plugs the USB serial adapter in and gives the far end of its line.
// It must be read all the time, or qemu stands still; closing it unplugs.
func (m *Machine) PlugSerial() (net.Conn, error) { return net.Dial("unix", m.usbSerial()) }

// PlugKeypad plugs a keypad in where it was.
func (m *Machine) PlugKeypad(keypad string) error {
	return m.monitor.do("device_add", keypadProperties(keypad))
}

// UnplugKeypad pulls a keypad's plug.
func (m *Machine) UnplugKeypad(keypad string) error {
	return m.monitor.do("device_del", map[string]string{"id": keypad})
}

// keyRest is how long a key is down, and rests before the next one.
const keyRest = 80 * time.Millisecond

// Type presses keys of a keypad one after the other, by qemu's names such as
// kp_enter.
func (m *Machine) Type(keypad string, keys ...string) error {
	for _, key := range keys {
		for _, down := range []bool{true, false} {
			err := m.monitor.do("input-send-event", map[string]any{
				"device": displayOf(keypad),
				"events": []any{map[string]any{"type": "key", "data": map[string]any{
					"down": down, "key": map[string]string{"type": "qcode", "data": key},
				}}},
			})
			if err != nil {
				return err
			}
			time.Sleep(keyRest)
		}
	}
	return nil
}

// CallWithin calls the agent and waits for its answer so long.
func (m *Machine) CallWithin(most time.Duration, method string, arguments, answer any) error {
	call := m.Agent.Go(method, arguments, answer, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		return call.Error
	case <-m.ended:
		return fmt.Errorf("%s: qemu has ended", method)
	case <-time.After(most):
		return fmt.Errorf("%s: the board does not answer in %v", method, most)
	}
}

// Kill cuts the board's power: qemu is killed where it is.
func (m *Machine) Kill() error {
	if m.qemu != nil {
		if err := m.qemu.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-m.ended
	}
	if m.Agent != nil {
		m.Agent.Close()
	}
	if m.monitor != nil {
		m.monitor.conn.Close()
	}
	return os.RemoveAll(m.sockets)
}
