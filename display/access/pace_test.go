package access

import (
	"strconv"
	"testing"
	"time"
)

func TestPaceLetsSoManyThroughAndThenOneInAWhile(t *testing.T) {
	p := NewPaces(5, 30*time.Second, 10)
	now := on
	for i := range 5 {
		if p.Wait(now, "anna") != 0 {
			t.Fatalf("try %d waits", i)
		}
		p.Wrong(now, "anna")
	}
	for range 10 {
		wait := p.Wait(now, "anna")
		if wait != 30*time.Second {
			t.Fatalf("it waits %v", wait)
		}
		if p.Wait(now+wait-1, "anna") == 0 {
			t.Error("one passes too early")
		}
		if now += wait; p.Wait(now, "anna") != 0 {
			t.Error("it still waits when its time is over")
		}
		p.Wrong(now, "anna")
	}
	if p.Wait(now, "bruno") != 0 {
		t.Error("another name waits too")
	}
	// A quiet while gives as many at once as ever, and no more.
	now += 24 * time.Hour
	for range 5 {
		p.Wrong(now, "anna")
	}
	if p.Wait(now, "anna") == 0 {
		t.Error("a quiet day saves tries up")
	}
}

// Made-up names push out no name that somebody guesses at.
func TestPaceKeepsTheNameThatIsGuessedAt(t *testing.T) {
	p := NewPaces(5, 30*time.Second, 100)
	for range 5 {
		p.Wrong(on, "anna")
	}
	for i := range 1000 {
		p.Wrong(on+time.Second, strconv.Itoa(i))
	}
	if len(p.whole) > 100 {
		t.Errorf("%d keys are remembered", len(p.whole))
	}
	if p.Wait(on+time.Second, "anna") == 0 {
		t.Error("the name was forgotten")
	}
}
