package escpos

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

// machinePrinter is one whose line is never opened.
func machinePrinter(t *rapid.T, model profile.Profile) *Printer {
	p, err := NewPrinter(Config{Name: "m", Profile: model, Open: func(context.Context) (Line, error) { return nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever is answered and whatever else goes on: one question is under way at a
// time, a step leaves nothing behind that was due already, and the end of a cycle
// is when everything asked in it has its answer.
func TestInquiryInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := profile.Generic()
		model.FullStatus = rapid.Bool().Draw(t, "full status")
		model.StrictStatusBits = rapid.Bool().Draw(t, "strict bits")
		p := machinePrinter(t, model)
		now := time.Date(2026, 11, 28, 8, 15, 0, 0, time.UTC)
		q := &inquiry{p: p, at: now, signs: signs{profile: &p.profile}}
		open, askedInCycle := byte(0), 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			b := business{
				ticket: rapid.Bool().Draw(t, "ticket"), storing: rapid.Bool().Draw(t, "storing"),
				settled: rapid.Bool().Draw(t, "settled"), paper: rapid.Bool().Draw(t, "paper"),
			}
			misses, replyBy := q.misses, q.replyBy
			ask, missed := q.step(now, b)
			if open != 0 && q.asked != open && ask == 0 && now.Before(replyBy) {
				t.Fatalf("a question is given up %v before its time", replyBy.Sub(now))
			}
			switch {
			case ask != 0 && open != 0:
				t.Fatalf("%d is asked while %d awaits its answer", ask, open)
			case ask != 0:
				open = ask
				askedInCycle++
			case q.asked == 0:
				open, askedInCycle = 0, 0 // given up, or none was
			}
			if missed && q.misses != misses+1 {
				t.Fatalf("%d questions are missed after %d", q.misses, misses)
			}
			if due := q.due(b); !due.IsZero() && due.Before(now) {
				t.Fatalf("what was due %v ago is not done", now.Sub(due))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Millisecond)
			answer := rapid.Byte().Draw(t, "answer")
			ended := false
			switch rapid.SampledFrom([]string{"answer", "answer", "full", "report", "silence"}).Draw(t, "what") {
			case "answer":
				if open >= askPrinter && open <= askPaper {
					ended = q.realTime(now, b, answer)
					open = 0
				}
			case "full":
				if open == askFull {
					ended = q.full(now, b, [4]byte{answer})
					open = 0
				}
			case "report":
				q.automatic(now, [4]byte{answer})
			}
			if ended && (askedInCycle == 0 || len(q.cycle) > 0 || !q.freshAt.Equal(now)) {
				t.Fatalf("a cycle ended after %d questions with %d to ask", askedInCycle, len(q.cycle))
			}
			if ended {
				askedInCycle = 0
			}
		}
	})
}

// A probe tries the rungs in order, settles on one that was answered and on no
// other, and gives up behind the last.
func TestProbeInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := machinePrinter(t, profile.GenericProcessID())
		p.torn = rapid.IntRange(0, 2).Draw(t, "torn")
		pr := &probe{p: p}
		now := time.Date(2026, 11, 28, 8, 15, 0, 0, time.UTC)
		answered := map[device.Rung]bool{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			stopped, audible := rapid.Bool().Draw(t, "stopped"), rapid.Bool().Draw(t, "audible")
			before := pr.next
			send, err := pr.step(now, stopped, audible, false)
			switch {
			case err != nil && pr.next < len(p.profile.Ack):
				t.Fatalf("it gives up before %s: %v", p.profile.Ack[pr.next], err)
			case err != nil:
				return
			case send != nil && stopped:
				t.Fatal("it probes a stopped printer")
			case pr.next > before+1:
				t.Fatalf("it passes over %s", p.profile.Ack[before])
			case pr.rung != "" && !answered[pr.rung] && pr.rung != device.RungClean:
				t.Fatalf("it settles on %s, which was not answered", pr.rung)
			case pr.rung != "" && (pr.waiting || p.torn != 0):
				t.Fatalf("settled on %s it still waits", pr.rung)
			}
			if due := pr.due(stopped); !due.IsZero() && due.Before(now) {
				t.Fatalf("what was due %v ago is not done", now.Sub(due))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Millisecond)
			switch rapid.SampledFrom([]string{"", "paper", "process", "status", "missed"}).Draw(t, "answer") {
			case "paper":
				answered[device.RungExecuted] = pr.paper(now) || answered[device.RungExecuted]
			case "process":
				answered[device.RungProcessID] = pr.process(string(pr.id[:])) || answered[device.RungProcessID]
			case "status":
				pr.status(now)
			case "missed":
				pr.missed()
			}
		}
	})
}

// A ticket in flight has its outcome by its deadline at the latest, and sooner
// only when the printer has been stopped for a while.
func TestFlightInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := machinePrinter(t, profile.Generic())
		f := &flight{p: p}
		sent := time.Date(2026, 11, 28, 8, 15, 0, 0, time.UTC)
		f.board(&job{rung: rapid.SampledFrom(p.profile.Ack).Draw(t, "rung")}, sent)
		h := &signs{profile: &p.profile}
		stoppedSince := time.Time{}
		for now := sent; ; now = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "pause")) * time.Millisecond) {
			h.basic.set(cover, rapid.Bool().Draw(t, "cover open"))
			switch {
			case !h.stopped():
				stoppedSince = time.Time{}
			case stoppedSince.IsZero():
				stoppedSince = now
			}
			err := f.step(now, h)
			grace := !stoppedSince.IsZero() && !now.Before(stoppedSince.Add(stoppedGrace))
			if over := !now.Before(f.deadline) || grace; (err != nil) != over || err != nil && !isUnknown(err) {
				t.Fatalf("%v after it was sent, stopped for a while %v: %v", now.Sub(sent), grace, err)
			}
			if err != nil {
				return
			}
			if due := f.due(); due.Before(now) || due.After(f.deadline) {
				t.Fatalf("due %v, deadline %v, now %v", due, f.deadline, now)
			}
		}
	})
}
