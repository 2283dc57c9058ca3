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
