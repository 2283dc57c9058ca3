package queue

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersInNamesCountAsNumbers(t *testing.T) {
	want := []string{
		"", "2", "02a", "10", "Piano", "Piano 1", "Piano 01", "Piano 2", "Piano 2, sala 3", "Piano 2, sala 11", "Piano 10", "Piano 99999999999999999999",
		"Piano 100000000000000000000", "Sala A", "sala 1", "à 2",
	}
	want[5], want[6] = want[6], want[5] // equal numbers: in the order of their characters
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareNames)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q, want %q", got, want)
	}
}

// Any names have one order, whichever pair is compared first.
func TestNamesHaveOneOrder(t *testing.T) {
	name := rapid.StringOfN(rapid.SampledFrom([]rune("0129 aB-ù")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if CompareNames(a, b) != -CompareNames(b, a) || (CompareNames(a, b) == 0) != (a == b) {
			t.Errorf("%q and %q: %d and %d", a, b, CompareNames(a, b), CompareNames(b, a))
		}
		if CompareNames(a, b) < 0 && CompareNames(b, c) < 0 && CompareNames(a, c) >= 0 {
			t.Errorf("%q before %q before %q, and not before it", a, b, c)
		}
	})
}
