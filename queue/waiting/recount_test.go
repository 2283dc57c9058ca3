package waiting

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"eliminacode/queue"
)

// The recount of reports: events only, one leg at a time, everything in lists, nothing
// shared with the code under test but the shape of the answer.

type stretch struct {
	what       queue.TicketState
	start, end queue.Now
	cuts       []queue.Now // calls within it, and when they were taken back
}

type recounted struct {
	day       string
	service   queue.ServiceID
	desk      *queue.DeskID
	first     bool
	called    *queue.Now
	walk      *int64
	stretches []stretch
	how       Outcome
	inferred  bool
	unknown   bool
	before    *recounted // as it was before the last call or end
	parts     int        // where its day tells who was inferred: 0 nowhere, 1 of the whole day, 2 everywhere
	byPlan    bool       // the visit was sent on to it
	leaves    bool       // its day tells the inferred legs of each outcome, so that they can be left out
	finished  bool       // its service ended, and the visit went on by its plan
	given     queue.Outcome
	category  queue.Category

	hour                   int
	firstWait, wait, serve int64
	serves                 bool
	standard               int64
	name, group            string
}

func recount(t *testing.T, events []queue.Event, by Grouping, leaveOut bool) Report {
	var legs []*recounted
	dates := map[string]bool{}
	for _, day := range daysOf(events) {
		of := recountDay(t, day)
		if len(of) > 0 {
			dates[of[0].day] = true
		}
		legs = append(legs, of...)
	}
	groups, ranks, names := map[string][]*recounted{}, map[string]int{}, map[string]string{}
	gone, left := map[string][]*recounted{}, 0
	var kept []*recounted
	for _, l := range legs {
		k, rank, name := "", 0, ""
		switch by {
		case ByHour:
			k, rank = strconv.Itoa(l.hour), l.hour
			name = k + "-" + strconv.Itoa(l.hour+1)
		case ByDay:
			k, name = l.day, l.day
		case ByService:
			k, name = string(l.service), l.name
		case ByGroup:
			switch {
			case l.desk == nil:
				k, rank, name = "", 2, "(nessuno sportello)"
			case l.group == "":
				k, rank, name = "-", 1, "(senza gruppo)"
			default:
				k, name = l.group, l.group
			}
		}
		if leaveOut && l.inferred && (l.parts == 2 || l.leaves && by == ByDay) {
			gone[k] = append(gone[k], l)
			left++
			continue
		}
		kept = append(kept, l)
		groups[k], ranks[k], names[k] = append(groups[k], l), rank, name
	}
	legs = kept
	var keys []string
	sorted := func() {
		keys = keys[:0]
		for k := range groups {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b string) int {
			if ranks[a] != ranks[b] {
				return ranks[a] - ranks[b]
			}
			return map[bool]int{true: -1, false: 1}[a < b]
		})
	}
	sorted()
	ranks["*"], names["*"] = 1, "(uniti, meno di 3 sportelli)"
	if by == ByGroup {
		moved := moveSmall(keys, groups, nil, dates, func(l *recounted) bool { return l.desk != nil })
		gone = regrouped(gone, moved)
		sorted()
	}
	told := recountTold(keys, groups, gone, names, dates)
	r := Report{From: everFrom, To: everTo, By: by, Days: len(dates), LeftOut: left, Rows: []Row{}, Told: told}
	serves := hiddenOf(keys, groups, gone, dates, (*recounted).served, (*recounted).servesKnown)
	usual := usualServes(legs)
	walks := hiddenOf(keys, groups, gone, dates, (*recounted).walkKnown, (*recounted).walkKnown)
	for _, k := range keys {
		r.Rows = append(r.Rows, Row{Key: k, Label: names[k], Figures: recountFigures(groups[k], usual, serves[k], walks[k], by == ByDay)})
	}
	r.Total = Row{Key: "total", Label: "Totale", Figures: recountFigures(legs, usual, serves["total"], walks["total"], true)}
	r.Visits = r.Total.Visits
	return r
}

