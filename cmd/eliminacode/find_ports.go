package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keep"
	"eliminacode/device/keypad"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/serial"
	"eliminacode/display"
	config "eliminacode/firmware-config"
)

const (
	// mostFoundPorts bounds the serial ports that are listened to at once.
	mostFoundPorts = 32
	// mostSigns bounds the kinds of panels that are tried on a port: each has a digit of
	// its own.
	mostSigns = 9
	// betweenSigns is the rest between what two kinds of panels are sent, so that none
	// takes it for one frame.
	betweenSigns = 100 * time.Millisecond
)

// signText is a number that tells the panel, or the kind of panel, of an index from
// others; every panel can show it.
func signText(i int) string { return strings.Repeat(strconv.Itoa(i%mostSigns+1), 3) }

// A freePort is a serial port that no setting names.
type freePort struct {
	path    string
	stop    context.CancelFunc
	changed chan struct{} // holds at most one: numbers are to be shown

	// The walk's mu guards what follows.
	open    bool // it could be opened, and nobody else has it
	why     hindrance
	shown   bool // numbers were asked for
	shows   bool // they are to be shown
	address int  // of the panel that they are for
	seeks   bool // a printer is to be looked for
	sought  string
	speeds  []int // that were tried
	baud    int   // of the printer that was found; 0: none
}

// A serialPad is a keypad that was heard on a port that no setting names.
type serialPad struct {
	port, protocol string
	address        int
	addressed      bool // its protocol has addresses
}

// findPorts listens for keypads on every serial port that no setting names and shows
// numbers on panels there, until ctx ends.
func (w *walk) findPorts(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for ctx.Err() == nil {
		free := w.machine.free(serialPorts(w.settings), portsByPath, "/dev/ttyAMA*")
		for _, p := range w.otherPorts(ctx, free[:min(len(free), mostFoundPorts)]) {
			all.Go(func() { w.listenOn(p) })
		}
		rest(ctx, lookAgain)
	}
}

// A listening is a port and for how long it is listened to.
type listening struct {
	*freePort
	ctx context.Context
}

// otherPorts ends the listening to ports that are not there any more, and answers those
// that are new.
func (w *walk) otherPorts(ctx context.Context, free []string) (fresh []listening) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for at, p := range w.ports {
		if !slices.Contains(free, at) {
			p.stop()
			delete(w.ports, at)
			w.found = slices.DeleteFunc(w.found, func(x display.Wired) bool { return w.pads[x.Name].port == at })
			w.tell()
		}
	}
	for _, at := range free {
		if w.ports[at] != nil {
			continue
		}
		p := &freePort{path: at, changed: make(chan struct{}, 1)}
		l := listening{freePort: p}
		l.ctx, p.stop = context.WithCancel(ctx)
		w.ports[at] = p
		fresh = append(fresh, l)
	}
	return fresh
}

// listenOn keeps a port open. One that another program reads is not opened: each would
// take bytes from the other.
func (w *walk) listenOn(p listening) {
	usual := config.Keypad{}
	usual.SetDefaults()
	serial.Keep(p.ctx,
		func() (serial.Line, error) {
			if h := w.machine.hindrance(p.path, false); h.kind != "" {
				return nil, h
			}
			return w.machine.portAt(serial.Settings{Path: w.machine.at(p.path), Baud: usual.Baud})
		},
		func(talking context.Context, l serial.Line, in <-chan serial.Received) error {
			w.cannot(p.freePort, hindrance{})
			return w.talkOn(p, talking, l, in)
		},
		func(err error) { w.cannot(p.freePort, hindranceOf(p.path, err)) })
}

// Error is the hindrance for the log.
func (h hindrance) Error() string { return "the port is " + h.kind }

// hindranceOf is why a port could not be opened or was lost.
func hindranceOf(name string, err error) hindrance {
	var h hindrance
	if errors.As(err, &h) {
		return h
	}
	return hindrance{kind: placeFaults[keep.FaultOf(err)], tty: path.Base(name)}
}

// placeFaults are the faults of devices that are those of their places.
var placeFaults = map[device.Fault]string{
	device.FaultInUse: display.PlaceTaken, device.FaultDenied: display.PlaceDenied,
	device.FaultNotOfKind: display.PlaceOther, device.FaultUnplugged: display.PlaceGone,
}

// cannot notes why a port cannot be used, or that it can.
func (w *walk) cannot(p *freePort, why hindrance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := why.kind == ""
	if p.open == open && p.why.kind == why.kind {
		return
	}
	p.open, p.why = open, why
	w.tell()
}

// talkOn hears keys on an open port and shows numbers on it until the line is lost or
// the listening ends; then its panels go dark.
func (w *walk) talkOn(p listening, talking context.Context, l serial.Line, in <-chan serial.Received) error {
	finder := keypad.NewFinder(w.spoken())
	heard := func(s keypad.Said) { w.hearOn(p.path, s) }
	quiet := time.NewTimer(keypad.FinderPause)
	defer quiet.Stop()
	address, shown := 0, false
	for {
		select {
		case <-talking.Done():
			if p.ctx.Err() != nil && shown {
				return w.showOn(context.WithoutCancel(talking), l, address, func(int) string { return "" })
			}
			return nil
		case r, ok := <-in:
			if !ok {
				in = nil
				continue
			}
			finder.Feed(r.Data, r.At, heard)
			quiet.Reset(keypad.FinderPause)
		case <-quiet.C:
			if came, known := finder.Pause(heard); came {
				w.understood(p.freePort, known)
			}
		case <-p.changed:
			w.mu.Lock()
			seeks, shows := p.seeks, p.shows
			p.seeks, p.shows, address = false, false, p.address
			w.mu.Unlock()
			if seeks {
				if err := w.seekOn(talking, p.freePort, l, in); err != nil {
					return err
				}
			}
			if !shows {
				continue
			}
			shown = true
			if err := w.showOn(talking, l, address, signText); err != nil {
				return err
			}
		}
	}
}

