package simulate

import "eliminacode/queue"

// A clockModel is how much time the checker takes to have gone by. Within a
// boot it goes by the monotonic reading. Across boots there is only the wall
// clock, which is taken at its word unless nobody vouches for it and it shows
// what cannot be.
type clockModel struct {
	now        queue.Now
	line       int64 // office time that only ever moves on with time that went by
	lead       int64 // what the wall clock has shown more than that
	correction int64
	doubtful   bool
}

const (
	// oldestMs is the beginning of 2026 and latestMs the end of 2199: no clock
	// that is right shows less or more.
	oldestMs, latestMs = 1_767_225_600_000, 7_258_118_399_999
	// longestOffMs is how long a box is believed to have been off.
	longestOffMs = 366 * 24 * hourMs
)

// see moves on to the instant of an event.
func (c *clockModel) see(at queue.Now) {
	doubtful := c.doubts(at)
	switch {
	case c.now.IsZero():
		c.line = c.office(at)
	case at.Boot == c.now.Boot:
		c.line += max(0, at.Mono-c.now.Mono)
	case !doubtful:
		c.line = max(c.line, c.office(at)-c.lead)
	}
	c.now, c.doubtful = at, doubtful
}

func (c *clockModel) doubts(at queue.Now) bool {
	switch office := c.office(at); {
	case at.Synced:
		return false
	case !c.now.IsZero() && at.Boot == c.now.Boot:
		return c.doubtful
	case office < oldestMs, office > latestMs:
		return true
	case c.now.IsZero():
		return false
	default:
		last := c.office(c.now)
		return office < last || office > last+longestOffMs
	}
}

func (c *clockModel) office(at queue.Now) int64 { return at.Wall + c.correction }

// trust takes the clock for right from here on; unless the day has the wrong
// date, what was missed while nobody knew the time is made up for.
func (c *clockModel) trust(plan *queue.DayPlan) {
	c.doubtful = false
	office := c.office(c.now)
	if plan == nil || plan.Provisional || office < plan.Begins || office >= plan.Ends {
		return
	}
	c.lead = max(c.lead, office-c.line)
}
