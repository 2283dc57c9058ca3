package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/journal"
	"eliminacode/queue/words"
)

// A businessDays is an office of which only the business day is looked at.
type businessDays struct {
	state *queue.State
	newer chan struct{}
}

func (d *businessDays) watch() (*queue.State, <-chan struct{}) { return d.state, d.newer }

// at goes on to a business day.
func (d *businessDays) at(day int, open bool) {
	events := []queue.Event{{Seq: 1, Body: queue.DayOpened{Day: day}}}
	if !open {
		events = append(events, queue.Event{Seq: 2, Body: queue.DayClosed{Day: day}})
	}
	older := d.newer
	d.state, d.newer = queue.Fold(events), make(chan struct{})
	close(older)
}

// TestEachDayThatClosesHasItsSlip: once, the one that closed while the box started
// too, and none that had closed before; what is not on paper is told.
func TestEachDayThatClosesHasItsSlip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &businessDays{newer: make(chan struct{})}
		d.at(3, true)
		next := nextToClose(d.state)
		noPaper := errors.New("no paper")
		var printed, lost []int
		p := closingPrinter{
			watch: d.watch,
			days: func(string, string) (all []journal.Day, err error) {
				for n := 1; n <= 9; n++ {
					all = append(all, journal.Day{Ordinal: n, Date: "2026-11-24"})
				}
				return all, nil
			},
			end: func(day journal.Day) (queue.Event, journal.Hash, error) {
				return queue.Event{Seq: uint64(day.Ordinal), Body: queue.DayClosed{Day: day.Ordinal, Issued: 7}}, journal.Hash{}, nil
			},
			print: func(_ context.Context, c words.Closing) error {
				if c.Date.Format(time.DateOnly) != "2026-11-24" || c.Sums.Issued != 7 || len(c.Hash) != 64 {
					t.Errorf("the slip says %+v", c)
				}
				if printed = append(printed, c.Sums.Day); c.Sums.Day == 5 {
					return noPaper
				}
				return nil
			},
			tell: func(c words.Closing, err error) {
				if errors.Is(err, noPaper) {
					lost = append(lost, c.Sums.Day)
				} else if err != nil {
					t.Error(err)
				}
			},
		}
		d.at(4, true) // day 3 closes before anybody looks
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.run(ctx, next); close(ended) }()
		synctest.Wait()
		for _, step := range []struct {
			day  int
			open bool
			want []int
		}{
			{4, true, []int{3}}, {4, false, []int{3, 4}}, {5, true, []int{3, 4}}, {7, true, []int{3, 4, 5, 6}}, {7, true, []int{3, 4, 5, 6}},
		} {
			d.at(step.day, step.open)
			synctest.Wait()
			if !slices.Equal(printed, step.want) {
				t.Errorf("at day %d, open %t: %v have a slip, want %v", step.day, step.open, printed, step.want)
			}
		}
		if !slices.Equal(lost, []int{5}) {
			t.Errorf("%v are told as not on paper, want 5", lost)
		}
		stop()
		<-ended
	})
}
