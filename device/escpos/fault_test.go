package escpos_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// A mishap is what can befall a printer, and its remedy.
type mishap struct {
	name string
	come func(*printer.Printer)
	mend func(*printer.Printer)
}

var mishaps = []mishap{
	{"paper out", func(p *printer.Printer) { p.SetPaperOut(true) }, func(p *printer.Printer) { p.SetPaperOut(false) }},
	{"cover open", func(p *printer.Printer) { p.SetCoverOpen(true) }, func(p *printer.Printer) { p.SetCoverOpen(false) }},
	{"knife jammed", func(p *printer.Printer) { p.SetCutterJam(true) }, func(p *printer.Printer) { p.SetCutterJam(false) }},
	{"paper jammed", func(p *printer.Printer) { p.SetPaperJam(true) }, func(p *printer.Printer) { p.SetPaperJam(false) }},
	{"head hot", func(p *printer.Printer) { p.SetHeadHot(8 * time.Second) }, func(*printer.Printer) {}},
	{"supply weak", func(p *printer.Printer) { p.SetVoltageFault(true) }, func(p *printer.Printer) { p.SetVoltageFault(false) }},
	{"feed key held", func(p *printer.Printer) { p.SetFeedButton(true) }, func(p *printer.Printer) { p.SetFeedButton(false) }},
	{"switched off", func(p *printer.Printer) { p.SetPower(false) }, func(p *printer.Printer) { p.SetPower(true) }},
	{"unplugged", func(p *printer.Printer) { p.UnplugAfter(1) }, func(*printer.Printer) {}},
	{"deaf", func(p *printer.Printer) { p.SetDeaf(true) }, func(p *printer.Printer) { p.SetDeaf(false) }},
	{"half an answer", func(p *printer.Printer) { p.CutAnswer(2) }, func(p *printer.Printer) { p.CutAnswer(0) }},
	{"answers late", func(p *printer.Printer) { p.SetAnswerDelay(600 * time.Millisecond) }, func(p *printer.Printer) { p.SetAnswerDelay(0) }},
}

// points are the bytes of a ticket before which something may happen: each
// place that matters, by what the printer has had by then.
func points(t *testing.T, profile profile.Profile) (at []int) {
	b, err := escpos.Encode(profile, numbered(0), escpos.ID{'a', 'b', 'c', 'd'})
	if err != nil {
		t.Fatal(err)
	}
	number := bytes.Index(b, []byte("T000"))
	code := bytes.Index(b, []byte("1P0https"))
	end := bytes.LastIndex(b, []byte("\x1bJ"))
	if number < 0 || code < 0 {
		t.Fatalf("% X", b)
	}
	at = []int{1, 2, 20, number - 2, number, number + 2, number + 4, number + 5, code - 2, code + 10, len(b) - 20, len(b) - 8, len(b) - 1, len(b)}
	if end > 0 {
		at = append(at, end, end+1)
	}
	slices.Sort(at)
	return at
}

func numbered(n int) device.Slip {
	s := typical
	s.Number = fmt.Sprintf("T%03d", n)
	return s
}

// Every mishap, before a ticket, at each of its bytes that matters, while it is
// printed, and before its answer, by every rung: what was said of the ticket is
// true, it is never on paper twice, a late word comes once and is true, and the
// ticket after it is whole and alone on its paper.
func TestMishapAtEveryPoint(t *testing.T) {
	clean := profile.Generic()
	clean.Name, clean.Ack = "clean", []device.Rung{device.RungClean}
	profiles := append(shipped(t)[:2], clean)
	for _, p := range shipped(t) {
		if p.Name == "custom-vkp80" {
			profiles = append(profiles, p)
		}
	}
	for i, profile := range profiles {
		for shift, m := range mishaps {
			t.Run(profile.Name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				model := printer.ModelOf(profile)
				inRoom(t, printer.Config{Model: model, Keep: 500, TextOnly: true}, profile, nil, func(r *room) {
					r.ready()
					w := &walk{room: r, mishap: m, said: map[string]error{}}
					w.now(-time.Second)
					for at, n := range points(r.t, profile) {
						// The best rung at every point, the others in turns.
						if i == 0 || (at+shift)%3 == 0 {
							w.step(func() { r.sim.AfterBytes(n, func() { m.come(r.sim) }) })
						}
					}
					for _, after := range []time.Duration{300, 500, 700, 900, 1100, 1300} {
						w.now(after * time.Millisecond)
					}
					w.judge()
				})
			})
		}
	}
}

