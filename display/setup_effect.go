package display

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"eliminacode/display/view"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// A setupEffectPage is the effect of the draft, with the form that puts it in force.
type setupEffectPage struct {
	Draft setupDraftPage
	setupEffect
	// What is proposed: from when it is to hold, which is now, day or date; that date, or
	// empty; and the reason.
	When, From, Why string
	// What is wrong with the last two, when they were refused.
	FromFault, WhyFault string
}

// A setupEffect is what the draft would mean if it were put in force, in the words
// of who asks.
type setupEffect struct {
	Things      []changedThing `json:"things" doc:"What the draft has otherwise than the office with which it began"`
	Meanwhile   []changedThing `json:"meanwhile,omitempty" doc:"What somebody else has put in force since: rebase brings it into the draft"`
	Clashes     []changedThing `json:"clashes,omitempty" doc:"Of that, what the draft has otherwise; the draft's values would stay"`
	Lost        []changedThing `json:"lost,omitempty" doc:"What the draft changes of things that somebody else has removed since: rebase leaves it out, rebase-keeping puts it back"`
	Faults      []setupFault   `json:"faults" doc:"What must be mended before it can be saved"`
	Notices     []setupFault   `json:"notices" doc:"What may not be meant"`
	Misfits     []view.Found   `json:"misfits,omitempty" doc:"What of the box, such as its printers, does not fit it"`
	WeekBefore  string         `json:"week_before" doc:"How long the office is open in an ordinary week"`
	WeekAfter   string         `json:"week_after" doc:"How long it would be open"`
	WeekChanges bool           `json:"week_changes" doc:"These two differ"`
	Week        string         `json:"week" doc:"How that changes, in a sentence"`
	Refused     string         `json:"refused,omitempty" doc:"Why it cannot hold today, and what to do"`
	TooLong     bool           `json:"too_long,omitempty" doc:"It can be put in force on no day, since it takes more than a day can carry; refused_at are its longest values"`
	Asks        []string       `json:"asks,omitempty" doc:"What it would leave if it held from now on: people who wait for a service that no open desk would serve, or a desk with nothing to serve. It then needs sure"`
	RefusedAt   []setupFault   `json:"refused_at,omitempty" doc:"The values for which it cannot, where single ones keep it from that"`
	Waiting     []feltRow      `json:"waiting" doc:"What changes for those who wait now, by service"`
	Desks       []feltRow      `json:"desks" doc:"What changes at open desks"`
	Stranded    []feltRow      `json:"stranded,omitempty" doc:"Appointments of today that would lose their hours, service or desk if it held from now on, by service; who comes can check in"`
	Date        string         `json:"date,omitempty" doc:"What becomes of the office's date if it held from now on, such as by another time zone; left out when that stays"`
	Tomorrow    string         `json:"tomorrow,omitempty" doc:"The first day from which it can hold that is not today"`
	First       bool           `json:"first,omitempty" doc:"There is no office in force yet"`
}

// A changedThing is what is other of one thing.
type changedThing struct {
	Name   string         `json:"name" doc:"The thing, in words"`
	State  string         `json:"state,omitempty" enum:"new,gone," doc:"new or gone; left out when values of it changed"`
	Values []changedValue `json:"values,omitempty" doc:"The values that changed"`
	Facts  []changedFact  `json:"facts,omitempty" doc:"Of a new thing: what to check of it, such as its dates"`
}

// A changedFact is a value of a thing that is new.
type changedFact struct {
	Label string `json:"label" doc:"The value, in words"`
	Is    string `json:"is" doc:"What it is"`
}

type changedValue struct {
	Label  string `json:"label" doc:"The value, in words"`
	Before string `json:"before" doc:"As it was"`
	After  string `json:"after" doc:"As it is now"`
	// Of a list that keeps some of what it had, only what is other is shown.
	Added   string `json:"added,omitempty" doc:"Of a list: what it has more than before"`
	Removed string `json:"removed,omitempty" doc:"Of a list: what it has no longer"`
}

// FromNothing tells that a value was left out before.
func (v changedValue) FromNothing() bool { return v.Before == words.LeftOut }

// ToNothing tells that a value is left out now.
func (v changedValue) ToNothing() bool { return v.After == words.LeftOut }

// A feltRow is what changes for those of one service, or at one desk.
type feltRow struct {
	Name  string   `json:"name" doc:"The service or the desk"`
	Alarm bool     `json:"alarm,omitempty" doc:"Somebody who waits may be left without anybody who serves"`
	Says  []string `json:"says" doc:"What changes, a sentence each"`
}

