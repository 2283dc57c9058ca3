package display

import (
	"fmt"
	"testing"
	"time"

	"eliminacode/queue"
	"eliminacode/queue/words"

	"github.com/chromedp/chromedp"
)

// A page that is left open over midnight shows the day of the office's clock, in its
// own language and in the office's zone wherever the computer thinks it is: one that
// is kept fresh and one that only hears that the daemon is there.
func TestTheDateGoesOnOverMidnight(t *testing.T) {
	ctx := browser(t)
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		path     string
		language queue.Language
	}{{"/responsabile", "it"}, {"/responsabile", "de"}, {"/pratiche", "fr"}, {"/responsabile", "sl"}, {"/cruscotto?sportello=s1", "en"}} {
		o := newTestOffice(t)
		o.busy(t)
		// 30 November, so that the first of a month comes after it.
		o.pass(6 * 24 * time.Hour)
		s := serve(t, o.config(), "")
		shown := func(what string) {
			want := words.In(p.language).Date(time.UnixMilli(o.newest().OfficeTime(o.Now())).In(rome))
			until(t, ctx, what, fmt.Sprintf(`document.querySelector(".top-date").textContent === %q`, want))
		}
		sign := "?"
		if p.path != "/responsabile" && p.path != "/pratiche" {
			sign = "&"
		}
		do(t, ctx, chromedp.Navigate(s.url+p.path+sign+languageCookie+"="+string(p.language)), chromedp.WaitReady("main"))
		shown("the page shows its day")
		// 23:31 UTC: the next day in Rome alone.
		o.pass(14 * time.Hour)
		shown("the page of " + p.path + " shows the day of Rome")
		s.stop()
	}
}
