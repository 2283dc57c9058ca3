package view

import (
	"slices"
	"strings"

	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// receptionTickets is how many tickets the reception's list holds; the search
// finds the others.
const receptionTickets = 40

// A child's burst is a run of tickets of one outlet, burstLeast or more, each
// within burstGapMs of the one before. It can be taken back for burstMs after
// its last ticket.
const (
	burstMs    = 10 * 60_000
	burstGapMs = 15_000
	burstLeast = 3
	// The reception gives tickets one after the other all day. A flood in its
	// name is floodLeast or more, each within floodGapMs of the one before: more
	// than a person gives.
	floodLeast = 15
	floodGapMs = 2_000
	// burstLooksBack is how many of the newest tickets are looked at.
	burstLooksBack = 1_000
	// burstListed is how many of a burst are listed one by one, the newest, so
	// that those which are real can be told from the others.
	burstListed = 60
)

// A Reception is the page of the reception.
type Reception struct {
	Office   Heading           `json:"office"`
	Day      Day               `json:"day"`
	Services []TotemService    `json:"services"`
	Outlets  []ReceptionOutlet `json:"outlets"`
	Outlet   string            `json:"outlet"` // where the reception itself prints
	// Printers are where a ticket can be printed again now, the reception's own
	// first.
	Printers []Printer   `json:"printers"`
	Query    string      `json:"query,omitempty"`
	Tickets  []TicketRow `json:"tickets"` // newest first, at most 40
	Found    int         `json:"found"`   // how many there are in all
	// Doubtful are those that may not be on paper, oldest first, at most 40: a
	// person looks. NotPrinted are those that are known not to be.
	Doubtful   []TicketRow `json:"doubtful"`
	NotPrinted []TicketRow `json:"not_printed"`
	// Unconfirmed are the newest 40 of a printer that never confirms anything,
	// and UnconfirmedCount how many there are in all: they are no alarm.
	Unconfirmed      []TicketRow `json:"unconfirmed"`
	UnconfirmedCount int         `json:"unconfirmed_count"`
	// Contacts are who was helped without a ticket today, by what they came for.
	Contacts []ContactCount `json:"contacts"`
	// Categories are whom somebody may come for.
	Categories []Choice `json:"categories"`
	// Appointments are those of today, by when they are due; Desks are those that
	// one may be booked at.
	Appointments []AppointmentRow `json:"appointments"`
	Expected     int              `json:"expected"` // of them, not yet here
	Desks        []Choice         `json:"desks"`
	// Search is what somebody without script looks for; others ask for it by itself.
	Search Search `json:"-"`
}

// Prints tells that what is found stands beside the form that gives numbers.
func (Reception) Prints() bool { return true }

// A ContactCount is a kind of contact without a ticket, and how many there were.
type ContactCount struct {
	Contact string `json:"contact"`
	Name    string `json:"name"`
	Count   int    `json:"count"`
	// Apart tells that it is counted apart, since nobody was helped to the end.
	Apart bool `json:"apart,omitempty"`
}

// An AppointmentRow is an appointment of today.
type AppointmentRow struct {
	ID      string `json:"id"`   // which is its code
	Hour    string `json:"hour"` // "10:30"
	Service string `json:"service"`
	Desk    string `json:"desk,omitempty"` // the only one that calls it
	State   string `json:"state"`
	Words   string `json:"words"`
	Number  string `json:"number,omitempty"` // of its ticket
	// Arrives tells that its holder can be checked in, Cancels that it can be
	// cancelled.
	Arrives bool `json:"arrives"`
	Cancels bool `json:"cancels"`
}

// A ReceptionOutlet is a place where tickets come out.
type ReceptionOutlet struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Printer bool   `json:"printer"`
	Sign    string `json:"sign,omitempty"`
	// Spare is the name of the outlet whose printer takes the reception's
	// tickets while this one cannot print.
	Spare string `json:"spare,omitempty"`
	// Burst are the tickets of the newest burst that still wait, oldest first:
	// what one action cancels when a child played with the buttons.
	Burst []string `json:"burst"`
	// BurstNumbers are their numbers, and BurstAt when the last was given,
	// "10:31".
	BurstNumbers []string `json:"burst_numbers"`
	BurstAt      string   `json:"burst_at,omitempty"`

	burst []queue.Number // as BurstNumbers
}

