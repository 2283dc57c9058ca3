package oracle

import "eliminacode/queue"

// A clockModel is how much time the checker takes to have gone by. Within a
// boot it goes by the monotonic reading. Across boots there is only the wall
// clock, which is taken at its word unless nobody vouches for it and it shows
// what cannot be: it goes on from what it showed last, or is set forward.
type clockModel struct {
	now        queue.Now
	steady     int64 // office time that only ever moves on with time that went by
	lead       int64 // what the wall clock has shown more than that
	correction int64
	doubtful   bool
	ran        int64 // how long the box has been on, as far as events tell
	reached    int64 // office time that has come for certain; 0 when none is known
	vouched    bool  // somebody has said since the start what time it is
	told       bool  // that was the network or a person, or the day began in this boot
	open       int64 // steady without the hours in which the office was closed or suspended
	unsure     int   // how often it became uncertain what went by before
	restarted  bool  // today
	moved      bool  // its hands, today
}

const (
	secondMs = int64(1000)
	minuteMs = 60 * secondMs
	hourMs   = 60 * minuteMs

	// oldestMs is the beginning of 2026 and latestMs the end of 2199: no clock
	// that is right shows less or more.
	oldestMs, latestMs = 1_767_225_600_000, 7_258_118_399_999
	// longestOffMs is how long a box is believed to have been off.
	longestOffMs = 366 * 24 * hourMs
)

// sameBoot is the time between two instants of one boot, in milliseconds.
func sameBoot(from, to queue.Now) (ms int64, exact bool) {
	if from.Boot != to.Boot {
		return 0, false
	}
	return max(0, to.Mono-from.Mono), true
}

// anew is before the first event on a copy that was put back: nobody has said anything
// of this clock, and a correction was for another one unless the boot is the same.
func (c *clockModel) anew(at queue.Now) {
	if at.Boot != c.now.Boot {
		c.correction = 0
	}
	c.vouched, c.told = false, at.Synced
}

// see moves on to the instant of an event.
func (c *clockModel) see(at queue.Now, day *queue.DayPlan) {
	doubtful, officeTime, restarted := c.doubts(at), c.shown(at), at.Boot != c.now.Boot
	switch {
	case c.now.IsZero():
		c.steady = c.officeTime(at)
	case at.Boot == c.now.Boot:
		c.steady += max(0, at.Mono-c.now.Mono)
		c.ran += max(0, at.Mono-c.now.Mono)
	case !doubtful:
		c.steady = max(c.steady, officeTime-c.lead)
	}
	overNight := day != nil && officeTime >= day.Ends
	c.vouched = at.Synced || c.vouched && !doubtful && (!restarted || overNight)
	c.told = c.told && !restarted || restarted && at.Synced
	switch {
	case !doubtful:
		c.reached = officeTime
	case !restarted && c.reached != 0:
		c.reached += at.Mono - c.now.Mono
	}
	c.now, c.doubtful = at, doubtful
}

// shown is office time at an event, before the event itself corrects it.
func (c *clockModel) shown(at queue.Now) int64 {
	if at.Synced && !c.now.Synced {
		return at.Wall
	}
	return c.officeTime(at)
}

func (c *clockModel) doubts(at queue.Now) bool {
	if at.Synced {
		return false
	}
	least := c.reached
	if !c.now.IsZero() && at.Boot == c.now.Boot {
		ran := at.Mono - c.now.Mono
		moved := at.Wall - c.now.Wall - ran
		if moved > -5*secondMs && moved < 5*secondMs {
			return c.doubtful
		}
		// By hand a clock is set to the minute, and back by less than an hour.
		least += ran - hourMs
		if c.doubtful {
			least += hourMs - minuteMs
		}
	}
	officeTime := c.officeTime(at)
	believable := officeTime >= oldestMs && officeTime <= latestMs
	return !believable || c.reached != 0 && (officeTime < least || officeTime > least+longestOffMs)
}

func (c *clockModel) officeTime(at queue.Now) int64 { return at.Wall + c.correction }

// trust takes the clock for right from here on; unless the day has the wrong
// date, what was missed while nobody knew the time is made up for. The first
// word after a start tells how long the box was off.
func (c *clockModel) trust(plan *queue.DayPlan) {
	here := c.told
	officeTime := c.officeTime(c.now)
	c.doubtful, c.vouched, c.reached = false, true, officeTime
	if plan == nil || plan.Provisional || here && (officeTime < plan.Begins || officeTime >= plan.Ends) {
		return
	}
	lead := officeTime - c.steady
	if !here && lead < c.lead {
		return // no box was off for less than nothing
	}
	c.lead = lead
}
