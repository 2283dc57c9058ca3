package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"eliminacode/device/contact"
	"eliminacode/device/gpio"
	config "eliminacode/firmware-config"
)

// tryFor is how long buttons and keypads are watched unless --for says
// otherwise.
const tryFor = time.Minute

func (p program) testButtons() *cobra.Command {
	var length time.Duration
	c := boxCommand(&cobra.Command{
		Use:   "buttons",
		Short: "Show each press, release and bounce of the buttons",
		Long: "Show each press, release and bounce of the buttons until the time is over or Ctrl-C, and then which\n" +
			"of them were never pressed (exit code 1). No ticket is given. The daemon must not run: it holds the lines.",
	}, func(c *cobra.Command, flags boxFlags, _ []string) error {
		s, err := p.toTry(c.Context(), flags, "buttons", true)
		if err != nil {
			return err
		}
		if len(s.Buttons) == 0 {
			return fmt.Errorf("the settings name no button; add a [[button]] for each")
		}
		ctx, cancel := context.WithTimeout(c.Context(), length)
		defer cancel()
		fmt.Fprintf(p.out, "Press every button, one after the other (%v, Ctrl-C ends).\n", length)
		return p.watchButtons(ctx, s)
	})
	c.Flags().DurationVar(&length, "for", tryFor, "how long to watch")
	return c
}

// A tried is one button under test.
type tried struct {
	config.Button
	presses, bounces int
	closed           bool // at the last look
	err              error
}

// watchButtons follows every button until ctx ends, and then says which were
// never seen.
func (p program) watchButtons(ctx context.Context, s config.Settings) error {
	open := p.machine.input(s.Chips()...)
	all := make([]tried, len(s.Buttons))
	tell := teller(p.out)
	var ended sync.WaitGroup
	for i, b := range s.Buttons {
		all[i].Button = b
		ended.Go(func() { all[i].follow(ctx, s.Board, open, tell) })
	}
	ended.Wait()
	var found []told
	for _, b := range all {
		f := told{Part: "button " + b.Name, State: stateOK, Found: manyAs(b.presses, "press", "presses") + ", " + many(b.bounces, "bounce")}
		switch {
		case b.err != nil:
			f.State, f.Found = stateFail, b.err.Error()
		case b.presses == 0 && b.closed:
			f.State, f.Found, f.Do = stateFail, "closed all the time", "free it, or look for a short circuit between "+b.Line+" and ground"
		case b.presses == 0:
			f.State, f.Found, f.Do = stateFail, "never pressed", "press it (prema ogni pulsante); if it was pressed, look at the wire from "+b.Line+" to it and to ground"
		}
		found = append(found, f)
	}
	return p.tellAll(found)
}

// teller writes lines with the time since now, from any goroutine.
func teller(out io.Writer) func(format string, args ...any) {
	began := time.Now()
	var mu sync.Mutex
	return func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(out, "%6.2f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}
}

// idleLook is how often a contact that rests is looked at.
const idleLook = 200 * time.Millisecond

// follow tells what the button's contact does until ctx ends or its line is
// lost.
func (b *tried) follow(ctx context.Context, w config.Wiring, open func(string) (gpio.Pin, error), tell func(string, ...any)) {
	pin, err := open(b.Line)
	if err != nil {
		b.err = err
		return
	}
	defer pin.Close()
	settle := time.Duration(w.SettleMs) * time.Millisecond
	debounced := contact.NewDebouncer(settle, time.Duration(w.StuckAfter)*time.Second)
	name := fmt.Sprintf("%s (%s)", b.Name, b.Line)
	edge := false
	for ctx.Err() == nil {
		if b.closed, b.err = pin.Closed(); b.err != nil {
			tell("%s is lost: %v", name, b.err)
			return
		}
		now := time.Now()
		switch debounced.Sample(now, b.closed) {
		case contact.Pressed:
			b.presses++
			tell("%s pressed", name)
		case contact.Released:
			tell("%s released after %.2f s", name, now.Sub(debounced.ClosedAt()).Seconds())
		case contact.Stuck:
			tell("%s is still closed after %d s: is it stuck?", name, w.StuckAfter)
		}
		wait := debounced.Wait(now, idleLook)
		switch {
		case debounced.Bounced(edge):
			b.bounces++
			tell("%s bounced", name)
			// A storm of edges is followed at this pace and no faster.
			fallthrough
		case !debounced.Settled():
			edge = false
			rest(ctx, min(wait, settle))
		default:
			edge = pin.WaitForEdge(wait)
		}
	}
}

// rest waits for d or the end of ctx.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
