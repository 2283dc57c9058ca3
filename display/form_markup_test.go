package display

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"eliminacode/queue"
	"eliminacode/queue/words"
)

// How pages are read where they are written in other ways than most.
func TestMarkupIsReadAsBrowsersReadIt(t *testing.T) {
	m := readMarkup(`<!doctype html><!-- <form> --><script>"<form>"</script>
<form id="one" method="post"><svg viewBox="0 0 1 1"><path d="M0"/><use href="#a"/></svg><label>Nome <kbd>N</kbd> <input name='a' value=x><br/><span class="hint">breve</span></label>
<fieldset><legend>Che <b>cosa</b></legend><label><input type=radio name=b>questo</label></fieldset>
<label for="c">Testo &amp; altro</label><textarea id=c name=c><input name="no"></textarea></form>
<noscript><INPUT name="d" form="one"></noscript><input name="apart" form="two"><input name="alone"`)
	var names, labels []string
	for form, controls := range m.controls {
		if form.attr("id") != "one" {
			t.Errorf("a form %q", form.attr("id"))
		}
		for _, c := range controls {
			names, labels = append(names, c.attr("name")), append(labels, m.label(c))
		}
	}
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(names, want) {
		t.Errorf("the controls are %q, not %q", names, want)
	}
	if want := []string{"Nome", "Che cosa", "Testo & altro", "d"}; !slices.Equal(labels, want) {
		t.Errorf("they are called %q, not %q", labels, want)
	}
}

// Nothing of a page is lost that is not changed, nothing that is typed or told becomes
// markup, and what was typed is there again as it was.
func FuzzMarkup(f *testing.F) {
	const typing = `<form method="post"><svg><path/></svg><label>Nome <input name="a"></label><textarea name="b">x</textarea><input type="password" name="c"></form>`
	f.Add(typing, `così "com'è" <b>&amp;</textarea>`)
	f.Add(`<form method=post><label><select name=a><option>1<option value=2>due</select></form></label><details><p/>`, "2")
	f.Add(`<form method="post"><input form="x" name="a"><svg/><textarea>`, "\r\n\x00")
	f.Add("\r<p title=\"a &amp; &lt; b\">&egrave;</p><a", "\"")
	f.Add(`<noscript><meta http-equiv="refresh"></noscript><form id=x><FORM method="post">`, "")
	tongue := words.In(queue.Language("it"))
	f.Fuzz(func(t *testing.T, page, typed string) {
		if got := readMarkup(page).String(); got != page {
			t.Errorf("%q became %q", page, got)
		}
		tell := func(page string) (string, bool) {
			x := toldForm{path: "/", tongue: tongue, posted: url.Values{"a": {typed}, "b": {typed}, "c": {typed}}, told: problem{
				Detail: typed, Errors: []problemField{{Location: "body.a", Say: typed}},
			}}
			for name := range x.posted {
				if !strings.Contains(page, `name="`+name) {
					delete(x.posted, name)
				}
			}
			return x.tell(page)
		}
		tell(page)
		told, ok := tell(typing)
		if !ok {
			t.Fatal("the form is not found")
		}
		m := readMarkup(told)
		var tags []string
		kept := map[string]string{}
		for _, p := range m.pieces {
			if p.isTag() {
				tags = append(tags, p.Data)
			}
			kept[p.attr("name")] = p.attr("value")
			if p.opens("textarea") {
				kept["b"] = strings.TrimPrefix(m.pieces[p.at+1].Data, "\n")
			}
		}
		want := []string{"form", "svg", "path", "p", "label", "input", "span", "textarea", "input"}
		if typed == "" {
			want = []string{"form", "svg", "path", "label", "input", "textarea", "input", "p"}
		}
		if !slices.Equal(tags, want) {
			t.Errorf("the tags are %v", tags)
		}
		typed = strings.ReplaceAll(typed, "\x00", "\uFFFD") // no page has a zero
		if kept["a"] != typed || kept["b"] != typed || kept["c"] != "" {
			t.Errorf("%q was typed and %q is there", typed, kept)
		}
	})
}

// A fault that the page itself says is that of the field that it stands at: in its label,
// in its group, or after it.
func TestFaultsOfAPagePointAtTheirFields(t *testing.T) {
	m := readMarkup(pointAtFaults(words.In("it"), `<p data-flash></p><input name="other" autofocus><details><form><input type="hidden" name="id">
<label>A <input name="a" aria-describedby="rule"><span class="field-fault">uno</span></label>
<fieldset><legend>B</legend><span class="field-fault">due</span><label><input type="checkbox" name="b"></label><label><input type="checkbox" name="b"></label></fieldset>
<label><input type="checkbox" name="c"></label><span class="field-fault">tre</span><label>D <input name="d"></label></form></details>`))
	var marked []string
	for _, p := range m.pieces {
		if p.has("autofocus") != (p.attr("name") == "a") || p.opens("details") && !p.has("open") {
			t.Errorf("the focus, or what is folded: %v", p.Token)
		}
		if p.attr("aria-invalid") == "true" {
			marked = append(marked, p.attr("name")+": "+p.attr("aria-describedby"))
		}
	}
	if want := []string{"a: rule told-1", "b: told-2", "c: told-3"}; !slices.Equal(marked, want) {
		t.Errorf("marked are %q, not %q", marked, want)
	}
}
