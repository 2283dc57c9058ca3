package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	xdraw "golang.org/x/image/draw"
)

var pictures = flag.Bool("pictures", false, "draw the README's picture")

// browser starts a Chromium for one test.
func browser(t *testing.T) context.Context {
	t.Helper()
	const chromium = "/usr/bin/chromium"
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("the pages are tested in a real browser: run 'make tools' (%v)", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Minute)
	t.Cleanup(stop)
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); end() })
	return ctx
}

// A page is a tab that shows one address.
type page struct {
	t   *testing.T
	ctx context.Context
}

func open(t *testing.T, browser context.Context, address string) page {
	t.Helper()
	ctx, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	// The first run makes the tab, and the tab ends with its context.
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	p := page{t, ctx}
	p.do(chromedp.Navigate(address))
	return p
}

func (p page) do(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// until waits until an expression is true in the page.
func (p page) until(what, expression string) {
	p.t.Helper()
	var ok bool
	poll := chromedp.Poll(expression, &ok, chromedp.WithPollingTimeout(40*time.Second), chromedp.WithPollingInterval(50*time.Millisecond))
	if err := chromedp.Run(p.ctx, poll); err != nil {
		var text string
		_ = chromedp.Run(p.ctx, chromedp.Evaluate(`document.body.innerText`, &text))
		p.t.Fatalf("waiting until %s: %v; the page says:\n%s", what, err, text)
	}
}

// comesTo waits until an expression is true in a page that may load itself anew
// meanwhile.
func (p page) comesTo(what, expression string) {
	p.t.Helper()
	var err error
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(50 * time.Millisecond) {
		// A page that is just being left answers with an error.
		var ok bool
		ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		err = chromedp.Run(ctx, chromedp.Evaluate("Boolean("+expression+")", &ok))
		if cancel(); err == nil && ok {
			return
		}
	}
	var address, words string
	_ = chromedp.Run(p.ctx, chromedp.Location(&address), chromedp.Evaluate(`document.body.innerText`, &words))
	p.t.Fatalf("waiting until %s: %v; %s says:\n%s", what, err, address, words)
}

func (p page) text(selector string) (text string) {
	p.t.Helper()
	p.do(chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q)?.textContent.trim() ?? ''", selector), &text))
	return text
}

func showsNumber(number, desk string) string {
	return fmt.Sprintf(`document.querySelector('[data-big-number]').textContent === %q && document.querySelector('[data-big-desk]').textContent === %q`, number, desk)
}

// TestWholeOffice follows one citizen through the real program, by its pages
// alone: totem, paper, console, two boards, report; and a power cut on the way.
func TestWholeOffice(t *testing.T) {
	t.Parallel() // it waits more than it works
	data := t.TempDir()
	address := freeAddress(t)
	demo := []string{"demo", "--people=false", "--speed", "1", "--data", data, "--listen", address}
	d := startProgram(t, programCommand(t.Context(), demo...))
	b := browser(t)

	first, second := open(t, b, d.address+"/tabellone"), open(t, b, d.address+"/tabellone")
	connected := `document.querySelector('[data-lost]').hidden`
	first.until("the first board is connected", connected)
	second.until("the second board is connected", connected)

	totem := open(t, b, d.address+"/totem?outlet=totem")
	totem.until("the totem is ready", `document.querySelector('[data-service=anagrafe]:not([disabled])') !== null && document.querySelector('[data-lost]').hidden`)
	totem.do(chromedp.Click(`[data-service=anagrafe]`))
	totem.until("the totem shows the number", `document.querySelector('[data-answer-number]').textContent === 'A001'`)

	paper := open(t, b, d.address+"/demo/carta")
	paper.do(cdp.BringToFront()) // it rests while nobody looks at it
	paper.until("the ticket is on paper", `document.querySelector('.papers img')?.alt.includes('A001')`)
	if text := open(t, b, d.address+"/demo/carta"); !strings.Contains(text.text(".papers"), "Totem") {
		t.Error("the paper does not say which printer it came from")
	}

	console := open(t, b, d.address+"/cruscotto/s3")
	console.do(chromedp.Click(`button[value=open]`))
	console.until("AVANTI can be pressed", `document.querySelector('.key-next:not([disabled])') !== null`)
	console.do(chromedp.Click(`.key-next`))
	first.until("the first board shows A001 at 3", showsNumber("A001", "3"))
	second.until("the second board shows A001 at 3", showsNumber("A001", "3"))
	console.until("the console knows that both boards show it", `document.querySelector('[data-shown]')?.textContent.includes('2')`)

	// The power goes while nobody touches anything.
	d.kill()
	first.until("the board says that it is not connected", `!document.querySelector('[data-lost]').hidden`)
	d = startProgram(t, programCommand(t.Context(), demo...))
	first.until("the first board is back", connected+" && "+showsNumber("A001", "3"))
	second.until("the second board is back", connected+" && "+showsNumber("A001", "3"))
	console.until("the console holds A001 again", `document.querySelector('[data-held=A001]') !== null && !document.querySelector('[data-lost]:not([hidden])')`)

	totem.until("the totem is back", `document.querySelector('[data-service=cie]:not([disabled])') !== null && document.querySelector('[data-lost]').hidden`)
	totem.do(chromedp.Evaluate(`document.querySelector('[data-answer-close]').click()`, nil), chromedp.Click(`[data-service="stato-civile"]`))
	console.until("B001 is next", `document.querySelector('.key-hint').textContent.includes('B001')`)
	console.do(chromedp.Click(`.key-next`))
	first.until("the first board shows B001", showsNumber("B001", "3"))
	second.until("the second board shows B001", showsNumber("B001", "3"))

	report := open(t, b, d.address+"/responsabile/attese?by=service&from=2026-11-24&to=2026-11-24")
	report.until("the report counts the two visits", `document.querySelector('.report-table tfoot')?.textContent.includes('2')`)
	if rows := report.text(".report-table tbody"); !strings.Contains(rows, "Anagrafe") || !strings.Contains(rows, "Stato civile") {
		t.Errorf("the report's rows are %q", rows)
	}
	d.stop(t)
	if verdict := runProgram(t, "journal", "verify", "--data", data); !strings.HasPrefix(verdict, "OK") {
		t.Errorf("journal verify says %s", verdict)
	}
}

// freeAddress is a loopback address that nobody uses now, for a daemon that
// must come back on the same one.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestPictures draws the README's picture: the board and a ticket, from a
// running demonstration.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("the picture is drawn by 'make pictures'")
	}
	d := startProgram(t, programCommand(t.Context(), "demo", "--listen", "127.0.0.1:0", "--seed", "1"))
	defer d.stop(t)
	b := browser(t)
	board := open(t, b, d.address+"/tabellone")
	board.do(chromedp.EmulateViewport(1920, 1080))
	board.until("six calls are listed", `[...document.querySelectorAll('[data-row]')].every(r => r.textContent.trim() !== '')`)
	var shot []byte
	board.do(chromedp.Sleep(6*time.Second), chromedp.CaptureScreenshot(&shot))
	papers := open(t, b, d.address+"/demo/carta")
	var source string
	papers.until("a ticket is printed", `document.querySelector('.papers img') !== null`)
	papers.do(chromedp.Evaluate(`document.querySelector('.papers img').src`, &source))
	paper := fetch(t, source)

	hall, slip := decodePNG(t, shot), decodePNG(t, paper)
	const height, margin = 720, 24
	hallWide := hall.Bounds().Dx() * height / hall.Bounds().Dy()
	slipWide := slip.Bounds().Dx() * height / slip.Bounds().Dy()
	canvas := image.NewRGBA(image.Rect(0, 0, hallWide+slipWide+3*margin, height+2*margin))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.RGBA{0xe8, 0xee, 0xf4, 0xff}), image.Point{}, draw.Src)
	xdraw.CatmullRom.Scale(canvas, image.Rect(margin, margin, margin+hallWide, margin+height), hall, hall.Bounds(), draw.Over, nil)
	left := 2*margin + hallWide
	xdraw.CatmullRom.Scale(canvas, image.Rect(left, margin, left+slipWide, margin+height), slip, slip.Bounds(), draw.Over, nil)
	path := filepath.Join("..", "..", "display", "web", "pictures", "board-and-paper.png")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, canvas); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, out.String())
}

func decodePNG(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
