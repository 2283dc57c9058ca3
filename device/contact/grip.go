package contact

import (
	"slices"
	"time"
)

// Hold is how long two buttons must be down together. A citizen who leans on
// the panel, or a child with both hands, lets go sooner.
const Hold = 10 * time.Second

// A Grip follows the contacts of one panel. The zero Grip has none closed.
//
// Its promise: a grip is told once, however long it lasts and however many
// buttons join it, and the next one only after fewer than two were down.
type Grip struct {
	down []contact // in the order of closing
	told bool
}

type contact struct {
	button string
	at     time.Time // when it closed
}

// Close says that a button's contact closed at a time. A closed contact that
// closes keeps its first time.
func (g *Grip) Close(button string, at time.Time) {
	i := 0
	for ; i < len(g.down); i++ {
		if g.down[i].button == button {
			return
		}
	}
	for ; i > 0 && g.down[i-1].at.After(at); i-- {
		// Contacts are told one after the other, not always in their order.
	}
	g.down = slices.Insert(g.down, i, contact{button, at})
}

// Open says that a button takes no part: its contact opened, its line is lost,
// or it has been closed for so long that it counts as stuck.
func (g *Grip) Open(button string) {
	g.down = slices.DeleteFunc(g.down, func(c contact) bool { return c.button == button })
	if len(g.down) < 2 {
		g.told = false
	}
}

// Due is when the buttons that are down now become a grip; ok is false when
// they do not, or when theirs was told.
func (g *Grip) Due() (at time.Time, ok bool) {
	if g.told || len(g.down) < 2 {
		return time.Time{}, false
	}
	return g.down[1].at.Add(Hold), true
}

// Take is the names of the two buttons, the one that closed first in front,
// when a grip is due at now; once for each grip, nil otherwise.
func (g *Grip) Take(now time.Time) []string {
	due, ok := g.Due()
	if !ok || now.Before(due) {
		return nil
	}
	g.told = true
	return []string{g.down[0].button, g.down[1].button}
}
