package queue

import (
	"errors"
	"slices"

	"pgregory.net/rapid"
)

// anyRule is a command that a manager or the reception gives about the office
// as a whole.
func anyRule(r *rapid.T, h *hall, by Cause, service ServiceID) Command {
	why := rapid.SampledFrom([]string{"", "alarm", WhyLastTicket, "Mario Rossi"}).Draw(r, "why")
	switch rapid.IntRange(0, 19).Draw(r, "rule") {
	case 0:
		return SuspendOffice{By: by, Why: why}
	case 1, 2:
		return ResumeOffice{By: by}
	case 3:
		return StopService{By: by, Service: service, Why: why}
	case 4, 5:
		return ReopenService{By: by, Service: service}
	case 6:
		return RestartSeries{
			By: by, Series: rapid.SampledFrom([]SeriesID{"A", "C", "Z"}).Draw(r, "series"),
			From: rapid.IntRange(0, 8).Draw(r, "from"), Next: rapid.IntRange(0, 3).Draw(r, "next"), Again: rapid.Bool().Draw(r, "again"),
		}
	case 7, 8:
		return GrantPriority{By: by, Ticket: anyTicket(r, h, "1")}
	case 9:
		return WithdrawPriority{By: by, Ticket: anyTicket(r, h, "1")}
	case 10:
		return SetCategory{By: by, Ticket: anyTicket(r, h, "1"), Category: rapid.SampledFrom([]Category{"", CategoryFirm, CategoryBody, "party"}).Draw(r, "category")}
	case 11, 12:
		return SetHallCapacity{By: by, People: rapid.SampledFrom([]int{0, 0, 3, 6, -1}).Draw(r, "people")}
	case 13:
		return PostMessage{By: by, Message: Message{
			ID:    rapid.SampledFrom([]MessageID{"m1", "m2", "m3", "m4", "m5", ""}).Draw(r, "message"),
			Texts: map[Language]string{"it": rapid.SampledFrom([]string{"si chiude", "a\nb", ""}).Draw(r, "text")},
			Until: rapid.SampledFrom([]int64{0, h.state.OfficeTime(h.now) + hour, 1}).Draw(r, "until"),
		}}
	case 14:
		return WithdrawMessage{By: by, Message: rapid.SampledFrom([]MessageID{"m1", "m2", "m3"}).Draw(r, "message")}
	case 15:
		return ReserveBlock{By: by, Service: service, Count: rapid.SampledFrom([]int{20, 23, 50, 5}).Draw(r, "count"), Code: rapid.SampledFrom([]string{"AAAA", "BBBB", "CCCC", "d"}).Draw(r, "code")}
	case 16, 17, 18:
		c := AdmitReserved{By: by, Number: rapid.SampledFrom([]string{"A001", "A002", "A003", "A005", "A008", "C01", "A021"}).Draw(r, "number"), Class: rapid.SampledFrom([]Class{"", "", Priority, "vip"}).Draw(r, "class")}
		if blocks := h.state.Blocks(); len(blocks) > 0 && rapid.Bool().Draw(r, "of a block") {
			c.Number = rapid.SampledFrom(h.state.BlockNumbers(blocks[len(blocks)-1])).Draw(r, "reserved").Text
		}
		c.HandedAt = rapid.SampledFrom([]int64{0, 0, h.state.OfficeTime(h.now), h.state.OfficeTime(h.now) - 90*second, h.state.OfficeTime(h.now) - hour}).Draw(r, "handed")
		return c
	default:
		return RecordContact{
			By: by, Contact: rapid.SampledFrom([]Contact{ContactForms, ContactComplaint, ContactInformation, ContactRegistration, "tea"}).Draw(r, "contact"),
			Request: rapid.SampledFrom([]string{"", "c1", "c2", "\xff"}).Draw(r, "request"),
		}
	}
}

// anyRules draws what an office may set about its services.
func anyRules(r *rapid.T, s *Setup) {
	for i := range s.Services {
		x := &s.Services[i]
		x.LastTicket = rapid.Bool().Draw(r, "last ticket")
		x.AppointmentsOnly = rapid.IntRange(0, 5).Draw(r, "appointments only") == 0
		if rapid.IntRange(0, 3).Draw(r, "bounded") == 0 {
			x.Quota, x.DayCap = rapid.IntRange(0, 4).Draw(r, "quota"), rapid.IntRange(0, 4).Draw(r, "cap")
		}
	}
	if rapid.IntRange(0, 2).Draw(r, "ranges") == 0 {
		s.Series[0].Ranges = []Range{{2, 4}, {6, 9}}
	}
}

