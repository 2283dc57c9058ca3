package display

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"eliminacode/display/view"

	"github.com/gorilla/websocket"
)

// streamChunk is how many bytes of events go in one write.
const streamChunk = 16 << 10

// An eventAsked is where a reader of the stream begins, as a request says it.
type eventAsked struct {
	journal string // of the event that it has; empty where it names none
	seq     uint64 // of that event, or of the one to begin with
	none    bool   // it says nothing: it begins with the next one that will happen
}

// readAsked reads what a request asks for: header is Last-Event-ID, after and from are
// those of the address, each empty where it is not there. Where one cannot be read, wrong
// is its place and rule the text of the family field on it.
func readAsked(header, after, from string) (asked eventAsked, wrong, rule string) {
	id, place := header, "header.Last-Event-ID"
	if id == "" {
		id, place = after, "query.after"
	}
	if id != "" {
		journal, seq, ok := view.ParseEventID(id)
		if !ok || seq == math.MaxUint64 {
			return eventAsked{}, place, "event"
		}
		return eventAsked{journal: journal, seq: seq}, "", ""
	}
	if from == "" {
		return eventAsked{none: true}, "", ""
	}
	seq, err := strconv.ParseUint(from, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return eventAsked{}, "query.from", "size"
	case err != nil:
		return eventAsked{}, "query.from", "digits"
	}
	return eventAsked{seq: seq}, "", ""
}

// readFrom is the first event that a reader asks for: the one after the name in
// Last-Event-ID or ?after=, that of ?from=, or the next one that will happen. A browser
// that comes back sends Last-Event-ID whatever its address asks for; ?after= and ?from=
// together are refused. What cannot be read is a refused that names its place.
func (s *Server) readFrom(r *http.Request) (next uint64, err error) {
	state, _ := s.cfg.Engine.Watch()
	q := r.URL.Query()
	if q.Has("after") && q.Has("from") {
		return 0, wrongValue("from", q.Get("from"), ruleEither, "after") // nobody knows which of the two was meant
	}
	asked, wrong, rule := readAsked(r.Header.Get("Last-Event-ID"), q.Get("after"), q.Get("from"))
	if wrong != "" {
		message := s.tongueOf(r).Say("field."+rule, "field", placeName(wrong), "asked", view.EventID(state.Journal(), state.Seq()))
		return 0, &refused{s.badFields(r, []problemField{{Location: wrong, Code: rule, Message: message}})}
	}
	switch {
	case asked.none:
		next = state.Seq() + 1
	case asked.journal == "":
		next = asked.seq
	case asked.journal != state.Journal():
		return 0, fmt.Errorf("%w: %q is not %q", errOtherJournal, asked.journal, state.Journal())
	default:
		next = asked.seq + 1
	}
	if next > state.Seq()+1 {
		return 0, fmt.Errorf("%w: %d, the newest is %d", errNoEventYet, next, state.Seq())
	}
	next = max(next, 1)
	var gone EventsGoneError
	if _, err := s.cfg.Events.Opening(next); errors.As(err, &gone) {
		return 0, err
	}
	return next, nil
}

// openEvents answers the first event that a reader is sent, whatever it reads with.
// Who may have no stream is refused, and ok is false.
func (s *Server) openEvents(w http.ResponseWriter, r *http.Request) (next uint64, ok bool) {
	next, err := s.readFrom(r)
	if err == nil && s.streams.full(addressOf(r)) {
		err = errFull
	}
	var told *refused
	switch {
	case errors.As(err, &told):
		writeProblem(w, told.problem)
	case err != nil:
		s.refuse(w, r, err)
	}
	return next, err == nil
}

// getEvents answers with the events of the office as server-sent events.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	next, ok := s.openEvents(w, r)
	if !ok {
		return
	}
	control := http.NewResponseController(w)
	// The server's own limits are for pages, which end.
	_ = control.SetReadDeadline(time.Time{})
	to := &sseReader{w: w, control: control, patience: s.cfg.WriteTimeout}
	cut := func() { _ = control.SetWriteDeadline(time.Unix(1, 0)) }
	if err := s.streams.serve(r.Context(), addressOf(r), s.tongueOf(r), next, to, s.still(r, streamReaders), cut); err != nil {
		s.refuse(w, r, err)
	}
}

// An sseReader reads server-sent events.
type sseReader struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	b        bytes.Buffer
}

func (x *sseReader) start(v streamStart) error {
	x.w.Header().Set("Content-Type", "text/event-stream")
	x.w.Header().Set("X-Accel-Buffering", "no") // a proxy passes each event on at once
	return x.message("start", "", v)
}

func (x *sseReader) events(all []view.Event) error {
	for _, e := range all {
		x.append("", e.ID, e)
		if x.b.Len() >= streamChunk {
			if err := x.flush(); err != nil {
				return err
			}
		}
	}
	return x.flush()
}

func (x *sseReader) pulse(v streamPulse) error { return x.message("beat", "", v) }
func (x *sseReader) end(v streamEnd) error     { return x.message("end", "", v) }

func (x *sseReader) message(event, id string, v any) error {
	x.append(event, id, v)
	return x.flush()
}

// append adds a message; what happened in the office has no name of an event, so
// that a browser hands it to onmessage.
func (x *sseReader) append(event, id string, v any) {
	b, _ := json.Marshal(v) // each of our messages has an encoding
	if event != "" {
		fmt.Fprintf(&x.b, "event: %s\n", event)
	}
	if id != "" {
		fmt.Fprintf(&x.b, "id: %s\n", id)
	}
	fmt.Fprintf(&x.b, "data: %s\n\n", b)
}

// flush sends what was appended.
func (x *sseReader) flush() error {
	if x.b.Len() == 0 {
		return nil
	}
	defer x.b.Reset()
	return timed(x.patience, x.control.SetWriteDeadline, func() error {
		if _, err := x.w.Write(x.b.Bytes()); err != nil {
			return err
		}
		return x.control.Flush()
	})
}

// timed writes with a deadline of twice the patience. It answers errSlow for a
// write that succeeded but took longer than the patience.
func timed(patience time.Duration, deadline func(time.Time) error, write func() error) error {
	began := time.Now()
	_ = deadline(began.Add(2 * patience))
	if err := write(); err != nil {
		return err
	}
	if time.Since(began) > patience {
		return errSlow
	}
	return nil
}

// getEventsSocket answers with the events of the office over a websocket.
func (s *Server) getEventsSocket(w http.ResponseWriter, r *http.Request) {
	next, ok := s.openEvents(w, r)
	if !ok {
		return
	}
	conn, err := s.hub.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered and logged
	}
	to := &socketReader{conn: conn, patience: s.cfg.WriteTimeout}
	ctx, gone := to.listen(r.Context())
	cut := func() { _ = conn.NetConn().SetWriteDeadline(time.Unix(1, 0)) }
	if err := s.streams.serve(ctx, addressOf(r), s.tongueOf(r), next, to, s.still(r, streamReaders), cut); err != nil {
		to.close(websocket.CloseTryAgainLater, err.Error())
	}
	_ = conn.Close()
	<-gone
}
