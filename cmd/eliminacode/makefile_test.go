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
	if err == nil {
		t.Errorf("two steps of three fail, and the whole does not:\n%s", out)
	}
	for _, name := range []string{"no-such-step", "format", "another-one"} {
		if !regexp.MustCompile(`make test: \d+ s.*, ` + name + ` \d+ s`).MatchString(out) {
			t.Errorf("the end does not say how long %s took:\n%s", name, out)
		}
		if failed := regexp.MustCompile(`make test: FAILED:.* ` + name + `\b`).MatchString(out); failed != (name != "format") {
			t.Errorf("%s is said to have failed: %t\n%s", name, failed, out)
		}
	}
	if out, err := steps("format"); err != nil || !strings.Contains(out, "every step is green") {
		t.Errorf("one good step: %v\n%s", err, out)
	}
}
