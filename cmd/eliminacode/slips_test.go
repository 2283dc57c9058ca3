package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"eliminacode/device"
	"eliminacode/device/bridge"
	"eliminacode/device/escpos"
	"eliminacode/device/escpos/profile"
	"eliminacode/device/sim/printer"
	config "eliminacode/firmware-config"
	"eliminacode/queue"
	officefile "eliminacode/queue/office"
	"eliminacode/queue/words"
)

var keepSlips = flag.String("slips", "", "a folder to keep the drawn slips in, to be looked at")

// A shipped slip is one that an office of the program can print as it is.
type shipped struct {
	name    string // office, languages, service, variant
	variant string
	slip    device.Slip
}

// languagesShipped are the languages of tickets, alone and in the pairs of the
// regions that have two.
var languagesShipped = [][]queue.Language{{"it"}, {"it", "de"}, {"it", "fr"}, {"it", "sl"}, {"it", "en"}, {"de", "it"}}

// statusPage is an address as a town hall has it, with its twelve letters.
const statusPage = "https://coda.pontelungo.it/b/"

// shippedSlips are the tickets of every office file of the program, for every
// service, in all languages: first, reprinted, with and without an estimate
// and a code, with a long note; and the trial and the status of the box.
func shippedSlips() (all []shipped) {
	offices := map[string]queue.Setup{"before": officefile.Before(), "reference": officefile.Reference()}
	said := map[string]bool{}                                            // two offices that say the same print the same
	issued := time.Date(2026, time.November, 25, 10, 31, 0, 0, time.UTC) // "mercoledì", the longest day
	tokens := 0
	for _, name := range slices.Sorted(maps.Keys(offices)) {
		for _, languages := range languagesShipped {
			setup := offices[name]
			setup.Slip.Languages = languages
			add := func(what, variant string, text words.SlipText) {
				code := text.QR
				text.QR = ""
				if words := fmt.Sprintf("%+v %t", text, code == ""); said[words] {
					return
				} else {
					said[words] = true
				}
				text.QR = code
				all = append(all, shipped{strings.Join([]string{name, fmt.Sprint(languages), what, variant}, " "), variant, bridge.Paper(text)})
			}
			for _, service := range setup.Services {
				for _, v := range slipVariants() {
					changed := setup
					if v.longNote {
						changed.Office.Note = longestNote(setup)
					}
					if v.logo {
						changed.Slip.Parts = []queue.SlipPart{
							queue.PartLogo, queue.PartHeader, queue.PartDate, queue.PartService, queue.PartAhead,
							queue.PartEstimate, queue.PartPlace, queue.PartQR, queue.PartLate, queue.PartPriority,
						}
					}
					tokens++
					address := ""
					if !v.noCode {
						address = fmt.Sprintf("%sK3FQ%08d", statusPage, tokens)
					}
					v.ticket.Number = queue.Number{Text: "A042"}
					add(string(service.ID), v.name, words.Slip(changed, service, v.ticket, issued, address))
				}
			}
			add("", "trial", words.TrialSlip(setup, issued))
			add("", "status", words.StatusSlip(setup, issued, words.BoxStatus{
				Address: "http://192.168.100.120:8080", Version: "v1.4.2-31-gc810ef6", ClockNote: "non sincronizzato da 3 giorni",
				Faults: []string{"stampante accoglienza: carta esaurita", "tastierino sportello 12: non collegato"},
			}))
			add("", "closing", words.ClosingSlip(setup, issued, words.Closing{
				Date: issued, Sums: queue.DayClosed{Issued: 1234, Served: 1111, NoShows: 45, Expired: 67, Unused: 50},
				Seq: 12_345_678, Hash: strings.Repeat("0123456789abcdef", 4),
			}))
		}
	}
	return all
}

type slipVariant struct {
	name             string
	ticket           queue.Ticket
	longNote, noCode bool
	logo             bool
}

// longestNote is the longest note that an office file may have.
func longestNote(setup queue.Setup) string {
	const note = "Per la carta d'identità portare una fototessera recente e 22,21 €; chiuso il 24 e il 31 dicembre. Grazie."
	setup.Office.Note = "."
	_, used := words.Longest(setup)
	runes := []rune(note)
	return strings.TrimSpace(string(runes[:min(len(runes), 100, words.SlipRoom-used+1)]))
}

func slipVariants() []slipVariant {
	promised := queue.Promise{FromMs: 95 * 60_000, ToMs: 120 * 60_000}
	return []slipVariant{
		{name: "first", ticket: queue.Ticket{Job: 1, Ahead: 0}},
		{name: "estimate", ticket: queue.Ticket{Job: 1, Ahead: 103, Promise: promised}},
		{name: "reprint", ticket: queue.Ticket{Job: 2, Reprinted: true, Ahead: 103, Promise: promised}},
		{name: "no-code", ticket: queue.Ticket{Job: 1, Ahead: 12, Promise: promised}, noCode: true},
		{name: "long-note", ticket: queue.Ticket{Job: 1, Ahead: 103, Promise: promised}, longNote: true},
		{name: "logo", ticket: queue.Ticket{Job: 1, Ahead: 2}, logo: true},
	}
}

