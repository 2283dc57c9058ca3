// Package clock reads the box's clocks: wall, monotonic, which boot, and
// whether the wall clock is known to be right.
//
// It never sets a clock and never waits. Fast is the same reading on a clock
// that begins where one likes and runs faster, for demonstrations.
package clock

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A Reading is one look at the clocks.
type Reading struct {
	Wall   int64  // milliseconds since 1970 UTC, as read
	Boot   string // the kernel's random name of this boot
	Mono   int64  // milliseconds since boot, time asleep included
	Synced bool   // the kernel holds the wall clock for right
}

// A Clock can be read from any goroutine.
type Clock interface {
	Read() Reading
	// Real is how long so many milliseconds of the clock really take.
	Real(ms int64) time.Duration
}

// System is the box's own clock.
type System struct{ boot string }

// NewSystem finds out which boot this is.
func NewSystem() (*System, error) {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return nil, fmt.Errorf("reading which boot this is: %w", err)
	}
	return &System{boot: strings.TrimSpace(string(b))}, nil
}

// syncedFile is what systemd-timesyncd leaves when it has set the clock.
const syncedFile = "/run/systemd/timesync/synchronized"

// Read looks at the clocks. The clock counts as synchronised when the kernel's
// flag says so (any NTP daemon clears STA_UNSYNC) or timesyncd left its file.
func (s *System) Read() Reading {
	return Reading{Wall: time.Now().UnixMilli(), Boot: s.boot, Mono: boottime(), Synced: synced()}
}

// Real is the same time.
func (s *System) Real(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

func boottime() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return t.Nano() / int64(time.Millisecond)
}

// syncChecked spares most readings the system calls: synchronisation does not
// change often.
var syncChecked struct {
	at    atomic.Int64 // milliseconds since boot
	value atomic.Bool
}

const syncEveryMs = 1_000

func synced() bool {
	now := boottime()
	if last := syncChecked.at.Load(); last != 0 && now-last < syncEveryMs {
		return syncChecked.value.Load()
	}
	const timeError = 5 // TIME_ERROR of adjtimex(2): the clock is not synchronised
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	value := err == nil && state != timeError && t.Status&unix.STA_UNSYNC == 0
	if !value {
		_, err := os.Stat(syncedFile)
		value = err == nil
	}
	syncChecked.value.Store(value)
	syncChecked.at.Store(now)
	return value
}

// Fast is a clock that began at a given wall time and runs faster. Its speed
// can be changed while it runs; its readings never jump or go back.
type Fast struct {
	boot string
	pace atomic.Pointer[pace]
}

// A pace is a stretch of time at one speed: from real, with its monotonic
// reading, on, the clock reads wall and mono and more.
type pace struct {
	real       time.Time
	wall, mono float64 // milliseconds
	speed      float64
}

// NewFast makes a clock that reads wall at this moment and runs speed times
// as fast as the real one. Boot names its boot.
func NewFast(boot string, wall time.Time, speed float64) *Fast {
	f := &Fast{boot: boot}
	f.pace.Store(&pace{real: time.Now(), wall: float64(wall.UnixMilli()), speed: speed})
	return f
}

// at is the clock at a real time, in milliseconds.
func (p *pace) at(real time.Time) (wall, mono float64) {
	gone := max(0, float64(real.Sub(p.real))/float64(time.Millisecond)*p.speed)
	return p.wall + gone, p.mono + gone
}

// SetSpeed changes the speed from now on. It is called by one goroutine at a
// time.
func (f *Fast) SetSpeed(speed float64) {
	now := time.Now()
	wall, mono := f.pace.Load().at(now)
	f.pace.Store(&pace{real: now, wall: wall, mono: mono, speed: speed})
}

// Speed is how many times as fast as real it runs.
func (f *Fast) Speed() float64 { return f.pace.Load().speed }

// Read looks at the clock; it is synchronised by definition.
func (f *Fast) Read() Reading {
	wall, mono := f.pace.Load().at(time.Now())
	return Reading{Wall: int64(wall), Boot: f.boot, Mono: int64(mono), Synced: true}
}

// Real is how long so many of its milliseconds really take at the present
// speed.
func (f *Fast) Real(ms int64) time.Duration {
	return time.Duration(float64(ms) * float64(time.Millisecond) / f.Speed())
}
