package office

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/firmware-config/tomlfile"
	"eliminacode/queue"
	"eliminacode/queue/calendar"
	"eliminacode/queue/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each file of testdata is an office with faults; beside it stands what Parse
// says of it.
func TestComplaints(t *testing.T) {
	files, err := filepath.Glob("testdata/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files (%v)", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			setup, err := Parse(filepath.Base(file), data)
			if !errors.Is(err, tomlfile.ErrRefused) {
				t.Fatalf("got %v, want a refusal", err)
			}
			if diff := cmp.Diff(queue.Setup{}, setup); diff != "" {
				t.Errorf("a refused file gave a setup:\n%s", diff)
			}
			golden := strings.TrimSuffix(file, ".toml") + ".golden"
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("complaints differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseTakesShortcuts(t *testing.T) {
	setup, err := Parse("short.toml", []byte(`
office = { body = "Comune", zone = "Europe/Rome" }
series = [{ id = "A" }]
[[service]]
id = "a"
name = "Tutto"
series = "A"
standard = "90s"
share = "87,5%"
[[desk]]
id = "1"
label = "1"
first = ["a"]
[[outlet]]
id = "t"
[[hours.exception]]
date = 2026-12-24
`))
	if err != nil {
		t.Fatal(err)
	}
	want := queue.Setup{
		Office:   queue.Office{Body: "Comune", Zone: "Europe/Rome"},
		Series:   []queue.Series{{ID: "A", First: 1, Last: 999, Width: 3}},
		Services: []queue.Service{{ID: "a", Name: "Tutto", Series: "A", StandardMs: 90_000, StandardShare: 0.875}},
		Desks:    []queue.Desk{{ID: "1", Label: "1", Profile: queue.Profile{First: []queue.ServiceID{"a"}}}},
		Outlets:  []queue.Outlet{{ID: "t"}},
		Hours:    queue.Hours{Exceptions: []queue.Exception{{Date: "2026-12-24"}}},
		Rules:    queue.DefaultRules(),
	}
	if diff := cmp.Diff(want, setup); diff != "" {
		t.Errorf("the setup differs (-want +got):\n%s", diff)
	}
}

func TestParseRefusesWhatIsNoOfficeFile(t *testing.T) {
	for name, data := range map[string]string{
		"an image": "\x00\xff\xfe", "a flood": strings.Repeat("#", tomlfile.MaxBytes+1), "nothing": "",
		"a deep list": "a = " + strings.Repeat("[", 50_000),
	} {
		if _, err := Parse("x", []byte(data)); !errors.Is(err, tomlfile.ErrRefused) || !strings.HasPrefix(err.Error(), "x:") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestReferenceFileIsACopy(t *testing.T) {
	ReferenceFile()[0] = 'x'
	if ReferenceFile()[0] == 'x' {
		t.Error("changing the copy changed the program")
	}
	a := Reference()
	a.Services[0].Name = "x"
	if Reference().Services[0].Name == "x" {
		t.Error("two references share their services")
	}
}

// Any setup that Validate accepts is written and read back the same.
func TestFormatReadsBackAnySetup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawSetup(t)
		if err := errors.Join(want.Validate(), calendar.Validate(want)); err != nil {
			t.Skip(err)
		}
		if _, n := words.Longest(want); n > words.SlipRoom {
			t.Skip("its tickets are too long")
		}
		data := Format(want)
		got, err := Parse("drawn.toml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the setup changed (-want +got):\n%s\n%s", diff, data)
		}
	})
}

// seen is a text without what an office may not hold.
func seen(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if queue.Unseen(r) {
			return -1
		}
		return r
	}, text), " \u00a0")
}

func drawSetup(t *rapid.T) queue.Setup {
	s := Reference()
	text := rapid.Map(rapid.StringN(0, 30, 120), seen)
	s.Office.Body = text.Draw(t, "body") + "x"
	s.Office.Name, s.Office.Place, s.Office.Note = text.Draw(t, "name"), text.Draw(t, "place"), text.Draw(t, "note")
	for i := range s.Services {
		x := &s.Services[i]
		x.Name, x.Detail = text.Draw(t, "service")+"x", text.Draw(t, "detail")
		x.StandardMs = rapid.Int64Range(1, 1<<40).Draw(t, "standard")
		x.StandardShare = rapid.Float64Range(1e-9, 1).Draw(t, "share")
		x.DayCap = rapid.IntRange(0, 999_999_999).Draw(t, "cap")
	}
	s.Series[0].Wrap, s.Series[0].First = rapid.Bool().Draw(t, "wrap"), rapid.IntRange(0, 999).Draw(t, "first")
	s.Hours.ExpireAfterMs = rapid.Int64Range(0, 1<<40).Draw(t, "expire")
	s.Hours.Holidays = rapid.Bool().Draw(t, "holidays")
	s.Hours.Cut = rapid.SampledFrom([]string{"", "00:00", "03:30", "24:00"}).Draw(t, "cut")
	s.Hours.Patron = rapid.SampledFrom([]string{"", "02-29", "12-07"}).Draw(t, "patron")
	s.Rules.ParkMs = rapid.Int64Range(0, 1<<40).Draw(t, "park")
	s.Rules.CallByNumber = rapid.Bool().Draw(t, "by number")
	drawRules(t, &s)
	drawSlip(t, &s)
	return s
}

