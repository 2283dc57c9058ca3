package serial

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// A model is a printer behind an adapter, in time that costs nothing: a wire
// that takes its time, a buffer with a reserve, a head that is slow and stops in
// the middle, and a DSR that is told late.
type model struct {
	perByte  time.Duration // on the wire
	perPrint time.Duration // a byte at the head
	buffer   int
	busyAt   int // bytes left when it says busy
	readyAt  int // and when it no longer does
	late     time.Duration
	stopAt   int // bytes printed before it stops, such as for paper
	stopFor  time.Duration

	began         time.Time
	now           time.Duration // simulated so far
	queue         int           // in the adapter
	onWire        time.Duration // when the next byte arrives
	printing      time.Duration // when the next byte is printed
	used          int
	arrived       int
	printed, lost int
	busy          []change // oldest first
}

type change struct {
	at   time.Duration
	busy bool
}

// wireByte is the time of ten bits, on a wire that is 3 % slower than it says.
func wireByte(baud int) time.Duration { return 1030 * 10 * time.Millisecond / time.Duration(baud) }

const modelStep = 50 * time.Microsecond

// run brings the model up to the present.
func (m *model) run() {
	for until := time.Since(m.began); m.now < until; m.now += modelStep {
		if m.queue > 0 && m.now >= m.onWire {
			m.queue--
			m.onWire += m.perByte
			m.arrived++
			if m.used == m.buffer {
				m.lost++
			} else {
				m.used++
			}
		}
		if m.used > 0 && m.now >= m.printing {
			m.used--
			m.printed++
			m.printing = max(m.printing, m.now-modelStep) + m.perPrint
			if m.printed == m.stopAt {
				m.printing = m.now + m.stopFor
			}
		}
		left, is := m.buffer-m.used, m.busy[len(m.busy)-1].busy
		if !is && left <= m.busyAt || is && left >= m.readyAt {
			m.busy = append(m.busy, change{m.now, !is})
		}
	}
}

func (m *model) ModemLines() (ModemLines, error) {
	m.run()
	busy := false
	for _, c := range m.busy {
		if c.at <= m.now-m.late {
			busy = c.busy
		}
	}
	return ModemLines{DSR: !busy}, nil
}

func (m *model) write(b []byte) (int, error) {
	m.run()
	if m.queue == 0 {
		m.onWire = max(m.onWire, m.now+m.perByte)
	}
	m.queue += len(b)
	return len(b), nil
}

// No byte is ever dropped, whatever an adapter holds and however late it tells
// of DSR, and the wire is not kept idle for long: the limits that chunkBytes was
// chosen for.
func TestDSRNeverOverruns(t *testing.T) {
	for _, c := range []struct {
		baud, buffer, busyAt, readyAt int
		late                          time.Duration
	}{
		{9600, 45, 16, 26, time.Millisecond},
		{9600, 45, 16, 26, 8 * time.Millisecond},
		{19200, 45, 16, 26, 4 * time.Millisecond},
		{9600, 4096, 128, 256, 16 * time.Millisecond},
		{38400, 4096, 128, 138, 16 * time.Millisecond},
		{57600, 4096, 128, 256, 16 * time.Millisecond},
		{115200, 4096, 128, 256, 4 * time.Millisecond},
	} {
		t.Run(fmt.Sprint(c.baud, " baud, buffer ", c.buffer, ", late ", c.late), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &model{
					perByte: wireByte(c.baud), perPrint: 2 * time.Millisecond,
					buffer: c.buffer, busyAt: c.busyAt, readyAt: c.readyAt, late: c.late,
					stopAt: 100, stopFor: 20 * time.Second, began: time.Now(), busy: []change{{}},
				}
				g := &gate{modem: m, baud: c.baud, write: m.write, unsent: func() (int, error) { return 0, nil }, closed: make(chan struct{})}
				const total = 6000
				if n, err := g.send(make([]byte, total)); n != total || err != nil {
					t.Fatalf("sent %d, %v", n, err)
				}
				time.Sleep(20 * time.Second)
				m.run()
				if m.lost > 0 || m.arrived != total || m.printed != total {
					t.Errorf("%d bytes arrived, %d were printed, %d dropped", m.arrived, m.printed, m.lost)
				}
				if len(m.busy) < 3 {
					t.Errorf("it was never busy: %v", m.busy)
				}
			})
		})
	}
}

// The model is a judge: chunks of 64 overrun the small buffer.
func TestDSRModelFindsOverruns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{
			perByte: wireByte(9600), perPrint: 2 * time.Millisecond,
			buffer: 45, busyAt: 16, readyAt: 26, late: time.Millisecond, began: time.Now(), busy: []change{{}},
		}
		for range 20 {
			for lines, _ := m.ModemLines(); !lines.DSR; lines, _ = m.ModemLines() {
				time.Sleep(time.Millisecond)
			}
			m.write(make([]byte, 64))
			time.Sleep(64 * m.perByte)
		}
		m.run()
		if m.lost == 0 {
			t.Error("chunks of 64 bytes did not overrun a buffer of 45")
		}
	})
}
