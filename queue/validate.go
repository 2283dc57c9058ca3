package queue

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// idPattern is what names of things look like: they stand in addresses of
// pages and in reports.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)

var (
	datePattern     = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	monthDayPattern = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	clockPattern    = regexp.MustCompile(`^(([01]\d|2[0-3]):[0-5]\d|24:00)$`)
)

// Validate finds every fault of a setup at once; the error Is ErrBadSetup and
// each line of it says where and what to do.
func (s Setup) Validate() error {
	v := validation{}
	v.series(s)
	v.services(s)
	v.desks(s)
	v.outlets(s)
	v.hours(s)
	v.rules(s.Rules)
	v.slip(s)
	v.text("office body", s.Office.Body, 120)
	v.text("office name", s.Office.Name, 120)
	v.text("office place", s.Office.Place, longestWording)
	v.text("office note", s.Office.Note, longestWording)
	v.text("office excluded_letters", s.Office.ExcludedLetters, 26)
	if s.Office.Body == "" {
		v.add("office: body is missing; write the name of the public body")
	}
	if s.Office.Zone == "" {
		v.add("office: zone is missing; write a time zone such as Europe/Rome")
	}
	if len(v.faults) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n%w", ErrBadSetup, errors.Join(v.faults...))
}

type validation struct{ faults []error }

func (v *validation) add(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf(format, args...))
}

func (v *validation) id(what, id string, seen map[string]bool) {
	switch {
	case !idPattern.MatchString(id):
		v.add("%s %q: a name has 1 to 32 letters, digits, - or _", what, id)
	case seen[id]:
		v.add("%s %q is there twice; give each its own name", what, id)
	}
	seen[id] = true
}

func (v *validation) text(what, text string, most int) {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		v.add("%s: text is not valid or longer than %d characters; shorten it", what, most)
	}
}

func (v *validation) series(s Setup) {
	seen := map[string]bool{}
	for i, r := range s.Series {
		v.id("series", string(r.ID), seen)
		if r.Width < 0 || r.Width > 6 {
			v.add("series %q: numbers have at most 6 digits", r.ID)
		}
		v.ranges(r)
		if len(r.Letters) > 3 {
			v.add("series %q: at most 3 letters, so that the number stays big on paper", r.ID)
		}
		if strings.ContainsAny(r.Letters, "0123456789") || !utf8.ValidString(r.Letters) {
			v.add("series %q: letters %q hold a digit or no text; numbers of two series could look alike", r.ID, r.Letters)
		}
		if c := strings.IndexAny(r.Letters, s.Office.ExcludedLetters); c >= 0 {
			v.add("series %q: the letters %q hold one of %q, which the office excludes; choose others", r.ID, r.Letters, s.Office.ExcludedLetters)
		}
		for _, other := range s.Series[:i] {
			if n, both := other.overlap(r); both {
				v.add("series %q shows the same letters %q as series %q, and both give %s; their numbers could not be told apart",
					r.ID, r.Letters, other.ID, r.text(n))
			}
		}
	}
}

// ranges checks the numbers of one series.
func (v *validation) ranges(r Series) {
	if len(r.Ranges) == 0 {
		switch {
		case r.First < 0 || r.Last < r.First:
			v.add("series %q: first %d and last %d; last must not be below first", r.ID, r.First, r.Last)
		case r.Last >= 1_000_000:
			v.add("series %q: numbers have at most 6 digits", r.ID)
		}
		return
	}
	if len(r.Ranges) > longestRanges {
		v.add("series %q: %d ranges; use at most %d", r.ID, len(r.Ranges), longestRanges)
	}
	for i, x := range r.Ranges {
		switch {
		case x.First < 0 || x.Last < x.First:
			v.add("series %q: the range %d-%d ends before it begins", r.ID, x.First, x.Last)
		case x.Last >= 1_000_000:
			v.add("series %q: the range %d-%d has numbers of more than 6 digits", r.ID, x.First, x.Last)
		case i > 0 && x.First <= r.Ranges[i-1].Last:
			v.add("series %q: the range %d-%d overlaps %d-%d or comes before it; write ranges in rising order",
				r.ID, x.First, x.Last, r.Ranges[i-1].First, r.Ranges[i-1].Last)
		}
	}
}

// longestRanges bounds the ranges of a series: the next number is looked up
// among them at every ticket.
const longestRanges = 16

