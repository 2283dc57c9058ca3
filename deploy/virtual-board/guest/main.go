// Command guest is the only program of the virtual board beside the product.
//
// As the kernel's first process it mounts what programs expect, loads the
// modules that /modules/order names, keeps the stable names of devices as udev
// would, and then does what the host asks over a virtio port: it plays the
// hardware (contacts, the printer behind a USB gadget), starts the daemon and
// looks at it from outside. It decides nothing and checks nothing; that is
// proof's business.
package main

import (
	"fmt"
	"net/rpc"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "guest runs as the first process of the virtual board only")
		os.Exit(2)
	}
	err := run()
	fmt.Println("guest:", err)
	time.Sleep(time.Second) // The console is slow, and what it says last matters most.
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF); err != nil {
		fmt.Println("guest: switching off:", err)
	}
}

// run serves the host until its port is lost.
func run() error {
	if err := mountAll(); err != nil {
		return err
	}
	if err := loadModules("/modules"); err != nil {
		return err
	}
	if err := loopbackUp(); err != nil {
		return err
	}
	if err := keepLinks(); err != nil {
		return err
	}
	server := rpc.NewServer()
	for name, receiver := range map[string]any{
		"System": &System{}, "Daemon": &Daemon{}, "Chip": &Chip{}, "Printer": newPrinter(), "Ears": &Ears{},
	} {
		if err := server.RegisterName(name, receiver); err != nil {
			return err
		}
	}
	port, err := openPort()
	if err != nil {
		return err
	}
	server.ServeConn(port)
	return fmt.Errorf("the host is gone")
}

// openPort opens the port that the host listens on.
func openPort() (port *os.File, err error) {
	for range 1000 {
		if port, err = os.OpenFile("/dev/vport0p1", os.O_RDWR, 0); err == nil {
			return port, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil, fmt.Errorf("opening the control port: %w", err)
}
