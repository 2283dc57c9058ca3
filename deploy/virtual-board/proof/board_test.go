package proof

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	parts   = flag.String("parts", "", "the folder that setup.sh has filled; without it there is no board")
	program = flag.String("program", "", "the shipped program, for arm64")
	guest   = flag.String("guest", "", "the board's agent, for arm64")
)

// A proof is one thing that the board shows. It says in a few words what it
// measured.
type proof struct {
	name string
	says string
	run  func(b *board) (measured string)
}

// proofs share one machine, in this order. The first ones need a board that is
// not put together yet; each of the others puts it together if need be.
var proofs = []proof{
	{"console", "without the daemon a key reaches the console", consoleHears},
	{"bare", "without chip and printers the daemon runs and says what is lost", bare},
	{"check", "check finds printers, buttons and keypads, device test prints", check},
	{"descriptors", "descriptors 0 to 2 are intact, with two nodes of one chip", descriptors},
	{"press", "one press, one ticket: journal, wire and paper", press},
	{"bounce", "a contact that chatters gives one ticket", bounce},
	{"glitches", "a contact that does not rest gives none", glitches},
	{"edges", "a button that is held is seen without any edge", lostEdges},
	{"stuck", "a button held down is an alarm and one ticket; freed, it works", stuck},
	{"grip", "two buttons held for ten seconds print the state of the box", grip},
	{"keypads", "NEXT calls for the keypad's own desk, and nobody else hears the key", nextAtBoth},
	{"replug", "a keypad that was unplugged works again, the other one meanwhile", replugKeypad},
	{"unplugged", "a printer unplugged in a slip: what is recorded is right, nothing is printed twice", unplugged},
	{"stalled", "a printer that reads nothing, and again: the same", stalled},
	{"adapter", "the same printer through a USB serial adapter", overUSB},
	{"kernel", "the kernel has found nothing wrong with itself", kernelCalm},
	// Behind it, since the simulator itself does not like to go while it is used.
	{"chip", "the GPIO chip goes and comes back", chipGone},
}

// cuts have machines or disks of their own.
var cuts = []struct {
	name string
	says string
	run  func(t *testing.T, b *bench) (measured string)
}{
	{"commit", "a transaction that a power cut tore is passed over by the check at the next start", tornCommit},
	{"power", "after power cuts all that was said still stands", powerCuts},
	{"lying", "and a disk that lies about flushing would be found out", lyingDisk},
}

// TestBoard shows each proof, one machine at a time.
func TestBoard(t *testing.T) {
	if *parts == "" {
		t.Skip("the virtual board is run by: make board")
	}
	begun := time.Now()
	bench := newBench(t, *parts, *program, *guest)
	hall := &board{}
	for _, p := range proofs {
		show(t, p.name, p.says, func(t *testing.T) string {
			if hall.Machine == nil {
				hall = bench.boot(t)
				report("booted", "Debian's arm64 kernel and the agent", hall.Booted, "")
			}
			hall.t = t
			return p.run(hall)
		})
	}
	if hall.Machine != nil {
		hall.t = t
		hall.kill()
	}
	for _, c := range cuts {
		show(t, c.name, c.says, func(t *testing.T) string {
			bench.disk = newDisk(t, nil)
			return c.run(t, bench)
		})
	}
	report("in all", "", time.Since(begun), "")
}

// show runs a proof and tells how it went.
func show(t *testing.T, name, says string, run func(t *testing.T) string) {
	begun, measured, chosen := time.Now(), "", false
	ok := t.Run(name, func(t *testing.T) {
		chosen = true
		measured = run(t)
	})
	switch {
	case !ok:
		report("FAILED", name+": "+says, time.Since(begun), "see the consoles in "+logFolder(*parts))
		fmt.Print(newestConsole(logFolder(*parts)))
	case chosen:
		report("proved", name+": "+says, time.Since(begun), measured)
	}
}

// newestConsole is the end of what the machine that was booted last has said.
func newestConsole(logs string) string {
	const most = 6_000 // bytes
	consoles, err := filepath.Glob(filepath.Join(logs, "boot-*", "console.log"))
	if err != nil || len(consoles) == 0 {
		return ""
	}
	newest := slices.MaxFunc(consoles, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	said, err := os.ReadFile(newest)
	if err != nil {
		return err.Error() + "\n"
	}
	return newest + " ends in:\n" + string(said[max(0, len(said)-most):]) + "\n"
}

// report prints a line of the table.
func report(word, what string, took time.Duration, measured string) {
	if measured != "" {
		measured = " (" + measured + ")"
	}
	fmt.Printf("%-7s %6.1f s  %s%s\n", word, took.Seconds(), what, measured)
}
