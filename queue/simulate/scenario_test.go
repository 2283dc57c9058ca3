package simulate

import (
	"slices"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/office"
)

// An arrival is who asked for what, and when.
type arrival struct {
	at      int64
	service queue.ServiceID
	class   queue.Class
}

// period lives the reference period in one office.
func period(t *testing.T, setup queue.Setup, staff int) (*Counts, []arrival) {
	t.Helper()
	to, visits := periodTo, periodVisits
	if raced {
		to, visits = periodFrom.AddDays(6), periodVisits*5/periodOpenDays
	}
	w, err := Period(setup, Options{Seed: 1, Staff: staff, Paper: DefaultPaper()}, periodFrom, to, visits)
	if err != nil {
		t.Fatal(err)
	}
	l := live(t, setup, w, 0, nil)
	for _, v := range check(l.events, l.state) {
		t.Error(v)
	}
	var all []arrival
	for _, e := range l.events {
		if b, ok := e.Body.(queue.TicketIssued); ok {
			all = append(all, arrival{e.At.Wall, b.Service, b.Class})
		}
	}
	return l.counts, all
}

// The office before, each desk bound to one subject, and after, with the very
// same people at the very same minutes. The published figures are two
// different populations: everybody's mean wait before, about 20 minutes, and
// that of the hour 11-12 after, about 9. Before needs one clerk more to come
// near its figure: with fifteen clerks every other shift has a single one for
// Anagrafe, and people give up.
func TestBeforeAndAfter(t *testing.T) {
	t.Parallel() // one goroutine for most of a minute
	after, came := period(t, office.Reference(), 0)
	for _, staff := range []int{15, 16} {
		before, cameBefore := period(t, office.Before(), staff)
		if !slices.Equal(came, cameBefore) {
			t.Fatal("other people came to the office before than to the office after")
		}
		t.Logf("before, %d clerks: mean wait %.1f min (n %d), 11-12 %.1f min (n %d); %d no-shows, %d expired, at most %d desks open",
			staff, before.FirstWaits.Minutes(), before.FirstWaits.N, before.FirstWaitsByHour[11].Minutes(), before.FirstWaitsByHour[11].N,
			before.NoShows, before.Expired, before.MostOpen)
		if raced {
			continue // a week is no mean
		}
		if before.FirstWaits.Minutes() < 2*after.FirstWaits.Minutes() {
			t.Errorf("with %d clerks the mean wait was %.1f minutes before and is %.1f after; the change is worth more", staff, before.FirstWaits.Minutes(), after.FirstWaits.Minutes())
		}
		if m := before.FirstWaits.Minutes(); staff == 16 && (m < 17 || m > 23) {
			t.Errorf("mean wait before is %.1f minutes, want about 20", m)
		}
	}
	t.Logf("after, 15 clerks: mean wait %.1f min (n %d), 11-12 %.1f min (n %d); %d no-shows, %d expired, at most %d desks open",
		after.FirstWaits.Minutes(), after.FirstWaits.N, after.FirstWaitsByHour[11].Minutes(), after.FirstWaitsByHour[11].N,
		after.NoShows, after.Expired, after.MostOpen)
	if m := after.FirstWaitsByHour[11].Minutes(); !raced && (m < 8 || m > 10) {
		t.Errorf("mean wait 11-12 after is %.1f minutes, want about 9", m)
	}
}

// A multi-function desk never gets a ticket for an identity card, and a desk
// for those takes quick procedures only when no card waits.
func TestHelpOutDesks(t *testing.T) {
	setup := office.Reference()
	setup.Rules.CallByNumber = false
	group := map[queue.DeskID]queue.GroupID{}
	for _, d := range setup.Desks {
		group[d.ID] = d.Group
	}
	services, cards := map[queue.TicketID]queue.ServiceID{}, map[queue.TicketID]bool{}
	helped, own := 0, 0
	out := try(t, Trial{Setup: setup, Options: Options{Seed: 5}, Days: days(t, 60, 8), Sink: func(events []queue.Event) error {
		for _, e := range events {
			switch b := e.Body.(type) {
			case queue.TicketIssued:
				// An appointment waits for its time.
				services[b.Ticket], cards[b.Ticket] = b.Service, b.Service == "cie" && b.Class != queue.Appointment
			case queue.TicketIssuedAtDesk:
				services[b.Ticket] = b.Service
			case queue.TicketTransferred:
				services[b.Ticket], cards[b.Ticket] = b.Service, b.Service == "cie" && b.Desk == ""
			case queue.TicketResumed:
				cards[b.Ticket] = b.Desk == "" && services[b.Ticket] == "cie"
			case queue.CallUndone:
				cards[b.Ticket] = services[b.Ticket] == "cie"
			case queue.TicketPutBack:
				cards[b.Ticket] = services[b.Ticket] == "cie"
			case queue.TicketCancelled:
				delete(cards, b.Ticket)
			case queue.TicketExpired:
				delete(cards, b.Ticket)
			case queue.TicketCalled:
				delete(cards, b.Ticket)
				service := services[b.Ticket]
				if b.Reason.Rule == queue.RuleTransferred {
					continue
				}
				switch group[b.Desk] {
				case "polifunzionali":
					if service == "cie" {
						t.Errorf("event %d: desk %s called an identity card", e.Seq, b.Desk)
					}
				case "cie":
					own++
					if service == "cie" {
						continue
					}
					helped++
					for id, waits := range cards {
						if waits && id.Day() == b.Ticket.Day() {
							t.Errorf("event %d: desk %s helped out with %s while ticket %d waited for a card", e.Seq, b.Desk, service, id)
						}
					}
					if service != "veloci" {
						t.Errorf("event %d: desk %s helped out with %s", e.Seq, b.Desk, service)
					}
				}
			}
		}
		return nil
	}})
	for _, v := range out.Violations {
		t.Error(v)
	}
	if helped == 0 {
		t.Error("no desk helped out in 60 days")
	}
	t.Logf("the desks for identity cards called %d, of which %d quick procedures", own, helped)
}

