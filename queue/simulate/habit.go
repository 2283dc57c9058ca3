package simulate

import (
	"math"

	"eliminacode/queue"
)

// A Habit is how often a service is wanted and how long it takes.
type Habit struct {
	Service queue.ServiceID
	Share   float64 // of the visits, in proportion to the other habits
	MeanMs  int64   // mean time of service
	// Spread is the standard deviation of the logarithm of the time: service
	// times are lognormal, many short ones and a few very long.
	Spread float64
}

// referenceHabits are those of the reference office. The shares follow its
// counters of before (eight for Anagrafe, two for identity cards, four or five
// for Stato civile, ...); the means are set so that seven or eight desks give
// about nine minutes of mean wait in the hour 11-12.
var referenceHabits = []Habit{
	{"anagrafe", 0.34, 8*minuteMs + 40*secondMs, 0.60},
	{"stato-civile", 0.13, 12*minuteMs + 15*secondMs, 0.65},
	{"cie", 0.08, 13 * minuteMs, 0.30},
	{"elettorale", 0.06, 6*minuteMs + 30*secondMs, 0.50},
	{"veloci", 0.18, 5 * minuteMs, 0.50},
	{"animali", 0.05, 9 * minuteMs, 0.55},
	{"invalidi", 0.09, 11 * minuteMs, 0.60},
	{"protocollo", 0.07, 5 * minuteMs, 0.60},
}

// HabitOf is the habit of a service that nobody said anything of: that of the
// reference office's service of the same name, else one that takes half its
// published standard and is wanted as often as the others.
func HabitOf(s queue.Service) Habit {
	for _, h := range referenceHabits {
		if h.Service == s.ID {
			return h
		}
	}
	return Habit{Service: s.ID, Share: 0.12, MeanMs: min(max(s.StandardMs/2, minuteMs), hourMs), Spread: 0.55}
}

// habits are those of a setup's services, in the order of the setup.
func (o Options) habits(setup queue.Setup) []Habit {
	habits := make([]Habit, len(setup.Services))
	for i, s := range setup.Services {
		habits[i] = HabitOf(s)
		for _, h := range o.Habits {
			if h.Service == s.ID {
				habits[i] = h
			}
		}
	}
	return habits
}

// durationMs is a time of service for a standard normal z.
func (h Habit) durationMs(z float64) int64 {
	mu := math.Log(float64(h.MeanMs)) - h.Spread*h.Spread/2
	ms := math.Exp(mu + h.Spread*z)
	return min(max(int64(ms), 20*secondMs), 90*minuteMs)
}
