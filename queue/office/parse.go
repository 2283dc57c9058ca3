package office

import (
	"errors"
	"strings"

	toml "github.com/pelletier/go-toml/v2"

	"eliminacode/queue"
	"eliminacode/queue/calendar"
)

// FormatVersion is the version of the file's layout that this program writes
// and the newest that it reads.
const FormatVersion = 1

// maxFileBytes bounds a file: many times the largest sensible one, so that a
// wrong path (a disk image, a log) is refused and not read.
const maxFileBytes = 256 << 10

// Parse reads an office file. The name stands before every complaint; no file
// is opened. A setup that comes without an error passes queue.Setup.Validate
// and calendar.Validate. The error Is ErrRefused and is a Complaints with every
// fault found; a file that is not TOML at all has one complaint, since what
// follows it cannot be trusted.
func Parse(name string, data []byte) (queue.Setup, error) {
	r := &reader{file: name, spoilt: map[string]bool{}}
	if len(data) > maxFileBytes {
		r.say(place{1, 1}, "the file has %d bytes, more than any office; check that it is the right one", len(data))
		return queue.Setup{}, r.complaints
	}
	var values map[string]any
	if err := toml.Unmarshal(data, &values); err != nil {
		r.say(placeOfError(err), "cannot read this as TOML: %s; correct it first, the rest could not be read",
			strings.TrimPrefix(err.Error(), "toml: "))
		return queue.Setup{}, r.complaints
	}
	r.places = readPlaces(data)
	setup := r.setup(r.table("", values))
	for _, fault := range faults(setup) {
		r.locate(setup, fault)
	}
	r.speakable(setup.Slip)
	if len(r.complaints) == 0 {
		r.printable(setup)
	}
	if len(r.complaints) > 0 {
		return queue.Setup{}, r.complaints.inOrder()
	}
	return setup, nil
}

func placeOfError(err error) place {
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, column := wrong.Position()
		return place{line, column}
	}
	return place{1, 1}
}

func (r *reader) setup(t *table) queue.Setup {
	if v := t.number("format", FormatVersion); v > FormatVersion {
		r.say(r.places.of("format"), "format %d was written by a newer program, this one reads up to %d; update the program", v, FormatVersion)
	} else if v < 1 {
		r.say(r.places.of("format"), "format %d is no format; write %d", v, FormatVersion)
	}
	var s queue.Setup
	office := t.sub("office")
	s.Office = queue.Office{
		Body: office.text("body"), Name: office.text("name"), Place: office.text("place"),
		Zone: office.text("zone"), Note: office.text("note"), ExcludedLetters: office.text("excluded_letters"),
	}
	office.close()
	for _, x := range t.tables("series") {
		s.Series = append(s.Series, queue.Series{
			ID: queue.SeriesID(x.text("id")), Letters: x.text("letters"),
			First: x.number("first", 1), Last: x.number("last", 999), Width: x.number("width", 3), Wrap: x.yes("wrap"),
			Ranges: x.ranges("ranges"),
		})
		x.close()
	}
	for _, x := range t.tables("service") {
		service := queue.Service{
			ID: queue.ServiceID(x.text("id")), Name: x.text("name"), Detail: x.text("detail"),
			Series: queue.SeriesID(x.text("series")), StandardMs: x.durationMs("standard", 0),
			StandardShare: x.share("share"), DayCap: x.number("day_cap", 0),
			MaxMs: x.durationMs("max", 0), From: x.date("from"), To: x.date("to"),
			Quota: x.number("quota", 0), LastTicket: x.yes("last_ticket"), Names: x.byLanguage("names"),
		}
		for _, y := range x.tables("week") {
			service.Week = append(service.Week, r.weekBand(y))
		}
		s.Services = append(s.Services, service)
		x.close()
	}
	for _, x := range t.tables("desk") {
		s.Desks = append(s.Desks, queue.Desk{
			ID: queue.DeskID(x.text("id")), Label: x.text("label"), Group: queue.GroupID(x.text("group")),
			Profile:    queue.Profile{First: services(x.texts("first")), Help: services(x.texts("help"))},
			BackOffice: x.yes("back_office"),
		})
		x.close()
	}
	for _, x := range t.tables("outlet") {
		s.Outlets = append(s.Outlets, queue.Outlet{
			ID: queue.OutletID(x.text("id")), Name: x.text("name"), Printer: x.yes("printer"), Screen: x.yes("screen"),
			Spare: queue.OutletID(x.text("spare")),
		})
		x.close()
	}
	s.Hours = r.hours(t.sub("hours"))
	s.Rules = r.rules(t.sub("rules"))
	s.Slip = r.slip(t.sub("slip"))
	t.close()
	return s
}

