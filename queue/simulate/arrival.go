package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// shape is how many people come at an hour of the day, as points of a line
// over the minutes since midnight; the busiest hour is 11 to 12.
var shape = []struct {
	minute int
	weight float64
}{
	{0, 0.25}, {7 * 60, 0.4}, {8 * 60, 0.85}, {9 * 60, 0.95}, {10 * 60, 1.15}, {10*60 + 45, 1.45}, {11*60 + 15, 1.70},
	{11*60 + 45, 1.60}, {12*60 + 15, 1.05}, {13 * 60, 0.60}, {14 * 60, 0.45}, {15 * 60, 0.70}, {16 * 60, 0.65}, {17 * 60, 0.35}, {24 * 60, 0.25},
}

func shapeAt(minute int) float64 {
	for i := 1; i < len(shape); i++ {
		a, b := shape[i-1], shape[i]
		if minute <= b.minute {
			return a.weight + (b.weight-a.weight)*float64(minute-a.minute)/float64(b.minute-a.minute)
		}
	}
	return shape[len(shape)-1].weight
}

// doorMs is how long before closing the last person comes, so that all who
// come get a ticket even when a button asks them to wait.
const doorMs = 3 * minuteMs

// dayWeight is how busy a planned day is against others: a short day sees
// fewer people than a long one, but more an hour, and a day with fewer
// services fewer.
func dayWeight(plan queue.DayPlan, habits []habit) float64 {
	minutes, open, all := 0.0, 0.0, 0.0
	for _, s := range stretches(plan) {
		minutes += float64(s.to-s.from) / float64(minuteMs)
	}
	for _, h := range habits {
		all += h.share
		if slices.ContainsFunc(plan.Bands, func(b queue.Band) bool { return b.Covers(b.Opens, h.service) }) {
			open += h.share
		}
	}
	if minutes == 0 || all == 0 {
		return 0
	}
	return minutes / (minutes + 200) * open / all
}

// noise is what nobody knows about a day beforehand, around 1.
func noise(seed uint64, date calendar.Date) float64 {
	return math.Exp(0.10 * stream(seed, "day", int64(date.Year), int64(date.Month), int64(date.Day)).NormFloat64())
}

// quotas shares a number of visits out among the open days, to the last one.
func quotas(setup queue.Setup, o Options, from calendar.Date) (map[calendar.Date]int, error) {
	days, err := calendar.OpenDays(setup, from, o.To)
	if err != nil {
		return nil, fmt.Errorf("planning the visits: %w", err)
	}
	habits := habitsOf(setup)
	weights, sum := make([]float64, len(days)), 0.0
	for i, d := range days {
		plan, err := calendar.PlanOn(setup, d)
		if err != nil {
			return nil, fmt.Errorf("planning the visits: %w", err)
		}
		weights[i] = dayWeight(plan, habits) * noise(o.Seed, d)
		sum += weights[i]
	}
	if sum == 0 {
		return nil, fmt.Errorf("%w: no open day until %s for %d visits; choose other dates", ErrBadOptions, o.To, o.Visits)
	}
	// Each day's count is a difference of rounded running sums, so that the
	// whole is exact.
	quota, running, given := map[calendar.Date]int{}, 0.0, 0
	for i, d := range days {
		running += weights[i]
		upTo := int(math.Round(float64(o.Visits) * running / sum))
		if i == len(days)-1 {
			upTo = o.Visits
		}
		quota[d], given = upTo-given, upTo
	}
	return quota, nil
}

// visitsToday is how many people come today.
func (w *World) visitsToday() int {
	if w.quota != nil {
		return w.quota[w.date]
	}
	weight := dayWeight(w.plan, w.habits)
	if weight == 0 {
		return 0
	}
	// The mean over a plain week: exceptions and holidays do not count in it.
	plain := w.setup
	plain.Hours.Exceptions, plain.Hours.Holidays, plain.Hours.Patron = nil, false, ""
	sum, days := 0.0, 0
	for i := range 7 {
		if plan, err := calendar.PlanOn(plain, w.date.AddDays(i)); err == nil && len(plan.Bands) > 0 {
			sum += dayWeight(plan, w.habits)
			days++
		}
	}
	mean := w.options.VisitsPerDay
	if days > 0 && sum > 0 {
		mean *= weight * float64(days) / sum
	}
	mean *= noise(w.options.Seed, w.date)
	r := stream(w.options.Seed, "visits", w.daySeed)
	return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
}

