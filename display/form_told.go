package display

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

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

// wrongAt are the sentences for the controls of a form that a refusal is about. A refusal
// that names no value is about the control that says its code in data-blamed; there a
// control also says what the refusal calls its value, where it has another name itself.
func (x toldForm) wrongAt(controls []*piece) map[*piece]string {
	wrong := map[*piece]string{}
	tell := func(sentence string, fits ...func(*piece) bool) {
		for _, fit := range fits {
			if at := slices.IndexFunc(controls, func(c *piece) bool { return c.asks() && fit(c) }); at >= 0 {
				if c := controls[at]; wrong[c] == "" {
					wrong[c] = sentence
				}
				return
			}
		}
	}
	for _, e := range x.told.Errors {
		_, place, _ := strings.Cut(e.Location, ".")
		place = strings.ReplaceAll(place, ".", "-")
		tell(e.said(), func(c *piece) bool { return c.attr("name") == place },
			func(c *piece) bool { return place != "" && strings.HasPrefix(c.attr("name"), place+"-") },
			func(c *piece) bool { return place != "" && c.blamed(place) })
	}
	if len(wrong) == 0 {
		tell(x.told.Detail, func(c *piece) bool { return c.blamed(x.told.Code) })
	}
	return wrong
}

// aboutValues are the hidden values of forms that say what a form is about. Others say what
// a page had shown when it was filled in, or which sending of it this is, and may be others
// by now.
var aboutValues = []string{"action", "address", "appointment", "desk", "id", "kind", "message", "name", "place", "series", "service", "ticket"}

// form is the form of a page that was posted: the one that has every field of it, is about
// the same thing, and has most of what it was sent with: fields to fill in, hidden values
// and its button. It is nil where what it was about is not on the page any more.
func (x toldForm) form(m *markup) (form *piece) {
	most := -1
	for _, p := range m.pieces {
		if !p.opens("form") || p.attr("method") != "post" || p.attr("action") != "" && p.attr("action") != x.path {
			continue
		}
		alike, missing := 0, false
		for name, values := range x.posted {
			same, there := false, false
			for _, c := range m.controls[p] {
				if c.attr("name") == name {
					kept := c.asks() || c.attr("value") == values[0]
					same = same || kept
					there = there || kept || c.Data == "input" && !slices.Contains(aboutValues, name)
				}
			}
			missing = missing || !there
			if same {
				alike++
			}
		}
		if !missing && alike > most {
			form, most = p, alike
		}
	}
	return form
}

// tell puts the refusal into a page; ok is false where the page has no such form, or one
// of buttons alone.
func (x toldForm) tell(page string) (told string, ok bool) {
	m := readMarkup(page)
	form := x.form(m)
	controls := m.controls[form]
	if !slices.ContainsFunc(controls, (*piece).asks) {
		return "", false
	}
	nth := map[string]int{}
	for _, c := range controls {
		if c.asks() {
			m.refill(c, x.posted[c.attr("name")], nth)
		}
	}
	var wrong []*piece
	var fields []string
	sentences := x.wrongAt(controls)
	for _, c := range controls {
		if sentences[c] != "" {
			m.mark(c, sentences[c], len(wrong))
			wrong, fields = append(wrong, c), append(fields, m.label(c))
		}
	}
	switch {
	case len(wrong) > 0:
		m.alert(form, wrong[0], x.tongue.Say("wrong.refused", "fields", strings.Join(fields, ", ")))
	case slices.ContainsFunc(controls, (*piece).typed):
		m.alert(form, nil, x.told.Detail)
	default:
		m.flash(x.told.Detail, x.tongue.Say("layout.not-done"))
	}
	return m.String(), true
}

// alert says a refusal at a form: right before the first wrong field, which has the focus
// and so is in view; with none, at its end.
func (m *markup) alert(form, wrong *piece, sentence string) {
	before := func(at *string, focus string) {
		*at += `<p class="form-told" role="alert" tabindex="-1"` + focus + `>` + html.EscapeString(sentence) + `</p>`
	}
	switch {
	case wrong == nil:
		before(&m.pieces[form.end].before, " autofocus")
	case m.named(wrong) != nil:
		before(&m.named(wrong).before, "")
	default:
		before(&form.after, "")
	}
	form.unfold()
	for _, p := range m.pieces { // the page does not load itself anew: what was typed would be gone
		if p.opens("meta") && p.attr("http-equiv") == "refresh" {
			p.raw, p.changed = "", false
		}
	}
}

