package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"eliminacode/device"
	"eliminacode/device/clock"
	"eliminacode/device/gpio"
	config "eliminacode/firmware-config"
	"eliminacode/queue/calendar"
	"eliminacode/queue/journal"
)

// A finding is what check says of one part of the box.
type finding struct {
	Part  string `json:"part"`
	State string `json:"state"` // OK, WARN or FAIL
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

const (
	stateOK   = "OK"
	stateWarn = "WARN"
	stateFail = "FAIL"
)

// An inspection gathers findings.
type inspection struct {
	findings []finding
	running  bool // a daemon runs on the data folder
}

func (i *inspection) add(part, state, found, do string) {
	i.findings = append(i.findings, finding{Part: part, State: state, Found: found, Do: do})
}

func (i *inspection) failed() bool {
	for _, f := range i.findings {
		if f.State == stateFail {
			return true
		}
	}
	return false
}

func (p program) check() *cobra.Command {
	var flags boxFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look at every part of the box and say what to do",
		Long: "Look at every part of the box: settings, office, data, clock, pages, printers, buttons, keypads.\n" +
			"Each is OK, WARN or FAIL, with what to do. The exit code is 1 when any is FAIL.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			gpioErr := gpio.Init()
			i := inspect(c.Context(), flags, gpioErr)
			if err := p.print(i, asJSON); err != nil {
				return err
			}
			if i.failed() {
				return errReported
			}
			return nil
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

func (p program) print(i *inspection, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(p.out)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			OK    bool      `json:"ok"`
			Parts []finding `json:"parts"`
		}{!i.failed(), i.findings})
	}
	for _, f := range i.findings {
		fmt.Fprintf(p.out, "%-4s  %s: %s\n", f.State, f.Part, strings.ReplaceAll(f.Found, "\n", "\n      "))
		if f.Do != "" {
			fmt.Fprintf(p.out, "      -> %s\n", f.Do)
		}
	}
	return nil
}

// inspect looks at everything, as far as the settings can be read.
func inspect(ctx context.Context, flags boxFlags, gpioErr error) *inspection {
	i := &inspection{}
	s, err := flags.settings()
	if err != nil {
		i.add("settings", stateFail, err.Error(), "correct every line named above and check again")
		return i
	}
	i.add("settings", stateOK, fmt.Sprintf("%d printers, %d buttons, %d keypads on a %s",
		len(s.Printers), len(s.Buttons), len(s.Keypads), s.Board.Model), "")
	d, err := dialDaemon(ctx, s.Data.Dir)
	if i.running = err == nil; i.running {
		d.Close()
	}
	i.office(s)
	i.data(ctx, s)
	i.clock()
	i.pages(s)
	i.devices(ctx, s, gpioErr)
	return i
}

func (i *inspection) office(s config.Settings) {
	setup, err := readOffice(s.Office.File)
	if err == nil {
		err = errors.Join(setup.Validate(), calendar.Validate(setup))
	}
	if err != nil {
		i.add("office", stateFail, err.Error(), "correct the office's file")
		return
	}
	if faults := misbound(s, setup); len(faults) > 0 {
		i.add("office", stateFail, errors.Join(faults...).Error(), "make the names in the settings those of the office")
		return
	}
	found := fmt.Sprintf("%s: %d services, %d desks", setup.Office.Body, len(setup.Services), len(setup.Desks))
	if s.Office.File == "" {
		i.add("office", stateWarn, found+" (the reference office)", "name the office's own file with [office] file before the first start")
		return
	}
	i.add("office", stateOK, found, "")
	for _, n := range calendar.Notices(setup) {
		i.add("opening hours", stateWarn, n, "look at the opening hours in the office's file")
	}
}

// Free space below which the box should be looked at, and below which it will
// soon refuse tickets.
const (
	spaceLow  = 500 << 20
	spaceGone = 50 << 20
)

