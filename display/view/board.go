package view

import "eliminacode/queue"

// boardCalls is how many calls a board lists, the big one included.
const boardCalls = 7

// A Board is the hall display: numbers and desks, and nothing else about
// anybody.
type Board struct {
	Office Heading `json:"office"`
	Day    Day     `json:"day"`
	// Calls are the last calls, newest first; the first stands big.
	Calls []Call `json:"calls"`
	// Messages are those that are on boards or will be.
	Messages []Message `json:"messages"`
	// Waiting is how many wait for each service.
	Waiting []WaitingRow `json:"waiting"`
}

// A Call is a number and where it is called to.
type Call struct {
	// Seq grows with each call and recall within one journal: a board sounds
	// once for each.
	Seq    uint64 `json:"seq"`
	Number string `json:"number"`
	Desk   string `json:"desk"`
	At     int64  `json:"at"` // office time
	Again  bool   `json:"again,omitempty"`
}

// A WaitingRow is a service with how many wait for it.
type WaitingRow struct {
	Name    string `json:"name"`
	Letters string `json:"letters"`
	Waiting int    `json:"waiting"`
	Open    bool   `json:"open"`
}

// Board is the view of every hall display.
func (l Look) Board() Board {
	b := Board{Office: l.heading(), Day: l.day(), Messages: l.messages(), Calls: []Call{}, Waiting: []WaitingRow{}}
	for _, c := range l.State.Calls() {
		if len(b.Calls) == boardCalls {
			break
		}
		b.Calls = append(b.Calls, l.call(c))
	}
	setup := l.State.Setup()
	for _, x := range setup.Services {
		open, _ := l.State.ServiceOpen(x.ID, l.Now)
		waiting := l.State.WaitingFor(x.ID)
		if waiting == 0 && l.State.ServiceOver(x) {
			continue
		}
		b.Waiting = append(b.Waiting, WaitingRow{
			Name: l.ServiceName(x), Letters: letters(setup, x.Series),
			Waiting: waiting, Open: open,
		})
	}
	return b
}

func (l Look) call(c queue.Shown) Call {
	return Call{Seq: c.Seq, Number: c.Number.Text, Desk: c.Label, At: l.at(c.At), Again: c.Recalls > 0}
}

func letters(setup queue.Setup, id queue.SeriesID) string {
	for _, s := range setup.Series {
		if s.ID == id {
			return s.Letters
		}
	}
	return ""
}
