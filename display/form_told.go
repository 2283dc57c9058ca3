package display

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"eliminacode/queue/words"
)

// A toldForm is a form that was refused, for the page that shows it again: what was
// wrong stands at the form and at its fields, and what was typed stays. The script of the
// staff's pages does the same with a refusal of the API, in refusal.js.
type toldForm struct {
	path   string     // that it was posted to
	posted url.Values // what was typed
	told   problem
	tongue *words.Tongue
}

// wrongAt are the sentences for the controls of a form that a refusal is about, by their
// tags. A refusal that names no value is about the control that says its code in
// data-blamed.
func (x toldForm) wrongAt(m *markup, controls []int) map[int]string {
	wrong := map[int]string{}
	find := func(fits func(markupTag) bool) int {
		return slices.IndexFunc(controls, func(n int) bool { return m.tags[n].asks() && fits(m.tags[n]) })
	}
	for _, e := range x.told.Errors {
		_, place, _ := strings.Cut(e.Location, ".")
		place = strings.ReplaceAll(place, ".", "-")
		at := find(func(t markupTag) bool { return t.attrs["name"] == place })
		if at < 0 {
			at = find(func(t markupTag) bool { return place != "" && strings.HasPrefix(t.attrs["name"], place+"-") })
		}
		if at >= 0 && wrong[controls[at]] == "" {
			wrong[controls[at]] = e.said()
		}
	}
	if len(wrong) == 0 {
		if at := find(func(t markupTag) bool {
			return slices.Contains(strings.Fields(t.attrs["data-blamed"]), x.told.Code)
		}); at >= 0 {
			wrong[controls[at]] = x.told.Detail
		}
	}
	return wrong
}

// form is the form of a page that was posted: the one that has every field of it, and
// most of what it was sent with: fields to fill in, hidden values and its button.
func (x toldForm) form(m *markup) (form int, controls []int) {
	form, most := -1, -1
	for i, t := range m.tags {
		if t.name != "form" || t.closing || t.attrs["method"] != "post" || t.attrs["action"] != "" && t.attrs["action"] != x.path {
			continue
		}
		own := m.controls[i]
		alike, missing := 0, false
		for name, values := range x.posted {
			there, counted := false, alike
			for _, n := range own {
				c := m.tags[n]
				if c.attrs["name"] != name {
					continue
				}
				if c.asks() {
					there = true
					alike++
				} else if c.attrs["value"] == values[0] {
					there = true
					alike++
				} else if c.name == "input" {
					there = true // such as what the page had seen
				}
			}
			missing, alike = missing || !there, min(alike, counted+1)
		}
		if !missing && alike > most {
			form, controls, most = i, own, alike
		}
	}
	return form, controls
}

// tell puts the refusal into a page; ok is false where the page has no such form, or one
// of buttons alone.
func (x toldForm) tell(page string) (told string, ok bool) {
	m := readMarkup(page)
	form, controls := x.form(m)
	if !slices.ContainsFunc(controls, func(n int) bool { return m.tags[n].asks() }) {
		return "", false
	}
	e := &markupEdits{m: m}
	nth := map[string]int{}
	for _, n := range controls {
		if c := m.tags[n]; c.asks() {
			e.fill(n, x.posted[c.attrs["name"]], nth)
		}
	}
	wrong := x.wrongAt(m, controls)
	writes := slices.ContainsFunc(controls, func(n int) bool { return m.tags[n].typed() })
	sentence := x.told.Detail
	var fields []string
	at := m.tags[m.tags[form].closedBy].begin
	for _, n := range controls {
		if wrong[n] == "" {
			continue
		}
		if len(fields) == 0 {
			// Right before the first wrong field: it has the focus, and is in view.
			if at = m.tags[form].end; m.around(n) >= 0 {
				at = m.tags[m.around(n)].begin
			}
		}
		e.mark(n, wrong[n], len(fields))
		fields = append(fields, m.label(n))
	}
	if len(fields) > 0 {
		sentence = x.tongue.Say("wrong.refused", "fields", strings.Join(fields, ", "))
	}
	if len(fields) > 0 || writes {
		focus := ""
		if len(fields) == 0 {
			focus = " autofocus"
		}
		e.put(at, `<p class="form-told" role="alert" tabindex="-1"`+focus+`>`+html.EscapeString(sentence)+`</p>`)
		e.open(form)
		e.stay()
	} else {
		e.flash(sentence)
	}
	return e.applied(), true
}

// markupEdits are changes to a page.
type markupEdits struct {
	m     *markup
	edits []markupEdit
}

type markupEdit struct {
	at, end int // bytes that are replaced
	text    string
}

func (e *markupEdits) put(at int, text string) { e.edits = append(e.edits, markupEdit{at, at, text}) }

// applied is the page with the changes. Of two at one place the first comes first.
func (e *markupEdits) applied() string {
	slices.SortStableFunc(e.edits, func(a, b markupEdit) int { return a.at - b.at })
	var b strings.Builder
	from := 0
	for _, x := range e.edits {
		b.WriteString(e.m.text[from:x.at])
		b.WriteString(x.text)
		from = max(x.end, x.at)
	}
	b.WriteString(e.m.text[from:])
	return b.String()
}

// set gives a tag an attribute; with none that has it, or in the place of its value.
func (e *markupEdits) set(tag int, name, value string) {
	t := e.m.tags[tag]
	text := e.m.text[t.begin:t.end]
	written := ` ` + name + `="` + html.EscapeString(value) + `"`
	if _, has := t.attrs[name]; has {
		for _, a := range markupAttrs.FindAllStringSubmatchIndex(text, -1) {
			if a[0] > 1 && text[a[2]:a[3]] == name {
				e.edits = append(e.edits, markupEdit{t.begin + a[0], t.begin + a[1], strings.TrimSpace(written)})
				return
			}
		}
	}
	e.put(t.begin+1+len(t.name), written)
}

