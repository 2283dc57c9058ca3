package display

import (
	"cmp"
	"slices"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A legible is how far the number, the desk and the last calls of a board can be read,
// and how far they must be, as its page worked it out, in tenths of a metre.
type legible struct {
	Number int `json:"number"`
	Desk   int `json:"desk"`
	Last   int `json:"last"`
	Asked  int `json:"asked"`
}

// farthest is what no letter is read from, in tenths of a metre.
const farthest = 10_000

// sane tells that a page can have said so.
func (l *legible) sane() bool {
	within := func(n int) bool { return n >= 0 && n <= farthest }
	return l == nil || within(l.Number) && within(l.Desk) && within(l.Last) && within(l.Asked)
}

// words is the same for the catalogues.
func (l legible) words() words.Legible {
	const tenth = 100 // mm
	return words.Legible{
		Number: words.Distance(l.Number * tenth), Desk: words.Distance(l.Desk * tenth),
		Last: words.Distance(l.Last * tenth), Asked: words.Distance(l.Asked * tenth),
	}
}

// A HungBoard is a board that is connected, with how far it can be read.
type HungBoard struct {
	Name    string         `json:"name"`              // or its address
	Legible *words.Legible `json:"legible,omitempty"` // nil as long as it has not told
}

// HungBoards are the boards that are connected, by name.
func (s *Server) HungBoards() []HungBoard {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	all := []HungBoard{}
	for c := range s.hub.boards() {
		b := HungBoard{Name: cmp.Or(c.name, c.conn.RemoteAddr().String())}
		if l := c.report().Legible; l != nil {
			said := l.words()
			b.Legible = &said
		}
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b HungBoard) int { return queue.CompareNames(a.Name, b.Name) })
	return all
}
