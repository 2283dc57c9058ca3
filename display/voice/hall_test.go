package voice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, time.November, 24, 10, 0, 0, 0, time.UTC)

func second(n float64) time.Time { return start.Add(time.Duration(n * float64(time.Second))) }

// called is a call at a second, said in two languages of three seconds each.
func called(seq uint64, at float64) Call {
	return Call{Seq: seq, At: second(at), Said: []Clip{{fmt.Sprint(seq, "it"), 3 * time.Second}, {fmt.Sprint(seq, "de"), 3 * time.Second}}}
}

// told is a list as a text: when each begins, in seconds, and how many clips it has.
func told(list []Announcement) string {
	var all []string
	for _, a := range list {
		all = append(all, fmt.Sprintf("%d@%.1f:%d", a.Seq, a.Begin.Sub(start).Seconds(), len(a.Clips)))
	}
	return strings.Join(all, " ")
}

func newHall() *Hall { return NewHall(Clip{"chime", 1500 * time.Millisecond}) }

func wantPlan(t *testing.T, h *Hall, at float64, able bool, want string) {
	t.Helper()
	list, _ := h.Plan(second(at), able)
	if got := told(list); got != want {
		t.Errorf("at %v s the list is %q, want %q", at, got, want)
	}
}

// TestCallsMadeTogetherAreAnnouncedOneAfterTheOther hears three calls of one second.
func TestCallsMadeTogetherAreAnnouncedOneAfterTheOther(t *testing.T) {
	h := newHall()
	for seq := range uint64(3) {
		h.Add(second(0), called(seq+1, 0))
	}
	h.Add(second(0), called(2, 0)) // once more
	wantPlan(t, h, 0, true, "1@0.4:3 2@8.8:3 3@17.2:3")
	h.Heard(1)
	wantPlan(t, h, 7, true, "1@0.4:3 2@8.8:3 3@17.2:3")
	wantPlan(t, h, 9, true, "2@8.8:3 3@17.2:3")
	h.Add(second(9), called(4, 9))
	wantPlan(t, h, 9, true, "2@8.8:3 3@17.2:3 4@25.6:3")
}

// TestWhoFallsBehindIsBrief has more calls than can be said.
func TestWhoFallsBehindIsBrief(t *testing.T) {
	h := newHall()
	for seq := range uint64(40) {
		h.Add(second(0), called(seq+1, 0))
	}
	list, _ := h.Plan(second(0), true)
	for i, a := range list {
		late, want := a.Begin.Sub(start), 3
		switch {
		case late > 60*time.Second:
			want = 1
		case late > 20*time.Second:
			want = 2
		}
		if len(a.Clips) != want || a.Clips[0].ID != "chime" {
			t.Errorf("%d begins after %v with %d clips, want %d", i+1, late, len(a.Clips), want)
		}
		if late > 2*time.Minute {
			t.Errorf("%d begins after %v", i+1, late)
		}
	}
	if n := len(list); n < 30 {
		t.Errorf("%d of 40 are sounded", n)
	}
}

// TestNothingIsLostWhileNoBoardCanPlay lets boards come and go.
func TestNothingIsLostWhileNoBoardCanPlay(t *testing.T) {
	h := newHall()
	h.Add(second(0), called(1, 0))
	wantPlan(t, h, 0, false, "")
	wantPlan(t, h, 10, true, "1@10.4:3")
	// No board has played it: it is announced again, until it is too old.
	wantPlan(t, h, 22, true, "1@22.4:2")
	h.Heard(1)
	wantPlan(t, h, 27.5, true, "")

	h.Add(second(30), called(2, 30))
	wantPlan(t, h, 91, true, "")
	h.Add(second(100), called(3, 30))
	wantPlan(t, h, 100, true, "")
	if h.Taken() != 3 {
		t.Errorf("the newest call is %d", h.Taken())
	}
}

// TestAWithdrawnCallIsNotAnnounced undoes calls before and while they are announced.
func TestAWithdrawnCallIsNotAnnounced(t *testing.T) {
	h := newHall()
	h.Add(second(0), called(1, 0))
	h.Add(second(0), called(2, 0))
	wantPlan(t, h, 0, true, "1@0.4:3 2@8.8:3")
	h.Drop(second(1), 1)
	h.Drop(second(1), 2)
	wantPlan(t, h, 1, true, "1@0.4:3")
	h.Forget(2)
	wantPlan(t, h, 1, true, "")
}

// TestAnnouncementsNeverOverlap plays any calls at boards that come and go.
func TestAnnouncementsNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, now, seq := newHall(), start, uint64(0)
		// played is what a board in the hall sounds: what has begun, by when it began.
		played := map[time.Time]Announcement{}
		sounded := map[uint64]int{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			step := now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "ms")) * time.Millisecond)
			able := rapid.Bool().Draw(t, "able")
			list, next := h.Plan(now, able)
			for i, a := range list {
				if i > 0 && a.Begin.Before(list[i-1].End) {
					t.Fatalf("%d begins at %v, before %d ends at %v", a.Seq, a.Begin, list[i-1].Seq, list[i-1].End)
				}
			}
			if !next.IsZero() && !next.After(now) {
				t.Fatalf("asked to plan again at %v, and it is %v", next, now)
			}
			for _, a := range list {
				if able && !a.Begin.Before(now) && a.Begin.Before(step) {
					if _, twice := played[a.Begin]; !twice {
						played[a.Begin] = a
						sounded[a.Seq]++
						h.Heard(a.Seq)
					}
				}
			}
			now = step
			if rapid.Bool().Draw(t, "call") {
				seq++
				h.Add(now, Call{Seq: seq, At: now, Said: called(seq, 0).Said})
			}
		}
		for seq, times := range sounded {
			if times > 1 {
				t.Fatalf("%d was sounded %d times", seq, times)
			}
		}
	})
}
