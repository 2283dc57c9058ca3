package display

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue"
	"eliminacode/queue/change"
	"eliminacode/queue/office"
	"eliminacode/queue/words"
)

// A setupSection is a part of the office with a page of its own.
type setupSection struct {
	Name string // in addresses
	Path string // in the office's file
	List bool   // of things that have a page each
}

var setupSections = []setupSection{
	{Name: "ufficio", Path: "office"},
	{Name: "serie", Path: "series", List: true},
	{Name: "servizi", Path: "service", List: true},
	{Name: "sportelli", Path: "desk", List: true},
	{Name: "uscite", Path: "outlet", List: true},
	{Name: "orari", Path: "hours"},
	{Name: "regole", Path: "rules"},
	{Name: "biglietto", Path: "slip"},
}

// A titledSection is a section as a page shows it.
type titledSection struct {
	setupSection
	Title, Rule string
}

func (f *setupForm) titled(s setupSection) titledSection {
	t := f.text(s.Path)
	return titledSection{s, t.Label, t.Rule}
}

// text is what is said of a value, by its key.
func (f *setupForm) text(key string) words.SetupText {
	t, ok := f.tongue.SetupValue(key)
	if !ok {
		return words.SetupText{Label: key}
	}
	return t
}

// setupLists are the lists within a thing, by its key: a form can add to them
// though they are empty.
var setupLists = map[string][]string{
	"service":              {"week"},
	"service.week":         {"caps"},
	"hours":                {"week", "exception"},
	"hours.week":           {"caps"},
	"hours.exception":      {"band"},
	"hours.exception.band": {"caps"},
}

// A setupField is one value in a form.
type setupField struct {
	Path, Label, Rule string
	Text              string // as the person reads it, or wrote it
	Widget            string // text, long, number, date, check, select, checks, pair or profile
	Choices           []setupChoice
	Fault             bool // the rule is not kept
	Placeholder       string
	Lang              queue.Language // of the text; empty is Italian
	Ordered           bool           // of a profile: the order counts
}

// ID is the name of the field's element on the page.
func (f setupField) ID() string { return idOf(f.Path) }

// ID is the name of the thing's element on the page.
func (g setupGroup) ID() string { return idOf(g.Path) }

// ID is the name of the list's element on the page.
func (l setupList) ID() string { return idOf(l.Path) }

// idOf is the name of the element of what stands at a path.
func idOf(path string) string {
	return "v-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(path)
}

// A setupChoice is one of the texts of a value. In a profile, First or Help tells
// how the desk serves the service, and Order is its place among them.
type setupChoice struct {
	words.Choice
	Chosen bool
	First  bool
	Help   bool
	Order  int
}

// A setupGroup is a thing, or a thing within it, in a form.
type setupGroup struct {
	Path, Title string
	Fields      []setupField
	Lists       []setupList
	Fault       bool // of the thing itself
	Rule        string
}

// A setupList is a list within a thing.
type setupList struct {
	Path, Title, Rule, Add string
	Items                  []setupGroup
}

// A setupForm makes forms of a draft.
type setupForm struct {
	setup  queue.Setup
	values []office.Value
	faults queue.Faults
	typed  map[string]string // what was refused, by path
	tongue *words.Tongue
}

func newSetupForm(setup queue.Setup, typed map[string]string, tongue *words.Tongue) *setupForm {
	return &setupForm{setup: setup, values: office.Values(setup), faults: office.Faults(setup), typed: typed, tongue: tongue}
}

// group is the form of a thing.
func (f *setupForm) group(path string) setupGroup {
	key := change.KeyOf(path)
	g := setupGroup{Path: path, Title: f.tongue.SetupThing(key, ""), Rule: f.text(key).Rule, Fault: f.faulty(path, true)}
	for _, v := range f.values {
		rest, within := strings.CutPrefix(v.Path, path+".")
		if !within || strings.ContainsAny(strings.TrimSuffix(rest, "]"), ".[") {
			continue
		}
		switch vkey := change.KeyOf(v.Path); {
		case rest == "id":
			g.Fault = g.Fault || f.faulty(v.Path, false)
			if g.Fault {
				g.Rule = f.text(vkey).Rule
			}
		case vkey == "desk.help":
			// One widget for both lists of the profile.
		case vkey == "hours.exception.band.days", vkey == "service.week.services":
			// Those of one date, and of one service.
		default:
			g.Fields = append(g.Fields, f.field(v, vkey))
		}
	}
	switch key {
	case "service":
		if f.faulty(path+".desks", true) {
			g.Fault, g.Rule = true, f.text("service.desks").Rule
		}
		for _, l := range words.Languages() {
			if l != "it" {
				g.Fields = append(g.Fields, f.saying(path+".names."+string(l), "service.names", l, ""))
			}
		}
	case "slip":
		g.Lists = append(g.Lists, f.wordings()...)
	}
	for _, list := range setupLists[key] {
		g.Lists = append(g.Lists, f.list(path+"."+list))
	}
	return g
}