func (v *validation) services(s Setup) {
	seen, series := map[string]bool{}, map[SeriesID]bool{}
	for _, r := range s.Series {
		series[r.ID] = true
	}
	if len(s.Services) == 0 {
		v.add("no service: an office needs at least one")
	}
	for _, x := range s.Services {
		v.id("service", string(x.ID), seen)
		v.text("service "+string(x.ID), x.Name, 80)
		if x.Name == "" {
			v.add("service %q has no name for citizens; write one", x.ID)
		}
		if !series[x.Series] {
			v.add("service %q numbers by series %q, which is not there; name one of the series", x.ID, x.Series)
		}
		if x.StandardMs <= 0 {
			v.add("service %q: the standard wait must be above zero", x.ID)
		}
		if x.StandardShare <= 0 || x.StandardShare > 1 {
			v.add("service %q: the share within standard is %v; it must be above 0 and at most 1", x.ID, x.StandardShare)
		}
		if x.DayCap < 0 {
			v.add("service %q: the cap a day is below zero; use 0 for none", x.ID)
		}
		if x.Quota < 0 {
			v.add("service %q: the quota is below zero; use 0 for none", x.ID)
		}
		if x.MaxMs < 0 || x.MaxMs > 0 && x.MaxMs < x.StandardMs {
			v.add("service %q: the longest wait is below the standard; leave it out for three times the standard", x.ID)
		}
		v.dates(x)
		v.names(x)
		for i, b := range x.Week {
			where := fmt.Sprintf("service %q: band %d", x.ID, i+1)
			v.band(where, b, s)
			v.days(where, b)
			if len(b.Services) > 0 {
				v.add("%s names services; it is of this one alone", where)
			}
		}
	}
}

// dates checks when a temporary service begins and ends.
func (v *validation) dates(x Service) {
	right := true
	for _, date := range []string{x.From, x.To} {
		if date != "" && !datePattern.MatchString(date) {
			v.add("service %q: the date %q is written 2026-06-02", x.ID, date)
			right = false
		}
	}
	if right && x.From != "" && x.To != "" && x.To < x.From {
		v.add("service %q ends on %s, before it begins on %s", x.ID, x.To, x.From)
	}
}

func (v *validation) desks(s Setup) {
	seen, services := map[string]bool{}, map[ServiceID]bool{}
	served, calledFrom := map[ServiceID]bool{}, map[ServiceID]bool{}
	for _, x := range s.Services {
		services[x.ID] = true
	}
	for _, d := range s.Desks {
		v.id("desk", string(d.ID), seen)
		v.text("desk "+string(d.ID), d.Label, 12)
		if d.Label == "" {
			v.add("desk %q has no label for the boards; write its number", d.ID)
		}
		listed := map[ServiceID]bool{}
		for _, list := range [][]ServiceID{d.Profile.First, d.Profile.Help} {
			for _, id := range list {
				if listed[id] {
					v.add("desk %q lists service %q twice; once is enough", d.ID, id)
				}
				listed[id] = true
				if !services[id] {
					v.add("desk %q serves %q, which is not a service; correct its profile", d.ID, id)
				}
				served[id] = true
				calledFrom[id] = calledFrom[id] || !d.BackOffice
			}
		}
	}
	for _, x := range s.Services {
		switch {
		case !served[x.ID]:
			v.add("service %q is served by no desk; its tickets would never be called", x.ID)
		case !calledFrom[x.ID]:
			v.add("service %q is served by no desk but those of the back office, which call nobody from the hall; add it to another", x.ID)
		}
	}
}

func (v *validation) outlets(s Setup) {
	seen := map[string]bool{}
	for _, o := range s.Outlets {
		v.id("outlet", string(o.ID), seen)
		v.text("outlet "+string(o.ID), o.Name, 80)
		v.spare(s, o)
	}
	if len(s.Outlets) == 0 {
		v.add("no outlet: tickets must come out somewhere")
	}
}

// spare checks the printer that helps an outlet out.
func (v *validation) spare(s Setup, o Outlet) {
	if o.Spare == "" {
		return
	}
	i := slices.IndexFunc(s.Outlets, func(x Outlet) bool { return x.ID == o.Spare })
	switch {
	case o.Spare == o.ID:
		v.add("outlet %q names itself as its spare; name another outlet with a printer", o.ID)
	case i < 0:
		v.add("outlet %q has the spare %q, which is not an outlet; name one with a printer", o.ID, o.Spare)
	case !s.Outlets[i].Printer:
		v.add("outlet %q has the spare %q, which has no printer; name one with a printer", o.ID, o.Spare)
	case !o.Printer:
		v.add("outlet %q has a spare and no printer of its own; leave the spare out, or say printer", o.ID)
	}
}

func (v *validation) hours(s Setup) {
	for i, b := range s.Hours.Week {
		where := fmt.Sprintf("hours: band %d", i+1)
		v.band(where, b, s)
		v.days(where, b)
	}
	for _, e := range s.Hours.Exceptions {
		where := fmt.Sprintf("hours: exception %q", e.Date)
		if !datePattern.MatchString(e.Date) {
			v.add("%s: a date is written 2026-06-02", where)
		}
		for _, b := range e.Bands {
			v.band(where, b, s)
		}
	}
	if p := s.Hours.Patron; p != "" && !monthDayPattern.MatchString(p) {
		v.add("hours: the patron saint's day %q is written MM-DD", p)
	}
	if c := s.Hours.Cut; c != "" && !clockPattern.MatchString(c) {
		v.add("hours: the cut of the business day %q is written HH:MM", c)
	}
	if s.Hours.ExpireAfterMs < 0 {
		v.add("hours: those still waiting cannot expire before closing; use 0 or more")
	}
	if s.Hours.StopCallsAfterMs < 0 {
		v.add("hours: calls cannot stop before closing; use 0 or more")
	}
}

