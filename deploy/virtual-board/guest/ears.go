package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"

	"eliminacode/deploy/virtual-board/wire"
)

// Ears listen to the keypads as any other program could: on their nodes,
// without a grab, and on the text console that keyboards write to.
type Ears struct {
	mu    sync.Mutex
	open  []*os.File
	heard wire.Heard
}

// inputs are the keypads; console is where their keys would go.
const (
	inputs  = "/dev/input/by-path/*-event-kbd"
	console = "/dev/tty1"
)

// Listen begins to listen to what is plugged in now, and forgets what was
// heard before.
func (e *Ears) Listen(_ wire.None, _ *wire.None) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.open {
		f.Close()
	}
	e.open, e.heard = nil, wire.Heard{}
	nodes, err := filepath.Glob(inputs)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		fd, err := unix.Open(node, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("listening to %s: %w", node, err)
		}
		f := os.NewFile(uintptr(fd), node)
		e.open = append(e.open, f)
		e.heard.Readers++
		go e.keys(f)
	}
	tty, err := openRaw(console)
	if err != nil {
		return err
	}
	e.open = append(e.open, tty)
	go e.text(tty)
	return nil
}

// Heard is what was heard since Listen.
func (e *Ears) Heard(_ wire.None, h *wire.Heard) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	*h = e.heard
	return nil
}

// From linux/input.h on a 64-bit machine: two times of 8 bytes, then type,
// code and value.
const (
	eventBytes = 24
	evKey      = 1
	keyDown    = 1
)

func (e *Ears) keys(f *os.File) {
	buf := make([]byte, 64*eventBytes)
	for {
		n, err := f.Read(buf)
		for b := buf[:n]; len(b) >= eventBytes; b = b[eventBytes:] {
			if binary.LittleEndian.Uint16(b[16:]) == evKey && binary.LittleEndian.Uint32(b[20:]) == keyDown {
				e.mu.Lock()
				e.heard.Keys++
				e.mu.Unlock()
			}
		}
		if err != nil {
			e.ended(f, err)
			return
		}
	}
}

func (e *Ears) text(f *os.File) {
	buf := make([]byte, 256)
	for {
		n, err := f.Read(buf)
		e.mu.Lock()
		e.heard.Console += string(buf[:n])
		e.mu.Unlock()
		if err != nil {
			e.ended(f, err)
			return
		}
	}
}

// ended says when a reader ends for another reason than that it was closed or
// unplugged.
func (e *Ears) ended(f *os.File, err error) {
	if !errors.Is(err, os.ErrClosed) && !errors.Is(err, unix.ENODEV) {
		fmt.Println("listening to", f.Name()+":", err)
	}
}
