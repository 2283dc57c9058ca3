package display

import (
	"context"
	"encoding/json"
	"time"

	"eliminacode/display/view"

	"github.com/gorilla/websocket"
)

// streamPongWait is how long the reader of a socket may be silent: each beat
// comes with a ping, which it answers by itself.
const streamPongWait = 4 * streamBeat

// A socketMessage is a message of the stream over a websocket.
type socketMessage struct {
	Type  string       `json:"type"` // start, event, beat or end
	Start *streamStart `json:"start,omitempty"`
	Event *view.Event  `json:"event,omitempty"`
	Beat  *streamPulse `json:"beat,omitempty"`
	End   *streamEnd   `json:"end,omitempty"`
}

// A socketReader reads the events of the office over a websocket.
type socketReader struct {
	conn     *websocket.Conn
	patience time.Duration
}

// listen takes what the reader says, which is nothing but that it is there. The
// context ends when it is gone, or says more; gone is closed when nobody listens
// any more.
func (x *socketReader) listen(parent context.Context) (ctx context.Context, gone <-chan struct{}) {
	ctx, cancel := context.WithCancel(parent)
	ended := make(chan struct{})
	x.conn.SetReadLimit(readLimit)
	alive := func(string) error { return x.conn.SetReadDeadline(time.Now().Add(streamPongWait)) }
	x.conn.SetPongHandler(alive)
	_ = alive("")
	go func() {
		defer close(ended)
		defer cancel()
		if _, _, err := x.conn.ReadMessage(); err == nil {
			x.close(websocket.ClosePolicyViolation, "this stream takes no messages")
		}
	}()
	return ctx, ended
}

func (x *socketReader) start(v streamStart) error {
	return x.message(socketMessage{Type: "start", Start: &v})
}

func (x *socketReader) events(all []view.Event) error {
	for i := range all {
		if err := x.message(socketMessage{Type: "event", Event: &all[i]}); err != nil {
			return err
		}
	}
	return nil
}

func (x *socketReader) pulse(v streamPulse) error {
	if err := x.message(socketMessage{Type: "beat", Beat: &v}); err != nil {
		return err
	}
	return x.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(x.patience))
}

func (x *socketReader) end(v streamEnd) error {
	err := x.message(socketMessage{Type: "end", End: &v})
	code := websocket.CloseTryAgainLater
	switch v.Reason {
	case endStopping:
		code = websocket.CloseServiceRestart
	case endBarred:
		code = closeBarred
	}
	x.close(code, v.Reason)
	return err
}

func (x *socketReader) close(code int, reason string) {
	_ = x.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}

func (x *socketReader) message(m socketMessage) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return timed(x.patience, x.conn.SetWriteDeadline, func() error {
		return x.conn.WriteMessage(websocket.TextMessage, b)
	})
}
