package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/cmd/eliminacode/setups"
	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/keypad"
	"eliminacode/display"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// A wiring is the settings of a box, to which devices may be added in the browser.
type wiring struct {
	machine  machine
	settings config.Settings
	file     string // of the settings, whether it is there or not
	// before is what was pressed when the settings were others; nil where the box does
	// not start again with others.
	before *pressedBefore
}

// A pressedBefore is what was pressed before the box started again with other
// settings. One run writes it when it ends, the next reads it when it begins.
type pressedBefore struct {
	heard []display.Heard
	found []display.Wired
	pads  map[string]serialPad
	tried []display.Tried
	until time.Time
}

// A walk is what the pages know of the box's devices, and how they give a meaning to
// those that are found: until an office is in force all the time, afterwards while a
// person searches. Its methods may be called from any goroutine.
type walk struct {
	wiring
	kept  *setups.Store
	wired []display.Wired
	// devices is the health of those; panels has one of them show a text.
	devices func() []health
	panels  func(panel, text string) error
	// inForce tells that an office is in force; now is the office's time in ms.
	inForce func() bool
	now     func() int64
	log     *slog.Logger
	// grip answers a technician's grip on buttons that no setting names; it is given
	// before anything is found.
	grip func(ctx context.Context, held []string) error

	written chan struct{} // the settings are others; capacity 1
	shown   chan struct{} // the page that waits is in the browser; capacity 1
	asked   chan struct{} // a person searches; capacity 1

	mu      sync.Mutex
	changed chan struct{}   // closed when there is something else to show
	stamp   string          // of the settings' file
	heard   []display.Heard // the newest first
	found   []display.Wired // that were pressed and that no setting names
	ports   map[string]*freePort
	pads    map[string]serialPad // those that were heard, by their names
	noLines []display.Wired      // the chip of the settings, when it is not there
	lit     map[string]bool      // the panels of the settings that show a number
	usb     *keypad.Keypads      // that no setting names; nil without any
	until   time.Time            // a person searches
	tried   []display.Tried      // with an office in force
	// What the box may not write itself.
	added   config.Additions
	others  []string // changes, as lines
	writing bool     // the box starts again with other settings
}

// mostHeard bounds the presses that are shown.
const mostHeard = 16

func newWalk(o *office, of wiring, panels []device.Panels) *walk {
	w := &walk{
		wiring: of, kept: o.setups, wired: wiredIn(of.settings), devices: o.devices, log: o.log, changed: make(chan struct{}),
		ports: map[string]*freePort{}, pads: map[string]serialPad{}, lit: map[string]bool{},
		panels: func(panel, text string) error {
			err := device.ErrNoPanel
			for _, some := range panels {
				if err = some.Show(panel, text); !errors.Is(err, device.ErrNoPanel) {
					return err
				}
			}
			return err
		},
		written: make(chan struct{}, 1), shown: make(chan struct{}, 1), asked: make(chan struct{}, 1),
		inForce: func() bool { state, _ := o.Watch(); return state.HasSetup() },
		now:     func() int64 { state, _ := o.Watch(); return state.OfficeTime(o.Now()) },
	}
	w.stamp = stampOf(of.file)
	w.remember()
	return w
}

// remember takes up what was pressed before the settings changed and is not named by
// them now.
func (w *walk) remember() {
	if w.before == nil {
		return
	}
	named := func(name string) bool {
		at := cmp.Or(w.before.pads[name].port, name)
		return slices.ContainsFunc(w.wired, func(x display.Wired) bool { return x.Place == at })
	}
	for _, h := range w.before.heard {
		if !named(h.Name) {
			w.heard = append(w.heard, h)
		}
	}
	for _, x := range w.before.found {
		if named(x.Name) {
			continue
		}
		w.found = append(w.found, x)
		if pad, serial := w.before.pads[x.Name]; serial {
			w.pads[x.Name] = pad
		}
	}
	w.until = w.before.until
	for _, t := range w.before.tried {
		if t.Kind == display.ChipThing || w.names(t.Thing) {
			w.tried = append(w.tried, t)
		}
	}
}

// leave keeps what was pressed for the run after this one.
func (w *walk) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.before != nil {
		w.before.heard, w.before.found, w.before.pads = w.heard, w.found, w.pads
		w.before.tried, w.before.until = w.tried, w.until
	}
}

