package display

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"eliminacode/queue"
)

// clockAct carries out what somebody says about the clock: that it is right, or
// by how much it is to be corrected in all, in milliseconds added to what the
// box reads. Since that is no difference, a copy that comes late does nothing.
func (s *Server) clockAct(ctx context.Context, action string, f fields) (outcome, error) {
	state, _ := s.cfg.Office.Watch()
	c, code := queue.SetClock{By: queue.Cause{Kind: queue.ByConsole}, CorrectionMs: state.CorrectionMs()}, "clock-kept"
	switch action {
	case "confirm":
	case "set":
		ms, err := strconv.ParseInt(f["correction"], 10, 64)
		if err != nil {
			return outcome{}, fmt.Errorf("%w: correction %q", errBadBody, f["correction"])
		}
		c.CorrectionMs, code = ms, "clock-set"
	default:
		return outcome{}, fmt.Errorf("%w: no action %q of the clock", errNoPage, action)
	}
	done, err := s.do(ctx, c)
	done.code = code
	return done, err
}

func (s *Server) apiClock(w http.ResponseWriter, r *http.Request) {
	f, err := readFields(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	done, err := s.clockAct(r.Context(), r.PathValue("action"), f)
	s.answer(w, r, done, err)
}

// postClock is for a browser without script, which can confirm the time and
// cannot tell its own.
func (s *Server) postClock(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	done, err := s.clockAct(r.Context(), f["action"], f)
	to := "/"
	if from, err := url.Parse(r.Referer()); err == nil && strings.HasPrefix(from.Path, "/") && !strings.HasPrefix(from.Path, "//") {
		to = from.Path
	}
	s.back(w, r, to, nil, done.code, err)
}
