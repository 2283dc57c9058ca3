package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"eliminacode/cmd/eliminacode/certificate"
	"eliminacode/cmd/eliminacode/counters"
	"eliminacode/cmd/eliminacode/setups"
	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/clock"
	"eliminacode/device/escpos/profile"
	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/display/access/private"
	"eliminacode/display/notify"
	"eliminacode/display/view"
	"eliminacode/display/voice"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/engine"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// An app is a running office: journal, engine, devices, pages. serve builds
// one over real hardware and demo one over simulators.
type app struct {
	data string // the folder
	// settings is the file that names the folder; empty when a flag does.
	settings string
	// keepAudit is how long the acts of who administers stay in their list; 0 is
	// for as long as there is room.
	keepAudit time.Duration
	clock     clock.Clock
	log       *slog.Logger
	journal   journal.Options

	// setup gives the office of a journal that has none.
	setup func() (queue.Setup, error)
	// bridge binds the devices; the app fills in what it owns.
	bridge bridge.Config
	// devices tells how each device is.
	devices func() []health
	// pages is what the pages need; the app fills in what it owns.
	pages  display.Config
	listen string
	// taken is told that another program has that port, which is then opened as soon as
	// it is free, while all else works; nil where a start fails by it.
	taken func(takenPort)
	// staff is the port of the pages under TLS, and given are the files of its
	// certificate; both empty without that port.
	staff string
	given certificate.Config
	// oidc is the body's own sign-in; without an issuer it has none.
	oidc config.OIDC
	// public is the address in tickets' QR codes, given the pages' own; empty
	// prints none.
	public func(address string) string
	// misfits tells what of the wiring does not fit an office; nil without any.
	misfits func(queue.Setup) []finding
	// settle gives back the memory that the start took.
	settle func()
	// wiring is what may be tried and added on the way to a first office; nil where
	// there is always one.
	wiring *wiring
	// technician tells the pages what the box is made of; nil where it has none.
	technician interface {
		display.Technician
		lookAfter(o *office)
	}
	// slipProfile is that of the printer whose tickets the set-up shows.
	slipProfile profile.Profile
	// anew is written to when a technician has damaged accounts begun anew; nil where
	// the program does not start again by itself. Capacity 1.
	anew chan struct{}
	// aside is where accounts are that the start before set aside; empty for none.
	aside string
	// beside runs beside the office, from the moment it answers to the moment
	// it stops.
	beside []func(ctx context.Context, o *office) error
}

// An office is what runs beside it may use.
type office struct {
	*engine.Engine
	data        string // the folder
	archive     *localArchive
	procedures  *procedures                        // of the office, in the data folder
	setups      *setups.Store                      // drafts and earlier offices
	walk        *walk                              // to a first office; nil where there is always one
	devices     func() []health                    // with what the printers counted in earlier runs
	boards      func() []display.HungBoard         // that are connected
	address     string                             // of the pages, http://host:port, as they listen
	secure      string                             // of those under TLS, https://host:port, or empty
	certificate *certificate.Keeper                // of those; nil without them
	access      *private.Store                     // nil when the pages ask nobody who it is
	onSlip      atomic.Pointer[access.OneTimeCode] // the last that was put on a slip
	lost        error                              // why the accounts cannot be read; nil where they can
	anew        chan struct{}                      // see app.anew
	awaits      func() awaitedPorts
	open        <-chan struct{} // closed once the pages have their port
	hardware    *bridge.Bridge
	misfits     func(queue.Setup) []finding
	toClose     int // the first business day that had not closed when the box started
	closings    *closings
	hooks       *notify.Sender // the webhooks
	log         *slog.Logger
}

// awaitedPorts are the addresses of the pages, and of those of the staff under TLS,
// while another program has them; empty once the box has.
type awaitedPorts struct {
	Pages string `json:"pages,omitempty"`
	Staff string `json:"staff,omitempty"`
}

// today is the date of the business day that is open, else of the one that the
// office's clock is in.
func (o *office) today() (string, error) {
	state, _ := o.Watch()
	if state.Day().Open {
		return state.Plan().Date, nil
	}
	return businessDate(state, o.Now())
}

