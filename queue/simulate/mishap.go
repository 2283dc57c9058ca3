package simulate

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"eliminacode/queue"
)

// Mishaps say how often things go wrong, as a mean number a day unless said
// otherwise. What befalls people and paper happens in the World; power and
// clock belong to the box, and whoever drives the World sees to them: a Trial
// does.
type Mishaps struct {
	Children  float64 // a child plays on the buttons, and the burst is cancelled
	PaperOuts float64 // an outlet is without paper for some minutes
	Profiles  float64 // the manager gives a desk another profile for an hour
	Suspended float64 // an alarm, an assembly: nobody is served for some minutes
	Stops     float64 // the manager stops a service for a while
	Messages  float64 // the manager puts a message on the boards for a while
	Halls     float64 // the manager closes the doors of a hall that is too full, for a while
	Deaths    float64 // the machines are dead for a while, and the reception hands out a block
	Torn      float64 // a series goes on from another number
	PowerCuts float64 // the box goes off and comes back
	// WrongBoots is the share (0..1) of power cuts after which the box wakes
	// with a wrong clock, until a time server is reached.
	WrongBoots float64
	// OtherBoxes is the share (0..1) of power cuts after which another box goes on
	// with a copy of the journal.
	OtherBoxes float64
	ClockSteps float64 // a time server moves the clock by some seconds or minutes
	// WrongMornings are days that begin with a box that was switched on with a
	// wrong clock, and learns the time only later.
	WrongMornings float64
	// Evenings are days that end with a power cut while people wait. The box is
	// off until the next morning, and may wake with a wrong clock then.
	Evenings float64
}

// DefaultMishaps are more than an office should have to bear.
func DefaultMishaps() *Mishaps {
	return &Mishaps{
		Children: 0.25, PaperOuts: 0.3, Profiles: 0.05, Suspended: 0.04, Stops: 0.04, Torn: 0.03, Messages: 0.1, Halls: 0.02, Deaths: 0.03,
		PowerCuts: 0.2, WrongBoots: 0.4, OtherBoxes: 0.1, ClockSteps: 0.15, WrongMornings: 0.03, Evenings: 0.04,
	}
}

func (m *Mishaps) validate() error {
	if m == nil {
		return nil
	}
	for _, often := range []float64{m.Children, m.PaperOuts, m.Profiles, m.Suspended, m.Stops, m.Torn, m.Messages, m.Halls, m.Deaths, m.PowerCuts, m.ClockSteps, m.WrongMornings, m.Evenings} {
		if often < 0 || often > 100 || math.IsNaN(often) {
			return fmt.Errorf("%w: a mishap comes %v times a day; use 0 to 100", ErrBadOptions, often)
		}
	}
	for _, share := range []float64{m.WrongBoots, m.OtherBoxes} {
		if share < 0 || share > 1 || math.IsNaN(share) {
			return fmt.Errorf("%w: %v of the boots with a wrong clock or on another box; use a share of 0 to 1", ErrBadOptions, share)
		}
	}
	return nil
}

// moments draws the instants of a day at which something happens that comes so
// often a day, while tickets are given.
func moments(r *rand.Rand, plan queue.DayPlan, often float64) []int64 {
	minutes := openMinutes(plan)
	if len(minutes) == 0 || often == 0 {
		return nil
	}
	// The gaps between mishaps are exponential, with a day as the unit.
	var at []int64
	for day := r.ExpFloat64() / often; day < 1 && len(at) < 1_000; day += r.ExpFloat64() / often {
		at = append(at, minutes[r.IntN(len(minutes))]+r.Int64N(minuteMs))
	}
	return at
}

// planMishaps decides what goes wrong today for people and paper.
func (w *World) planMishaps(from int64) {
	m := w.options.Mishaps
	if m == nil {
		return
	}
	r := stream(w.options.Seed, "mishap", w.daySeed)
	for _, kind := range []struct {
		often float64
		begin func(*turn, *rand.Rand)
	}{
		{m.Children, (*turn).children}, {m.PaperOuts, (*turn).paperOut}, {m.Profiles, (*turn).otherProfile},
		{m.Suspended, (*turn).suspend}, {m.Stops, (*turn).stopService}, {m.Torn, (*turn).tearRoll},
		{m.Messages, (*turn).postMessage}, {m.Halls, (*turn).closeDoors}, {m.Deaths, (*turn).handOut},
	} {
		for i, at := range moments(r, w.plan, kind.often) {
			own := stream(r.Uint64(), "one", int64(i))
			if at >= from {
				w.todo.add(at, func(t *turn) { kind.begin(t, own) })
			}
		}
	}
}