// recountTold is what was told of the services that ended, by the groups of a report.
func recountTold(inOrder []string, groups, gone map[string][]*recounted, names map[string]string, dates map[string]bool) *Told {
	ends := func(l *recounted) bool { return l.how == Served || l.how == Transferred && l.finished }
	ended, endedGone := such(groups, ends), such(gone, func(l *recounted) bool { return l.desk != nil && ends(l) })
	var all []*recounted
	t := &Told{Rows: []ToldRow{}}
	for day := range dates {
		if today := only(ended, day); fewOf(today, only(endedGone, day), anyLeg) {
			t.FewDesks += len(slices.Concat(slices.Collect(maps.Values(today))...))
			for k := range today {
				ended[k] = slices.DeleteFunc(ended[k], func(l *recounted) bool { return l.day == day })
			}
		}
	}
	moveSmall(inOrder, ended, endedGone, dates, func(*recounted) bool { return true })
	for _, k := range inOrder {
		if k != "*" && len(ended[k]) > 0 {
			t.Rows = append(t.Rows, recountToldRow(k, names[k], ended[k]))
		}
		if k != "*" {
			all = append(all, ended[k]...)
		}
	}
	if all = append(all, ended["*"]...); len(ended["*"]) > 0 {
		t.Rows = append(t.Rows, recountToldRow("*", names["*"], ended["*"]))
	}
	t.Total = recountToldRow("total", "Totale", all)
	return t
}

func recountToldRow(key, label string, ended []*recounted) ToldRow {
	r := ToldRow{Key: key, Label: label, Services: len(ended)}
	o, c := &r.Outcomes, &r.Categories
	for _, l := range ended {
		*map[queue.Outcome]*int{
			"released": &o.Released, "back-office": &o.BackOffice, "incomplete": &o.Incomplete, "other-desk": &o.OtherDesk, "": &o.NotTold,
		}[l.given]++
		*map[queue.Category]*int{
			"citizen": &c.Citizen, "firm": &c.Firm, "association": &c.Association, "body": &c.Body, "": &c.NotTold,
		}[l.category]++
	}
	return r
}

// only is what of groups is of a day.
func only(groups map[string][]*recounted, day string) map[string][]*recounted {
	of := map[string][]*recounted{}
	for k, legs := range groups {
		for _, l := range legs {
			if l.day == day {
				of[k] = append(of[k], l)
			}
		}
	}
	return of
}

func (l *recounted) ended() bool { return l.how == Served || l.how == Transferred }

func (l *recounted) served() bool { return l.ended() && l.serves }

func (l *recounted) servesKnown() bool { return l.served() && !l.unknown }

// usualServes is how long a service of a day took, of those of which it is known.
func usualServes(legs []*recounted) map[string]int64 {
	took, usual := map[string][]int64{}, map[string]int64{}
	for _, l := range legs {
		if l.servesKnown() {
			took[l.day] = append(took[l.day], l.serve)
		}
	}
	for day, all := range took {
		usual[day] = int64(math.Round(*meanOf(all)))
	}
	return usual
}

func (l *recounted) walkKnown() bool { return l.ended() && l.called != nil && l.walk != nil }

