package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Trial prints a slip that says PROVA at an outlet, and answers what became of
// its paper: printed, failed or unknown, with the printer's error unless it is
// printed, and how that was learnt. It has no number, is no event and enters no
// statistics. It waits for the slip that is under way, and answers when ctx ends
// at the latest. It may be called from any goroutine while Run runs.
func (b *Bridge) Trial(ctx context.Context, outlet queue.OutletID) (queue.PaperState, device.Receipt, error) {
	return b.printAside(ctx, outlet, words.TrialSlip)
}

// ClosingSlip prints what a day that has closed was, at an outlet, and answers as
// Trial does.
func (b *Bridge) ClosingSlip(ctx context.Context, outlet queue.OutletID, c words.Closing) (queue.PaperState, error) {
	paper, _, err := b.printAside(ctx, outlet, func(setup queue.Setup, at time.Time) words.SlipText {
		return words.ClosingSlip(setup, at, c)
	})
	return paper, err
}

// printAside prints a slip that is no ticket's. Like a ticket's it begins soon
// or never: whoever asked for it stands at the printer.
func (b *Bridge) printAside(ctx context.Context, outlet queue.OutletID, text func(queue.Setup, time.Time) words.SlipText) (queue.PaperState, device.Receipt, error) {
	printer, ok := b.cfg.Printers[outlet]
	if !ok {
		return queue.PaperFailed, device.Receipt{}, fmt.Errorf("printing at outlet %q: %w; name one of the settings' printers", outlet, ErrNoPrinter)
	}
	state, _ := b.cfg.Engine.Watch()
	slip := Paper(text(state.Setup(), b.cfg.Local(state.OfficeTime(b.cfg.Engine.Now()))))
	slip.StartBy = time.Now().Add(b.really(startWithinMs, outlet))
	ctx, cancel := context.WithTimeout(ctx, b.really(printMost, outlet))
	defer cancel()
	receipt, err := printer.Print(ctx, slip)
	for errors.Is(err, device.ErrSlipTooLong) && shorten(&slip) {
		receipt, err = printer.Print(ctx, slip)
	}
	switch {
	case err == nil:
		return queue.PaperPrinted, receipt, nil
	case errors.Is(err, device.ErrNotPrinted):
		return queue.PaperFailed, receipt, fmt.Errorf("printing at outlet %q: %w", outlet, err)
	default:
		return queue.PaperUnknown, receipt, fmt.Errorf("printing at outlet %q: %w", outlet, err)
	}
}
