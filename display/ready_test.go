package display

import (
	"testing"

	"eliminacode/queue/bar"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// BenchmarkConsoleReady holds the console of a busy office to 200 ms in a browser
// whose processor is slowed six times, as a thin client's: from the click that opens
// the page to the moment that its script has run and its keys work.
func BenchmarkConsoleReady(b *testing.B) {
	ctx := browser(b)
	o := newTestOffice(b)
	o.busy(b)
	s := serve(b, o.config(), "")
	do(b, ctx, chromedp.EmulateViewport(1280, 720), emulation.SetCPUThrottlingRate(6))
	for b.Loop() {
		var rounds []float64
		// The first one fetches the styles and the script, which stay.
		for range 1 + bar.Rounds {
			var ms float64
			do(b, ctx, chromedp.Navigate(s.url+"/cruscotto/s1"), chromedp.WaitReady(".key-next"),
				chromedp.Evaluate(`performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`, &ms))
			rounds = append(rounds, ms)
		}
		bar.AtMost(b, "ms-ready", 200, rounds[1:])
	}
}
