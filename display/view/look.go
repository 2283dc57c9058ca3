package view

import (
	"cmp"
	"slices"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A Look is one look at the office.
type Look struct {
	State *queue.State
	Now   queue.Now
	Zone  *time.Location // of the office; nil is UTC
	// Alarms are what is wrong with the box as a whole, by the codes of
	// words.Alarm.
	Alarms []string
	// DeskLimitMs is how long a desk may be on one number until the manager's page
	// marks it; 0 marks none.
	DeskLimitMs int64
	// Tongue is how who looks is spoken to; nil is in Italian.
	Tongue *words.Tongue
}

func (l Look) tongue() *words.Tongue { return cmp.Or(l.Tongue, words.In("")) }

// A Heading is who runs the office, as it stands at the head of every page.
type Heading struct {
	Body  string `json:"body"`
	Name  string `json:"name"`
	Place string `json:"place,omitempty"`
	Zone  string `json:"zone"` // IANA name, for the page's clock
}

// A Day is the business day in words.
type Day struct {
	Open bool   `json:"open"` // tickets are given now, for one service at least
	Date string `json:"date"` // "martedì 24 novembre 2026"
	// Notice says why there is nothing to do now, or is empty.
	Notice string `json:"notice,omitempty"`
	// Provisional tells the staff that the clock is not known to be right.
	Provisional bool `json:"provisional,omitempty"`
}

func (l Look) heading() Heading {
	setup := l.State.Setup()
	o, own := setup.Office, setup.Slip.Texts[l.tongue().Language()]
	return Heading{Body: cmp.Or(own[queue.WordBody], o.Body), Name: cmp.Or(own[queue.WordName], o.Name), Place: cmp.Or(own[queue.WordPlace], o.Place), Zone: l.zone().String()}
}

func (l Look) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// clock turns office time into the office's local time.
func (l Look) clock(officeMs int64) time.Time { return time.UnixMilli(officeMs).In(l.zone()) }

// hour is office time as "HH:MM"; empty for zero.
func (l Look) hour(officeMs int64) string {
	if officeMs == 0 {
		return ""
	}
	return words.Clock(l.clock(officeMs))
}

// jitterMs is how far the wall clock and the monotonic one may part before the
// monotonic one is believed.
const jitterMs = 2_000

// at is when something happened, by the clock as it shows now, so that a page
// may count on from it: as the clock was read, unless the clock was set since
// then or was wrong. It depends on the state alone.
func (l Look) at(n queue.Now) int64 {
	if n.IsZero() {
		return 0
	}
	read, last := l.State.TimeOf(n), l.State.LastNow()
	ago, _ := l.State.Elapsed(n, last)
	if happened := l.State.OfficeTime(last) - ago; happened < read-jitterMs || happened > read+jitterMs {
		return happened
	}
	return read
}

// day puts the day in words. Nothing is said of the hours of single services.
func (l Look) day() Day {
	s := l.State
	d := Day{Provisional: s.Day().Provisional, Date: l.tongue().Date(l.clock(s.OfficeTime(l.Now)))}
	if !s.HasSetup() {
		d.Notice = l.tongue().Say("day.not-set-up")
		return d
	}
	if slices.Contains(l.Alarms, words.AlarmNotStored) || slices.Contains(l.Alarms, words.AlarmDiskHangs) {
		d.Notice = l.tongue().Halted()
		return d
	}
	plan := s.Plan()
	if plan == nil || !s.Day().Open {
		d.Notice = l.tongue().Say("day.not-open")
		return d
	}
	if suspension, suspended := s.Suspended(); suspended {
		d.Notice = l.tongue().Suspended(suspension.Why)
		return d
	}
	if plan.Provisional || s.ClockDoubtful(l.Now) {
		d.Open = true
		return d
	}
	now := s.OfficeTime(l.Now)
	var next, last int64
	for _, b := range plan.Bands {
		if now >= b.Opens && now < b.Closes {
			d.Open = true
		}
		if now < b.Opens && (next == 0 || b.Opens < next) {
			next = b.Opens
		}
		last = max(last, b.Closes)
	}
	switch {
	case d.Open:
	case next != 0:
		d.Notice = l.tongue().OpensAt(l.hour(next))
	case last == 0:
		d.Notice = l.tongue().ClosedToday(plan.Why)
	case s.Totals().Open() > 0:
		d.Notice = l.tongue().Say("day.no-more-tickets")
	default:
		d.Notice = l.tongue().ClosedAt(l.hour(last))
	}
	return d
}

// ticketsPerDay is what queue.TicketID multiplies the day by.
const ticketsPerDay = 1_000_000

// newest visits today's tickets from the newest to the oldest, until visit
// says false.
func newest(s *queue.State, visit func(*queue.Ticket) bool) {
	first := queue.TicketID(s.Day().Ordinal) * ticketsPerDay
	for n := s.Totals().Issued; n > 0; n-- {
		if t := s.Ticket(first + queue.TicketID(n)); t == nil || !visit(t) {
			return
		}
	}
}

// ServiceName is what a service is called in the language of who looks.
func (l Look) ServiceName(x queue.Service) string {
	return cmp.Or(x.Names[l.tongue().Language()], x.Name)
}

// serviceOf is the name of a ticket's service; its id when there is none.
func (l Look) serviceOf(t *queue.Ticket) string {
	if x, ok := l.State.Service(t.Service); ok {
		return l.ServiceName(x)
	}
	return string(t.Service)
}

// number is the text of a ticket's number, or empty.
func number(s *queue.State, id queue.TicketID) string {
	if t := s.Ticket(id); t != nil {
		return t.Number.Text
	}
	return ""
}
