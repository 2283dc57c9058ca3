package words

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
)

// TestRefusalsEndInWhatToDo walks every refusal that the core can give: each
// must have its own sentence, and the sentence must go on after what is wrong.
func TestRefusalsEndInWhatToDo(t *testing.T) {
	for _, language := range StaffLanguages() {
		seen := map[string]bool{}
		for _, r := range append(append([]refusal(nil), refusals...), failed) {
			sentence, ok := In(language).ByCode(r.code)
			if seen[r.code] || seen[sentence] {
				t.Errorf("%s: %s stands twice", language, r.code)
			}
			seen[r.code], seen[sentence] = true, true
			if !ok || !strings.Contains(sentence, ": ") || !strings.HasSuffix(sentence, ".") {
				t.Errorf("%s: %s: %q does not end in what to do", language, r.code, sentence)
			}
		}
	}
	wrapped := fmt.Errorf("issuing: %w", queue.ErrNoPaper)
	if got := RefusalCode(wrapped); got != "no-paper" || !IsRefusal(wrapped) {
		t.Errorf("a wrapped refusal is %q", got)
	}
	if got := RefusalCode(errors.New("disk on fire")); got != "failed" || In("").Refusal(nil) != "" || RefusalCode(nil) != "" {
		t.Errorf("another fault is %q", got)
	}
	if _, ok := In("").ByCode("<script>"); ok {
		t.Error("an unknown code has a sentence")
	}
}

