package notify

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"eliminacode/queue"
)

// worked is a day of a town with a webhook: desks do acts, one after the other, and some
// deliveries are refused. It answers what the log then holds, on disk and for who reads
// it, when the next day is open.
func worked(t *testing.T, acts func(o *town, settled func())) (kept, told string) {
	t.Helper()
	o := newTown(t)
	s := o.sender(t)
	s.cfg.Delays = []time.Duration{time.Hour, time.Hour} // nothing is tried again meanwhile
	var asked atomic.Int32
	url, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%3 == 0 {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	h := mustSave(t, s, Hook{ID: "", Name: "Archivio", URL: url, OnBox: true})
	stop := run(t, s)
	acts(o, func() {
		t.Helper()
		until(t, "all is told", func() bool { return s.List()[0].Behind == 0 })
	})
	fine := s.List()[0]
	if len(fine.Log) < 6 || fine.Log[0].Event == "" || fine.Log[0].Kind == "" || fine.Pending < 2 {
		t.Fatalf("while the day goes on its log is %+v", fine)
	}
	stop()
	o.nextDay(t)
	before := time.Now()
	stop = run(t, s)
	until(t, "the log is older on disk", func() bool { return !strings.Contains(string(o.keptNow(s)), `"event"`) })
	until(t, "all is told", func() bool { return s.List()[0].Behind == 0 })
	stop()
	// What the next day begins with is of that day, and the same in every town.
	s.mu.Lock()
	l := *s.find(h.ID)
	s.mu.Unlock()
	l.Log = nil
	for _, a := range s.find(h.ID).Log {
		if a.Times > 0 {
			l.Log = append(l.Log, a)
		}
	}
	for i, p := range l.Pending {
		if p.Due.Before(before.Add(time.Hour)) {
			t.Errorf("what is to be tried again is due at %v, by when it was tried first", p.Due)
		}
		l.Pending[i].Due = time.Time{}
	}
	l.Hook = Hook{}
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(l.Log)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), string(list)
}

// atDesk is the ticket that the desk holds.
func (o *town) atDesk() queue.TicketID {
	state, _ := o.Watch()
	_, now, _ := state.Desk("s1")
	return now.Ticket
}

// keptNow is the document that the Sender kept last.
func (o *town) keptNow(s *Sender) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return o.kept
}

// Who has the log of a past day in hand, and the whole document on disk, cannot tell what
// was done at a desk nor when: they are the same when the same number of deliveries came to
// the same, whatever they were of and whenever they were made.
func TestTheLogOfAPastDayTellsNoMoment(t *testing.T) {
	console := queue.Cause{Kind: queue.ByConsole, Device: "s1"}
	days := []func(o *town, settled func()){
		func(o *town, settled func()) {
			o.do(t, queue.OpenDesk{By: console, Desk: "s1"})
			settled()
			o.issue(t)
			settled()
			o.do(t, queue.CallNext{By: console, Desk: "s1"})
			settled()
			o.do(t, queue.StartService{By: console, Desk: "s1", Ticket: o.atDesk()})
			settled()
			o.do(t, queue.FinishTicket{By: console, Desk: "s1", Ticket: o.atDesk()})
			settled()
			o.do(t, queue.CloseDesk{By: console, Desk: "s1"})
			settled()
		},
		func(o *town, settled func()) {
			o.do(t, queue.OpenDesk{By: console, Desk: "s1"})
			o.issue(t)
			settled()
			time.Sleep(1100 * time.Millisecond) // another second, to whoever writes it down
			o.do(t, queue.CallNext{By: console, Desk: "s1"})
			o.do(t, queue.RecallTicket{By: console, Desk: "s1", Ticket: o.atDesk()})
			settled()
			o.do(t, queue.MarkNoShow{By: console, Desk: "s1", Ticket: o.atDesk()})
			o.do(t, queue.CloseDesk{By: console, Desk: "s1"})
			settled()
		},
	}
	var kept, told []string
	for _, day := range days {
		k, list := worked(t, day)
		kept, told = append(kept, k), append(told, list)
	}
	if kept[0] != kept[1] || told[0] != told[1] {
		t.Errorf("two days are told apart by their logs:\n%s\n%s", kept[0], kept[1])
	}
	for _, at := range regexp.MustCompile(`T\d\d:\d\d:\d\d[^"]*`).FindAllString(told[0], -1) {
		if at != "T00:00:00Z" {
			t.Errorf("the log of a past day has the moment %s: %s", at, told[0])
		}
	}
	if !strings.Contains(told[0], `"times":`) || !strings.Contains(told[0], `"status":502`) || strings.Contains(told[0], "J-") {
		t.Errorf("the log of a past day is %s", told[0])
	}
}

