package bridge

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/device"
	"eliminacode/queue"
)

// panels remember what they were told.
type panels struct {
	mu   sync.Mutex
	told map[string][]string
}

func (p *panels) Run(ctx context.Context) error { <-ctx.Done(); return nil }
func (p *panels) Status() []device.Status       { return nil }

func (p *panels) Show(panel, text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told == nil {
		p.told = map[string][]string{}
	}
	p.told[panel] = append(p.told[panel], text)
	return nil
}

// since gives what a panel was told since the last time it was asked.
func (p *panels) since(panel string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	told := p.told[panel]
	p.told[panel] = nil
	return told
}

func TestPanelsShowCalls(t *testing.T) {
	run(t, func(t *testing.T, r rig) {
		do := func(c queue.Command) {
			t.Helper()
			if _, _, err := r.office.Do(t.Context(), c); err != nil {
				t.Fatalf("%T: %v", c, err)
			}
			synctest.Wait()
		}
		want := func(what string, hall, s2 []string) {
			t.Helper()
			if got := r.panels.since("hall"); !slices.Equal(got, hall) {
				t.Errorf("%s: the hall was told %q, want %q", what, got, hall)
			}
			if got := r.panels.since("over-s2"); !slices.Equal(got, s2) {
				t.Errorf("%s: desk 2 was told %q, want %q", what, got, s2)
			}
		}
		want("at first", []string{"--"}, []string{""})
		r.press("b1")
		r.press("b2")
		want("tickets", nil, nil)
		r.keys("k1", device.KeyNext)
		want("a call at desk 1", []string{"A001 1"}, nil)
		time.Sleep(5 * time.Second)
		r.keys("k2", device.KeyNext)
		want("a call at desk 2", []string{"C500 2"}, []string{" 500"})
		time.Sleep(5 * time.Second)
		r.keys("k2", device.KeyRecall)
		want("a recall", []string{"C500 2"}, []string{" 500"})
		do(queue.UndoCall{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2", Ticket: r.ticket("C500").ID})
		want("a call taken back", []string{"A001 1"}, []string{""})
		do(queue.SuspendOffice{By: queue.Cause{Kind: queue.ByManager}, Why: "alarm"})
		want("suspended", []string{"--"}, nil)
		do(queue.ResumeOffice{By: queue.Cause{Kind: queue.ByManager}})
		want("resumed", []string{"A001 1"}, nil)
		time.Sleep(5 * time.Second)
		r.keys("k2", device.KeyNext)
		want("called again", []string{"C500 2"}, []string{" 500"})
		do(queue.FinishTicket{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2", Ticket: r.ticket("C500").ID})
		do(queue.CloseDesk{By: queue.Cause{Kind: queue.ByConsole}, Desk: "s2"})
		want("desk 2 is closed", nil, []string{""})
		time.Sleep(48 * time.Hour)
		do(queue.Tick{})
		want("the day has closed", []string{"--"}, nil)
	})
}