// A visitor is somebody on the way to an outlet.
type visitor struct {
	service queue.ServiceID
	class   queue.Class
	outlet  queue.OutletID
	request string
	token   string
	tries   int
	then    []queue.ServiceID // that the visit is for besides
	// appointment is the one that the visitor holds; empty is none.
	appointment queue.AppointmentID
}

// planArrivals decides who comes today and when.
func (w *World) planArrivals(from int64) {
	minutes := openMinutes(w.plan)
	if len(minutes) == 0 {
		return
	}
	weights := make([]float64, len(minutes))
	for i, at := range minutes {
		weights[i] = w.pull(at)
	}
	r := stream(w.options.Seed, "arrivals", w.daySeed)
	times := make([]int64, w.visitsToday())
	for i := range times {
		times[i] = minutes[weighted(r, weights)] + r.Int64N(minuteMs)
	}
	slices.Sort(times)
	visitors := make([]*visitor, len(times))
	for i, at := range times {
		// Drawn for all, so that a late beginning changes nobody.
		visitors[i] = w.visitor(r, at, i)
	}
	w.planBookings(from, visitors, times)
	for i, v := range visitors {
		if times[i] >= from && v.service != "" {
			w.todo.add(times[i], v.arrive)
		}
	}
	if from != w.options.From {
		return
	}
	crowd := stream(w.options.Seed, "crowd", w.daySeed)
	for i := range w.options.Crowd {
		at := from + 30*secondMs + int64(i)*12*secondMs + between(crowd, 0, 9*secondMs)
		if v := w.visitor(crowd, at, len(times)+i); v.service != "" {
			w.todo.add(at, v.arrive)
		}
	}
}

// openMinutes are the minutes of the day, as office times, in which somebody
// may come.
func openMinutes(plan queue.DayPlan) []int64 {
	var minutes []int64
	for _, s := range stretches(plan) {
		last := max(s.from, s.to-doorMs)
		for at := s.from; at < last; at += minuteMs {
			if at+minuteMs <= last || at == s.from {
				minutes = append(minutes, at)
			}
		}
	}
	return minutes
}

// pull is how many people a minute draws; those who waited for the door to
// open come first.
func (w *World) pull(at int64) float64 {
	p := shapeAt(w.clockMinute(at))
	for _, s := range stretches(w.plan) {
		if at >= s.from && at < s.from+5*minuteMs {
			p *= 2.5
		}
	}
	return p
}

func (w *World) visitor(r *rand.Rand, at int64, nth int) *visitor {
	shares := make([]float64, len(w.habits))
	for i, h := range w.habits {
		if w.planned(h.service, at) {
			shares[i] = h.share
		}
	}
	v := &visitor{request: fmt.Sprintf("sim-%s-%d", w.date, nth+1), token: token(r)}
	if r.Float64() < w.options.Conduct.Priority {
		v.class = queue.Priority
	}
	if i := weighted(r, shares); i >= 0 {
		v.service = w.habits[i].service
	}
	v.outlet = w.outletFor(r, v.class)
	v.then = w.several(v, nth, at)
	return v
}

// several are the services that somebody comes for besides the first: one or two
// others that are open. Drawn apart, so that what is drawn for others stays as it is.
func (w *World) several(v *visitor, nth int, at int64) []queue.ServiceID {
	r := stream(w.options.Seed, "several", w.daySeed, int64(nth))
	if r.Float64() >= w.options.Conduct.Several || v.service == "" {
		return nil
	}
	var then []queue.ServiceID
	for range 1 + r.IntN(2) {
		if s := w.another(r, v.service, then, at); s != "" {
			then = append(then, s)
		}
	}
	return then
}

