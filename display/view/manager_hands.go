package view

import (
	"slices"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// Hands are what the manager can decide about the open day, and how it stands.
type Hands struct {
	// Suspended says why the office is suspended; empty when it is not.
	Suspended string `json:"suspended,omitempty"`
	// Suspensions and Stops are the reasons that are offered.
	Suspensions []Reason `json:"suspensions"`
	Stops       []Reason `json:"stops"`
	// Capacity is how many people may wait in the hall, 0 for any number; InHall is
	// how many do.
	Capacity int             `json:"capacity"`
	InHall   int             `json:"in_hall"`
	Messages []Message       `json:"messages"`
	Series   []ManagerSeries `json:"series"`
	// Languages are those of a message, Others those in which it may be said too.
	Languages []queue.Language `json:"languages"`
	Others    []queue.Language `json:"-"`
	// Boards are the names of the boards that there are.
	Boards []string `json:"boards,omitempty"`
	// CorrectionMs is what is added to the box's clock.
	CorrectionMs int64 `json:"correction_ms"`
}

// A Reason is a code and its word.
type Reason struct {
	Code  string `json:"code"`
	Words string `json:"words"`
}

// A ManagerSeries is a series and the number that it gives next.
type ManagerSeries struct {
	Series string `json:"series"`
	Name   string `json:"name"`           // its letters, in words where it has none
	Next   string `json:"next,omitempty"` // as shown; empty when none is left today
	Value  int    `json:"value"`          // the same in digits
	// First and Last are the lowest and the highest number of it that were given
	// today; empty when none was.
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
}

// A Message is a message on boards: its lines, the main language first.
type Message struct {
	ID     string   `json:"id"`
	Lines  []string `json:"lines"`
	Boards []string `json:"boards,omitempty"` // those that show it; none is all
	From   int64    `json:"from,omitempty"`   // office time; 0 is now
	Until  int64    `json:"until,omitempty"`  // office time; 0 is until it is taken away
	Hour   string   `json:"hour,omitempty"`   // of Until
	Begins string   `json:"begins,omitempty"` // the hour of From
}

func (l Look) hands() Hands {
	s, tongue := l.State, l.tongue()
	h := Hands{
		Capacity: s.Setup().Rules.HallCapacity, InHall: s.InHall(), Messages: l.messages(),
		Series: []ManagerSeries{}, Languages: l.messageLanguages(), CorrectionMs: s.CorrectionMs(),
	}
	for _, language := range words.Languages() {
		if !slices.Contains(h.Languages, language) {
			h.Others = append(h.Others, language)
		}
	}
	if x, suspended := s.Suspended(); suspended {
		h.Suspended = tongue.SuspensionReason(x.Why)
	}
	for _, code := range queue.SuspensionReasons {
		h.Suspensions = append(h.Suspensions, Reason{code, tongue.SuspensionReason(code)})
	}
	for _, code := range queue.StopReasons {
		h.Stops = append(h.Stops, Reason{code, tongue.StopReason(code)})
	}
	for _, x := range s.Setup().Series {
		m := ManagerSeries{Series: string(x.ID), Name: tongue.SeriesShort(x)}
		if n, ok := s.NextNumber(x.ID, l.Now); ok {
			m.Next, m.Value = n.Text, n.Value
		}
		if first, last, ok := s.GivenToday(x.ID); ok {
			m.First, m.Last = first.Text, last.Text
		}
		h.Series = append(h.Series, m)
	}
	return h
}

// messageLanguages are those in which a message is written: Italian, and those of
// the office's tickets.
func (l Look) messageLanguages() []queue.Language {
	languages := []queue.Language{"it"}
	for _, x := range l.State.Setup().Slip.Languages {
		if !slices.Contains(languages, x) {
			languages = append(languages, x)
		}
	}
	return languages
}

// messages are those that are on the boards, or will be; which of them a board
// shows now is for the board to tell, by its clock and name.
func (l Look) messages() []Message {
	shown := []Message{}
	for _, m := range l.State.Messages() {
		if m.Until != 0 && m.Until <= l.State.OfficeTime(l.State.LastNow()) {
			continue
		}
		v := Message{ID: string(m.ID), Lines: []string{}, Boards: m.Boards, From: m.From, Until: m.Until, Hour: l.endHour(m.Until), Begins: l.hour(m.From)}
		var others []queue.Language
		for language := range m.Texts {
			others = append(others, language)
		}
		slices.Sort(others)
		for _, language := range slices.Concat(l.messageLanguages(), others) {
			if text, ok := m.Texts[language]; ok && !slices.Contains(v.Lines, text) {
				v.Lines = append(v.Lines, text)
			}
		}
		shown = append(shown, v)
	}
	return shown
}

// endHour is the hour at which something ends, as words.Clock writes it: midnight is the
// end of the day that it ends, "24:00".
func (l Look) endHour(officeMs int64) string {
	if hour := l.hour(officeMs); hour != "00:00" {
		return hour
	}
	return queue.HourOf(24 * 60)
}

// TodayAt is an hour of today on the office's wall, in minutes since midnight, in office time.
func (l Look) TodayAt(minutes int) int64 {
	now := l.clock(l.State.OfficeTime(l.Now))
	return time.Date(now.Year(), now.Month(), now.Day(), 0, minutes, 0, 0, now.Location()).UnixMilli()
}

// A Profiles is what each desk serves, for the manager to change.
type Profiles struct {
	Services []ProfileService `json:"services"`
	Desks    []ProfileDesk    `json:"desks"`
}

// A ProfileService is a service by its name.
type ProfileService struct {
	Service string `json:"service"`
	Name    string `json:"name"`
	Letters string `json:"letters"`
}

// A ProfileDesk is a desk, and how it serves each of the services: "first",
// "help" or empty.
type ProfileDesk struct {
	Desk       string   `json:"desk"`
	Label      string   `json:"label"`
	Open       bool     `json:"open"`
	BackOffice bool     `json:"back_office,omitempty"`
	Serves     []string `json:"serves"`
	// Narrowed tells that whoever is at the desk may not serve all of it.
	Narrowed bool `json:"narrowed,omitempty"`
}

// Profiles is the view of what each desk serves.
func (l Look) Profiles() Profiles {
	setup, v := l.State.Setup(), Profiles{Services: []ProfileService{}, Desks: []ProfileDesk{}}
	for _, x := range setup.Services {
		v.Services = append(v.Services, ProfileService{string(x.ID), l.ServiceName(x), letters(setup, x.Series)})
	}
	for _, d := range setup.Desks {
		_, now, _ := l.State.Desk(d.ID)
		force := l.State.ProfileInForce(d.ID)
		p := ProfileDesk{
			Desk: string(d.ID), Label: d.Label, Open: now.Open, BackOffice: d.BackOffice, Serves: []string{},
			Narrowed: len(force.First)+len(force.Help) < len(d.Profile.First)+len(d.Profile.Help),
		}
		for _, x := range setup.Services {
			how := ""
			if slices.Contains(d.Profile.First, x.ID) {
				how = "first"
			} else if slices.Contains(d.Profile.Help, x.ID) {
				how = "help"
			}
			p.Serves = append(p.Serves, how)
		}
		v.Desks = append(v.Desks, p)
	}
	return v
}
