package setting_test

import (
	"testing"

	"eliminacode/device/setting"
)

// What a judge finds says where it stands, what is wrong and what to write.
func TestJudge(t *testing.T) {
	var part, j setting.Judge
	part.Flow("flow", "rts-cts")
	part.Flow("flow", setting.FlowRTSCTS)
	part.Baud("baud", 9601)
	part.Baud("baud", 9600)
	part.Within("columns", 3, 4, 8)
	part.Within("columns", 8, 4, 8)
	j.Below("profile[1]", part.Found)
	want := []string{
		`profile[1].flow: "rts-cts" has no meaning here; use one of: none, xonxoff, rtscts, dtrdsr`,
		"profile[1].baud: 9601 is not a usual speed; use one of: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400",
		"profile[1].columns: 3 is out of range; write a number from 4 to 8",
	}
	if len(j.Found) != len(want) {
		t.Fatalf("found %v", j.Found)
	}
	for i, f := range j.Found {
		if f.Error() != want[i] {
			t.Errorf("found %q, want %q", f.Error(), want[i])
		}
	}
}
