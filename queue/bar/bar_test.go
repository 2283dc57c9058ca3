package bar

import (
	"testing"
)

// TestVerdict misses a bar only by more than the rounds differ.
func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		rounds []float64
		most   float64
		want   string
	}{
		{[]float64{1, 1.1, 1.2, 1.3, 9}, 1.2, kept},
		{[]float64{1, 1.1, 1.21, 1.3, 9}, 1.2, narrow},
		{[]float64{1.3, 1.31, 1.32, 1.33, 1.34}, 1.2, missed},
	} {
		if got := verdict(Median(c.rounds)-c.most, Noise(c.rounds)); got != c.want {
			t.Errorf("%v against %v: %s, want %s", c.rounds, c.most, got, c.want)
		}
	}
}

// TestPercentile is by nearest rank, and leaves the figures as they are.
func TestPercentile(t *testing.T) {
	all := []float64{5, 1, 4, 2, 3}
	for percent, want := range map[int]float64{0: 1, 20: 1, 21: 2, 50: 3, 99: 5, 100: 5} {
		if got := Percentile(all, percent); got != want {
			t.Errorf("p%d is %v, want %v", percent, got, want)
		}
	}
	if all[0] != 5 || Noise(all) != 2 {
		t.Errorf("%v, noise %v", all, Noise(all))
	}
}

// TestInTurns lets the two take turns.
func TestInTurns(t *testing.T) {
	order := ""
	mine, limit := InTurns(2, func() { order += "a" }, func() { order += "b" })
	if order != "abababababababababab" || len(mine[4]) != 2 || len(limit[0]) != 2 || len(Ratios(mine, limit, 50)) != Rounds {
		t.Errorf("%s, %v, %v", order, mine, limit)
	}
}
