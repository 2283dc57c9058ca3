package display

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"eliminacode/queue"
)

// In a real browser, with script and without, a refused message is told where it was
// typed: in view, at the field, which has the focus, and what was typed stays, also when
// the page is refreshed. A refused button is told in view wherever it stands.
func TestARefusedMessageIsToldWhereItWasTyped(t *testing.T) {
	axe, ctx := accessibilityChecker(t), browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	o.issue(t, "anagrafe", queue.Ordinary)
	s := serve(t, o.config(), "")
	inView := func(what, element string) {
		t.Helper()
		until(t, ctx, what+" is in view", `(() => { const r = `+element+`.getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight })()`)
	}
	picture := func(name string) {
		if to := os.Getenv("PICTURES"); to != "" {
			var png []byte
			do(t, ctx, chromedp.CaptureScreenshot(&png))
			if err := os.WriteFile(to+"/"+name+".png", png, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, script := range []bool{true, false} {
		name := map[bool]string{true: "with script", false: "without script"}[script]
		do(t, ctx, chromedp.EmulateViewport(1280, 720), emulation.SetScriptExecutionDisabled(!script), chromedp.Navigate(s.url+"/responsabile"))
		until(t, ctx, "the page is there", `document.querySelector('#hand-messages summary')`)
		do(t, ctx, chromedp.Click(`#hand-messages > details > summary`),
			chromedp.SetValue(`input[name="text-it"]`, "Oggi si chiude prima"),
			chromedp.SetValue(`#hand-messages input[name="from"]`, "09:00"),
			chromedp.SetValue(`#hand-messages input[name="until"]`, "00:01"),
			chromedp.Click(`button[value="post"]`))
		until(t, ctx, name+": the field is marked", `document.querySelector('#hand-messages input[name="until"][aria-invalid="true"]')`)
		until(t, ctx, name+": it has the focus", `document.activeElement.name === 'until'`)
		told := func() {
			t.Helper()
			until(t, ctx, name+": the field says why", `document.getElementById(document.querySelector('input[name="until"]').getAttribute('aria-describedby')).textContent.includes('deve ancora venire')`)
			until(t, ctx, name+": the form says it", `document.querySelector('#hand-messages .form-told[role="alert"]').textContent.includes('Da correggere: Fino alle')`)
			until(t, ctx, name+": what was typed stays", `document.querySelector('input[name="text-it"]').value === 'Oggi si chiude prima' && document.querySelector('#hand-messages input[name="from"]').value === '09:00' && document.querySelector('#hand-messages input[name="until"]').value === '00:01'`)
		}
		told()
		inView(name+": the field", `document.querySelector('input[name="until"]')`)
		inView(name+": the sentence", `document.querySelector('.form-told')`)
		picture("message-" + name)
		if !script {
			continue
		}
		judgeLooks(t, ctx, axe, name)
		o.issue(t, "cie", queue.Ordinary)
		until(t, ctx, "the page is refreshed", `document.querySelector('.figures .fig').textContent === '2'`)
		told()
		until(t, ctx, "the field keeps the focus", `document.activeElement.name === 'until'`)
		// It is told no more once it is right.
		do(t, ctx, chromedp.SetValue(`#hand-messages input[name="until"]`, "23:59"), chromedp.Click(`button[value="post"]`))
		until(t, ctx, "the message is posted", `!document.querySelector('.form-told') && !document.querySelector('[aria-invalid]') && document.querySelector('[data-flash]').textContent !== ''`)
		do(t, ctx, chromedp.Evaluate(`document.querySelector('#hand-messages input[name="until"]').value = ''`, nil))
	}
	do(t, ctx, emulation.SetScriptExecutionDisabled(false), chromedp.Navigate(s.url+"/accoglienza"))
	waiting := o.issue(t, "anagrafe", queue.Ordinary)
	row := `#row-` + waiting.String()
	until(t, ctx, "the row is there", `document.querySelector('`+row+`')`)
	do(t, ctx, chromedp.Evaluate(`document.querySelector('[data-main]').after(Object.assign(document.createElement('div'), { style: 'height:2000px' })); scrollTo(0, 1000);
		document.querySelector('`+row+` [name="ticket"]').value = '9999999'; document.querySelector('`+row+` button[value="grant"]').click()`, nil))
	until(t, ctx, "the refusal is told", `document.querySelector('[data-flash][role="alert"]').textContent.includes('non è di oggi')`)
	inView("the refusal of a button", `document.querySelector('[data-flash]')`)
	picture("button")
}

// What a person points at stays under the mouse when a refusal is told at the reception:
// no field and no key of the page moves.
func TestARefusalMovesNothingAtTheReception(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	o.open(t, "s1")
	waiting := o.issue(t, "anagrafe", queue.Ordinary)
	s := serve(t, o.config(), "")
	for _, width := range []int64{1280, 390} {
		for _, language := range []string{"it", "de"} {
			name := fmt.Sprintf("%d-%s", width, language)
			picture := func(when string) {
				if to := os.Getenv("PICTURES"); to != "" {
					var png []byte
					do(t, ctx, chromedp.CaptureScreenshot(&png))
					if err := os.WriteFile(to+"/"+name+"-"+when+".png", png, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			do(t, ctx, chromedp.EmulateViewport(width, 720), chromedp.Navigate(s.url+"/accoglienza"),
				chromedp.Evaluate(`document.cookie = '`+languageCookie+`=`+language+`;path=/'`, nil), chromedp.Reload())
			until(t, ctx, name+": the page is there", `document.querySelector('#row-`+waiting.String()+`')`)
			do(t, ctx, chromedp.Evaluate(`window.placed = () => [...document.querySelectorAll('main :is(button, input:not([type=hidden]), select, summary, a)')].filter((x) => x.checkVisibility())
				.map((x) => { const r = x.getBoundingClientRect(); return [x.name || x.textContent.trim(), r.left + scrollX, r.top + scrollY, r.width, r.height].join(' ') })`, nil))
			for _, c := range []struct {
				field string
				fill  chromedp.Action
				key   string
			}{
				{`[name="code"]`, chromedp.SendKeys(`[name="code"]`, "ZZZZZZ"), `.arrive button`},
				{`.issue-how [name="then"]`, chromedp.SetValue(`.issue-how [name="then"]`, "anagrafe"), `#issue button[value="anagrafe"]`},
			} {
				do(t, ctx, chromedp.Evaluate(`document.querySelector('`+c.field+`').scrollIntoView({ block: 'center' }); window.before = placed()`, nil))
				do(t, ctx, c.fill, chromedp.Click(c.key))
				until(t, ctx, name+": the field is marked", `document.querySelector('`+c.field+`[aria-invalid="true"]')`)
				until(t, ctx, name+": the sentence is in view", `(() => { const r = document.querySelector('`+c.field+`').closest('form, .issue-how').querySelector('.field-fault').getBoundingClientRect(); return r.height > 10 && r.top >= 0 && r.bottom <= innerHeight })()`)
				picture("after-" + c.key[1:4])
				var moved []string
				do(t, ctx, chromedp.Evaluate(`placed().filter((x, i) => x !== before[i])`, &moved))
				if len(moved) > 0 {
					t.Errorf("%s: moved are %q", name, moved)
				}
				do(t, ctx, chromedp.Focus(`[name="q"]`))
				until(t, ctx, name+": the sentence gives way", `!document.querySelector('.still .field-fault').checkVisibility({ visibilityProperty: true })`)
			}
		}
	}
}