// list is a list within a thing, with a form for each item.
func (f *setupForm) list(path string) setupList {
	key := change.KeyOf(path)
	t := f.text(key)
	l := setupList{Path: path, Title: t.Label, Rule: t.Rule, Add: f.tongue.SetupAdd(key)}
	for n := 1; f.has(fmt.Sprintf("%s[%d]", path, n)); n++ {
		item := f.group(fmt.Sprintf("%s[%d]", path, n))
		item.Title = f.tongue.SetupThing(key, strconv.Itoa(n))
		l.Items = append(l.Items, item)
	}
	return l
}

func (f *setupForm) has(path string) bool {
	return slices.ContainsFunc(f.values, func(v office.Value) bool { return strings.HasPrefix(v.Path, path+".") })
}

// wordings are the texts of tickets, a list for each language that there is.
func (f *setupForm) wordings() (all []setupList) {
	for _, l := range words.Languages() {
		texts := words.SlipTexts(l)
		list := setupList{Path: "slip.text." + string(l), Title: f.tongue.SetupLabel("slip.text", "names."+string(l))}
		g := setupGroup{Path: list.Path}
		for _, k := range slices.Sorted(maps.Keys(texts)) {
			g.Fields = append(g.Fields, f.saying(list.Path+"."+string(k), "slip.text."+string(k), l, texts[k]))
		}
		for k := range f.setup.Slip.Texts[l] {
			if _, known := texts[k]; !known {
				g.Fields = append(g.Fields, f.saying(list.Path+"."+string(k), "slip.text."+string(k), l, ""))
			}
		}
		list.Items = []setupGroup{g}
		all = append(all, list)
	}
	return all
}

// saying is a field for a text in one language, which may be left out.
func (f *setupForm) saying(path, key string, l queue.Language, placeholder string) setupField {
	t := f.text(key)
	label := t.Label
	if key == "service.names" {
		label = f.tongue.SetupLabel("service.name", "names."+string(l))
	}
	field := setupField{Path: path, Label: label, Rule: t.Rule, Widget: "text", Lang: l, Placeholder: placeholder, Fault: f.faulty(path, false)}
	if i := slices.IndexFunc(f.values, func(v office.Value) bool { return v.Path == path }); i >= 0 {
		if field.Text = f.values[i].Text; field.Text == "" {
			field.Text = leftOut
		}
	}
	return field
}

// leftOut is what one writes for a text of the ticket that is left out of it.
const leftOut = "-"

// distinct leaves out of the choices of a value each that says the same as another: the
// one that stays is what the value has, or the first.
func distinct(choices []words.Choice, has string) (all []words.Choice) {
	for _, c := range choices {
		same := func(other words.Choice) bool { return other.Words == c.Words }
		if i := slices.IndexFunc(all, same); i < 0 {
			all = append(all, c)
		} else if c.Text == has {
			all[i] = c
		}
	}
	return all
}

