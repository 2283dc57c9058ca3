package queue

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// aheadOf is how many would stand before a new ticket.
func (h *hall) aheadOf(service ServiceID, class Class) int {
	return h.state.aheadOfNew(service, class, 0, "", h.now)
}

// calledBefore lets desks take their next in turn, by commands, until a ticket
// is called, and counts those who were called before it: free desks first, then
// by their order, and those that have to open for it last.
func calledBefore(t rapid.TB, s *State, now Now, id TicketID) int {
	do := func(c Command) []Event {
		next, events, err := s.Step(now, c)
		if err != nil {
			t.Fatalf("%T: %v", c, err)
		}
		s = next
		return events
	}
	mine := s.Ticket(id)
	serves := func(d Desk) bool {
		i := s.deskIndex(d.ID)
		switch {
		case mine.Desk != "":
			return mine.Desk == d.ID
		default:
			return !d.BackOffice && slices.Contains(s.index.desks[i].served, s.serviceIndex(mine.Service))
		}
	}
	var free, busy, shut []DeskID
	called := false
	for _, d := range s.Setup().Desks {
		_, at, _ := s.Desk(d.ID)
		switch there := at.Open && !at.Paused && !s.PresumedAway(d.ID, now); {
		case !there && serves(d):
			shut = append(shut, d.ID)
		case !there:
		case at.Ticket == 0:
			free, called = append(free, d.ID), called || serves(d)
			if next, _, _ := s.Next(now, d.ID); next == id {
				return 0
			}
		default:
			busy, called = append(busy, d.ID), called || serves(d)
		}
	}
	turns := slices.Concat(free, busy)
	if !called {
		for _, d := range shut {
			do(OpenDesk{By: console(d), Desk: d})
		}
		turns = append(turns, shut...)
	}
	for n := 0; ; {
		was := n
		for _, d := range turns {
			_, at, _ := s.Desk(d)
			if t := s.Ticket(at.Ticket); t != nil && t.State == Called {
				// A NEXT so soon would be taken for a double click.
				do(StartService{By: console(d), Desk: d, Ticket: t.ID})
			}
			for _, e := range do(CallNext{By: console(d), Desk: d, Finishing: at.Ticket}) {
				if b, ok := e.Body.(TicketCalled); ok {
					if b.Ticket == id {
						return n
					}
					n++
				}
			}
		}
		if n == was {
			t.Fatalf("%s was never called; %d were", mine.Number.Text, n)
		}
	}
}

// anyOffice is an office whose desks serve this and that, by any discipline.
func anyOffice(r *rapid.T) Setup {
	setup := testSetup()
	setup.Series = []Series{{ID: "A", Letters: "A", First: 1, Last: 999, Width: 3}}
	setup.Services = nil
	services := []ServiceID{"s0", "s1", "s2", "s3"}
	for _, id := range services {
		setup.Services = append(setup.Services, Service{
			ID: id, Name: string(id), Series: "A", StandardShare: 0.9,
			StandardMs: rapid.SampledFrom([]int64{5, 10, 20}).Draw(r, "standard") * minute,
			MaxMs:      rapid.SampledFrom([]int64{0, 20 * minute}).Draw(r, "maximum"),
		})
	}
	setup.Desks = nil
	for i := range rapid.IntRange(1, 5).Draw(r, "desks") {
		order := rapid.Permutation(services).Draw(r, "profile")
		first := rapid.IntRange(1, 4).Draw(r, "first")
		help := rapid.IntRange(first, 4).Draw(r, "help")
		d := Desk{ID: DeskID(fmt.Sprint(i + 1)), Label: fmt.Sprint(i + 1), Profile: Profile{First: order[:first], Help: order[first:help]}}
		if i == 0 {
			d.Profile = Profile{First: order} // somebody serves everything
		}
		setup.Desks = append(setup.Desks, d)
	}
	setup.Rules.Discipline = rapid.SampledFrom([]Discipline{ByStandard, ByStandard, FirstCome, StrictProfile}).Draw(r, "discipline")
	setup.Rules.PriorityRatio = rapid.IntRange(1, 3).Draw(r, "ratio")
	setup.Rules.CallByNumber = true
	return setup
}

