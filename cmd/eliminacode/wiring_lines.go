package main

import (
	"fmt"
	"log/slog"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keypad"
	"eliminacode/device/line"
	"eliminacode/device/panel"
	"eliminacode/device/serial"
	config "eliminacode/firmware-config"
)

func wireKeypads(s config.Settings, log *slog.Logger) (*keypad.Keypads, error) {
	cfg := keypad.Config{Log: log}
	for _, k := range s.Keypads {
		keymap, ok := s.Keymap(k.Keymap)
		if !ok {
			return nil, fmt.Errorf("keypad %q: keymap %q is not known", k.Name, k.Keymap)
		}
		codes := map[uint16]device.KeyCode{}
		for code, meaning := range keymap.Codes() {
			codes[code] = device.KeyCode(meaning)
		}
		cfg.Keypads = append(cfg.Keypads, keypad.Keypad{
			Name: k.Name, Path: k.Path, Keymap: keypad.Keymap{Name: keymap.Name, Codes: codes},
		})
	}
	return keypad.New(cfg)
}

func wirePanels(s config.Settings, log *slog.Logger) (*panel.Panels, error) {
	ports := map[string]serial.Settings{}
	cfg := panel.Config{Log: log, Open: func(port string) (line.Line, error) { return openLine(ports[port]) }}
	for _, p := range s.Panels {
		f, err := panelFrame(s, p.Frame)
		if err != nil {
			return nil, fmt.Errorf("panel %q: %w", p.Name, err)
		}
		ports[p.Port] = serial.Settings{Path: p.Port, Baud: p.Baud, RS485: p.RS485}
		cfg.Panels = append(cfg.Panels, panel.Panel{Name: p.Name, Port: p.Port, Address: p.Address, Frame: f})
	}
	return panel.New(cfg)
}

// panelFrame is a frame of the settings as the driver knows it.
func panelFrame(s config.Settings, name string) (panel.Frame, error) {
	f, ok := s.Frame(name)
	if !ok {
		return panel.Frame{}, fmt.Errorf("frame %q is not known", name)
	}
	t, err := templates(f.Frame, f.Blink)
	if err != nil {
		return panel.Frame{}, err
	}
	return panel.Frame{
		Show: t[0], Blink: t[1],
		Style:    frame.Style{Align: frame.Align(f.Align), Pad: f.Pad[0], Charset: frame.Charset(f.Charset)},
		BlinkFor: time.Duration(f.BlinkS) * time.Second,
		Repeat:   time.Duration(f.RepeatS) * time.Second,
	}, nil
}

// templates are frames of the settings, which has checked them; the empty ones
// stay empty.
func templates(sources ...string) ([]frame.Template, error) {
	all := make([]frame.Template, len(sources))
	for i, source := range sources {
		var err error
		if all[i], err = frame.Parse(source); err != nil {
			return nil, err
		}
	}
	return all, nil
}
