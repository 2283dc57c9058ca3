package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/deploy/virtual-board/wire"
	"eliminacode/device/sim/printer"
)

// The gadget: a serial line between two ends of the same board, one of which
// looks like a USB printer that was plugged in.
const (
	gadgetConfig = "/sys/kernel/config/usb_gadget/printer"
	controller   = "dummy_udc.0"
	printersEnd  = "/dev/ttyGS0"
)

// beginning are the bytes that every slip begins with.
var beginning = []byte{0x1B, 0x40}

// Printer is the simulated printer behind the USB gadget. It can be unplugged
// at a byte of a slip, and can stop reading altogether.
type Printer struct {
	model *printer.Printer

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when stalled changes
	stalled bool
	cutAt   int // bytes of the next slip after which the plug is pulled; 0 never
	chunks  []wire.Chunk
}

func newPrinter() *Printer {
	return &Printer{model: printer.New(printer.Config{Keep: 1000}), changed: make(chan struct{})}
}

// Make makes the gadget and switches the printer on. It is not plugged in yet.
func (p *Printer) Make(_ wire.None, _ *wire.None) error {
	for _, folder := range []string{"/strings/0x409", "/configs/c.1", "/functions/acm.0"} {
		if err := os.MkdirAll(gadgetConfig+folder, 0o755); err != nil {
			return err
		}
	}
	err := errors.Join(
		put(gadgetConfig+"/idVendor", "0x0525"), put(gadgetConfig+"/idProduct", "0xa4a7"),
		put(gadgetConfig+"/strings/0x409/product", "ticket printer"),
		os.Symlink(gadgetConfig+"/functions/acm.0", gadgetConfig+"/configs/c.1/acm.0"))
	if err != nil {
		return fmt.Errorf("making the gadget: %w", err)
	}
	go p.model.Run(context.Background())
	go p.serve()
	return nil
}

// Plug plugs the printer in.
func (p *Printer) Plug(_ wire.None, _ *wire.None) error { return put(gadgetConfig+"/UDC", controller) }

// Unplug pulls the plug.
func (p *Printer) Unplug(_ wire.None, _ *wire.None) error { return put(gadgetConfig+"/UDC", "\n") }

// UnplugAt pulls the plug when so many bytes of the next slip were read.
func (p *Printer) UnplugAt(bytes int, _ *wire.None) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cutAt = bytes
	return nil
}

// Stall makes the printer stop reading, or read on.
func (p *Printer) Stall(stalled bool, _ *wire.None) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = stalled
	close(p.changed)
	p.changed = make(chan struct{})
	return nil
}

// Printout is what was received and printed so far.
func (p *Printer) Printout(_ wire.None, out *wire.Printout) error {
	p.mu.Lock()
	out.Chunks = p.chunks
	p.mu.Unlock()
	for _, t := range p.model.Tickets() {
		out.Papers = append(out.Papers, wire.Paper{Number: t.Biggest(), Text: t.Text, Bytes: t.Bytes})
	}
	out.Complaints = p.model.Complaints()
	return nil
}

// serve keeps the printer on its end of the line, plug after plug.
func (p *Printer) serve() {
	for {
		line, err := openRaw(printersEnd)
		if err != nil {
			fmt.Println("printer:", err)
			time.Sleep(time.Second)
			continue
		}
		if err := p.model.Serve(context.Background(), &tapped{printer: p, File: line}); err != nil {
			fmt.Println("printer:", err)
		}
		// Without a plug reads end at once.
		time.Sleep(50 * time.Millisecond)
	}
}

// tapped is the printer's end of the line, with a hand on it.
type tapped struct {
	*os.File
	printer *Printer
	slip    int // bytes of the slip that the plug is to be pulled in; 0 before it
}

func (t *tapped) Read(b []byte) (int, error) {
	t.printer.waitForReading()
	n, err := t.File.Read(b)
	if n == 0 {
		return 0, errors.Join(err, io.ErrUnexpectedEOF)
	}
	return t.printer.took(b[:n], &t.slip), err
}

// waitForReading waits while the printer is stalled.
func (p *Printer) waitForReading() {
	for {
		p.mu.Lock()
		stalled, changed := p.stalled, p.changed
		p.mu.Unlock()
		if !stalled {
			return
		}
		<-changed
	}
}

// took notes what was read, and pulls the plug where it is to be pulled. It
// gives the number of bytes that still reached the printer.
func (p *Printer) took(b []byte, slip *int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	begin := 0
	if *slip == 0 {
		begin = bytes.Index(b, beginning)
	}
	if p.cutAt > 0 && begin >= 0 {
		*slip += len(b) - begin
		if over := *slip - p.cutAt; over >= 0 {
			b = b[:len(b)-over]
			p.cutAt = 0
			if err := p.Unplug(wire.None{}, nil); err != nil {
				fmt.Println("printer: pulling the plug:", err)
			}
		}
	}
	p.chunks = append(p.chunks, wire.Chunk{At: now(), Data: bytes.Clone(b)})
	return len(b)
}

// openRaw opens a terminal line as plain bytes, and so that closing it ends a
// read that is under way.
func openRaw(path string) (*os.File, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err == nil {
		t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
		t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
		t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
		err = unix.IoctlSetTermios(fd, unix.TCSETS, t)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making %s raw: %w", path, err), unix.Close(fd))
	}
	return os.NewFile(uintptr(fd), path), nil
}
