package printer_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"eliminacode/device/sim"
	"eliminacode/device/sim/printer"
)

// receipt is a text in the foreign host's own language: a heading, a table, a
// rule and a QR code, which it sends as a picture.
const receipt = `^^^COMUNE DI PROVA

Anagrafe | A042
-
{code:https://example.it/t/A042; option:qrcode,5,M}
`

// TestReceiptio lets a program that we did not write drive the printer: the
// print application receiptio, which knows ESC/POS from the makers' manuals and
// speaks to port 9100 only. What it says of the printer must be true, and what
// it sent must be on the paper.
func TestReceiptio(t *testing.T) {
	cli := receiptio(t)
	file := filepath.Join(t.TempDir(), "ticket.receipt")
	if err := os.WriteFile(file, []byte(receipt), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		hurt func(*printer.Printer)
	}{
		{"success", func(*printer.Printer) {}},
		{"coveropen", func(p *printer.Printer) { p.SetCoverOpen(true) }},
		{"paperempty", func(p *printer.Printer) { p.SetPaperOut(true) }},
		{"success", func(p *printer.Printer) { p.SetPaperLow(true) }},
		{"error", func(p *printer.Printer) { p.SetUnrecoverable(true) }},
	} {
		t.Run(c.want, func(t *testing.T) {
			p := printer.New(printer.Config{Model: shipped("generic-80"), Speed: 10})
			serveOn9100(t, p)
			c.hurt(p)
			if got := strings.TrimSpace(runCLI(t, cli, "-d", "127.0.0.1", "-t", "5", file)); got != c.want {
				t.Errorf("receiptio says %q; complaints %q", got, p.Complaints())
			}
			if c.want == "success" {
				checkReceipt(t, p)
			} else if n := p.Cuts(); n != 0 {
				t.Errorf("%d tickets were cut", n)
			}
		})
	}
}

// receiptio finds the program, or says loudly that it is not there.
func receiptio(t *testing.T) (cli string) {
	t.Helper()
	cli, err := filepath.Abs("../../../node_modules/receiptio/bin/cli.js")
	if err != nil {
		t.Fatal(err)
	}
	missing := ""
	if _, err := exec.LookPath("node"); err != nil {
		missing = "node is not installed"
	} else if _, err := os.Stat(cli); err != nil {
		missing = "receiptio is not installed: run make assets"
	}
	switch {
	case missing == "":
	case os.Getenv("CI") == "true":
		t.Fatalf("%s, and this proof may not be left out here", missing)
	default:
		t.Skipf("NOT PROVEN against a foreign host: %s", missing)
	}
	return cli
}

// serveOn9100 puts p behind the one port that the program knows. Another run of
// this test may hold it for a while.
func serveOn9100(t *testing.T, p *printer.Printer) {
	t.Helper()
	tcp, err := sim.ListenTCP(9100)
	for end := time.Now().Add(2 * time.Minute); err != nil; tcp, err = sim.ListenTCP(9100) {
		if time.Now().After(end) {
			t.Fatalf("port 9100 of the loopback address is taken and receiptio knows no other; free it: %v", err)
		}
		time.Sleep(time.Second)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { p.Run(ctx) })
	all.Go(func() { tcp.Serve(ctx, p.Serve) })
	t.Cleanup(func() { cancel(); all.Wait() })
}

func runCLI(t *testing.T, cli string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "node", append([]string{cli}, args...)...).CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatalf("running receiptio: %v", err)
	}
	return string(out)
}

func checkReceipt(t *testing.T, p *printer.Printer) {
	t.Helper()
	tickets := p.Tickets()
	if len(tickets) != 1 {
		t.Fatalf("%d tickets; complaints %q", len(tickets), p.Complaints())
	}
	k := tickets[0]
	if k.Biggest() != "COMUNE DI PROVA" || !regexp.MustCompile(`(?m)^Anagrafe +A042$`).MatchString(k.Text) {
		t.Errorf("the paper reads\n%s", k.Text)
	}
	if !k.Complete() || k.Bottom == printer.EdgeTorn {
		t.Errorf("the ticket ends %s", k.Bottom)
	}
	scan(t, k, "QR-Code:https://example.it/t/A042")
	// It asks first whether this is a Star, in words that ESC/POS has not.
	for _, c := range p.Complaints() {
		if c != "unknown command 1B 06" && c != "control character 01 in text" {
			t.Errorf("complaint %q", c)
		}
	}
}
