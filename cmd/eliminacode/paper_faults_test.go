package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device/sim/printer"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
)

// A paperFault is what may happen to a printer, and how a person mends it.
type paperFault struct {
	name   string
	strike func(*faultRoom)
	mend   func(*faultRoom)
	// after is how long it lasts; 0 is until the ticket has its outcome.
	after time.Duration
}

var paperFaults = []paperFault{
	{name: "unplugged", strike: func(r *faultRoom) { r.port.plug(false) }, mend: func(r *faultRoom) { r.port.plug(true) }},
	{name: "switched off", strike: func(r *faultRoom) { r.sim.SetPower(false) }, mend: func(r *faultRoom) { r.sim.SetPower(true) }},
	{name: "switched off and on", after: 200 * time.Millisecond,
		strike: func(r *faultRoom) { r.sim.SetPower(false) }, mend: func(r *faultRoom) { r.sim.SetPower(true) }},
	{name: "paper out", strike: func(r *faultRoom) { r.sim.SetPaperOut(true) }, mend: func(r *faultRoom) { r.sim.SetPaperOut(false) }},
	{name: "paper out in 5 mm", strike: func(r *faultRoom) { r.sim.PaperOutAfter(5) }, mend: func(r *faultRoom) { r.sim.SetPaperOut(false) }},
	{name: "cover open", strike: func(r *faultRoom) { r.sim.SetCoverOpen(true) }, mend: func(r *faultRoom) { r.sim.SetCoverOpen(false) }},
	{name: "cover open for a second", after: time.Second,
		strike: func(r *faultRoom) { r.sim.SetCoverOpen(true) }, mend: func(r *faultRoom) { r.sim.SetCoverOpen(false) }},
	{name: "feed button held", after: 1500 * time.Millisecond,
		strike: func(r *faultRoom) { r.sim.SetFeedButton(true) }, mend: func(r *faultRoom) { r.sim.SetFeedButton(false) }},
	{name: "head hot", strike: func(r *faultRoom) { r.sim.SetHeadHot(6 * time.Second) }, mend: func(*faultRoom) {}},
	{name: "cutter jammed", strike: func(r *faultRoom) { r.sim.SetCutterJam(true) },
		mend: func(r *faultRoom) { r.sim.SetCutterJam(false); r.sim.Free() }},
	{name: "paper jammed", strike: func(r *faultRoom) { r.sim.SetPaperJam(true) },
		mend: func(r *faultRoom) { r.sim.SetPaperJam(false); r.sim.Free() }},
	{name: "voltage", strike: func(r *faultRoom) { r.sim.SetVoltageFault(true) }, mend: func(r *faultRoom) { r.sim.SetVoltageFault(false) }},
	{name: "silent", strike: func(r *faultRoom) { r.sim.SetDeaf(true) }, mend: func(r *faultRoom) { r.sim.SetDeaf(false) }},
	{name: "silent for a second", after: time.Second,
		strike: func(r *faultRoom) { r.sim.SetDeaf(true) }, mend: func(r *faultRoom) { r.sim.SetDeaf(false) }},
	{name: "answers late", strike: func(r *faultRoom) { r.sim.SetAnswerDelay(3 * time.Second) },
		mend: func(r *faultRoom) { r.sim.SetAnswerDelay(0) }},
	{name: "answer cut short", strike: func(r *faultRoom) { r.sim.CutAnswer(3) }, mend: func(r *faultRoom) { r.sim.CutAnswer(0) }},
	{name: "unplugged in an answer", strike: func(r *faultRoom) { r.sim.UnplugAfterAnswers(3) },
		mend: func(r *faultRoom) { r.sim.UnplugAfterAnswers(0) }},
	{name: "process killed", strike: (*faultRoom).killSoon, mend: (*faultRoom).awaken},
}

// A faultRoom is one case: a box, its wire, and the ticket that is hurt.
type faultRoom struct {
	*paperBox
	port   *port
	killed chan struct{} // closed when the process has died
}

// killSoon kills the process from outside its own goroutines.
func (r *faultRoom) killSoon() {
	r.disk.freeze()
	go func() {
		r.kill()
		close(r.killed)
	}()
}

// awaken starts the process again.
func (r *faultRoom) awaken() {
	<-r.killed
	r.killed = make(chan struct{})
	r.start()
}

// A point is where in the life of a ticket a fault strikes: before it is asked
// for, at a byte of it, or a while after its first byte.
type point struct {
	name   string
	before bool
	byte   int
	after  time.Duration // used when byte is negative
}

// caseProfiles are shipped printers, at least one for each way of confirming.
var caseProfiles = []string{"generic-80-process-id", "generic-80", "generic-58", "custom-vkp80"}

