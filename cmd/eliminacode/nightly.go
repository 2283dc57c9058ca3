package main

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/queue"
	"eliminacode/queue/journal"
)

// The whole journal is read once a day, while nobody waits: what rots on a card
// in an old month would otherwise be found by who needs it.
const (
	wholeEvery  = 20 * time.Hour
	nightlyLook = 5 * time.Minute
	// nightHour is when it is read in an office that never closes.
	nightHour = 3
)

// readNightly verifies the journal when the office is closed, at low priority,
// until ctx ends. What it finds is the journal's to remember and to log.
func readNightly(ctx context.Context, o *office, log *slog.Logger) error {
	tick := time.NewTicker(nightlyLook)
	defer tick.Stop()
	var last time.Time
	for {
		state, _ := o.Watch()
		if (last.IsZero() || time.Since(last) >= wholeEvery) && quiet(state, o.Now()) {
			last = time.Now()
			var found journal.Verification
			var err error
			atLowPriority(func() { found, err = o.archive.journal.Verify(ctx) })
			if err == nil {
				log.Info("the whole journal was read", "events", found.Events, "mended", found.Mended, "took", time.Since(last).Round(time.Millisecond))
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// quiet tells whether the office is closed, or it is the middle of the night.
func quiet(state *queue.State, now queue.Now) bool {
	if wall, err := wallTime(state, now); err == nil && wall.Hour() == nightHour {
		return true
	}
	plan := state.Plan()
	if plan == nil || !state.Day().Open {
		return true
	}
	at := state.OfficeTime(now)
	for _, b := range plan.Bands {
		if at >= b.Opens && at < b.Closes {
			return false
		}
	}
	return state.Totals().Open() == 0
}

// atLowPriority runs f on a thread to which all others go first, at the
// processor and at the disk.
func atLowPriority(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The thread ends with the goroutine, since it stays locked to it.
		runtime.LockOSThread()
		const process, idle = 1, 3 << 13 // IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 19)
		_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, process, 0, idle)
		f()
	}()
	<-done
}
