package bridge

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// office is the core behind a mutex: an office without a disk.
type office struct {
	mu     sync.Mutex
	state  *queue.State
	newer  chan struct{}
	events []queue.Event
	fail   error // what Do answers instead
}

func (o *office) Now() queue.Now {
	ms := time.Now().UnixMilli()
	return queue.Now{Wall: ms, Boot: "boot", Mono: ms - 946_684_800_000 + 1, Synced: true}
}

func (o *office) Do(_ context.Context, c queue.Command) (*queue.State, []queue.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail != nil {
		return nil, nil, o.fail
	}
	s, events, err := o.state.Step(o.Now(), c)
	if len(events) > 0 {
		o.state = s
		o.events = append(o.events, events...)
		close(o.newer)
		o.newer = make(chan struct{})
	}
	return s, events, err
}

func (o *office) Watch() (*queue.State, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state, o.newer
}

func (o *office) kinds(prefix string) (kinds []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.events {
		if k := e.Body.Kind(); strings.HasPrefix(k, prefix) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func newOffice(t *testing.T) *office {
	o := &office{state: &queue.State{}, newer: make(chan struct{})}
	begins := time.Now().UnixMilli()
	plan := queue.DayPlan{Date: "2000-01-01", Begins: begins, Ends: begins + 86_400_000, Bands: []queue.Band{{Opens: begins, Closes: begins + 36_000_000}}}
	anagrafe := queue.Profile{First: []queue.ServiceID{"anagrafe", "cie"}}
	for _, c := range []queue.Command{
		queue.StartUp{Journal: "j"},
		queue.ChangeSetup{Setup: queue.Setup{
			Office: queue.Office{Body: "Comune di Prova", Zone: "Europe/Rome"},
			Series: []queue.Series{{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3}, {ID: "C", Letters: "C", First: 500, Last: 999, Width: 3}},
			Services: []queue.Service{
				{ID: "anagrafe", Name: "Anagrafe", Series: "A", StandardMs: 900_000, StandardShare: 0.9},
				{ID: "cie", Name: "Carta d'identità", Series: "C", StandardMs: 900_000, StandardShare: 0.9},
			},
			Desks: []queue.Desk{{ID: "s1", Label: "1", Profile: anagrafe}, {ID: "s2", Label: "2", Profile: anagrafe}},
			Outlets: []queue.Outlet{
				{ID: "atrio", Name: "Atrio", Printer: true, Spare: "banco"},
				{ID: "banco", Name: "Banco", Printer: true},
			},
			Rules: queue.DefaultRules(),
		}},
		queue.OpenDay{Plan: plan},
	} {
		if _, _, err := o.Do(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// printer does what the test says, in order; then it prints.
type printer struct {
	mu     sync.Mutex
	script []func(context.Context) error
	slips  []device.Slip
	status device.Status
	newer  chan struct{}
}

func (p *printer) Run(ctx context.Context) error { <-ctx.Done(); return nil }

func (p *printer) Status() device.Status {
	s, _ := p.Watch()
	return s
}

func (p *printer) Watch() (device.Status, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.newer == nil {
		p.newer = make(chan struct{})
	}
	return p.status, p.newer
}

func (p *printer) set(s device.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = s
	if p.newer != nil {
		close(p.newer)
		p.newer = nil
	}
}

func (p *printer) Print(ctx context.Context, s device.Slip) (device.Receipt, error) {
	p.mu.Lock()
	p.slips = append(p.slips, s)
	act := func(context.Context) error { return nil }
	if len(p.script) > 0 {
		act, p.script = p.script[0], p.script[1:]
	}
	p.mu.Unlock()
	time.Sleep(time.Second)
	return device.Receipt{Rung: device.RungProcessID}, act(ctx)
}

func (p *printer) printed() []device.Slip {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]device.Slip(nil), p.slips...)
}

type fakeButtons struct{ press chan device.Press }

func (b fakeButtons) Status() device.Status { return device.Status{} }
func (b fakeButtons) Run(ctx context.Context, press func(device.Press)) error {
	for {
		select {
		case p := <-b.press:
			p.At = time.Now()
			press(p)
		case <-ctx.Done():
			return nil
		}
	}
}

type pads struct{ keys chan device.Key }

func (k pads) Status() []device.Status { return nil }
func (k pads) Run(ctx context.Context, key func(device.Key)) error {
	for {
		select {
		case pressed := <-k.keys:
			pressed.At = time.Now()
			key(pressed)
		case <-ctx.Done():
			return nil
		}
	}
}

type lamps struct {
	mu    sync.Mutex
	shown []string
}

func (l *lamps) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (l *lamps) Status() []device.Status { return nil }

func (l *lamps) Show(lamp string, light device.Light) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shown = append(l.shown, fmt.Sprint(lamp, "=", light))
	return nil
}

// of is everything one lamp was told to show, and forgets it.
func (l *lamps) of(lamp string) (all []device.Light) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var others []string
	for _, x := range l.shown {
		name, light, _ := strings.Cut(x, "=")
		if name != lamp {
			others = append(others, x)
			continue
		}
		n, _ := strconv.Atoi(light)
		all = append(all, device.Light(n))
	}
	l.shown = others
	return all
}

func (l *lamps) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.shown {
		if x == s {
			return true
		}
	}
	return false
}