// drawSlip draws what tickets say.
func drawSlip(t *rapid.T, s *queue.Setup) {
	text := rapid.Map(rapid.StringN(0, 20, 80), seen)
	language := rapid.SampledFrom([]queue.Language{"it", "de", "fr", "sl", "en"})
	s.Slip.Languages = rapid.SliceOfNDistinct(language, 0, 2, rapid.ID[queue.Language]).Draw(t, "languages")
	s.Slip.Parts = rapid.SliceOfNDistinct(rapid.SampledFrom([]queue.SlipPart{queue.PartLogo, queue.PartQR, queue.PartLate}), 0, 3, rapid.ID[queue.SlipPart]).Draw(t, "parts")
	if len(s.Slip.Languages) == 0 {
		s.Slip.Languages = nil
	}
	if len(s.Slip.Parts) == 0 {
		s.Slip.Parts = nil
	}
	key := rapid.SampledFrom([]queue.WordKey{queue.WordBody, queue.WordNote, queue.WordAhead, queue.WordAhead.Form("two"), queue.WordLate})
	s.Slip.Texts = rapid.MapOfN(language, rapid.Custom(func(t *rapid.T) queue.Wording {
		return rapid.MapOfN(key, text, 1, 3).Draw(t, "wording")
	}), 0, 3).Draw(t, "texts")
	if len(s.Slip.Texts) == 0 {
		s.Slip.Texts = nil
	}
	s.Services[0].Names = rapid.MapOfN(language, text, 1, 3).Draw(t, "names")
}

// drawRules draws what an office may leave out of its file.
func drawRules(t *rapid.T, s *queue.Setup) {
	yes := rapid.Bool()
	s.Office.ExcludedLetters = rapid.SampledFrom([]string{"", "IO", "Z\"\\"}).Draw(t, "excluded")
	if yes.Draw(t, "ranges") {
		s.Series[0].Ranges = []queue.Range{{First: 1, Last: 499}, {First: 501, Last: rapid.IntRange(501, 999_999).Draw(t, "last")}}
	}
	x := &s.Services[rapid.IntRange(0, len(s.Services)-1).Draw(t, "which service")]
	x.MaxMs = rapid.SampledFrom([]int64{0, x.StandardMs * 2}).Draw(t, "max")
	x.From = rapid.SampledFrom([]string{"", "2026-06-01"}).Draw(t, "from")
	x.To = rapid.SampledFrom([]string{"", "2026-06-16"}).Draw(t, "to")
	x.Quota, x.LastTicket = rapid.IntRange(0, 999).Draw(t, "quota"), yes.Draw(t, "last ticket")
	x.AppointmentsOnly, x.Published, s.Rules.HallCapacity = yes.Draw(t, "appointments only"), yes.Draw(t, "published"), rapid.IntRange(0, 99).Draw(t, "hall")
	if yes.Draw(t, "own hours") {
		x.Week = []queue.WeekBand{{Days: []string{"mon", "fri"}, Open: "09:00", Close: "12:00", StopIssue: "11:45"}, {Days: []string{"tue"}, Open: "09:00", Close: "10:00"}}
	}
	s.Outlets[2].Reception, s.Outlets[0].Several = yes.Draw(t, "reception"), yes.Draw(t, "several")
	s.Hours.OwnHolidays = rapid.SampledFrom([][]string{nil, {queue.WhitMonday, "04-28"}}).Draw(t, "own holidays")
	s.Hours.StopCalls = yes.Draw(t, "stop calls")
	if s.Hours.StopCalls {
		s.Hours.StopCallsAfterMs = rapid.Int64Range(0, 1<<40).Draw(t, "stop calls after")
	}
	s.Hours.Week[0].StopIssue = rapid.SampledFrom([]string{"", "12:00"}).Draw(t, "stop issue")
	if yes.Draw(t, "caps") {
		s.Hours.Week[0].Caps = []queue.Cap{{Service: x.ID, Most: rapid.IntRange(0, 99).Draw(t, "most")}}
		s.Hours.Exceptions[0].Bands[0].Caps = []queue.Cap{{Service: "cie", Most: 3}, {Service: "anagrafe", Most: 4}}
	}
	r := &s.Rules
	r.CallOutside = yes.Draw(t, "outside")
	r.Discipline = rapid.SampledFrom([]queue.Discipline{queue.ByStandard, queue.FirstCome, queue.StrictProfile}).Draw(t, "discipline")
	r.TransferPlace = rapid.SampledFrom([]queue.Place{"", queue.PlaceArrival, queue.PlaceFront, queue.PlaceBack}).Draw(t, "place")
	r.Break = rapid.SampledFrom([]queue.Break{queue.BreakKeeps, queue.BreakExpires}).Draw(t, "break")
	few := rapid.IntRange(0, 9)
	r.PriorityRatio, r.NoShowRecalls, r.ReturnAfterCalls = few.Draw(t, "ratio"), few.Draw(t, "recalls"), few.Draw(t, "return")
	ms := rapid.Int64Range(0, 1<<40)
	r.RecallGapMs, r.LateReturnMs, r.UndoMs = ms.Draw(t, "gap"), ms.Draw(t, "late"), ms.Draw(t, "undo")
	r.AppointmentEarlyMs, r.AppointmentToleranceMs = ms.Draw(t, "early"), ms.Draw(t, "tolerance")
}