// A walk lets a mishap come again and again, and keeps what was said.
type walk struct {
	*room
	mishap mishap
	n      int
	said   map[string]error // of each number
	next   []string         // numbers of the tickets in between
}

// now lets it come so long after the ticket has been handed over, or before.
func (w *walk) now(after time.Duration) {
	w.step(func() {
		if after < 0 {
			w.mishap.come(w.sim)
			time.Sleep(-after)
			return
		}
		time.AfterFunc(after, func() { w.mishap.come(w.sim) })
	})
}

func (w *walk) step(prepare func()) {
	w.n++
	slip := numbered(w.n)
	prepare()
	mended := make(chan struct{})
	time.AfterFunc(14*time.Second, func() { w.mishap.mend(w.sim); close(mended) })
	_, err := w.p.Print(w.t.Context(), slip)
	w.said[slip.Number] = err
	if not, unknown := errors.Is(err, device.ErrNotPrinted), isUnknown(err); err != nil && not == unknown {
		w.t.Errorf("%s: not exactly one outcome: %v", slip.Number, err)
	}
	<-mended
	time.Sleep(10 * time.Second) // what the printer still holds comes out
	w.sim.TakeTicket()
	w.ready()
	whole := device.Slip{Number: fmt.Sprintf("N%03d", w.n)}
	if _, err := w.p.Print(w.t.Context(), whole); err != nil {
		w.t.Fatalf("behind %s: %v", slip.Number, err)
	}
	w.next = append(w.next, whole.Number)
	w.sim.TakeTicket()
}

func isUnknown(err error) bool { return errors.Is(err, device.ErrUnknownOutcome) }

// judge compares what was said with the paper.
func (w *walk) judge() {
	w.mu.Lock()
	late := slices.Clone(w.late)
	w.mu.Unlock()
	whole := map[string]int{}
	for _, ticket := range w.sim.Tickets() {
		whole[ticket.Biggest()]++
		if strings.Count(ticket.Text, "T0")+strings.Count(ticket.Text, "N0") > 1 {
			w.t.Errorf("two numbers on one piece of paper:\n%s", ticket.Text)
		}
	}
	legible := func(number string) bool {
		has := func(k printer.Ticket) bool { return strings.Contains(k.Text, number) }
		return slices.ContainsFunc(w.sim.Tickets(), has) || slices.ContainsFunc(w.sim.Scraps(), has)
	}
	unknown := 0
	for number, err := range w.said {
		switch {
		case whole[number] > 1:
			w.t.Errorf("%s is on paper %d times; it was said: %v", number, whole[number], err)
		case err == nil && whole[number] != 1:
			w.t.Errorf("%s was said to be printed", number)
		case errors.Is(err, device.ErrNotPrinted) && legible(number):
			w.t.Errorf("%s is on paper; it was said: %v", number, err)
		}
		told := slices.Index(late, number)
		if told >= 0 && (!legible(number) || !isUnknown(err) || slices.Contains(late[told+1:], number)) {
			w.t.Errorf("%s was told late %q; it was said: %v", number, late, err)
		}
		if isUnknown(err) {
			unknown++
		}
	}
	for _, number := range w.next {
		if whole[number] != 1 {
			w.t.Errorf("%s, which followed, is on paper %d times", number, whole[number])
		}
	}
	for _, complaint := range w.sim.Complaints() {
		if strings.Contains(complaint, "real-time") || strings.Contains(complaint, "overrun") {
			w.t.Error(complaint)
		}
	}
	w.t.Logf("%d tickets: %d unknown, %d of them told late", len(w.said), unknown, len(late))
}