// flag makes an attribute without a value stand in a tag, or not.
func (e *markupEdits) flag(tag int, name string, on bool) {
	t := e.m.tags[tag]
	_, has := t.attrs[name]
	if on == has {
		return
	}
	if on {
		e.put(t.begin+1+len(t.name), " "+name)
		return
	}
	text := e.m.text[t.begin:t.end]
	for _, a := range markupAttrs.FindAllStringSubmatchIndex(text, -1) {
		if a[0] > 1 && text[a[2]:a[3]] == name {
			e.edits = append(e.edits, markupEdit{t.begin + a[0], t.begin + a[1], ""})
		}
	}
}

// fill puts into a control what was sent in it; nth counts the controls of a name.
func (e *markupEdits) fill(control int, sent []string, nth map[string]int) {
	t := e.m.tags[control]
	name := t.attrs["name"]
	if t.attrs["type"] == "checkbox" || t.attrs["type"] == "radio" {
		value, has := t.attrs["value"]
		if !has {
			value = "on"
		}
		e.flag(control, "checked", slices.Contains(sent, value))
		return
	}
	value := ""
	if i := nth[name]; i < len(sent) {
		value = sent[i]
	} else {
		return // it was not sent, such as one that is switched off
	}
	nth[name]++
	switch {
	case t.name == "select":
		for _, n := range e.m.inside(control) {
			if o := e.m.tags[n]; o.name == "option" && !o.closing {
				own, has := o.attrs["value"]
				if !has {
					own = e.m.said(n)
				}
				e.flag(n, "selected", own == value)
			}
		}
	case t.name == "textarea":
		e.edits = append(e.edits, markupEdit{t.end, e.m.tags[t.closedBy].begin, html.EscapeString(value)})
	case t.attrs["type"] != "password":
		e.set(control, "value", value)
	}
}

// mark says at a control what is wrong with it; the first one has the focus.
func (e *markupEdits) mark(control int, sentence string, nth int) {
	m, t := e.m, e.m.tags[control]
	id := "told-" + strconv.Itoa(nth+1)
	e.set(control, "aria-invalid", "true")
	e.set(control, "aria-describedby", strings.TrimSpace(t.attrs["aria-describedby"]+" "+id))
	if nth == 0 {
		e.flag(control, "autofocus", true)
	}
	e.open(control)
	at := m.tags[t.closedBy].end
	if around := m.around(control); around >= 0 {
		at = m.tags[m.tags[around].closedBy].begin
	}
	e.put(at, `<span class="field-fault" id="`+id+`">`+html.EscapeString(sentence)+`</span>`)
}

// open unfolds what a tag is folded in.
func (e *markupEdits) open(tag int) {
	for _, n := range e.m.tags[tag].around {
		if e.m.tags[n].name == "details" && !slices.ContainsFunc(e.edits, func(x markupEdit) bool { return x.at == e.m.tags[n].begin+len("<details") }) {
			e.flag(n, "open", true)
		}
	}
}

// stay takes out that the page loads itself anew: what was typed would be gone.
func (e *markupEdits) stay() {
	for _, t := range e.m.tags {
		if t.name == "meta" && t.attrs["http-equiv"] == "refresh" {
			e.edits = append(e.edits, markupEdit{t.begin, t.end, ""})
		}
	}
}

// flash says a refusal in the line of the page that says what was done.
func (e *markupEdits) flash(sentence string) {
	for i, t := range e.m.tags {
		if _, flashes := t.attrs["data-flash"]; flashes {
			e.set(i, "class", "flash flash-failed")
			e.set(i, "role", "alert")
			e.edits = append(e.edits, markupEdit{t.end, e.m.tags[t.closedBy].begin, html.EscapeString(sentence)})
		}
	}
}

// said is what is wrong with a value, for a person at its field.
func (f problemField) said() string {
	if f.Say != "" {
		return f.Say
	}
	return f.Message
}

// A keptPage is an answer that is not sent yet.
type keptPage struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keptPage) Header() http.Header         { return k.header }
func (k *keptPage) Write(b []byte) (int, error) { return k.body.Write(b) }
func (k *keptPage) WriteHeader(status int)      { k.status = status }

// tellForm answers a form that was refused with its page, which says so where it was
// filled in. It answers nothing, and false, where that is not to be: the refusal then is
// told at the head of the page, or instead of it.
func (s *Server) tellForm(w http.ResponseWriter, r *http.Request, page http.HandlerFunc, extra url.Values, err error) bool {
	told := s.problemFor(r, err)
	switch {
	case page == nil, toCitizen(r), told.Status >= http.StatusInternalServerError:
		return false
	case told.Code == "desk-taken", told.Code == "operator-elsewhere":
		return false // the head of the page offers to come here
	}
	asking := r.Clone(r.Context())
	asking.Method, asking.Body, asking.ContentLength = http.MethodGet, http.NoBody, 0
	asking.Form, asking.PostForm = nil, nil
	asking.URL.RawQuery = extra.Encode()
	got := &keptPage{header: http.Header{}, status: http.StatusOK}
	if page(got, asking); got.status != http.StatusOK {
		return false
	}
	text, ok := toldForm{path: r.URL.EscapedPath(), posted: r.PostForm, told: told, tongue: s.tongueOf(r)}.tell(got.body.String())
	if !ok {
		return false
	}
	for name, values := range got.header {
		w.Header()[name] = values
	}
	w.WriteHeader(told.Status)
	_, _ = w.Write([]byte(text))
	return true
}
