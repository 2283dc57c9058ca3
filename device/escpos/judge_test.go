package escpos

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"eliminacode/device"
	"eliminacode/device/escpos/profile"
)

type judgeQR struct {
	Content string `json:"content"`
	Size    int    `json:"size"`
}

type judgeAsk struct {
	QR      []judgeQR         `json:"qr"`
	Size    []int             `json:"size"`
	Pages   map[string]string `json:"pages"`
	Letters string            `json:"letters"`
}

type judgeAnswer struct {
	QR, Size           []string
	Page               map[string]string
	Bold, Reverse, Cut string
	Letters            map[string][]string
}

// judge asks a program that we did not write.
func judge(t *testing.T, ask judgeAsk) (answer judgeAnswer) {
	t.Helper()
	missing := func(what string, err error) {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s: %v; run make assets", what, err)
		}
		t.Skipf("NOT COMPARED WITH ANOTHER ENCODER: %s: %v; run make assets", what, err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("no node", err)
	}
	if _, err := os.Stat("../../node_modules/@point-of-sale/receipt-printer-encoder"); err != nil {
		missing("no encoder", err)
	}
	words, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), node, "testdata/judge.mjs", string(words))
	run.Stderr = os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("asking the judge: %v", err)
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// judgedPages are our code pages by the judge's names, and their usual numbers.
var judgedPages = map[string]struct {
	theirs string
	n      byte
}{
	"CP437": {"cp437", 0}, "CP850": {"cp850", 2}, "CP852": {"cp852", 18}, "CP858": {"cp858", 19},
	"CP1252": {"windows1252", 16}, "ISO8859-15": {"iso8859-15", 40},
}

const judgedLetters = "àèéìòùÀÈÉÌÒÙ" + "äöüßÄÖÜ" + "âçêëîïôœûÿÂÇÊËÎÏÔŒÛŸ" + "čšžČŠŽćđĆĐ" + "€°"

var plain = style{width: 1, height: 1}

// The bytes of every command of a ticket, and of every letter of the languages
// that tickets are in, are those of another encoder.
func TestAgainstAnotherEncoder(t *testing.T) {
	ask := judgeAsk{Pages: map[string]string{}, Letters: judgedLetters}
	for ours, page := range judgedPages {
		ask.Pages[ours] = page.theirs
	}
	for size := 1; size <= 8; size++ {
		ask.Size = append(ask.Size, size)
	}
	p := profile.Generic()
	var codes [][]byte
	for _, content := range []string{"https://a.it/biglietto", "https://example.it/t/7K3F9QX2", "https://" + strings.Repeat("abcdefgh", 25)} {
		e := encoder{profile: p, now: plain}
		if err := e.qr(device.Slip{QR: content}); err != nil {
			t.Fatal(err)
		}
		all := e.out.Bytes()
		codes = append(codes, all[3:len(all)-3]) // without the feeds of the margin
		ask.QR = append(ask.QR, judgeQR{content, int(all[2]) / 4})
	}
	answer := judge(t, ask)

	equal := func(what, theirs string, ours []byte) {
		t.Helper()
		if theirs == "" || theirs != hex.EncodeToString(ours) {
			t.Errorf("%s: ours % X, theirs %s", what, ours, theirs)
		}
	}
	for i, code := range codes {
		equal("QR of "+ask.QR[i].Content, answer.QR[i], code)
	}
	look := func(s style) []byte {
		e := encoder{profile: p, now: plain}
		e.look(s)
		return e.out.Bytes()
	}
	for i, size := range ask.Size[1:] {
		equal("size", answer.Size[i+1], look(style{width: size, height: size}))
	}
	equal("bold", answer.Bold, look(style{width: 1, height: 1, bold: true}))
	equal("reverse", answer.Reverse, look(style{width: 1, height: 1, reverse: true}))
	full := p
	full.Cut = "1D 56 00"
	equal("cut", answer.Cut, endOfPaper(&full))
	for name, page := range judgedPages {
		q := p
		q.CodePage, q.CodePageNumber = name, int(page.n)
		b, err := Encode(q, device.Slip{}, testID)
		if err != nil || !bytes.Contains(b, []byte{esc, 't', page.n}) {
			t.Errorf("%s is not chosen: % X, %v", name, b, err)
		}
		equal("choice of "+name, answer.Page[name], []byte{esc, 't', page.n})
	}
}

// Where their table has a letter ours has it too, with the same byte; where it
// has none we say which letters stand for it.
func TestLettersAgainstAnotherEncoder(t *testing.T) {
	ask := judgeAsk{QR: []judgeQR{}, Size: []int{}, Pages: map[string]string{}, Letters: judgedLetters}
	for ours, page := range judgedPages {
		ask.Pages[ours] = page.theirs
	}
	answer := judge(t, ask)
	for name, theirs := range answer.Letters {
		if len(theirs) != utf8.RuneCountInString(judgedLetters) {
			t.Fatalf("%s: %d letters", name, len(theirs))
		}
		instead, i := "", 0
		for _, letter := range judgedLetters {
			b, has := profile.Encode(name, letter)
			if !has {
				instead += string(letter) + "=" + transliterations[letter] + " "
				if transliterations[letter] == "" || theirs[i] != hex.EncodeToString([]byte("?")) {
					t.Errorf("%s: %q is missing, theirs is %s", name, letter, theirs[i])
				}
			} else if theirs[i] != hex.EncodeToString([]byte{b}) {
				t.Errorf("%s: %q is %02X, theirs is %s", name, letter, b, theirs[i])
			}
			i++
		}
		t.Logf("%s prints instead: %s", name, instead)
	}
}