// A TicketRow is one row of a list of tickets.
type TicketRow struct {
	Ticket  string `json:"ticket"`
	Number  string `json:"number"`
	Service string `json:"service"`
	Issued  string `json:"issued"` // "10:31"
	State   string `json:"state"`
	Words   string `json:"words"`
	Desk    string `json:"desk,omitempty"`
	Class   string `json:"class,omitempty"`
	Paper   string `json:"paper"` // in words
	Why     string `json:"why,omitempty"`
	Job     int    `json:"job"`
	Outlet  string `json:"outlet"`          // of its newest slip
	Where   string `json:"where,omitempty"` // the name of that outlet, when it was asked for at another
	From    string `json:"from"`            // what it was asked for with
	// Shows tells that its number can be shown again to a holder who has no paper.
	Shows bool `json:"shows,omitempty"`
	// Open tells that the visit goes on, so that it can be cancelled; Reprint
	// that it can be printed again.
	Open    bool `json:"open"`
	Reprint bool `json:"reprint"`
	// Return tells that a no-show can be put back who turned up late;
	// Reinstate that an ended visit can go on at its place: one that was cancelled or
	// has expired, or that counts as served though nobody saw it.
	Return    bool `json:"return,omitempty"`
	Reinstate bool `json:"reinstate,omitempty"`
	// Grant tells that it can be given priority, Withdraw that it has it.
	Grant    bool `json:"grant,omitempty"`
	Withdraw bool `json:"withdraw,omitempty"`
	// Category is whom its holder comes for, if told.
	Category string `json:"category,omitempty"`
	Planned
}

// Categories are whom somebody may come for, in a language.
func Categories(tongue *words.Tongue) (all []Choice) {
	for _, c := range queue.Categories {
		all = append(all, Choice{ID: string(c), Name: tongue.Category(c)})
	}
	return all
}

// Reception is the view of the reception. query keeps the tickets whose number
// it is or which hold it, whatever the case.
func (l Look) Reception(query string) Reception {
	s := l.State
	v := Reception{
		Office: l.heading(), Day: l.day(), Query: query,
		Services: []TotemService{}, Outlets: []ReceptionOutlet{}, Tickets: []TicketRow{},
	}
	setup := s.Setup()
	for _, x := range setup.Services {
		if s.ServiceOver(x) {
			continue
		}
		v.Services = append(v.Services, l.counter(setup, x))
	}
	for _, o := range setup.Outlets {
		r := ReceptionOutlet{ID: string(o.ID), Name: o.Name, Printer: o.Printer, Burst: []string{}, BurstNumbers: []string{}}
		r.Sign, r.Spare = l.stopped(o)
		v.Outlets = append(v.Outlets, r)
	}
	own := setup.ReceptionOutlet()
	v.Outlet, v.Printers = string(own), l.printers(own)
	all := strings.TrimSpace(query) == ""
	newest(s, func(t *queue.Ticket) bool {
		if sought(t, query) {
			v.Found++
			if len(v.Tickets) < receptionTickets {
				v.Tickets = append(v.Tickets, l.row(t))
			}
		}
		return !all || len(v.Tickets) < receptionTickets
	})
	l.bursts(&v)
	if all {
		v.Found = s.Totals().Issued
	}
	l.papers(&v)
	l.helped(&v)
	l.expected(&v)
	return v
}

// sought tells whether a search finds a ticket: it is the number as people type it,
// such as "a6" for A006, or a part of it, such as "A0", or the code beside it. An empty
// one finds all.
func sought(t *queue.Ticket, query string) bool {
	part := strings.ToUpper(strings.Join(strings.Fields(query), ""))
	return t.Number.Shows(query) || strings.Contains(strings.ToUpper(t.Number.Text), part) ||
		len(part) == ticketCodeChars && TicketCode(t) == part
}

