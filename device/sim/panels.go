package sim

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// LEDPanels are numeric panels of one maker on one line, each with an address.
// They understand one frame, and by code of their own rather than by a template,
// so that a driver cannot be wrong together with them:
//
//	02, two digits of address, W or B, four characters, 03, the XOR of all
//	between 02 and itself
//
// W shows the characters, B lets them blink. They never answer. All methods may
// be called from anywhere.
type LEDPanels struct {
	mu         sync.Mutex
	panels     map[int]*led
	complaints []string
	frames     int
	stalled    chan struct{} // closed while bytes are taken
}

type led struct {
	chars    string
	blinking bool
}

// ledFrame is the length of their frame.
const ledFrame = 10

// NewLEDPanels makes dark panels of these addresses, 0 to 99.
func NewLEDPanels(addresses ...int) *LEDPanels {
	p := &LEDPanels{panels: map[int]*led{}, stalled: make(chan struct{})}
	for _, a := range addresses {
		p.panels[a] = &led{}
	}
	close(p.stalled)
	return p
}

// Serve is the panels' life on one line; it returns when that breaks.
func (p *LEDPanels) Serve(ctx context.Context, line io.ReadWriteCloser) error {
	defer line.Close()
	stop := context.AfterFunc(ctx, func() { line.Close() })
	defer stop()
	var frame []byte
	buf := make([]byte, 32)
	for {
		p.mu.Lock()
		stalled := p.stalled
		p.mu.Unlock()
		select {
		case <-stalled:
		case <-ctx.Done():
			return nil
		}
		n, err := line.Read(buf)
		for _, b := range buf[:n] {
			frame = p.byte(frame, b)
		}
		if err != nil {
			return nil
		}
	}
}

// byte adds a byte to the frame under way and gives what is left of it.
func (p *LEDPanels) byte(frame []byte, b byte) []byte {
	if len(frame) == 0 && b != 0x02 {
		p.complain("byte %02X outside a frame", b)
		return frame
	}
	if frame = append(frame, b); len(frame) < ledFrame {
		return frame
	}
	sum := byte(0)
	for _, b := range frame[1 : ledFrame-1] {
		sum ^= b
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	panel := p.panels[int(frame[1]-'0')*10+int(frame[2]-'0')]
	switch {
	case frame[8] != 0x03 || frame[9] != sum:
		p.note("frame % X has a wrong end", frame)
	case frame[3] != 'W' && frame[3] != 'B':
		p.note("frame % X has no known command", frame)
	case panel != nil:
		panel.chars, panel.blinking = string(frame[4:8]), frame[3] == 'B'
		p.frames++
	}
	return frame[:0]
}

func (p *LEDPanels) complain(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note(format, args...)
}

func (p *LEDPanels) note(format string, args ...any) {
	p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
}

// Shown is what a panel shows, without spaces around it.
func (p *LEDPanels) Shown(address int) (chars string, blinking bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.panels[address]; one != nil {
		return strings.TrimSpace(one.chars), one.blinking
	}
	return "", false
}

// Frames counts the good frames to any of the panels.
func (p *LEDPanels) Frames() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frames
}

// PowerCycle switches a panel off and on: it is dark.
func (p *LEDPanels) PowerCycle(address int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.panels[address]; one != nil {
		*one = led{}
	}
}

// Stall stops taking bytes off the line, or goes on with it.
func (p *LEDPanels) Stall(stall bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.stalled:
		if stall {
			p.stalled = make(chan struct{})
		}
	default:
		if !stall {
			close(p.stalled)
		}
	}
}

// Complaints are what the panels did not understand.
func (p *LEDPanels) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.complaints...)
}