type rig struct {
	office  *office
	printer *printer
	spare   *printer // nil in a hall with one printer
	late    *Late
	buttons fakeButtons
	pads    pads
	lamps   *lamps
	bridge  *Bridge
	panels  *panels
}

// run gives a test a bridge in a bubble whose clock costs nothing.
func run(t *testing.T, test func(t *testing.T, r rig)) { runWith(t, nil, test) }

// runWith is run with a second printer, at the outlet that is the spare one.
func runWith(t *testing.T, spare *printer, test func(t *testing.T, r rig)) {
	synctest.Test(t, func(t *testing.T) {
		r := rig{
			spare:   spare,
			late:    NewLate(),
			office:  newOffice(t),
			printer: &printer{status: device.Status{State: device.StateReady}},
			buttons: fakeButtons{press: make(chan device.Press)},
			pads:    pads{keys: make(chan device.Key)},
			lamps:   &lamps{},
			panels:  &panels{},
		}
		tokens := 0
		printers := map[queue.OutletID]device.Printer{"atrio": r.printer}
		if spare != nil {
			printers["banco"] = spare
		}
		b := New(Config{
			Engine:   r.office,
			Printers: printers,
			Late:     r.late,
			Buttons:  r.buttons,
			Bindings: map[string]Button{"b1": {Service: "anagrafe", Outlet: "atrio", Lamp: "b1"}, "b2": {Service: "cie", Outlet: "atrio"}},
			Keypads:  r.pads,
			Desks:    map[string]queue.DeskID{"k1": "s1", "k2": "s2"},
			Lamps:    []device.Lamps{r.lamps},
			Bells:    map[string]queue.DeskID{"campanello": "s1"},
			Box: func() words.BoxStatus {
				return words.BoxStatus{Address: "http://box:8080", Version: "1.2", ClockNote: "giusto", Faults: []string{"Stampante atrio: carta esaurita"}}
			},
			Panels: []device.Panels{r.panels},
			Signs: map[string]Panel{
				"hall": {Text: "{number}{desk:2}", Closed: "--"}, "over-s2": {Desk: "s2", Text: "{digits:4}"},
			},
			Token:  func() string { tokens++; return fmt.Sprint("token", tokens) },
			Status: "http://box/b/",
			Local:  func(ms int64) time.Time { return time.UnixMilli(ms).UTC() },
		})
		r.bridge = b
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		synctest.Wait()
		test(t, r)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func (r rig) press(name string)    { r.buttons.press <- device.Press{Button: name}; synctest.Wait() }
func (r rig) hold(names ...string) { r.buttons.press <- device.Press{Held: names}; synctest.Wait() }
func (r rig) do(t *testing.T, c queue.Command) {
	t.Helper()
	if _, _, err := r.office.Do(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// pause lets time pass for the bridge.
func (r rig) pause(d time.Duration) { time.Sleep(d); synctest.Wait() }

func (r rig) keys(pad string, codes ...device.KeyCode) {
	for _, c := range codes {
		r.pads.keys <- device.Key{Keypad: pad, Code: c}
		synctest.Wait()
	}
}
func (r rig) ticket(text string) *queue.Ticket {
	s, _ := r.office.Watch()
	return s.LatestByNumber(text)
}

func TestPressGivesPaper(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := r.ticket("A001").Paper; got != queue.PaperPrinted {
			t.Errorf("the paper is %s, want printed", got)
		}
		slip := r.printer.printed()[0]
		if slip.Number != "A001" || slip.Service != "Anagrafe" || slip.QR != "http://box/b/token1" || slip.Mark != "" {
			t.Errorf("the slip is %+v", slip)
		}
		if !r.lamps.has(fmt.Sprint("b1=", device.LightBeep)) || !r.lamps.has(fmt.Sprint("b1=", device.LightReady)) {
			t.Error("the lamp showed something else")
		}
	})
}

func TestTwoPresses20msApartGiveOneTicket(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		time.Sleep(20 * time.Millisecond)
		r.press("b1")
		if s, _ := r.office.Watch(); s.Totals().Issued != 1 {
			t.Errorf("%d tickets, want 1", s.Totals().Issued)
		}
		if !r.lamps.has(fmt.Sprint("b1=", device.LightError)) {
			t.Error("the refused press made no other beep")
		}
	})
}

func TestOneInFlightInOrder(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		r.press("b2")
		if len(r.printer.printed()) != 1 {
			t.Fatalf("%d slips in flight, want 1", len(r.printer.printed()))
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if len(r.printer.printed()) != 2 || r.printer.printed()[1].Number != "C500" {
			t.Errorf("the slips are %v", r.printer.printed())
		}
	})
}

