package access

import (
	"strconv"
	"testing"
	"time"
)

// on is for how long the box has been on.
const on = 12 * time.Hour

func TestDelayGrowsAndIsBounded(t *testing.T) {
	d := NewDelays(3, time.Minute, time.Hour, 10)
	now := on
	for i, want := range []time.Duration{0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60} {
		if got := d.Wait(now, "anna"); got != want*time.Second {
			t.Errorf("after %d wrong tries: %v, want %v s", i, got, int(want))
		}
		now += d.Wait(now, "anna")
		if d.Wait(now, "anna") != 0 {
			t.Fatal("it still waits when its time is over")
		}
		d.Wrong(now, "anna")
	}
	if d.Wait(now, "bruno") != 0 {
		t.Error("somebody else waits too")
	}
	d.Right("anna")
	if d.Wait(now, "anna") != 0 {
		t.Error("the right secret does not end the delay")
	}
}

func TestDelayIsForgiven(t *testing.T) {
	d := NewDelays(1, time.Minute, 10*time.Minute, 10)
	for range 6 {
		d.Wrong(on, "anna")
	}
	later := on + 50*time.Minute // five of them are forgiven
	d.Wrong(later, "anna")
	if got := d.Wait(later, "anna"); got != 2*time.Second {
		t.Errorf("waits %v, as after more or fewer than two wrong tries", got)
	}
}

// Who has waited for a turn holds an older time than the wrong try before it.
func TestOlderTimeDoesNotPassADelay(t *testing.T) {
	d := NewDelays(0, time.Minute, time.Hour, 10)
	d.Wrong(on, "anna")
	if d.Wait(on-time.Second, "anna") == 0 {
		t.Error("an older time passes")
	}
	d.Wrong(on-time.Second, "anna")
	if got := d.Wait(on, "anna"); got != 4*time.Second {
		t.Errorf("the second wrong try makes it wait %v", got)
	}
}

func TestDelaysRememberABoundedNumber(t *testing.T) {
	d := NewDelays(0, time.Minute, time.Hour, 100)
	d.Wrong(on, "quiet")
	for i := range 1000 {
		d.Wrong(on+time.Second+time.Duration(i)*time.Millisecond, strconv.Itoa(i))
	}
	if len(d.tries) > 100 {
		t.Errorf("%d keys are remembered", len(d.tries))
	}
	if d.Wait(on+2*time.Second, "999") == 0 {
		t.Error("the newest was forgotten")
	}
}

func TestPlaceOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":            "192.0.2.7",
		"::ffff:192.0.2.7":     "192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"somewhere":            "somewhere",
	} {
		if got := Place(address); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
}