// ticketCodeChars is how long the code of a ticket is: among a thousand tickets of a day
// one in three hundred finds another one besides.
const ticketCodeChars = 4

// TicketCode is a code by which the holder of a number on a screen is found again, who
// has no paper: whoever only saw the number does not know it. It is empty for a number
// that a desk gave, which is in service.
func TicketCode(t *queue.Ticket) string {
	if t.Token == "" {
		return ""
	}
	return access.CodeOf("ticket "+t.Token, ticketCodeChars)
}

// helped counts who was helped without a ticket.
func (l Look) helped(v *Reception) {
	n := l.State.Contacts()
	for _, c := range []struct {
		contact queue.Contact
		count   int
	}{
		{queue.ContactInformation, n.Information}, {queue.ContactForms, n.Forms}, {queue.ContactComplaint, n.Complaint},
		{queue.ContactRegistration, n.Registration}, {queue.ContactIncomplete, n.MissingDocument},
	} {
		v.Contacts = append(v.Contacts, ContactCount{
			Contact: string(c.contact), Name: l.tongue().Contact(c.contact), Count: c.count, Apart: c.contact == queue.ContactIncomplete,
		})
	}
	v.Categories = Categories(l.tongue())
}

// expected lists the appointments of today.
func (l Look) expected(v *Reception) {
	s := l.State
	v.Appointments, v.Desks = []AppointmentRow{}, []Choice{}
	for _, a := range s.Attendances() {
		r := AppointmentRow{
			ID: string(a.ID), Hour: l.hour(a.DueAt),
			State: string(a.State), Words: l.tongue().Attendance(a.State, a.Late), Number: number(s, a.Ticket),
			Arrives: a.State == queue.AttendanceExpected || a.State == queue.AttendanceMissed,
			Cancels: a.State == queue.AttendanceExpected || a.State == queue.AttendanceMissed,
		}
		if x, ok := s.Service(a.Service); ok {
			r.Service = l.ServiceName(x)
		}
		if d, _, ok := s.Desk(a.Desk); ok {
			r.Desk = d.Label
		}
		if a.State == queue.AttendanceExpected {
			v.Expected++
		}
		v.Appointments = append(v.Appointments, r)
	}
	for _, d := range s.Setup().Desks {
		v.Desks = append(v.Desks, Choice{ID: string(d.ID), Name: l.tongue().DeskName(d.Label)})
	}
}

// HasBurst tells that there is a burst to take back.
func (o ReceptionOutlet) HasBurst() bool { return len(o.Burst) > 0 }

// Numbers are those of the burst as people read them, such as "A001–A003, C001".
func (o ReceptionOutlet) Numbers() string { return queue.Stretches(o.burst) }

// Unlisted is how many of the burst, the oldest, are not listed one by one.
func (o ReceptionOutlet) Unlisted() int { return max(0, len(o.Burst)-burstListed) }

// Listed are the places of those that are listed.
func (o ReceptionOutlet) Listed() []int {
	var places []int
	for i := o.Unlisted(); i < len(o.Burst); i++ {
		places = append(places, i)
	}
	return places
}

// A burst is a run of tickets of an outlet, being looked for from its end.
type burst struct {
	state       *queue.State
	least       int       // tickets that make a run, each within
	gapMs       int64     // of the one before
	first, last queue.Now // when they were issued
	tickets     int
	waiting     []*queue.Ticket // newest first
	judged      bool            // a person took a part of it back: what is older is real
	whole       bool
}

// goesOn tells whether a ticket that was issued then may still be one of the
// run.
func (b *burst) goesOn(issued queue.Now) bool {
	if b.tickets == 0 || b.whole {
		return false
	}
	gap, _ := b.state.Elapsed(issued, b.first)
	return gap <= b.gapMs
}

