package display

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A page of ours is read, as browsers read it, to put into it what a form of it was sent
// with and what of that was refused. All that is not changed stays byte for byte.

// A piece is a tag of a page, or what stands between two tags.
type piece struct {
	html.Token
	raw     string // as it is written out, unless it is changed
	changed bool   // the token is written out instead
	parent  *piece // the innermost tag that it stands in
	at, end int    // its place among the pieces, and that of its end tag; its own without one

	before, after string // what is put around it
}

// A markup is a page that is read.
type markup struct {
	pieces []*piece
	// controls are those of each form, wherever they stand.
	controls map[*piece][]*piece
}

// void are the tags that have no end.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

func readMarkup(page string) *markup {
	m := &markup{controls: map[*piece][]*piece{}}
	z := html.NewTokenizer(strings.NewReader(page))
	var open *piece
	for read := 0; read < len(page); {
		raw := page[read:] // of a last tag that is cut off
		if z.Next() != html.ErrorToken {
			raw = raw[:len(z.Raw())]
		}
		read += len(raw)
		p := &piece{Token: z.Token(), raw: raw, parent: open, at: len(m.pieces), end: len(m.pieces)}
		m.pieces = append(m.pieces, p)
		switch {
		case p.opens("noscript"):
			z.NextIsNotRawText() // who has no script sees what is in it
			open = p
		case p.isTag() && !slices.Contains(void, p.Data) && !p.drawn():
			open = p
		case p.Type == html.EndTagToken:
			if begun := p.within(p.Data); begun != nil {
				begun.end, open = p.at, begun.parent
			}
		}
	}
	m.own()
	return m
}

// own finds the controls of each form.
func (m *markup) own() {
	named := map[string]*piece{}
	for _, p := range m.pieces {
		if id := p.attr("id"); p.opens("form") && id != "" {
			named[id] = p
		}
	}
	for _, p := range m.pieces {
		if !p.opens("input", "select", "textarea", "button") {
			continue
		}
		form := p.within("form")
		if p.has("form") {
			form = named[p.attr("form")]
		}
		if form != nil {
			m.controls[form] = append(m.controls[form], p)
		}
	}
}

// String is the page as it is now.
func (m *markup) String() string {
	var b strings.Builder
	for _, p := range m.pieces {
		b.WriteString(p.before)
		if p.changed {
			b.WriteString(p.Token.String())
		} else {
			b.WriteString(p.raw)
		}
		b.WriteString(p.after)
	}
	return b.String()
}

// inside are the pieces that stand within a tag.
func (m *markup) inside(p *piece) []*piece { return m.pieces[min(p.at+1, p.end):p.end] }

// said is the text within a tag, without that of controls, keys, hints and faults.
func (m *markup) said(p *piece) string {
	var b strings.Builder
	for i := p.at + 1; i < p.end; i++ {
		x := m.pieces[i]
		if x.Type == html.TextToken {
			b.WriteString(x.Data)
			continue
		}
		b.WriteByte(' ')
		if x.opens("kbd", "select", "button", "textarea") || x.isTag() && (x.styled("hint") || x.styled("field-fault")) {
			i = x.end
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// named is what says the name of a control: what is around it, or the label that is for
// it; nil without any.
func (m *markup) named(control *piece) *piece {
	if around := control.around(); around != nil {
		return around
	}
	for _, p := range m.pieces {
		if p.opens("label") && p.has("for") && p.attr("for") == control.attr("id") {
			return p
		}
	}
	return nil
}

// label is what a control is called on its page.
func (m *markup) label(control *piece) string {
	around := control.around()
	if around != nil && around.Data == "fieldset" {
		for _, p := range m.inside(around) {
			if p.opens("legend") {
				return m.said(p)
			}
		}
	}
	if own := control.attr("aria-label"); own != "" {
		return own
	}
	if named := m.named(control); named != nil {
		return m.said(named)
	}
	return control.attr("name")
}

// fill puts a text in the place of all that stands within a tag.
func (m *markup) fill(p *piece, text string) {
	for _, x := range m.inside(p) {
		*x = piece{parent: x.parent, at: x.at, end: x.end}
	}
	p.after = html.EscapeString(text)
}

// isTag tells that a piece is a tag that is no end.
func (p *piece) isTag() bool {
	return p.Type == html.StartTagToken || p.Type == html.SelfClosingTagToken
}

// opens tells that a piece is a tag of one of the names, and no end.
func (p *piece) opens(names ...string) bool { return p.isTag() && slices.Contains(names, p.Data) }

// within is the innermost tag of a name around a piece; nil where there is none.
func (p *piece) within(name string) *piece {
	for p = p.parent; p != nil && p.Data != name; p = p.parent {
	}
	return p
}

// drawn tells that a piece is a tag without an end, of a drawing: <br/> and <p/> are as
// good as <br> and <p>, <path/> has ended.
func (p *piece) drawn() bool {
	return p.Type == html.SelfClosingTagToken && (p.Data == "svg" || p.within("svg") != nil)
}

// around is what holds a control together with its name: the group of a choice, else the
// label; nil where it stands alone.
func (p *piece) around() *piece {
	if group := p.within("fieldset"); p.chosen() && group != nil {
		return group
	}
	return p.within("label")
}

// attr is the value of an attribute; empty without one.
func (p *piece) attr(name string) string {
	if i := p.attribute(name); i >= 0 {
		return p.Attr[i].Val
	}
	return ""
}

func (p *piece) has(name string) bool { return p.attribute(name) >= 0 }

func (p *piece) attribute(name string) int {
	return slices.IndexFunc(p.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// set gives a tag an attribute, or another value to the one that it has.
func (p *piece) set(name, value string) {
	p.changed = true
	if i := p.attribute(name); i >= 0 {
		p.Attr[i].Val = value
		return
	}
	p.Attr = append(p.Attr, html.Attribute{Key: name, Val: value})
}

// flag makes an attribute without a value stand in a tag, or not.
func (p *piece) flag(name string, on bool) {
	if on {
		p.set(name, "")
	} else if i := p.attribute(name); i >= 0 {
		p.changed, p.Attr = true, slices.Delete(p.Attr, i, i+1)
	}
}

// styled tells that a tag has a class.
func (p *piece) styled(class string) bool {
	return slices.Contains(strings.Fields(p.attr("class")), class)
}

// chosen tells that a control is a box or a button of a choice.
func (p *piece) chosen() bool { return p.attr("type") == "checkbox" || p.attr("type") == "radio" }

// blamed tells that a control says in data-blamed that a refusal or a value is about it.
func (p *piece) blamed(what string) bool {
	return slices.Contains(strings.Fields(p.attr("data-blamed")), what)
}

// asks tells that a person fills a control in.
func (p *piece) asks() bool {
	return p.opens("select", "textarea") ||
		p.opens("input") && !slices.Contains([]string{"hidden", "submit", "button", "file"}, p.attr("type"))
}

// typed tells that a person writes into a control.
func (p *piece) typed() bool { return p.asks() && p.Data != "select" && !p.chosen() }
