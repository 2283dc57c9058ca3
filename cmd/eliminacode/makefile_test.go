package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryStepOfMakeTestRuns: a step that fails stops none after it, and the end
// says which failed.
func TestEveryStepOfMakeTestRuns(t *testing.T) {
	steps := func(names string) (string, error) {
		c := exec.CommandContext(t.Context(), "make", "-C", filepath.Join("..", ".."), "steps", "STEPS="+names)
		// What an outer make says of itself is not for this one.
		c.Env = append(c.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := steps("no-such-step format another-one")
	ran := regexp.MustCompile(`make test: no-such-step \d+ s, format \d+ s, another-one \d+ s`).MatchString(out)
	if err == nil || !ran || !strings.Contains(out, "make test: FAILED: no-such-step another-one") {
		t.Errorf("two steps of three fail: %v\n%s", err, out)
	}
	if out, err := steps("format"); err != nil || !strings.Contains(out, "every step is green") {
		t.Errorf("one good step: %v\n%s", err, out)
	}
}
