package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/gpio"
	"eliminacode/device/keypad"
	"eliminacode/display"
	config "eliminacode/firmware-config"
)

const (
	// lookAgain is how often keypads that were plugged in or pulled out are looked
	// for.
	lookAgain = 3 * time.Second
	// mostFoundPads bounds the keypads that are listened to at once.
	mostFoundPads = 32
)

// find hears buttons and keypads that no setting names, and looks after the serial
// ports that are free, until ctx ends.
func (w *walk) find(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { w.findButtons(ctx) })
	all.Go(func() { w.findKeypads(ctx) })
	all.Go(func() { w.findPorts(ctx) })
	all.Wait()
}

// mostFoundLines bounds the lines of a chip that are listened to at once.
const mostFoundLines = 64

// freeLines are the lines that may have a button and that nothing uses: those of the
// board's header, and of a chip that is no board's all that have a name of their own.
func (w *walk) freeLines(chip gpio.ChipInfo) (free []config.Line) {
	for _, l := range w.linesOf(chip) {
		who, there := consumer(chip, l.Name)
		used := l.UART || !there || who != "" ||
			slices.ContainsFunc(w.settings.Buttons, func(b config.Button) bool { return b.Line == l.Name }) ||
			slices.ContainsFunc(w.settings.Lamps, func(x config.Lamp) bool { return x.Line == l.Name })
		if !used {
			free = append(free, l)
		}
	}
	return free[:min(len(free), mostFoundLines)]
}

// boardOf is the board whose header is on a chip. Its other lines are not for
// buttons: whoever asks for one of them takes it from the network or from the card.
func (w *walk) boardOf(label string) (config.Board, bool) {
	own, _ := config.BoardByModel(w.settings.Board.Model)
	for _, b := range append([]config.Board{own}, config.Boards()...) {
		if slices.Contains(b.Chips, label) {
			return b, true
		}
	}
	return config.Board{}, false
}

// linesOf are the lines of a chip that may have a button.
func (w *walk) linesOf(chip gpio.ChipInfo) (all []config.Line) {
	if board, ok := w.boardOf(chip.Label); ok {
		return board.Lines
	}
	named := map[string]int{}
	for _, l := range chip.Lines {
		named[l.Name]++
	}
	for _, l := range chip.Lines {
		if l.Name != "" && named[l.Name] == 1 {
			all = append(all, config.Line{Name: l.Name})
		}
	}
	return all
}

// noChip is why the chip of the settings is not there.
func (w *walk) noChip() hindrance {
	if len(w.machine.chips()) == 0 && len(w.machine.glob("/dev/gpiochip*")) > 0 {
		return hindrance{kind: display.PlaceDenied}
	}
	return hindrance{kind: display.PlaceGone}
}

// Chip is the chip of the settings that is no board's and that is there.
func (w *walk) Chip() string {
	chip, there := w.machine.chip(w.settings.Chips())
	if _, board := w.boardOf(chip.Label); !there || board {
		return ""
	}
	return chip.Label
}

