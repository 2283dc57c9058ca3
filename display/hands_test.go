package display

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"eliminacode/queue"
)

// A hand is what a person uses to give a command of the office.
type hand struct {
	// page is the template that has it, and button the name and value, or the
	// address, by which it is recognised there; empty when it is on no page.
	page, button string
	// api is the address of the call, and body what it sends; "{ticket}",
	// "{service}" and the like are filled by the test.
	api, body string
	// line is the command line that gives it, if one does.
	line string
}

// hands are the commands of package queue and who gives them.
var hands = map[string]hand{
	"RecordContact":     {"reception", `value="contact"`, "/api/v1/reception/contact", `{"contact":"forms"}`, ""},
	"GrantPriority":     {"reception", `value="grant"`, "/api/v1/reception/grant", `{"ticket":"{waiting}"}`, ""},
	"WithdrawPriority":  {"reception", `value="withdraw"`, "/api/v1/reception/withdraw", `{"ticket":"{waiting}"}`, ""},
	"SetCategory":       {"reception", `value="category"`, "/api/v1/reception/category", `{"ticket":"{waiting}","category":"firm"}`, ""},
	"BookAppointment":   {"reception", `value="book"`, "/api/v1/reception/book", `{"service":"cie","hour":"12:00"}`, ""},
	"CancelAppointment": {"reception", `value="unbook"`, "/api/v1/reception/unbook", `{"appointment":"x"}`, ""},
	"ReserveBlock":      {"blocks", `value="reserve"`, "/api/v1/blocks/reserve", `{"service":"anagrafe","count":"20"}`, ""},
	"AdmitReserved":     {"blocks", `value="admit"`, "/api/v1/blocks/admit", `{"number":"A002"}`, ""},
	"CheckIn":           {"reception", `value="check-in"`, "/api/v1/reception/check-in", `{"appointment":"x","outlet":"accoglienza"}`, ""},

	"IssueTicket":    {"reception", `value="issue"`, "/api/v1/reception/issue", `{"service":"anagrafe","outlet":"accoglienza"}`, ""},
	"CancelTicket":   {"reception", `value="cancel"`, "/api/v1/reception/cancel", `{"ticket":"{waiting}"}`, ""},
	"CancelTickets":  {"reception", `value="burst"`, "/api/v1/reception/burst", `{"outlet":"totem","tickets":"{waiting}"}`, ""},
	"Reprint":        {"reception", `value="reprint"`, "/api/v1/reception/reprint", `{"ticket":"{waiting}","job":"1","outlet":"accoglienza"}`, ""},
	"ReturnTicket":   {"reception", `value="return"`, "/api/v1/reception/return", `{"ticket":"{waiting}"}`, ""},
	"Reinstate":      {"reception", `value="reinstate"`, "/api/v1/reception/reinstate", `{"ticket":"{waiting}"}`, ""},
	"OpenDesk":       {"console", `value="open"`, "/api/v1/desks/s1/open", `{}`, ""},
	"CloseDesk":      {"console", `value="close"`, "/api/v1/desks/s1/close", `{}`, ""},
	"PauseDesk":      {"console", `value="pause"`, "/api/v1/desks/s1/pause", `{}`, ""},
	"CallNext":       {"console", `value="next"`, "/api/v1/desks/s1/next", `{}`, ""},
	"CallTicket":     {"console", `value="call"`, "/api/v1/desks/s1/call", `{"ticket":"{waiting}"}`, ""},
	"RecallTicket":   {"console", `value="recall"`, "/api/v1/desks/s1/recall", `{"ticket":"{waiting}"}`, ""},
	"StartService":   {"console", `value="start"`, "/api/v1/desks/s1/start", `{"ticket":"{waiting}"}`, ""},
	"FinishTicket":   {"console", `value="finish"`, "/api/v1/desks/s1/finish", `{"ticket":"{waiting}"}`, ""},
	"MarkNoShow":     {"console", `value="no-show"`, "/api/v1/desks/s1/no-show", `{"ticket":"{waiting}"}`, ""},
	"TransferTicket": {"console", `value="transfer"`, "/api/v1/desks/s1/transfer", `{"ticket":"{waiting}","service":"cie"}`, ""},
	"ServeOn":        {"console", `value="serve-on"`, "/api/v1/desks/s1/serve-on", `{"ticket":"{waiting}","service":"cie"}`, ""},
	"IssueAtDesk":    {"console", `value="issue"`, "/api/v1/desks/s1/issue", `{"service":"anagrafe"}`, ""},
	"PlanServices":   {"console", `value="plan"`, "/api/v1/desks/s1/plan", `{"ticket":"{waiting}","services":"cie"}`, ""},
	"ParkTicket":     {"console", `value="park"`, "/api/v1/desks/s1/park", `{"ticket":"{waiting}"}`, ""},
	"ResumeTicket":   {"console", `value="resume"`, "/api/v1/desks/s1/resume", `{"ticket":"{waiting}"}`, ""},
	"UndoCall":       {"console", `value="undo"`, "/api/v1/desks/s1/undo", `{"ticket":"{waiting}"}`, ""},
	"PutBack":        {"console", `value="put-back"`, "/api/v1/desks/s1/put-back", `{"ticket":"{waiting}"}`, ""},

	"SuspendOffice":   {"manager", `value="suspend"`, "/api/v1/manager/suspend", `{"why":"alarm"}`, "eliminacode suspend"},
	"ResumeOffice":    {"manager", `value="resume"`, "/api/v1/manager/resume", `{}`, "eliminacode resume"},
	"StopService":     {"manager", `value="stop"`, "/api/v1/manager/stop", `{"service":"cie","why":"staff"}`, "eliminacode service stop"},
	"ReopenService":   {"manager", `value="reopen"`, "/api/v1/manager/reopen", `{"service":"cie"}`, "eliminacode service reopen"},
	"RestartSeries":   {"manager", `value="restart"`, "/api/v1/manager/restart", `{"series":"A","from":"58"}`, "eliminacode series restart"},
	"SetDeskProfile":  {"profiles", `value="profile"`, "/api/v1/manager/profile", `{"desk":"s1","serve":{"anagrafe":"first"}}`, ""},
	"SetHallCapacity": {"manager", `value="capacity"`, "/api/v1/manager/capacity", `{"people":"40"}`, ""},
	"PostMessage":     {"manager", `value="post"`, "/api/v1/manager/post", `{"request":"m1","text":{"it":"Oggi si chiude alle 12"}}`, ""},
	"WithdrawMessage": {"manager", `value="withdraw"`, "/api/v1/manager/withdraw", `{"message":"m1"}`, ""},
	"ChangeSetup":     {page: "setup-effect", button: `value="save"`, line: "eliminacode office change"},
	"SetClock":        {"manager", `action="/orologio"`, "/api/v1/clock/confirm", `{}`, "eliminacode clock set"},
}

