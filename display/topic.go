package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"eliminacode/display/access"
	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/gorilla/websocket"
)

// A topic is a page with its arguments: all that watch it see the same bytes.
type topic struct {
	page string // "board", "totem", "voting", "console", "desks", "reception", "attendant", "manager", "devices", "walk" or "pulse"
	arg  string // the desk or outlet
	// hall and services are those of a board whose calls are not all: the services by
	// their IDs, with blanks between them.
	hall, services string
	query          string // what the reception searches for
	html           bool   // the body of the page itself instead of its JSON
	// language is that of a page of the staff, or the one that a citizen chose at a totem;
	// empty is the office's, which the hall has.
	language queue.Language
}

// in is the topic for who is spoken to in a tongue. The hall has one for all.
func (t topic) in(tongue *words.Tongue) topic {
	if !t.ofHall() {
		t.language = tongue.Language()
	}
	return t
}

// boundTo is the topic for a screen that was paired at one place: that place's,
// whatever the screen asks for.
func (t topic) boundTo(v access.Visitor) topic {
	switch {
	case v.Kind != access.Screen:
	case t.page == "totem":
		t.arg = string(v.Outlet)
	case t.page == "voting":
		t.arg = string(v.Desk)
	case t.page == "board":
		t.hall, t.services = v.Display.Hall, strings.Join(v.Display.Services, " ")
	}
	return t
}

// place is the name of the value that says whose page it is; empty for a page that is
// of no place.
func (t topic) place() string {
	switch t.page {
	case "totem":
		return "outlet"
	case "voting", "console":
		return "desk"
	}
	return ""
}

// shows tells whether a board has the calls of a service.
func (t topic) shows(id queue.ServiceID) bool {
	return t.services == "" || slices.Contains(strings.Fields(t.services), string(id))
}

// spoken is a look in the language of the topic.
func (t topic) spoken(l view.Look) view.Look {
	if t.language != "" {
		l.Tongue = words.In(t.language)
	}
	return l
}

// address is where the page itself is kept fresh, without the host.
func (t topic) address() string {
	q := url.Values{"page": {t.page}, "as": {"html"}, languageCookie: {string(t.language)}}
	if t.page == "console" {
		q.Set("desk", t.arg)
	}
	if t.page == "reception" {
		q.Set("q", t.query)
	}
	return "/ws?" + q.Encode()
}

// maxQueryBytes bounds what a page may search for.
const maxQueryBytes = 20

// readTopic reads the address of a websocket.
func readTopic(q url.Values) (topic, error) {
	t := topic{page: q.Get("page"), html: q.Get("as") == "html"}
	switch t.page {
	case "board":
		d := access.Display{Hall: q.Get("hall"), Services: q["service"]}
		if err := d.Validate(); err != nil {
			return topic{}, fmt.Errorf("%w: %w", errBadBody, err)
		}
		t.html, t.hall, t.services = false, d.Hall, strings.Join(d.Services, " ")
	case "totem", "voting":
		t.arg, t.html = q.Get(t.place()), false
		if t.page == "totem" {
			t.language = readTotemModes(q).language
		}
	case "console":
		t.arg = q.Get(t.place())
	case "reception":
		t.query = q.Get("q")
	case "desks", "attendant", "manager", "devices", "walk":
	case "pulse":
		t.html = false
	default:
		return topic{}, fmt.Errorf("%w: %q", errNoPage, t.page)
	}
	if len(t.query) > maxQueryBytes {
		return topic{}, fmt.Errorf("%w: search of %d bytes", errBadBody, len(t.query))
	}
	return t, nil
}

// rest is how long a topic is left alone after it was rendered. Boards never
// wait; pages that add up the whole day do.
func (t topic) rest() time.Duration {
	switch t.page {
	case "board":
		return 0
	case "totem", "voting", "console":
		return 50 * time.Millisecond
	case "reception":
		return 300 * time.Millisecond
	default:
		return time.Second
	}
}

// A role is a kind of page, as far as places for websockets go.
type role int

const (
	boardRole role = iota
	totemRole
	consoleRole // and the voting screens beside them
	pageRole    // of the other staff
	roles
)

func (t topic) role() role {
	switch t.page {
	case "board":
		return boardRole
	case "totem":
		return totemRole
	case "console", "voting":
		return consoleRole
	default:
		return pageRole
	}
}

// heavy tells that a page adds up the whole day.
func (t topic) heavy() bool {
	return t.page == "reception" || t.page == "attendant" || t.page == "manager" || t.page == "devices"
}

// ofHall tells whether the page stands in the hall, or says nothing.
func (t topic) ofHall() bool {
	return slices.Contains([]string{"board", "totem", "voting", "pulse"}, t.page)
}

// who may see the page.
func (t topic) who() who {
	switch t.page {
	case "board":
		return boards
	case "totem":
		return totems
	case "voting":
		return voting
	case "console", "desks":
		return desks
	case "reception":
		return reception
	case "attendant":
		return attendants
	case "manager":
		return manager
	case "devices":
		return devices
	case "walk":
		return setters
	default:
		return everybody
	}
}

// shownTo answers why a visitor may not see the page now, although its role may: the
// console of a desk is that of who has it open.
func (s *Server) shownTo(v access.Visitor, t topic, state *queue.State) error {
	if t.page != "console" {
		return nil
	}
	account, err := s.accountAt(v, queue.DeskID(t.arg))
	if err != nil {
		return err
	}
	return takenFrom(account, state, queue.DeskID(t.arg))
}

// asksKnown answers that a board is asked for with a service that there is not. One that
// was paired goes on without a service that was taken away.
func (t topic) asksKnown(setup queue.Setup) error {
	for _, id := range strings.Fields(t.services) {
		if !slices.ContainsFunc(setup.Services, func(x queue.Service) bool { return string(x.ID) == id }) {
			return fmt.Errorf("%w: %q", queue.ErrUnknownService, id)
		}
	}
	return nil
}