// agreed waits until a person has agreed to the lines of a chip being listened to.
func (w *walk) agreed(ctx context.Context, chip string) {
	for ctx.Err() == nil {
		changed := w.Changed()
		tried, _ := w.Tried()
		if display.Agreed(tried, chip) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// findButtons hears whatever closes a free line of the chip. Lines of a chip that is no
// board's may be anything, so that a person has to agree first.
func (w *walk) findButtons(ctx context.Context) {
	chip, there := w.machine.chip(w.settings.Chips())
	if !there {
		if names := w.settings.Chips(); len(names) > 0 {
			w.mu.Lock()
			w.noLines = []display.Wired{w.noChip().of(display.Wired{Thing: display.Thing{Kind: display.ButtonThing, Name: strings.Join(names, ", ")}})}
			w.tell()
			w.mu.Unlock()
		}
		return
	}
	byHand := w.Chip()
	if byHand != "" {
		w.agreed(ctx, byHand)
	}
	places := map[string]string{}
	cfg := gpio.ButtonsConfig{
		Open: w.machine.input(chip.Label), Log: slog.New(slog.DiscardHandler),
		Settle: time.Duration(w.settings.Board.SettleMs) * time.Millisecond,
	}
	for _, l := range w.freeLines(chip) {
		if places[l.Name] = byHand; byHand == "" {
			places[l.Name] = fmt.Sprintf("pin %d", l.Pin)
		}
		cfg.Buttons = append(cfg.Buttons, gpio.ButtonLine{Name: l.Name, Line: l.Name})
	}
	if len(cfg.Buttons) == 0 {
		return
	}
	buttons, err := gpio.NewButtons(cfg)
	if err != nil {
		w.log.Error("the chip's free lines cannot be listened to", "err", err)
		return
	}
	var slips sync.WaitGroup
	defer slips.Wait()
	printing := make(chan struct{}, 1) // full while a slip is under way
	_ = buttons.Run(ctx, func(p device.Press) {
		if p.Held != nil {
			select {
			case printing <- struct{}{}:
				slips.Go(func() {
					defer func() { <-printing }()
					// A slip under way when the finding stops is given the time to end.
					if err := w.grip(context.WithoutCancel(ctx), p.Held); err != nil {
						w.log.Error("a technician's grip is not answered", "err", err)
					}
				})
			default:
			}
		} else {
			w.hear(display.Wired{Thing: display.Thing{Kind: display.ButtonThing, Name: p.Button}, Place: places[p.Button]}, "", false)
		}
	})
}

// freeKeypads are the keypads on USB that no setting names.
func (w *walk) freeKeypads() []string {
	free := w.machine.free(keypadPaths(w.settings), keypadsByPath)
	return free[:min(len(free), mostFoundPads)]
}

// ungrabbed is a keypad whose keys also go where they went before: it may be the
// keyboard of the box itself.
type ungrabbed struct{ keypad.Source }

// Grab finds out whether another program has the keypad to itself.
func (u ungrabbed) Grab(on bool) error {
	if !on {
		return nil
	}
	if err := u.Source.Grab(true); err != nil {
		return err
	}
	return u.Source.Grab(false)
}

// hinderedPads are the keypads on USB that no setting names and whose keys do not come
// to us; mu is held.
func (w *walk) hinderedPads() (all []display.Wired) {
	if w.usb == nil {
		return nil
	}
	for _, s := range w.usb.Status() {
		if why := faultedPlace(s); why != "" && why != display.PlaceGone {
			all = append(all, hindrance{kind: why}.of(display.Wired{Thing: display.Thing{Kind: display.KeypadThing, Name: s.Name}}))
		}
	}
	return all
}

// faultedPlace is what is wrong with the place of a device; empty when nothing is.
func faultedPlace(s device.Status) string {
	if s.State != device.StateLost && s.State != device.StateStopped {
		return ""
	}
	for _, f := range s.Faults {
		if why := placeFaults[f]; why != "" {
			return why
		}
	}
	return ""
}

// findKeypads hears every key of the keypads that no setting names, and looks again
// and again which ones are there.
func (w *walk) findKeypads(ctx context.Context) {
	for ctx.Err() == nil {
		paths := w.freeKeypads()
		round, end := context.WithCancel(ctx)
		var listening sync.WaitGroup
		listening.Go(func() { w.listenTo(round, paths) })
		for rest(ctx, lookAgain); ctx.Err() == nil && slices.Equal(paths, w.freeKeypads()); rest(ctx, lookAgain) {
		}
		end()
		listening.Wait()
	}
}

func (w *walk) listenTo(ctx context.Context, paths []string) {
	if len(paths) == 0 {
		w.hearsUSB(nil)
		return
	}
	cfg := keypad.Config{
		Log: slog.New(slog.DiscardHandler),
		Open: func(path string) (keypad.Source, error) {
			source, err := w.machine.keypadAt(w.machine.at(path))
			if err != nil {
				return nil, err
			}
			return ungrabbed{source}, nil
		},
	}
	for _, path := range paths {
		cfg.Keypads = append(cfg.Keypads, keypad.Keypad{Name: path, Path: path, Keys: w.everyKey()})
	}
	pads, err := keypad.New(cfg)
	if err != nil {
		w.log.Error("the keypads that no setting names cannot be listened to", "err", err)
		return
	}
	w.hearsUSB(pads)
	_ = pads.Run(ctx, func(k device.Key) {
		w.hear(display.Wired{Thing: display.Thing{Kind: display.KeypadThing, Name: k.Keypad}}, string(k.Code), false)
	})
}

// hearsUSB notes which keypads on USB are listened to.
func (w *walk) hearsUSB(pads *keypad.Keypads) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.usb = pads
}

// mostKeyCode is the last of the kernel's codes for keys; behind it are buttons of
// other devices.
const mostKeyCode = 255

// everyKey gives each key a meaning: that of the usual keymap, else its number.
func (w *walk) everyKey() map[uint16]device.KeyCode {
	all := map[uint16]device.KeyCode{}
	for code := range uint16(mostKeyCode) {
		all[code+1] = device.KeyCode("#" + strconv.Itoa(int(code)+1))
	}
	if usual, ok := w.settings.Keymap("numeric"); ok {
		for code, meaning := range usual.ByCode() {
			all[code] = meaning
		}
	}
	return all
}
