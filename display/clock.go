package display

import (
	"context"
	"errors"
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
		if err := s.jumps(state, ms); err != nil && f["sure"] != "yes" {
			return outcome{}, err
		}
		c.CorrectionMs, code = ms, "clock-set"
	default:
		return outcome{}, fmt.Errorf("%w: no action %q of the clock", errNoPage, action)
	}
	done, err := s.do(ctx, c)
	done.code = code
	return done, err
}

const (
	// clockJumpMs is from how far on a clock that is believed is set only when the
	// person is sure: a mistake ends appointments, and the waits of whoever waits over
	// an hour at which all expire.
	clockJumpMs = 10 * 60_000
	// longestJumpMs is how far a jump is asked for: beyond it there is no such time.
	longestJumpMs = 366 * 24 * 3_600_000
)

// errClockJump: a clock that is believed is set far from what it shows.
var errClockJump = errors.New("the clock is set far from what it shows")

// A clockJumpError stands within errClockJump: what the clock shows, and what it would.
type clockJumpError struct{ from, to int64 } // office time in ms since 1970 UTC

func (e clockJumpError) Error() string { return fmt.Sprintf("from %d to %d", e.from, e.to) }

// jumps is errClockJump where a correction moves a clock that is believed by far, in
// the middle of a day.
func (s *Server) jumps(state *queue.State, correction int64) error {
	now := s.cfg.Engine.Now()
	shows := state.OfficeTime(now)
	to := now.Wall + correction
	by := max(to-shows, shows-to)
	if !state.Day().Open || state.ClockDoubtful(now) || by < clockJumpMs || by > longestJumpMs {
		return nil
	}
	return fmt.Errorf("%w: %w", errClockJump, clockJumpError{shows, to})
}
