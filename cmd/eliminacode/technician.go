package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"eliminacode/cmd/eliminacode/replace"
	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/display/view"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A technician tells the pages what the box is made of.
type technician struct {
	office   *office
	settings config.Settings
	flags    boxFlags
	file     string    // of the settings, or empty
	read     time.Time // when the file was last changed before it was read
	machine  machine
	gpioErr  error
	logs     *deviceLog

	looking sync.Mutex // one check at a time
	copying sync.Mutex // one copy at a time
	mu      sync.Mutex // of what follows
	checked *checked   // nil before the first one
}

// A checked is what a check found, to be told in the language of each who asks.
type checked struct {
	atMs     int64
	findings []finding
}

func (c *checked) shown(tongue *words.Tongue) *view.Checked {
	if c == nil {
		return nil
	}
	all := &view.Checked{AtMs: c.atMs}
	for _, f := range c.findings {
		all.Parts = append(all.Parts, f.shown(tongue))
	}
	return all
}

// shown is a finding as the pages show it: what the system itself says, which is in
// English, comes apart.
func (f finding) shown(tongue *words.Tongue) view.Found {
	said := view.Found{Code: strings.TrimPrefix(f.part.ID, "part."), Part: tongue.Tell(f.part), State: f.state, Do: tongue.Tell(f.do)}
	said.Found, said.Detail = tongue.TellApart(f.found)
	return said
}