// inFaultRoom runs f in a bubble beside a running box with a ready printer.
func inFaultRoom(t *testing.T, profile string, f func(*faultRoom)) {
	synctest.Test(t, func(t *testing.T) {
		driven, _ := config.Default().Profile(profile)
		printer := printer.New(printer.Config{Model: printer.ModelOf(driven), Baud: 9600, TextOnly: true})
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(func() { printer.Run(ctx) })
		all.Go(func() { takeTickets(ctx, printer) })
		p := &port{all: &all, serve: func(far net.Conn) { printer.Serve(ctx, far) }}
		epoch := time.Now().Add(-time.Hour)
		r := &faultRoom{port: p, killed: make(chan struct{}), paperBox: &paperBox{
			t: t, disk: &disk{}, sim: printer, profile: driven, speed: 1,
			now: func() queue.Now {
				return queue.Now{Wall: time.Now().UnixMilli(), Boot: "boot", Mono: time.Since(epoch).Milliseconds(), Synced: true}
			},
			real:   func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond },
			open:   p.open,
			hangUp: func() { p.plug(false); p.plug(true) },
		}}
		// Also when f gives up: a bubble ends only with all that is in it.
		defer func() {
			r.stop()
			cancel()
			all.Wait()
		}()
		r.start()
		r.await("the printer to be ready", r.able)
		f(r)
	})
}

// takeTickets is the citizens at a printer that holds tickets out, or has them
// torn off.
func takeTickets(ctx context.Context, printer *printer.Printer) {
	tick := time.NewTicker(3 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			printer.TakeTicket()
			if !printer.Model().Cutter() {
				printer.Tear()
			}
		case <-ctx.Done():
			return
		}
	}
}

func (r *faultRoom) await(what string, done func() bool) {
	r.t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.t.Fatalf("waited in vain for %s; the printer: %+v", what, r.driver.Status())
}

// outcome waits for what became of a ticket's paper.
func (r *faultRoom) outcome(id queue.TicketID) queue.PaperState {
	r.t.Helper()
	r.await("an outcome", func() bool { return r.ticket(id).Paper != queue.PaperRequested })
	return r.ticket(id).Paper
}

// papers are all that came out, whole or not.
func (r *faultRoom) papers() []printer.Ticket { return append(r.sim.Tickets(), r.sim.Scraps()...) }

// printed is how often a number can be read on what came out.
func (r *faultRoom) printed(number string) (n int) {
	for _, paper := range r.papers() {
		for _, item := range paper.Items {
			n += strings.Count(item.Text, number)
		}
	}
	return n
}

// issuePatiently asks again while the office says that there is no paper.
func (r *faultRoom) issuePatiently() queue.TicketID {
	r.t.Helper()
	var id queue.TicketID
	r.await("a ticket", func() (ok bool) {
		got, err := r.issue()
		if err != nil && !errors.Is(err, queue.ErrNoPaper) && !errors.Is(err, queue.ErrPrinterBehind) {
			r.t.Fatal(err)
		}
		id = got
		return err == nil
	})
	return id
}

// live lets one fault strike at one point of a ticket's life, and tells what
// was recorded; empty when the ticket was refused.
func (r *faultRoom) live(f paperFault, at point) (recorded queue.PaperState) {
	t := r.t
	defer func() {
		if t.Failed() {
			t.Logf("%s at %s, recorded as %s", f.name, at.name, recorded)
		}
	}()
	struck := make(chan struct{})
	hurt := func() {
		f.strike(r)
		close(struck)
		if f.after > 0 {
			time.AfterFunc(f.after, func() { f.mend(r) })
		}
	}
	switch {
	case at.before:
		hurt()
	case at.byte >= 0:
		r.port.now().arm(at.byte, hurt)
	default:
		begun := r.port.now().begun
		go func() {
			<-begun
			time.Sleep(at.after)
			hurt()
		}()
	}
	dies := f.name == "process killed"
	if dies && at.before {
		f.mend(r)
		r.await("the printer to be ready", r.able)
	}
	id, err := r.issue()
	if err != nil {
		if !at.before {
			t.Fatal(err)
		}
		f.mend(r)
		r.await("the printer to be ready", r.able)
		return ""
	}
	number := r.ticket(id).Number.Text
	if dies && !at.before {
		<-r.killed
		r.killed = make(chan struct{})
		r.start()
	}
	recorded = r.outcome(id)
	<-struck
	time.Sleep(2 * time.Second)
	if f.after == 0 && !dies {
		f.mend(r)
	}
	time.Sleep(20 * time.Second)
	r.await("the printer to be mended", r.able)

	// The next person gets a ticket, alone on its paper.
	next := r.issuePatiently()
	if paper := r.outcome(next); paper != queue.PaperPrinted {
		t.Errorf("the next ticket is %s", paper)
	}
	time.Sleep(10 * time.Second)
	nextNumber := r.ticket(next).Number.Text
	r.check(id, recorded)
	if n := r.printed(nextNumber); n != 1 {
		t.Errorf("the next ticket is on %d papers", n)
	}
	for _, paper := range r.papers() {
		text := fmt.Sprint(paper.Items)
		if r.sim.Model().Cutter() && strings.Contains(text, number) && strings.Contains(text, nextNumber) {
			t.Errorf("two numbers on one paper:\n%s", paper.Text)
		}
	}
	r.restart(id, recorded)
	return recorded
}

