package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goldenBodies has one full body for every kind of event. What it encodes to
// lies in testdata/events: a file there is added to, never edited, since
// journals hold its like for ever.
func goldenBodies() []Body {
	ticket := ticketID(7, 42)
	setup := testSetup()
	setup.Office.Note = "Portare un documento"
	setup.Hours.Patron, setup.Hours.Holidays, setup.Hours.Cut = "06-13", true, "04:00"
	setup.Hours.ExpireAfterMs = hour
	setup.Hours.Exceptions = []Exception{{Date: "2026-12-24", Why: "vigilia", Bands: []WeekBand{{Open: "08:15", Close: "12:00", Services: []ServiceID{"cie"}}}}}
	plan := testPlan(tuesday, "2026-11-24")
	plan.Why = "orario ridotto"
	plan.Bands[0].Services = []ServiceID{"anagrafe", "cie"}
	return []Body{
		JournalBegun{Journal: "0b6f", Version: "1.0.0"},
		JournalResumed{Version: "1.0.0"},
		SetupChanged{Setup: setup},
		DayOpened{Day: 7, Journal: "0b6f", CorrectionMs: -1500, Setup: setup, Plan: plan, Provisional: true},
		DayClosed{Day: 7, Issued: 186, Served: 180, NoShows: 4, Expired: 2},
		DayReplanned{Plan: plan},
		ClockSet{CorrectionMs: -1500},
		DeskOpened{Desk: "1", Account: "op-4"},
		DeskClosed{Desk: "1"},
		DeskPaused{Desk: "1", Why: "break"},
		DeskProfileChanged{Desk: "1", Profile: Profile{First: []ServiceID{"cie"}, Help: []ServiceID{"anagrafe"}}},
		OutletChanged{Outlet: "totem", Gives: Unable, Why: "paper-out"},
		TicketIssued{
			Ticket: ticket, Number: Number{Series: "A", Value: 42, Lap: 1, Text: "A042"}, Service: "anagrafe",
			Class: Priority, Outlet: "totem", Paper: PaperRequested, Token: "tK9", Request: "r-1", Ahead: 3,
			Promise: Promise{FromMs: 10 * minute, ToMs: 15 * minute},
		},
		TicketCalled{Ticket: ticket, Desk: "1", Reason: Reason{Rule: RuleOldest, WaitedMs: 61_001, Passed: ticket - 1}},
		TicketRecalled{Ticket: ticket, Desk: "1", Nth: 2},
		ServiceStarted{Ticket: ticket, Desk: "1", FromCall: true},
		TicketServed{Ticket: ticket, Desk: "1", UnknownEnd: true},
		TicketNoShow{Ticket: ticket, Desk: "1"},
		TicketTransferred{Ticket: ticket, From: "1", Service: "cie", Desk: "3", Place: PlaceFront},
		TicketParked{Ticket: ticket, Desk: "1", ForMs: 15 * minute},
		TicketResumed{Ticket: ticket, Desk: "1"},
		TicketCancelled{Ticket: ticket, Why: "citizen"},
		TicketExpired{Ticket: ticket},
		TicketPrinted{Ticket: ticket, Job: 1, Rung: "process-id"},
		TicketPrintFailed{Ticket: ticket, Job: 1, Why: "paper-out"},
		TicketPrintUnknown{Ticket: ticket, Job: 1, Why: "restart"},
		TicketMadePaperless{Ticket: ticket},
		AppointmentBooked{Appointment: goldenBooking()},
		AppointmentCancelled{Appointment: "ag-17"},
		AppointmentMissed{Appointment: "ag-17"},
		CallUndone{Ticket: ticket, Desk: "1", Reopened: ticket - 1},
		TicketReturned{Ticket: ticket, AfterCalls: 2, Auto: true},
		TicketPutBack{Ticket: ticket, Desk: "1"},
		TicketReinstated{Ticket: ticket},
		DeskSeen{Desk: "1"},
		SlipMoved{Ticket: ticket, Job: 2, Outlet: "kiosk"},
		ReprintRequested{Ticket: ticket, Job: 2, Outlet: "kiosk"},
		DayRedated{Date: "2026-11-25", Plan: goldenPlan()},
		ClockSynced{StepMs: 86_400_000, CorrectionMs: -1500},
		ClockStepped{StepMs: -3_600_000},
		OfficeSuspended{Why: "alarm"},
		OfficeResumed{},
		ServiceStopped{Service: "cie", Why: WhyLastTicket, Until: tuesday + 17*hour},
		ServiceReopened{Service: "cie"},
		SeriesRestarted{Series: "A", From: 58, Lap: 1},
		ContactRecorded{Contact: ContactForms, Request: "r-2"},
		BlockReserved{Code: "K7QX", Series: "A", Service: "anagrafe", Numbers: []BlockRun{{First: 980, Last: 999}, {Lap: 1, First: 1, Last: 5}}},
		HallCapacitySet{People: 80},
		MessagePosted{Message: goldenMessage()},
		MessageWithdrawn{Message: "avviso-1"},
		PriorityGranted{Ticket: ticket},
		PriorityWithdrawn{Ticket: ticket},
		CategorySet{Ticket: ticket, Category: CategoryFirm},
		ServicesPlanned{Ticket: ticket, Services: []ServiceID{"cie", "tributi"}},
		ServiceContinued{Ticket: ticket, Desk: "1", Service: "tributi", Outcome: OutcomeReleased},
		TicketIssuedAtDesk{
			Ticket: ticket, Number: Number{Series: "A", Value: 43, Text: "A043"}, Service: "anagrafe", Desk: "1", Outlet: "totem", Category: "firm", Token: "tK9", Request: "r-1",
		},
	}
}

