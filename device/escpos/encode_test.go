package escpos

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
	"eliminacode/queue/bar"
)

var update = flag.Bool("update", false, "write golden files anew")

var typical = device.Slip{
	Header:  []string{"COMUNE DI SAN GIOVANNI", "Servizi al cittadino"},
	Date:    "mar 24 novembre 2026, 10:31",
	Service: "Anagrafe",
	Caption: "Il suo numero",
	Number:  "A042",
	Facts:   []string{"Persone prima di lei: 7", "Attesa stimata: 10-15 minuti"},
	QR:      "https://example.it/t/7K3F9QX2",
	Notes:   []string{"Priorità e appuntamenti possono passare prima."},
}

// generic58 is a plain 58 mm printer.
func generic58() profile.Profile {
	p := profile.Generic()
	p.Name, p.Columns, p.ColumnsB, p.HeadDots = "generic-58", 32, 42, 384
	p.Logo, p.SecondCodePage, p.SecondCodePageNumber = profile.LogoNone, "", 0
	return p
}

var testID = ID{'!', 'a', 'Z', '~'}

// Where there is no code, what somebody has to type breaks after a slash only:
// the ticket's own name stands whole.
func TestTypedAddressKeepsItsToken(t *testing.T) {
	bare := generic58()
	bare.NativeQR = false
	for columns := 16; columns <= 64; columns++ {
		bare.Columns, bare.ColumnsB = columns, 0
		const token = "K7QZ2M9XWC4V"
		for _, host := range []string{"coda.it", "sportello.comune.pontelungo.esempio.it:8080"} {
			got, err := Encode(bare, device.Slip{Number: "A1", QR: "https://" + host + "/b/" + token}, testID)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(got, []byte(token)) {
				t.Errorf("%d columns, %s: the token is broken:\n%s", columns, host, hex.Dump(got))
			}
			whole := bytes.ReplaceAll(got, []byte{lf}, nil)
			if !bytes.Contains(whole, []byte("https://"+host+"/b/"+token)) {
				t.Errorf("%d columns, %s: the address is not whole:\n%s", columns, host, hex.Dump(got))
			}
		}
	}
}

