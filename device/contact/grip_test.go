package contact

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// A step is what one contact does.
type step struct {
	at     time.Duration
	button string
	closed bool
}

// A telling is a grip that was told.
type telling struct {
	at      time.Duration
	buttons string
}

// play feeds the steps as a driver does: what is due before a step is told
// before it.
func play(steps []step, end time.Duration) (told []telling) {
	var g Grip
	take := func(until time.Duration) {
		if due, ok := g.Due(); ok && due.Sub(start) <= until {
			told = append(told, telling{due.Sub(start), fmt.Sprint(g.Take(due))})
			if g.Take(due.Add(time.Hour)) != nil {
				told = append(told, telling{due.Sub(start), "told twice"})
			}
		}
	}
	for _, s := range steps {
		take(s.at - 1)
		if s.closed {
			g.Close(s.button, start.Add(s.at))
		} else {
			g.Open(s.button)
		}
	}
	take(end)
	return told
}

func sec(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func TestGrip(t *testing.T) {
	for _, test := range []struct {
		name  string
		steps []step
		want  []telling
	}{
		{"two for ten seconds", []step{{0, "a", true}, {sec(1), "b", true}, {sec(12), "a", false}, {sec(12), "b", false}},
			[]telling{{sec(11), "[a b]"}}},
		{"one alone", []step{{0, "a", true}}, nil},
		{"a moment short", []step{{0, "a", true}, {sec(1), "b", true}, {sec(10.9), "b", false}}, nil},
		{"one let go and taken again", []step{{0, "a", true}, {sec(1), "b", true}, {sec(9), "b", false}, {sec(9.2), "b", true}},
			[]telling{{sec(19.2), "[a b]"}}},
		{"held for a minute", []step{{0, "a", true}, {0, "b", true}, {sec(60), "a", false}}, []telling{{sec(10), "[a b]"}}},
		{"three", []step{{0, "a", true}, {sec(3), "b", true}, {sec(5), "c", true}}, []telling{{sec(13), "[a b]"}}},
		{"three, the first lets go in time", []step{{0, "a", true}, {sec(3), "b", true}, {sec(5), "c", true}, {sec(8), "a", false}},
			[]telling{{sec(15), "[b c]"}}},
		{"three, one lets go afterwards", []step{{0, "a", true}, {0, "b", true}, {0, "c", true}, {sec(20), "a", false}},
			[]telling{{sec(10), "[a b]"}}},
		{"one stays down, the other comes again", []step{{0, "a", true}, {0, "b", true}, {sec(15), "b", false}, {sec(16), "b", true}},
			[]telling{{sec(10), "[a b]"}, {sec(26), "[a b]"}}},
		{"told out of order", []step{{sec(2), "b", true}, {sec(1), "a", true}}, []telling{{sec(12), "[a b]"}}},
		{"closed twice", []step{{0, "a", true}, {sec(4), "a", true}, {sec(5), "b", true}}, []telling{{sec(15), "[a b]"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := play(test.steps, time.Hour); !slices.Equal(got, test.want) {
				t.Errorf("told %v, want %v", got, test.want)
			}
		})
	}
}

// TestPropertyGrip compares with an oracle that looks at every tenth of a
// second which contacts have been closed for how long, and knows nothing of
// the order of things.
func TestPropertyGrip(t *testing.T) {
	const tick = 100 * time.Millisecond
	rapid.Check(t, func(t *rapid.T) {
		buttons := []string{"a", "b", "c", "d"}[:rapid.IntRange(2, 4).Draw(t, "buttons")]
		var steps []step
		closed := map[string]bool{}
		now := time.Duration(0)
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			now += tick * time.Duration(rapid.IntRange(0, 120).Draw(t, "tenths"))
			b := rapid.SampledFrom(buttons).Draw(t, "button")
			closed[b] = !closed[b]
			steps = append(steps, step{now, b, closed[b]})
		}
		end := now + sec(30)

		var want []telling
		since, told, next := map[string]time.Duration{}, false, 0
		for at := time.Duration(0); at <= end; at += tick {
			for ; next < len(steps) && steps[next].at == at; next++ {
				if s := steps[next]; s.closed {
					since[s.button] = at
				} else {
					delete(since, s.button)
					// Fewer than two, if only for an instant, end a grip.
					told = told && len(since) >= 2
				}
			}
			long := 0
			for _, s := range since {
				if at-s >= Hold {
					long++
				}
			}
			if long >= 2 && !told {
				told = true
				want = append(want, telling{at: at})
			}
		}
		got := play(steps, end)
		for i := range got {
			got[i].buttons = ""
		}
		if !slices.Equal(got, want) {
			t.Fatalf("told at %v, want %v, for %v", got, want, steps)
		}
	})
}