// run opens everything in order, waits, and closes in the opposite order. The
// journal is closed last.
func (a *app) run(ctx context.Context) (err error) {
	a.settle = boundMemory()
	// The port first: a taken one must be told before anything is written.
	listener, err := listenPages(a.listen, a.taken, a.log)
	if err != nil {
		return err
	}
	defer listener.Close()
	secure, err := listenStaff(a.staff, a.log)
	if err != nil {
		return err
	}
	if secure != nil {
		defer secure.Close()
	}
	at := dataFolder{path: a.data, settings: a.settings}
	fresh, err := at.open()
	if err != nil {
		return err
	}
	if fresh {
		// A start that fails leaves no empty journal; one with events in it stays.
		defer func() { _ = os.Remove(journalDir(a.data)) }()
	}
	options := a.journal
	options.Product, options.Log = buildVersion(), a.log
	j, err := journal.Open(journalDir(a.data), options)
	if err != nil {
		if errors.Is(err, journal.ErrInUse) {
			return fmt.Errorf("%w; is another eliminacode running on %s?", err, a.data)
		}
		return unreadable(a.data, fmt.Errorf("opening the journal: %w", err))
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	go english() // its texts are read while the day is folded
	today, err := queue.FoldSeq(j.Today())
	if err != nil {
		return unreadable(a.data, fmt.Errorf("reading today: %w", err))
	}
	e := a.engine(j, today)
	control, err := listenControl(a.data)
	if err != nil {
		return err
	}
	defer func() {
		control.Close()
		os.Remove(filepath.Join(a.data, controlName))
	}()

	stopEngine, engineEnded := background(e.Run)
	select {
	case <-e.Ready():
	case err := <-engineEnded:
		return err
	}
	kept := counters.Open(filepath.Join(a.data, countersName), a.log)
	o := &office{
		Engine:  e,
		data:    a.data,
		archive: newArchive(j, func() *queue.State { s, _ := e.Watch(); return s }),
		devices: func() []health { return counted(a.devices(), kept) },
		address: "http://" + listener.Addr().String(),
		misfits: a.misfits,
		toClose: newestClosed(today) + 1,
		log:     a.log,
		anew:    a.anew,
		awaits:  func() awaitedPorts { return awaitedPorts{awaited(listener), awaited(secure)} },
		open:    whenOpen(listener),
	}
	o.procedures = openProcedures(a.data, a.log)
	o.procedures.atReference = func() bool {
		state, _ := o.Watch()
		return state.HasSetup() && state.Setup().Office.Body == referenceBody()
	}
	o.setups = setups.Open(filepath.Join(a.data, setupsName), o, a.log)
	o.setups.Noted = a.noted
	if a.wiring != nil {
		o.walk = newWalk(o, *a.wiring, a.bridge.Panels)
	}
	err = a.work(ctx, o, kept, listener, secure, control, engineEnded)
	// After the last slip, which may still end when all else is told to.
	kept.Save(a.printers())
	stopEngine()
	return errors.Join(err, <-engineEnded)
}

// engine goes on from what the journal holds of today.
func (a *app) engine(j *journal.Journal, today *queue.State) *engine.Engine {
	var restored *queue.Restoration
	if copied, ok := j.Copied(); ok {
		a.log.Warn("the journal is a backup that was put back: it goes on as another journal, its series at other numbers", "seq", copied.Seq)
		restored = &queue.Restoration{Next: copied.Next}
	}
	return engine.New(engine.Config{
		Restored:       restored,
		Journal:        j,
		Start:          today,
		Now:            func() queue.Now { return queue.Now(a.clock.Read()) },
		Real:           a.clock.Real,
		Plan:           calendar.Plan,
		NothingWritten: func(err error) bool { return errors.Is(err, journal.ErrFull) || errors.Is(err, journal.ErrTooLong) },
		Room:           j.Room,
		Version:        buildVersion(),
		JournalID:      rand.Text(),
		Log:            a.log,
	})
}

// work runs what faces people and hardware until ctx or the engine ends.
func (a *app) work(ctx context.Context, o *office, kept *counters.Counters, pages, secure, control net.Listener, engineEnded chan error) (err error) {
	if err := a.setUp(ctx, o); err != nil {
		return err
	}
	if err := (dataFolder{path: a.data, settings: a.settings}).begun(); err != nil {
		a.log.Warn("the mark of a new office stays", "err", err)
	}
	closeAccess := a.admit(o)
	defer func() { err = errors.Join(err, closeAccess()) }()
	if secure != nil {
		if o.certificate, err = a.certificate(o, secure); err != nil {
			return err
		}
	}
	provider := a.provider(o)
	hardware := a.hardware(o)
	o.hardware = hardware
	o.closings = a.closings(o)
	o.hooks = a.hooks(o)
	server, err := a.server(o, hardware)
	if err != nil {
		return err
	}
	o.boards = server.HungBoards
	works := []func(context.Context) error{
		func(ctx context.Context) error { return server.Serve(ctx, pages, secure) },
		func(ctx context.Context) error { return serveControl(ctx, control, o, hardware) },
		hardware.Run,
		o.hooks.Run,
		func(ctx context.Context) error {
			o.archive.keepSheets(ctx, o.Watch, func(err error) { a.log.Error("keeping day sheets failed", "err", err) })
			return nil
		},
		func(ctx context.Context) error { o.closings.run(ctx, o.toClose); return nil },
		func(ctx context.Context) error { return kept.Run(ctx, a.printers) },
		o.setups.Run,
		func(ctx context.Context) error {
			for _, wait := range []time.Duration{firstAnswers, firstPages} {
				rest(ctx, wait)
				a.settle()
			}
			return nil
		},
	}
	if provider != nil {
		works = append(works, provider.Run)
	}
	if o.access != nil {
		works = append(works, func(ctx context.Context) error { keepDayKeys(ctx, o, o.access); return nil })
	}
	for _, f := range a.beside {
		works = append(works, func(ctx context.Context) error { return f(ctx, o) })
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, len(works))
	var all sync.WaitGroup
	for _, w := range works {
		all.Go(func() {
			if err := w(ctx); err != nil && !errors.Is(err, context.Canceled) {
				failed <- err
			}
		})
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	case err = <-engineEnded:
		engineEnded <- nil
		if err == nil {
			err = engine.ErrStopped
		}
	}
	cancel()
	all.Wait()
	return err
}

// setupsName is the folder in the data folder where drafts and earlier offices are
// kept.
const setupsName = "setups"

// countersName is the file in the data folder where the printers' counters are
// kept.
const countersName = "counters.json"

// counted are the devices, the printers with what they counted in earlier runs.
func counted(all []health, kept *counters.Counters) []health {
	for i, h := range all {
		if h.Kind == "printer" {
			all[i].Status = kept.Total(h.Status)
		}
	}
	return all
}

// printers are the printers as they counted in this run.
func (a *app) printers() (all []device.Status) {
	for _, h := range a.devices() {
		if h.Kind == "printer" {
			all = append(all, h.Status)
		}
	}
	return all
}

// begins tells whether the next start begins an office.
func (a *app) begins() bool {
	return !journal.Holds(journalDir(a.data)) && dataFolder{path: a.data, settings: a.settings}.mayBegin()
}

// checkedSetup is the office of a first start.
func (a *app) checkedSetup() (queue.Setup, error) {
	setup, err := a.setup()
	if err != nil {
		return setup, err
	}
	if err := errors.Join(setup.Validate(), calendar.Validate(setup)); err != nil {
		return setup, fmt.Errorf("reading the office: %w", err)
	}
	return setup, nil
}

// setUp gives a new journal its office.
func (a *app) setUp(ctx context.Context, o *office) error {
	state, _ := o.Watch()
	if state.HasSetup() {
		return nil
	}
	setup, err := a.checkedSetup()
	if errors.Is(err, errInBrowser) {
		a.log.Warn("there is no office yet", "do", "open the pages of this box and set it up at /impostazioni")
		return nil
	} else if err != nil {
		return err
	}
	_, _, err = o.Do(ctx, queue.ChangeSetup{By: queue.Cause{Kind: queue.ByTechnician}, Setup: setup})
	if err != nil {
		return fmt.Errorf("setting up the office: %w", err)
	}
	// A first harmless command opens the business day.
	if _, _, err := o.Do(ctx, queue.Tick{}); err != nil {
		return fmt.Errorf("opening the first day: %w", err)
	}
	a.log.Info("the office is set up", "body", setup.Office.Body, "services", len(setup.Services), "desks", len(setup.Desks))
	return nil
}

func (a *app) hardware(o *office) *bridge.Bridge {
	cfg := a.bridge
	cfg.Engine, cfg.Log, cfg.Real = o, a.log, a.clock.Real
	cfg.Token = token
	cfg.Box = func() words.BoxStatus { return a.boxStatus(o) }
	cfg.Gripped = o.askAnew
	cfg.Local = func(ms int64) time.Time {
		state, _ := o.Watch()
		return time.UnixMilli(ms).In(zoneOf(state.Setup()))
	}
	if o.walk != nil {
		o.walk.listen(&cfg)
	}
	cfg.Status = a.status(o)
	return bridge.New(cfg)
}

// status is what stands before a ticket's token in its QR code; empty prints none.
func (a *app) status(o *office) string {
	if public := a.public(o.address); public != "" {
		return strings.TrimSuffix(public, "/") + "/b/"
	}
	return ""
}

// alarms are what is wrong with the box as a whole, by the codes of words.
func (o *office) alarms() (codes []string) {
	if o.Refuses() != nil {
		codes = append(codes, words.AlarmNotStored)
	}
	if o.Hangs() {
		codes = append(codes, words.AlarmDiskHangs)
	}
	if o.archive.journal.Suspected() != nil {
		codes = append(codes, words.AlarmJournalBroken)
	}
	if o.lost != nil || o.access != nil && o.access.Damaged() {
		codes = append(codes, words.AlarmAccessLost)
	}
	if o.lost == nil && o.access != nil && len(o.access.Unread()) > 0 {
		codes = append(codes, words.AlarmAccessRows)
	}
	if o.awaits().Pages != "" {
		codes = append(codes, words.AlarmPagesPort)
	}
	if o.awaits().Staff != "" {
		codes = append(codes, words.AlarmStaffPort)
	}
	return codes
}

// loopback tells whether an address can be reached from this machine alone.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// checkListen refuses what is no address.
func checkListen(address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return usageError{fmt.Errorf("%q is no address and port; write one such as 127.0.0.1:8080", address)}
	}
	return nil
}