// goldenPlan is a plan with everything in it.
func goldenPlan() DayPlan {
	plan := testPlan(tuesday+24*hour, "2026-11-25")
	plan.Bands[0].StopIssue = plan.Bands[0].Closes - 15*minute
	plan.Bands[0].Caps = []Cap{{Service: "cie", Most: 12}}
	plan.StopCalls = plan.Bands[0].Closes + 10*minute
	plan.BreakExpiries = []int64{plan.Bands[0].Opens + 5*hour}
	plan.Provisional = true
	return plan
}

// goldenSetup has every rule that an office may set, beside those of testSetup.
func goldenSetup() Setup {
	s := testSetup()
	s.Office.ExcludedLetters = "IO"
	s.Series[0].Ranges = []Range{{1, 499}, {501, 999}}
	x := &s.Services[2]
	x.MaxMs, x.From, x.To, x.Quota, x.LastTicket = hour, "2026-11-01", "2026-12-31", 300, true
	x.Week = []WeekBand{{Days: []string{"mon", "wed"}, Open: "09:00", Close: "12:00"}}
	s.Desks[2].BackOffice = true
	s.Hours.StopCalls, s.Hours.StopCallsAfterMs = true, 10*minute
	s.Hours.Week[0].StopIssue = "16:45"
	s.Hours.Week[0].Caps = []Cap{{Service: "cie", Most: 12}}
	r := &s.Rules
	r.CallOutside, r.Discipline, r.PriorityRatio, r.TransferPlace = true, StrictProfile, 3, PlaceBack
	r.NoShowRecalls, r.RecallGapMs, r.LateReturnMs, r.ReturnAfterCalls = 3, 20*second, 10*minute, 1
	r.UndoMs, r.AppointmentEarlyMs, r.AppointmentToleranceMs, r.Break = 20*second, 5*minute, 10*minute, BreakExpires
	return s
}

// goldenSlips has a template of tickets and names in other languages.
func goldenSlips() Setup {
	s := testSetup()
	s.Services[0].Names = map[Language]string{"de": "Meldeamt", "sl": "Matična služba"}
	s.Slip = SlipTemplate{
		Languages: []Language{"it", "de"},
		Parts:     []SlipPart{PartLogo, PartHeader, PartAhead, PartQR, PartNote},
		Texts: map[Language]Wording{
			"de": {WordNote: "Bitte Ausweis bereithalten", WordAhead: "{ahead} vor Ihnen", WordAhead.Form("one"): "Noch {ahead} Person"},
			"it": {WordPriority: ""},
		},
	}
	return s
}

// spareSetup is the test office with two printers that help each other out.
func spareSetup() Setup {
	s := testSetup()
	s.Outlets[0].Spare, s.Outlets[1].Spare = "kiosk", "totem"
	return s
}

// severalSetup is the test office whose totem gives one ticket for several services.
func severalSetup() Setup {
	s := testSetup()
	s.Outlets[1].Several = true
	return s
}

func goldenBooking() Booking {
	return Booking{ID: "ag-17", Service: "cie", Desk: "3", DueAt: tuesday + 10*hour + 30*minute}
}

