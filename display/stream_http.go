package display

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"eliminacode/display/view"

	"github.com/gorilla/websocket"
)

// streamChunk is how many bytes of events go in one write.
const streamChunk = 16 << 10

// readFrom is the first event that a reader asks for: the one after the name in
// Last-Event-ID or ?after=, that of ?from=, or the next one that will happen. A browser
// that comes back sends Last-Event-ID whatever its address asks for; ?after= and ?from=
// together are refused.
func (s *Server) readFrom(r *http.Request) (next uint64, err error) {
	state, _ := s.cfg.Engine.Watch()
	q := r.URL.Query()
	if q.Has("after") && q.Has("from") {
		return 0, wrongValue("from", q.Get("from"), ruleEither, "after") // nobody knows which of the two was meant
	}
	if after := cmp.Or(r.Header.Get("Last-Event-ID"), q.Get("after")); after != "" {
		journal, seq, ok := view.ParseEventID(after)
		if !ok {
			return 0, fmt.Errorf("%w: %q names no event", errBadBody, after)
		}
		if journal != state.Journal() {
			return 0, fmt.Errorf("%w: %q is not of %s", errOtherJournal, after, state.Journal())
		}
		next = seq + 1
	} else if from := q.Get("from"); from != "" {
		if next, err = strconv.ParseUint(from, 10, 64); err != nil {
			return 0, fmt.Errorf("%w: %q is no sequence", errBadBody, from)
		}
	} else {
		next = state.Seq() + 1
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
	if err != nil {
		s.refuse(w, r, err)
		return 0, false
	}
	return next, true
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
