package display

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestTheKeysOfATotem: each round key is an address, which keeps what the others have
// set; the one that is pressed leads back, and the last one to the totem's own.
func TestTheKeysOfATotem(t *testing.T) {
	const rest = "/totem?outlet=totem&tema=chiaro"
	reads := func(address string) totemModes {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if q.Get("outlet") != "totem" || q.Get("tema") != "chiaro" {
			t.Errorf("%s is another totem", address)
		}
		return readTotemModes(q)
	}
	for _, m := range []totemModes{{}, {language: "de"}, {large: true}, {contrast: true, low: true}, {paperless: true}, {precedence: true, language: "sl", large: true, contrast: true, low: true}} {
		if got := reads(m.address(rest)); got != m {
			t.Errorf("%+v is %s, which is %+v", m, m.address(rest), got)
		}
		for i, key := range m.keys(rest, true, true) {
			there := reads(key.To)
			if key.Name == "language" || key.Name == "search" {
				if back := there.keys(rest, true, true)[i].To; there.languages == there.searching || back != m.address(rest) {
					t.Errorf("%+v: key %s leads to %+v and back to %s", m, key.Name, there, back)
				}
				continue
			}
			if back := there.keys(rest, true, true)[i]; back.On == key.On || back.To != m.address(rest) {
				t.Errorf("%+v: key %s leads to %s and back to %s", m, key.Name, key.To, back.To)
			}
		}
	}
	if got := (totemModes{}).address(rest); got != rest {
		t.Errorf("a totem at rest is %s", got)
	}
	if m := readTotemModes(url.Values{"lingua": {"xx"}, "testo": {"enorme"}, "precedenza": {"no"}}); m != (totemModes{}) {
		t.Errorf("an address without sense sets %+v", m)
	}
}

// TestATotemIsSetForOnePerson by links and forms alone: the language is on the screen and
// on the ticket, the priority in the queue and on no paper; what was set stays for the
// answer, but not the priority.
func TestATotemIsSetForOnePerson(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/totem?outlet=totem&lingua=de&testo=grande&contrasto=alto&precedenza=si")
	u.sees(`lang="de"`, `data-theme="contrasto"`, "data-large", "Berühren Sie den gewünschten Dienst", "Mit Vorrang", "Schwangerschaft",
		`name="class" value="priority"`, `name="language" value="de"`)
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", u.hidden("request"),
		"lingua", "de", "language", "de", "testo", "grande", "contrasto", "alto", "class", "priority")
	u.sees("A001", "Bitte das Ticket nehmen", `data-theme="contrasto"`, "data-large")
	if strings.Contains(u.page, "Mit Vorrang") {
		t.Error("the next one has priority without asking")
	}
	if x := o.newest().LatestByNumber("A001"); x.Class != queue.Priority || x.Language != "de" {
		t.Errorf("the ticket is of class %q, in %q", x.Class, x.Language)
	}
	// Who may not read it is refused in the same language.
	o.pass(12 * time.Hour)
	u.post("/totem", "outlet", "totem", "service", "anagrafe", "request", u.hidden("request"), "lingua", "de", "language", "de")
	u.sees("geschlossen")
}

// TestATotemIsSearchedByWords, in the citizen's language, misspelt too, and without
// script: what is found gives a number for its service, and says what it asks for.
func TestATotemIsSearchedByWords(t *testing.T) {
	o := newTestOffice(t)
	u := &surfer{t: t, s: serve(t, o.config(), "")}
	u.get("/totem?outlet=totem&cerca=")
	u.sees("Che cosa deve fare?", `name="cerca" value=""`)
	u.get("/totem?outlet=totem&cerca=residensa")
	u.sees("Cambio di residenza", "Anagrafe e certificati", `name="service" value="anagrafe"`, "informazioni=anagrafe")
	u.get("/totem?outlet=totem&lingua=de&cerca=wohnsitz")
	u.sees(`lang="de"`, "Cambio di residenza", `name="language" value="de"`)
	u.get("/totem?outlet=totem&cerca=" + strings.Repeat("x", 500))
	u.sees("Che cosa deve fare?")
	u.get("/totem?outlet=totem&cerca=xyzzyq")
	u.sees("Niente con queste parole", "accoglienza")
	u.get("/totem?outlet=totem&informazioni=cie")
	u.sees("Oggi 0", "Documenti:", "Prenda il numero")
	u.post("/totem", "outlet", "totem", "service", "cie", "request", u.hidden("request"))
	u.sees("C001")
	u.get("/totem?outlet=totem&informazioni=nessuno")
	u.sees("Tocchi il servizio")
	// A service that is closed says when it opens, and gives no number.
	o.pass(12 * time.Hour)
	u.get("/totem?outlet=totem&informazioni=cie")
	u.sees("Chiuso per oggi", " disabled>Prenda il numero")
}

