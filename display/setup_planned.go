package display

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"eliminacode/display/view"
	"eliminacode/queue/calendar"
	"eliminacode/queue/change"
)

// A plannedLine is a setup that waits for its day, as every page of the set-up
// tells it.
type plannedLine struct {
	SetupPlan
	Refused string // why it is not in force although its day has come
	Due     bool   // its day may have come: nobody knows the date, or no day has begun under it
}

// planMisses are what was planned and does not hold by its day.
type planMisses struct {
	Late  []plannedLine  // whose day has come
	Early []SetupVersion // in force though their day is still to come: the clock had shown it
}

// planMisses are those of the office as it is now; none until there is an office.
func (s *Server) planMisses(l view.Look) (m planMisses) {
	if s.cfg.Setups == nil || !l.State.HasSetup() {
		return m
	}
	for _, p := range s.plannedLines(l) {
		if p.Due || p.Refused != "" {
			m.Late = append(m.Late, p)
		}
	}
	today, known := todayOf(l)
	if !known {
		return m
	}
	all := s.cfg.Setups.Versions()
	for i, v := range all {
		// Who has gone back to the office before it has seen to it.
		undone := i+1 < len(all) && slices.ContainsFunc(all[:i], func(n SetupVersion) bool { return n.Mark == all[i+1].Mark })
		if v.For > today && !undone {
			m.Early = append(m.Early, v)
		}
	}
	return m
}

// todayOf is the date of the business day by the office's clock; ok is false while the
// clock is taken to be wrong.
func todayOf(l view.Look) (date string, ok bool) {
	if l.State.ClockDoubtful(l.Now) {
		return "", false
	}
	today, err := calendar.BusinessDate(l.State.Setup(), l.State.OfficeTime(l.Now))
	return today.String(), err == nil
}

// plannedLines are the setups that wait for their day.
func (s *Server) plannedLines(l view.Look) (all []plannedLine) {
	today, known := todayOf(l)
	for _, p := range s.cfg.Setups.Planned() {
		line := plannedLine{SetupPlan: p}
		line.Refused, _ = l.Tongue.ByCode(p.Failed)
		line.Due = p.Failed == "" && (!known || p.From <= today)
		all = append(all, line)
	}
	return all
}

// A plannedPage is the setups that wait for their day.
type plannedPage struct {
	Draft setupDraftPage
	Plans []plannedSetup
}

// A plannedSetup is one of them, with what it does to the office as it will be
// then.
type plannedSetup struct {
	plannedLine
	Things  []changedThing
	Clashes []changedThing // what was changed meanwhile, by others or by those before it
	Faults  []setupFault   // of the office that it would make
}

func (s *Server) getPlanned(w http.ResponseWriter, r *http.Request) {
	e := s.editing(s.visitor(r))
	f := newSetupForm(e.Setup, nil, s.tongueOf(r))
	v := plannedPage{Draft: s.draftPage(e, f)}
	var steps []change.Step
	for _, p := range v.Draft.Planned {
		steps = append(steps, change.Step{Base: p.Base, Setup: p.Setup})
	}
	for i, to := range change.Along(e.inForce, steps) {
		p := v.Draft.Planned[i]
		p.Who = s.nameOf(p.Who)
		made := newSetupForm(to.Setup, nil, f.tongue)
		v.Plans = append(v.Plans, plannedSetup{
			plannedLine: p,
			Things:      changedThings(f.tongue, change.Between(p.Base, p.Setup), p.Base, p.Setup),
			Clashes:     changedThings(f.tongue, to.Clashes, p.Base, e.inForce, to.Setup),
			Faults:      faultsAt(made, to.Faults),
		})
	}
	p := s.page(r, "setup-planned").flash(r)
	p.View = v
	s.render(w, r, p)
}

// What can be done with a setup that waits for its day.
const (
	planCancel = "cancel"
	planTakeUp = "take-up"
)

func (s *Server) postPlanned(w http.ResponseWriter, r *http.Request) {
	posted, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	number, err := strconv.Atoi(posted["plan"])
	if err != nil {
		number = -1 // none has it
	}
	to, code, extra, err := s.planAct(r, posted["action"], number, posted["replaces"])
	if errors.Is(err, errDraftKept) {
		s.askReplace(w, r, posted, false)
		return
	}
	if err != nil {
		s.backFrom(w, r, to, err)
		return
	}
	s.back(w, r, to, extra, code, nil)
}

// planAct takes a setup back that waits for its day, or makes it the visitor's draft in
// place of the one with a mark.
// It answers the page to look at next with what that proposes, and the code of what
// was done.
func (s *Server) planAct(r *http.Request, action string, number int, mark string) (to, code string, extra url.Values, err error) {
	s.drafting.Lock()
	defer s.drafting.Unlock()
	to, code = setupHome+"/programmate", "unplanned"
	planned := s.cfg.Setups.Planned()
	i := slices.IndexFunc(planned, func(p SetupPlan) bool { return p.Number == number })
	switch {
	case i < 0 && s.cfg.Setups.PlanEnded(number):
		return to, "", nil, errPlanEnded
	case i < 0:
		return to, "", nil, ErrNoPlan
	}
	p := planned[i]
	switch action {
	case planCancel:
	case planTakeUp:
		if err := s.replaceDraft(s.editing(s.visitor(r)), SetupDraft{Base: p.Base, Setup: p.Setup}, mark); err != nil {
			return to, "", nil, err
		}
		to, code = setupHome+"/effetto", "plan-taken"
		extra = url.Values{"dal": {p.From}, "perche": {p.Why}}
	default:
		return to, "", nil, fmt.Errorf("%w: no action %q", errBadBody, action)
	}
	if err := s.cfg.Setups.Unplan(number); err != nil {
		return to, "", nil, err
	}
	_, before := noted(p.Base, p.Setup, p.Why, p.From)
	s.note(r, setters, "office.unplan", before, nil)
	return to, code, extra, nil
}
