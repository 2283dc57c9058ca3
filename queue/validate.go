package queue

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// idPattern is what names of things look like: they stand in addresses of
// pages and in reports.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)

var (
	datePattern     = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	monthDayPattern = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	// addressPattern is an https address: a host with a dot, a port, and the rest
	// without what ends an address in a text.
	addressPattern = regexp.MustCompile(`^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#][!#-;=?-Z_a-z~%\[\]]*)?$`)
)

// longestAddress bounds the address of a page, in bytes.
const longestAddress = 200

// Validate finds every fault of a setup at once; the error Is ErrBadSetup, and its
// chain holds the Faults.
func (s Setup) Validate() error {
	if faults := s.Faults(); len(faults) > 0 {
		return fmt.Errorf("%w:\n%w", ErrBadSetup, faults)
	}
	return nil
}

// Faults are all faults of a setup that can be seen without a calendar.
func (s Setup) Faults() Faults {
	v := &validation{}
	v.series(s)
	v.services(s)
	v.desks(s)
	v.outlets(s)
	v.hours(s)
	v.rules(s.Rules)
	v.slip(s)
	v.text("office.body", "office body", s.Office.Body, 120)
	v.text("office.name", "office name", s.Office.Name, 120)
	v.text("office.place", "office place", s.Office.Place, longestWording)
	v.text("office.note", "office note", s.Office.Note, longestWording)
	v.text("office.excluded_letters", "office excluded_letters", s.Office.ExcludedLetters, 26)
	v.address("office.accessibility", "office accessibility", s.Office.Accessibility)
	v.address("office.privacy", "office privacy", s.Office.Privacy)
	v.text("office.dpo", "office dpo", s.Office.DPO, longestWording)
	if s.Office.Body == "" {
		v.say("office.body", "write the name of the public body", "office: body is missing")
	}
	if s.Office.Zone == "" {
		v.say("office.zone", "write a time zone such as Europe/Rome", "office: zone is missing")
	}
	return v.faults
}

// A validation gathers faults; its methods each look at one part.
type validation struct{ faults Faults }

func (v *validation) say(path, remedy, problem string, args ...any) {
	v.faults = append(v.faults, Fault{Path: path, Problem: fmt.Sprintf(problem, args...), Remedy: remedy})
}

// item is the path of an item of a list, which people count from 1.
func item(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i+1) }

func (v *validation) id(path, what, id string, seen map[string]bool) {
	switch {
	case !idPattern.MatchString(id):
		v.say(path+".id", "a name has 1 to 32 letters, digits, - or _", "%s %q has no good name", what, id)
	case seen[id]:
		v.say(path+".id", "give each its own name", "%s %q is there twice", what, id)
	}
	seen[id] = true
}

func (v *validation) text(path, what, text string, most int) {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		v.say(path, "shorten it", "%s: text is not valid or longer than %d characters", what, most)
	}
	if i := strings.IndexFunc(text, Unseen); i >= 0 && utf8.ValidString(text) {
		r, _ := utf8.DecodeRuneInString(text[i:])
		v.say(path, "type the text anew", "%s: text %q holds %U, which nobody sees", what, text, r)
	}
	if strings.Trim(text, " \u00a0") != text {
		v.say(path, "take them away", "%s: text %q has blanks at its ends, which nobody sees", what, text)
	}
}

// address is of a page of the body, which opens where the daemon's pages do.
func (v *validation) address(path, what, text string) {
	if text != "" && (len(text) > longestAddress || !addressPattern.MatchString(text)) {
		v.say(path, "write one such as https://form.agid.gov.it/view/12345", "%s: %q is no https address of at most %d characters", what, text, longestAddress)
	}
}

func (v *validation) series(s Setup) {
	seen := map[string]bool{}
	for i, r := range s.Series {
		path := item("series", i)
		v.id(path, "series", string(r.ID), seen)
		if r.Width < 0 || r.Width > 6 {
			v.say(path+".width", "write a width from 0 to 6", "series %q: numbers have at most 6 digits", r.ID)
		}
		v.ranges(path, r)
		v.letters(path, r)
		if strings.ContainsAny(r.Letters, s.Office.ExcludedLetters) {
			v.say(path+".letters", "choose others", "series %q: the letters %q hold one of %q, which the office excludes", r.ID, r.Letters, s.Office.ExcludedLetters)
		}
		for _, other := range s.Series[:i] {
			if n, both := other.overlap(r); both && r.Width <= 6 {
				v.say(path+".letters", "choose other letters or numbers: they could not be told apart",
					"series %q shows the same letters %q as series %q, and both give %s", r.ID, r.Letters, other.ID, r.text(n))
			}
		}
	}
}