// certificate is that of the pages under TLS. It tells the time by the office's
// clock, which knows more than the machine's after a start.
func (a *app) certificate(o *office, secure net.Listener) (*certificate.Keeper, error) {
	o.secure = "https://" + secure.Addr().String()
	cfg := a.given
	cfg.Log = a.log
	cfg.Now = func() time.Time {
		state, _ := o.Watch()
		return time.UnixMilli(state.OfficeTime(o.Now()))
	}
	return openCertificate(cfg, a.data, a.public(o.address))
}

// openCertificate is the given certificate, or the box's own for the names and
// addresses that it has now.
func openCertificate(cfg certificate.Config, data, public string) (*certificate.Keeper, error) {
	private, err := privateFolder(data)
	if err != nil {
		return nil, err
	}
	cfg.Own = filepath.Join(private, "certificate.pem")
	cfg.Names = append([]string{"localhost", "127.0.0.1", "::1"}, ownAddresses()...)
	for _, name := range thisMachine().names(public) {
		if host, _, err := net.SplitHostPort(name); err == nil {
			name = host
		}
		cfg.Names = append(cfg.Names, name)
	}
	slices.Sort(cfg.Names)
	cfg.Names = slices.Compact(cfg.Names)
	return certificate.Open(cfg)
}

// background runs f until stop is called; its result comes on ended.
func background(f func(context.Context) error) (stop func(), ended chan error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended = make(chan error, 1)
	go func() { ended <- f(ctx) }()
	return cancel, ended
}