func services(ids []string) []queue.ServiceID {
	var list []queue.ServiceID
	for _, id := range ids {
		list = append(list, queue.ServiceID(id))
	}
	return list
}

func (r *reader) hours(t *table) queue.Hours {
	h := queue.Hours{
		Patron: t.text("patron"), Holidays: t.yes("holidays"), Cut: t.text("cut"),
		ExpireAfterMs: t.durationMs("expire_after", 0),
	}
	h.StopCallsAfterMs, h.StopCalls = t.durationMs("stop_calls_after", 0), t.has("stop_calls_after")
	for _, x := range t.tables("week") {
		h.Week = append(h.Week, r.weekBand(x))
	}
	for _, x := range t.tables("exception") {
		e := queue.Exception{Date: x.date("date"), Why: x.text("why")}
		for _, y := range x.tables("band") {
			e.Bands = append(e.Bands, r.band(y))
			y.close()
		}
		h.Exceptions = append(h.Exceptions, e)
		x.close()
	}
	t.close()
	return h
}

func (r *reader) weekBand(t *table) queue.WeekBand {
	days := t.texts("days")
	b := r.band(t)
	b.Days = days
	t.close()
	return b
}

func (r *reader) band(t *table) queue.WeekBand {
	b := queue.WeekBand{
		Open: t.text("open"), Close: t.text("close"), Services: services(t.texts("services")), StopIssue: t.text("stop_issue"),
	}
	for _, x := range t.tables("caps") {
		b.Caps = append(b.Caps, queue.Cap{Service: queue.ServiceID(x.text("service")), Most: x.number("most", 0)})
		x.close()
	}
	return b
}

func (r *reader) rules(t *table) queue.Rules {
	usual := queue.DefaultRules()
	rules := queue.Rules{
		RestMs:           t.durationMs("rest", usual.RestMs),
		PressesPerMinute: t.number("presses_per_minute", usual.PressesPerMinute),
		UnprintedMax:     t.number("unprinted_max", usual.UnprintedMax),
		RecallRestMs:     t.durationMs("recall_rest", usual.RecallRestMs),
		ParkMs:           t.durationMs("park", usual.ParkMs),
		CallByNumber:     t.yes("call_by_number"),
		CallOutside:      t.yes("call_outside"),

		Discipline:       queue.Discipline(t.text("discipline")),
		PriorityRatio:    t.number("priority_ratio", 0),
		TransferPlace:    queue.Place(t.text("transfer_place")),
		NoShowRecalls:    t.number("no_show_recalls", 0),
		RecallGapMs:      t.durationMs("recall_gap", 0),
		LateReturnMs:     t.durationMs("late_return", 0),
		ReturnAfterCalls: t.number("return_after_calls", 0),
		UndoMs:           t.durationMs("undo", 0),
		Break:            queue.Break(t.text("break")),

		AppointmentEarlyMs:     t.durationMs("appointment_early", 0),
		AppointmentToleranceMs: t.durationMs("appointment_tolerance", 0),
	}
	t.close()
	return rules
}

// faults are the single faults of a setup, of both validations.
func faults(setup queue.Setup) []error {
	var all []error
	for _, err := range []error{setup.Validate(), calendar.Validate(setup)} {
		all = append(all, single(err)...)
	}
	return all
}

// single takes a joined error apart; the sentinel that names the whole is not
// a fault by itself. What wraps one error belongs together and stays whole.
func single(err error) []error {
	if err == nil || err == queue.ErrBadSetup {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, single(e)...)
	}
	return all
}

// locate turns a fault of validation into a complaint with a place.
func (r *reader) locate(setup queue.Setup, fault error) {
	text := fault.Error()
	path := pathOf(setup, text)
	if m := rulePattern.FindStringSubmatch(text); m != nil {
		// The setup counts in milliseconds, and the file does not.
		text = strings.Replace(text, m[1], strings.TrimSuffix(m[1], "_ms"), 1)
	}
	for p := path; p != ""; p = parent(p) {
		if r.spoilt[p] {
			return
		}
	}
	r.say(r.places.of(path), "%s", text)
}