// children press a button as fast as they can, until somebody takes them away;
// the reception then cancels the whole burst at once.
func (t *turn) children(r *rand.Rand) {
	w := t.w
	if w.citizensOff.Load() || len(w.setup.Services) == 0 {
		return
	}
	var outlets []queue.Outlet
	for _, o := range w.setup.Outlets {
		if kindOf(o) != queue.ByReception {
			outlets = append(outlets, o)
		}
	}
	if len(outlets) == 0 {
		return
	}
	outlet := outlets[r.IntN(len(outlets))]
	service := w.setup.Services[r.IntN(len(w.setup.Services))].ID
	var given []queue.TicketID
	press := func(t *turn) {
		events, err := t.command(queue.IssueTicket{By: causeAt(outlet, service), Service: service, Outlet: outlet.ID})
		if err != nil {
			return
		}
		for _, e := range events {
			if b, ok := e.Body.(queue.TicketIssued); ok {
				given = append(given, b.Ticket)
				t.print(b.Ticket, 1, b.Outlet, b.Paper)
			}
		}
	}
	last := int64(0)
	for range 5 + r.IntN(40) {
		t.in(last, press)
		last += between(r, 250, 1_900)
	}
	t.in(last+between(r, 10*secondMs, 90*secondMs), func(t *turn) {
		// A refusal means that all of them were called meanwhile.
		_, _ = t.command(queue.CancelTickets{By: queue.Cause{Kind: queue.ByReception}, Tickets: given, Why: "burst"})
	})
}

// paperOut empties the roll of one printer; what is on its way then fails.
func (t *turn) paperOut(r *rand.Rand) {
	w := t.w
	if w.options.Paper == nil || len(w.setup.Outlets) == 0 {
		return
	}
	o := w.setup.Outlets[r.IntN(len(w.setup.Outlets))]
	if !o.Printer || w.empty[o.ID] {
		return
	}
	w.empty[o.ID] = true
	// A refusal means that the outlet said something else a moment ago; the
	// printer says it again when it is asked for a ticket.
	_, _ = t.command(queue.ReportOutlet{Outlet: o.ID, Gives: queue.Unable, Why: "paper-out"})
	t.in(between(r, 2*minuteMs, 15*minuteMs), func(t *turn) {
		w.empty[o.ID] = false
		_, _ = t.command(queue.ReportOutlet{Outlet: o.ID, Gives: queue.Able})
	})
}

// otherProfile is the manager who lends one desk to another's services for an
// hour, from its next call on.
func (t *turn) otherProfile(r *rand.Rand) {
	w := t.w
	if w.clerksOff.Load() {
		return
	}
	d := w.setup.Desks[r.IntN(len(w.setup.Desks))]
	like := w.setup.Desks[r.IntN(len(w.setup.Desks))]
	by := queue.Cause{Kind: queue.ByManager}
	// A manager who is told whom that would leave lets it be, or is sure. Other refusals
	// mean that the setup was changed meanwhile.
	_, err := t.command(queue.SetDeskProfile{By: by, Desk: d.ID, Profile: like.Profile})
	if errors.Is(err, queue.ErrUnattended) && r.IntN(2) == 0 {
		_, _ = t.command(queue.SetDeskProfile{By: by, Desk: d.ID, Profile: like.Profile, Sure: true})
	}
	t.in(hourMs, func(t *turn) {
		_, _ = t.command(queue.SetDeskProfile{By: by, Desk: d.ID, Profile: d.Profile, Sure: true})
	})
}

// suspend is an alarm: everybody waits outside.
func (t *turn) suspend(r *rand.Rand) {
	by := queue.Cause{Kind: queue.ByManager}
	// Neither can be refused but by an office that is not there.
	_, _ = t.command(queue.SuspendOffice{By: by, Why: "alarm"})
	t.in(between(r, 4*minuteMs, 25*minuteMs), func(t *turn) {
		_, _ = t.command(queue.ResumeOffice{By: by})
	})
}

// stopService is a manager who has too few hands for one service.
func (t *turn) stopService(r *rand.Rand) {
	w, by := t.w, queue.Cause{Kind: queue.ByManager}
	service := w.setup.Services[r.IntN(len(w.setup.Services))].ID
	_, _ = t.command(queue.StopService{By: by, Service: service, Why: "staff"})
	t.in(between(r, 10*minuteMs, 60*minuteMs), func(t *turn) {
		_, _ = t.command(queue.ReopenService{By: by, Service: service})
	})
}