// goldenVariants are bodies with the fields that came later than their kind.
func goldenVariants() map[string]Body {
	return map[string]Body{
		"SetupChanged-rules": SetupChanged{Setup: goldenSetup()},
		"SetupChanged-slip":  SetupChanged{Setup: goldenSlips()},
		"JournalBegun-restored": JournalBegun{
			Journal: "7c1d", Version: "1.1.0", After: "0b6f", Next: []SeriesFrom{{Series: "A", From: 142}, {Series: "C", From: 51}},
		},
		"JournalBegun-clock": JournalBegun{Journal: "7c1d", Version: "1.1.0", After: "0b6f", ClockAnew: true},
		"DayOpened-appointments": DayOpened{
			Day: 9, Journal: "0b6f", Setup: testSetup(), Plan: goldenPlan(),
			Appointments: []Booking{goldenBooking(), {ID: "ag-18", Service: "anagrafe", DueAt: tuesday + 11*hour}},
		},
		"TicketIssued-appointment": TicketIssued{
			Ticket: ticketID(7, 43), Number: Number{Series: "C", Value: 3, Text: "C03"}, Service: "cie", Class: Appointment,
			Outlet: "list", Paper: Paperless, Appointment: "ag-17", DueAt: goldenBooking().DueAt, Desk: "3",
		},
		"SetupChanged-spare":     SetupChanged{Setup: spareSetup()},
		"SetupChanged-reception": SetupChanged{Setup: receptionSetup()},
		"SetupChanged-several":   SetupChanged{Setup: severalSetup()},
		"TicketIssued-spare": TicketIssued{
			Ticket: ticketID(7, 46), Number: Number{Series: "A", Value: 46, Text: "A046"}, Service: "anagrafe",
			Outlet: "kiosk", Paper: PaperRequested, Asked: "totem",
		},
		"TicketIssued-late": TicketIssued{
			Ticket: ticketID(7, 44), Number: Number{Series: "C", Value: 4, Text: "C04"}, Service: "cie",
			Outlet: "list", Paper: Paperless, Appointment: "ag-17", DueAt: goldenBooking().DueAt, Late: true,
		},
		"TicketCalled-priority": TicketCalled{Ticket: ticketID(7, 45), Desk: "1", Reason: Reason{
			Rule: RulePriority, WaitedMs: 61_001, Passed: ticketID(7, 42), Turn: TurnRatio, Ratio: 2, Ordinary: 3, Help: true,
		}},
		"TicketCalled-overdue": TicketCalled{Ticket: ticketID(7, 45), Desk: "1", Reason: Reason{
			Rule: RuleOverdue, WaitedMs: hour, Overdue: true, Bound: true,
		}},
		"TicketCalled-appointment": TicketCalled{Ticket: ticketID(7, 43), Desk: "3", Reason: Reason{
			Rule: RuleAppointment, WaitedMs: minute, DueAt: goldenBooking().DueAt,
		}},
		"DayOpened-after-a-power-cut": DayOpened{
			Day: 10, Journal: "0b6f", Setup: testSetup(), Plan: goldenPlan(), Provisional: true,
			Reached: tuesday + 17*hour, Torn: []OutletID{"totem"},
		},
		"ContactRecorded-category": ContactRecorded{Contact: ContactIncomplete, Category: CategoryAssociation},
		"TicketIssued-category": TicketIssued{
			Ticket: ticketID(7, 47), Number: Number{Series: "A", Value: 47, Text: "A047"}, Service: "anagrafe",
			Outlet: "list", Paper: Paperless, Category: CategoryFirm,
		},
		"DeskOpened-profile":     DeskOpened{Desk: "3", Account: "5f1c", Profile: Profile{First: []ServiceID{"cie"}}},
		"SetupChanged-capacity":  SetupChanged{Setup: cappedSetup()},
		"SetupChanged-published": SetupChanged{Setup: publishedSetup()},
		"SetupChanged-statement": SetupChanged{Setup: statedSetup()},
		"DayClosed-unused":       DayClosed{Day: 7, Issued: 186, Served: 180, NoShows: 4, Expired: 2, Unused: 31},
		"TicketIssued-block": TicketIssued{
			Ticket: ticketID(7, 48), Number: Number{Series: "A", Value: 58, Text: "A058"}, Service: "anagrafe",
			Outlet: "list", Paper: PaperPrinted, Block: "K7QX", HandedAt: tuesday + 10*hour,
		},
		"TicketTransferred-planned": TicketTransferred{
			Ticket: ticketID(7, 42), From: "1", Service: "cie", Place: PlaceArrival, Planned: true, Outcome: OutcomeReleased, UnknownEnd: true,
		},
		"TicketCalled-sent-on": TicketCalled{Ticket: ticketID(7, 45), Desk: "1", Reason: Reason{
			Rule: RuleLongest, WaitedMs: minute, SentOn: ticketID(7, 42),
		}},
		"ServicesPlanned-none": ServicesPlanned{Ticket: ticketID(7, 42)},
		"TicketServed-outcome": TicketServed{Ticket: ticketID(7, 42), Desk: "1", Outcome: OutcomeBackOffice},
		"DayOpened-gone": DayOpened{
			Day: 8, Journal: "0b6f", Setup: goldenSetup(), Plan: goldenPlan(), Gone: []MessageID{"avviso-1"},
		},
		"DayOpened-given": DayOpened{
			Day: 8, Journal: "0b6f", Setup: goldenSetup(), Plan: goldenPlan(), Given: []GivenOn{{Date: "2026-11-24", Next: []SeriesFrom{{Series: "A", From: 48}}}},
		},
		"DayOpened-quota": DayOpened{
			Day: 8, Journal: "0b6f", Setup: goldenSetup(), Plan: goldenPlan(), Used: []Used{{Service: "cie", Tickets: 120}},
		},
	}
}

