package view

import (
	"errors"
	"slices"
	"testing"

	"eliminacode/queue"
)

// publish lets everybody know the waits of services.
func (o *exampleOffice) publish(services ...queue.ServiceID) {
	o.t.Helper()
	setup := o.state.Setup()
	setup.Services = slices.Clone(setup.Services)
	for i := range setup.Services {
		setup.Services[i].Published = slices.Contains(services, setup.Services[i].ID)
	}
	o.do(queue.ChangeSetup{Setup: setup})
}

func (o *exampleOffice) figures(t *testing.T) map[string]OpenService {
	t.Helper()
	v, ok := o.look().Open()
	if !ok {
		t.Fatal("nothing is published")
	}
	all := map[string]OpenService{}
	for _, x := range v.Services {
		all[x.ID] = x
	}
	return all
}

func TestNothingIsPublishedUnlessTheOfficeSaysSo(t *testing.T) {
	o := newExample(t)
	if v, ok := o.look().Open(); ok || len(v.Services) != 0 {
		t.Errorf("published: %+v", v)
	}
	o.publish("cie")
	if all := o.figures(t); len(all) != 1 || all["cie"].Name != "Carta d'identità" {
		t.Errorf("published: %+v", all)
	}
}

// One or two who wait are not counted for everybody.
func TestFewWhoWaitAreNotCounted(t *testing.T) {
	o := newExample(t)
	o.publish("cie")
	for n := range 4 {
		got := o.figures(t)["cie"].Waiting
		if n < 3 && got != nil || n >= 3 && (got == nil || *got != n) {
			t.Errorf("%d wait, and %v is published", n, got)
		}
		o.do(queue.IssueTicket{Service: "cie", Outlet: "accoglienza", By: queue.Cause{Kind: queue.ByReception}})
		for paper := range o.state.UnsettledPapers() {
			o.do(queue.ReportPaper{Ticket: paper.ID, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
		}
		o.ms += 5_000
	}
}

// The figures follow the desks and the calls, and say why a service is closed.
func TestPublishedFiguresFollowTheOffice(t *testing.T) {
	o := newExample(t)
	o.publish("anagrafe", "cie")
	if x := o.figures(t)["cie"]; x.Desks != 0 || x.LastCalled != "" || x.Status != StatusOpen || x.Note != "" {
		t.Errorf("before anybody came: %+v", x)
	}
	o.do(queue.IssueTicket{
		Service: "cie", Outlet: "accoglienza", By: queue.Cause{Kind: queue.ByReception}, Promise: queue.Promise{FromMs: 600_000, ToMs: 900_000},
	})
	if x := o.figures(t)["cie"]; !slices.Equal(x.EstimateMinutes, []int{10, 15}) {
		t.Errorf("the estimate is %v", x.EstimateMinutes)
	}
	o.do(queue.OpenDesk{Desk: "s2", By: queue.Cause{Kind: queue.ByConsole}})
	o.do(queue.CallNext{Desk: "s2", By: queue.Cause{Kind: queue.ByConsole}})
	if x := o.figures(t)["cie"]; x.Desks != 1 || x.LastCalled != "B001" || x.EstimateMinutes != nil {
		t.Errorf("after a call: %+v", x)
	}
	_, now, _ := o.state.Desk("s2")
	o.do(queue.FinishTicket{Desk: "s2", Ticket: now.Ticket, By: queue.Cause{Kind: queue.ByConsole}})
	o.do(queue.PauseDesk{Desk: "s2", By: queue.Cause{Kind: queue.ByConsole}})
	if x := o.figures(t)["cie"]; x.Desks != 0 {
		t.Errorf("while the desk rests: %+v", x)
	}
	o.do(queue.SuspendOffice{Why: "alarm"})
	if x := o.figures(t)["cie"]; x.Status != StatusSuspended || x.Note == "" {
		t.Errorf("while the office is suspended: %+v", x)
	}
	o.do(queue.ResumeOffice{})
	o.ms = 13*3_600_000 + 60_000
	if x := o.figures(t)["cie"]; x.Status != StatusClosed || x.Note == "" {
		t.Errorf("in the midday break: %+v", x)
	}
}

// What nobody is given a ticket for is not told as open, whatever the reason.
func TestWhatGivesNoTicketIsNotPublishedAsOpen(t *testing.T) {
	setUp := func(change func(x *queue.Setup, cie *queue.Service)) func(o *exampleOffice) {
		return func(o *exampleOffice) {
			setup := o.state.Setup()
			setup.Services = slices.Clone(setup.Services)
			for i := range setup.Services {
				if setup.Services[i].ID == "cie" {
					change(&setup, &setup.Services[i])
				}
			}
			o.do(queue.ChangeSetup{Setup: setup})
		}
	}
	issue := func(o *exampleOffice) {
		o.do(queue.IssueTicket{Service: "cie", Outlet: "accoglienza", By: queue.Cause{Kind: queue.ByReception}})
		o.ms += 5_000
	}
	for _, c := range []struct {
		name, status string
		err          error
		happens      func(o *exampleOffice)
	}{
		{"it was stopped", StatusSuspended, queue.ErrServiceStopped, func(o *exampleOffice) { o.do(queue.StopService{Service: "cie", Why: queue.StopReasons[0]}) }},
		{"the hall is full", StatusSuspended, queue.ErrHallFull, func(o *exampleOffice) {
			setUp(func(x *queue.Setup, _ *queue.Service) { x.Rules.HallCapacity = 1 })(o)
			issue(o)
		}},
		{"it is by appointment", StatusClosed, queue.ErrAppointmentsOnly, setUp(func(_ *queue.Setup, cie *queue.Service) { cie.AppointmentsOnly = true })},
		{"the day's tickets have run out", StatusClosed, queue.ErrDayCapReached, func(o *exampleOffice) {
			setUp(func(_ *queue.Setup, cie *queue.Service) { cie.DayCap = 1 })(o)
			issue(o)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newExample(t)
			o.publish("cie")
			c.happens(o)
			if err := o.state.MayIssue("cie", queue.Ordinary, o.look().Now); !errors.Is(err, c.err) {
				t.Fatalf("a ticket is refused with %v, want %v", err, c.err)
			}
			if x := o.figures(t)["cie"]; x.Status != c.status || x.Note == "" {
				t.Errorf("published: %s, %q; want %s with the reason", x.Status, x.Note, c.status)
			}
		})
	}
}

// TestABackOfficeIsNotOpenToThePublic: a desk that calls nobody from the queue is not
// among those that serve it.
func TestABackOfficeIsNotOpenToThePublic(t *testing.T) {
	o := newExample(t)
	o.publish("cie")
	for _, desk := range []queue.DeskID{"s1", "s2"} {
		o.do(queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: desk})
	}
	before := o.figures(t)["cie"].Desks
	setup := o.state.Setup()
	setup.Desks = slices.Clone(setup.Desks)
	setup.Desks[1].BackOffice = true
	o.do(queue.ChangeSetup{Setup: setup})
	if after := o.figures(t)["cie"].Desks; before == 0 || after != before-1 {
		t.Errorf("%d desks with a back office, %d without", after, before)
	}
}
