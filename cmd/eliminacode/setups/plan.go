package setups

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"eliminacode/display"
	"eliminacode/display/access"
	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// mostPlans is how many setups wait for their day at once.
const mostPlans = 20

// A plan is a setup that waits for its day.
type plan struct {
	V      int             `json:"v"`
	Base   queue.Setup     `json:"base"`
	Setup  queue.Setup     `json:"setup"`
	From   string          `json:"from"`
	Role   access.Role     `json:"role,omitempty"`
	Kind   queue.CauseKind `json:"kind,omitempty"`
	Who    string          `json:"who,omitempty"`
	Why    string          `json:"why,omitempty"`
	Failed string          `json:"failed,omitempty"` // the code of a sentence
	Tried  string          `json:"tried,omitempty"`  // the day on which it failed

	number int // in the name of its file; 0 is the one without
}

// onlyPlan is the file of the time when one setup at most could wait.
const onlyPlan = "planned.json"

func planName(number int) string {
	if number == 0 {
		return onlyPlan
	}
	return fmt.Sprintf("planned-%06d.json", number)
}

// planNumbers are the numbers of the plans' files, those that cannot be read too.
func (s *Store) planNumbers() (all []int) {
	files, _ := filepath.Glob(s.path("planned-*.json"))
	for _, file := range files {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(file), "planned-%d.json", &n); err == nil && n > 0 && filepath.Base(file) == planName(n) {
			all = append(all, n)
		}
	}
	return all
}

// planned reads what waits for its day. What cannot be read is told and left where
// it is, and keeps none of the others back.
func (s *Store) planned() (all []plan) {
	for _, n := range append([]int{0}, s.planNumbers()...) {
		p := plan{number: n}
		if s.read(planName(n), &p) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, inTurn)
	return all
}

// inTurn is the order in which plans are put in force: by their days, and on one day
// as they were saved.
func inTurn(a, b plan) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.number, b.number))
}

func (s *Store) addPlan(p plan) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	if len(s.plans) >= mostPlans {
		return display.ErrPlansFull
	}
	p.V, p.number = layout, 1
	p.number += max(s.index.LastPlan, slices.Max(append(s.planNumbers(), 0)))
	if err := s.numbered(p.number); err != nil {
		return err
	}
	if err := s.write(planName(p.number), p); err != nil {
		return err
	}
	s.plans = append(s.plans, p)
	slices.SortFunc(s.plans, inTurn)
	return nil
}

// numbered keeps that a number was given, so that none is given twice: who takes a
// plan back again, not knowing that it is done, must not meet another one. The caller
// holds mu.
func (s *Store) numbered(number int) error {
	if number <= s.index.LastPlan {
		return nil
	}
	s.index.V, s.index.LastPlan = layout, number
	return s.write("versions.json", s.index)
}

// PlanEnded tells that a plan of this number waited once and waits no more.
func (s *Store) PlanEnded(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return number > 0 && number <= s.index.LastPlan && !slices.ContainsFunc(s.plans, func(p plan) bool { return p.number == number })
}

// Planned are what wait for their day, in the order in which they are put in force.
func (s *Store) Planned() []display.SetupPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	all := make([]display.SetupPlan, len(s.plans))
	for i, p := range s.plans {
		all[i] = display.SetupPlan{Number: p.number, Base: p.Base, Setup: p.Setup, From: p.From, Role: p.Role, Who: p.Who, Why: p.Why, Failed: p.Failed}
	}
	return all
}

// Unplan takes back one of them. The error may be display.ErrNoPlan.
func (s *Store) Unplan(number int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	i := slices.IndexFunc(s.plans, func(p plan) bool { return p.number == number })
	if i < 0 {
		return display.ErrNoPlan
	}
	if err := s.numbered(number); err != nil { // of a version that kept no numbers
		s.log.Error("the number of a planned set-up is not kept", "err", err)
	}
	// Also when its file stays, which would put it in force again and again.
	s.plans = slices.Delete(s.plans, i, i+1)
	return s.remove(planName(number))
}

// dateOf is the date of the open day; empty while none is open or it is not known.
func dateOf(state *queue.State) string {
	if !state.Day().Open || state.Plan().Provisional {
		return ""
	}
	return state.Plan().Date
}

// putPlanned puts in force what waits for a day that has come, in order: also one that
// nobody saw begin, since the box was off or a person set the clock over it. What was
// changed since it was planned stays changed; what cannot be put in force is told,
// keeps none of the others back, and is tried again on the next day.
func (s *Store) putPlanned(ctx context.Context, state *queue.State) {
	today := dateOf(state)
	if today == "" {
		return
	}
	s.mu.Lock()
	s.load()
	due := slices.DeleteFunc(slices.Clone(s.plans), func(p plan) bool { return today < p.From || p.Tried == today })
	s.mu.Unlock()
	for _, p := range due {
		state, _ := s.office.Watch()
		to := change.Step{Base: p.Base, Setup: p.Setup}.On(state.Setup())
		err := queue.ErrBadSetup
		if len(to.Faults) == 0 {
			v := version{Role: p.Role, Who: p.Who, Why: p.Why, For: p.From, Mark: office.Mark(to.Setup)}
			if unkept := s.begin(changingName, underway{Plan: p.number, version: v}); unkept != nil {
				// It holds from today all the same.
				s.log.Warn("who planned the set-up of today is not kept while it is put in force", "err", unkept)
			}
			// Who planned it was sure: nobody may be there to be asked on its day.
			err = s.office.PutInForce(ctx, p.Kind, to.Setup, true)
		}
		if err != nil {
			s.ended(changingName)
			s.log.Error("the set-up that was planned for today cannot be put in force", "planned for", p.From, "err", err, "do", "look at /impostazioni/programmate")
			p.Failed, p.Tried = words.RefusalCode(err), today
			s.keepPlan(p)
			continue
		}
		s.log.Info("the set-up that was planned is in force", "planned for", p.From, "since", today)
		s.remember(version{Role: p.Role, Who: p.Who, Why: p.Why, For: p.From})
		if err := s.Unplan(p.number); err != nil {
			s.log.Error("a planned set-up stays on disk", "err", err)
		}
		s.ended(changingName)
	}
}

// keepPlan writes what became of a plan.
func (s *Store) keepPlan(p plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.plans, func(x plan) bool { return x.number == p.number }); i >= 0 {
		s.plans[i] = p
	}
	if err := s.write(planName(p.number), p); err != nil {
		s.log.Error("what became of a planned set-up is not kept", "err", err)
	}
}