// another is a service that is open and not among those of a visit, or empty.
func (w *World) another(r *rand.Rand, first queue.ServiceID, then []queue.ServiceID, at int64) queue.ServiceID {
	shares := make([]float64, len(w.habits))
	for i, h := range w.habits {
		if h.service != first && !slices.Contains(then, h.service) && w.planned(h.service, at) {
			shares[i] = h.share
		}
	}
	if i := weighted(r, shares); i >= 0 {
		return w.habits[i].service
	}
	return ""
}

// token is a random word for the status page.
func token(r *rand.Rand) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 10)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// outletFor is where somebody takes a ticket: who has precedence, and one in
// ten of the others, at the reception; who stands before the machines takes
// any of them.
func (w *World) outletFor(r *rand.Rand, class queue.Class) queue.OutletID {
	weights := make([]float64, len(w.setup.Outlets))
	for i, o := range w.setup.Outlets {
		switch kindOf(o) {
		case queue.ByReception:
			weights[i] = 0.15
			if class == queue.Priority {
				weights[i] = 50
			}
		case queue.ByTotem:
			weights[i] = 0.50
		default:
			weights[i] = 0.35
		}
	}
	if i := weighted(r, weights); i >= 0 {
		return w.setup.Outlets[i].ID
	}
	return ""
}

// kindOf guesses what an outlet is, since a setup does not say: the reception
// by its name, a totem by its screen.
func kindOf(o queue.Outlet) queue.CauseKind {
	name := strings.ToLower(string(o.ID) + " " + o.Name)
	switch {
	case strings.Contains(name, "accoglienza"), strings.Contains(name, "reception"):
		return queue.ByReception
	case o.Screen:
		return queue.ByTotem
	default:
		return queue.ByButton
	}
}

// causeAt is who issues at an outlet; a row of buttons has one a service.
func causeAt(o queue.Outlet, service queue.ServiceID) queue.Cause {
	kind, device := kindOf(o), string(o.ID)
	if kind == queue.ByButton {
		device += "/" + string(service)
	}
	return queue.Cause{Kind: kind, Device: device}
}

// tooLateMs is from when on a missed arrival does not happen any more: after
// a jump of the clock not everybody comes at once.
const tooLateMs = 5 * minuteMs

// arrive asks for a ticket.
func (v *visitor) arrive(t *turn) {
	w := t.w
	if w.citizensOff.Load() || t.late > tooLateMs {
		return
	}
	outlet, _, ok := w.state.Outlet(v.outlet)
	if !ok {
		outlet = queue.Outlet{ID: v.outlet}
	}
	var ask queue.Command = queue.IssueTicket{
		By: causeAt(outlet, v.service), Service: v.service, Class: v.class, Outlet: v.outlet,
		Token: v.token, Request: v.request, Then: v.then,
	}
	if v.appointment != "" {
		ask = queue.CheckIn{By: causeAt(outlet, v.service), Appointment: v.appointment, Outlet: v.outlet, Token: v.token}
	}
	events, err := t.command(ask)
	if err != nil {
		v.refused(t, err)
		return
	}
	for _, e := range events {
		if b, issued := e.Body.(queue.TicketIssued); issued {
			t.print(b.Ticket, 1, b.Outlet, b.Paper)
			t.planCancel(b.Ticket)
			t.planPriority(b.Ticket)
			t.planServices(b.Ticket)
			w.wake(t, b.Service)
		}
	}
}

// maxTries bounds how often somebody asks again.
const maxTries = 40

// refused is what a person does whom the machine turned down: ask again, go
// to the reception, or leave.
func (v *visitor) refused(t *turn, err error) {
	v.tries++
	var again int64
	switch {
	case v.tries >= maxTries:
		return
	case errors.Is(err, queue.ErrUnknownAppointment), errors.Is(err, queue.ErrAppointmentCancelled):
		// Then like everybody else.
		v.appointment = ""
		again = 20 * secondMs
	case errors.Is(err, queue.ErrResting), errors.Is(err, queue.ErrPrinterBehind):
		again = 2 * secondMs
	case errors.Is(err, queue.ErrTooManyPresses):
		again = 10 * secondMs
	case errors.Is(err, queue.ErrHallFull):
		again = minuteMs
	case errors.Is(err, queue.ErrNoPaper), errors.Is(err, queue.ErrUnknownOutlet):
		if v.outlet = t.w.otherOutlet(v.outlet); v.outlet == "" {
			return
		}
		again = 30 * secondMs
	default:
		return
	}
	t.in(again, v.arrive)
}

