package simulate

import (
	"math"

	"eliminacode/queue"
)

// A habit is how often a service is wanted and how long it takes.
type habit struct {
	service queue.ServiceID
	share   float64 // of the visits, in proportion to the other habits
	meanMs  int64   // mean time of service
	// spread is the standard deviation of the logarithm of the time: service
	// times are lognormal, many short ones and a few very long.
	spread float64
}

// referenceHabits are those of the reference office. The shares follow its
// counters of before (eight for Anagrafe, two for identity cards, four or five
// for Stato civile, ...); the means are set so that seven or eight desks give
// about nine minutes of mean wait in the hour 11-12.
var referenceHabits = []habit{
	{"anagrafe", 0.34, 8*minuteMs + 40*secondMs, 0.60},
	{"stato-civile", 0.13, 12*minuteMs + 15*secondMs, 0.65},
	{"cie", 0.08, 13 * minuteMs, 0.30},
	{"elettorale", 0.06, 6*minuteMs + 30*secondMs, 0.50},
	{"veloci", 0.18, 5 * minuteMs, 0.50},
	{"animali", 0.05, 9 * minuteMs, 0.55},
	{"invalidi", 0.09, 11 * minuteMs, 0.60},
	{"protocollo", 0.07, 5 * minuteMs, 0.60},
}

// habitsOf are those of a setup's services, in the order of the setup: that of the
// reference office's service of the same name, else one that takes half its
// published standard and is wanted as often as the others.
func habitsOf(setup queue.Setup) []habit {
	habits := make([]habit, len(setup.Services))
	for i, s := range setup.Services {
		habits[i] = habit{service: s.ID, share: 0.12, meanMs: min(max(s.StandardMs/2, minuteMs), hourMs), spread: 0.55}
		for _, h := range referenceHabits {
			if h.service == s.ID {
				habits[i] = h
			}
		}
	}
	return habits
}

// durationMs is a time of service for a standard normal z.
func (h habit) durationMs(z float64) int64 {
	mu := math.Log(float64(h.meanMs)) - h.spread*h.spread/2
	ms := math.Exp(mu + h.spread*z)
	return min(max(int64(ms), 20*secondMs), 90*minuteMs)
}