// What was kept while the program was down over night is made older at the start.
func TestALogGrowsOlderAtTheStart(t *testing.T) {
	o := newTown(t)
	s := o.sender(t)
	h := mustSave(t, s, Hook{Name: "Archivio", URL: "https://example.org"})
	at := time.Date(2026, 11, 24, 9, 12, 33, 0, time.UTC)
	l := s.find(h.ID)
	for i := range 3 {
		l.Log = append(l.Log, Attempt{At: at.Add(time.Duration(i) * time.Minute), Event: "J-7", Kind: "ticket.called", Nth: 1, Status: 204})
	}
	l.Pending = []pending{{Seq: 7, Tried: 2, Due: at}, {Seq: 8, Tried: 1, Due: at}}
	if err := s.keep(); err != nil {
		t.Fatal(err)
	}
	if got := o.sender(t).List()[0].Log; len(got) != 3 || got[0].Event != "J-7" {
		t.Fatalf("on the same day the log is %+v", got)
	}
	o.nextDay(t)
	got := o.sender(t).List()[0]
	if len(got.Log) != 1 || got.Log[0] != (Attempt{At: at.Truncate(24 * time.Hour), Times: 3, Status: 204}) || got.Pending != 2 {
		t.Errorf("on another day it is %+v", got)
	}
	for _, fine := range []string{"09:1", "ticket.called", "J-7", `"tried":2`} {
		if strings.Contains(string(o.kept), fine) {
			t.Errorf("on disk there is %s: %s", fine, o.kept)
		}
	}
}

// A replay of a past day is counted, and stands beside nothing.
func TestAReplayOfAPastDayIsCounted(t *testing.T) {
	o := newTown(t)
	o.do(t, queue.OpenDesk{By: queue.Cause{Kind: queue.ByConsole, Device: "s1"}, Desk: "s1"})
	o.issue(t)
	o.nextDay(t)
	s := o.sender(t)
	url, asked := receiver(t, func(http.ResponseWriter, *http.Request) {})
	h := mustSave(t, s, Hook{Name: "Archivio", URL: url, OnBox: true, Kinds: []string{"desk.acted", "ticket.issued"}})
	run(t, s)
	if err := s.Replay(h.ID, 1); err != nil {
		t.Fatal(err)
	}
	until(t, "both are told and counted", func() bool {
		l := s.List()[0].Log
		return len(asked()) >= 2 && len(l) == 1 && l[0].Times == len(asked())
	})
	if a := s.List()[0].Log[0]; a.Event != "" || a.Kind != "" || a.Nth != 0 || !a.OK() {
		t.Errorf("the log has %+v", a)
	}
}

// A sum stands under the day of the office: in its zone, and by its clock, which a person
// may have corrected.
func TestASumStandsUnderTheOfficesDay(t *testing.T) {
	zone := time.FixedZone("here", 3600)
	at := time.Date(2026, 11, 24, 21, 30, 0, 0, time.UTC)
	for correction, want := range map[time.Duration]int{0: 24, time.Hour: 24, 2 * time.Hour: 25, -23 * time.Hour: 23} {
		var l line
		l.sum(Attempt{At: at, Status: 200}, days{zone, correction})
		if got := l.Log[0].At.In(zone); got.Day() != want || got.Hour() != 0 {
			t.Errorf("corrected by %v it stands under %v", correction, got)
		}
	}
}