// TestExactlyThatManyAreCalledBefore: with no new arrivals, and desks that each
// take their next in turn, as many are called before a ticket as are told to be
// ahead of it, when it is issued and while it waits.
func TestExactlyThatManyAreCalledBefore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		setup := anyOffice(r)
		h := newHallOf(t, setup)
		desk := func() DeskID { return rapid.SampledFrom(setup.Desks).Draw(r, "desk").ID }
		service := func() ServiceID { return rapid.SampledFrom(setup.Services).Draw(r, "service").ID }
		for n := range rapid.IntRange(1, 60).Draw(r, "steps") {
			h.pass(rapid.SampledFrom([]int64{0, 0, second, minute, 4 * minute, 31 * minute}).Draw(r, "time"))
			var c Command
			switch d := desk(); rapid.IntRange(0, 15).Draw(r, "what") {
			case 0, 1:
				c = OpenDesk{By: console(d), Desk: d}
			case 2:
				c = CallNext{By: Cause{Kind: rapid.SampledFrom([]CauseKind{ByConsole, ByKeypad}).Draw(r, "by"), Device: string(d)}, Desk: d, Finishing: h.holds(d)}
			case 3:
				c = TransferTicket{
					By: console(d), From: d, Ticket: h.holds(d), Service: service(),
					Desk:  rapid.SampledFrom([]DeskID{"", d, desk()}).Draw(r, "to"),
					Place: rapid.SampledFrom([]Place{PlaceArrival, PlaceFront, PlaceBack}).Draw(r, "place"),
				}
			case 4:
				c = MarkNoShow{By: console(d), Desk: d, Ticket: h.holds(d)}
			case 5:
				for t := range h.state.Tickets() {
					if t.State == NoShow {
						c = ReturnTicket{By: Cause{Kind: ByReception}, Ticket: t.ID}
					}
				}
			case 6:
				c = BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{
					ID: AppointmentID(fmt.Sprint(n)), Service: service(), Desk: rapid.SampledFrom([]DeskID{"", d}).Draw(r, "at"),
					DueAt: h.state.OfficeTime(h.now) + rapid.SampledFrom([]int64{0, minute, 40 * minute}).Draw(r, "due"),
				}}
			case 7:
				for _, a := range h.state.Attendances() {
					if a.State == AttendanceExpected {
						c = CheckIn{By: Cause{Kind: ByReception}, Appointment: a.ID, Outlet: "list"}
					}
				}
			default:
				c = IssueTicket{
					By: Cause{Kind: ByReception}, Service: service(), Outlet: "list",
					Class: rapid.SampledFrom([]Class{Ordinary, Ordinary, Priority}).Draw(r, "class"),
				}
			}
			if c == nil {
				continue
			}
			events, err := h.step(c)
			if err != nil {
				continue
			}
			for _, e := range events {
				if b, ok := e.Body.(TicketIssued); ok {
					if now := h.state.Ahead(b.Ticket, h.now); b.Ahead != now {
						r.Fatalf("%s was told %d, and then %d", b.Number.Text, b.Ahead, now)
					}
				}
			}
		}
		early := setup.Rules.appointmentEarlyMs()
		for x := range h.state.Tickets() {
			notDue := x.Class == Appointment && !x.returning && x.DueAt-early > h.state.OfficeTime(h.now)
			if x.State != Waiting || notDue {
				continue
			}
			if got, want := h.state.Ahead(x.ID, h.now), calledBefore(r, h.state, h.now, x.ID); got != want {
				r.Fatalf("%s is told %d, and %d are called before it", x.Number.Text, got, want)
			}
		}
	})
}

// The reference office's worst day: whoever comes for something quick does not
// stand behind the queue for identity cards, which its desks do not serve.
func TestAnotherQueueIsNotAhead(t *testing.T) {
	setup := testSetup()
	setup.Series[1].Last = 99
	h := newHallOf(t, setup)
	h.open("1", "3")
	for range 13 {
		h.issue("cie")
	}
	h.next("3")
	if n := h.issue("anagrafe").Ahead; n != 0 {
		t.Errorf("%d ahead of who is next at a free desk", n)
	}
	h.issue("anagrafe")
	// Desk 1 is free for the first, and then each takes one in turn.
	if n := h.issue("anagrafe").Ahead; n != 4 {
		t.Errorf("%d ahead, want two at desk 1 and two at desk 3 meanwhile", n)
	}
}

// An appointment that is not due is ahead of nobody, and its holder hears of
// those only who will be due before.
func TestAppointmentsNotDueAreNotAhead(t *testing.T) {
	h := newHall(t)
	h.open("1")
	booked := func(id AppointmentID, in int64) *Ticket {
		h.do(BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{ID: id, Service: "anagrafe", DueAt: h.state.OfficeTime(h.now) + in}})
		h.do(CheckIn{By: Cause{Kind: ByReception}, Appointment: id, Outlet: "list"})
		return h.state.Ticket(ticketID(1, h.state.tickets.len()))
	}
	late := booked("a", 40*minute)
	if n := h.issue("anagrafe").Ahead; n != 0 {
		t.Errorf("%d ahead while the appointment is not due", n)
	}
	soon := booked("b", 20*minute)
	h.issue("anagrafe")
	if a, b := h.state.Ahead(soon.ID, h.now), h.state.Ahead(late.ID, h.now); a != 0 || b != 1 {
		t.Errorf("%d and %d ahead of two appointments, want 0 and 1", a, b)
	}
	h.pass(19 * minute)
	if n := h.issue("anagrafe").Ahead; n != 3 {
		t.Errorf("%d ahead, want two and one appointment that is due", n)
	}
}

// More than may be counted is told as that, whoever waits behind.
func TestThereIsAMostAhead(t *testing.T) {
	for _, discipline := range []Discipline{ByStandard, FirstCome, StrictProfile} {
		setup := testSetup()
		setup.Series[0].Last = 9999
		setup.Services[1].DayCap = 0
		setup.Rules.Discipline = discipline
		h := newHallOf(t, setup)
		h.open("1")
		var last *Ticket
		for range AheadMost + 40 {
			last = h.issue("tributi")
			h.pass(1)
		}
		if n := h.state.Ahead(last.ID, h.now); last.Ahead != AheadMost+1 || n != AheadMost+1 {
			t.Errorf("%q: %d and %d ahead", discipline, last.Ahead, n)
		}
		for range 39 {
			h.next("1")
		}
		if n := h.state.Ahead(last.ID, h.now); n != AheadMost {
			t.Errorf("%q: %d ahead, want the most", discipline, n)
		}
	}
}
