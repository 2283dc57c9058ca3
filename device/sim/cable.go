package sim

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"sync"
)

// A Cable is a serial line without a kernel, for tests in a bubble of
// testing/synctest: a device hangs at its far end for as long as it is plugged.
// All methods may be called from anywhere.
type Cable struct {
	serve func(context.Context, io.ReadWriteCloser) error

	mu      sync.Mutex
	plugged bool
	far     net.Conn // of the last Open
	ended   sync.WaitGroup
}

// NewCable makes a plugged cable; serve is the device, such as Printer.Serve.
func NewCable(serve func(context.Context, io.ReadWriteCloser) error) *Cable {
	return &Cable{serve: serve, plugged: true}
}

// Open opens the near end. It fails as the kernel does when nothing is plugged.
func (c *Cable) Open() (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.plugged {
		return nil, fmt.Errorf("opening simulated cable: %w", fs.ErrNotExist)
	}
	near, far := net.Pipe()
	c.far = far
	c.ended.Go(func() { _ = c.serve(context.Background(), far) })
	return near, nil
}

// Unplug breaks the line: reads end, writes fail, and Open finds nothing.
func (c *Cable) Unplug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plugged = false
	if c.far != nil {
		c.far.Close()
	}
}

// Replug lets Open find the device again.
func (c *Cable) Replug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plugged = true
}

// Close unplugs, and waits until the device has noticed.
func (c *Cable) Close() error {
	c.Unplug()
	c.ended.Wait()
	return nil
}