// changedAt is when a file was last changed; zero where it cannot be seen.
func changedAt(file string) time.Time {
	info, err := os.Stat(file)
	if file == "" || err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Box implements display.Technician.
func (t *technician) Box(tongue *words.Tongue) view.Box {
	b := view.Box{
		Program:  buildVersion(),
		Settings: view.Settings{File: t.file, Schema: t.settings.Schema},
		Wires:    t.wires(tongue), Spare: t.spare(),
	}
	if at := changedAt(t.file); !at.IsZero() {
		b.Settings.AtMs, b.Settings.Newer = at.UnixMilli(), !at.Equal(t.read)
	}
	for name, made := range map[string]**view.CopyMade{lastCopyName: &b.Copy, lastFetchedName: &b.Fetched} {
		var err error
		if *made, err = lastCopy(t.settings.Data.Dir, name); err != nil {
			t.office.log.Warn("the note of the last copy cannot be read", "err", err)
		}
	}
	b.Closing, b.Places = t.closing(tongue), t.machine.copyPlaces(t.settings.Data.Dir)
	t.mu.Lock()
	defer t.mu.Unlock()
	b.Check = t.checked.shown(tongue)
	return b
}

// closing is the newest business day that closed; nil while none has.
func (t *technician) closing(tongue *words.Tongue) *view.ClosedDay {
	day, ok, err := t.office.closings.newest()
	if !ok {
		return nil
	}
	shown := view.ClosedDay{Unread: true}
	if err != nil {
		t.office.log.Warn("the end of the newest closed day cannot be read", "err", err)
	} else {
		shown = t.closed(tongue, day)
	}
	return &shown
}

// closed is a closed day, with where its slip would come out.
func (t *technician) closed(tongue *words.Tongue, day words.Closing) view.ClosedDay {
	shown := view.Closed(tongue, day)
	if outlet, ready := t.office.closings.prints(); ready {
		state, _ := t.office.Watch()
		shown.Outlet = outletName(state, string(outlet))
	}
	return *shown
}

// ClosedDay implements display.Technician.
func (t *technician) ClosedDay(date string, tongue *words.Tongue) (view.ClosedDay, error) {
	day, err := t.office.closings.on(date)
	if err != nil {
		return view.ClosedDay{}, err
	}
	return t.closed(tongue, day), nil
}

// PrintClosing implements display.Technician.
func (t *technician) PrintClosing(ctx context.Context, date string) (queue.PaperState, error) {
	return t.office.closings.printOf(ctx, date)
}

// wires are the devices of the settings, with what is found where they should be.
func (t *technician) wires(tongue *words.Tongue) (all []view.Wire) {
	state, _ := t.office.Watch()
	healths := map[string]health{}
	for _, h := range t.office.devices() {
		key := h.Kind + " " + h.Name
		if h.Kind == "buttons" {
			key = h.Kind // one driver has them all
		}
		healths[key] = h
	}
	add := func(w view.Wire, kind, key string) {
		h, known := healths[key]
		if !known {
			h = health{Kind: kind, Status: device.Status{State: device.StateUnknown}}
		}
		all = append(all, t.told(w, kind, h, tongue))
	}
	s, line := t.settings, t.lines()
	for _, p := range s.Printers {
		own := slices.ContainsFunc(s.Profiles, func(x profile.Profile) bool { return x.Name == p.Profile })
		add(view.Wire{Type: "printer", Name: p.Name, Place: p.Port, There: t.machine.real(p.Port), Outlet: outletName(state, p.Outlet), Profile: p.Profile, Own: own}, "printer", "printer "+p.Name)
	}
	for _, b := range s.Buttons {
		add(view.Wire{Type: "button", Name: b.Name, Place: b.Line, There: line(b.Line), Service: nameOfService(state, b.Service), Outlet: outletName(state, b.Outlet)}, "button", "buttons")
	}
	for _, l := range s.Lamps {
		add(view.Wire{Type: "lamp", Name: l.Name, Place: l.Line, There: line(l.Line)}, "lamp", "lamp "+l.Name)
	}
	for _, k := range s.Keypads {
		place := cmp.Or(k.Path, k.Port)
		add(view.Wire{Type: "keypad", Name: k.Name, Place: place, There: t.machine.real(place), Desk: deskLabel(state, k.Desk)}, "keypad", "keypad "+k.Name)
	}
	for _, p := range s.Panels {
		add(view.Wire{Type: "panel", Name: p.Name, Place: p.Port, There: t.machine.real(p.Port), Desk: deskLabel(state, p.Desk)}, "panel", "panel "+p.Name)
	}
	return all
}

// told is a wire with how its device is and what that wrote.
func (t *technician) told(w view.Wire, kind string, h health, tongue *words.Tongue) view.Wire {
	d := h.shown(tongue)
	w.Kind, w.State, w.Words, w.Do, w.Log = tongue.DeviceKind(kind), d.State, d.Words, d.Do, t.logs.of(w.Name)
	return w
}

// The names that people know; those of the settings where the office has none.

func outletName(state *queue.State, id string) string {
	o, _, _ := state.Outlet(queue.OutletID(id))
	return cmp.Or(o.Name, id)
}

func nameOfService(state *queue.State, id string) string {
	x, _ := state.Service(queue.ServiceID(id))
	return cmp.Or(x.Name, id)
}

func deskLabel(state *queue.State, id string) string {
	d, _, _ := state.Desk(queue.DeskID(id))
	return cmp.Or(d.Label, id)
}

// lines tells on which chip a line is; empty where none has it.
func (t *technician) lines() func(line string) string {
	chip, ok := t.machine.chip(t.settings.Chips())
	return func(line string) string {
		if _, there := consumer(chip, line); ok && there {
			return chip.Label
		}
		return ""
	}
}

// spare are ports and keypads that are plugged in and that no setting names, each by
// one of its paths.
func (t *technician) spare() []string {
	return t.machine.free(append(serialPorts(t.settings), keypadPaths(t.settings)...), portsByPath, "/dev/serial/by-id/*", keypadsByPath)
}

// lookAfter names the office that runs on the box, before anything is asked.
func (t *technician) lookAfter(o *office) { t.office = o }

// Check implements display.Technician. It leaves the journal to the command check:
// reading years of it would keep a page waiting.
func (t *technician) Check(ctx context.Context) bool {
	return t.keep(func() []finding { return inspect(ctx, t.flags, t.machine, t.gpioErr, false).findings })
}

// keep keeps what a look at the box finds; false is that another one is under way.
func (t *technician) keep(look func() []finding) bool {
	if !t.looking.TryLock() {
		return false
	}
	defer t.looking.Unlock()
	found := look()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.checked = &checked{time.Now().UnixMilli(), found}
	return true
}

// lastCopyName is the file, in the data folder, that says when and where the journal
// was copied to last, and lastFetchedName the one that says when it was last sent as a
// file.
const (
	lastCopyName    = "last-copy.json"
	lastFetchedName = "last-fetched.json"
)

// longestCopyNote bounds it, in bytes: a path has 4,096 at most.
const longestCopyNote = 16 << 10

// lastCopy is the last copy that a note tells of; nil for none.
func lastCopy(data, name string) (*view.CopyMade, error) {
	f, err := os.Open(filepath.Join(data, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening the note of the last copy: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, longestCopyNote))
	if err != nil {
		return nil, fmt.Errorf("reading the note of the last copy: %w", err)
	}
	return parseCopyNote(text, name)
}

func parseCopyNote(text []byte, name string) (*view.CopyMade, error) {
	var made view.CopyMade
	if err := json.Unmarshal(text, &made); err != nil || made.AtMs <= 0 || (made.Folder == "") != (name == lastFetchedName) {
		return nil, fmt.Errorf("%s is damaged; make another copy, which writes it anew: at /responsabile/tecnico", name)
	}
	return &made, nil
}

// noteCopy keeps when and where the journal was copied to, or when it was sent.
func noteCopy(data string, made view.CopyMade) error {
	text, err := json.Marshal(made)
	if err != nil {
		return fmt.Errorf("noting the copy: %w", err)
	}
	name := lastCopyName
	if made.Folder == "" {
		name = lastFetchedName
	}
	path := filepath.Join(data, name)
	if err := replace.File(path, append(text, '\n')); err != nil {
		return err
	}
	// What root writes is for the service's user to read.
	info, err := os.Stat(data)
	if err != nil {
		return fmt.Errorf("noting the copy: %w", err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		return os.Chown(path, int(st.Uid), int(st.Gid))
	}
	return nil
}

// tellCopy lets the box know of a copy: by its daemon, or without one by itself.
func tellCopy(ctx context.Context, data, folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("noting the copy: %w", err)
	}
	d, err := daemonOf(ctx, data)
	if err != nil {
		return err
	}
	made := view.CopyMade{AtMs: time.Now().UnixMilli(), Folder: folder}
	if d == nil {
		return noteCopy(data, made)
	}
	defer d.Close()
	_, err = askJSON[view.CopyMade](ctx, d, http.MethodPost, "/copied", url.Values{"folder": {folder}}, nil)
	return err
}
