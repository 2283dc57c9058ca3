package keypad

import (
	"slices"
	"testing"
	"time"

	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
)

func parsed(t testing.TB, source string) frame.Template {
	t.Helper()
	template, err := frame.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func counted(t testing.TB) *keys.Protocol {
	return &keys.Protocol{
		Frame: parsed(t, "02 ( {address} {sequence} {key} ) {sum8} 03"), Idle: parsed(t, "04 {address}"),
		GapMs: 100, RepeatMs: 1000,
	}
}

// A frame that is sent again is told from a key that is pressed again by its
// counter, and by the time between them where that has come round.
func TestRepeats(t *testing.T) {
	p := counted(t)
	r := newReceiver(p)
	began := time.Unix(1, 0)
	for i, step := range []struct {
		after        time.Duration
		address, seq int
		key          byte
		want         said
	}{
		{0, 1, 1, '5', pressed},
		{200 * time.Millisecond, 1, 1, '5', repeated},
		{900 * time.Millisecond, 1, 1, '5', repeated}, // still within a second of the one before
		{950 * time.Millisecond, 1, 2, '5', pressed},
		{960 * time.Millisecond, 2, 2, '5', pressed},
		{970 * time.Millisecond, 1, 2, '6', pressed},
		{3 * time.Second, 1, 2, '6', pressed},
	} {
		raw, err := p.Frame.Encode(frame.Values{Address: step.address, Sequence: step.seq, Key: int(step.key)})
		if err != nil {
			t.Fatal(err)
		}
		var got []heard
		r.feed(raw, began.Add(step.after), func(h heard) { got = append(got, h) })
		if want := []heard{{step.address, step.seq, step.key, step.want}}; !slices.Equal(got, want) {
			t.Errorf("step %d: heard %+v, want %+v", i+1, got, want)
		}
	}
}

// FuzzReceiver feeds any bytes in pieces of any size: it never panics, does not
// care how they were cut, and never reports a key of which no frame was sent.
func FuzzReceiver(f *testing.F) {
	f.Add([]byte("\x02\x01\x01\x35\x37\x03\x04\x01"), uint8(1), true)
	f.Add([]byte("\x02\x01\x01\x35\x37\x03\x02\x01\x01\x35\x37\x03"), uint8(5), true)
	f.Add([]byte("\x02\x01\x01\x35\x38\x03\xff\x02\x02"), uint8(3), false)
	f.Add([]byte("5\r55+"), uint8(1), false)
	f.Fuzz(func(t *testing.T, data []byte, piece uint8, framed bool) {
		p := &keys.Protocol{Frame: parsed(t, "{key}"), RepeatMs: 1000}
		if framed {
			p = counted(t)
		}
		hear := func(n int) (all []heard) {
			r := newReceiver(p)
			for part := range slices.Chunk(data, n) {
				r.feed(part, time.Unix(1, 0), func(h heard) { all = append(all, h) })
			}
			return all
		}
		whole := hear(len(data) + 1)
		if cut := hear(int(piece) + 1); !slices.Equal(whole, cut) {
			t.Fatalf("whole gives %+v, in pieces of %d it gives %+v", whole, int(piece)+1, cut)
		}
		keys := 0
		for _, h := range whole {
			if h.said == pressed || h.said == repeated {
				keys++
			}
		}
		if keys > len(data)/p.Frame.Len() {
			t.Fatalf("%d keys out of %d bytes", keys, len(data))
		}
	})
}