// TestShippedSlips holds every ticket that the program ships, on every printer
// that it knows, to 512 bytes, without anything left out, without a real-time
// command; and reads on the paper what was to be printed. The longest of each
// variant on each printer is drawn too, and its code read from the drawing.
func TestShippedSlips(t *testing.T) {
	all := shippedSlips()
	sizes := map[string][]int{}
	var paper, pictures []drawn
	seen := map[string]bool{} // paper: printers that differ in their answers alone print the same
	for _, profile := range config.Default().Known().Profiles {
		var jobs [][]byte
		var printed []shipped
		for _, s := range all {
			job, err := escpos.Encode(profile, s.slip, escpos.ID{'s', 'l', 'i', 'p'})
			if err != nil {
				t.Errorf("%s on %s: %v", s.name, profile.Name, err)
				continue
			}
			if at := realTime(job); at >= 0 {
				t.Errorf("%s on %s: a real-time command at byte %d", s.name, profile.Name, at)
			}
			sizes[profile.Name+"\t"+s.variant] = append(sizes[profile.Name+"\t"+s.variant], len(job))
			silent := profile
			silent.Ack, silent.AutomaticStatus = []device.Rung{device.RungClean}, false
			same, err := escpos.Encode(silent, s.slip, escpos.ID{})
			if key := fmt.Sprintf("%d %s", profile.HeadDots, same); err != nil || !seen[key] {
				seen[key] = true
				jobs, printed = append(jobs, job), append(printed, s)
			}
		}
		for i, ticket := range printAll(t, profile, jobs, *keepSlips == "") {
			paper = append(paper, drawn{shipped: printed[i], profile: profile, ticket: ticket})
		}
		longest := map[string]int{}
		for i, s := range printed {
			if l, ok := longest[s.variant]; !ok || len(jobs[i]) > len(jobs[l]) {
				longest[s.variant] = i
			}
		}
		var some [][]byte
		which := slices.Sorted(maps.Values(longest))
		for _, i := range which {
			some = append(some, jobs[i])
		}
		for i, ticket := range printAll(t, profile, some, false) {
			pictures = append(pictures, drawn{shipped: printed[which[i]], profile: profile, ticket: ticket})
		}
	}
	t.Logf("bytes of %d shipped slips on each printer\n%s", len(all), sizeTable(sizes))
	for _, d := range paper {
		d.read(t)
	}
	if *keepSlips != "" {
		for _, d := range paper {
			keepPicture(t, filepath.Join(*keepSlips, d.profile.Name+" "+d.name+".png"), d.ticket.PNG)
		}
	}
	scan(t, pictures)
}

// realTime is where a real-time command of any maker stands, or -1: DLE and
// EOT, ENQ or DC4, written apart from the encoder's own check.
func realTime(job []byte) int {
	for _, command := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if at := bytes.Index(job, []byte(command)); at >= 0 {
			return at
		}
	}
	return -1
}

// printAll prints jobs on the simulated printer of the profile, with a logo in
// its memory, and gives the paper of each. Time is a bubble's.
func printAll(t *testing.T, p profile.Profile, jobs [][]byte, textOnly bool) (papers []printer.Ticket) {
	t.Helper()
	model := printer.ModelOf(p)
	synctest.Test(t, func(t *testing.T) {
		printer := printer.New(printer.Config{Model: model, TextOnly: textOnly})
		ctx, cancel := context.WithCancel(t.Context())
		ours, theirs := net.Pipe()
		var all sync.WaitGroup
		all.Go(func() { printer.Run(ctx) })
		all.Go(func() { printer.Serve(ctx, theirs) })
		all.Go(func() { io.Copy(io.Discard, ours) })
		send := func(b []byte) {
			if _, err := ours.Write(b); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
		}
		if p.Logo != profile.LogoNone {
			logo, err := escpos.EncodeLogo(p, image.NewGray(image.Rect(0, 0, 200, 60)))
			if err != nil {
				t.Error(err)
			}
			send(logo)
		}
		for i, job := range jobs {
			send(job)
			if !model.Cutter() {
				printer.Tear()
				time.Sleep(time.Second)
			}
			printer.TakeTicket()
			if cut := printer.Tickets(); len(cut) == 0 || cut[len(cut)-1].Seq != i+1 || !cut[len(cut)-1].Complete() {
				t.Errorf("%s: ticket %d is not whole", p.Name, i+1)
				break
			} else {
				papers = append(papers, cut[len(cut)-1])
			}
		}
		if c := printer.Complaints(); len(c) > 0 {
			t.Errorf("%s: %d complaints of the printer, such as %s", p.Name, len(c), c[0])
		}
		cancel()
		ours.Close()
		all.Wait()
	})
	return papers
}

