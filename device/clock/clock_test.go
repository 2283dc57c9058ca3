package clock

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSystemMovesForward(t *testing.T) {
	s, err := NewSystem()
	if err != nil {
		t.Fatal(err)
	}
	a := s.Read()
	time.Sleep(20 * time.Millisecond)
	b := s.Read()
	if a.Boot == "" || a.Boot != b.Boot || b.Mono-a.Mono < 20 || b.Wall < a.Wall || a.Mono <= 0 {
		t.Errorf("readings %+v and %+v", a, b)
	}
}

func TestFastKeepsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
		f := NewFast("demo", start, 60)
		time.Sleep(time.Second)
		if got := f.Read(); got.Wall != start.UnixMilli()+60_000 || got.Mono != 60_000 || !got.Synced {
			t.Errorf("after 1 s at 60x it reads %+v", got)
		}
		f.SetSpeed(1)
		if got := f.Read().Mono; got != 60_000 {
			t.Errorf("a change of speed made it jump to %d", got)
		}
		time.Sleep(time.Second)
		if got := f.Read().Mono; got != 61_000 {
			t.Errorf("after 1 s at 1x more it reads %d", got)
		}
		if got := f.Real(500); got != 500*time.Millisecond {
			t.Errorf("500 ms at 1x take %v", got)
		}
	})
}

// TestFastWaitsForWork: however long nobody allows it to go on, the clock stands
// still, and it goes on from there.
func TestFastWaitsForWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := NewFast("demo", time.UnixMilli(0), 60)
		f.Allow(1_000)
		for _, step := range []struct {
			real time.Duration
			mono int64
		}{
			{10 * time.Millisecond, 600}, {6 * time.Millisecond, 960}, {time.Second, 1_000}, {time.Hour, 1_000},
		} {
			time.Sleep(step.real)
			if got := f.Read(); got.Mono != step.mono || got.Wall != step.mono {
				t.Errorf("after %v more it reads %+v instead of %d ms", step.real, got, step.mono)
			}
		}
		f.Allow(1_000)
		time.Sleep(10 * time.Millisecond)
		f.SetSpeed(1)
		time.Sleep(10 * time.Millisecond)
		if got := f.Read().Mono; got != 1_610 {
			t.Errorf("allowed to go on it reads %d instead of 1610 ms", got)
		}
		f.Allow(0)
		time.Sleep(time.Second)
		if got := f.Read().Mono; got != 1_610 {
			t.Errorf("not allowed to go on it reads %d instead of 1610 ms", got)
		}
	})
}

// A clock that was set by hand after a network had set it is not vouched for: it may
// end nothing for good.
func TestAFileOfTheNetworksTimeVouchesForNoClockSetSince(t *testing.T) {
	const boot, minute, day = int64(1_795_512_660_000), int64(60_000), int64(86_400_000)
	for name, c := range map[string]struct {
		written, wall, mono int64
		want                bool
	}{
		"set a minute after the boot":      {boot + minute, boot + minute, minute, true},
		"ten days on":                      {boot + minute, boot + 10*day, 10 * day, true},
		"a late network":                   {boot + 9*day, boot + 10*day, 10 * day, true},
		"a small correction":               {boot, boot + day + 2_000, day, true},
		"set a year ahead since":           {boot + minute, boot + 375*day, 10 * day, false},
		"set an hour ahead since":          {boot + minute, boot + 10*day + 60*minute, 10 * day, false},
		"set back before the network's":    {boot + 9*day, boot + 2*day, 10 * day, false},
		"set back to before there was any": {boot + minute, 0, 10 * day, false},
	} {
		if got := vouches(c.written, c.wall, c.mono); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