func TestReason(t *testing.T) {
	for _, c := range []struct {
		reason queue.Reason
		passed string
		want   string
	}{
		{queue.Reason{Rule: queue.RuleOldest, WaitedMs: 12 * 60_000}, "", "B003: in attesa da più tempo (attesa 12 minuti)."},
		{queue.Reason{Rule: queue.RuleTransferred, WaitedMs: 59_000}, "A012", "B003 prima di A012: trasferito a questo sportello (attesa meno di un minuto)."},
		{queue.Reason{Rule: queue.RuleHelp, WaitedMs: 65 * 60_000}, "", "B003: in aiuto, perché nessuno aspetta per i servizi principali (attesa 1 ora e 5 minuti)."},
		{queue.Reason{Rule: queue.RulePriority, Turn: queue.TurnRatio, Ratio: 2}, "A012", "B003 prima di A012: precedenza 1:2."},
		{queue.Reason{Rule: queue.RulePriority, Turn: queue.TurnAlone, Ratio: 2}, "", "B003: precedenza, e nessun altro aspetta."},
		{queue.Reason{Rule: queue.RulePriority, Turn: queue.TurnEarlier, Ratio: 2}, "", "B003: precedenza, e arrivato prima degli altri."},
		{queue.Reason{Rule: queue.RuleOverdue, WaitedMs: 60 * 60_000}, "", "B003: oltre l'attesa massima del servizio (attesa 1 ora)."},
		{queue.Reason{Rule: queue.RuleOverdue, Bound: true}, "", "B003: oltre l'attesa massima, e già scavalcato due volte."},
		{queue.Reason{Rule: queue.RuleLongest}, "", "B003: l'attesa più lunga rispetto allo standard."},
		{queue.Reason{Rule: queue.RuleReturned}, "A012", "B003 prima di A012: rimesso in coda dopo un'assenza, e le chiamate previste sono passate."},
		{queue.Reason{Rule: queue.RuleReturned, Turn: queue.TurnAlone}, "", "B003: rimesso in coda, e nessun altro aspetta."},
		{queue.Reason{Rule: queue.RuleAppointment}, "", "B003: appuntamento, ed è la sua ora."},
		{queue.Reason{Rule: queue.RuleStrict}, "", "B003: primo nell'ordine dei servizi dello sportello."},
		{queue.Reason{Rule: "of a later version"}, "", "B003: secondo le regole dell'ufficio."},
	} {
		if got := In("").Reason(c.reason, "B003", c.passed); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// A citizen is never sent to the technician: whatever fails, somebody in the hall
// helps.
func TestACitizenIsSentToTheReception(t *testing.T) {
	for _, err := range []error{queue.ErrNotStored, queue.ErrNoDay, queue.ErrNoPaper, errors.New("a fault")} {
		code := RefusalCode(err)
		staff, _ := In("").ByCode(code)
		got, ok := In("").ToCitizen(code)
		if !ok || got == staff || strings.Contains(got, "tecnico") || strings.Contains(got, "disco") || !strings.Contains(got, "accoglienza") {
			t.Errorf("%s: %q", code, got)
		}
	}
	if got, _ := In("").ToCitizen("stale"); got != In("").Refusal(queue.ErrStale) {
		t.Errorf("stale: %q", got)
	}
	if _, ok := In("").ToCitizen("<script>"); ok {
		t.Error("an unknown code has a sentence")
	}
}

// TestTheStaffIsNotSentToTheReception reads every refusal as who works for the office
// does: whoever stands at the reception is not sent there, and a citizen is not told
// what only the staff can do.
func TestTheStaffIsNotSentToTheReception(t *testing.T) {
	for _, err := range Refusals() {
		code := RefusalCode(err)
		if got, _ := In("").ByCode(code); strings.Contains(got, "chieda all'accoglienza") || strings.Contains(got, "si rivolga all'accoglienza") || strings.Contains(got, "oppure chieda") {
			t.Errorf("%s tells the staff %q", code, got)
		}
	}
	for _, err := range []error{
		queue.ErrServiceClosed, queue.ErrDayCapReached, queue.ErrBandCapReached, queue.ErrQuotaReached, queue.ErrServiceStopped,
		queue.ErrSuspended, queue.ErrHallFull, queue.ErrAppointmentsOnly, queue.ErrSeriesExhausted, queue.ErrNoPaper, queue.ErrNotStored,
		queue.ErrUnknownOutlet, queue.ErrNoSetup, queue.ErrBadSetup, queue.ErrNoDay,
	} {
		for _, language := range StaffLanguages() {
			tongue := In(language)
			staff, _ := tongue.ByCode(RefusalCode(err))
			if got := tongue.RefusalToCitizen(err); got == staff || got == "" {
				t.Errorf("%s: %v tells a citizen what the staff is told: %q", language, err, got)
			}
		}
		if got := In("").RefusalToCitizen(err); strings.Contains(got, "responsabile") || strings.Contains(got, "tecnico") {
			t.Errorf("%v tells a citizen %q", err, got)
		}
	}
}

// TestWhoIsAtAPlaceIsToldWhatCanBeDoneThere reads every refusal as who stands at the
// reception or at a desk does: the reception is not sent to itself, and a clerk not to a
// list that the page of a desk does not have.
func TestWhoIsAtAPlaceIsToldWhatCanBeDoneThere(t *testing.T) {
	names := map[queue.Language][2]string{
		"it": {"ccoglienza", "elenco"}, "de": {"Empfang", "Liste"}, "fr": {"accueil", "liste"}, "sl": {"recepcij", "seznam"}, "en": {"eception", "list"},
	}
	for _, language := range StaffLanguages() {
		tongue := In(language)
		for id := range texts(t)[italian] {
			code, refuses := strings.CutPrefix(id, "refusal.")
			if !refuses {
				continue
			}
			reception, ok := tongue.AtReception(code)
			if !ok || strings.Contains(reception, names[language][0]) {
				t.Errorf("%s: %s tells the reception %q", language, code, reception)
			}
		}
		for _, code := range []string{"wrong-state", "too-late"} {
			if desk, ok := tongue.AtDesk(code); !ok || strings.Contains(desk, names[language][1]) || desk == tongue.Say("refusal."+code) {
				t.Errorf("%s: %s tells a desk %q", language, code, desk)
			}
		}
	}
}

// A code is either of a refusal or of a good answer: ByCode finds its one sentence.
func TestNoCodeRefusesAndIsDone(t *testing.T) {
	met := 0
	for id := range texts(t)[italian] {
		code, done := strings.CutPrefix(id, "done.")
		if !done {
			continue
		}
		met++
		if In("").has("refusal", code) {
			t.Errorf("%q is a refusal and a good answer", code)
		}
	}
	if met == 0 {
		t.Error("no good answer has a sentence")
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2026, time.November, 24, 10, 31, 5, 0, time.UTC)
	for got, want := range map[string]string{
		In("").Date(at): "martedì 24 novembre 2026",
		Date(time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)): "venerdì 1º maggio 2026",
		In("").ShortDate(at):           "24/11/2026",
		In("").Duration(59_999):        "meno di un minuto",
		In("").Duration(60_000):        "1 minuto",
		In("").Duration(3_600_000):     "1 ora",
		In("").Duration(2 * 3_660_000): "2 ore e 2 minuti",
		Wait(59_999):                   "< 1 min", Wait(720_000): "12 min", Wait(3_900_000): "1 h 05 min",
		Stopwatch(7_000):       "7 s",
		Stopwatch(247_000):     "4 min 07 s",
		Stopwatch(3_847_000):   "1 h 04 min 07 s",
		In("").Count(23037):    "23.037",
		In("").Count(999):      "999",
		In("").Count(-1234567): "-1.234.567",
		In("").Percent(0.986):  "98,6 %",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestEveryValueHasAWord keeps raw codes off the pages.
func TestEveryValueHasAWord(t *testing.T) {
	for _, s := range []queue.TicketState{queue.Waiting, queue.Called, queue.Serving, queue.Parked, queue.Served, queue.NoShow, queue.Cancelled, queue.Expired} {
		if In("").TicketState(s) == In("").TicketState("") {
			t.Errorf("state %q has no word", s)
		}
	}
	for _, p := range []queue.PaperState{queue.Paperless, queue.PaperRequested, queue.PaperPrinted, queue.PaperFailed, queue.PaperUnknown} {
		if In("").Paper(p) == In("").Paper("") {
			t.Errorf("paper %q has no word", p)
		}
	}
	for id := range texts(t)[italian] {
		family, code, _ := strings.Cut(id, ".")
		if (family == "fault" || family == "alarm") && code != "halted" && !strings.HasSuffix(code, "-do") {
			for _, language := range StaffLanguages() {
				if f := In(language).fault(family, code, ""); f.What == "" || !strings.HasSuffix(f.Do, ".") {
					t.Errorf("%s: %s does not say what to do", language, id)
				}
			}
		}
	}
	for _, o := range append(queue.Outcomes[:], "") {
		if In("").Outcome(o) == In("").Outcome("?") {
			t.Errorf("outcome %q has no word", o)
		}
	}
	for _, c := range append(queue.Categories[:], "") {
		if In("").Category(c) == In("").Category("?") {
			t.Errorf("category %q has no word", c)
		}
	}
	for _, x := range []struct {
		what  string
		codes []string
		word  func(string) string
	}{
		{"suspension", queue.SuspensionReasons[:], In("").SuspensionReason}, {"suspension on boards", queue.SuspensionReasons[:], In("").Suspended},
		{"stop", queue.StopReasons[:], In("").StopReason}, {"pause", queue.PauseReasons[:], In("").PauseReason},
	} {
		for _, code := range x.codes {
			if x.word(code) == x.word("?") {
				t.Errorf("%s %q has no word", x.what, code)
			}
		}
	}
	if In("").OutletSign("paper-out", false) != "Carta esaurita: chieda il biglietto all'accoglienza." {
		t.Error(In("").OutletSign("paper-out", false))
	}
}