func TestOutcomesAreRecorded(t *testing.T) {
	for _, c := range []struct {
		err   error
		paper queue.PaperState
		state queue.TicketState
		why   string
	}{
		{fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrPaperOut), queue.PaperFailed, queue.Cancelled, "paper-out"},
		{fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrLost), queue.PaperFailed, queue.Cancelled, "unplugged"},
		{fmt.Errorf("%w: %w", device.ErrUnknownOutcome, device.ErrSilent), queue.PaperUnknown, queue.Waiting, "silent"},
		{errors.New("anything else"), queue.PaperUnknown, queue.Waiting, "unknown"},
	} {
		run(t, func(t *testing.T, r rig) {
			r.printer.script = []func(context.Context) error{func(context.Context) error { return c.err }}
			r.press("b1")
			time.Sleep(2 * time.Second)
			synctest.Wait()
			got := r.ticket("A001")
			if got.Paper != c.paper || got.State != c.state || got.PaperWhy != c.why {
				t.Errorf("%v: paper %s (%s), ticket %s; want %s (%s), %s", c.err, got.Paper, got.PaperWhy, got.State, c.paper, c.why, c.state)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if len(r.printer.printed()) != 1 {
				t.Errorf("%v: printed %d times by itself", c.err, len(r.printer.printed()))
			}
		})
	}
}

func TestAnOldSlipIsNeverPrinted(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		// The first slip holds the printer for longer than a second one may wait.
		r.printer.script = []func(context.Context) error{func(context.Context) error { time.Sleep(12 * time.Second); return nil }}
		r.press("b1")
		r.press("b2")
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(r.printer.printed()) != 1 {
			t.Errorf("%d slips, want 1", len(r.printer.printed()))
		}
		if got := r.ticket("C500"); got.Paper != queue.PaperFailed || got.PaperWhy != "late" {
			t.Errorf("the second paper is %s (%s)", got.Paper, got.PaperWhy)
		}
	})
}

