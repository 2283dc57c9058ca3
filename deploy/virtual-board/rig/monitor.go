package rig

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// A monitor speaks qemu's machine protocol, QMP.
type monitor struct {
	mu      sync.Mutex
	conn    net.Conn
	answers chan qmpAnswer
}

type qmpAnswer struct {
	Return json.RawMessage `json:"return"`
	Event  string          `json:"event"`
	Error  *struct {
		Class string `json:"class"`
		Desc  string `json:"desc"`
	} `json:"error"`
}

// monitorMost is how long qemu may take to answer.
const monitorMost = 30 * time.Second

func newMonitor(conn net.Conn) (*monitor, error) {
	m := &monitor{conn: conn, answers: make(chan qmpAnswer, 1)}
	in := bufio.NewScanner(conn)
	in.Buffer(nil, 1<<20)
	if !in.Scan() { // its greeting
		return nil, errors.Join(errors.New("qemu's monitor says nothing"), in.Err())
	}
	go func() {
		defer close(m.answers)
		for in.Scan() {
			var a qmpAnswer
			if json.Unmarshal(in.Bytes(), &a) == nil && a.Event == "" {
				m.answers <- a
			}
		}
	}()
	return m, m.do("qmp_capabilities", nil)
}

// do has qemu carry out one command.
func (m *monitor) do(command string, arguments any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ask := map[string]any{"execute": command}
	if arguments != nil {
		ask["arguments"] = arguments
	}
	if err := json.NewEncoder(m.conn).Encode(ask); err != nil {
		return fmt.Errorf("asking qemu to %s: %w", command, err)
	}
	select {
	case a, ok := <-m.answers:
		switch {
		case !ok:
			return fmt.Errorf("asking qemu to %s: it has ended", command)
		case a.Error != nil:
			return fmt.Errorf("asking qemu to %s: %s: %s", command, a.Error.Class, a.Error.Desc)
		}
		return nil
	case <-time.After(monitorMost):
		return fmt.Errorf("asking qemu to %s: no answer in %v", command, monitorMost)
	}
}
