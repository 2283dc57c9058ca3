package keypad

import (
	"context"
	"time"

	"eliminacode/device"
	"eliminacode/device/frame"
	"eliminacode/device/keypad/keys"
	"eliminacode/device/lamp"
	"eliminacode/device/serial"
)

// silentAfter is how many questions in a row a keypad may leave unanswered.
const silentAfter = 5

// A port is a serial line and the keypads on it.
type port struct {
	name     string
	members  []int
	protocol *keys.Protocol
	changed  chan struct{} // holds at most one: a keypad is to be told something
}

// A talk is one life of a line. It belongs to one goroutine.
type talk struct {
	*Keypads
	*port
	line     serial.Line
	keys     chan<- device.Key
	receiver *receiver
	slot     time.Time // when a polled line may next be spoken on
	turn     int       // whom to ask next, among members
	asked    int       // whom the last question went to, among members; -1: nobody
	missed   []int     // questions left unanswered, by member
}

// attend keeps a line open and reports its keys until ctx ends.
func (k *Keypads) attend(ctx context.Context, on *port, keys chan<- device.Key) {
	serial.Keep(ctx,
		func() (serial.Line, error) { return k.cfg.Line(on.name) },
		func(talking context.Context, l serial.Line, in <-chan serial.Received) error {
			t := &talk{Keypads: k, port: on, line: l, keys: keys, receiver: newReceiver(on.protocol), asked: -1, missed: make([]int, len(on.members))}
			return t.run(ctx, talking, in)
		},
		func(err error) {
			for _, i := range on.members {
				k.health[i].Lost(err)
			}
		})
}

// run speaks and listens until the line is lost or ctx, which outlives the
// line, ends.
func (t *talk) run(ctx, talking context.Context, in <-chan serial.Received) error {
	for _, i := range t.members {
		t.health[i].Seen(time.Now())
		t.restart(i)
	}
	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		select {
		case <-talking.Done():
			if ctx.Err() != nil {
				return t.darken()
			}
			return nil
		case r, ok := <-in:
			if !ok {
				in = nil
				continue
			}
			if err := t.listen(talking, r); err != nil {
				return err
			}
		case <-t.changed:
		case <-wake.C:
		}
		next, err := t.speak(time.Now())
		if err != nil {
			return err
		}
		if wake.Stop(); next != lamp.Never {
			wake.Reset(next)
		}
	}
}

// restart lets a keypad that was lost be told again what it shows; a beep of
// before is over.
func (t *talk) restart(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.signals[i]
	s.once, s.lit, s.telling = frame.Template{}, false, s.hasText
}

// listen reads what came, answers it, and reports keys.
func (t *talk) listen(ctx context.Context, r serial.Received) (err error) {
	t.receiver.feed(r.Data, r.At, func(h heard) {
		m := t.member(h.address)
		if m < 0 && h.said == pressed {
			t.stranger(Said{t.protocol.Called(), h.address, h.key})
		}
		if m < 0 || err != nil {
			return
		}
		i := t.members[m]
		if h.said == damaged {
			err = t.send(i, t.protocol.Nak, frame.Values{})
			return
		}
		if t.asked == m {
			t.asked = -1
		}
		t.answered(m, r.At)
		if h.said == idle {
			return
		}
		if err = t.send(i, t.protocol.Ack, frame.Values{Sequence: h.sequence}); err == nil && h.said == pressed {
			t.down(ctx, i, uint16(h.key), t.keys)
		}
	})
	return err
}

// stranger tells of a key of a keypad that has no name.
func (t *talk) stranger(said Said) {
	if heard := t.strangers.Load(); heard != nil {
		(*heard)(t.port.name, said)
	}
}

// member is who has an address, -1 when nobody has.
func (t *talk) member(address int) int {
	if !t.protocol.Frame.Has("address") {
		return 0
	}
	for m, i := range t.members {
		if t.cfg.Keypads[i].Address == address {
			return m
		}
	}
	return -1
}

// answered notes that a keypad is there.
func (t *talk) answered(m int, at time.Time) {
	if t.missed[m] >= silentAfter {
		t.restart(t.members[m])
	}
	t.missed[m] = 0
	t.health[t.members[m]].Seen(at)
}

// speak sends what is due, and says after how long something else will be. On a
// line whose keypads wait to be asked there is one frame at a time, so that
// nobody is interrupted; on others everything goes out at once.
func (t *talk) speak(now time.Time) (next time.Duration, err error) {
	if t.protocol.Poll.Len() == 0 {
		for _, i := range t.members {
			for {
				what, values, wait := t.due(i, now)
				if what.Len() == 0 {
					next = least(next, wait)
					break
				}
				if err := t.send(i, what, values); err != nil {
					return 0, err
				}
			}
		}
		return next, nil
	}
	if wait := t.slot.Sub(now); wait > 0 {
		return wait, nil
	}
	t.slot = now.Add(t.protocol.PollEvery())
	t.noteSilence()
	for _, i := range t.members {
		if what, values, _ := t.due(i, now); what.Len() > 0 {
			return t.protocol.PollEvery(), t.send(i, what, values)
		}
	}
	t.asked, t.turn = t.turn, (t.turn+1)%len(t.members)
	return t.protocol.PollEvery(), t.send(t.members[t.asked], t.protocol.Poll, frame.Values{})
}

// least is the shorter of two waits, where 0 is not yet known.
func least(a, b time.Duration) time.Duration {
	if a == 0 {
		return b
	}
	return min(a, b)
}

// noteSilence counts a question that was left unanswered. Where a keypad
// answers only when a key was pressed, silence says nothing.
func (t *talk) noteSilence() {
	if t.asked < 0 || t.protocol.Idle.Len() == 0 {
		return
	}
	if t.missed[t.asked]++; t.missed[t.asked] == silentAfter {
		t.health[t.members[t.asked]].Lost(errSilent)
	}
	t.asked = -1
}

// due is the frame that a keypad is to be sent now, empty when there is none,
// and after how long there will be.
func (t *talk) due(i int, now time.Time) (what frame.Template, values frame.Values, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.signals[i]
	if s.once.Len() > 0 {
		what, s.once = s.once, frame.Template{}
		return what, values, 0
	}
	if s.telling {
		s.telling = false
		if width := t.protocol.Text.TextWidth(); width > 0 {
			values.Text, _ = frame.Style{}.Fit(s.text, width)
			return t.protocol.Text, values, 0
		}
	}
	on, wait := s.lamp.On(now)
	if t.protocol.LampOn.Len() == 0 || on == s.lit {
		return frame.Template{}, values, wait
	}
	s.lit = on
	if on {
		return t.protocol.LampOn, values, 0
	}
	return t.protocol.LampOff, values, 0
}

// send sends a frame to a keypad. An empty one goes nowhere.
func (t *talk) send(i int, what frame.Template, values frame.Values) error {
	values.Address = t.cfg.Keypads[i].Address
	bytes, err := what.Encode(values)
	if err != nil {
		panic("keypad: a frame that was tried cannot be sent: " + err.Error())
	}
	return serial.Write(t.line, bytes)
}

// darken switches the lamps off: one that stays lit would promise a citizen who
// waits.
func (t *talk) darken() error {
	for _, i := range t.members {
		t.mu.Lock()
		lit := t.signals[i].lit
		t.signals[i].lit = false
		t.mu.Unlock()
		if !lit {
			continue
		}
		if err := t.send(i, t.protocol.LampOff, frame.Values{}); err != nil {
			return err
		}
	}
	return nil
}
