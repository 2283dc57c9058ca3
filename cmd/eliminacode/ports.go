package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// portAgain is how often a taken port is tried.
const portAgain = time.Second

// A takenPort is why a port cannot be opened: a program has it.
type takenPort struct {
	address string
	holders []string // as machine.holders has them; none where they cannot be seen
}

func (e takenPort) Error() string {
	who := "another program"
	if len(e.holders) > 0 {
		who = strings.Join(e.holders, ", ")
	}
	return fmt.Sprintf("%s is taken by %s; choose another with --listen, or stop that one", e.address, who)
}

// finding is what check says of the taken port of the pages, or of those for the staff.
func (e takenPort) finding(staff bool) finding {
	p, args := partOf("pages"), []any{"address", e.address, "port", portOf(e.address), "who", strings.Join(e.holders, ", ")}
	seen := len(e.holders) > 0
	switch {
	case staff && seen:
		return p.fail("staff-held", args...)
	case staff:
		return p.fail("staff-held-unseen", args...)
	case seen:
		return p.fail("pages-held", args...)
	}
	return p.fail("pages-held-unseen", args...)
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// listen opens a port. The error is a takenPort when another program has it.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, takenPort{address, thisMachine().portHolders(address)}
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%s needs a right that this program does not have; use a port above 1023", address)
	default:
		return nil, fmt.Errorf("opening %s: %w; write --listen host:port, such as 127.0.0.1:8080", address, err)
	}
}

// tellTaken says on the console, which is the service's log too, who has the port of
// the pages of a box that is out of service, and what to do.
func (p program) tellTaken(taken takenPort) {
	f := taken.finding(false).in(english())
	fmt.Fprintf(p.errs, "eliminacode: the pages cannot say why the office does not start: %s\n%s\nThey come by themselves once the port is free.\n", f.Found, f.Do)
}

// tellLate says the same of an office that works without its pages meanwhile.
func (p program) tellLate(taken takenPort) {
	f := taken.finding(false).in(english())
	fmt.Fprintf(p.errs, "eliminacode: the pages cannot be reached yet: %s\n%s\nButtons, keypads and printers work meanwhile. The pages come by themselves once the port is free.\n", f.Found, f.Do)
}

// listenPages opens the port of the pages. One that another program has is told, and
// opened as soon as it is free: buttons and printers work without it. Without tell a
// start fails by it.
func listenPages(address string, tell func(takenPort), log *slog.Logger) (net.Listener, error) {
	l, err := listen(address)
	var taken takenPort
	if tell == nil || !errors.As(err, &taken) {
		return l, err
	}
	tell(taken)
	return newLatePort(address, "the pages can be reached", log)
}

// portHolders are the programs that listen on the port of an address, as holders has
// them.
func (m machine) portHolders(address string) (all []string) {
	const local, state, inode, listens = 1, 3, 9, "0A"
	port, err := strconv.ParseUint(portOf(address), 10, 16)
	if err != nil {
		return nil
	}
	end := fmt.Sprintf(":%04X", port)
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for line := range strings.Lines(m.text(table)) {
			f := strings.Fields(line)
			if len(f) > inode && f[state] == listens && strings.HasSuffix(f[local], end) {
				all = append(all, m.holders("socket:["+f[inode]+"]")...)
			}
		}
	}
	return all
}

// listenStaff opens the port of the pages under TLS; nil for an empty address. One that
// another program has is opened as soon as it is free: the rest of the office works
// without it.
func listenStaff(address string, log *slog.Logger) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	l, err := listen(address)
	var taken takenPort
	if !errors.As(err, &taken) {
		return l, err
	}
	f := taken.finding(true).in(english())
	log.Error("the staff's pages cannot be reached yet", "found", f.Found, "do", f.Do)
	return newLatePort(address, "the staff's pages can be reached", log)
}

// A latePort is a listener on a port that another program had. Accept waits until it
// is free.
type latePort struct {
	address string
	at      *net.TCPAddr
	there   string // what the log says once it is open
	log     *slog.Logger
	life    context.Context // until Close
	end     context.CancelFunc
	opened  atomic.Pointer[net.Listener]
	open    chan struct{} // closed once it is
}

func newLatePort(address, there string, log *slog.Logger) (*latePort, error) {
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	if at.IP == nil {
		at.IP = net.IPv6unspecified // as an open one tells it
	}
	l := &latePort{address: address, at: at, there: there, log: log, open: make(chan struct{})}
	l.life, l.end = context.WithCancel(context.Background())
	return l, nil
}

func (l *latePort) Accept() (net.Conn, error) {
	for l.opened.Load() == nil {
		if l.life.Err() != nil {
			return nil, net.ErrClosed
		}
		port, err := listen(l.address)
		if err != nil {
			rest(l.life, portAgain)
			continue
		}
		l.log.Info(l.there, "address", l.address)
		l.opened.Store(&port)
		close(l.open)
		// Whichever of the two comes first, the port is closed.
		context.AfterFunc(l.life, func() { port.Close() })
	}
	return (*l.opened.Load()).Accept()
}

func (l *latePort) Close() error {
	l.end()
	if port := l.opened.Load(); port != nil {
		return (*port).Close()
	}
	return nil
}

func (l *latePort) Addr() net.Addr { return l.at }

// whenOpen is closed once a listener has its port.
func whenOpen(l net.Listener) <-chan struct{} {
	if late, ok := l.(*latePort); ok {
		return late.open
	}
	open := make(chan struct{})
	close(open)
	return open
}

// awaited is the address of a listener whose port another program still has; empty
// once it has it.
func awaited(l net.Listener) string {
	if late, ok := l.(*latePort); ok && late.opened.Load() == nil {
		return late.address
	}
	return ""
}
