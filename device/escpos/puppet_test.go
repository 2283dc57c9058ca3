package escpos_test

import (
	"bytes"
	"context"
	"net"
	"sync"

	"eliminacode/device/escpos"
	"eliminacode/device/sim/printer"
)

// A puppet answers as its strings are pulled: what no honest simulation would
// do at a moment that a test chooses. It has no paper and no time.
type puppet struct {
	mu      sync.Mutex
	conn    net.Conn
	status  [5]byte // answers to DLE EOT 1 to 4
	full    [4]byte // answer to DLE EOT 20
	mute    bool    // answers nothing
	muteJob bool    // answers no process id and no GS r
	ids     []string
	heard   []byte // everything, ever
	answers map[string]string
}

func newPuppet() *puppet {
	return &puppet{status: [5]byte{0, 0x12, 0x12, 0x12, 0x12}, answers: map[string]string{}}
}

// wire makes the puppet the printer of a room.
func (u *puppet) wire(cfg *escpos.Config) {
	cfg.Open = func(context.Context) (escpos.Line, error) {
		ours, theirs := net.Pipe()
		u.mu.Lock()
		u.conn = theirs
		u.mu.Unlock()
		go u.serve(theirs)
		return ours, nil
	}
}

func (u *puppet) serve(conn net.Conn) {
	buf := make([]byte, 8192)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			conn.Close()
			return
		}
		if answer := u.hear(buf[:n]); len(answer) > 0 {
			conn.Write(answer)
		}
	}
}

func (u *puppet) hear(b []byte) (answer []byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.heard = append(u.heard, b...)
	if u.mute {
		return nil
	}
	for i := range b {
		rest := b[i:]
		switch {
		case bytes.HasPrefix(rest, []byte{0x10, 0x04, 20}):
			answer = append(append(answer, 0x10, 0x0f), u.full[:]...)
		case bytes.HasPrefix(rest, []byte{0x10, 0x04}) && len(rest) > 2 && rest[2] < 5:
			answer = append(answer, u.status[rest[2]])
		case bytes.HasPrefix(rest, []byte{0x1d, 'r', 1}) && !u.muteJob:
			answer = append(answer, 0)
		case bytes.HasPrefix(rest, []byte{0x1d, '(', 'H', 6, 0, '0', '0'}) && len(rest) >= 11:
			id := string(rest[7:11])
			u.ids = append(u.ids, id)
			if !u.muteJob {
				answer = append(append(answer, 0x37, 0x22), id+"\x00"...)
			}
		}
		for question, a := range u.answers {
			if bytes.HasPrefix(rest, []byte(question)) {
				answer = append(answer, a...)
			}
		}
	}
	return answer
}

// pull changes the puppet.
func (u *puppet) pull(f func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f()
}

// say sends what nobody asked for.
func (u *puppet) say(text string) {
	u.mu.Lock()
	conn := u.conn
	u.mu.Unlock()
	conn.Write([]byte(text))
}

// all is everything that it heard.
func (u *puppet) all() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return string(u.heard)
}

// hangUp breaks the line.
func (u *puppet) hangUp() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.conn.Close()
}

func (u *puppet) count(command string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return bytes.Count(u.heard, []byte(command))
}

// noSim is the simulation that stands beside a puppet and does nothing.
var noSim = printer.Config{}
