package main

import (
	"fmt"
	"log/slog"

	"eliminacode/device/keypad"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/panel"
	"eliminacode/device/serial"
	config "eliminacode/firmware-config"
)

func wireKeypads(s config.Settings, usb func(string) (keypad.Source, error), log *slog.Logger) (*keypad.Keypads, error) {
	ports, protocols := map[string]serial.Settings{}, map[string]*keys.Protocol{}
	cfg := keypad.Config{Log: log, Open: usb, Line: func(port string) (serial.Line, error) { return openLine(ports[port]) }}
	for _, k := range s.Keypads {
		keymap, ok := s.Keymap(k.Keymap)
		if !ok {
			return nil, fmt.Errorf("keypad %q: keymap %q is not known", k.Name, k.Keymap)
		}
		one := keypad.Keypad{Name: k.Name, Path: k.Path, Port: k.Port, Address: k.Address, Keys: keymap.ByCode()}
		if k.Port != "" {
			p, ok := s.Protocol(k.Protocol)
			if !ok {
				return nil, fmt.Errorf("keypad %q: protocol %q is not known", k.Name, k.Protocol)
			}
			if protocols[p.Name] == nil {
				protocols[p.Name] = &p
			}
			one.Protocol, one.Keys = protocols[p.Name], keymap.ByByte(p)
			ports[k.Port] = serial.Settings{Path: k.Port, Baud: k.Baud, Flow: k.Flow, RS485: k.RS485}
		}
		cfg.Keypads = append(cfg.Keypads, one)
	}
	return keypad.New(cfg)
}

func wirePanels(s config.Settings, log *slog.Logger) (*panel.Panels, error) {
	ports := map[string]serial.Settings{}
	cfg := panel.Config{Log: log, Open: func(port string) (serial.Line, error) { return openLine(ports[port]) }}
	for _, p := range s.Panels {
		f, ok := s.Frame(p.Frame)
		if !ok {
			return nil, fmt.Errorf("panel %q: frame %q is not known", p.Name, p.Frame)
		}
		ports[p.Port] = serial.Settings{Path: p.Port, Baud: p.Baud, RS485: p.RS485}
		cfg.Panels = append(cfg.Panels, panel.Panel{Name: p.Name, Port: p.Port, Address: p.Address, Frame: f})
	}
	return panel.New(cfg)
}