// ofTheBox are the commands that no person gives, and why.
var ofTheBox = map[string]string{
	"StartUp":       "the program gives it when it starts",
	"OpenDay":       "a day opens by itself, by the clock",
	"Tick":          "what is due by itself",
	"AbandonTicket": "the engine takes back what nobody waited for any more",
	"ReportPaper":   "the printer's own word",
	"ReportOutlet":  "the printer's own word",
}

// A handOffice is one that keeps the kinds of commands that it was given.
type handOffice struct {
	*testOffice
	mu    sync.Mutex
	given []string
}

func (r *handOffice) Do(ctx context.Context, c queue.Command) (*queue.State, []queue.Event, error) {
	r.mu.Lock()
	r.given = append(r.given, reflect.TypeOf(c).Name())
	r.mu.Unlock()
	return r.testOffice.Do(ctx, c)
}

// taken are the commands since it was last asked.
func (r *handOffice) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	given := r.given
	r.given = nil
	return given
}

// commandsOfQueue are the types of package queue that are commands, by its source.
func commandsOfQueue(t *testing.T) []string {
	t.Helper()
	fset := token.NewFileSet()
	files, err := os.ReadDir("../queue")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(fset, "../queue/"+f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "by" {
				found[fn.Recv.List[0].Type.(*ast.Ident).Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// TestEveryCommandHasAHand: each command of the office is given by a page and by a
// call of the API, which the test makes, and which reach the office as that very
// command; or it is the box's own.
func TestEveryCommandHasAHand(t *testing.T) {
	commands := commandsOfQueue(t)
	if len(commands) < 30 {
		t.Fatalf("only %d commands found in the source of queue", len(commands))
	}
	for _, name := range commands {
		_, byHand := hands[name]
		_, own := ofTheBox[name]
		if byHand == own {
			t.Errorf("%s is in the hands of a person: %v; of the box: %v", name, byHand, own)
		}
	}
	for name := range hands {
		if !slices.Contains(commands, name) {
			t.Errorf("%s is no command of queue", name)
		}
	}
	help, err := os.ReadFile("../cmd/eliminacode/help.go")
	if err != nil {
		t.Fatal(err)
	}
	office := &handOffice{testOffice: newTestOffice(t)}
	office.open(t, "s1")
	office.must(t, queue.ReportOutlet{Outlet: "accoglienza", Gives: queue.Able})
	waiting := office.issue(t, "anagrafe", queue.Ordinary)
	cfg := office.config()
	cfg.Engine = office
	s := serve(t, cfg, "")
	for _, name := range slices.Sorted(maps.Keys(hands)) {
		h := hands[name]
		if h.line != "" && !strings.Contains(string(help), `"`+h.line+"\": `") {
			t.Errorf("%s: the command line has no %s", name, h.line)
		}
		template, err := os.ReadFile("web/templates/" + h.page + ".html")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(template), h.button) {
			t.Errorf("%s: the page %s has no %s", name, h.page, h.button)
		}
		if h.api == "" {
			continue // it takes more than one call
		}
		office.taken()
		body := strings.ReplaceAll(h.body, "{waiting}", waiting.String())
		// A refusal of the office is an answer too: what counts is what was asked.
		status, _, answer := ask(t, request(t, "POST", s.url+h.api, body, "Content-Type", "application/json", "Origin", s.url))
		if given := office.taken(); !slices.Equal(given, []string{name}) {
			t.Errorf("%s: POST %s %s gave %v (%d %s)", name, h.api, body, given, status, answer)
		}
	}
}
