package main

import "testing"

func TestManyAreTold(t *testing.T) {
	for n, want := range map[int]string{0: "0 desks", 1: "1 desk", 2: "2 desks", 5: "5 desks"} {
		if got := many(n, "desk"); got != want {
			t.Errorf("%d is told as %q", n, got)
		}
	}
	if got := manyAs(1, "press", "presses") + manyAs(2, "press", "presses"); got != "1 press2 presses" {
		t.Errorf("told as %q", got)
	}
}
