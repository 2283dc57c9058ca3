package printer

import (
	"context"
	"strings"
	"testing"

	config "eliminacode/firmware-config"
)

// feedAll lets a printer take bytes one by one and do all that they want, in one
// goroutine.
func (p *Printer) feedAll(ctx context.Context, in []byte) {
	for _, b := range in {
		p.receive(b)
		for {
			var t token
			var chore func(context.Context)
			p.mu.Lock()
			ok := p.nextWork(&t, &chore)
			p.mu.Unlock()
			if !ok {
				break
			}
			if chore != nil {
				chore(ctx)
				continue
			}
			p.execute(ctx, t)
			p.release(t.held, p.head.life)
		}
	}
}

// No bytes make a printer of any model panic, hang or grow, however they are
// cut; and it still prints afterwards.
func FuzzPrinter(f *testing.F) {
	for _, seed := range []string{
		"", "\x1b@\x1bt\x13\x1ba\x01Citt\x85\n\x1d!\x77A042\n\x1dVB\x00\x1d(H\x06\x0000abcd",
		"\x10\x04\x01\x10\x05\x02\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10\x14\x02\x01\x08",
		"\x1d(k\x04\x001A2\x00\x1d(k\x07\x001P0abcd\x1d(k\x03\x001Q0\x1d(k\x03\x001R0",
		"\x1dkI\x08{BA{C\x01\x02{\x1dk\x04A\x00\x1dkC\x0c800123456789\x1dk",
		"\x1dv0\x03\x02\x00\x02\x00abcd\x1b*\x21\x02\x00abcdef\x1b*\x00\x01\x00a\n\x1d*\x01\x01abcdefgh\x1d/\x03",
		"\x1dv0\x00\xff\xff\xff\xff", "\x1d8L\xff\xff\xff\xff0p", "\x1cq\xff\xff\xff\xff\xff",
		"\x1cq\x01\x01\x00\x01\x00abcdefgh\x1cp\x01\x03\x1cp\x02\x00",
		"\x1d(L\x13\x000C0G1\x01\x08\x00\x08\x001abcdefgh\x1d(L\x06\x000EG1\x02\x02\x1d(L\x04\x000BG1\x1d(L\x05\x000ACLR\x1d(L\x04\x000@KC",
		"\x1d(L\x12\x000p0\x02\x021\x08\x00\x08\x00abcdefgh\x1d(L\x02\x0002\x1d(L\x02\x0003",
		"\x1bL\x1bW\x00\x00\x00\x00\x40\x02\xf0\x00\x1bT\x01a\n\x1bT\x02b\x1bT\x03c\x1d$\x10\x00d\x1d\\\xff\xffe\x18f\x1b\x0c\x0c",
		"\x1bL\x1bW\xff\xff\xff\xff\x00\x00\x00\x00a\n\x0c", "\x1dP\x01\x01\x1b3\xff\n\x1bJ\xff\x1bd\xff\x1b \xffa\n",
		"\x1dL\xff\xff\x1dW\x00\x00ab\n\x1b$\xff\xffa\x1b\\\xff\x80b\x1bD\x01\x02\x00\t\t", "\x1b{\x01a\x1bV\x01b\n\x1b-\x02\x1dB\x01c\n",
		"\x1de\x03\x0c\x1de \x01\x00\x1de\x05\x1de\x06\x1de\x02\x1d\xe2\x1d\xe3\x1d\xe4\x1d\xe5\x1c\xc1\x01\x1bi\x1bm\x1c\xc0\x18\x10\x14\x1a",
		"\x1dVa\xff\x1bJ\xff\x1dVg\x00\x1dVh\x01\x1dV\x00\x1bc4\x03\x1bc5\x01\x1d(A\x02\x0000",
		"\x1b&\x03\x20\x7e\x05", "\x1d(", "\x1d", "\x1b", "\x1c(", "\x10", "\x1d\xe2", strings.Repeat("a\x1b$\x00\x00", 50),
	} {
		for model := range byte(3) {
			f.Add([]byte(seed), model*3)
		}
	}
	var models []Model
	for _, p := range config.Default().Known().Profiles {
		models = append(models, ModelOf(p))
	}
	loose := models[3]
	loose.StrictStatusBits = false
	models = append(models, loose)
	f.Fuzz(func(t *testing.T, in []byte, model byte) {
		m := models[int(model)%len(models)]
		m.BootTime = 0
		p := New(Config{Model: m, Speed: 1e12, Keep: 3, XonXoff: true})
		ctx := t.Context()
		p.feedAll(ctx, in)
		if p.used < 0 || p.used > m.BufferBytes+maxCommand || len(p.queue) > 0 && !p.stopped() {
			t.Errorf("%d bytes are used and %d commands wait", p.used, len(p.queue))
		}
		if len(p.frame.pending) > maxCommand || len(p.ear.heard) > 10 || len(p.head.line) > maxMarks {
			t.Error("a command or line grows without end")
		}
		if h := p.head.paper.height; h > maxPaperDots || h*p.head.paper.width() != len(p.head.paper.pix) {
			t.Errorf("the paper is %d high and has %d dots", h, len(p.head.paper.pix))
		}
		for _, k := range append(p.Tickets(), p.Scraps()...) {
			for _, item := range k.Items {
				if item.Bottom < item.Top || item.Top >= k.Height || item.Bottom < 0 {
					t.Errorf("an item from %d to %d on %d dots", item.Top, item.Bottom, k.Height)
				}
			}
		}
		p.SetPower(false)
		p.SetPower(true)
		before := p.papers.cuts
		p.feedAll(ctx, []byte("\x1b@A042\n\x1bJ\xff\x1dV\x00\x1bi"))
		if m.Cutter() && p.papers.cuts == before {
			t.Errorf("it does not print any more: complaints %q", p.Complaints())
		}
	})
}

// The framer cuts the same stream into the same commands, whatever takes the
// bytes when, and loses none.
func FuzzFramer(f *testing.F) {
	f.Add([]byte("\x1b@abc\x1d(k\x03\x001Q0\x1b*\x21\x01\x00abc\x1bD\x01\x00\x1dVB\x00"), uint64(0x55))
	f.Add([]byte("\x1d(Z\x1b\x99\x10\x04\x01\x1c\xc0\x18\x10\x14\x1a"), uint64(0xff))
	vkp80, _ := config.Settings{}.Profile("custom-vkp80")
	model := ModelOf(vkp80)
	f.Fuzz(func(t *testing.T, in []byte, eaten uint64) {
		fr := framer{model: &model}
		var out []byte
		held := 0
		for i, b := range in {
			if eaten>>(i%64)&1 == 0 {
				held++
				fr.push(b, false, func(k token) { out, held = append(out, k.raw...), held-k.held })
			} else {
				held -= fr.eat()
				fr.push(b, true, func(k token) { out, held = append(out, k.raw...), held-k.held })
			}
		}
		if got := string(out) + string(fr.pending); got != string(in) {
			t.Errorf("% X became % X", in, got)
		}
		if held != len(fr.pending)-fr.eaten {
			t.Errorf("%d bytes are held and %d wait", held, len(fr.pending)-fr.eaten)
		}
	})
}
