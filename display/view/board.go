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
	// Announcements are the calls that sound from now on, in order.
	Announcements []Announcement `json:"announcements,omitempty"`
	// Messages are those that are on boards or will be.
	Messages []Message `json:"messages"`
	// Waiting is how many wait for each service.
	Waiting []WaitingRow `json:"waiting"`
}

// Every shows the calls of every service.
func Every(queue.ServiceID) bool { return true }

// A Call is a number and where it is called to.
type Call struct {
	// Seq grows with each call and recall within one journal: a board sounds
	// once for each.
	Seq    uint64 `json:"seq"`
	Number string `json:"number"`
	Desk   string `json:"desk"`
	// Place is where the desk is, when the hall does not see it: "primo piano, stanza 12".
	Place string `json:"place,omitempty"`
	At    int64  `json:"at"` // office time
	Again bool   `json:"again,omitempty"`
}

// An Announcement is a call as the boards of a hall sound it, all at one instant.
type Announcement struct {
	// Seq is that of the call.
	Seq uint64 `json:"seq"`
	// At is when it begins, by the box's own clock, in ms since 1970 UTC.
	At int64 `json:"at"`
	// Clips are the names of its sounds, and Gaps how long after the beginning each
	// starts, in ms.
	Clips []string `json:"clips"`
	Gaps  []int64  `json:"gaps"`
}

// A WaitingRow is a service with how many wait for it.
type WaitingRow struct {
	Name    string `json:"name"`
	Letters string `json:"letters"`
	Waiting int    `json:"waiting"`
	Open    bool   `json:"open"`
}

// Board is the view of a hall display that shows the calls of some services.
func (l Look) Board(shows func(queue.ServiceID) bool) Board {
	b := Board{Office: l.heading(), Day: l.day(), Messages: l.messages(), Calls: []Call{}, Waiting: []WaitingRow{}}
	for _, c := range l.State.Calls() {
		if len(b.Calls) == boardCalls {
			break
		}
		if !shows(c.Service) {
			continue
		}
		b.Calls = append(b.Calls, l.call(c))
	}
	setup := l.State.Setup()
	for _, x := range setup.Services {
		if !shows(x.ID) {
			continue
		}
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
	call := Call{Seq: c.Seq, Number: c.Number.Text, Desk: c.Label, At: l.at(c.At), Again: c.Recalls > 0}
	if d, _, ok := l.State.Desk(c.Desk); ok {
		call.Place = l.tongue().Place(d.Floor, d.Room)
	}
	return call
}

func letters(setup queue.Setup, id queue.SeriesID) string {
	for _, s := range setup.Series {
		if s.ID == id {
			return s.Letters
		}
	}
	return ""
}
