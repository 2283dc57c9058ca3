package queue

import "testing"

// TestUnseen: what is drawn as nothing or turns a text, and what is no such thing.
func TestUnseen(t *testing.T) {
	for _, r := range "\u202e\u202a\u2066\u2069\u200b\u200d\u200f\u00ad\ufeff\ufe0f\u180b\u3164\u2800\u115f\n\t\x00\x7f\u0085\u2028\u2029" {
		if !Unseen(r) {
			t.Errorf("%U is taken for one that is seen", r)
		}
	}
	for _, r := range "aÀß€čž 1-–“’\u00a0\u2009\u0301中😀" {
		if Unseen(r) {
			t.Errorf("%U is taken for one that is not seen", r)
		}
	}
}
