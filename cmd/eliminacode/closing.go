package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"eliminacode/display"
	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// closings are the business days that closed, with their totals and the hash of the
// chain: an anchor outside the box once it is on paper. The slip of each is printed
// when it closes, and that of the newest again when somebody asks. Its methods may be
// called from any goroutine.
type closings struct {
	office interface {
		Watch() (*queue.State, <-chan struct{})
	}
	journal interface {
		Days(from, to string) ([]journal.Day, error)
		Closing(journal.Day) (queue.Event, journal.Hash, error)
	}
	slips interface {
		ClosingSlip(context.Context, queue.OutletID, words.Closing) (queue.PaperState, error)
	}
	printers printers
	log      *slog.Logger

	mu   sync.Mutex    // held while a day is read: it is read once, whoever asks
	read words.Closing // the newest that was read
}

// closings of an office that runs.
func (a *app) closings(o *office) *closings {
	return &closings{office: o, journal: o.archive.journal, slips: o.hardware, printers: a.bridge.Printers, log: a.log}
}

// newestClosed is the newest business day that closed; 0 while none has.
func newestClosed(s *queue.State) int {
	day := s.Day()
	if day.Open {
		return day.Ordinal - 1
	}
	return day.Ordinal
}

// run prints the slips of the days from next on as they close, until ctx ends. A day
// that closes while the box starts again, since it was off over night, has its slip
// too.
func (c *closings) run(ctx context.Context, next int) {
	for {
		state, newer := c.office.Watch()
		for ; next <= newestClosed(state) && ctx.Err() == nil; next++ {
			c.printClosed(ctx, next)
		}
		select {
		case <-ctx.Done():
			return
		case <-newer:
		}
	}
}

// printClosed prints the slip of a day that has just closed, and says the same in the
// log: it waits a little for a printer.
func (c *closings) printClosed(ctx context.Context, ordinal int) {
	day, err := c.of(ordinal)
	if err == nil {
		_, err = c.print(ctx, day, func(preferred queue.OutletID) (queue.OutletID, bool) { return c.printers.ready(ctx, preferred) })
	}
	line := c.log.With("date", day.Date.Format(time.DateOnly), "seq", day.Seq, "hash", day.Hash)
	if err != nil {
		line.Warn("the slip of a closed day is not on paper", "err", err, "do", "keep this line outside the box, or print the slip again on the technician's page")
		return
	}
	line.Info("the slip of a closed day is printed")
}

// printOf prints the slip of the closed day of a date, or without one of the newest,
// at a printer that can print now. See display.Technician.
func (c *closings) printOf(ctx context.Context, date string) (queue.PaperState, error) {
	var day words.Closing
	var err error
	ok := true
	if date != "" {
		day, err = c.on(date)
	} else if day, ok, err = c.newest(); err != nil {
		err = fmt.Errorf("%w: %w", display.ErrClosingUnread, err)
	}
	switch {
	case err != nil:
		return queue.PaperFailed, err
	case !ok:
		return queue.PaperFailed, display.ErrNoneClosed
	}
	return c.print(ctx, day, c.printers.now)
}

// on is the closed day of a date; of several that a wrong clock made, the last. See
// display.Technician for its errors.
func (c *closings) on(date string) (day words.Closing, err error) {
	days, err := c.journal.Days(date, date)
	switch {
	case errors.Is(err, journal.ErrMissing):
		return day, fmt.Errorf("%w: %w", display.ErrClosingGone, err)
	case err != nil:
		return day, fmt.Errorf("%w: %w", display.ErrClosingUnread, err)
	}
	state, _ := c.office.Watch()
	for _, d := range slices.Backward(days) {
		if d.Ordinal > newestClosed(state) {
			continue // it is open
		}
		if day, err = c.of(d.Ordinal); err != nil {
			err = fmt.Errorf("%w: %w", display.ErrClosingUnread, err)
		}
		return day, err
	}
	return day, fmt.Errorf("%w: %s", display.ErrNotClosed, date)
}

// print prints a slip at the printer that is found, by preference the reception's.
func (c *closings) print(ctx context.Context, day words.Closing, find func(queue.OutletID) (queue.OutletID, bool)) (queue.PaperState, error) {
	outlet, ok := find(c.preferred())
	if !ok {
		return queue.PaperFailed, display.ErrNoPrinterReady
	}
	return c.slips.ClosingSlip(ctx, outlet, day)
}

// prints is the outlet at which a slip would come out now.
func (c *closings) prints() (queue.OutletID, bool) { return c.printers.now(c.preferred()) }

func (c *closings) preferred() queue.OutletID {
	state, _ := c.office.Watch()
	return state.Setup().ReceptionOutlet()
}

// newest is the newest day that closed; ok is false while none has.
func (c *closings) newest() (day words.Closing, ok bool, err error) {
	state, _ := c.office.Watch()
	ordinal := newestClosed(state)
	if ordinal < 1 {
		return day, false, nil
	}
	day, err = c.of(ordinal)
	return day, true, err
}

// of is a closed day. The newest that was read is kept: it never changes.
func (c *closings) of(ordinal int) (words.Closing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read.Sums.Day == ordinal {
		return c.read, nil
	}
	day, err := c.readDay(ordinal)
	if err == nil && ordinal > c.read.Sums.Day {
		c.read = day
	}
	return day, err
}

func (c *closings) readDay(ordinal int) (day words.Closing, err error) {
	days, err := c.journal.Days("", "")
	if err != nil {
		return day, err
	}
	for _, d := range days {
		if d.Ordinal != ordinal {
			continue
		}
		e, hash, err := c.journal.Closing(d)
		if err != nil {
			return day, err
		}
		day = words.Closing{Sums: e.Body.(queue.DayClosed), Seq: e.Seq, Hash: hash.String()}
		if day.Date, err = time.Parse(time.DateOnly, d.Date); err != nil {
			return day, fmt.Errorf("reading the date of day %d: %w", ordinal, err)
		}
		return day, nil
	}
	return day, fmt.Errorf("day %d: %w", ordinal, journal.ErrNoDay)
}
