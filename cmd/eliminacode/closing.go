package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// A closingPrinter prints a slip of each day that closes: its totals and the hash of
// the chain, an anchor outside the box.
type closingPrinter struct {
	watch func() (*queue.State, <-chan struct{})
	days  func(from, to string) ([]journal.Day, error)
	end   func(journal.Day) (queue.Event, journal.Hash, error)
	print func(context.Context, words.Closing) error
	// tell says it in the log too, with the error that kept it from paper.
	tell func(words.Closing, error)
}

// run prints from the day next on, until ctx ends. A day that closes while the box
// starts again, since it was off over night, has its slip too.
func (p closingPrinter) run(ctx context.Context, next int) {
	for {
		state, newer := p.watch()
		open := state.Day().Ordinal
		if !state.Day().Open {
			open++
		}
		for ; next < open && ctx.Err() == nil; next++ {
			c, err := p.closing(next)
			if err == nil {
				err = p.print(ctx, c)
			}
			p.tell(c, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-newer:
		}
	}
}

// closing is what the slip of a closed day says.
func (p closingPrinter) closing(ordinal int) (c words.Closing, err error) {
	days, err := p.days("", "")
	if err != nil {
		return c, err
	}
	for _, d := range days {
		if d.Ordinal != ordinal {
			continue
		}
		e, hash, err := p.end(d)
		if err != nil {
			return c, err
		}
		c = words.Closing{Sums: e.Body.(queue.DayClosed), Seq: e.Seq, Hash: hash.String()}
		if c.Date, err = time.Parse(time.DateOnly, d.Date); err != nil {
			return c, fmt.Errorf("reading the date of day %d: %w", ordinal, err)
		}
		return c, nil
	}
	return c, fmt.Errorf("day %d: %w", ordinal, journal.ErrNoDay)
}

// nextToClose is the day whose slip comes next, in an office as it was before its
// start.
func nextToClose(before *queue.State) int {
	day := before.Day()
	if day.Open {
		return day.Ordinal
	}
	return day.Ordinal + 1
}

// printClosings prints the slip of each day that closes, at the reception's printer
// if that can print.
func (a *app) printClosings(ctx context.Context, o *office) {
	closingPrinter{
		watch: o.Watch, days: o.archive.journal.Days, end: o.archive.journal.Closing,
		print: func(ctx context.Context, c words.Closing) error {
			state, _ := o.Watch()
			outlet, ok := a.readyOutlet(ctx, state.Setup().ReceptionOutlet())
			if !ok {
				return errNoPrinterReady
			}
			_, err := o.hardware.ClosingSlip(ctx, outlet, c)
			return err
		},
		tell: func(c words.Closing, err error) {
			line := a.log.With("date", c.Date.Format(time.DateOnly), "seq", c.Seq, "hash", c.Hash)
			if err != nil {
				line.Warn("the slip of a closed day is not on paper", "err", err, "do", "keep this line outside the box")
				return
			}
			line.Info("the slip of a closed day is printed")
		},
	}.run(ctx, o.toClose)
}

// errNoPrinterReady: no printer of the box can print now.
var errNoPrinterReady = errors.New("no printer is ready")
