package display

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// TestAlarmsStandOnEveryStaffPage: what is wrong with the box as a whole is on
// each page of the staff, with what to do, and reaches pages that are open.
func TestAlarmsStandOnEveryStaffPage(t *testing.T) {
	o := newTestOffice(t)
	var broken atomic.Bool
	cfg := o.config()
	cfg.Alarms = func() []string {
		if broken.Load() {
			return []string{words.AlarmJournalBroken}
		}
		return nil
	}
	s := serve(t, cfg, "127.0.0.1:0")
	text := words.In("").Alarm(words.AlarmJournalBroken)
	pages := []string{"/", "/cruscotto", "/cruscotto/s1", "/accoglienza", "/responsabile", "/responsabile/apparecchi", "/responsabile/attese"}
	body := func(page string) string {
		t.Helper()
		resp, err := http.Get(s.url + page)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", page, resp.Status, err)
		}
		return string(b)
	}
	for _, page := range pages {
		if strings.Contains(body(page), text.What) {
			t.Errorf("%s tells of an alarm that is not there", page)
		}
	}
	open := watch(t, s, "page=manager&as=html")
	if e := open.read(); strings.Contains(e.HTML, text.What) {
		t.Error("the open page tells of an alarm that is not there")
	}
	broken.Store(true)
	for _, page := range pages {
		if b := body(page); !strings.Contains(b, text.What) || !strings.Contains(b, text.Do) {
			t.Errorf("%s does not tell of the alarm", page)
		}
	}
	o.issue(t, "cie", queue.Ordinary)
	for !strings.Contains(open.read().HTML, text.What) {
		// A page from before; each read has its own end.
	}
}

// TestTheHallReadsThatTheBoxIsHalted: board and totem give no number for live
// that nobody could call.
func TestTheHallReadsThatTheBoxIsHalted(t *testing.T) {
	o := newTestOffice(t)
	o.busy(t)
	look := view.Look{State: o.newest(), Now: o.Now()}
	if d := look.Board(view.Every).Day; !d.Open || d.Notice != "" {
		t.Fatalf("on an ordinary morning the board says %+v", d)
	}
	look.Alarms = []string{words.AlarmNotStored}
	totem, ok := look.Totem("totem")
	if !ok {
		t.Fatal("no totem")
	}
	for what, d := range map[string]view.Day{"board": look.Board(view.Every).Day, "totem": totem.Day} {
		if d.Open || d.Notice != words.In("").Halted() {
			t.Errorf("%s says %+v", what, d)
		}
	}
}
