package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// A slip is compared beside a running daemon too, while that writes on.
func TestASlipIsComparedBesideADaemon(t *testing.T) {
	data := t.TempDir()
	d := startBox(t, "--data", data)
	defer d.stop(t)
	for seq, line := range strings.Split(strings.TrimSpace(runProgram(t, "journal", "dump", "--data", data)), "\n") {
		event, hash := fmt.Sprint(seq+1), fmt.Sprintf("%x", sha256.Sum256([]byte(line)))
		says(t, "event "+event, runProgram(t, "journal", "verify", "--data", data, "--event", event, "--hash", hash[:20]), "The slip fits: event "+event)
		out, err := programCommand(t.Context(), "journal", "verify", "--data", data, "--event", fmt.Sprint(seq+2), "--hash", hash).CombinedOutput()
		if err == nil {
			t.Errorf("the hash of event %s fits the next: %s", event, out)
		}
		says(t, "the event after "+event, string(out), "the slip does not fit")
		if seq == 2 {
			break
		}
	}
}

func FuzzParseDigits(f *testing.F) {
	for _, text := range []string{"0123 4567 89ab cdef", " 0123456789ABCDEF\t0123\u00a04567", strings.Repeat("f", 64), strings.Repeat("f", 65), "O123 4567 89ab cdef", "", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		digits, err := parseDigits(text)
		if err != nil {
			if digits != "" || err.Error() == "" {
				t.Errorf("%q, %v", digits, err)
			}
			return
		}
		if len(digits) < leastDigits || len(digits) > 64 || strings.Trim(digits, "0123456789abcdef") != "" {
			t.Errorf("%q are taken for %q", text, digits)
		}
		if again, err := parseDigits(strings.ToUpper(grouped(digits))); err != nil || again != digits {
			t.Errorf("%q is read as %q, %v", grouped(digits), again, err)
		}
	})
}