func TestShares(t *testing.T) {
	var got share
	for share, want := range map[share]string{0.9: "90%", 1: "100%", 0.875: "87.5%", 0.005: "0.5%", 0: "0%", 0.29: "29%", 0.07: "7%", 1e-9: "0.0000001%"} {
		if got, _ := share.MarshalText(); string(got) != want {
			t.Errorf("%v is written %q, want %q", share, got, want)
		}
		if err := got.UnmarshalText([]byte(want)); err != nil || got != share {
			t.Errorf("%q is read as %v", want, got)
		}
	}
	for _, bad := range []string{"", "%", "90", "-1%", "1e3%", "0x10%", "90 per cento", "1.2.3%", "NaN%"} {
		if got.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(referenceFile)
	files, _ := filepath.Glob("testdata/*.toml")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		setup, err := Parse("fuzz.toml", data)
		if err != nil {
			for _, c := range err.(tomlfile.Complaints) {
				if c.Line < 1 || c.Column < 1 || c.Problem == "" || c.Remedy == "" {
					t.Errorf("a complaint without a place or words: %+v", c)
				}
			}
			return
		}
		if err := errors.Join(setup.Validate(), calendar.Validate(setup)); err != nil {
			t.Fatalf("an accepted file is not valid: %v", err)
		}
		again, err := Parse("again.toml", Format(setup))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(setup, again); diff != "" {
			t.Fatalf("the setup changed (-want +got):\n%s", diff)
		}
	})
}

// Whoever shows the faults of a file in words of its own is told where each stands,
// and of which value it is.
func TestFileFaultsNameTheirValues(t *testing.T) {
	file := strings.Replace(string(Format(Reference())), `standard = "15m"`, `standard = "presto"`, 1)
	_, err := Parse("x.toml", []byte(strings.Replace(file, "letters = \"A\"", "letters = \"a\"", 1)))
	var paths []string
	for _, f := range FileFaults(err) {
		paths = append(paths, f.Path)
		if f.Line < 1 || f.Column < 1 || f.Problem == "" || f.Remedy == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, want := range []string{"series[1].letters", "service[1].standard"} {
		if !slices.Contains(paths, want) {
			t.Errorf("the faults are of %v and not of %s: %v", paths, want, err)
		}
	}
	if all := FileFaults(errors.New("no file")); all != nil {
		t.Errorf("another error has the faults %v", all)
	}
}

// Hours are read as people write them, and written as the office's file has them.
func TestHoursAreKeptInOneForm(t *testing.T) {
	text := string(Format(Reference()))
	for _, hour := range []string{`open = "08:15"`, `close = "13:30"`} {
		if !strings.Contains(text, hour) {
			t.Fatalf("the reference office has no %s", hour)
		}
	}
	loose := strings.NewReplacer(`open = "08:15"`, `open = "8,15"`, `close = "13:30"`, `close = "13.30"`).Replace(text)
	setup, err := Parse("loose.toml", []byte(loose))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Format(setup)); got != text {
		t.Errorf("written again it is otherwise:\n%s", cmp.Diff(text, got))
	}
	d := Edit(Reference())
	for typed, want := range map[string]string{"8": "08:00", "8.30": "08:30", "24": "24:00", "otto": "otto"} {
		for _, at := range []string{"hours.week[1].open", "hours.week[1].stop_issue", "hours.cut"} {
			if err := d.Set(at, typed); err != nil {
				t.Errorf("%s = %q: %v", at, typed, err)
			}
		}
		if s := d.Setup(); s.Hours.Week[0].Open != want || s.Hours.Week[0].StopIssue != want || s.Hours.Cut != want {
			t.Errorf("%q is kept as %+v, cut %q; want %q", typed, s.Hours.Week[0], s.Hours.Cut, want)
		}
	}
}