// known answers why there is no such page now: a desk or an outlet that is not
// there has none.
func (t topic) known(state *queue.State) error {
	switch t.page {
	case "totem":
		if _, _, ok := state.Outlet(queue.OutletID(t.arg)); !ok {
			return fmt.Errorf("%w: %q", queue.ErrUnknownOutlet, t.arg)
		}
	case "console", "voting":
		if _, _, ok := state.Desk(queue.DeskID(t.arg)); !ok {
			return fmt.Errorf("%w: %q", queue.ErrUnknownDesk, t.arg)
		}
	}
	return nil
}

// view is what a topic shows.
func (s *Server) view(t topic, l view.Look) (any, error) {
	switch t.page {
	case "board":
		b := l.Board(t.shows)
		b.Announcements = s.hub.announcer.announcements(t.hall)
		return b, nil
	case "totem":
		if v, ok := l.Totem(queue.OutletID(t.arg)); ok {
			return v, nil
		}
		return nil, fmt.Errorf("%w: %q", queue.ErrUnknownOutlet, t.arg)
	case "voting":
		if v, ok := l.Voting(queue.DeskID(t.arg)); ok {
			return v, nil
		}
		return nil, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, t.arg)
	case "console":
		journal := l.State.Journal()
		seen := func(seq uint64) view.Seen { return s.hub.seen(journal, seq, calledFor(l.State, seq)) }
		if v, ok := l.Console(queue.DeskID(t.arg), seen); ok {
			return v, nil
		}
		return nil, fmt.Errorf("%w: %q", queue.ErrUnknownDesk, t.arg)
	case "reception":
		return l.Reception(t.query), nil
	case "desks":
		return l.Desks(), nil
	case "attendant":
		return l.Attendant(s.devices(l.Tongue)), nil
	case "manager":
		return s.manager(l), nil
	case "devices":
		return s.devicesPage(l), nil
	case "walk":
		if s.cfg.Walk == nil {
			return nil, fmt.Errorf("%w: %q", errNoPage, t.page)
		}
		return s.walk(), nil
	case "pulse":
		return struct{}{}, nil
	default:
		return nil, fmt.Errorf("%w: %q", errNoPage, t.page)
	}
}

// calledFor is the service of a call by its sequence number; empty when it is none of
// the last ones.
func calledFor(state *queue.State, seq uint64) queue.ServiceID {
	for _, c := range state.Calls() {
		if c.Seq == seq {
			return c.Service
		}
	}
	return ""
}

// An envelope is one message to a page.
type envelope struct {
	// Kind is "view" with a View, "page" with HTML, "gone" when the desk or
	// outlet is not there, or "beat" with neither.
	Kind    string          `json:"kind"`
	Build   string          `json:"build"`   // a page of another build reloads itself
	Journal string          `json:"journal"` // seq means nothing in another one
	Seq     uint64          `json:"seq"`     // of the state shown
	Now     int64           `json:"now"`     // office time, ms since 1970 UTC
	Rate    float64         `json:"rate"`    // office seconds in one second
	Clock   int64           `json:"clock"`   // of the box when it was made, ms since 1970 UTC
	View    json.RawMessage `json:"view,omitempty"`
	HTML    string          `json:"html,omitempty"`
}

// A rendering is a topic made ready to send.
type rendering struct {
	envelope        // of when body was new
	body     []byte // what was compared: the view or the page
	message  *websocket.PreparedMessage
}

// rendering makes the message of a topic, or answers old when nothing changed.
func (s *Server) rendering(t topic, l view.Look, old *rendering) (*rendering, error) {
	l = t.spoken(l)
	e := s.envelope(l)
	var body []byte
	v, err := s.view(t, l)
	switch {
	case err != nil:
		e.Kind, body = "gone", []byte("gone")
	case t.html:
		var b bytes.Buffer
		p := s.sheetOf(t, l, v)
		if err := s.execute(&b, "live", p, p); err != nil {
			return nil, fmt.Errorf("rendering page %s: %w", t.page, err)
		}
		e.Kind, e.HTML, body = "page", b.String(), b.Bytes()
	default:
		if body, err = json.Marshal(v); err != nil {
			return nil, fmt.Errorf("encoding the view of %s: %w", t.page, err)
		}
		e.Kind, e.View = "view", body
	}
	if old != nil && bytes.Equal(old.body, body) {
		return old, nil
	}
	m, err := e.prepare()
	if err != nil {
		return nil, err
	}
	e.HTML = "" // body has it
	return &rendering{envelope: e, body: body, message: m}, nil
}

// asOf is the same rendering for a page that comes only now: a page sets its clock by
// the first message, which may be hours old in a quiet office.
func (r *rendering) asOf(now envelope) (*websocket.PreparedMessage, error) {
	e := r.envelope
	e.Now, e.Rate, e.Clock = now.Now, now.Rate, now.Clock
	if e.Kind == "page" {
		e.HTML = string(r.body)
	}
	return e.prepare()
}

func (s *Server) envelope(l view.Look) envelope {
	return envelope{
		Build: s.build(), Journal: l.State.Journal(), Seq: l.State.Seq(),
		Now: l.State.OfficeTime(l.Now), Rate: s.cfg.Rate(), Clock: time.Now().UnixMilli(),
	}
}

// build names the program and its assets together.
func (s *Server) build() string { return s.cfg.Build + s.cfg.Edition + "-" + s.assets.hash }

func (e envelope) prepare() (*websocket.PreparedMessage, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encoding a message: %w", err)
	}
	return websocket.NewPreparedMessage(websocket.TextMessage, b)
}
