package main

import (
	"context"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"

	"eliminacode/display/access/private"
	"eliminacode/queue"
	"eliminacode/queue/journal"
)

// What is done once a day, while nobody waits.
const (
	nightlyEvery = 20 * time.Hour
	nightlyLook  = 5 * time.Minute
	// nightHour is when it is done in an office that never closes.
	nightHour = 3
)

// workNightly reads the whole journal and drops old acts when the office is
// closed, until ctx ends.
func workNightly(ctx context.Context, o *office, log *slog.Logger) error {
	nightly(ctx, func() bool {
		state, _ := o.Watch()
		return quiet(state, o.Now())
	}, func() {
		readWhole(ctx, o.archive.journal, log)
		if state, _ := o.Watch(); o.access != nil && !state.ClockDoubtful(o.Now()) {
			dropOldActs(o.access, log)
		}
	})
	return nil
}

// nightly does work once a day while it is quiet, until ctx ends. It looks first when
// the program has run for a while: a box that is switched on before the doors open has
// screens that wait for it.
func nightly(ctx context.Context, quiet func() bool, work func()) {
	tick := time.NewTicker(nightlyLook)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if (last.IsZero() || time.Since(last) >= nightlyEvery) && quiet() {
			last = time.Now()
			work()
		}
	}
}

// readWhole verifies the journal at low priority: what rots on a card in an old
// month would otherwise be found by who needs it. What it finds is the journal's
// to remember and to log.
func readWhole(ctx context.Context, j *journal.Journal, log *slog.Logger) {
	var found journal.Verification
	var err error
	began := time.Now()
	atLowPriority(func() {
		found, err = j.Verify(ctx)
		// What the reading used would stay with the program until Go next collects.
		debug.FreeOSMemory()
	})
	if err == nil {
		log.Info("the whole journal was read", "events", found.Events, "mended", found.Mended, "took", time.Since(began).Round(time.Millisecond))
	}
}

// dropOldActs takes off the audit list what is older than the box keeps.
func dropOldActs(store *private.Store, log *slog.Logger) {
	dropped, err := store.DropOldActs(time.Now(), onTheBox)
	switch {
	case err != nil:
		log.Error("old acts stay in the audit list", "err", err)
	case dropped > 0:
		log.Info("old acts were dropped from the audit list", "acts", dropped)
	}
}

// days is so many days as a duration.
func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

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
