package display

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
)

// A program tries the devices of a box that has no office, says what came of it,
// leaves a step out and gives a meaning to what was found, as the page does; a PROVA
// that failed and what cannot be are refusals.
func TestTheWalkByAPI(t *testing.T) {
	u, walk := walking(t)
	c := &caller{t: t, s: u.s}
	var did didAnswer
	c.call(http.StatusOK, "POST", "/api/v1/walk/trial", object{"name": "atrio"}, &did)
	if did.Code != "trial-printed" || did.Say == "" {
		t.Errorf("%+v", did)
	}
	c.call(http.StatusOK, "POST", "/api/v1/walk/came-out", object{"name": "atrio"}, &did)
	var p problem
	c.call(http.StatusConflict, "POST", "/api/v1/walk/trial", object{"name": "ingresso"}, &p)
	if p.Code != "trial-failed" || p.Do == "" {
		t.Errorf("%+v", p)
	}
	c.call(http.StatusOK, "POST", "/api/v1/walk/not-out", object{"name": "ingresso"}, nil)
	c.call(http.StatusBadRequest, "POST", "/api/v1/walk/trial", object{"name": "tetto"}, nil)
	c.call(http.StatusOK, "POST", "/api/v1/walk/leave", object{"name": "keypads"}, nil)
	c.call(http.StatusUnprocessableEntity, "POST", "/api/v1/walk/leave", object{"name": "office"}, nil)
	var outcomes []TrialOutcome
	tried, _ := walk.Tried()
	for _, one := range tried {
		outcomes = append(outcomes, one.Outcome)
	}
	if !slices.Equal(outcomes, []TrialOutcome{TrialCameOut, TrialNotOut, StepLeft}) {
		t.Errorf("kept is %v", outcomes)
	}

	c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "GPIO27", "service": "anagrafe", "class": "priority", "outlet": "hall"}, &did)
	if did.Code != "walk-written" || walk.shown != 1 {
		t.Errorf("%+v, told %d times that nobody waits for a page", did, walk.shown)
	}
	c.call(http.StatusOK, "POST", "/api/v1/walk/name", object{"kind": "keypad", "name": "/dev/input/by-path/usb-0:1.5-event-kbd", "desk": "s1", "model": "numeric"}, &did)
	if did.Code != "walk-lines" {
		t.Errorf("%+v", did)
	}
	c.call(http.StatusConflict, "POST", "/api/v1/walk/name", object{"kind": "button", "name": "GPIO99"}, &p)
	if want := (Naming{Thing: Thing{ButtonThing, "GPIO27"}, Service: "anagrafe", Class: queue.Priority, Outlet: "hall"}); p.Code != "walk-refused" || len(walk.named) != 2 || walk.named[0] != want {
		t.Errorf("%+v, named is %+v", p, walk.named)
	}

	var state struct{ View walkPage }
	c.call(http.StatusOK, "GET", "/api/v1/state/walk", nil, &state)
	if v := state.View; len(v.Steps) < 3 || v.Steps[0].Count != 1 || len(v.Steps[0].Things) != 2 || v.Steps[1].Found[0].Name != "GPIO27" || !strings.Contains(v.Lines, "[[keypad]]") || len(v.Heard) != 2 {
		t.Errorf("%+v", v)
	}
}

// A program lists the copies, sends one as it is, and puts one back.
func TestCopiesByAPI(t *testing.T) {
	o := newTestBox(t)
	cfg := o.config()
	copies := &twoCopies{}
	cfg.Copies = copies
	c := &caller{t: t, s: serve(t, cfg, "")}
	var all copiesAnswer
	c.call(http.StatusOK, "GET", "/api/v1/copies", nil, &all)
	if len(all.Copies) != 3 || all.Copies[0].ID != "a1" || all.Copies[0].Series[0] != "A158" || all.Copies[1].Instead == "" || all.Copies[2].Unfit == "" {
		t.Errorf("%+v", all)
	}
	var p problem
	c.call(http.StatusNotFound, "POST", "/api/v1/copies/b2/put-back", nil, &p)
	if p.Code != "no-copy" || len(copies.back) > 0 {
		t.Errorf("%+v", p)
	}
	var did didAnswer
	c.call(http.StatusOK, "POST", "/api/v1/copies/a1/put-back", nil, &did)
	if did.Code != "copy-chosen" || did.Say == "" || !slices.Equal(copies.back, []string{"a1"}) || copies.shown != 1 {
		t.Errorf("%+v, put back %v, told %d times that nobody waits for a page", did, copies.back, copies.shown)
	}

	taken := &takenCopies{}
	cfg.Copies = taken
	c = &caller{t: t, s: serve(t, cfg, "")}
	put := func() (int, string) {
		status, _, body := ask(t, request(t, "PUT", c.s.url+"/api/v1/copies/sent", "the bytes", "Content-Type", "application/x-tar"))
		return status, body
	}
	if status, body := put(); status != http.StatusOK || string(taken.sent) != "the bytes" {
		t.Errorf("%d %s, handed on is %q", status, body, taken.sent)
	}
	for err, want := range map[error]int{
		fmt.Errorf("%w: no tar", ErrBadCopy): http.StatusBadRequest, ErrCopyTooBig: http.StatusRequestEntityTooLarge, ErrTaking: http.StatusConflict,
	} {
		taken.err = err
		status, body := put()
		if err := json.Unmarshal([]byte(body), &p); err != nil || status != want || p.Do == "" {
			t.Errorf("%v: answered %d %s", taken.err, status, body)
		}
	}
}

// What is for a box without an office is refused where there is one: its copies and the
// steps on the way, not what its devices are tried and changed by; bad requests change nothing on either; what is
// read there stands in the document.
func TestTheFirstCallsAreForABoxWithoutAnOffice(t *testing.T) {
	x := newWholeOffice(t)
	before := x.kept(t)
	refused := 0
	for _, call := range x.calls {
		if !strings.HasPrefix(call.path, walkAPI) && !strings.HasPrefix(call.path, copiesAPI) {
			continue
		}
		act := strings.TrimPrefix(call.path, walkAPI+"/")
		if act != call.path && act != "leave" && act != "name" {
			continue
		}
		rec := x.send(call.method, call.at(""), strings.NewReader(x.good(t, call)), "Content-Type", call.media)
		want := http.StatusConflict
		if call.path == walkAPI+"/name" || call.path == walkAPI+"/remove" {
			want = http.StatusBadRequest // by its values alone: those of the document are no device's
		}
		if p, err := refusalIn(rec); err != nil || rec.Code != want {
			t.Errorf("%s: answered %d, %+v, %v", call, rec.Code, p, err)
		}
		refused++
	}
	if refused < 5 || x.kept(t) != before {
		t.Errorf("%d calls were refused", refused)
	}
	box := wholeOf(t, newTestBox(t))
	for _, below := range []string{walkAPI, copiesAPI} {
		if asked := badlyAsked(t, box, below); asked < 2 {
			t.Errorf("only %d calls below %s were asked", asked, below)
		}
	}
	for _, call := range box.calls {
		if call.method != http.MethodGet || call.path != copiesAPI && call.path != "/api/v1/state/walk" {
			continue
		}
		var got any
		rec := box.send(http.MethodGet, call.path, nil)
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", call, rec.Code, rec.Body)
		}
		for _, name := range box.unsaid(call.answer, got, "") {
			t.Errorf("%s answers with %s, which the document does not have", call, name)
		}
	}
}