// TestTheKeyboardOfATotem: what is written on the screen is found as it is written, and
// one touch gives the number.
func TestTheKeyboardOfATotem(t *testing.T) {
	ctx, _ := touched(t, 800, 1280, "/totem?outlet=totem")
	do(t, ctx, chromedp.Click(`[data-key="search"]`), chromedp.WaitVisible(".board-key"))
	for _, letter := range "residensx" {
		do(t, ctx, chromedp.Click(`//button[text()="`+string(letter)+`"]`, chromedp.BySearch))
	}
	do(t, ctx, chromedp.Click(".board-wide"), chromedp.SendKeys("[data-query]", "a"))
	until(t, ctx, "what is meant is found", `document.querySelector("[data-query]").value === "residensa" && [...document.querySelectorAll("[data-found] .service-name")].some((e) => e.textContent === "Cambio di residenza")`)
	until(t, ctx, "all of it is on the screen", `document.querySelectorAll("[data-found] .service").length === 4 && document.querySelector("[data-found]").scrollHeight <= document.querySelector("[data-found]").clientHeight`)
	shot(t, ctx, "totem-search-800x1280")
	until(t, ctx, "the search is connected", `!document.querySelector("[data-choose]").inert && document.querySelector("[data-lost]").hidden`)
	do(t, ctx, chromedp.Click(".service-info"))
	until(t, ctx, "the service is told", `document.querySelector(".about-one") !== null`)
	until(t, ctx, "it is told on one screen", `document.querySelector("[data-choose]").scrollHeight <= document.querySelector("[data-choose]").clientHeight`)
	shot(t, ctx, "totem-about-800x1280")
	until(t, ctx, "the totem is connected", `document.querySelector("[data-lost]").hidden`)
	until(t, ctx, "there is more", shown("[data-page-on]"))
	do(t, ctx, chromedp.Click("[data-page-on]"))
	shot(t, ctx, "totem-about-more-800x1280")
	do(t, ctx, chromedp.Click(".take-ticket"))
	until(t, ctx, "the number is on the screen", text("[data-answer-number]")+` === "A001"`)
}

// touched opens a totem at an address, connected, with a hand on the glass of each page
// that is opened until the hand is taken away: a slow machine is no person who went away.
func touched(t *testing.T, width, height int64, path string) (context.Context, *testOffice) {
	t.Helper()
	ctx, o := browser(t), newTestOffice(t)
	s := serve(t, o.config(), "")
	do(t, ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := cdp.AddScriptToEvaluateOnNewDocument(`hand = setInterval(() => dispatchEvent(new PointerEvent("pointerdown")), 500)`).Do(ctx)
		return err
	}))
	do(t, ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(s.url+path), chromedp.WaitVisible(".service"))
	until(t, ctx, "the totem is connected", `document.querySelector("[data-lost]").hidden`)
	return ctx, o
}

// goesAway takes the hand from the glass.
func goesAway(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate(`clearInterval(hand)`, nil))
}

// TestATotemIsAtRestAgain: who set it and goes away is asked, and leaves it to the next
// one as it was; whoever wants more time has it.
func TestATotemIsAtRestAgain(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx, _ := touched(t, 800, 1280, "/totem?outlet=totem")
	do(t, ctx, chromedp.Click(`[data-key="language"]`), chromedp.WaitVisible(`a[lang="fr"]`))
	do(t, ctx, chromedp.Click(`a[lang="fr"]`), chromedp.WaitVisible(`[data-service="anagrafe"]`))
	do(t, ctx, chromedp.Click(`[data-key="large"]`), chromedp.WaitVisible(`[data-large] [data-service="anagrafe"]`))
	until(t, ctx, "it speaks French", `document.documentElement.lang === "fr" && `+text(".choose-title")+` === "Touchez le service qu'il vous faut"`)
	until(t, ctx, "what the hub sends is French too", `document.querySelector("[data-lost]").hidden && `+text("[data-service-name]")+` !== ""`)
	shot(t, ctx, "totem-french-large-800x1280")
	goesAway(t, ctx)
	until(t, ctx, "it asks, heard too", shown("[data-still]")+` && document.documentElement.dataset.sounded === "1"`)
	shot(t, ctx, "totem-more-time-800x1280")
	do(t, ctx, chromedp.Click("[data-still-more]"))
	until(t, ctx, "it goes on", `document.querySelector("[data-still]").hidden && document.documentElement.lang === "fr"`)
	until(t, ctx, "it asks again", shown("[data-still]"))
	until(t, ctx, "it is at rest", `document.documentElement.lang === "it" && !document.querySelector("[data-large]") && location.search === "?outlet=totem&tema=chiaro"`)
}

