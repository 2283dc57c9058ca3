package display

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"eliminacode/display/view"
)

const (
	// phoneBeat is how often a phone hears that its line is alive, and is sent the page
	// anew if only its clock has changed.
	phoneBeat = 10 * time.Second
	// phoneRest is the least time between two pages for one phone: of calls that come
	// together it is sent the last.
	phoneRest = 250 * time.Millisecond
	// phonesOfTicket is how many phones follow one ticket. One more takes the place of
	// the one that came first, which may be gone and not say so.
	phonesOfTicket = 3
)

// phoneStream is the address of the events of a ticket, below that of its page.
const phoneStream = "/segue"

// isPhoneStream tells that a request is for the events of a ticket, which have places of
// their own.
func isPhoneStream(r *http.Request) bool {
	token, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/b/"), phoneStream)
	return ok && onPhone(r) && r.Method == http.MethodGet && !strings.Contains(token, "/")
}

// phones are those that follow a ticket. They may be used from any goroutine.
type phones struct {
	s       *Server
	drawing chan struct{} // held while a page is drawn, so that all take one core at most; capacity 1

	mu    sync.Mutex
	of    map[string][]*phone // by token, in the order in which they came
	by    map[address]int
	all   int
	ended sync.WaitGroup
	stop  chan struct{} // closed when the server ends
}

// A phone is one page that follows a ticket.
type phone struct {
	token string
	from  address
	over  chan struct{} // closed when it must give its place up
	cut   func()        // makes a write that is under way fail
}

func newPhones(s *Server) *phones {
	return &phones{s: s, drawing: make(chan struct{}, 1), of: map[string][]*phone{}, by: map[address]int{}, stop: make(chan struct{})}
}

// enter gives a phone a place, or answers errFull.
func (a *phones) enter(one *phone) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.stop:
		return errFull
	default:
	}
	if same := a.of[one.token]; len(same) >= phonesOfTicket {
		same[0].cut()
		a.drop(same[0])
	}
	if a.all >= a.s.bounds.Phones || a.by[one.from] >= half(a.s.bounds.Phones) {
		return errFull
	}
	a.of[one.token] = append(a.of[one.token], one)
	a.by[one.from]++
	a.all++
	a.ended.Add(1)
	return nil
}

// drop takes the place of a phone back, once, and ends it. The caller holds the lock.
func (a *phones) drop(one *phone) {
	select {
	case <-one.over:
		return
	default:
	}
	close(one.over)
	var left []*phone
	for _, other := range a.of[one.token] {
		if other != one {
			left = append(left, other)
		}
	}
	if a.of[one.token] = left; len(left) == 0 {
		delete(a.of, one.token)
	}
	if a.by[one.from]--; a.by[one.from] == 0 {
		delete(a.by, one.from)
	}
	a.all--
}

func (a *phones) leave(one *phone) {
	a.mu.Lock()
	a.drop(one)
	a.mu.Unlock()
	a.ended.Done()
}

// close ends every phone's line and returns when all have left. Who does not take that
// within stopWait is cut off. They come back by themselves.
func (a *phones) close() {
	a.mu.Lock()
	close(a.stop)
	a.mu.Unlock()
	whenLeft(&a.ended, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, same := range a.of {
			for _, one := range same {
				one.cut()
			}
		}
	})
}

// A phoneMessage is the page of a ticket as it is now.
type phoneMessage struct {
	HTML string `json:"html"` // of the body's parts that may change
}

// getPhoneStream follows one ticket with server-sent events: "page" with a phoneMessage
// at first and whenever it changes, "beat" every phoneBeat, and "gone" when the ticket
// has no page any more. A phone that takes longer over one than it may is cut off, and
// one that finds no place is told so and fetches the page instead.
func (s *Server) getPhoneStream(w http.ResponseWriter, r *http.Request) {
	token, from := r.PathValue("token"), addressOf(r)
	if err := s.askers.read(from, time.Now(), 1); err != nil {
		s.refuse(w, r, err)
		return
	}
	if _, ok := s.lookFor(r).Phone(token); !ok {
		s.refuse(w, r, errNoTicket)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy passes each event on at once
	if r.Method == http.MethodHead {
		return
	}
	control := http.NewResponseController(w)
	one := &phone{token: token, from: from, over: make(chan struct{}), cut: func() { _ = control.SetWriteDeadline(time.Unix(1, 0)) }}
	if err := s.phones.enter(one); err != nil {
		s.refuse(w, r, err)
		return
	}
	defer s.phones.leave(one)
	// The server's own limits are for pages, which end.
	_ = control.SetReadDeadline(time.Time{})
	s.followTicket(r, one, &sseReader{w: w, control: control, patience: s.cfg.WriteTimeout})
}

// followTicket sends a phone what becomes of its ticket, until that ends, the phone is
// gone or too slow, or its place is another's.
func (s *Server) followTicket(r *http.Request, one *phone, to *sseReader) {
	beat := time.NewTicker(phoneBeat)
	defer beat.Stop()
	tongue := s.tongueOf(r)
	var shown view.Phone
	sent, due := "", true // what was sent last, and whether the phone must hear something
	for {
		state, newer := s.cfg.Engine.Watch()
		look := s.lookAt(state)
		look.Tongue = tongue
		v, page, err := s.drawTicket(r, one, look, shown, due)
		switch {
		case errors.Is(err, errNoTicket):
			_ = to.message("gone", "", struct{}{})
			return
		case err != nil:
			s.log.Debug("drawing the page of a ticket for a phone", "err", err)
			return
		case page != "" && page != sent:
			sent, err = page, to.message("page", "", phoneMessage{page})
		case due:
			err = to.message("beat", "", struct{}{})
		}
		if shown, due = v, false; err != nil || !follows(v) {
			return
		}
		for rested := time.After(phoneRest); rested != nil || newer != nil && !due; {
			wake := newer
			if rested != nil {
				wake = nil
			}
			select {
			case <-rested:
				rested = nil
			case <-wake:
				newer = nil
			case <-beat.C:
				due = true
			case <-one.over:
				return
			case <-s.phones.stop:
				return
			case <-r.Context().Done():
				return
			}
		}
	}
}

// drawTicket is the page of a phone's ticket by a look, which is drawn only where it is
// due or does not show the same any more. It answers errNoTicket once there is none.
func (s *Server) drawTicket(r *http.Request, one *phone, look view.Look, shown view.Phone, due bool) (v view.Phone, page string, err error) {
	select {
	case s.phones.drawing <- struct{}{}:
	case <-r.Context().Done():
		return v, "", r.Context().Err()
	case <-one.over:
		return v, "", errFull
	case <-s.phones.stop:
		return v, "", errFull
	}
	defer func() { <-s.phones.drawing }()
	v, ok := look.Phone(one.token)
	if !ok {
		return v, "", errNoTicket
	}
	if !due && reflect.DeepEqual(v, shown) {
		return v, "", nil
	}
	var b bytes.Buffer
	p := s.phonePage(look, v)
	err = s.execute(&b, "main", &p.sheet, p)
	return v, b.String(), err
}
