package display

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"eliminacode/display/access"
	"eliminacode/queue"
)

// dayOver is a busy day that is over: the next one is open, and nothing has happened
// in it. It answers the moments of the day at which somebody at a desk did something.
func (o *testOffice) dayOver(t *testing.T) (moments []int64) {
	t.Helper()
	o.pass(time.Minute) // so that nothing was done when the office was set up
	o.busy(t)
	o.pass(24 * time.Hour)
	o.openNextDay(t)
	for e := range o.Since(1) {
		if _, opened := e.Body.(queue.DayOpened); opened {
			continue // the next day, as the first, begins when it is opened
		}
		if e.By.Kind == queue.ByConsole {
			moments = append(moments, e.At.Wall)
		}
	}
	if len(moments) < 20 {
		t.Fatalf("only %d moments; the test shows nothing", len(moments))
	}
	return moments
}

// openNextDay opens the day after the office's first.
func (o *testOffice) openNextDay(t *testing.T) {
	t.Helper()
	day := int64(tuesday - (10*60+31)*60_000 + 24*3_600_000)
	o.must(t, queue.OpenDay{Plan: queue.DayPlan{
		Date: "2026-11-25", Begins: day, Ends: day + 24*3_600_000,
		Bands: []queue.Band{{Opens: day + 495*60_000, Closes: day + 17*3_600_000}},
	}})
}

// otherwise is the past as it would be had each clerk sat at another desk, with another
// thing in hand, and taken another time over everything, within the hour; and had each
// call been of another ticket.
func (o *testOffice) otherwise(t *testing.T) (past []queue.Event) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 5))
	places := strings.NewReplacer(`"s1"`, `"s2"`, `"s2"`, `"s3"`, `"s3"`, `"s4"`, `"s4"`, `"s5"`, `"s5"`, `"s6"`, `"s6"`, `"s7"`, `"s7"`, `"s1"`)
	var called []queue.TicketID
	for e := range o.Since(1) {
		if call, ok := e.Body.(queue.TicketCalled); ok {
			called = append(called, call.Ticket)
		}
	}
	r.Shuffle(len(called), func(i, j int) { called[i], called[j] = called[j], called[i] })
	for e := range o.Since(1) {
		if _, ok := e.Body.(queue.TicketCalled); ok || e.By.Kind == queue.ByConsole {
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			moved := queue.Event{}
			if err := json.Unmarshal([]byte(places.Replace(string(b))), &moved); err != nil {
				t.Fatal(err)
			}
			const hour = 3_600_000
			moved.At.Wall = e.At.Wall - e.At.Wall%hour + r.Int64N(hour)
			moved.By.Inferred = !e.By.Inferred
			if r.IntN(2) == 0 {
				moved.By.Kind = queue.ByKeypad
			}
			if call, ok := moved.Body.(queue.TicketCalled); ok {
				call.Reason.WaitedMs = r.Int64N(hour)
				call.Ticket, called = called[0], called[1:]
				moved.Body = call
				if r.IntN(3) == 0 {
					moved.Body = queue.TicketServed{Ticket: call.Ticket, Desk: call.Desk}
				}
			}
			e = moved
		}
		past = append(past, e)
	}
	return past
}

// TestEventsOfAPastDayTellOfNoDesk: what programs are told of a day that is over is
// the same when each clerk sat elsewhere, called others and took longer or less, so that
// nobody can work out of it what somebody at a desk did. While the day is open, its events
// say where: boards and desks need it.
func TestEventsOfAPastDayTellOfNoDesk(t *testing.T) {
	o := newTestOffice(t)
	o.dayOver(t)
	s := serve(t, o.config(), "")
	newest := int(o.newest().Seq())
	read := func() (text string) {
		for name, x := range map[string]eventReader{
			"sse": readSSE(t, s.url, "?from=1", ""), "socket": readSocket(t, s.url, "?from=1"),
		} {
			b, err := json.Marshal(x.events(t, 1, newest))
			x.close()
			if err != nil {
				t.Fatal(err)
			}
			if text != "" && text != string(b) {
				t.Errorf("by %s it is told otherwise", name)
			}
			text = string(b)
		}
		return text
	}
	told := read()
	past := o.otherwise(t)
	o.mu.Lock()
	o.past = past
	o.mu.Unlock()
	if other := read(); other != told {
		t.Errorf("an office whose clerks sit elsewhere is told otherwise, from %q", difference(told, other))
	}
	if strings.Contains(told, `"desk":"`) || strings.Contains(told, "waited_ms") {
		t.Error("a past day is told by desk")
	}
	if !strings.Contains(told, `"kind":"ticket.issued"`) || !strings.Contains(told, `"kind":"desk.acted"`) || !strings.Contains(told, `"service":"anagrafe"`) {
		t.Error("the past is not told at all")
	}

	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	o.next(t, "s1")
	x := readSSE(t, s.url, fmt.Sprint("?from=", newest+1), "")
	defer x.close()
	all := x.events(t, uint64(newest+1), int(o.newest().Seq())-newest)
	at, err := time.Parse(time.RFC3339, all[len(all)-1].At)
	if last := all[len(all)-1]; err != nil || last.Kind != "ticket.called" || last.Data.Desk != "s1" || at.UnixMilli() != o.past[len(o.past)-1].At.Wall {
		t.Errorf("today's call is told as %+v (%v)", last, err)
	}
}

// difference is where two texts part.
func difference(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return a[max(0, at-200):min(len(a), at+80)]
}

// TestNoCallTellsWhatADeskDidOnAPastDay: whatever a manager's, a technician's or a
// program's token may read by the API, no answer holds a moment at which somebody at a
// desk did something on a day that is over. The copy of the journal, which is the
// technician's for when the box breaks, is a file and no report.
func TestNoCallTellsWhatADeskDidOnAPastDay(t *testing.T) {
	o := newTestOffice(t)
	moments := o.dayOver(t)
	x := wholeOf(t, o)
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, ms := range moments {
		at := time.UnixMilli(ms).In(zone)
		said = append(said, fmt.Sprint(ms), at.Format("15:04:05.000"), at.UTC().Format("15:04:05.000"), at.Format("T15:04:05"), at.UTC().Format("T15:04:05"))
	}
	read := 0
	for _, role := range []access.Role{access.Manager, access.Technician, access.Quality} {
		_, text, err := x.store.MakeToken(time.Now(), access.By{Name: "Anna"}, access.Token{
			Name: string(role), Role: role, PerMinute: 60_000, Expires: time.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range x.calls {
			if c.method != http.MethodGet || strings.HasSuffix(c.path, "/copy.tar") {
				continue
			}
			rec := x.send(c.method, c.at("")+"?"+c.question(), nil, "Authorization", "Bearer "+text)
			if rec.Code == http.StatusOK {
				read++
			}
			if i := slices.IndexFunc(said, func(s string) bool { return strings.Contains(rec.Body.String(), s) }); i >= 0 {
				t.Errorf("%s tells %s that a desk did something at %s", c, role, said[i])
			}
		}
	}
	if read < 50 {
		t.Errorf("only %d answers; the test shows nothing", read)
	}
}
