package display

import (
	"net/http"
	"strings"
	"testing"

	"eliminacode/queue"
)

// TestNobodyIsToldThatADoneThingIsDoneAgain: what was done before, and has come to an end
// since, is told as what it is, on the pages and by the API: the number, its state, and
// what to do.
func TestNobodyIsToldThatADoneThingIsDoneAgain(t *testing.T) {
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	u := &surfer{t: t, s: s}
	act := func(path string, f fields) answer {
		t.Helper()
		status, a := command(t, s, path, f)
		if status >= http.StatusBadRequest {
			t.Fatalf("%s: %d", path, status)
		}
		return a
	}
	refused := func(path, body, language string, says ...string) {
		t.Helper()
		status, _, text := ask(t, request(t, "POST", s.url+path, body, "Content-Type", "application/json", "Accept-Language", language))
		for _, said := range append(says, `"code":"wrong-state"`) {
			if status != http.StatusConflict || !strings.Contains(text, said) {
				t.Errorf("%s %s: %d %s, want %q", path, body, status, text, said)
			}
		}
	}
	reserved := act("/api/v1/blocks/reserve", fields{"service": "anagrafe", "count": "20", "code": "K7QX"})
	if reserved.Code != "reserved" {
		t.Fatal(reserved)
	}
	admitted := act("/api/v1/blocks/admit", fields{"number": "A003"})
	if again := act("/api/v1/blocks/admit", fields{"number": "A003"}); again.Code != "admitted-before" || !strings.HasPrefix(again.Say, "A003: Era già in attesa") {
		t.Errorf("called in again: %+v", again)
	}
	act("/api/v1/reception/cancel", fields{"ticket": admitted.Ticket.ID, "why": "citizen"})
	refused("/api/v1/blocks/admit", `{"number":"A003"}`, "it", "A003 è annullato e non è stato fatto nulla", "«Ripristina»")
	refused("/api/v1/blocks/admit", `{"number":"A003"}`, "de", "A003 ist annulliert", "Wiederherstellen")
	refused("/api/v1/reception/withdraw", `{"ticket":"`+admitted.Ticket.ID+`"}`, "it", "A003 è annullato")
	u.get("/accoglienza/blocchi")
	u.post("/accoglienza/blocchi", "action", "admit", "number", "A003")
	u.sees("A003 è annullato e non è stato fatto nulla", "Ripristina", "form-told")
	u.post("/accoglienza", "action", "withdraw", "ticket", admitted.Ticket.ID)
	u.sees("A003 è annullato e non è stato fatto nulla")

	booked := act("/api/v1/reception/book", fields{"service": "anagrafe", "hour": "10:45", "request": "one"})
	came := act("/api/v1/reception/check-in", fields{"code": booked.Appointment, "outlet": "accoglienza"})
	if again := act("/api/v1/reception/check-in", fields{"code": booked.Appointment, "outlet": "accoglienza"}); again.Code != "checked-in-before" || strings.Contains(again.Say, "emesso") {
		t.Errorf("checked in again: %+v", again)
	}
	u.post("/accoglienza", "action", "check-in", "code", booked.Appointment, "outlet", "accoglienza")
	u.sees(came.Ticket.Number + ": L&#39;accettazione era già fatta")
	open := act("/api/v1/desks/s1/open", fields{})
	act("/api/v1/desks/s1/issue", fields{"service": "anagrafe", "request": "walked-in", "seen": open.Seen})
	held, _ := o.newest().Attendance(queue.AppointmentID(booked.Appointment))
	walked := o.newest().TicketByRequest("walked-in")
	act("/api/v1/desks/s1/finish", fields{"ticket": walked.ID.String()})
	if again := act("/api/v1/desks/s1/issue", fields{"service": "anagrafe", "request": "walked-in"}); again.Code != "issued-at-desk-before" || again.Ticket.State != "served" {
		t.Errorf("given again at the desk: %+v", again)
	}
	act("/api/v1/reception/cancel", fields{"ticket": held.Ticket.String(), "why": "citizen"})
	refused("/api/v1/reception/check-in", `{"code":"`+booked.Appointment+`","outlet":"accoglienza"}`, "it", came.Ticket.Number+" è annullato")
	u.post("/accoglienza", "action", "check-in", "code", booked.Appointment, "outlet", "accoglienza")
	u.sees(came.Ticket.Number+" è annullato e non è stato fatto nulla", "form-told")

	issue := fields{"service": "anagrafe", "outlet": "accoglienza", "request": "lost-answer"}
	given := act("/api/v1/reception/issue", issue)
	if again := act("/api/v1/reception/issue", issue); again.Code != "issued" || again.Ticket.ID != given.Ticket.ID {
		t.Errorf("asked again at once: %+v", again)
	}
	act("/api/v1/reception/cancel", fields{"ticket": given.Ticket.ID, "why": "citizen"})
	if again := act("/api/v1/reception/issue", issue); again.Code != "issued-before" || again.Say == given.Say || again.Ticket.Held != nil {
		t.Errorf("asked again later: %+v", again)
	}
	u.get("/accoglienza?esito=issued&biglietto=" + given.Ticket.ID)
	u.sees(given.Ticket.Number + ": Biglietto emesso.")

	act("/api/v1/manager/stop", fields{"service": "anagrafe", "why": "staff"})
	if a := act("/api/v1/manager/stop", fields{"service": "anagrafe", "why": "staff"}); a.Code != "stopped" {
		t.Errorf("stopped again: %+v", a)
	}
	if a := act("/api/v1/manager/stop", fields{"service": "anagrafe", "why": "crowd"}); a.Code != "stopped-before" {
		t.Errorf("stopped for another reason: %+v", a)
	}
	act("/api/v1/manager/suspend", fields{"why": "alarm"})
	if a := act("/api/v1/manager/suspend", fields{"why": "blackout"}); a.Code != "suspended-before" {
		t.Errorf("suspended for another reason: %+v", a)
	}
}