func recountDay(t *testing.T, events []queue.Event) []*recounted {
	var (
		date, zone string
		clock      recountedClock
		bands      []queue.Band
		pauses     []stretch
		services   = map[queue.ServiceID]queue.Service{}
		desks      = map[queue.DeskID]queue.Desk{}
		order      []queue.TicketID
		tickets    = map[queue.TicketID][]*recounted{}
		categories = map[queue.TicketID]queue.Category{}
	)
	learn := func(s queue.Setup) {
		zone = s.Office.Zone
		for _, x := range s.Services {
			services[x.ID] = x
		}
		for _, x := range s.Desks {
			desks[x.ID] = x
		}
	}
	for _, e := range events {
		clock.see(e)
	}
	clock.end()
	between := func(a, b queue.Now) int64 {
		ms, _ := clock.between(a, b)
		return ms
	}
	for _, e := range events {
		now := func(id queue.TicketID) *recounted {
			l := tickets[id][len(tickets[id])-1]
			l.inferred = l.inferred || e.By.Inferred
			return l
		}
		turn := func(l *recounted, what queue.TicketState, at queue.Now) {
			l.stretches[len(l.stretches)-1].end = at
			if what != "" {
				l.stretches = append(l.stretches, stretch{what: what, start: at})
			}
		}
		began := func(s queue.ServiceID) *recounted {
			return &recounted{service: s, inferred: e.By.Inferred, stretches: []stretch{{what: queue.Waiting, start: e.At}}}
		}
		keep := func(id queue.TicketID) {
			was := *tickets[id][len(tickets[id])-1]
			was.stretches = slices.Clone(was.stretches)
			tickets[id][len(tickets[id])-1].before = &was
		}
		restore := func(id queue.TicketID) {
			tickets[id][len(tickets[id])-1] = tickets[id][len(tickets[id])-1].before
		}
		goesOn := func(id queue.TicketID) {
			l := now(id)
			l.how = Open
			l.stretches = append(l.stretches, stretch{what: queue.Waiting, start: e.At})
		}
		over := func(id queue.TicketID, how Outcome) *recounted {
			keep(id)
			l := now(id)
			turn(l, "", e.At)
			l.how = how
			return l
		}
		switch b := e.Body.(type) {
		case queue.DayOpened:
			learn(b.Setup)
			date, bands = b.Plan.Date, b.Plan.Bands
		case queue.SetupChanged:
			learn(b.Setup)
		case queue.DayReplanned:
			bands = b.Plan.Bands
		case queue.DayRedated:
			date, bands = b.Date, b.Plan.Bands
		case queue.OfficeSuspended:
			pauses = append(pauses, stretch{start: e.At})
		case queue.OfficeResumed:
			pauses[len(pauses)-1].end = e.At
		case queue.TicketIssued:
			order = append(order, b.Ticket)
			l := began(b.Service)
			l.first = true
			tickets[b.Ticket] = []*recounted{l}
			categories[b.Ticket] = b.Category
		case queue.TicketIssuedAtDesk:
			order = append(order, b.Ticket)
			l := began(b.Service)
			l.first, l.stretches[0].what, l.desk = true, queue.Serving, &b.Desk
			tickets[b.Ticket] = []*recounted{l}
			categories[b.Ticket] = b.Category
		case queue.CategorySet:
			categories[b.Ticket] = b.Category
		case queue.CallUndone:
			called := *now(b.Ticket).called
			restore(b.Ticket)
			last := &now(b.Ticket).stretches[len(now(b.Ticket).stretches)-1]
			last.cuts = append(slices.Clone(last.cuts), called, e.At)
			if legs := tickets[b.Reopened]; b.Reopened != 0 {
				if last := legs[len(legs)-1]; last.byPlan && last.called == nil {
					tickets[b.Reopened] = legs[:len(legs)-1]
				}
				restore(b.Reopened)
			}
		case queue.TicketPutBack:
			turn(now(b.Ticket), queue.Waiting, e.At)
		case queue.TicketReturned:
			goesOn(b.Ticket)
		case queue.TicketReinstated:
			goesOn(b.Ticket)
		case queue.TicketCalled:
			keep(b.Ticket)
			l := now(b.Ticket)
			turn(l, queue.Called, e.At)
			l.desk, l.called, l.walk = &b.Desk, &e.At, nil
		case queue.ServiceStarted:
			l := now(b.Ticket)
			if b.FromCall {
				turn(l, queue.Serving, *l.called)
			} else {
				turn(l, queue.Serving, e.At)
				walk := between(*l.called, e.At)
				l.walk = &walk
			}
		case queue.TicketParked:
			turn(now(b.Ticket), queue.Parked, e.At)
		case queue.TicketResumed:
			if b.Desk == "" {
				turn(now(b.Ticket), queue.Waiting, e.At)
			} else {
				turn(now(b.Ticket), queue.Serving, e.At)
				now(b.Ticket).desk = &b.Desk
			}
		case queue.TicketTransferred:
			l := over(b.Ticket, Transferred)
			l.unknown = l.unknown || b.UnknownEnd
			l.inferred = l.inferred || b.UnknownEnd
			l.finished, l.given = b.Planned, b.Outcome
			next := began(b.Service)
			next.byPlan = b.Planned
			tickets[b.Ticket] = append(tickets[b.Ticket], next)
		case queue.ServiceContinued:
			l := over(b.Ticket, Transferred)
			l.finished, l.given = true, b.Outcome
			next := began(b.Service)
			next.stretches[0].what, next.desk = queue.Serving, &b.Desk
			tickets[b.Ticket] = append(tickets[b.Ticket], next)
		case queue.TicketServed:
			l := over(b.Ticket, Served)
			l.unknown, l.given = l.unknown || b.UnknownEnd, b.Outcome
			l.inferred = l.inferred || b.UnknownEnd
		case queue.TicketNoShow:
			over(b.Ticket, NoShow)
		case queue.TicketCancelled:
			over(b.Ticket, Cancelled)
		case queue.TicketExpired:
			over(b.Ticket, Expired)
		}
	}
	if n := len(pauses); n > 0 && pauses[n-1].end.IsZero() {
		pauses[n-1].end = events[len(events)-1].At
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	var legs []*recounted
	for _, id := range order {
		for _, l := range tickets[id] {
			l.day, l.category = date, categories[id]
			l.hour = time.UnixMilli(clock.office(l.stretches[0].start)).In(location).Hour()
			l.standard, l.name = services[l.service].StandardMs, services[l.service].Name
			if l.desk != nil {
				l.group = string(desks[*l.desk].Group)
			}
			waits := 0
			for _, s := range l.stretches {
				end := s.end
				if end.IsZero() {
					end = events[len(events)-1].At
				}
				ms, known := clock.between(s.start, end)
				for from, cuts := s.start, append(slices.Clone(s.cuts), end); len(cuts) > 0; from, cuts = cuts[0], cuts[1:] {
					_, part := clock.between(from, cuts[0])
					known = known && part
				}
				l.inferred = l.inferred || !known
				if s.end.IsZero() {
					continue
				}
				switch s.what {
				case queue.Waiting:
					ms = openMs(bands, pauses, between, s.start, clock.office(s.start), ms)
					if waits == 0 {
						l.firstWait = ms
					}
					waits++
					l.wait += ms
				case queue.Serving:
					l.serve += ms
					l.serves = true
				}
			}
			legs = append(legs, l)
		}
	}
	parts, leaves := 0, true
	if _, closed := events[len(events)-1].Body.(queue.DayClosed); closed {
		waited := func(l *recounted) bool { return l.called != nil && l.ended() }
		seen := func(l *recounted) bool { return l.inferred }
		parts = slices.Min([]int{
			recountParts(legs, func(*recounted) bool { return true }, seen),
			recountParts(legs, waited, seen),
			recountParts(legs, func(l *recounted) bool { return waited(l) && l.serves }, (*recounted).walkKnown),
		})
		for _, l := range legs {
			leaves = leaves && recountParts(legs, func(o *recounted) bool { return o.how == l.how }, seen) != 0
		}
	}
	for _, l := range legs {
		l.parts, l.leaves = parts, parts == 1 && leaves
	}
	return legs
}

// openMs is what is left of a wait when each stretch that lies between bands,
// where no band is open, is cut out, and so is each pause.
func openMs(bands []queue.Band, pauses []stretch, between func(a, b queue.Now) int64, from queue.Now, start, ms int64) int64 {
	cuts := []int64{start, start + ms}
	paused := make([][2]int64, len(pauses))
	for i, p := range pauses {
		paused[i] = [2]int64{
			start + between(from, p.start) - between(p.start, from),
			start + between(from, p.end) - between(p.end, from),
		}
		for _, c := range paused[i] {
			if c > start && c < start+ms {
				cuts = append(cuts, c)
			}
		}
	}
	for _, b := range bands {
		for _, c := range []int64{b.Opens, b.Closes} {
			if c > start && c < start+ms {
				cuts = append(cuts, c)
			}
		}
	}
	slices.Sort(cuts)
	left := int64(0)
	for i := range len(cuts) - 1 {
		open, before, after := false, false, false
		for _, b := range bands {
			open = open || b.Opens <= cuts[i] && cuts[i] < b.Closes
			before = before || b.Closes <= cuts[i]
			after = after || b.Opens > cuts[i]
		}
		in := slices.ContainsFunc(paused, func(p [2]int64) bool { return p[0] <= cuts[i] && cuts[i] < p[1] })
		if (open || !before || !after) && !in {
			left += cuts[i+1] - cuts[i]
		}
	}
	return left
}

func recountFigures(legs []*recounted, usual map[string]int64, hiddenServes, hiddenWalks []*recounted, ofDays bool) Figures {
	f := Figures{Legs: len(legs)}
	var waits, walks, serves []int64
	within := 0
	for _, l := range legs {
		if l.first {
			f.Visits++
		}
		parted := l.parts == 2 || l.parts == 1 && ofDays
		if !parted {
			f.InferredFewDesks++
		} else if l.inferred {
			f.Inferred++
		}
		*map[Outcome]*int{
			Open: &f.Open, Served: &f.Served, NoShow: &f.NoShows,
			Transferred: &f.Transferred, Cancelled: &f.Cancelled, Expired: &f.Expired,
		}[l.how]++
		called := l.called != nil
		if l.how == Served || l.how == Transferred || l.how == NoShow || l.how == Expired {
			switch {
			case called && l.firstWait <= l.standard:
				within++
				f.StandardN++
			case called, l.how == Expired && l.firstWait > l.standard:
				f.StandardN++
			}
		}
		if called && (l.how == Served || l.how == Transferred) {
			waits = append(waits, l.wait)
		}
		switch {
		case !parted:
			if called && l.ended() {
				f.WalkFewDesks++
			}
		case !l.walkKnown():
		case slices.Contains(hiddenWalks, l):
			f.WalkFewDesks++
		default:
			walks = append(walks, *l.walk)
		}
		switch {
		case !l.served():
		case slices.Contains(hiddenServes, l):
			f.ServiceFewDesks++
		case l.unknown:
			serves = append(serves, usual[l.day])
		default:
			serves = append(serves, l.serve)
		}
	}
	slices.Sort(waits)
	f.WaitN, f.WalkN, f.ServiceN = len(waits), len(walks), len(serves)
	f.MeanWaitMs, f.MeanWalkMs, f.MeanServiceMs = meanOf(waits), meanOf(walks), meanOf(serves)
	for _, x := range []struct {
		percent int
		into    **int64
	}{{50, &f.MedianWaitMs}, {90, &f.P90WaitMs}} {
		for i, ms := range waits {
			// Nearest rank: the first wait that so many percent do not exceed.
			if 100*(i+1) >= x.percent*len(waits) {
				*x.into = &ms
				break
			}
		}
	}
	if f.StandardN > 0 {
		share := float64(within) / float64(f.StandardN)
		f.WithinStandard = &share
	}
	return f
}

func meanOf(all []int64) *float64 {
	if len(all) == 0 {
		return nil
	}
	var sum int64
	for _, ms := range all {
		sum += ms
	}
	mean := float64(sum) / float64(len(all))
	return &mean
}