// mostLetters and longestNumber bound a number as shown, in characters: boards,
// lists, tickets and panels show it whole up to there.
const (
	mostLetters   = 3
	longestNumber = 7
)

// letters checks how the numbers of one series look.
func (v *validation) letters(path string, r Series) {
	if utf8.RuneCountInString(r.Letters) > mostLetters {
		v.say(path+".letters", "shorten them, so that the number stays big on paper", "series %q: at most %d letters", r.ID, mostLetters)
	} else if n := len(r.Letters) + r.Digits(); n > longestNumber {
		v.say(path+".width", "write fewer letters or digits, so that every board shows them whole",
			"series %q: its numbers have %d characters with their letters, and may have %d", r.ID, n, longestNumber)
	}
	if strings.Trim(r.Letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		v.say(path+".letters", "write capital letters from A to Z: numbers of two series could look alike",
			"series %q: letters %q hold a digit or what is no capital letter", r.ID, r.Letters)
	}
}

// Digits is how many digits the longest number of the series has.
func (s Series) Digits() int {
	last := 0
	for _, r := range s.ranges() {
		last = max(last, r.Last)
	}
	return max(s.Width, len(strconv.Itoa(last)))
}

// ranges checks the numbers of one series.
func (v *validation) ranges(path string, r Series) {
	if len(r.Ranges) == 0 {
		switch {
		case r.First < 0:
			v.say(path+".first", "write 0 or more", "series %q: first %d is below zero", r.ID, r.First)
		case r.Last < r.First:
			v.say(path+".last", "last must not be below first", "series %q: first %d and last %d", r.ID, r.First, r.Last)
		case r.Last >= 1_000_000:
			v.say(path+".last", "write at most 999999", "series %q: numbers have at most 6 digits", r.ID)
		}
		return
	}
	if len(r.Ranges) > longestRanges {
		v.say(path+".ranges", fmt.Sprintf("use at most %d", longestRanges), "series %q: %d ranges", r.ID, len(r.Ranges))
	}
	for i, x := range r.Ranges {
		at := item(path+".ranges", i)
		switch {
		case x.First < 0 || x.Last < x.First:
			v.say(at, "write the lower number first", "series %q: the range %d-%d ends before it begins", r.ID, x.First, x.Last)
		case x.Last >= 1_000_000:
			v.say(at, "write at most 999999", "series %q: the range %d-%d has numbers of more than 6 digits", r.ID, x.First, x.Last)
		case i > 0 && x.First <= r.Ranges[i-1].Last:
			v.say(at, "write ranges in rising order", "series %q: the range %d-%d overlaps %d-%d or comes before it",
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
		v.say("service", "an office needs at least one", "there is no service")
	}
	for i, x := range s.Services {
		path := item("service", i)
		v.id(path, "service", string(x.ID), seen)
		v.text(path+".name", "service "+string(x.ID), x.Name, 80)
		v.text(path+".detail", "service "+string(x.ID)+": detail", x.Detail, longestDetail)
		if strings.TrimSpace(x.Name) == "" {
			v.say(path+".name", "write one", "service %q has no name for citizens", x.ID)
		}
		if !series[x.Series] {
			v.say(path+".series", "name one of the series", "service %q numbers by series %q, which is not there", x.ID, x.Series)
		}
		if x.StandardMs <= 0 {
			v.say(path+".standard", `write a duration above zero, such as "15m"`, "service %q: the standard wait must be above zero", x.ID)
		}
		if x.StandardShare <= 0 || x.StandardShare > 1 {
			v.say(path+".share", `write a share such as "90%", above 0% and at most 100%`, "service %q: the share within standard is %v%%", x.ID, x.StandardShare*100)
		}
		if x.DayCap < 0 {
			v.say(path+".day_cap", "use 0 for none", "service %q: the cap a day is below zero", x.ID)
		}
		if x.Quota < 0 {
			v.say(path+".quota", "use 0 for none", "service %q: the quota is below zero", x.ID)
		}
		if x.MaxMs < 0 || x.MaxMs > 0 && x.MaxMs < x.StandardMs {
			v.say(path+".max", "leave it out for three times the standard", "service %q: the longest wait is below the standard", x.ID)
		}
		v.dates(path, x)
		v.names(path, x)
		for j, b := range x.Week {
			at, where := item(path+".week", j), fmt.Sprintf("service %q: band %d", x.ID, j+1)
			v.band(at, where, b, s)
			v.days(at, where, b)
			if len(b.Services) > 0 {
				v.say(at+".services", "leave them out: it is of this one alone", "%s names services", where)
			}
		}
	}
}

// dates checks when a temporary service begins and ends.
func (v *validation) dates(path string, x Service) {
	right := true
	for _, d := range []struct{ key, date string }{{".from", x.From}, {".to", x.To}} {
		if d.date != "" && !datePattern.MatchString(d.date) {
			v.say(path+d.key, "write it as 2026-06-02", "service %q: the date %q is not one", x.ID, d.date)
			right = false
		}
	}
	if right && x.From != "" && x.To != "" && x.To < x.From {
		v.say(path+".to", "write the later date here", "service %q ends on %s, before it begins on %s", x.ID, x.To, x.From)
	}
}

// longestDetail bounds what a totem says of a service beside its name, in characters.
const longestDetail = 600

// longestLabel bounds what boards show of a desk and voices say, in characters.
const longestLabel = 12

// longestRoom bounds the room of a desk, in characters: a board shows it beside the
// desk.
const longestRoom = 20

func (v *validation) desks(s Setup) {
	seen, services := map[string]bool{}, map[ServiceID]bool{}
	served, calledFrom := map[ServiceID]bool{}, map[ServiceID]bool{}
	for _, x := range s.Services {
		services[x.ID] = true
	}
	for i, d := range s.Desks {
		path := item("desk", i)
		v.id(path, "desk", string(d.ID), seen)
		v.text(path+".label", "desk "+string(d.ID), d.Label, longestLabel)
		v.text(path+".group", "desk "+string(d.ID)+": group", string(d.Group), 80)
		if strings.TrimSpace(d.Label) == "" {
			v.say(path+".label", "write its number", "desk %q has no label for the boards", d.ID)
		}
		if strings.ContainsFunc(d.Label, func(r rune) bool { return !strconv.IsPrint(r) && !Unseen(r) }) {
			v.say(path+".label", "write letters, digits and blanks", "desk %q: the label %q holds a character that nobody sees", d.ID, d.Label)
		}
		v.text(path+".room", "desk "+string(d.ID)+": room", d.Room, longestRoom)
		if n, err := strconv.Atoi(d.Floor); d.Floor != "" && (err != nil || n < LowestFloor || n > HighestFloor || strconv.Itoa(n) != d.Floor) {
			v.say(path+".floor", `write "0" for the ground floor, "-1" for the one below`, "desk %q: the floor %q is no whole number from %d to %d", d.ID, d.Floor, LowestFloor, HighestFloor)
		}
		listed := map[ServiceID]bool{}
		for _, list := range []struct {
			key string
			ids []ServiceID
		}{{".first", d.Profile.First}, {".help", d.Profile.Help}} {
			for j, id := range list.ids {
				at := item(path+list.key, j)
				if listed[id] {
					v.say(at, "once is enough", "desk %q lists service %q twice", d.ID, id)
				}
				listed[id] = true
				if !services[id] {
					v.say(at, "correct its profile", "desk %q serves %q, which is not a service", d.ID, id)
				}
				served[id] = true
				calledFrom[id] = calledFrom[id] || !d.BackOffice
			}
		}
	}
	for i, x := range s.Services {
		switch path := item("service", i) + ".desks"; {
		case !served[x.ID]:
			v.say(path, "add it to one: its tickets would never be called", "service %q is served by no desk", x.ID)
		case !calledFrom[x.ID]:
			v.say(path, "add it to another", "service %q is served by no desk but those of the back office, which call nobody from the hall", x.ID)
		}
	}
}

func (v *validation) outlets(s Setup) {
	seen, reception := map[string]bool{}, OutletID("")
	for i, o := range s.Outlets {
		path := item("outlet", i)
		if o.Reception && reception != "" {
			v.say(path+".reception", "say it of one", "outlet %q is the reception's, and so is %q", o.ID, reception)
		} else if o.Reception {
			reception = o.ID
		}
		v.id(path, "outlet", string(o.ID), seen)
		v.text(path+".name", "outlet "+string(o.ID), o.Name, 80)
		v.spare(path+".spare", s, o)
		if o.Several && !o.Screen {
			v.say(path+".several", "leave it out, or say screen", "outlet %q offers several services with one ticket and has no screen to choose them on", o.ID)
		}
	}
	if len(s.Outlets) == 0 {
		v.say("outlet", "add one: tickets must come out somewhere", "there is no outlet")
	}
}

// spare checks the printer that helps an outlet out.
func (v *validation) spare(path string, s Setup, o Outlet) {
	if o.Spare == "" {
		return
	}
	i := slices.IndexFunc(s.Outlets, func(x Outlet) bool { return x.ID == o.Spare })
	switch {
	case o.Spare == o.ID:
		v.say(path, "name another outlet with a printer", "outlet %q names itself as its spare", o.ID)
	case i < 0:
		v.say(path, "name one with a printer", "outlet %q has the spare %q, which is not an outlet", o.ID, o.Spare)
	case !s.Outlets[i].Printer:
		v.say(path, "name one with a printer", "outlet %q has the spare %q, which has no printer", o.ID, o.Spare)
	case !o.Printer:
		v.say(path, "leave the spare out, or say printer", "outlet %q has a spare and no printer of its own", o.ID)
	}
}

func (v *validation) hours(s Setup) {
	for i, b := range s.Hours.Week {
		path, where := item("hours.week", i), fmt.Sprintf("hours: band %d", i+1)
		v.band(path, where, b, s)
		v.days(path, where, b)
	}
	for i, e := range s.Hours.Exceptions {
		path, where := item("hours.exception", i), fmt.Sprintf("hours: exception %q", e.Date)
		if !datePattern.MatchString(e.Date) {
			v.say(path+".date", "a date is written 2026-06-02", "%s has no date", where)
		}
		v.text(path+".why", where+": why", e.Why, 120)
		for j, b := range e.Bands {
			v.band(item(path+".band", j), where, b, s)
		}
	}
	if p := s.Hours.Patron; p != "" && !monthDayPattern.MatchString(p) {
		v.say("hours.patron", "it is written MM-DD", "hours: the patron saint's day %q is not one", p)
	}
	for i, day := range s.Hours.OwnHolidays {
		if day != WhitMonday && !monthDayPattern.MatchString(day) {
			v.say(item("hours.own_holidays", i), "write it as MM-DD, or "+WhitMonday, "hours: the own holiday %q is not one", day)
		}
	}
	if c := s.Hours.Cut; c != "" && !isHour(c) {
		v.say("hours.cut", "it is written HH:MM", "hours: the cut of the business day %q is not an hour", c)
	}
	if s.Hours.ExpireAfterMs < 0 {
		v.say("hours.expire_after", "use 0 or more", "hours: those still waiting cannot expire before closing")
	}
	if s.Hours.StopCallsAfterMs < 0 {
		v.say("hours.stop_calls_after", "use 0 or more", "hours: calls cannot stop before closing")
	}
}

func (v *validation) days(path, where string, b WeekBand) {
	if len(b.Days) == 0 {
		v.say(path+".days", "write mon to sun", "%s names no day", where)
	}
	for i, d := range b.Days {
		switch d {
		case "mon", "tue", "wed", "thu", "fri", "sat", "sun":
		default:
			v.say(item(path+".days", i), "write mon, tue, wed, thu, fri, sat or sun", "%s: %q is not a day", where, d)
		}
	}
}

func (v *validation) band(path, where string, b WeekBand, s Setup) {
	right := true
	for _, h := range []struct{ key, hour string }{{".open", b.Open}, {".close", b.Close}} {
		if !isHour(h.hour) {
			v.say(path+h.key, "hours are written HH:MM", "%s: %q is not an hour", where, h.hour)
			right = false
		}
	}
	if right && b.Close <= b.Open {
		v.say(path+".close", laterThan(b), "%s ends at %s, not after it begins at %s", where, b.Close, b.Open)
	}
	switch {
	case b.StopIssue == "":
	case !isHour(b.StopIssue):
		v.say(path+".stop_issue", "it is written HH:MM", "%s: the last ticket at %q is at no hour", where, b.StopIssue)
	case b.StopIssue <= b.Open || b.StopIssue > b.Close:
		v.say(path+".stop_issue", "write an hour of the band", "%s: the last ticket at %s is not between opening at %s and closing at %s", where, b.StopIssue, b.Open, b.Close)
	}
	known := func(path string, id ServiceID) {
		if !slices.ContainsFunc(s.Services, func(x Service) bool { return x.ID == id }) {
			v.say(path, "name one of the services", "%s names service %q, which is not there", where, id)
		}
	}
	for i, id := range b.Services {
		known(item(path+".services", i), id)
	}
	capped := map[ServiceID]bool{}
	for i, c := range b.Caps {
		at := item(path+".caps", i)
		known(at+".service", c.Service)
		if c.Most < 0 {
			v.say(at+".most", "use 0 or more", "%s: at most %d tickets of service %q", where, c.Most, c.Service)
		}
		if capped[c.Service] {
			v.say(at+".service", "once is enough", "%s bounds service %q twice", where, c.Service)
		}
		capped[c.Service] = true
	}
}

// laterThan says how to write a band whose end is not after its beginning.
func laterThan(b WeekBand) string {
	switch {
	case b.Close == "00:00":
		return `write "24:00" for midnight`
	case b.Close < "06:00" && b.Close < b.Open:
		return fmt.Sprintf(`what goes on after midnight is a band of the next day: end this one at "24:00", write another from "00:00" to %q for the next day, and a cut of the business day after it, such as "06:00"`, b.Close)
	default:
		return "write the later hour here"
	}
}

func (v *validation) rules(r Rules) {
	for _, n := range []struct {
		key   string
		value int64
	}{
		{"rest", r.RestMs}, {"presses_per_minute", int64(r.PressesPerMinute)},
		{"unprinted_max", int64(r.UnprintedMax)}, {"recall_rest", r.RecallRestMs}, {"park", r.ParkMs},
		{"priority_ratio", int64(r.PriorityRatio)}, {"no_show_recalls", int64(r.NoShowRecalls)},
		{"recall_gap", r.RecallGapMs}, {"late_return", r.LateReturnMs},
		{"return_after_calls", int64(r.ReturnAfterCalls)}, {"undo", r.UndoMs},
		{"hall_capacity", int64(r.HallCapacity)}, {"appointment_early", r.AppointmentEarlyMs}, {"appointment_tolerance", r.AppointmentToleranceMs},
	} {
		if n.value < 0 {
			v.say("rules."+n.key, "use 0 or more", "rules: %s is below zero", n.key)
		}
	}
	switch r.Discipline {
	case ByStandard, FirstCome, StrictProfile:
	default:
		v.say("rules.discipline", "write fifo, strict, or leave it out for the wait in proportion to the standard", "rules: discipline %q is not one", r.Discipline)
	}
	switch r.TransferPlace {
	case "", PlaceArrival, PlaceFront, PlaceBack:
	default:
		v.say("rules.transfer_place", "write arrival, front or back", "rules: transfer_place %q is none", r.TransferPlace)
	}
	switch r.Break {
	case BreakKeeps, BreakExpires:
	default:
		v.say("rules.break", "write expire, or leave it out so that people keep their places", "rules: break %q is not known", r.Break)
	}
	if r.ParkMs > longestParkMs {
		v.say("rules.park", fmt.Sprintf("the parked come back within a day, so write at most %dh", longestParkMs/3_600_000), "rules: park is %d ms", r.ParkMs)
	}
}

// longestText bounds what outsiders may put into an event, in bytes: an event
// that grew too long could never be read again.
const longestText = 128

// short refuses a text from outside that is too long to store.
func short(what, text string) error {
	if len(text) > longestText || !utf8.ValidString(text) {
		return ValueError{Field: what, Rule: RuleLine, Most: longestText, Value: text}
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
		return fmt.Errorf("%w of a %s", ValueError{Field: "why", Rule: RuleCode, Most: 32, Value: why}, what)
	}
	return nil
}

// A Fault is one thing that is wrong with a setup.
type Fault struct {
	// Path is the value that is wrong, in the words of an office's file, lists
	// counted from 1, such as "service[2].standard"; empty is the whole.
	Path    string
	Problem string // what is wrong, with the name of the thing
	Remedy  string // what to do about it
	Err     error  // what the fault Is, for who asks errors.Is; may be nil
}

// Error is the fault on one line.
func (f Fault) Error() string { return f.Problem + "; " + f.Remedy }

func (f Fault) Unwrap() error { return f.Err }

// Faults are all that is wrong with a setup, as an error with a line for each.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap is the faults one by one.
func (fs Faults) Unwrap() []error {
	all := make([]error, len(fs))
	for i, f := range fs {
		all[i] = f
	}
	return all
}
