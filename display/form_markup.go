package display

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// The pages' own markup, as the templates write it: tags and attributes in small letters,
// each value between double quotes with what is special in it escaped, and no comments.
// It is read to put into a page what a form of it was sent with.

// A markupTag is one tag of a page, at its bytes.
type markupTag struct {
	name       string
	closing    bool
	begin, end int
	attrs      map[string]string // unescaped
	around     []int             // the open tags that it stands in, outermost first
	closedBy   int               // the tag that ends it; itself where nothing does
}

var (
	markupTags  = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"]*")?)*)\s*/?>`)
	markupAttrs = regexp.MustCompile(`([a-zA-Z][\w:-]*)(?:="([^"]*)")?`)
	// markupVoid have no end.
	markupVoid = []string{"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
)

// A markup is a page that is read.
type markup struct {
	text string
	tags []markupTag
	// controls are those of each form, by its tag, wherever they stand.
	controls map[int][]int
}

func readMarkup(text string) *markup {
	m := &markup{text: text, controls: map[int][]int{}}
	var open []int
	forms := map[string]int{}
	for i, at := range markupTags.FindAllStringSubmatchIndex(text, -1) {
		t := markupTag{
			name: text[at[4]:at[5]], closing: at[2] != at[3], begin: at[0], end: at[1],
			attrs: map[string]string{}, closedBy: i,
		}
		for _, a := range markupAttrs.FindAllStringSubmatch(text[at[6]:at[7]], -1) {
			t.attrs[a[1]] = html.UnescapeString(a[2])
		}
		if t.closing {
			for n := len(open) - 1; n >= 0; n-- {
				if m.tags[open[n]].name == t.name {
					m.tags[open[n]].closedBy = i
					open = open[:n]
					break
				}
			}
		}
		t.around = slices.Clone(open)
		m.tags = append(m.tags, t)
		if !t.closing && !slices.Contains(markupVoid, t.name) {
			open = append(open, i)
		}
		if t.name == "form" && t.attrs["id"] != "" && !t.closing {
			forms[t.attrs["id"]] = i
		}
	}
	for i, t := range m.tags {
		if t.closing || !slices.Contains([]string{"input", "select", "textarea", "button"}, t.name) {
			continue
		}
		form := m.within(i, "form")
		if of, apart := t.attrs["form"]; apart {
			form = -1
			if n, there := forms[of]; there {
				form = n
			}
		}
		if form >= 0 {
			m.controls[form] = append(m.controls[form], i)
		}
	}
	return m
}

// within is the innermost open tag of a name around another one; -1 where there is none.
func (m *markup) within(tag int, name string) int {
	for _, n := range slices.Backward(m.tags[tag].around) {
		if m.tags[n].name == name {
			return n
		}
	}
	return -1
}

// inside are the tags that stand within one, in order.
func (m *markup) inside(tag int) []int {
	var all []int
	for i := tag + 1; i < m.tags[tag].closedBy; i++ {
		all = append(all, i)
	}
	return all
}

// said is the text within a tag, without that of controls, keys, hints and faults.
func (m *markup) said(tag int) string {
	var b strings.Builder
	from, last := m.tags[tag].end, m.tags[tag].closedBy
	for i := tag + 1; i <= last; i++ {
		t := m.tags[i]
		b.WriteString(m.text[from:t.begin])
		classes := strings.Fields(t.attrs["class"])
		aside := slices.Contains([]string{"kbd", "select", "button", "textarea"}, t.name) || slices.Contains(classes, "hint") || slices.Contains(classes, "field-fault")
		if from = t.end; aside && !t.closing && i < last {
			i = t.closedBy
			from = m.tags[i].end
		}
		b.WriteByte(' ')
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}

// around is what holds a control together with its name: the group of a choice, else the
// label; -1 where it stands alone.
func (m *markup) around(control int) int {
	if kind := m.tags[control].attrs["type"]; kind == "radio" || kind == "checkbox" {
		if group := m.within(control, "fieldset"); group >= 0 {
			return group
		}
	}
	return m.within(control, "label")
}

// label is what a control is called on its page.
func (m *markup) label(control int) string {
	t := m.tags[control]
	around := m.around(control)
	if around >= 0 && m.tags[around].name == "fieldset" {
		for _, n := range m.inside(around) {
			if m.tags[n].name == "legend" && !m.tags[n].closing {
				return m.said(n)
			}
		}
	}
	if own := t.attrs["aria-label"]; own != "" {
		return own
	}
	if around >= 0 {
		return m.said(around)
	}
	for i, x := range m.tags {
		if x.name == "label" && !x.closing && x.attrs["for"] != "" && x.attrs["for"] == t.attrs["id"] {
			return m.said(i)
		}
	}
	return t.attrs["name"]
}

// asks tells that a person fills a control in.
func (t markupTag) asks() bool {
	switch t.name {
	case "select", "textarea":
		return !t.closing
	case "input":
		return !slices.Contains([]string{"hidden", "submit", "button", "file"}, t.attrs["type"])
	}
	return false
}

// typed tells that a person writes into a control.
func (t markupTag) typed() bool {
	return t.asks() && t.name != "select" && t.attrs["type"] != "checkbox" && t.attrs["type"] != "radio"
}