// add takes the next older ticket of the outlet, issued so long ago.
func (b *burst) add(t *queue.Ticket, agoMs int64) {
	if b.tickets > 0 && !b.goesOn(t.Issued) {
		if b.tickets >= b.least {
			b.whole = true
			return
		}
		*b = burst{state: b.state, least: b.least, gapMs: b.gapMs}
	}
	if b.tickets == 0 {
		if agoMs >= burstMs {
			return
		}
		b.last = t.Issued
	}
	b.tickets, b.first = b.tickets+1, t.Issued
	b.judged = b.judged || t.State == queue.Cancelled && t.Why == "burst"
	if t.State == queue.Waiting && !b.judged {
		b.waiting = append(b.waiting, t)
	}
}

// taken is a run that may be taken back; nil when it is too short to be one, or
// nobody of it waits any more.
func (b *burst) taken() *burst {
	if b.tickets < b.least || len(b.waiting) == 0 {
		return nil
	}
	return b
}

// bursts finds the newest burst of each outlet: what its buttons and its screen
// gave, or else a flood in the reception's name.
func (l Look) bursts(v *Reception) {
	type source struct {
		outlet    queue.OutletID
		reception bool
	}
	runs := map[source]*burst{}
	for _, o := range v.Outlets {
		runs[source{queue.OutletID(o.ID), false}] = &burst{state: l.State, least: burstLeast, gapMs: burstGapMs}
		runs[source{queue.OutletID(o.ID), true}] = &burst{state: l.State, least: floodLeast, gapMs: floodGapMs}
	}
	seen := 0
	newest(l.State, func(t *queue.Ticket) bool {
		ago, _ := l.State.Elapsed(t.Issued, l.Now)
		goesOn := ago < burstMs
		for _, b := range runs {
			goesOn = goesOn || b.goesOn(t.Issued)
		}
		if b := runs[source{t.Asked, t.By.Kind == queue.ByReception}]; b != nil && !b.whole {
			b.add(t, ago)
		}
		seen++
		return goesOn && seen < burstLooksBack
	})
	for i := range v.Outlets {
		o := &v.Outlets[i]
		b := runs[source{queue.OutletID(o.ID), false}].taken()
		if b == nil {
			b = runs[source{queue.OutletID(o.ID), true}].taken()
		}
		if b == nil {
			continue
		}
		o.BurstAt = l.hour(l.at(b.last))
		for _, t := range slices.Backward(b.waiting) {
			o.Burst = append(o.Burst, t.ID.String())
			o.BurstNumbers, o.burst = append(o.BurstNumbers, t.Number.Text), append(o.burst, t.Number)
		}
	}
}

func (l Look) row(t *queue.Ticket) TicketRow {
	s := l.State
	r := TicketRow{
		Ticket: t.ID.String(), Number: t.Number.Text, Service: l.serviceOf(t),
		Issued: l.hour(l.State.TimeOf(t.Issued)), State: string(t.State), Words: l.tongue().TicketState(t.State),
		Class: l.tongue().Class(t.Class), Paper: l.tongue().Paper(t.Paper), Job: t.Job,
		Outlet: string(t.Outlet), From: l.tongue().Cause(t.By.Kind), Open: !t.State.Ended(),
		Shows:     !t.State.Ended() && t.Token != "",
		Return:    s.Returnable(t.ID, l.Now) == nil,
		Reinstate: t.Reinstatable(),
		Grant:     t.State == queue.Waiting && t.Class == queue.Ordinary,
		Withdraw:  t.State == queue.Waiting && t.Class == queue.Priority,
		Category:  string(t.Category),
		Planned:   l.planned(t),
	}
	if d, _, ok := s.Desk(t.Desk); ok {
		r.Desk = d.Label
	}
	switch {
	case t.EndUnseen():
		r.Why = l.tongue().Say("reception.unseen-end")
	case t.State == queue.Cancelled:
		r.Why = l.tongue().CancelReason(t.Why)
	case t.PaperWhy != "":
		r.Why = l.tongue().Fault(t.PaperWhy).What
	}
	r.Where = elsewhere(s, t)
	r.Reprint = r.Open && t.Paper != queue.PaperRequested
	return r
}
