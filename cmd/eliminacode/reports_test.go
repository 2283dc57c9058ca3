package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"eliminacode/queue/waiting"
)

// A slowMaker makes reports that take a second, and counts them.
type slowMaker struct {
	reports
	state         int // what the reports rest on
	made, at, max int
	mu            sync.Mutex
}

func (m *slowMaker) ask(ctx context.Context, by waiting.Grouping) (waiting.Report, error) {
	return m.reports.ask(ctx, waiting.Query{By: by}, m.restsOn, func(ctx context.Context) (waiting.Report, error) {
		m.mu.Lock()
		m.made++
		m.at++
		m.max = max(m.max, m.at)
		r := waiting.Report{Visits: m.state}
		m.mu.Unlock()
		defer func() { m.mu.Lock(); m.at--; m.mu.Unlock() }()
		select {
		case <-time.After(time.Second):
			return r, nil
		case <-ctx.Done():
			return r, ctx.Err()
		}
	})
}

func (m *slowMaker) restsOn() any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

func (m *slowMaker) happen() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state++
}

func newSlowMaker() *slowMaker { return &slowMaker{reports: newReports()} }

// TestReportsAreMadeOneAtATime lets eight ask for two reports at once, in an
// office where something happens all the time.
func TestReportsAreMadeOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newSlowMaker()
		var all sync.WaitGroup
		for i := range 8 {
			by := []waiting.Grouping{waiting.ByHour, waiting.ByDay}[i%2]
			all.Go(func() {
				for range 3 {
					m.happen()
					asked := m.restsOn().(int)
					r, err := m.ask(t.Context(), by)
					if err != nil || r.Visits < asked {
						t.Errorf("asked at %d, the report is of %d (%v)", asked, r.Visits, err)
					}
				}
			})
		}
		all.Wait()
		if m.max != 1 || m.made > 8 {
			t.Errorf("%d reports made, %d at once", m.made, m.max)
		}
	})
}

// TestReportIsKept makes a report again only when something has happened.
func TestReportIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newSlowMaker()
		for _, want := range []int{1, 1, 2} {
			if want > m.made {
				m.happen()
			}
			if r, err := m.ask(t.Context(), waiting.ByHour); err != nil || r.Visits != m.state || m.made != want {
				t.Errorf("a report of %d, %d made, want %d (%v)", r.Visits, m.made, want, err)
			}
		}
		for _, by := range []waiting.Grouping{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"} {
			if _, err := m.ask(t.Context(), by); err != nil {
				t.Fatal(err)
			}
		}
		if len(m.kept) != reportsKept {
			t.Errorf("%d reports are kept", len(m.kept))
		}
	})
}

// TestWhoHangsUpSpoilsNoReport ends the one that makes a report while another
// waits for the same, and one that waits.
func TestWhoHangsUpSpoilsNoReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newSlowMaker()
		hasty, hangUp := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer hangUp()
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := m.ask(hasty, waiting.ByHour); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("who hung up hears %v", err)
				}
			})
		}
		synctest.Wait()
		if _, err := m.ask(t.Context(), waiting.ByHour); err != nil {
			t.Error(err)
		}
		all.Wait()
		if m.made != 2 {
			t.Errorf("%d reports were begun", m.made)
		}
	})
}
