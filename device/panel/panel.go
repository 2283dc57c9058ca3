// Package panel drives numeric LED panels that hang on serial lines, RS-485
// mostly: one more output of a call, for halls without a screen.
//
// Makers do not publish their frames, so that a frame is data: a template of
// package frame. Several panels share a line by their addresses. Nothing is
// known of what a panel really shows, since most never answer: a frame that the
// line took counts as shown, and panels that forget at power-off are sent their
// text again every so often.
//
// Invariants: one text waits for each panel, the newest; after a line comes
// back all its panels are told theirs again; a text that is too wide is shown as
// dashes, never cut; when Run ends the panels go dark, since a frozen number
// would pass for a live one.
//
// Run starts one goroutine for each line. Show and Status may be called from
// anywhere and never block.
package panel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keep"
	"eliminacode/device/serial"
)

// betweenFrames is the rest that slow panels need between two frames.
const betweenFrames = 30 * time.Millisecond

// A Panel says which panel hangs where.
type Panel struct {
	Name    string
	Port    string // panels with the same one share its line
	Address int    // 0 to 255; of no meaning to frames without one
	Frame   frame.Panel
}

// Config is what Panels need to know.
type Config struct {
	Panels []Panel
	Open   func(port string) (serial.Line, error)
	Log    *slog.Logger // default none
}

// Panels are LED panels. They implement device.Panels.
type Panels struct {
	cfg    Config
	ports  map[string]*port
	health []*keep.Health // as cfg.Panels

	mu    sync.Mutex
	signs []sign // as cfg.Panels
}

// A port is one line and the panels on it.
type port struct {
	name    string
	members []int
	changed chan struct{} // holds at most one: something is to be sent
}

// A sign is what one panel shall show.
type sign struct {
	words string
	given bool      // words were ever given
	send  bool      // not yet sent
	blink bool      // as a recall
	due   time.Time // when to send it again; zero never

	tooWide bool
}

// New checks the settings and makes the panels; it opens nothing.
func New(cfg Config) (*Panels, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Panels{cfg: cfg, ports: map[string]*port{}, signs: make([]sign, len(cfg.Panels))}
	var faults []error
	if cfg.Open == nil {
		faults = append(faults, errors.New("no way to open a line is given"))
	}
	type place struct {
		port    string
		address int
	}
	names, places := map[string]bool{}, map[place]bool{}
	for i, one := range cfg.Panels {
		at := place{one.Port, one.Address}
		if names[one.Name] || places[at] {
			faults = append(faults, fmt.Errorf("panel %s with address %d on %s is there twice; give each a name and an address of its own",
				one.Name, one.Address, one.Port))
		}
		names[one.Name], places[at] = true, true
		p.health = append(p.health, keep.NewHealth("panel", one.Name, cfg.Log))
		if err := one.check(); err != nil {
			faults = append(faults, fmt.Errorf("panel %s: %w", one.Name, err))
		}
		if p.ports[one.Port] == nil {
			p.ports[one.Port] = &port{name: one.Port, changed: make(chan struct{}, 1)}
		}
		p.ports[one.Port].members = append(p.ports[one.Port].members, i)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("setting up panels: %w", err)
	}
	return p, nil
}

// check tries the panel's frames, so that sending them cannot fail.
func (p Panel) check() error {
	if p.Frame.Show.TextWidth() == 0 {
		return errors.New("its frame has no text; write {text:4} where the number goes")
	}
	return p.Frame.Try(p.Address)
}

// Show puts a text on a panel; the text that is there already blinks. It never
// blocks and never fails because a panel is lost.
func (p *Panels) Show(panel, text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, one := range p.cfg.Panels {
		if one.Name != panel {
			continue
		}
		s := &p.signs[i]
		s.blink = s.given && s.words == text
		s.words, s.given, s.send = text, true, true
		select {
		case p.ports[one.Port].changed <- struct{}{}:
		default: // Run has yet to take notice of an earlier change.
		}
		return nil
	}
	return fmt.Errorf("showing %q on panel %q: %w", text, panel, device.ErrNoPanel)
}

// Status has one entry for each panel, in the order of the settings.
func (p *Panels) Status() []device.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]device.Status, len(p.signs))
	for i, h := range p.health {
		s, one := h.Status(), p.cfg.Panels[i]
		place := fmt.Sprintf("%s, address %d", one.Port, one.Address)
		if p.signs[i].tooWide && s.State == device.StateReady {
			s.State = device.StateDegraded
			s.Detail = fmt.Sprintf("%q is too wide for it; show less with text in its settings", p.signs[i].words)
		}
		if s.Detail != "" {
			place += ": "
		}
		s.Detail = place + s.Detail
		all[i] = s
	}
	return all
}

// Run keeps the lines open until ctx ends, then darkens the panels and returns
// nil.
func (p *Panels) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, port := range p.ports {
		all.Go(func() {
			serial.Keep(ctx,
				func() (serial.Line, error) { return p.cfg.Open(port.name) },
				func(talking context.Context, l serial.Line, in <-chan serial.Received) error {
					return p.talk(ctx, talking, port, l, in)
				},
				func(err error) {
					for _, i := range port.members {
						p.health[i].Lost(err)
					}
				})
		})
	}
	all.Wait()
	return nil
}

var _ device.Panels = (*Panels)(nil)
