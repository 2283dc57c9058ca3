package notify

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
)

// Delays are how long after each failed attempt the next one is made, unless a
// Config says otherwise: ten more, over a day.
func Delays() []time.Duration {
	return []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour,
	}
}

const (
	// restAfterFailure is how long new events wait after an attempt failed.
	restAfterFailure = time.Minute
	// keepEvery is how often what was delivered is written down, to spare the
	// disk: a restart delivers the last of it again, by the same names.
	keepEvery = 20 * time.Second
)

// Events is the past of the office; see display.Events.
type Events interface {
	Since(seq uint64) iter.Seq2[queue.Event, error]
	Opening(seq uint64) (uint64, error)
}

// A Config is what a Sender needs from outside.
type Config struct {
	Events Events
	// Watch is the newest state that is on disk; see engine.Engine.
	Watch func() (*queue.State, <-chan struct{})
	Zone  func(name string) *time.Location
	// Read is the document that Write kept last, nil when there is none. Write
	// keeps it as a whole, so that a power cut leaves the old or the new one; it
	// holds secrets.
	Read  func() ([]byte, error)
	Write func([]byte) error
	// Delays are how long after each failed attempt the next one is made; nil is
	// Delays. Rest is how long new events wait after a failure; 0 is a minute.
	Delays []time.Duration
	Rest   time.Duration
	Log    *slog.Logger
}

// A pending is an event that is to be tried again.
type pending struct {
	Seq   uint64    `json:"seq"`
	Tried int       `json:"tried"`
	Due   time.Time `json:"due"`
}

// A line is a hook and how far it has come.
type line struct {
	Hook    Hook      `json:"hook"`
	Journal string    `json:"journal"`
	Next    uint64    `json:"next"` // the first event that was never tried
	Pending []pending `json:"pending,omitempty"`
	// Day is the day under way when Log and Pending were last in use; see age.
	Day int       `json:"day,omitempty"`
	Log []Attempt `json:"log,omitempty"` // sums of days that are over, then today's; the newest last
	// Round grows when the hook is changed or replayed: what a delivery that was
	// under way then comes to is not written into the new one.
	Round int `json:"round"`

	rest time.Time // until when new events wait
}

// document is what is kept.
type document struct {
	Format  int      `json:"format"` // 1
	Hooks   []*line  `json:"hooks"`
	Deleted []string `json:"deleted,omitempty"` // the IDs of the last ones, the newest last
}

// A Status is a hook as its administrators see it, without the secret.
type Status struct {
	Hook
	Next    uint64    `json:"next" doc:"The first event that was never tried"`
	Behind  uint64    `json:"behind" doc:"How many events of the journal come after it"`
	Pending int       `json:"pending" doc:"Events that are to be tried again"`
	Log     []Attempt `json:"log" doc:"The last attempts, newest first"`
}

// A Sender tells events to hooks.
type Sender struct {
	cfg Config

	mu      sync.Mutex
	hooks   []*line
	deleted []string
	changed chan struct{} // closed when hooks came, went or changed
	kept    time.Time
	unkept  bool
}