// otherOutlet is the outlet after one, round and round.
func (w *World) otherOutlet(id queue.OutletID) queue.OutletID {
	all := w.setup.Outlets
	i := slices.IndexFunc(all, func(o queue.Outlet) bool { return o.ID == id })
	if len(all) == 0 {
		return ""
	}
	return all[(i+1)%len(all)].ID
}

// planCancel decides whether somebody will give the ticket back.
func (t *turn) planCancel(id queue.TicketID) {
	who := t.w.person(id)
	if who.cancelAfterMs == 0 {
		return
	}
	t.in(who.cancelAfterMs, func(t *turn) {
		if ticket := t.w.state.Ticket(id); ticket == nil || ticket.State != queue.Waiting {
			return
		}
		// A refusal means that somebody was quicker: the ticket was called.
		_, _ = t.command(queue.CancelTicket{By: queue.Cause{Kind: queue.ByReception}, Ticket: id, Why: who.cancelWhy})
		if who.regret {
			t.in(who.walkMs*4, func(t *turn) {
				_, _ = t.command(queue.Reinstate{By: queue.Cause{Kind: queue.ByReception}, Ticket: id})
			})
		}
	})
}

// planPriority decides whether the reception will see that somebody needs
// priority, and perhaps that it was a mistake. Refusals mean that the ticket waits
// no more.
func (t *turn) planPriority(id queue.TicketID) {
	who, by := t.w.person(id), queue.Cause{Kind: queue.ByReception}
	if ticket := t.w.state.Ticket(id); who.grantAfterMs == 0 || ticket.Class == queue.Appointment {
		return
	}
	t.in(who.grantAfterMs, func(t *turn) {
		_, _ = t.command(queue.GrantPriority{By: by, Ticket: id})
		if who.withdrawAfterMs > 0 {
			t.in(who.withdrawAfterMs, func(t *turn) { _, _ = t.command(queue.WithdrawPriority{By: by, Ticket: id}) })
		}
	})
}

// planServices decides whether somebody finds out, while the visit lasts, that it
// needs one service more, or one less. A refusal means that the visit is over.
func (t *turn) planServices(id queue.TicketID) {
	who := t.w.person(id)
	if who.replanAfterMs == 0 {
		return
	}
	t.in(who.replanAfterMs, func(t *turn) {
		ticket := t.w.state.Ticket(id)
		if ticket == nil || ticket.State.Ended() {
			return
		}
		then := t.w.state.Planned(ticket)
		if len(then) > 0 {
			then = then[1:]
		} else if s := t.w.another(stream(t.w.options.Seed, "replanned", t.w.daySeed, int64(id.Ordinal())), ticket.Service, nil, t.office); s != "" {
			then = []queue.ServiceID{s}
		}
		_, _ = t.command(queue.PlanServices{By: queue.Cause{Kind: queue.ByReception}, Ticket: id, Services: then, Nth: ticket.Leg + 1})
	})
}

// A stretch is office time without a gap in which tickets are given.
type stretch struct{ from, to int64 }

// stretches are the bands of a plan, joined where they touch or overlap.
func stretches(plan queue.DayPlan) []stretch {
	bands := slices.Clone(plan.Bands)
	slices.SortFunc(bands, func(a, b queue.Band) int { return cmp.Compare(a.Opens, b.Opens) })
	var all []stretch
	for _, b := range bands {
		if n := len(all); n > 0 && b.Opens <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, b.Closes)
		} else {
			all = append(all, stretch{b.Opens, b.Closes})
		}
	}
	return all
}
