package escpos_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"eliminacode/device"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
)

// accented has what a printer that wakes with other letters spoils first.
var accented = device.Slip{
	Header: []string{"COMUNE DI FORLÌ"}, Date: "mar 24 novembre 2026, 10:31",
	Service: "Anagrafe, perché così è", Caption: "Il suo numero", Number: "A042",
	Facts: []string{"Città: più vicino, 5 € [#1] {x} ~ @ `"},
	QR:    "https://example.it/t/7K3F9QX2",
	Notes: []string{"È già tardi"},
}

// ESC @ leaves some things to the printer's switches and memory: a table of
// Chinese characters, the letters of a country, another page, font, size or
// margin. The ticket is the same on every shipped profile, whatever they say.
func TestWhatInitLeaves(t *testing.T) {
	for _, p := range shipped(t) {
		model := printer.ModelOf(p)
		want := onPaper(t, p, printer.Config{Model: model})
		for _, text := range []string{"perché così è", "Città: più"} {
			if !strings.Contains(want.Text, text) {
				t.Errorf("%s: %q is not on the paper:\n%s", p.Name, text, want.Text)
			}
		}
		for name, wakes := range map[string]printer.Waking{
			"Chinese": {DoubleByte: true},
			"Italian": {Country: 6},
			"page":    {Page: 17},
			"font B":  {FontB: true},
			"size":    {Width: 2, Height: 2},
			"margin":  {Left: 100},
			"all":     {DoubleByte: true, Country: 6, Page: 17, FontB: true, Width: 2, Height: 2, Left: 100},
		} {
			if p.IsRaw() && (wakes.FontB || wakes.Width > 0 || wakes.Left > 0) {
				continue // its words are few, and its technician's
			}
			got := onPaper(t, p, printer.Config{Model: model, Change: func(m *printer.Model) { m.Wakes = wakes }})
			if diff := cmp.Diff(want.Text, got.Text); diff != "" {
				t.Errorf("%s on a printer that wakes with another %s (-usual +got):\n%s", p.Name, name, diff)
			}
			if diff := cmp.Diff(want.Items, got.Items); diff != "" && !p.IsRaw() {
				t.Errorf("%s on a printer that wakes with another %s looks otherwise (-usual +got):\n%s", p.Name, name, diff)
			}
		}
	}
}

// The simulated printer does wake so: without a word about it the accents are
// Chinese, or lost.
func TestChineseWhenNothingIsSaid(t *testing.T) {
	p := profile.Generic()
	p.Begin = ""
	got := onPaper(t, p, printer.Config{
		Model: printer.ModelOf(profile.Generic()), Change: func(m *printer.Model) { m.Wakes.DoubleByte = true },
	})
	if strings.Contains(got.Text, "perché") || !strings.ContainsFunc(got.Text, func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }) {
		t.Errorf("the ticket says\n%s", got.Text)
	}
}

// A printer that enlarges characters a few times only is asked for no more.
func TestLargestSize(t *testing.T) {
	for most := 1; most <= 8; most++ {
		p := profile.Generic()
		p.LargestSize = most
		model := printer.ModelOf(profile.Generic())
		model.LargestSize = most
		ticket := onPaper(t, p, printer.Config{Model: model})
		if most > 2 && ticket.Biggest() != "A042" || !strings.Contains(ticket.Text, "A042") {
			t.Errorf("enlarged %d times at most, the biggest text is %q of\n%s", most, ticket.Biggest(), ticket.Text)
		}
		for _, item := range ticket.Items {
			if item.Kind == printer.ItemText && max(item.Width, item.Height) > most {
				t.Errorf("%q is enlarged %d by %d times, and %d is the most", item.Text, item.Width, item.Height, most)
			}
		}
	}
}

// onPaper prints the accented slip and returns its paper; the printer must have
// nothing to complain about.
func onPaper(t *testing.T, p profile.Profile, cfg printer.Config) (paper printer.Ticket) {
	t.Helper()
	job, err := escpos.Encode(p, accented, escpos.ID{'w', 'a', 'k', 'e'})
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	synctest.Test(t, func(t *testing.T) {
		vp := printer.New(cfg)
		ctx, cancel := context.WithCancel(t.Context())
		ours, theirs := net.Pipe()
		var all sync.WaitGroup
		all.Go(func() { vp.Run(ctx) })
		all.Go(func() { vp.Serve(ctx, theirs) })
		all.Go(func() { io.Copy(io.Discard, ours) })
		if _, err := ours.Write(job); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if !vp.Model().Cutter() {
			vp.Tear()
			time.Sleep(time.Second)
		}
		if tickets := vp.Tickets(); len(tickets) == 1 && tickets[0].Complete() {
			paper = tickets[0]
		} else {
			t.Errorf("%s: %d papers, not one whole ticket", p.Name, len(tickets))
		}
		for _, complaint := range vp.Complaints() {
			t.Errorf("%s: the printer complains: %s", p.Name, complaint)
		}
		cancel()
		ours.Close()
		all.Wait()
	})
	return paper
}