// refill puts into a control what was sent in it; nth counts the controls of a name.
func (m *markup) refill(control *piece, sent []string, nth map[string]int) {
	name := control.attr("name")
	if control.chosen() {
		value := "on"
		if control.has("value") {
			value = control.attr("value")
		}
		control.flag("checked", slices.Contains(sent, value))
		return
	}
	if nth[name] >= len(sent) {
		return // it was not sent, such as one that is switched off
	}
	value := sent[nth[name]]
	nth[name]++
	switch {
	case control.Data == "select":
		for _, o := range m.inside(control) {
			if o.opens("option") {
				own := m.said(o)
				if o.has("value") {
					own = o.attr("value")
				}
				o.flag("selected", own == value)
			}
		}
	case control.Data == "textarea":
		m.fill(control, "\n"+value) // a browser takes the first end of a line away
	case control.attr("type") != "password":
		control.set("value", value)
	}
}

// mark says at a control what is wrong with it; the first one has the focus.
func (m *markup) mark(control *piece, sentence string, nth int) {
	id := "told-" + strconv.Itoa(nth+1)
	m.describe(control, id, nth == 0)
	fault := `<span class="field-fault" id="` + id + `">` + html.EscapeString(sentence) + `</span>`
	if around := control.around(); around != nil {
		m.pieces[around.end].before += fault
	} else {
		m.pieces[control.end].after += fault
	}
}

// describe marks a control as wrong for what stands at an id, and unfolds what it is
// folded in. The first one has the focus, and no other control.
func (m *markup) describe(control *piece, id string, first bool) {
	control.set("aria-invalid", "true")
	control.set("aria-describedby", strings.TrimSpace(control.attr("aria-describedby")+" "+id))
	control.unfold()
	if first {
		for _, p := range m.pieces {
			p.flag("autofocus", p == control)
		}
	}
}

// pointAtFaults marks the fields of a page whose faults the page itself says: each is
// described by its sentence, the first one has the focus, and the line of the page that
// says what was done names them.
func pointAtFaults(tongue *words.Tongue, page string) string {
	m := readMarkup(page)
	nth := 0
	var fields []string
	for _, p := range m.pieces {
		if !p.opens("span") || !p.styled("field-fault") || p.has("id") {
			continue
		}
		if control := m.faulted(p); control != nil {
			nth++
			p.set("id", "told-"+strconv.Itoa(nth))
			m.describe(control, p.attr("id"), nth == 1)
			fields = append(fields, m.label(control))
		}
	}
	if len(fields) > 0 {
		m.flash(tongue.Say("wrong.refused", "fields", strings.Join(slices.Compact(fields), ", ")), "")
	}
	return m.String()
}

// faulted is the control that a fault is about: the first one in its label or, without
// one, in its group, else the one that it comes after; nil where there is none.
func (m *markup) faulted(fault *piece) *piece {
	for _, around := range []*piece{fault.within("label"), fault.within("fieldset")} {
		if around == nil {
			continue
		}
		if i := slices.IndexFunc(m.inside(around), (*piece).asks); i >= 0 {
			return m.inside(around)[i]
		}
	}
	for _, p := range slices.Backward(m.pieces[:fault.at]) {
		if p.asks() {
			return p
		}
	}
	return nil
}

// unfold opens all that a piece is folded in.
func (p *piece) unfold() {
	for folded := p.within("details"); folded != nil; folded = folded.within("details") {
		folded.flag("open", true)
	}
}

// flash says a refusal in the line of the page that says what was done, after what
// precedes it there.
func (m *markup) flash(sentence, preceded string) {
	for _, p := range m.pieces {
		if p.has("data-flash") {
			p.set("class", "flash flash-failed")
			p.set("role", "alert")
			p.set("data-failed", preceded)
			m.fill(p, sentence)
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
	wrong := fieldFaults(s.tongueOf(r), err)
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		told.Errors = append(told.Errors, problemField{Location: "body." + field, Say: wrong[field]})
	}
	switch {
	case page == nil, toCitizen(r), told.Status >= http.StatusInternalServerError && told.Code != "signing-in-busy":
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
