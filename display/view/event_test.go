package view

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
)

// released are the events of the queue's golden files.
func released(t *testing.T) (all []queue.Event) {
	t.Helper()
	names, err := filepath.Glob("../../queue/testdata/events/*.json")
	if err != nil || len(names) < 40 {
		t.Fatalf("found %d events: %v", len(names), err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var e queue.Event
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, e)
	}
	return all
}

// on is a day under way.
func on(day int) func() int { return func() int { return day } }

// dayOf is the day that an event opens.
func dayOf(b queue.Body) int {
	opened, _ := b.(queue.DayOpened)
	return opened.Day
}

func inRome(string) *time.Location { return time.FixedZone("", 3600) }

// Every kind of event has a name of its own outside, so that a new one is not
// forgotten; what is said of it stands in tell.
func TestEveryEventIsTold(t *testing.T) {
	day := 0
	teller, seen := NewTeller("J", inRome, func() int { return day }), map[string]string{}
	for _, e := range released(t) {
		day = max(day, dayOf(e.Body))
		told := teller.Tell(e)
		if told.Kind == "other" {
			t.Errorf("%s has no name outside: say in view.Teller what of it is told", e.Body.Kind())
		}
		if before, ok := seen[told.Kind]; ok && told.Kind != "ticket.changed" {
			t.Errorf("%s and %s are both told as %s", before, e.Body.Kind(), told.Kind)
		}
		seen[told.Kind] = e.Body.Kind()
		if !slices.Contains(EventKinds(), told.Kind) {
			t.Errorf("%s stands in no list of kinds", told.Kind)
		}
		if told.ID != EventID("J", e.Seq) || told.Seq != e.Seq {
			t.Errorf("%s %d is told as %s", e.Body.Kind(), e.Seq, told.ID)
		}
	}
}

// What the journal holds of accounts, classes, pages and pauses does not leave.
func TestEventsOutsideHoldNothingOfPersons(t *testing.T) {
	const secret = "kept-inside"
	teller := NewTeller("J", inRome, on(0))
	for _, b := range []queue.Body{
		queue.DeskOpened{Desk: "s1", Account: secret},
		queue.DeskPaused{Desk: "s1", Why: secret},
		queue.TicketIssued{Ticket: 1_000_001, Class: secret, Token: secret, Request: secret, Service: "anagrafe"},
		queue.TicketCalled{Ticket: 1_000_001, Desk: "s1", Reason: queue.Reason{Rule: secret, Turn: secret}},
		queue.ContactRecorded{Contact: queue.ContactForms, Request: secret},
		queue.DeskSeen{Desk: secret},
	} {
		told, err := json.Marshal(teller.Tell(queue.Event{Seq: 7, Body: b}))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(told), secret) {
			t.Errorf("%s tells what must stay: %s", b.Kind(), told)
		}
	}
	if told := teller.Tell(queue.Event{Seq: 8, By: queue.Cause{Kind: queue.ByKeypad, Device: secret}, Body: queue.DeskSeen{Desk: "s1"}}); told.Device != "" {
		t.Errorf("an idle keypad is told by name: %+v", told)
	}
}

// A ticket's number and service stand in each of its events, and an instant is
// the office's.
func TestTellerRemembersTheTicket(t *testing.T) {
	teller := NewTeller("J", inRome, on(1))
	at := queue.Now{Wall: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).UnixMilli()}
	for i, b := range []queue.Body{
		queue.DayOpened{Day: 1, CorrectionMs: 60_000, Plan: queue.DayPlan{Date: "2026-11-24"}},
		queue.TicketIssued{Ticket: 1_000_001, Number: queue.Number{Text: "A042"}, Service: "anagrafe", Outlet: "totem"},
		queue.TicketTransferred{Ticket: 1_000_001, From: "s1", Service: "cie", Place: queue.PlaceFront},
	} {
		teller.Tell(queue.Event{Seq: uint64(i + 1), At: at, Body: b})
	}
	told := teller.Tell(queue.Event{Seq: 4, At: at, Body: queue.TicketCalled{Ticket: 1_000_001, Desk: "s2"}})
	if told.Data.Number != "A042" || told.Data.Service != "cie" || told.At != "2026-11-24T10:01:00.000+01:00" {
		t.Errorf("the call is told as %+v", told)
	}
	teller.Tell(queue.Event{Seq: 5, At: at, Body: queue.DayOpened{Day: 2}})
	if len(teller.tickets) != 0 {
		t.Error("tickets of the day before are kept")
	}
}

// The JSON of events is a promise to other programs: lines are added to the
// golden file, and those that stand there do not change.
func TestEventsOutsideKeepTheirShape(t *testing.T) {
	const name = "testdata/events.jsonl"
	lines, have := []string{}, map[string]bool{}
	for _, e := range released(t) {
		teller := NewTeller("J", inRome, func() int { return cmp.Or(dayOf(e.Body), 7) })
		teller.Tell(queue.Event{Seq: 1, Body: queue.DayOpened{Day: 7, CorrectionMs: -1500}})
		teller.Tell(queue.Event{Seq: 2, Body: queue.TicketIssued{Ticket: 7_000_042, Number: queue.Number{Text: "A042"}, Service: "anagrafe"}})
		line, err := json.Marshal(teller.Tell(e))
		if err != nil {
			t.Fatal(err)
		}
		lines, have[string(line)] = append(lines, string(line)), true
	}
	if *update {
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); !have[line] {
			t.Errorf("no event is told any more as\n%s", line)
		}
	}
}

func FuzzParseEventID(f *testing.F) {
	for _, id := range []string{"J-1", "journal-1-22", "-1", "J-", "J-18446744073709551616", ""} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		journal, seq, ok := ParseEventID(id)
		if !ok {
			return
		}
		if again, n, ok := ParseEventID(EventID(journal, seq)); !ok || again != journal || n != seq {
			t.Errorf("%q is read as %q %d and then as %q %d", id, journal, seq, again, n)
		}
	})
}