// stampOf tells a file from what it was before; empty where there is none.
func stampOf(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

// wiredIn are the devices of settings that a person tries.
func wiredIn(s config.Settings) (all []display.Wired) {
	add := func(kind display.ThingKind, name, place, meaning string) {
		all = append(all, display.Wired{Thing: display.Thing{Kind: kind, Name: name}, Place: place, Meaning: meaning})
	}
	for _, p := range s.Printers {
		add(display.PrinterThing, p.Name, p.Port, p.Outlet)
		all[len(all)-1].Model, all[len(all)-1].Baud = p.Profile, p.Baud
	}
	for _, b := range s.Buttons {
		add(display.ButtonThing, b.Name, b.Line, b.Service)
		all[len(all)-1].Outlet, all[len(all)-1].Class = b.Outlet, b.Class
	}
	for _, k := range s.Keypads {
		add(display.KeypadThing, k.Name, cmp.Or(k.Path, k.Port), k.Desk)
		all[len(all)-1].Model = k.Keymap
	}
	for i, p := range s.Panels {
		add(display.PanelThing, p.Name, p.Port, p.Desk)
		all[len(all)-1].Model, all[len(all)-1].Address = p.Frame, p.Address
		all[len(all)-1].Signs = []display.PanelSign{{Model: p.Frame, Text: signText(i)}}
	}
	return all
}

// Wired are the devices of the settings, with what is wrong with their places now.
func (w *walk) Wired() []display.Wired {
	all, devices := slices.Clone(w.wired), w.devices()
	for i, x := range all {
		all[i] = w.hindered(x, devices).of(x)
	}
	return all
}

// hindered is what is wrong with the place of a device of the settings.
func (w *walk) hindered(x display.Wired, devices []health) hindrance {
	if x.Kind == display.ButtonThing {
		chip, there := w.machine.chip(w.settings.Chips())
		if !there {
			return w.noChip()
		}
		switch who, there := consumer(chip, x.Place); {
		case !there:
			return hindrance{kind: display.PlaceGone}
		case who != "":
			return hindrance{kind: display.PlaceTaken, holders: []string{who}}
		}
		return hindrance{}
	}
	i := slices.IndexFunc(devices, func(h health) bool { return h.Kind == string(x.Kind) && h.Name == x.Name })
	if i < 0 {
		return hindrance{}
	}
	why := hindrance{kind: faultedPlace(devices[i].Status)}
	if why.kind == "" {
		return why
	}
	// Of a serial port more is known.
	if more := w.machine.hindrance(x.Place, false); more.kind == why.kind || more.kind == display.PlaceConsole {
		return more
	}
	return why
}

// tell has the pages shown anew; mu is held.
func (w *walk) tell() {
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *walk) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

func (w *walk) Heard() []display.Heard {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.heard)
}

// Found are the buttons and keypads that were pressed, and the serial ports that are
// there, without those that the settings name; and what hinders any from being found.
func (w *walk) Found() []display.Wired {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Concat(w.found, w.foundPorts(), w.hinderedPads(), w.noLines)
}

func (w *walk) Models(kind display.ThingKind) (names []string) {
	known := w.settings.Known()
	switch kind {
	case display.PrinterThing:
		for _, p := range known.Profiles {
			names = append(names, p.Called())
		}
	case display.KeypadThing:
		for _, k := range known.Keymaps {
			names = append(names, k.Called())
		}
	case display.PanelThing:
		for _, f := range known.Frames {
			names = append(names, f.Called())
		}
	}
	return names
}

// hear keeps a press. What no setting names is found by it.
func (w *walk) hear(thing display.Wired, key string, wired bool) {
	at := w.now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append([]display.Heard{{Thing: thing.Thing, Key: key, At: at, Wired: wired}}, w.heard[:min(len(w.heard), mostHeard-1)]...)
	if !wired && !slices.ContainsFunc(w.found, func(x display.Wired) bool { return x.Thing == thing.Thing }) {
		w.found = append(w.found, thing)
	}
	w.tell()
}

// pressed keeps that a button or a keypad of the settings works, the first time that
// it is pressed.
func (w *walk) pressed(kind display.ThingKind, name, key string) {
	if name == "" || w.inForce() {
		return
	}
	thing := display.Thing{Kind: kind, Name: name}
	w.hear(display.Wired{Thing: thing}, key, true)
	tried, _ := w.kept.Tried()
	if slices.ContainsFunc(tried, func(t display.Tried) bool { return t.Thing == thing && t.Outcome == display.TrialPressed }) {
		return
	}
	if err := w.Try(display.Tried{Thing: thing, Outcome: display.TrialPressed, At: w.now()}); err != nil {
		w.log.Error("that a device was tried cannot be kept", "device", name, "err", err)
	}
}