// drawn is the paper of a shipped slip.
type drawn struct {
	shipped
	profile profile.Profile
	ticket  printer.Ticket
}

// read finds every text of the slip on the paper, word for word, wherever its
// lines were broken.
func (d drawn) read(t *testing.T) {
	t.Helper()
	s := d.slip
	texts := append(slices.Concat(s.Header, s.Facts, s.Notes), s.Date, s.Service, s.Caption, s.Number, s.Mark)
	onPaper := folded(d.ticket.Text)
	for _, text := range texts {
		for said := range strings.SplitSeq(text, words.Beside) {
			if !strings.Contains(onPaper, folded(said)) {
				t.Errorf("%s on %s: %q is not on the paper:\n%s", d.name, d.profile.Name, said, d.ticket.Text)
			}
		}
	}
	if d.ticket.Biggest() != s.Number && s.Number != "" {
		t.Errorf("%s on %s: the biggest text is %q", d.name, d.profile.Name, d.ticket.Biggest())
	}
	if s.QR != "" && !strings.Contains(strings.Join(strings.Fields(d.ticket.Text), ""), s.QR) {
		t.Errorf("%s on %s: %s is not on the paper, as a code or a text:\n%s", d.name, d.profile.Name, s.QR, d.ticket.Text)
	}
}

// folded is a text without the breaks of its lines, and without the accents
// that not every printer has.
func folded(text string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
	bare = strings.NewReplacer("'", "", "€", "EUR").Replace(bare)
	return strings.Join(strings.Fields(bare), " ")
}

// scan reads the codes of all drawn papers with zbarimg, which is not ours.
func scan(t *testing.T, paper []drawn) {
	folder := t.TempDir()
	files := map[string]drawn{}
	for i, d := range paper {
		if d.profile.NativeQR && d.slip.QR != "" {
			file := filepath.Join(folder, fmt.Sprintf("%d.png", i))
			keepPicture(t, file, d.ticket.PNG)
			files[file] = d
		}
	}
	tool := codeReader(t)
	names := slices.Sorted(maps.Keys(files))
	var readers sync.WaitGroup
	for some := range slices.Chunk(names, (len(names)+1)/2) {
		readers.Go(func() {
			for file, code := range readCodes(t, tool, some) {
				if d := files[file]; !slices.Equal(code, []string{d.slip.QR}) {
					t.Errorf("%s on %s: zbarimg reads %q instead of %s", d.name, d.profile.Name, code, d.slip.QR)
				}
			}
		})
	}
	readers.Wait()
	t.Logf("zbarimg read %d codes", len(names))
}

func keepPicture(t *testing.T, file string, png []byte) {
	t.Helper()
	if err := os.WriteFile(file, png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// codeReader finds zbarimg. Where it has to be there its absence is a failure.
func codeReader(t *testing.T) string {
	t.Helper()
	tool, err := exec.LookPath("zbarimg")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("zbarimg is not installed; run 'make tools' (%v)", err)
	} else if err != nil {
		t.Skipf("NO CODE WAS READ BACK: zbarimg is not installed; run 'make tools' (%v)", err)
	}
	return tool
}

// readCodes is what one zbarimg finds on each of some pictures.
func readCodes(t *testing.T, tool string, files []string) map[string][]string {
	codes := map[string][]string{}
	if len(files) == 0 {
		return codes
	}
	args := append([]string{"--quiet", "--xml", "--nodbus", "-Sdisable", "-Sqrcode.enable"}, files...)
	out, err := exec.CommandContext(t.Context(), tool, args...).Output()
	// It ends with 4 when some picture has no code, which is then missing below.
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Errorf("running zbarimg: %v", err)
	}
	var read struct {
		Sources []struct {
			Href  string   `xml:"href,attr"`
			Codes []string `xml:"index>symbol>data"`
		} `xml:"source"`
	}
	if err := xml.Unmarshal(out, &read); err != nil {
		t.Errorf("reading zbarimg's answer: %v", err)
	}
	for _, file := range files {
		codes[file] = nil
	}
	for _, s := range read.Sources {
		codes[s.Href] = s.Codes
	}
	return codes
}

// sizeTable is the bytes by printer and kind of slip.
func sizeTable(sizes map[string][]int) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "printer\tslip\tmin\ttypical\tmax\t")
	for _, key := range slices.Sorted(maps.Keys(sizes)) {
		all := slices.Sorted(slices.Values(sizes[key]))
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t\n", key, all[0], all[len(all)/2], all[len(all)-1])
	}
	w.Flush()
	return b.String()
}