// TestAnAnswerStaysUntilItIsClosed: a number without paper is on the screen until its
// holder says that it is written down; who goes away is asked.
func TestAnAnswerStaysUntilItIsClosed(t *testing.T) {
	t.Parallel() // it waits more than it works
	ctx, o := touched(t, 1280, 800, "/totem?outlet=totem&tasti=bassi&precedenza=si")
	until(t, ctx, "all that is touched is low", `[...document.querySelectorAll("a[href],button")].filter((x) => x.offsetParent).every((x) => x.getBoundingClientRect().top >= innerHeight * 0.4)`)
	shot(t, ctx, "totem-low-1280x800")
	do(t, ctx, chromedp.Click(`[data-service="anagrafe"]`))
	until(t, ctx, "the number is on the screen", text("[data-answer-number]")+` === "A001"`)
	if c := o.newest().Ticket(1_000_001).Class; c != queue.Priority {
		t.Errorf("the ticket is of class %q", c)
	}
	o.must(t, queue.ReportPaper{Ticket: 1_000_001, Job: 1, Paper: queue.PaperPrinted, Rung: "process-id"})
	until(t, ctx, "it can be closed", shown("[data-answer-close]"))
	goesAway(t, ctx)
	until(t, ctx, "who does not is asked", shown("[data-still]"))
	until(t, ctx, "the number is there meanwhile", shown("[data-answer]"))
	do(t, ctx, chromedp.Click("[data-still-more]"))
	until(t, ctx, "and stays", `document.querySelector("[data-still]").hidden && `+shown("[data-answer]"))
	do(t, ctx, chromedp.Click("[data-answer-close]"))
	until(t, ctx, "the next one begins anew", `location.search === "?outlet=totem&tema=chiaro"`)
}

// capitals measures the capitals of all text that is seen, in millimetres on a screen of
// so many inches, and names the smallest.
const capitals = `((inches) => {
	const mm = inches * 25.4 / Math.hypot(innerWidth, innerHeight);
	const canvas = document.createElement("canvas").getContext("2d");
	let least = { mm: Infinity };
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walk.nextNode(); node; node = walk.nextNode()) {
		const parent = node.parentElement;
		if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true }) || parent.closest("script,noscript,.unseen,[data-lost]")) continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		const box = range.getBoundingClientRect();
		if (box.width < 2 || box.height < 2 || getComputedStyle(parent).clipPath !== "none") continue;
		const style = getComputedStyle(parent);
		canvas.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
		const height = canvas.measureText("H").actualBoundingBoxAscent * mm;
		if (height < least.mm) least = { mm: height, text: parent.className + ": " + node.data.trim().slice(0, 30) };
	}
	return least;
})(%g)`

