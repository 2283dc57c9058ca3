package view

import "eliminacode/queue"

// A Voting is the screen beside a desk on which people say how they were served.
// It shows nothing of who is served there.
type Voting struct {
	Office Heading `json:"office"`
	Desk   string  `json:"desk"` // as people read it
}

// Voting is the view of the voting screen of a desk; ok is false when there is no
// such desk.
func (l Look) Voting(id queue.DeskID) (v Voting, ok bool) {
	desk, _, ok := l.State.Desk(id)
	if !ok {
		return Voting{}, false
	}
	return Voting{Office: l.heading(), Desk: l.tongue().DeskName(desk.Label)}, true
}