// The bytes of a ticket are what printers in the field have been tried with:
// a change here is a change on every paper.
func TestEncodeGolden(t *testing.T) {
	presenter := profile.Generic()
	presenter.Name = "presenter"
	presenter.Cut = "1B 69"
	presenter.FeedBeforeCutDots = 300
	presenter.PresentSteps = 12
	presenter.CodePage, presenter.CodePageNumber = "CP850", 2
	presenter.AutomaticStatus = false
	bare := generic58()
	bare.Name = "bare-58"
	bare.NativeQR, bare.Cut, bare.ColumnsB = false, "", 0
	bare.CodePage, bare.CodePageNumber = "CP437", 0
	bare.Ack = []device.Rung{device.RungClean}

	id, paper58 := profile.GenericProcessID(), generic58()
	id.Name = "epson-process-id"
	id.Cut, paper58.Cut = "1D 56 42 00", "1D 56 42 00"
	for _, p := range []profile.Profile{id, paper58, presenter, bare} {
		t.Run(p.Name, func(t *testing.T) {
			slip := typical
			slip.Mark = "RISTAMPA"
			got, err := Encode(p, slip, testID)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", p.Name+".hexdump")
			dump := hex.Dump(got)
			if *update {
				if err := os.WriteFile(path, []byte(dump), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), dump); diff != "" {
				t.Errorf("bytes of the ticket (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncodeText(t *testing.T) {
	for _, c := range []struct {
		page, text string
		want       string
	}{
		{"CP858", "àèéìòù€ÀÈ°", "\x85\x8a\x82\x8d\x95\x97\xd5\xb7\xd4\xf8"},
		{"CP850", "àÀ€", "\x85\xb7EUR"},
		{"CP437", "perché ÀÈÉÌÒÙ 5 €", "perch\x82 A'E'\x90I'O'U' 5 EUR"},
		{"CP1252", "àÀ€–“”", "\xe0\xc0\x80\x96\x93\x94"},
		{"ISO8859-15", "€šŽ", "\xa4\xa8\xb4"},
		{"CP858", "e\u0300 perche\u0301", "\x8a perch\x82"},
		{"CP858", "“ciao” – l’ora… № 5", "\"ciao\" - l'ora... n. 5"},
		{"CP858", "Gorica Š Č Ž đ", "Gorica S C Z d"},
		{"CP858", "Straße größer", "Stra\xe1e gr\x94\xe1er"},
		{"CP858", "a\x10\x04\x01b\x1b@\x00\x7f", "a???b?@??"},
		{"CP858", "漢字 \U0001f600", "?? ?"},
		{"CP858", "bad \xff utf", "bad ? utf"},
		{"CP858", "no\u00a0break\tand\u200bzero", "no break andzero"},
	} {
		p := profile.Profile{CodePage: c.page}
		if got := string(oneByte(encodeText(&p, c.text))); got != c.want {
			t.Errorf("%s in %s: %q instead of %q", c.text, c.page, got, c.want)
		}
	}
}

// oneByte is text of a single code page.
func oneByte(text []char) []byte {
	b := make([]byte, len(text))
	for i, c := range text {
		b[i] = byte(c)
	}
	return b
}

// Two languages stand on one line, each letter from the page that has it, and a
// page is chosen only where another one is needed. It takes no columns.
func TestSecondPage(t *testing.T) {
	for _, c := range []struct{ second, text, want string }{
		{"CP852", "Città / občan €", "Citt\x85 / ob\x1bt\x12\x9fan \x1bt\x13\xd5\n"},
		{"CP852", "čšž ČŠŽ", "\x1bt\x12\x9f\xe7\xa7 \xac\xe6\xa6\n"},
		{"CP852", "perché no", "perch\x82 no\n"},
		{"", "Città / občan", "Citt\x85 / obcan\n"},
	} {
		p := profile.Generic()
		p.SecondCodePage, p.SecondCodePageNumber = c.second, 18
		b, err := Encode(p, device.Slip{Date: c.text}, testID)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte(c.want)) {
			t.Errorf("%s: % X", c.text, b)
		}
	}
	p := profile.Generic()
	b, err := Encode(p, device.Slip{Notes: []string{strings.Repeat("č", p.ColumnsB) + " à"}}, testID)
	if err != nil || !bytes.Contains(b, append(bytes.Repeat([]byte{0x9f}, p.ColumnsB), lf)) {
		t.Errorf("a full line of the second page: % X, %v", b, err)
	}
}

func TestTransliterationsAreASCII(t *testing.T) {
	for r, s := range transliterations {
		for i := range len(s) {
			if s[i] < 0x20 || s[i] > 0x7e {
				t.Errorf("%q becomes %q", r, s)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"uno due tre", 7, "uno due|tre"},
		{"uno  due   tre", 20, "uno due tre"},
		{"precipitevolissimevolmente si", 10, "precipitev|olissimevo|lmente si"},
		{"ab precipitevole", 4, "ab|prec|ipit|evol|e"},
		{"", 10, ""},
		{"   ", 10, ""},
		{"abc", 0, "a|b|c"},
		{"\xc2\x85 x", 10, "\xc2\x85 x"}, // looks like UTF-8's next-line
	} {
		var text []char
		for i := range len(c.text) {
			text = append(text, char(c.text[i]))
		}
		var lines []string
		for _, line := range wrap(text, c.columns) {
			lines = append(lines, string(oneByte(line)))
		}
		got := strings.Join(lines, "|")
		if got != c.want {
			t.Errorf("wrapping %q at %d: %q instead of %q", c.text, c.columns, got, c.want)
		}
	}
}

// Whatever the words, a ticket is short and holds no real-time command, and the
// number begins where encode says.
func TestEncodeAnything(t *testing.T) {
	profiles := []profile.Profile{profile.Generic(), profile.GenericProcessID(), generic58()}
	for _, name := range profile.CodePages() {
		p := profile.Generic()
		p.CodePage, p.CodePageNumber = name, 16
		profiles = append(profiles, p)
	}
	text := rapid.OneOf(rapid.String(), rapid.StringMatching("[a-zàèìòù€ \x10\x04\x05\x14\x01\x1b\x1d]{0,40}"))
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(profiles).Draw(t, "profile")
		slip := device.Slip{
			Header: rapid.SliceOfN(text, 0, 3).Draw(t, "header"), Date: text.Draw(t, "date"),
			Service: text.Draw(t, "service"), Caption: text.Draw(t, "caption"),
			Number: rapid.StringMatching("[A-Z]{1,2}[0-9]{1,4}").Draw(t, "number"), Mark: text.Draw(t, "mark"),
			Facts: rapid.SliceOfN(text, 0, 3).Draw(t, "facts"), QR: text.Draw(t, "qr"),
			Notes: rapid.SliceOfN(text, 0, 3).Draw(t, "notes"),
		}
		made, err := encode(p, slip, idOf(rapid.Uint32().Draw(t, "id")))
		b, at := made.bytes, made.numberAt
		if err != nil {
			if !errors.Is(err, device.ErrSlipTooLong) {
				t.Fatal(err)
			}
			return
		}
		if len(b) > MaxSlipBytes {
			t.Fatalf("%d bytes", len(b))
		}
		if i := profile.RealTimeAt(b); i >= 0 {
			t.Fatalf("real-time command at %d", i)
		}
		if bytes.Contains(b[:at], []byte{gs, '!', 0x77}) {
			t.Fatal("the number begins before numberAt")
		}
		if i := bytes.Index(b[at:], []byte(slip.Number)); i < 0 || i > 12 {
			t.Fatalf("number %q is not at %d", slip.Number, at)
		}
	})
}

func TestEncodeTooLong(t *testing.T) {
	for name, change := range map[string]func(*device.Slip){
		"notes":  func(s *device.Slip) { s.Notes = []string{strings.Repeat("parola ", 80)} },
		"QR":     func(s *device.Slip) { s.QR = "https://" + strings.Repeat("x", 230) },
		"number": func(s *device.Slip) { s.Number = "A00000000000000000042" },
	} {
		slip := typical
		change(&slip)
		if _, err := Encode(profile.Generic(), slip, testID); !errors.Is(err, device.ErrSlipTooLong) {
			t.Errorf("too long %s: %v", name, err)
		}
	}
}

// A number is as big as the paper allows, and never wider.
func TestEncodeNumberSize(t *testing.T) {
	for _, c := range []struct {
		p      profile.Profile
		number string
		size   byte
	}{
		{profile.Generic(), "A042", 0x77}, {profile.Generic(), "AB1234", 0x77}, {profile.Generic(), "AB12345", 0x55},
		{generic58(), "A042", 0x77}, {generic58(), "A1042", 0x55}, {generic58(), "AB123456", 0x33},
	} {
		made, err := encode(c.p, device.Slip{Number: c.number}, testID)
		b, at := made.bytes, made.numberAt
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b[at:], []byte{gs, '!', c.size}) {
			t.Errorf("%s on %s: size % X instead of %02X", c.number, c.p.Name, b[at:at+3], c.size)
		}
	}
}

func TestIDsDiffer(t *testing.T) {
	seen := map[ID]bool{}
	for n := range uint32(20_000) {
		id := idOf(n)
		for _, b := range id {
			if b < 0x20 || b > 0x7e {
				t.Fatalf("id %d is % X", n, id)
			}
		}
		if seen[id] {
			t.Fatalf("id %d comes twice", n)
		}
		seen[id] = true
	}
}

func BenchmarkEncode(b *testing.B) {
	p := profile.GenericProcessID()
	for range b.N {
		var job []byte
		us, _ := bar.Micros(2_000, func() {
			var err error
			if job, err = Encode(p, typical, testID); err != nil {
				b.Fatal(err)
			}
		})
		bar.Told(b, "µs", us)
		bar.AtMost(b, "B-typical-ticket", 400, []float64{float64(len(job))})
	}
	b.ReportMetric(0, "ns/op")
}