// field is one value as a form shows it.
func (f *setupForm) field(v office.Value, key string) setupField {
	t := f.text(key)
	field := setupField{Path: v.Path, Label: t.Label, Rule: t.Rule, Text: f.shown(key, v), Widget: "text", Fault: f.faulty(v.Path, false)}
	choices := distinct(f.tongue.SetupChoices(key), v.Text)
	last := key[strings.LastIndexByte(key, '.')+1:]
	switch {
	case v.Kind == office.KindTruth:
		field.Widget = "check"
	case key == "service.detail":
		field.Widget = "long"
	case v.Kind == office.KindNumber:
		field.Widget = "number"
	case v.Form == office.FormDate:
		field.Widget = "date"
	case key == "desk.first":
		field = f.profile(field, v.Path)
	case key == "slip.languages":
		field.Widget = "pair"
	case key == "slip.parts":
		field.Widget = "checks"
		var has []string
		for _, c := range choices {
			if f.setup.Slip.Has(queue.SlipPart(c.Text)) {
				has = append(has, c.Text)
			}
		}
		v.Text = strings.Join(has, ", ")
	case last == "services":
		field.Widget, choices = "checks", f.services()
	case last == "service":
		field.Widget, choices = "select", f.services()
	case key == "service.series":
		field.Widget, choices = "select", f.series()
	case key == "outlet.spare":
		field.Widget, choices = "select", f.spares(v.Path)
	case v.Kind == office.KindList && choices != nil:
		field.Widget = "checks"
	case choices != nil:
		field.Widget = "select"
	}
	chosen := strings.Split(v.Text, ", ")
	if field.Widget == "select" && !slices.ContainsFunc(choices, func(c words.Choice) bool { return c.Text == v.Text }) {
		// What is not among them must be seen, to be mended.
		choices = append([]words.Choice{{Text: v.Text, Words: v.Text}}, choices...)
	}
	if field.Widget != "profile" {
		for _, c := range choices {
			on := field.Widget != "select" && slices.Contains(chosen, c.Text) || field.Widget == "select" && v.Text == c.Text
			field.Choices = append(field.Choices, setupChoice{Choice: c, Chosen: on})
		}
	}
	if typed, refused := f.typed[v.Path]; refused {
		field.Text, field.Fault = typed, true
	}
	return field
}

// Pair is which language stands first or second.
func (f setupField) Pair(n int) string {
	chosen := strings.Split(f.Text, ", ")
	if n < len(chosen) {
		return chosen[n]
	}
	return ""
}

// profile shows both lists of a desk's profile, service by service.
func (f *setupForm) profile(field setupField, path string) setupField {
	var n int
	fmt.Sscanf(path, "desk[%d]", &n)
	p := f.setup.Desks[n-1].Profile
	t := f.text("desk.profile")
	field.Widget, field.Label, field.Rule = "profile", t.Label, t.Rule
	field.Ordered = f.setup.Rules.Discipline == queue.StrictProfile
	field.Fault = f.faulty(path, false) || f.faulty(strings.TrimSuffix(path, "first")+"help", false)
	for _, c := range f.services() {
		id := queue.ServiceID(c.Text)
		first, help := slices.Index(p.First, id), slices.Index(p.Help, id)
		field.Choices = append(field.Choices, setupChoice{Choice: c, First: first >= 0, Help: help >= 0, Order: max(first, help) + 1})
	}
	return field
}

func (f *setupForm) services() (all []words.Choice) {
	for _, x := range f.setup.Services {
		all = append(all, words.Choice{Text: string(x.ID), Words: x.Name})
	}
	return all
}

func (f *setupForm) series() (all []words.Choice) {
	for _, x := range f.setup.Series {
		all = append(all, words.Choice{Text: string(x.ID), Words: f.tongue.SeriesName(x)})
	}
	return all
}

// spares are the outlets that may help the one out whose value stands at a path.
func (f *setupForm) spares(path string) []words.Choice {
	all := []words.Choice{{Words: f.tongue.NoSpare()}}
	for i, x := range f.setup.Outlets {
		if x.Printer && path != fmt.Sprintf("outlet[%d].spare", i+1) {
			all = append(all, words.Choice{Text: string(x.ID), Words: x.Name})
		}
	}
	return all
}

// faulty tells whether a value, or something within it, has a fault; alone leaves
// out what is within.
func (f *setupForm) faulty(path string, alone bool) bool {
	return slices.ContainsFunc(f.faults, func(x queue.Fault) bool {
		return x.Path == path || !alone && (strings.HasPrefix(x.Path, path+"[") || strings.HasPrefix(x.Path, path+"."))
	})
}

// faultsOf counts the faults of a section or of a thing.
func (f *setupForm) faultsOf(path string) (n int) {
	for _, x := range f.faults {
		if x.Path == path || strings.HasPrefix(x.Path, path+"[") || strings.HasPrefix(x.Path, path+".") {
			n++
		}
	}
	return n
}