func goldenMessage() Message {
	return Message{
		ID: "avviso-1", Texts: map[Language]string{"it": "Oggi si chiude alle 12", "de": "Heute bis 12 Uhr"},
		From: tuesday + 9*hour, Until: tuesday + 12*hour, Boards: []string{"sala-1"},
	}
}

// cappedSetup has a small hall and a service by appointment only.
func cappedSetup() Setup {
	s := testSetup()
	s.Rules.HallCapacity = 40
	s.Services[2].AppointmentsOnly = true
	return s
}

// statedSetup says where the body's own statements are.
func statedSetup() Setup {
	setup := testSetup()
	setup.Office.Accessibility = "https://form.agid.gov.it/view/12345"
	setup.Office.Privacy, setup.Office.DPO = "https://www.comune.example.it/privacy", "dpo@comune.example.it"
	return setup
}

// publishedSetup lets everybody know the waits of a service.
func publishedSetup() Setup {
	s := testSetup()
	s.Services[0].Published = true
	return s
}

// receptionSetup says where the reception prints, and has holidays of its own.
func receptionSetup() Setup {
	s := testSetup()
	s.Outlets[1].Reception = true
	s.Hours.OwnHolidays = []string{WhitMonday, "04-28"}
	return s
}

func goldenEvent(b Body) Event {
	return Event{
		Seq: 1234, At: Now{Wall: tuesday + 10*hour, Boot: "2f0e", Mono: 5_000_001, Synced: true},
		By: Cause{Kind: ByKeypad, Device: "keypad-1", Inferred: true}, Body: b,
	}
}

func TestEveryEventHasItsGoldenFile(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range goldenBodies() {
		seen[b.Kind()] = true
		t.Run(b.Kind(), func(t *testing.T) { checkGolden(t, b.Kind(), b) })
	}
	for name, b := range goldenVariants() {
		t.Run(name, func(t *testing.T) { checkGolden(t, filepath.Join("later", name), b) })
	}
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) != len(bodies) {
		t.Errorf("%d golden files for %d kinds of event (%v)", len(files), len(bodies), err)
	}
	for kind, decode := range bodies {
		if !seen[kind] {
			t.Errorf("%s has no golden body", kind)
		}
		if b, err := decode.decode([]byte("{}")); err != nil || b.Kind() != kind {
			t.Errorf("the decoder of %s makes %T, %v", kind, b, err)
		}
	}
}

// checkGolden holds the encoding of a body to its file, both ways.
func checkGolden(t *testing.T, name string, b Body) {
	want := goldenEvent(b)
	encoded, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, encoded, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	file := filepath.Join("testdata", "events", name+".json")
	if *update {
		if err := os.WriteFile(file, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(golden), pretty.String()); d != "" {
		t.Errorf("the encoding changed; journals on disk hold the old one (-golden +now):\n%s", d)
	}
	var got Event
	if err := json.Unmarshal(golden, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("decoding (-want +got):\n%s", d)
	}
}

// TestOldFieldsStay decodes events that lack every field that may be absent,
// and with fields of a later program beside those of today.
func TestOldFieldsStay(t *testing.T) {
	const event = `{"v":1,"seq":5,"at":{"wall":1,"boot":"b","mono":2,"synced":false,"leap":3},` +
		`"by":{"kind":"button"},"kind":"TicketServed","body":{"ticket":7000042,"desk":"1","mood":"good"},"hash":"x"}`
	var e Event
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		t.Fatal(err)
	}
	want := Event{Seq: 5, At: Now{Wall: 1, Boot: "b", Mono: 2}, By: Cause{Kind: ByButton}, Body: TicketServed{Ticket: 7000042, Desk: "1"}}
	if d := cmp.Diff(want, e); d != "" {
		t.Error(d)
	}
}

