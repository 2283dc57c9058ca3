package display

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"eliminacode/queue"
)

// clockAct carries out what somebody says about the clock: that it is right, or
// by how much it is to be corrected in all, in milliseconds added to what the
// box reads. Since that is no difference, a copy that comes late does nothing.
func (s *Server) clockAct(ctx context.Context, action string, f fields) (outcome, error) {
	state, _ := s.cfg.Engine.Watch()
	c, code := queue.SetClock{By: queue.Cause{Kind: queue.ByConsole}, CorrectionMs: state.CorrectionMs()}, "clock-kept"
	switch action {
	case "confirm":
	case "set":
		ms, err := strconv.ParseInt(strings.TrimSpace(f["correction"]), 10, 64)
		if err := noNumber("correction", f["correction"], err); err != nil {
			return outcome{}, err
		}
		c.CorrectionMs, c.Sure, code = ms, f["sure"] == "yes", "clock-set"
	default:
		return outcome{}, fmt.Errorf("%w: no action %q of the clock", errNoPage, action)
	}
	done, err := s.do(ctx, c)
	done.code = code
	return done, err
}
