package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// A TCP is a network socket that a simulated device stands behind, as printers
// with a network card have one on port 9100.
type TCP struct {
	listener net.Listener
	// RefuseOthers closes every connection beyond the first at once, as some
	// printers do; the others let hosts wait for their turn.
	RefuseOthers bool
}

// ListenTCP opens the socket on the loopback address only: a simulated printer
// obeys everybody who can reach it. Port 0 takes any free one.
func ListenTCP(port int) (*TCP, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(port)))
	if err != nil {
		return nil, fmt.Errorf("listening for a host of the simulated printer: %w; choose another port", err)
	}
	return &TCP{listener: l}, nil
}

// Addr is what the host dials.
func (t *TCP) Addr() string { return t.listener.Addr().String() }

// Serve lets a device live behind the socket until ctx ends, one host at a
// time, as real ones do. See PTY.Serve.
func (t *TCP) Serve(ctx context.Context, serve func(context.Context, io.ReadWriteCloser) error) error {
	stop := context.AfterFunc(ctx, func() { t.listener.Close() })
	defer stop()
	defer t.listener.Close()
	var hosts sync.WaitGroup
	defer hosts.Wait()
	turn := make(chan struct{}, 1) // holds one value while a host is served
	for {
		if !t.RefuseOthers {
			// Who dials meanwhile waits in the kernel's queue.
			turn <- struct{}{}
			<-turn
		}
		conn, err := t.listener.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("accepting a host of the simulated printer: %w", err)
		}
		select {
		case turn <- struct{}{}:
			hosts.Go(func() {
				defer func() { <-turn }()
				_ = serve(ctx, conn) // how a line ends is the host's affair
			})
		default:
			conn.Close()
		}
	}
}
