package printer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
)

// overTCP serves a printer behind a free port.
func overTCP(t *testing.T, p *printer.Printer, refuse bool) (dial func() net.Conn) {
	t.Helper()
	tcp, err := sim.ListenTCP(0)
	if err != nil {
		t.Fatal(err)
	}
	tcp.RefuseOthers = refuse
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { p.Run(ctx) })
	all.Go(func() { tcp.Serve(ctx, p.Serve) })
	t.Cleanup(func() { cancel(); all.Wait() })
	return func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", tcp.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
}

// asks sends a question and reports what comes of it within d.
func asks(conn net.Conn, d time.Duration) error {
	if _, err := io.WriteString(conn, ask1); err != nil {
		return err
	}
	conn.SetReadDeadline(time.Now().Add(d))
	_, err := io.ReadFull(conn, make([]byte, 1))
	return err
}

// One host at a time: the second waits until the first has hung up.
func TestSecondHostWaits(t *testing.T) {
	t.Parallel()
	dial := overTCP(t, printer.New(printer.Config{}), false)
	first, second := dial(), dial()
	if err := asks(first, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := asks(second, 50*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the second host heard something: %v", err)
	}
	first.Close()
	second.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.ReadFull(second, make([]byte, 1)); err != nil {
		t.Errorf("its turn did not come: %v", err)
	}
}

// Or it is refused; and either may come again.
func TestSecondHostIsRefused(t *testing.T) {
	t.Parallel()
	p := printer.New(printer.Config{})
	dial := overTCP(t, p, true)
	first := dial()
	if err := asks(first, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := asks(dial(), time.Minute); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the second host was not refused: %v", err)
	}
	p.UnplugAfter(1)
	if err := asks(first, time.Minute); err == nil {
		t.Error("an unplugged line answered")
	}
	for range 100 {
		if err := asks(dial(), time.Minute); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond) // the printer notices the first one's end
	}
	t.Error("nobody gets in any more")
}