// Name gives a device a meaning in the settings' file, or takes it out of them, and has
// the box start again so, where a search goes on. Where the file cannot be written it
// answers false, and Lines has what a person puts into it. The error Is display.ErrUnfound
// when there is no such device, display.ErrNaming when the settings would be refused so.
func (w *walk) Name(n display.Naming) (written bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writing {
		return false, fmt.Errorf("%w: the box has other settings meanwhile", display.ErrNaming)
	}
	data, unread := os.ReadFile(w.file)
	if errors.Is(unread, os.ErrNotExist) {
		unread = nil
	}
	added, changes := w.added, w.changes(n)
	if !w.names(n.Thing) {
		if added, err = w.with(n); err != nil {
			return false, err
		}
	}
	w.goOn()
	var whole []byte
	if n.Gone {
		whole, err = config.Without(w.file, data, w.placeOf(n.Thing))
	} else if data, err = w.without(data, n.Instead); err == nil {
		whole, err = config.Retext(w.file, data, textsOf(changes)...)
	}
	switch {
	case err != nil || n.Gone:
	case w.names(n.Thing):
		_, err = config.Parse(w.file, whole)
	default:
		whole, err = config.Extend(w.file, whole, added)
	}
	if errors.Is(err, config.ErrNoText) {
		whole, err = nil, nil
	}
	if err != nil {
		return false, fmt.Errorf("%w: %w", display.ErrNaming, err)
	}
	if whole != nil {
		if err = unread; err == nil {
			err = w.write(whole)
		}
		if err == nil {
			w.writing, w.stamp = true, stampOf(w.file)
			w.written <- struct{}{} // it has room: writing is begun once
			w.tell()
			return true, nil
		}
		w.log.Warn("the settings cannot be written by the box itself", "file", w.file, "err", err)
	}
	w.added = added
	var lines []string
	for _, c := range changes {
		lines = append(lines, c.line())
	}
	switch {
	case n.Gone:
		lines = []string{goneLine(n.Thing)}
	case n.Instead != "":
		lines = append(lines, goneLine(display.Thing{Kind: display.PrinterThing, Name: n.Instead}))
	}
	for _, line := range lines {
		if !slices.Contains(w.others, line) {
			w.others = append(w.others, line)
		}
	}
	w.tell()
	return false, nil
}

// write puts the settings on disk, for whoever could read them before.
func (w *walk) write(whole []byte) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(w.file); err == nil {
		mode = info.Mode().Perm()
	}
	if err := replace.File(w.file, whole); err != nil {
		return err
	}
	return os.Chmod(w.file, mode)
}

// Lines are what a person puts into the settings' file, since the box may not.
func (w *walk) Lines() (file, lines string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text := string(w.added.TOML()); text != "" {
		lines = text + "\n"
	}
	return w.file, strings.TrimSpace(lines + strings.Join(w.others, "\n"))
}

func (w *walk) Begun() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writing
}

func (w *walk) Shown() { nudge(w.shown) }

// with is what is added already and one device more, or another meaning of it.
func (w *walk) with(n display.Naming) (a config.Additions, err error) {
	if !slices.ContainsFunc(slices.Concat(w.found, w.foundPorts()), func(x display.Wired) bool { return x.Thing == n.Thing }) {
		return a, fmt.Errorf("%w: %s %q", display.ErrUnfound, n.Kind, n.Thing.Name)
	}
	a.Printers = slices.DeleteFunc(slices.Clone(w.added.Printers), func(p config.NewPrinter) bool { return p.Port == n.Thing.Name })
	a.Buttons = slices.DeleteFunc(slices.Clone(w.added.Buttons), func(b config.NewButton) bool { return b.Line == n.Thing.Name })
	pad, serial := w.pads[n.Thing.Name]
	a.Keypads = slices.DeleteFunc(slices.Clone(w.added.Keypads), func(k config.NewKeypad) bool {
		return k.Path == n.Thing.Name || serial && k.Port == pad.port && (k.Address == nil || *k.Address == pad.address)
	})
	a.Panels = slices.DeleteFunc(slices.Clone(w.added.Panels), func(p config.NewPanel) bool { return p.Port == n.Thing.Name && p.Address == n.Address })
	switch n.Kind {
	case display.PrinterThing:
		a.Printers = append(a.Printers, config.NewPrinter{Name: w.free(a, string(n.Outlet)), Port: n.Thing.Name, Profile: n.Model, Baud: n.Baud, Outlet: string(n.Outlet)})
	case display.ButtonThing:
		name := string(n.Service)
		if n.Class != queue.Ordinary {
			name += "-" + string(n.Class)
		}
		a.Buttons = append(a.Buttons, config.NewButton{Name: w.free(a, name), Line: n.Thing.Name, Service: string(n.Service), Class: string(n.Class), Outlet: string(n.Outlet)})
	case display.PanelThing:
		like := "panel"
		if n.Desk != "" {
			like = "over-" + string(n.Desk)
		}
		a.Panels = append(a.Panels, config.NewPanel{Name: w.free(a, like), Port: n.Thing.Name, Frame: n.Model, Address: n.Address, Desk: string(n.Desk)})
	default:
		k := config.NewKeypad{Name: w.free(a, "desk-"+string(n.Desk)), Desk: string(n.Desk), Keymap: n.Model}
		if k.Path = n.Thing.Name; serial {
			k.Path, k.Port, k.Protocol = "", pad.port, pad.protocol
			if pad.addressed {
				k.Address = &pad.address
			}
			if i := slices.IndexFunc(w.settings.Keypads, func(x config.Keypad) bool { return x.Port == pad.port }); i >= 0 {
				beside := w.settings.Keypads[i]
				k.Baud, k.Flow, k.RS485 = beside.Baud, beside.Flow, beside.RS485
			}
		}
		a.Keypads = append(a.Keypads, k)
	}
	return a, nil
}

