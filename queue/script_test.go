package queue

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestScripts runs the days of an office in testdata/*.txt. A line that begins
// with "> " is said to the office; the lines below it are what the office
// answers, up to an empty line. Everything else is prose. With -update the
// answers are written anew, to be read before they are kept.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runScript(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if line, a, b := firstDifference(string(want), got); line > 0 {
				t.Errorf("%s:%d:\n  script: %s\n  office: %s\n(go test ./queue -run TestScripts -update writes the answers anew)", file, line, a, b)
			}
		})
	}
}

func firstDifference(want, got string) (line int, a, b string) {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b = "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return i + 1, a, b
		}
	}
	return 0, "", ""
}

// runScript answers every command of a script, and keeps its prose.
func runScript(t *testing.T, script string) string {
	h := newHall(t)
	var out []string
	answering := false
	for _, line := range strings.Split(script, "\n") {
		switch {
		case strings.HasPrefix(line, "> "):
			out = append(out, line)
			out = append(out, h.say(line[2:])...)
			answering = true
		case line == "":
			out = append(out, line)
			answering = false
		case !answering:
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// words are the arguments of a script's command: plain ones in order, and
// those of the form name=value.
type words struct {
	plain []string
	named map[string]string
}

func (w words) at(i int) string {
	if i < len(w.plain) {
		return w.plain[i]
	}
	return ""
}

// say carries one command of a script out, and is its answer in lines.
func (h *hall) say(command string) []string {
	w := words{named: map[string]string{}}
	for _, f := range strings.Fields(command) {
		if name, value, ok := strings.Cut(f, "="); ok {
			w.named[name] = value
		} else {
			w.plain = append(w.plain, f)
		}
	}
	switch w.at(0) {
	case "at":
		var hh, mm int64
		if _, err := fmt.Sscanf(w.at(1), "%d:%d", &hh, &mm); err != nil {
			h.t.Fatal(err)
		}
		to := tuesday + (int64(h.state.day.Ordinal-1)*24+hh)*hour + mm*minute
		h.pass(to - h.state.OfficeTime(h.now))
		return nil
	case "later":
		h.pass(h.duration(w.at(1)))
		return nil
	case "power-cut":
		h.reboot(h.duration(w.at(1)))
		return []string{"  resumed"}
	case "clock":
		h.now.Wall += h.duration(w.at(1))
		return nil
	case "unsynced":
		h.now.Synced = false
		return nil
	case "synced":
		h.now.Wall += h.duration(w.at(1))
		h.now.Synced = true
		return nil
	case "due":
		ms, ok := h.state.Due(h.now)
		return []string{fmt.Sprintf("  in %s, %v", span(ms), ok)}
	case "show":
		return h.show()
	case "appointments":
		a := h.state.Appointments()
		return []string{fmt.Sprintf("  booked %d, expected %d, came %d (late %d), served %d, missed %d, cancelled %d",
			a.Booked, a.Expected, a.Came, a.Late, a.Served, a.Missed, a.Cancelled)}
	}
	before := len(h.events)
	_, err := h.step(h.command(w))
	if err != nil {
		return []string{"  refused: " + err.Error()}
	}
	var out []string
	for _, e := range h.events[before:] {
		out = append(out, "  "+h.told(e))
	}
	if len(out) == 0 {
		out = append(out, "  nothing")
	}
	return out
}

// command makes the queue's command of a script's.
func (h *hall) command(w words) Command {
	outlet := func(otherwise string) OutletID {
		if o, ok := w.named["at"]; ok {
			return OutletID(o)
		}
		return OutletID(otherwise)
	}
	switch w.at(0) {
	case "press":
		return IssueTicket{By: Cause{Kind: ByButton, Device: "button-" + w.at(1)}, Service: ServiceID(w.at(1)), Outlet: outlet("totem"), Paperless: w.named["paper"] == "no"}
	case "issue":
		return IssueTicket{By: Cause{Kind: ByReception}, Service: ServiceID(w.at(1)), Outlet: outlet("list"), Request: w.named["request"], Class: Class(w.named["class"])}
	case "priority":
		return IssueTicket{By: Cause{Kind: ByReception}, Service: ServiceID(w.at(1)), Class: Priority, Outlet: outlet("list")}
	case "cancel":
		return CancelTicket{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1)), Why: w.at(2)}
	case "book":
		var hh, mm int64
		if _, err := fmt.Sscanf(w.at(3), "%d:%d", &hh, &mm); err != nil {
			h.t.Fatal(err)
		}
		return BookAppointment{By: Cause{Kind: ByReception}, Appointment: Booking{
			ID: AppointmentID(w.at(1)), Service: ServiceID(w.at(2)), Desk: DeskID(w.named["desk"]),
			DueAt: h.state.plan.Begins + hh*hour + mm*minute,
		}}
	case "unbook":
		return CancelAppointment{By: Cause{Kind: ByReception}, Appointment: AppointmentID(w.at(1))}
	case "check-in":
		return CheckIn{By: Cause{Kind: ByReception}, Appointment: AppointmentID(w.at(1)), Outlet: outlet("list")}
	case "return":
		return ReturnTicket{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1))}
	case "reinstate":
		return Reinstate{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1))}
	case "reprint":
		t := h.state.Ticket(h.number(w.at(1)))
		return Reprint{By: Cause{Kind: ByReception}, Ticket: t.ID, Job: t.Job, Outlet: outlet("")}
	case "paper":
		t := h.state.Ticket(h.number(w.at(1)))
		job := t.Job
		if n, ok := w.named["job"]; ok {
			job = h.count(n)
		}
		return ReportPaper{Ticket: t.ID, Job: job, Paper: PaperState(w.at(2)), Why: w.at(3)}
	case "outlet":
		return ReportOutlet{Outlet: OutletID(w.at(1)), Gives: Ability(w.at(2)), Why: w.at(3)}
	case "set-clock":
		return SetClock{By: Cause{Kind: ByTechnician}, CorrectionMs: h.duration(w.at(1)), Sure: true}
	case "tick":
		return Tick{}
	case "suspend":
		return SuspendOffice{By: Cause{Kind: ByManager}, Why: w.at(1)}
	case "resume":
		return ResumeOffice{By: Cause{Kind: ByManager}}
	case "stop":
		return StopService{By: Cause{Kind: ByManager}, Service: ServiceID(w.at(1)), Why: w.at(2)}
	case "reopen":
		return ReopenService{By: Cause{Kind: ByManager}, Service: ServiceID(w.at(1))}
	case "restart":
		var from int
		if _, err := fmt.Sscan(w.at(2), &from); err != nil {
			h.t.Fatal(err)
		}
		return RestartSeries{By: Cause{Kind: ByReception}, Series: SeriesID(w.at(1)), From: from, Again: w.at(3) == "again"}
	case "capacity":
		return SetHallCapacity{By: Cause{Kind: ByManager}, People: h.count(w.at(1))}
	case "grant":
		return GrantPriority{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1))}
	case "withdraw":
		return WithdrawPriority{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1))}
	case "category":
		return SetCategory{By: Cause{Kind: ByReception}, Ticket: h.number(w.at(1)), Category: Category(w.at(2))}
	case "contact":
		return RecordContact{By: Cause{Kind: ByReception}, Contact: Contact(w.at(1)), Request: w.named["request"]}
	case "day":
		// What the engine does before it decides a command.
		if !h.state.NeedsDay(h.now) {
			return Tick{}
		}
		days := (h.state.OfficeTime(h.now) - tuesday) / (24 * hour)
		midnight := tuesday + days*24*hour
		if h.state.OfficeTime(h.now) < midnight {
			midnight -= 24 * hour
		}
		return OpenDay{Plan: testPlan(midnight, dateAt(midnight))}
	case "rules":
		return ChangeSetup{By: Cause{Kind: ByManager}, Setup: h.withRules(w), Plan: h.withPlan(w)}
	case "next-day":
		n := int64(h.state.day.Ordinal)
		return OpenDay{Plan: testPlan(tuesday+n*24*hour, fmt.Sprintf("2026-11-%d", 24+n))}
	case "remove":
		return ChangeSetup{By: Cause{Kind: ByManager}, Setup: without(h.state.Setup(), w.at(1), w.at(2)), Plan: *h.state.plan}
	case "desk":
		return h.deskCommand(DeskID(w.at(1)), w)
	}
	h.t.Fatalf("unknown command %q", w.plain)
	return nil
}

// deskCommand makes a command of a desk: "desk 1 next". The ticket meant is the
// one that the desk holds, unless the script names another.
func (h *hall) deskCommand(desk DeskID, w words) Command {
	by, ticket := console(desk), h.holds(desk)
	if w.named["by"] == "keypad" {
		by.Kind = ByKeypad
	}
	if n, ok := w.named["ticket"]; ok {
		ticket = h.number(n)
	}
	switch verb, arg := w.at(2), w.at(3); verb {
	case "open":
		c := OpenDesk{By: by, Desk: desk, Account: w.named["account"]}
		for _, s := range strings.Split(w.named["qualified"], ",") {
			if s != "" {
				c.Qualified = append(c.Qualified, ServiceID(s))
			}
		}
		return c
	case "close":
		return CloseDesk{By: by, Desk: desk, Current: Current(arg)}
	case "pause":
		return PauseDesk{By: by, Desk: desk, Why: arg}
	case "next":
		return CallNext{By: by, Desk: desk, Finishing: ticket, Outcome: Outcome(w.named["outcome"])}
	case "call":
		return CallTicket{By: by, Desk: desk, Finishing: ticket, Ticket: h.number(arg)}
	case "recall":
		return RecallTicket{By: by, Desk: desk, Ticket: ticket}
	case "undo":
		return UndoCall{By: by, Desk: desk, Ticket: ticket}
	case "put-back":
		return PutBack{By: by, Desk: desk, Ticket: ticket}
	case "start":
		return StartService{By: by, Desk: desk, Ticket: ticket}
	case "finish":
		return FinishTicket{By: by, Desk: desk, Ticket: ticket, Outcome: Outcome(w.named["outcome"])}
	case "no-show":
		return MarkNoShow{By: by, Desk: desk, Ticket: ticket}
	case "transfer":
		return TransferTicket{By: by, From: desk, Ticket: ticket, Service: ServiceID(arg), Desk: DeskID(w.named["to"]), Place: Place(w.named["place"])}
	case "issue":
		return IssueAtDesk{By: by, Desk: desk, Service: ServiceID(arg)}
	case "park":
		c := ParkTicket{By: by, Desk: desk, Ticket: ticket}
		if arg != "" {
			c.ForMs = h.duration(arg)
		}
		return c
	case "resume":
		return ResumeTicket{By: by, Desk: desk, Ticket: h.number(arg)}
	case "serve":
		var p Profile
		for _, s := range w.plain[3:] {
			p.First = append(p.First, ServiceID(s))
		}
		return SetDeskProfile{By: Cause{Kind: ByManager}, Desk: desk, Profile: p}
	default:
		h.t.Fatalf("unknown command of a desk: %q", verb)
		return nil
	}
}

// number is the newest ticket with a number, "none", or the digits of an id.
func (h *hall) number(text string) TicketID {
	if t := h.state.LatestByNumber(text); t != nil {
		return t.ID
	}
	if text == "none" {
		return 0
	}
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		h.t.Fatalf("no ticket shows %q", text)
	}
	return TicketID(id)
}

// duration reads "15m", "1.5s", "-24h".
func (h *hall) duration(s string) int64 {
	units := []struct {
		unit string
		ms   int64
	}{{"ms", 1}, {"s", second}, {"m", minute}, {"h", hour}}
	for _, u := range units {
		if n, err := strconv.ParseFloat(strings.TrimSuffix(s, u.unit), 64); err == nil && strings.HasSuffix(s, u.unit) {
			return int64(n * float64(u.ms))
		}
	}
	h.t.Fatalf("%q is not a duration", s)
	return 0
}

// without is the setup without one of its things, and without its mention by
// others.
func without(s Setup, what, id string) Setup {
	var n Setup
	n.Office, n.Series, n.Hours, n.Rules = s.Office, s.Series, s.Hours, s.Rules
	for _, x := range s.Services {
		if what != "service" || string(x.ID) != id {
			n.Services = append(n.Services, x)
		}
	}
	for _, x := range s.Desks {
		if what == "service" {
			x.Profile = Profile{First: dropped(x.Profile.First, id), Help: dropped(x.Profile.Help, id)}
		}
		if what != "desk" || string(x.ID) != id {
			n.Desks = append(n.Desks, x)
		}
	}
	for _, x := range s.Outlets {
		if what == "outlet" && string(x.Spare) == id {
			x.Spare = ""
		}
		if what != "outlet" || string(x.ID) != id {
			n.Outlets = append(n.Outlets, x)
		}
	}
	return n
}

func dropped(ids []ServiceID, id string) []ServiceID {
	var kept []ServiceID
	for _, x := range ids {
		if string(x) != id {
			kept = append(kept, x)
		}
	}
	return kept
}