// check compares what was recorded of a ticket with the paper that there is.
func (r *faultRoom) check(id queue.TicketID, recorded queue.PaperState) {
	r.t.Helper()
	ticket := r.ticket(id)
	if ticket.Paper != recorded && !(recorded == queue.PaperUnknown && ticket.Paper == queue.PaperPrinted) {
		r.t.Errorf("recorded as %s, later as %s", recorded, ticket.Paper)
	}
	papers := r.printed(ticket.Number.Text)
	switch {
	case papers > 1:
		r.t.Errorf("%s came out %d times", ticket.Number.Text, papers)
	case recorded == queue.PaperPrinted && papers == 0:
		r.t.Errorf("recorded as printed, and on no paper")
	case recorded == queue.PaperFailed && papers > 0:
		r.t.Errorf("recorded as failed (%s), and on paper", ticket.PaperWhy)
	case recorded == queue.PaperFailed && ticket.State != queue.Cancelled:
		r.t.Errorf("failed with no screen to give it on, and %s: its number is burnt", ticket.State)
	case recorded == queue.PaperUnknown && ticket.State != queue.Waiting:
		r.t.Errorf("unknown, and %s", ticket.State)
	}
}

// restart kills the process: who is unknown is still shown and called.
func (r *faultRoom) restart(id queue.TicketID, recorded queue.PaperState) {
	r.t.Helper()
	r.kill()
	r.start()
	ticket := r.ticket(id)
	shown := r.doubtful()[ticket.Number.Text]
	if want := ticket.Paper == queue.PaperUnknown; shown != want {
		r.t.Errorf("after a restart %s is %s, and shown to the reception: %v", ticket.Number.Text, ticket.Paper, shown)
	}
	if recorded == queue.PaperUnknown && ticket.State != queue.Waiting {
		r.t.Errorf("after a restart the unknown ticket is %s", ticket.State)
	}
	if called := r.callAll(); slices.Contains(called, ticket.Number.Text) != (recorded != queue.PaperFailed) {
		r.t.Errorf("after a restart %s (%s) is called: %v", ticket.Number.Text, recorded, called)
	}
}

// points are the moments that matter in the life of a ticket of these bytes.
func points(job []byte, number string, everyByte bool) []point {
	all := []point{{name: "before", before: true}}
	at := map[int]bool{0: true, 1: true, 2: true, len(job) - 1: true, len(job): true}
	where := bytes.Index(job, []byte(number))
	for i := where - 4; i <= where+len(number)+2; i++ {
		at[i] = true
	}
	for i := len(job) - 24; i < len(job); i++ {
		at[i] = true // the end of the text, the cut, the question behind it
	}
	for i := 0; i < len(job); i += 24 {
		at[i] = true
	}
	if everyByte {
		for i := range job {
			at[i] = true
		}
	}
	for _, i := range slices.Sorted(maps.Keys(at)) {
		all = append(all, point{name: fmt.Sprintf("byte %d", i), byte: i})
	}
	for after := 50 * time.Millisecond; after <= 4*time.Second; after += 50 * time.Millisecond {
		all = append(all, point{name: after.String(), byte: -1, after: after})
	}
	return all
}

// everyPoint walks every point instead of one in forty, chosen at random.
var everyPoint = flag.Bool("every-point", false, "let faults strike at every point of a ticket")

// TestPaperFaults lets every fault strike at every point of a ticket that
// matters, for shipped printers of each way of confirming: what is recorded is
// never more than what is so, nothing comes out twice by itself, and nothing is
// lost or burnt.
func TestPaperFaults(t *testing.T) {
	for _, profile := range caseProfiles {
		var job []byte
		inFaultRoom(t, profile, func(r *faultRoom) {
			id := r.issuePatiently()
			job = <-r.port.now().begun
			if paper := r.outcome(id); paper != queue.PaperPrinted {
				t.Fatalf("with no fault the ticket is %s", paper)
			}
		})
		for _, f := range paperFaults {
			t.Run(fmt.Sprintf("%s/%s", profile, f.name), func(t *testing.T) {
				t.Parallel()
				count := map[queue.PaperState]int{}
				cases := points(job, "A00001", f.name == "unplugged" || f.name == "switched off")
				if !*everyPoint {
					cases = slices.DeleteFunc(cases, func(at point) bool { return !at.before && rand.IntN(40) > 0 })
				}
				for _, at := range cases {
					inFaultRoom(t, profile, func(r *faultRoom) { count[r.live(f, at)]++ })
				}
				t.Logf("%d points of %d bytes: %d printed, %d failed, %d unknown, %d refused", len(cases), len(job),
					count[queue.PaperPrinted], count[queue.PaperFailed], count[queue.PaperUnknown], count[""])
			})
		}
	}
}
