package main

import (
	"fmt"
	"log/slog"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keypad"
	"eliminacode/device/panel"
	"eliminacode/device/serial"
	config "eliminacode/firmware-config"
)

func wireKeypads(s config.Settings, log *slog.Logger) (*keypad.Keypads, error) {
	ports, protocols := map[string]serial.Settings{}, map[string]*keypad.Protocol{}
	cfg := keypad.Config{Log: log, Line: func(port string) (serial.Line, error) { return openLine(ports[port]) }}
	for _, k := range s.Keypads {
		one := keypad.Keypad{Name: k.Name, Path: k.Path, Port: k.Port, Address: k.Address}
		var chars map[byte]uint16 // nil on USB
		if k.Port != "" {
			p, ok := s.Protocol(k.Protocol)
			if !ok {
				return nil, fmt.Errorf("keypad %q: protocol %q is not known", k.Name, k.Protocol)
			}
			if protocols[p.Name] == nil {
				spoken, err := keypadProtocol(p)
				if err != nil {
					return nil, fmt.Errorf("protocol %q: %w", p.Name, err)
				}
				protocols[p.Name] = spoken
			}
			one.Protocol, chars = protocols[p.Name], p.Codes()
			ports[k.Port] = serial.Settings{Path: k.Port, Baud: k.Baud, Flow: flows[k.Flow], RS485: k.RS485}
		}
		keymap, ok := s.Keymap(k.Keymap)
		if !ok {
			return nil, fmt.Errorf("keypad %q: keymap %q is not known", k.Name, k.Keymap)
		}
		one.Keymap = keypad.Keymap{Name: keymap.Name, Codes: keyMeanings(keymap, chars)}
		cfg.Keypads = append(cfg.Keypads, one)
	}
	return keypad.New(cfg)
}

// keyMeanings are what a keypad's keys mean: by the kernel's codes or, on a
// serial line, by the characters that stand for them.
func keyMeanings(keymap config.Keymap, chars map[byte]uint16) map[uint16]device.KeyCode {
	meanings := map[uint16]device.KeyCode{}
	if chars == nil {
		for code, meaning := range keymap.Codes() {
			meanings[code] = device.KeyCode(meaning)
		}
		return meanings
	}
	codes := keymap.Codes()
	for char, code := range chars {
		if meaning, ok := codes[code]; ok {
			meanings[uint16(char)] = device.KeyCode(meaning)
		}
	}
	return meanings
}

// keypadProtocol is a protocol of the settings as the driver knows it.
func keypadProtocol(p config.Protocol) (*keypad.Protocol, error) {
	t, err := templates(p.Frame, p.Poll, p.Idle, p.Ack, p.Nak, p.Beep, p.Refuse, p.LampOn, p.LampOff, p.Text)
	if err != nil {
		return nil, err
	}
	return &keypad.Protocol{
		Frame: t[0], Poll: t[1], Idle: t[2], Ack: t[3], Nak: t[4],
		Beep: t[5], Refuse: t[6], LampOn: t[7], LampOff: t[8], Text: t[9],
		PollEvery: time.Duration(p.PollMs) * time.Millisecond,
		Gap:       time.Duration(p.GapMs) * time.Millisecond,
		Repeat:    time.Duration(p.RepeatMs) * time.Millisecond,
	}, nil
}

func wirePanels(s config.Settings, log *slog.Logger) (*panel.Panels, error) {
	ports := map[string]serial.Settings{}
	cfg := panel.Config{Log: log, Open: func(port string) (serial.Line, error) { return openLine(ports[port]) }}
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
