package escpos

import (
	"strings"
	"testing"
)

// A noisy line is made from a fuzzer's bytes: answers that are known, with what
// a real line puts between and inside them. It keeps account of which answers
// must come out, and in which order.
type noisyLine struct {
	script []byte
	d      Decoder
	got    []string
	want   []string

	open    openFrame
	pending int // bytes that the open frame still lacks
	orphans int // bytes that may pass for a tail, so that a short answer is lost
}

type openFrame uint8

const (
	nothingOpen openFrame = iota
	frameOpen
	blockOpen
)

// next is the fuzzer's next byte, 0 when there is none.
func (l *noisyLine) next() byte {
	if len(l.script) == 0 {
		return 0
	}
	b := l.script[0]
	l.script = l.script[1:]
	return b
}

func (l *noisyLine) hear(a Answer) {
	if a.Kind != KindUnknown {
		l.got = append(l.got, say(a))
	}
}

func (l *noisyLine) feed(b ...byte) { l.d.Feed(b, l.hear) }

func (l *noisyLine) expect(a Answer) { l.want = append(l.want, say(a)) }

// whole sends an answer of several bytes, perhaps with flow control or the
// answer to a real-time question between two of them.
func (l *noisyLine) whole(a Answer, b ...byte) {
	at := int(l.next()) % (2 * len(b)) // in half of the cases inside
	for i, c := range b {
		if i > 0 && i == at {
			l.intrude(a.Kind == KindBlock || i == 1 && b[0] == 0x37)
		}
		l.feed(c)
	}
	l.expect(a)
	l.open, l.orphans = nothingOpen, 0
}

// intrude sends what may cut in. Inside text a real-time answer that says an
// error is a letter.
func (l *noisyLine) intrude(text bool) {
	switch b := l.next(); b % 3 {
	case 0:
		l.expect(Answer{Kind: KindXON})
		l.feed(xon)
	case 1:
		l.expect(Answer{Kind: KindXOFF})
		l.feed(xoff)
	default:
		b = b&0x6c | 0x12
		if text {
			b &= 0x1f
		}
		l.expect(Answer{Kind: KindRealTime, Byte: b})
		l.feed(b)
	}
}

// tail is a byte that automatic status may have behind its first.
func (l *noisyLine) tail() byte { return l.next() & 0x6f }

// letter is a character of a process id or text.
func (l *noisyLine) letter() byte { return idLetters[int(l.next())%len(idLetters)] }

func (l *noisyLine) step() {
	switch l.next() % 10 {
	case 0:
		f := [4]byte{l.next()&0x6c | 0x10, l.tail(), l.tail(), l.tail()}
		if l.open == blockOpen {
			f[0] &= 0x1f // else it is a letter of that block
		}
		l.whole(Answer{Kind: KindASB, Frame: f}, f[:]...)
	case 1, 2:
		l.intrude(l.open == blockOpen)
	case 3:
		if l.open == blockOpen {
			return // its bytes would be text of that block
		}
		id := []byte{l.letter(), l.letter(), l.letter(), l.letter()}
		l.whole(Answer{Kind: KindProcess, Text: string(id)}, append(append([]byte{0x37, 0x22}, id...), nul)...)
	case 4:
		if l.open == blockOpen {
			return
		}
		text := []byte{l.letter(), l.letter()}
		l.whole(Answer{Kind: KindBlock, Byte: 0x5f, Text: string(text)}, append(append([]byte{0x5f}, text...), nul)...)
	case 5:
		if l.open != nothingOpen || l.orphans > 0 {
			return // given up on purpose: see Flush
		}
		b := l.tail()
		l.expect(Answer{Kind: KindPaper, Byte: b})
		l.feed(b)
	case 6:
		l.half()
	case 7:
		// A byte that no answer has, which also breaks the one under way.
		l.feed(l.next() | 0x80)
		l.broken()
	case 8:
		l.d.Flush(l.hear)
		l.broken()
	case 9:
		l.d.Settle(l.hear)
		l.open, l.orphans = nothingOpen, 0
	}
}

// half begins an answer and does not end it.
func (l *noisyLine) half() {
	if l.open == blockOpen {
		return
	}
	if l.next()%2 == 0 {
		l.feed(0x5f, l.letter())
		l.open, l.orphans = blockOpen, 0
		return
	}
	have := 1 + int(l.next()%3)
	l.feed([]byte{l.next()&0x6c | 0x10, l.tail(), l.tail()}[:have]...)
	l.open, l.pending = frameOpen, 4-have
}

func (l *noisyLine) broken() {
	switch l.open {
	case frameOpen:
		l.orphans = l.pending
	case blockOpen:
		l.orphans = 0
	}
	l.open = nothingOpen
}

// Whatever comes between, before and inside: flow control, answers to other
// questions, halves, garbage, silence - every answer that arrived whole comes
// out, as it is, in order, and nothing else does.
func FuzzDecoderNoise(f *testing.F) {
	for _, seed := range []string{
		"", "\x00\x00\x00\x00\x00\x00", "\x06\x01\x02\x10\x00\x00\x00\x10\x08\x0f\x00\x01", "\x05\x03\x03abcd\x02\x01",
		"\x06\x01\x00\x10\x08\x05\x00\x09\x05\x00", "\x06\x00a\x00\x10\x00\x00\x00\x01\x00\x03wxyz\x04\x02\x05\x01",
		"\x07\xff\x07\x80\x04ab\x01\x01\x06\x00a\x07\x90\x05\x03",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		l := &noisyLine{script: script}
		for len(l.script) > 0 {
			l.step()
		}
		got, want := strings.Join(l.got, "|"), strings.Join(l.want, "|")
		if got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}