// changedThings are differences by what they are of.
func changedThings(tongue *words.Tongue, all []change.Difference, values ...queue.Setup) (things []changedThing) {
	kinds := map[string]office.Value{}
	names := map[string]string{}
	for _, setup := range values {
		for _, v := range office.Values(setup) {
			kinds[change.KeyOf(v.Path)] = v
		}
		for thing, name := range change.Names(setup) {
			names[thing] = name
		}
	}
	facts := map[string][]change.Difference{}
	if len(values) > 0 && slices.ContainsFunc(all, change.Difference.Added) {
		facts = change.Facts(values[len(values)-1])
	}
	at := map[string]int{}
	for _, d := range all {
		i, seen := at[d.Thing]
		if !seen {
			i = len(things)
			at[d.Thing] = i
			list, _, listed := strings.Cut(d.Thing, "[")
			name := ""
			if listed {
				name = names[d.Thing]
			}
			things = append(things, changedThing{Name: tongue.SetupThing(list, tongue.SetupNamed(list, name))})
		}
		t := &things[i]
		switch {
		case d.Added():
			t.State = "new"
			for _, fact := range facts[d.Thing] {
				t.Facts = append(t.Facts, shownFact(tongue, fact, kinds[fact.Key], names))
			}
		case d.Removed():
			t.State = "gone"
		case d.Inner == "order":
			t.Values = append(t.Values, changedValue{Label: tongue.SetupOrder(), Before: d.Before, After: d.After})
		default:
			v := kinds[d.Key]
			show := func(text string) string {
				return tongue.SetupShown(d.Key, v.Form, v.Kind == office.KindTruth, namedIn(text, v.Kind, names))
			}
			value := changedValue{Label: tongue.SetupLabel(d.Key, d.Inner), Before: show(d.Before), After: show(d.After)}
			if more, less, kept := listed(d.Before, d.After); v.Kind == office.KindList && kept {
				value.Added, value.Removed = orNothing(show, more), orNothing(show, less)
			}
			t.Values = append(t.Values, value)
		}
	}
	return things
}

// shownFact is what is said of a value of a new thing, which may be a whole band.
func shownFact(tongue *words.Tongue, d change.Difference, v office.Value, names map[string]string) changedFact {
	text := namedIn(d.After, v.Kind, names)
	switch {
	case d.Key == "hours.exception.band" && text == "":
		text = tongue.Say("settings.closed-all-day")
	case d.Key == "hours.exception.band", d.Key == "service.week":
		text = tongue.SetupNamed("hours.week", text)
	case d.Key == "service.series" && names["series["+text+"]"] != "":
		text = names["series["+text+"]"]
	default:
		text = tongue.SetupShown(d.Key, v.Form, v.Kind == office.KindTruth, text)
	}
	// The label without the place of its band, of which there may be one alone.
	return changedFact{tongue.SetupLabel(d.Key, ""), text}
}

// orNothing shows a text, and nothing for none.
func orNothing(show func(string) string, text string) string {
	if text == "" {
		return ""
	}
	return show(text)
}

// listed are what a list has more and what it has less than before; kept tells that it
// has something of what it had. Both are empty when only the order is other.
func listed(before, after string) (more, less string, kept bool) {
	was, is := strings.Split(before, ", "), strings.Split(after, ", ")
	lacking := func(from, in []string) string {
		var all []string
		for _, x := range from {
			if !slices.Contains(in, x) {
				all = append(all, x)
			}
		}
		return strings.Join(all, ", ")
	}
	kept = slices.ContainsFunc(is, func(x string) bool { return x != "" && slices.Contains(was, x) })
	return lacking(is, was), lacking(was, is), kept
}

// namedIn is a list of services by their names instead of their ids.
func namedIn(text string, kind office.Kind, names map[string]string) string {
	if kind != office.KindList {
		return text
	}
	items := strings.Split(text, ", ")
	for i, id := range items {
		if name, ok := names["service["+id+"]"]; ok {
			items[i] = name
		}
	}
	return strings.Join(items, ", ")
}

