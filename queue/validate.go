package queue

import (
	"errors"
	"fmt"
	"regexp"
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
	v.text("office body", s.Office.Body, 120)
	v.text("office name", s.Office.Name, 120)
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
	seen, letters := map[string]bool{}, map[string]SeriesID{}
	for _, r := range s.Series {
		v.id("series", string(r.ID), seen)
		switch {
		case r.First < 0 || r.Last < r.First:
			v.add("series %q: first %d and last %d; last must not be below first", r.ID, r.First, r.Last)
		case r.Width < 0 || r.Width > 6 || r.Last >= 1_000_000:
			v.add("series %q: numbers have at most 6 digits", r.ID)
		}
		if len(r.Letters) > 3 {
			v.add("series %q: at most 3 letters, so that the number stays big on paper", r.ID)
		}
		if strings.ContainsAny(r.Letters, "0123456789") || !utf8.ValidString(r.Letters) {
			v.add("series %q: letters %q hold a digit or no text; numbers of two series could look alike", r.ID, r.Letters)
		}
		if other, taken := letters[r.Letters]; taken {
			v.add("series %q shows the same letters %q as series %q; their numbers could not be told apart", r.ID, r.Letters, other)
		}
		letters[r.Letters] = r.ID
	}
}

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
	}
}

func (v *validation) desks(s Setup) {
	seen, services, served := map[string]bool{}, map[ServiceID]bool{}, map[ServiceID]bool{}
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
			}
		}
	}
	for _, x := range s.Services {
		if !served[x.ID] {
			v.add("service %q is served by no desk; its tickets would never be called", x.ID)
		}
	}
}

func (v *validation) outlets(s Setup) {
	seen := map[string]bool{}
	for _, o := range s.Outlets {
		v.id("outlet", string(o.ID), seen)
		v.text("outlet "+string(o.ID), o.Name, 80)
	}
	if len(s.Outlets) == 0 {
		v.add("no outlet: tickets must come out somewhere")
	}
}

func (v *validation) hours(s Setup) {
	for i, b := range s.Hours.Week {
		where := fmt.Sprintf("hours: band %d", i+1)
		v.band(where, b, s)
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
}

func (v *validation) band(where string, b WeekBand, s Setup) {
	if !clockPattern.MatchString(b.Open) || !clockPattern.MatchString(b.Close) {
		v.add("%s: hours %q to %q are written HH:MM", where, b.Open, b.Close)
	} else if b.Close <= b.Open {
		v.add("%s ends at %s, not after it begins at %s", where, b.Close, b.Open)
	}
	for _, id := range b.Services {
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
	} {
		if n.value < 0 {
			v.add("rules: %s is below zero", n.name)
		}
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
