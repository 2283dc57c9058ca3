package panel

import (
	"context"
	"time"

	"eliminacode/device/frame"
	"eliminacode/device/serial"
)

// never is the wait for a line on which nothing is due.
const never = time.Duration(1<<63 - 1)

// talk sends what is to be shown until the line is lost or ctx, which outlives
// the line, ends.
func (p *Panels) talk(ctx, talking context.Context, port *port, l serial.Line, in <-chan serial.Received) error {
	p.found(port)
	wake := time.NewTimer(never)
	defer wake.Stop()
	for {
		if err := p.sendAll(talking, port, l); err != nil {
			return err
		}
		wake.Reset(p.untilDue(port, time.Now()))
		select {
		case <-talking.Done():
			if ctx.Err() != nil {
				p.darken(port, l)
			}
			return nil
		case <-port.changed:
		case <-wake.C:
		case _, ok := <-in: // Panels that answer are not listened to.
			if !ok {
				in = nil
			}
		}
	}
}

// sendAll sends each frame that is due, one after the other.
func (p *Panels) sendAll(ctx context.Context, port *port, l serial.Line) error {
	for _, i := range port.members {
		bytes, ok := p.take(i, time.Now())
		if !ok {
			continue
		}
		if err := serial.Write(l, bytes); err != nil {
			return err
		}
		p.health[i].Seen(time.Now())
		select {
		case <-time.After(betweenFrames):
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// take is the frame that a panel is to be sent now, if any, and notes when it is
// to be sent again.
func (p *Panels) take(i int, now time.Time) (bytes []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, panel := &p.signs[i], p.cfg.Panels[i]
	if !s.given || !s.send && (s.due.IsZero() || now.Before(s.due)) {
		return nil, false
	}
	blink := s.send && s.blink && panel.Frame.Blink.Len() > 0
	s.send, s.blink, s.due = false, false, time.Time{}
	template := panel.Frame.Show
	switch {
	case blink:
		template = panel.Frame.Blink
		s.due = now.Add(panel.Frame.BlinkFor())
	case panel.Frame.RepeatS > 0:
		s.due = now.Add(panel.Frame.Repeat())
	}
	bytes, fits := panel.encode(template, s.words)
	if !fits && !s.tooWide {
		p.cfg.Log.Warn("a text is too wide for its panel", "device", panel.Name, "text", s.words)
	}
	s.tooWide = !fits
	return bytes, true
}

// encode is a text in a frame that check has tried.
func (p Panel) encode(t frame.Template, words string) (bytes []byte, fits bool) {
	text, fits := p.Frame.Fit(words, t.TextWidth())
	bytes, err := t.Encode(frame.Values{Address: p.Address, Text: text})
	if err != nil {
		panic("panel: a frame that was tried cannot be sent: " + err.Error())
	}
	return bytes, fits
}

// untilDue is how long nothing is to be sent again on a line.
func (p *Panels) untilDue(port *port, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := never
	for _, i := range port.members {
		if due := p.signs[i].due; !due.IsZero() {
			wait = min(wait, max(0, due.Sub(now)))
		}
	}
	return wait
}

// darken takes away what was shown. It is best effort: a panel that does not hear it is lost anyway.
func (p *Panels) darken(port *port, l serial.Line) {
	for _, i := range port.members {
		p.mu.Lock()
		given := p.signs[i].given
		p.mu.Unlock()
		if !given {
			continue
		}
		bytes, _ := p.cfg.Panels[i].encode(p.cfg.Panels[i].Frame.Show, "")
		if err := serial.Write(l, bytes); err != nil {
			p.cfg.Log.Warn("darkening a panel", "device", p.cfg.Panels[i].Name, "err", err)
			return
		}
		time.Sleep(betweenFrames)
	}
}

// found marks the panels of a line that was opened: they are told their texts,
// and until the line has taken those it does not count as back.
func (p *Panels) found(port *port) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range port.members {
		s := &p.signs[i]
		s.send, s.blink = s.given, false
		if !s.given {
			p.health[i].Seen(time.Now())
		}
	}
}
