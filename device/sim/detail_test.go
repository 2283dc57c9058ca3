package sim

import "testing"

// What a simulated device is, is said by the pages in their language, and not by it.
func TestNoDetailIsAWordOfALanguage(t *testing.T) {
	for _, s := range append(NewKeypads("s1").Status(), NewLamps("a").Status()...) {
		if s.Detail != "" {
			t.Errorf("%s says %q", s.Name, s.Detail)
		}
	}
}
