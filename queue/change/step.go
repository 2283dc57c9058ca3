package change

import (
	"eliminacode/queue"
	"eliminacode/queue/office"
)

// A Step is a change of an office that is put in force later: Setup is what its
// author made of Base.
type Step struct{ Base, Setup queue.Setup }

// A Stepped is what a step makes of an office.
type Stepped struct {
	Setup queue.Setup
	// Clashes are what was changed since Base, and is as the step has it.
	Clashes []Difference
	// Faults keep it from being put in force.
	Faults queue.Faults
}

// On is what a step makes of the office as it has become since Base.
func (s Step) On(become queue.Setup) Stepped {
	merged := Merge(s.Base, s.Setup, become)
	return Stepped{Setup: merged, Clashes: Clashes(s.Base, s.Setup, become), Faults: office.Faults(merged)}
}

// Along takes steps one after the other, each from where the ones before it lead.
// One that has faults leads nowhere, and the next goes on from where it began.
func Along(from queue.Setup, steps []Step) []Stepped {
	all := make([]Stepped, 0, len(steps))
	for _, s := range steps {
		to := s.On(from)
		if len(to.Faults) == 0 {
			from = to.Setup
		}
		all = append(all, to)
	}
	return all
}