// shown is a value as people write it.
func (f *setupForm) shown(key string, v office.Value) string {
	switch {
	case v.Form == office.FormDuration:
		return words.Length(v.Text)
	case key == "hours.patron" || key == "hours.own_holidays":
		return f.tongue.YearDays(v.Text)
	}
	return v.Text
}

// written is the inverse of shown, by a field's key and its form.
func (f *setupForm) written(key, form, text string) string {
	text = strings.TrimSpace(text)
	switch {
	case form == office.FormDuration:
		return words.ReadLength(text)
	case form == office.FormShare && text != "" && !strings.HasSuffix(text, "%"):
		return text + "%"
	case key == "service.detail":
		return strings.Join(strings.Fields(text), " ") // its field has lines, and a totem breaks them itself
	case key == "hours.patron" || key == "hours.own_holidays":
		return f.tongue.ReadYearDays(text)
	}
	return text
}

// write puts what a form says into a draft, value by value. What is refused is
// answered by path, as it was typed; the others are written.
func (f *setupForm) write(d *office.Draft, posted fields) (refused map[string]string) {
	refused = map[string]string{}
	for path := range strings.SplitSeq(posted["fields"], ",") {
		if path == "" {
			continue
		}
		key := change.KeyOf(path)
		if key == "desk.first" {
			f.writeProfile(d, path, posted)
			continue
		}
		form := ""
		i := slices.IndexFunc(f.values, func(v office.Value) bool { return v.Path == path })
		if i >= 0 {
			form = f.values[i].Form
			if f.values[i].Kind == office.KindTruth && posted[path] != "" {
				posted[path] = "true"
			}
		}
		text := f.written(key, form, posted[path])
		switch {
		case key == "slip.languages":
			text = pairOf(text)
		case key == "slip.parts" && f.usualParts(text):
			text = ""
		}
		if writeValue(d, path, text) != nil {
			refused[path] = posted[path]
		}
	}
	return refused
}

// pairOf are the languages of a ticket by what was chosen as first and second. A second one
// stands behind the usual language where no first was chosen, and does not take its place.
func pairOf(chosen string) string {
	first, second, _ := strings.Cut(chosen, ",")
	if first == "" && second != "" {
		first = string(words.In("").Language())
	}
	return strings.Trim(first+","+second, ",")
}

// writeValue writes one value into a draft; leftOut leaves a text out of the ticket.
func writeValue(d *office.Draft, path, text string) error {
	if strings.HasPrefix(path, "slip.text.") && text == leftOut {
		d.LeaveOut(path)
		return nil
	}
	return d.Set(path, text)
}

// usualParts tells that a ticket has just the parts that it has when nothing is
// said, so that nothing needs to be.
func (f *setupForm) usualParts(text string) bool {
	usual := queue.SlipTemplate{Languages: f.setup.Slip.Languages}
	chosen := strings.Split(text, ",")
	return !slices.ContainsFunc(f.tongue.SetupChoices("slip.parts"), func(c words.Choice) bool {
		return usual.Has(queue.SlipPart(c.Text)) != slices.Contains(chosen, c.Text)
	})
}

// writeProfile writes both lists of a desk. Services keep the order that they had
// in it, or get that of the form; new ones follow.
func (f *setupForm) writeProfile(d *office.Draft, path string, posted fields) {
	before := f.profile(setupField{}, path).Choices
	slices.SortStableFunc(before, func(a, b setupChoice) int { return place(a, path, posted) - place(b, path, posted) })
	lists := map[string][]string{}
	for _, c := range before {
		how := posted[path+"."+c.Text]
		lists[how] = append(lists[how], c.Text)
	}
	_ = d.Set(path, strings.Join(lists["first"], ", "))
	_ = d.Set(strings.TrimSuffix(path, "first")+"help", strings.Join(lists["help"], ", "))
}

// place is where a service stands in a profile: as the form says, else as it was,
// else at the end.
func place(c setupChoice, path string, posted fields) int {
	if n, err := strconv.Atoi(posted[path+".order."+c.Text]); err == nil && n > 0 {
		return n
	}
	if c.Order > 0 {
		return c.Order
	}
	return 1 << 16
}
