package engine

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue"
)

// pressed is what a button asks for: it has no name to ask again by.
func pressed(button string) queue.IssueTicket {
	return queue.IssueTicket{By: queue.Cause{Kind: queue.ByButton, Device: button}, Service: "anagrafe", Outlet: "totem"}
}

// While the disk does not answer, people give up. Whoever's turn had not come
// gets nothing; a press that was being stored is taken back before anybody sees
// its number; a page that named its request still finds its ticket.
func TestWhoGaveUpGetsNoTicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		e, stop := start(t, m, nil)
		m.gate = make(chan struct{})
		gaveUp := make(chan error)
		ask := func(c queue.Command, after time.Duration) {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				_, _, err := e.Do(ctx, c)
				gaveUp <- err
			}()
			synctest.Wait()
		}
		ask(pressed("b1"), 5*time.Second) // alone in the sync that hangs
		ask(pressed("b2"), 5*time.Second)
		ask(issue(7), 5*time.Second)
		for range 3 {
			if err := <-gaveUp; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the disk hangs, and a caller got %v", err)
			}
		}
		ask(issue(8), time.Minute) // waits on
		close(m.gate)
		if err := <-gaveUp; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		s, _ := e.Watch()
		if n := s.Totals(); n.Issued != 2 || n.Cancelled != 1 || n.Waiting != 1 || s.TicketByRequest("r7") != nil || s.TicketByRequest("r8") == nil {
			t.Errorf("issued %d, cancelled %d, waiting %d", n.Issued, n.Cancelled, n.Waiting)
		}
		if x := s.Ticket(1_000_001); x.State != queue.Cancelled || x.Why != queue.WhyGone {
			t.Errorf("the press that nobody waited for is %s (%s)", x.State, x.Why)
		}
		if s.Seq() != uint64(len(m.stored())) {
			t.Errorf("%d events are stored of %d", len(m.stored()), s.Seq())
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// A ticket that cannot be taken back, since the disk is full by then, stays.
func TestATicketIsNotTakenBackOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		full := errors.New("no room")
		e, stop := start(t, m, func(c *Config) { c.NothingWritten = func(err error) bool { return errors.Is(err, full) } })
		m.gate = make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := e.Do(ctx, pressed("b1")); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		m.gate <- struct{}{}
		synctest.Wait()
		m.failing(full)
		m.gate <- struct{}{}
		synctest.Wait()
		m.failing(nil)
		close(m.gate)
		s, _ := do(t, e, issue(2))
		if n := s.Totals(); n.Issued != 2 || n.Waiting != 2 || s.Seq() != uint64(len(m.stored())) {
			t.Errorf("%+v, %d events of %d", n, len(m.stored()), s.Seq())
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// A sync that hangs is told to the log, once, and to those who watch; and so is
// its end.
func TestASyncThatHangsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		var log bytes.Buffer
		e, stop := start(t, m, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		m.gate = make(chan struct{})
		_, newer := e.Watch()
		answered := make(chan error)
		go func() {
			_, _, err := e.Do(t.Context(), issue(1))
			answered <- err
		}()
		time.Sleep(hangsAfter - time.Millisecond)
		synctest.Wait()
		if e.Hangs() {
			t.Error("a slow sync is told as one that hangs")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		select {
		case <-newer:
		default:
			t.Error("those who watch are not told")
		}
		if !e.Hangs() || strings.Count(log.String(), "does not answer") != 1 {
			t.Errorf("hangs %v; log:\n%s", e.Hangs(), log.String())
		}
		_, newer = e.Watch()
		close(m.gate)
		if err := <-answered; err != nil {
			t.Error(err)
		}
		<-newer
		if e.Hangs() || !strings.Contains(log.String(), "answers again") {
			t.Errorf("hangs %v after it is over; log:\n%s", e.Hangs(), log.String())
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	})
}