func (s *Server) getSetupEffect(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	e := s.editing(s.visitor(r))
	f := newSetupForm(e.Setup, nil, s.tongueOf(r))
	l := s.lookAt(e.state)
	l.Tongue = f.tongue
	v := setupEffectPage{Draft: s.draftPage(e, f), setupEffect: s.effect(e, f, l), Why: asked.Get("perche")}
	if from := asked.Get("dal"); v.Tomorrow <= from {
		v.From = from
	}
	switch when := asked.Get("quando"); {
	case when == "day", when == "date", when == "now" && v.Refused == "":
		v.When = when
	case v.From != "":
		v.When = "date"
	case v.Refused != "":
		v.When = "day"
	default:
		v.When = "now"
	}
	p := s.pageAt(l, "setup-effect").flash(r)
	switch fault := asked.Get("esito"); {
	case !p.Failed:
	case fault == "bad-from", fault == "two-days":
		v.FromFault = p.Flash
	case fault == "no-why":
		v.WhyFault = p.Flash
	}
	p.View = v
	s.render(w, r, p)
}

// effect is what a draft would mean now, for the box too.
func (s *Server) effect(e editing, f *setupForm, l view.Look) setupEffect {
	v := e.effect(f, l)
	if s.cfg.Misfits != nil {
		v.Misfits = s.cfg.Misfits(e.Setup, f.tongue)
	}
	return v
}

// effect is what the draft would mean now.
func (e editing) effect(f *setupForm, l view.Look) setupEffect {
	of := change.Of(e.state, l.Now, e.Setup)
	v := setupEffect{
		First:  !e.state.HasSetup(),
		Things: changedThings(f.tongue, change.Between(e.compared(), e.Setup), e.compared(), e.Setup),
		Faults: faultsAt(f, of.Faults), Notices: faultsAt(f, of.Notices),
		WeekBefore: words.WeekHours(of.WeekBefore), WeekAfter: words.WeekHours(of.WeekAfter), WeekChanges: of.WeekBefore != of.WeekAfter,
		Week: f.tongue.Week(of.WeekBefore, of.WeekAfter, !e.state.HasSetup()),
	}
	if e.outdated() {
		v.Meanwhile = changedThings(f.tongue, change.Between(e.Base, e.inForce), e.Base, e.inForce)
		v.Clashes = changedThings(f.tongue, change.Clashes(e.Base, e.Setup, e.inForce), e.Base, e.Setup, e.inForce)
		v.Lost = changedThings(f.tongue, change.Lost(e.Base, e.Setup, e.inForce), e.Base, e.Setup)
	}
	if of.Refused != nil {
		v.Refused = f.tongue.SetupRefused()
		var at queue.Faults
		var size queue.SetupSizeError
		switch {
		case errors.As(of.Refused, &size):
			v.TooLong, v.Refused, v.RefusedAt = true, setupTooLong(f.tongue, size), longestAt(f, e.Setup)
		case errors.As(of.Refused, &at) && len(at) > 0 && len(of.Faults) == 0:
			v.RefusedAt = faultsAt(f, at)
		}
	}
	v.Asks = leftSaid(l, of.Asks)
	today := time.UnixMilli(e.state.OfficeTime(l.Now)).In(l.Zone)
	clock := func(ms int64) string {
		at := time.UnixMilli(ms).In(l.Zone)
		if last := at.Add(-time.Millisecond); last.YearDay() != today.YearDay() || last.Year() != today.Year() {
			return words.Clock(at) + " (" + f.tongue.ShortDate(at) + ")"
		}
		return words.Clock(at)
	}
	for _, x := range of.Waiting {
		v.Waiting = append(v.Waiting, felt(f.tongue, x, clock))
	}
	for _, x := range of.Desks {
		v.Desks = append(v.Desks, feltRow{f.tongue.DeskName(x.Label), x.Removed, []string{f.tongue.FeltDesk(x.Removed, x.Before, x.After)}})
	}
	v.Stranded = stranded(f.tongue, of.Stranded, clock)
	if x := of.Turn; x != nil {
		moment := func(ms int64) string {
			at := time.UnixMilli(ms).In(x.Zone)
			return f.tongue.ShortDate(at) + ", " + words.Clock(at)
		}
		v.Date = f.tongue.Say("felt.date", "after", f.tongue.Day(x.After.String()), "now", moment(e.state.OfficeTime(l.Now)),
			"before", f.tongue.Day(x.Before.String()), "until", moment(x.Ends), "next", f.tongue.Day(x.Next.String()))
	}
	if today, err := calendar.BusinessDate(e.inForce, e.state.OfficeTime(l.Now)); err == nil {
		v.Tomorrow = today.AddDays(1).String()
	}
	return v
}

// stopsBy are the refusals of a number of which the effect of a set-up says why.
var stopsBy = []string{"appointments-only", "day-cap-reached", "band-cap-reached", "quota-reached", "hall-full"}

