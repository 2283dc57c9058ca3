package escpos

import "testing"

// A printer answers with one byte whose fixed bits are right; garbage, two answers and
// silence are none, and flow control is no part of it.
func TestWhatAnswersIsAPrinter(t *testing.T) {
	for came, want := range map[string]bool{
		"\x16": true, "\x12": true, "\x72": true, "\x11\x12\x13": true,
		"": false, "\xe9": false, "\x12\x12": false, "\x12\x00": false, "\x02A\x03": false, "\x11": false,
	} {
		if IsAnswer([]byte(came)) != want {
			t.Errorf("%q is an answer: %v", came, !want)
		}
	}
	for _, q := range Questions() {
		if len(q) != 3 || q[0] != 0x10 || q[1] != 0x04 {
			t.Errorf("a question is % x", q)
		}
	}
}