func (i *inspection) data(ctx context.Context, s config.Settings) {
	dir := s.Data.Dir
	if isDemo(dir) {
		i.add("data", stateFail, dir+" holds a demonstration", "name another folder with [data] dir or --data")
		return
	}
	existing := dir
	for {
		if _, err := os.Stat(existing); err == nil || filepath.Dir(existing) == existing {
			break
		}
		existing = filepath.Dir(existing)
	}
	if err := unix.Access(existing, unix.W_OK|unix.X_OK); err != nil {
		i.add("data", stateFail, fmt.Sprintf("%s cannot be written: %v", existing, err), "give the service's user the right to write there")
		return
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(existing, &fs); err != nil {
		i.add("data", stateFail, fmt.Sprintf("asking %s for its space: %v", existing, err), "look at the disk")
		return
	}
	free := fs.Bavail * uint64(fs.Bsize)
	found := fmt.Sprintf("%s has %d MB free", dir, free>>20)
	switch {
	case free < spaceGone:
		i.add("data", stateFail, found, "make room: with a full disk no ticket is given")
	case free < spaceLow:
		i.add("data", stateWarn, found, "make room soon")
	default:
		i.add("data", stateOK, found, "")
	}
	i.journal(ctx, dir)
}

func (i *inspection) journal(ctx context.Context, dir string) {
	if _, err := os.Stat(journalDir(dir)); err != nil {
		i.add("journal", stateOK, "there is none yet; the first start makes it", "")
		return
	}
	a, err := openArchive(ctx, dir)
	if err != nil {
		i.add("journal", stateFail, err.Error(), "")
		return
	}
	defer a.Close()
	v, err := a.Verify(ctx)
	switch {
	case errors.Is(err, journal.ErrNewerFormat):
		i.add("journal", stateFail, err.Error(), "install the newer program")
	case err != nil:
		i.add("journal", stateFail, err.Error(), "keep a copy of the folder before anything else is done to it")
	default:
		i.add("journal", stateOK, fmt.Sprintf("%d events in %d files, every hash right", v.Events, v.Files), "")
	}
}

func (i *inspection) clock() {
	c, err := clock.NewSystem()
	if err != nil {
		i.add("clock", stateFail, err.Error(), "mount /proc")
		return
	}
	r := c.Read()
	at := time.UnixMilli(r.Wall).Format("2006-01-02 15:04:05 MST")
	if !r.Synced {
		i.add("clock", stateWarn, at+", not synchronised", "if it is wrong, connect the network or set it; tickets are given all the same")
		return
	}
	i.add("clock", stateOK, at+", synchronised", "")
}

func (i *inspection) pages(s config.Settings) {
	if err := checkListen(s.Web.Listen, s.Web.InsecureLAN); err != nil {
		i.add("pages", stateFail, err.Error(), "")
		return
	}
	if i.running {
		i.add("pages", stateOK, "a daemon runs on this data folder", "")
		return
	}
	l, err := listen(s.Web.Listen)
	if err != nil {
		i.add("pages", stateFail, err.Error(), "")
		return
	}
	l.Close()
	if !loopback(s.Web.Listen) {
		i.add("pages", stateWarn, s.Web.Listen+" can be reached by other machines, with no login", "use it on the office's own network only")
		return
	}
	i.add("pages", stateOK, s.Web.Listen+" is free", "")
}

// lookFor is how long devices are given to answer.
const lookFor = 3 * time.Second

// devices opens each device as the daemon would, and asks how it is.
func (i *inspection) devices(ctx context.Context, s config.Settings, gpioErr error) {
	if gpioErr != nil && len(s.Buttons)+len(s.Lamps) > 0 {
		i.add("GPIO", stateFail, gpioErr.Error(), "look at [board] model, and at the rights of group gpio")
	}
	if i.running {
		i.add("devices", stateOK, "the running daemon has them; their state is on its manager page", "")
		return
	}
	h, err := wire(s, slog.New(slog.DiscardHandler))
	if err != nil {
		i.add("devices", stateFail, err.Error(), "correct the settings")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	var ends []chan error
	run := func(f func(context.Context) error) {
		ended := make(chan error, 1)
		go func() { ended <- f(ctx) }()
		ends = append(ends, ended)
	}
	for _, p := range h.printers {
		run(p.printer.Run)
	}
	if h.buttons != nil {
		run(func(ctx context.Context) error { return h.buttons.Run(ctx, func(device.Press) {}) })
	}
	if h.keypads != nil {
		run(func(ctx context.Context) error { return h.keypads.Run(ctx, func(device.Key) {}) })
	}
	for h.asking() && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	for _, p := range h.printers {
		i.device("printer", p.printer.Status())
	}
	if h.buttons != nil {
		i.device("buttons", h.buttons.Status())
	}
	if h.keypads != nil {
		for _, k := range h.keypads.Status() {
			i.device("keypad", k)
		}
	}
	cancel()
	for _, ended := range ends {
		<-ended
	}
}

// asking tells whether some device has not said yet how it is.
func (h *hardware) asking() bool {
	open := func(s device.Status) bool { return s.State == device.StateUnknown }
	for _, p := range h.printers {
		if open(p.printer.Status()) {
			return true
		}
	}
	if h.buttons != nil && open(h.buttons.Status()) {
		return true
	}
	if h.keypads != nil {
		for _, k := range h.keypads.Status() {
			if open(k) {
				return true
			}
		}
	}
	return false
}

// device turns a device's health into a finding.
func (i *inspection) device(kind string, s device.Status) {
	part := kind + " " + s.Name
	in := shown(kind, s)
	found := in.Words
	if s.Detail != "" {
		found += " (" + s.Detail + ")"
	}
	switch s.State {
	case device.StateReady:
		i.add(part, stateOK, found, "")
	case device.StateDegraded:
		i.add(part, stateWarn, found, in.Do)
	default:
		i.add(part, stateFail, found, in.Do)
	}
}
