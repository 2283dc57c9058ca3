package bridge

import (
	"slices"
	"testing"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
)

func (r rig) wantLights(t *testing.T, when, lamp string, want ...device.Light) {
	t.Helper()
	if got := r.lamps.of(lamp); !slices.Equal(got, want) {
		t.Errorf("%s lamp %s showed %v, want %v", when, lamp, got, want)
	}
}

// TestButtonLamp walks the lamp beside a button through a day.
func TestButtonLamp(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		const off, ready, busy, fault, beep = device.LightOff, device.LightReady, device.LightBusy, device.LightFault, device.LightBeep
		r.wantLights(t, "at first", "b1", ready)
		r.press("b1")
		r.pause(1400 * time.Millisecond)
		rested := r.lamps.of("b1")
		slices.Sort(rested) // The beep and the wait are of different hands.
		if !slices.Equal(rested, []device.Light{busy, beep}) {
			t.Errorf("after a press the lamp showed %v, want a beep and busy", rested)
		}
		r.pause(200 * time.Millisecond)
		r.wantLights(t, "rested,", "b1", ready)

		by := queue.Cause{Kind: queue.ByManager}
		r.do(t, queue.SuspendOffice{By: by, Why: "alarm"})
		r.wantLights(t, "suspended,", "b1", off)
		r.do(t, queue.ResumeOffice{By: by})
		r.wantLights(t, "resumed,", "b1", ready)
		r.do(t, queue.StopService{By: by, Service: "anagrafe", Why: "manager"})
		r.wantLights(t, "stopped,", "b1", off)
		r.do(t, queue.ReopenService{By: by, Service: "anagrafe"})
		r.wantLights(t, "reopened,", "b1", ready)

		r.printer.set(device.Status{State: device.StateStopped, Faults: []device.Fault{device.FaultPaperOut}})
		r.pause(6 * time.Second)
		r.wantLights(t, "without paper,", "b1", fault)
		r.printer.set(device.Status{State: device.StateReady})
		r.pause(6 * time.Second)
		r.wantLights(t, "with paper,", "b1", ready)

		state, _ := r.office.Watch()
		closed := r.office.Now()
		closed.Wall += 36_000_000
		closed.Mono += 36_000_000
		if got := lightOf(state, closed, "b1", Button{Service: "anagrafe", Outlet: "atrio"}); got != off {
			t.Errorf("after closing the lamp shows %v", got)
		}
		if got := lightOf(state, r.office.Now(), "b1", Button{Service: "no such", Outlet: "atrio"}); got != fault {
			t.Errorf("the lamp of a button that the office does not know shows %v", got)
		}
	})
}

// TestButtonLampBehind: a printer with three tickets in front of it is worth a
// moment's wait, not a way home.
func TestButtonLampBehind(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		for range 3 {
			r.do(t, queue.IssueTicket{By: queue.Cause{Kind: queue.ByReception}, Service: "cie", Outlet: "atrio"})
		}
		if got := r.lamps.of("b1"); got[len(got)-1] != device.LightBusy {
			t.Errorf("with three tickets unprinted the lamp showed %v", got)
		}
		r.pause(4 * time.Second)
		r.wantLights(t, "with the tickets printed,", "b1", device.LightReady)
	})
}

// TestBell walks the lamp of a desk through the comings and goings of clerk and
// citizens.
func TestBell(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		const lamp, off, ready, beep = "campanello", device.LightOff, device.LightReady, device.LightBeep
		r.wantLights(t, "at first,", lamp, off)
		r.press("b1")
		r.wantLights(t, "while the desk is closed,", lamp)
		by := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
		r.do(t, queue.OpenDesk{By: by, Desk: "s1"})
		r.wantLights(t, "opening with one waiting,", lamp, ready)
		r.pause(2 * time.Second)
		r.do(t, queue.CallNext{By: by, Desk: "s1"})
		r.wantLights(t, "after the call,", lamp, off)
		r.press("b1")
		r.pause(time.Minute)
		r.wantLights(t, "while the desk serves,", lamp)
		called := r.ticket("A001").ID
		r.do(t, queue.FinishTicket{By: by, Desk: "s1", Ticket: called})
		r.wantLights(t, "finished, with one waiting,", lamp, ready)
		r.do(t, queue.CallNext{By: by, Desk: "s1"})
		r.do(t, queue.FinishTicket{By: by, Desk: "s1", Ticket: r.ticket("A002").ID})
		r.wantLights(t, "with nobody waiting,", lamp, off)

		r.press("b1")
		r.wantLights(t, "when the first person comes,", lamp, ready, beep)
		r.pause(2 * time.Second)
		r.press("b2")
		r.wantLights(t, "when a second one comes,", lamp)
		r.do(t, queue.CancelTickets{By: by, Tickets: []queue.TicketID{r.ticket("A003").ID, r.ticket("C500").ID}, Why: "mistake"})
		r.wantLights(t, "when nobody waits any more,", lamp, off)

		r.do(t, queue.PauseDesk{By: by, Desk: "s1"})
		r.press("b1")
		r.wantLights(t, "on a break,", lamp)
		r.do(t, queue.OpenDesk{By: by, Desk: "s1"})
		r.wantLights(t, "back from it,", lamp, ready)
		r.do(t, queue.SuspendOffice{By: by, Why: "alarm"})
		r.wantLights(t, "suspended,", lamp, off)
		r.do(t, queue.ResumeOffice{By: by})
		r.wantLights(t, "resumed,", lamp, ready)
	})
}
