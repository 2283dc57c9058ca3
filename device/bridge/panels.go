package bridge

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"eliminacode/device"
	"eliminacode/queue"
)

// A Panel says what a numeric panel shows.
type Panel struct {
	Desk queue.DeskID // whose calls; empty: those of all desks
	// Text is what it shows of a call: {number} such as A042, {digits} such as
	// 042, {desk}; each may have a width, as in {desk:2}.
	Text   string
	Closed string // what it shows while nobody is called
}

// panelField is a field of Panel.Text.
var panelField = regexp.MustCompile(`\{(number|digits|desk)(?::([1-9]))?\}`)

// A sign is what a panel shows, and since which call or recall.
type sign struct {
	text string
	seq  uint64
}

// announce keeps the panels true to the newest state. A call that was taken
// back gives way to the one before it. The driver makes a text that is shown
// again a recall.
func (b *Bridge) announce(ctx context.Context) {
	shown := map[string]sign{}
	for {
		state, newer := b.cfg.Engine.Watch()
		for name, panel := range b.cfg.Signs {
			now := panel.sign(state)
			if was, ok := shown[name]; ok && now.text == was.text && now.seq <= was.seq {
				continue
			}
			for _, panels := range b.cfg.Panels {
				if err := panels.Show(name, now.text); err != nil && !errors.Is(err, device.ErrNoPanel) {
					b.cfg.Log.Warn("a panel cannot be told", "panel", name, "err", err)
				}
			}
			shown[name] = now
		}
		select {
		case <-newer:
		case <-ctx.Done():
			return
		}
	}
}

// sign is what the panel shows of a state.
func (p Panel) sign(state *queue.State) sign {
	_, suspended := state.Suspended()
	if suspended || !state.Day().Open {
		return sign{text: p.Closed}
	}
	if _, now, ok := state.Desk(p.Desk); p.Desk != "" && (!ok || !now.Open) {
		return sign{text: p.Closed}
	}
	for _, call := range state.Calls() {
		if p.Desk == "" || call.Desk == p.Desk {
			return sign{text: p.Words(call.Number.Text, call.Label), seq: call.Seq}
		}
	}
	return sign{text: p.Closed}
}

// Words are what the panel shows of a call of a number to the desk of a label.
func (p Panel) Words(number, label string) string {
	return panelField.ReplaceAllStringFunc(p.Text, func(field string) string {
		parts := panelField.FindStringSubmatch(field)
		word := number
		switch parts[1] {
		case "digits":
			word = strings.TrimLeftFunc(word, func(r rune) bool { return r < '0' || r > '9' })
		case "desk":
			word = label
		}
		if width, err := strconv.Atoi(parts[2]); err == nil && len(word) < width {
			word = strings.Repeat(" ", width-len(word)) + word
		}
		return word
	})
}
