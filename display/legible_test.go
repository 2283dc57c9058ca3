package display

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// farOffice is an office with numbers of two letters and desks of two digits, and seven calls.
func farOffice(t *testing.T) *testOffice {
	t.Helper()
	o := newTestOffice(t)
	setup := o.newest().Setup()
	setup.Series = append([]queue.Series(nil), setup.Series...)
	setup.Desks = append([]queue.Desk(nil), setup.Desks...)
	setup.Series[0].Letters = "AB"
	for i := range setup.Desks {
		setup.Desks[i].Label = fmt.Sprint(12 + i)
	}
	o.must(t, queue.ChangeSetup{Setup: setup, Plan: *o.newest().Plan()})
	for _, d := range []queue.DeskID{"s1", "s2", "s3", "s4", "s5", "s6", "s7"} {
		o.open(t, d)
		o.issue(t, "anagrafe", queue.Ordinary)
		o.next(t, d)
		o.pass(40 * time.Second)
	}
	return o
}

// painted is what stands on a board: how high its capitals are, in mm, on a screen of
// so many inches, and what is cut, lies on something else or has no room.
const painted = `((inches) => {
	const mm = inches * 25.4 / Math.hypot(innerWidth, innerHeight);
	const wrong = [];
	const seen = [];
	const box = (e) => {
		// The letters alone: from the base line up to the top of a capital.
		const s = getComputedStyle(e), pen = document.createElement("canvas").getContext("2d");
		// Ten times as big, since a canvas rounds to whole pixels.
		pen.font = s.fontWeight + " " + 10 * parseFloat(s.fontSize) + "px " + s.fontFamily;
		const range = document.createRange();
		range.selectNodeContents(e);
		const all = range.getBoundingClientRect(), high = pen.measureText("H").actualBoundingBoxAscent / 10;
		const middle = e.getBoundingClientRect().top + e.getBoundingClientRect().height / 2;
		return { left: all.left, right: all.right, top: middle - high / 2, bottom: middle + high / 2, high, narrow: all.width / e.offsetWidth };
	};
	const all = [...document.querySelectorAll(".glyphs:not(.probe),.head p,.head h1,.label,.last-head span,.wait-top span,.notice,.messages li")].filter((e) => e.textContent.trim() && e.getClientRects().length);
	for (const e of all) {
		const b = e.matches(".glyphs") ? box(e) : e.getBoundingClientRect();
		const home = e.closest("[data-row],.big,.last,.wait,.head,.notice,.messages").getBoundingClientRect();
		for (const h of [home, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }])
			if (b.left < h.left - 1 || b.right > h.right + 1 || b.top < h.top - 1 || b.bottom > h.bottom + 1) wrong.push("cut: " + e.className + " " + e.textContent);
		for (const s of seen) if (b.left < s.b.right - 1 && s.b.left < b.right - 1 && b.top < s.b.bottom - 1 && s.b.top < b.bottom - 1) wrong.push(e.textContent + " lies on " + s.e.textContent);
		seen.push({ e, b });
	}
	const of = (q) => { const e = document.querySelector(q), b = box(e); return { text: e.textContent, mm: b.high * mm, narrow: b.narrow }; };
	return { number: of("[data-big-number]"), desk: of("[data-big-desk]"), last: of("[data-row] [data-number]"), lastDesk: of("[data-row] [data-desk]"),
		rows: [...document.querySelectorAll("[data-row]")].filter((e) => e.getClientRects().length && e.textContent.trim()).length, slim: document.body.classList.contains("slim"),
		waits: document.querySelectorAll(".wait").length && !document.querySelector("[data-strip]").hidden, wrong: [...new Set(wrong)].join("; ") };
})(%d)`

// awaited waits for the promise of an expression.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// A paintedText is one of them.
type paintedText struct {
	Text   string
	Mm     float64
	Narrow float64
}

type paintedBoard struct {
	Number, Desk, Last, LastDesk paintedText
	Rows                         int
	Slim, Waits                  bool
	Wrong                        string
}