// understood notes whether what came on a port was of a keypad.
func (w *walk) understood(p *freePort, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kind := ""
	if !known {
		kind = display.PlaceUnread
	}
	if p.why.kind != kind {
		p.why.kind = kind
		w.tell()
	}
}

// showOn sends each kind of panel the text of its index.
func (w *walk) showOn(ctx context.Context, l serial.Line, address int, text func(i int) string) error {
	for i, f := range w.frames() {
		words, fits := f.Fit(text(i), f.Show.TextWidth())
		bytes, err := f.Show.Encode(frame.Values{Address: address, Text: words})
		if !fits || err != nil {
			continue // this kind has no such address, or is too narrow
		}
		if err := serial.Write(l, bytes); err != nil {
			return err
		}
		rest(ctx, betweenSigns)
	}
	return nil
}

// frames are the kinds of panels that are tried, the settings' own first.
func (w *walk) frames() []frame.Panel {
	all := ownFirst(w.settings.Known().Frames, len(w.settings.Frames))
	return all[:min(len(all), mostSigns)]
}

// spoken are the protocols by which keypads are recognised, the settings' own first.
func (w *walk) spoken() []keys.Protocol {
	return ownFirst(w.settings.Known().Protocols, len(w.settings.Protocols))
}

// ownFirst are descriptions with the settings' own, which stand last among those that
// are known, before all others.
func ownFirst[T any](known []T, own int) []T {
	n := len(known) - own
	return slices.Concat(known[n:], known[:n])
}

// hearOn keeps a key that was heard on a port.
func (w *walk) hearOn(port string, said keypad.Said) {
	protocol, _ := w.settings.Protocol(said.Protocol)
	pad := serialPad{port, said.Protocol, said.Address, protocol.Frame.Has("address")}
	thing := display.Wired{Thing: display.Thing{Kind: display.KeypadThing, Name: port}, Place: pad.protocol}
	if pad.addressed {
		// Several share a line.
		thing.Name = fmt.Sprintf("%s %d", port, pad.address)
		thing.Place = fmt.Sprintf("%s %d", pad.protocol, pad.address)
	}
	key := device.KeyCode("#" + strconv.Itoa(int(said.Key)))
	if usual, ok := w.settings.Keymap("numeric"); ok {
		if meaning := usual.ByByte(protocol)[uint16(said.Key)]; meaning != "" {
			key = meaning
		}
	}
	w.mu.Lock()
	w.pads[thing.Name] = pad
	w.mu.Unlock()
	w.hear(thing, string(key), false)
}

// foundPorts are the serial ports that no setting names, as what may hang there; mu is
// held.
func (w *walk) foundPorts() (all []display.Wired) {
	var signs []display.PanelSign
	for i, f := range w.frames() {
		signs = append(signs, display.PanelSign{Model: f.Name, Text: signText(i)})
	}
	for _, at := range slices.Sorted(maps.Keys(w.ports)) {
		p := w.ports[at]
		if p.why.kind != "" {
			all = append(all, p.why.of(display.Wired{Thing: display.Thing{Kind: display.PortThing, Name: at}}))
		}
		if !p.open {
			continue
		}
		panel := display.Wired{Thing: display.Thing{Kind: display.PanelThing, Name: at}}
		if p.shown {
			panel.Signs, panel.Address = signs, p.address
		}
		all = append(all, display.Wired{Thing: display.Thing{Kind: display.PrinterThing, Name: at}, Sought: p.sought, Speeds: slices.Clone(p.speeds), Baud: p.baud}, panel)
	}
	return all
}

// of is a device whose place cannot be used.
func (h hindrance) of(w display.Wired) display.Wired {
	w.Hindrance, w.Command = h.kind, h.command()
	if w.Holder = strings.Join(h.holders, ", "); h.kind == display.PlaceConsole {
		w.Holder = h.tty
	}
	return w
}

// Show has a panel show a number.
func (w *walk) Show(panel display.Thing, address int) error {
	for i, p := range w.settings.Panels {
		if (display.Thing{Kind: display.PanelThing, Name: p.Name}) == panel {
			w.mu.Lock()
			w.lit[p.Name] = true
			w.mu.Unlock()
			return w.panels(p.Name, signText(i))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.ports[panel.Name]
	if panel.Kind != display.PanelThing || p == nil || !p.open {
		return fmt.Errorf("%w: %q", display.ErrNoPanel, panel.Name)
	}
	w.goOn()
	p.shown, p.shows, p.address = true, true, address
	nudge(p.changed)
	w.tell()
	return nil
}

// darken takes its number off a panel of the settings: one that stays would pass for
// one that is called.
func (w *walk) darken(p config.Panel) {
	w.mu.Lock()
	lit := w.lit[p.Name]
	delete(w.lit, p.Name)
	w.mu.Unlock()
	if !lit {
		return
	}
	if err := w.panels(p.Name, p.Closed); err != nil {
		w.log.Warn("a number stays on a panel", "device", p.Name, "err", err, "do", "switch the panel off and on")
	}
}
