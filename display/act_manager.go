package display

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/words"
)

// managerAct carries out what the manager decides about the open day.
func (s *Server) managerAct(ctx context.Context, action string, f fields) (outcome, error) {
	if action == "profile" {
		s.profiling.Lock() // what it rests on stays so until it is done
		defer s.profiling.Unlock()
	}
	l := s.look()
	c, code, err := managerCommand(action, f, l, s.boardNames())
	if err != nil {
		return outcome{}, err
	}
	done, err := s.do(ctx, c)
	done.code = code
	if err == nil && len(done.events) == 0 {
		done.code = keptReason(done.state, c, code)
	}
	if again, ok := c.(queue.RestartSeries); ok && err == nil {
		done.series = again.Series
		if next, _ := done.state.NextNumber(again.Series, done.state.LastNow()); next.Value != again.From {
			done.code = "restarted-later" // numbers of a block, or in a hand, are not given again
		}
	}
	return done, err
}

// keptReason is the code of what was so before: of the office suspended, or a service
// stopped, for another reason than was asked for, one that says that this one stays.
func keptReason(state *queue.State, c queue.Command, code string) string {
	switch c := c.(type) {
	case queue.SuspendOffice:
		if now, suspended := state.Suspended(); suspended && now.Why != c.Why {
			return "suspended-before"
		}
	case queue.StopService:
		if now, stopped := state.ServiceStop(c.Service, state.LastNow()); stopped && now.Why != c.Why {
			return "stopped-before"
		}
	}
	return code
}

// goesOnSaid is the sentence on a series that was told to go on from another number,
// with the number that is given next; empty for a code of something else, and for a
// series that there is not.
func goesOnSaid(t *words.Tongue, s *queue.State, code string, id queue.SeriesID, now queue.Now) string {
	if !slices.ContainsFunc(s.Setup().Series, func(x queue.Series) bool { return x.ID == id }) {
		return ""
	}
	next, ok := s.NextNumber(id, now)
	switch {
	case code != "restarted" && code != "restarted-later":
		return ""
	case !ok:
		return t.Say("hands.restarted-none")
	case code == "restarted":
		return t.Say("hands.restarted", "number", next.Text)
	}
	return t.Say("hands.restarted-later", "number", next.Text)
}

// goesOn says which number a series gives next, if that is what was done.
func (p *page) goesOn(l view.Look, r *http.Request) *page {
	q := r.URL.Query()
	if said := goesOnSaid(p.tongue, l.State, q.Get("esito"), queue.SeriesID(q.Get("serie")), l.Now); said != "" {
		p.Flash = said
	}
	return p
}

// managerCommand is the command of an action, and the code of its good answer. Boards
// are the names of those that there are.
func managerCommand(action string, f fields, l view.Look, boards []string) (queue.Command, string, error) {
	by := queue.Cause{Kind: queue.ByManager}
	switch action {
	case "suspend":
		why, err := oneOf(f["why"], queue.SuspensionReasons[:])
		return queue.SuspendOffice{By: by, Why: why}, "suspended-now", err
	case "resume":
		return queue.ResumeOffice{By: by}, "resumed-now", nil
	case "stop":
		why, err := oneOf(f["why"], queue.StopReasons[:])
		return queue.StopService{By: by, Service: queue.ServiceID(f["service"]), Why: why}, "stopped", err
	case "reopen":
		return queue.ReopenService{By: by, Service: queue.ServiceID(f["service"])}, "reopened", nil
	case "profile":
		desk := queue.DeskID(f["desk"])
		p, err := profileOf(l.State, desk, f)
		sure, wrong := sureOf(f)
		return queue.SetDeskProfile{By: by, Desk: desk, Profile: p, Sure: sure}, "profile-set", cmp.Or(wrong, err)
	case "capacity":
		people, err := f.whole("people")
		return queue.SetHallCapacity{By: by, People: people}, "capacity-set", err
	case "restart":
		from, err := f.whole("from")
		if err != nil {
			return nil, "", err
		}
		next, err := f.wholeIfAny("next")
		if f["again"] != "" && f["again"] != "yes" {
			return nil, "", wrongValue("again", f["again"], queue.RuleOneOf, "yes")
		}
		return queue.RestartSeries{By: by, Series: queue.SeriesID(f["series"]), From: from, Next: next, Again: f["again"] != ""}, "restarted", err
	case "post":
		m, err := messageOf(f, l)
		if err == nil && !slices.ContainsFunc(l.State.Messages(), func(x queue.Message) bool { return x.ID == m.ID }) {
			err = seenBy(m, boards) // what was posted before may be for a board that is gone
		}
		return queue.PostMessage{By: by, Message: m}, "posted", err
	case "withdraw":
		return queue.WithdrawMessage{By: by, Message: queue.MessageID(f["message"])}, "unposted", nil
	default:
		return nil, "", fmt.Errorf("%w: no action %q of the manager", errNoPage, action)
	}
}

