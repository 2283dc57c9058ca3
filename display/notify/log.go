package notify

import (
	"slices"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// An Attempt is one delivery that was tried; of a day that is over, all that came to
// the same.
type Attempt struct {
	At     time.Time `json:"at" doc:"When it was made; of a day that is over, the beginning of the day"`
	Event  string    `json:"event,omitempty" doc:"Name of the event; left out of a day that is over"`
	Kind   string    `json:"kind,omitempty" doc:"Kind of the event; left out of a day that is over"`
	Nth    int       `json:"nth,omitempty" doc:"Which attempt of this event, from 1; left out of a day that is over"`
	Times  int       `json:"times,omitempty" doc:"Of a day that is over: how many attempts came to this"`
	Status int       `json:"status,omitempty" doc:"Status of the answer; none when there was no answer"`
	Fault  string    `json:"fault,omitempty" doc:"What went wrong, a code; empty is success"`
	About  string    `json:"about,omitempty" doc:"What the fault is about: the name, the address, or where the receiver redirects to"`
	// Detail is what earlier versions wrote down in the place of About.
	Detail string `json:"detail,omitempty" doc:"What the machine said of it, in English: only of attempts that an earlier version made"`
	// GaveUp tells that there will be no further attempt.
	GaveUp bool `json:"gave_up,omitempty"`
}

// OK tells that the delivery was taken.
func (a Attempt) OK() bool { return a.Fault == "" }

// log takes an attempt into the log: as it was while the day of its event goes on,
// or else in the sums of the present day.
func (l *line) log(a Attempt, over bool, by days) {
	if over {
		l.sum(a, by)
	} else {
		l.Log = append(l.Log, a)
	}
	l.Log = slices.Delete(l.Log, 0, max(0, len(l.Log)-mostLogged))
}

// sum counts an attempt in the row of its day that came to the same. Rows of sums stand
// before all others, so that not even their place tells when something was.
func (l *line) sum(a Attempt, by days) {
	day := a.At.Add(by.correction).In(by.zone)
	row := Attempt{
		At:     time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, by.zone).UTC(),
		Status: a.Status, Fault: a.Fault, About: a.About, Detail: a.Detail, GaveUp: a.GaveUp,
	}
	fine := len(l.Log)
	for i := range l.Log {
		if l.Log[i].Times == 0 {
			fine = i
			break
		}
		same := l.Log[i]
		same.Times = 0
		if same == row {
			l.Log[i].Times++
			return
		}
	}
	row.Times = 1
	l.Log = slices.Insert(l.Log, fine, row)
}

// age makes sums of the attempts of a day that is over, and forgets when its events
// that are to be tried again were tried first. A delivery is made within the blink of
// its event, so that a row with both would say to the second what was done at a desk,
// and rows in their order what it was: what events of a past day keep to themselves
// (view.Event). It answers whether there was anything to do; now is when the waits of
// what is to be tried again begin anew.
func (l *line) age(today int, by days, now time.Time, delays []time.Duration) bool {
	if l.Day == today {
		return false
	}
	l.Day = today
	all := l.Log
	l.Log = nil
	for _, a := range all {
		if a.Times > 0 {
			l.Log = append(l.Log, a)
		}
	}
	for _, a := range all {
		if a.Times == 0 {
			l.sum(a, by)
		}
	}
	if len(l.Pending) == 0 {
		return true
	}
	// How often an event was tried tells its age as well: all begin with the newest.
	tried := slices.MinFunc(l.Pending, func(a, b pending) int { return a.Tried - b.Tried }).Tried
	tried = min(max(tried, 1), len(delays))
	for i := range l.Pending {
		l.Pending[i].Tried = tried
		if tried > 0 {
			l.Pending[i].Due = now.Add(delays[tried-1])
		}
	}
	return true
}

// age lets every hook's log grow older with the day, and writes that down.
func (s *Sender) age(state *queue.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	aged := false
	for _, l := range s.hooks {
		aged = l.age(view.Today(state), s.days(state), time.Now(), s.cfg.Delays) || aged
	}
	if !aged {
		return
	}
	s.unkept = true // for the next time, should the disk not take it
	if err := s.keep(); err != nil {
		s.cfg.Log.Error("keeping the webhooks", "err", err)
	}
}

// days tell on which day of the office an instant of the box's clock is.
type days struct {
	zone       *time.Location
	correction time.Duration // what the office's clock adds to the box's
}

// days are those of the office.
func (s *Sender) days(state *queue.State) days {
	d := days{time.UTC, time.Duration(state.CorrectionMs()) * time.Millisecond}
	if state.HasSetup() {
		d.zone = s.cfg.Zone(state.Setup().Office.Zone)
	}
	return d
}