// felt are the sentences of what changes for those who wait for a service.
func felt(tongue *words.Tongue, x change.Felt, clock func(int64) string) feltRow {
	row := feltRow{Name: x.Name, Alarm: x.Removed || x.Stops || x.Expired > 0 || x.DesksAfter == 0 && x.DesksBefore > 0}
	say := func(is bool, sentence string) {
		if is {
			row.Says = append(row.Says, sentence)
		}
	}
	length := func(ms int64) string { return words.Length((time.Duration(ms) * time.Millisecond).String()) }
	say(x.Removed, tongue.FeltRemoved(x.People))
	if code := words.RefusalCode(x.Why); slices.Contains(stopsBy, code) {
		say(true, tongue.Say("felt.stops-"+code))
	} else if x.Stops && !x.Removed {
		say(x.Opens == 0, tongue.Say("felt.stops"))
		say(x.Opens != 0, tongue.Say("felt.stops-until", "at", clock(x.Opens)))
	}
	say(x.Expired > 0, tongue.Say("felt.expires-now", "number", x.Expired))
	if stay := x.People - x.Expired; x.Stops && stay > 0 && x.ExpireAfter != 0 {
		say(!x.Removed && !x.Uncalled, tongue.Say("felt.kept", "number", stay, "at", clock(x.ExpireAfter)))
		say(x.Uncalled, tongue.Say("felt.uncalled", "number", stay, "at", clock(x.ExpireAfter)))
	}
	say(!x.Removed && x.DesksBefore != x.DesksAfter, tongue.FeltDesks(x.DesksBefore, x.DesksAfter))
	say(x.StandardBefore != x.StandardAfter, tongue.FeltStandard(length(x.StandardBefore), length(x.StandardAfter)))
	say(x.Sooner > 0, tongue.FeltSooner(x.Sooner))
	say(x.Later > 0, tongue.FeltLater(x.Later))
	if x.ExpireBefore != x.ExpireAfter && !x.Stops && x.ExpireAfter != 0 {
		say(true, tongue.FeltExpiry(clock(x.ExpireBefore), clock(x.ExpireAfter)))
	}
	return row
}

// stranded are the sentences of appointments that could no longer be kept, by service
// and by what they lack, in the order in which they are due.
func stranded(tongue *words.Tongue, all []change.Stranded, clock func(int64) string) (rows []feltRow) {
	type lack struct {
		name string
		say  func(count int, times string) string
	}
	times, lacks := map[string][]string{}, map[string]lack{}
	var order []string
	for _, x := range all {
		key, of := string(x.Service), lack{x.Name, tongue.StrandedHours}
		switch {
		case x.Removed:
			key, of.say = key+" -", tongue.StrandedService
		case x.DeskRemoved:
			key, of = "desk "+string(x.Desk), lack{tongue.DeskName(x.Label), tongue.StrandedDesk}
		}
		if times[key] == nil {
			order, lacks[key] = append(order, key), of
		}
		times[key] = append(times[key], clock(x.DueAt))
	}
	for _, key := range order {
		says := lacks[key].say(len(times[key]), tongue.Times(times[key]))
		rows = append(rows, feltRow{Name: lacks[key].name, Alarm: true, Says: []string{says}})
	}
	return rows
}

// A setupHistoryPage is the offices that were in force.
type setupHistoryPage struct {
	Versions []SetupVersion
	// Of one of them: what it has otherwise than the office in force.
	Number  int
	Things  []changedThing
	InForce string
}

func (s *Server) getSetupHistory(w http.ResponseWriter, r *http.Request) {
	state, _ := s.cfg.Engine.Watch()
	v := setupHistoryPage{Versions: s.cfg.Setups.Versions(), InForce: office.Mark(state.Setup())}
	for i := range v.Versions {
		v.Versions[i].Who = s.nameOf(v.Versions[i].Who)
	}
	if text := r.URL.Query().Get("versione"); text != "" {
		setup, err := s.version(text)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		v.Number, _ = strconv.Atoi(text)
		v.Things = changedThings(s.tongueOf(r), change.Between(state.Setup(), setup), state.Setup(), setup)
	}
	p := s.page(r, "setup-history").flash(r)
	p.View = v
	s.render(w, r, p)
}