func (v *validation) days(where string, b WeekBand) {
	if len(b.Days) == 0 {
		v.add("%s names no day; write mon to sun", where)
	}
	for _, d := range b.Days {
		switch d {
		case "mon", "tue", "wed", "thu", "fri", "sat", "sun":
		default:
			v.add("%s: %q is not a day; write mon, tue, wed, thu, fri, sat or sun", where, d)
		}
	}
}

func (v *validation) band(where string, b WeekBand, s Setup) {
	if !clockPattern.MatchString(b.Open) || !clockPattern.MatchString(b.Close) {
		v.add("%s: hours %q to %q are written HH:MM", where, b.Open, b.Close)
	} else if b.Close <= b.Open {
		v.add("%s ends at %s, not after it begins at %s", where, b.Close, b.Open)
	}
	switch {
	case b.StopIssue == "":
	case !clockPattern.MatchString(b.StopIssue):
		v.add("%s: the last ticket at %q is written HH:MM", where, b.StopIssue)
	case b.StopIssue <= b.Open || b.StopIssue > b.Close:
		v.add("%s: the last ticket at %s is not between opening at %s and closing at %s", where, b.StopIssue, b.Open, b.Close)
	}
	named := b.Services
	capped := map[ServiceID]bool{}
	for _, c := range b.Caps {
		named = append(named[:len(named):len(named)], c.Service)
		if c.Most < 0 {
			v.add("%s: at most %d tickets of service %q; use 0 or more", where, c.Most, c.Service)
		}
		if capped[c.Service] {
			v.add("%s bounds service %q twice; once is enough", where, c.Service)
		}
		capped[c.Service] = true
	}
	for _, id := range named {
		known := false
		for _, x := range s.Services {
			known = known || x.ID == id
		}
		if !known {
			v.add("%s names service %q, which is not there", where, id)
		}
	}
}

func (v *validation) rules(r Rules) {
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"rest_ms", r.RestMs}, {"presses_per_minute", int64(r.PressesPerMinute)},
		{"unprinted_max", int64(r.UnprintedMax)}, {"recall_rest_ms", r.RecallRestMs}, {"park_ms", r.ParkMs},
		{"priority_ratio", int64(r.PriorityRatio)}, {"no_show_recalls", int64(r.NoShowRecalls)},
		{"recall_gap_ms", r.RecallGapMs}, {"late_return_ms", r.LateReturnMs},
		{"return_after_calls", int64(r.ReturnAfterCalls)}, {"undo_ms", r.UndoMs},
		{"appointment_early_ms", r.AppointmentEarlyMs}, {"appointment_tolerance_ms", r.AppointmentToleranceMs},
	} {
		if n.value < 0 {
			v.add("rules: %s is below zero", n.name)
		}
	}
	switch r.Discipline {
	case ByStandard, FirstCome, StrictProfile:
	default:
		v.add("rules: discipline %q is not one; write fifo, strict, or leave it out for the wait in proportion to the standard", r.Discipline)
	}
	switch r.TransferPlace {
	case "", PlaceArrival, PlaceFront, PlaceBack:
	default:
		v.add("rules: transfer_place %q is none; write arrival, front or back", r.TransferPlace)
	}
	switch r.Break {
	case BreakKeeps, BreakExpires:
	default:
		v.add("rules: break %q is not known; write expire, or leave it out so that people keep their places", r.Break)
	}
	if r.ParkMs > longestParkMs {
		v.add("rules: park_ms is %d; the parked come back within a day, so write at most %d", r.ParkMs, longestParkMs)
	}
}

// longestText bounds what outsiders may put into an event, in bytes: an event
// that grew too long could never be read again.
const longestText = 128

// short refuses a text from outside that is too long to store.
func short(what, text string) error {
	if len(text) > longestText || !utf8.ValidString(text) {
		return fmt.Errorf("%w: the %s is not valid text of at most %d bytes", ErrBadCommand, what, longestText)
	}
	return nil
}

// shortened is what is stored of a device's own words: its report must not be
// refused for them.
func shortened(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), longestText)], "")
}

// codePattern is what a reason looks like: a word of the program or the setup,
// since no event carries free text that a person typed.
var codePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{0,32}$`)

func code(what, why string) error {
	if !codePattern.MatchString(why) {
		return fmt.Errorf("%w: the reason of a %s is one word, not a text", ErrBadCommand, what)
	}
	return nil
}