// postMessage is a manager who tells the hall something; one message in three
// goes by itself.
func (t *turn) postMessage(r *rand.Rand) {
	by := queue.Cause{Kind: queue.ByManager}
	m := queue.Message{
		ID:    queue.MessageID(fmt.Sprintf("m%d", r.Uint32())),
		Texts: map[queue.Language]string{"it": "Avviso: chiusura anticipata"},
	}
	last := between(r, 10*minuteMs, 3*hourMs)
	if r.IntN(3) == 0 {
		m.Until = t.office + last
	}
	// A refusal means that there are too many messages already.
	_, _ = t.command(queue.PostMessage{By: by, Message: m})
	if m.Until == 0 {
		t.in(last, func(t *turn) { _, _ = t.command(queue.WithdrawMessage{By: by, Message: m.ID}) })
	}
}

// closeDoors is a manager who lets nobody in until the hall is emptier.
func (t *turn) closeDoors(r *rand.Rand) {
	by, usual := queue.Cause{Kind: queue.ByManager}, t.w.setup.Rules.HallCapacity
	// Neither can be refused but by an office that is not there.
	_, _ = t.command(queue.SetHallCapacity{By: by, People: max(1, t.w.state.InHall()-r.IntN(4))})
	t.in(between(r, 5*minuteMs, 30*minuteMs), func(t *turn) {
		_, _ = t.command(queue.SetHallCapacity{By: by, People: usual})
	})
}

// handOut is a reception that hands out the numbers of a block while the machines
// are dead, and calls them in when they are not. Of some it knows the hour. Some
// are never called in, and some of those who got one have gone.
func (t *turn) handOut(r *rand.Rand) {
	w, by := t.w, queue.Cause{Kind: queue.ByReception}
	if len(w.setup.Services) == 0 || w.citizensOff.Load() {
		return
	}
	service := w.setup.Services[r.IntN(len(w.setup.Services))].ID
	events, err := t.command(queue.ReserveBlock{By: by, Service: service, Count: 20 + r.IntN(31), Code: fmt.Sprintf("K%d", 100+r.Uint32N(900_000))})
	if err != nil || len(events) == 0 {
		return
	}
	blocks := w.state.Blocks()
	numbers := w.state.BlockNumbers(blocks[len(blocks)-1])
	after, told := int64(0), r.IntN(2) == 0
	var in []func(*turn)
	for _, n := range numbers[:r.IntN(len(numbers))] {
		after += between(r, 10*secondMs, 90*secondMs)
		admit := queue.AdmitReserved{By: by, Number: n.Text}
		if told {
			admit.HandedAt = t.office + after
		}
		if r.IntN(10) > 0 {
			in = append(in, func(t *turn) {
				// A refusal means that the clock was set meanwhile: then from now on.
				if _, err := t.command(admit); errors.Is(err, queue.ErrNotThen) {
					admit.HandedAt = 0
					_, _ = t.command(admit)
				}
			})
		}
	}
	for i, admit := range in {
		t.in(after+int64(i)*5*secondMs, admit)
	}
}

// tearRoll is a roll of numbered paper that was torn: the series goes on a
// little further, or from the beginning.
func (t *turn) tearRoll(r *rand.Rand) {
	w := t.w
	series := w.setup.Series[r.IntN(len(w.setup.Series))].ID
	next, ok := w.state.NextNumber(series, t.now)
	if !ok {
		return
	}
	from := next.Value + r.IntN(30)
	if r.IntN(3) == 0 {
		from = 1 + r.IntN(next.Value)
	}
	// A refusal means that the series has no such number, or that somebody holds it.
	_, _ = t.command(queue.RestartSeries{By: queue.Cause{Kind: queue.ByReception}, Series: series, From: from, Next: next.Value, Again: true})
}

// planContacts lets people come to the reception who need no ticket.
func (w *World) planContacts(from int64) {
	r := stream(w.options.Seed, "contact", w.daySeed)
	kinds := []queue.Contact{queue.ContactInformation, queue.ContactForms, queue.ContactComplaint, queue.ContactRegistration}
	often := []float64{0.7, 0.2, 0.04, 0.06}
	for i, at := range moments(r, w.plan, w.options.Conduct.Contacts*float64(w.visitsToday())) {
		c := queue.RecordContact{
			By: queue.Cause{Kind: queue.ByReception}, Contact: kinds[weighted(r, often)], Request: fmt.Sprintf("contact-%s-%d", w.date, i+1),
		}
		if at >= from {
			w.todo.add(at, func(t *turn) {
				if !t.w.citizensOff.Load() && t.late <= tooLateMs {
					_, _ = t.command(c)
				}
			})
		}
	}
}