// TestTheTotemIsLegible: in large letters every capital is 7.3 mm, which is 0.7° at 0.6 m,
// on the smallest and the largest totem, upright and across; nothing is wider than the
// screen. What it is in the usual letters is told. The larger one shows more services at
// once.
func TestTheTotemIsLegible(t *testing.T) {
	ctx := browser(t)
	o := newTestOffice(t)
	s := serve(t, o.config(), "")
	const asked = 7.3
	offered := len(o.newest().Setup().Services)
	for _, screen := range []struct {
		inches        float64
		width, height int64
	}{{10.1, 800, 1280}, {10.1, 1280, 800}, {21.5, 1080, 1920}, {21.5, 1920, 1080}} {
		do(t, ctx, chromedp.EmulateViewport(screen.width, screen.height))
		for _, large := range []string{"", "&testo=grande"} {
			told := ""
			for _, face := range []string{"", "&lingue=", "&cerca=residenza", "&informazioni=cie", "&precedenza=si"} {
				do(t, ctx, chromedp.Navigate(s.url+fmt.Sprint("/totem?outlet=totem&pollici=", screen.inches)+large+face), chromedp.WaitReady("[data-choose]"))
				until(t, ctx, "the totem is connected", `!document.querySelector("[data-choose]").inert && document.querySelector("[data-lost]").hidden`)
				var least struct {
					MM   float64
					Text string
				}
				var wide int
				do(t, ctx, chromedp.Evaluate(fmt.Sprintf(capitals, screen.inches), &least), chromedp.Evaluate(`document.documentElement.scrollWidth - innerWidth`, &wide))
				if large != "" && least.MM < asked || wide > 0 {
					t.Errorf("%g inches, %dx%d, %q: a capital of %.1f mm (%s), %d pixels beyond the side", screen.inches, screen.width, screen.height, large+face, least.MM, least.Text, wide)
				}
				if large != "" && face == "" {
					var n int
					do(t, ctx, chromedp.Evaluate(`[...document.querySelectorAll("[data-services]>li")].filter((e) => e.offsetParent).length`, &n))
					if all := screen.inches > 20; n < 1 || all && n != offered {
						t.Errorf("%g inches, %dx%d: %d of %d services at once", screen.inches, screen.width, screen.height, n, offered)
					}
					told += fmt.Sprintf(" (%d services)", n)
				}
				shot(t, ctx, strings.NewReplacer("&", "-", "=", "-").Replace(fmt.Sprintf("totem-%dx%d%s%s", screen.width, screen.height, large, face)))
				told += fmt.Sprintf(" %q %.1f", face, least.MM)
			}
			t.Logf("%g inches %dx%d %q: smallest capital in mm:%s", screen.inches, screen.width, screen.height, large, told)
		}
	}
}

// TestTheFacesOfATotemAreAccessible: axe finds nothing in any of them, light, dark and of
// high contrast, nor in a number without paper and in the question whether somebody is
// still there; the choice of the language is told in every language.
func TestTheFacesOfATotemAreAccessible(t *testing.T) {
	axe, ctx := accessibilityChecker(t), browser(t)
	cfg, o := phoned(t)
	o.offerSeveral(t, "totem", true)
	s := serve(t, cfg, "")
	do(t, ctx, chromedp.EmulateViewport(800, 1280))
	for _, look := range []string{"chiaro", "scuro", "contrasto"} {
		for _, face := range []string{"", "&lingue=", "&cerca=", "&cerca=residenza", "&cerca=xyzzyq", "&informazioni=cie", "&precedenza=si&carta=no", "&servizi=anagrafe,cie", "&testo=grande", "&tasti=bassi", "&lingua=de&testo=grande&lingue="} {
			name := "totem-" + look + strings.NewReplacer("&", "-", "=", "-").Replace(face)
			do(t, ctx, chromedp.Navigate(s.url+"/totem?outlet=totem&tema="+look+face), chromedp.WaitReady("[data-choose]"))
			until(t, ctx, "the totem is connected", `!document.querySelector("[data-choose]").inert && document.querySelector("[data-lost]").hidden`)
			judge(t, ctx, axe, name)
			shot(t, ctx, name)
			if face == "&lingue=" {
				until(t, ctx, "the choice is told in every language", `["it:Scelga la lingua", "de:Wählen Sie die Sprache", "en:Choose the language"].every((x) => document.querySelector(".titles span[lang=" + x.slice(0, 2) + "]").textContent === x.slice(3))`)
			}
		}
		do(t, ctx, chromedp.Navigate(s.url+"/totem?outlet=totem&carta=no&tema="+look), chromedp.WaitReady("[data-choose]"))
		until(t, ctx, "the totem is connected", `!document.querySelector("[data-choose]").inert && document.querySelector("[data-lost]").hidden`)
		o.pass(time.Minute)
		do(t, ctx, chromedp.Evaluate(`document.querySelector('[data-service="anagrafe"]').click()`, nil))
		until(t, ctx, "the number is shown", shown("[data-answer-code]"))
		judge(t, ctx, axe, "totem-held-"+look)
		shot(t, ctx, "totem-held-"+look)
		do(t, ctx, chromedp.Evaluate(`document.querySelector("[data-still]").hidden = false`, nil))
		judge(t, ctx, axe, "totem-still-"+look)
		shot(t, ctx, "totem-still-"+look)
	}
}
