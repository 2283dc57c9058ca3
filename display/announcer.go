package display

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/display/voice"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// A Voice makes what is said into sound.
type Voice interface {
	// Say is a call in one language. It may take some seconds, and ends with ctx.
	Say(ctx context.Context, language queue.Language, c words.SpokenCall) (voice.Sound, error)
}

// mostHalls bounds the halls of an office whose boards sound.
const mostHalls = 16

// announcer plans what the boards of each hall sound, in one goroutine, run. Boards
// show a call at once and get its announcement a moment later, when its sounds are
// made.
type announcer struct {
	s     *Server
	clips *voice.Clips
	wake  chan struct{} // a board came, left or told something; capacity 1

	mu    sync.Mutex
	plans map[string][]view.Announcement // by hall

	// Only run touches the rest.
	journal string
	seq     uint64 // of the newest call that was looked at
	halls   map[string]*voice.Hall
	failed  bool // the last call could not be said, and that was told
}

func newAnnouncer(s *Server) *announcer {
	return &announcer{s: s, clips: voice.NewClips(), wake: make(chan struct{}, 1), plans: map[string][]view.Announcement{}, halls: map[string]*voice.Hall{}}
}

// announcements are what the boards of a hall sound from now on.
func (a *announcer) announcements(hall string) []view.Announcement {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.plans[hall]
}

// run plans until ctx ends.
func (a *announcer) run(ctx context.Context) {
	again := time.NewTimer(0)
	defer again.Stop()
	for {
		state, newer := a.s.cfg.Engine.Watch()
		a.take(ctx, state)
		next := a.plan(state)
		again.Stop()
		if !next.IsZero() {
			again.Reset(max(time.Until(next), 50*time.Millisecond))
		}
		select {
		case <-ctx.Done():
			return
		case <-newer:
		case <-a.wake:
		case <-again.C:
		}
	}
}

// A playing is the boards of one hall that are connected.
type playing struct {
	shows []topic
	able  bool     // one of them may sound
	heard []uint64 // the calls that one of them has played
}

// playing are the halls that have boards, by name.
func (a *announcer) playing(journal string) map[string]*playing {
	h := a.s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	halls := map[string]*playing{}
	for t, audience := range h.topics {
		if t.page != "board" || len(audience.clients) == 0 {
			continue
		}
		p := halls[t.hall]
		if p == nil {
			if len(halls) == mostHalls {
				continue
			}
			p = &playing{}
			halls[t.hall] = p
		}
		p.shows = append(p.shows, t)
		for c := range audience.clients {
			if r := c.report(); r.Journal == journal {
				p.able = p.able || !r.Mute
				p.heard = append(p.heard, r.Heard...)
			}
		}
	}
	return halls
}

// take makes the sounds of calls that are new, the oldest first.
func (a *announcer) take(ctx context.Context, state *queue.State) {
	calls := state.Calls()
	if journal := state.Journal(); journal != a.journal {
		// Another journal has other sequence numbers, and its calls are old.
		a.journal, a.seq = journal, 0
		a.halls = map[string]*voice.Hall{}
	}
	now, fresh := a.s.cfg.Engine.Now(), false
	for _, c := range calls {
		fresh = fresh || c.Seq > a.seq
	}
	if !fresh && len(a.halls) == 0 {
		return
	}
	a.withdraw(calls)
	if !fresh {
		return
	}
	halls := a.playing(a.journal)
	for name := range halls {
		if a.halls[name] == nil {
			a.halls[name] = voice.NewHall(a.clips.Chime())
		}
	}
	if len(a.halls) == 0 {
		// Nobody hears; the first board that comes has what is not a minute old.
		return
	}
	_, suspended := state.Suspended()
	for _, c := range slices.Backward(calls) {
		if c.Seq <= a.seq {
			continue
		}
		a.seq = c.Seq
		elapsed, _ := state.Elapsed(c.At, now)
		at := time.Now().Add(-time.Duration(float64(elapsed)/a.s.cfg.Rate()) * time.Millisecond)
		if suspended || time.Since(at) > time.Minute {
			continue
		}
		said := a.say(ctx, state, c)
		for name, hall := range a.halls {
			if p := halls[name]; p == nil || slices.ContainsFunc(p.shows, func(t topic) bool { return t.shows(c.Service) }) {
				hall.Add(time.Now(), voice.Call{Seq: c.Seq, At: at, Said: said})
			}
		}
	}
}

// withdraw leaves out what a desk has undone: it is on no board any more.
func (a *announcer) withdraw(calls []queue.Shown) {
	oldest := uint64(0)
	if len(calls) > 0 {
		oldest = calls[len(calls)-1].Seq
	}
	for _, hall := range a.halls {
		for _, seq := range hall.Waiting() {
			if seq > oldest && !slices.ContainsFunc(calls, func(c queue.Shown) bool { return c.Seq == seq }) {
				hall.Drop(time.Now(), seq)
			}
		}
	}
}

