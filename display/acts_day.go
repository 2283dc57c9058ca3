package display

import (
	"net/http"
	"slices"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/words"
)

// A DayAct is what somebody decided about the open day, as the audit list keeps it.
type DayAct struct {
	What string // a word such as "service.stop"
	On   string // the name of the service, the series or the desk; empty for the whole office
	// Before and After are what it changed, by the names of its fields; nil is nothing.
	Before, After map[string]any
}

// DayActs are the acts of the audit list that stand in the events of a command, which
// led from a state to another. What clerks and the reception do with tickets is none.
func DayActs(before, after *queue.State, events []queue.Event) (acts []DayAct) {
	for _, e := range events {
		if a, ok := dayAct(before, after, e); ok {
			acts = append(acts, a)
		}
	}
	return acts
}

func dayAct(before, after *queue.State, e queue.Event) (a DayAct, ok bool) {
	service := func(id queue.ServiceID) string {
		x, _ := after.Service(id)
		return x.Name
	}
	switch b := e.Body.(type) {
	case queue.OfficeSuspended:
		return DayAct{What: "office.suspend", After: map[string]any{"suspended_for": b.Why}}, true
	case queue.OfficeResumed:
		was, _ := before.Suspended()
		return DayAct{What: "office.resume", Before: map[string]any{"suspended_for": was.Why}}, true
	case queue.ServiceStopped:
		return DayAct{What: "service.stop", On: service(b.Service), After: map[string]any{"stopped_for": b.Why}}, true
	case queue.ServiceReopened:
		was, _ := before.ServiceStop(b.Service, e.At)
		return DayAct{What: "service.reopen", On: service(b.Service), Before: map[string]any{"stopped_for": was.Why}}, true
	case queue.HallCapacitySet:
		return DayAct{
			What: "hall.capacity", Before: map[string]any{"people": before.Setup().Rules.HallCapacity}, After: map[string]any{"people": b.People},
		}, true
	case queue.SeriesRestarted:
		was, _ := before.NextNumber(b.Series, e.At)
		is, _ := after.NextNumber(b.Series, e.At)
		return DayAct{
			What: "series.restart", On: seriesName(after, b.Series),
			Before: map[string]any{"next_number": was.Text}, After: map[string]any{"next_number": is.Text},
		}, true
	case queue.MessagePosted:
		a := DayAct{What: "message.post", After: notedMessage(after, b.Message)}
		if was, ok := messageIn(before, b.Message.ID); ok {
			a.Before = notedMessage(before, was)
		}
		return a, true
	case queue.MessageWithdrawn:
		a := DayAct{What: "message.withdraw"}
		if was, ok := messageIn(before, b.Message); ok {
			a.Before = notedMessage(before, was)
		}
		return a, true
	case queue.ClockSet:
		if b.CorrectionMs == before.CorrectionMs() {
			return a, false // it was right
		}
		return DayAct{
			What: "clock.set", Before: map[string]any{"clock": clockOf(before, e.At)}, After: map[string]any{"clock": clockOf(after, e.At)},
		}, true
	}
	return a, false
}

func messageIn(state *queue.State, id queue.MessageID) (queue.Message, bool) {
	i := slices.IndexFunc(state.Messages(), func(m queue.Message) bool { return m.ID == id })
	if i < 0 {
		return queue.Message{}, false
	}
	return state.Messages()[i], true
}

// notedMessage is a message of boards, for the audit list.
func notedMessage(state *queue.State, m queue.Message) map[string]any {
	var texts []string
	for _, l := range words.Languages() {
		if text := m.Texts[l]; text != "" {
			texts = append(texts, text)
		}
	}
	noted := map[string]any{"message": texts}
	if len(m.Boards) > 0 {
		noted["boards"] = m.Boards
	}
	for name, at := range map[string]int64{"shown_from": m.From, "shown_until": m.Until} {
		if at != 0 {
			noted[name] = wallOf(state, at).Format("15:04")
		}
	}
	return noted
}

// seriesName is what a series is called by: its letters, else its id.
func seriesName(state *queue.State, id queue.SeriesID) string {
	for _, x := range state.Setup().Series {
		if x.ID == id && x.Letters != "" {
			return x.Letters
		}
	}
	return string(id)
}

// clockOf is what the office's clock shows by a state.
func clockOf(state *queue.State, now queue.Now) string {
	return wallOf(state, state.OfficeTime(now)).Format(time.RFC3339)
}

// wallOf is an office time on the office's wall.
func wallOf(state *queue.State, officeMs int64) time.Time {
	zone, err := calendar.Zone(state.Setup())
	if err != nil {
		zone = time.UTC // of no office
	}
	return time.UnixMilli(officeMs).In(zone)
}

// noteDay puts what a visitor decided about the open day into the audit list.
func (s *Server) noteDay(r *http.Request, in who, was *queue.State, done outcome) {
	for _, a := range DayActs(was, done.state, done.events) {
		before, after := a.Sides()
		s.noteOn(r, in, a.What, a.On, before, after)
	}
}

// Sides are Before and After as the audit list takes them: nil where there is nothing.
func (a DayAct) Sides() (before, after any) {
	if a.Before != nil {
		before = a.Before
	}
	if a.After != nil {
		after = a.After
	}
	return before, after
}