// seenBy refuses a message that nobody would see: in a language that boards have no
// words of, or for a board that is not there.
func seenBy(m queue.Message, boards []string) error {
	for l := range m.Texts {
		if all := words.Languages(); !slices.Contains(all, l) {
			var known []string
			for _, x := range all {
				known = append(known, string(x))
			}
			return wrongValue("text."+string(l), string(l), queue.RuleOneOf, known...)
		}
	}
	for _, b := range m.Boards {
		if !slices.Contains(boards, b) {
			return wrongValue("boards", b, queue.RuleOneOf, boards...)
		}
	}
	return nil
}

// oneOf is a reason that is offered, or a fault.
func oneOf(why string, offered []string) (string, error) {
	if !slices.Contains(offered, why) {
		return "", wrongValue("why", why, queue.RuleOneOf, offered...)
	}
	return why, nil
}

// messageOf is a message as a form says it: one text a language in "text-" and
// its code, from and until hours of today, or from now on and until it is taken
// away; and a field "boards-" and its name for each board that shows it, none for all.
func messageOf(f fields, l view.Look) (queue.Message, error) {
	m := queue.Message{ID: queue.MessageID(cmp.Or(f["request"], rand.Text())), Texts: map[queue.Language]string{}}
	for name, text := range f {
		if language, ok := strings.CutPrefix(name, "text-"); ok && strings.TrimSpace(text) != "" {
			m.Texts[queue.Language(language)] = strings.TrimSpace(text)
		}
	}
	for name, ticked := range f {
		if board, ok := strings.CutPrefix(name, "boards-"); ok && ticked != "" {
			m.Boards = append(m.Boards, board)
		}
	}
	slices.Sort(m.Boards) // the same form makes the same message
	if len(m.Texts) == 0 {
		return m, wrongValue("text", "", ruleMissing)
	}
	for name, at := range map[string]*int64{"from": &m.From, "until": &m.Until} {
		if f[name] == "" {
			continue
		}
		hour, err := f.hour(name)
		if end, ok := queue.ReadHour(f[name]); ok && end == 24*60 && name == "until" {
			hour, err = end, nil // the end of the day ends it as well as an hour of it
		}
		if err != nil {
			return m, err
		}
		*at = l.TodayAt(hour)
	}
	return m, nil
}

// manager is the manager's page, with the boards that there are.
func (s *Server) manager(l view.Look) view.Manager {
	v := l.Manager(s.devices(l.Tongue))
	v.Hands.Boards = s.offeredBoards()
	return v
}

func (s *Server) getManager(w http.ResponseWriter, r *http.Request) {
	l := s.lookFor(r)
	p := s.pageAt(l, "manager").flash(r).goesOn(l, r)
	p.Misses = s.planMisses(l)
	p.Request = rand.Text()
	p.View, p.Topic, p.Refresh = s.manager(l), topic{page: "manager"}.in(l.Tongue).address(), unaidedRefresh
	s.render(w, r, p)
}