// say is a call in every language of the hall, then in the one that its holder chose.
// What cannot be said is left to the chime.
func (a *announcer) say(ctx context.Context, state *queue.State, c queue.Shown) (said []voice.Clip) {
	if a.s.cfg.Voice == nil {
		return nil
	}
	call := words.SpokenCall{Number: c.Number.Text, Desk: c.Label}
	if d, _, ok := state.Desk(c.Desk); ok {
		call.Floor, call.Room = d.Floor, d.Room
	}
	var failure error
	for _, language := range hallLanguages(state, c.Ticket) {
		key := strings.Join([]string{string(language), call.Number, call.Desk, call.Floor, call.Room}, "\n")
		clip, kept := a.clips.Said(key)
		if !kept {
			sound, err := a.s.cfg.Voice.Say(ctx, language, call)
			if err != nil {
				failure = err
				continue
			}
			clip = a.clips.Keep(key, sound)
		}
		said = append(said, clip)
	}
	if failure != nil && !a.failed && ctx.Err() == nil {
		a.s.log.Warn("calls are announced by the chime alone; install espeak-ng", "err", failure)
	}
	a.failed = failure != nil
	return said
}

// hallLanguages are what a call is said in: the languages of the tickets, then the one
// that the holder of this one chose.
func hallLanguages(state *queue.State, id queue.TicketID) []queue.Language {
	all := slices.Clone(state.Setup().Slip.Languages)
	if len(all) == 0 {
		all = []queue.Language{words.In("").Language()}
	}
	if t := state.Ticket(id); t != nil && slices.Contains(words.SpokenLanguages(), t.Language) && !slices.Contains(all, t.Language) {
		all = append(all, t.Language)
	}
	return all
}

// plan gives each hall its list, tells the boards if it is another one, and answers
// when to plan again; zero is not by itself.
func (a *announcer) plan(state *queue.State) (next time.Time) {
	if len(a.halls) == 0 {
		return time.Time{}
	}
	plans, now := map[string][]view.Announcement{}, time.Now()
	halls := a.playing(state.Journal())
	for name, hall := range a.halls {
		p := halls[name]
		if p == nil {
			p = &playing{}
		}
		for _, seq := range p.heard {
			hall.Heard(seq)
		}
		list, again := hall.Plan(now, p.able)
		if len(list) > 0 {
			plans[name] = announced(list)
		}
		if len(list) == 0 && again.IsZero() && p.shows == nil {
			delete(a.halls, name)
		}
		if !again.IsZero() && (next.IsZero() || again.Before(next)) {
			next = again
		}
	}
	a.mu.Lock()
	before := a.plans
	a.plans = plans
	a.mu.Unlock()
	if !maps.EqualFunc(before, plans, func(x, y []view.Announcement) bool {
		return slices.EqualFunc(x, y, func(x, y view.Announcement) bool { return x.Seq == y.Seq && x.At == y.At })
	}) {
		nudge(a.s.hub.loop(boardRole).wake)
	}
	return next
}

func announced(list []voice.Announcement) []view.Announcement {
	all := make([]view.Announcement, len(list))
	for i, x := range list {
		all[i] = view.Announcement{Seq: x.Seq, At: x.Begin.UnixMilli()}
		for j, clip := range x.Clips {
			all[i].Clips = append(all[i].Clips, clip.ID)
			all[i].Gaps = append(all[i].Gaps, x.Starts()[j].Milliseconds())
		}
	}
	return all
}

// getSound answers a sound of the hall by its name, which changes with what it holds.
func (s *Server) getSound(w http.ResponseWriter, r *http.Request) {
	wav, ok := s.hub.announcer.clips.File(strings.TrimSuffix(r.PathValue("clip"), ".wav"))
	if !ok {
		s.problem(w, r, http.StatusNotFound, "no-page")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Content-Length", strconv.Itoa(len(wav)))
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	_, _ = w.Write(wav)
}

// displayOf is how the board that asks hangs and what it shows: as it was paired, else
// as its address says.
func (s *Server) displayOf(r *http.Request) access.Display {
	if v := s.visitor(r); v.Kind == access.Screen {
		return v.Display.Filled()
	}
	q := r.URL.Query()
	inches, _ := strconv.ParseFloat(q.Get("pollici"), 64)
	metres, _ := strconv.ParseFloat(q.Get("metri"), 64)
	d := access.Display{Inches: inches, Metres: metres, Hall: q.Get("sala"), Services: q["servizio"], Look: q.Get("tema")}
	if d.Validate() != nil {
		d = access.Display{}
	}
	return d.Filled()
}