// nameOf is what a person is called, while the person has an account, or a program,
// while it has a token.
func (s *Server) nameOf(id string) string {
	if s.cfg.Administration == nil || id == "" {
		return ""
	}
	if m, err := s.cfg.Administration.Member(id); err == nil {
		return m.Name
	}
	for _, t := range s.cfg.Administration.Tokens() {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

func (s *Server) version(text string) (queue.Setup, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return queue.Setup{}, ErrNoVersion
	}
	return s.cfg.Setups.Version(n)
}

// postSetupHistory makes an earlier office the draft, to be looked at and saved as
// any other.
func (s *Server) postSetupHistory(w http.ResponseWriter, r *http.Request) {
	posted, err := readForm(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	setup, err := s.version(posted["version"])
	if err == nil {
		err = s.draftOf(r, setup, posted["replaces"])
	}
	if errors.Is(err, errDraftKept) {
		s.askReplace(w, r, posted, false)
		return
	}
	if err != nil {
		s.backFrom(w, r, setupHome+"/storia", err)
		return
	}
	s.back(w, r, setupHome+"/effetto", nil, "draft-of-version", nil)
}

// getSetupFile is the office as a file: that of the draft if the address asks for
// it, else the one in force.
func (s *Server) getSetupFile(w http.ResponseWriter, r *http.Request) {
	e := s.editing(s.visitor(r))
	setup := e.inForce
	if r.URL.Query().Has("bozza") {
		setup = e.Setup
	}
	s.sendOffice(w, setup)
}

// sendOffice sends an office as a file.
func (s *Server) sendOffice(w http.ResponseWriter, setup queue.Setup) {
	w.Header().Set("Content-Type", "application/toml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="ufficio.toml"`)
	_, _ = w.Write(office.Format(setup))
}

// A setupFilePage tells what is wrong with a file that was sent.
type setupFilePage struct{ Faults []fileFault }

// A fileFault is one fault of a file, in words of who sent it: where it stands, and
// what must stand there.
type fileFault struct {
	Path            string
	Where, What     string
	Problem, Remedy string // in English, as the reader of the file found it
}

// fileFaults are those in an error of office.Parse.
func fileFaults(tongue *words.Tongue, err error) (all []fileFault) {
	for _, x := range office.FileFaults(err) {
		f := fileFault{
			Path: x.Path, Where: tongue.Say("settings.file-at", "line", x.Line, "column", x.Column), What: tongue.Say("settings.file-wrong"),
			Problem: x.Problem, Remedy: x.Remedy,
		}
		if x.Unreadable != "" {
			f.What = tongue.UnreadableFile(x.Unreadable, x.Encoding, maxSetupBody)
		}
		if t, ok := tongue.SetupValue(change.KeyOf(x.Path)); ok {
			f.What = strings.TrimSuffix(t.Label+": "+t.Rule, ": ")
		}
		all = append(all, f)
	}
	return all
}

// told is the fault as a problem of the API tells it.
func (f fileFault) told() problemField {
	return problemField{Location: f.Path, Message: f.Where + ": " + f.What, Parser: f.Problem + "; " + f.Remedy}
}

// postSetupFile makes the office of a file the visitor's draft.
func (s *Server) postSetupFile(w http.ResponseWriter, r *http.Request) {
	data, err := readFile(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	setup, err := office.Parse("ufficio.toml", data)
	if err != nil {
		p := s.page(r, "setup-file")
		p.View, p.status = setupFilePage{fileFaults(s.tongueOf(r), err)}, http.StatusUnprocessableEntity
		s.render(w, r, p)
		return
	}
	err = s.draftOf(r, setup, r.FormValue("replaces"))
	if errors.Is(err, errDraftKept) {
		s.askReplace(w, r, fields{"text": string(office.Format(setup))}, true)
		return
	}
	if err != nil {
		s.backFrom(w, r, setupHome, err)
		return
	}
	if e := s.editing(s.visitor(r)); !e.kept {
		s.back(w, r, setupHome, nil, "draft-of-file-same", nil)
		return
	}
	s.back(w, r, setupHome+"/effetto", nil, "draft-of-file", nil)
}

// readFile is the file of a posted form, or what the page that asks about the draft
// sends again of it: browsers end its lines in their own way.
func readFile(r *http.Request) ([]byte, error) {
	if err := r.ParseMultipartForm(maxSetupBody); err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	f, _, err := r.FormFile("file")
	if text := r.FormValue("text"); err != nil && text != "" {
		return []byte(strings.ReplaceAll(text, "\r\n", "\n")), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	defer f.Close()
	b, err := io.ReadAll(f) // the body is bounded
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadBody, err)
	}
	return b, nil
}