// mostNameLetters leaves room for a number behind a name of the settings.
const mostNameLetters = 28

// free is a name that no device of the settings has, like the one of the office.
func (w *walk) free(a config.Additions, like string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(like))
	plain = strings.Trim(plain[:min(len(plain), mostNameLetters)], "-")
	taken := map[string]bool{"": true}
	for _, x := range w.wired {
		taken[x.Name] = true
	}
	for _, l := range w.settings.Lamps {
		taken[l.Name] = true
	}
	for _, p := range a.Printers {
		taken[p.Name] = true
	}
	for _, b := range a.Buttons {
		taken[b.Name] = true
	}
	for _, k := range a.Keypads {
		taken[k.Name] = true
	}
	for _, p := range a.Panels {
		taken[p.Name] = true
	}
	name := plain
	for i := 2; taken[name]; i++ {
		name = fmt.Sprintf("%s-%d", cmp.Or(plain, "x"), i)
	}
	return name
}

// errRewired ends a run, since the settings are others.
var errRewired = errors.New("the settings are others")

// run finds devices, and ends with errRewired once the settings' file is another,
// whoever has written it. With an office in force it finds them while a person searches,
// and ends so only after a person has asked for other settings on the pages.
func (w *walk) run(ctx context.Context, o *office) error {
	var stop func() // the finding that goes on; nil without any
	defer func() {
		if stop != nil {
			stop()
		}
	}()
	look := time.NewTicker(mendedEvery)
	defer look.Stop()
	for over := false; ; {
		state, newer := o.Watch()
		if state.HasSetup() && !over {
			over = true
			for _, p := range w.settings.Panels {
				w.darken(p)
			}
		}
		switch finds := w.finds(over); {
		case finds && stop == nil:
			stop = w.beginFinding(ctx)
		case !finds && stop != nil:
			stop()
			stop = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-newer:
		case <-w.asked:
		case <-w.written:
			waitShown(ctx, w.shown)
			w.leave()
			return errRewired
		case <-look.C:
			if w.another(over) {
				w.leave()
				return errRewired
			}
		}
	}
}

// another tells that the settings' file is another. With an office in force one that
// nobody was told to change, or that cannot be used, leaves the office as it is.
func (w *walk) another(inForce bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writing || stampOf(w.file) == w.stamp {
		return false
	}
	if !inForce {
		return true
	}
	data, err := os.ReadFile(w.file)
	if err == nil {
		_, err = config.Parse(w.file, data)
	}
	return err == nil && len(w.others) > 0
}

// listen has the walk hear what is pressed: on lines that the settings name what they
// do not name, and until an office is in force what they do.
func (w *walk) listen(cfg *bridge.Config) {
	if pads, ok := cfg.Keypads.(*keypad.Keypads); ok {
		pads.Strangers(func(port string, said keypad.Said) {
			if w.finds(w.inForce()) {
				w.hearOn(w.machine.named(port), said)
			}
		})
	}
	if w.inForce() {
		return
	}
	if cfg.Buttons != nil {
		cfg.Buttons = listened{cfg.Buttons, w}
	}
	if cfg.Keypads != nil {
		cfg.Keypads = listenedPads{cfg.Keypads, w}
	}
}

// listened are buttons whose presses the walk hears before anybody else.
type listened struct {
	device.Buttons
	walk *walk
}

func (l listened) Run(ctx context.Context, press func(device.Press)) error {
	return l.Buttons.Run(ctx, func(p device.Press) {
		l.walk.pressed(display.ButtonThing, p.Button, "")
		press(p)
	})
}

// listenedPads are keypads whose keys the walk hears before anybody else.
type listenedPads struct {
	device.Keypads
	walk *walk
}

func (l listenedPads) Run(ctx context.Context, key func(device.Key)) error {
	return l.Keypads.Run(ctx, func(k device.Key) {
		l.walk.pressed(display.KeypadThing, k.Keypad, string(k.Code))
		key(k)
	})
}
