package display

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// accessibilityChecker is the script of axe-core.
func accessibilityChecker(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join("..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("the accessibility checker is not there; run npm ci first (%v)", err)
	}
	return string(axe)
}

// A look is what a person's system asks of a page.
type look struct {
	name     string
	features []*emulation.MediaFeature
}

// looks are those that every page is judged in. Nothing moves in them: a colour that
// is just fading into another would be judged half way. In the last the system paints
// every ground and letter itself, and axe-core, which reads what the page asked for,
// has nothing to judge.
var looks = []look{
	{"light", features("prefers-color-scheme", "light")},
	{"dark", features("prefers-color-scheme", "dark")},
	{"high contrast", features("prefers-color-scheme", "light", "prefers-contrast", "more")},
	{"dark with high contrast", features("prefers-color-scheme", "dark", "prefers-contrast", "more")},
	{"colours of the system", features("prefers-color-scheme", "dark", "prefers-contrast", "more", "forced-colors", "active")},
}

func features(pairs ...string) []*emulation.MediaFeature {
	all := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, &emulation.MediaFeature{Name: pair[0], Value: pair[1]})
	}
	return all
}

func (l look) put() chromedp.Action { return emulation.SetEmulatedMedia().WithFeatures(l.features) }

// judge fails on whatever axe-core finds in a page as it stands, without moving it.
func judge(t *testing.T, ctx context.Context, axe, what string) {
	t.Helper()
	judgeBy(t, ctx, axe, looks[0], everyRule, what)
	do(t, ctx, emulation.SetEmulatedMedia())
}

// judgeLooks is judge in every look. In those after the first only what a look can
// change is judged again.
func judgeLooks(t *testing.T, ctx context.Context, axe, what string) {
	t.Helper()
	rules := everyRule
	for _, l := range looks[:len(looks)-1] {
		judgeBy(t, ctx, axe, l, rules, what+", "+l.name)
		rules = ofColours
	}
	do(t, ctx, emulation.SetEmulatedMedia())
}

// What axe-core judges: WCAG 2.0, 2.1 and 2.2, A and AA, or its rules of colours.
const (
	everyRule = `{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], rules: { "target-size": { enabled: true } } }`
	ofColours = `{ runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }`
)

func judgeBy(t *testing.T, ctx context.Context, axe string, l look, rules, what string) {
	t.Helper()
	var there bool
	do(t, ctx, chromedp.Evaluate(`"axe" in window`, &there))
	if !there {
		do(t, ctx, chromedp.Evaluate(axe, nil))
	}
	var found string
	err := chromedp.Run(ctx, l.put(), chromedp.Evaluate(`axe.run(document, `+rules+`)
		.then((r) => JSON.stringify(r.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary) }))))`,
		&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if err != nil {
		t.Fatalf("judging %s: %v", what, err)
	}
	var violations []struct {
		ID    string   `json:"id"`
		Help  string   `json:"help"`
		Nodes []string `json:"nodes"`
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatalf("judging %s: %v", what, err)
	}
	for _, v := range violations {
		t.Errorf("%s: %s: %s\n%s", what, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
	}
}

// hiddenFocus are the parts of a page that can have the focus and show no ring then,
// or lie under something else.
const hiddenFocus = `[...document.querySelectorAll("a[href],button:enabled,input:enabled:not([type=hidden]),select:enabled,textarea:enabled,summary,[tabindex='0']")]
	.filter((e) => e.checkVisibility({ visibilityProperty: true }))
	.filter((e) => {
		e.focus();
		e.scrollIntoView({ block: "nearest" });
		const s = getComputedStyle(e), b = e.getBoundingClientRect();
		const top = document.elementFromPoint((Math.min(innerWidth, b.right) + Math.max(0, b.left)) / 2, (Math.min(innerHeight, b.bottom) + Math.max(0, b.top)) / 2);
		return !e.matches(":focus-visible") || s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2 || /^rgba\(.*, 0\)$/.test(s.outlineColor)
			|| !top || !(e.contains(top) || top.contains(e) || top.closest("label")?.contains(e));
	}).map((e) => e.outerHTML.slice(0, 160))`

// judgeFocus fails on what has the focus without showing it, in every look.
func judgeFocus(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	// A page that is not in front has the focus nowhere.
	do(t, ctx, emulation.SetFocusEmulationEnabled(true))
	for _, l := range looks {
		var hidden []string
		do(t, ctx, l.put(), chromedp.Evaluate(hiddenFocus, &hidden))
		for _, e := range hidden {
			t.Errorf("%s, %s: the focus is not seen on %s", what, l.name, e)
		}
	}
	do(t, ctx, emulation.SetEmulatedMedia())
}
