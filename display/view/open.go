package view

import (
	"errors"
	"slices"
	"time"

	"eliminacode/queue"
)

// fewPeople is how many people waiting are told as a number: fewer are "few",
// since one or two could be known by sight.
const fewPeople = 3

// Statuses of a published service, as the open figures name them: whether anybody who
// comes is given a ticket now.
const (
	StatusOpen      = "open"
	StatusClosed    = "closed"    // not now, nor by waiting for it
	StatusSuspended = "suspended" // not now: the office, or the service, has stopped, or is full
)

// An Open is what anybody may know of the queues: the services that the office
// publishes, and nothing of a single ticket but the last number called. Ordinary
// and priority people are one queue.
type Open struct {
	Office   Heading       `json:"office"`
	At       string        `json:"at"` // office time with its offset, to the minute
	Services []OpenService `json:"services"`
}

// An OpenService is one service that is published.
type OpenService struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"` // open, closed or suspended
	Note   string `json:"note"`   // why no ticket is given, in words; empty while it is open
	// Waiting is how many people wait; nil is fewer than three, who are not
	// counted for everybody.
	Waiting *int `json:"waiting"`
	Desks   int  `json:"desks"` // that call its ordinary tickets now
	// EstimateMinutes are the least and the most that who came last was told;
	// none is not known.
	EstimateMinutes []int  `json:"estimate_minutes,omitempty"`
	LastCalled      string `json:"last_called"` // number; empty before the first call
}

// Open is the view of who is not in the hall; ok is false when nothing is
// published.
func (l Look) Open() (v Open, ok bool) {
	v = Open{Office: l.heading(), Services: []OpenService{}}
	v.At = l.clock(l.State.OfficeTime(l.Now)).Truncate(time.Minute).Format(time.RFC3339)
	for _, x := range l.State.Setup().Services {
		if x.Published && !l.State.ServiceOver(x) {
			v.Services = append(v.Services, l.openService(x))
		}
	}
	return v, len(v.Services) > 0
}

func (l Look) openService(x queue.Service) OpenService {
	o := OpenService{ID: string(x.ID), Name: l.ServiceName(x), Desks: l.desksFor(x.ID)}
	if n := l.State.WaitingFor(x.ID); n >= fewPeople {
		o.Waiting = &n
	}
	o.Status, o.Note = l.openStatus(x.ID)
	o.EstimateMinutes = l.toldLast(x.ID)
	o.LastCalled = l.lastCalled(x.ID)
	return o
}

// openStatus is whether tickets are given for a service, and why not.
func (l Look) openStatus(id queue.ServiceID) (status, note string) {
	if suspension, suspended := l.State.Suspended(); suspended {
		return StatusSuspended, l.tongue().Suspended(suspension.Why)
	}
	open, opens := l.State.ServiceOpen(id, l.Now)
	if !open || !l.day().Open {
		return StatusClosed, l.tongue().ServiceOpens(l.hour(opens))
	}
	switch err := l.State.MayIssue(id, queue.Ordinary, l.Now); {
	case err == nil:
		return StatusOpen, ""
	case errors.Is(err, queue.ErrServiceStopped), errors.Is(err, queue.ErrHallFull), errors.Is(err, queue.ErrBandCapReached):
		return StatusSuspended, l.tongue().RefusalToCitizen(err)
	default:
		return StatusClosed, l.tongue().RefusalToCitizen(err)
	}
}

// desksFor counts the desks that are open and call the ordinary tickets of a service:
// a back office is for those alone who are sent to it or have an appointment.
func (l Look) desksFor(id queue.ServiceID) (n int) {
	for _, x := range l.State.Setup().Desks {
		d, now, ok := l.State.Desk(x.ID)
		serves := slices.Contains(d.Profile.First, id) || slices.Contains(d.Profile.Help, id)
		if ok && !x.BackOffice && now.Open && !now.Paused && serves && !l.State.PresumedAway(x.ID, l.Now) {
			n++
		}
	}
	return n
}

// toldLast is the estimate that the last one in the queue was told, in minutes.
func (l Look) toldLast(id queue.ServiceID) []int {
	var last *queue.Ticket
	for t := range l.State.Waiting(id) {
		if last == nil || t.ID > last.ID {
			last = t
		}
	}
	if last == nil || last.Promise == (queue.Promise{}) {
		return nil
	}
	return []int{int(last.Promise.FromMs / 60_000), int((last.Promise.ToMs + 59_999) / 60_000)}
}

// lastCalled is the number that was called last for a service.
func (l Look) lastCalled(id queue.ServiceID) string {
	for _, c := range l.State.Calls() {
		if c.Service == id {
			return c.Number.Text
		}
	}
	// The calls that boards remember are few.
	var newest *queue.Ticket
	for t := range l.State.Tickets() {
		if t.Service == id && t.Calls > 0 && (newest == nil || l.at(t.Called) > l.at(newest.Called)) {
			newest = t
		}
	}
	if newest == nil {
		return ""
	}
	return newest.Number.Text
}