func TestOutcomeIsReportedUntilItIsOnDisk(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.printer.script = []func(context.Context) error{func(context.Context) error {
			r.office.mu.Lock()
			r.office.fail = errors.New("no space left on the disk")
			r.office.mu.Unlock()
			return nil
		}}
		r.press("b1")
		time.Sleep(5 * time.Second)
		r.office.mu.Lock()
		r.office.fail = nil
		r.office.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait()
		if got := r.ticket("A001").Paper; got != queue.PaperPrinted || len(r.printer.printed()) != 1 {
			t.Errorf("the paper is %s after %d slips", got, len(r.printer.printed()))
		}
	})
}

func TestPaperOutIsToldAndRefused(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.printer.set(device.Status{State: device.StateStopped, Faults: []device.Fault{device.FaultPaperOut}})
		time.Sleep(6 * time.Second)
		synctest.Wait()
		s, _ := r.office.Watch()
		if _, now, _ := s.Outlet("atrio"); now.Gives != queue.Unable || now.Why != "paper-out" {
			t.Errorf("the outlet is %+v", now)
		}
		r.press("b1")
		if s, _ := r.office.Watch(); s.Totals().Issued != 0 {
			t.Error("a ticket was given that nobody could read")
		}
		if !r.lamps.has(fmt.Sprint("b1=", device.LightFault)) {
			t.Error("the lamp showed something else")
		}
		r.printer.set(device.Status{State: device.StateReady})
		time.Sleep(6 * time.Second)
		synctest.Wait()
		r.press("b1")
		if s, _ := r.office.Watch(); s.Totals().Issued != 1 {
			t.Error("no ticket after the paper came back")
		}
	})
}

func TestKeys(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		r.press("b2")
		r.keys("k1", device.KeyNext)
		if got := r.ticket("A001"); got.State != queue.Called || got.Desk != "s1" {
			t.Fatalf("NEXT made A001 %s at %q", got.State, got.Desk)
		}
		r.keys("k1", device.KeyNext)
		if got := r.ticket("A001").State; got != queue.Called {
			t.Errorf("a NEXT right after made A001 %s", got)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		r.keys("k1", device.KeyRecall)
		if got := r.ticket("A001").Recalls; got != 1 {
			t.Errorf("%d recalls", got)
		}
		r.keys("k1", device.KeyStart, device.KeyTransfer, "2", device.KeyEnter)
		if got := r.ticket("A001"); got.State != queue.Waiting || got.Service != "cie" {
			t.Errorf("TRANSFER 2 made A001 %s for %s", got.State, got.Service)
		}
		r.keys("k1", "5", "0", "0", device.KeyEnter)
		if got := r.ticket("C500").State; got != queue.Waiting {
			t.Errorf("calling a number where the office does not allow it made C500 %s", got)
		}
		r.keys("k2", device.KeyPause)
		if got := r.office.kinds("Desk"); len(got) != 2 || got[1] != "DeskOpened" {
			t.Errorf("the desks had %v", got)
		}
		r.keys("k2", "9", "9", "9", "9", "9", "9", "9", device.KeyClear)
	})
}

func TestNextWithNobodyWaiting(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		r.press("b1")
		r.keys("k1", device.KeyNext)
		time.Sleep(time.Minute)
		synctest.Wait()
		r.keys("k1", device.KeyNext)
		if got := r.ticket("A001").State; got != queue.Served {
			t.Errorf("A001 is %s, want served", got)
		}
		r.keys("k1", device.KeyNext)
		if got := r.office.kinds("TicketCalled"); len(got) != 1 {
			t.Errorf("%d calls, want 1", len(got))
		}
	})
}

func TestASlipThatIsTooLongLosesItsLeastLines(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		tooLong := func(context.Context) error {
			return fmt.Errorf("%w: %w", device.ErrNotPrinted, device.ErrSlipTooLong)
		}
		r.printer.script = []func(context.Context) error{tooLong, tooLong, tooLong}
		r.press("b1")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		slips := r.printer.printed()
		last := slips[len(slips)-1]
		if len(slips) != 4 || len(last.Notes) != 0 || last.QR != "" || last.Number != "A001" {
			t.Errorf("after %d tries the slip is %+v", len(slips), last)
		}
		if got := r.ticket("A001").Paper; got != queue.PaperPrinted {
			t.Errorf("the paper is %s", got)
		}
	})
}
