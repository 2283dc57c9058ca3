package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/clock"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/gpio"
	"eliminacode/device/serial"
	"eliminacode/device/sim"
	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/simulate"
)

// A demoHall is the hardware that is not there and the people who are not
// there: virtual printers behind real serial ports, buttons on simulated
// lines under the real driver, keypads, citizens and clerks. It is what the
// demonstration's pages show and change.
type demoHall struct {
	clock   *clock.Fast
	world   *simulate.World
	setup   queue.Setup
	board   *sim.Board
	buttons *gpio.Buttons
	lamps   *sim.Lamps
	keypads *sim.Keypads
	pads    map[string]queue.DeskID
	late    *bridge.Late

	people atomic.Bool
	speed  sync.Mutex
	*virtualPrinters
	drivers map[queue.OutletID]*escpos.Printer
}

// The hall's hardware lives by real time, and the office's clock waits for it;
// so the office does the same on any machine, however busy. Without these
// bounds a printer that nobody broke would be late because a core was.
const (
	// stepMostMs is how far the office's clock goes on at most before the work
	// that is due by then is done.
	stepMostMs = 1_000
	// paperMostMs is how far it goes on at most while a printer that works has a
	// slip to print.
	paperMostMs = 5_000
	// patience is the real time that such a printer has to answer in.
	patience = time.Minute
)

// demoKeypads is how many desks have a keypad beside their page.
const demoKeypads = 2

func newDemoHall(setup queue.Setup, c *clock.Fast, world *simulate.World, ports string, log *slog.Logger) (*demoHall, error) {
	h := &demoHall{clock: c, world: world, setup: setup, pads: map[string]queue.DeskID{}, late: bridge.NewLate(), drivers: map[queue.OutletID]*escpos.Printer{}}
	var err error
	if h.virtualPrinters, err = newVirtualPrinters(setup.Outlets, ports, c.Speed()); err != nil {
		return nil, err
	}
	for _, v := range h.virtualPrinters.all {
		port := serial.Settings{Path: v.port.Path(), Baud: virtualBaud}
		h.drivers[v.outlet.ID], err = escpos.NewPrinter(escpos.Config{
			Name: string(v.outlet.ID), Profile: profile.GenericProcessID(), Where: v.outlet.Name,
			Speed: c.Speed(), Patience: patience, Log: log, Late: h.late.Confirm,
			Open: func(context.Context) (escpos.Line, error) { return openLine(port) },
		})
		if err != nil {
			h.close()
			return nil, fmt.Errorf("making a printer: %w", err)
		}
	}
	h.struck = func(outlet queue.OutletID, broken bool) {
		if broken {
			h.drivers[outlet].SetPatience(0)
		} else {
			h.drivers[outlet].SetPatience(patience)
		}
	}
	var lines, names []string
	var wired []gpio.ButtonLine
	for _, s := range setup.Services {
		lines = append(lines, string(s.ID))
		names = append(names, string(s.ID))
		wired = append(wired, gpio.ButtonLine{Name: string(s.ID), Line: string(s.ID)})
	}
	h.board, h.lamps = sim.NewBoard(lines...), sim.NewLamps(names...)
	h.buttons, err = gpio.NewButtons(gpio.ButtonsConfig{
		Name: "pulsantiera", Buttons: wired, Log: log,
		Open: func(line string) (gpio.Pin, error) { return h.board.Pin(line) },
	})
	if err != nil {
		h.close()
		return nil, fmt.Errorf("making the buttons: %w", err)
	}
	var pads []string
	for _, d := range setup.Desks[:min(demoKeypads, len(setup.Desks))] {
		pads = append(pads, string(d.ID))
		h.pads[string(d.ID)] = d.ID
	}
	h.keypads = sim.NewKeypads(pads...)
	return h, nil
}

func (h *demoHall) bind() bridge.Config {
	cfg := bridge.Config{
		Printers: map[queue.OutletID]device.Printer{},
		Buttons:  h.buttons, Keypads: h.keypads, Lamps: []device.Lamps{h.lamps},
		Bindings: map[string]bridge.Button{},
		Desks:    h.pads,
		Late:     h.late,
		Patience: h.patience,
	}
	for outlet, driver := range h.drivers {
		cfg.Printers[outlet] = driver
	}
	outlet := h.buttonOutlet()
	for _, s := range h.setup.Services {
		cfg.Bindings[string(s.ID)] = bridge.Button{Service: s.ID, Outlet: outlet, Lamp: string(s.ID)}
	}
	return cfg
}

// buttonOutlet is where the tickets of the buttons come out: the first outlet
// that has a printer and no screen.
func (h *demoHall) buttonOutlet() queue.OutletID {
	for _, p := range h.virtualPrinters.all {
		if !p.outlet.Screen {
			return p.outlet.ID
		}
	}
	return h.setup.Outlets[0].ID
}

func (h *demoHall) devices() []health {
	var all []health
	for _, p := range h.virtualPrinters.all {
		s := h.drivers[p.outlet.ID].Status()
		s.Name = p.outlet.Name
		all = append(all, health{Kind: "printer", Outlet: p.outlet.ID, Status: s})
	}
	all = append(all, health{Kind: "buttons", Status: h.buttons.Status()})
	for _, s := range h.keypads.Status() {
		desk := ""
		for _, d := range h.setup.Desks {
			if d.ID == h.pads[s.Name] {
				desk = d.Label
			}
		}
		all = append(all, health{Kind: "keypad", Status: s, desk: desk})
	}
	return all
}