// anyMoments draws when a day stops this or that.
func anyMoments(r *rapid.T, p DayPlan) DayPlan {
	p = p.copied()
	if rapid.Bool().Draw(r, "break") && len(p.Bands) == 1 {
		noon := p.Begins + 12*hour
		whole := p.Bands[0]
		p.Bands = []Band{{Opens: whole.Opens, Closes: noon}, {Opens: noon + hour, Closes: whole.Closes}}
		if rapid.Bool().Draw(r, "break expires") {
			p.BreakExpiries = []int64{noon + minute}
		}
	}
	for i := range p.Bands {
		b := &p.Bands[i]
		b.StopIssue = rapid.SampledFrom([]int64{0, b.Closes - 15*minute}).Draw(r, "stop issue")
		if rapid.IntRange(0, 3).Draw(r, "caps") == 0 {
			b.Caps = []Cap{{Service: "cie", Most: rapid.IntRange(0, 4).Draw(r, "most")}}
		}
	}
	p.StopCalls = rapid.SampledFrom([]int64{0, p.Begins + 16*hour}).Draw(r, "stop calls")
	return p
}

// checkRules holds what happened against the rules of the office: whatever was
// done, nothing was issued or called that it forbids.
func checkRules(r *rapid.T, before *State, events []Event) {
	s := before
	for _, e := range events {
		_, suspended := s.Suspended()
		switch b := e.Body.(type) {
		case TicketIssued:
			service, _ := s.Service(b.Service)
			i := s.serviceIndex(b.Service)
			stop, stopped := s.ServiceStop(b.Service, e.At)
			switch {
			case suspended:
				r.Fatalf("%s was issued while the office was suspended", b.Number.Text)
			case b.Class == Appointment, b.Block != "":
			case service.AppointmentsOnly && b.Appointment == "":
				r.Fatalf("%s was issued without an appointment", b.Number.Text)
			case s.HallFull():
				r.Fatalf("%s was issued for a hall that is full", b.Number.Text)
			case stopped && (b.Class == Ordinary || stop.Why != WhyLastTicket):
				r.Fatalf("%s was issued for a service that is stopped: %+v", b.Number.Text, stop)
			case service.DayCap > 0 && s.issued[i] >= service.DayCap:
				r.Fatalf("%s is beyond the cap of %d a day", b.Number.Text, service.DayCap)
			case service.Quota > 0 && s.used[i]+s.issued[i] >= service.Quota:
				r.Fatalf("%s is beyond the quota of %d", b.Number.Text, service.Quota)
			}
			if !s.ClockDoubtful(e.At) && !s.plan.Provisional && b.Class != Appointment && b.Block == "" {
				checkBand(r, s, e, b)
			}
		case TicketIssuedAtDesk:
			if refused := s.MayIssue(b.Service, Ordinary, e.At); refused != nil && !errors.Is(refused, ErrHallFull) {
				r.Fatalf("%s was issued at a desk: %v", b.Number.Text, refused)
			}
			if _, desk, _ := s.Desk(b.Desk); !desk.Open || desk.Paused || desk.Ticket != 0 || s.CallsStopped(e.At) {
				r.Fatalf("%s was issued at a desk that is %+v", b.Number.Text, desk)
			}
		case TicketCalled:
			if suspended || s.CallsStopped(e.At) {
				r.Fatalf("%d was called, suspended %v, calls stopped %v", b.Ticket, suspended, s.CallsStopped(e.At))
			}
		case DayOpened:
			for _, u := range b.Used {
				if i := s.serviceIndex(u.Service); i < 0 || u.Tickets != s.used[i]+s.issued[i] {
					r.Fatalf("the day says that %+v were used", u)
				}
			}
		case DayRedated:
			now := s.OfficeTime(e.At)
			began, late := s.Began(e.At)
			late = late && began >= b.Plan.Begins && began < b.Plan.Ends && closes(events, e.Seq)
			if now < b.Plan.Begins || now >= b.Plan.Ends && !late || b.Plan.Provisional {
				r.Fatalf("the day got the plan %+v at %d", b.Plan, now)
			}
		case TicketExpired:
			if t := s.Ticket(b.Ticket); t.State == Called || t.State == Serving {
				r.Fatalf("%s expired at a desk", t.Number.Text)
			}
		}
		s = s.Apply(e)
	}
	if s.index != nil && s.NeedsDay(s.now) && len(events) > 0 {
		if last, ok := events[len(events)-1].Body.(DayRedated); ok {
			r.Fatalf("a day that was just given the date %s needs another", last.Date)
		}
	}
}

// closes tells whether the day is closed by what was decided with an event.
func closes(events []Event, after uint64) bool {
	return slices.ContainsFunc(events, func(e Event) bool {
		_, closed := e.Body.(DayClosed)
		return closed && e.Seq > after
	})
}

// checkBand: a ticket is issued in a band that gives tickets and has some left.
func checkBand(r *rapid.T, s *State, e Event, b TicketIssued) {
	at := s.OfficeTime(e.At)
	for _, band := range s.plan.Bands {
		if !band.Covers(at, b.Service) {
			continue
		}
		given := 0
		for t := range s.Tickets() {
			if issued := s.TimeOf(t.Issued); t.Periods[0].Service == b.Service && issued >= band.Opens && issued < band.Closes {
				given++
			}
		}
		if most, capped := band.cap(b.Service); !capped || given < most {
			return
		}
	}
	r.Fatalf("%s was issued at %d, when no band of %+v gives one", b.Number.Text, at, s.plan)
}
