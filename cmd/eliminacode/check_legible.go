package main

import (
	"context"

	"eliminacode/display"
	"eliminacode/queue/words"
)

// boards asks the running daemon how far each hall display can be read.
func boards(ctx context.Context, d *daemon) (all []finding) {
	if d == nil {
		return nil
	}
	hung, err := d.Boards(ctx)
	if err != nil {
		return []finding{partOf("hall-boards").fail("devices-unread", "detail", err)}
	}
	for _, b := range hung {
		all = append(all, legibleBoard(b))
	}
	return all
}

// legibleBoard tells how far a hall display can be read.
func legibleBoard(b display.HungBoard) finding {
	p := partOf("hall-board", "name", b.Name)
	switch l := b.Legible; {
	case l == nil:
		return p.warn("board-untold")
	case l.Short():
		return p.warn("board-small", "what", words.Texts{Of: []words.Text{l.ShortText(), l.Text()}, Between: "; "})
	default:
		return p.ok("as-seen", "what", l.Text())
	}
}
