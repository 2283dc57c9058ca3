package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/escpos"
	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/device/panel"
	"eliminacode/device/serial"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// A hardware is the drivers of one box, picked by its settings.
type hardware struct {
	printers []wiredPrinter
	buttons  *gpio.Buttons
	lamps    *gpio.Lamps
	keypads  *keypad.Keypads
	panels   *panel.Panels
	late     *bridge.Late // what the printers confirm after they were given up
	settings config.Settings
}

type wiredPrinter struct {
	name    string
	outlet  queue.OutletID
	printer *escpos.Printer
}

// wire picks the drivers. It opens nothing.
func wire(s config.Settings, log *slog.Logger) (*hardware, error) {
	return wireBy(s, input(s.Chips()...), keypad.Open, log)
}

// wireBy is wire with another way to open the lines of buttons and the keypads on USB.
func wireBy(s config.Settings, line func(string) (gpio.Pin, error), usb func(string) (keypad.Source, error), log *slog.Logger) (*hardware, error) {
	h := &hardware{settings: s, late: bridge.NewLate()}
	for _, p := range s.Printers {
		printer, err := wirePrinter(s, p, h.late, log)
		if err != nil {
			return nil, fmt.Errorf("printer %q: %w", p.Name, err)
		}
		h.printers = append(h.printers, wiredPrinter{name: p.Name, outlet: queue.OutletID(p.Outlet), printer: printer})
	}
	var err error
	if len(s.Buttons) > 0 {
		if h.buttons, err = wireButtons(s, line, log); err != nil {
			return nil, err
		}
	}
	if len(s.Lamps) > 0 {
		if h.lamps, err = wireLamps(s, log); err != nil {
			return nil, err
		}
	}
	if len(s.Keypads) > 0 {
		if h.keypads, err = wireKeypads(s, usb, log); err != nil {
			return nil, err
		}
	}
	if len(s.Panels) > 0 {
		if h.panels, err = wirePanels(s, log); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func wirePrinter(s config.Settings, p config.Printer, late *bridge.Late, log *slog.Logger) (*escpos.Printer, error) {
	profile, ok := s.Profile(p.Profile)
	if !ok {
		return nil, fmt.Errorf("profile %q is not known", p.Profile)
	}
	port := serial.Settings{Path: p.Port, Baud: cmp.Or(p.Baud, profile.Baud), Flow: cmp.Or(p.Flow, profile.Flow)}
	return escpos.NewPrinter(escpos.Config{
		Name:    p.Name,
		Profile: profile,
		Where:   p.Port,
		Log:     log,
		Late:    late.Confirm,
		Open:    func(context.Context) (escpos.Line, error) { return openLine(port) },
	})
}

// openLine opens a port as the printer's driver wants it.
func openLine(s serial.Settings) (escpos.Line, error) {
	p, err := serial.Open(s)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// bind tells the bridge what the drivers are for.
func (h *hardware) bind() bridge.Config {
	cfg := bridge.Config{
		Printers: map[queue.OutletID]device.Printer{},
		Bindings: map[string]bridge.Button{},
		Desks:    map[string]queue.DeskID{},
		Bells:    map[string]queue.DeskID{},
		Signs:    map[string]bridge.Panel{},
		Late:     h.late,
	}
	for _, p := range h.printers {
		cfg.Printers[p.outlet] = p.printer
	}
	lamps := namesOf(h.settings.Lamps, func(l config.Lamp) string { return l.Name })
	for _, b := range h.settings.Buttons {
		bound := bridge.Button{Service: queue.ServiceID(b.Service), Class: queue.Class(b.Class), Outlet: queue.OutletID(b.Outlet)}
		if lamps[b.Name] {
			bound.Lamp = b.Name
		}
		cfg.Bindings[b.Name] = bound
	}
	// A lamp shows the state of the button, keypad or desk whose name it bears.
	for name := range lamps {
		if _, button := cfg.Bindings[name]; !button {
			cfg.Bells[name] = queue.DeskID(name)
		}
	}
	for _, k := range h.settings.Keypads {
		cfg.Desks[k.Name] = queue.DeskID(k.Desk)
		if p, ok := h.settings.Protocol(k.Protocol); ok && k.Port != "" && p.Text.Len() > 0 {
			cfg.Signs[k.Name] = bridge.Panel{Desk: queue.DeskID(k.Desk), Text: "{number}"}
		}
		if _, button := cfg.Bindings[k.Name]; !button {
			cfg.Bells[k.Name] = queue.DeskID(k.Desk)
		}
	}
	for _, p := range h.settings.Panels {
		cfg.Signs[p.Name] = bridge.Panel{Desk: queue.DeskID(p.Desk), Text: p.Text, Closed: p.Closed}
	}
	// An interface that holds a nil pointer is not nil.
	if h.buttons != nil {
		cfg.Buttons = h.buttons
	}
	if h.lamps != nil {
		cfg.Lamps = append(cfg.Lamps, h.lamps)
	}
	if h.panels != nil {
		cfg.Panels = append(cfg.Panels, h.panels)
	}
	if h.keypads != nil {
		cfg.Keypads = h.keypads
		cfg.Lamps = append(cfg.Lamps, h.keypads.Lamps())
		cfg.Panels = append(cfg.Panels, h.keypads.Panels())
	}
	return cfg
}

// devices are the health of all of them, in the order of the settings.
func (h *hardware) devices() (all []health) {
	add := func(kind string, devices ...device.Status) {
		for _, s := range devices {
			all = append(all, health{Kind: kind, Status: s})
		}
	}
	for _, p := range h.printers {
		all = append(all, health{Kind: "printer", Outlet: p.outlet, Status: p.printer.Status()})
	}
	if h.buttons != nil {
		add("buttons", h.buttons.Status())
	}
	if h.keypads != nil {
		add("keypad", h.keypads.Status()...)
	}
	if h.lamps != nil {
		add("lamp", h.lamps.Status()...)
	}
	if h.panels != nil {
		add("panel", h.panels.Status()...)
	}
	return all
}

// namesOf are the names of the things of a list.
func namesOf[T any, N ~string](list []T, name func(T) N) map[string]bool {
	names := map[string]bool{}
	for _, x := range list {
		names[string(name(x))] = true
	}
	return names
}

// A misname is a device that the settings tie to what the office does not have.
type misname struct {
	what         string // that is not there: outlet, service, desk, class or lamp
	device, name string // its kind, and what the settings call it
	missing      string
}

// misbound finds what the settings name and the office does not have.
func misbound(s config.Settings, setup queue.Setup) (all []misname) {
	outlets := namesOf(setup.Outlets, func(o queue.Outlet) queue.OutletID { return o.ID })
	services := namesOf(setup.Services, func(x queue.Service) queue.ServiceID { return x.ID })
	desks := namesOf(setup.Desks, func(d queue.Desk) queue.DeskID { return d.ID })
	miss := func(known map[string]bool, what, device, name, tied string) {
		if !known[tied] {
			all = append(all, misname{what, device, name, tied})
		}
	}
	for _, p := range s.Printers {
		miss(outlets, "outlet", "printer", p.Name, p.Outlet)
	}
	for _, b := range s.Buttons {
		miss(outlets, "outlet", "button", b.Name, b.Outlet)
		miss(services, "service", "button", b.Name, b.Service)
		if c := queue.Class(b.Class); c != queue.Ordinary && c != queue.Priority {
			all = append(all, misname{"class", "button", b.Name, b.Class})
		}
	}
	for _, k := range s.Keypads {
		miss(desks, "desk", "keypad", k.Name, k.Desk)
	}
	keypads := namesOf(s.Keypads, func(k config.Keypad) string { return k.Name })
	buttons := namesOf(s.Buttons, func(b config.Button) string { return b.Name })
	for _, l := range s.Lamps {
		if !keypads[l.Name] && !buttons[l.Name] && !desks[l.Name] {
			all = append(all, misname{"lamp", "lamp", l.Name, ""})
		}
	}
	for _, p := range s.Panels {
		if p.Desk != "" {
			miss(desks, "desk", "panel", p.Name, p.Desk)
		}
	}
	return all
}

// tooWide is a call of the office that a panel cannot show whole; empty when
// there is none.
func tooWide(s config.Settings, p config.Panel, setup queue.Setup) string {
	f, ok := s.Frame(p.Frame)
	if !ok {
		return "" // the settings are judged elsewhere
	}
	sign := bridge.Panel{Text: p.Text}
	for _, series := range setup.Series {
		for _, d := range setup.Desks {
			if p.Desk != "" && string(d.ID) != p.Desk {
				continue
			}
			words := sign.Words(series.Longest(), d.Label)
			if _, fits := f.Fit(words, f.Show.TextWidth()); !fits {
				return words
			}
		}
	}
	return ""
}

func wireButtons(s config.Settings, open func(string) (gpio.Pin, error), log *slog.Logger) (*gpio.Buttons, error) {
	cfg := gpio.ButtonsConfig{
		Name: "pulsantiera", Log: log,
		Open:   open,
		Settle: time.Duration(s.Board.SettleMs) * time.Millisecond,
		Stuck:  time.Duration(s.Board.StuckAfter) * time.Second,
	}
	for _, b := range s.Buttons {
		cfg.Buttons = append(cfg.Buttons, gpio.ButtonLine{Name: b.Name, Line: b.Line})
	}
	return gpio.NewButtons(cfg)
}

func wireLamps(s config.Settings, log *slog.Logger) (*gpio.Lamps, error) {
	cfg := gpio.LampsConfig{Open: gpio.OnChip(s.Chips()...).Output, Log: log}
	for _, l := range s.Lamps {
		cfg.Lamps = append(cfg.Lamps, gpio.LampLine{Name: l.Name, Line: l.Line, ActiveLow: l.ActiveLow, Beeper: l.Beeper})
	}
	return gpio.NewLamps(cfg)
}