// TestABoardIsReadFromItsDistance paints a board for each screen and distance: the
// capitals of number and desk are as high as EN 301 549 asks (5.1.4), those of the last
// calls half of it, and nothing is cut or lies on something else.
func TestABoardIsReadFromItsDistance(t *testing.T) {
	ctx := browser(t)
	s := serve(t, farOffice(t).config(), "")
	for _, inches := range []int{32, 43, 55} {
		for _, z := range []size{{"1920x1080", 1920, 1080}, {"1280x720", 1280, 720}, {"1080x1920", 1080, 1920}, {"720x1280", 720, 1280}} {
			for _, metres := range []float64{5, 8, 10} {
				do(t, ctx, chromedp.EmulateViewport(z.width, z.height),
					chromedp.Navigate(fmt.Sprintf("%s/tabellone?pollici=%d&metri=%g", s.url, inches, metres)), chromedp.WaitReady("[data-waits] li"))
				until(t, ctx, "the board shows calls", text("[data-row] [data-number]")+` !== ""`)
				var b paintedBoard
				do(t, ctx, chromedp.Evaluate(`document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))`, nil, awaited), chromedp.Evaluate(fmt.Sprintf(painted, inches), &b))
				const asked = 12.22
				t.Logf("%d\" %-9s %4.1f m: number %6.1f mm (%4.1f m), desk %6.1f (%4.1f m), last %5.1f (%4.1f m); narrowed %.2f %.2f; rows %d, slim %v, waits %v", inches, z.name, metres,
					b.Number.Mm, b.Number.Mm/asked, b.Desk.Mm, b.Desk.Mm/asked, b.Last.Mm, b.Last.Mm/asked, b.Number.Narrow, b.Last.Narrow, b.Rows, b.Slim, b.Waits)
				shot(t, ctx, fmt.Sprintf("board-%d-%s-%g", inches, z.name, metres))
				if b.Wrong != "" {
					t.Errorf("%d\" %s %g m: %s", inches, z.name, metres, b.Wrong)
				}
				told := toldLegible(t, s, metres)
				for name, d := range map[string][2]float64{"number": {float64(told.Number), b.Number.Mm}, "desk": {float64(told.Desk), b.Desk.Mm}, "last calls": {float64(told.Last), b.Last.Mm}} {
					if d[0]/1000 > d[1]/asked+0.02 || d[0]/1000 < d[1]/asked*0.8 {
						t.Errorf("%d\" %s %g m: the page tells %g mm for the %s, it is painted for %.0f", inches, z.name, metres, d[0], name, d[1]/asked*1000)
					}
				}
				if told.Short() {
					t.Errorf("%d\" %s %g m: the page says that it is too small: %+v", inches, z.name, metres, told)
				}
				if b.Number.Mm < asked*metres || b.Desk.Mm < asked*metres || b.Last.Mm < asked*metres/2 || b.LastDesk.Mm < asked*metres/2 {
					t.Errorf("%d\" %s %g m: number %.1f mm, desk %.1f mm, last calls %.1f and %.1f mm; want %.1f, the same, half", inches, z.name, metres, b.Number.Mm, b.Desk.Mm, b.Last.Mm, b.LastDesk.Mm, asked*metres)
				}
			}
		}
	}
}

// toldLegible is how far the one board that is connected tells to be legible, once it
// speaks of that distance.
func toldLegible(t *testing.T, s running, metres float64) words.Legible {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if all := s.HungBoards(); len(all) == 1 && all[0].Legible != nil && all[0].Legible.Asked == words.Distance(metres*1000) {
			return *all[0].Legible
		}
	}
	t.Fatalf("the board never told how far it is legible: %+v", s.HungBoards())
	return words.Legible{}
}

// TestABoardThatIsTooSmallIsTold hangs a small board for a long hall where desks have
// long names: it shows what it can, and the manager reads how far that goes.
func TestABoardThatIsTooSmallIsTold(t *testing.T) {
	ctx := browser(t)
	s := serve(t, most(t).config(), "")
	do(t, ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(s.url+"/tabellone?nome=Atrio&pollici=32&metri=20"), chromedp.WaitReady("[data-waits] li"))
	until(t, ctx, "the board shows calls", text("[data-row] [data-number]")+` !== ""`)
	told := toldLegible(t, s, 20)
	if !told.Short() || told.Number < 1000 {
		t.Errorf("the board tells %+v", told)
	}
	var wrong string
	do(t, ctx, chromedp.Evaluate(cut, &wrong))
	if wrong != "" {
		t.Errorf("cut off: %s", wrong)
	}
	shot(t, ctx, "board-too-small")
	var page string
	do(t, tab(t, ctx), chromedp.Navigate(s.url+"/responsabile/apparecchi"), chromedp.Text("main", &page))
	for _, want := range []string{"Si legge solo fino a ", "la distanza chiesta è 20,0 m", "Metta un televisore più grande"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the devices does not say %q", want)
		}
	}
}

// TestABoardTellsWhereADeskIs calls to a desk that the hall does not see, on every look
// of a board, upright and flat: all stands whole, and the letters are as high as before.
func TestABoardTellsWhereADeskIs(t *testing.T) {
	ctx := browser(t)
	o := farOffice(t)
	setup := o.newest().Setup()
	setup.Desks = append([]queue.Desk(nil), setup.Desks...)
	for i := range setup.Desks {
		setup.Desks[i].Floor, setup.Desks[i].Room = "1", "12"
	}
	o.must(t, queue.ChangeSetup{Setup: setup, Plan: *o.newest().Plan()})
	s := serve(t, o.config(), "")
	for _, look := range []string{"chiaro", "scuro", "contrasto"} {
		for _, z := range []size{{"1920x1080", 1920, 1080}, {"1080x1920", 1080, 1920}} {
			do(t, ctx, chromedp.EmulateViewport(z.width, z.height), chromedp.Navigate(s.url+"/tabellone?tema="+look), chromedp.WaitReady("[data-waits] li"))
			until(t, ctx, "the board tells the floor and the room", text("[data-big-place]")+` === "primo piano, stanza 12"`)
			var b paintedBoard
			do(t, ctx, chromedp.Evaluate(`document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))`, nil, awaited), chromedp.Evaluate(fmt.Sprintf(painted, 43), &b))
			shot(t, ctx, "board-place-"+look+"-"+z.name)
			if b.Wrong != "" {
				t.Errorf("%s %s: %s", look, z.name, b.Wrong)
			}
			if b.Number.Mm < 12.22*8 || b.Desk.Mm < 12.22*8 || b.Last.Mm < 12.22*4 {
				t.Errorf("%s %s: the place takes the letters their room: %+v", look, z.name, b)
			}
		}
	}
}