func (a *app) server(o *office, hardware *bridge.Bridge) (*display.Server, error) {
	cfg := a.pages
	cfg.Engine, cfg.Reports, cfg.Devices, cfg.Log = o, o.archive, shownAll(o.devices), a.log
	cfg.Events, cfg.Hooks = o.archive, o.hooks
	cfg.Voice = &voice.Speaker{Pack: voicePack(a.data)}
	cfg.Build, cfg.Token, cfg.Alarms = buildVersion(), token, o.alarms
	cfg.Procedures = o.procedures
	cfg.Setups = o.setups
	if o.walk != nil {
		cfg.Walk = o.walk
	}
	if a.technician != nil {
		a.technician.lookAfter(o)
		cfg.Technician = a.technician
	}
	if a.misfits != nil {
		cfg.Misfits = func(setup queue.Setup, t *words.Tongue) (all []view.Found) {
			for _, f := range a.misfits(setup) {
				all = append(all, f.shown(t))
			}
			return all
		}
	}
	slips := &slipPicture{profile: a.slipProfile, status: a.status(o)}
	cfg.Slip, cfg.Phones = slips.draw, slips.status
	cfg.Hosts = thisMachine().names(a.public(o.address))
	if o.certificate != nil {
		cfg.TLS = o.certificate.TLS()
		_, cfg.StaffPort, _ = net.SplitHostPort(strings.TrimPrefix(o.secure, "https://"))
	}
	if len(a.bridge.Printers) > 0 {
		cfg.Trial = func(ctx context.Context, outlet queue.OutletID) (queue.PaperState, error) {
			paper, _, err := hardware.Trial(ctx, outlet)
			return paper, err
		}
	}
	return display.New(cfg)
}

// tokenLetters is the length of a ticket's token: 60 random bits, short enough
// for a small QR code.
const tokenLetters = 12

func token() string { return rand.Text()[:tokenLetters] }
