package main

import (
	"os"
	"runtime/debug"
	"time"
)

// The smallest board that the program is for has 512 MB, and a browser may share
// them. A day of 10,000 tickets holds 16 MB. Go's own collector would run
// whenever as much again has been used up, several times a second beside the
// presses of a crowd, of which one of a hundred then waits for it; so it runs
// when four times as much has. At three eighths of the board it runs as often as
// it must, and at rest Go collects every two minutes and gives memory back.
const (
	collectPercent = 400
	foldPercent    = 1600
	memoryLimit    = 192 << 20
)

// firstAnswers is how long a start answers before it gives memory back: the
// boards that wait for it should not wait for that too.
const firstAnswers = 300 * time.Millisecond

// firstPages is how long after that it gives memory back once more: a page and the
// sentences of a language are read when somebody first asks for them, which takes
// several times what is kept.
const firstPages = 10 * time.Second

// boundMemory sets the collector for a daemon that starts; settle, once it has
// folded the day, gives back what that took. While a day is folded the collector
// hardly runs: nearly all of what a fold makes stays, and looking for the rest takes a
// tenth of a start. It is not off, since what it never looks for lies scattered
// between what stays, and cannot be given back. Who has set the collector by the environment
// knows the machine better.
func boundMemory() (settle func()) {
	percent := func(int) {}
	if os.Getenv("GOGC") == "" {
		percent = func(p int) { debug.SetGCPercent(p) }
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
		percent(foldPercent)
	}
	return func() {
		percent(collectPercent)
		debug.FreeOSMemory()
	}
}
