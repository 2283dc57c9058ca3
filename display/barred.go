package display

import (
	"errors"
	"reflect"
	"time"

	"eliminacode/queue"
)

// dropBarred sends the pages away that their visitors may no longer see: a session
// has ended, a screen or a token was revoked, a person has another role, a screen
// belongs to another place, a board hangs otherwise, a desk to another operator.
func (h *hub) dropBarred(now time.Time) {
	if h.s.cfg.Open {
		return
	}
	state, _ := h.s.cfg.Engine.Watch()
	h.mu.Lock()
	defer h.mu.Unlock()
	for t, a := range h.topics {
		who := t.who()
		if who.roles == nil {
			continue
		}
		for c := range a.clients {
			v := h.s.cfg.Access.Still(now, c.shown)
			if !who.allows(v) || t.boundTo(v) != t || errors.Is(h.s.shownTo(v, t, state), errDeskTaken) {
				c.barred.Store(true)
			} else if (t.page == "board" || t.page == "totem") && !reflect.DeepEqual(v.Display.Filled(), c.hangs) {
				c.changed.Store(true)
			}
			if c.barred.Load() || c.changed.Load() {
				_ = c.conn.NetConn().SetDeadline(now.Add(stopWait))
				c.end()
			}
		}
	}
}

// accessChanged is closed once somebody may come in, or may not, who could not before,
// or could; nil where nobody is asked.
func (s *Server) accessChanged() <-chan struct{} {
	if s.cfg.Open {
		return nil
	}
	return s.cfg.Access.Changed()
}

// otherOperators tells that a desk is opened by another operator than before.
func otherOperators(before, now *queue.State) bool {
	for _, d := range now.WorkDesks() {
		_, was, _ := before.Desk(d.ID)
		if _, is, _ := now.Desk(d.ID); is.Open && is.Account != was.Account {
			return true
		}
	}
	return false
}