func TestEventsThatCannotBeRead(t *testing.T) {
	const head = `"seq":1,"at":{"wall":1,"boot":"b","mono":1,"synced":true},"by":{"kind":"button"}`
	for name, c := range map[string]struct {
		event string
		want  error
	}{
		"newer version":                {`{"v":2,` + head + `,"kind":"TicketServed","body":{}}`, ErrNewerFormat},
		"newer version, another shape": {`{"v":2,"seq":"one","at":[1]}`, ErrNewerFormat},
		"unknown kind":                 {`{"v":1,` + head + `,"kind":"TicketBlessed","body":{}}`, ErrNewerFormat},
		"no version":                   {`{` + head + `,"kind":"TicketServed","body":{}}`, ErrBadEvent},
		"no sequence":                  {`{"v":1,"kind":"TicketServed","body":{}}`, ErrBadEvent},
		"negative sequence":            {`{"v":1,"seq":-1,"kind":"TicketServed","body":{}}`, ErrBadEvent},
		"no body":                      {`{"v":1,` + head + `,"kind":"TicketServed"}`, ErrBadEvent},
		"null body":                    {`{"v":1,` + head + `,"kind":"TicketServed","body":null}`, ErrBadEvent},
		"body of another shape":        {`{"v":1,` + head + `,"kind":"TicketServed","body":{"ticket":"A001"}}`, ErrBadEvent},
		"null":                         {`null`, ErrBadEvent},
		"a number":                     {`1`, ErrBadEvent},
		"too long":                     {`{"v":1,` + head + `,"kind":"DeskClosed","body":{"desk":"` + strings.Repeat("x", maxEventBytes) + `"}}`, ErrBadEvent},
	} {
		t.Run(name, func(t *testing.T) {
			var e Event
			if err := e.UnmarshalJSON([]byte(c.event)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if e.Body != nil {
				t.Errorf("a refused event was filled in: %+v", e)
			}
		})
	}
	if _, err := json.Marshal(Event{Seq: 1}); !errors.Is(err, ErrBadEvent) {
		t.Errorf("an event without a body was encoded: %v", err)
	}
}

// FuzzEvent: whatever bytes are read as an event are written and read again as
// the same event, and can be applied to an office without harm.
func FuzzEvent(f *testing.F) {
	for _, b := range goldenBodies() {
		encoded, err := json.Marshal(goldenEvent(b))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(encoded)
	}
	f.Add([]byte(`{"v":2}`))
	f.Add([]byte(`{"v":1,"seq":1,"kind":"TicketBlessed","body":{}}`))
	busy := busyHall(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		sameReading(t, new(Decoder), b)
		var e Event
		if err := e.UnmarshalJSON(b); err != nil {
			if !errors.Is(err, ErrBadEvent) && !errors.Is(err, ErrNewerFormat) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var f Event
		if err := json.Unmarshal(again, &f); err != nil {
			t.Fatalf("reading %s: %v", again, err)
		}
		twice, err := json.Marshal(f)
		if err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("not stable: %v\n%s\n%s", err, again, twice)
		}
		for _, s := range []*State{{}, busy.state} {
			after := s.Apply(e)
			if after.Seq() != e.Seq {
				t.Fatalf("sequence %d after event %d", after.Seq(), e.Seq)
			}
			digest(after)
		}
	})
}

// busyHall has a ticket in every state and something in every queue.
func busyHall(t testing.TB) *hall {
	h := newHall(t)
	h.open("1", "2", "3")
	for range 9 {
		h.issue("anagrafe")
		h.pass(second)
	}
	h.issue("cie")
	h.do(ReportOutlet{Outlet: "totem", Gives: Able})
	h.do(IssueTicket{By: Cause{Kind: ByButton, Device: "b"}, Service: "anagrafe", Outlet: "totem"})
	h.next("1")
	served := h.next("1")
	h.do(MarkNoShow{By: console("1"), Desk: "1", Ticket: served.ID})
	h.do(ParkTicket{By: console("1"), Desk: "1", Ticket: h.next("1").ID})
	h.do(TransferTicket{By: console("1"), From: "1", Ticket: h.next("1").ID, Service: "cie", Desk: "3"})
	h.do(StartService{By: console("2"), Desk: "2", Ticket: h.next("2").ID})
	cancelled := h.next("1")
	h.do(CancelTicket{By: console("1"), Ticket: cancelled.ID, Why: "citizen"})
	h.next("1")
	return h
}