// New reads what was kept. With ErrDamaged the Sender works and has no hooks.
func New(cfg Config) (*Sender, error) {
	s := &Sender{cfg: cfg, changed: make(chan struct{})}
	if s.cfg.Delays == nil {
		s.cfg.Delays = Delays()
	}
	s.cfg.Rest = cmp.Or(s.cfg.Rest, restAfterFailure)
	if s.cfg.Log == nil {
		s.cfg.Log = slog.New(slog.DiscardHandler)
	}
	b, err := cfg.Read()
	if err != nil {
		return s, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if b == nil {
		return s, nil
	}
	d, err := read(b)
	if err != nil {
		return s, err
	}
	s.hooks, s.deleted = d.Hooks, d.Deleted
	return s, nil
}

// read reads a document.
func read(b []byte) (d document, err error) {
	if err := json.Unmarshal(b, &d); err != nil {
		return d, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if d.Format != 1 || len(d.Hooks) > MostHooks {
		return d, fmt.Errorf("%w: format %d with %d webhooks", ErrDamaged, d.Format, len(d.Hooks))
	}
	for _, l := range d.Hooks {
		if l == nil || l.Hook.ID == "" || len(l.Pending) > MostPending {
			return d, fmt.Errorf("%w: a webhook is not one", ErrDamaged)
		}
		if err := l.Hook.validate(); err != nil {
			return d, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return d, nil
}

// keep writes everything down. The caller holds the lock.
func (s *Sender) keep() error {
	b, err := json.Marshal(document{Format: 1, Hooks: s.hooks, Deleted: s.deleted})
	if err != nil {
		return fmt.Errorf("encoding the webhooks: %w", err)
	}
	s.kept = time.Now()
	err = s.cfg.Write(b)
	s.unkept = err != nil
	return err
}

// List is every hook, in the order of names.
func (s *Sender) List() []Status {
	state, _ := s.cfg.Watch()
	s.age(state)
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Status{}
	for _, l := range s.hooks {
		one := Status{Hook: l.Hook, Next: l.Next, Pending: len(l.Pending), Log: slices.Clone(l.Log)}
		slices.Reverse(one.Log)
		one.Secret = ""
		if newest := state.Seq(); newest >= l.Next {
			one.Behind = newest + 1 - l.Next
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return all
}

// Save makes a hook, or changes the one of its ID. A hook that is made is told
// what happens from now on; without a secret it is given one. The answer alone
// holds the secret.
func (s *Sender) Save(h Hook) (Hook, error) {
	state, _ := s.cfg.Watch()
	s.mu.Lock()
	defer s.mu.Unlock()
	h.Name = strings.TrimSpace(h.Name)
	old := s.find(h.ID)
	if h.ID != "" && old == nil {
		return Hook{}, ErrUnknown
	}
	if h.Secret == "" {
		if h.Secret = newSecret(); old != nil {
			h.Secret = old.Hook.Secret
		}
	}
	if err := errors.Join(h.validate(), s.misplaced(h, old)); err != nil {
		return Hook{}, err
	}
	before := s.hooks
	if old == nil {
		if len(s.hooks) >= MostHooks {
			return Hook{}, ErrFull
		}
		h.ID = strings.ToLower(rand.Text()[:12])
		s.hooks = append(slices.Clone(s.hooks), &line{Hook: h, Journal: state.Journal(), Next: state.Seq() + 1, Day: view.Today(state)})
	} else {
		changed := *old
		changed.Hook, changed.Round, changed.rest = h, old.Round+1, time.Time{}
		s.hooks = slices.Clone(s.hooks)
		s.hooks[slices.Index(s.hooks, old)] = &changed
	}
	return h, s.commit(before)
}

// misplaced answers what is wrong with a hook beside the others, and with where its
// address leads. One that stays as it was may be switched off, and is judged at each
// delivery as before. The caller holds the lock.
func (s *Sender) misplaced(h Hook, old *line) error {
	var faults []error
	if slices.ContainsFunc(s.hooks, func(l *line) bool { return l != old && strings.EqualFold(l.Hook.Name, h.Name) }) {
		faults = append(faults, FieldError{"name", "", ErrName})
	}
	if as := old != nil && old.Hook.URL == h.URL && old.Hook.OnBox == h.OnBox; !as && malformed(h.URL) == "" {
		if fault := judge(h.URL, h.OnBox); fault != "" {
			faults = append(faults, FieldError{"url", fault, ErrURL})
		}
	}
	return errors.Join(faults...)
}

// Delete removes a hook with all that it was to be told. It answers ErrDeleted for one
// that was deleted before, and ErrUnknown for one that never was.
func (s *Sender) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, before, deleted := s.find(id), s.hooks, s.deleted
	switch {
	case old == nil && slices.Contains(deleted, id):
		return ErrDeleted
	case old == nil:
		return ErrUnknown
	}
	s.hooks = slices.DeleteFunc(slices.Clone(s.hooks), func(l *line) bool { return l == old })
	s.deleted = append(slices.Clone(deleted), id)
	s.deleted = s.deleted[max(0, len(s.deleted)-mostDeleted):]
	err := s.commit(before)
	if err != nil {
		s.deleted = deleted
	}
	return err
}

// Replay tells a hook everything again from a sequence on.
func (s *Sender) Replay(id string, from uint64) error {
	state, _ := s.cfg.Watch()
	s.mu.Lock()
	defer s.mu.Unlock()
	old, before := s.find(id), s.hooks
	if old == nil {
		return ErrUnknown
	}
	if from > state.Seq()+1 {
		return ErrFuture
	}
	again := *old
	again.Next, again.Pending, again.Round, again.rest, again.Journal = max(from, 1), nil, old.Round+1, time.Time{}, state.Journal()
	s.hooks = slices.Clone(s.hooks)
	s.hooks[slices.Index(s.hooks, old)] = &again
	return s.commit(before)
}

// commit writes a change of the hooks down, and lets Run know of it; what cannot be
// written is taken back. The caller holds the lock.
func (s *Sender) commit(before []*line) error {
	if err := s.keep(); err != nil {
		s.hooks = before
		return err
	}
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// find is the hook of an ID. The caller holds the lock.
func (s *Sender) find(id string) *line {
	for _, l := range s.hooks {
		if l.Hook.ID == id && id != "" {
			return l
		}
	}
	return nil
}

// Test sends a hook an event of its own kind, at once and once, and answers what
// became of it. It is in no journal.
func (s *Sender) Test(ctx context.Context, id string) (Attempt, error) {
	state, _ := s.cfg.Watch()
	s.mu.Lock()
	l := s.find(id)
	s.mu.Unlock()
	if l == nil {
		return Attempt{}, ErrUnknown
	}
	client := newClient(l.Hook.scheme(), l.Hook.OnBox)
	defer client.CloseIdleConnections()
	e := view.Event{
		ID: "test-" + strings.ToLower(rand.Text()[:12]), Journal: state.Journal(), Kind: KindTest,
		At: time.Now().UTC().Format(time.RFC3339),
	}
	a, _ := deliver(ctx, client, l.Hook, e, 1)
	return a, nil
}

// deliver makes one attempt; the error is what went wrong with it, for the log of the
// box.
func deliver(ctx context.Context, client *http.Client, h Hook, e view.Event, nth int) (Attempt, error) {
	a := Attempt{At: time.Now().UTC(), Event: e.ID, Kind: e.Kind, Nth: nth}
	body, err := bodyOf(e)
	if err == nil {
		a.Status, err = post(ctx, client, h, e.ID, body)
	}
	if err != nil {
		a.Fault, a.About = faultOf(a.Status, err)
	}
	return a, err
}

func post(ctx context.Context, client *http.Client, h Hook, id string, body []byte) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrURL, err)
	}
	r.Header.Set("Content-Type", "application/cloudevents+json")
	r.Header.Set("User-Agent", "eliminacode")
	if err := sign(r.Header, h.Secret, id, time.Now(), body); err != nil {
		return 0, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, answerBytes)
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode, fmt.Errorf("receiver answers %s", resp.Status)
	}
	return resp.StatusCode, nil
}
