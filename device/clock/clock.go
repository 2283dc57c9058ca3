// Package clock reads the box's clocks: wall, monotonic, which boot, and
// whether the wall clock is known to be right.
//
// It never sets a clock and never waits. Fast is the same reading on a clock
// that begins where one likes, runs faster and can be made to wait for work,
// for demonstrations.
package clock

import (
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
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
		info, err := os.Stat(syncedFile)
		value = err == nil && vouches(info.ModTime().UnixMilli(), time.Now().UnixMilli(), now)
	}
	syncChecked.value.Store(value)
	syncChecked.at.Store(now)
	return value
}

// vouchSlackMs is how far the clocks may part, by what a network corrects.
const vouchSlackMs = 60_000

// vouches tells whether a file that was written in this boot, at a wall time, vouches
// for the wall clock of now, which is mono after the boot; all in milliseconds. Were the
// clock set ahead by hand since, the file would be older than the boot; were it set
// back, the file would be of a time that is still to come.
func vouches(written, wall, mono int64) bool {
	return written >= wall-mono-vouchSlackMs && written <= wall+vouchSlackMs
}

// Fast is a clock that began at a given wall time and runs faster. Its speed
// can be changed while it runs; its readings never jump or go back. Any
// goroutine may call its methods.
//
// A machine that is busy does less work in the same real time, and an office
// whose clock went on regardless would find its work late. Allow lets such a
// clock go on only as far as the work has come.
type Fast struct {
	boot  string
	mu    sync.Mutex
	pace  pace
	until float64 // the monotonic reading at which it stands still
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
	return &Fast{
		boot:  boot,
		pace:  pace{real: time.Now(), wall: float64(wall.UnixMilli()), speed: speed},
		until: math.Inf(1),
	}
}

// turn begins another stretch at the present reading. The lock is held.
func (f *Fast) turn() {
	now := time.Now()
	gone := max(0, float64(now.Sub(f.pace.real))/float64(time.Millisecond)*f.pace.speed)
	gone = min(gone, f.until-f.pace.mono)
	f.pace.real, f.pace.wall, f.pace.mono = now, f.pace.wall+gone, f.pace.mono+gone
}

// SetSpeed changes the speed from now on.
func (f *Fast) SetSpeed(speed float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn()
	f.pace.speed = speed
}

// Allow lets the clock go on by so many of its milliseconds from now, and then
// stand still until the next Allow. A clock that was never told so does not
// stand still.
func (f *Fast) Allow(ms int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn()
	f.until = f.pace.mono + float64(ms)
}

// Speed is how many times as fast as real it runs.
func (f *Fast) Speed() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pace.speed
}

// Read looks at the clock; it is synchronised by definition.
func (f *Fast) Read() Reading {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn()
	return Reading{Wall: int64(f.pace.wall), Boot: f.boot, Mono: int64(f.pace.mono), Synced: true}
}

// Real is how long so many of its milliseconds really take at the present
// speed.
func (f *Fast) Real(ms int64) time.Duration {
	return time.Duration(float64(ms) * float64(time.Millisecond) / f.Speed())
}