// A span says when a demonstration ends by itself: after so long of real time,
// or of the office's. Zero is never.
type span struct{ real, office time.Duration }

// live keeps the clock and the people going until ctx ends, or until the
// demonstration has lasted long enough; then it waits for the last papers and
// calls stop.
func (h *demoHall) live(ctx context.Context, o *office, length span, stop func()) error {
	var over <-chan time.Time
	if length.real > 0 {
		timer := time.NewTimer(length.real)
		defer timer.Stop()
		over = timer.C
	}
	for {
		if err := h.keepUp(ctx, o); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("letting the people act: %w", err)
		}
		enough := length.office > 0 && h.clock.Read().Mono >= length.office.Milliseconds()
		if !enough {
			select {
			case <-ctx.Done():
				return nil
			case <-over:
				enough = true
			case <-time.After(min(napMost, h.clock.Real(stepMostMs)/2)):
			}
		}
		if enough {
			h.settle(ctx, o)
			stop()
			return nil
		}
	}
}

// napMost bounds the wait for the next look, since the speed may change.
const napMost = 200 * time.Millisecond

// keepUp has done what is due by the office's clock, and lets it go on a step.
func (h *demoHall) keepUp(ctx context.Context, o *office) error {
	state, _ := o.Watch()
	now := o.Now()
	at, ok := h.world.Next()
	wait, some := state.Due(now)
	if ok && at <= state.OfficeTime(now) || some && wait <= 0 {
		do := func(_ queue.Now, c queue.Command) (*queue.State, []queue.Event, error) { return o.Do(ctx, c) }
		if err := h.world.Act(now, do); err != nil {
			return err
		}
	}
	h.clock.Allow(h.step(o))
	return nil
}

// step is how far the clock may go on before the next look.
func (h *demoHall) step(o *office) int64 {
	state, _ := o.Watch()
	now := o.Now()
	step := int64(stepMostMs)
	for t := range state.UnsettledPapers() {
		if t.Paper == queue.PaperRequested && h.works(t.Outlet) {
			waited, _ := state.Elapsed(t.PaperAt, now)
			step = min(step, max(0, paperMostMs-waited))
		}
	}
	return step
}

// patience is the least real time that a slip has: an office whose clock runs
// faster than the machine can gives a printer that works all that it needs.
func (h *demoHall) patience(outlet queue.OutletID) time.Duration {
	if h.clock.Speed() > 1 && h.works(outlet) {
		return patience
	}
	return 0
}

// settleMost bounds the wait for the papers under way at the end.
const settleMost = patience

func (h *demoHall) settle(ctx context.Context, o *office) {
	h.SetPeople(false)
	deadline := time.After(settleMost)
	for {
		state, newer := o.Watch()
		busy := false
		for t := range state.UnsettledPapers() {
			busy = busy || t.Paper == queue.PaperRequested
		}
		if !busy {
			return
		}
		select {
		case <-newer:
		case <-deadline:
			return
		case <-ctx.Done():
			return
		}
	}
}

// What follows is what the demonstration's pages show and change.

var _ display.Demo = (*demoHall)(nil)

func (h *demoHall) People() bool { return h.people.Load() }

func (h *demoHall) SetPeople(on bool) {
	h.people.Store(on)
	h.world.SetCitizens(on)
	h.world.SetClerks(on)
}

func (h *demoHall) Speed() float64 { return h.clock.Speed() }

func (h *demoHall) SetSpeed(times float64) error {
	if !(times >= slowestDemo && times <= fastestDemo) {
		return fmt.Errorf("speed %v: choose one from %v to %v", times, slowestDemo, fastestDemo)
	}
	h.speed.Lock()
	defer h.speed.Unlock()
	h.clock.SetSpeed(times)
	for _, p := range h.virtualPrinters.all {
		p.sim.SetSpeed(times)
		h.drivers[p.outlet.ID].SetSpeed(times)
	}
	return nil
}

func (h *demoHall) Buttons() []display.DemoButton {
	var all []display.DemoButton
	for _, s := range h.setup.Services {
		all = append(all, display.DemoButton{ID: string(s.ID), Label: s.Name, Lamp: lightNames[h.lamps.Light(string(s.ID))]})
	}
	return all
}

// Press pushes a button as a finger does: the contact bounces both ways.
func (h *demoHall) Press(button string) error {
	pin, err := h.board.Pin(button)
	if err != nil {
		return err
	}
	pushed(pin)
	return nil
}

// Hold is a technician with both hands on the first two buttons.
func (h *demoHall) Hold() error {
	services := h.setup.Services
	if len(services) < 2 {
		return errors.New("there are fewer than two buttons")
	}
	var pins []*sim.Pin
	for _, s := range services[:2] {
		pin, err := h.board.Pin(string(s.ID))
		if err != nil {
			return err
		}
		pins = append(pins, pin)
	}
	gripped(pins...)
	return nil
}

func (h *demoHall) Keypads() []display.DemoKeypad {
	var all []display.DemoKeypad
	for _, d := range h.setup.Desks {
		if _, has := h.pads[string(d.ID)]; has {
			all = append(all, display.DemoKeypad{ID: string(d.ID), Desk: d.Label, Keys: clerksKeys()})
		}
	}
	return all
}

// Key presses a key. The simulated clerk of that desk leaves it to the hand
// that pressed.
func (h *demoHall) Key(keypad, key string) error {
	desk, ok := h.pads[keypad]
	if !ok {
		return fmt.Errorf("there is no keypad %q", keypad)
	}
	h.world.SetByHand(desk, true)
	return h.keypads.Press(keypad, device.KeyCode(key))
}