// On Saturdays fewer services are open, at fewer desks.
func TestSaturdays(t *testing.T) {
	setup := office.Reference()
	open := []queue.ServiceID{"anagrafe", "stato-civile", "cie", "veloci"}
	saturday, saturdays, visits := false, 0, 0
	most, desks := 0, map[queue.DeskID]bool{}
	out := try(t, Trial{Setup: setup, Options: Options{Seed: 8}, Days: days(t, 60, 8), Sink: func(events []queue.Event) error {
		for _, e := range events {
			switch b := e.Body.(type) {
			case queue.DayOpened:
				date, err := calendar.ParseDate(b.Plan.Date)
				if err != nil {
					t.Fatal(err)
				}
				if saturday = date.Weekday() == time.Saturday; saturday {
					saturdays++
				}
				desks = map[queue.DeskID]bool{}
			case queue.DeskOpened:
				if desks[b.Desk] = true; saturday {
					most = max(most, len(desks))
				}
			case queue.DeskClosed:
				delete(desks, b.Desk)
			case queue.TicketIssued:
				if !saturday {
					continue
				}
				visits++
				if !slices.Contains(open, b.Service) {
					t.Errorf("event %d: a ticket for %s on a Saturday", e.Seq, b.Service)
				}
			}
		}
		return nil
	}})
	for _, v := range out.Violations {
		t.Error(v)
	}
	if saturdays < days(t, 9, 1) || visits == 0 || most > 5 || most == 0 {
		t.Errorf("%d Saturdays with %d visits at up to %d desks, want at most 5", saturdays, visits, most)
	}
	t.Logf("%d Saturdays: %d visits, at most %d desks open; all days at most %d", saturdays, visits, most, out.Counts.MostOpen)
}

// On an election day, a Sunday, the office opens long hours for identity and
// electoral cards alone.
func TestElectionDay(t *testing.T) {
	setup := office.Reference()
	cards := []queue.ServiceID{"cie", "elettorale"}
	setup.Hours.Exceptions = append(setup.Hours.Exceptions, queue.Exception{
		Date: "2026-06-14", Why: "Elezioni", Bands: []queue.WeekBand{{Open: "07:00", Close: "23:00", Services: cards}},
	})
	asked, expired := map[queue.ServiceID]int{}, 0
	from := at(t, "2026-06-14 00:00")
	out := try(t, Trial{Setup: setup, Options: Options{Seed: 3, From: from}, Days: 1, Sink: func(events []queue.Event) error {
		for _, e := range events {
			switch b := e.Body.(type) {
			case queue.TicketIssued:
				asked[b.Service]++
				if e.At.Wall < from+7*hourMs || e.At.Wall >= from+23*hourMs {
					t.Errorf("a ticket at %s", time.UnixMilli(e.At.Wall))
				}
			case queue.TicketExpired:
				expired++
			}
		}
		return nil
	}})
	for _, v := range out.Violations {
		t.Error(v)
	}
	if len(asked) != 2 || asked["cie"] == 0 || asked["elettorale"] == 0 {
		t.Errorf("visits by service are %v, want identity and electoral cards", asked)
	}
	if out.Counts.Days != 1 {
		t.Errorf("%d days, want the Sunday alone", out.Counts.Days)
	}
	// The core refuses what the door would: the other services are closed.
	w, err := New(setup, Options{Seed: 3, From: from, Paper: DefaultPaper()})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCore(setup, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(w, from+10*hourMs); err != nil {
		t.Fatal(err)
	}
	for _, s := range setup.Services {
		_, _, err := c.Do(c.Now(), queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: s.ID, Outlet: "accoglienza"})
		if open := slices.Contains(cards, s.ID); open != (err == nil) {
			t.Errorf("a ticket for %s: %v", s.ID, err)
		}
	}
	t.Logf("election day: visits %v, mean wait %.1f min (n %d), expired %d", asked, out.Counts.FirstWaits.Minutes(), out.Counts.FirstWaits.N, expired)
}
